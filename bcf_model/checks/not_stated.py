"""Checks of amounts not stated: where that is allowed, and whether stated amounts agree.

A column that no row fills is a statement by itself. A blank among filled cells is more likely a
slip, so there the words `not stated` are asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bcf_model.checks.code_index import declared_codes
from bcf_model.core.basis import own_versions
from bcf_model.core.findings import Finding, listed
from bcf_model.core.money import sterling
from bcf_model.core.stated_amounts import AMOUNTS
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.core.words import NOT_STATED
from bcf_model.intake.cells import tidy
from bcf_model.intake.drafts import Draft, Drafts

_TYPED: Final = ("budget", "expenditure")
_COSTS: Final = {
    "budget": "its percentage, and every total of budgets it belongs to",
    "expenditure": "its variance, who bears that, and every total it belongs to",
}
"""What is blank because an amount of a line is not stated."""


def _cell_text(draft: Draft, column: str, i: int) -> str:
    """Return a cell as it stood, trimmed; "" for a blank, and for a column that is not there."""
    texts = draft.texts.get(column)
    return tidy(texts[i]) if texts else ""


def _is_filled(draft: Draft, column: str) -> bool:
    """Return whether any row fills a column."""
    return any(_cell_text(draft, column, i) for i in range(len(draft.numbers)))


def _blank(draft: Draft) -> Iterator[tuple[int, str]]:
    """Find the blanks of a line among filled cells: each its row and column.

    A line that states its variance may leave its budget and expenditure blank.
    """
    for column in ("organisation", *_TYPED):
        if _is_filled(draft, column):
            for i in range(len(draft.numbers)):
                alone = column in _TYPED and _cell_text(draft, "variance", i)
                if not _cell_text(draft, column, i) and not alone:
                    yield i, column


def without_blanks(drafts: Drafts) -> Drafts:
    """Return the drafts with such a blank taken for what it is: a cell that cannot be read."""
    if "schemes" not in drafts:
        return drafts
    draft = drafts["schemes"]
    broken = draft.broken | {column for _, column in _blank(draft)}
    return drafts.having({"schemes": replace(draft, broken=broken)})


def blanks(drafts: Drafts) -> Iterator[Finding]:
    """A cell is not blank where others of its column are filled (BCF201)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        meanings = {meaning.name: meaning.meaning for meaning in _SCHEMES.model.fields}
        for i, column in _blank(draft):
            what = re.split("[;:]", meanings[column])[0].lower()
            expected = f"{what}, or the words '{NOT_STATED}'"
            yield draft.at(i).finding("BCF201", column, expected=expected)


_SCHEMES: Final = next(table for table in INPUT_TABLES if table.name == "schemes")


def amounts_stated(drafts: Drafts) -> Iterator[Finding]:
    """What a pool does not state of its amounts is said once, or line by line (BCF312 to 315)."""
    if "schemes" not in drafts or drafts["schemes"].broken & {*AMOUNTS}:
        return
    draft = drafts["schemes"]
    count = len(draft.numbers)
    stated = {name: [c is not None for c in draft.cells[name]] for name in AMOUNTS}
    if count and not any(any(cells) for cells in stated.values()):
        yield draft.at().finding("BCF315", "budget")
        return
    yield from _disagreeing(draft)
    if not any(stated["expenditure"]) and not any(stated["variance"]):
        value = f"{count:,} lines with a budget alone"
        yield draft.at().finding("BCF312", "expenditure", value)
        lost: tuple[str, ...] = ("budget",)
    else:
        lost = _TYPED
    alone = [i for i in range(count) if stated["variance"][i]]
    bare = [i for i in alone if not stated["budget"][i] and not stated["expenditure"][i]]
    for i in range(count):
        for name in lost:
            other = _TYPED[name == "budget"]
            follows = stated["variance"][i] and stated[other][i]
            if not stated[name][i] and not follows and i not in {*bare}:
                value = f"the {name} of {draft.cells['scheme_id'][i]}"
                yield draft.at(i).finding("BCF313", name, f"{value}: blank are {_COSTS[name]}")
    if bare:
        codes = listed([str(draft.cells["scheme_id"][i]) for i in bare])
        yield draft.at().finding("BCF314", "variance", codes)


def _disagreeing(draft: Draft) -> Iterator[Finding]:
    """Find the lines whose three amounts do not agree (BCF316)."""
    for i, budget, spent, variance in draft.rows(*AMOUNTS):
        if spent - budget != variance:
            value = f"{sterling(variance)} for {draft.cells['scheme_id'][i]}"
            expected = f"{sterling(spent)} − {sterling(budget)} = {sterling(spent - budget)}"
            yield draft.at(i).finding("BCF316", "variance", value, expected)


def holders(drafts: Drafts) -> Iterator[Finding]:
    """It is said where nobody states whose a line is, and what that costs (BCF317)."""
    draft = drafts.table("schemes")
    without_holder = [i for i, holder in draft.rows("organisation") if holder == NOT_STATED]
    if without_holder:
        value = listed([str(draft.cells["scheme_id"][i]) for i in without_holder])
        yield draft.at(without_holder[0]).finding("BCF317", "organisation", value)


def prevention(drafts: Drafts) -> Iterator[Finding]:
    """Which kind of prevention a line is, is stated of every line or of none (BCF325)."""
    draft = drafts.table("schemes")
    rows = [*draft.rows("prevention", "pooling")]
    blank = [i for i, kind, pooling in rows if not kind and pooling == "pooled"]
    if blank and any(kind for _, kind, _ in rows):
        value = listed([str(draft.cells["scheme_id"][i]) for i in blank])
        yield draft.at(blank[0]).finding("BCF325", "prevention", f"nothing of {value}")


def budgets(drafts: Drafts) -> Iterator[Finding]:
    """A version is stated by theme throughout or not at all, with its amounts (BCF318, BCF320)."""
    draft = drafts.table("budgets")
    row_of_theme: dict[str, dict[str, int]] = {}
    blank: dict[str, list[int]] = {}
    for i, version, theme, scheme in draft.rows("version", "theme", "scheme_id"):
        if theme != NOT_STATED:
            row_of_theme.setdefault(version, {})[theme] = i
        elif not scheme and not _cell_text(draft, "theme", i):
            blank.setdefault(version, []).append(i)
    for version, rows in blank.items():
        if version in row_of_theme:
            value = f"a blank in {version!r}, which states {', '.join(row_of_theme[version])}"
            expected = f"a theme, or the words '{NOT_STATED}'; or no row by theme in this version"
            yield draft.at(rows[0]).finding("BCF318", "theme", value, expected)
    for i, version in draft.rows("version"):
        if draft.cells["amount"][i] is None and "amount" not in draft.broken:
            value = f"an amount of {version!r}"
            yield draft.at(i).finding("BCF320", "amount", value)


_PLACE: Final = ("theme", "organisation", "scheme_id")
_OWN: Final = ("theme", "pooling", "budget")
_NOWHERE: Final = {NOT_STATED, ""}


def left_out(drafts: Drafts) -> Iterator[Finding]:
    """Find what one version states and another, told in the same way, leaves out (BCF319).

    The budgets of the pool's own lines are a version too: it has them all. A row of which the
    version or a code is wrong is said to be so elsewhere, and not what then seems left out.
    """
    if "budgets" not in drafts or drafts.settings is None:
        return
    own, taken = drafts.settings.standing.budget, own_versions(drafts.settings.standing)
    draft, schemes, declared = drafts["budgets"], drafts.get("schemes"), declared_codes(drafts)
    first: dict[str, int] = {}
    for i, version in draft.rows("version"):
        first.setdefault(version, i)
    unread = draft.broken & {"version", *_PLACE} or (schemes and schemes.broken & {*_OWN})
    if (
        unread
        or any(version in taken for version in first)
        or not all(
            code in declared.get(column, ()) or code in _NOWHERE
            for column in _PLACE
            for _, code in draft.rows(column)
        )
    ):
        return
    for column in _PLACE:
        stated: dict[str, dict[str, None]] = {version: {} for version in first}
        partly: set[str] = set()
        rows = [row for _, *row in draft.rows("version", column)]
        if schemes is not None and column == "theme":
            lines = schemes.rows(*_OWN)
            rows += [[own, code] for _, code, pooling, _ in lines if pooling == "pooled"]
            stated[own] = {}
        for version, code in rows:
            if code in _NOWHERE:
                partly.add(version)
            else:
                stated[version][code] = None
        whole = [version for version in stated if stated[version] and version not in partly]
        every = dict.fromkeys(code for version in whole for code in stated[version])
        for version in whole:
            if version == own:
                continue
            lost = [code for code in every if code not in stated[version]]
            if lost:
                others = [repr(v) for v in whole if {*lost} & {*stated[v]}]
                value = f"no {column.removesuffix('_id')} {listed(lost)} in {version!r}"
                expected = f"as in {listed(others)}"
                yield draft.at(first[version]).finding("BCF319", column, value, expected)
