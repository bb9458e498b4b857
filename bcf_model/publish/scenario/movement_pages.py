"""What moved in the first year, by theme (or block), organisation and cause."""

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from bcf_model.core.expressions import NIL
from bcf_model.core.figures import Figure
from bcf_model.core.findings import listed
from bcf_model.core.money import label, shown
from bcf_model.core.tables import Table, each, records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.budget_versions import IN_TOTAL
from bcf_model.plan.movement import Moved, moved
from bcf_model.plan.output_tables import MovementOut
from bcf_model.plan.words import CAUSE_NOT_STATED, NOT_ALLOCATED, OPENING
from bcf_model.publish.page import Cell, Heading, Money, Row, Sheet
from bcf_model.publish.scenario.lookups import View, of_scenario, who

TABLES: Final[Mapping[str, Table]] = {"movement": MovementOut}
"""The table of a movement, a file of its name."""
_CAUSE: Final = ("step", "cause")


def tables(view: View) -> dict[str, pd.DataFrame]:
    """Return the movement, the name of the scenario before each row."""
    frame = of_scenario(view, moved(view.projection).table)
    whole = MovementOut.validate(
        frame.assign(amount=frame["amount"].where(frame["amount"].notna(), 0).astype("int64"))
    )
    return {"movement": whole.assign(amount=frame["amount"])}


def sheets(view: View) -> tuple[Sheet, ...]:
    """Lay the page out."""
    found = moved(view.projection)
    year = spoken(view.years[0])
    later = f"{year}, agreed: {found.later}" if found.agreed else f"Closing {year}"
    return (
        Sheet(
            "Movement",
            f"What moved, and why, from {found.earlier} to "
            f"{found.later if found.agreed else f'the closing of {year}'}: {view.perimeter}",
            tuple(_said(view, found)),
            (
                Heading(f"{view.group_label} and organisation", width=52),
                Heading(f"Opening: {found.earlier}", "money", 16),
                Heading(later, "money", 16),
                Heading("Change", "money", 14),
                Heading("Cause", width=44),
            ),
            tuple(_rows(view, found)),
        ),
    )


def _said(view: View, found: Moved) -> Iterator[str]:
    """Return what the movement is between, and plainly what is not known of it."""
    group = view.group_label.lower()
    if found.agreed:
        yield "Both budgets are as they are stated; a cause is one that virements.csv states."
        for version, places in found.left_out.items():
            yield (
                f"Not given, and left blank: what needs the budget of {listed(places)}, of which "
                f"{version} states nothing. That is not nil."
            )
        if not found.table["amount"].dropna().any():
            yield "Nothing moved." if not found.left_out else "Nothing else moved."
        elif (found.table["cause"] == CAUSE_NOT_STATED).all():
            yield f"Not said, of any {group}: why it moved. No cause is stated between these two."
        elif found.unexplained:
            yield (
                f"Not said: why {shown(found.unexplained, view.unit)} moved, ups and downs "
                f"together, in {label(view.unit)}."
            )
    else:
        yield "A cause is a step of the bridge, and the assumption or programme it comes from."
    if not found.agreed and view.projection.scenario.settings.split:
        split = view.projection.scenario.settings.split
        yield (
            f"The opening is stated by {group}. Whose it is, and of which line, is as in {split}: "
            "that is an assumption."
        )
    if found.agreed and _nobody_named(found):
        yield "Not said: whose budgets moved. One of the two budgets names no organisations."
    if len(found.in_total_only):
        yield (
            f"Not said by {group}: what is known in total only. "
            + (
                f"It stands below the total, and is no part of it: whether the changes by {group} "
                "hold it, the two budgets do not say."
                if found.agreed
                else "It stands on a line that is not allocated, and is part of the total."
            )
        )


def _rows(view: View, found: Moved) -> Iterator[Row]:
    group = "block" if view.by_block else "theme"
    named = not _nobody_named(found)
    for code, name in _names(view, found, group).items():
        if named:
            yield Row("group", (name,))
        yield from _parts(view, found, {group: code}, name)
        if len(_places(found, group, code)) > 1:
            yield Row("subtotal", _amounts(view, found, _short(view, code, name), **{group: code}))
    yield Row("total", _amounts(view, found, "Total"))
    yield from _by_cause(view, found)
    if found.agreed and len(found.in_total_only):
        yield Row("group", (f"Beside it, on no theme: {spoken(view.years[0])}, in total only",))
        for row in records(found.in_total_only):
            yield Row(
                "line",
                ("In total only", None, None, Money(row.amount), _cause(row.step, row.cause)),
            )
        closed = view.closing(view.years[0], line=NOT_ALLOCATED) or NIL
        whole = view.amount(closed - (view.opening(line=NOT_ALLOCATED) or NIL))
        yield Row("subtotal", ("In total only, together", None, None, Money(whole), None))


def _names(view: View, found: Moved, group: str) -> dict[str, str]:
    """Name the themes, or blocks, that either budget has; what is on none at last."""
    plan = view.projection.plan
    frame = plan.tables["blocks"] if group == "block" else plan.inputs.themes
    names = {
        str(code): str(name) if group == "block" else f"{code} {name}"
        for code, name in zip(frame[group], frame["name"], strict=True)
    }
    occurring = {*found.table[group], *found.figures.tables["versions"][group]}
    nowhere = {"": view.groups[NOT_ALLOCATED]} if NOT_ALLOCATED in view.groups else {}
    nowhere = nowhere or {"": IN_TOTAL.capitalize()}
    nowhere |= {NOT_STATED: f"{IN_TOTAL.capitalize()}: not told by theme"}
    return {code: name for code, name in (names | nowhere).items() if code in occurring}


def _nobody_named(found: Moved) -> bool:
    return bool((found.figures.tables["versions"]["organisation"] == NOT_STATED).all())


def _short(view: View, code: str, name: str) -> str:
    return name if view.by_block or not code else f"{view.group_label} {code}"


def _parts(view: View, found: Moved, of: Mapping[str, str], name: str) -> Iterator[Row]:
    """Return the rows of a theme or block: by budget holder, and by kind where it has both."""
    [(group, code)] = of.items()
    places = _places(found, group, code)
    kinds = {kind for _, kind in places}
    for organisation, kind in places:
        which = f" ({kind})" if len(kinds) > 1 else ""
        whole = place = name + which
        if not _nobody_named(found):
            stated = organisation != NOT_STATED
            whole = place = (who(view, organisation) if stated else "Holder not stated") + which
        elif not view.by_block:
            whole = _short(view, code, name) + which
        where = {**of, "organisation": organisation, "kind": kind}
        yield from _place(view, found, place, f"{whole}, together", where)


def _places(found: Moved, group: str, code: str) -> list[tuple[str, ...]]:
    """Return who holds budgets of a theme or block, and of which kind, in the order they occur."""
    versions = found.figures.tables["versions"]
    return each(versions[versions[group] == code], "organisation", "kind")


def _place(
    view: View, found: Moved, place: str, whole: str, where: Mapping[str, str]
) -> Iterator[Row]:
    """Return the rows of a place: one, or one for each cause and one for the whole of it."""
    own = found.table
    for column, value in where.items():
        own = own[own[column] == value]
    causes = [it for it in each(own, *_CAUSE) if _moved(found, it, **where) != 0]
    if len(causes) <= 1:
        said = _cause(*causes[0]) if causes else "Nothing moved"
        *cells, blank = _amounts(view, found, place, **where)
        yield Row("line", (*cells, blank or said))
        return
    for cause in causes:
        moved_by = _of_cause(view, found, cause, **where)
        yield Row("line", (place, None, None, moved_by, _cause(*cause)))
    yield Row("subtotal", _amounts(view, found, whole, **where))


def _selected(view: View, where: Mapping[str, str]) -> dict[str, str]:
    """Return by what a place's rows of the walk are selected: what is on no group by its line."""
    group = "block" if view.by_block else "theme"
    named = {"group" if key == group else key: code for key, code in where.items()}
    return {"year": view.years[0], **{key: code or NOT_ALLOCATED for key, code in named.items()}}


def _of_cause(view: View, found: Moved, cause: tuple[str, ...], **where: str) -> Cell:
    """Return what a cause moved: a figure of the walk, or what is stated."""
    if found.agreed:
        return _money(_moved(found, cause, **where))
    of = dict(zip(_CAUSE, cause, strict=True))
    return view.figure("change", **of, **_selected(view, where))


def _amounts(view: View, found: Moved, name: str, **where: str) -> tuple[Cell, ...]:
    if not found.agreed:
        chosen = _selected(view, where)
        opened = view.figure("change", step=OPENING, **chosen)
        closed = view.figure("closing", **chosen)
        moved_by = closed - opened if closed and opened else None
        return (name, opened, closed, moved_by, None if moved_by else "Not given")
    place = tuple((key, (value,)) for key, value in where.items())
    before, after = Figure("earlier", place), Figure("later", place)
    amounts = [_money(found.figures.amount(it)) for it in (before, after, after - before)]
    return (name, *amounts, None if amounts[2] else "Not given")


def _by_cause(view: View, found: Moved) -> Iterator[Row]:
    causes = each(found.table, *_CAUSE)
    if len(causes) > 1:
        yield Row("group", ("By cause",))
        for cause in causes:
            moved_by = _of_cause(view, found, cause)
            yield Row("line", ("All", None, None, moved_by, _cause(*cause)))
        whole = _amounts(view, found, "Total")[3]
        yield Row("total", ("Total", None, None, whole, None))


def _moved(found: Moved, cause: tuple[str, ...], **where: str) -> int | None:
    """Return what a step and cause moved, in pence; None where something of it is not stated."""
    chosen = where | dict(zip(_CAUSE, cause, strict=True))
    return found.figures.amount(Figure("moved", tuple((k, (v,)) for k, v in chosen.items())))


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def _cause(step: str, cause: str) -> str:
    said = f"{step}: {cause}" if step and cause else step or cause
    return f"{said[:1].upper()}{said[1:]}"
