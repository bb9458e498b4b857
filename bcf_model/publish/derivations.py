"""The derivations inside the web page: a panel for each figure, line, pot and share, told once.

A panel is opened by a link to it and closed by another: the page needs no script.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from markupsafe import Markup, escape

from bcf_model.core.expressions import Sum, references_in
from bcf_model.core.figures import MEASURES, OF_ONE_ROW, Figure, told_with
from bcf_model.explain.derivation import piece
from bcf_model.explain.facts import Facts
from bcf_model.explain.render import details, value
from bcf_model.explain.settlement import WRITTEN
from bcf_model.explain.tree import Node
from bcf_model.publish.page import Cell, Sheet
from bcf_model.year.results import Results

CLOSED = "w0"
"""What is linked to when a panel is closed."""
MOST_LINES: Final = 500
"""Of more lines than these, those with the largest variances are told by themselves: a page with
tens of thousands of panels that nobody opens is too heavy to be read."""


def figures_on(pages: Iterable[Sheet]) -> tuple[Figure, ...]:
    """List the figures that stand on pages, in the order they are read."""
    found: dict[Figure, None] = {}
    for page in pages:
        for row in page.rows:
            for cell in row.cells:
                found |= dict.fromkeys(_figures_in(cell))
    return tuple(found)


def _figures_in(cell: Cell) -> tuple[Figure, ...]:
    match cell:
        case Figure():
            return (cell,)
        case Sum():
            return references_in(cell)
    return ()


def of_year(results: Results) -> "Derivations":
    """Begin the panels of a year's report; a figure over one line opens the panel of the line.

    The numbers of one row of indicators, or of a split, open one panel of them all.

    Of more than `MOST_LINES` it does so for those with the largest variances alone.
    """
    facts = Facts(results)
    variances = facts.figures.column("lines", "variance")
    largest = {*sorted(range(len(variances)), key=lambda i: -abs(variances[i]))[:MOST_LINES]}

    def name_of(figure: Figure) -> str:
        if MEASURES[figure.measure].table in OF_ONE_ROW:
            return told_with(figure)
        if MEASURES[figure.measure].table == "lines":
            rows = facts.figures.rows(figure)
            if len(rows) == 1:
                code = facts.figures.column("lines", "scheme_id")[rows[0]]
                return f"line {code}" if rows[0] in largest else ""
        return str(figure)

    return Derivations(partial(piece, facts), name_of)


class Derivations:
    """The panels of one page: each is told when the first link to it has been printed.

    Args:
        explain: tells what has a name: a figure, or what a derivation refers to.
        name_of: names the panel of a figure; blank where it has none.
    """

    def __init__(
        self, explain: Callable[[str], Node], name_of: Callable[[Figure], str] = str
    ) -> None:
        """Start without a panel."""
        self._explain, self._name_of = explain, name_of
        self._ids: dict[str, str] = {}

    def link(self, figure: Figure) -> str:
        """Return the link to the panel of a figure; blank where it has none."""
        name = self._name_of(figure)
        return self._link(name) if name else ""

    def balancing(self, cell: Sum) -> str:
        """Return the link to a balancing payment: what one party bears, less others; or none."""
        borne, *_ = references_in(cell)
        bearers = dict(borne.selection).get("bearer", ())
        if borne.measure != "borne" or len(bearers) != 1:
            return ""
        return self._link(WRITTEN + bearers[0])

    def _link(self, name: str) -> str:
        return "#" + self._ids.setdefault(name, f"w{len(self._ids) + 1}")

    def panels(self) -> Iterator[Markup]:
        """Describe every panel that is linked to, and those that these link to."""
        told = 0
        while told < len(self._ids):
            for name, anchor in list(self._ids.items())[told:]:
                told += 1
                yield self._panel(self._explain(name), anchor)

    def _panel(self, node: Node, anchor: str) -> Markup:
        said = "".join(f"<p>{escape(line)}</p>" for line in details(node))
        return Markup(
            f'<aside class=why id={anchor} tabindex=-1><a class=shut href="#{CLOSED}">Close</a>'
            f"<h3>{escape(node.label)} <b>{value(node)}</b></h3>{said}"
            f"{self._children(node)}</aside>"
        )

    def _children(self, node: Node) -> str:
        return f"<ul>{''.join(map(self._item, node.children))}</ul>" if node.children else ""

    def _item(self, node: Node) -> str:
        start = "<li class=adds>" if node.adds else "<li>"
        amount = f"<b>{value(node)}</b>"
        label = escape(node.label)
        if node.refers_to:
            name = node.refers_to
            return f'{start}{amount}<a href="{self._link(name)}">{label}</a>'
        said = "".join(f"<small>{escape(line)}</small>" for line in details(node))
        return f"{start}{amount}{label}{said}{self._children(node)}"
