"""How figures are shown: signs, orders of subtraction, percentages that mean little."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from bcf_model.audit.enclosures import Enclosures, by_size, sign_of
from bcf_model.audit.observations import LOW, MEDIUM, Observation, in_text, table_of, where
from bcf_model.audit.statements import Interval, Paper, Statement, Sum
from bcf_model.core.tables import records
from bcf_model.core.words import PRINTED_UNITS

_LEAST_VOTES: Final = 2
"""Figures that must be turned round before a whole column is taken to be."""


@dataclass(frozen=True)
class Turned:
    """Figures printed with the opposite of the sign their definition gives them.

    Attributes:
        table, column: where they stand; places: their rows.
        whole: the column is printed so throughout; otherwise these are exceptions in it, or a
            number in a sentence, whose words carry the sign.
        read: the figures are read with the opposite sign. An exception is not.
    """

    table: str
    column: str
    places: tuple[int, ...]
    whole: bool
    read: bool


def as_meant(paper: Paper) -> tuple[Paper, tuple[Turned, ...]]:
    """Read each figure with the sign it is meant in.

    A column of differences may be printed in the other order of subtraction throughout. If more
    of its figures fit what they are the difference of with the opposite sign than as printed, the
    column is turned round. So is a single number in running text. An exception in a column is left
    as it is: nobody would read it otherwise.

    Returns:
        The paper with those figures turned round, and what is to be said about signs.
    """
    rows = list(records(paper.printed))
    columns = _columns_as_meant(paper, rows)
    paper = _with_turned(paper, columns)
    in_words = _words_as_meant(paper, rows)
    return _with_turned(paper, in_words), (*columns, *in_words)


def read_turned(found: Iterable[Turned]) -> frozenset[int]:
    """Return the rows of the figures that are read with the opposite sign."""
    return frozenset(place for one in found if one.read for place in one.places)


def _with_turned(paper: Paper, found: tuple[Turned, ...]) -> Paper:
    places = read_turned(found)
    meant = tuple(
        replace(one, low=-one.high, high=-one.low) if one.place in places else one
        for one in paper.statements
    )
    return replace(paper, statements=meant)


def _columns_as_meant(paper: Paper, rows: list[Any]) -> tuple[Turned, ...]:
    """Check each column of differences as a whole."""
    enclosures = Enclosures(paper)
    columns: dict[tuple[str, str], list[Statement]] = {}
    for one in paper.statements:
        row = rows[one.place]
        if any(_is_difference(parts) for parts in one.sums) and not in_text(row):
            columns.setdefault((table_of(row.source), row.column), []).append(one)
    found = []
    for (table, column), statements in columns.items():
        ways = {one.place: _way(one, _known(one, enclosures)) for one in statements}
        other = tuple(place for place, way in ways.items() if way < 0)
        fitting = sum(way > 0 for way in ways.values())
        # Percentages of one sign throughout are printed in one order: one that is known tells it.
        signs = {sign_of((one.low, one.high)) if one.base else 0 for one in statements}
        least = 1 if signs in ({1}, {-1}) else _LEAST_VOTES
        if len(other) >= least and len(other) > fitting:
            found.append(Turned(table, column, tuple(ways), whole=True, read=True))
        elif other and fitting:
            found.append(Turned(table, column, other, whole=False, read=False))
    return tuple(found)


def _known(one: Statement, enclosures: Enclosures) -> list[Interval | None]:
    """Compute between which ends a difference lies by what it is one of, or its percentage."""
    if one.base is None:
        return [enclosures.of_parts(parts) for parts in one.sums if _is_difference(parts)]
    divided, base = enclosures.of_sum(one.terms), enclosures.of_sum(one.base)
    if divided is None or base is None or sign_of(base) <= 0:
        return []
    corners = [100 * end / by for end in divided for by in base]
    return [(min(corners), max(corners))]


def _words_as_meant(paper: Paper, rows: list[Any]) -> tuple[Turned, ...]:
    """Check each number in running text, beside what the tables print of the same thing."""
    tables = [one for one in paper.statements if not in_text(rows[one.place])]
    enclosures, every = Enclosures(replace(paper, statements=tuple(tables))), Enclosures(paper)
    found = []
    for one in paper.statements:
        row = rows[one.place]
        if one.base is not None and one.sums and in_text(row) and _way(one, _known(one, every)) < 0:
            found.append(Turned(table_of(row.source), row.column, (one.place,), False, read=True))
        if one.base is None and in_text(row):
            known = [enclosures.of_sum(one.terms)] if one.terms else []
            sums = (*enclosures.sums_of(one.quantity), *one.sums)
            known += map(enclosures.of_parts, sums)
            if _way(one, known) < 0:
                said = Turned(table_of(row.source), row.column, (one.place,), False, read=True)
                found.append(said)
    return tuple(found)


def _is_difference(parts: Sum) -> bool:
    return len({sign for sign, _ in parts}) > 1


def _way(statement: Statement, known: Iterable[Interval | None]) -> int:
    """Return how a figure fits what is known: as printed (1), turned round only (−1), or neither.

    What fits both ways, as nil does, says nothing (0).
    """
    found = [ends for ends in known if ends is not None]
    as_printed = any(_meet((statement.low, statement.high), ends) for ends in found)
    other_way = any(_meet((-statement.high, -statement.low), ends) for ends in found)
    return int(as_printed and not other_way) - int(other_way and not as_printed)


def _meet(one: Interval, other: Interval) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def observations(paper: Paper, turned: tuple[Turned, ...]) -> Iterator[Observation]:
    """Return what a reader may misread.

    Args:
        paper: as meant.
        turned: of `as_meant`.
    """
    rows, enclosures = list(records(paper.printed)), Enclosures(paper)
    for one in turned:
        yield _sign(one, rows, paper)
    yield from _units(rows)
    yield from _percentages(rows, paper, enclosures)


def _sign(one: Turned, rows: list[Any], paper: Paper) -> Observation:
    if in_text(rows[one.places[0]]):
        row = rows[one.places[0]]
        by = "tables" if paper.by_place[one.places[0]].base is None else "numbers beside it"
        said = (
            f"{where(row)} prints {row.printed}; by the {by} its sign is the opposite. The words "
            "of the sentence must say which way it goes."
        )
        return Observation("presentation", LOW, one.places, said)
    listed = ", ".join(rows[place].published_id for place in one.places)
    if not one.whole:
        said = (
            f"In the column '{one.column}' of {one.table}, {listed} fit the figures beside them "
            "only with the opposite sign; the other figures of the column fit as printed."
        )
        return Observation("presentation", MEDIUM, one.places, said)
    said = (
        f"The column '{one.column}' of {one.table} ({rows[one.places[0]].published_id} to "
        f"{rows[one.places[-1]].published_id}, {len(one.places)} figures) is printed in the other "
        f"order of subtraction: {_order(paper, one)}. "
        + (_OF_AMOUNTS if paper.by_place[one.places[0]].base is None else _OF_PERCENTAGES)
    )
    quantities = {paper.by_place[p].quantity: p for p in one.places}
    beside = [s for s in paper.statements if s.quantity in quantities and s.place not in one.places]
    if beside:
        again = beside[0].place
        other = rows[quantities[beside[0].quantity]]
        said += (
            f" {where(rows[again])} prints {rows[again].printed} for what {other.published_id} "
            f"prints as {other.printed}."
        )
    return Observation("presentation", MEDIUM, one.places, said)


_OF_AMOUNTS: Final = (
    "Its brackets mean the opposite of those in the other columns of differences, and a reader "
    "will take growth for reduction."
)
_OF_PERCENTAGES: Final = (
    "What is below nil in it is above, and a reader will take a rise for a fall."
)


def _order(paper: Paper, one: Turned) -> str:
    """Describe the order of subtraction by the headings of the columns it is a difference of."""
    rows = list(records(paper.printed))
    printed = {s.quantity: rows[s.place].column for s in reversed(paper.statements)
               if not in_text(rows[s.place])}  # fmt: skip
    for place in one.places:
        for parts in paper.by_place[place].sums:
            more, less = (
                [printed.get(q) or _series(q) for s, q in parts if s == sign] for sign in (1, -1)
            )
            if len(more) == len(less) == 1 and more[0] and less[0] and more != less:
                return f"'{less[0]}' less '{more[0]}'"
    return "what should be added is taken away, and the reverse"


def _series(quantity: str) -> str:
    """Return the series of a number of an indicator; blank of an amount."""
    return quantity.partition("/series=")[2].partition("/")[0]


def _units(rows: list[Any]) -> Iterator[Observation]:
    """A number printed with another unit than the rest of its column."""
    columns: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        if not in_text(row):
            columns.setdefault((table_of(row.source), row.column), []).append(place)
    for (_, column), places in columns.items():
        units = [rows[place].unit for place in places]
        usual = max(dict.fromkeys(units), key=units.count)
        if units.count(usual) * 2 <= len(units):
            continue
        for place in places:
            row = rows[place]
            if row.unit != usual:
                said = (
                    f"{where(row)} is printed as {row.printed}, in {PRINTED_UNITS[row.unit]}, in a "
                    f"column of {PRINTED_UNITS[usual]} ('{column}')."
                )
                yield Observation("presentation", LOW, (place,), said)


def _percentages(rows: list[Any], paper: Paper, enclosures: Enclosures) -> Iterator[Observation]:
    of_nil: dict[str, list[int]] = {}
    for one in paper.statements:
        if one.base is None:
            continue
        row, base = rows[one.place], enclosures.of_sum(one.base)
        divided = enclosures.of_sum(one.terms)
        if base is None:
            continue
        if sign_of(base) < 0:
            yield _of_negative(one, row, by_size(one, enclosures))
        elif sign_of(base) == 0 and sign_of(divided) != 0:
            said = (
                f"{where(row)} prints {row.printed}, of a base that is nil after rounding, though "
                "there is something to divide: no percentage has a meaning here, and none should "
                "be printed."
            )
            yield Observation("presentation", LOW, (one.place,), said)
        elif sign_of(base) == 0:
            of_nil.setdefault(table_of(row.source), []).append(one.place)
    for table, places in of_nil.items():
        listed = ", ".join(rows[place].published_id for place in places)
        said = (
            f"In {table}, {len(places)} percentages are of a base of nil, and have no meaning: "
            f"{listed}. A dash or a blank would say so."
        )
        yield Observation("presentation", LOW, tuple(places), said)


def _of_negative(one: Statement, row: Any, size: bool) -> Observation:
    rate = (one.low + one.high) / 2
    way, other = ("above", "below") if rate > 0 else ("below", "above")
    means = (
        "It is divided by the base without its sign; the paper should say so."
        if size
        else f"A percentage {way} nil here means an amount {other} nil."
    )
    said = (
        f"{where(row)} prints {row.printed}, a percentage of a negative base. {means} It should be "
        "left out, or explained."
    )
    return Observation("presentation", LOW, (one.place,), said)
