"""Random rule tables: every basis, step, band, limit and netting of docs/rules.md, in combinations.

Each obeys every rule of that page: the last step of each direction is whole and unlimited, bands
leave no gap there, and the weights of a call can be measured for all that is netted.
"""

import random
from dataclasses import dataclass, field

from tests.make.pools import SHARES
from tests.oracle.facts import UNIT_OF, Facts, keys_of, names, restated, tidy_scope
from tests.oracle.sums import Row, number

Tables = dict[str, list[Row]]
Period = tuple[str, str]

POUNDS = ("£0.01", "£0.37", "£12", "£1,000", "£1,234.56", "£9,999.99", "£25,000", "£75,000.50")
PERCENTS = ("0.001%", "0.5%", "1%", "2.5%", "5%", "12.345678%", "40%", "150%")
STATED = (*SHARES, ("12.5", "0%", "37.5", "50"), ("10", "20.000001", "29.999999", "40%"))
NETTINGS = ("scope", "scope", "theme", "category", "holder", "line")
MEASURED = ("contribution", "commissioned", "budget")
ROLE = {"own": "budget holder", "lead": "lead commissioner"}
OFFSET = {"basis": "offset", "bearer": "rest of the scope", "share": ""}
OUT_OF_FORCE = (
    {"in_force_to": "2018-03-31"},
    {"in_force_from": "2019-04-01"},
    {"in_force_from": "2016-04-01", "in_force_to": "2017-03-31"},
)
IN_FORCE = ({}, {}, {"in_force_from": "2018-04-01"}, {"in_force_to": "2019-03-31"})


@dataclass
class Drawn:
    """What an agreement is about, while it is being made up.

    Attributes:
        periods: the parts of the year, if it has any: the first and the last day of each.
        budgets: what each line's budget is in each of them.
        changing: the scopes that change within the year, each with what changes in it.
    """

    draw: random.Random
    unit: str
    partners: list[str]
    providers: list[str]
    themes: list[str]
    categories: list[str]
    largest: int
    symmetric: bool
    reserves: list[str] = field(default_factory=list)
    tables: Tables = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)
    budgets: dict[str, list[int]] = field(default_factory=dict)
    changing: dict[str, str] = field(default_factory=dict)

    def chance(self, one_in: float) -> bool:
        """Say yes once in so many times."""
        return self.draw.random() < 1 / one_in

    def pooled(self) -> list[dict]:
        """Give the lines of the pool, of which nothing is spent yet."""
        pool = {"schemes": [{**row, "expenditure": "0"} for row in self.tables["schemes"]]}
        return [line for line in restated(pool, self.unit) if line["pooling"] == "pooled"]

    def lines_that_change(self) -> list[dict]:
        """Give the lines of scopes that change within the year."""
        return [line for line in self.ruled() if any(names(scope, line) for scope in self.changing)]

    def measured(self) -> list[list[dict]]:
        """Give the lines of the pool as they are measured over the year, and in each part of it."""
        year, changing = self.pooled(), [line["scheme_id"] for line in self.lines_that_change()]
        return [year] + [
            [
                {**line, "budget": self.budgets[line["scheme_id"]][k]}
                if line["scheme_id"] in changing
                else line
                for line in year
            ]
            for k in range(len(self.periods))
        ]

    def ruled(self) -> list[dict]:
        """Give those that are under a rule."""
        return [line for line in self.pooled() if line["category"] != "not stated"]


def random_rules(drawn: Drawn, causes: list[str]) -> list[Row]:
    """One or more steps, each way, for the scopes that part the lines, and those of the causes."""
    draw, calls, scopes = drawn.draw, [], _scopes(drawn)
    if drawn.periods:
        some = draw.sample(scopes, draw.randint(1, min(3, len(scopes))))
        drawn.changing = {scope: draw.choice(["all", "all", "the last step", ""]) for scope in some}
    for scope in [*scopes, *_cause_scopes(drawn, causes)]:
        changes = drawn.changing.get(scope)
        calls += _changing(drawn, scope) if changes else _ruled(drawn, scope, None)
    how = draw.random()
    if how < 0.5:
        draw.shuffle(calls)
    rows = [row for call in calls for row in call]
    if how < 0.2:
        draw.shuffle(rows)
    names_of = dict.fromkeys(name for row in rows for name in row)
    return [
        {"rule_id": f"R{i}", **{name: row.get(name, "") for name in names_of}, "clause": f"C {i}"}
        for i, row in enumerate(rows, 1)
    ]


def _ruled(drawn: Drawn, scope: str, dates: Row | None) -> list[list[Row]]:
    """Rule a scope, at these dates or all year; sometimes by rows as well that are not in force."""
    draw = drawn.draw
    alike = _alike(drawn, scope)
    netting = alike["netting"] or "scope"
    ruled = [[{**alike, **row} for row in call] for call in _steps(drawn, netting)]
    if dates is None:
        dates = draw.choice(
            [{}, {}, {"in_force_from": "2018-04-01"}, {"in_force_to": "2019-03-31"}]
        )
    ruled = [_measurable(drawn, [{**row, **dates} for row in call]) for call in ruled]
    _leave_something_each_way(drawn, ruled)
    if drawn.chance(6):
        gone = draw.choice(OUT_OF_FORCE)
        ruled += [
            [{**alike, **row, **gone} for row in call]
            for call in _steps(drawn, netting)
            if call[0]["basis"] in ("fixed", "own")
        ]
    return ruled


def _alike(drawn: Drawn, scope: str) -> Row:
    """Say what all rows of a scope say."""
    draw = drawn.draw
    netting = draw.choice(NETTINGS)
    alike = {"scope": _as_typed(draw, scope), "netting": netting}
    if netting == "scope" and drawn.chance(2):
        alike["netting"] = ""
    return alike


def _leave_something_each_way(drawn: Drawn, ruled: list[list[Row]]) -> None:
    for way in ("over", "under"):
        _leave_something(drawn, [c for c in ruled if c[0]["direction"] in (way, "either")], way)


def _changing(drawn: Drawn, scope: str) -> list[list[Row]]:
    """Rule a scope that changes within the year: all of it from some days on, or its last step."""
    draw, periods = drawn.draw, drawn.periods
    begins = sorted(draw.sample(range(1, len(periods)), draw.randint(1, len(periods) - 1)))
    groups = [periods[a:b] for a, b in zip([0, *begins], [*begins, None], strict=True)]
    dated = [
        {
            "in_force_from": group[0][0] if k else draw.choice(["", "2018-04-01", "2011-10-03"]),
            "in_force_to": group[-1][1]
            if k + 1 < len(groups)
            else draw.choice(["", "2019-03-31", "2024-02-29"]),
        }
        for k, group in enumerate(groups)
    ]
    if drawn.changing[scope] == "all":
        finer = [
            [scope] if drawn.chance(1.5) else _by_another_key(drawn, drawn.ruled(), scope)
            for _ in groups
        ]
        return [
            call
            for dates, scopes in zip(dated, finer, strict=True)
            for one in scopes
            for call in _ruled(drawn, one, dates)
        ]
    alike = _alike(drawn, scope)
    whole = [
        [{**alike, **row} for row in call] for call in _steps(drawn, alike["netting"] or "scope")
    ]
    ways = {call[0]["direction"] for call in whole}
    last = {
        way: max(int(c[0]["step"]) for c in whole if c[0]["direction"] == way)
        for way in sorted(ways - {"either"} or ways)
    }
    kept = [
        _measurable(drawn, call)
        for call in whole
        if int(call[0]["step"]) != last.get(call[0]["direction"])
    ]
    calls = list(kept)
    for dates in dated:
        mine = [
            _measurable(drawn, [{**alike, **row, **dates} for row in call])
            for way, step in last.items()
            for call in _last_step(drawn, way, step, "")
        ]
        _leave_something_each_way(drawn, [*kept, *mine])
        calls += mine
    return calls


def _scopes(drawn: Drawn) -> list[str]:
    """Part the lines under rules, by one key or two, so that each is under one scope."""
    lines = drawn.ruled()
    keys = ["category"] * 5 + ["pool"] * 2 + ["theme", "organisation", "kind", "lead", "terms"]
    key = drawn.draw.choice([*keys, "grant", "scheme"])
    return [
        finer
        for scope in _by_key(drawn, lines, key)
        for finer in ([scope] if drawn.chance(1.4) else _by_another_key(drawn, lines, scope))
    ]


def _cause_scopes(drawn: Drawn, causes: list[str]) -> list[str]:
    """Part the causes; some together, some by where their lines are."""
    scopes, left = [], list(causes)
    while left:
        joined = drawn.draw.choice([1, 1, 2])
        scope, left = "cause=" + "+".join(left[:joined]), left[joined:]
        if drawn.chance(3):
            scopes += _by_another_key(drawn, drawn.ruled(), scope)
        else:
            scopes.append(scope)
    return scopes


def _by_another_key(drawn: Drawn, lines: list[dict], scope: str) -> list[str]:
    there = [line for line in lines if names(scope, line)]
    taken = keys_of(scope)
    free = [key for key in ("kind", "grant", "terms", "theme", "category") if key not in taken]
    finer = _by_key(drawn, there, drawn.draw.choice(free))
    return [f"{scope}/{one}" for one in finer if scope != "pool"] or finer or [scope]


def _by_key(drawn: Drawn, lines: list[dict], key: str) -> list[str]:
    if key == "pool":
        return ["pool"]
    codes = sorted({line["scheme_id" if key == "scheme" else key] for line in lines})
    drawn.draw.shuffle(codes)
    scopes = []
    while codes:
        joined = drawn.draw.choice([1, 1, 1, 2, 3])
        scopes.append(f"{key}=" + "+".join(codes[:joined]))
        codes = codes[joined:]
    return scopes


def _as_typed(draw: random.Random, scope: str) -> str:
    """Write a scope's keys, and the codes of each, in any order."""
    if scope == "pool":
        return scope
    parts = []
    for key, codes in keys_of(scope).items():
        parts.append(f"{key}=" + "+".join(draw.sample(codes, len(codes))))
    draw.shuffle(parts)
    return "/".join(parts)


def _steps(drawn: Drawn, netting: str) -> list[list[Row]]:
    """Give the calls of one scope, both ways: alike, apart, or alike at first and then apart."""
    draw, calls = drawn.draw, []
    step = draw.choice([0, 0, 0, 1])
    parting = draw.choice(["", "", "own", "lead"])
    if netting != "scope" and drawn.chance(2):
        step += 1
        calls.append([{"direction": "either", "step": str(step), **OFFSET}])
    shape = draw.choice(["either", "apart", "apart", "alike at first"])
    if drawn.symmetric:
        shape = "either"
    if shape != "apart":
        for _ in range(draw.choice([0, 1, 2]) if shape == "either" else draw.choice([1, 2])):
            step += 1
            calls += _step(drawn, "either", step, parting)
    if shape == "either":
        return calls + _last_step(drawn, "either", step + 1, parting)
    used = any(row["basis"] in ROLE for call in calls for row in call)
    for direction in draw.sample(["over", "under"], 2):
        own_parting = parting if used else draw.choice(["", parting])
        more = draw.choice([0, 0, 0, 1, 1, 2])
        mine = [
            call for k in range(more) for call in _step(drawn, direction, step + 1 + k, own_parting)
        ]
        mine += _last_step(drawn, direction, step + 1 + more, own_parting)
        if direction == "under" and not any(
            row["basis"] in ROLE for call in calls + mine for row in call
        ):
            _let_a_reserve_take_in(drawn, mine, step + 1 + more)
        calls += mine
    return calls


def _step(drawn: Drawn, direction: str, step: int, parting: str) -> list[list[Row]]:
    """Give the calls of a step that need not take everything: gaps, limits and reserves."""
    bands = [band for band in _bands(drawn) if not drawn.chance(3)] or _bands(drawn)[:1]
    return [
        [
            {"direction": direction, "step": str(step), **band, **_limited(drawn, row)}
            for row in _call(drawn, parting, drawn.reserves)
        ]
        for band in bands
    ]


def _last_step(drawn: Drawn, direction: str, step: int, parting: str) -> list[list[Row]]:
    """Give the calls of a step that takes all that is left."""
    return [
        [
            {"direction": direction, "step": str(step), **band, **row}
            for row in _call(drawn, parting, [])
        ]
        for band in _bands(drawn)
    ]


def _let_a_reserve_take_in(drawn: Drawn, calls: list[list[Row]], step: int) -> None:
    """An underspend may go into a reserve to the last penny, where no holder's part is over."""
    for call in calls:
        if int(call[0]["step"]) == step and call[0]["basis"] == "fixed" and drawn.reserves:
            code = drawn.draw.choice(drawn.reserves)
            if drawn.chance(2):
                drawn.draw.choice(call).update(bearer=code, held="", limit="")


def _leave_something(drawn: Drawn, calls: list[list[Row]], way: str) -> None:
    """See to it that every step but the last leaves something to those that follow it."""
    parted = any(row["basis"] in ROLE for call in calls for row in call)
    alike = all(call[0]["direction"] == "either" for call in calls)
    may_lack = drawn.reserves if parted or alike or way == "over" else []
    steps = sorted({int(call[0]["step"]) for call in calls})
    for step in steps[:-1]:
        here = [call for call in calls if int(call[0]["step"]) == step]
        taking = [
            r for c in here for r in c if number(r.get("share") or "0") or r["basis"] in MEASURED
        ]
        if not (
            here[0][0]["basis"] == "offset"
            or _gap([call[0] for call in here])
            or any(row.get("limit") or row["bearer"] in may_lack for row in taking)
        ):
            row = drawn.draw.choice(taking)
            if row["bearer"] in drawn.reserves:  # which is limited by its balance alone
                beside = {r["bearer"] for call in here for r in call}
                places = ("carried forward", "outside the pool", *drawn.partners)
                if free := [w for w in places if w not in beside]:
                    row["bearer"] = free[0]
                else:
                    row = next(r for r in taking if r["bearer"] not in drawn.reserves)
            row["limit"] = drawn.draw.choice(POUNDS)


def _gap(bands: list[Row]) -> bool:
    """Whether some part of an amount is in no band."""
    ends = {}
    for row in bands:
        start = row.get("band_from", "")
        ends["" if start in ("£0", "0%") else start] = row.get("band_to", "")
    at = ""
    while at in ends:
        at = ends.pop(at)
        if not at:
            return False
    return True


def _bands(drawn: Drawn) -> list[Row]:
    """Part an amount into bands that leave no gap; mostly one, which is the whole."""
    draw = drawn.draw
    if drawn.chance(1.6):
        return [{}]
    edges = draw.choice([POUNDS, PERCENTS])
    chosen = sorted(draw.sample(range(len(edges)), draw.choice([1, 1, 2, 3])))
    ends = [edges[i] for i in chosen]
    first = draw.choice(["", "", "", "£0", "0%"])
    bands = [
        {"band_from": start, "band_to": end}
        for start, end in zip([first, *ends], [*ends, ""], strict=True)
    ]
    draw.shuffle(bands)
    return bands


def _call(drawn: Drawn, parting: str, reserves: list[str]) -> list[Row]:
    """Name the bearers of a call, and how it is divided among them."""
    draw = drawn.draw
    basis = draw.choice(["fixed"] * 4 + list(MEASURED) + [parting] * 3 * bool(parting))
    if basis in ROLE:
        return [{"basis": basis, "bearer": ROLE[basis], "share": "100", **_held(drawn)}]
    if basis == "fixed":
        several = [*drawn.partners * 2, *drawn.providers, *reserves * 3]
        several += ["carried forward", "outside the pool"] * drawn.chance(3)
        count = min(draw.choice([1, 1, 2, 2, 3, 5]), len(set(several)))
        bearers: list[str] = []
        while len(bearers) < count:
            bearers += [code for code in [draw.choice(several)] if code not in bearers]
        shares = list(draw.choice([s for s in STATED if len(s) == count]))
        draw.shuffle(shares)
        rows = []
        for bearer, share in zip(bearers, shares, strict=True):
            held = _held(drawn) if bearer in drawn.partners else {}
            shown = "" if share == "0" and drawn.chance(2) else share
            rows.append({"basis": "fixed", "bearer": bearer, "share": shown, **held})
        return rows
    bearers = draw.sample(drawn.partners, draw.randint(1, len(drawn.partners)))
    versions = sorted({row["version"] for row in drawn.tables.get("contributions", [])})
    if basis == "contribution" and not versions:
        basis = "budget"
    alike = {
        "basis": basis,
        "version": draw.choice(versions) if basis == "contribution" else "",
        "without": draw.choice(["", "", "", "grants", "capital", "grants and capital"]),
        "measured_over": draw.choice(["", "", "", "pool", some_scope(drawn)]),
    }
    return [{**alike, "bearer": bearer, **_held(drawn)} for bearer in bearers]


def some_scope(drawn: Drawn) -> str:
    """Name the lines that have one code of one key."""
    key = drawn.draw.choice(["theme", "category", "kind", "organisation", "grant"])
    return f"{key}={drawn.draw.choice(drawn.ruled())[key]}"


def _held(drawn: Drawn) -> Row:
    return {"held": drawn.draw.choice(["", "", "", "", "in the pool", "outside the pool"])}


def _limited(drawn: Drawn, row: Row) -> Row:
    """Let a row take no more than so much."""
    draw = drawn.draw
    if drawn.chance(2) or row["bearer"] in drawn.reserves:
        return row
    contribution = ["contribution"] * 2 if row["basis"] in MEASURED else []
    limits = [draw.choice(POUNDS), draw.choice(PERCENTS), *contribution]
    return {**row, "limit": draw.choice(limits)}


# ------------------------------------------------------------------ weights


def _measurable(drawn: Drawn, call: list[Row]) -> list[Row]:
    """Give a call whose weights can be measured for all that is netted in its scope.

    A call that cannot be is measured over the pool; if that will not do, shares are stated.
    """
    if call[0]["basis"] not in MEASURED:
        return call
    several = [Facts(drawn.tables, drawn.unit, lines) for lines in drawn.measured()]
    for over in (call[0]["measured_over"], "pool"):
        measured = [{**row, "measured_over": over} for row in call]
        units = _all_units(drawn.ruled(), call[0])
        if all(_sound(facts, pot, measured) for facts in several for pot in units):
            return measured
    stated = [{**row, "basis": "fixed", "share": "0"} for row in call]
    stated[0]["share"] = "100"
    for row in stated:
        row.update(version="", without="", measured_over="")
        if row.get("limit") == "contribution":
            row["limit"] = "£12"
    return stated


def _all_units(lines: list[dict], rule: Row) -> list[dict]:
    """Give every netting unit the scope can have, as far as weights go."""
    by = UNIT_OF[rule["netting"] or "scope"]
    scope = tidy_scope(rule["scope"])
    there = [line for line in lines if names(scope, line)]
    return [
        {"scope": scope, "unit": unit}
        for unit in sorted({line[by] if by else "" for line in there})
    ]


def _sound(facts: Facts, pot: dict, call: list[Row]) -> bool:
    """Whether no weight is below nil, not all are nil, and each contribution is in or out."""
    call = [{**row, "netting": row["netting"] or "scope"} for row in call]
    weights = [facts.weight(pot, row) for row in call]
    if min(weights) < 0 or sum(weights) == 0:
        return False
    measured = {line["scheme_id"] for line in facts.measured(pot, call[0])}
    for contribution in facts.contributions:
        if call[0]["basis"] == "contribution" and contribution["version"] == call[0]["version"]:
            to = {ln["scheme_id"] for ln in facts.stated if names(contribution["to"], ln)}
            if to & measured and not to <= measured:
                return False
    return True
