"""Scenarios side by side: pages, terminal, files, and a comparison that is left behind."""

import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from bcf_model.core.expressions import Sum
from bcf_model.core.figures import Figure
from bcf_model.core.tables import records
from bcf_model.plan.comparison import compare, of_one_perimeter
from bcf_model.plan.counterfactual import without_return
from bcf_model.plan.output_tables import COMPARISON_TABLES
from bcf_model.plan.projection import project
from bcf_model.plan.uncertainty import simulate
from bcf_model.publish.contents import contents
from bcf_model.publish.scenario.comparison_pages import by_group, by_holder, in_total, sheets
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.comparison_terminal import compared
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.scenario.uncertainty_pages import error
from bcf_model.publish.scenario.write import (
    COMPARISON_MANIFEST,
    Shown,
    comparison_document,
    older_comparison,
)
from tests.longer import slow
from tests.make.places import PLAN
from tests.make.scenario_reports import all_on_lines, changed
from tests.make.scenario_reports import shown as calculated

DRAWS, SEED = 40, 7


@pytest.fixture(scope="module")
def start():
    return calculated(PLAN, "start").projection


@pytest.fixture(scope="module")
def child():
    return calculated(PLAN, "child").projection


@pytest.fixture(scope="module")
def city():
    return calculated(PLAN, "city").projection


@pytest.fixture(scope="module")
def drawn(start, child):
    return [simulate(it, DRAWS, SEED) for it in (start, child)]


def renamed(projection, name):
    """Give the same under another name."""
    return replace(projection, scenario=replace(projection.scenario, name=name))


def for_nothing(projection):
    """Give a scenario without any prevention programme, and one whose programmes give nothing."""
    tables = projection.scenario.tables
    none = {name: tables[name].head(0) for name in ("prevention", "returns", "lags")}
    without = replace(projection.scenario, name="without", tables={**tables, **none})
    zero = replace(without_return(projection.scenario), name="zero")
    return [project(projection.plan, it, projection.factor) for it in (without, zero)]


def pages_of(projections, drawn=()):
    found = Compared.of(projections, drawn)
    return {it.name: in_pence(found, it) for it in sheets(found, "40 draws.")}


def in_pence(found, sheet):
    """Give a page with what its figures come to in their place, in pence."""

    def come_to(cell):
        return found.figures.amount(cell) if isinstance(cell, Figure | Sum) else cell

    rows = (it._replace(cells=tuple(map(come_to, it.cells))) for it in sheet.rows)
    return sheet._replace(rows=tuple(rows))


def row(sheet, name, number=0):
    """Give the cells of the rows of a name on a page."""
    return [*[it for it in sheet.rows if it.cells[0] == name][number].cells[1:]]


def under(sheet, group):
    """Give the rows under a heading: their names, and their cells."""
    found, inside = {}, False
    for it in sheet.rows:
        if it.style == "group":
            inside = it.cells[0] == group
        elif inside:
            found[it.cells[0]] = [*it.cells[1:]]
    return found


# ------------------------------------------------------------------ in total


def test_differences_are_to_the_first(start, child):
    found = compare([start, child])
    first = found.loc[(found["scenario"] == "start") & (found["note"] == ""), "difference"]
    assert len(first) and (first == 0).all()
    closing = found[(found["scenario"] == "child") & (found["measure"] == "closing")]
    by_year = closing.groupby("financial_year")["difference"].sum()
    assert by_year.tolist() == [child.closing()[year] - start.closing()[year]
                                for year in start.years]  # fmt: skip
    borne = found[(found["measure"] == "borne") & (found["scenario"] == "child")]
    assert borne["amount"].sum() == child.tables["shared"]["borne"].sum()


def test_each_stands_beside_the_first(start, child):
    found = Compared.of([start, child])
    closing = row(in_pence(found, in_total(found)), "Closing spending", 2)
    assert closing == [27_195_000, 26_698_292, 26_698_292 - 27_195_000]
    rows = under(in_pence(found, by_group(found)), "2021/22")
    assert sum(cells[1] for name, cells in rows.items() if name != "Total") == 26_698_292
    assert rows["Total"][1] == 26_698_292


@slow
def test_a_year_that_one_does_not_know_is_blank_there_and_says_why(start):
    unplaced, start = start, changed(start, all_on_lines(start.scenario))
    without = start.scenario.settings.model_copy(update={"agreed": {}})
    other = project(
        start.plan, replace(start.scenario, name="none", settings=without), start.factor
    )
    found = compare([other, start])
    borne = found[found["measure"] == "borne"]
    assert borne["difference"].isna().all()
    assert borne.loc[borne["scenario"] == "none", "amount"].isna().all()
    both = Compared.of([other, start])
    total = in_pence(both, in_total(both))
    bears = start.tables["shared"].set_index("bearer")["borne"]["Council"]
    assert row(total, "Borne by Anytown Borough Council") == [None, bears, None]
    years = ", ".join(dict.fromkeys(borne["financial_year"].str.replace("-", "/")))
    assert f"Blank for none in {years}: no budget is agreed for the year." in total.about
    unplaced = replace(unplaced, scenario=replace(unplaced.scenario, name="unplaced"))
    both = Compared.of([unplaced, start])
    total = in_pence(both, in_total(both))
    assert row(total, "Borne by Anytown Borough Council") == [None, bears, None]
    assert any("Blank for unplaced" in it and "stands on no line" in it for it in total.about)


def test_perimeters_are_never_set_against_each_other(start, city):
    assert not of_one_perimeter([start, city])
    said = compared([start, city], 80)
    assert said.startswith("Not compared: amounts of two perimeters")


# ------------------------------------------------------------------ names, and holders


def test_holders_are_named_and_not_told_by_their_codes(start, child):
    organisations = start.plan.inputs.organisations
    names = dict(zip(organisations["organisation"], organisations["name"], strict=True))
    assert names["ICB"] != "ICB"
    rows = [it.cells[0] for it in pages_of([start, child])["By holder"].rows]
    assert f"1 Staying well at home, {names['ICB']}" in rows, rows
    assert not any(name.endswith(", ICB") for name in rows)


def test_holders_add_up_to_the_same_total(start, child):
    found = pages_of([start, child])
    for number in range(len(start.years)):
        assert row(found["By holder"], "Total", number) == row(found["By theme"], "Total", number)


def amounts(**of):
    """Give rows of one year and theme: by scenario the amounts of its holders; None is not said."""
    return pd.DataFrame(
        [
            (scenario, "2019-20", "closing", "1", holder, float("nan") if pence is None else pence,
             float("nan"), "no budget holder is stated" if pence is None else "")
            for scenario, holders in of.items()
            for holder, pence in holders.items()
        ],
        columns=["scenario", "financial_year", "measure", "group", "organisation", "amount",
                 "difference", "note"],
    )  # fmt: skip


def test_a_theme_is_known_where_its_holders_are_not(start):
    views = [view(renamed(start, name)) for name in ("told", "untold")]
    rows = amounts(told={"ICB": 30, "not stated": 0}, untold={"ICB": None, "not stated": 40})
    found = Compared({"comparison": rows}, views)
    assert row(in_pence(found, by_group(found)), "Total") == [30, 40, 10]
    (sheet,) = by_holder(found)
    assert [it.cells[1:] for it in in_pence(found, sheet).rows if it.style == "line"] == [
        (30, None), (0, 40),
    ]  # fmt: skip
    assert "Blank for untold in 2019/20: no budget holder is stated." in sheet.about
    assert any("no differences are given" in said for said in sheet.about)
    assert not any("holder" in said for said in by_group(found).about)


# ------------------------------------------------------------------ savings


@slow
def test_savings_are_told_gross_and_as_expected(start, child):
    sheet = pages_of([start, child])["Savings"]
    for year, group in (("2019-20", "Begin in 2019/20"), ("2020-21", "Begin in 2020/21")):
        tables = [it.tables["savings"] for it in (start, child)]
        frames = [it[it["financial_year"] == year] for it in tables]
        rows = under(sheet, group)
        for name, sums in {
            "Gross, in a full year": [it["gross"].sum() for it in frames],
            "of it unidentified": [it.query("identified == 'no'")["gross"].sum() for it in frames],
            "of it non-recurrent": [it.query("recurrence == 'non-recurrent'")["gross"].sum()
                                    for it in frames],
            "Risk-adjusted, in its year": [it["adjusted_part_year"].sum() for it in frames],
            "Risk-adjusted, in a full year": [it["adjusted_full_year"].sum() for it in frames],
            "Underlying: recurrent, risk-adjusted, less costs": [it["underlying"].sum()
                                                                 for it in frames],
        }.items():  # fmt: skip
            assert rows[name] == [*sums, sums[1] - sums[0]]
    # P3 of 2020/21 is the child's alone: the other saves nothing there, and that is known.
    assert under(sheet, "Begin in 2020/21")["Gross, in a full year"] == [0, 300_000, 300_000]
    assert under(sheet, "All programmes")["Gross, in a full year"] == [800_000, 1_100_000, 300_000]


@slow
def test_where_the_first_has_no_programme_nothing_is_set_against_it(start, child):
    tables = start.scenario.tables
    none = {"savings": tables["savings"].head(0)}
    without = replace(start.scenario, name="without", tables={**tables, **none})
    sheet = pages_of([project(start.plan, without, start.factor), start])["Savings"]
    assert [it.text for it in sheet.headings[1:]] == ["without", "start"]
    assert under(sheet, "Begin in 2019/20")["Gross, in a full year"] == [None, 800_000]
    assert "Blank for without in 2019/20: it has no savings programme." in sheet.about
    assert not any(said.startswith("Differences") for said in sheet.about)


@slow
def test_without_any_programme_there_is_no_page(start, child, city):
    assert "Savings" not in pages_of([city, renamed(city, "same")])
    found = pages_of([start, child])
    assert not {"Prevention", "Percentiles"} & found.keys()


# ------------------------------------------------------------------ prevention


@slow
def test_prevention_is_told_by_year_by_partner_and_with_its_break_even(city):
    without, zero = for_nothing(city)
    sheet = pages_of([city, zero, without])["Prevention"]
    moved, positions = city.tables["prevention"], city.tables["positions"]
    for column, name in (("invested", "Invested"), ("released", "Released")):
        by_year = moved.groupby("financial_year")[column].sum()
        rows = under(sheet, name)
        assert [cells[0] for cells in rows.values()] == by_year.tolist()
        assert {cells[2] for cells in rows.values()} == {None}
    assert {cells[1] for cells in under(sheet, "Released").values()} == {0}
    last = positions[positions["financial_year"] == city.years[-1]].set_index("partner")
    ends = under(sheet, "Net so far, at the end of 2023/24")
    assert ends["All together"][0] == last["cumulative"]["all"]
    paid = city.tables["payback"].set_index("partner")
    assert under(sheet, "Net present value")["All together"] == [
        paid["net_present_value"]["all"],
        zero.tables["payback"].set_index("partner")["net_present_value"]["all"],
        None,
    ]
    assert under(sheet, "Still to come, not counted")["All together"] == [
        paid["to_come"]["all"], 0, None,
    ]  # fmt: skip
    cash = under(sheet, "Break-even, in cash")["All together"]
    assert cash == [paid["break_even"]["all"].replace("-", "/") or "not by 2023/24",
                    "not by 2023/24", "no prevention programme"]  # fmt: skip
    years = "2019/20, 2020/21, 2021/22, 2022/23, 2023/24"
    assert f"Blank for without in {years}: it has no prevention programme." in sheet.about


@slow
def test_the_share_of_prevention_stands_for_each(city):
    (without, _), shares = for_nothing(city), {}
    for it in (city, without):
        frame = it.tables["prevention_share"].query("measure == 'narrow'")
        shares[it.scenario.name] = [f"{percent:.2f}%" for percent in frame["percent"]]
    assert shares["city"] != shares["without"]
    rows = under(pages_of([city, without])["Prevention"],
                 "Narrow share of spending: primary prevention")  # fmt: skip
    assert [cells[0] for cells in rows.values()] == shares["city"]
    assert [cells[1] for cells in rows.values()] == shares["without"]


# ------------------------------------------------------------------ draws


@slow
def test_percentiles_are_those_of_the_draws(start, child, drawn):
    sheet = pages_of([start, child], drawn)["Percentiles"]
    for one, name in zip(drawn, ("start", "child"), strict=True):
        for it in records(one.percentiles.query("by == 'total' and measure != 'funding'")):
            said = {"closing": "Closing spending", "gap": "Gap to funding"}[it.measure]
            rows = under(sheet, f"{said}, {it.financial_year.replace('-', '/')}")
            assert rows[name] == [it.mean, it.p05, it.p50, it.p95, error(it)]
    borne = [it.cells[0] for it in sheet.rows if str(it.cells[0]).startswith("Borne by")]
    assert len(borne) == len(drawn[0].percentiles.query("measure == 'borne'"))


# ------------------------------------------------------------------ the terminal


@slow(first=1)
@pytest.mark.parametrize("room", [40, 80, 100])
@pytest.mark.parametrize("many", [2, 3, 6])
def test_no_line_is_wider_than_the_terminal(start, child, city, drawn, room, many):
    some = [start, child, *(renamed(child, f"child-{n}-with-a-long-name") for n in range(many - 2))]
    draws = [drawn[0], *[drawn[1]] * (many - 1)]
    cities = [city, *(renamed(city, f"city-{n}-with-a-long-name") for n in range(many - 1))]
    for text in (compared(some, room, draws), compared(cities, room)):
        assert max(map(len, text.splitlines())) <= room
        for number in range(1, many + 1):
            assert sum(line.startswith(f"[{number}] ") for line in text.splitlines()) > 3


@slow
def test_six_fit_where_two_do(start, child):
    """Scenarios are rows: closing spending is one table, however many there are."""
    some = [start, *(renamed(child, f"child-{n}") for n in range(5))]
    lines = compared(some, 80).splitlines()
    assert sum(line.startswith("Closing spending") for line in lines) == 1
    at = next(i for i, line in enumerate(lines) if line.startswith("Closing spending"))
    assert [line.split()[0] for line in lines[at + 2 : at + 8]] == [f"[{n}]" for n in range(1, 7)]
    assert [line[:12] for line in lines[at + 8 : at + 13]] == [
        f"[{n}] less [1]" for n in range(2, 7)
    ]


@slow
def test_the_terminal_says_what_prevention_gives_back_and_when(city):
    without, zero = for_nothing(city)
    lines = compared([without, zero, city], 80).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("All together"))
    assert lines[at].split()[-2:] == ["Break-even", "Disc."]
    assert lines[at + 2].split() == ["[1]", "without"]
    assert lines[at + 3].split()[-2:] == ["none", "none"]
    paid = city.tables["payback"].set_index("partner").loc["all"]
    assert lines[at + 4].split()[-2:] == [
        paid[name].replace("-", "/") or "none" for name in ("break_even", "break_even_discounted")
    ]
    assert " ".join(" ".join(lines[-2:]).split()).endswith(": it has no prevention programme.")


# ------------------------------------------------------------------ files


def read(files, name):
    return [*csv.DictReader(io.StringIO(files[name].decode()))]


@slow
def test_every_table_is_written_with_or_without_rows(start, child, drawn):
    plain = contents(comparison_document([Shown(start), Shown(child)]))
    kinds = [f"comparison.{kind}" for kind in ("xlsx", "html")]
    tables = [f"{name}.csv" for name in COMPARISON_TABLES]
    assert [*plain] == [*kinds, *tables, COMPARISON_MANIFEST]
    assert not read(plain, "comparison_percentiles.csv")
    page_of = plain["comparison.html"].decode()
    assert "<svg" in page_of and "start" in page_of and "child" in page_of
    assert 'id="savings"' in page_of and 'id="percentiles"' not in page_of
    shown = [Shown(it, drawn=of) for it, of in zip((start, child), drawn, strict=True)]
    files = contents(comparison_document(shown))
    assert [*files] == [*plain]
    assert len(read(files, "comparison_percentiles.csv")) > len(start.years)
    assert 'id="percentiles"' in files["comparison.html"].decode()


@slow
def test_what_is_not_known_is_blank_in_the_file_with_why(city):
    without, _ = for_nothing(city)
    files = contents(comparison_document([Shown(city), Shown(without)]))
    rows = read(files, "comparison.csv")
    own = [it for it in rows if (it["scenario"], it["measure"]) == ("without", "net present value")]
    assert own and all(
        (it["financial_year"], it["amount"], it["note"])
        == ("", "", "it has no prevention programme")
        for it in own
    )
    found = {(it["scenario"], it["partner"], it["measure"]): (it["break_even"], it["note"])
             for it in read(files, "comparison_break_even.csv")}  # fmt: skip
    assert found["without", "all", "cash"] == ("", "it has no prevention programme")
    assert len(read(files, "comparison_shares.csv")) == 2 * 2 * len(city.years)


@slow
def test_a_comparison_says_how_often_all_were_drawn(start, child, drawn):
    of_one, of_other = drawn
    several = [Shown(start, drawn=of_one), Shown(child, drawn=of_other)]
    said = json.loads(contents(comparison_document(several))[COMPARISON_MANIFEST])
    assert (said["draws"], said["seed"]) == (DRAWS, SEED)
    only_one = contents(comparison_document([Shown(start), Shown(child, drawn=of_other)]))
    assert not {"draws", "seed"} & json.loads(only_one[COMPARISON_MANIFEST]).keys()


# ------------------------------------------------------------------ one that is left behind


@pytest.fixture
def folder(start, child, tmp_path):
    for name, data in contents(comparison_document([Shown(start), Shown(child)])).items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_a_comparison_left_behind_is_told_and_left_as_it_is(start, child, city, folder):
    before = {it: it.read_bytes() for it in folder.iterdir()}
    said = older_comparison([Shown(child)], folder)
    assert said == (
        f"The comparison in {folder} was not made again: it may show child as before. bcf verify "
        f"{folder} says whether it still holds."
    )
    both = older_comparison([Shown(start), Shown(city), Shown(child)], folder)
    assert "may show start and child as before" in both
    assert {it: it.read_bytes() for it in folder.iterdir()} == before


def test_one_that_is_made_again_or_of_others_is_not_left_behind(start, child, folder):
    assert older_comparison([Shown(start), Shown(child)], folder) == ""
    assert older_comparison([Shown(renamed(start, "third"))], folder) == ""
    assert older_comparison([Shown(start)], folder / "elsewhere") == ""


@slow
@pytest.mark.parametrize(
    ("data", "told"),
    [(b"{", True), (b"[]", True), (b"\xff", True), (b'{"compared": "start"}', False),
     (b"{}", False)],
)  # fmt: skip
def test_a_comparison_that_does_not_say_of_what_never_fails(start, folder, data, told):
    (folder / COMPARISON_MANIFEST).write_bytes(data)
    assert bool(older_comparison([Shown(start)], folder)) is told
