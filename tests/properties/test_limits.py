"""What holds of every limit over several rules (docs/rules.md, 12), on random agreements."""

from collections import defaultdict

import pandas as pd
from hypothesis import Phase, assume, given
from pandera.config import config_context

from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow, tries
from tests.make.agreements import (
    agreements,
    agreements_of_one_line,
    agreements_without_limits,
    parted_agreements,
    random_agreement,
)
from tests.make.pools import RandomPool, inputs_of

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a smaller seed is no simpler
some = tries(5, 60, phases=NO_SHRINKING)
few = tries(3, 30, phases=NO_SHRINKING)
ROW = ["scope", "kind", "grant", "cause", "unit", "holder", "rule_id", "position", "bearer"]
AMOUNTS = ["variance", "offered", "slice", "share", "borne"]
ENDLESS = "£1,000,000,000,000"


def worked(pool: RandomPool) -> Results:
    with config_context(validation_enabled=False):
        return run(inputs_of(pool))


def amounts(results: Results) -> pd.DataFrame:
    return results.outputs["risk_share_workings"].set_index(ROW)[AMOUNTS].sort_index()


def with_limits(pool: RandomPool, limits: list[dict[str, str]]) -> RandomPool:
    rows = [
        {"limit_id": f"L{i}", **row, "clause": f"Clause {i}"} for i, row in enumerate(limits, 1)
    ]
    return RandomPool(pool.unit, {**pool.tables, "limits": rows}, pool.name)


def counted(shares: pd.DataFrame, code: str, counts: str) -> int:
    """Count what is borne under a limit, from nothing but what each row bears."""
    of_limit = shares[[code in label.split("+") for label in shares["limits"]]]
    if counts != "net":
        sign = 1 if counts == "overspends" else -1
        return int((of_limit["borne"] * sign).clip(lower=0).sum())
    return int(of_limit.groupby(["kind", "grant"])["borne"].sum().clip(lower=0).sum())


@slow
@some
@given(agreements | parted_agreements)
def test_nobody_bears_more_than_its_limit_and_no_penny_is_lost(pool):
    results = worked(pool)
    shares, limits = results.outputs["risk_share_workings"], results.outputs["limits"]
    for limit in limits.itertuples():
        used = counted(shares, limit.limit_id, limit.counts)
        assert used == limit.counted <= limit.amount
        assert limit.left == limit.amount - limit.counted
        of_limit = shares[[limit.limit_id in label.split("+") for label in shares["limits"]]]
        assert of_limit["bearer"].isin([limit.bearer]).all()
    for _, pot in shares.groupby("pot"):
        assert pot["borne"].sum() == pot["variance"].iloc[0]
    held = shares[shares["limits"] != ""]
    assert (held["borne"].abs() <= held["share"].abs()).all()
    assert (held["borne"] * held["share"] >= 0).all()


@slow
@few
@given(agreements_without_limits)
def test_a_limit_that_never_binds_changes_nothing(pool):
    bearers = [row["organisation"] for row in pool.tables["organisations"]]
    limits = [
        {"bearer": bearer, "at_most": ENDLESS, "covers": "pool", "counts": counts}
        for bearer in bearers
        for counts in ("overspends", "net", "underspends")
    ]
    results, again = worked(pool), worked(with_limits(pool, limits))
    pd.testing.assert_frame_equal(amounts(results), amounts(again))
    for name in ("reserves", "risk_share_summary"):
        pd.testing.assert_frame_equal(results.outputs[name], again.outputs[name])
    # Whoever else bears is settled with in the order of the workings, which limits set by step.
    parties, others = (it.outputs["settlement"].set_index("party") for it in (results, again))
    pd.testing.assert_frame_equal(parties.sort_index(), others.sort_index())


@slow
@few
@given(agreements_of_one_line)
def test_a_limit_of_one_row_is_the_limit_of_the_rule(pool):
    """One line, so one pot: what a rule's own limit says, a limit on that rule says as well."""
    pool.tables.pop("limits", None)
    pool.tables.pop("causes", None)
    holder = pool.tables["schemes"][0]["organisation"]
    lead = pool.tables["schemes"][0]["lead"] or holder
    rules, limits = [], []
    for row in pool.tables["rules"]:
        if not row.get("limit", "").startswith("£"):
            rules.append(row)
            continue
        bearer = {"own": holder, "lead": lead}.get(row["basis"], row["bearer"])
        rules.append({**row, "limit": ""})
        limits += [
            {
                "bearer": bearer,
                "at_most": row["limit"],
                "covers": f"rule={row['rule_id']}",
                "counts": counts,
            }
            for counts in ("overspends", "underspends")
        ]
    assume(limits)
    again = with_limits(RandomPool(pool.unit, {**pool.tables, "rules": rules}), limits)
    pd.testing.assert_frame_equal(amounts(worked(pool)), amounts(worked(again)))


@slow
@few
@given(agreements)
def test_under_a_limit_of_nil_its_bearer_bears_nothing_and_others_all(pool):
    assume("limits" in pool.tables)
    nil = [{**row, "at_most": "£0"} for row in pool.tables["limits"]]
    after = worked(RandomPool(pool.unit, {**pool.tables, "limits": nil})).outputs
    assert (after["limits"]["counted"] == 0).all()
    assert after["risk_share_workings"]["borne"].sum() == after["variance"]["variance"].sum()


@slow
def test_the_room_of_each_row_is_what_those_above_left():
    """The working paper can be done again from top to bottom with nothing but its own rows."""
    seen = 0
    for seed in range(40):
        pool = random_agreement(seed)
        results = worked(pool)
        limits = {row.limit_id: row for row in results.outputs["limits"].itertuples()}
        used: dict[str, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in results.outputs["risk_share_workings"].itertuples():
            codes = [code for code in row.limits.split("+") if code]
            rooms = {"over": [], "under": []}
            for code in codes:
                limit, money = limits[code], (row.kind, row.grant)
                borne = [b for taken in used[code].values() for b in taken]
                if limit.counts == "overspends":
                    rooms["over"].append(limit.amount - sum(b for b in borne if b > 0))
                elif limit.counts == "underspends":
                    rooms["under"].append(limit.amount + sum(b for b in borne if b < 0))
                else:
                    others = [sum(taken) for key, taken in used[code].items() if key != money]
                    of_others = sum(net for net in others if net > 0)
                    rooms["over"].append(limit.amount - of_others - sum(used[code][money]))
            assert (row.room, row.room_under) == (
                min(rooms["over"], default=0), min(rooms["under"], default=0),
            )  # fmt: skip
            for code in codes:
                used[code][row.kind, row.grant].append(row.borne)
            seen += len(codes)
    assert seen > 100
