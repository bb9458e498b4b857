"""The derivation of a comparison's difference: the two figures it is between, each to its sources.

What one side has no row of is nil where the comparison says so, and blank where it is not known:
then the difference is blank too.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.words import UNPAID_ACTIVITY
from bcf_model.explain.derivation import BALANCES, YearEnd, balances
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.explain.tree import Node
from bcf_model.plan.comparison import compare
from bcf_model.plan.figures import MEASURES as PLAN_MEASURES
from bcf_model.plan.figures import of_comparison
from bcf_model.plan.projection import Projection
from bcf_model.year.results import Results

NONE_THERE: Final = "It has none: nil."
NO_PARTY: Final = "It names no such party, which bears nothing under it: nil."


class Explains(Protocol):
    """What explains figures: of a year end, of a scenario, of a comparison."""

    def names(self) -> list[str]:
        """Name all that can be asked for."""

    def value_of(self, name: str) -> Node:
        """Return a figure with its value alone."""

    def explain(self, name: str) -> Node:
        """Explain a figure."""

    def about(self) -> dict[str, str]:
        """Return what JSON says of it."""


Absent = Callable[[str], Node | None]
"""Gives a figure as a comparison has it, where it is not for the side itself to say; or None."""


class Difference:
    """Two sides of a comparison, and what of their differences can be explained.

    Args:
        first: the name of the side compared with, what explains it, and what it has not.
        other: the same of the side that is set beside it: a difference is this less the first.
        names: the figures of the comparison.
        about: what JSON says of it.
    """

    def __init__(
        self,
        first: tuple[str, Explains, Absent],
        other: tuple[str, Explains, Absent],
        names: Sequence[str],
        about: Mapping[str, str],
    ) -> None:
        """Keep both sides."""
        self._first, self._other = first, other
        self._names, self._about = list(names), dict(about)

    def names(self) -> list[str]:
        """Name the figures of the comparison, in its order."""
        return self._names

    def value_of(self, name: str) -> Node:
        """Return a difference with its value alone: pence, a rate, or neither where it is blank.

        Raises:
            UnknownFigure: neither side has it.
        """
        return self._told(name, in_full=False)._replace(children=(), said=(), formula="")

    def explain(self, name: str) -> Node:
        """Explain a difference: the figure of each side, down to its sources.

        Raises:
            UnknownFigure: neither side has it.
        """
        return self._told(name, in_full=True)

    def about(self) -> dict[str, str]:
        """Return what JSON says of it."""
        return self._about

    def _told(self, name: str, *, in_full: bool) -> Node:
        other, first = _sides((self._other, self._first), name, in_full=in_full)
        known = other.pence is not None and first.pence is not None
        pence = other.pence - first.pence if known else None  # type: ignore[operator] # both known
        rates = other.rate is not None and first.rate is not None
        rate = other.rate - first.rate if rates else None  # type: ignore[operator] # both known
        called, beside = self._other[0], self._first[0]
        said = () if known or rates else ("Blank: it is not known on both sides.",)
        minus = Node(
            f"Less {name}: {beside}",
            None if first.pence is None else -first.pence,
            None if first.rate is None else -first.rate,
            adds=known,
            children=(first,),
        )
        plus = other._replace(label=f"{name}: {called}", adds=known)
        return Node(name, pence, rate, formula=f"{called} − {beside}", said=said,
                    children=(plus, minus))  # fmt: skip


def _sides(
    sides: Sequence[tuple[str, Explains, Absent]], name: str, *, in_full: bool
) -> list[Node]:
    """Explain a figure on each side; blank, with the reason, on a side that does not have it.

    Raises:
        UnknownFigure: neither side has it; what the last of them says.
    """
    found, problems = [], []
    for _, side, absent in sides:
        try:
            node = absent(name)
            found.append(node or (side.explain(name) if in_full else side.value_of(name)))
        except UnknownFigure as problem:
            problems.append(problem)
            found.append(Node(name, said=(f"Blank: {problem}.",)))
    if len(problems) == len(sides):
        raise problems[-1]
    return found


def of_scenarios(first: Projection, other: Projection, *, everything: bool = False) -> Difference:
    """Return what explains the differences between two scenarios of one perimeter.

    Args:
        first: the one compared with.
        other: the one set beside it.
        everything: every part of a long sum, instead of the largest and the rest.
    """
    frame = compare([first, other])
    rows = [{str(name): it for name, it in row.items()} for row in frame.to_dict("records")]
    of = [str(of_comparison(row)) for row in rows]
    half = len(rows) // 2
    sides = []
    for projection, shown, names in (
        (first, rows[:half], of[:half]),
        (other, rows[half:], of[half:]),
    ):
        side = Scenario(projection, everything=everything)
        in_table = dict(zip(names, shown, strict=True))
        sides.append((projection.scenario.name, side, _of_table(side, in_table)))
    about = sides[1][1].about() | {"against": first.scenario.name}
    return Difference(sides[0], sides[1], of[:half], about)


def _of_table(side: Scenario, shown: Mapping[str, Mapping[str, object]]) -> Absent:
    """Return what gives a figure that the comparison says is blank, or nil for want of rows."""

    def absent(name: str) -> Node | None:
        row = shown.get(str(PLAN_MEASURES.read(name)))
        if row is None:
            return None
        if row["note"]:
            return Node(name, said=(f"Blank: {row['note']}.",))
        try:
            side.value_of(name)
        except UnknownFigure:
            return Node(name, 0, said=(NONE_THERE,))
        return None

    return absent


def of_agreements(first: Results, other: Results, *, everything: bool = False) -> Difference:
    """Return what explains the differences between two agreements on one outturn.

    Args:
        first: of `run`, under the agreement compared with: the pool's own.
        other: the same spending under an agreement that is tried.
        everything: every part of a long sum, instead of the largest and the rest.
    """
    parties: dict[str, None] = {}
    for results in (first, other):
        settled = results.outputs["settlement"]
        known = settled[settled["party_kind"] != UNPAID_ACTIVITY]["party"]
        parties |= dict.fromkeys(name for name in known if name in _bearers(results))
    shares = [str(Figure.of("borne", bearer=party)) for party in parties]
    kept = dict.fromkeys(
        name for start in BALANCES for it in (first, other) for name in balances(it, start)
    )
    sides = []
    for results in (first, other):
        side = YearEnd(results, (), everything=everything)
        sides.append((results.inputs.agreement.name, side, _of_parties(results)))
    about = sides[0][1].about() | {"agreement": other.inputs.agreement.name}
    return Difference(sides[0], sides[1], [*shares, *kept], about)


def _bearers(results: Results) -> set[str]:
    return {*results.figures.codes["bearer"]}


def _of_parties(results: Results) -> Absent:
    """Return what gives nil for a party or a reserve that an agreement does not name."""
    kept = {name for start in BALANCES for name in balances(results, start)}

    def absent(name: str) -> Node | None:
        if name.startswith(tuple(BALANCES)):
            return None if name in kept else Node(name, 0, said=(NO_PARTY,))
        figure = Figure.parse(name)
        bearers = dict(figure.selection).get("bearer", ())
        of_shares = figure.measure in MEASURES and MEASURES[figure.measure].table == "shares"
        if of_shares and bearers and not {*bearers} & _bearers(results):
            return Node(name, 0, said=(NO_PARTY,))
        return None

    return absent
