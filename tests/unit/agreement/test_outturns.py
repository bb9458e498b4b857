"""Many outturns at once give what each gives by itself."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.agreement.outturns import prepare, rerun
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share
from bcf_model.core.words import NOT_STATED
from bcf_model.year import pipeline, reserves
from tests.longer import LONG, longer, slow
from tests.make.places import AGREEMENTS, SHEFFIELD
from tests.make.shipped import results_of
from tests.make.small_tables import lines_of, rules_of

POOLS = [SHEFFIELD, *AGREEMENTS]
DRAWS = 12 if LONG else 4

# ------------------------------------------------------------------ by hand

KINDS = {"Council": "partner", "Trust": "partner", "ICB": "partner", "Acute": "provider"}
KINDS |= {"risk pool": "reserve"}
LINES = pd.DataFrame({
    "scheme_id": ["L1", "L2"], "organisation": ["ICB", "Council"], "category": "A",
    "kind": "revenue", "financial_year": "2019-20", "pooling": "pooled", "variance": 0,
})  # fmt: skip
for name in ("organisation", "category", "kind"):
    LINES[name] = pd.Categorical(LINES[name], LINES[name].unique(), ordered=True)


def bears(
    outturns: list[list[int]], *rows: tuple, causes: tuple = (), opening: object = None
) -> tuple[list[str], list]:
    """Bearers, and what they bear in each draw.

    Rules are (scope, direction, basis, bearer, percentage).
    """
    rules = pd.DataFrame(rows, columns=["scope", "direction", "basis", "bearer", "share"])
    rules["rule_id"] = [f"R{i}" for i in range(1, len(rules) + 1)]
    rules["step"] = [2 if bearer == "Trust" else 1 for bearer in rules["bearer"]]
    terms = Terms(
        rules_of(rules.assign(clause="7")),
        causes=pd.DataFrame(causes, columns=["scheme_id", "cause", "amount"]),
        reserves={"risk pool": 4},
        kinds=KINDS,
    )
    agreement = prepare(lines_of(LINES), terms)
    return agreement.bearers, rerun(agreement, np.asarray(outturns), opening).tolist()


EACH_WAY = [
    ("pool", "under", "own", "budget holder", 100),
    ("pool", "over", "fixed", "Acute", 50),
    ("pool", "over", "fixed", "ICB", 50),
]


def test_each_draw_goes_its_own_way():
    """In halves where it is over, each its own where it is under; nil counts as over."""
    bearers, found = bears([[4, 1], [-3, 1], [5, -5], [-2, 9]], *EACH_WAY)
    assert bearers == ["Council", "ICB", "Acute"]  # Trust can bear nothing
    assert found == [[0, 2, 3], [1, -3, 0], [0, 0, 0], [0, 3, 4]]


def test_what_is_attributed_is_the_same_in_every_draw():
    """Of the first line 10 is attributed to demand, and 2 to price."""
    found = bears(
        [[14, 1], [9, 1]],
        *EACH_WAY,
        ("cause=demand", "either", "fixed", "Trust", 100),
        ("cause=price", "either", "fixed", "Council", 100),
        causes=(("L1", "demand", 10), ("L1", "price", 2)),
    )
    # left in the pool are 14 − 12 + 1 = 3: over; then 9 − 12 = −3 and 1: under
    assert found == (["Council", "Trust", "ICB", "Acute"], [[2, 10, 1, 2], [3, 10, -3, 0]])


def test_a_reserve_holds_what_the_agreement_says_unless_the_draws_say_otherwise():
    rules = [("pool", "either", "fixed", name, 100) for name in ("risk pool", "Trust")]
    outturns = [[4, 2], [4, 2], [-1, 0]]
    assert bears(outturns, *rules) == (["Trust", "risk pool"], [[2, 4], [2, 4], [0, -1]])
    _, found = bears(outturns, *rules, opening=np.array([[1], [9], [0]]))
    assert found == [[5, 1], [0, 6], [0, -1]]


def test_where_no_line_is_shared_nobody_bears_anything():
    _, found = bears([[4, 1], [2, 2]], ("category=B", "either", "fixed", "ICB", 100))
    assert found == [[0], [0]]


# ------------------------------------------------------------------ pool by pool


@slow(first=9)
@longer
@pytest.mark.parametrize("pool", POOLS, ids=lambda path: path.name)
def test_each_draw_is_a_year_of_its_own(pool):
    results = results_of(pool)
    inputs, lines = results.inputs, results.figures.tables["lines"]
    lines = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    terms = pipeline.terms_of(inputs, reserves.released(inputs.reserves, inputs.achievement))
    draw = np.random.default_rng(7)
    change = draw.integers(-(10**6), 10**6, (DRAWS, len(lines)))
    change[0] = 0
    change[:, (lines["category"] == NOT_STATED).to_numpy()] = 0
    outturns = lines["variance"].to_numpy() + change
    agreement = prepare(lines, terms)
    found = rerun(agreement, outturns)
    assert (found.sum(axis=1) == outturns.sum(axis=1)).all()
    for row, variance in zip(found, outturns, strict=True):
        shares, _, _ = share(lines.assign(variance=variance), terms)
        alone = shares.groupby("bearer")["borne"].sum().reindex(agreement.bearers, fill_value=0)
        assert row.tolist() == alone.tolist()


def test_no_draws_give_no_rows():
    results = results_of(SHEFFIELD)
    inputs, lines = results.inputs, results.figures.tables["lines"]
    lines = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    agreement = prepare(lines, pipeline.terms_of(inputs, inputs.reserves.assign(released=0)))
    assert rerun(agreement, np.zeros((0, len(lines)), dtype=np.int64)).shape == (0, 2)
