"""The workbook held against what it should be: sheet, cell, formula and stored value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bcf_model.verify.alike import Outcome, aligned, contrast, quoted
from bcf_model.verify.text_files import SAME_CONTENT
from bcf_model.verify.workbook_cells import TEXTS, Cells, Held, cells, place, says, texts
from bcf_model.verify.workbook_parts import Damaged, Parts, Tab, names, tabs, unpack

_ROOM: Final = 4
"""How many times larger than it should be a workbook may be and still be read."""
_BESIDE: Final = 2**20
_BOOK: Final = "xl/workbook.xml"


_TYPED, _FORMULA, _STORED, _LOOKS = range(4)
"""What a difference is about, in the order in which they are said: what someone typed comes first,
as a file that another program saved has many differences that nobody made."""
_Said = tuple[int, str]


@dataclass(frozen=True)
class _OfSheet:
    """How a sheet differs, and how many of its formulas have no stored value."""

    said: list[_Said] = field(default_factory=list)
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
    looked_at |= {_BOOK} if of_sheets or of_names else set()
    looked_at |= {TEXTS} if of_cells else set()
    typed, formulas, stored, written = (
        [text for kind, text in of_cells if kind == it]
        for it in (_TYPED, _FORMULA, _STORED, _LOOKS)
    )
    bare = _uncalculated(sum(sheet.uncalculated for sheet in by_sheet))
    rest = _other_parts(found.parts, good.parts, looked_at)
    return [*typed, *formulas, *of_sheets, *of_names, *bare, *stored, *written, *rest]


def _uncalculated(number: int) -> list[str]:
    """Say it once for all: another program than a spreadsheet may leave out every one of them."""
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
    said = list(_cells_differ(is_.name, held, right, headings))
    uncalculated = sum(it.uncalculated for line in held.values() for it in line.values())
    if not said and not uncalculated and not alike:
        otherwise = (
            f"sheet {quoted(is_.name)}: every cell holds what it should, but it is written "
            "otherwise (hidden rows, formats, widths or links)"
        )
        said = [(_LOOKS, otherwise)]
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


# ------------------------------------------------------------------ cells


def _cells_differ(sheet: str, held: Cells, right: Cells, headings: int) -> Iterator[_Said]:
    """Name each cell of a sheet that does not hold what it should; added and missing rows."""
    own, other = sorted(held), sorted(right)
    moved = False
    # Rows are not known again by results of formulas that one of the two files does not have.
    results = not any(it.uncalculated for line in held.values() for it in line.values())
    for i, j in aligned(
        [_key(held[row], results=results) for row in own],
        [_key(right[row], results=results) for row in other],
        [_row_label(held[row], results=results) for row in own],
        [_row_label(right[row], results=results) for row in other],
    ):
        if j is None and i is not None:
            moved = True
            said = _row_told(cell.value for _, cell in sorted(held[own[i]].items()))
            yield _TYPED, f"sheet {quoted(sheet)}: row {own[i]} should not be there: {said}"
        elif i is None and j is not None:
            moved = True
            named = _row_told([_row_label(right[other[j]])])
            yield _TYPED, f"sheet {quoted(sheet)}: row {other[j]} is missing: {named}"
        elif i is not None and j is not None:
            if own[i] != other[j] and not moved:
                moved = True
                yield _TYPED, f"sheet {quoted(sheet)}: row {own[i]} should be row {other[j]}"
            yield from _row_differs(sheet, (own[i], held[own[i]]), (other[j], right), headings)


def _key(line: dict[int, Held], *, results: bool) -> tuple[object, ...]:
    return tuple(
        (column, it.shown if results or not it.formula else None)
        for column, it in sorted(line.items())
    )


def _row_label(line: dict[int, Held], *, results: bool = True) -> str:
    first = line.get(1)
    return first.value if first and (results or not first.formula) else ""


def _row_told(values: Iterable[str]) -> str:
    said = ", ".join(it for it in values if it)
    return quoted(said) if said else "blank"


def _row_differs(
    sheet: str, own: tuple[int, dict[int, Held]], other: tuple[int, Cells], headings: int
) -> Iterator[_Said]:
    row, line = own
    should_row, right = other
    good = right[should_row]
    for column in sorted({*line, *good}):
        is_, should = line.get(column), good.get(column)
        # A formula that has moved refers to other rows: only its value can be compared.
        told = _told(is_, should, formulas=row == should_row)
        if told:
            named = [_row_label(good) if column > 1 else "", _heading(right, headings, column)]
            where = ", ".join(quoted(name)[1:-1] for name in named if name)
            text = f"{_cell(sheet, row, column)}{f' ({where})' if where else ''}: {told}"
            yield _about(is_, should), text


def _about(is_: Held | None, should: Held | None) -> int:
    """Say what a difference of a cell is about."""
    was, is_now = (says(it.formula) if it else "" for it in (should, is_))
    if was and was == is_now:
        return _STORED
    return _FORMULA if was or (should is None and is_now) else _TYPED


def _heading(right: Cells, headings: int, column: int) -> str:
    held = right.get(headings, {}).get(column)
    return held.value if held else ""


def _cell(sheet: str, row: int, column: int) -> str:
    return f"{quoted(sheet)[1:-1]}!{place(row, column)}"


def _told(is_: Held | None, should: Held | None, *, formulas: bool) -> str:
    """Say how what a cell holds differs from what it should hold; "" when it does not."""
    if should is None:
        return f"holds {_words(is_)}, should be blank" if is_ else ""
    if is_ is None:
        return f"is blank, should hold {_words(should)}"
    # A formula without a stored value is counted, with all others of the file.
    same_value = is_.shown == should.shown or (is_.uncalculated and bool(should.formula))
    same_formula = says(is_.formula) == says(should.formula) or (
        not formulas and bool(is_.formula) == bool(should.formula)
    )
    if same_value and same_formula:
        return ""
    if bool(is_.formula) != bool(should.formula):
        return f"holds {_words(is_)}, should hold {_words(should)}"
    said = []
    if not same_formula:
        holds, expected = contrast(f"={is_.formula}", f"={should.formula}")
        said.append(f"its formula is {holds}, should be {expected}")
    if not same_value:
        what = "its stored value is" if should.formula else "holds"
        good = "should be" if should.formula else "should hold"
        said.append(f"{what} {_values_told(is_, should)[0]}, {good} {_values_told(is_, should)[1]}")
        if should.formula and same_formula:
            said.append("its formula is as it should be")
    elif should.formula and not is_.uncalculated:
        said.append("its stored value is as it should be")
    return "; ".join(said)


def _values_told(is_: Held, should: Held) -> tuple[str, str]:
    holds, expected = contrast(is_.value, should.value)
    return _typed(is_, should, holds), _typed(should, is_, expected)


def _typed(held: Held, other: Held, text: str) -> str:
    if not held.value:
        return "blank"
    if held.kind != other.kind and other.value:
        return f"the {held.kind} {text}"
    return text[1:-1] if held.kind == "number" else text


def _words(held: Held) -> str:
    value = f"the {held.kind} {quoted(held.value)[1:-1]}" if held.value else "blank"
    if held.kind == "text" and held.value:
        value = quoted(held.value)
    return (
        f"the formula {quoted('=' + held.formula)}, which gives {value}" if held.formula else value
    )


# ------------------------------------------------------------------ the rest


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
