"""Random parts of a year (docs/rules.md, 13): where it is cut, and what each line was in each part.

What a line was in its parts comes to the line, to the penny, whatever is drawn.
"""

import random
from datetime import date, timedelta

from tests.make.agreement_rules import Drawn
from tests.make.pools import typed
from tests.oracle.facts import names, tidy_scope
from tests.oracle.sums import Row, half_away, number, pence
from tests.oracle.year_parts import lines_covered

FIRST, LAST = date(2018, 4, 1), date(2019, 3, 31)
MONTHS = [date(2018 + m // 12, m % 12 + 1, 1) for m in range(4, 15)]
AMOUNTS = ("band_from", "band_to", "limit")
WITHIN = (date(2018, 4, 2), date(2018, 7, 15), date(2019, 2, 28), date(2019, 3, 31))


def cut_the_year(drawn: Drawn) -> None:
    """Cut the year at one to three days, mostly at month ends; part the budgets of its lines."""
    draw = drawn.draw
    cuts = set(draw.sample(MONTHS, draw.choice([1, 1, 2, 3])))
    if drawn.chance(5):
        cuts |= {draw.choice(WITHIN)}
    begins = [FIRST, *sorted(cuts)]
    ends = [day - timedelta(days=1) for day in begins[1:]] + [LAST]
    drawn.periods = [(str(a), str(b)) for a, b in zip(begins, ends, strict=True)]
    drawn.budgets = {
        line["scheme_id"]: amounts_in_parts(draw, line["budget"], len(begins))
        for line in drawn.ruled()
    }


def amounts_in_parts(draw: random.Random, amount: int, count: int) -> list[int]:
    """Part an amount: mostly by size; sometimes all in one part, or beyond it and back."""
    how = draw.random()
    if how < 0.15:
        at = draw.randrange(count)
        return [amount if k == at else 0 for k in range(count)]
    sizes = [draw.randint(1, 12) for _ in range(count)]
    parts = [half_away(number("1") * amount * size / sum(sizes)) for size in sizes]
    if how < 0.35:
        parts[draw.randrange(count)] += draw.choice([draw.randint(-(10**6), 10**6), 1, -1])
    parts[-1] = amount - sum(parts[:-1])
    return parts


def state_the_parts(drawn: Drawn) -> None:
    """State what lines were in each part, and what amounts mean in it."""
    draw, tables = drawn.draw, drawn.tables
    by_month = all(begins.endswith("-01") for begins, _ in drawn.periods)
    choices = ["per part", "pro rata"] if by_month else ["per part"]
    whole = {_step(row) for row in tables["rules"] if row.get("limit") == "contribution"}
    meant = dict.fromkeys(whole, "per part")
    for row in tables["rules"]:
        chosen = meant.setdefault(_step(row), draw.choice(choices))
        acts = any(row.get(name, "")[-1:] not in ("", "%") for name in AMOUNTS)
        changes = any(names(row["scope"], line) for line in drawn.lines_that_change())
        row["over_parts"] = chosen if acts and (changes or drawn.chance(4)) else ""
    unchanging = [line for line in drawn.ruled() if line not in drawn.lines_that_change()]
    for limit in tables.get("limits", []):
        apart = not any(
            names(lines_covered({"covers": limit["covers"] or "pool"}), line) for line in unchanging
        )
        limit["over_parts"] = draw.choice(["whole year", *choices]) if apart else "whole year"
    stated = drawn.ruled() if drawn.chance(4) else drawn.lines_that_change()
    rows = [
        {
            "scheme_id": line["scheme_id"],
            "first_day": begins,
            "last_day": ends,
            "budget": typed(draw, drawn.budgets[line["scheme_id"]][k], drawn.unit),
        }
        for line in stated
        for k, (begins, ends) in enumerate(drawn.periods)
    ]
    if drawn.chance(2):
        draw.shuffle(rows)
    tables["parts"] = rows


def _step(row: Row) -> tuple[str, str]:
    """Name the step of a row, whose amounts mean the same."""
    return tidy_scope(row["scope"]), row["step"]


def spent_in_parts(
    draw: random.Random, parts: list[Row], schemes: list[Row], unit: str
) -> list[Row]:
    """Draw what was spent on each line in each part; in all, what was spent on it."""
    spent: dict[str, list[int]] = {}
    count = len({row["first_day"] for row in parts})
    first = sorted({row["first_day"] for row in parts})
    budgets = {(row["scheme_id"], row["first_day"]): pence(row["budget"], unit) for row in parts}
    for line in schemes:
        if (line["scheme_id"], first[0]) in budgets:
            of_line = [budgets[line["scheme_id"], day] for day in first]
            variance = pence(line["expenditure"], unit) - pence(line["budget"], unit)
            over = amounts_in_parts(draw, variance, count)
            spent[line["scheme_id"]] = [b + v for b, v in zip(of_line, over, strict=True)]
    return [
        {
            **row,
            "expenditure": typed(
                draw, spent[row["scheme_id"]][first.index(row["first_day"])], unit
            ),
        }
        for row in parts
    ]
