"""A scenario a second time: docs/method.md, sections 2 to 8a, in plain Python, slow and naive.

It was written from that page alone, and shares nothing with the engine but how a plan is loaded, so
that a slip has to be made twice to pass. It takes a loaded plan and scenario, and gives dicts of
whole pence. Where the page may be read in two ways, "Read as:" says which.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from tests.oracle.plan_facts import (
    NOT_STATED,
    NOWHERE,
    PENCE,
    STEPS,
    TAKEN_OFF,
    WHOLE,
    Place,
    Row,
    block_lines,
    dated,
    lines_of,
    next_year,
    parted,
    places,
    pounds,
    same_places,
    saving,
    years_between,
)
from tests.oracle.plan_money import (
    Prevention,
    balances_of,
    break_even,
    funding_of,
    matrix_of,
    pair_of,
    positions,
    still_to_come,
)
from tests.oracle.plan_payments import Payments, as_paid
from tests.oracle.sums import half_away

DECIMALS = 10**12
"""Of the factor on percentages."""
MOST = 10**6 * DECIMALS
"""What it is at most."""


def project(plan, scenario) -> dict[str, dict]:
    """Work out a scenario.

    Args:
        plan: as loaded.
        scenario: as loaded.

    Returns:
        What each of `Worked`'s attributes is called, and what it is.
    """
    return vars(Worked(plan, scenario)).copy()


class Worked:
    """A scenario worked through once.

    Attributes:
        factor: on percentages, in 10⁻¹²; None where nothing is to be reached, or nothing reaches.
        opening: of each line. closing: of each year and line.
        walk: of each year, line, step and cause, where it is not nil.
        funding: of each year, organisation, funding and step. funded: of each year, where any is
            stated. gap: the same.
        savings: of each programme.
        invested: of each programme, payer, scope and year. streams: of each programme, payer,
            beneficiary and scope, by year: gross, cashable, released. matrix: of payer,
            beneficiary and group. to_come: of each beneficiary and all, after the last year.
        positions: of each partner and year. break_even: of each partner, in cash and discounted.
        prevention_share: of each year, narrow and wide: what counts, and all.
        variance: of each year with an agreed budget and line: budget, expenditure.
        withheld: of each of these years that gives no share: why, and of which lines.
        below_nil: of each line that is nil or more at first, the first year it closes below nil,
            and its closing then; `not allocated` left out.
    """

    def __init__(self, plan, scenario, factor: int | None = None) -> None:
        """Work it out; with a factor on percentages where one is given."""
        inputs = plan.inputs
        frames = {name: getattr(inputs, name) for name in ("schemes", "payments", "activity")}
        frames |= {**plan.tables, **scenario.tables}
        tables = {name: frame.to_dict("records") for name, frame in frames.items()}
        tables["schemes"] = as_paid(tables["schemes"], tables["payments"], tables["activity"])
        self.own_year = inputs.settings.financial_year
        said, years = scenario.settings, list(scenario.years)
        self.lines = _lines(said.opening, said.split, tables)
        self.growth_at = lambda factor: self._grown(tables, said, years, factor)
        self.factor = self._factor(plan, scenario, tables, years) if factor is None else factor
        self.opening = {place: row["amount"] for place, row in self.lines.items()}
        walk, self.closing, prevention, paid = self._walked(tables, said, years, self.factor)
        self.unknown = paid.unknown
        unknown = {year for year, _ in self.unknown}
        self.walk = {key: amount for key, amount in walk.items() if amount}
        funding = [
            row
            for row in tables["funding"]
            if said.perimeter == "pool" or row["set_by"] in scenario.chain
        ]
        self.funding = funding_of(funding, tables["assumptions"], years)
        first = min((row["financial_year"] for row in funding), default="9999")
        self.balances = self._balances(funding, tables["assumptions"], years)
        self.silent = {key[:3] for key in self.funding if key[3] == "not stated"}
        self.funded = {
            year: sum(amount for key, amount in self.funding.items() if key[0] == year)
            for year in years
            if year >= first and year not in unknown and year not in {it[0] for it in self.silent}
        }
        self.gap = {year: self.spending(year) - amount for year, amount in self.funded.items()}
        self.savings = {
            row["programme"]: saving(row, tables["phasing"], tables["assumptions"])
            for row in tables["savings"]
            if row["perimeter"] == said.perimeter
        }
        self.invested, self.streams = prevention.invested, prevention.streams
        self.matrix = matrix_of(prevention, self.lines)
        self.to_come = still_to_come(tables, years)
        self.positions = positions(prevention, tables["assumptions"])
        self.break_even = {
            partner: tuple(
                break_even(by_year, name) for name in ("cumulative", "cumulative_discounted")
            )
            for partner, by_year in self.positions.items()
        }
        self.prevention_share = self._prevention_share(years)
        known = [year for year in years if year not in unknown]
        self.variance = self._variance(said, tables, known)
        self.withheld = self._withheld(tables["schemes"])
        self.below_nil = {}
        for (year, place), amount in self.closing.items():
            if amount < 0 <= self.opening[place] and place != NOWHERE:
                self.below_nil.setdefault(place, (year, amount))

    def _walked(self, tables: dict, said, years: list[str], factor: int | None) -> tuple:
        """Walk from the opening of the first year to the closing of the last."""
        return _walk(self.lines, tables, said, years, factor, self.own_year)

    def spending(self, year: str) -> int:
        """Give closing spending of a year, all lines together."""
        return sum(amount for key, amount in self.closing.items() if key[0] == year)

    def _factor(self, plan, scenario, tables: dict, years: list[str]) -> int | None:
        """Find the factor on percentages.

        Read as: of 12 decimals; growth goes one way with it; the walk as it is shown, all its
        rounding included, comes as near to the target as it can; of two as near, the lower.
        """
        said = scenario.settings
        if not said.calibrate:
            return None
        if scenario.calibrated_by is not None:
            return Worked(plan, scenario.calibrated_by).factor
        target = Fraction(Decimal(str(said.calibrate.target))) / 100

        def grown(factor: int) -> Fraction:
            reached = self._grown(tables, said, years, factor)
            return Fraction(-1) if reached is None else reached - target

        if self._grown(tables, said, years, DECIMALS) is None:
            return None  # nothing above nil that could grow
        sign = 1 if grown(DECIMALS) >= grown(0) else -1

        def over(factor: int) -> Fraction:
            return sign * grown(factor)

        least, most = 0, DECIMALS
        if over(least) >= 0:
            return None if over(least) else 0
        while over(most) < 0:
            if most == MOST:
                return None
            least, most = most, min(2 * most, MOST)
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (least, middle) if over(middle) >= 0 else (middle, most)
        return least if -over(least) <= over(most) else most

    def _grown(self, tables: dict, said, years: list[str], factor: int) -> Fraction | None:
        """Give closing ÷ base − 1 with a factor on percentages."""
        walk, closing, *_ = self._walked(tables, said, years, factor)
        first = next_year(said.calibrate.base_year)
        base = sum(amount for key, amount in closing.items() if key[0] == first)
        base -= sum(amount for key, amount in walk.items() if key[0] == first)
        then = sum(amount for key, amount in closing.items() if key[0] == said.calibrate.year)
        return Fraction(then, base) - 1 if base > 0 else None

    def _prevention_share(self, years: list[str]) -> dict[tuple, tuple[int, int]]:
        """Give what counts as prevention, and all spending."""
        counts = {"narrow": lambda kind: kind == "primary", "wide": lambda k: k != "treatment"}
        return {
            (year, measure): (
                sum(
                    self.closing[year, place]
                    for place, row in self.lines.items()
                    if row["prevention"] and counted(row["prevention"])
                ),
                self.spending(year),
            )
            for year in years
            for measure, counted in counts.items()
            if all(row["prevention"] for place, row in self.lines.items() if place != NOWHERE)
        }

    def _balances(self, funding: list[Row], assumptions: list[Row], years: list[str]) -> dict:
        """Give what reserves hold: from the first year anything is said of, be it before."""
        if not funding:
            return {}
        first = min(row["financial_year"] for row in funding)
        every = years_between(min(first, years[0]), years[-1])
        walked = funding_of(funding, assumptions, years, whole=True)
        used: dict[tuple, int] = {(year, *pair_of(row)): 0 for year in every for row in funding}
        for key, amount in walked.items():
            used[key[:3]] = used.get(key[:3], 0) + amount
        for key in walked:
            if key[3] == "not stated":
                used.pop(key[:3], None)
        return balances_of(funding, used, every)

    def _variance(self, said, tables: dict, years: list[str]) -> dict[tuple, tuple[int, int]]:
        """Give budget and expenditure of each line that has either."""
        found = {}
        for year, version in said.agreed.items():
            if year not in years or not same_places(said.opening, version, tables):
                continue
            agreed = _lines(version, said.split, tables)
            _grow(agreed, said, year)
            for place in dict.fromkeys([*self.lines, *agreed]):
                budget = agreed[place]["amount"] if place in agreed else 0
                found[year, place] = (budget, self.closing.get((year, place), 0))
        return found

    def _withheld(self, schemes: list[Row]) -> dict[str, tuple[str, list[Place]]]:
        """Say why a year gives no share, and of which lines; of several reasons the first.

        Read as: what is neither agreed nor spent on a theme is no amount of it.
        """
        ruled = {
            row["scheme_id"]
            for row in schemes
            if row["pooling"] == "pooled" and row["category"] != NOT_STATED
        }
        nobodys: dict[str, dict[str, list[Place]]] = {}
        for (year, place), (budget, spent) in self.variance.items():
            why = ""
            if place == NOWHERE:
                why = "not allocated" if spent != budget else ""
            elif not place[2]:
                why = "by theme" if spent or budget else ""
            elif place[2] not in ruled:
                why = "no rule" if spent != budget else ""
            if why:
                nobodys.setdefault(year, {}).setdefault(why, []).append(place)
        reasons = ("by theme", "not allocated", "no rule")
        return {
            year: next((why, of[why]) for why in reasons if why in of)
            for year, of in nobodys.items()
        }


def _grow(agreed: dict[Place, Row], said, year: str) -> None:
    """Add each year's percentage to revenue, for the years after the last that has a version."""
    if said.agreed_method is None:
        return
    first = min(it for it, version in said.agreed.items() if version == said.agreed[year])
    for _ in range(int(year[:4]) - int(first[:4])):
        for row in agreed.values():
            if row["kind"] == "revenue":
                more = Fraction(row["amount"] * round(said.agreed_method.percent * 10**6), 10**8)
                row["amount"] += half_away(more)


def _lines(version: str, by: str, tables: dict[str, list[Row]]) -> dict[Place, Row]:
    """Give the lines of a version, and `not allocated` at last."""
    if version == "blocks":
        city = [row["amount"] for row in tables["perimeters"] if row["perimeter"] == "city"]
        lines = block_lines(tables["blocks"], city[0])
    else:
        lines = lines_of(version, by, tables["schemes"], tables["budgets"])
    return {**lines, NOWHERE: {"amount": 0, "prevention": ""}}


def _walk(
    lines: dict[Place, Row],
    tables: dict[str, list[Row]],
    said,
    years: list[str],
    factor: int | None,
    own_year: str,
) -> tuple[defaultdict[tuple, int], dict[tuple, int], Prevention, Payments]:
    """Walk from the opening of the first year to the closing of the last."""
    prevention = Prevention(tables, years)
    of = [r["financial_year"] for r in tables["budgets"] if r["version"] == said.opening]
    paid = Payments(lines, tables, (said.opening, of[0] if of else own_year), own_year)
    amounts = _amounts(tables, said.perimeter, years)
    walk: defaultdict[tuple, int] = defaultdict(int)
    closing: dict[tuple, int] = {}
    now = {place: row["amount"] for place, row in lines.items()}
    for year in years:
        put_back = paid.put_back()
        percent, pounds_ = _acting(year, lines, tables, said, factor, amounts)
        demand_first = said.order.index("demand") < said.order.index("inflation")
        dearer, taken_off = paid.follow(year, percent, pounds_, demand_first)
        for step in ("back to full price", *said.order, "unpaid activity"):
            before = dict(now)
            moved = []
            for when, of, cause, scope, amount, _ in amounts:
                if (when, of) == (year, step):
                    over = places(scope, lines)
                    parts = parted(amount, [lines[place]["amount"] for place in over])
                    moved += [(cause, p, part) for p, part in zip(over, parts, strict=True)]
            for row in tables["assumptions"]:
                if row["step"] == step and row["unit"] == "percent" and row["year"] in ("", year):
                    moved += _percentage(row, said, factor, before, lines)
            if step == "inflation":
                moved += dearer
            if step == "shift":
                moved += prevention.shift(year, before, lines)
            if step == "back to full price":
                moved += put_back
            if step == "unpaid activity":
                moved += taken_off
            for cause, place, amount in moved:
                walk[year, place, step, cause] += amount
                now[place] += amount
        closing |= {(year, place): amount for place, amount in now.items()}
    return walk, closing, prevention, paid


def _acting(
    year: str, lines: dict[Place, Row], tables: dict, said, factor: int | None, amounts: list
) -> tuple[defaultdict[tuple, int], defaultdict[tuple, list[int]]]:
    """Give the percentages, and the amounts of pounds, that act on each line, by step stated."""
    percent: defaultdict[tuple, int] = defaultdict(int)
    pounds_: defaultdict[tuple, list[int]] = defaultdict(list)
    for when, _, _, scope, amount, stated_for in amounts:
        over = places(scope, lines)
        parts = parted(amount, [lines[place]["amount"] for place in over]) if when == year else []
        for p, part in zip(over, parts, strict=False):
            pounds_[p, stated_for].append(part)
    for row in tables["assumptions"]:
        if row["unit"] == "percent" and row["step"] in STEPS and row["year"] in ("", year):
            for p in places(row["scope"], lines):
                percent[p, row["step"]] += _rate(row, said, factor)
    return percent, pounds_


def _amounts(
    tables: dict[str, list[Row]], perimeter: str, years: list[str]
) -> list[tuple[str, str, str, str, int, str]]:
    """Give every amount of pounds: year, step, cause, scope, amount as signed in the bridge.

    Last stands the step it was stated for.
    """
    found = []
    for row in tables["assumptions"]:
        if row["step"] in STEPS and row["unit"] in PENCE:
            effects = dated(
                row["step"], pounds(row), row["from_period"], row["recurrence"] == "recurrent"
            )
            for year in [row["year"]] if row["year"] else years:
                found += [
                    (year, row["assumption"], row["scope"], effect, row["step"])
                    for effect in effects
                ]
    for row in tables["savings"]:
        if row["perimeter"] == perimeter:
            for effect in saving(row, tables["phasing"], tables["assumptions"])["effects"]:
                found.append(
                    (row["financial_year"], row["programme"], row["scope"], effect, "savings")
                )
    return [
        (next_year(year) if later else year, step, cause, scope, amount, stated_for)
        for year, cause, scope, (later, step, amount), stated_for in found
    ]


def _rate(row: Row, said, factor: int | None) -> int:
    """Give a percentage, scaled where it is."""
    if factor is not None and row["step"] in said.calibrate.steps:
        return half_away(Fraction(row["value"] * factor, DECIMALS))
    return row["value"]


def _percentage(
    row: Row, said, factor: int | None, before: dict[Place, int], lines: dict[Place, Row]
) -> list[tuple[str, Place, int]]:
    """Give what a percentage of a step does: cause, line and amount."""
    rate = _rate(row, said, factor)
    over = places(row["scope"], lines)
    if row["step"] == "allocation":
        amount = half_away(Fraction(before[NOWHERE] * rate, WHOLE))
        parts = parted(amount, [lines[place]["amount"] for place in over])
        moved = [*zip(over, parts, strict=True), (NOWHERE, -amount)]
    else:
        sign = -1 if row["step"] in TAKEN_OFF else 1
        moved = [(place, half_away(Fraction(sign * before[place] * rate, WHOLE))) for place in over]
    return [(row["assumption"], place, amount) for place, amount in moved]
