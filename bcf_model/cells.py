"""From a cell's text to its value: one function for each form a field may have (see `tables`).

Each returns the value, or a `Problem` saying which finding the cell is.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bcf_model.errors import UnknownFigure
from bcf_model.figures import Figure
from bcf_model.findings import one_of
from bcf_model.money import NotMoney, read_money, read_number
from bcf_model.tables import FieldMeaning

LONGEST_CODE: Final = 60
WHOLE_SHARE: Final = 100_000_000
"""100 %, in millionths of a percent."""

_PLACEHOLDERS: Final = {"na", "n/a", "none", "null", "nan", "-", "?", "??", "tbc", "tba"}
_SHEET_ERRORS: Final = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|GETTING_DATA)", re.I)
_GARBLED: Final = re.compile("Â[£\u00a0]|â€|Ã[\u00a0-\u00bf]")
_CODE: Final = re.compile(r"[\w .&()-]+")
_FREE_TEXT: Final = {"source", "note", "reason", "owner", "label", "column", "printed"}
"""Fields in which a dash or "n/a" is an honest answer."""


@dataclass(frozen=True)
class Problem:
    """Why a cell cannot be what it should be, or what was assumed in reading it."""

    code: str
    expected: str = ""


Read = tuple[str | int | None, list[Problem]]
"""The value (None when there is none) and what is to be said about it."""


def tidy(text: str) -> str:
    """Trim, and let any run of white space (line breaks, no-break spaces) be one space."""
    return " ".join(text.split())


def read_cell(text: str, meaning: FieldMeaning, unit: str) -> Read:
    """Read one cell.

    Args:
        text: as it stood in the file.
        meaning: the field's entry in the data dictionary.
        unit: unit of the pool's amounts.
    """
    clean = tidy(text)
    if not clean:
        if meaning.default is None:
            return None, [Problem("BCF201", meaning.meaning.lower())]
        return meaning.default, []
    if _SHEET_ERRORS.search(clean):
        return None, [Problem("BCF213")]
    if clean.startswith("="):
        return None, [Problem("BCF208")]
    if any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"} for c in clean):
        return None, [Problem("BCF209")]
    if meaning.form == "money":
        return _money(clean, unit)
    if meaning.name not in _FREE_TEXT and clean.casefold() in _PLACEHOLDERS:
        return None, [Problem("BCF212", meaning.meaning.lower())]
    value, problems = _FORMS[meaning.form](clean, meaning)
    if _GARBLED.search(clean):
        problems = [*problems, Problem("BCF214")]
    return value, problems


_NOT_MONEY: Final = {
    "blank": "BCF201",
    "currency": "BCF204",
    "date": "BCF205",
    "penny": "BCF203",
    "large": "BCF207",
    "text": "BCF202",
}


def _money(text: str, unit: str) -> Read:
    try:
        amount = read_money(text, unit)
    except NotMoney as problem:
        return None, [Problem(_NOT_MONEY[problem.reason], f"an amount in {unit}")]
    return amount.pence, [Problem("BCF206", "0")] if amount.dash else []


def _text(text: str, _: FieldMeaning) -> Read:
    return text, []


def _code(text: str, _: FieldMeaning) -> Read:
    if len(text) > LONGEST_CODE or not _CODE.fullmatch(text):
        return None, [Problem("BCF210")]
    return text, []


def _word(text: str, meaning: FieldMeaning) -> Read:
    words = meaning.words or {}
    if text.casefold() not in words:
        return None, [Problem("BCF211", one_of(words, text))]
    return text.casefold(), []


def _whole(text: str, _: FieldMeaning) -> Read:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        return None, [Problem("BCF215")]
    return int(text), []


def _share(text: str, _: FieldMeaning) -> Read:
    try:
        millionths = read_number(text.removesuffix("%")) * 10**6
    except NotMoney:
        return None, [Problem("BCF216")]
    if not 0 <= millionths <= WHOLE_SHARE or millionths % 1:
        return None, [Problem("BCF216")]
    return int(millionths), []


def _figure(text: str, _: FieldMeaning) -> Read:
    try:
        return str(Figure.parse(text)), []
    except UnknownFigure as problem:
        return None, [Problem("BCF601", str(problem))]


def _scope(text: str, _: FieldMeaning) -> Read:
    if text == "pool":
        return text, []
    try:
        figure = Figure.parse(f"budget/{text}")
    except UnknownFigure as problem:
        return None, [Problem("BCF405", f"category=A, theme=4/kind=revenue or pool ({problem})")]
    if any(key == "pooling" for key, _ in figure.selection):
        return None, [Problem("BCF405", "lines of the pool: what is aligned is never shared")]
    return str(figure).removeprefix("budget/"), []


_FORMS: Final[dict[str, Callable[[str, FieldMeaning], Read]]] = {
    "code": _code,
    "figure": _figure,
    "printed": _text,
    "scope": _scope,
    "share": _share,
    "text": _text,
    "whole": _whole,
    "word": _word,
}


def printed_number(text: str, unit: str) -> Decimal:
    """Read a number as printed in a paper, in the unit it is printed in.

    Raises:
        NotMoney: it cannot be read.

    >>> printed_number("(6%)", "percent"), printed_number("£13.7m", "millions")
    (Decimal('-6'), Decimal('13.7'))
    """
    signs = {"percent": "%", "millions": "m", "thousands": "k"}
    bare = tidy(text)
    if unit in signs:
        bare = re.sub(rf"{signs[unit]}(?=\)?$)", "", bare, flags=re.IGNORECASE)
    return read_number(bare)
