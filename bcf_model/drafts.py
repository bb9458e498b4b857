"""From raw text to drafts: settings, columns and cells, each problem a finding where it stands.

A draft is a table whose cells were read one by one. What takes more than one cell to see is looked
for in `checks`.
"""

import functools
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from bcf_model.cells import LONGEST_TEXT, read_cell, tidy
from bcf_model.findings import Finding, one_of
from bcf_model.raw import RawPool, RawTable
from bcf_model.seen import as_seen, told
from bcf_model.settings import AgreementSettings, Settings
from bcf_model.tables import OWN_AGREEMENT, Agreement, FieldMeaning, InputTable, fields
from bcf_model.vocabulary import UNITS
from bcf_model.years import is_financial_year


@dataclass(frozen=True)
class Draft:
    """A table whose cells were read one by one; a cell that could not be is None.

    Attributes:
        cells: one list for each column; texts: the same as it stood in the file.
        numbers: the row number of each.
        broken: the columns with a cell that could not be read.
    """

    file: str
    sheet: str
    numbers: tuple[int, ...]
    cells: Mapping[str, list[Any]]
    texts: Mapping[str, list[str]]
    broken: frozenset[str]

    def finding(self, code: str, i: int, column: str = "", **said: str) -> Finding:
        """Point at the i-th row."""
        return Finding(code, self.file, self.numbers[i], column, sheet=self.sheet, **said)

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Give (i, value, …) for the rows in which all these columns could be read."""
        for i, values in enumerate(zip(*(self.cells[c] for c in columns), strict=True)):
            if None not in values:
                yield i, *values

    def only(self, chosen: Sequence[int]) -> "Draft":
        """Give the draft with these rows alone."""
        cells = {name: [column[i] for i in chosen] for name, column in self.cells.items()}
        return replace(
            self,
            numbers=tuple(self.numbers[i] for i in chosen),
            cells=cells,
            texts={name: [column[i] for i in chosen] for name, column in self.texts.items()},
            broken=frozenset(name for name, column in cells.items() if None in column),
        )


Drafts = Mapping[str, Draft]
NO_DRAFT: Final = Draft("", "", (), {}, {}, frozenset())

LONGEST_QUOTED: Final = 60


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
            code = {"missing": "BCF102", "extra_forbidden": "BCF103"}.get(error["type"], "BCF104")
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
    """Give the unit of the amounts, whatever else is wrong with the settings; None if unknown."""
    unit = (raw.settings or {}).get("unit")
    return unit if isinstance(unit, str) and unit in UNITS else None


def year_of(raw: RawPool) -> str | None:
    """Give the financial year, whatever else is wrong with the settings; None if unknown."""
    year = (raw.settings or {}).get("financial_year")
    return year if isinstance(year, str) and is_financial_year(year) else None


def _model_of(model: Any, place: tuple[int | str, ...]) -> Any:
    """Give the settings among which one stands, or should."""
    for part in place[:-1]:
        kind = model.model_fields[part].annotation
        model = next((inner for inner in get_args(kind) if inner is not type(None)), kind)
    return model


def _brief(value: object) -> str:
    """Show a setting's value, however long, deep or large it is."""
    if isinstance(value, str):
        return quoted(value) or "nothing"
    try:
        return reprlib.repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "an endless number"


def _wanted(model: Any, code: str, error: Mapping[str, Any]) -> str:
    """Say what a setting should have been."""
    if code == "BCF104":
        return _SAID.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    *_, last = error["loc"]
    beside = _model_of(model, error["loc"]).model_fields
    if code == "BCF103":
        return one_of(beside, str(last))
    return str(beside[last].description).lower()


def draft_table(
    raw: RawPool, table: InputTable, unit: str | None, findings: list[Finding]
) -> Draft | None:
    """Read a table cell by cell; None, with findings, when it has not the columns it needs."""
    known = {meaning.name: meaning for meaning in fields(table.model)}
    found = raw.tables.get(table.name)
    if found is None:
        if table.name in raw.unreadable:
            return None
        if table.required:
            in_folder = not raw.settings_sheet
            findings.append(
                Finding(
                    "BCF002",
                    f"{table.name}.csv" if in_folder else raw.settings_file,
                    sheet="" if in_folder else table.name,
                    expected=", ".join(n for n, m in known.items() if m.default is None),
                )
            )
            return None
        return Draft("", "", (), {name: [] for name in known}, {}, frozenset())
    wrong = list(_wrong_columns(found, known))
    if not found.rows and not table.may_be_blank:
        wrong.append(Finding("BCF012", found.file, sheet=found.sheet))
    findings.extend(wrong)
    if any(f.code != "BCF009" for f in wrong):
        return None
    cells: dict[str, list[Any]] = {}
    texts: dict[str, list[str]] = {}
    broken = set()
    units = _units(found, unit)
    for name, meaning in known.items():
        if name not in found.columns:
            cells[name] = [meaning.default] * len(found.rows)
            continue
        texts[name], stops = as_seen(found, name, meaning.form, units)
        cell = functools.cache(functools.partial(read_cell, meaning=meaning))
        # Cached: most columns say the same few things.
        read = [
            (None, []) if i in stops else cell(text, unit=u)
            for i, (text, u) in enumerate(zip(texts[name], units, strict=True))
        ]
        cells[name] = [value for value, _ in read]
        if None in cells[name]:
            broken.add(name)
        said = [
            (i, problem.code, _shown(texts[name][i]), problem.expected)
            for i, (_, problems) in enumerate(read)
            for problem in problems
        ]
        said += [(i, *stop) for i, stop in stops.items() if any(stop)]
        findings.extend(
            Finding(code, found.file, found.numbers[i], name, value, expected, found.sheet)
            for i, code, value, expected in sorted(said)
        )
    forms = {name: meaning.form for name, meaning in known.items() if name in texts}
    findings.extend(told(found, {n: cells[n] for n in forms if forms[n] == "money"}, forms))
    return Draft(found.file, found.sheet, found.numbers, cells, texts, frozenset(broken))


def _units(found: RawTable, unit: str | None) -> list[str | None]:
    """Give the unit each row's money is in: the pool's, unless the row states its own."""
    if "unit" not in found.columns:
        return [unit] * len(found.rows)
    at = found.columns.index("unit")
    stated = [tidy(row[at]).casefold() for row in found.rows]
    return [own if own in UNITS else unit for own in stated]


def _wrong_columns(found: RawTable, known: Mapping[str, FieldMeaning]) -> Iterator[Finding]:
    """A table has the columns it must have (BCF008), and no others (BCF009)."""
    for name, meaning in known.items():
        if name not in found.columns and meaning.default is None:
            yield Finding("BCF008", found.file, column=name, sheet=found.sheet)
    for name in found.columns:
        if name not in known:
            expected = one_of([n for n in known if n not in found.columns] or known, name)
            yield Finding("BCF009", found.file, column=name, expected=expected, sheet=found.sheet)


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
