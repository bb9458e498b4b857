"""Random limits over several rules (docs/rules.md, 12), put on rules that were made up before.

Each covers all that is netted together or none of it; a scope whose last step a limit could hold
back gets one more step, which takes what is left.
"""

from tests.make.agreement_rules import MEASURED, PERCENTS, POUNDS, ROLE, Drawn, some_scope
from tests.oracle.agreement import PARTED_BY
from tests.oracle.facts import UNIT_OF, in_force, keys_of, names, tidy_scope, with_defaults
from tests.oracle.sums import Row, number

DATES = ({}, {}, {}, {"in_force_from": "2018-04-01"}, {"in_force_to": "2018-03-31"})
WAYS = ("over", "under")
YEAR = ("2018-04-01", "2019-03-31")


def random_limits(drawn: Drawn, causes: list[str]) -> None:
    """Put none, one or some limits on the agreement; of a symmetric one, each both ways."""
    draw, rows = drawn.draw, []
    standing = _in_force(drawn)
    for _ in range(draw.choice([0, 0, 1, 1, 2, 3])):
        limit = {
            "bearer": draw.choice([*drawn.partners * 3, *drawn.providers, "carried forward"]),
            "at_most": draw.choice([draw.choice(POUNDS), draw.choice(POUNDS), _percent(drawn)]),
            "covers": _whole(drawn, standing, _covers(drawn, standing, causes)),
            **draw.choice(DATES),
        }
        both = ("overspends", "underspends")
        counts = draw.choice(["", "overspends", "net", "underspends"])
        rows += [{**limit, "counts": way} for way in (both if drawn.symmetric else (counts,))]
    rows += _of_scopes(drawn)
    if not rows:
        return
    columns = dict.fromkeys(name for row in rows for name in row)
    drawn.tables["limits"] = [
        {"limit_id": f"L{i}", **{name: row.get(name, "") for name in columns}, "clause": f"D {i}"}
        for i, row in enumerate(_apart(rows), 1)
    ]
    _take_what_is_left(drawn, standing)


def _of_scopes(drawn: Drawn) -> list[Row]:
    """Give limits in force in some parts of the year: what changes in a scope, or beside it."""
    draw, rows = drawn.draw, []
    for scope, what in drawn.changing.items():
        if what and not drawn.chance(4):
            continue
        at = draw.randrange(1, len(drawn.periods))
        dates = draw.choice(
            [
                {"in_force_from": drawn.periods[at][0]},
                {"in_force_to": drawn.periods[at - 1][1]},
                {"in_force_from": drawn.periods[at][0], "in_force_to": drawn.periods[at][1]},
            ]
        )
        rows.append(
            {
                "bearer": draw.choice(drawn.partners),
                "at_most": draw.choice([draw.choice(POUNDS), _percent(drawn)]),
                "covers": scope,
                "counts": draw.choice(["", "net", "underspends"]),
                **dates,
            }
        )
    return rows


def _percent(drawn: Drawn) -> str:
    return drawn.draw.choice(PERCENTS)


def _apart(rows: list[Row]) -> list[Row]:
    """Leave out a second limit on the same."""
    return list(
        {
            (row["bearer"], row["covers"] or "pool", row["counts"] or "overspends"): row
            for row in rows
        }.values()
    )


def _in_force(drawn: Drawn) -> list[Row]:
    return [
        {**row, "scope": tidy_scope(row["scope"])}
        for row in with_defaults(drawn.tables, "rules")
        if any(in_force(row, *period) for period in [YEAR, *drawn.periods])
    ]


def _covers(drawn: Drawn, standing: list[Row], causes: list[str]) -> str:
    """Say what a limit covers: the whole agreement, or lines, rules, steps and causes."""
    draw = drawn.draw
    if drawn.chance(4):
        return draw.choice(["", "pool"])
    keys = []
    if drawn.chance(2):
        keys.append(draw.choice([some_scope(drawn), "kind=revenue", _of_a_scope(drawn, standing)]))
    if drawn.chance(2):
        rules = [row["rule_id"] for row in standing]
        keys.append("rule=" + "+".join(draw.sample(rules, draw.randint(1, len(rules)))))
    if drawn.chance(3):
        keys.append(draw.choice(["step=1", "step=1+2", "step=3+2"]))
    if causes and drawn.chance(4):
        keys.append(f"cause={draw.choice([*causes, 'none'])}")
    draw.shuffle(keys)
    return "/".join(key for key in keys if key != "pool") or "pool"


def _of_a_scope(drawn: Drawn, standing: list[Row]) -> str:
    """Give the lines of one of the scopes."""
    keys = keys_of(drawn.draw.choice(standing)["scope"])
    keys.pop("cause", None)
    return "/".join(f"{key}={'+'.join(codes)}" for key, codes in keys.items()) or "pool"


def _whole(drawn: Drawn, standing: list[Row], covers: str) -> str:
    """Give what is covered, without its lines where that would be a part of what is netted."""
    keys = keys_of(covers or "pool")
    lines = {key: codes for key, codes in keys.items() if key not in ("rule", "step", "cause")}
    scope = "/".join(f"{key}={'+'.join(codes)}" for key, codes in lines.items()) or "pool"
    for rule in standing:
        netted: dict[tuple, set[bool]] = {}
        for line in drawn.ruled():
            if names(rule["scope"], line):
                unit = line[by] if (by := UNIT_OF[rule["netting"]]) else ""
                netted.setdefault((line["kind"], line["grant"], unit), set()).add(
                    names(scope, line)
                )
        if any(len(covered) > 1 for covered in netted.values()):
            rest = {key: codes for key, codes in keys.items() if key not in lines}
            return "/".join(f"{key}={'+'.join(codes)}" for key, codes in rest.items()) or "pool"
    return covers


def _take_what_is_left(drawn: Drawn, standing: list[Row]) -> None:
    """Give a scope one more step each way in which a limit could hold back the last one."""
    more: list[Row] = []
    for scope in dict.fromkeys(row["scope"] for row in standing):
        rows = [row for row in standing if row["scope"] == scope]
        changes = any(names(scope, line) for line in drawn.lines_that_change())
        if not changes or "cause" in keys_of(scope):
            more += _one_more_step(drawn, rows, YEAR, len(more))
            continue
        for period in drawn.periods:
            there = [row for row in rows if in_force(row, *period)]
            dates = dict(zip(("in_force_from", "in_force_to"), period, strict=True))
            more += [{**row, **dates} for row in _one_more_step(drawn, there, period, len(more))]
    drawn.tables["rules"] += more


def _one_more_step(
    drawn: Drawn, rows: list[Row], period: tuple[str, str], written: int
) -> list[Row]:
    """Give the step that takes what a limit holds back of the last one of these rows, each way."""
    more: list[Row] = []
    alike = all(row["direction"] == "either" for row in rows)
    after = str(max((int(row["step"]) for row in rows), default=0) + 1)
    for way in ("either",) if alike else WAYS:
        called = [row for row in rows if row["direction"] in (way, "either")]
        last = max((int(row["step"]) for row in called), default=0)
        of_last = [row for row in called if int(row["step"]) == last]
        parted = any(row["basis"] in ROLE for row in called)
        if any(
            _holds(drawn, limit, row, way, parted)
            for limit in with_defaults(drawn.tables, "limits")
            if in_force(limit, *period)
            for row in of_last
        ):
            kept = ("scope", "netting", "in_force_from", "in_force_to")
            more.append(
                {
                    **dict.fromkeys(drawn.tables["rules"][0], ""),
                    **{name: rows[0].get(name, "") for name in kept},
                    **{"rule_id": f"X{written + len(more)}", "direction": way, "step": after},
                    **{"basis": "fixed", "bearer": "outside the pool", "share": "100"},
                    "clause": "What limits leave",
                }
            )
    return more


def _holds(drawn: Drawn, limit: Row, row: Row, way: str, parted: bool) -> bool:
    """Whether a limit can hold something of a row back."""
    keys, of_rule = keys_of(limit["covers"]), keys_of(row["scope"])
    other = "over" if limit["counts"] == "underspends" else "under"
    lines = "/".join(
        f"{key}={'+'.join(codes)}"
        for key, codes in keys.items()
        if key not in ("rule", "step", "cause")
    )
    covered = [
        line for line in drawn.ruled() if names(row["scope"], line) and names(lines or "pool", line)
    ]
    role = PARTED_BY.get(row["basis"])
    bearers = {line[role] for line in covered} if role else {row["bearer"]}
    bears = row["basis"] in (*MEASURED, *ROLE) or number(row["share"])
    return (
        bool(covered and bears)
        and limit["bearer"] in bearers
        and (parted or way != other)
        and row["rule_id"] in keys.get("rule", [row["rule_id"]])
        and str(int(row["step"])) in keys.get("step", [str(int(row["step"]))])
        and bool({*keys.get("cause", of_rule.get("cause", ["none"]))}
                 & {*of_rule.get("cause", ["none"])})
    )  # fmt: skip
