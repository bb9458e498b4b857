"""What changed between two issues of a report: draft to final, or one month to the next.

Compared are the tables as they were written, by line, partner, share, reserve and limit; of a
scenario by line and year, gap, saving, share and position; and for both findings, versions and the
inputs. Each change of an amount borne has its cause: the lines, the agreement, or so much of each.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bcf_model.core.errors import BcfError, DataHasErrors
from bcf_model.core.findings import listed, printable
from bcf_model.core.money import NotMoney, read_money, sterling
from bcf_model.core.tables import AGREEMENT_TABLES, OUTPUT_TABLES, Table
from bcf_model.intake.folder import read_table
from bcf_model.plan.output_tables import PROJECTION_TABLES
from bcf_model.pool import load
from bcf_model.publish.contents import MANIFEST
from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import Manifest, find_manifest
from bcf_model.verify.pool_location import inputs_beside
from bcf_model.year.pipeline import run
from bcf_model.year.results import known

LARGEST_TABLE: Final = 256 * 2**20
Row = Mapping[str, str]
Value = int | str | None


class NoIssue(BcfError):
    """A folder holds no report that could be compared; says why."""


@dataclass(frozen=True)
class Change:
    """Something that is not as it was.

    Attributes:
        about: what kind of thing: line, partner, share, …
        what: which one. measure: the column that changed.
        earlier, later: what it says, amounts in pence; None where it was not there, or is blank.
        cause: why, as far as both reports tell.
    """

    about: str
    what: str
    measure: str
    earlier: Value
    later: Value
    cause: str = ""

    @property
    def difference(self) -> int | None:
        """Later − earlier, in pence, of an amount that both say, or that one of them has alone."""
        ends = [0 if it is None else it for it in (self.earlier, self.later)]
        return ends[1] - ends[0] if all(isinstance(it, int) for it in ends) else None  # type: ignore[operator]


@dataclass(frozen=True)
class Issue:
    """A report as it stands in its folder.

    Attributes:
        folder: where. manifest: what it says of itself.
        tables: the rows of each table, as they were written.
        pool: its inputs beside it, and the agreement that was tried; None where it has none.
    """

    folder: Path
    manifest: Manifest
    tables: Mapping[str, Sequence[Row]] = field(repr=False)
    pool: tuple[Path, Path | None] | None

    @property
    def scenario(self) -> str:
        """The scenario it is of; blank for a year end."""
        return str(self.manifest.said.get("scenario", ""))


@dataclass(frozen=True)
class _Section:
    """A table whose rows are compared: what a row is, its key, and the columns that may change."""

    about: str
    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


_OF_YEAR: Final = (
    _Section("line", "variance", ("scheme_id",),
             ("theme", "organisation", "scheme", "category", "kind", "budget", "expenditure",
              "variance")),
    _Section("partner", "settlement", ("party",),
             ("contribution", "own_variance", "borne", "met_outside", "balancing_payment")),
    _Section("share", "risk_share", ("part", "scope", "step", "bearer"), ("borne",)),
    _Section("reserve", "reserves", ("reserve",),
             ("opening", "released", "drawn", "paid_in", "closing")),
    _Section("limit", "limits", ("limit_id", "bearer"), ("amount", "counted", "left")),
)  # fmt: skip
_OF_SCENARIO: Final = (
    _Section("gap", "gap", ("financial_year", "organisation"), ("spending", "funding", "gap")),
    _Section("saving", "savings", ("programme", "financial_year"),
             ("gross", "investment", "adjusted_part_year", "delivered", "slippage")),
    _Section("share", "shared", ("financial_year", "bearer"), ("borne",)),
    _Section("position", "positions", ("partner", "financial_year"), ("cumulative",)),
)  # fmt: skip
_FINDING: Final = ("code", "file", "sheet", "row", "column", "value")
_SETTINGS: Final = ("title", "financial_year", "as_at", "basis", "agreement", "draws", "seed")
"""What a manifest says of the report itself."""


def read_issue(folder: Path) -> Issue:
    """Read a report: its manifest and its tables.

    Raises:
        NoIssue: the folder holds none, or not all of it can be read.
    """
    stands = Folder(folder)
    found = find_manifest(stands, MANIFEST)
    if found.manifest is None:
        why = found.problem or f"it has no {MANIFEST}"
        message = f"{printable(str(folder))} is no report: {why}"
        raise NoIssue(message)
    of = PROJECTION_TABLES if "scenario" in found.manifest.said else OUTPUT_TABLES
    tables: dict[str, Sequence[Row]] = {}
    for name in (*of, "findings"):
        file = f"tables/{name}.csv"
        data, problem = stands.read(file, LARGEST_TABLE)
        if data is None and file in found.manifest.outputs:
            message = f"{printable(str(folder))}: {file} {problem or 'is missing'}"
            raise NoIssue(message)
        tables[name] = () if data is None else _rows(data, folder, name)
    return Issue(folder, found.manifest, tables, inputs_beside(folder, found.manifest))


def _rows(data: bytes, folder: Path, name: str) -> Sequence[Row]:
    try:
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        headings, *rows = csv.reader(text, strict=True)
        return [dict(zip(headings, row, strict=True)) for row in rows]
    except (UnicodeDecodeError, csv.Error, ValueError) as problem:
        message = f"{printable(str(folder))}: tables/{name}.csv is no table that a report has"
        raise NoIssue(message) from problem


def changes(earlier: Issue, later: Issue) -> list[Change]:
    """Compare two issues of a report.

    Returns:
        What changed, in the order: the report, its versions, its inputs, what they say, findings.

    Raises:
        NoIssue: one is of a year end and the other of a scenario.
    """
    if bool(earlier.scenario) != bool(later.scenario):
        kinds = ["a scenario" if it.scenario else "a year end" for it in (earlier, later)]
        message = f"the one is a report of {kinds[0]}, the other of {kinds[1]}"
        raise NoIssue(message)
    sections = _OF_SCENARIO if earlier.scenario else _OF_YEAR
    models: Mapping[str, Table] = PROJECTION_TABLES if earlier.scenario else OUTPUT_TABLES
    found = [*_of_the_report(earlier, later), *_of_inputs(earlier, later)]
    if earlier.scenario:
        found += _of_rows("line", [_closings(it) for it in (earlier, later)], {})
    causes = _causes(earlier, later)
    for one in sections:
        ends = [_keyed(it.tables[one.table], one, models[one.table]) for it in (earlier, later)]
        found += _of_rows(one.about, ends, causes)
    return [*found, *_of_findings(earlier, later)]


def _of_the_report(earlier: Issue, later: Issue) -> Iterator[Change]:
    for name in _SETTINGS:
        before, after = (it.manifest.said.get(name) for it in (earlier, later))
        if before != after:
            yield Change("report", name.replace("_", " "), "", _text(before), _text(after))
    for name in dict.fromkeys((*earlier.manifest.versions, *later.manifest.versions)):
        before, after = (it.manifest.versions.get(name) for it in (earlier, later))
        if before != after:
            yield Change("version", name, "", before, after)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# ------------------------------------------------------------------ inputs


def _changed_inputs(earlier: Issue, later: Issue) -> list[str]:
    before, after = earlier.manifest.inputs, later.manifest.inputs
    return [it for it in dict.fromkeys((*before, *after)) if before.get(it) != after.get(it)]


def _of_inputs(earlier: Issue, later: Issue) -> Iterator[Change]:
    """Compare the inputs row by row where both reports have them, else by their hashes."""
    for name in _changed_inputs(earlier, later):
        ends = [_input(it, name) for it in (earlier, later)]
        if None in ends:
            before, after = (name in it.manifest.inputs for it in (earlier, later))
            what = "changed" if before and after else "new" if after else "gone"
            yield Change(
                "input", name, "", "read" if before else None, "read" if after else None, what
            )
            continue
        yield from _of_rows(f"input {name}", [_by_first_column(it) for it in ends if it], {})


def _input(issue: Issue, name: str) -> Sequence[Row] | None:
    if issue.pool is None or not issue.pool[0].is_dir() or not name.lower().endswith(".csv"):
        return None
    data, _ = Folder(issue.pool[0]).read(name, LARGEST_TABLE)
    table = read_table(data, name) if data else None
    return table and [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _by_first_column(rows: Sequence[Row]) -> dict[str, dict[str, Value]]:
    """Key rows by their first column, and by how often it stood above where it is not unique."""
    found: dict[str, dict[str, Value]] = {}
    for row in rows:
        first = next(iter(row.values()), "")
        name, n = first, 1
        while name in found:
            n += 1
            name = f"{first} ({n})"
        found[name] = dict(row)
    return found


# ------------------------------------------------------------------ rows


def _keyed(rows: Sequence[Row], section: _Section, table: Table) -> dict[str, dict[str, Value]]:
    """Key the rows of a table; amounts are in pence."""
    forms = {it.name: it.form for it in table.fields}
    return {
        " / ".join(row[it] for it in section.key if row.get(it)): {
            name: _value(row[name], forms.get(name, "text"))
            for name in section.columns
            if name in row
        }
        for row in rows
    }


def _value(text: str, form: str) -> Value:
    if form != "money" or not text:
        return text or None
    try:
        return read_money(text, "pounds").pence
    except NotMoney:
        return text


def _closings(issue: Issue) -> dict[str, dict[str, Value]]:
    """Add the walk of a scenario up: what each line closes with in each year."""
    found: dict[str, int] = {}
    for row in issue.tables["walk"]:
        amount = _value(row["amount"], "money")
        name = f"{row['line']} / {row['financial_year']}"
        found[name] = found.get(name, 0) + (amount if isinstance(amount, int) else 0)
    return {name: {"closing": pence} for name, pence in found.items()}


def _of_rows(
    about: str, ends: Sequence[Mapping[str, Mapping[str, Value]]], causes: Mapping[str, str]
) -> Iterator[Change]:
    for what in dict.fromkeys((*ends[0], *ends[1])):
        before, after = (it.get(what, {}) for it in ends)
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) == after.get(name):
                continue
            cause = "new" if not before else "gone" if not after else ""
            if not cause and name == "variance":
                cause = _of_line(before, after)
            elif not cause and name == "borne":
                cause = causes.get(what.rpartition(" / ")[2], causes.get("", ""))
            elif not cause and name == "balancing_payment":
                cause = causes.get("", "")
            yield Change(about, what, name, before.get(name), after.get(name), cause)


def _of_line(before: Mapping[str, Value], after: Mapping[str, Value]) -> str:
    """Return which amount of a line moved its variance."""
    moved = []
    for name in ("expenditure", "budget"):
        by = Change("", "", "", before.get(name), after.get(name)).difference
        if by:
            moved.append(f"{name} {'+' if by > 0 else '−'}{sterling(abs(by))}")
    return ", ".join(moved)


# ------------------------------------------------------------------ causes


def _causes(earlier: Issue, later: Issue) -> dict[str, str]:
    """Return why what is borne changed: by partner, and under a blank for all."""
    changed = _changed_inputs(earlier, later)
    of_agreement = [it for it in changed if Path(it).stem in AGREEMENT_TABLES]
    others = [it for it in changed if it not in of_agreement]
    if not changed:
        versions = earlier.manifest.versions != later.manifest.versions
        return {"": "another version of the program"} if versions else {}
    if not of_agreement:
        return {"": f"the lines ({listed(others)})"}
    said = f"the agreement and what is stated with it ({listed(of_agreement)})"
    if not others:
        return {"": said}
    apart = _told_apart(earlier, later) if not earlier.scenario else None
    if apart is None:
        both = f"{listed(others)}; {listed(of_agreement)}"
        return {"": f"the lines and the agreement, which are not told apart here ({both})"}
    return {
        party: f"the lines {_signed(lines)}, {said} {_signed(agreement)}"
        for party, (lines, agreement) in apart.items()
    } | {"": f"the lines ({listed(others)}) and {said}"}


def _told_apart(earlier: Issue, later: Issue) -> dict[str, tuple[int, int]] | None:
    """Return for each partner what the lines and what the agreement changed in what it bears.

    In between stand the later lines under the earlier agreement. None where the inputs do not
    stand beside both reports, or do not go together.
    """
    if earlier.pool is None or later.pool is None or not earlier.pool[0].is_dir():
        return None
    try:
        between = run(load(later.pool[0], earlier.pool[1] or earlier.pool[0]))
    except (DataHasErrors, BcfError):
        return None
    frame = between.outputs["settlement"].set_index("party")["borne"]
    section = _OF_YEAR[1]
    ends = [
        _keyed(it.tables["settlement"], section, OUTPUT_TABLES["settlement"])
        for it in (earlier, later)
    ]
    found = {}
    for party in frame.index:
        before, after = (it.get(party, {}).get("borne") for it in ends)
        middle = known(frame[party])
        if isinstance(before, int) and isinstance(after, int) and middle is not None:
            found[str(party)] = middle - before, after - middle
    return found


def _signed(pence: int) -> str:
    return f"{'+' if pence >= 0 else '−'}{sterling(abs(pence))}"


def _of_findings(earlier: Issue, later: Issue) -> Iterator[Change]:
    ends = [
        {
            " / ".join(row[it] for it in _FINDING if row.get(it)): row
            for row in it.tables["findings"]
        }
        for it in (earlier, later)
    ]
    for name in dict.fromkeys((*ends[0], *ends[1])):
        before, after = (it.get(name) for it in ends)
        if before is None or after is None:
            said = [row and row["meaning"] for row in (before, after)]
            yield Change("finding", name, "", said[0] or None, said[1] or None,
                         "new" if before is None else "gone")  # fmt: skip


# ------------------------------------------------------------------ in print


def as_text(found: Sequence[Change], earlier: Issue, later: Issue) -> str:
    """Write changes in lines, those of a kind together."""
    head = f"From {printable(str(earlier.folder))} to {printable(str(later.folder))}"
    if not found:
        return f"{head}: nothing changed."
    said = [head]
    about = ""
    for change in found:
        if change.about != about:
            about = change.about
            said += ["", about[:1].upper() + about[1:]]
        name = " ".join(it for it in (change.what, change.measure.replace("_", " ")) if it)
        by = None if None in (change.earlier, change.later) else change.difference
        moved = "" if by is None else f" ({_signed(by)})"
        ends = f"{_in_words(change.earlier)} → {_in_words(change.later)}{moved}"
        said.append(printable(f"  {name}: {ends}" + (f": {change.cause}" if change.cause else "")))
    return "\n".join(said)


def _in_words(value: Value) -> str:
    if value is None:
        return "nothing"
    return sterling(value) if isinstance(value, int) else value


def as_rows(found: Sequence[Change]) -> list[dict[str, Value]]:
    """Return changes as plain rows: amounts in whole pence."""
    return [
        {"about": it.about, "what": it.what, "measure": it.measure, "earlier": it.earlier,
         "later": it.later, "difference": it.difference, "cause": it.cause}
        for it in found
    ]  # fmt: skip
