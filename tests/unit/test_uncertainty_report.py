"""How sure a scenario is, as shown: terminal, pages, charts, files, and the command line."""

import csv
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import project
from bcf_model.plan.uncertainty import Uncertainty, simulate
from bcf_model.report.scenario.uncertainty_charts import Spread, Width, fan, tornado
from bcf_model.report.scenario.uncertainty_pages import charts, sheets, tables
from bcf_model.report.scenario.uncertainty_terminal import told
from bcf_model.report.scenario.view import View, view
from bcf_model.report.sheets import Money
from tests.small_plans import SOUND

SVG = "{http://www.w3.org/2000/svg}"


@cache
def shown(name: str) -> tuple[View, Uncertainty]:
    projection = project(*load_scenario(SOUND, name))
    return view(projection), simulate(projection, 300, 1)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(svg: str) -> list[str]:
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


def test_the_terminal_tells_percentiles_shares_limits_and_drivers() -> None:
    said = told(*shown("start"))
    for expected in (
        "300 draws, seed 1", "Closing budget", "Gap", "Borne by Anytown Borough Council",
        "passes most (£300,000.00) in", "largest standard error", "What moves the gap of 2021/22",
    ):  # fmt: skip
        assert expected in said
    assert said.count("- ") == 3, "three drivers, of four"
    assert "histogram" not in said
    assert all(len(line) <= 60 for line in told(*shown("start"), room=60).splitlines())


def test_a_scenario_without_ranges_has_no_drivers() -> None:
    own, found = shown("city")
    assert "What moves" not in told(own, found)
    assert [sheet.name for sheet in sheets(own, found)] == ["Percentiles"]
    assert list(charts(own, found)) == ["Percentiles"]


def test_pages_show_what_the_tables_hold() -> None:
    own, found = shown("start")
    pages = {sheet.name: sheet for sheet in sheets(own, found)}
    assert list(pages) == ["Percentiles", "Limits", "Drivers"]
    closing = found.percentiles.iloc[0]
    first = next(row for row in pages["Percentiles"].rows if row.style == "line")
    assert first.cells[:3] == ("Total", "2019/20", Money(int(closing["p05"])))
    assert all(len(row.cells) == len(pages["Percentiles"].headings)
               for row in pages["Percentiles"].rows if row.style == "line")  # fmt: skip
    assert [row.cells[0] for row in pages["Drivers"].rows] == found.drivers["assumption"].tolist()
    assert {name: len(frame) for name, frame in tables(own, found).items()} == {
        "percentiles": len(found.percentiles), "breaches": 1, "drivers": 4,
    }  # fmt: skip


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


def test_many_years_leave_labels_out_but_not_the_last() -> None:
    years = [Spread(f"20{i}/{i + 1}", (i,) * 5) for i in range(10, 22)]
    said = words(fan("fan", "t", "d", years, ("1,000,000",) * 3))[3:]
    assert said[0] == "2021/22"
    assert len(said) < len(years) / 2


def test_a_tornado_goes_both_ways_from_nil() -> None:
    drawn = tornado("t", "t", "d", [Width("pay", -30, 70, "(30)", "70"),
                                    Width("a very long name of an assumption, 2019/20", 5, 0,
                                          "5", "0")])  # fmt: skip
    bars = [*parsed(drawn).iter(f"{SVG}rect")]
    assert [bar.attrib["x"] for bar in bars] == ["0.00%", "30.00%", "30.00%"]
    assert [bar.attrib["width"] for bar in bars] == ["30.00%", "70.00%", "5.00%"]
    assert ["stroke" in bar.attrib for bar in bars] == [True, False, True]
    assert words(drawn)[1] == "low (30), high 70"
    assert words(drawn)[2].endswith("…")


def test_the_command_prints_and_writes_the_tables(tmp_path: Path) -> None:
    command = ["scenario", str(SOUND), "start", "--draws", "200", "--seed", "7", "-o"]
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
    without = CliRunner().invoke(cli, ["scenario", str(SOUND), "start", "-o", str(tmp_path / "b")])
    assert without.exit_code == 0
    assert not (tmp_path / "b" / "start" / "tables" / "drivers.csv").exists()
