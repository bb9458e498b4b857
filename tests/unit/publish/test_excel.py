"""What a reader of the workbook sees: figures in the pool's unit, and a check on every page."""

import itertools
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import bcf_model
from bcf_model.core import money
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.publish.excel import workbook
from bcf_model.publish.excel_book import pages_across
from bcf_model.publish.excel_file import workbook_bytes
from bcf_model.publish.page import Heading, Sheet
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.places import INPUTS
from tests.make.pools import random_pool

# The places shown, and the commas at the end of the format: each divides by a thousand.
FORMATS = {"pounds": (2, 0), "thousands": (0, 1), "millions": (3, 2)}


@pytest.fixture(scope="module", params=FORMATS)
def pool(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Calculate a random pool of each unit."""
    drawn = (random_pool(seed, lines=25) for seed in itertools.count())
    chosen = next(pool for pool in drawn if pool.unit == request.param)
    return bcf_model.run(bcf_model.load(chosen.write(tmp_path_factory.mktemp("pool"))))


@pytest.fixture(scope="module")
def book(pool: Results) -> Workbook:
    return openpyxl.load_workbook(
        BytesIO(workbook_bytes(workbook(pool, sheets(pool)))), data_only=True
    )


def seen(cell: Cell) -> str:
    """Show a number as a spreadsheet does: by the section of the format that is for its sign."""
    above, below, nil = cell.number_format.replace("_)", "").split(";")
    number = Decimal(repr(cell.value))
    section = (below if number < 0 else above) if number else nil
    if section == '"-"':
        return "-"
    pattern = section.strip("()").rstrip("%")
    digits = pattern.rstrip(",")
    number = abs(number) * (100 if "%" in section else 1)
    number /= 1000 ** (len(pattern) - len(digits))
    places = len(digits.partition(".")[2])
    text = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
    text += "%" * ("%" in section)
    return f"({text})" if section.startswith("(") else text


def top_of(tab: Worksheet, page: Sheet) -> int:
    """Find the row of the headings."""
    heads = [heading.text for heading in page.headings]
    for row in tab.iter_rows():
        said = [str(cell.value) for cell in row]
        if len(said) >= len(heads) and all(map(str.startswith, said, heads)):
            return row[0].row
    pytest.fail(f"{page.name} has no headings")


def figures_on(book: Workbook, results: Results) -> list[tuple[Figure, Cell]]:
    """Give every figure of every page, and the cell in its place."""
    return [
        (cell, book[page.name].cell(top_of(book[page.name], page) + down, across))
        for page in sheets(results)
        for down, row in enumerate(page.rows, start=1)
        for across, cell in enumerate(row.cells, start=1)
        if isinstance(cell, Figure)
    ]


@slow
def test_every_figure_is_seen_in_the_unit_of_the_pool(pool: Results, book: Workbook) -> None:
    unit = pool.inputs.settings.unit
    found = figures_on(book, pool)
    assert len(found) > 200
    for figure, cell in found:
        value = pool.figures.value(figure)
        if value is None:
            assert cell.value in (None, ""), (figure, cell)
        elif MEASURES[figure.measure].unit == "rate":
            assert seen(cell) == money.percent(value), (figure, cell)
        elif MEASURES[figure.measure].unit == "number":
            assert cell.value == pytest.approx(value / 10**6), (figure, cell)
        else:
            assert seen(cell) == (money.shown(value, unit) if value else "-"), (figure, cell)


@slow(first=1)
def test_the_number_format_says_the_unit(pool: Results, book: Workbook) -> None:
    places, commas = FORMATS[pool.inputs.settings.unit]
    first = "#,##0" + "." * bool(places) + "0" * places + "," * commas
    used = {
        cell.number_format
        for figure, cell in figures_on(book, pool)
        if MEASURES[figure.measure].unit == "money"
    }
    assert used == {f'{first}_);({first});"-"_)'}


@slow(first=1)
def test_headings_of_money_name_the_unit(pool: Results, book: Workbook) -> None:
    page = sheets(pool)[0]
    tab = book[page.name]
    heads = [cell.value for cell in tab[top_of(tab, page)]]
    assert heads[1] == f"Budget {money.label(pool.inputs.settings.unit)}"


@slow(first=1)
def test_every_page_shows_the_master_check(pool: Results) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(workbook(pool, sheets(pool)))))
    for tab in book:
        formulas = [c.value for row in tab.iter_rows() for c in row if c.data_type == "f"]
        live = [formula for formula in formulas if formula.startswith("=IF(checks_failed=0,")]
        assert len(live) == 1, tab.title


@pytest.fixture(scope="module")
def calls() -> Results:
    example = INPUTS / "agreements" / "12-ordered-calls"
    return bcf_model.run(bcf_model.load(example))


@pytest.fixture(scope="module")
def formulas(calls: Results) -> Workbook:
    return openpyxl.load_workbook(BytesIO(workbook_bytes(workbook(calls, sheets(calls)))))


@slow
def test_reserves_follow_the_workings(calls: Results, formulas: Workbook) -> None:
    page = next(page for page in sheets(calls) if page.name == "Reserves")
    tab, heads = formulas["Reserves"], [heading.text for heading in page.headings]
    top = top_of(tab, page)
    first, last = top + 1, top + len(page.rows)

    def held(row: int, heading: str) -> object:
        return tab.cell(row, heads.index(heading) + 1).value

    assert held(first, "Drawn") == (
        f'=ROUND(SUMIFS(share_borne,share_bearer,$A{first},share_borne,">0"),2)'
    )
    assert held(first, "Paid in") == (
        f'=ROUND(-SUMIFS(share_borne,share_bearer,$A{first},share_borne,"<0"),2)'
    )
    assert held(first, "Released") == f"=ROUND($D{first},2)"  # no measure: with the opening
    assert held(last, "Drawn") == "=ROUND(SUM(reserve_drawn),2)"
    rows = formulas.defined_names["reserve_drawn"].attr_text
    assert rows.endswith(f"${first}:$F${last - 1}"), "a total is none of its parts"


@slow
def test_a_wide_page_is_printed_over_several_with_its_rows_named(
    calls: Results, formulas: Workbook
) -> None:
    tab = formulas["Workings"]
    assert tab.page_setup.fitToWidth > 1 and tab.page_setup.fitToHeight == 0
    assert tab.print_title_cols == "$A:$D"
    page = next(page for page in sheets(calls) if page.name == "Workings")
    assert tab.print_title_rows == f"${top_of(tab, page)}:${top_of(tab, page)}"
    above = [cell for row in tab.iter_rows(max_row=top_of(tab, page) - 1) for cell in row]
    sentences = [cell for cell in above if isinstance(cell.value, str) and len(cell.value) > 20]
    assert sentences and all(cell.column > 4 for cell in sentences if cell.data_type == "s")
    assert formulas["Summary"].page_setup.fitToWidth in (None, 1)
    assert formulas["Summary"].print_title_cols is None


@pytest.mark.parametrize(("widths", "pages"), [((245,), 1), ((46, 200), 2), ((60, 140, 141), 3)])
def test_pages_across(widths: tuple[int, ...], pages: int) -> None:
    headings = tuple(Heading(str(i), width=width) for i, width in enumerate(widths))
    assert pages_across(Sheet("S", "S", (), headings, ())) == pages


@slow
def test_a_heading_has_room_for_all_its_lines(formulas: Workbook) -> None:
    heights = {name: formulas[name].row_dimensions for name in ("Settlement", "Reserves")}
    settlement = next(c.row for r in formulas["Settlement"] for c in r if c.value == "Party")
    reserves = next(c.row for r in formulas["Reserves"] for c in r if c.value == "Reserve")
    assert heights["Settlement"][settlement].height > 30 > heights["Reserves"][reserves].height
    balancing = next(c for c in formulas["Settlement"][settlement] if "Balancing" in str(c.value))
    assert (balancing.alignment.horizontal, balancing.alignment.indent) == ("right", 1)


@slow
def test_the_first_row_keeps_clear_of_the_headings(formulas: Workbook) -> None:
    tab = formulas["Rules"]
    top = next(cell.row for row in tab for cell in row if cell.value == "Rule")
    first, second = tab.row_dimensions[top + 1].height, tab.row_dimensions[top + 2].height
    assert first > second
    assert {cell.alignment.vertical for cell in tab[top + 1]} == {"center"}
