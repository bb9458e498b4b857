"""Rows of the rules for the checks, grouped by scope, direction, step and call."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from bcf_model.intake.cells import Edge, read_edge
from bcf_model.intake.drafts import Draft, Drafts

WAYS: Final = ("over", "under")
EITHER: Final = "either"


class Rule(NamedTuple):
    """One row of the rules; `i` is its place in the draft, the rest are its cells."""

    i: int
    scope: str
    direction: str
    step: int
    band_from: str
    band_to: str
    basis: str
    bearer: str
    share: int
    limit: str
    netting: str
    version: str
    measured_over: str
    without: str
    held: str

    @property
    def begins(self) -> Edge:
        """Where its band begins; nil when blank."""
        return read_edge(self.band_from) if self.band_from else Edge()

    @property
    def ends(self) -> Edge | None:
        """Where its band ends; None for nowhere."""
        return read_edge(self.band_to) if self.band_to else None

    @property
    def band(self) -> str:
        """Return its band in words; nothing for the whole."""
        if not self.begins.size:
            return f"up to {self.band_to}" if self.band_to else ""
        return f"{self.band_from} to {self.band_to}" if self.band_to else f"above {self.band_from}"

    @property
    def place(self) -> str:
        """Return which step of which scope it is in."""
        return f"{self.scope}, {self.direction}, step {self.step}"


def ruled(drafts: Drafts) -> tuple[Draft, dict[str, list[Rule]]]:
    """Return the draft of the rules, and the rows of each scope, in the order of first rows.

    A scope one of whose rows could not be read is left out: what is missing in it may stand there.
    Where the scope itself could not be read, that may be any scope's row, and none is given.
    """
    rules = drafts.table("rules")
    if "scope" in rules.broken:
        return rules, {}
    unclear = set()
    by_scope: dict[str, list[Rule]] = defaultdict(list)
    columns = [rules.cells.get(name, []) for name in Rule._fields[1:]]
    for i, cells in enumerate(zip(*columns, strict=True)):
        if None in cells or cells[2] < 1:
            unclear.add(cells[0])
        else:
            by_scope[cells[0]].append(Rule(i, *cells))
    return rules, {scope: rows for scope, rows in by_scope.items() if scope not in unclear}


def calls(rows: Iterable[Rule]) -> list[list[Rule]]:
    """Part the rows of a scope into calls: those of one direction, step and band."""
    parted: dict[object, list[Rule]] = defaultdict(list)
    for row in rows:
        parted[row.direction, row.step, row.begins, row.ends].append(row)
    return list(parted.values())


def steps(rows: Iterable[Rule]) -> list[list[Rule]]:
    """Part the rows of a direction into steps, the first one first."""
    parted: dict[int, list[Rule]] = defaultdict(list)
    for row in rows:
        parted[row.step].append(row)
    return [parted[step] for step in sorted(parted)]


def ways(rows: list[Rule]) -> list[tuple[str, list[Rule]]]:
    """Return the rows that are called on for each direction; once where all apply to either."""
    if all(row.direction == EITHER for row in rows):
        return [(EITHER, rows)]
    return [(way, [row for row in rows if row.direction in (way, EITHER)]) for way in WAYS]


def named(rules: Draft, *places: int) -> str:
    """Name rows of the rules, or the limits, as a reader finds them: code and number."""
    code = rules.cells["rule_id" if "rule_id" in rules.cells else "limit_id"]
    return " and ".join(
        f"{code[i]} (row {rules.numbers[i]})" if code[i] else f"row {rules.numbers[i]}"
        for i in places
    )


def numbers(rules: Draft, rows: Iterable[Rule]) -> str:
    """List the row numbers of rules."""
    return f"row {', '.join(str(rules.numbers[row.i]) for row in rows)}"
