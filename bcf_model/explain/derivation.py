"""The derivation of a figure: `explain`, and each piece of it that is told once and referred to."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from bcf_model.explain.facts import Facts
from bcf_model.explain.lines import line, of_lines
from bcf_model.explain.pots import pot
from bcf_model.explain.settlement import WRITTEN, settlement
from bcf_model.explain.shares import of_shares, share
from bcf_model.explain.tree import Node
from bcf_model.figures import MEASURES, Figure
from bcf_model.results import Results


def explain(results: Results, figure: Figure, *, everything: bool = False) -> Node:
    """Tell how a figure came about, down to the file, the row and the page.

    Args:
        results: of `run`.
        figure: any that is computed, whether or not it stands in the report.
        everything: every part of a long sum, instead of the largest and the rest.

    Returns:
        The tree, with each pot and each row of the working paper behind it in full.

    Raises:
        UnknownFigure: the pool's inputs do not hold it, or it names a code they do not know.
    """
    facts = Facts(results, everything=everything)
    found = of_figure(facts, figure)
    if MEASURES[figure.measure].table == "lines":
        return found
    in_full = (
        replace(of_pot, children=tuple(_in_full(facts, child) for child in of_pot.children))
        for of_pot in found.children
    )
    return replace(found, children=tuple(in_full))


def _in_full(facts: Facts, node: Node) -> Node:
    return replace(piece(facts, node.refers_to), adds=node.adds)


def of_figure(facts: Facts, figure: Figure) -> Node:
    """Tell a figure; what can be told once for several figures is referred to.

    Raises:
        UnknownFigure: as `explain`.
    """
    facts.figures.value(figure)
    of_table = {"lines": of_lines, "shares": of_shares}
    return of_table[MEASURES[figure.measure].table](facts, figure)


def explain_named(results: Results, name: str, *, everything: bool = False) -> Node:
    """Tell a figure as it is written, or ``settlement/party=CODE``: a balancing payment.

    Raises:
        UnknownFigure: as `explain`; or it cannot be read.
    """
    if not name.startswith(WRITTEN):
        return explain(results, Figure.parse(name), everything=everything)
    found = settlement(Facts(results, everything=everything), name.removeprefix(WRITTEN))
    in_full = (
        replace(
            part,
            children=(explain(results, Figure.parse(part.refers_to), everything=everything),),
        )
        for part in found.children
    )
    return replace(found, children=tuple(in_full))


def piece(facts: Facts, name: str) -> Node:
    """Tell what is referred to by this name (`Node.refers_to`)."""
    if name.startswith(WRITTEN):
        return settlement(facts, name.removeprefix(WRITTEN))
    what, _, which = name.partition(" ")
    match what:
        case "line":
            return line(facts, which)
        case "pot":
            return pot(facts, which)
        case "share":
            return share(facts, int(which))
    return of_figure(facts, Figure.parse(name))


def value_of(results: Results, figure: Figure) -> Node:
    """Give a figure with its value alone: what a list of figures shows.

    Raises:
        UnknownFigure: as `explain`.
    """
    value = results.figures.value(figure)
    if MEASURES[figure.measure].unit == "rate":
        return Node(str(figure), rate=value)
    return Node(str(figure), results.figures.pence(figure))


def near(text: str, figures: Iterable[Figure]) -> list[str]:
    """Give the figures that a text may have been meant for, the likeliest first: three at most."""
    folded = {str(figure).casefold(): str(figure) for figure in figures}
    return [folded[one] for one in get_close_matches(text.casefold(), folded, n=3, cutoff=0.6)]
