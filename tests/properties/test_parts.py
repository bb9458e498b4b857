"""What holds of every agreement that changes within the year (docs/rules.md, 13)."""

import random
from collections import Counter

import pandas as pd
from hypothesis import Phase, given
from pandera.config import config_context

from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow, tries
from tests.make.agreements import parted_agreements, random_agreement
from tests.make.pools import RandomPool, inputs_of, typed
from tests.oracle.agreement import Agreement
from tests.oracle.facts import tidy_scope
from tests.oracle.sums import Row, pence
from tests.oracle.year_parts import stages

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a smaller seed is no simpler
few = tries(3, 30, phases=NO_SHRINKING)
AMOUNTS = ["rule_id", "bearer", "offered", "slice", "share", "borne"]
POT = ["scope", "kind", "grant", "unit", "holder", "step", "position"]


def worked(pool: RandomPool) -> Results:
    with config_context(validation_enabled=False):
        return run(inputs_of(pool))


def paper(pool: RandomPool) -> pd.DataFrame:
    return worked(pool).outputs["risk_share_workings"]


def with_tables(pool: RandomPool, **tables: list[Row]) -> RandomPool:
    return RandomPool(pool.unit, {**pool.tables, **tables}, pool.name)


def days_of(pool: RandomPool) -> list[tuple[str, str]]:
    return sorted({(row["first_day"], row["last_day"]) for row in pool.tables["parts"]})


# ------------------------------------------------------------------ the parts make the whole


@slow
@few
@given(parted_agreements)
def test_each_part_is_a_pool_of_its_own(pool):
    """Its lines with its amounts, its rules, and reserves with what the part before left."""
    pool = with_tables(pool, limits=[])
    shares, left = paper(pool), {}
    pooled = [
        line for line in Agreement(pool.tables, pool.unit).lines if line["pooling"] == "pooled"
    ]
    for stage in stages(pool.tables, pool.unit, 2018, pooled)[:-1]:
        of_line = {
            row["scheme_id"]: row
            for row in pool.tables["parts"]
            if stage.part.startswith(row["first_day"])
        }
        ruled = {line["scheme_id"] for line in stage.ruled}
        schemes = [
            {**row, **{name: of_line[row["scheme_id"]][name] for name in ("budget", "expenditure")}}
            if row["scheme_id"] in ruled
            else {**row, "expenditure": row["budget"]}
            for row in pool.tables["schemes"]
        ]
        rules = [{**row, "in_force_from": "", "in_force_to": ""} for row in stage.rules]
        reserves = [
            {**row, "opening": left.get(row["reserve"], row["opening"]), "released_by": ""}
            if left
            else row
            for row in pool.tables.get("reserves", [])
        ]
        whole = {"parts": [], "causes": [], "payments": [], "activity": []}
        alone = worked(
            with_tables(pool, schemes=schemes, rules=rules, reserves=reserves, **whole)
        ).outputs
        for row in alone["reserves"].itertuples():
            left[row.reserve] = typed(random.Random(0), int(row.closing), pool.unit)
        own = shares.loc[shares["part"] == stage.part, AMOUNTS]
        apart = alone["risk_share_workings"][AMOUNTS]
        pd.testing.assert_frame_equal(
            own.reset_index(drop=True), apart.reset_index(drop=True), check_dtype=False
        )


@slow
@few
@given(parted_agreements)
def test_lines_that_do_not_change_are_ruled_as_if_nothing_did(pool):
    """Without reserves and limits, which parts share: as a pool in which nothing else moved."""
    pool = with_tables(pool, limits=[])
    shares = paper(pool)
    reserves = {row["reserve"] for row in pool.tables.get("reserves", [])}
    rest = shares[shares["part"] == ""]
    if reserves & {*shares["bearer"]} or rest.empty:
        return
    pooled = [
        line for line in Agreement(pool.tables, pool.unit).lines if line["pooling"] == "pooled"
    ]
    last = stages(pool.tables, pool.unit, 2018, pooled)[-1]
    still = {line["scheme_id"] for line in last.ruled}
    rules = [row for row in pool.tables["rules"] if tidy_scope(row["scope"]) in {*rest["scope"]}]
    changed = {line["scheme_id"] for line in last.stated if line["scheme_id"] not in still}
    schemes = [
        {**row, "expenditure": row["budget"]} if row["scheme_id"] in changed else row
        for row in pool.tables["schemes"]
    ]
    alone = paper(with_tables(pool, rules=rules, schemes=schemes, parts=[]))
    pd.testing.assert_frame_equal(
        rest[AMOUNTS].reset_index(drop=True), alone[AMOUNTS].reset_index(drop=True)
    )


# ------------------------------------------------------------------ what changes nothing


@slow
@few
@given(parted_agreements)
def test_parts_of_lines_whose_rules_do_not_change_say_nothing(pool):
    """Whatever is stated of their parts: half of the budget in the first, all spent in the last."""
    stated = {row["scheme_id"] for row in pool.tables["parts"]}
    days = days_of(pool)
    more = [
        {
            "scheme_id": row["scheme_id"],
            "first_day": begins,
            "last_day": ends,
            "budget": row["budget"] if k == 0 else "0",
            "expenditure": row["expenditure"] if k == len(days) - 1 else "0",
        }
        for row in pool.tables["schemes"]
        if row["scheme_id"] not in stated
        for k, (begins, ends) in enumerate(days)
    ]
    one, other = paper(pool), paper(with_tables(pool, parts=[*pool.tables["parts"], *more]))
    pd.testing.assert_frame_equal(one, other)


@slow
@few
@given(parted_agreements)
def test_a_part_with_nothing_in_it_changes_nothing_in_those_that_follow(pool):
    """The last day becomes a part of its own, in which nothing was, with the rules before it."""
    tables = pool.tables
    begins, ends = days_of(pool)[-1]
    if begins == ends or any(row.get("over_parts") == "pro rata" for row in tables["rules"]):
        return
    if any(row["over_parts"] == "pro rata" for row in tables.get("limits", [])):
        return
    parts = [
        {**row, "last_day": "2019-03-30"} if row["last_day"] == ends else row
        for row in tables["parts"]
    ]
    nil = {"first_day": ends, "last_day": ends, "budget": "0", "expenditure": "0"}
    parts += [{"scheme_id": code, **nil} for code in {row["scheme_id"] for row in parts}]
    one, other = paper(pool), paper(with_tables(pool, parts=parts))
    empty = other["part"] == f"{ends} to {ends}"
    assert not other.loc[empty, "borne"].any()
    pd.testing.assert_frame_equal(one[AMOUNTS], other.loc[~empty, AMOUNTS].reset_index(drop=True))


# ------------------------------------------------------------------ the same in each part


@slow
@few
@given(parted_agreements)
def test_rules_that_are_the_same_in_each_part_share_as_over_the_year(pool):
    """Fixed shares, no bands, no limits: but for a penny for each row of each pot of each part."""
    draw, days = pool.tables, days_of(pool)
    partners = [row["organisation"] for row in draw["organisations"]]
    shares = [str(100 - 10 * (len(partners) - 1)), *["10"] * (len(partners) - 1)]
    rule = {"scope": "pool", "direction": "either", "step": "1", "basis": "fixed", "clause": "c"}
    year = [
        {"rule_id": f"R{k}", **rule, "bearer": bearer, "share": share}
        for k, (bearer, share) in enumerate(zip(partners, shares, strict=True))
    ]
    by_part = [
        {**row, "rule_id": f"{row['rule_id']}.{k}", "in_force_from": begins, "in_force_to": ends}
        for k, (begins, ends) in enumerate(days)
        for row in year
    ]
    rest = [row for row in draw["schemes"] if row["pooling"] == "pooled"]
    parts = {row["scheme_id"] for row in draw["parts"]}
    nil = [
        {
            "scheme_id": row["scheme_id"],
            "first_day": begins,
            "last_day": ends,
            "budget": row["budget"] if k == 0 else "0",
            "expenditure": row["expenditure"] if k == 0 else "0",
        }
        for row in rest
        if row["scheme_id"] not in parts
        for k, (begins, ends) in enumerate(days)
    ]
    without = {"limits": [], "causes": [], "payments": [], "activity": [], "reserves": []}
    one = paper(with_tables(pool, rules=year, **(without | {"parts": []})))
    other = paper(with_tables(pool, rules=by_part, **(without | {"parts": [*draw["parts"], *nil]})))
    pots = one.groupby(["kind", "grant"]).ngroups
    borne, again = (it.groupby("bearer")["borne"].sum() for it in (one, other))
    assert (borne - again).abs().max() <= len(days) * pots
    assert borne.sum() == again.sum() == one.drop_duplicates("pot")["variance"].sum()


# ------------------------------------------------------------------ limits and what is pro rata


@slow
def test_what_is_pro_rata_adds_up_to_what_is_stated():
    """Over the parts in which a limit in force all year stands; to the penny."""
    seen = 0
    for seed in range(60):
        pool = random_agreement(seed, parted=True)
        amounts: Counter[str] = Counter()
        for limit in Agreement(pool.tables, pool.unit).limits:
            amounts[limit.row["limit_id"]] += limit.amount
        found: Counter[str] = Counter()
        for row in worked(pool).outputs["limits"].itertuples():
            found[row.limit_id.partition(" | ")[0]] += row.amount
        assert found == amounts
        for row in pool.tables.get("limits", []):
            stands = not row.get("in_force_from") and not row.get("in_force_to")
            if row["over_parts"] == "pro rata" and stands and "£" in row["at_most"]:
                assert found[row["limit_id"]] == pence(row["at_most"], "pounds")
                seen += 1
    assert seen > 5


@slow
@few
@given(parted_agreements)
def test_over_all_parts_nobody_bears_more_than_a_limit_for_the_year(pool):
    results = worked(pool)
    shares = results.outputs["risk_share_workings"]
    for limit in results.outputs["limits"].itertuples():
        if " | " in limit.limit_id or limit.counts == "net":
            continue
        sign = 1 if limit.counts == "overspends" else -1
        counts = [limit.limit_id in label.split("+") for label in shares["limits"]]
        assert (shares.loc[counts, "borne"] * sign).clip(lower=0).sum() <= limit.amount


# ------------------------------------------------------------------ the generator itself


@slow
def test_random_agreements_change_within_the_year_in_every_way():
    seen: Counter[str] = Counter()
    for seed in range(200):
        pool = random_agreement(seed, parted=True)
        days, agreement = days_of(pool), Agreement(pool.tables, pool.unit)
        seen[f"parts {len(days)}"] += 1
        seen[f"within a month {any(not first.endswith('-01') for first, _ in days)}"] += 1
        seen.update(f"rule {row['over_parts']}" for row in pool.tables["rules"])
        seen.update(f"limit {row['over_parts']}" for row in pool.tables.get("limits", []))
        seen.update(
            f"dated limit {row['over_parts']}"
            for row in pool.tables.get("limits", [])
            if row.get("in_force_from") or row.get("in_force_to")
        )
        for row in agreement.shares:
            if row["borne"]:
                seen[f"in a part {row['part'] != ''} by {row['basis']}"] += 1
        for limit in agreement.limits:
            counted = {
                row["part"]
                for row in agreement.shares
                if limit.code in row["limits"].split("+") and row["borne"]
            }
            seen[f"counts in {min(len(counted), 2)} parts"] += 1
    bases = ("own", "lead", "fixed", "contribution", "commissioned", "budget")
    expected = {
        *(f"parts {k}" for k in (2, 3, 4)),
        *(f"within a month {w}" for w in (True, False)),
        *(f"rule {w}" for w in ("per part", "pro rata", "")),
        *(f"limit {w}" for w in ("per part", "pro rata", "whole year")),
        *(f"dated limit {w}" for w in ("per part", "pro rata", "whole year")),
        *(f"in a part {p} by {b}" for p in (True, False) for b in bases),
        *(f"counts in {k} parts" for k in (1, 2)),
        "in a part True by offset",
    }
    assert expected <= set(seen)
    assert min(seen[name] for name in expected) >= 5
