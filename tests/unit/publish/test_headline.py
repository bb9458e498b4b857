"""The head of the web page: the position in a sentence, and who bears it or is relieved."""

from pathlib import Path

import pytest

from bcf_model.core.figures import Figure
from bcf_model.pool import load
from bcf_model.publish import headline
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow

POOL = """title = "Pool"
board = "Board"
financial_year = "2018-19"
unit = "pounds"
as_at = 2019-03-31
source = "Paper"
"""
FILES = {
    "organisations.csv": "organisation,name,organisation_kind\n"
    "ICB,The ICB,nhs\nLA,The Council,council\nT,The Trust,provider\n",
    "themes.csv": "theme,name\n1,One\n",
    "categories.csv": "category,name\nA,Shared\nB,Own\nC,To a reserve\nD,Carried\n",
    "reserves.csv": "reserve,name,reserve_kind,opening\nR,The reserve,risk pool,1000.00\n",
    "rules.csv": "rule_id,scope,direction,step,basis,bearer,share,clause\n"
    "R1,category=A,either,1,fixed,ICB,50,Clause\n"
    "R2,category=A,either,1,fixed,T,50,Clause\n"
    "R3,category=B,either,1,own,budget holder,100,Clause\n"
    "R4,category=C,either,1,fixed,R,100,Clause\n"
    "R4b,category=C,either,2,fixed,ICB,100,Clause\n"
    "R5,category=D,either,1,fixed,carried forward,100,Clause\n",
}
ROWS = ("S1,1,ICB,Shared,A", "S2,1,LA,Own,B", "S3,1,LA,To a reserve,C", "S4,1,LA,Carried,D")


def pool(folder: Path, *variances: int, budget: int = 100) -> Results:
    """Calculate a pool of one line in each category, with these variances, in pounds."""
    lines = [
        f"{row},revenue,{budget},{budget + variance}"
        for row, variance in zip(ROWS, variances, strict=True)
    ]
    heading = "scheme_id,theme,organisation,scheme,category,kind,budget,expenditure"
    files = FILES | {"pool.toml": POOL, "schemes.csv": "\n".join([heading, *lines, ""])}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return run(load(folder))


def told(results: Results) -> dict[str, tuple[str, str]]:
    found = headline.who_bears(results)
    assert [it.total for it in found] == [False] * (len(found) - 1) + [True]
    return {it.label: (it.amount, it.way) for it in found}


def test_everyone_who_bears_is_listed_and_comes_to_the_variance(tmp_path: Path) -> None:
    results = pool(tmp_path, 20, 3, 5, 7)
    assert told(results) == {
        "The ICB": ("£10.00", "bears"),
        "The Council": ("£3.00", "bears"),
        "The Trust": ("£10.00", "bears"),
        "The reserve": ("£5.00", "drawn"),
        "Carried forward": ("£7.00", "overspend"),
        "Together": ("£35.00", "overspend"),
    }
    *parts, total = (it.figure for it in headline.who_bears(results))
    variance = results.figures.pence(Figure.of("variance"))
    assert sum(map(results.figures.pence, parts)) == results.figures.pence(total) == variance


def test_whoever_gains_is_relieved(tmp_path: Path) -> None:
    results = pool(tmp_path, -20, -3, -5, -7)
    assert told(results) == {
        "The ICB": ("(£10.00)", "is relieved"),
        "The Council": ("(£3.00)", "is relieved"),
        "The Trust": ("(£10.00)", "is relieved"),
        "The reserve": ("(£5.00)", "paid in"),
        "Carried forward": ("(£7.00)", "underspend"),
        "Together": ("(£35.00)", "underspend"),
    }


@slow
def test_a_partner_without_a_part_is_listed_and_a_place_is_not(tmp_path: Path) -> None:
    assert told(pool(tmp_path, 0, 4, 0, 0)) == {
        "The ICB": ("£0.00", "nothing to bear"),
        "The Council": ("£4.00", "bears"),
        "Together": ("£4.00", "overspend"),
    }


@pytest.mark.parametrize(
    ("variances", "said"),
    [
        ((20, 0, 0, 0), "Who bears the variance under the agreement"),
        ((0, 0, 0, 0), "Who bears the variance under the agreement"),
        ((-20, 0, 0, -1), "Who is relieved by the underspend under the agreement"),
        ((0, 0, -1, 0), "Who is relieved by the underspend under the agreement"),
        ((20, -1, 0, 0), "Who bears the variance under the agreement, and who is relieved"),
        ((20, 0, 0, -40), "Who bears the variance under the agreement, and who is relieved"),
    ],
)
def test_the_heading_says_bears_only_of_a_cost(
    tmp_path: Path, variances: tuple[int, ...], said: str
) -> None:
    assert headline.who_bears_heading(pool(tmp_path, *variances)) == said


def test_the_amounts_of_the_pool(tmp_path: Path) -> None:
    results = pool(tmp_path, 0, 0, -5, 0)
    said = [(it.label, it.amount, it.way) for it in headline.of_the_pool(results)]
    assert said == [
        ("Budget", "£400.00", ""),
        ("Expenditure", "£395.00", ""),
        ("Variance", "(£5.00)", "underspend"),
    ]


def test_the_chart_of_bearers_tells_costs_from_reliefs(tmp_path: Path) -> None:
    chart = headline.by_bearer(pool(tmp_path, 20, 3, -5, 0))
    assert chart.filled == "a cost, to the right"
    assert chart.outlined == "a relief, to the left, (in brackets)"
    assert "The reserve: revenue (5.00); (5.00) in all." in chart.svg
    assert "The Trust: revenue 10.00; 10.00 in all." in chart.svg
    assert "Carried forward" not in chart.svg


@slow(first=1)
@pytest.mark.parametrize(
    ("spent", "said"),
    [
        (-5, "Underspend of £5.00 (1.3% of budget £400.00)"),
        (0, "On budget: £400.00 budgeted and spent"),
        (1, "Overspend of £1.00 (0.3% of budget £400.00)"),
    ],
)
def test_the_headline_says_which_way(tmp_path: Path, spent: int, said: str) -> None:
    assert headline.headline(pool(tmp_path, spent, 0, 0, 0)) == said


@slow
def test_a_headline_gives_the_reason_where_there_is_no_percentage(tmp_path: Path) -> None:
    results = pool(tmp_path, 4, 0, 0, 0, budget=0)
    assert headline.headline(results) == "Overspend of £4.00 (no %: budget is nil)"


def test_amounts_are_told_in_millions_but_in_a_pool_in_pounds_to_the_penny() -> None:
    assert headline.in_pounds(-99_999_999, "pounds") == "(£999,999.99)"
    assert headline.in_pounds(100_000_000, "thousands") == "£1.000m"
