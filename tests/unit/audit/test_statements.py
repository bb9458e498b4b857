"""What the printed figures of a pool say about its lines: sums, shares, and what is not printed."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from bcf_model.audit.statements import Paper, Statement, interval, of_pool
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.audit_pool import printed, results


def paper_of(*figures: tuple[str, str], of: Results | None = None, **more) -> Paper:
    return of_pool(printed(*figures, **more), (of or results()).figures)


def lines(measure: str, **factors: int) -> dict[tuple[str, str], int]:
    return {(measure, line): factor for line, factor in factors.items()}


# ------------------------------------------------------------------ intervals


@pytest.mark.parametrize(
    ("text", "unit", "decimals", "ends"),
    [
        ("1,927", "thousands", 0, (192_650_000, 192_750_000)),
        ("(20)", "thousands", 0, (-2_050_000, -1_950_000)),
        ("(0)", "thousands", 0, (-50_000, 50_000)),
        ("£13.7m", "millions", 1, (1_365_000_000, 1_375_000_000)),
        ("£1.25", "pounds", 2, (Fraction(249, 2), Fraction(251, 2))),
        ("(6%)", "percent", 0, (Fraction(-13, 2), Fraction(-11, 2))),
        ("4.25%", "percent", 2, (Fraction(4245, 1000), Fraction(4255, 1000))),
    ],
)
def test_a_print_stands_for_all_it_may_have_been_rounded_from(text, unit, decimals, ends):
    row = SimpleNamespace(printed=text, unit=unit, decimals=decimals, rounded="", rounded_to="")
    assert interval(row) == ends
    assert Statement(0, "q", *ends, {}).half == (ends[1] - ends[0]) / 2


# ------------------------------------------------------------------ amounts of lines


def test_an_amount_is_the_sum_of_its_lines():
    paper = paper_of(("budget", "0"), ("expenditure/theme=1", "0"), ("budget/organisation=LA", "0"))
    whole, theme, own = paper.statements
    assert whole.terms == lines("budget", s1=1, s2=1, s3=1)
    assert theme.terms == lines("expenditure", s1=1, s2=1)
    assert own.terms == lines("budget", s2=1, s3=1)
    assert (whole.quantity, whole.place, own.place) == ("budget", 0, 2)
    assert (whole.low, whole.high) == (-50_000, 50_000)
    assert (whole.base, whole.sums) == (None, ())
    assert paper.by_place == {0: whole, 1: theme, 2: own}


def test_a_variance_is_a_difference():
    [one] = paper_of(("variance/theme=2", "0")).statements
    assert one.terms == lines("expenditure", s3=1) | lines("budget", s3=-1)
    assert one.sums == (((1, "expenditure/theme=2"), (-1, "budget/theme=2")),)


def test_a_percentage_is_of_the_budget():
    [one] = paper_of(("variance_percent/theme=2", "10%")).statements
    assert one.terms == lines("expenditure", s3=1) | lines("budget", s3=-1)
    assert one.base == lines("budget", s3=1)
    assert (one.low, one.high) == (Fraction(19, 2), Fraction(21, 2))
    assert one.sums == ()


def test_what_is_stated_of_something_else_is_an_unknown_of_its_own():
    paper = paper_of(("stated/elsewhere", "2"), ("stated/rate", "2%"))
    [one] = paper.statements
    assert one.terms == {("stated/elsewhere", ""): 1}
    assert paper.untested == {1: "a percentage of something outside the pool"}


def test_a_figure_in_a_unit_it_cannot_have_is_not_tested():
    paper = paper_of(("budget", "5%"), ("variance_percent", "5"), ("budget", "5"))
    assert paper.untested == {0: "printed as a percentage", 1: "printed as an amount"}
    assert [one.place for one in paper.statements] == [2]


def test_what_is_taken_for_granted_is_said():
    assert "is taken from the pool" in paper_of(("budget", "5")).rests_on[0]


# ------------------------------------------------------------------ lines that are not printed


def test_a_line_not_printed_is_held_to_the_input():
    paper = paper_of(
        ("budget/theme=1", "0"), ("budget/scheme=s1", "0"), ("variance/scheme=s3", "0")
    )
    assert [(f.terms, f.low, f.high) for f in paper.facts] == [
        (lines("budget", s2=1), 200_00, 200_00),
        (lines("budget", s3=1), 50_00, 50_00),
        (lines("expenditure", s3=1), 55_00, 55_00),
    ]


@slow
def test_an_input_in_thousands_leaves_half_a_thousand():
    paper = paper_of(("variance_percent/theme=2", "9%"), of=results(unit="thousands"))
    assert [(f.terms, f.low, f.high) for f in paper.facts] == [
        (lines("budget", s3=1), 4_950_000, 5_050_000),
        (lines("expenditure", s3=1), 5_450_000, 5_550_000),
    ]
    # an aligned line is held to its own input, though it is no part of the pool
    paper = paper_of(("variance_percent/pooling=aligned", "0%"), of=results(unit="thousands"))
    assert [(f.terms, f.low, f.high) for f in paper.facts] == [
        (lines(measure, s4=1), 6_950_000, 7_050_000) for measure in ("budget", "expenditure")
    ]


def test_a_percentage_of_one_line_does_not_print_it():
    paper = paper_of(("variance_percent/scheme=s1", "30%"))
    assert [f.terms for f in paper.facts] == [lines("budget", s1=1), lines("expenditure", s1=1)]


# ------------------------------------------------------------------ what the inputs do not hold


def next_years(*selections: str) -> list[set[str]]:
    """Give what next year's budgets by some selections are sums of."""
    figures = [(f"next_initial_budget{of}", "0") for of in selections]
    return [{line for _, line in one.terms} for one in paper_of(*figures).statements]


def test_budgets_of_next_year_fall_under_this_years_lines():
    assert next_years("", "/theme=2") == [{"s1", "s2", "s3"}, {"s3"}]


def test_a_theme_without_lines_counts_in_what_holds_it():
    nine = "next_initial_budget/theme=9"
    assert next_years("", "/theme=9", "/theme=1", "/theme=1+9") == [
        {"s1", "s2", "s3", nine}, {nine}, {"s1", "s2"}, {"s1", "s2", nine},
    ]  # fmt: skip


def test_which_part_of_a_theme_without_lines_belongs_to_something_nothing_tells():
    figures = [(f"next_initial_budget/{of}", "0") for of in ("theme=9", "kind=capital")]
    paper = paper_of(*figures)
    assert [one.place for one in paper.statements] == [0]
    assert paper.untested == {
        1: "which part of next_initial_budget/theme=9 belongs to it, nothing tells"
    }


def test_a_part_of_two_themes_without_lines_is_not_the_whole():
    figures = [(f"next_initial_budget/theme={of}", "0") for of in ("8+9", "9")]
    paper = paper_of(*figures)
    assert paper.untested == {
        1: "which part of next_initial_budget/theme=8+9 belongs to it, nothing tells"
    }


def test_a_change_names_what_it_is_the_difference_of():
    [one] = paper_of(("budget_change/theme=9", "0")).statements
    assert one.terms == {
        ("next_initial_budget", "next_initial_budget/theme=9"): 1,
        ("closing_budget", "closing_budget/theme=9"): -1,
    }
    assert one.sums == (((1, "next_initial_budget/theme=9"), (-1, "closing_budget/theme=9")),)


# ------------------------------------------------------------------ what partners bear


def test_a_share_is_a_part_of_its_pots_variance_but_for_a_penny():
    [one] = paper_of(("borne/bearer=ICB", "5"), unit="pounds").statements
    quarter = Fraction(1, 4)
    assert one.terms == {
        ("expenditure", "s1"): quarter, ("expenditure", "s2"): quarter,
        ("budget", "s1"): -quarter, ("budget", "s2"): -quarter,
    }  # fmt: skip
    assert (one.low, one.high) == (450 - 1, 550 + 1)


def test_shares_of_several_pots_add_up():
    [one] = paper_of(("borne/bearer=LA", "20"), unit="pounds").statements
    own = lines("expenditure", s3=1) | lines("budget", s3=-1)
    assert {k: v for k, v in one.terms.items() if abs(v) == 1} == own
    assert {abs(v) for k, v in one.terms.items() if k not in own} == {Fraction(3, 4)}
    assert (one.low, one.high) == (1950 - 1, 2050 + 1)
    [whole] = paper_of(("borne", "25"), unit="pounds").statements
    assert set(whole.terms.values()) == {1, -1}
    assert (whole.low, whole.high) == (2450 - 2, 2550 + 2)


@slow
def test_what_one_alone_bears_is_exact():
    rules = "B1,category=B,either,1,fixed,ICB,100,,,,c\n"
    [one] = paper_of(("borne/bearer=ICB", "20"), unit="pounds", of=results(rules)).statements
    assert (one.low, one.high) == (1950, 2050)
    assert set(one.terms.values()) == {1, -1}
    # a partner that bears nothing
    paper = paper_of(("borne/bearer=LA", "5"), unit="pounds", of=results(rules))
    assert [set(one.terms) for one in paper.statements] == [
        {("expenditure", "s3"), ("budget", "s3")}
    ]


@slow
def test_a_share_of_nothing_says_that_it_is_nil():
    rules = "B1,category=B,either,1,fixed,ICB,100,,,,c\nB2,category=B,either,1,fixed,LA,0,,,,c\n"
    figure = "borne/category=B/bearer=LA"
    [one] = paper_of((figure, "0"), unit="pounds", of=results(rules)).statements
    assert one.terms == {}
    assert (one.low, one.high) == (-50, 50)


@slow
def test_own_variances_are_expressed():
    rules = "B1,category=B,either,1,own,budget holder,100,,,,c\n"
    [one] = paper_of(("borne/bearer=ICB", "30"), unit="pounds", of=results(rules)).statements
    assert one.terms == lines("expenditure", s1=1) | lines("budget", s1=-1)
    assert (one.low, one.high) == (2950, 3050)


NOT_EXPRESSED = {0: "shared by a rule that is no plain proportion: not expressed here"}


@slow(first=1)
@pytest.mark.parametrize(
    "rules",
    [
        # a band, a limit, two steps
        "B1,category=B,either,1,fixed,ICB,100,,,£5,c\nB2,category=B,either,1,fixed,LA,100,,£5,,c\n",
        "B1,category=B,either,1,fixed,ICB,100,£5,,,c\nB2,category=B,either,2,fixed,LA,100,,,,c\n",
        "B1,category=B,either,1,fixed,ICB,100,£90,,,c\nB2,category=B,either,2,fixed,LA,100,,,,c\n",
    ],
)
def test_bands_limits_and_steps_are_not_expressed(rules):
    paper = paper_of(("borne/category=B/bearer=ICB", "5"), of=results(rules))
    assert paper.untested == NOT_EXPRESSED
    assert paper.statements == ()


BY_DIRECTION = (
    "B1,category=B,over,1,fixed,ICB,25,,,,c\nB2,category=B,over,1,fixed,LA,75,,,,c\n"
    "B3,category=B,under,1,fixed,LA,100,,,,c\n"
)


@slow(first=1)
@pytest.mark.parametrize(
    ("unit", "spent", "untested"),
    [
        ("pounds", "130", {}),
        ("pounds", "110.01", {}),  # over by a penny, and every penny is known
        # in £000 four amounts may be out by 2 in all: 3 over is over, 2 over may be nil
        ("thousands", "113", {}),
        ("thousands", "112", NOT_EXPRESSED),
        ("thousands", "108", NOT_EXPRESSED),
        ("thousands", "107", {}),
    ],
)
def test_under_a_rule_for_one_direction_the_direction_must_be_sure(unit, spent, untested):
    paper = paper_of(("borne/category=B/bearer=LA", "5"), of=results(BY_DIRECTION, unit, spent))
    assert paper.untested == untested


@slow
def test_what_is_shared_together_cannot_be_told_apart():
    together = (
        "P1,pool,over,1,fixed,ICB,25,,,,c\nP2,pool,over,1,fixed,LA,75,,,,c\n"
        "P3,pool,under,1,fixed,LA,100,,,,c\n"
    )
    figures = [("borne/theme=1/bearer=ICB", "5"), ("borne/bearer=ICB", "6")]
    paper = paper_of(*figures, of=results(together, kind="revenue"))
    assert [one.place for one in paper.statements] == [1]
    [said] = paper.untested.values()
    assert "theme" in said
