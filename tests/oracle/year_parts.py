"""The parts of a year a second time: what is ruled in each, by which rows (docs/rules.md, 13).

Written from that page alone. Where it may be read in two ways, "Read as:" says which.
"""

from dataclasses import dataclass

from tests.oracle.facts import NOT_STATED, Line, in_force, keys_of, names, tidy_scope, with_defaults
from tests.oracle.sums import Pool, Row, half_away, number, pence

Months = tuple[int, int]


@dataclass
class Stage:
    """What is worked by itself: one part of the year, or last the whole of it.

    Attributes:
        part: its days; blank for the whole year.
        ruled: the lines that are ruled in it, with their amounts in it.
        stated: all pooled lines whose category is stated, with the budgets that are measured in it.
        rules: the rows in force in it, with their amounts in it.
        limits: the limits in force in it, with theirs; `of_year` has the codes of those that are
            one limit for all of the year.
    """

    part: str
    ruled: list[Line]
    stated: list[Line]
    rules: list[Row]
    limits: list[Row]
    of_year: set[str]


def stages(pool: Pool, unit: str, began: int, pooled: list[Line]) -> list[Stage]:
    """Give the parts of the year in order, and last the whole year.

    Args:
        pool: rows of each file.
        unit: of the amounts.
        began: the year in which the financial year begins.
        pooled: the lines of the pool, with their amounts of the year.
    """
    first, last = f"{began}-04-01", f"{began + 1}-03-31"
    stated = [line for line in pooled if line["category"] != NOT_STATED]
    rules = [{**row, "scope": tidy_scope(row["scope"])} for row in with_defaults(pool, "rules")]
    limits = with_defaults(pool, "limits")
    changing = _changing(rules, limits, stated, (first, last))
    parted = [line for line in stated if any(_is_of(line, scope) for scope in changing)]
    rest = [line for line in stated if line not in parted]
    of_year = {row["limit_id"] for row in limits if not _stands_in_parts(row, parted, rest)}
    found = []
    days = {(row["first_day"], row["last_day"]) for row in pool.get("parts", [])} if parted else []
    for begins, ends in sorted(days):
        there = [_in_part(pool, unit, line, begins) for line in parted]
        months = _months(begins, ends)
        found.append(
            Stage(
                part=f"{begins} to {ends}",
                ruled=there,
                stated=[next((t for t in there if _same(t, line)), line) for line in stated],
                rules=[
                    _pro_rata(rule, months)
                    for rule in rules
                    if rule["scope"] in changing and in_force(rule, begins, ends)
                ],
                limits=[_pro_rata(row, months) for row in limits if in_force(row, begins, ends)],
                of_year=of_year,
            )
        )
    found.append(
        Stage(
            part="",
            ruled=rest,
            stated=stated,
            rules=[rule for rule in rules if in_force(rule, first, last)],
            limits=[
                limit
                for limit in limits
                if limit["limit_id"] in of_year and in_force(limit, first, last)
            ],
            of_year=of_year,
        )
    )
    return found


def lines_covered(limit: Row) -> str:
    """Give the scope of the lines that a limit names, whatever rules, steps and causes it names."""
    return (
        "/".join(
            f"{key}={'+'.join(codes)}"
            for key, codes in keys_of(limit["covers"]).items()
            if key not in ("rule", "step", "cause")
        )
        or "pool"
    )


def _changing(
    rules: list[Row], limits: list[Row], stated: list[Line], year: tuple[str, str]
) -> set[str]:
    """Give the scopes that change within the year."""
    covering = [lines_covered(limit) for limit in limits if _for_a_part(limit, *year)]
    return {
        rule["scope"]
        for rule in rules
        if _for_a_part(rule, *year)
        or any(
            names(scope, line)
            for scope in covering
            for line in stated
            if _is_of(line, rule["scope"])
        )
    }


def _for_a_part(row: Row, first: str, last: str) -> bool:
    """Whether a row is in force on some days of the year and not on others."""
    since = max(row.get("in_force_from", "").strip(), first)
    until = min(row.get("in_force_to", "").strip() or last, last)
    return since <= until and (since, until) != (first, last)


def _is_of(line: Line, scope: str) -> bool:
    """Whether a line is of a scope; a scope of causes has amounts of the year, and no line."""
    return "cause" not in keys_of(scope) and names(scope, line)


def _stands_in_parts(limit: Row, parted: list[Line], rest: list[Line]) -> bool:
    """Whether a limit stands in each part anew: it says so, and covers lines that change alone."""
    apart, also = (any(names(lines_covered(limit), one) for one in its) for its in (parted, rest))
    return apart and not also and limit.get("over_parts", "").strip() != "whole year"


def _same(one: Line, other: Line) -> bool:
    return one["scheme_id"] == other["scheme_id"]


def _in_part(pool: Pool, unit: str, line: Line, begins: str) -> Line:
    """Give a line with its amounts of the part that begins on a day."""
    (row,) = [
        row
        for row in pool["parts"]
        if row["scheme_id"] == line["scheme_id"] and row["first_day"] == begins
    ]
    budget, expenditure = pence(row["budget"], unit), pence(row["expenditure"], unit)
    return {
        **line,
        "budget": budget,
        "expenditure": expenditure,
        "variance": expenditure - budget,
    }


def _months(begins: str, ends: str) -> Months:
    """Give where a part begins and ends, in months after 1 April.

    Nothing is pro rata where a part begins or ends within a month.
    """
    return (int(begins[5:7]) - 4) % 12, (int(ends[5:7]) - 4) % 12 + 1


def _pro_rata(row: Row, months: Months) -> Row:
    """Write the amounts in pounds of a row that is pro rata as they are in a part."""
    if row.get("over_parts", "").strip() != "pro rata":
        return row
    changed = dict(row)
    for name in ("band_from", "band_to", "limit", "at_most"):
        text = row.get(name, "").strip()
        if text.startswith("£") and text != "£0":
            whole = number("1") * pence(text, "pounds")
            begins, ends = (half_away(whole * at / 12) for at in months)
            changed[name] = f"£{(ends - begins) // 100:,}.{(ends - begins) % 100:02d}"
    return changed
