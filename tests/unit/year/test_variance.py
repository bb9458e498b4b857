"""Variance by scheme and added up: a table small enough for paper."""

import pandas as pd

from bcf_model.year.variance import by_scheme, view, views, with_percent

THEMES = pd.CategoricalDtype(["2", "1"], ordered=True)  # the order the report declares
SCHEMES = pd.DataFrame(
    {
        "scheme_id": ["S1", "S2", "S3"],
        "theme": pd.Series(["1", "2", "1"], dtype=THEMES),
        "organisation": ["CCG", "SCC", "CCG"],
        "budget": [9, 9, 9],  # of the schemes' own file: not to be used twice
        "expenditure": [9, 9, 9],
    }
)
AMOUNTS = pd.DataFrame(
    {
        "financial_year": ["2018-19"] * 4 + ["2019-20"],
        "scheme_id": ["S2", "S1", "S2", "S1", "S1"],
        "budget": [100, 50, 20, -10, 7],
        "expenditure": [90, 60, 35, 5, 7],
    }
)


def test_rows_of_one_scheme_are_one_line_each_year_apart():
    lines = by_scheme(AMOUNTS, SCHEMES)
    columns = ["financial_year", "scheme_id", "budget", "expenditure", "variance"]
    assert list(lines) == [*columns, "theme", "organisation"]
    # S2: 100 + 20 and 90 + 35; S1: 50 − 10 and 60 + 5; S1 of the next year on its own; S3 has none
    assert lines["scheme_id"].tolist() == ["S2", "S1", "S1"]
    assert lines["financial_year"].tolist() == ["2018-19", "2018-19", "2019-20"]
    assert lines["budget"].tolist() == [120, 40, 7]
    assert lines["expenditure"].tolist() == [125, 65, 7]
    assert lines["variance"].tolist() == [5, 25, 0]
    assert lines["theme"].tolist() == ["2", "1", "1"]
    assert lines["organisation"].tolist() == ["SCC", "CCG", "CCG"]


def test_views_keep_years_apart_and_follow_the_declared_order():
    lines = by_scheme(AMOUNTS, SCHEMES)
    by_theme = view(lines, ["theme"])
    assert list(by_theme) == ["financial_year", "theme", "budget", "expenditure", "variance"]
    assert by_theme.to_numpy().tolist() == [
        ["2018-19", "2", 120, 125, 5],
        ["2018-19", "1", 40, 65, 25],
        ["2019-20", "1", 7, 7, 0],
    ]
    assert view(lines, []).to_numpy().tolist() == [
        ["2018-19", 160, 190, 30],
        ["2019-20", 7, 7, 0],
    ]


def test_several_views_are_each_what_the_view_is_by_itself():
    lines = by_scheme(AMOUNTS, SCHEMES)
    wanted = [["theme"], [], ["theme", "organisation"]]
    for found, by in zip(views(lines, wanted), wanted, strict=True):
        pd.testing.assert_frame_equal(found, view(lines, by))


def test_further_keys_keep_areas_apart():
    lines = by_scheme(AMOUNTS, SCHEMES).assign(area=["East", "West", "West"])
    found = view(lines, [], keys=("area", "financial_year"))
    assert found["area"].tolist() == ["East", "West", "West"]
    assert found["variance"].tolist() == [5, 25, 0]


def test_percentages():
    frame = pd.DataFrame({"budget": [120, 0, -5, 3], "variance": [5, 1, 1, -1]})
    found = with_percent(frame)
    # 5 ÷ 120 = 0.0416666… → 0.041666667; −1 ÷ 3 → −0.333333333
    percent = found["variance_percent"].fillna(0).tolist()
    assert percent == [4.1666667, 0, 0, -33.3333333]
    assert found["variance_percent"].isna().tolist() == [False, True, True, False]
    assert found["percent_note"].tolist() == [
        "",
        "no %: budget is nil",
        "no %: budget is negative",
        "",
    ]
    assert "variance_percent" not in frame


def test_a_percentage_is_the_number_it_says():
    """7 % is 7.0, not the 7.000000000000001 of 0.07 × 100: thresholds are compared with it."""
    budget = [10_000] * 10_000
    found = with_percent(pd.DataFrame({"budget": budget, "variance": range(10_000)}))
    assert found["variance_percent"].tolist() == [n / 100 for n in range(10_000)]
    huge = range(10**8, 10**8 + 10_000)
    found = with_percent(pd.DataFrame({"budget": budget, "variance": huge}))
    assert found["variance_percent"].tolist() == [n / 100 for n in huge]
