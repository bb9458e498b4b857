"""The parts of a year a second time: what is ruled in each, by which rows (docs/rules.md, 13).

Written from that page alone. Where it may be read in two ways, "Read as:" says which.
"""

from dataclasses import dataclass

from tests.oracle_facts import NOT_STATED, Line, in_force, keys_of, names, tidy_scope, with_defaults
from tests.oracle_sums import Pool, Row, half_away, number, pence

Months = tuple[int, int]
YEAR: Months = (0, 12)


@dataclass
class Stage:
    """What is worked by itself: one part of the year, or last the whole of it.

    Attributes:
        part: its days; blank for the whole year.
        months: where it begins and ends, in months after 1 April.
        ruled: the lines that are ruled in it, with their amounts in it.
        stated: all pooled lines whose category is stated, with the budgets that are measured in it.
        rules: the rows in force in it.
        limits: the limits that stand in it alone; `of_year`, those that stand in all of the year.
    """

    part: str
    months: Months
    ruled: list[Line]
    stated: list[Line]
    rules: list[Row]
    limits: list[Row]
    of_year: list[Row]


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
    changing = _changing(pool, rules, limits, stated, (first, last))
    parted = [line for line in stated if any(_is_of(pool, line, scope) for scope in changing)]
    rest = [line for line in stated if line not in parted]
    over_year = [limit for limit in limits if _over_parts(limit, rest) == "whole year"]
    found = []
    days = {(row["first_day"], row["last_day"]) for row in pool.get("parts", [])} if parted else []
    for begins, ends in sorted(days):
        there = [_in_part(pool, unit, line, begins) for line in parted]
        standing = [limit for limit in limits if in_force(limit, begins, ends)]
        found.append(
            Stage(
                part=f"{begins} to {ends}",
                months=_months(begins, ends),
                ruled=there,
                stated=[next((t for t in there if _same(t, line)), line) for line in stated],
                rules=[r for r in rules if r["scope"] in changing and in_force(r, begins, ends)],
                limits=[limit for limit in standing if limit not in over_year],
                of_year=[limit for limit in standing if limit in over_year],
            )
        )
    found.append(
        Stage(
            part="",
            months=YEAR,
            ruled=rest,
            stated=stated,
            rules=[rule for rule in rules if in_force(rule, first, last)],
            limits=[],
            of_year=[limit for limit in over_year if in_force(limit, first, last)],
        )
    )
    return found


def edge(text: str, budget: int, months: Months = YEAR) -> int:
    """Give an edge or a limit in pence.

    Read as: what is pro rata is an amount in pounds. A percentage, of the budgets of the part, is
    no more divided.
    """
    if text.strip().endswith("%"):
        return half_away(number(text) * max(budget, 0) / 100)
    begins, ends = (half_away(number("1") * pence(text, "pounds") * at / 12) for at in months)
    return ends - begins


def months_of(row: Row, stage: Stage) -> Months:
    """Give the months a row's amounts are for: those of the part, if pro rata; else all twelve."""
    return stage.months if row.get("over_parts", "").strip() == "pro rata" else YEAR


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
    pool: Pool, rules: list[Row], limits: list[Row], stated: list[Line], year: tuple[str, str]
) -> set[str]:
    """Give the scopes that change within the year.

    Read as: a limit covers a line that its scope names, whichever rules, steps and causes it names
    beside.
    """
    covering = [lines_covered(limit) for limit in limits if _for_a_part(limit, *year)]
    return {
        rule["scope"]
        for rule in rules
        if _for_a_part(rule, *year)
        or any(
            names(scope, line)
            for scope in covering
            for line in stated
            if _is_of(pool, line, rule["scope"])
        )
    }


def _for_a_part(row: Row, first: str, last: str) -> bool:
    """Whether a row is in force on some days of the year and not on others."""
    since = max(row.get("in_force_from", "").strip(), first)
    until = min(row.get("in_force_to", "").strip() or last, last)
    return since <= until and (since, until) != (first, last)


def _is_of(pool: Pool, line: Line, scope: str) -> bool:
    """Whether a line is of a scope. Read as: of a cause, the lines with an amount in it."""
    causes = keys_of(scope).get("cause")
    return names(scope, line) and (
        causes is None
        or any(
            row["scheme_id"] == line["scheme_id"] and row["cause"] in causes
            for row in pool.get("causes", [])
        )
    )


def _over_parts(limit: Row, rest: list[Line]) -> str:
    """Say what a limit means: for the whole year, where it also covers lines that do not change."""
    if any(names(lines_covered(limit), line) for line in rest):
        return "whole year"
    return limit.get("over_parts", "").strip()


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
    """Give where a part begins and ends, in months after 1 April; a cut within one counts down.

    Nothing is pro rata where a part begins or ends within a month.
    """
    return (int(begins[5:7]) - 4) % 12, (int(ends[5:7]) - 4) % 12 + 1
