"""The workbook is a second model: other programs recalculate it, and no value changes."""

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import formualizer as another_program
import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.formula.translate import Translator

import bcf_model
from bcf_model.publish import excel_proof
from bcf_model.publish.excel import workbook
from bcf_model.publish.excel_file import workbook_bytes
from bcf_model.publish.year_end_pages import sheets
from tests.longer import LONG, longer, slow
from tests.make.measured import write_measured_pool
from tests.make.odd_pence import write_odd_pence_pool
from tests.make.places import ROOT, SHEFFIELD
from tests.make.recalculate import differences, formualizer, formulas, libreoffice
from tests.make.scenario_reports import read
from tests.make.scenario_reports import recalculated as recalculated_by_formualizer
from tests.make.shipped import results_of

POOLS = ("sheffield", "odd pence")
TEXTS = ("tbc", "#REF!") if LONG else ("#REF!",)
PENCE = (1, -1) if LONG else (-1,)
SAVED_AGAIN = POOLS if LONG else POOLS[1:]
"""Pools whose workbook is changed by hand, cell by cell: the smaller one, or both."""
PROGRAMS = ("formualizer", "libreoffice") if LONG else ("formualizer",)
"""Those that recalculate what is changed by hand. As they are written, both do it every time."""
OTHER_DIRECTION = "other direction.xlsx"
OF_RESULTS = (
    "Summary", "Variance", "Risk share", "Revenue and capital", "Memo", "Largest variances"
)  # fmt: skip
Pages = dict[str, list[list[Any]]]
"""The values of every page of a workbook."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the workbook of each pool, in a folder of its own."""
    found = {}
    for name in POOLS:
        scratch = tmp_path_factory.mktemp("pool")
        odd = name == "odd pence"
        pool = write_odd_pence_pool(scratch / "odd-pence") if odd else SHEFFIELD
        results = results_of(pool)
        found[name] = scratch / f"{name}.xlsx"
        found[name].write_bytes(workbook_bytes(workbook(results, sheets(results))))
    return found


@pytest.fixture(params=POOLS)
def report(request: pytest.FixtureRequest, reports: dict[str, Path]) -> Path:
    """Give the workbook of a pool."""
    return reports[request.param]


@pytest.fixture(scope="module")
def changed(reports: dict[str, Path]) -> dict[str, Path]:
    """Change workbooks in several ways: by file name, which begins with that of the pool."""
    for name in POOLS:
        with_sorted_inputs(reports[name])
    for name in SAVED_AGAIN:
        spoilt(reports[name])
        changed_by_hand(reports[name])
    of_another_direction(reports["odd pence"].parent / OTHER_DIRECTION)
    every = [path for report in reports.values() for path in report.parent.glob("*.xlsx")]
    return {path.name: path for path in sorted(every)}


@pytest.fixture(scope="module")
def by_libreoffice(
    changed: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Have LibreOffice recalculate workbooks, at one start: by file name.

    As they are written and as they are sorted, and one with a wrong value; in `make long` all that
    were changed.
    """
    some = (
        *(f"{name}{how}.xlsx" for name in POOLS for how in ("", " sorted")),
        *(f"{name} spoilt.xlsx" for name in SAVED_AGAIN),
    )
    wanted = [path for name, path in changed.items() if LONG or name in some]
    return libreoffice(wanted, tmp_path_factory.mktemp("scratch"))


@pytest.fixture(params=PROGRAMS)
def recalculated(
    request: pytest.FixtureRequest, changed: dict[str, Path]
) -> Callable[[str], Pages]:
    """Give what a program makes of a changed workbook, by its name."""
    if request.param == "formualizer":
        return lambda name: recalculated_by_formualizer(changed[name], {})
    saved = request.getfixturevalue("by_libreoffice")
    return lambda name: read(saved[name])


def beside(report: Path, name: str) -> Path:
    """Give the place of a changed workbook."""
    return report.with_name(f"{report.stem} {name}")


def with_sorted_inputs(report: Path) -> None:
    """Save the workbook with the rows of Inputs sorted by expenditure, as a user may sort them."""
    book = openpyxl.load_workbook(report)
    inputs = book["Inputs"]
    column, top = inputs_column(book, "Expenditure £")
    rows = [[(cell.coordinate, cell.value) for cell in row] for row in inputs.iter_rows(top + 1)]
    rows.sort(key=lambda row: row[column - 1][1])
    for at, row in enumerate(rows, start=top + 1):
        for across, (origin, value) in enumerate(row, start=1):
            cell = inputs.cell(at, across)
            moves = isinstance(value, str) and value.startswith("=")
            cell.value = (
                Translator(value, origin).translate_formula(cell.coordinate) if moves else value
            )
    book.save(beside(report, "sorted.xlsx"))


def spoilt(report: Path) -> None:
    """Write a wrong value beside the first formula of Summary."""
    with (
        zipfile.ZipFile(report) as old,
        zipfile.ZipFile(beside(report, "spoilt.xlsx"), "w") as new,
    ):
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/worksheets/sheet2.xml":  # Summary
                data, changed = re.subn(rb"(</f><v>)\d[\d.]*(</v>)", rb"\g<1>1\2", data, count=1)
                assert changed == 1
            new.writestr(item, data)


def changed_by_hand(report: Path) -> None:
    """Save the workbook with one cell of its inputs changed, each time another."""
    book = openpyxl.load_workbook(report)
    inputs = book["Inputs"]
    column, top = inputs_column(book, "Budget £")
    first, last = (inputs.cell(row, column) for row in (top + 1, inputs.max_row))

    def save(name: str, cell: Cell, value: object) -> None:
        cell.value, before = value, cell.value
        book.save(beside(report, name))
        cell.value = before

    for pence in PENCE:
        save(f"penny {pence}.xlsx", last, round(last.value + pence / 100, 2))
    for text in TEXTS:
        save(f"text {text.strip('#!')}.xlsx", first, text)
    save("line below.xlsx", inputs.cell(last.row + 1, column), 5_000_000)


@slow
def test_formualizer_changes_no_value(report: Path) -> None:
    said = formualizer(report)
    assert said["cache_cells_changed"] == 0
    assert said["error_cells"] == 0
    assert said["unknown_functions"] == []
    assert said["formula_cells"] > 1000


@slow
def test_libreoffice_changes_no_value(report: Path, by_libreoffice: dict[str, Path]) -> None:
    assert differences(report, by_libreoffice[report.name]) == []


@slow
@pytest.mark.parametrize("program", ["formualizer", "libreoffice"])
def test_figures_stay_with_their_lines_when_the_inputs_are_sorted(
    report: Path, program: str, changed: dict[str, Path], by_libreoffice: dict[str, Path]
) -> None:
    """Each row of Inputs is elsewhere, and no cell of any other page says anything else."""
    name = f"{report.stem} sorted.xlsx"
    after = (
        read(by_libreoffice[name])
        if program == "libreoffice"
        else recalculated_by_formualizer(changed[name], {})
    )
    before = read(report)
    as_issued, as_sorted = before.pop("Inputs"), after.pop("Inputs")
    assert as_sorted != as_issued
    assert sorted(map(_as_said, as_sorted)) == sorted(map(_as_said, as_issued))
    for title, page in before.items():
        assert [*map(_as_said, after[title])] == [*map(_as_said, page)], title


def _as_said(row: list[Any]) -> list[str]:
    """Write the values of a row, without the binary noise of a sum; blank cells at its end apart.

    A program leaves out, or adds, cells that hold nothing.
    """
    said = [f"{it:.12g}" if isinstance(it, int | float) else str(it or "") for it in row]
    return said[: max((i for i, text in enumerate(said, start=1) if text), default=0)]


@slow
def test_changed_budgets_reach_every_page(reports: dict[str, Path], tmp_path: Path) -> None:
    """What follows from them is what the engine makes of them, in a report that is made again."""
    report = reports["odd pence"]
    book = openpyxl.load_workbook(report)
    inputs = book["Inputs"]
    column, top = inputs_column(book, "Budget £")
    of_code = {inputs.cell(at, 1).value: at for at in range(top + 1, inputs.max_row + 1)}
    of_the_pool = next(row[1] for row in book["Largest variances"].values if row[1] in of_code)
    more = {of_the_pool: Decimal("0.01"), inputs.cell(inputs.max_row, 1).value: Decimal("0.02")}
    for code, pounds in more.items():
        inputs.cell(of_code[code], column).value += float(pounds)
    book.save(tmp_path / "changed.xlsx")
    pool = write_odd_pence_pool(tmp_path / "pool")
    rows = [row.split(",") for row in (pool / "schemes.csv").read_text("utf-8").splitlines()]
    for row in rows:
        if row[0] in more:
            row[-2] = str(Decimal(row[-2]) + more[row[0]])
    (pool / "schemes.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    results = bcf_model.run(bcf_model.load(pool))
    (tmp_path / "again.xlsx").write_bytes(workbook_bytes(workbook(results, sheets(results))))
    before, again = read(report), read(tmp_path / "again.xlsx")
    after = recalculated_by_formualizer(tmp_path / "changed.xlsx", {})
    for title in (*OF_RESULTS, "Workings", "Inputs"):
        assert _numbers(after[title]) == _numbers(again[title]) != _numbers(before[title]), title


def _numbers(page: list[list[Any]]) -> list[list[str]]:
    return [[f"{it:.12g}" for it in row if isinstance(it, int | float)] for row in page]


by_hand = pytest.mark.parametrize("report", SAVED_AGAIN, indirect=True)


@slow
@longer
@by_hand
def test_a_wrong_stored_value_would_be_found(
    report: Path, changed: dict[str, Path], by_libreoffice: dict[str, Path]
) -> None:
    """Both programs do recalculate: a stored value that is wrong does not survive them."""
    wrong = changed[f"{report.stem} spoilt.xlsx"]
    assert formualizer(wrong)["cache_cells_changed"] == 1
    assert [row[0] for row in differences(wrong, by_libreoffice[wrong.name])] == ["Summary"]


@slow
@longer
@by_hand
@pytest.mark.parametrize("pence", PENCE)
def test_a_changed_penny_fails_the_checks(
    report: Path, recalculated: Callable[[str], Pages], pence: int
) -> None:
    """Change one amount by a penny: the figures follow, and the checks say so on every page."""
    after = recalculated(f"{report.stem} penny {pence}.xlsx")
    results = {row[0]: row[4] for row in after["Checks"]}
    for check in (
        "Budget of the file = of the report, with lines beside the pool",
        "Figures that differ from those computed when the report was made",
    ):
        assert results[check] == "FAILS"
    failing = list(results.values()).count("FAILS")
    for title, page in after.items():
        said = [str(value) for row in page for value in row]
        assert "All checks hold" not in said, title
        assert [text for text in said if text.startswith(f"{failing} checks fail")], title


@slow
def test_formulas_keep_to_old_and_safe_functions(report: Path) -> None:
    """No volatile function, none that an old council Excel or LibreOffice lacks."""
    used = {
        name
        for formula in formulas(report).values()
        for name in re.findall(r"([A-Z]+)\(", re.sub(r"'[^']*'|\"[^\"]*\"", "", formula))
    }
    assert used <= {
        "ABS", "COUNT", "COUNTIFS", "IF", "INDEX", "ISNUMBER", "MATCH", "MAX", "N", "ROUND", "SUM",
        "SUMIFS",
    }  # fmt: skip


@slow
def test_what_a_reader_sums_is_live(report: Path) -> None:
    """On every page of results, an amount is a formula over the inputs, never a constant."""
    book = openpyxl.load_workbook(report)
    for name in OF_RESULTS:
        numbers = [
            cell.coordinate
            for row in book[name].iter_rows()
            for cell in row
            if isinstance(cell.value, int | float)
        ]
        assert numbers == [], name


@slow
def test_the_same_results_give_the_same_bytes() -> None:
    results = [bcf_model.run(bcf_model.load(SHEFFIELD)) for _ in "12"]
    first, second = (workbook_bytes(workbook(r, sheets(r))) for r in results)
    assert first == second


def inputs_column(book: openpyxl.Workbook, heading: str) -> tuple[int, int]:
    """Give the column of a heading of Inputs, and the row of the headings."""
    for row in book["Inputs"].iter_rows():
        for cell in row:
            if cell.value == heading:
                return cell.column, cell.row
    raise KeyError(heading)


def checks_that_fail(after: Pages) -> list[str]:
    """Give the checks that fail in a changed workbook. Cover must say the same."""
    failing = [row[0] for row in after["Checks"] if "FAILS" in row]
    cover = [str(value) for row in after["Cover"] for value in row]
    assert ("All checks hold" not in cover) == bool(failing)
    return failing


@slow
@longer
@by_hand
@pytest.mark.parametrize("text", TEXTS)
def test_text_among_the_amounts_fails_the_checks(
    report: Path, recalculated: Callable[[str], Pages], text: str
) -> None:
    """A sum over a text is an error, and an error is no agreement."""
    failing = checks_that_fail(recalculated(f"{report.stem} text {text.strip('#!')}.xlsx"))
    assert "Figures that differ from those computed when the report was made" in failing


@slow
@longer
@by_hand
def test_a_line_below_the_last_fails_the_checks(
    report: Path, recalculated: Callable[[str], Pages]
) -> None:
    """It is in no named range, so in no figure; the whole column still sees it."""
    assert checks_that_fail(recalculated(f"{report.stem} line below.xlsx")) == [
        "Budget in the lines = in the whole column of Inputs"
    ]


def of_another_direction(path: Path) -> None:
    """Turn a category around: the self-test's shared one is over, and with 300 less it is under."""
    results = results_of(ROOT / "bcf_model" / "reference" / "selftest")
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    book = openpyxl.load_workbook(path)
    column, top = inputs_column(book, "Expenditure £")
    spent = [book["Inputs"].cell(row, column) for row in range(top + 1, top + 9)]
    next(cell for cell in spent if cell.value == 600).value = 300
    book.save(path)


@slow
@longer
def test_a_change_of_direction_is_named(recalculated: Callable[[str], Pages]) -> None:
    """The category was split in halves, as an overspend is."""
    failing = checks_that_fail(recalculated(OTHER_DIRECTION))
    assert "Rules in Workings whose direction no longer applies" in failing


@slow
def test_of_very_many_lines_each_is_still_proved(
    monkeypatch: pytest.MonkeyPatch, reports: dict[str, Path], tmp_path: Path
) -> None:
    """One row of the register holds all of a line: no pound moves between two of them unseen."""
    monkeypatch.setattr(excel_proof, "MOST_LINES", 50)
    results = results_of(reports["odd pence"].parent / "odd-pence")
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    assert formualizer(path)["cache_cells_changed"] == 0
    proved = {row[0]: row[5] for row in read(path)["Figures"] if row[5] == "agrees"}
    lines = results.figures.tables["lines"]
    assert not [it for it in proved if "/scheme=" in it]
    assert len([it for it in proved if "scheme=" in it]) == len(lines)
    book = openpyxl.load_workbook(path)
    inputs = book["Inputs"]
    columns = [inputs_column(book, f"{it} £")[0] for it in ("Budget", "Expenditure")]
    alike = lines.groupby(["theme", "organisation", "category", "kind", "pooling"], observed=True)
    pair = next(of["scheme_id"].tolist()[:2] for _, of in alike if len(of) > 1)
    for row in inputs.iter_rows():
        if row[0].value in pair:
            for column in columns:
                row[column - 1].value += 1 - 2 * pair.index(row[0].value)
    book.save(tmp_path / "moved.xlsx")
    after = recalculated_by_formualizer(tmp_path / "moved.xlsx", {})
    failing = [row[0] for row in after["Figures"] if row[5] == "FAILS"]
    assert [it.rpartition("=")[2] for it in failing] == sorted(pair, key=pair.index)
    assert checks_that_fail(after) == [
        "Figures that differ from those computed when the report was made"
    ]


@slow
def test_a_large_pool_keeps_within_what_excel_takes(tmp_path: Path) -> None:
    """No formula over 8,192 characters, no text to look for over 255; and it recalculates."""
    pool = write_odd_pence_pool(tmp_path / "pool", lines=700)
    schemes = "+".join(f"S{i}" for i in range(700) if i % 11)
    (pool / "control_totals.csv").write_text(f"figure,amount\nbudget/scheme={schemes},0\n")
    _, findings = bcf_model.check_pool(pool)
    total = next(f for f in findings if f.code == "BCF502").value.split(" in ")[0]
    (pool / "control_totals.csv").write_text(f'figure,amount\nbudget/scheme={schemes},"{total}"\n')
    results = bcf_model.run(bcf_model.load(pool))
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    assert max(map(len, formulas(path).values())) <= 8_192
    assert max(map(len, results.figures.column("shares", "pot"))) <= 255
    assert formualizer(path)["cache_cells_changed"] == 0


@slow
def test_indicators_and_splits_follow_what_is_typed(tmp_path: Path) -> None:
    """The actual of a count, and a planned number: differences, words and parts follow.

    By hand: 60 to month 7 is 10 below 70, and 60 × 140 ÷ 81 = 104 at the year end.
    """
    results = results_of(write_measured_pool(tmp_path / "measured"))
    path = tmp_path / "measured.xlsx"
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    assert formualizer(path)["status"] == "current", "it comes to what was computed"
    plain = openpyxl.load_workbook(path)
    actual, planned = _cell_of(plain["Indicators"], 77), _cell_of(plain["Price and volume"], 800)
    assert planned is None, "a volume is that of all its cells"
    planned = _cell_of(plain["Price and volume"], 100)
    assert actual is not None and planned is not None
    book = another_program.load_workbook(str(path))
    book.set_value("Indicators", actual.row, actual.column, 60)
    book.set_value("Price and volume", planned.row, planned.column, 200)
    book.evaluate_all()
    row = [book.get_value("Indicators", actual.row, i) for i in range(2, 11)]
    assert row[:3] == [60, 70, -10] and row[4:] == [104, "better", "met", "none", "green"]
    of_line = [book.get_value("Price and volume", planned.row, i) for i in range(1, 20)]
    assert -45_678.90 in of_line, "none of 200 planned at £228.39 is the whole budget less"


@slow
def test_a_split_at_a_stated_price_follows_a_planned_number(tmp_path: Path) -> None:
    """By hand: 100 planned at £10 cost £1,000; 110 cost £1,100, and a price stays what is stated.

    A number that is added up over cells with prices of their own is no input: nobody knows which
    cell is changed.
    """
    pool = write_measured_pool(tmp_path / "measured")
    volumes = (pool / "volumes.csv").read_text(encoding="utf-8")
    free = "S2,contract,,100,0,"
    assert free in volumes
    stated = volumes.replace(free, "S2,contract,,100,90,£10.00")
    (pool / "volumes.csv").write_text(stated, encoding="utf-8")
    results = results_of(pool)
    path = tmp_path / "measured.xlsx"
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    assert formualizer(path)["status"] == "current", "it comes to what was computed"
    page = openpyxl.load_workbook(path)["Price and volume"]
    planned, of_cells = _cell_of(page, 100), _cell_of(page, 1_000)
    assert planned is not None and of_cells is not None
    yellow = planned.fill.start_color.rgb
    assert of_cells.fill.start_color.rgb != yellow
    book = another_program.load_workbook(str(path))
    book.set_value("Price and volume", planned.row, planned.column, 110)
    book.evaluate_all()
    row = [book.get_value("Price and volume", planned.row, i) for i in range(1, 20)]
    assert row[2:5] == [110, 90, 1_100] and row[6:8] == [900, 10]
    assert -200 in row, "20 fewer than planned, at £10"


def _cell_of(page: Any, value: float) -> Cell | None:
    cells = (cell for row in page.iter_rows() for cell in row if cell.value == value)
    return next(cells, None)
