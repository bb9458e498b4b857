"""£100,000 on one line: what the whole model makes of it, and every penny of it."""

from dataclasses import replace

import pytest
from hypothesis import given

from bcf_model.agreement.worked_example import AMOUNT, Example
from bcf_model.core.errors import NothingToShareBy
from bcf_model.core.tables import Inputs
from bcf_model.year.pipeline import examples, run
from tests.longer import slow, tries
from tests.make.agreements import agreements, parted_agreements
from tests.make.places import AGREEMENTS, SHEFFIELD
from tests.make.pools import RandomPool, inputs_of
from tests.make.shipped import results_of

POOLS = [SHEFFIELD, *AGREEMENTS]
WAYS = {"over": 1, "under": -1}


def on_budget(inputs: Inputs, scheme_id: str, variance: int) -> Inputs:
    """Give a pool that spends its budgets, but for one line; without what was said of the year."""
    spent = inputs.schemes["budget"].where(
        inputs.schemes["scheme_id"] != scheme_id, inputs.schemes["budget"] + variance
    )
    nothing = {
        name: getattr(inputs, name).head(0)
        for name in ("causes", "payments", "activity", "control_totals", "published", "commentary")
    }
    steps = None if inputs.steps is None else inputs.steps.assign(expenditure=1)
    schemes = inputs.schemes.assign(expenditure=spent)
    schemes = schemes.drop(columns=["variance"], errors="ignore")
    parts = inputs.parts.assign(expenditure=inputs.parts["budget"])
    return replace(inputs, schemes=schemes, parts=parts, steps=steps, control_steps=(), **nothing)


def by_the_model(inputs: Inputs, example: Example, way: str) -> dict[str, int]:
    """Give what each bears in the whole report of such a year."""
    outturn = on_budget(inputs, example.scheme_id, WAYS[way] * AMOUNT)
    shares = run(outturn).outputs["risk_share_workings"]
    borne = shares.groupby("bearer")["borne"].sum()
    return {str(bearer): int(of) for bearer, of in borne.items() if of}


def agrees(inputs: Inputs) -> None:
    worked = examples(inputs)
    assert worked is not None
    for example in worked:
        for way, sign in WAYS.items():
            if not example.borne[way]:
                with pytest.raises(NothingToShareBy):
                    by_the_model(inputs, example, way)
                continue
            assert sum(example.borne[way].values()) == sign * AMOUNT
            assert example.borne[way] == by_the_model(inputs, example, way), (example, way)


@slow(first=3)
@pytest.mark.parametrize("folder", POOLS, ids=lambda folder: folder.name)
def test_it_is_what_the_whole_model_gives_of_such_a_year(folder):
    agrees(results_of(folder).inputs)


@tries(6, 150)
@given(agreements | parted_agreements)
def test_so_it_is_of_any_agreement(pool: RandomPool):
    agrees(inputs_of(pool))
