"""Printed against computed: the verdicts, each at its edge."""

from fractions import Fraction

import pandas as pd
import pytest

from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.indicators.tables import selected_from
from bcf_model.year.published import Rounding, compare, rounding
from tests.make.indicators import metric

K = 100_000  # pence in £1,000


def one(
    figure: str, printed: str, unit: str = "thousands", decimals: int = 0, *, step: int = K, **known
) -> dict:
    """Compare one printed number; `known` gives measures their values, and `lines` their number."""
    lines = known.pop("lines", 3)
    row = {
        "published_id": "P1",
        "source": "p. 1",
        "label": "Total",
        "column": "Budget",
        "printed": printed,
        "unit": unit,
        "decimals": decimals,
        "rounded_to": known.pop("rounded_to", ""),
        "figure": figure,
        "note": "",
    }

    def value(figure: Figure) -> int | float | None:
        return known[figure.measure]

    def rounded(figure: Figure) -> Rounding:
        if step == 1:
            return Rounding(0, Fraction(0), Fraction(0))
        amounts = lines if figure.measure in {"budget", "expenditure"} else 2 * lines
        return Rounding(amounts, Fraction(lines * step, 2), Fraction(lines * step, 2))

    [found] = compare(pd.DataFrame([row]), value, rounded).to_dict("records")
    return found


# ------------------------------------------------------------------ money


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        # 3 amounts, each within 0.5 of what it says, and the total within 0.5: 2 in all
        ("100", "agrees"),
        ("101", "within rounding"),
        ("102", "within rounding"),
        ("103", "outside rounding"),
        ("98", "within rounding"),
        ("97", "outside rounding"),
        ("(100)", "opposite sign"),
        ("(102)", "opposite sign"),
        ("(103)", "outside rounding"),
    ],
)
def test_a_total_of_three_rounded_amounts(printed, verdict):
    found = one("budget", printed, budget=100 * K)
    assert found["verdict"] == verdict
    assert (found["computed"], found["lowest"], found["highest"]) == (100, 98, 102)
    assert found["rounded_amounts"] == 3


def test_what_it_was_rounded_to_says_how_wide_it_is():
    """120 to the nearest 50 is 95 to 145: 100 is among it, and 90 is not."""
    found = [one("budget", "120", step=1, rounded_to="50", budget=it * K) for it in (100, 90)]
    assert [it["verdict"] for it in found] == ["agrees", "outside rounding"]


@pytest.mark.parametrize(
    ("pence", "verdict"),
    [
        (10_050_000, "agrees"),  # 100.5 may be printed 100 or 101
        (9_950_000, "agrees"),
        (10_050_001, "outside rounding"),
        (9_949_999, "outside rounding"),
    ],
)
def test_exact_amounts_give_no_slack_but_the_printed_half(pence, verdict):
    found = one("budget", "100", budget=pence, step=1)
    assert found["verdict"] == verdict
    assert (found["lowest"], found["highest"]) == (
        round(pence / K - 0.5, 6),
        round(pence / K + 0.5, 6),
    )


def test_a_negative_budget_is_compared_like_any_other():
    # a bracketed −130; one amount: 0.5 for it and 0.5 for the printed number
    found = one("budget/theme=1", "(130)", budget=-130 * K, lines=1)
    assert (found["verdict"], found["lowest"], found["highest"]) == ("agrees", -131, -129)
    assert found["difference"] == 0


@pytest.mark.parametrize("measure", ["variance", "borne"])
def test_a_variance_is_of_two_amounts_for_each_line(measure):
    # 2 lines: 4 amounts, 4 × 0.5 + 0.5 = 2.5
    found = one(measure, "12", lines=2, **{measure: 10 * K})
    assert (found["rounded_amounts"], found["lowest"], found["highest"]) == (4, 7.5, 12.5)
    assert (found["verdict"], found["difference"]) == ("within rounding", 2)
    assert one(measure, "13", lines=2, **{measure: 10 * K})["verdict"] == "outside rounding"


def test_other_units_and_decimals():
    # £13.7m printed, 13,737.4 computed in thousands
    found = one("variance", "£13.7m", "millions", 1, variance=1_373_740_000, step=1)
    assert (found["verdict"], found["computed"]) == ("agrees", 13.7374)
    assert (found["lowest"], found["highest"]) == (13.6874, 13.7874)
    found = one("expenditure", "1.05", "pounds", 2, expenditure=104, step=1)
    assert (found["verdict"], found["difference"]) == ("outside rounding", 0.01)


# ------------------------------------------------------------------ percentages


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        # 10 over 200: 5 %. One line, each amount ± 0.5: 209.5 ÷ 200.5 − 1 = 4.4888 % and
        # 210.5 ÷ 199.5 − 1 = 5.5138 %; and half of the last decimal printed.
        ("5.0", "agrees"),
        ("5.5", "within rounding"),
        ("4.5", "within rounding"),
        ("5.6", "outside rounding"),
        ("4.4", "outside rounding"),
    ],
)
def test_a_percentage_of_two_rounded_amounts(printed, verdict):
    found = one(
        "variance_percent", printed, "percent", 1, lines=1, budget=200 * K, expenditure=210 * K
    )
    assert found["verdict"] == verdict
    assert found["computed"] == 5
    assert found["lowest"] == pytest.approx(4.488778 - 0.05, abs=1e-6)
    assert found["highest"] == pytest.approx(5.513784 + 0.05, abs=1e-6)


def test_an_underspend_printed_in_brackets():
    found = one("variance_percent", "(6%)", "percent", lines=1, budget=200 * K, expenditure=188 * K)
    assert (found["verdict"], found["computed"]) == ("agrees", -6)


@pytest.mark.parametrize(
    ("figure", "unit", "known"),
    [
        ("variance_percent", "percent", {"budget": 0, "expenditure": K}),
        ("variance_percent", "percent", {"budget": -K, "expenditure": K}),
        # 1 line of £1,000 ± £500 cannot be nil; 2 lines of ± £500 can
        ("variance_percent", "percent", {"budget": K, "expenditure": K, "lines": 2}),
        ("variance_percent", "thousands", {"budget": K, "expenditure": K, "lines": 1}),
        ("budget", "percent", {"budget": K}),
    ],
)
def test_what_cannot_be_compared(figure, unit, known):
    found = one(figure, "1", unit, **known)
    assert found["verdict"] == "not comparable"
    assert pd.isna([found[c] for c in ("computed", "difference", "lowest", "highest")]).all()


def test_a_percentage_of_a_budget_that_is_above_nil_however_rounded():
    known = {"budget": K, "expenditure": K, "lines": 1}
    assert one("variance_percent", "0", "percent", **known)["verdict"] == "agrees"


def test_what_the_inputs_do_not_hold_is_not_computed():
    found = one("stated/savings", "1")
    assert (found["verdict"], found["rounded_amounts"]) == ("not computed", 0)
    assert pd.isna(found["computed"])


def test_nothing_printed_is_an_empty_table():
    columns = ["published_id", "source", "label", "column", "printed", "unit", "decimals", "figure"]
    found = compare(pd.DataFrame(columns=columns, dtype="str"), lambda _: 0, lambda _: None)
    assert len(found) == 0
    assert found["verdict"].dtype == "str"
    assert found["computed"].dtype == "float64"


# ------------------------------------------------------------------ what rounding may do

LINES = pd.DataFrame(
    {
        "theme": ["1", "1", "2"],
        "pooling": "pooled",
        "pot": ["P", "P", "Q"],
        "budget": [700 * K, 60_040, 5],
        "budget_step": [K, 10_000, 1],
        "expenditure": [0, 0, 0],
        "expenditure_step": [K, 1, 1],
    }
)
SHARES = pd.DataFrame(
    {
        "pot": ["P", "P"],
        "bearer": ["CCG", "SCC"],
        "category": "A",
        "kind": "revenue",
        "weight": [1, 3],
        "total_weight": [4, 4],
        "borne": [0, 0],
    }
)


@pytest.mark.parametrize(
    ("figure", "amounts", "budget", "expenditure"),
    [
        # 700 in £000 may be £500 out, 0.6 by £50; what is written to the penny is exact
        ("budget/theme=1", 2, 55_000, 50_000),
        ("variance/theme=1", 3, 55_000, 50_000),
        ("variance/theme=2", 0, 0, 0),
        # a quarter of what its pot is out, and a penny
        ("borne/bearer=CCG", 3, 13_750, 12_501),
    ],
)
def test_what_rounding_may_do(figure, amounts, budget, expenditure):
    found = rounding(Ledger({"lines": LINES, "shares": SHARES}))(Figure.parse(figure))
    assert found == Rounding(amounts, Fraction(budget), Fraction(expenditure))


def test_a_share_of_nothing_is_out_by_nothing():
    shares = SHARES.assign(weight=[0, 4])
    found = rounding(Ledger({"lines": LINES, "shares": shares}))(Figure.parse("borne/bearer=CCG"))
    assert (found.budget, found.expenditure) == (0, 0)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("-4.7", "agrees"), ("-4.8", "within rounding"), ("-4.9", "outside rounding"),
     ("90", "outside rounding")],
)  # fmt: skip
def test_a_percentage_printed_in_two_places_is_out_by_its_own_step(printed, verdict):
    """By hand: −4.7 % is −4.75 to −4.65, whatever the step of the rate it is of."""
    values = (("actual", "month 1", "732"),
              ("actual less target", "month 1", "-4.7", {"decimals": 1}))  # fmt: skip
    of_rate = metric(*values, form="rate", per=100_000, period_basis="cumulative")
    figures = Ledger({"lines": LINES, "shares": SHARES, **selected_from({"M": of_rate})})
    figure = "indicator_printed/metric=M/period=month 1"
    row = {"published_id": "P1", "source": "p. 1", "label": "", "column": "", "printed": printed,
           "unit": "percent", "decimals": 1, "rounded_to": "", "figure": figure}  # fmt: skip
    [found] = compare(pd.DataFrame([row]), figures.value, rounding(figures)).to_dict("records")
    assert (found["verdict"], found["computed"]) == (verdict, -4.7)


def test_what_rounding_may_do_to_stated_budgets():
    """Only the rows of the versions a figure is made of count: a row states one of them."""
    budgets = pd.DataFrame(
        {
            "theme": ["1", "2", "1"],
            "closing_budget": [700 * K, 60_040, 0],
            "closing_budget_step": [K, 1, 0],
            "next_initial_budget": [0, 0, 800 * K],
            "next_initial_budget_step": [0, 0, 10_000],
        }
    )
    found = rounding(Ledger({"lines": LINES, "shares": SHARES, "budgets": budgets}))
    assert found(Figure.parse("closing_budget")) == Rounding(1, Fraction(50_000), Fraction(0))
    assert found(Figure.parse("closing_budget/theme=2")) == Rounding(0, Fraction(0), Fraction(0))
    assert found(Figure.parse("budget_change")) == Rounding(2, Fraction(55_000), Fraction(0))
