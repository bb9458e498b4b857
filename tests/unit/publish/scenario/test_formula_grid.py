"""The columns of a scenario's input pages: from data, and what they show of a row."""

from types import SimpleNamespace
from typing import Any

import pytest

from bcf_model.publish.scenario.formula_grid import Field, fields_of

VIEW: Any = SimpleNamespace(group_label="Theme", organisations={"ICB": "Board"})


def field(page: str, key: str) -> Field:
    (found,) = (it for it in fields_of(VIEW, page, (), ()) if it.key == key)
    return found


def keys(*, without: tuple[str, ...] = (), hidden: tuple[str, ...] = ()) -> list[str]:
    return [it.key for it in fields_of(VIEW, "Savings", without, hidden)]


def test_what_is_for_the_screen_stands_last_and_what_is_hidden_behind_it() -> None:
    assert keys()[:3] == ["name", "gross", "investment"]
    assert keys(hidden=("investment",))[-2:] == ["identified", "investment"]
    assert "net" in keys()
    assert "net" not in keys(without=("net",))


def test_a_heading_names_what_the_lines_are_grouped_by() -> None:
    assert field("Released", "group").heading.text == "Theme reduced"


@pytest.mark.parametrize(
    ("page", "key", "value", "shown"),
    [
        ("Savings", "gross", 123_450, 1_234.5),
        ("Savings", "delivery", 80_000_000, 0.8),
        ("Savings", "phased", 500_000, 0.5),
        ("Savings", "year", "2019-20", "2019/20"),
        ("Savings", "owner", "ICB", "Board"),
        ("Savings", "owner_code", "ICB", "ICB"),
        ("Benefits", "return_per_pound", 1_500_000, 1.5),
        ("Effects", "months", 9, 9.0),
    ],
)
def test_a_column_shows_pounds_of_pence_and_rates_of_millionths(
    page: str, key: str, value: object, shown: object
) -> None:
    column = field(page, key)
    assert column.entry(VIEW, SimpleNamespace(**{column.of: value})) == shown
