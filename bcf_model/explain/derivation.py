"""The derivation of a figure: `explain`, and each piece of it that is told once and referred to."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import MEASURES, OF_INDICATORS, Figure
from bcf_model.explain import indicators, reserves, settlement
from bcf_model.explain.budgets import of_budgets
from bcf_model.explain.facts import Facts
from bcf_model.explain.lines import line, of_lines
from bcf_model.explain.pots import pot
from bcf_model.explain.price_volume import of_price_volume
from bcf_model.explain.shares import of_shares, share
from bcf_model.explain.tree import Node
from bcf_model.year.results import Results, known

BALANCES: Final = {
    settlement.WRITTEN: (
        settlement.settlement,
        ("settlement", "party", "balancing_payment"),
    ),
    reserves.WRITTEN: (reserves.closing, ("reserves", "reserve", "closing")),
}
"""What can be asked for and is no figure: how each is told, and its table, key and amount."""

_LONGEST: Final = 200
_SHORTEST: Final = 3
"""Characters of a text for which it is worth to look for names that hold it, or are like it."""
_ALIKE: Final = 0.8
_ABOUT_AS_MUCH: Final = 0.05


def explain(results: Results, figure: Figure, *, everything: bool = False) -> Node:
    """Explain how a figure came about, down to the file, the row and the page.

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
    if MEASURES[figure.measure].table != "shares":
        return found
    in_full = (
        of_pot._replace(children=tuple(_in_full(facts, child) for child in of_pot.children))
        for of_pot in found.children
    )
    return found._replace(children=tuple(in_full))


def _in_full(facts: Facts, node: Node) -> Node:
    return piece(facts, node.refers_to)._replace(adds=node.adds)


def of_figure(facts: Facts, figure: Figure) -> Node:
    """Explain a figure; what can be told once for several figures is referred to.

    Raises:
        UnknownFigure: as `explain`.
    """
    facts.figures.value(figure)
    of_table = {
        "lines": of_lines,
        "shares": of_shares,
        "budgets": of_budgets,
        **dict.fromkeys(OF_INDICATORS, indicators.of_indicator),
        "price_volume": of_price_volume,
    }
    return of_table[MEASURES[figure.measure].table](facts, figure)


def explain_named(results: Results, name: str, *, everything: bool = False) -> Node:
    """Explain a figure as it is written, or one of `BALANCES`, such as ``settlement/party=CODE``.

    Raises:
        UnknownFigure: as `explain`; or it cannot be read.
    """
    facts = Facts(results, everything=everything)
    if not name.startswith(tuple(BALANCES)):
        _see_that_it_is_whole(results, name)
        return explain(results, Figure.parse(name), everything=everything)
    found = piece(facts, name)
    return found._replace(children=tuple(_opened(facts, child) for child in found.children))


def _see_that_it_is_whole(results: Results, name: str) -> None:
    """Return how a balance is written, where nothing but its first word is there.

    Raises:
        UnknownFigure: it is the beginning of one.
    """
    for start in BALANCES:
        word, key = start.removesuffix("=").split("/")
        if name.partition("/")[0].strip() == word:
            known = ", ".join(balances(results, start)) or f"but this pool has no {key}"
            message = f"{word} is asked for by {key}: {known}"
            raise UnknownFigure(message)


def _opened(facts: Facts, node: Node) -> Node:
    """Explain under a node what it refers to, with all that is under that."""
    if not node.refers_to:
        return node._replace(children=tuple(_opened(facts, child) for child in node.children))
    if node.refers_to.partition(" ")[0] in ("line", "pot", "share"):
        whole = piece(facts, node.refers_to)._replace(adds=False)
    else:
        figure = Figure.parse(node.refers_to)
        whole = explain(facts.results, figure, everything=facts.everything)
    return node._replace(children=(whole,))


def piece(facts: Facts, name: str) -> Node:
    """Explain what is referred to by this name (`Node.refers_to`)."""
    for start, (tell, _) in BALANCES.items():
        if name.startswith(start):
            return tell(facts, name.removeprefix(start))
    what, _, which = name.partition(" ")
    match what:
        case "line":
            return line(facts, which)
        case "pot":
            return pot(facts, which)
        case "share":
            return share(facts, int(which))
    return of_figure(facts, Figure.parse(name))


def balances(results: Results, start: str) -> list[str]:
    """Name the balances of a kind, as they are written.

    Args:
        results: of `run`.
        start: a key of `BALANCES`.
    """
    _, (table, column, _) = BALANCES[start]
    return [f"{start}{code}" for code in results.outputs[table][column]]


def names(results: Results, figures: Iterable[Figure]) -> list[str]:
    """Name all that can be asked for of a report: its figures, balances and indicators."""
    written = [str(figure) for figure in figures]
    balanced = (name for start in BALANCES for name in balances(results, start))
    return [*dict.fromkeys((*written, *balanced, *indicators.names(results)))]


def value_of(results: Results, name: str) -> Node:
    """Return a figure or a balance with its value alone: what a list of them shows.

    Raises:
        UnknownFigure: as `explain`.
    """
    for start, (_, (table, key, amount)) in BALANCES.items():
        if name.startswith(start):
            pence = results.outputs[table].set_index(key)[amount][name.removeprefix(start)]
            return Node(name, known(pence))
    figure = Figure.parse(name)
    value = results.figures.value(figure)
    if MEASURES[figure.measure].unit == "rate":
        return Node(name, rate=value)
    if MEASURES[figure.measure].unit in ("number", "whole"):
        return Node(name, number=indicators.written(results.figures, figure))
    return Node(name, None if value is None else int(value))


class YearEnd:
    """What of a year end can be explained.

    Args:
        results: of `run`.
        figures: those of its report.
        everything: every part of a long sum, instead of the largest and the rest.
    """

    def __init__(
        self, results: Results, figures: Iterable[Figure], *, everything: bool = False
    ) -> None:
        """Keep the results."""
        self._results, self._figures, self._everything = results, [*figures], everything

    def names(self) -> list[str]:
        """Name all that can be asked for of the report."""
        return names(self._results, self._figures)

    def value_of(self, name: str) -> Node:
        """Return a figure or a balance with its value alone."""
        return value_of(self._results, name)

    def explain(self, name: str) -> Node:
        """Explain a figure or a balance."""
        return explain_named(self._results, name, everything=self._everything)

    def about(self) -> dict[str, str]:
        """Return what JSON says of it."""
        inputs = self._results.inputs
        return {"pool": inputs.name, "financial_year": inputs.settings.financial_year}


def near(text: str, among: Iterable[str]) -> list[str]:
    """Return the names that a text may have been meant for, the likeliest first: three at most.

    These are those that hold it; or else those that are much like it, and none that is much less
    so than another.
    """
    wanted = text.casefold()
    if not wanted or len(wanted) > _LONGEST:
        return []
    folded = {name.casefold(): name for name in among}
    if wanted in folded:
        return [folded[wanted]]
    found = [name for name in folded if wanted in name] if len(wanted) >= _SHORTEST else []
    if not found:
        alike = get_close_matches(wanted, folded, n=len(folded) or 1, cutoff=_ALIKE)
        likeness = {name: SequenceMatcher(None, name, wanted).ratio() for name in alike}
        best = max(likeness.values(), default=0)
        found = [name for name in folded if likeness.get(name, -1) >= best - _ABOUT_AS_MUCH]
        found.sort(key=lambda name: -likeness[name])
    return [folded[name] for name in found[:3]]
