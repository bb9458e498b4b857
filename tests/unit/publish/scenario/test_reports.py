"""The reports of scenarios: pages, web page, tables, terminal and command."""

import csv
import json
import re
import shutil
from html.parser import HTMLParser

import openpyxl
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.expressions import Expression, Whole, evaluate
from bcf_model.core.money import percent, read_money, shown, sterling
from bcf_model.plan.figures import MEASURES
from bcf_model.plan.gap import of_all
from bcf_model.plan.output_tables import COMPARISON_TABLES, PROJECTION_TABLES
from bcf_model.publish.contents import contents
from bcf_model.publish.html import page
from bcf_model.publish.page import Money
from bcf_model.publish.scenario.bridge_charts import Fall, Scale, falls, in_words, waterfall
from bcf_model.publish.scenario.bridge_pages import sheets
from bcf_model.publish.scenario.headline import unexplained_by_group, waterfall_of
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.scenario.sentences import headline, not_known, quantity
from bcf_model.publish.scenario.terminal import told
from bcf_model.publish.scenario.write import Shown, document
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD
from tests.make.scenario_reports import all_on_lines, changed, worked_out
from tests.make.scenario_reports import shown as calculated
from tests.make.small_plans import plan


@pytest.fixture(scope="module")
def start():
    return calculated(PLAN, "start")


@pytest.fixture(scope="module")
def child():
    return calculated(PLAN, "child")


@pytest.fixture(scope="module")
def city():
    return calculated(PLAN, "city")


def pages_of(one):
    own = view(one.projection, one.nothing_back)
    return {sheet.name: worked_out(own, sheet) for sheet in sheets(own)}


def row(sheet, name, number=0):
    """Give the amounts of the rows of a name on a page, in pence."""
    found = [it for it in sheet.rows if it.cells[0] == name]
    return [cell.pence if isinstance(cell, Money) else cell for cell in found[number].cells[1:]]


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("name", [pytest.param("city", marks=slow), "child"])
def test_every_figure_of_the_web_page_opens_to_where_it_comes_from(name):
    """A cell links to a panel of its own amount, and whatever a panel links to is there."""
    one = calculated(PLAN, name)
    own = view(one.projection, one.nothing_back)
    written = page(document(one))
    heads = r"<aside class=why id=(w\d+) .*?<h3>(.*?) <b>(.*?)</b></h3>"
    panels = {anchor: (label, amount) for anchor, label, amount in re.findall(heads, written)}
    cells = re.findall(r'data-figure="([^"]+)"><a href="#(w\d+)">', written)
    assert len(cells) > 100
    for figure, anchor in cells:
        value = own.figures.value(MEASURES.read(figure))
        label, amount = panels[anchor]
        assert label == str(MEASURES.read(figure))
        assert amount == (sterling(value) if isinstance(value, int) else percent(value)), figure
    assert set(re.findall(r'href="#(w\d+)"', written)) == {*panels, "w0"}


def test_the_bridge_ties_from_opening_to_closing(start):
    bridge = pages_of(start)["Bridge"]
    columns = len(start.projection.years) + 1
    for column in range(columns):
        amounts = [it.cells[1 + column] for it in bridge.rows]
        pence = [cell.pence if cell else 0 for cell in amounts]
        assert sum(pence[:-1]) == pence[-1]
    closing = row(bridge, "Closing budget")
    assert row(bridge, "Opening budget")[1:3] == closing[:2]
    assert closing[-1] == closing[-2]


@slow
def test_groups_and_organisations_add_up_to_the_bridge(start, city):
    for one, name in ((start, "By theme"), (city, "By block")):
        found = pages_of(one)
        bridge, groups = found["Bridge"], found[name]
        for i in range(len(one.projection.years)):
            total = row(groups, "Total", i)
            assert total[0] == row(bridge, "Opening budget")[i]
            assert total[-1] == row(bridge, "Closing budget")[i]
    holders = pages_of(start)["By organisation"]
    parts = [it.cells[-1].pence for it in holders.rows if it.style == "line"]
    assert sum(parts) == row(holders, "Total")[-1]


def test_every_amount_names_its_perimeter(city, start):
    for one in (start, city):
        own = view(one.projection)
        for sheet in pages_of(one).values():
            if any(heading.form == "money" for heading in sheet.headings):
                assert own.perimeter in sheet.title
    assert view(city.projection).perimeter == "Health and care in Anytown"


def test_assumptions_stand_with_their_value_range_status_and_place(start):
    sheet = pages_of(start)["Assumptions"]
    heads = [heading.text for heading in sheet.headings]
    rows = [dict(zip(heads, it.cells, strict=True)) for it in sheet.rows]
    pay = next(it for it in rows if it["Assumption"] == "pay")
    assert (pay["Value"], pay["As scaled"], pay["Range"]) == (
        "2%", "1.482285%", "1% to 4% (triangular)",
    )  # fmt: skip
    assert pay["Set in"] == "scenarios/start/assumptions.csv, row 2"
    # One assumption may have another value in one year: each row shows its own.
    prices = [(it["Year"], it["As scaled"]) for it in rows if it["Assumption"] == "prices"]
    assert prices[:2] == [("2019/20", "1.111714%"), ("2020/21", "0.741143%")]
    said = {it["Assumption"]: it["Of"] for it in rows}
    assert (said["most"], said["to lines"]) == ("all", "all lines")
    assert "No owner or day of review is stated for any of them." in sheet.about


def test_unidentified_savings_stand_on_lines_of_their_own(start):
    found = pages_of(start)
    assert row(found["Programmes"], "Identified, together")[0] == 600_000
    assert row(found["Programmes"], "Unidentified, together")[0] == 200_000
    assert row(found["Programmes"], "All programmes")[0] == 800_000
    assert row(found["Owners"], "Anytown Borough Council, unidentified") == [0, 40_000, 40_000]


def test_programmes_of_another_perimeter_are_shown_and_not_counted(city):
    found = pages_of(city)
    assert "Programmes" not in found
    assert row(found["Not counted"], "Fewer agency nurses")[:2] == [600_000, 100_000]


@slow
def test_gap_and_shares_are_the_tables(start):
    found = pages_of(start)
    tables = start.projection.tables
    assert row(found["Gap"], "Gap: spending − funding") == of_all(tables["gap"])["gap"].tolist()
    shared = found["Risk share"]
    assert row(shared, "Anytown Borough Council") == [None]
    assert row(shared, "Variance", 1) == [None]
    assert any("£800.00 stands on no line (not allocated)" in said for said in shared.about)
    placed = changed(start.projection, all_on_lines(start.projection.scenario))
    shared = pages_of(Shown(placed, None))["Risk share"]
    assert row(shared, "Variance", 1) == [int(placed.tables["shared"]["borne"].sum())]
    assert not any("No share" in said for said in shared.about)
    # Two of three years have no agreed budget: they are no column.
    assert [heading.text for heading in shared.headings] == ["Budget and bearer", "2019/20"]


def test_prevention_stands_beside_no_return(city):
    found = pages_of(city)
    shares = found["Prevention share"]
    narrow = [it.cells for it in shares.rows if it.cells[0] == "Narrow: primary prevention"]
    assert len(narrow) == 2 and narrow[0] != narrow[1]
    worth = [it.cells[4].pence for it in found["Break-even"].rows
             if it.cells[0] == "All together"]  # fmt: skip
    frame = city.nothing_back.tables["payback"]
    assert worth[1] == frame.loc[frame["partner"] == "all", "net_present_value"].iloc[0]
    assert worth[1] < worth[0]


def test_what_is_not_known_is_said(start, city):
    said = " ".join(not_known(view(start.projection)))
    for part in (
        "3 amounts are known in total only, and not by theme",
        "£800.00 is left at the end of 2021/22",
        "Savings of £2,000.00 a year have no plan yet",
        "No budget is agreed for 2020/21 and 2021/22",
        "parted over schemes as in 'year-end budget'",
        "14 assumptions are invented",
    ):
        assert part in said
    assert "Savings programmes of other perimeters (pool) are not counted" in " ".join(
        not_known(view(city.projection))
    )


def test_the_headline_says_which_way_spending_goes(start):
    said = (
        "Spending rises by £12,950.00 (5.0%) over the opening budget of £259,000.00, to "
        "£271,950.00 in 2021/22."
    )
    assert headline(view(start.projection)) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (2_500_000, "percent", "2.5%"),
        (-302_000_000, "thousands", "-£302,000"),
        (43_000_000, "millions", "£43m"),
        (625_000, "number", "0.625"),
        (1_000_000_000, "pounds", "£1,000"),
    ],
)
def test_values_are_written_with_their_unit(value, unit, said):
    assert quantity(value, unit) == said


# ------------------------------------------------------------------ the chart


def bars_of(opening: int, steps: dict[str, int], closing: int) -> list[Fall]:
    """Place amounts in pence as bars."""

    def pence(amount: Expression) -> int:
        return int(evaluate(amount, lambda leaf: leaf))

    amounts = {"Opening": opening, **steps, "Closing": closing}
    return falls([(name, Whole(it)) for name, it in amounts.items()], pence, "pounds")


def test_each_bar_begins_where_the_last_ended():
    found = bars_of(100, {"Up": 30, "Down": -50}, 80)
    assert [(it.start, it.end) for it in found] == [(0, 100), (100, 130), (130, 80), (0, 80)]
    assert in_words(found, "£") == "In £: opening 1.00; up 0.30; down (0.50); closing 0.80."


@slow
def test_what_a_step_adds_and_takes_off_are_two_bars(tmp_path):
    """Put back what the budget had taken off, take off what is delivered: not the difference."""
    rows = [(name, step, "line=L1", year, value, "pounds", "", "", "")
            for name, step, year, value in (
                ("target", "savings", "2019-20", -240), ("delivered", "savings", "2019-20", 192),
                ("ward", "pressures", "2019-20", 10), ("ward", "pressures", "2020-21", -4),
            )]  # fmt: skip
    own = view(plan(tmp_path, rows, 'last_year = "2020-21"'))
    assert (
        "pressures: added 10.00; pressures: taken off (4.00); savings: added 240.00; "
        "savings: taken off (192.00); closing"
    ) in waterfall_of(own).svg
    assert "; pressures 10.00; savings: added 240.00" in waterfall_of(own, "2019-20").svg
    words = re.search(r"<desc[^>]*>(.*)</desc>", waterfall_of(own, "2020-21").svg)
    assert words is not None and words[1].count(";") == 2


def test_the_scale_is_cut_only_where_steps_would_not_be_seen():
    small, large = bars_of(100, {"Up": 3}, 103), bars_of(100, {"Up": 300}, 400)
    below = bars_of(100, {"Down": -300}, -200)
    assert Scale.over(small).is_cut and 0 < Scale.over(small).lowest < 100
    assert not Scale.over(large).is_cut
    assert Scale.over(below) == Scale(-200, 100)
    for bars in (small, large, below):
        scale = Scale.over(bars)
        assert all(0 <= scale.at(it.end) <= 100 for it in bars)


def test_the_chart_escapes_its_text_and_marks_the_cut():
    bars = bars_of(100, {"<b>Up</b>": 3}, 103)
    drawn = waterfall("x", "A & B", "<said>", bars)
    assert "<b>" not in drawn and "A &amp; B" in drawn and "&lt;said&gt;" in drawn
    assert drawn.count('class="cut"') == 2
    whole = waterfall("x", "", "", [Fall("O", "0", 0, 0, whole=True)])
    assert "cut" not in whole


# ------------------------------------------------------------------ the web page


class Table(HTMLParser):
    """Reads the text of a page's cells, and its tags."""

    def __init__(self):
        super().__init__()
        self.text, self.tags, self.ids, self.links = [], [], [], []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.append(tag)
        if "id" in said:
            self.ids.append(said["id"])
        if "href" in said:
            self.links.append(said["href"])

    def handle_data(self, data):
        if data.strip():
            self.text.append(data.strip())


@slow
@pytest.mark.parametrize("name", ["start", "city"])
def test_the_page_shows_everything_and_asks_for_nothing(name, request):
    one = request.getfixturevalue(name)
    own = view(one.projection)
    written = page(document(one))
    read = Table()
    read.feed(written)
    said = " ".join(read.text)
    assert "script" not in read.tags and "http" not in re.sub(r"</?[^>]*>", "", written)
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
    settings = one.projection.scenario.settings
    assert settings.title in said and settings.status in said and own.perimeter in said
    for sentence in not_known(own):
        assert sentence in said
    # One chart of the whole span, and one of each year.
    assert read.tags.count("svg") == 1 + len(own.years)
    for year in own.years:
        pence = own.pence(financial_year=year)
        assert shown(pence, own.unit) in said
    assert 'class="unsure"' in written
    assert page(document(one)) == written


@slow
def test_text_of_a_scenario_never_becomes_markup(start):
    scenario = start.projection.scenario
    title = scenario.settings.model_copy(update={"title": "<script>alert(1)</script>"})
    one = type(start.projection)(
        **{**vars(start.projection), "scenario": type(scenario)(**{**vars(scenario),
                                                                   "settings": title})}
    )  # fmt: skip
    written = page(document(Shown(one)))
    assert "<script>" not in written and "&lt;script&gt;" in written


# ------------------------------------------------------------------ files


@slow
def test_every_table_is_written_in_pounds(start):
    files = contents(document(start))
    for name in PROJECTION_TABLES:
        rows = list(csv.DictReader(files[f"tables/{name}.csv"].decode().splitlines()))
        assert len(rows) == len(start.projection.tables[name])
    walk = list(csv.DictReader(files["tables/walk.csv"].decode().splitlines()))
    closing = sum(read_money(it["amount"], "pounds").pence for it in walk
                  if it["financial_year"] == "2021-22")  # fmt: skip
    assert closing == 27_195_000
    assert contents(document(start)) == files


@slow
def test_the_manifest_names_what_went_in_and_came_out(start):
    files = contents(document(start))
    manifest = json.loads(files["run.json"])
    assert manifest["scenario"] == "start" and manifest["calibration_factor"].startswith("0.")
    inputs = {it["file"] for it in manifest["inputs"]}
    assert {"schemes.csv", "budgets.csv", "scenarios/start/assumptions.csv"} <= inputs
    assert {it["file"] for it in manifest["outputs"]} == {*files} - {"run.json"}
    assert manifest["control_totals"]["closing_pounds"]["2021-22"] == "271950.00"


# ------------------------------------------------------------------ the terminal


@pytest.mark.parametrize("room", [80, 100, 40])
def test_no_line_is_wider_than_the_terminal(start, child, city, room):
    for one in (start, child, city):
        assert max(map(len, told(view(one.projection), room).splitlines())) <= room


@slow
def test_one_year_is_shown_by_theme():
    said = told(view(calculated(SHEFFIELD, "published-2019-20").projection), 80)
    assert "Theme 4" in said and "Not allocated" in said
    closing = [line for line in said.splitlines() if line.startswith("Closing budget")]
    assert len(closing) == 2 and closing[1].endswith("398,922")
    assert max(map(len, said.splitlines())) <= 80


# ------------------------------------------------------------------ the command


def bcf(*words, room="80"):
    return CliRunner().invoke(cli, ["scenario", *map(str, words)], env={"COLUMNS": room})


@slow
def test_the_command_writes_a_report_of_each_and_a_comparison(tmp_path):
    done = bcf(PLAN, "start", "child", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    out = tmp_path / "out"
    for name in ("start", "child"):
        files = {str(it.relative_to(out / name)) for it in (out / name).rglob("*") if it.is_file()}
        assert files == {"report.xlsx", "report.html", "run.json"} | {
            f"tables/{table}.csv" for table in (*PROJECTION_TABLES, "movement")
        }
    assert {it.name for it in out.iterdir()} == {
        "start", "child", "comparison.xlsx", "comparison.html", "comparison.json",
        *(f"{table}.csv" for table in COMPARISON_TABLES),
    }  # fmt: skip
    assert "[2] less [1]" in done.output and "Not known" in done.output
    book = openpyxl.load_workbook(out / "comparison.xlsx")
    formulas = [cell.value for line in book["Comparison"].iter_rows() for cell in line
                if cell.data_type == "f"]  # fmt: skip
    assert formulas and all(it.startswith("=ROUND(") for it in formulas)


@slow
def test_scenarios_of_two_perimeters_are_each_reported_and_not_compared(tmp_path):
    done = bcf(PLAN, "start", "city", "-o", tmp_path)
    assert done.exit_code == 0 and "Not compared" in done.output
    assert not (tmp_path / "comparison.csv").exists()
    assert (tmp_path / "city" / "report.html").is_file()


def test_a_pool_is_never_written_into(tmp_path):
    pool = tmp_path / "pool"
    shutil.copytree(PLAN, pool)
    before = sorted(pool.rglob("*"))
    for folder in (pool, pool / "scenarios", pool / "scenarios" / "start"):
        done = bcf(pool, "start", "-o", folder)
        assert done.exit_code == 2
        assert "would be written into the pool itself" in " ".join(done.output.split())
    assert sorted(pool.rglob("*")) == before


def test_an_unknown_scenario_is_a_finding(tmp_path):
    done = bcf(PLAN, "strat", "-o", tmp_path / "out")
    assert done.exit_code == 3 and "BCF701" in done.output
    assert not (tmp_path / "out").exists()


@slow
def test_a_target_that_cannot_be_reached_is_a_finding(tmp_path):
    pool = tmp_path / "pool"
    shutil.copytree(PLAN, pool)
    settings = pool / "scenarios" / "start" / "scenario.toml"
    settings.write_text(settings.read_text().replace("target = 5", "target = -50"))
    done = bcf(pool, "start", "-o", tmp_path / "out")
    assert done.exit_code == 3 and "BCF753" in done.output
    assert not (tmp_path / "out").exists()


@slow
def test_show_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = bcf(PLAN, "start", "--show")
    assert done.exit_code == 0 and "Assumptions" in done.output
    assert list(tmp_path.iterdir()) == []


@slow
def test_without_a_folder_reports_go_under_outputs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = bcf(PLAN, "city")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "outputs" / "plan" / "scenarios" / "city" / "report.html").is_file()


def test_what_is_partly_known_in_total_only_is_one_bar_net_and_its_groups_stand_beside(tmp_path):
    """£30 on a theme and £20 off in total: not 30 added and 20 taken off, which nothing caused."""
    rows = [
        ("theme", "movement not explained", "line=L1", "2019-20", 30, "pounds", "", "", ""),
        ("held", "movement not explained", "not allocated", "2019-20", -20, "pounds", "", "", ""),
        ("more", "pressures", "not allocated", "2019-20", 20, "pounds", "", "", ""),
    ]
    own = view(plan(tmp_path, rows))
    assert "; movement not explained 10.00; closing" in waterfall_of(own).svg
    (beside,) = unexplained_by_group(own)
    words = re.search(r"<desc[^>]*>(.*)</desc>", beside.svg)
    assert words is not None
    assert "Theme:  30.00" in words[1] and "(20.00)" in words[1]


def test_what_is_known_by_group_alone_needs_no_second_chart(tmp_path):
    rows = [
        ("a", "movement not explained", "line=L1", "2019-20", 30, "pounds", "", "", ""),
        ("b", "movement not explained", "line=L2", "2019-20", -5, "pounds", "", "", ""),
    ]
    own = view(plan(tmp_path, rows))
    assert unexplained_by_group(own) == []
    assert "movement not explained: added 30.00" in waterfall_of(own).svg
