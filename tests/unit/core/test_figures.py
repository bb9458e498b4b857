"""Figures: how they are written, what they select, and what they come to."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.core.errors import NotHeld, UnknownFigure
from bcf_model.core.expressions import Column, Total
from bcf_model.core.figures import Figure, Measure, blank_reason, row_by_row, totals
from bcf_model.core.ledger import Ledger

LINES = pd.DataFrame(
    {
        "scheme_id": ["S1", "S2", "S3", "S4"],
        "theme": ["1", "1", "2", "2"],
        "organisation": ["CCG", "SCC", "CCG", "SCC"],
        "category": ["A", "B", "A", "A"],
        "kind": ["revenue", "revenue", "capital", "revenue"],
        "pooling": ["pooled", "pooled", "pooled", "aligned"],
        "budget": [1000, 0, -400, 5000],
        "expenditure": [1100, 7, -300, 5001],
        "variance": [100, 7, 100, 1],
        "pot": ["p", "p", "q", ""],
    }
)
SHARES = pd.DataFrame(
    {
        "pot": ["p", "p", "q"],
        "category": ["A+B", "A+B", "A"],
        "kind": ["revenue", "revenue", "capital"],
        "bearer": ["CCG", "SCC", "CCG"],
        "borne": [54, 53, 100],
    }
)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger({"lines": LINES, "shares": SHARES})


@pytest.mark.parametrize(
    "text",
    [
        "budget",
        "variance/theme=4/organisation=SCC",
        "borne/category=A+B/bearer=CCG",
        "expenditure/pooling=aligned+pooled",
        "variance_percent/scheme=S1",
        "closing_budget/organisation=SCC",
        "stated/saving of the year",
        "budget/theme=R&D x/category=a.b",
    ],
)
def test_a_figure_is_written_as_it_is_read(text):
    assert str(Figure.parse(text)) == text
    assert str(Figure.parse(f"  {text} ")) == text


def test_keys_stand_in_one_order_however_they_are_written():
    assert str(Figure.parse("budget/kind=capital/theme=2")) == "budget/theme=2/kind=capital"
    assert Figure.of("budget", kind="capital", theme="2") == Figure.parse(
        "budget/theme=2/kind=capital"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spend", "no measure is called 'spend'; there are budget, expenditure, variance, "),
        ("", "no measure is called ''"),
        ("budget/bearer=CCG", "budget cannot be selected by 'bearer', only by theme, "),
        ("borne/scheme=1", "borne cannot be selected by 'scheme', only by theme, category, kind"),
        ("budget/theme=", "theme has a blank value"),
        ("budget/theme=1+", "theme has a blank value"),
        ("budget/theme", "a selection is written key=value, each key once"),
        ("budget/theme=1/theme=2", "a selection is written key=value, each key once"),
        ("budget/measure=1", "budget cannot be selected by 'measure'"),
        ("stated", "a stated number is written stated/<name>"),
        ("stated/", "a stated number is written stated/<name>"),
        ("stated/a/b", "a stated number is written stated/<name>"),
    ],
)
def test_what_is_no_figure_says_why(text, message):
    with pytest.raises(UnknownFigure) as problem:
        Figure.parse(text)
    assert str(problem.value).startswith(message)


def test_which_figures_the_engine_computes():
    assert Figure.parse("borne").computable
    assert Figure.parse("closing_budget").computable
    assert not Figure.parse("stated/x").computable


def test_a_figure_in_words():
    said = Figure.parse("variance/theme=4+5/organisation=SCC").words
    assert said == "sum of variance, over lines of theme 4 or 5 and organisation SCC"
    assert Figure.parse("borne").words == "sum of borne, over shares of the whole pool"
    said = "sum of next initial budget − sum of closing budget, over budgets of kind capital"
    assert Figure.parse("budget_change/kind=capital").words == said
    assert Figure.parse("stated/x").words == "stated by the paper about something outside the pool"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("budget", 600),  # 1000 + 0 − 400: the aligned line is outside the pool
        ("budget/pooling=aligned", 5000),
        ("budget/pooling=pooled+aligned", 5600),
        ("variance/theme=1", 107),
        ("variance/theme=1+2", 207),
        ("variance/theme=1+1", 107),  # named twice, counted once
        ("borne/bearer=SCC+SCC/category=A+B", 53),
        ("budget/pooling=pooled+pooled", 600),
        ("variance/theme=1/organisation=SCC", 7),
        ("variance/theme=2+1/organisation=SCC+CCG/kind=revenue", 107),
        ("expenditure/scheme=S3", -300),
        ("budget/theme=9", 0),  # no rows: nil
        ("variance_percent", 0.345),  # 207 ÷ 600
        ("variance_percent/theme=1", 0.107),
        ("variance_percent/organisation=SCC", None),  # budget nil
        ("variance_percent/kind=capital", None),  # budget negative
        ("variance_percent/theme=9", None),
        ("borne", 207),
        ("borne/bearer=CCG", 154),
        ("borne/category=A+B", 207),
        ("borne/category=B+A/bearer=SCC", 53),
        ("borne/kind=capital", 100),
    ],
)
def test_values(ledger, text, expected):
    assert ledger.value(Figure.parse(text)) == expected
    assert ledger.value(Figure.parse(text)) == expected  # and again, once it is known


def test_the_columns_a_figure_selects_by(ledger):
    assert ledger.criteria(Figure.parse("borne/category=A+B")) == [("category", ["A", "A+B"])]
    assert ledger.criteria(Figure.parse("budget/scheme=S1+S9")) == [
        ("scheme_id", ["S1"]),
        ("pooling", ["pooled"]),
    ]


def test_a_column_as_plain_values(ledger):
    assert ledger.column("lines", "budget") == [1000, 0, -400, 5000]
    assert type(ledger.column("shares", "borne")[0]) is int


def test_money_is_whole_pence_and_a_rate_is_not_money(ledger):
    assert type(ledger.pence(Figure.parse("borne"))) is int
    with pytest.raises(UnknownFigure, match="variance_percent is not an amount of money"):
        ledger.pence(Figure.parse("variance_percent"))
    for text in ("next_initial_budget", "stated/x"):
        with pytest.raises(UnknownFigure, match=f"{text} is not computed from this pool's inputs"):
            ledger.value(Figure.parse(text))


BUDGETS = pd.DataFrame(
    {
        "theme": ["1", "2", "2", "1", "2"],
        "organisation": ["CCG", "CCG", "not stated", "CCG", "SCC"],
        "scheme_id": "",
        "kind": ["revenue", "revenue", "capital", "revenue", "capital"],
        "closing_budget": [100, 200, 50, 0, 0],
        "closing_budget_step": [1, 100, 100, 0, 0],
        "next_initial_budget": [0, 0, 0, 130, 270],
        "next_initial_budget_step": [0, 0, 0, 1, 1],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("closing_budget", 350),
        ("closing_budget/theme=2", 250),
        ("closing_budget/theme=1/organisation=CCG", 100),  # of theme 1 all are stated
        ("next_initial_budget/organisation=SCC", 270),
        ("next_initial_budget/organisation=CCG/kind=capital", 0),
        ("budget_change", 50),
        ("budget_change/kind=capital", 220),
        ("budget_change/theme=1", 30),
    ],
)
def test_stated_budgets(text, expected):
    assert Ledger({"lines": LINES, "budgets": BUDGETS}).value(Figure.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closing_budget/organisation=CCG", "the closing budget is not stated by organisation"),
        ("budget_change/kind=capital/organisation=SCC", "not stated by organisation"),
        ("next_initial_budget/scheme=S1", "the next initial budget is not stated by scheme"),
    ],
)
def test_a_budget_is_told_by_what_it_is_stated_by(text, said):
    with pytest.raises(NotHeld, match=said):
        Ledger({"lines": LINES, "budgets": BUDGETS}).value(Figure.parse(text))


def test_one_budget_alone_is_no_change():
    """Nil would be a number nobody stated."""
    ledger = Ledger({"lines": LINES, "budgets": BUDGETS[:3]})
    assert ledger.value(Figure.parse("closing_budget")) == 350
    for text in ("next_initial_budget", "budget_change/theme=1"):
        with pytest.raises(NotHeld, match="is not computed from this pool's inputs"):
            ledger.value(Figure.parse(text))


@pytest.mark.parametrize("category", ["A", "B"])
def test_what_is_shared_together_is_not_told_apart(ledger, category):
    with pytest.raises(UnknownFigure, match=r"A\+B are shared together, and not apart"):
        ledger.value(Figure.parse(f"borne/category={category}"))


def test_totals_of_rows_that_are_totals():
    # 1 ÷ 3 = 0.333333…; 5 ÷ 4·10⁹ = 0.00000000125; −3 ÷ 2·10⁹ = −0.0000000015, away from nil
    budget = [3, 4 * 10**9, 2 * 10**9, 0, -1]
    frame = pd.DataFrame({"budget": budget, "variance": [1, 5, -3, 1, 1]})
    found = totals(frame, "variance_percent")
    assert found[:3].tolist() == [0.333333333, 0.000000001, -0.000000002]
    assert np.isnan(found[3:]).all()


def test_row_by_row():
    frame = pd.DataFrame({"n": [1, 10, 2], "place": [1, 1, 2]})
    assert row_by_row(frame, Column("n") - Column("place")).tolist() == [0, 9, 0]


def test_why_a_percentage_is_blank():
    assert [blank_reason(budget) for budget in (1, 0, -1)] == [
        "",
        "no %: budget is nil",
        "no %: budget is negative",
    ]


@pytest.mark.parametrize(
    "own", [Total("borne", of=(("held", ("in the pool",)),)), Total("borne", table="shares")]
)
def test_a_measure_whose_total_has_rows_of_its_own_is_refused(own: Total) -> None:
    with pytest.raises(ValueError, match="a measure adds up the rows of its figures"):
        Measure("kept", "Kept", "shares", "money", own - Total("budget"), "What is kept")
