"""Laws of draws that hold whatever is drawn."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bcf_model.plan import funding
from bcf_model.plan.bridge import prepare, walk, walk_draws
from bcf_model.plan.funding_statements import keys_of
from bcf_model.plan.percentiles import Counted, Kept
from bcf_model.plan.words import STEPS
from tests.longer import slow, tries
from tests.unit.plan.test_bridge import effects, lines, rates
from tests.unit.plan.test_funding import assumed
from tests.unit.plan.test_funding import funding as stated

YEARS = ["2019-20", "2020-21", "2021-22"]
FEW = tries(25, 300)
AMOUNTS = st.integers(-(10**9), 10**9)
SCOPES = st.sampled_from(["all", "line=L1", "line=L2", "line=L1+L3", "not allocated"])


@slow
@FEW
@given(
    st.lists(st.integers(1, 10**9), min_size=3, max_size=3),
    st.lists(
        st.tuples(st.sampled_from(YEARS), st.sampled_from(["inflation", "demand", "investment"]),
                  SCOPES, st.integers(-50, 50)), max_size=5),
    st.lists(
        st.tuples(st.sampled_from(YEARS), st.sampled_from(["pressures", "investment"]),
                  SCOPES, AMOUNTS), max_size=5),
    st.lists(st.tuples(st.sampled_from(YEARS), st.just("allocation"),
                       st.sampled_from(["all", "line=L2"]), st.integers(0, 100)), max_size=2),
)  # fmt: skip
def test_draws_at_the_numbers_of_a_bridge_are_its_walk(
    openings: list[int], percents: list, pounds: list, allocated: list
) -> None:
    some = rates(*percents, *allocated)
    made = prepare(lines(*openings), some, effects(*pounds), YEARS, list(STEPS))
    exact = walk(made)
    numbers = made.numbers.tolist()
    for year, closing in walk_draws(made, numbers.__getitem__, 2):
        own = exact[exact["financial_year"] == year].groupby("line", sort=False)["amount"].sum()
        rows = (exact["financial_year"] <= year).sum()
        assert abs(closing - own.to_numpy()[:, None]).max() <= rows + 1


@slow
@FEW
@given(
    st.lists(st.tuples(st.sampled_from(["CCG", "SCC"]), st.sampled_from(["a", "b"]),
                       st.sampled_from(["2018-19", *YEARS]), st.integers(0, 10**9),
                       st.sampled_from(["recurrent", "non-recurrent"])), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from(["uplift", "efficiency", "funding change"]),
                       st.sampled_from(["all", "organisation=CCG", "funding=a+b"]),
                       st.sampled_from(["", "2018-19", *YEARS]), st.integers(0, 90),
                       st.sampled_from(["recurrent", "non-recurrent"])), max_size=5),
)  # fmt: skip
def test_draws_at_the_numbers_of_funding_are_its_walk(said: list, acting: list) -> None:
    frame = stated(*said)
    rows = [
        {"step": step, "scope": scope, "year": year, "value": value, "recurrence": "recurrent"}
        | ({"value": value * 10**5, "recurrence": how} if step == "funding change" else {})
        for step, scope, year, value, how in acting
    ]
    assumptions = assumed(*rows)
    exact = funding.walk(frame, assumptions, YEARS)
    numbers = np.where(
        assumptions["unit"] == "percent", assumptions["value"], assumptions["pence"]
    ).astype(np.float64)
    drawn = funding.drawn(frame, assumptions, YEARS, np.tile(numbers[:, None], 2))
    owner = keys_of(frame)["organisation"]
    by_whom = exact.groupby(["financial_year", "organisation"])["amount"].sum()
    assert list(drawn) == YEARS
    for year in YEARS:
        for code in owner.unique():
            own = drawn[year][owner == code].sum(axis=0)
            assert abs(own - by_whom.get((year, code), 0)).max() <= len(exact) + len(rows) + 1


@slow
@FEW
@given(arrays(np.float64, (2, 60), elements=st.floats(-1e12, 1e12).map(lambda x: round(x, 3))))
def test_counted_and_kept_agree_where_nothing_is_beyond(draws: np.ndarray) -> None:
    kept, counted = Kept(2, 60), Counted.like(draws)
    kept.add(draws)
    counted.add(draws)
    shares = [0.05, 0.5, 0.95]
    assert counted.beyond == 0
    assert counted.counts.sum() == draws.size
    ordered = np.sort(draws, axis=1)
    for share, found in zip(shares, counted.at(shares), strict=True):
        # between two draws a percentile may be either of them
        place = share * 60
        low, high = ordered[:, max(int(place) - 1, 0)], ordered[:, min(int(place) + 1, 59)]
        assert (found >= low - counted.width).all()
        assert (found <= high + counted.width).all()
    assert (kept.at(shares) == np.sort(kept.at(shares), axis=0)).all()
