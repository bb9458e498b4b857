"""The identities, and what is said when one does not hold."""

import pandas as pd
import pytest

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.figures import Figure
from bcf_model.year.identities import (
    Check,
    ControlTotal,
    of_control_totals,
    of_input,
    of_shares,
    of_views,
    require,
    table,
)

LINES = pd.DataFrame(
    {
        "theme": ["1", "2"],
        "organisation": ["CCG", "SCC"],
        "scheme_id": ["S1", "S2"],
        "kind": ["revenue", "capital"],
        "budget": [100, 200],
        "expenditure": [110, 195],
        "given": [110, 195],
        "variance": [10, -5],
        "pot": ["p", "q"],
    }
)
SHARES = pd.DataFrame(
    {
        "pot": ["p", "p", "q"],
        "kind": ["revenue", "revenue", "capital"],
        "variance": [10, 10, -5],
        "borne": [7, 3, -5],
    }
)


def test_the_table_has_the_difference():
    found = table([Check("One", 5, 3), Check("Two", -1, -1)])
    assert found.to_numpy().tolist() == [["One", 5, 3, -2], ["Two", -1, -1, 0]]
    assert found.dtypes[["expected", "found", "difference"]].tolist() == ["int64"] * 3
    assert len(table([])) == 0


def test_what_holds_is_passed_on():
    checks = table([Check("Two", -1, -1)])
    assert require(checks) is checks


def test_the_first_that_fails_is_named_with_both_amounts_in_pounds():
    checks = table([Check("Nil", 0, 0), Check("One", 123_456, 123_455), Check("Two", 1, 2)])
    with pytest.raises(DoesNotReconcile) as problem:
        require(checks)
    assert str(problem.value) == (
        "One: expected £1,234.56, found £1,234.55, a difference of -£0.01. No report was written."
    )


def test_views_are_compared_with_the_lines_measure_by_measure():
    by_theme = LINES.assign(variance=[10, -4])
    found = of_views(LINES, {"by theme": (by_theme, ["theme"]), "by scheme": (LINES, ["scheme"])})
    assert [(c.name, c.expected, c.found) for c in found] == [
        ("Budget by theme = of all lines", 300, 300),
        ("Budget by scheme = of all lines", 300, 300),
        ("Expenditure by theme = of all lines", 305, 305),
        ("Expenditure by scheme = of all lines", 305, 305),
        ("Variance by theme = of all lines", 5, 6),
        ("Variance by scheme = of all lines", 5, 5),
    ]
    assert found[0].expected_figures == (Figure.of("budget"),)
    assert [str(f) for f in found[0].found_figures] == ["budget/theme=1", "budget/theme=2"]
    assert [str(f) for f in found[5].found_figures] == ["variance/scheme=S1", "variance/scheme=S2"]


def test_what_is_borne_is_compared_in_total_by_kind_and_by_pot():
    found = of_shares(LINES, SHARES.assign(borne=[7, 2, -5]))
    assert [(c.name, c.expected, c.found) for c in found] == [
        ("Borne = variance, in total", 5, 4),
        ("Borne = variance, revenue", 10, 9),
        ("Borne = variance, capital", -5, -5),
        ("Borne = variance, p", 10, 9),
        ("Borne = variance, q", -5, -5),
    ]


def test_nothing_is_lost_between_file_and_report():
    memo = LINES.iloc[:0]
    found = of_input(LINES, LINES.iloc[:1], LINES.iloc[1:])
    assert [(c.expected, c.found) for c in found] == [(300, 300), (305, 305)]
    lost = of_input(LINES, LINES.iloc[:1], memo)
    assert [(c.expected, c.found) for c in lost] == [(300, 100), (305, 110)]
    assert str(found[1].found_figures[0]) == "given/pooling=aligned+in view+pooled"


def test_control_totals():
    figure = Figure.of("budget", theme="1")
    [found] = of_control_totals([ControlTotal(figure, 99, 100)])
    assert found == Check("Control total: budget/theme=1", 99, 100, (), (figure,))


@pytest.mark.parametrize(
    ("computed", "differs"), [(150, 0), (200, 0), (249, 0), (250, 0), (251, 51), (149, -51)]
)
def test_a_rounded_control_total_holds_within_its_last_digit(computed: int, differs: int):
    """£2 stands for £1.50 to £2.50."""
    [found] = of_control_totals([ControlTotal(Figure.of("budget"), 200, computed, step=100)])
    rounded = computed not in (149, 200, 251)
    assert found.name == "Control total: budget" + ", to the nearest £1" * rounded
    assert found.found - found.expected == differs
