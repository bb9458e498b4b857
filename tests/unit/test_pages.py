"""What stands where on a page: each total adds up what is above it."""

from pathlib import Path

import pytest

import bcf_model
from bcf_model.figures import Figure
from bcf_model.report import pages
from bcf_model.report.sheets import Row, Sheet
from bcf_model.results import Results
from tests.odd_pence import write_odd_pence_pool

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
    page = pages.by_theme_and_organisation(results)
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
    page = pages.revenue_and_capital(results)
    lines, kinds = 0, []
    for row in page.rows:
        if row.style == "line":
            lines += column(results, page, row, heading)
        elif row.style == "subtotal":
            assert column(results, page, row, heading) == lines, row.cells[0]
            kinds, lines = [*kinds, lines], 0
    assert len(kinds) == 2
    assert column(results, page, page.rows[-1], heading) == sum(kinds)


def test_lines_without_a_reason_are_counted(tmp_path: Path, results: Results) -> None:
    first, second, *others = results.commentary["scheme_id"]
    pool = write_odd_pence_pool(tmp_path / "pool")
    (pool / "commentary.csv").write_text(REASONS.format(first, second), encoding="utf-8")
    said = pages.largest(bcf_model.run(bcf_model.load(pool))).about
    assert f"{len(others) + 2} lines; {len(others)} of them without a reason." in said
