"""What stands where on a page: each total adds up what is above it."""

from pathlib import Path

import pytest

import bcf_model
from bcf_model.core.expressions import InRow, Total
from bcf_model.core.figures import Figure
from bcf_model.publish import year_end_pages
from bcf_model.publish.page import Money, Row, Sheet
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.odd_pence import write_odd_pence_pool
from tests.make.places import INPUTS

REASONS = "scheme_id,reason,owner\n{},Fewer beds,A. Nother\n{},Pay,A. Nother\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    pool = write_odd_pence_pool(tmp_path_factory.mktemp("pool"))
    return bcf_model.run(bcf_model.load(pool))


def column(results: Results, page: Sheet, row: Row, heading: str) -> int:
    figure = row.cells[[it.text for it in page.headings].index(heading)]
    assert isinstance(figure, Figure)
    return results.figures.pence(figure)


@pytest.mark.parametrize("heading", ["Budget", "Expenditure", "Variance"])
def test_a_theme_total_adds_up_the_lines_of_the_theme(results: Results, heading: str) -> None:
    page = year_end_pages.by_theme_and_organisation(results)
    lines, themes = 0, []
    for row in page.rows:
        if row.style == "line":
            lines += column(results, page, row, heading)
        elif row.style == "total" and str(row.cells[0]).startswith("Theme"):
            assert column(results, page, row, heading) == lines, row.cells[0]
            themes, lines = [*themes, column(results, page, row, heading)], 0
    assert len(themes) == len(results.inputs.themes)
    assert column(results, page, page.rows[-1], heading) == sum(themes)


@pytest.mark.parametrize("heading", ["Budget", "Expenditure", "Variance", "Borne"])
def test_revenue_and_capital_each_add_up_and_make_the_whole(results: Results, heading: str) -> None:
    page = year_end_pages.revenue_and_capital(results)
    lines, kinds = 0, []
    for row in page.rows:
        if row.style == "line":
            lines += column(results, page, row, heading)
        elif row.style == "subtotal":
            assert column(results, page, row, heading) == lines, row.cells[0]
            kinds, lines = [*kinds, lines], 0
    assert len(kinds) == 2
    assert column(results, page, page.rows[-1], heading) == sum(kinds)


@slow
def test_lines_without_a_reason_are_counted(tmp_path: Path, results: Results) -> None:
    first, second, *others = results.commentary["scheme_id"]
    pool = write_odd_pence_pool(tmp_path / "pool")
    (pool / "commentary.csv").write_text(REASONS.format(first, second), encoding="utf-8")
    said = year_end_pages.largest(bcf_model.run(bcf_model.load(pool))).about
    assert f"{len(others) + 2} lines; {len(others)} of them without a reason." in said


def of_agreement(name: str) -> Results:
    return bcf_model.run(bcf_model.load(INPUTS / "agreements" / name))


ORDERED_CALLS = "12-ordered-calls"
UNDERSPENDS = "16-underspends"
PROVIDER = "18-provider-gain-and-loss"


@slow(first=1)
@pytest.mark.parametrize("name", [ORDERED_CALLS, UNDERSPENDS, PROVIDER])
def test_who_bears_is_named_once_and_adds_up(name: str) -> None:
    """Partners, reserves, providers and places: under each total of what is borne, every one."""
    results = of_agreement(name)
    bearers = results.outputs["settlement"].query("borne != 0")["party"]
    whole = results.figures.pence(Figure.of("borne"))
    for page in (year_end_pages.summary(results), year_end_pages.risk_share(results)):
        at = [heading.text for heading in page.headings].index("Borne")
        ends = [i for i, row in enumerate(page.rows) if row.style == "group"][-1]
        last = page.rows[ends + 1 : -1]
        figures = [row.cells[at] for row in last]
        assert sum(results.figures.pence(figure) for figure in figures) == whole  # type: ignore[arg-type]
        named = [figure.selection[0][1][0] for figure in figures]  # type: ignore[union-attr]
        assert len(named) == len(set(named)) and set(bearers) <= set(named)
        assert len({row.style for row in last}) == 1


@pytest.mark.parametrize("name", [ORDERED_CALLS, UNDERSPENDS, PROVIDER])
def test_a_kind_adds_up_with_other_bearers(name: str) -> None:
    results = of_agreement(name)
    page, borne = year_end_pages.revenue_and_capital(results), 0
    for row in page.rows:
        if row.style == "line":
            borne += column(results, page, row, "Borne")
        elif row.style == "subtotal":
            assert column(results, page, row, "Borne") == borne
            borne = 0


@slow
def test_a_provider_has_no_place_among_the_holders_of_budgets() -> None:
    said = [
        str(row.cells[0])
        for row in year_end_pages.by_theme_and_organisation(of_agreement(PROVIDER)).rows
    ]
    assert said and not [text for text in said if text.startswith("Northshire Hospitals Trust")]


@slow
@pytest.mark.parametrize(
    ("name", "drawn", "paid_in"), [(ORDERED_CALLS, 500_000, 0), (UNDERSPENDS, 0, 75_000)]
)
def test_reserves_show_what_was_drawn_and_what_was_paid_in(
    name: str, drawn: int, paid_in: int
) -> None:
    results = of_agreement(name)
    page = year_end_pages.reserves(results)
    columns = [cell.column for cell in page.rows[0].cells if isinstance(cell, InRow)]
    order = ["opening", "released", "drawn", "paid_in", "closing"]
    assert [name for name in columns if name in order] == order
    frame = results.outputs["reserves"]
    assert (frame["drawn"].sum(), frame["paid_in"].sum()) == (drawn, paid_in)


@slow
def test_several_reserves_have_a_total_and_one_has_none() -> None:
    several = year_end_pages.reserves(of_agreement(ORDERED_CALLS))
    assert [row.style for row in several.rows] == ["line", "line", "total"]
    heads = [heading.text for heading in several.headings]
    sums = {head: cell for head, cell in zip(heads, several.rows[-1].cells, strict=True) if cell}
    assert sums.pop("Reserve") == "All"
    assert set(sums) == {"Opening", "Released", "Drawn", "Paid in", "Closing"}
    assert sums["Paid in"] == Total("paid_in", table="reserves")
    assert [row.style for row in year_end_pages.reserves(of_agreement(UNDERSPENDS)).rows] == [
        "line"
    ]


@slow
def test_what_no_reserve_has_is_left_out() -> None:
    plain = {
        heading.text for heading in year_end_pages.reserves(of_agreement(ORDERED_CALLS)).headings
    }
    linked = {
        heading.text
        for heading in year_end_pages.reserves(of_agreement("20-performance-linked")).headings
    }
    assert linked - plain == {"Not released", "Who keeps what is not released", "Released by"}


@slow
def test_rules_without_a_stated_share_say_what_divides() -> None:
    page = year_end_pages.rules(of_agreement(ORDERED_CALLS))
    heads = [heading.text for heading in page.headings]
    basis, share = heads.index("Basis"), heads.index("Share %")
    said = {str(row.cells[basis]): row.cells[share] for row in page.rows}
    assert said["offset"] == "what the rest meets"
    assert said["contribution"] == "by contribution"
    assert said["fixed"].value == 100  # type: ignore[union-attr]


@slow
def test_a_settlement_within_the_pool_says_nothing_of_what_is_outside() -> None:
    inside = year_end_pages.settlement(of_agreement(ORDERED_CALLS))
    outside = year_end_pages.settlement(of_agreement("13-held-outside-the-pool"))
    heads = [{heading.text for heading in page.headings} for page in (inside, outside)]
    assert heads[1] - heads[0] == {"Of which outside the pool"}
    for page in (inside, outside):
        assert {len(row.cells) for row in page.rows} == {1, len(page.headings)}


@slow
def test_a_contribution_that_nobody_stated_is_the_budget_that_stands_in_for_it() -> None:
    in_place, stated = map(of_agreement, ("01-own-variance", "02-contribution-whole-pool"))
    assert in_place.inputs.contributions.empty and len(stated.inputs.contributions)
    *_, whole = year_end_pages.settlement(in_place).rows
    assert whole.cells[1] == Figure("budget")
    *_, whole = year_end_pages.settlement(stated).rows
    assert isinstance(whole.cells[1], Money)


def test_the_columns_that_name_a_share_stand_first() -> None:
    page = year_end_pages.workings(of_agreement(ORDERED_CALLS))
    naming = [heading.text for heading in page.headings[: page.naming]]
    assert naming == ["Pot", "Rule id", "Step", "Bearer"]
