"""What moved in a scenario's first year, and printed savings targets: pages and tables."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.core.figures import Figure
from bcf_model.core.money import read_money
from bcf_model.plan.movement import moved
from bcf_model.publish.contents import contents
from bcf_model.publish.page import Money, Sheet
from bcf_model.publish.scenario import efficiency_pages, movement_pages
from bcf_model.publish.scenario.bridge_pages import sheets
from bcf_model.publish.scenario.lookups import View, view
from bcf_model.publish.scenario.write import document
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD
from tests.make.scenario_reports import shown as calculated
from tests.make.scenario_reports import worked_out

SCENARIOS = [
    (PLAN, "start"),
    (PLAN, "city"),
    (SHEFFIELD, "published-2019-20"),
    (SHEFFIELD, "savings-as-planned"),
    (SHEFFIELD, "do-nothing-2023-24"),
]


def shown(pool: Path, name: str) -> View:
    return view(calculated(pool, name).projection)


def page_of(own: View) -> Sheet:
    [page] = movement_pages.sheets(own)
    return worked_out(own, page)


def rows(page: Sheet) -> list[list[object]]:
    return [[it.pence if isinstance(it, Money) else it for it in row.cells] for row in page.rows]


def before_the_total(page: Sheet) -> list[list[object]]:
    """Give the rows of places: those above the first total."""
    found = rows(page)
    return found[: next(i for i, row in enumerate(found) if row[0] == "Total")]


# ------------------------------------------------------------------ laws


@slow
@pytest.mark.parametrize(("pool", "name"), SCENARIOS)
def test_causes_add_up_to_the_change(pool: Path, name: str) -> None:
    own = shown(pool, name)
    found = moved(own.projection)
    before, after = (found.figures.pence(Figure(side)) for side in ("earlier", "later"))
    assert int(found.table["amount"].sum()) == after - before
    page = page_of(own)
    whole = next(row for row in rows(page) if row[0] == "Total")
    assert whole[1:4] == [before, after, after - before]
    lines = [row for row in page.rows[: rows(page).index(whole)] if row.style == "line"]
    changes = [row.cells[3] for row in lines]
    assert sum(it.pence for it in changes if isinstance(it, Money)) == after - before


@slow(first=1)
@pytest.mark.parametrize(("pool", "name"), SCENARIOS)
def test_the_earlier_budget_is_the_opening_of_the_plan(pool: Path, name: str) -> None:
    own = shown(pool, name)
    opening = own.opening()
    assert opening is not None
    assert moved(own.projection).figures.pence(Figure("earlier")) == own.amount(opening)


@slow
@pytest.mark.parametrize("name", ["city"])
def test_without_another_agreed_version_it_goes_to_the_closing(name: str) -> None:
    own = shown(PLAN, name)
    found = moved(own.projection)
    closing = own.closing("2019-20")
    assert closing is not None and not found.agreed
    assert found.figures.pence(Figure("later")) == own.amount(closing)
    assert page_of(own).headings[2].text == "Closing 2019/20"


@slow
def test_a_version_agreed_that_is_the_opening_is_no_movement() -> None:
    """What the year does to it is."""
    own = shown(SHEFFIELD, "savings-as-planned")
    found = moved(own.projection)
    assert own.projection.scenario.settings.agreed == {"2019-20": found.earlier}
    assert not found.agreed
    causes = found.table.groupby("cause")["amount"].sum().to_dict()
    assert causes == {"target in the budget": 2_400_000_000, "savings target": -2_400_000_000}
    assert any("that is an assumption" in said for said in page_of(own).about)


# ------------------------------------------------------------------ what is said


def test_what_virements_state_and_what_they_leave() -> None:
    page = page_of(shown(PLAN, "start"))
    assert before_the_total(page) == [
        ["1 Staying well at home", None, None, 100_000, "Virement"],
        ["1 Staying well at home", None, None, 400_000, "Pay award"],
        ["Theme 1, together", 16_500_000, 17_000_000, 500_000, None],
        ["2 Leaving hospital (revenue)", None, None, -100_000, "Virement"],
        ["2 Leaving hospital (revenue)", None, None, 200_000, "Cause not stated"],
        ["Theme 2 (revenue), together", 3_000_000, 3_100_000, 100_000, None],
        ["2 Leaving hospital (capital)", 6_400_000, 6_000_000, -400_000, "Cause not stated"],
        ["Theme 2", 9_400_000, 9_100_000, -300_000, None],
    ]
    assert "Not said: why 6,000.00 moved, ups and downs together, in £." in page.about


@slow(first=1)
def test_a_virement_of_a_theme_neither_budget_states_leaves_the_total_blank(tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    shutil.copytree(PLAN, pool)
    themes, virements = pool / "themes.csv", pool / "virements.csv"
    frame = pd.read_csv(virements, dtype=str, keep_default_na=False)
    cause = frame[frame["cause"] == "pay award"].head(1).assign(theme="9", cause="new", amount="5")
    pd.concat([frame, cause]).to_csv(virements, index=False)
    named = pd.read_csv(themes, dtype=str, keep_default_na=False)
    pd.concat([named, named.tail(1).assign(theme="9", name="New")]).to_csv(themes, index=False)
    page = page_of(shown(pool, "start"))
    [told] = (row for row in rows(page) if row[0] == "Theme 9, together")
    whole = next(row for row in rows(page) if row[0] == "Total")
    assert told[1:] == whole[1:] == [None, None, None, "Not given"]
    assert sum("theme 9, of which" in said for said in page.about) == 2


@slow
def test_what_is_not_said_by_theme_is_said_plainly() -> None:
    page = page_of(shown(SHEFFIELD, "published-2019-20"))
    assert page.about[1:3] == (
        "Not said, of any theme: why it moved. No cause is stated between these two.",
        "Not said: whose budgets moved. One of the two budgets names no organisations.",
    )
    assert "no part of it" in page.about[3]
    assert {row[4] for row in before_the_total(page)} == {"Cause not stated"}
    beside = [row for row in rows(page) if str(row[0]).startswith("In total only")]
    assert [row[3] for row in beside] == [
        -500_000_000, 4_300_000_000, -2_400_000_000, -1_400_000_000, 0,
    ]  # fmt: skip


@slow
def test_budgets_of_two_versions_by_organisation(tmp_path: Path) -> None:
    """Where both name them, whose budget moved is told, and each theme has a sum of its own."""
    pool = shutil.copytree(PLAN, tmp_path / "pool")
    frame = pd.read_csv(pool / "budgets.csv", dtype=str, keep_default_na=False)
    revenue = (frame["kind"] == "revenue") & frame["version"].isin(["closing", "initial"])
    frame.loc[revenue, "organisation"] = "ICB"
    other = frame[revenue & (frame["theme"] == "1")].assign(organisation="Council", amount="10")
    frame.loc[frame["kind"] == "capital", "organisation"] = "Council"
    pd.concat([frame, other]).to_csv(pool / "budgets.csv", index=False)
    virements = pd.read_csv(pool / "virements.csv", dtype=str, keep_default_na=False)
    virements.assign(organisation="ICB").to_csv(pool / "virements.csv", index=False)
    page = page_of(shown(pool, "start"))
    found = before_the_total(page)
    assert [row[0] for row in found] == [
        "1 Staying well at home",
        *["Anytown Integrated Care Board"] * 2,
        "Anytown Integrated Care Board, together",
        "Anytown Borough Council",
        "Theme 1",
        "2 Leaving hospital",
        *["Anytown Integrated Care Board (revenue)"] * 2,
        "Anytown Integrated Care Board (revenue), together",
        "Anytown Borough Council (capital)",
        "Theme 2",
    ]
    assert found[4] == ["Anytown Borough Council", 1_000, 1_000, 0, "Nothing moved"]
    assert found[5] == ["Theme 1", 16_501_000, 17_001_000, 500_000, None]
    assert not any("whose budgets" in said for said in page.about)


# ------------------------------------------------------------------ savings targets


@slow
def test_targets_stand_beside_a_scenario_under_the_perimeter_they_are_of() -> None:
    for name in ("published-2019-20", "do-nothing-2023-24"):
        own = shown(SHEFFIELD, name)
        [page] = efficiency_pages.sheets(own)
        assert [row.cells[0] for row in page.rows if row.style == "group"] == [
            "Six organisations of the Accountable Care Partnership, each by its own plan, 2019/20"
        ]
        assert any("Each group is of a perimeter of its own." in said for said in page.about)
        assert page in sheets(own)


@slow
def test_the_targets_of_six_organisations() -> None:
    """£89m, as the table totals six targets; of a percentage of 0.0 no base is known."""
    [page] = efficiency_pages.sheets(shown(SHEFFIELD, "do-nothing-2023-24"))
    found = {str(row[0]): row[1:] for row in rows(page)}
    together = found["Together, as printed"]
    assert together[:3] == [8_900_000_000, 8_850_000_000, 8_950_000_000]
    assert together[3:] == [None] * 5
    assert found["Primary Care Sheffield"][3:7] == ["0.0%", "not known", None, None]
    assert found["Sheffield Teaching Hospitals NHSFT"][:7] == [
        2_100_000_000, 2_050_000_000, 2_150_000_000, "2.0%",
        105_000_000_000, 100_000_000_000, 110_256_410_256,
    ]  # fmt: skip
    assert any("nothing here is taken off a budget" in said for said in page.about)


@slow
def test_targets_of_other_years_are_left_out(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "pool")
    text = (pool / "efficiencies.csv").read_text(encoding="utf-8")
    (pool / "efficiencies.csv").write_text(text.replace("2019-20", "2030-31"), encoding="utf-8")
    assert efficiency_pages.sheets(shown(pool, "city")) == ()


# ------------------------------------------------------------------ files


@slow
@pytest.mark.parametrize(("name", "targets"), [("start", True), ("city", True)])
def test_the_tables_are_written_where_there_is_something_in_them(name: str, targets: bool) -> None:
    one = calculated(PLAN, name)
    files = contents(document(one))
    assert ("tables/efficiencies.csv" in files) is targets
    assert ("tables/efficiencies_total.csv" in files) is targets
    written = list(csv.DictReader(files["tables/movement.csv"].decode().splitlines()))
    amounts = [read_money(row["amount"], "pounds").pence for row in written]
    assert amounts == moved(one.projection).table["amount"].tolist()
    assert {row["scenario"] for row in written} == {name}
    if targets:
        [row] = csv.DictReader(files["tables/efficiencies.csv"].decode().splitlines())
        assert (row["scenario"], row["perimeter"], row["amount"]) == (name, "city", "8000.00")
