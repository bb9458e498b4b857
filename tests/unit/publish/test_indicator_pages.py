"""The page and the tab of indicators: section 5 of Sheffield's paper, and a pool with all of it."""

from pathlib import Path

import pytest

from bcf_model.core.expressions import If
from bcf_model.core.figures import Figure
from bcf_model.explain.indicators import written
from bcf_model.publish import html, write
from bcf_model.publish.indicator_pages import (
    by_month,
    indicator_pages,
    indicators,
    price_and_volume,
    tally_of_targets,
)
from bcf_model.publish.page import Cell, Sheet
from bcf_model.year.results import Results
from tests.make.measured import write_measured_pool
from tests.make.places import SHEFFIELD, SOUND
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def sheffield() -> Results:
    return results_of(SHEFFIELD)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return results_of(write_measured_pool(tmp_path_factory.mktemp("pool") / "measured"))


def with_values(folder: Path, *rows: str, but: str = "-") -> Path:
    """Write that pool with further numbers of indicators, and without some."""
    pool = write_measured_pool(folder / "measured")
    stated = (pool / "metric_values.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in stated if not row.startswith(but)]
    (pool / "metric_values.csv").write_text("\n".join([*kept, *rows, ""]), encoding="utf-8")
    return pool


def said(results: Results, cell: Cell) -> str:
    if isinstance(cell, If):
        return results.figures.text(cell)
    if not isinstance(cell, Figure):
        return str(cell or "")
    value = results.figures.value(cell)
    return f"{value * 100:.1f}%" if isinstance(value, float) else written(results.figures, cell)


def read(results: Results, page: Sheet) -> dict[str, list[list[str]]]:
    """Read a page: under each group its lines, without remark and source."""
    found: dict[str, list[list[str]]] = {}
    for row in page.rows:
        if row.style == "group":
            group = found.setdefault(str(row.cells[0]), [])
        else:
            group.append([said(results, cell) for cell in row.cells[:-2]])
    return found


def test_section_5_of_the_paper(sheffield: Results) -> None:
    assert read(sheffield, indicators(sheffield)) == {
        "Non elective admissions; number, 2018/19, lower is better": [
            ["Target", "56,141", "45,235", "10,906", "24.1%", "worse", "missed", "none", "red"],
            ["Last year", "56,141", "55,901", "240", "0.4%", "worse", "", "", ""],
        ],
        "Non elective admissions (over 65); number, 2018/19, lower is better": [
            ["Target", "28,126", "", "", "", "", "not stated", "none", ""],
            ["Last year", "28,126", "27,979", "147", "0.5%", "worse", "", "", ""],
        ],
        "Delayed transfers of care: delayed days; number, 2018/19, lower is better": [
            ["Target", "26,244", "17,130", "9,114", "53.2%", "worse", "missed", "none", "red"],
            ["Last year", "26,244", "32,168", "-5,924", "-18.4%", "better", "", "", ""],
        ],
        "Rate of permanent admissions to residential care; per 100,000, twelve months, lower is "
        "better": [["Target", "732", "768", "-36", "-4.7%", "better", "met", "green", "green"]],
        "Reablement: proportion of people still at home 91 days after discharge; %, quarter 4, "
        "higher is better": [
            ["Target", "84", "80", "4", "5.0%", "better", "met", "green", "green"]
        ],
    }


def test_each_row_says_where_it_is_stated_and_what_must_be_known(sheffield: Results) -> None:
    lines = [row.cells for row in indicators(sheffield).rows if row.style == "line"]
    assert [cells[-1] for cells in lines] == [
        f"para 5.{i}" for i in (1, 1, 2, 2, 3, 3, 4, 5)
    ]  # fmt: skip
    assert "684 at 732 per 100,000 is of 93,379 to 93,506" in str(lines[6][-2])
    assert "the conclusion is unchanged" in str(lines[6][-2])
    assert str(lines[2][-2]).startswith("The target of the year is not stated.")


def test_the_tally_is_of_targets(sheffield: Results) -> None:
    said = "Targets of indicators: 2 met, 2 missed, 1 not stated."
    assert tally_of_targets(sheffield) == said
    assert tally_of_targets(results_of(SOUND)) == ""


def test_a_pool_without_indicators_has_no_page_and_no_heading() -> None:
    results = results_of(SOUND)
    assert indicator_pages(results) == () and by_month(results) == []
    text = html.page(write.document(results))
    assert "Indicators" not in text and "Price and volume" not in text


def test_that_theme_5_depends_on_the_plan_used_is_said(sheffield: Results) -> None:
    page = price_and_volume(sheffield)
    assert page.about[0].startswith(
        "In-Patients (PbR & non PbR): of the variance of +£5.609m, volume is +£15.357m (planned "
        "45,235, BCF target) or +£0.273m (planned 55,901, 2017/18). The conclusion depends on "
        "which plan is used, so no split is given"
    )
    text = html.page(write.document(sheffield))
    for amount in ("15,357,364.61", "(9,748,364.61)", "273,474.89", "5,335,525.11"):
        assert amount in text


def test_months_without_numbers_are_drawn_by_what_is_printed(sheffield: Results) -> None:
    first, second = by_month(sheffield)
    assert "24.1% above target" in first.svg and "0.4% above last year" in first.svg
    assert "Apr 24.6% above, May 25.5% above, Jun 23.9% above" in first.svg, "in words, too"
    assert "target" not in second.svg and "0.5% above last year" in second.svg


def test_each_month_says_on_which_side_of_the_target_it_is(tmp_path: Path) -> None:
    months = [("month 1", "4.0%"), ("month 2", "0.0%"), ("month 3", "-3.0%")]
    rows = (f"RATE,actual less target,{month},{it},,,1,,,invented," for month, it in months)
    results = results_of(with_values(tmp_path, *rows))
    [drawing] = [it for it in by_month(results) if it.title.startswith("Permanent admissions")]
    assert "Target: Apr 4.0% above, May in line with, Jun 3.0% below." in drawing.svg
    assert ">3.0% below target, Jun</text>" in drawing.svg


def test_an_actual_that_is_not_available_is_no_matter_of_comparing(tmp_path: Path) -> None:
    rate = "RATE,actual,year,not available,,,0,,,invented,"
    results = results_of(with_values(tmp_path, rate, but="RATE,actual,year,500"))
    assert "1 actual not available" in tally_of_targets(results)
    page = indicators(results)
    assert "Actual not available: Permanent admissions." in page.about[0]
    [of_rate] = [it for name, it in read(results, page).items() if name.startswith("Permanent")]
    assert "actual not available" in of_rate[0] and "missed" not in of_rate[0]


def test_months_with_numbers_are_drawn_as_three_lines(measured: Results) -> None:
    [drawing] = by_month(measured)
    assert drawing.title == "Emergency stays, by month"
    for end in ("10 actual, Oct", "10 target", "11 last year"):
        assert f">{end}</text>" in drawing.svg
    assert drawing.svg.count("<polyline") == 3 and drawing.svg.count("<circle") == 12
    assert drawing.svg.count("stroke-dasharray") == 2, "the actual alone is a full line"


def test_a_year_that_is_not_over_is_projected(measured: Results) -> None:
    """By hand: 77 to month 7, last year 81 of 140: 77 × 140 ÷ 81 = 133."""
    page = indicators(measured)
    assert [it.text for it in page.headings][5] == "Year end, projected"
    stays, _ = read(measured, page)["Emergency stays; number, month 7, lower is better"]
    assert stays == ["Target", "77", "70", "7", "10.0%", "133", "worse", "missed", "none", "amber"]


def test_columns_of_a_split_are_there_where_they_say_something(
    measured: Results, sheffield: Results
) -> None:
    texts = [[it.text for it in price_and_volume(of).headings] for of in (measured, sheffield)]
    assert {"Mix", "Not linked", "Planned cost", "Actual at planned prices"} <= {*texts[0]}
    assert not {"Mix", "Not linked", "Unpaid", "Planned cost", "Why no split is given"} & {
        *texts[1]
    }


def test_a_line_of_the_page_opens_one_derivation(sheffield: Results) -> None:
    text = html.page(write.document(sheffield))
    names = ("indicator_difference/metric=NEA", "indicator_percent/metric=NEA",
             "indicator/metric=NEA", "indicator/metric=NEA/series=target")  # fmt: skip
    links = {text.split(f'data-figure="{name}"><a href="')[1].split('"')[0] for name in names}
    assert len(links) == 1


@pytest.mark.parametrize("pool", [SHEFFIELD])
def test_no_indicator_is_typed_by_colour_alone(pool: Path) -> None:
    for drawing in by_month(results_of(pool)):
        assert "currentColor" in drawing.svg and "#" not in drawing.svg
