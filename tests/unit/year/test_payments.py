"""Payment by activity: what is paid and what is not, line by line."""

import pandas as pd

from bcf_model.year.payments import unpaid_by_line, work_out

PER_CENT = 10**6

PAYMENTS = pd.DataFrame({
    "scheme_id": ["L2", "L1", "L3"], "provider": "Acute", "share_above": 20 * PER_CENT,
    "share_below": 70 * PER_CENT, "reopens_at": 5 * PER_CENT, "share_beyond": 60 * PER_CENT,
    "clause": "4", "source": "", "note": "",
})  # fmt: skip
ACTIVITY = pd.DataFrame({
    "scheme_id": ["L1", "L2", "L3"], "planned": [100, 100, 100], "actual": [90, 110, 100],
    "price": [3, 3, 3], "counted_in": "stays", "source": "", "note": "",
})  # fmt: skip


def test_above_plan_a_part_is_paid_and_below_plan_a_part_is_given_back():
    """Ten above a plan of 100 at 3p: 30, of which 15 (5 % of 300) at one share, 15 at another.

    Ten below plan: −30, of which −15 at 70 % (−10.5, rounded away from nil) and −15 at 60 %.
    """
    found = work_out(PAYMENTS, ACTIVITY)
    assert found["scheme_id"].tolist() == ["L2", "L1", "L3"]  # in the order of the payments
    assert found["difference"].tolist() == [30, -30, 0]
    assert found["within"].tolist() == [15, -15, 0]
    assert found["paid"].tolist() == [3 + 9, -11 - 9, 0]
    assert found["unpaid"].tolist() == [18, -10, 0]


def test_the_share_told_on_plan_is_that_above_it():
    """Nil counts as over in the risk share; so does activity on plan."""
    assert (work_out(PAYMENTS, ACTIVITY)["share"] // PER_CENT).tolist() == [20, 70, 20]


def test_a_line_not_paid_for_by_activity_has_nothing_unpaid():
    worked = pd.DataFrame({"scheme_id": ["L2", "L1"], "unpaid": [18, -10]})
    found = unpaid_by_line(worked, pd.Series(["L1", "L9", "L2"]))
    assert found.tolist() == [-10, 0, 18]
