"""How sure a scenario is, as shown: terminal, pages, charts, files, and the command line."""

import csv
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import project
from bcf_model.plan.uncertainty import Uncertainty, simulate
from bcf_model.publish.page import Money, Number
from bcf_model.publish.scenario.lookups import View, view
from bcf_model.publish.scenario.tornado import Width, tornado
from bcf_model.publish.scenario.uncertainty_chart_data import charts, ticks, which
from bcf_model.publish.scenario.uncertainty_charts import Spread, fan
from bcf_model.publish.scenario.uncertainty_pages import in_100, sheets, tables
from bcf_model.publish.scenario.uncertainty_terminal import told
from tests.longer import slow
from tests.make.places import PLAN
from tests.make.scenario_reports import all_on_lines
from tests.make.small_plans import plan

SVG = "{http://www.w3.org/2000/svg}"


@cache
def shown(name: str) -> tuple[View, Uncertainty]:
    projection = project(*load_scenario(PLAN, name))
    return view(projection), simulate(projection, 300, 1)


def once(name: str) -> tuple[View, Uncertainty]:
    """One draw alone."""
    projection = project(*load_scenario(PLAN, name))
    return view(projection), simulate(projection, 1, 1)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(svg: str) -> list[str]:
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


@slow
def test_the_terminal_tells_what_each_bears_where_all_of_it_has_a_holder() -> None:
    drawn, _ = shown("start")
    placed = project(drawn.projection.plan, all_on_lines(drawn.projection.scenario))
    assert "Borne by" not in told(*shown("start"))
    assert "Borne by Anytown Borough Council" in told(view(placed), simulate(placed, 20, 1))


@slow
def test_the_terminal_tells_percentiles_shares_limits_and_drivers() -> None:
    said = told(*shown("start"))
    for expected in (
        "300 draws, seed 1", "Closing budget", "Gap",
        "passes most (£300,000.00) in", "largest standard error", "What moves the gap of 2021/22",
    ):  # fmt: skip
        assert expected in said
    assert said.count("- ") == 3, "three drivers, of four"
    for expected in ("in 100 draws are above the central case of the closing budget of 2021/22",
                     "central case ", "above the central case, of 100"):  # fmt: skip
        assert expected in " ".join(said.split())
    assert "histogram" not in said
    assert all(len(line) <= 60 for line in told(*shown("start"), room=60).splitlines())


@slow
def test_a_scenario_without_ranges_has_no_drivers() -> None:
    own, found = shown("city")
    assert "What moves" not in told(own, found)
    assert [sheet.name for sheet in sheets(own, found)] == ["Percentiles"]
    assert list(charts(own, found)) == ["Percentiles"]


@slow
def test_pages_show_what_the_tables_hold() -> None:
    own, found = shown("start")
    pages = {sheet.name: sheet for sheet in sheets(own, found)}
    assert list(pages) == ["Percentiles", "Limits", "Drivers"]
    closing = found.percentiles.iloc[0]
    first = next(row for row in pages["Percentiles"].rows if row.style == "line")
    assert first.cells[:5] == (
        "Total", "2019/20", Money(int(closing["central"])),
        Number(round(closing["percent_above"], 1), 1), Money(int(closing["p05"])),
    )  # fmt: skip
    assert all(len(row.cells) == len(pages["Percentiles"].headings)
               for row in pages["Percentiles"].rows if row.style == "line")  # fmt: skip
    assert [row.cells[0] for row in pages["Drivers"].rows] == found.drivers["assumption"].tolist()
    assert {row.cells[4].decimals for row in pages["Drivers"].rows} == {2}
    assert {name: len(frame) for name, frame in tables(own, found).items()} == {
        "percentiles": len(found.percentiles), "breaches": 1, "drivers": 4,
    }  # fmt: skip


@slow
def test_of_one_draw_errors_and_ranks_are_not_known() -> None:
    own, found = once("start")
    said = told(own, found)
    assert "1 draw, seed 1" in said
    assert "One draw does not say how likely the central case is passed." in said
    assert "(standard error not known)" in said
    assert re.search(r"largest standard error( +not known){3}", said)
    pages = {sheet.name: sheet for sheet in sheets(own, found)}
    lines = {name: [row for row in page.rows if row.style == "line"]
             for name, page in pages.items()}  # fmt: skip
    assert {row.cells[-1] for lines in lines.values() for row in lines} == {"not known"}


def test_how_many_of_100_draws() -> None:
    assert [in_100(p) for p in (0.0, 0.4, 67.5, 99.6, 100.0)] == [
        "0", "fewer than 1", "68", "more than 99", "100",
    ]  # fmt: skip


@slow
def test_drivers_of_one_name_are_told_apart_by_their_years(tmp_path: Path) -> None:
    more = ("more", "pressures", "line=L1", "", 100, "pounds", 0, 200, "uniform")
    rows = [more, (*more[:3], "2020-21", *more[4:]),
            ("other", "pressures", "line=L2", "", 9, "pounds", 0, 10, "uniform")]  # fmt: skip
    projection = plan(tmp_path, rows, 'last_year = "2021-22"')
    own, found = view(projection), simulate(projection, 50, 1)
    page = next(sheet for sheet in sheets(own, found) if sheet.name == "Drivers")
    assert [row.cells[:2] for row in page.rows] == [
        ("more", "every year but 2020/21"), ("more", "2020/21"), ("other", "every year"),
    ]  # fmt: skip
    bars = words(charts(own, found)["Drivers"][1])
    assert [bar for bar in bars if not bar.startswith("low ")] == [
        "more, every year but 2020/21", "more, 2020/21", "other",
    ]  # fmt: skip
    lines = told(own, found).splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith("- ")] == [
        "- more, every year but 2020/21", "- more, 2020/21", "- other",
    ]  # fmt: skip


def test_a_fan_has_two_bands_a_line_and_funding() -> None:
    years = [Spread("Opening", (10,) * 5), Spread("A", (5, 8, 10, 12, 20), 9),
             Spread("B", (0, 4, 10, 16, 40), 30)]  # fmt: skip
    drawn = fan("fan", "<Title>", "Said & done", years, ("low", "middle", "high"))
    assert len([*parsed(drawn).iter(f"{SVG}polygon")]) == 2
    lines = [*parsed(drawn).iter(f"{SVG}polyline")]
    assert ["stroke-dasharray" in line.attrib for line in lines] == [False, True]
    assert words(drawn)[:3] == ["high", "middle", "low"]
    assert sorted(words(drawn)[3:]) == ["A", "B", "Opening"]
    places = [float(text.attrib["y"]) for text in parsed(drawn).iter(f"{SVG}text")][:3]
    assert places[1] - places[0] >= 13 <= places[2] - places[1]


def test_ends_of_a_fan_that_meet_are_written_apart() -> None:
    years = [Spread("Opening", (7,) * 5), Spread("A", (7,) * 5)]
    drawn = fan("fan", "t", "d", years, ("7", "7", "7"))
    places = [float(text.attrib["y"]) for text in parsed(drawn).iter(f"{SVG}text")][:3]
    assert places[0] + 16 <= places[1] <= places[2] - 16


def test_every_year_of_a_fan_has_its_label_at_an_angle_where_they_are_many() -> None:
    years = [Spread(f"20{i}/{i + 1}", (i,) * 5) for i in range(10, 22)]
    drawn = fan("fan", "t", "d", years, ("1,000,000",) * 3)
    assert words(drawn)[3:] == [year.label for year in years]
    turned = [text for text in parsed(drawn).iter(f"{SVG}text") if "transform" in text.attrib]
    assert len(turned) == len(years)
    few = fan("fan", "t", "d", years[:2], ("1,000,000",) * 3)
    assert "transform" not in few


def test_a_fan_has_lines_with_amounts_what_it_opens_with_and_the_central_case() -> None:
    years = [Spread("Opening", (100,) * 5),
             Spread("A", (100, 120, 150, 180, 200), central=130)]  # fmt: skip
    drawn = fan("fan", "t", "d", years, ("100", "150", "200"), "100",
                [(105, "105"), (150, "150"), (200, "200")])  # fmt: skip
    lines = [*parsed(drawn).iter(f"{SVG}line")]
    assert len(lines) == 3
    at_the_left = [text for text in parsed(drawn).iter(f"{SVG}text")
                   if text.attrib["text-anchor"] == "end"]  # fmt: skip
    assert [text.text for text in at_the_left] == ["150", "200", "100"], "105 would run into 100"
    (cross,) = (it for it in parsed(drawn).iter(f"{SVG}svg") if it.find(f"{SVG}path") is not None)
    middle = next(it for it in lines if it.attrib["y1"] == it.attrib["y2"] == "120.0")
    assert float(cross.attrib["y"]) > float(middle.attrib["y1"]), "130 is below 150"
    assert cross.attrib["x"] == f"{float(lines[0].attrib['x2']):.2f}%"


def test_lines_across_a_fan_are_round_amounts() -> None:
    for least, most, unit, printed in (
        (398_922_000_00, 410_936_000_00, "thousands", ["400,000", "405,000", "410,000"]),
        (-500_00, 800_00, "pounds", ["(500)", "0", "500"]),
        (403_000_000_00, 403_400_000_00, "millions", ["403.0", "403.2", "403.4"]),
        (7, 7, "pounds", []),
        (5, 1004, "thousands", []),  # they would all be nil
    ):
        found = ticks(least, most, unit)
        assert [words for _, words in found] == printed
        assert all(least <= pence <= most for pence, _ in found)


def test_a_chart_says_how_many_drivers_it_leaves_out() -> None:
    assert [which(count) for count in (1, 10, 11, 13)] == [
        "", "The widest first. ", "The 10 widest; the other is in the table below. ",
        "The 10 widest; the other 3 are in the table below. ",
    ]  # fmt: skip


def test_a_tornado_goes_both_ways_from_nil() -> None:
    drawn = tornado("t", "t", "d", [Width("pay", -30, 70, "(30)", "70"),
                                    Width("other", 5, 0, "5", "0")])  # fmt: skip
    bars = [*parsed(drawn).iter(f"{SVG}rect")]
    assert [bar.attrib["x"] for bar in bars] == ["0.00%", "30.00%", "30.00%"]
    assert [bar.attrib["width"] for bar in bars] == ["30.00%", "70.00%", "5.00%"]
    assert ["stroke" in bar.attrib for bar in bars] == [True, False, True]
    assert words(drawn) == ["pay", "low (30), high 70", "other", "low 5, high 0"]


def test_a_long_label_has_lines_of_its_own_and_is_whole() -> None:
    amounts = ("(66,653)", "69,427")
    name = "a very long name of an assumption that nobody would want to read twice, 2019/20"
    drawn = tornado("t", "t", "d", [Width("multi-morbidity prescriptions", -1, 1, *amounts),
                                    Width(name, -1, 1, *amounts)])  # fmt: skip
    said = "low (66,653), high 69,427"
    lines = words(drawn)
    assert lines[:2] == ["multi-morbidity prescriptions", said]
    assert " ".join(lines[2:]).split() == [*name.split(), *said.split()]
    down = [float(text.attrib["y"]) for text in parsed(drawn).iter(f"{SVG}text")]
    assert down[1] - down[0] >= 13
    assert all(later >= earlier for earlier, later in pairwise(down))
    word, amounts_of_it = words(tornado("t", "t", "d", [Width("m" * 60, -1, 1, "1", "1")]))
    assert word.endswith("m…")
    assert amounts_of_it == "low 1, high 1"


@slow
def test_the_command_prints_and_writes_the_tables(tmp_path: Path) -> None:
    command = ["scenario", str(PLAN), "start", "--draws", "200", "--seed", "7", "-o"]
    done = CliRunner().invoke(cli, [*command, str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "200 draws, seed 7" in done.stdout
    assert "Drawing" not in done.stderr, "no bar where there is no terminal"
    written = tmp_path / "start"
    for name in ("percentiles", "breaches", "drivers"):
        with (written / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert {row["scenario"] for row in csv.DictReader(file)} == {"start"}
    page = (written / "report.html").read_text(encoding="utf-8")
    assert re.search(r'aria-labelledby="fan-title', page)
    assert re.search(r'aria-labelledby="tornado-title', page)
    without = CliRunner().invoke(cli, ["scenario", str(PLAN), "start", "-o", str(tmp_path / "b")])
    assert without.exit_code == 0
    assert not (tmp_path / "b" / "start" / "tables" / "drivers.csv").exists()
