"""Laws of savings and of funding: nothing is lost between years, to the penny."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.plan import tables
from bcf_model.plan.funding import closing, walk
from bcf_model.plan.savings import effects, owners_and_beneficiaries, summary, worked
from bcf_model.plan.words import CONFIDENCES, RECURRENCES
from tests.longer import slow, tries

pence = st.integers(-(10**12), 10**12)
percent = st.integers(0, 150_000_000)
YEARS = ["2018-19", "2019-20", "2020-21"]
WHOLE = 100_000_000


def rounded(number: Decimal) -> int:
    """Round half away from zero, by another road than the package's."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


@st.composite
def programmes(draw) -> pd.DataFrame:
    """Give up to four programmes."""
    rows = [
        (
            f"P{i}", "Name", draw(st.sampled_from("XYZ")), draw(st.sampled_from("XYZ")),
            draw(st.sampled_from(["pool", "city"])), "all", draw(st.sampled_from(YEARS)),
            draw(st.integers(1, 12)), draw(st.sampled_from(["", "late"])), draw(pence),
            draw(pence), draw(st.sampled_from([*RECURRENCES])),
            draw(st.sampled_from([*CONFIDENCES])), draw(pence), draw(st.integers(0, 12)),
            draw(st.sampled_from(["", "", "£5", "33.333333%"])), "", "", "",
        )
        for i in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[m.name for m in tables.Savings.fields])


@st.composite
def phasing(draw) -> pd.DataFrame:
    """Give a profile of any shape whose shares come to 100 %."""
    edges = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=11, max_size=11)))
    shares = [b - a for a, b in zip([0, *edges], [*edges, WHOLE], strict=True)]
    rows = [("late", period, share, "", "") for period, share in enumerate(shares, start=1)]
    return pd.DataFrame(rows, columns=[m.name for m in tables.Phasing.fields])


deliveries = st.dictionaries(st.sampled_from([*CONFIDENCES]), percent)


@slow
@tries(25, 200)
@given(programmes(), phasing(), deliveries)
def test_a_part_year_and_the_rest_of_it_are_the_whole(some, phased, delivery):
    found = worked(some, phased, delivery)
    recurs = found["recurrence"] == "recurrent"
    both = found["part_year_effect"] + found["full_year_effect"]
    assert (both == found["gross"])[recurs].all()
    both = found["part_year_investment"] + found["full_year_investment"]
    assert (both == found["investment"])[recurs].all()
    both = found["adjusted_part_year"] + found["adjusted_full_year_effect"]
    assert (both == found["adjusted_full_year"])[recurs].all()
    exact = [
        rounded(Decimal(int(row.gross)) * delivery.get(row.confidence, WHOLE) / WHOLE)
        for row in found.itertuples()
    ]
    planned = found["carries"] == "planned"
    assert found["adjusted_full_year"].where(planned, 0).tolist() == [
        amount if own else 0 for amount, own in zip(exact, planned, strict=True)
    ]
    over = (found["delivered_to"] == 12) & (found["phased"] != 0)
    assert (found["adjusted_part_year"] == found["delivered"])[over].all()
    assert (planned == (~over & (found["later_years"] == ""))).all()
    assert (found["underlying"] == found["adjusted_net"].where(recurs, 0)).all()


@slow
@tries(25, 200)
@given(programmes(), phasing(), deliveries)
def test_over_two_years_the_bridge_has_all_of_it_or_nothing(some, phased, delivery):
    found = worked(some, phased, delivery).set_index("programme")
    over = effects(found.reset_index()).groupby(["cause", "side"])["amount"].sum()
    for row in found.itertuples():
        stays = row.recurrence == "recurrent"
        assert over.get((row.Index, "saving"), 0) == (-row.adjusted_full_year if stays else 0)
        assert over.get((row.Index, "investment"), 0) == (row.investment if stays else 0)


@slow
@tries(15, 200)
@given(programmes(), phasing(), deliveries)
def test_the_order_of_programmes_does_not_matter_and_each_is_counted_once(some, phased, delivery):
    found = worked(some, phased, delivery)
    back = worked(some[::-1], phased, delivery)
    pd.testing.assert_frame_equal(back[::-1].reset_index(drop=True), found)
    of_perimeter = found.groupby("perimeter")["adjusted_net"].sum()
    matrix = owners_and_beneficiaries(found).groupby("perimeter").sum().sum(axis=1)
    for by in ("owner", "beneficiary", "confidence", "recurrence"):
        added = summary(found, by).groupby("perimeter")["adjusted_net"].sum()
        assert added.to_dict() == of_perimeter.to_dict() == matrix.to_dict()


@st.composite
def funding(draw) -> pd.DataFrame:
    """Give funding of two partners: some of it restated, some not recurrent."""
    rows = [("X", "minimum", YEARS[0], "recurrent", "other", draw(pence), None, "", "")]
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from("XY"), st.sampled_from(["minimum", "reserves"]),
                st.sampled_from(YEARS), st.sampled_from([*RECURRENCES]),
            ),
            unique=True, max_size=6,
        )
    )  # fmt: skip
    rows += [(*key, "other", draw(pence), None, "", "") for key in keys if key != rows[0][:4]]
    return pd.DataFrame(rows, columns=[m.name for m in tables.Funding.fields])


@st.composite
def assumptions(draw) -> pd.DataFrame:
    """Give assumptions on funding, in any order."""
    rows = []
    for i in range(draw(st.integers(0, 5))):
        step = draw(st.sampled_from(["uplift", "efficiency", "funding change"]))
        in_pounds = step == "funding change"
        amount = draw(pence) if in_pounds else 0
        value = 0 if in_pounds else draw(percent)
        recurrence = draw(st.sampled_from([*RECURRENCES])) if in_pounds else "recurrent"
        scope = draw(st.sampled_from(["all", "organisation=Y", "funding=minimum+reserves"]))
        year = draw(st.sampled_from(["", *YEARS]))
        unit = "pounds" if in_pounds else "percent"
        rows.append((f"a{i}", step, scope, year, value, unit, recurrence, amount))
    columns = ["assumption", "step", "scope", "year", "value", "unit", "recurrence", "pence"]
    return pd.DataFrame(rows, columns=columns).astype({"value": "int64", "pence": "int64"})


@slow
@tries(25, 200)
@given(funding(), assumptions())
def test_what_recurs_at_the_end_of_a_year_opens_the_next(stated, said):
    found = walk(stated, said, YEARS)
    ends = closing(found).set_index(["organisation", "funding", "financial_year"])["recurrent"]
    opening = found[found["step"] == "opening"]
    opens = opening.set_index(["organisation", "funding", "financial_year"])["amount"]
    for (organisation, name, year), amount in opens.items():
        before = YEARS[max(YEARS.index(year) - 1, 0)]
        earlier = ends.get((organisation, name, before))
        if before != year and earlier is not None and earlier != 0:
            assert amount == earlier
    carried = {key[:2] for key, amount in ends.items() if key[2] == YEARS[0] and amount}
    assert carried <= {key[:2] for key in opens.index if key[2] == YEARS[1]}


@slow
@tries(25, 200)
@given(funding(), assumptions())
def test_an_amount_over_several_is_parted_without_loss(stated, said):
    found = walk(stated, said, YEARS)
    parts = found[found["unit"] == "pounds"].groupby(["financial_year", "cause"])
    assert (parts["amount"].sum() == parts["whole"].first()).all()


@slow
@tries(25, 200)
@given(funding(), assumptions())
def test_the_order_of_assumptions_does_not_change_what_funding_comes_to(stated, said):
    there, back = closing(walk(stated, said, YEARS)), closing(walk(stated, said[::-1], YEARS))
    pd.testing.assert_frame_equal(there, back)


@slow
@tries(25, 200)
@given(pence, percent, percent, pence)
def test_one_funding_walks_as_the_rule_says(opening, uplift, efficiency, change):
    stated = [("X", "minimum", YEARS[0], "recurrent", "minimum", opening, None, "", "")]
    said = [
        ("u", "uplift", "all", "", uplift, "percent", "recurrent", 0),
        ("e", "efficiency", "all", "", efficiency, "percent", "recurrent", 0),
        ("c", "funding change", "all", YEARS[1], 0, "pounds", "recurrent", change),
    ]
    columns = ["assumption", "step", "scope", "year", "value", "unit", "recurrence", "pence"]
    found = walk(
        pd.DataFrame(stated, columns=[m.name for m in tables.Funding.fields]),
        pd.DataFrame(said, columns=columns),
        YEARS,
    )
    expected, worth = [opening], opening
    for year in YEARS[1:]:
        up = rounded(Decimal(worth) * uplift / WHOLE)
        off = rounded(Decimal(worth) * efficiency / WHOLE)
        worth += up - off + (change if year == YEARS[1] else 0)
        expected.append(worth)
    assert closing(found)["amount"].tolist() == expected
