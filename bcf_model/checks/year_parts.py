"""Parts of the year: rules that change within it, and the facts of each (docs/rules.md, 13)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from bcf_model.checks.agreement_rows import named
from bcf_model.checks.code_index import declared_codes, unknown_in_scope
from bcf_model.checks.lines import line_keys
from bcf_model.checks.rules_in_force import DATED, DATES
from bcf_model.core.figures import Cover, scope_parts
from bcf_model.core.findings import Finding, listed
from bcf_model.core.ledger import cover_of
from bcf_model.core.money import sterling
from bcf_model.core.words import NONE, OVER_PARTS, OVER_THE_YEAR, PRO_RATA
from bcf_model.core.year_parts import PRO_RATA_COLUMNS, Part, changing_scopes, in_part
from bcf_model.core.years import first_day, last_day, within_year
from bcf_model.intake.drafts import Draft, Drafts

_AMOUNTS: Final = ("budget", "expenditure")


def parts_of(drafts: Drafts) -> dict[str, dict[Part, int]]:
    """Return for each line of parts.csv the row of each of its parts; none stands twice."""
    row_of_part: dict[str, dict[Part, int]] = defaultdict(dict)
    for i, code, *days in drafts["parts"].rows("scheme_id", "first_day", "last_day"):
        row_of_part[code].setdefault(Part(*days), i)
    return row_of_part


def stated_parts(drafts: Drafts) -> list[Part] | None:
    """Return the parts of the year, in order; None where it is not known which they are."""
    if drafts.year is None or "parts" not in drafts or not drafts["parts"].numbers:
        return []
    if drafts["parts"].broken or [*parts_make_the_year(drafts)]:
        return None
    return sorted({part for own in parts_of(drafts).values() for part in own})


def parts_make_the_year(drafts: Drafts) -> Iterator[Finding]:
    """The parts are the same of each line, and make the year together (BCF460, BCF461)."""
    year = drafts.year
    if year is None or "parts" not in drafts or drafts["parts"].broken:
        return
    draft, of_line = drafts["parts"], parts_of(drafts)
    parts = sorted({part for stated in of_line.values() for part in stated})
    begins, ends = first_day(year), last_day(year)
    due = begins
    for part in parts:
        first, last = (date.fromisoformat(day) for day in (part.first, part.last))
        if first != due or last < first or last > ends:
            at = next(stated[part] for stated in of_line.values() if part in stated)
            expected = f"parts from {begins} to {ends}, each from the day after the one before"
            yield draft.at(at).finding("BCF460", "first_day", str(part), expected)
            return
        due = last + timedelta(days=1)
    if parts and due <= ends:
        expected = f"a part from {due} to {ends}"
        at = next(stated[parts[-1]] for stated in of_line.values() if parts[-1] in stated)
        yield draft.at(at).finding("BCF460", "last_day", str(parts[-1]), expected)
        return
    for i, code, *days in draft.rows("scheme_id", "first_day", "last_day"):
        if of_line[code][Part(*days)] != i:
            value = f"{Part(*days)} of {code} twice"
            yield draft.at(i).finding("BCF461", "first_day", value)
    for code, stated in of_line.items():
        lost = [str(part) for part in parts if part not in stated]
        if lost:
            value, expected = f"{code} without {listed(lost)}", "every part of each line"
            at = min(stated.values())
            yield draft.at(at).finding("BCF461", "scheme_id", value, expected)


def parts_come_to_the_line(drafts: Drafts) -> Iterator[Finding]:
    """What is stated of a line's parts comes to what is stated of the line (BCF462)."""
    if "parts" not in drafts or "schemes" not in drafts or drafts["parts"].broken:
        return
    draft, schemes = drafts["parts"], drafts["schemes"]
    line = {code: i for i, code in enumerate(schemes.cells["scheme_id"])}
    of_line = parts_of(drafts)
    every = {part for stated in of_line.values() for part in stated}
    for code, stated in of_line.items():
        for name in _AMOUNTS if code in line else ():
            if name in schemes.broken or len(stated) < len(every):
                continue
            whole = schemes.cells[name][line[code]]
            total = sum(draft.cells[name][i] for i in stated.values())
            if total != whole:
                value = f"{sterling(total)} for {code}"
                said = "not stated" if whole is None else sterling(whole)
                expected = f"the {name} of the line, {said}"
                at = max(stated.values())
                yield draft.at(at).finding("BCF462", name, value, expected)


class Changing:
    """What changes within the year, of rules and limits that could be read.

    Attributes:
        scopes: those ruled part by part, each with the lines it covers.
        lines: the codes of these lines, in order.
        parts: of the year, in order.
    """

    def __init__(self, drafts: Drafts, frame: pd.DataFrame, year: str) -> None:
        """Check rules and limits of all dates."""
        self._frame, self._year = frame, year
        self.rows = {name: _frame_of(drafts[name]) for name in DATED if name in drafts}
        empty = pd.DataFrame({name: [] for name in ("covers", *DATES)}, dtype="str")
        limits = self.rows.get("limits", empty)
        self.scopes = changing_scopes(frame, self.rows["rules"], limits, year)
        marked = frame["pooling"].eq("").to_numpy()
        for covered in self.scopes.values():
            marked = marked | covered
        self.marked, self.lines = marked, frame.loc[marked, "scheme_id"].tolist()
        stated = parts_of(drafts) if "parts" in drafts else {}
        self.parts = sorted({part for own in stated.values() for part in own})
        self.unparted = [code for code in self.lines if code not in stated]

    def covers(self, limit: Any) -> tuple[bool, bool]:
        """Return whether a limit covers lines ruled by parts, and lines that are not."""
        here = cover_of(self._frame)(Cover.parse(limit).scope)
        return bool((here & self.marked).any()), bool((here & ~self.marked).any())


def changing(drafts: Drafts) -> Changing | None:
    """Return what changes within the year; None where nothing does, or it cannot be told."""
    frame, year = line_keys(drafts), drafts.year
    if year is None or frame is None or "rules" not in drafts:
        return None
    declared = declared_codes(drafts)
    for name, column in (("rules", "scope"), ("limits", "covers")):
        draft = drafts.get(name)
        if draft is None:
            continue
        if draft.broken & {column, *DATES}:
            return None
        for _, text in draft.rows(column):
            if [*unknown_in_scope(Cover.parse(text).lines, declared)]:
                return None
    if not any(
        within_year(year, *days) for name in DATED for _, *days in drafts.table(name).rows(*DATES)
    ):
        return None
    return Changing(drafts, frame, year)


def _frame_of(draft: Draft) -> pd.DataFrame:
    """Return a draft as a frame whose index is the place of each row in it."""
    return pd.DataFrame(
        {name: pd.Series(cells, dtype="object") for name, cells in draft.cells.items()}
    )


def facts_of_parts(drafts: Drafts) -> Iterator[Finding]:
    """What changes within the year has the facts it takes (BCF422, BCF463 to BCF466)."""
    found, year = changing(drafts), drafts.year
    if year is None or not {"parts", *DATED} <= {*drafts}:
        return  # it cannot be told which rules are in force
    draft = drafts["parts"]
    if found is None:
        sound = not draft.broken and "rules" in drafts and line_keys(drafts) is not None
        if draft.numbers and sound:
            yield draft.at(0).finding("BCF466", value=f"{len(draft.numbers)} rows")
        return
    if not draft.numbers:
        return  # said of each rule by its dates
    yield from _lines_stated(drafts, found)
    yield from _amounts_said(drafts, found, year)


def _lines_stated(drafts: Drafts, found: Changing) -> Iterator[Finding]:
    """Each line whose rules change is stated by parts, and nothing of it by the year alone."""
    schemes = drafts["schemes"]
    for i, code in schemes.rows("scheme_id"):
        if code in found.unparted:
            expected = f"rows of parts.csv for {listed([str(part) for part in found.parts])}"
            yield schemes.at(i).finding("BCF463", "scheme_id", code, expected)
    parted = set(found.lines)
    for name in ("causes", "payments"):
        for i, code in drafts.table(name).rows("scheme_id"):
            if code in parted:
                value = f"{code}, whose rules change within the year"
                yield drafts[name].at(i).finding("BCF464", "scheme_id", value)
    rules = drafts["rules"]
    for i, scope in rules.rows("scope"):
        if scope in found.scopes and scope_parts(scope)[1] != (NONE,):
            value = f"{scope} in {named(rules, i)}"
            yield rules.at(i).finding("BCF464", "scope", value)


def _amounts_said(drafts: Drafts, found: Changing, year: str) -> Iterator[Finding]:
    """Each amount that acts in parts of the year says what it means there (BCF465)."""
    months = all(part.months(year) for part in found.parts)
    asked = f"{', '.join(OVER_PARTS)}: as the agreement says"
    rules = drafts["rules"]
    for i, scope, said, *texts in rules.rows("scope", "over_parts", *PRO_RATA_COLUMNS):
        amounts = [text for text in texts if text and not text.endswith("%")]
        if scope not in found.scopes or not amounts:
            continue
        value = f"{said or 'nothing'} for {listed(amounts)} in {named(rules, i)}"
        if not said:
            expected = f"{' or '.join([*OVER_PARTS][:2])}: as the agreement says"
            expected += "; what stands for the whole year is a row of limits.csv"
            yield rules.at(i).finding("BCF465", "over_parts", value, expected)
        elif said == PRO_RATA and (not months or not all("£" in text for text in amounts)):
            yield rules.at(i).finding("BCF465", "over_parts", value, _BY_MONTHS)
    yield from _bands_alike(rules, found)
    draft = drafts.table("limits")
    columns = ("covers", "over_parts", "at_most")
    for i, covers, said, text in draft.rows(*columns) if draft.numbers else ():
        inside, outside = found.covers(covers)
        value = f"{said or 'nothing'} for {text} in {named(draft, i)}"
        if not inside:
            continue
        if not said:
            yield draft.at(i).finding("BCF465", "over_parts", value, asked)
        elif said == PRO_RATA and not months and "£" in text:
            yield draft.at(i).finding("BCF465", "over_parts", value, _BY_MONTHS)
        elif said != OVER_THE_YEAR and outside:
            expected = f"{OVER_THE_YEAR}, for it covers lines whose rules do not change as well"
            yield draft.at(i).finding("BCF465", "over_parts", value, expected)


def _bands_alike(rules: Draft, found: Changing) -> Iterator[Finding]:
    """The edges of one step mean the same in a part: else its bands overlap, or leave a gap."""
    for part in found.parts:
        there = {*in_part(found.rows["rules"], part).index}
        first: dict[tuple[Any, ...], tuple[int, str]] = {}
        for i, *step, said, begins, ends in rules.rows(
            "scope", "direction", "step", "over_parts", "band_from", "band_to"
        ):
            if i not in there or step[0] not in found.scopes or not said:
                continue
            if "£" not in f"{begins}{ends}":
                continue
            earlier, meant = first.setdefault(tuple(step), (i, said))
            if said != meant:
                value = f"{said} for the band of {named(rules, i)} in the part {part}"
                expected = f"{meant}, as for the band of {named(rules, earlier)}"
                yield rules.at(i).finding("BCF465", "over_parts", value, expected)
                return


_BY_MONTHS: Final = "per part: only pounds, and parts of whole months, can be parted by months"


def views(drafts: Drafts, *, apart: bool) -> Mapping[Part, Drafts]:
    """Return the pool as its rules see it: one where nothing changes within the year; or by part.

    In a part stand the rules and limits in force there, and the amounts of the part. Of a line
    that is not stated by parts they are the year's.

    Args:
        drafts: the pool.
        apart: show each rule only where it acts: those of scopes that change in the parts, all
            others, with the limits in force all year, in one more view, which has no days.
    """
    found, year = changing(drafts), drafts.year
    if year is None or found is None or not found.parts:
        return {Part(): drafts}
    of_line, schemes = parts_of(drafts), drafts["schemes"]
    seen: dict[Part, Drafts] = {}
    changes = found.rows["rules"]["scope"].isin([*found.scopes])
    if apart:
        whole = Part(str(first_day(year)), str(last_day(year)))
        seen[Part()] = drafts.having(_of_days(drafts, found, whole, ~changes))
    for part in found.parts:
        rows = [
            of_line.get(code, {}).get(part) if code in found.lines else None
            for code in schemes.cells["scheme_id"]
        ]
        own = _of_days(drafts, found, part, changes if apart else ~changes | changes)
        of_part = {"schemes": _of_part(schemes, drafts["parts"], rows)}
        seen[part] = drafts.having({**own, **of_part})
    return seen


def _of_days(
    drafts: Drafts, found: Changing, part: Part, shown: "pd.Series[Any]"
) -> dict[str, Draft]:
    """Return rules and limits in force on all days of a part; of the rules those to be shown."""
    there = {name: in_part(rows, part) for name, rows in found.rows.items()}
    there["rules"] = there["rules"][shown[there["rules"].index]]
    return {name: drafts[name].only(rows.index.tolist()) for name, rows in there.items()}


def _of_part(schemes: Draft, parts: Draft, rows: Sequence[int | None]) -> Draft:
    """Return the lines with the amounts of a part, by the row of the parts that states them."""
    cells = dict(schemes.cells)
    for name in _AMOUNTS:
        stated, whole = parts.cells[name], schemes.cells[name]
        cells[name] = [own if i is None else stated[i] for i, own in zip(rows, whole, strict=True)]
    alone = schemes.cells["variance"]
    cells["variance"] = [own if i is None else None for i, own in zip(rows, alone, strict=True)]
    return replace(schemes, cells=cells)


def together(found: Mapping[Part, Iterable[Finding]]) -> Iterator[Finding]:
    """Merge what is found of several parts: once where it is of all, else with the parts.

    What is found over the whole year, which has no days, is of no part.
    """
    where: dict[Finding, list[Part]] = defaultdict(list)
    for part, findings in found.items():
        for finding in findings:
            if part not in where[finding]:
                where[finding].append(part)
    for finding, parts in where.items():
        if len(parts) == len(found):
            yield finding
        elif finding.code in _IDLE:
            continue
        elif Part() in parts or len(parts) == len({*found} - {Part()}):
            yield finding
        else:
            days = f"in the part {listed([str(part) for part in parts])}"
            value = f"{finding.value} {days}" if finding.value else days
            yield replace(finding, value=value)


_IDLE: Final = frozenset({"BCF410", "BCF448"})
"""Findings of what acts on nothing: only where it does so in every part."""
