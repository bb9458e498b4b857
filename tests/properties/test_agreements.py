"""Random agreements: the second implementation agrees to the penny, and what holds of each.

`make test` has 25 cases in all columns, and 200 outturns in what each bears; `make long` has 2,000
and 1,000.
"""

import os
import random
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given
from pandera.config import config_context

from bcf_model.agreement.outturns import prepare, rerun
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.rules import in_force
from bcf_model.core.words import BASES, COUNTED
from bcf_model.pool import load
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import LONG, longer, slow, tries
from tests.make.agreements import (
    agreements,
    agreements_of_one_line,
    agreements_without_limits,
    another_outturn,
    parted_agreements,
    random_agreement,
    symmetric_agreements,
)
from tests.make.pools import YEAR, RandomPool, files_of, inputs_of, typed
from tests.oracle import year as oracle
from tests.oracle.agreement import Agreement
from tests.oracle.facts import KEYS, keys_of, restated, tidy_scope
from tests.oracle.sums import pence

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a smaller seed is no simpler
some = tries(5, 60, phases=NO_SHRINKING)
few = tries(2, 30, phases=NO_SHRINKING)
CHUNKS = range(10 if LONG else 5)
FRAMES = range(50 if LONG else 5)
"""More of them take longer: no test is to take a minute, so that two processes end together."""
FILES, OUTTURNS = (20, 25) if LONG else (5, 5)
CASES = int(os.environ.get("BCF_AGREEMENTS", "2000" if LONG else "40"))
POT = ["part", "scope", "kind", "grant", "cause", "unit", "holder"]
TABLES = {
    name: columns for name, columns in oracle.COLUMNS.items() if "variance_percent" not in columns
} | {"variance": ["scheme_id", "budget", "expenditure", "variance"]}


def worked(pool: RandomPool) -> Results:
    """Work a pool out from frames: checks of tables are what the tests from files are for."""
    with config_context(validation_enabled=False):
        return run(inputs_of(pool))


def paper(pool: RandomPool) -> pd.DataFrame:
    return worked(pool).outputs["risk_share_workings"]


def rows_of(frame: pd.DataFrame, columns: list[str]) -> list[tuple]:
    return list(zip(*(frame[column].tolist() for column in columns), strict=True))


# ------------------------------------------------------------------ the second implementation


def agree(pool: RandomPool, results: Results) -> None:
    expected = oracle.solve(pool.tables, pool.unit)
    for name, columns in TABLES.items():
        chosen = [oracle.COLUMNS[name].index(column) for column in columns]
        rows = [tuple(row[at] for at in chosen) for row in expected[name]]
        assert rows_of(results.outputs[name], columns) == rows, name
    assert (results.outputs["checks"]["difference"] == 0).all()


@slow(first=1)
@longer
@pytest.mark.parametrize("parted", [False, True], ids=["all year", "in parts"])
@pytest.mark.parametrize("chunk", CHUNKS)
def test_from_files(chunk, parted):
    """Whatever is drawn is sound: `load` finds no error in it."""
    for seed in range(chunk, FILES, len(CHUNKS)):
        pool = random_agreement(seed, parted=parted)
        with files_of(pool) as folder:
            agree(pool, run(load(folder)))


@slow(first=1)
@longer
@pytest.mark.parametrize("parted", [False, True], ids=["all year", "in parts"])
@pytest.mark.parametrize("chunk", FRAMES)
def test_from_frames(chunk, parted):
    for seed in range(20 + chunk, CASES, len(FRAMES)):
        pool = random_agreement(seed, parted=parted)
        agree(pool, worked(pool))


@slow(first=1)
@longer
@pytest.mark.parametrize("chunk", CHUNKS)
def test_many_outturns_at_once(chunk):
    """40 outturns of each agreement: of each, what every bearer bears in all."""
    for seed in range(5000 + chunk, 5000 + OUTTURNS, len(CHUNKS)):
        draw, pool = random.Random(seed), random_agreement(seed)
        years = []
        for _ in range(40):
            drawn = another_outturn(draw, pool).tables["schemes"]
            years.append(RandomPool(pool.unit, {**pool.tables, "schemes": drawn}))
        found = outturns(pool, years)
        for k, year in enumerate(years):
            expected: Counter[str] = Counter()
            for row in Agreement(year.tables, pool.unit).shares:
                expected[row["bearer"]] += row["borne"]
            assert {code: borne[k] for code, borne in found.items() if borne[k]} == {
                code: borne for code, borne in expected.items() if borne
            }, (seed, k)


def outturns(pool: RandomPool, years: list[RandomPool]) -> dict[str, list[int]]:
    """Give what each bears in several outturns of one agreement, worked in one go."""
    inputs, lines = inputs_of(pool), worked(pool).figures.tables["lines"]
    pooled = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    released = Agreement(pool.tables, pool.unit).reserves
    places = ["carried forward", "outside the pool", "rest of the scope"]
    codes = [*inputs.organisations["organisation"], *released, *places]
    terms = Terms(
        rules=in_force(inputs.rules, YEAR),
        limits=in_force(inputs.limits, YEAR),
        contributions=inputs.contributions,
        causes=inputs.causes,
        reserves={code: reserve["released"] for code, reserve in released.items()},
        kinds=dict.fromkeys(codes, "partner"),
    )
    prepared = prepare(pooled, terms)
    variances = [
        [variance_of[scheme] for scheme in pooled["scheme_id"]]
        for variance_of in (
            {line["scheme_id"]: line["variance"] for line in restated(year.tables, year.unit)}
            for year in years
        )
    ]
    borne = rerun(prepared, np.array(variances, dtype="int64"))
    return {code: borne[:, i].tolist() for i, code in enumerate(prepared.bearers)}


# ------------------------------------------------------------------ every penny has one destination


@slow
@some
@given(agreements | parted_agreements)
def test_what_holds_of_every_year(pool):
    results = worked(pool)
    every_penny_of_a_pot_is_borne_once(results)
    the_settlement_and_the_reserves_close(results)
    an_underspend_that_meets_an_overspend_is_not_also_returned(results)


def every_penny_of_a_pot_is_borne_once(results: Results) -> None:
    shares, lines = results.outputs["risk_share_workings"], results.outputs["variance"]
    assert shares["borne"].sum() == lines["variance"].sum()
    for _, pot in shares.groupby(POT):
        assert pot["borne"].sum() == pot["variance"].iloc[0]
        assert (pot["variance"] == pot["variance"].iloc[0]).all()
        taken = 0
        for _, step in pot.groupby("step"):
            assert (step["offered"] == pot["variance"].iloc[0] - taken).all()
            taken += step["borne"].sum()
    shared = shares[shares["basis"] != "offset"]
    for _, call in shared.groupby([*POT, "step", "band_from", "band_to"]):
        assert call["share"].sum() == call["slice"].iloc[0]
        assert call["position"].tolist() == list(range(1, len(call) + 1))
    assert (shares["borne"].abs() <= shares["share"].abs()).all()
    last = shared.groupby(POT)["step"].transform("max")
    of_last = shared[shared["step"] == last]
    for _, step in of_last.groupby(POT):
        assert step["share"].sum() == step["offered"].iloc[0]
        assert (step["share"] == step["borne"]).all()


def the_settlement_and_the_reserves_close(results: Results) -> None:
    settled, lines = results.outputs["settlement"], results.outputs["variance"]
    shares, reserves = results.outputs["risk_share_workings"], results.outputs["reserves"]
    assert settled["balancing_payment"].sum() == 0
    assert settled["borne"].sum() == lines["variance"].sum() == settled["own_variance"].sum()
    partners = settled[(settled["party_kind"] == "partner") & (settled["party"] != MET_OUTSIDE)]
    in_the_pool = partners["borne"] - partners["met_outside"]
    assert (partners["balancing_payment"] == in_the_pool - partners["own_variance"]).all()
    for row in reserves.itertuples():
        of_reserve = shares.loc[shares["bearer"] == row.reserve, "borne"]
        assert of_reserve[of_reserve > 0].sum() == row.drawn
        assert of_reserve[of_reserve < 0].sum() == -row.paid_in
        assert row.closing == row.released - row.drawn + row.paid_in >= 0
        assert 0 <= row.released <= row.opening
        balance = row.released
        for borne in of_reserve:
            balance -= borne
            assert balance >= 0


MET_OUTSIDE = "met outside the pool"


def an_underspend_that_meets_an_overspend_is_not_also_returned(results: Results) -> None:
    shares = results.outputs["risk_share_workings"]
    used = shares[shares["basis"] == "offset"]
    together = ["part", "scope", "kind", "grant", "cause"]
    for apart, met in used.groupby(together):
        assert met["borne"].sum() == 0
        assert (met["borne"] * met["variance"] >= 0).all()
        assert (met["borne"].abs() <= met["variance"].abs()).all()
        rest = met["variance"] - met["borne"]
        assert (rest >= 0).all() or (rest <= 0).all(), "one side is met in full"
        of_scope = shares[(shares[together] == list(apart)).all(axis=1)]
        net = of_scope.drop_duplicates(POT)["variance"].sum()
        borne = of_scope.loc[of_scope["basis"] != "offset", "borne"].sum()
        assert borne == net


# ------------------------------------------------------------------ what changes, and what does not


def negated(pool: RandomPool) -> RandomPool:
    """Change the sign of every variance, and of what was attributed to causes."""
    draw, tables, unit = random.Random(0), dict(pool.tables), pool.unit
    tables["schemes"] = [
        {
            **row,
            "expenditure": typed(
                draw, 2 * pence(row["budget"], unit) - pence(row["expenditure"], unit), unit
            ),
        }
        for row in tables["schemes"]
    ]
    if "causes" in tables:
        tables["causes"] = [
            {**row, "amount": typed(draw, -pence(row["amount"], unit), unit)}
            for row in tables["causes"]
        ]
    return RandomPool(unit, tables)


@slow
@few
@given(symmetric_agreements)
def test_an_opposite_year_is_borne_by_opposite_amounts(pool):
    columns = [*POT, "rule_id", "position", "bearer"]
    amounts = ["variance", "offered", "slice", "share", "borne"]
    one, other = (
        shares.set_index(columns)[amounts].sort_index()  # what comes first is what is below nil
        for shares in (paper(pool), paper(negated(pool)))
    )
    pd.testing.assert_frame_equal(one, -other)


@slow
@few
@given(agreements_of_one_line)
def test_more_variance_is_never_borne_by_less(pool):
    """One line, one pot: each bearer's part moves one way, but for a penny of each row."""
    for facts in ("causes", "payments", "activity"):
        pool.tables.pop(facts, None)
    draw = random.Random(pool.unit)
    budget = pence(pool.tables["schemes"][0]["budget"], pool.unit)
    moved = sorted(
        draw.choice([1, -1]) * draw.randint(0, 10 ** draw.randint(0, 9)) for _ in range(12)
    )
    years = []
    for more in moved:
        line = {**pool.tables["schemes"][0], "expenditure": typed(draw, budget + more, pool.unit)}
        years.append(RandomPool(pool.unit, {**pool.tables, "schemes": [line]}))
    pennies = len(pool.tables["rules"])
    for borne in outturns(pool, years).values():
        assert all(after >= before - pennies for before, after in pairwise(borne))


def scopes_sharing_a_reserve(pool: RandomPool) -> bool:
    """Whether some reserve is named under more than one scope."""
    users = defaultdict(set)
    for row in pool.tables["rules"]:
        users[row["bearer"]].add(tidy_scope(row["scope"]))
    return any(len(users[row["reserve"]]) > 1 for row in pool.tables.get("reserves", []))


@slow
@few
@given(agreements_without_limits.filter(lambda pool: not scopes_sharing_a_reserve(pool)))
def test_in_which_order_scopes_stand_does_not_matter(pool):
    rules = pool.tables["rules"]
    places = list(dict.fromkeys(tidy_scope(row["scope"]) for row in rules))
    random.Random(len(rules)).shuffle(places)
    again = sorted(rules, key=lambda row: places.index(tidy_scope(row["scope"])))
    columns = [*POT, "rule_id"]
    one, other = (
        shares.set_index(columns)[["position", "offered", "slice", "share", "borne"]].sort_index()
        for shares in (paper(pool), paper(RandomPool(pool.unit, {**pool.tables, "rules": again})))
    )
    pd.testing.assert_frame_equal(one, other)


@slow
@few
@given(agreements)
def test_rows_out_of_force_say_nothing(pool):
    stay = {
        name: [
            row
            for row in pool.tables[name]
            if row.get("in_force_from", "") <= "2018-04-01"
            and row.get("in_force_to", "") in ("", "2019-03-31")
        ]
        for name in ("rules", "limits")
        if name in pool.tables
    }
    results = worked(pool)
    again = worked(RandomPool(pool.unit, pool.tables | stay))
    for name in ("risk_share_workings", "settlement", "reserves", "limits", "risk_share"):
        pd.testing.assert_frame_equal(
            rows_as_frame(results, name), rows_as_frame(again, name), check_dtype=False
        )


def rows_as_frame(results: Results, name: str) -> pd.DataFrame:
    return results.outputs[name][TABLES[name]]


@slow
@few
@given(agreements)
def test_where_a_part_is_held_changes_who_pays_and_not_who_bears(pool):
    rules = [{**row, "held": ""} for row in pool.tables["rules"]]
    results = worked(pool)
    again = worked(RandomPool(pool.unit, {**pool.tables, "rules": rules}))
    one, other = (r.outputs["risk_share_workings"] for r in (results, again))
    assert one["borne"].tolist() == other["borne"].tolist()
    assert again.outputs["settlement"]["met_outside"].sum() == 0
    one, other = (r.outputs["settlement"].set_index("party") for r in (results, again))
    moved = other["balancing_payment"] - one["balancing_payment"].reindex(other.index)
    assert (moved == one["met_outside"].reindex(other.index)).all()


# ------------------------------------------------------------------ the generator itself


@slow
def test_random_agreements_use_all_there_is():
    """Every feature of docs/rules.md turns up, and does something, in 300 agreements."""
    seen: Counter[str] = Counter()
    for seed in range(300):
        pool = random_agreement(seed)
        agreement = Agreement(pool.tables, pool.unit)
        for rule in pool.tables["rules"]:
            for name in ("basis", "direction", "netting", "without", "version", "held"):
                seen[f"{name} {rule.get(name, '')}"] += 1
            seen.update(f"key {key}" for key in keys_of(rule["scope"]))
        for row in agreement.shares:
            if row["borne"]:
                seen[f"borne by {row['basis']}"] += 1
                seen[f"borne at step {row['step']}"] += 1
                seen[f"borne of a cause: {row['cause'] != 'none'}"] += 1
                seen[f"borne of a grant: {row['grant'] != 'none'}"] += 1
                seen[f"borne in a band: {row['band_to'][:1]}{row['band_to'][-1:]}"] += 1
            seen[f"limited at {row['borne'] != row['share']}"] += 1
            if row["limits"] and row["borne"] != row["share"]:
                seen[f"held back in part {row['borne'] != 0}"] += 1
                seen[f"held back by several {'+' in row['limits']}"] += 1
        for limit in agreement.limits:
            of_limit = f"{limit.row['counts']} {limit.used() == limit.amount}"
            seen[f"used up {of_limit}"] += bool(limit.taken)
            seen[f"limit of moneys {len({pot['kind'] for pot, _ in limit.taken})}"] += 1
            seen.update(f"limit by {key}" for key in limit.keys)
        for reserve in agreement.reserves.values():
            seen[f"drawn {reserve['drawn'] > 0}, paid in {reserve['paid_in'] > 0}"] += 1
            seen[f"released in part {0 < reserve['released'] < reserve['opening']}"] += 1
        seen.update(f"unpaid {line['unpaid'] > 0}" for line in agreement.lines if line["unpaid"])
    expected = {
        *(f"borne by {basis}" for basis in BASES),
        *(f"borne at step {k}" for k in range(1, 6)),
        *(f"netting {n}" for n in ("", "scope", "theme", "category", "holder", "line")),
        *(f"without {w}" for w in ("grants", "capital", "grants and capital")),
        *(f"version {v}" for v in ("opening", "revised", "paid")),
        *(f"drawn {a}, paid in {b}" for a in (True, False) for b in (True, False)),
        *(f"key {key}" for key in KEYS),
        *("held outside the pool", "limited at True", "released in part True"),
        *(f"used up {counts} True" for counts in COUNTED),
        *("held back in part True", "held back in part False", "held back by several True"),
        *("limit of moneys 2", "limit by rule", "limit by step", "limit by cause"),
        *("unpaid True", "unpaid False", "borne of a cause: True", "borne of a grant: True"),
    }
    assert expected <= set(seen)
    assert min(seen[name] for name in expected) >= 5
