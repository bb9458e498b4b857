"""Columns a table has and should not have, or has not: what may be a slip is never passed over."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from bcf_model.core.findings import Finding, one_of
from bcf_model.core.money import NotMoney, read_number
from bcf_model.core.tables import FieldMeaning
from bcf_model.intake.raw_table import RawTable

_ALIKE: Final = 0.75
"""Of two headings: the least part of their letters they have in common where one is a slip."""
_FREE: Final = {"text", "url"}
"""Forms of columns that nothing is worked out of."""
_FOLLOWS: Final = "variance"
"""The amount that follows from the others of its row."""
_FEWEST: Final = 3
"""Lines that say one thing, from which on a column of it is a mark and states no amount."""


def without_marks(found: RawTable) -> RawTable:
    """Return a table without a column that has the name of the variance, and is none.

    It says the same on every line, and budget and expenditure differ by it on none: an expenditure
    that is wrong makes no variance of 1 on all lines. Nil is left: it may say that nothing varies.
    """
    if not _is_a_mark(found):
        return found
    at = found.columns.index(_FOLLOWS)
    return found._replace(
        columns=found.columns[:at] + found.columns[at + 1 :],
        rows=tuple(row[:at] + row[at + 1 :] for row in found.rows),
        at=found.at[:at] + found.at[at + 1 :],
    )


def _is_a_mark(found: RawTable) -> bool:
    said = {text.strip() for text in _texts(found, _FOLLOWS)}
    if len(said) != 1 or len(found.rows) < _FEWEST:
        return False
    pairs = zip(_texts(found, "expenditure"), _texts(found, "budget"), strict=False)
    try:
        value = read_number(said.pop())
        differ = [abs(read_number(spent) - read_number(budget)) for spent, budget in pairs]
    except NotMoney:
        return False
    return bool(value and differ) and abs(value) not in differ


def wrong_columns(found: RawTable, known: Mapping[str, FieldMeaning]) -> Iterator[Finding]:
    """A table has the columns it must have (BCF008), and no others (BCF009).

    One that is like no column of the table is left out with a warning. It is an error where it may
    be a known one under another name: data would be lost.
    """
    for name, meaning in known.items():
        if name not in found.columns and meaning.default is None:
            yield Finding("BCF008", found.file, column=name, sheet=found.sheet)
    left_out = list[str]()
    read = without_marks(found).columns
    for name in found.columns:
        if name in read and name in known:
            continue
        meant = "" if name in known else _meant(found, name, known)
        if meant:
            others = (n for n in known if n not in found.columns and n != meant)
            expected = one_of([meant, *others], name)
            yield Finding("BCF009", found.file, column=name, expected=expected, sheet=found.sheet)
        else:
            left_out.append(name)
    if left_out:
        value = f"{', '.join(left_out)}, not read"
        yield Finding("BCF009", found.file, value=value, sheet=found.sheet, mild=True)


def _meant(found: RawTable, name: str, known: Mapping[str, FieldMeaning]) -> str:
    """Return the known column that one may be meant to be; "" where it is like none."""
    words = {*name.split("_")}
    for other, meaning in known.items():
        missing, own = other not in found.columns, {*other.split("_")}
        if SequenceMatcher(None, name, other).ratio() >= _ALIKE and (missing or not own < words):
            return other
        if missing and meaning.form not in _FREE and own < words:
            return other
    amounts = [it for it, meaning in known.items() if meaning.form == "money" and it != _FOLLOWS]
    blank = [it for it in amounts if not any(text.strip() for text in _texts(found, it))]
    return blank[0] if blank and _holds_amounts(_texts(found, name)) else ""


def _texts(found: RawTable, name: str) -> list[str]:
    """Return the cells of a column; none where there is no such column."""
    at = found.columns.index(name) if name in found.columns else -1
    return [row[at] for row in found.rows] if at >= 0 else []


def _holds_amounts(texts: Sequence[str]) -> bool:
    """Return whether at least half of what a column holds are numbers."""
    filled = [text for text in texts if text.strip()]
    return bool(filled) and 2 * sum(map(_is_number, filled)) >= len(filled)


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except NotMoney:
        return False
    return True
