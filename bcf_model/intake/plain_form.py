"""Cells as people write them, made as they are read: codes for names, years, units and dates.

Nothing here changes what a cell means. What could mean two things is refused with both; what is
read otherwise than it is written is told once for a column, with a count (BCF033, BCF225).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from bcf_model.core.findings import one_of
from bcf_model.core.money import NotMoney, read_amount, read_number
from bcf_model.core.spellings import plain_date, plain_unit, plain_year, shows_day_first
from bcf_model.core.tables import INPUT_TABLES, FieldMeaning
from bcf_model.core.words import (
    CARRIED_FORWARD,
    NONE,
    NOT_STATED,
    OUTSIDE,
    POSITIONS,
    ROLES,
    UNITS,
)
from bcf_model.intake.as_displayed import Stop
from bcf_model.intake.cells import SPELT, tidy
from bcf_model.intake.raw_table import RawPool, RawTable

NAMED: Final = "BCF225"
_SPOKEN: Final = {"", "all", NOT_STATED, NONE, CARRIED_FORWARD, OUTSIDE, *ROLES}
"""What may stand for a code, and is none."""
_NUMBERS: Final = {"commentary.over_pounds", "commentary.over_percent"}
"""Settings that are numbers."""
_NUMERIC: Final = {"money", "percent", "quantity", "share", "whole"}
_IN_DOUBT: Final = re.compile(r"[-−+(£\s]*[0-9]{1,3}[.,][0-9]{3}[)%\s-]*")
"""A number that has one sign, before three digits: they may be thousandths, or its hundreds."""
_ENGLISH: Final = re.compile(
    r"[^.]*(?:[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{4,}\.[0-9]+|,[0-9]{3}\.[0-9]+)[^.,0-9]*"
    r"|[^.]*,[0-9]{3},[0-9]{3}[^.,0-9]*"
)
"""A number whose comma, if it has any, can only part thousands."""


class _Called(NamedTuple):
    """The codes of a table: themselves, by their names, and by themselves in any capitals."""

    codes: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    folded: Mapping[str, tuple[str, ...]]


class Names:
    """What the codes of a pool are called."""

    def __init__(self, pairs: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Keep, by table, each code with its name; it is looked into when a column refers to it."""
        self._pairs = pairs
        self._called: dict[str, _Called] = {}

    @classmethod
    def of(cls, tables: Mapping[str, RawTable]) -> "Names":
        """Return what the tables of a pool say, as text."""
        pairs = {}
        for name, (code, called) in _NAMED_IN.items():
            found = tables.get(name)
            if found is not None and {code, called} <= {*found.columns}:
                at = found.columns.index(code), found.columns.index(called)
                pairs[name] = [(tidy(row[at[0]]), tidy(row[at[1]])) for row in found.rows]
        return cls(pairs)

    @classmethod
    def of_frames(cls, frames: Mapping[str, Any]) -> "Names":
        """Return what the tables of a pool say that was found sound, by the name of each."""
        pairs = {
            table: [*zip(frames[table][code], frames[table][name], strict=True)]
            for table, (code, name) in _NAMED_IN.items()
        }
        return cls(pairs)

    def _of(self, table: str) -> _Called:
        if table not in self._called:
            pairs = [it for it in self._pairs.get(table, ()) if it[0]]
            self._called[table] = _Called(
                frozenset(code for code, _ in pairs),
                _gathered((name.casefold(), code) for code, name in pairs if name),
                _gathered((code.casefold(), code) for code, _ in pairs),
            )
        return self._called[table]

    def codes(self, text: str, tables: Sequence[str]) -> tuple[str, ...]:
        """Return the codes that a text may stand for: none, one, or those between which it is open.

        Args:
            text: of a cell.
            tables: whose codes may stand in it.
        """
        said = tidy(text)
        folded, homes = said.casefold(), [self._of(table) for table in tables]
        if folded in _SPOKEN:
            return ()
        found = {code for home in homes for code in home.names.get(folded, ())}
        if any(said in home.codes for home in homes):
            return tuple(sorted(found | {said}))
        found |= {code for home in homes for code in home.folded.get(folded, ())}
        return tuple(sorted(found))


NO_NAMES: Final = Names({})
"""Where nothing is known of what codes are called."""


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, code in dict.fromkeys(pairs):
        found[name] = (*found.get(name, ()), code)
    return found


def _code_and_name(columns: Iterable[FieldMeaning]) -> tuple[str, str] | None:
    """Return the columns of a table that are its codes and their names."""
    found = {it.name: it for it in columns}
    code = next((it.name for it in found.values() if it.unique and it.form == "code"), "")
    name = next((it for it in ("name", "scheme") if it in found), "")
    return (code, name) if code and name and not found[code].refers_to else None


_NAMED_IN: Final = {
    table.name: pair for table in INPUT_TABLES if (pair := _code_and_name(table.model.fields))
}
"""By table, the column of its codes and that of their names."""


class Written(NamedTuple):
    """A column made plain.

    Attributes:
        texts: of its cells.
        stops: by row, why a cell cannot be read.
        notes: code and value of what is told of the column, and the row of its first cell.
    """

    texts: list[str]
    stops: Mapping[int, Stop]
    notes: Sequence[tuple[int, str, str]]


class Spellings:
    """How the cells of a table are written, seen over all of its columns."""

    def __init__(
        self, found: RawTable, forms: Mapping[str, FieldMeaning], names: Names | None
    ) -> None:
        """Take a table, what its columns mean, and what the codes they name are called."""
        self._found, self._forms, self._names = found, forms, names

    def _texts_of(self, forms: Iterable[str]) -> Iterator[str]:
        wanted = set(forms)
        for at, name in enumerate(self._found.columns):
            if name in self._forms and self._forms[name].form in wanted:
                yield from {row[at] for row in self._found.rows}

    @cached_property
    def _day_first(self) -> bool:
        return any(map(shows_day_first, self._texts_of(("date",))))

    @cached_property
    def _commas_are_clear(self) -> bool:
        """Whether a comma in a number can only part thousands."""
        if self._found.separator != ";":
            return True
        return any(map(_ENGLISH.fullmatch, self._texts_of(_NUMERIC)))

    def plain(self, texts: list[str], meaning: FieldMeaning) -> Written:
        """Return a column made plain."""
        if meaning.refers_to and self._names:
            return self._as_codes(texts, meaning, self._names)
        if meaning.form in _NUMERIC and self._found.separator == ";":
            return Written(texts, self._in_doubt(texts), ())
        spelt = self._spelt(meaning)
        if spelt is None:
            return Written(texts, {}, ())
        other = {text: it for text in {*texts} if text.strip() and (it := spelt(text)) != text}
        if not other:
            return Written(texts, {}, ())
        return Written([other.get(it, it) for it in texts], {}, [noted(texts, other, SPELT)])

    def _spelt(self, meaning: FieldMeaning) -> Callable[[str], str] | None:
        """Return how a cell of a column is made plain; None where it is read as it is."""
        if meaning.form == "date":
            return lambda text: plain_date(text, day_first=self._day_first)
        if meaning.form == "year":
            return plain_year
        if meaning.name == "unit" and {*UNITS} <= {*(meaning.words or ())}:
            return lambda text: text if text.strip().casefold() in UNITS else plain_unit(text)
        return None

    def _in_doubt(self, texts: list[str]) -> dict[int, Stop]:
        if self._commas_are_clear:
            return {}
        return {
            i: ("BCF016", repr(tidy(text)), _readings(text))
            for i, text in enumerate(texts)
            if _IN_DOUBT.fullmatch(text)
        }

    def _as_codes(self, texts: list[str], meaning: FieldMeaning, names: Names) -> Written:
        """Return codes for names; a name that is open between two stops."""
        other: dict[str, str] = {}
        open_: dict[str, tuple[str, ...]] = {}
        for text in {*texts}:
            if len(codes := names.codes(text, meaning.refers_to)) > 1:
                open_[text] = codes
            elif codes and codes[0] != tidy(text):
                other[text] = codes[0]
        if not other and not open_:
            return Written(texts, {}, ())
        stops = {
            i: ("BCF032", repr(tidy(text)), one_of(open_[text]))
            for i, text in enumerate(texts)
            if text in open_
        }
        notes = [noted(texts, other, NAMED, meaning.name)] if other else []
        return Written([other.get(it, it) for it in texts], stops, notes)


def _readings(text: str) -> str:
    """Return what a number can be that has one sign before three digits."""
    whole, thousandths = re.split("[.,]", re.sub(r"[^0-9.,]", "", text))
    return f"{whole}{thousandths} or {whole}.{thousandths}, without a comma"


def noted(
    texts: Sequence[str], other: Mapping[str, str], code: str, column: str = ""
) -> tuple[int, str, str]:
    """Return what is told of the cells that are read as something else than they say.

    Args:
        texts: of a column.
        other: what is read of each that is not read as it is.
        code: of the note.
        column: its heading, where that is to be said.
    """
    at = [i for i, text in enumerate(texts) if text in other]
    first = texts[at[0]]
    count = "1 cell" if len(at) == 1 else f"{len(at):,} cells"
    of = f" of {column}" if column else ""
    which = "" if len(at) == 1 else ", the first"
    return at[0], code, f"{count}{of}{which} {tidy(first)!r} for {other[first]}"


def plain_amount(text: str, unit: str | None) -> str:
    """Return an amount without a plus and needless noughts; any other text as it is."""
    try:
        return read_amount(text, unit or "pounds").plain or text
    except NotMoney:
        return text


# ------------------------------------------------------------------ settings


def plain_settings(raw: RawPool) -> None:
    """Make the settings of a pool plain, and tell which were written otherwise."""
    if raw.settings is None:
        return
    plain: dict[str, object] = {}
    for name, value in raw.settings.items():
        said = re.sub(r"\s+", "_", name.strip().lower())
        if said in plain:
            where = {"column": said, "sheet": raw.settings_sheet}
            raw.add("BCF104", raw.settings_file, value="it a second time", expected="one", **where)
        plain[said] = _setting(raw, said, value)
    raw.settings = plain


def _number(text: str) -> object:
    """Return a number without its £, % and commas; any other text, and one in doubt, as it is."""
    said = text.strip().removesuffix("%")
    try:
        number = read_number(said)
    except NotMoney:
        return text
    if "." not in said:
        return int(number)
    return text if _IN_DOUBT.fullmatch(said) else float(number)


def _setting(raw: RawPool, name: str, value: object) -> object:
    """Return a setting made plain, and those within it."""
    last = name.rpartition(".")[2]
    plain: object
    if isinstance(value, dict) and "." not in name:
        return {it: _setting(raw, f"{name}.{it}", inner) for it, inner in value.items()}
    if not isinstance(value, str):
        return value
    if last.endswith("year"):
        plain = plain_year(value)
    elif last == "as_at":
        plain = plain_date(value)
    elif name == "unit":
        plain = plain_unit(value)
    elif name == "basis" and value.strip().casefold() in POSITIONS:
        plain = value.strip().casefold()
    elif name in _NUMBERS:
        plain = _number(value)
    else:
        return value
    if str(plain) != value:
        where = {"column": name, "sheet": raw.settings_sheet}
        raw.add(SPELT, raw.settings_file, value=f"{tidy(value)!r} for {plain}", **where)
    return plain
