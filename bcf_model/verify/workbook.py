"""The workbook held against what it should be: sheet, cell, formula and stored value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bcf_model.intake.workbooks.guard import Damaged
from bcf_model.intake.workbooks.xlsx_contents import Tab
from bcf_model.verify.row_matching import Outcome, contrast, quoted
from bcf_model.verify.text_files import SAME_CONTENT
from bcf_model.verify.workbook_cells import TEXTS, Cells, cells, says, texts
from bcf_model.verify.workbook_parts import BOOK, Parts, names, tabs, unpack
from bcf_model.verify.workbook_rows import FORMULA, LOOKS, STORED, TYPED, Said, cells_differ

_ROOM: Final = 4
"""How many times larger than it should be a workbook may be and still be read."""
_BESIDE: Final = 2**20


@dataclass(frozen=True)
class _OfSheet:
    """How a sheet differs, and how many of its formulas have no stored value."""

    said: list[Said] = field(default_factory=list)
    uncalculated: int = 0


@dataclass(frozen=True)
class _Book:
    parts: Parts
    tabs: list[Tab]
    texts: list[str]

    def cells(self, tab: Tab) -> tuple[Cells, int]:
        return cells(self.parts, tab.part, self.texts)


def compare_workbook(found: bytes, expected: bytes) -> Outcome:
    """Compare a workbook with the one that should stand there, cell by cell.

    Formulas and stored values are compared each for itself, the names formulas use, the sheets and
    their order. What is left, such as formats, may not differ either, as it decides what is seen.
    """
    good = unpack(expected)
    try:
        size = sum(map(len, good.values()))
        parts = unpack(found, _ROOM * size + _BESIDE)
        if parts == good:
            return Outcome(notes=(f"{SAME_CONTENT}: every part is equal, packed otherwise",))
        return Outcome(tuple(_differences(_open(parts), _open(good))))
    except Damaged as problem:
        return Outcome((f"it cannot be compared: {problem}",))


def _open(parts: Parts) -> _Book:
    return _Book(parts, tabs(parts), texts(parts))


def _differences(found: _Book, good: _Book) -> list[str]:
    pairs = _paired(found, good)
    of_sheets = list(_sheets_differ(found, good, pairs))
    of_names = list(_names_differ(found, good))
    by_sheet = [_sheet_differs(found, good, *pair) for pair in pairs]
    of_cells = [it for sheet in by_sheet for it in sheet.said]
    looked_at = {part for is_, should in pairs for part in (is_.part, should.part)}
    looked_at |= {BOOK} if of_sheets or of_names else set()
    looked_at |= {TEXTS} if of_cells else set()
    typed, formulas, stored, written = (
        [text for kind, text in of_cells if kind == it] for it in (TYPED, FORMULA, STORED, LOOKS)
    )
    bare = _uncalculated(sum(sheet.uncalculated for sheet in by_sheet))
    rest = _other_parts(found.parts, good.parts, looked_at)
    return [*typed, *formulas, *of_sheets, *of_names, *bare, *stored, *written, *rest]


def _uncalculated(number: int) -> list[str]:
    """Report it once for all: a program that is no spreadsheet may leave out every one."""
    if not number:
        return []
    they = "1 formula has" if number == 1 else f"{number:,} formulas have"
    return [f"{they} no stored value: the file was saved without being calculated"]


def _sheet_differs(found: _Book, good: _Book, is_: Tab, should: Tab) -> _OfSheet:
    alike = found.parts[is_.part] == good.parts[should.part]
    if alike and found.texts == good.texts:
        return _OfSheet()
    right, headings = good.cells(should)
    held = found.cells(is_)[0]
    said = list(cells_differ(is_.name, held, right, headings))
    uncalculated = sum(it.uncalculated for line in held.values() for it in line.values())
    if not said and not uncalculated and not alike:
        otherwise = (
            f"sheet {quoted(is_.name)}: every cell holds what it should, but it is written "
            "otherwise (hidden rows, formats, widths or links)"
        )
        said = [(LOOKS, otherwise)]
    return _OfSheet(said, uncalculated)


def _paired(found: _Book, good: _Book) -> list[tuple[Tab, Tab]]:
    """Pair the sheets by name; one without a namesake with what holds the same, or stands there."""
    own = {tab.name: tab for tab in found.tabs}
    wanted = {tab.name for tab in good.tabs}
    free = [tab for tab in found.tabs if tab.name not in wanted]
    pairs = []
    for at, tab in enumerate(good.tabs):
        renamed = own.get(tab.name)
        if renamed is None and free:
            held = _values(good.cells(tab)[0])
            alike = (it for it in free if _values(found.cells(it)[0]) == held)
            here = (it for it in free if found.tabs.index(it) == at)
            renamed = next(alike, None) or next(here, None)
        if renamed:
            free = [it for it in free if it is not renamed]
            pairs.append((renamed, tab))
    return pairs


def _values(held: Cells) -> object:
    return {row: {c: it.shown for c, it in line.items()} for row, line in held.items()}


def _sheets_differ(found: _Book, good: _Book, pairs: list[tuple[Tab, Tab]]) -> Iterator[str]:
    for is_, should in pairs:
        if is_.name != should.name:
            yield f"sheet {quoted(should.name)} has been renamed to {quoted(is_.name)}"
        if is_.state != should.state:
            yield f"sheet {quoted(is_.name)} is {is_.state!a}, should be {should.state!a}"
    claimed, met = {is_.name for is_, _ in pairs}, {should.name for _, should in pairs}
    for tab in found.tabs:
        if tab.name not in claimed:
            yield f"sheet {quoted(tab.name)} should not be there"
    for tab in good.tabs:
        if tab.name not in met:
            yield f"sheet {quoted(tab.name)} is missing"
    order = [is_.name for is_, _ in pairs]
    if order != [tab.name for tab in found.tabs if tab.name in claimed]:
        yield "the sheets stand in another order than they should"
    if len(found.tabs) != len({tab.name for tab in found.tabs}):
        yield "two sheets have the same name"


def _names_differ(found: _Book, good: _Book) -> Iterator[str]:
    own, right = names(found.parts), names(good.parts)
    for name in sorted({*own, *right}):
        if name not in right:
            yield f"the name {quoted(name)} should not be there: it refers to {quoted(own[name])}"
        elif name not in own:
            yield f"the name {quoted(name)} is missing: it should refer to {quoted(right[name])}"
        elif says(own[name]) != says(right[name]):
            holds, expected = contrast(own[name], right[name])
            yield f"the name {quoted(name)} refers to {holds}, should refer to {expected}"


def _other_parts(found: Parts, good: Parts, looked_at: set[str]) -> Iterator[str]:
    """Name the parts that are neither cells nor names: formats, charts, links, macros."""
    for part in sorted({*found, *good} - looked_at):
        if part not in good:
            yield f"the part {quoted(part)} should not be in the file"
        elif part not in found:
            yield f"the part {quoted(part)} is missing from the file"
        elif found[part] != good[part]:
            yield (
                f"the part {quoted(part)} is not as it should be (it decides how cells are seen, "
                "not what they hold)"
            )
