"""The cells of a sheet held against those it should have, row by row."""

from collections.abc import Iterable, Iterator

from bcf_model.intake.raw_table import address
from bcf_model.verify.row_matching import aligned, contrast, quoted
from bcf_model.verify.workbook_cells import Cells, Held, says

TYPED, FORMULA, STORED, LOOKS = range(4)
"""What a difference is about, in the order in which they are said: what someone typed comes first,
as a file that another program saved has many differences that nobody made."""
Said = tuple[int, str]


def cells_differ(sheet: str, held: Cells, right: Cells, headings: int) -> Iterator[Said]:
    """Name each cell of a sheet that does not hold what it should; added and missing rows.

    Args:
        sheet: its name.
        held: its cells.
        right: those it should have.
        headings: the row of these that has the headings.
    """
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
            yield TYPED, f"sheet {quoted(sheet)}: row {own[i]} should not be there: {said}"
        elif i is None and j is not None:
            moved = True
            named = _row_told([_row_label(right[other[j]])])
            yield TYPED, f"sheet {quoted(sheet)}: row {other[j]} is missing: {named}"
        elif i is not None and j is not None:
            if own[i] != other[j] and not moved:
                moved = True
                yield TYPED, f"sheet {quoted(sheet)}: row {own[i]} should be row {other[j]}"
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
) -> Iterator[Said]:
    row, line = own
    should_row, right = other
    good = right[should_row]
    for column in sorted({*line, *good}):
        is_, should = line.get(column), good.get(column)
        # A formula that has moved refers to other rows: only its value can be compared.
        differs = _difference(is_, should, formulas=row == should_row)
        if differs:
            named = [_row_label(good) if column > 1 else "", _heading(right, headings, column)]
            where = ", ".join(quoted(name)[1:-1] for name in named if name)
            text = f"{_cell(sheet, row, column)}{f' ({where})' if where else ''}: {differs}"
            yield _about(is_, should), text


def _about(is_: Held | None, should: Held | None) -> int:
    """Return what a difference of a cell is about."""
    was, is_now = (says(it.formula) if it else "" for it in (should, is_))
    if was and was == is_now:
        return STORED
    return FORMULA if was or (should is None and is_now) else TYPED


def _heading(right: Cells, headings: int, column: int) -> str:
    held = right.get(headings, {}).get(column)
    return held.value if held else ""


def _cell(sheet: str, row: int, column: int) -> str:
    return f"{quoted(sheet)[1:-1]}!{address(row, column)}"


def _difference(is_: Held | None, should: Held | None, *, formulas: bool) -> str:
    """Return how what a cell holds differs from what it should hold; "" when it does not."""
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
