"""From raw text to drafts: settings, columns and cells, each problem a finding where it stands.

A draft is a table whose cells were read one by one. What takes more than one cell to see is looked
for in `checks`.
"""

import functools
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import islice
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from bcf_model.core.findings import CATALOGUE, NOWHERE, Finding, Place, one_of
from bcf_model.core.settings import AgreementSettings, Settings
from bcf_model.core.sources import PLACED, cited
from bcf_model.core.spellings import plain_unit
from bcf_model.core.tables import (
    INPUT_TABLES,
    NOTHING,
    OWN_AGREEMENT,
    Agreement,
    Failure,
    FieldMeaning,
    InputTable,
    Problem,
    Table,
)
from bcf_model.core.words import UNITS
from bcf_model.core.year_parts import Part
from bcf_model.core.years import is_financial_year
from bcf_model.intake.as_displayed import as_seen, told
from bcf_model.intake.cells import LONGEST_TEXT, SPELT, Reading, problem_of, read_cell, tidy
from bcf_model.intake.plain_form import Names, Spellings, noted
from bcf_model.intake.raw_table import RawPool, RawTable
from bcf_model.intake.unknown_columns import without_marks, wrong_columns


@dataclass(frozen=True, eq=False)
class Draft:
    """A table whose cells were read one by one; nothing in it is changed afterwards.

    A cell that could not be read is None; so is an amount that is not stated.

    Attributes:
        cells: one list for each column; texts: the same as it stood in the file.
        numbers: the row number of each.
        broken: the columns with a cell that could not be read.
        steps: of each column of money, the step each amount is written in, in pence; nil where
            there is none.
        failing: the cells that have a value which may not stand there: it is out of bounds, or
            stands in an earlier row.
    """

    file: str
    sheet: str
    numbers: tuple[int, ...]
    cells: Mapping[str, list[Any]]
    texts: Mapping[str, list[str]]
    broken: frozenset[str]
    steps: Mapping[str, list[int]] = field(default_factory=dict)
    failing: frozenset[Failure] = frozenset()

    def at(self, i: int | None = None) -> Place:
        """Return where the i-th row stands, or the whole table."""
        return Place(self.file, 0 if i is None else self.numbers[i], self.sheet)

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Return (i, value, …) for the rows in which all these columns could be read."""
        named = (self.cells[name] for name in columns if self.numbers)
        for i, values in enumerate(zip(*named, strict=True)):
            if None not in values:
                yield i, *values

    def only(self, chosen: Sequence[int]) -> "Draft":
        """Return the draft with these rows alone."""

        def of(columns: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
            return {name: [column[i] for i in chosen] for name, column in columns.items()}

        cells = of(self.cells)
        at = {i: new for new, i in enumerate(chosen)} if self.failing else {}
        return replace(
            self,
            numbers=tuple(self.numbers[i] for i in chosen),
            cells=cells,
            texts=of(self.texts),
            broken=frozenset(name for name in self.broken if None in cells[name]),
            steps=of(self.steps),
            failing=frozenset(it._replace(row=at[it.row]) for it in self.failing if it.row in at),
        )


@dataclass(frozen=True, eq=False)
class Drafts(Mapping[str, Draft]):
    """Tables that were read cell by cell, by name, and what their checks must know besides.

    Attributes:
        tables: those that could be read. kinds: what each is to be, those that could not included.
        unit: of the amounts, and year: of the pool, each None when it is not known.
        settings: of the pool; None when they are not sound. stood: where they stand.
        parts: of the year, where rules change within it; None where it is not known which.
        aside: rows that are totals and no lines (`checks.totals_among_lines.Total`).
    """

    tables: Mapping[str, Draft]
    unit: str | None = None
    year: str | None = None
    settings: Settings | None = None
    stood: Place = NOWHERE
    kinds: Sequence[InputTable] = INPUT_TABLES
    parts: Sequence[Part] | None = ()
    aside: Sequence[Any] = ()

    def __getitem__(self, name: str) -> Draft:
        """Return a table by its name."""
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names of the tables."""
        return iter(self.tables)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self.tables)

    def table(self, name: str) -> Draft:
        """Return a table; one without rows in place of one that could not be read."""
        return self.tables.get(name, NO_DRAFT)

    def having(self, tables: Mapping[str, Draft]) -> "Drafts":
        """Return the same with these in place of those of their names."""
        return replace(self, tables={**self.tables, **tables})


NO_DRAFT: Final = Draft("", "", (), {}, {}, frozenset())

LONGEST_QUOTED: Final = 60
LONGEST_LIST: Final = 6


def read_settings(raw: RawPool, findings: list[Finding]) -> Settings | None:
    """Read the settings; None, with findings, when they are not sound."""
    return validated(Settings, raw, findings)


def read_agreement_settings(raw: RawPool | None, findings: list[Finding]) -> Agreement:
    """Read what an agreement says of itself; none is the pool's own."""
    if raw is None:
        return OWN_AGREEMENT
    said = validated(AgreementSettings, raw, findings) or AgreementSettings()
    return Agreement(raw.name, said.title or raw.name, said.status, said.source, said.note)


Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], raw: RawPool, findings: list[Finding]) -> Model | None:
    """Read settings of any kind; None, with findings, when they are not sound."""
    if raw.settings is None:
        return None
    try:
        return model.model_validate(raw.settings)
    except ValidationError as problem:
        for error in problem.errors():
            name = ".".join(str(part) for part in error["loc"])
            code = _code_of(error["type"])
            value = "" if code == "BCF102" else _brief(error["input"])
            findings.append(
                Finding(
                    code,
                    raw.settings_file,
                    column=name,
                    value=value,
                    expected=_wanted(model, code, error),
                    sheet=raw.settings_sheet,
                )
            )
        return None


def _code_of(mistake: str) -> str:
    """Return the code of a mistake: settings that know it name it themselves."""
    if mistake in CATALOGUE:
        return mistake
    return {"missing": "BCF102", "extra_forbidden": "BCF103"}.get(mistake, "BCF104")


_SAID: Final = {
    "bool_type": "true or false",
    "float_type": "a number",
    "greater_than_equal": "0 or more",
    "int_type": "a whole number",
    "less_than_equal": "a smaller number",
    "model_type": "settings of its own, as in commentary.over_pounds",
    "dict_type": "settings of its own, one a line under their heading",
    "string_too_long": "a shorter text",
    "string_too_short": "some text",
    "string_type": "text, in quotation marks",
    "tuple_type": "a list, in square brackets",
}
"""What pydantic expected, by its name for the mistake."""


def unit_of(raw: RawPool) -> str | None:
    """Return the unit of the amounts, whatever else is wrong with the settings; None if unknown."""
    unit = (raw.settings or {}).get("unit")
    return unit if isinstance(unit, str) and unit in UNITS else None


def year_of(raw: RawPool) -> str | None:
    """Return the financial year, whatever else is wrong with the settings; None if unknown."""
    year = (raw.settings or {}).get("financial_year")
    return year if isinstance(year, str) and is_financial_year(year) else None


def _model_of(model: Any, place: tuple[int | str, ...]) -> Any:
    """Return the settings among which one stands, or should."""
    for part in place[:-1]:
        kind = model.model_fields[part].annotation
        model = next((inner for inner in get_args(kind) if inner is not type(None)), kind)
    return model


def _brief(value: object) -> str:
    """Show a setting's value, however long, deep or large it is."""
    if isinstance(value, str):
        return quoted(value) or "nothing"
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        shown = ", ".join(map(_brief, value[:LONGEST_LIST]))
        return f"[{shown}{', …' if len(value) > LONGEST_LIST else ''}]"
    if isinstance(value, dict):
        return f"settings of its own: {', '.join(map(_brief, islice(value, LONGEST_LIST)))}"
    try:
        return reprlib.repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "an endless number"


def _wanted(model: Any, code: str, error: Mapping[str, Any]) -> str:
    """Return what a setting should have been."""
    if code not in {"BCF102", "BCF103"}:
        return _SAID.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    *_, last = error["loc"]
    beside = _model_of(model, error["loc"]).model_fields
    if code == "BCF103":
        return one_of(beside, str(last))
    return str(beside[last].description).lower()


def draft_table(
    raw: RawPool,
    table: InputTable,
    unit: str | None,
    findings: list[Finding],
    names: Names | None = None,
) -> Draft | None:
    """Read a table cell by cell; None, with findings, when it has not the columns it needs.

    Args:
        raw: the pool as text.
        table: what is to be read of it.
        unit: of its amounts; None where it is not known.
        findings: what is found is added to them.
        names: what the codes are called that it names; without them only codes are.
    """
    known = table.model.in_file
    found = raw.tables.get(table.name)
    if found is None:
        return _absent(raw, table, findings)
    wrong = list(wrong_columns(found, known))
    if not found.rows and not table.may_be_blank:
        wrong.append(Finding("BCF012", found.file, sheet=found.sheet))
    findings.extend(wrong)
    if any(f.code != "BCF009" for f in wrong):
        return None
    return _read(without_marks(found), table, unit, findings, names)


def _absent(raw: RawPool, table: InputTable, findings: list[Finding]) -> Draft | None:
    """Return a table without rows for one that is not there; None where it is wanted."""
    if table.name in raw.unreadable:
        return None
    if table.required:
        in_folder, known = not raw.settings_sheet, table.model.in_file
        findings.append(
            Finding(
                "BCF002",
                f"{table.name}.csv" if in_folder else raw.settings_file,
                sheet="" if in_folder else table.name,
                expected=", ".join(n for n, m in known.items() if m.default is None),
            )
        )
        return None
    own = {meaning.name: list[Any]() for meaning in table.model.fields}
    return Draft("", "", (), own, {}, frozenset())


def _read(
    found: RawTable,
    table: InputTable,
    unit: str | None,
    findings: list[Finding],
    names: Names | None,
) -> Draft:
    """Read a table that has the columns it needs, column by column."""
    known = table.model.in_file
    stated, spellings = stated_units(found), Spellings(found, known, names)
    units = [own if own in UNITS else unit for own in stated]
    columns = {
        name: _read_column(found, it, stated if it.form == "quantity" else units, units, spellings)
        for name, it in known.items()
        if name in found.columns
    }
    failing = _refused(table.model, columns)
    for column in columns.values():
        findings.extend(
            Finding(
                code,
                found.file,
                found.numbers[i],
                column.meaning.name,
                value,
                expected,
                found.sheet,
            )
            for i, code, value, expected in sorted(column.said)
        )
    blank = {
        name: [None if it.form == "money" and it.words else it.default] * len(found.rows)
        for name, it in known.items()
    }
    cells: dict[str, list[Any]] = blank | {name: it.cells for name, it in columns.items()}
    texts = {name: it.texts for name, it in columns.items()}
    steps = {name: it.steps for name, it in columns.items() if it.meaning.form == "money"}
    broken = {name for name, it in columns.items() if it.broken}
    forms = {name: meaning.form for name, meaning in known.items() if name in texts}
    findings.extend(told(found, {n: cells[n] for n in forms if forms[n] == "money"}, forms))
    if "source" in known:
        beside = [cells.pop(name) for name in PLACED]
        cells["source"] = [
            None if None in placed else cited(*placed)
            for placed in zip(cells["source"], *beside, strict=True)
        ]
    return Draft(
        found.file, found.sheet, found.numbers, cells, texts, frozenset(broken), steps, failing
    )


@dataclass
class _Column:
    """A column of a file while it is read.

    Attributes:
        meaning: what it says. texts: its cells as a person sees them.
        units: the unit each is read in.
        cells: what each says (`tables.Cell`); once validated its value, or None.
        steps: the step of each that is an amount, in pence; else nil.
        said: what is to be said of it: row, code, value, what was expected.
        broken: a cell could not be read.
    """

    meaning: FieldMeaning
    texts: list[str]
    units: Sequence[str | None]
    cells: list[Any]
    steps: list[int]
    said: list[tuple[int, str, str, str]]
    broken: bool


def _read_column(
    found: RawTable,
    meaning: FieldMeaning,
    read_in: Sequence[str | None],
    units: Sequence[str | None],
    spellings: Spellings,
) -> _Column:
    """Read the cells of a column, each text once; what must be said is said already in part.

    Args:
        found: the table.
        meaning: of the column.
        read_in: the unit each cell is read in.
        units: the unit each row's money is in.
        spellings: how the cells of the table are written.
    """
    texts, stops = as_seen(found, meaning.name, meaning.form, units)
    texts, in_doubt, notes = spellings.plain(texts, meaning)
    stops = {**in_doubt, **stops} if in_doubt else stops
    cell = functools.cache(functools.partial(read_cell, meaning=meaning))
    # Cached: most columns say the same few things.
    read = [cell(text, unit=u) for text, u in zip(texts, read_in, strict=True)]
    for i in stops:
        read[i] = Reading(NOTHING)
    said = [
        (i, it.code, _shown(texts[i]), it.expected)
        for i, reading in enumerate(read)
        for it in reading.noted
        if it.code != SPELT
    ]
    said += [(i, *stop) for i, stop in stops.items() if any(stop)]
    said += [(*note, "") for note in (*notes, *_spelt(texts, read))]
    cells = [it.cell for it in read]
    # An amount that is not stated has no value; without a unit, none has.
    broken = bool(stops) or any(
        it is NOTHING and of is None for it, of in zip(cells, units, strict=True)
    )
    return _Column(meaning, texts, read_in, cells, [it.step for it in read], said, broken)


def _spelt(texts: Sequence[str], read: Sequence[Reading]) -> list[tuple[int, str, str]]:
    """Return, as one note with a count, the cells that are written in another way than read."""
    other = {
        text: it.expected
        for text, reading in zip(texts, read, strict=True)
        for it in reading.noted
        if it.code == SPELT
    }
    return [noted(texts, other, SPELT)] if other else []


def _refused(table: Table, columns: Mapping[str, _Column]) -> frozenset[Failure]:
    """Validate the cells of a file, lazily: what pandera refuses is said, and has no value.

    Returns:
        What it refuses of cells that have a value all the same.
    """
    failures = table.failures({name: it.cells for name, it in columns.items()})
    for name, row, fails in failures:
        if fails not in _OF_VALUES:
            it = columns[name]
            problem = problem_of(fails, it.cells[row], it.texts[row], it.meaning, it.units[row])
            it.said.append((row, problem.code, _shown(it.texts[row]), problem.expected))
            it.cells[row], it.steps[row] = None, 0
    for it in columns.values():
        it.broken |= None in it.cells
        for row, cell in enumerate(it.cells):
            if type(cell) is Problem:
                it.broken |= cell is not NOTHING
                it.cells[row], it.steps[row] = None, 0
    return frozenset(it for it in failures if it.fails in _OF_VALUES)


_OF_VALUES: Final = ("bounds", "unique")
"""What a cell may fail, and have a value."""


def stated_units(found: RawTable) -> list[str]:
    """Return the unit each row states of its own amounts; blank where it does not."""
    if "unit" not in found.columns:
        return [""] * len(found.rows)
    at = found.columns.index("unit")
    stated = [tidy(row[at]).casefold() for row in found.rows]
    plain = {it: plain_unit(it) for it in {*stated}}
    return [plain[it] for it in stated]


def quoted(text: str) -> str:
    """Quote a text, cut where it is long; nothing for nothing."""
    shown = tidy(text)
    if len(shown) > LONGEST_QUOTED:
        shown = shown[: LONGEST_QUOTED - 1] + "…"
    return repr(shown) if shown else ""


def _shown(text: str) -> str:
    """Quote a cell; of one that is too long, say how long it is."""
    length = len(tidy(text))
    return quoted(text) if length <= LONGEST_TEXT else f"{length:,} characters"
