"""From a cell's text to its value: one function for each form a field may have (see `tables`).

Each returns the value, or a `Problem` saying which finding the cell is.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import COLUMN_OF, Cover, Figure, scope_parts
from bcf_model.core.findings import one_of
from bcf_model.core.money import NotMoney, read_money, read_number, read_plain, sterling
from bcf_model.core.sources import is_address
from bcf_model.core.tables import FieldMeaning
from bcf_model.core.words import NONE, UNITS
from bcf_model.core.years import is_financial_year

LONGEST_CODE: Final = 60
LONGEST_TEXT: Final = 10_000
"""Well inside the 32,767 characters a spreadsheet cell holds: none is ever cut off."""

SHARE_DECIMALS: Final = 6
WHOLE_SHARE: Final = 100 * 10**SHARE_DECIMALS
"""100 %, in millionths of a percent."""

LARGEST_PERCENT: Final = 1000
LARGEST_QUANTITY: Final = 10**12
CONTRIBUTION: Final = "contribution"
"""The limit that is what the bearer contributes."""

_PLACEHOLDERS: Final = {"na", "n/a", "none", "null", "nan", "-", "?", "??", "tbc", "tba"}
_SHEET_ERRORS: Final = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|BUSY!|CONNECT!"
    r"|EXTERNAL!|FIELD!|PYTHON!|TIMEOUT!|UNKNOWN!)|\bErr:5[0-9]{2}\b",
    re.I,
)
_GARBLED: Final = re.compile("Â[£\u00a0]|â€|Ã[\u00a0-\u00bf]|\ufffd")
_UNSEEN: Final = {"Cc", "Cf", "Co", "Cs"}
"""Unicode's control, format, private and surrogate characters."""

CODE: Final = re.compile(r"[^\W_][\w .&-]*")
_AMOUNTS: Final = {"money", "pounds"}
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


def read_cell(text: str, meaning: FieldMeaning, unit: str | None) -> Read:
    """Read one cell.

    Args:
        text: as it stood in the file. An amount that is not stated has no value, and no problem.
        meaning: the field's entry in the data dictionary.
        unit: of the row's amounts: its own where it states one, else the pool's; None when it is
            not known, and no amount is either. Of a quantity, only what the row itself states.
    """
    clean = tidy(text)
    if meaning.form == "money" and clean.casefold() in (meaning.words or ()):
        return None, []
    if not clean or clean.casefold() == meaning.default:
        nil = ", or 0 if it is nil" if meaning.form in _AMOUNTS else ""
        missing = Problem("BCF201", f"{meaning.meaning.lower()}{nil}")
        blank = None if meaning.form == "money" and meaning.words else meaning.default
        return blank, [missing] if meaning.default is None else []
    if problem := _never_right(clean):
        return None, [problem]
    if meaning.form == "money":
        return _money(
            text, unit
        )  # not tidied: a no-break space may part thousands, a space may not
    if meaning.name not in _FREE_TEXT and clean.casefold() in _PLACEHOLDERS:
        return None, [Problem("BCF212", meaning.meaning.lower())]
    if meaning.form == "quantity":
        return _quantity(clean, unit)
    value, problems = _FORMS[meaning.form](clean, meaning)
    if _GARBLED.search(text):  # not tidied: a no-break space gives it away
        problems = [*problems, Problem("BCF214")]
    return value, problems


def _never_right(clean: str) -> Problem | None:
    """Return what is wrong with a cell whatever it is meant to be."""
    if _SHEET_ERRORS.search(clean):
        return Problem("BCF213")
    if clean.startswith("="):
        return Problem("BCF208")
    if not clean.isprintable() and any(unicodedata.category(c) in _UNSEEN for c in clean):
        return Problem("BCF209")
    if len(clean) > LONGEST_TEXT:
        return Problem("BCF217", f"at most {LONGEST_TEXT:,} characters")
    return None


_NOT_MONEY: Final = {
    "blank": "BCF201",
    "currency": "BCF204",
    "date": "BCF205",
    "penny": "BCF203",
    "large": "BCF207",
    "text": "BCF202",
}


def _money(text: str, unit: str | None) -> Read:
    try:
        amount = read_money(text, unit or "millions")
    except NotMoney as problem:
        if unit is None and problem.reason == "large":
            return None, []
        expected = f"an amount in {unit or 'the unit of the pool'}"
        return None, [Problem(_NOT_MONEY[problem.reason], expected)]
    nil = [Problem("BCF206", "0")] if amount.dash else []
    return amount.pence if unit else None, nil


def _text(text: str, _: FieldMeaning) -> Read:
    return text, []


def _url(text: str, _: FieldMeaning) -> Read:
    if not is_address(text):
        return None, [Problem("BCF107")]
    return text, []


def _code(text: str, _: FieldMeaning) -> Read:
    if len(text) > LONGEST_CODE or not CODE.fullmatch(text):
        return None, [Problem("BCF210")]
    return text, []


def _word(text: str, meaning: FieldMeaning) -> Read:
    words = meaning.words or {}
    if text.casefold() not in words:
        return None, [Problem("BCF211", one_of(words, text))]
    return text.casefold(), []


def _whole(text: str, _: FieldMeaning) -> Read:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        many = re.fullmatch(r"[0-9]+", text)
        return None, [Problem("BCF215", "at most 9 digits" if many else "digits alone, such as 12")]
    return int(text), []


def _share(text: str, meaning: FieldMeaning) -> Read:
    """Read a share of a rule or a payment: one below 1 is believed with its sign alone."""
    share, problems = _percent(text, meaning)
    if isinstance(share, int) and 0 < share < 10**SHARE_DECIMALS and not text.endswith("%"):
        whole = (Decimal(share) / 10**SHARE_DECIMALS * 100).normalize()
        return None, [Problem("BCF223", f"{text}% or {whole:f}%")]
    return share, problems


def _percent(text: str, _: FieldMeaning) -> Read:
    try:
        percent = read_plain(text.removesuffix("%"))
    except NotMoney:
        return None, [Problem("BCF216", "a percentage from 0 to 100, such as 12.5")]
    fits = places(percent) <= SHARE_DECIMALS
    if not fits or not 0 <= percent * 10**SHARE_DECIMALS <= WHOLE_SHARE:
        return None, [Problem("BCF216", f"0 to 100, at most {SHARE_DECIMALS} decimals")]
    return int(percent * 10**SHARE_DECIMALS), []


def _pounds(text: str, _: FieldMeaning) -> Read:
    expected = "an amount with its sign, such as £2,000"
    if "£" not in text:
        return None, [Problem("BCF218", expected)]
    try:
        pence = read_money(text, "pounds").pence
    except NotMoney as problem:
        return None, [Problem(_NOT_MONEY[problem.reason], expected)]
    return (None, [Problem("BCF218", f"{expected}, not below nil")]) if pence < 0 else (pence, [])


_BEYOND_AN_EDGE: Final = {
    "large": ("at most £1 trillion", f"at most {LARGEST_PERCENT:,}%"),
    "penny": ("whole pence", f"at most {SHARE_DECIMALS} decimals"),
}
"""What an edge may be at most: in pounds, and as a percentage."""


def _edge(text: str, meaning: FieldMeaning) -> Read:
    """Read pounds with their sign, a percentage with its sign, or (of a limit) a contribution.

    Each is written one way, so that the same edge is the same text wherever it stands.
    """
    if meaning.name == "limit" and text.casefold() == CONTRIBUTION:
        return CONTRIBUTION, []
    expected = "an amount such as £250,000, or a percentage such as 5%"
    expected += f", or the word '{CONTRIBUTION}'" if meaning.name == "limit" else ""
    try:
        edge = read_edge(text)
    except NotMoney as problem:
        beyond = _BEYOND_AN_EDGE.get(problem.reason)
        return None, [Problem("BCF218", beyond[text.endswith("%")] if beyond else expected)]
    if edge.size < 0:
        size = "nil or above: it is a size, whichever way the variance falls"
        return None, [Problem("BCF218", size)]
    if not edge.size and meaning.name == "band_from":
        return "", []
    if edge.millionths:
        return f"{(Decimal(edge.millionths) / 10**SHARE_DECIMALS).normalize():f}%", []
    return sterling(edge.pence).removesuffix(".00"), []


def _date(text: str, _: FieldMeaning) -> Read:
    try:
        return date.fromisoformat(text).isoformat(), []
    except ValueError:
        return None, [Problem("BCF219", "a date, written as 2019-04-01")]


def _year(text: str, _: FieldMeaning) -> Read:
    if not is_financial_year(text):
        return None, [Problem("BCF221", "a financial year, written as 2019-20")]
    return text, []


def _quantity(text: str, unit: str | None) -> Read:
    """Read a number, written as an amount is only where the row says that it is one."""
    try:
        number = read_number(text) if unit in UNITS else read_plain(text)
    except NotMoney:
        return None, [Problem("BCF220", "a number, such as 4.2")]
    if places(number) > SHARE_DECIMALS or abs(number) > LARGEST_QUANTITY:
        expected = f"at most {LARGEST_QUANTITY:,}, and {SHARE_DECIMALS} decimals"
        return None, [Problem("BCF220", expected)]
    return int(number * 10**SHARE_DECIMALS), []


def _figure(text: str, _: FieldMeaning) -> Read:
    try:
        return str(Figure.parse(text)), []
    except UnknownFigure as problem:
        return None, [Problem("BCF601", str(problem))]


def _scope(text: str, meaning: FieldMeaning) -> Read:
    try:
        figure, causes = scope_parts(text)
    except UnknownFigure:
        return None, [Problem("BCF405", _readable_scope(text))]
    if causes != (NONE,) and meaning.name != "scope":
        return None, [Problem("BCF405", "lines, whatever the cause of their variance")]
    if problem := _no_scope(figure, causes):
        return None, [problem]
    lines = str(figure).partition("/")[2]
    named = [] if causes == (NONE,) else [f"cause={'+'.join(causes)}"]
    return "/".join([*([lines] if lines else []), *named]) or "pool", []


def _no_scope(lines: Figure, causes: tuple[str, ...]) -> Problem | None:
    """Return why a scope that can be read selects nothing that is shared; None if it does."""
    keys = {key for key, _ in lines.selection}
    if "pooling" in keys:
        return Problem("BCF405", "lines of the pool: what is aligned is never shared")
    if "transfer" in keys:
        return Problem("BCF405", "no transfer: it says where money goes, not whose line it is")
    if not all(CODE.fullmatch(cause) for cause in causes):
        return Problem("BCF405", "a cause as causes.csv names it")
    return None


def _cover(text: str, _: FieldMeaning) -> Read:
    try:
        cover = Cover.parse(text)
    except UnknownFigure:
        return None, [Problem("BCF405", _readable_scope(text, also=("rule", "step")))]
    if problem := _no_scope(cover.lines, cover.causes):
        return None, [problem]
    if not all(CODE.fullmatch(rule) for rule in cover.rules):
        return None, [Problem("BCF405", "a rule as rules.csv names it")]
    return str(cover), []


_NO_SCOPE: Final = ("pooling", "transfer")
_SCOPE_KEYS: Final = (*(key for key in COLUMN_OF["lines"] if key not in _NO_SCOPE), "cause")
"""What a scope selects by."""


def _readable_scope(text: str, also: tuple[str, ...] = ()) -> str:
    """Return how a scope that cannot be read should be written; `also` are keys it may have too."""
    keys = (*_SCOPE_KEYS, *also)
    for part in text.split("/"):
        key, sign, _ = part.partition("=")
        if sign and key not in (*keys, *_NO_SCOPE):
            return f"lines selected by {one_of(keys, key)}"
    example = "category=A/step=2" if also else "theme=4/kind=revenue"
    return f"'pool', or key=code as in category=A or {example}, each key once"


_FORMS: Final[dict[str, Callable[[str, FieldMeaning], Read]]] = {
    "code": _code,
    "cover": _cover,
    "date": _date,
    "url": _url,
    "edge": _edge,
    "figure": _figure,
    "percent": _percent,
    "pounds": _pounds,
    "printed": _text,
    "scope": _scope,
    "share": _share,
    "text": _text,
    "whole": _whole,
    "word": _word,
    "year": _year,
}


@dataclass(frozen=True)
class Edge:
    """Where a band begins or ends, or what a limit is: pounds, or a percentage of budget.

    Attributes:
        pence: an amount; nil when it is a percentage.
        millionths: a percentage, in millionths of a percent; nil when it is an amount.
    """

    pence: int = 0
    millionths: int = 0

    @property
    def size(self) -> int:
        """The one of the two it is."""
        return self.pence + self.millionths


def read_edge(text: str) -> Edge:
    """Read the edge of a band.

    Raises:
        NotMoney: it is neither pounds with their sign nor a percentage with its sign; or, by the
            reasons `large` and `penny`, it is too large or too fine.

    >>> read_edge("£1,000"), read_edge("2.5%")
    (Edge(pence=100000, millionths=0), Edge(pence=0, millionths=2500000))
    """
    if text.endswith("%"):
        percent = read_plain(text.removesuffix("%"))
        if places(percent) > SHARE_DECIMALS:
            raise NotMoney(reason="penny")
        if abs(percent) > LARGEST_PERCENT:
            raise NotMoney(reason="large")
        return Edge(millionths=int(percent * 10**SHARE_DECIMALS))
    if "£" not in text:
        raise NotMoney(reason="text")
    return Edge(pence=read_money(text, "pounds").pence)


def places(number: Decimal) -> int:
    """Count the decimals a number was written with.

    >>> places(Decimal("12.50")), places(Decimal("12"))
    (2, 0)
    """
    return -int(number.as_tuple().exponent)
