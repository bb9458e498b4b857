"""What a person sees of a number or date in a workbook: its value through its number format."""

import operator
import re
from datetime import date, datetime, time, timedelta
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal
from functools import cache
from math import inf
from typing import Final, NamedTuple

from bcf_model.intake.raw_table import Look

_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
"""Parts of a format that are no placeholders: quoted or escaped text, room, a currency, a colour;
of a currency its sign is told, of text the text."""
_SCALED: Final = re.compile(r"[0#?](,+)(?![0#?,])")
_WHEN: Final = re.compile(r"\[([<>]=?|=|<>)(-?[0-9]+\.?[0-9]*)\]")
_HOLDS: Final = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ANY_LENGTH: Final = Context(prec=MAX_PREC)
_CURRENCIES: Final = "£$€¥"
_DOLLARS_OF_ANY_COUNTRY: Final = frozenset(
    (
        '"$"#,##0_);("$"#,##0)',
        '"$"#,##0_);[Red]("$"#,##0)',
        '"$"#,##0.00_);("$"#,##0.00)',
        '"$"#,##0.00_);[Red]("$"#,##0.00)',
        r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
        r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    )
)
"""Formats a file names by number only: what they show is the currency of the reader's country."""


_MOST_COMMAS: Final = 100
"""Each divides what is shown by a thousand; beyond these no number is left."""


class _Section(NamedTuple):
    """What one section of a format (for numbers above, below or at nil) does to a number."""

    percent: bool
    places: int
    scale: int
    sign: str
    zeros: int
    power: bool
    blank: bool
    when: tuple[str, float] | None


@cache
def _section(text: str) -> _Section:
    literals = "".join(one or two or three for one, two, three in _LITERAL.findall(text))
    bare = _LITERAL.sub("", text)
    scaled = _SCALED.search(bare)
    when = _WHEN.search(text)
    sign = next((c for c in literals + bare if c in _CURRENCIES), "")
    return _Section(
        percent="%" in bare,
        places=sum(map(bare.partition(".")[2].count, "0#?")),
        scale=1000 ** min(len(scaled[1]), _MOST_COMMAS) if scaled else 1,
        sign="%" if "%" in literals else sign,
        zeros=len(bare) if re.fullmatch("00+", bare) else 0,
        power="E+" in bare.upper() or "E-" in bare.upper(),
        blank=not bare and not literals.strip(),
        when=(when[1], float(when[2])) if when else None,
    )


_NOISE: Final = 4


@cache
def _sections(text: str) -> tuple[_Section, ...]:
    """Part a format into its sections: a semicolon in quotes parts nothing."""
    parts = re.findall(r'(?:"[^"]*"|\\.|[^;"\\]|["\\])+|(?<=;)(?=;|$)|^(?=;)', text)
    return tuple(_section(part) for part in parts[:3]) or (_section("General"),)


def shown(value: object, number_format: str) -> tuple[str, Look | None]:
    """Return a cell as the text a person would have typed for what the workbook shows.

    A number is never rounded to the digits shown; binary noise is no part of it (`plain`).

    Returns:
        The text; and what is to be told about it, None when nothing is.

    >>> shown(0.2, "0%")[0], shown(7, "000")[0], shown(250000, '"£"#,##0')[0]
    ('20%', '007', '£250000')
    """
    match value:
        case bool():
            return ("TRUE" if value else "FALSE"), None
        case int() | float():
            return _number(value, number_format)
        case datetime():
            day = value.date()
            return day.isoformat(), _date_look(day, number_format)
        case date():
            return value.isoformat(), _date_look(value, number_format)
        case time():
            return value.isoformat(), None
        case timedelta():
            return str(value), None
    return str(value), None


def _date_look(day: date, number_format: str) -> Look:
    typed = f"perhaps {day.day}-{day.month}, or {day.month}-{day.day} with American settings"
    shown_as = f", shown {day_shown(day, number_format)}" if number_format else ""
    return Look("BCF224", f"{day.day} {day:%B %Y}{shown_as} ({typed})")


def _number(value: float, number_format: str) -> tuple[str, Look | None]:
    sections = _sections(number_format)
    section, text = _applying(sections, value), plain(value)
    if section.blank and value and len(sections) > 1:
        return text, Look("BCF020", "nothing")
    if section.percent and abs(value * 100) < inf:
        percent = plain(value * 100)
        step = Decimal(1).scaleb(-section.places)
        rounded = Decimal(percent).quantize(step, ROUND_HALF_UP, _ANY_LENGTH)
        shown_as = "" if rounded == Decimal(percent) else f", shown {rounded}%"
        return f"{percent}%", Look("BCF222", f"{text} is {percent}%{shown_as}")
    if section.scale > 1:
        return text, Look("BCF226", plain(value / section.scale), section.scale)
    if section.power:
        return text, Look("BCF224", f"{text}, shown {value:.2E}")
    if section.sign == "%":
        return f"{text}%", None
    if section.sign and number_format not in _DOLLARS_OF_ANY_COUNTRY:
        return (f"-{section.sign}{text[1:]}" if text[0] == "-" else f"{section.sign}{text}"), None
    if section.zeros and text.isdecimal():
        return text.zfill(section.zeros), None
    return text, None


def _applying(sections: tuple[_Section, ...], value: float) -> _Section:
    """Choose the section for a number: by its sign, or by the conditions the sections state."""
    if any(section.when for section in sections):
        met = (s for s in sections if s.when is None or _HOLDS[s.when[0]](value, s.when[1]))
        return next(met, sections[-1])
    above, below, at_nil = (*sections, *sections[:1] * 2)[:3]
    return below if value < 0 else above if value else at_nil


def plain(value: float) -> str:
    """Write a number without a power of ten, and without binary noise.

    A spreadsheet keeps 15 significant digits. Where sums and differences are stored the last two
    may be noise as well: they are where without them the number is shorter by four or more.

    >>> plain(0.07 * 100), plain(1e-05), plain(12.0), plain(4980.7 - 4804.15), plain(1 / 3)
    ('7', '0.00001', '12', '176.55', '0.333333333333333')
    """
    if isinstance(value, int):
        return str(value)
    text, short = f"{value:.15g}", f"{value:.13g}"
    if "e" not in short and len(text) - len(short) >= _NOISE:
        return short
    # Fixed notation: 15 significant digits never need more than 20 decimals for money.
    return f"{value:.10f}".rstrip("0").rstrip(".") if "e" in text else text


_DAY_PARTS: Final = {
    "d": "{0.day}", "dd": "{0:%d}", "ddd": "{0:%a}", "dddd": "{0:%A}",
    "m": "{0.month}", "mm": "{0:%m}", "mmm": "{0:%b}", "mmmm": "{0:%B}",
    "yy": "{0:%y}", "yyyy": "{0:%Y}",
}  # fmt: skip


_MOST_DAY_PARTS: Final = 20
_BESIDE_DAYS: Final = re.compile(r"\[[^\]]*\]|[\\_*]")
_BRACES: Final = str.maketrans({"{": "{{", "}": "}}"})


def day_shown(day: date, number_format: str) -> str:
    """Write a day as its format shows it; in full where the format shows more than a day.

    >>> day_shown(date(2026, 3, 1), "d-mmm")
    '1-Mar'
    """
    template = _day_template(number_format)
    return day.isoformat() if template is None else template.format(day)


@cache
def _day_template(number_format: str) -> str | None:
    """Return a format of days as one of Python; None where it shows more than a day."""
    bare = _BESIDE_DAYS.sub("", number_format.partition(";")[0]).replace('"', "").lower()
    parts = re.findall(r"d+|m+|y+|[^dmy]", bare)
    days = [part for part in parts if part[0] in "dmy"]
    if not (_DAY_PARTS.keys() >= {*days} and len(days) <= _MOST_DAY_PARTS) or {*parts} & {*"hs@"}:
        return None
    return "".join(_DAY_PARTS.get(part) or part.translate(_BRACES) for part in parts)
