"""Funding and prevention a second time: docs/method.md, sections 5 and 7, in plain Python.

Written from that page alone. Where the page may be read in two ways, "Read as:" says which.
"""

from collections import defaultdict
from fractions import Fraction

from tests.oracle.plan_facts import (
    MILLION,
    NOWHERE,
    WHOLE,
    Place,
    Row,
    names,
    next_year,
    parted,
    places,
    pounds,
    years_between,
)
from tests.oracle.sums import half_away, split

CHANGES = ("uplift", "efficiency", "funding change")
ONCE = "non-recurrent funding"
NO_FUNDING = (NOWHERE[0], "")

# ------------------------------------------------------------------ funding


def funding_of(
    rows: list[Row], assumptions: list[Row], years: list[str], *, whole: bool = False
) -> dict[tuple, int]:
    """Give each amount of the funding walk, by year, organisation, funding and step.

    Read as: nothing recurrent was there before = no recurrent row of an earlier year, and nil left
    of changes; a change whose scope selects nothing yet stated acts on nothing.
    """
    pairs = list(dict.fromkeys((row["organisation"], row["funding"]) for row in rows))
    starts = [row["financial_year"] for row in rows]
    silent = [row for row in rows if missing(row["amount"])]
    rows = [row for row in rows if not missing(row["amount"])]
    dark: set[tuple] = set()
    """Funding whose recurrent amount is not stated, and is not until it is stated again."""
    found: dict[tuple, int] = {}
    left: dict[tuple, int] = {}
    """R of the year before; of what was never recurrent, nothing."""
    for year in years_between(min(starts), years[-1]) if starts else []:
        known = [pair for pair in pairs if _rows(rows + silent, pair, lambda y, now=year: y <= now)]
        said_now = [row for row in rows if row["financial_year"] == year]
        dark -= {pair_of(row) for row in said_now if row["recurrence"] == "recurrent"}
        unsaid = [row for row in silent if row["financial_year"] == year]
        dark |= {pair_of(row) for row in unsaid if row["recurrence"] == "recurrent"}
        acting = [
            row
            for row in assumptions
            if row["step"] in CHANGES
            and (row["year"] == year or (not row["year"] and year in years))
        ]
        lost, hidden, then = [], dark | {pair_of(row) for row in unsaid}, {*dark}
        for row in acting:
            over = {pair for pair in known if _takes(row, pair)}
            if row["step"] == "funding change" and len(over) > 1 and dark & over:
                lost.append(row)
                hidden |= over
                then |= over if row["recurrence"] == "recurrent" else set()
        left = {pair: amount for pair, amount in left.items() if pair not in dark}
        amounts = _stated([row for row in rows if row["financial_year"] == year], left)
        fixed = {
            (row["organisation"], row["funding"])
            for row in rows
            if row["financial_year"] == year and row["recurrence"] == "recurrent"
        }
        base = {pair: amounts[*pair, "opening"] + amounts[*pair, "restated"] for pair in known}
        for row in acting:
            if row not in lost:
                for key, amount in _changed(row, base, fixed).items():
                    amounts[key] += amount
        for pair in [*known, NO_FUNDING]:
            if pair in dark:
                left.pop(pair, None)
                continue
            now = sum(a for key, a in amounts.items() if key[:2] == pair and key[2] != ONCE)
            if pair in left or pair in fixed or now:
                left[pair] = now
        dark = then
        if whole or year in years:
            found |= {(year, *key): it for key, it in amounts.items() if key[:2] not in hidden}
            found |= {(year, *pair, "not stated"): 0 for pair in hidden}
    return found


def missing(amount) -> bool:
    """Whether an amount is not stated."""
    return amount is None or str(amount) in ("<NA>", "nan")


def pair_of(row: Row) -> tuple[str, str]:
    """Give whose funding a row is, and what it is called."""
    return row["organisation"], row["funding"]


def _takes(row: Row, pair: tuple[str, str]) -> bool:
    return names(row["scope"], {"organisation": pair[0], "funding": pair[1]})


def balances_of(rows: list[Row], used: dict[tuple, int], years: list[str]) -> dict[tuple, tuple]:
    """Give what each reserve holds at the beginning and the end of each year, if it is known.

    Args:
        rows: of funding. used: of each year, organisation and funding, if it is known.
        years: from the first of any row to the last of the plan.
    """
    found = {}
    reserves = {pair_of(row) for row in rows if row["kind"] == "reserves"}
    for pair in reserves:
        held = None
        for year in years:
            for row in rows:
                here = pair_of(row) == pair and row["financial_year"] == year
                held = int(row["balance"]) if here and not missing(row["balance"]) else held
            spent = used.get((year, *pair))
            left = None if held is None or spent is None else held - spent
            found[year, *pair] = held, left
            held = left
    return found


def _stated(rows: list[Row], left: dict[tuple, int]) -> defaultdict[tuple, int]:
    """Give what last year left, and what the rows of a year say."""
    amounts: defaultdict[tuple, int] = defaultdict(int)
    for pair, amount in left.items():
        amounts[*pair, "opening"] = amount
    for row in rows:
        pair = (row["organisation"], row["funding"])
        if row["recurrence"] != "recurrent":
            amounts[*pair, ONCE] += row["amount"]
        elif pair in left:
            amounts[*pair, "restated"] = row["amount"] - left[pair]
        else:
            amounts[*pair, "opening"] = row["amount"]
    return amounts


def _changed(row: Row, base: dict[tuple, int], fixed: set[tuple]) -> dict[tuple, int]:
    """Give what an assumption does in a year."""
    over = [
        pair for pair in base if names(row["scope"], {"organisation": pair[0], "funding": pair[1]})
    ]
    if row["step"] != "funding change":
        sign = 1 if row["step"] == "uplift" else -1
        return {
            (*pair, row["step"]): half_away(Fraction(sign * base[pair] * row["value"], WHOLE))
            for pair in over
            if pair not in fixed
        }
    step = row["step"] if row["recurrence"] == "recurrent" else ONCE
    weights = [max(base[pair], 0) for pair in over]
    if len(over) > 1 and not sum(weights):
        return {(*NO_FUNDING, step): pounds(row)}
    parts = parted(pounds(row), weights) if over else []
    return {(*pair, step): part for pair, part in zip(over, parts, strict=True)}


def _rows(rows: list[Row], pair: tuple, when) -> list[Row]:
    return [
        row
        for row in rows
        if (row["organisation"], row["funding"]) == pair and when(row["financial_year"])
    ]


# ------------------------------------------------------------------ prevention


class Prevention:
    """What is invested, and what comes back: by stream and year, as levels."""

    def __init__(self, tables: dict[str, list[Row]], years: list[str]) -> None:
        """Work out gross and cashable benefits; what is released is asked for year by year.

        Read as: of several factors on a return, the last row that names the programme holds.
        """
        self.years = years
        self.invested: dict[tuple, int] = {}
        self.streams: dict[tuple, dict[str, dict[str, int]]] = {}
        self.taken: defaultdict[Place, int] = defaultdict(int)
        """What all streams took from each line last year."""
        self.parts: dict[tuple, dict[Place, int]] = {}
        for row in tables["prevention"]:
            if row["financial_year"] not in years:
                continue
            key = (row["programme"], row["payer"], row["scope"], row["financial_year"])
            self.invested[key] = row["investment"]
            for back in tables["returns"]:
                if back["programme"] == row["programme"]:
                    self._add(row, back, tables)

    def _add(self, row: Row, back: Row, tables: dict[str, list[Row]]) -> None:
        stream = (row["programme"], row["payer"], back["beneficiary"], back["scope"])
        nil = {"gross": 0, "cashable": 0, "released": 0}
        amounts = self.streams.setdefault(stream, {year: dict(nil) for year in self.years})
        factor = _factor(row, tables)
        for lag in tables["lags"]:
            at = self.years.index(row["financial_year"]) + lag["years_after"]
            if lag["lag"] != back["lag"] or at >= len(self.years):
                continue
            each = Fraction(back["return_per_pound"], MILLION) * factor
            gross = half_away(row["investment"] * each * Fraction(lag["share"], WHOLE))
            amounts[self.years[at]]["gross"] += gross
            if lag["years_after"] >= row["double_running"]:
                cashable = half_away(Fraction(gross * back["cashable"], WHOLE))
                amounts[self.years[at]]["cashable"] += cashable

    def shift(
        self, year: str, before: dict[Place, int], lines: dict[Place, Row]
    ) -> list[tuple[str, Place, int]]:
        """Give what the step does in a year: programme, line and amount.

        Read as: what is invested in several lines is parted as a change, not as a level.
        """
        moved = []
        at = self.years.index(year)
        last = self.years[at - 1] if at else ""
        for programme, payer, scope in dict.fromkeys(key[:3] for key in self.invested):
            change = self.invested.get((programme, payer, scope, year), 0)
            change -= self.invested.get((programme, payer, scope, last), 0)
            over = places(scope, lines)
            parts = parted(change, [lines[place]["amount"] for place in over])
            moved += [(programme, place, part) for place, part in zip(over, parts, strict=True)]
        has = {place: max(before[place] + self.taken[place], 0) for place in lines}
        self.taken = defaultdict(int)
        for stream, amounts in self.streams.items():
            over = places(stream[3], lines)
            released = min(amounts[year]["cashable"], sum(has[place] for place in over))
            parts = split(released, [has[place] for place in over])
            amounts[year]["released"] = released
            for place, part in zip(over, parts, strict=True):
                has[place] -= part
                self.taken[place] += part
                earlier = self.parts.get((stream, last), {}).get(place, 0)
                moved.append((stream[0], place, earlier - part))
            self.parts[(stream, year)] = dict(zip(over, parts, strict=True))
        return moved


def still_to_come(tables: dict[str, list[Row]], years: list[str]) -> dict[str, int]:
    """Give, per beneficiary and for `all`, what is cashable in any year after the last.

    Read as: the years of a lag are counted on past the last year, each by its name.
    """
    found: defaultdict[str, int] = defaultdict(int)
    for row in tables["prevention"]:
        if row["financial_year"] not in years:
            continue
        for back in tables["returns"]:
            for lag in tables["lags"]:
                if (back["programme"], back["lag"]) != (row["programme"], lag["lag"]):
                    continue
                year = row["financial_year"]
                for _ in range(lag["years_after"]):
                    year = next_year(year)
                if year > years[-1] and lag["years_after"] >= row["double_running"]:
                    each = Fraction(back["return_per_pound"], MILLION) * _factor(row, tables)
                    gross = half_away(row["investment"] * each * Fraction(lag["share"], WHOLE))
                    cashable = half_away(Fraction(gross * back["cashable"], WHOLE))
                    found[back["beneficiary"]] += cashable
                    found["all"] += cashable
    return found


def _factor(row: Row, tables: dict[str, list[Row]]) -> Fraction:
    """Give the factor on the return of a programme: the last that names it."""
    factor = Fraction(1)
    for said in tables["assumptions"]:
        if said["step"] == "return" and names(said["scope"], row):
            factor = Fraction(said["value"], MILLION)
    return factor


def matrix_of(prevention: Prevention, lines: dict[Place, Row]) -> dict[tuple, Row]:
    """Give gross, cashable and released of each payer, beneficiary and group."""
    found: defaultdict[tuple, Row] = defaultdict(lambda: defaultdict(int))

    def group(place: Place) -> str:
        return place[0] if place == NOWHERE else place[4] or place[0]

    for stream, by_year in prevention.streams.items():
        groups = {group(place) for place in places(stream[3], lines)}
        stated = groups.pop() if len(groups) == 1 else "several"
        for amounts in by_year.values():
            for name in ("gross", "cashable"):
                found[stream[1], stream[2], stated][name] += amounts[name]
    for (stream, _), parts in prevention.parts.items():
        for place, part in parts.items():
            found[stream[1], stream[2], group(place)]["released"] += part
    return found


def positions(prevention: Prevention, assumptions: list[Row]) -> dict[str, dict[str, Row]]:
    """Give, per partner and year, what it invested, gained, and its position; `all` at last."""
    years = prevention.years
    payers = [key[1] for key in prevention.invested]
    partners = list(dict.fromkeys([*payers, *(key[2] for key in prevention.streams)]))
    found: dict[str, dict[str, Row]] = {partner: {} for partner in [*partners, "all"]}
    prices = real = Fraction(1)
    for year in years:
        if year != years[0]:
            prices *= 1 + _rate("deflator", year, assumptions)
            real *= 1 + _rate("discount", year, assumptions)
        for partner in partners:
            invested = sum(
                amount
                for key, amount in prevention.invested.items()
                if (key[1], key[3]) == (partner, year)
            )
            released = sum(
                amounts[year]["released"]
                for key, amounts in prevention.streams.items()
                if key[2] == partner
            )
            net = released - invested
            found[partner][year] = {
                "invested": invested,
                "released": released,
                "net": net,
                "deflated": half_away(net / prices),
                "discounted": half_away(net / prices / real),
            }
        found["all"][year] = {
            name: sum(found[partner][year][name] for partner in partners)
            for name in ("invested", "released", "net", "deflated", "discounted")
        }
    for by_year in found.values():
        for name, of in (("cumulative", "net"), ("cumulative_discounted", "discounted")):
            so_far = 0
            for year in years:
                so_far += by_year[year][of]
                by_year[year][name] = so_far
    return found if partners else {}


def _rate(step: str, year: str, assumptions: list[Row]) -> Fraction:
    values = [r["value"] for r in assumptions if r["step"] == step and r["year"] in ("", year)]
    return Fraction(values[-1], WHOLE) if values else Fraction(0)


def break_even(by_year: dict[str, Row], cumulative: str) -> str:
    """Give the first year from which a cumulative position is never below nil again."""
    years = list(by_year)
    invested = [year for year in years if by_year[year]["invested"]]
    for year in years:
        later = [by_year[y][cumulative] for y in years if y >= year]
        if invested and year >= invested[0] and min(later) >= 0:
            return year
    return ""
