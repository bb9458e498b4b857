"""From a cell's text to its value: one function for each form a field may have (see `tables`).

Each returns the value, or a `Problem` saying which finding the cell is that cannot be read. Whether
a value may stand where it does, and whether a cell may be blank, is no matter of reading: pandera
says it of a whole table (`Table.failures`), and `problem_of` says which finding that is.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import COLUMN_OF, Cover, Figure, scope_parts
from bcf_model.core.findings import one_of
from bcf_model.core.money import (
    NotMoney,
    read_amount,
    read_money,
    read_number,
    read_plain,
    sterling,
)
from bcf_model.core.sources import is_address
from bcf_model.core.spellings import wanted_date
from bcf_model.core.tables import NOTHING, REACH, Cell, FieldMeaning, Problem
from bcf_model.core.words import NONE, NOT_STATED, UNITS
from bcf_model.core.years import is_financial_year

LONGEST_CODE: Final = 60
LONGEST_TEXT: Final = 10_000
"""Well inside the 32,767 characters a spreadsheet cell holds: none is ever cut off."""

SHARE_DECIMALS: Final = 6

LARGEST_PERCENT: Final = 1000
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
_FREE_TEXT: Final = {"source", "note", "reason", "action", "owner", "label", "column", "printed"}
"""Fields in which a dash or "n/a" is an honest answer."""


class Reading(NamedTuple):
    """What a cell says.

    Attributes:
        cell: its value, or why it has none; see `Cell`.
        noted: what was assumed in reading it.
        step: of an amount, the step it is written in, in pence; else nil.
    """

    cell: Cell
    noted: tuple[Problem, ...] = ()
    step: int = 0


def tidy(text: str) -> str:
    """Trim, and let any run of white space (line breaks, no-break spaces) be one space."""
    return " ".join(text.split())


def read_cell(text: str, meaning: FieldMeaning, unit: str | None) -> Reading:
    """Read one cell; an amount that is not stated, or of which the unit is not known, is `NOTHING`.

    Args:
        text: as it stood in the file.
        meaning: the field's entry in the data dictionary.
        unit: of the row's amounts: its own where it states one, else the pool's; None when it is
            not known. Of a quantity, only what the row itself states.
    """
    clean = tidy(text)
    if meaning.form == "money" and clean.casefold() in (meaning.words or ()):
        return Reading(NOTHING)
    if not clean or clean.casefold() == meaning.default:
        unstated = meaning.form == "money" and meaning.words and meaning.default is not None
        return Reading(NOTHING if unstated else meaning.default)
    if problem := _never_right(clean):
        return Reading(problem)
    if meaning.form == "money":
        return _money(
            text, unit
        )  # not tidied: a no-break space may part thousands, a space may not
    if meaning.name not in _FREE_TEXT and clean.casefold() in _PLACEHOLDERS:
        return Reading(Problem("BCF212", meaning.meaning.lower()))
    if meaning.form == "quantity":
        return Reading(_quantity(clean, unit))
    garbled = _GARBLED.search(text)  # not tidied: a no-break space gives it away
    return Reading(_FORMS[meaning.form](clean, meaning), (Problem("BCF214"),) if garbled else ())


def problem_of(
    fails: str, cell: Cell, text: str, meaning: FieldMeaning, unit: str | None
) -> Problem:
    """Return the finding that a cell is which has no value, for it fails what pandera holds it to.

    Args:
        fails: `blank`, `form`, `words` or `reach`; see `Failure`.
        cell: as it was read.
        text: of the cell.
        meaning: the field's entry in the data dictionary.
        unit: the cell was read in.
    """
    match fails, meaning.form, cell:
        case _, _, Problem():
            return cell
        case "blank", form, _:
            nil = ", or 0 if it is nil" if form in _AMOUNTS else ""
            return Problem("BCF201", f"{meaning.meaning.lower()}{nil}")
        case "words", _, _:
            return Problem("BCF211", one_of(meaning.words or (), tidy(text)))
        case _, "money", _:
            return Problem("BCF207", _amount_expected(unit))
        case _, "pounds", int() if cell < 0:
            return Problem("BCF218", f"{_POUNDS_EXPECTED}, not below nil")
        case _, "pounds", _:
            return Problem("BCF207", _POUNDS_EXPECTED)
        case _, "whole", _:
            return Problem("BCF215", _DIGITS_EXPECTED)
        case _, "quantity", _:
            return Problem("BCF220", _QUANTITY_EXPECTED)
    return Problem("BCF216", _PERCENT_EXPECTED)


_MOST_DIGITS: Final = len(str(REACH["whole"][1]))
_DIGITS_EXPECTED: Final = f"at most {_MOST_DIGITS} digits"
_POUNDS_EXPECTED: Final = "an amount with its sign, such as £2,000"
_PERCENT_EXPECTED: Final = f"0 to 100, at most {SHARE_DECIMALS} decimals"
_QUANTITY_EXPECTED: Final = (
    f"at most {REACH['quantity'][1] // 10**SHARE_DECIMALS:,}, and {SHARE_DECIMALS} decimals"
)


_FAR_BEYOND: Final = 10**40


def _cut(number: Decimal | int) -> int:
    """Return a whole number, cut where it is far beyond all reach: Python writes none so long."""
    return int(max(-_FAR_BEYOND, min(number, _FAR_BEYOND)))


def _amount_expected(unit: str | None) -> str:
    return f"an amount in {unit or 'the unit of the pool'}"


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
    "text": "BCF202",
}


def _money(text: str, unit: str | None) -> Reading:
    try:
        amount = read_amount(text, unit or "millions")
    except NotMoney as problem:
        expected = _amount_expected(unit)
        if _DECIMAL_COMMA.fullmatch(text):
            expected += ", with a point before the pence"
        if text.casefold() == NOT_STATED:
            expected += "; nothing can be worked out without it: state an estimate, marked as one"
        return Reading(Problem(_NOT_MONEY[problem.reason], expected))
    noted = tuple(
        Problem(code, expected)
        for code, expected, so in (
            ("BCF206", "0", amount.dash),
            (SPELT, amount.plain, amount.plain),
        )
        if so
    )
    return Reading(_cut(amount.pence), noted, amount.step) if unit else Reading(NOTHING, noted)


_DECIMAL_COMMA: Final = re.compile(r"[-−+(£\s]*[0-9]{1,3}(?:\.?[0-9]{3})*,[0-9]{1,2}[)\s-]*")
SPELT: Final = "BCF033"
"""The note of a cell that is written in another way than it is read."""


def _text(text: str, _: FieldMeaning) -> Cell:
    return text


def _url(text: str, _: FieldMeaning) -> Cell:
    return text if is_address(text) else Problem("BCF107")


def _code(text: str, _: FieldMeaning) -> Cell:
    if len(text) > LONGEST_CODE or not CODE.fullmatch(text):
        return Problem("BCF210")
    return text


def _word(text: str, _: FieldMeaning) -> Cell:
    return text.casefold()


def _whole(text: str, _: FieldMeaning) -> Cell:
    if not re.fullmatch(r"[0-9]+", text):
        return Problem("BCF215", "digits alone, such as 12")
    if text.startswith("0") and len(text) > _MOST_DIGITS:
        return Problem("BCF215", _DIGITS_EXPECTED)
    return _cut(Decimal(text))


def _share(text: str, meaning: FieldMeaning) -> Cell:
    """Read a share of a rule or a payment: one below 1 is believed with its sign alone."""
    share = _percent(text, meaning)
    if isinstance(share, int) and 0 < share < 10**SHARE_DECIMALS and not text.endswith("%"):
        whole = (Decimal(share) / 10**SHARE_DECIMALS * 100).normalize()
        return Problem("BCF223", f"{text}% or {whole:f}%")
    return share


def _percent(text: str, _: FieldMeaning) -> Cell:
    try:
        percent = read_plain(text.removesuffix("%"))
    except NotMoney:
        return Problem("BCF216", "a percentage from 0 to 100, such as 12.5")
    if places(percent) > SHARE_DECIMALS:
        return Problem("BCF216", _PERCENT_EXPECTED)
    return _cut(percent.scaleb(SHARE_DECIMALS))


def _pounds(text: str, _: FieldMeaning) -> Cell:
    if "£" not in text:
        return Problem("BCF218", _POUNDS_EXPECTED)
    try:
        return _cut(read_amount(text, "pounds").pence)
    except NotMoney as problem:
        return Problem(_NOT_MONEY[problem.reason], _POUNDS_EXPECTED)


_BEYOND_AN_EDGE: Final = {
    "large": ("at most £1 trillion", f"at most {LARGEST_PERCENT:,}%"),
    "penny": ("whole pence", f"at most {SHARE_DECIMALS} decimals"),
}
"""What an edge may be at most: in pounds, and as a percentage."""


def _edge(text: str, meaning: FieldMeaning) -> Cell:
    """Read pounds with their sign, a percentage with its sign, or (of a limit) a contribution.

    Each is written one way, so that the same edge is the same text wherever it stands.
    """
    if meaning.name == "limit" and text.casefold() == CONTRIBUTION:
        return CONTRIBUTION
    expected = "an amount such as £250,000, or a percentage such as 5%"
    expected += f", or the word '{CONTRIBUTION}'" if meaning.name == "limit" else ""
    try:
        edge = read_edge(text)
    except NotMoney as problem:
        beyond = _BEYOND_AN_EDGE.get(problem.reason)
        return Problem("BCF218", beyond[text.endswith("%")] if beyond else expected)
    if edge.size < 0:
        size = "nil or above: it is a size, whichever way the variance falls"
        return Problem("BCF218", size)
    if not edge.size and meaning.name == "band_from":
        return ""
    if edge.millionths:
        return f"{(Decimal(edge.millionths) / 10**SHARE_DECIMALS).normalize():f}%"
    return sterling(edge.pence).removesuffix(".00")


def _date(text: str, _: FieldMeaning) -> Cell:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return Problem("BCF219", wanted_date(text))


def _year(text: str, _: FieldMeaning) -> Cell:
    if not is_financial_year(text):
        return Problem("BCF221", "a financial year, written as 2019-20")
    return text


def _quantity(text: str, unit: str | None) -> Cell:
    """Read a number as the row says it is one: an amount, or a percentage with its sign or not."""
    plain = text.removesuffix("%") if unit == "percent" else text
    try:
        number = read_number(text) if unit in UNITS else read_plain(plain)
    except NotMoney:
        return Problem("BCF220", "a number, such as 4.2")
    if places(number) > SHARE_DECIMALS:
        return Problem("BCF220", _QUANTITY_EXPECTED)
    return _cut(number.scaleb(SHARE_DECIMALS))


def _figure(text: str, _: FieldMeaning) -> Cell:
    try:
        return str(Figure.parse(text))
    except UnknownFigure as problem:
        return Problem("BCF601", str(problem))


def _scope(text: str, meaning: FieldMeaning) -> Cell:
    try:
        figure, causes = scope_parts(text)
    except UnknownFigure:
        return Problem("BCF405", _readable_scope(text))
    if causes != (NONE,) and meaning.name != "scope":
        return Problem("BCF405", "lines, whatever the cause of their variance")
    if problem := _no_scope(figure, causes):
        return problem
    lines = str(figure).partition("/")[2]
    named = [] if causes == (NONE,) else [f"cause={'+'.join(causes)}"]
    return "/".join([*([lines] if lines else []), *named]) or "pool"


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


def _cover(text: str, _: FieldMeaning) -> Cell:
    try:
        cover = Cover.parse(text)
    except UnknownFigure:
        return Problem("BCF405", _readable_scope(text, also=("rule", "step")))
    if problem := _no_scope(cover.lines, cover.causes):
        return problem
    if not all(CODE.fullmatch(rule) for rule in cover.rules):
        return Problem("BCF405", "a rule as rules.csv names it")
    return str(cover)


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


_FORMS: Final[dict[str, Callable[[str, FieldMeaning], Cell]]] = {
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
