"""A table of a paper becomes a transcription: shown, asked about, and then audited.

The figures and what they are of each other are written as `bcf audit` reads them
(`audit/transcription.py`): a row for each figure, with the sums and quotients it is said to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from bcf_model.core.findings import Finding, Place, has_errors
from bcf_model.core.printed_numbers import MONEY, scale
from bcf_model.core.words import PRINTED_UNITS
from bcf_model.extracts.answers import Answers, Question, quoted
from bcf_model.extracts.printed_relations import Family, Relation, find_relations
from bcf_model.extracts.printed_table import (
    MOST_COLUMNS,
    MOST_FIGURES,
    Key,
    PrintedFigure,
    PrintedTable,
    headings_by_figures,
    read_printed,
    title_above,
)
from bcf_model.extracts.tables import Header, find_tables, without_headings
from bcf_model.intake.extract_file import Extract, Grid

HEADINGS: Final = (
    "published_id", "source", "label", "column", "printed", "unit", "decimals", "figure",
    "sum_of", "percent_of", "paper", "note",
)  # fmt: skip
_TOTAL, _LINE = "total", "line"
_AS_SAID, _AMOUNT = "as said", "amount"
_MOST_SHOWN: Final = 12
_LONGEST_SHOWN: Final = 60


@dataclass
class Reading:
    """How a table of a paper would be transcribed.

    Attributes:
        extract: the file.
        answers: those given.
        ready: whether questions with a ready answer are taken to be answered so.
        title, source, page: of the paper, as given; the title else as it stands over the table.
        tables: those that were found, each with what was taken of it.
        questions: what is to be answered.
        findings: what no answer mends.
    """

    extract: Extract
    answers: Answers
    ready: bool
    title: str = ""
    source: str = ""
    page: str = ""
    tables: list[tuple[PrintedTable, list[Family]]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether there is nothing to transcribe."""
        return has_errors(self.findings) or not self.tables

    def ask(self, code: str, key: str, said: str, choices: tuple[str, ...], row: int = 0) -> str:
        """Return the answer to a question; its ready answer, and asked, where it has none."""
        answer = self.answers.choose(key, choices)
        if answer is None and not self.ready:
            place = Place(self.extract.file, row)
            self.questions.append(Question(code, place, key, said, choices))
        return answer or choices[0]


def read_paper(
    extract: Extract, given: Mapping[str, str], *, ready: bool, title: str, source: str, page: str
) -> Reading:
    """Read the tables of a file, and what their figures are of each other.

    Args:
        extract: the file, read.
        given: answers, by the key of their question.
        ready: take the ready answer to every question that has one.
        title: of the paper; "" where not given, as are the next two.
        source: where it comes from.
        page: of the table.
    """
    reading = Reading(extract, Answers(given), ready, title, source, page)
    reading.findings += extract.findings
    for grid in extract.sheets:
        for header in _headers(reading, grid):
            units = _units_given(reading.answers)
            unit = reading.answers.choose("unit", tuple(PRINTED_UNITS)) or ""
            table = read_printed(grid, header, unit, units)
            if table.figures and not _too_large(reading, table):
                table = _units_asked(reading, table, units)
                _words_asked(reading, table)
                reading.tables.append((table, find_relations(table, Taker(reading, table))))
    if not reading.tables and not has_errors(reading.findings):
        reading.findings.append(Finding("BCF941", extract.file, value=_first_row(extract)))
    reading.title = reading.title or title_above([it for it, _ in reading.tables])
    return reading


def _headers(reading: Reading, grid: Grid) -> list[Header]:
    """Find the headings of the tables of a sheet; as answered, where somebody said which row."""
    said = reading.answers.take("heading")
    if said == "none":
        return [without_headings(grid)]
    if said is not None:
        if said.isdecimal() and 0 < int(said) <= grid.height:
            return find_tables(grid, int(said) - 1)[0]
        reading.answers.refuse("heading", "the number of the row of headings, or none")
        return []
    found, _ = find_tables(grid)
    row = None if found else headings_by_figures(grid)
    return found if row is None else find_tables(grid, row)[0]


def _units_given(answers: Answers) -> dict[str, str]:
    """Return the units answered for single columns, by heading."""
    keys = [key for key in answers.given if key.startswith("unit ")]
    found = {key[5:]: answers.choose(key, tuple(PRINTED_UNITS)) for key in keys}
    return {heading: unit for heading, unit in found.items() if unit}


def _first_row(extract: Extract) -> str:
    if not extract.sheets:
        return "nothing in it"
    cells = [text[:_LONGEST_SHOWN] for text in extract.sheets[0].row(0) if text]
    return f"row 1: {' | '.join(cells[:_MOST_SHOWN])}"


def _too_large(reading: Reading, table: PrintedTable) -> bool:
    if len(table.figures) <= MOST_FIGURES and len(table.columns) <= MOST_COLUMNS:
        return False
    value = f"{len(table.figures):,} figures in {len(table.columns)} columns"
    expected = f"at most {MOST_FIGURES:,} figures in {MOST_COLUMNS} columns"
    reading.findings.append(Finding("BCF946", reading.extract.file, value=value, expected=expected))
    return True


def _units_asked(reading: Reading, table: PrintedTable, units: dict[str, str]) -> PrintedTable:
    """Ask for the unit of columns that nothing says: it has no ready answer.

    Returns:
        The table; with such columns as if in the unit of the others, so that it can be shown.
    """
    unknown = sorted({it.at[1] for it in table.figures.values() if not it.unit})
    if not unknown:
        return table
    names = ", ".join(repr(table.columns[it]) for it in unknown)
    place = Place(reading.extract.file, table.header.rows[-1] + 1)
    stated = next((it for it in table.units.values() if it in MONEY), "thousands")
    choices = tuple(dict.fromkeys((stated, "thousands", "pounds", "millions", "count")))
    said = f"no unit is stated for {names}"
    if not any(it.key == "unit" for it in reading.questions):
        reading.questions.append(Question("BCF942", place, "unit", said, choices))
    shown = read_printed(table.grid, table.header, stated, units)
    shown.assumed = set(unknown)
    return shown


def _words_asked(reading: Reading, table: PrintedTable) -> None:
    """Ask of cells of words among figures whether they may be left out."""
    if not table.texts:
        return
    shown = [f"{table.where(at)} {text[:_LONGEST_SHOWN]!r}" for at, text in table.texts.items()]
    more = f" and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    said = f"{', '.join(shown[:_MOST_SHOWN])}{more}: no numbers, and left out"
    reading.ask("BCF945", "words", said, ("leave out",), next(iter(table.texts))[0] + 1)


@dataclass
class Taker:
    """Asks of each family of relations of a table whether it is taken."""

    reading: Reading
    table: PrintedTable

    def __call__(self, family: Family) -> bool:
        """Return whether a family is taken: proved and said, or as answered."""
        yes, no = (_TOTAL, _LINE) if family.is_row else (_AS_SAID, _AMOUNT)
        row = family.relations[0].of[0] + 1 if family.relations else 0
        name = f"{family.name!r} is {family.said}"
        if not family.by_heading:
            said = f"{name} in all {_columns(family)}, and no word says so"
            choices = (no, yes)
            return self.reading.ask("BCF944", f"BCF944 {family.name}", said, choices, row) == yes
        if not family.relations:
            said = f"{family.name!r} says what it is of other columns, and none come to it"
            self.reading.ask("BCF943", f"BCF943 {family.name}", said, (no,), row)
            return False
        if not family.failing:
            return self.reading.answers.choose(f"BCF943 {family.name}", (yes, no)) != no
        wrong = [described(self.table, it) for it in family.failing]
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""  # noqa: PLR2004
        said = f"{name}, but {'; '.join(wrong[:3])}{more}"
        key = f"BCF943 {family.name}"
        return self.reading.ask("BCF943", key, said, (yes, no), row) == yes


def _columns(family: Family) -> str:
    count, what = len(family.relations), "column" if family.is_row else "row"
    return f"{count} {what}{'' if count == 1 else 's'}"


def described(table: PrintedTable, relation: Relation) -> str:
    """Return in words what a figure prints and what its parts come to, by their prints."""
    figure = table.figures[relation.of]
    middle = (relation.low + relation.high) / 2 / scale(figure.unit or "pounds")
    return f"{table.where(relation.of)} prints {figure.printed}, its parts come to " + _written(
        middle, figure.decimals
    )


def _written(number: Fraction, decimals: int) -> str:
    rounded = round(abs(number) * 10**decimals)
    whole, rest = divmod(rounded, 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    return f"({text})" if number < 0 and rounded else text


# ------------------------------------------------------------------ what is shown


def as_text(reading: Reading, command: str) -> str:
    """Return what was found, to be checked in a minute; `command` is what would be typed again."""
    lines = [f"{reading.extract.file}: {reading.extract.kind}".rstrip(": ")]
    if reading.title:
        lines.append(_told("Title", reading.title))
    if reading.source or reading.page:
        lines.append(_told("Source", _source(reading)))
    for table, families in reading.tables:
        lines += _table_as_text(table, families, {it.key for it in reading.questions})
    lines += [f"  {it.code}  {it.sentence}" for it in reading.findings]
    if reading.refused:
        return "\n".join(lines)
    relations = [one for _, families in reading.tables for it in families for one in it.relations]
    failing = sum(not it.holds for it in relations)
    counts = [
        _many(len(_figures(reading)), "figure"),
        f"{_many(len(relations) - failing, 'relation')} proved",
        f"{failing} said, and not holding",
        _many(len(reading.questions), "question"),
    ]
    lines += ["", f"  {' · '.join(counts)}"]
    for it in reading.questions:
        others = f", or {', '.join(it.choices[1:])}" if it.choices[1:] else ""
        lines.append(f"    {it.code}  {it.said}")
        lines.append(f"      --answer {quoted(f'{it.key}={it.choices[0]}')}{others}")
    if not reading.ready or reading.questions:
        unknown = [it for it in reading.questions if it.code == "BCF942"]
        unit = f" --answer unit={unknown[0].choices[0]}" if unknown else ""
        taken = "   (takes the first answer of each question)" if reading.questions else ""
        lines.append(f"  Right?  {command}{unit} --yes{taken}")
    return "\n".join(lines)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _told(name: str, said: str) -> str:
    return f"  {name:<12} {said}"


def _source(reading: Reading) -> str:
    return ", ".join(it for it in (reading.source, reading.page and f"page {reading.page}") if it)


def _table_as_text(table: PrintedTable, families: list[Family], asked: set[str]) -> list[str]:
    """Return what a table is; what does not hold with it, unless it is `asked` of below."""
    rows = [it + 1 for it in table.header.rows]
    labels = sorted(table.labels)
    where = f" of {table.grid.name}" if table.grid.name else ""
    sections = f", {_many(len(table.sections), 'section')}" if table.sections else ""
    said = f"row{'s' if len(rows) > 1 else ''} {' and '.join(map(str, rows))}{where}"
    lines = [_told("Headings", said if rows[0] else "none")]
    lines.append(_told("Rows", f"{len(labels)}, {labels[0] + 1} to {labels[-1] + 1}{sections}"))
    of_column = {it.name: it for it in families if not it.is_row}
    for column, heading in table.columns.items():
        unit = PRINTED_UNITS[table.units[column]] + ("?" if column in table.assumed else "")
        family = of_column.get(heading)
        proof = f"  is {family.said}  {_proved(family, 'rows')}" if family else ""
        lines.append(_told("Column", f"{heading} [{unit}]{proof}"))
    for it in (one for one in families if one.is_row):
        lines.append(_told("Total", f"{it.name}  is {it.said}  {_proved(it, 'columns')}"))
    for it in families:
        if f"BCF943 {it.name}" not in asked:
            lines += [f"      ! {it.name}: {described(table, one)}" for one in it.failing]
    if table.left_out:
        lines.append(_told("Left out", f"columns {', '.join(table.left_out)}: no figures"))
    if table.not_stated:
        cells = ", ".join(table.where(at) for at in sorted(table.not_stated)[:_MOST_SHOWN])
        lines.append(_told("Not stated", f"{len(table.not_stated)}: {cells}"))
    notes = [text[:_LONGEST_SHOWN] for text in table.notes.values()]
    if notes:
        lines.append(_told("Notes", " | ".join(notes[:_MOST_SHOWN])))
    return lines


def _proved(family: Family, what: str) -> str:
    whole = len(family.relations)
    return f"({whole - len(family.failing)} of {whole} {what})"


# ------------------------------------------------------------------ what is written


def rows_of(reading: Reading) -> list[list[str]]:
    """Return the transcription, headings first."""
    codes = _figures(reading)
    rows = [list(HEADINGS)]
    for number, (table, families) in enumerate(reading.tables):
        related: dict[Key, list[Relation]] = {}
        for one in (it for family in families for it in family.relations):
            related.setdefault(one.of, []).append(one)
        own = {at: code for (of, at), code in codes.items() if of == number}
        rows += [
            _row(reading, table, it, own, related.get(it.at, []))
            for it in (table.figures[at] for at in own)
        ]
    return rows


def _figures(reading: Reading) -> dict[tuple[int, Key], str]:
    """Return a code for each figure, by its table and its place, in the order of reading."""
    places = [
        (number, at)
        for number, (table, _) in enumerate(reading.tables)
        for at in sorted(table.figures)
    ]
    width = max(3, len(str(len(places))))
    return {place: f"P{count:0{width}}" for count, place in enumerate(places, start=1)}


def _row(
    reading: Reading,
    table: PrintedTable,
    it: PrintedFigure,
    codes: Mapping[Key, str],
    related: list[Relation],
) -> list[str]:
    number = [one for one, _ in reading.tables].index(table) + 1
    where = f"table {number} row {it.at[0] + 1}"
    source = ", ".join(part for part in (_source(reading), where) if part)
    sums = "; ".join(_added(one, codes) for one in related if one.base is None)
    rates = [f"{_added(one, codes)} / {codes[one.base]}" for one in related if one.base]
    text = [codes[it.at], source, _with_section(table, it.at[0]), table.columns[it.at[1]]]
    cell = f"cell {table.where(it.at)}"
    amounts = [it.printed, it.unit, str(it.decimals), ""]
    return [*text, *amounts, sums, rates[0] if rates else "", reading.title, cell]


def _with_section(table: PrintedTable, row: int) -> str:
    """Return the label of a row; with its section, where another row has the same label."""
    label = table.labels[row]
    if list(table.labels.values()).count(label) == 1:
        return label
    above = [text for at, text in sorted(table.sections.items()) if at < row]
    return f"{above[-1]}: {label}" if above else label


def _added(relation: Relation, codes: Mapping[Key, str]) -> str:
    said = " ".join(f"{'+' if sign > 0 else '-'} {codes[at]}" for sign, at in relation.parts)
    return said.removeprefix("+ ")
