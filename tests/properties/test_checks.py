"""What the checks say of any pool that is sound, and of its agreement tried on itself."""

import random
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import assume, given

from bcf_model.core.findings import Finding
from bcf_model.pool import check_pool
from tests.longer import slow, tries
from tests.make.pools import RandomPool, files_of, pools, random_pool

some = tries(8, 100)
ODD_BUT_SOUND = {"BCF206", "BCF307", "BCF410", "BCF501", "BCF506", "BCF509", "BCF510", "BCF515"}
"""A dash for nil; a code or rule that no line uses; a budget below nil, or a thousandth of what
was spent; a line with the amounts of two others; nothing spent; all spent as budgeted."""


def looked_at(pool: RandomPool, agreement: str = "") -> list[Finding]:
    with files_of(pool) as folder:
        path = Path(folder)
        inputs, findings = check_pool(path, path / agreement if agreement else None)
        assert (inputs is None) == any(f.severity == "error" for f in findings)
        return findings


@slow
@some
@given(pools)
def test_a_sound_pool_has_no_finding(pool):
    assume(any(row["pooling"] == "pooled" for row in pool.tables["schemes"]))
    assert {f.code for f in looked_at(pool)} <= ODD_BUT_SOUND


NAMES = ("Reablement", "Total mobility equipment", "Subtotal hearing loss service", "Carers")
"""Two of them begin as a total does, and are none."""


def round_pool(seed: int) -> RandomPool:
    """Make a pool with round budgets, of which every pound was spent."""
    draw, pool = random.Random(seed), random_pool(seed)
    step = draw.choice([1, 5, 10, 50, 100, 250])
    lines = []
    for row in pool.tables["schemes"]:
        amount = str(step * draw.randint(1, 40))
        name = f"{draw.choice(NAMES)} {len(lines)}"
        lines.append({**row, "scheme": name, "budget": amount, "expenditure": amount})
    return RandomPool(pool.unit, {**pool.tables, "schemes": lines}, f"round_pool({seed})")


@slow
@tries(25, 1_000)
@given(st.builds(round_pool, st.integers(0, 10**9)))
def test_round_budgets_spent_to_the_pound_are_never_refused(pool):
    assume(any(row["pooling"] == "pooled" for row in pool.tables["schemes"]))
    assert [f.sentence for f in looked_at(pool) if f.severity == "error"] == []


@slow
@some
@given(pools)
def test_an_agreement_tried_on_its_own_pool_changes_nothing(pool):
    assert looked_at(pool, "rules.csv") == looked_at(pool)


@slow
@some
@given(pools, st.randoms())
def test_the_order_of_rules_is_nothing_to_find(pool, draw):
    rules = draw.sample(pool.tables["rules"], len(pool.tables["rules"]))
    shuffled = RandomPool(pool.unit, {**pool.tables, "rules": rules})
    assert sorted(f.code for f in looked_at(shuffled)) == sorted(f.code for f in looked_at(pool))


@slow
@some
@given(pools, st.randoms())
def test_a_rule_left_out_is_found(pool, draw):
    """Of a sound agreement no row can be spared, unless it bears nothing or rules no line."""
    rows = pool.tables["rules"]
    gone = draw.choice(rows)
    rest = [row for row in rows if row is not gone]
    idle = {f.row for f in looked_at(pool) if f.code == "BCF410"}
    places = {rows.index(row) + 2 for row in rows if row["scope"] == gone["scope"]}
    spared = float(gone["share"].removesuffix("%")) == 0 or places & idle
    errors = [f for f in looked_at(RandomPool(pool.unit, {**pool.tables, "rules": rest}))
              if f.severity == "error"]  # fmt: skip
    assert errors or spared
