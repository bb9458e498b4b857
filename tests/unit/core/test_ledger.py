"""What is added up of a table, what a choice between texts comes to, figures of tables written."""

import pandas as pd
import pytest

from bcf_model.core.expressions import NIL, Differs, If, InRow, Total
from bcf_model.core.figures import Figure, Unstated
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import ComparisonOut

LINES = pd.DataFrame({
    "scheme_id": ["a", "b", "c"], "pooling": ["pooled"] * 3, "theme": ["1", "1", "2"],
    "entry": [1, 2, 1], "budget": [100, 20, 3], "budget_step": [1, 1, 0],
})  # fmt: skip


@pytest.fixture
def ledger() -> Ledger:
    return Ledger({"lines": LINES})


@pytest.mark.parametrize(
    ("of", "pence"),
    [
        ((("theme", ("1",)),), 120),
        ((("theme", ("1", "2")), ("scheme_id", ("a", "b"))), 120),
        ((("theme", ("1",)), ("entry", ("1",))), 100),
        ((("theme", ("3",)),), 0),
        ((("theme", ("2",)),), None),
        ((), None),
    ],
)
def test_a_total_is_of_the_rows_it_says_and_not_known_where_one_of_them_is_not(ledger, of, pence):
    assert ledger.total(Total("budget", table="lines", of=of)) == pence


def test_a_choice_by_the_text_of_a_cell_and_by_a_total(ledger):
    of_theme = If(Total("budget", table="lines", of=(("theme", ("1",)),)), "above", "not above")
    assert ledger.text(If(Differs(InRow("lines", "theme", 2), "2"), of_theme, "it is")) == "it is"
    assert ledger.text(If(Differs(InRow("lines", "theme", 0), "2"), of_theme, "it is")) == "above"


@pytest.mark.parametrize(("theme", "said"), [("1", "stated"), ("2", "not stated")])
def test_a_choice_by_how_many_amounts_nobody_stated(ledger, theme, said):
    lost = Unstated(Figure.of("budget", theme=theme))
    assert ledger.text(If(lost + NIL, "not stated", "stated")) == said


ROWS = pd.DataFrame(
    {"agreement": ["a", "a", "b", "b"], "party": ["X", "Y", "X", "Y"], "borne": [1, 20, 300, None]}
).astype({"borne": "Int64"})
FIGURES = Ledger.over({"compared": ROWS}, {"compared": ComparisonOut})


def borne(**where: str) -> int | None:
    chosen = tuple((key, (value,)) for key, value in where.items())
    return FIGURES.amount(Figure("compared.borne", chosen))


def test_a_column_of_money_is_added_up_over_the_rows_of_some_texts():
    assert (borne(agreement="a"), borne(party="X"), borne(agreement="a", party="Y")) == (
        21,
        301,
        20,
    )


def test_what_a_blank_is_part_of_is_not_known():
    assert (borne(agreement="b"), borne(party="Y"), borne()) == (None, None, None)
    assert borne(agreement="b", party="X") == 300
