"""What a person sees of a sheet and its cells alone do not say: taken as seen, and told."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bcf_model.core.findings import Finding
from bcf_model.core.money import LARGEST_PENCE, sterling
from bcf_model.intake.raw_table import Look, RawTable, Seen, address, letters_of

MOST_NAMED: Final = 10
LONGEST_COMMENT: Final = 80
_OF_A_COPY: Final = re.compile(
    r"^(?:(?:Error|Warning|Note): BCF[0-9]{3}\. [^\n]*\n(?:(?:Found|Expected): [^\n]*\n)*"
    r"What to do: [^\n]*|[0-9,]+ more: see the sheet of findings\.)$",
    re.MULTILINE,
)
"""What a marked copy says in a comment: it is no comment of whoever filled in the workbook."""
_OF_ALL_ROWS: Final = {"share", "planned", "actual", "achieved"}
"""Columns of numbers that are parts of something, as amounts are: one for several rows is none."""
_WRITTEN_AS_CODES: Final = {"code", "scope", "figure", "word"}
_PERCENTAGES: Final = {"share", "percent"}

Stop = tuple[str, str, str]
"""Code, value and what was expected of a cell that cannot be read; all blank where that is told
of another cell."""
_TOLD: Final = ("", "", "")


def as_seen(
    found: RawTable, column: str, form: str, units: Sequence[str | None]
) -> tuple[list[str], dict[int, Stop]]:
    """Return the texts of a column as a person sees them, and the cells that cannot be read.

    Args:
        found: the table.
        column: its heading.
        form: how a cell of it is read, as the data dictionary says.
        units: the unit each row's money is in.
    """
    at = found.columns.index(column)
    texts = [row[at] for row in found.rows]
    if found.seen is None:
        return texts, {}
    stops = dict(_merged(found, found.seen, column, form, texts))
    for i, row in enumerate(found.numbers):
        look = found.seen.looks.get((row, found.at[at]))
        if look and (stop := _stop(look, form, texts[i], units[i])):
            stops[i] = stop
        elif look and look.code == "BCF222" and form == "quantity":
            texts[i] = texts[i].removesuffix("%")  # a quantity in percent is written without
    return texts, stops


def _stop(look: Look, form: str, text: str, unit: str | None) -> Stop | None:
    """Return why a cell cannot be read as it is shown; None when it can."""
    match look.code:
        case "BCF026":
            return look.code, look.shown, "a result, as a spreadsheet program stores it"
        case "BCF213":
            return look.code, repr(text), ""
        case "BCF224" if form in _WRITTEN_AS_CODES:
            return look.code, look.shown, "text"
        case "BCF226" if form == "money" and unit not in ("pounds", None):
            shown = f"{look.shown} shown, {text} stored"
            return "BCF029", shown, f"what is shown to be in {unit}, or what is stored"
        case "BCF223" if form in _PERCENTAGES:
            return look.code, repr(text), f"{text}% or {look.shown}%"
    return None


def _merged(
    found: RawTable, seen: Seen, column: str, form: str, texts: list[str]
) -> Iterator[tuple[int, Stop]]:
    """Make a merged cell stand for all its rows; where each needs its own, it stands for none."""
    at = found.at[found.columns.index(column)]
    for top, left, bottom, right in seen.merged:
        rows = _rows_within(found, top, bottom) if left <= at <= right else range(0)
        if not rows:
            continue
        first = next(c for c in found.at if c >= left)
        headed = found.numbers[rows[0]] != top
        if not headed and not found.rows[rows[0]][found.at.index(first)].strip():
            continue  # blank, as all that it covers
        beyond = headed or first != at
        parted = form == "money" or column in _OF_ALL_ROWS
        if beyond or (parted and len(rows) > 1):
            shown = f"{_range(top, left, bottom, right)}"
            yield rows[0], ("BCF028", shown, "a cell of its own for each row and column")
            for i in rows[1:]:
                texts[i] = texts[rows[0]]  # it is not blank: it shows the one value
                yield i, _TOLD
        else:
            for i in rows:
                texts[i] = texts[rows[0]]


def _rows_within(found: RawTable, top: int, bottom: int) -> range:
    """Return the rows of a table from one row of its sheet to another, counted from 0."""
    return range(bisect_left(found.numbers, top), bisect_right(found.numbers, bottom))


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"{address(top, left)}:{address(bottom, right)}"


def told(
    found: RawTable, money: Mapping[str, Sequence[int | None]], forms: Mapping[str, str]
) -> Iterator[Finding]:
    """Describe what a person would not see of a sheet, or would and is no figure.

    Args:
        found: the table.
        money: by heading, the amounts of each column of money in pence; None where there is none.
        forms: by heading, how the cells of each column are read.
    """
    seen = found.seen
    if seen is None:
        return
    headings = dict(zip(found.at, found.columns, strict=True))
    yield from _hidden(found, seen, money)
    yield from _shown_otherwise(found, seen, forms)
    for top, left, bottom, right in seen.merged:
        rows = _rows_within(found, top, bottom)
        name = headings.get(left)
        if name and len(rows) > 1 and found.numbers[rows[0]] == top:
            held, *covered = (found.rows[i][found.at.index(left)].strip() for i in rows)
            if not held:
                continue
            value = f"{held!r} in {_range(top, left, bottom, right)}"
            if other := [text for text in dict.fromkeys(covered) if text not in ("", held)]:
                value += f", over {_some([repr(text) for text in other])}"
            yield Finding(
                "BCF024", found.file, top, name, value, sheet=found.sheet, cell=address(top, left)
            )
    for row, column, text in seen.comments:
        said = " ".join((own := _OF_A_COPY.sub("", text)).split())
        if own != text and not said:
            continue
        said = said if len(said) <= LONGEST_COMMENT else f"{said[: LONGEST_COMMENT - 1]}…"
        yield Finding(
            "BCF023", found.file, row, headings.get(column, ""), repr(said),
            sheet=found.sheet, cell=address(row, column),
        )  # fmt: skip


def _hidden(
    found: RawTable, seen: Seen, money: Mapping[str, Sequence[int | None]]
) -> Iterator[Finding]:
    """Name what is hidden, with the sums of its amounts."""

    def hidden(value: str, row: int = 0, column: str = "", cell: str = "") -> Finding:
        return Finding("BCF020", found.file, row, column, value, sheet=found.sheet, cell=cell)

    if seen.hidden:
        yield hidden("the whole sheet")
    at = [i for i, row in enumerate(found.numbers) if row in seen.hidden_rows]
    if at:
        sums = "".join(
            f", {name} {_sum([amounts[i] for i in at])}" for name, amounts in money.items()
        )
        rows = _some([str(found.numbers[i]) for i in at])
        one = found.numbers[at[0]] if len(at) == 1 else 0
        yield hidden(f"{'1 row' if len(at) == 1 else f'{len(at):,} rows'} ({rows}){sums}", one)
    for column, (number, name) in enumerate(zip(found.at, found.columns, strict=True)):
        if number in seen.hidden_columns and any(line[column].strip() for line in found.rows):
            sums = f", {_sum(money[name])} in all" if name in money else ""
            yield hidden(f"column {letters_of(number)}{sums}", column=name)
    for column, (number, name) in enumerate(zip(found.at, found.columns, strict=True)):
        at = [i for i, row in enumerate(found.numbers) if (row, number) in seen.faint]
        if at and any(found.rows[i][column].strip() for i in at):
            count = "1 cell" if len(at) == 1 else f"{len(at):,} cells, the first"
            sums = f", {_sum([money[name][i] for i in at])}" if name in money else ""
            row = found.numbers[at[0]]
            yield hidden(
                f"{count} in the colour of its cell{sums}", row, name, address(row, number)
            )
    names = dict(zip(found.at, found.columns, strict=True))
    for (row, number), look in seen.looks.items():
        if look.code == "BCF020" and number in names:
            yield hidden("a format that shows nothing", row, names[number], address(row, number))


def _sum(amounts: Sequence[int | None]) -> str:
    whole = sum(amount for amount in amounts if amount is not None)
    return sterling(whole) if abs(whole) <= LARGEST_PENCE else "beyond £1 trillion"


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - MOST_NAMED:,} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more


def _shown_otherwise(found: RawTable, seen: Seen, forms: Mapping[str, str]) -> Iterator[Finding]:
    """Count the cells read as the percentages they show, and those that show thousands."""
    names, rows = dict(zip(found.at, found.columns, strict=True)), set(found.numbers)
    for code, of in (("BCF222", set(forms.values())), ("BCF226", {"money"})):
        cells = [
            (place, look)
            for place, look in seen.looks.items()
            if look.code == code and place[0] in rows and forms.get(names.get(place[1], "")) in of
        ]
        if cells:
            (row, column), look = cells[0]
            shown = look.shown
            if code == "BCF226":
                text = found.rows[found.numbers.index(row)][found.at.index(column)]
                shown = f"{shown} stands for {text}"
            number = "1 cell" if len(cells) == 1 else f"{len(cells):,} cells, the first"
            yield Finding(
                code, found.file, row, found.columns[found.at.index(column)],
                f"{number} {shown}", sheet=found.sheet, cell=address(row, column),
            )  # fmt: skip
