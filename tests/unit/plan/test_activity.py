"""Payment by activity in a plan: what of a projected year is payable, on tables for paper.

The pool pays £1,000 for 100 stays at £10 on L1; above plan a fifth of the price is paid.
"""

import csv
import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import run_checks
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.explain.tree import walk
from bcf_model.plan.checks.results import CHECKS, Calculated
from bcf_model.plan.comparison import compare
from bcf_model.plan.draws import make_ready, run_draws
from bcf_model.plan.gap import of_all
from bcf_model.plan.goal_seek import read_goal, why_not
from bcf_model.plan.output_tables import PlannedPaymentsOut
from bcf_model.plan.projection import Projection, not_payable
from bcf_model.plan.uncertainty import simulate
from bcf_model.publish.contents import contents, table_csv
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.scenario.sentences import headline, not_known
from bcf_model.publish.scenario.write import Shown, document
from tests.longer import slow
from tests.make import small_plans
from tests.make.scenario_reports import changed, closings, read, recalculated, walked, with_value
from tests.make.small_plans import FILES, SCENARIO, plan

ORGANISATIONS = """organisation,name,organisation_kind
ICB,Board,nhs
Council,Council,council
Acute,Acute hospital,provider
"""
PAYMENTS = """scheme_id,provider,share_above,share_below,reopens_at,share_beyond,clause
L1,Acute,20,50,100,100,4
"""
ACTIVITY = """scheme_id,planned,actual,price,counted_in
L1,100,100,£10,stays
"""
BUDGETS = """version,financial_year,theme,organisation,scheme_id,kind,amount
agreed,2019-20,1,ICB,L1,revenue,1000
agreed,2019-20,1,Council,L2,revenue,500
"""
FUNDING = """organisation,funding,financial_year,amount
ICB,minimum,2019-20,1500
"""
AGREED = '[agreed]\n2019-20 = "agreed"\n'
DEMAND = ("more stays", "demand", "line=L1", "", 10, "percent", "", "", "")


def planned(*rows: str) -> str:
    return "\n".join(["scheme_id,financial_year,planned,price", *rows]) + "\n"


def paid(folder: Path, rows=(DEMAND,), settings: str = AGREED, **files: str) -> Projection:
    """Calculate a plan of the pool; planned activity of 2019/20 is that of the year before."""
    usual = {
        "organisations": ORGANISATIONS, "payments": PAYMENTS, "activity": ACTIVITY,
        "budgets": BUDGETS, "funding": FUNDING, "planned_activity": planned("L1,2019-20,100,"),
    }  # fmt: skip
    return plan(folder, rows, settings, **(usual | files))


def of_year(found: Projection, year: str = "2019-20", line: str = "L1") -> dict:
    rows = found.tables["payments"]
    return rows[(rows["financial_year"] == year) & (rows["line"] == line)].iloc[0].to_dict()


def test_a_stated_price_is_explained_by_its_formula_and_its_numbers(tmp_path):
    found = paid(tmp_path, planned_activity=planned("L1,2019-20,100,£12"))
    told = Scenario(found).explain("change/cause=payment by activity/step=inflation")
    (of_line,) = (node for node in walk(told) if node.worked)
    assert of_line.pence == 20_000
    assert of_line.worked == ("((£12.00 − £10.00 × (1 + 0%)) × 100 − £0.00), rounded to the penny")
    assert [node.label for node in of_line.children] == ["L1: 100 planned for 2019/20 at £12"]


def test_a_plan_beyond_a_trillion_is_a_finding(tmp_path):
    with pytest.raises(DataHasErrors) as caught:
        paid(tmp_path, planned_activity=planned('L1,2019-20,100,"£999,999,999,999"'))
    (found,) = caught.value.findings
    assert (found.code, found.value) == ("BCF764", "L1 in 2019/20 comes to £99,999,999,998,900.00")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("x", "demand", "line=L1", "", 1000, "percent", "", "", ""), "L1 in 2027/28"),
        (("x", "inflation", "line=L2", "", 1000, "percent", "", "", ""), "L2 in 2027/28"),
        (("x", "uplift", "funding=minimum", "", 1000, "percent", "", "", ""),
         "minimum of ICB in 2028/29"),
    ],
)  # fmt: skip
def test_growth_beyond_a_trillion_is_a_finding(tmp_path, row, said):
    with pytest.raises(DataHasErrors, match=said):
        paid(tmp_path, (row,), 'last_year = "2047-48"\n')


def closing(found: Projection, year: str = "2019-20") -> dict[str, int]:
    return found.closing(["line"])[year].to_dict()


@slow
def test_at_a_fifth_a_fifth_of_the_extra_activity_is_payable(tmp_path):
    """Ten stays more are £100 at full price: £20 are payable, £80 are not, in everything."""
    found = paid(tmp_path)
    assert closing(found) == {"L1": 102_000, "L2": 50_000, "not allocated": 0}
    own = of_year(found)
    assert (own["planned"], own["actual"], own["price"]) == (100, 110_000_000, 10_000_000)
    assert (own["difference"], own["paid"], own["unpaid"]) == (10_000, 2_000, 8_000)
    assert (own["full_price"], own["payable"], own["note"]) == (110_000, 102_000, "")
    assert of_all(found.tables["gap"])["gap"].tolist() == [2_000]
    assert found.tables["agreed"]["variance"].tolist() == [2_000, 0, 0]
    assert found.tables["shared"]["borne"].sum() == 2_000


@slow
def test_below_plan_a_part_is_got_back(tmp_path):
    """Ten stays fewer: £100 less at full price, of which half is got back: £950 are spent."""
    found = paid(tmp_path, [(*DEMAND[:4], -10, *DEMAND[5:])])
    assert closing(found)["L1"] == 95_000


@slow
def test_beyond_the_point_at_which_it_reopens_all_is_paid(tmp_path):
    terms = PAYMENTS.replace("100,100,4", "5,100,4")
    found = paid(tmp_path, payments=terms)
    assert closing(found)["L1"] == 100_000 + 1_000 + 5_000  # £50 at a fifth, £50 in full


@slow
def test_inflation_moves_the_price_and_demand_the_activity(tmp_path):
    """5 %: £10.50 each; 10 more are £105, of which £21 are payable: 1,050 + 21."""
    found = paid(tmp_path, [DEMAND, ("pay", "inflation", "all", "", 5, "percent", "", "", "")])
    own = of_year(found)
    assert (own["actual"], own["price"]) == (110_000_000, 10_500_000)
    assert closing(found)["L1"] == 105_000 + 2_100


@slow
def test_pounds_of_demand_buy_stays_and_pounds_of_inflation_raise_the_price(tmp_path):
    """£50 of inflation on 100 stays are 50p each; £210 of demand are 20 stays at £10.50."""
    rows = [
        ("pay", "inflation", "line=L1", "2019-20", 50, "pounds", "", "", ""),
        ("stays", "demand", "line=L1", "2019-20", 210, "pounds", "", "", ""),
    ]
    own = of_year(paid(tmp_path, rows))
    assert (own["actual"], own["price"]) == (120_000_000, 10_500_000)
    assert (own["difference"], own["paid"]) == (21_000, 4_200)


@slow(first=1)
@pytest.mark.parametrize("step", ["pressures", "investment", "movement not explained"])
def test_other_steps_move_neither_and_are_paid_as_they_stand(tmp_path, step):
    found = paid(tmp_path, [("more", step, "line=L1", "2019-20", 100, "pounds", "", "", "")])
    assert of_year(found)["difference"] == 0
    assert closing(found)["L1"] == 110_000


@slow
def test_a_plan_that_opens_with_the_outturn_is_checked_as_it_was_paid(tmp_path, monkeypatch):
    """Of £400 less at full price half is got back: £200 were paid, by which £30 can be parted."""
    monkeypatch.setattr(small_plans, "SCENARIO", SCENARIO.replace("year-end budget", "outturn"))
    found = plan(
        tmp_path,
        [("more", "pressures", "all", "", 30, "pounds", "", "", "")],
        organisations=ORGANISATIONS, payments=PAYMENTS,
        activity=ACTIVITY.replace("100,100", "100,60"),
        schemes=FILES["schemes"].replace("1000,1000", "1000,0").replace("500,500", "500,0"),
        planned_activity=planned("L1,2019-20,100,"),
    )  # fmt: skip
    assert found.tables["lines"]["opening"].tolist() == [20_000, 0, 0]
    assert closing(found) == {"L1": 23_000, "L2": 0, "not allocated": 0}


TWO_YEARS = 'last_year = "2020-21"\n'


DEMAND_FIRST = (
    'order = ["non-recurrent", "full-year effects", "demand", "inflation", '
    '"pressures", "investment", "savings", "shift", "movement not explained", "allocation"]\n'
)


@slow
@pytest.mark.parametrize("order", ["", DEMAND_FIRST])
@pytest.mark.parametrize("inflation", [0, 3, 5, 8])
def test_a_price_that_is_stated_moves_the_spending_as_well(tmp_path, order, inflation):
    """100 stays at £10.50 are £1,050; 10 more are £105, of which £21 are payable."""
    rows = [DEMAND, ("pay", "inflation", "all", "", inflation, "percent", "", "", "")]
    stated = planned("L1,2019-20,100,£10.50", "L1,2020-21,110,£12")
    found = paid(tmp_path, rows, order + TWO_YEARS + AGREED, planned_activity=stated)
    assert closing(found)["L1"] == 107_100
    # 11 more at £12, a fifth paid; what inflation gives is rounded by itself.
    assert closing(found, "2020-21")["L1"] == pytest.approx(132_000 + 2_640, abs=1)
    walk = found.tables["walk"]
    own = walk[(walk["line"] == "L1") & (walk["step"] == "inflation")]
    assert own["amount"].groupby(own["financial_year"]).sum().iloc[0] == (5_500 if order else 5_000)
    at_full_price = found.tables["payments"]["full_price"].tolist()
    assert at_full_price == pytest.approx([115_500, 121 * 1_200], abs=1)


@slow
def test_pounds_of_inflation_are_part_of_a_price_that_is_stated(tmp_path):
    """£20 of inflation are 20p of the 50p more; pounds of demand buy stays at £10.50."""
    rows = [
        ("pay", "inflation", "line=L1", "2019-20", 20, "pounds", "", "", ""),
        ("stays", "demand", "line=L1", "2019-20", 210, "pounds", "", "", ""),
    ]
    found = paid(tmp_path, rows, planned_activity=planned("L1,2019-20,100,£10.50"))
    assert of_year(found)["full_price"] == 105_000 + 21_000
    assert closing(found)["L1"] == 105_000 + 4_200


@slow
def test_what_payment_by_activity_adds_is_explained_by_what_is_planned(tmp_path):
    """The price by its row, what is unpaid by the figure of its page; put back, of last year's."""
    stated = planned("L1,2019-20,100,£10.50", "L1,2020-21,110,")
    told = Scenario(paid(tmp_path, settings=TWO_YEARS + AGREED, planned_activity=stated))
    *_, price = walk(told.explain("change/year=2019-20/line=L1/step=inflation"))
    assert "planned_activity.csv" in price.sources[0]
    for year, step in (("2019-20", "unpaid activity"), ("2020-21", "back to full price")):
        nodes = [*walk(told.explain(f"change/year={year}/line=L1/step={step}"))]
        assert nodes[-1].refers_to == "payments.unpaid/year=2019-20/line=L1"


@slow
def test_draws_move_by_a_stated_price_as_the_scenario_does(tmp_path):
    rows = [
        ("more stays", "demand", "line=L1", "", 10, "percent", "0", "20", "uniform"),
        ("pay", "inflation", "line=L1", "", 5, "percent", "0", "10", "uniform"),
    ]
    chain = make_ready(paid(tmp_path, rows, planned_activity=planned("L1,2019-20,100,£12")))
    values = np.array([[10, 5], [0, 10], [20, 0], [-4, 2]]) * 1e6
    at = chain.outcomes.index[
        (chain.outcomes["measure"] == "closing") & (chain.outcomes["by"] == "total")
    ][0]
    found = run_draws(chain, values)[at] - 50_000
    assert found == pytest.approx([122_400, 120_000, 124_800, 117_600])


@slow
def test_the_next_year_begins_with_what_was_unpaid_put_back(tmp_path):
    """121 stays against 100 in the second year: 1,210 at full price, 1,000 + 42 payable."""
    rows = planned("L1,2019-20,100,", "L1,2020-21,100,")
    found = paid(tmp_path, settings=TWO_YEARS + AGREED, planned_activity=rows)
    walk = found.tables["walk"]
    own = walk[(walk["line"] == "L1") & (walk["financial_year"] == "2020-21")]
    steps = [*zip(own["step"], own["amount"], strict=True)]
    assert steps == [
        ("opening", 102_000), ("back to full price", 8_000), ("demand", 11_000),
        ("unpaid activity", -16_800),
    ]  # fmt: skip
    assert closing(found, "2020-21")["L1"] == 104_200


@slow
def test_what_is_planned_of_a_year_is_what_more_is_above(tmp_path):
    found = paid(tmp_path, planned_activity=planned("L1,2019-20,110,"))
    assert closing(found)["L1"] == 110_000


@slow
def test_where_no_activity_is_planned_what_is_payable_is_not_known_and_nothing_is_shared(tmp_path):
    """The first year is known; of the second there is no gap, no variance and no share."""
    agreed = AGREED + '2020-21 = "agreed 2020-21"\n'
    more = BUDGETS.replace("agreed,2019-20", "agreed 2020-21,2020-21").partition("\n")[2]
    found = paid(tmp_path, settings=TWO_YEARS + agreed, budgets=BUDGETS + more)
    own = of_year(found, "2020-21")
    assert own["note"] == "no activity is planned for the year"
    assert np.isnan([own["planned"], own["paid"], own["unpaid"], own["payable"]]).all()
    assert (own["actual"], own["full_price"]) == (121_000_000, 121_000)
    for table in ("gap", "agreed", "shared"):
        assert set(found.tables[table]["financial_year"]) == {"2019-20"}, table
    assert not_payable(found.tables["payments"]) == {
        "2020-21": ["L1: no activity is planned for the year"]
    }
    said = " ".join(not_known(view(found)))
    assert "What is payable of L1 in 2020/21 is not known: no activity is planned" in said
    assert "No funding is stated" not in said
    assert "No budget is agreed" not in said


@slow
def test_the_outturn_is_for_actual_activity_and_leaves_out_what_was_not_paid(tmp_path):
    """120 stays, £1,200 at full price, £1,040 paid: 10 % more are 132, 32 above plan: £64 paid."""
    files = {
        "activity": ACTIVITY.replace("100,100", "100,120"),
        "schemes": """scheme_id,theme,organisation,scheme,category,kind,budget,expenditure
L1,1,ICB,One,A,revenue,1000,1200
L2,1,Council,Two,A,revenue,500,500
""",
    }
    from tests.make import small_plans

    settings = small_plans.SCENARIO.replace("year-end budget", "outturn")
    for name, text in (
        small_plans.FILES
        | {"organisations": ORGANISATIONS, "payments": PAYMENTS}
        | {"planned_activity": planned("L1,2019-20,100,")}
        | files
    ).items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "pool.toml").write_text(small_plans.POOL, encoding="utf-8")
    found = small_plans.scenario(tmp_path, [DEMAND], settings)
    walk = found.tables["walk"]
    own = walk[walk["line"] == "L1"]
    assert [*zip(own["step"], own["amount"], strict=True)] == [
        ("opening", 104_000), ("back to full price", 16_000), ("demand", 12_000),
        ("unpaid activity", -25_600),
    ]  # fmt: skip


@slow
def test_a_budget_of_a_later_year_needs_its_activity_and_its_price(tmp_path):
    opening = 'opening = "agreed"\n'
    from tests.make import small_plans

    def made(folder: Path, rows: str) -> Projection:
        folder.mkdir()
        for name, text in (
            small_plans.FILES
            | {"organisations": ORGANISATIONS, "payments": PAYMENTS, "activity": ACTIVITY}
            | {"budgets": BUDGETS, "planned_activity": rows}
        ).items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        (folder / "pool.toml").write_text(small_plans.POOL, encoding="utf-8")
        settings = small_plans.SCENARIO.replace('opening = "year-end budget"\n', opening)
        return small_plans.scenario(folder, [DEMAND], settings + AGREED)

    without = made(tmp_path / "without", planned("L1,2019-20,80,"))
    assert of_year(without)["note"] == "no price is stated for 2019/20, the year of 'agreed'"
    assert without.tables["agreed"].empty
    found = of_year(made(tmp_path / "with", planned("L1,2019-20,80,£12.50")))
    assert (found["actual"], found["price"]) == (88_000_000, 12_500_000)
    assert (found["difference"], found["paid"]) == (10_000, 2_000)


@slow
def test_pounds_act_on_no_price_of_nil(tmp_path):
    rows = [("stays", "demand", "line=L1", "2019-20", 210, "pounds", "", "", "")]
    found = paid(tmp_path, rows, activity=ACTIVITY.replace("£10", "£0"))
    assert of_year(found)["note"] == "an amount of demand acts where the price is nil"


@slow
def test_a_percentage_that_leaves_no_activity_is_not_followed_below_nil(tmp_path):
    rows = [DEMAND, ("gone", "demand", "all", "", -100, "percent", "", "", "")]
    rows += [("gone too", "demand", "line=L1", "", -50, "percent", "", "", "")]
    assert of_year(paid(tmp_path, rows))["note"] == "activity would be below nil"


@slow
def test_draws_are_restated_by_the_same_expressions(tmp_path):
    """Ranges on both: each draw is 1,000 × (1 + i) + 20 % of the extra stays at their price."""
    rows = [
        ("more stays", "demand", "line=L1", "", 10, "percent", "0", "20", "uniform"),
        ("pay", "inflation", "line=L1", "", 5, "percent", "0", "10", "uniform"),
    ]
    chain = make_ready(paid(tmp_path, rows))
    values = np.array([[10, 5], [0, 10], [20, 0], [-4, 2]]) * 1e6
    at = chain.outcomes.index[
        (chain.outcomes["measure"] == "closing") & (chain.outcomes["by"] == "total")
    ][0]
    found = run_draws(chain, values)[at] - 50_000
    wanted = []
    for demand, inflation in (values / 1e8).tolist():
        price = 1_000 * (1 + inflation)
        share = 0.2 if demand >= 0 else 0.5
        wanted.append(100 * price * (1 + share * demand))
    assert found == pytest.approx(wanted)


@slow
def test_no_rounding_of_activity_or_price_reaches_the_money(tmp_path):
    """Three years of 3.33 % and 1.7 %: exact in fractions, rounded to the penny once."""
    rows = [
        ("more stays", "demand", "line=L1", "", 3.33, "percent", "", "", ""),
        ("pay", "inflation", "line=L1", "", 1.7, "percent", "", "", ""),
    ]
    stated = planned(*(f"L1,{year},100," for year in ("2019-20", "2020-21", "2021-22")))
    found = paid(tmp_path, rows, 'last_year = "2021-22"\n' + AGREED, planned_activity=stated)
    actual, price = Fraction(100), Fraction(1000)
    for year in ("2019-20", "2020-21", "2021-22"):
        actual, price = actual * Fraction("1.0333"), price * Fraction("1.017")
        difference = (actual - 100) * price
        own = of_year(found, year)
        assert abs(own["difference"] - difference) <= Fraction(1, 2)
        assert abs(own["paid"] - Fraction(own["difference"]) / 5) <= Fraction(1, 2)


@slow
def test_the_table_is_written_in_pounds_percent_and_numbers(tmp_path):
    """Price and activity with the decimals they have; blank where nothing is known."""
    rows = [DEMAND, ("pay", "inflation", "all", "", 2.5, "percent", "", "", "")]
    found = paid(tmp_path, rows, TWO_YEARS + AGREED)
    text = table_csv(found.tables["payments"], PlannedPaymentsOut).decode()
    first, second = csv.DictReader(io.StringIO(text))
    assert {name: first[name] for name in ("planned", "actual", "price", "share", "unpaid")} == {
        "planned": "100", "actual": "110", "price": "10.25", "share": "20", "unpaid": "82.00",
    }  # fmt: skip
    assert (second["actual"], second["price"], second["reopens_at"]) == ("121", "10.50625", "100")
    assert {second[name] for name in ("planned", "share", "paid", "unpaid", "payable")} == {""}


MIXED = [
    DEMAND,
    ("pay", "inflation", "all", "", 5, "percent", "", "", ""),
    ("dear", "inflation", "line=L1", "2019-20", 50, "pounds", "", "", ""),
    ("stays", "demand", "all", "2020-21", 210, "pounds", "", "", ""),
    ("cut", "savings", "line=L1", "2020-21", 30, "pounds", "", "", ""),
]


@slow
def test_the_workbook_follows_a_changed_assumption_through_what_is_payable(tmp_path):
    rows = planned("L1,2019-20,100,", "L1,2020-21,120,£10.75", "L1,2021-22,130,")
    agreed = 'last_year = "2021-22"\n' + AGREED
    found = paid(tmp_path, MIXED, agreed, planned_activity=rows)
    workbook = tmp_path / "report.xlsx"
    workbook.write_bytes(contents(document(Shown(found)))["report.xlsx"])
    before, now = read(workbook), recalculated(workbook, {})
    assert before["Payments"] == [
        [pytest.approx(cell) if isinstance(cell, float) else cell for cell in row]
        for row in now["Payments"]
    ]
    values = {"assume_more_stays": 13.7, "assume_dear": 77.5, "assume_stays": -345.25}
    pages = recalculated(workbook, values)
    scenario = found.scenario
    for name, value, year in (
        ("more stays", 13.7, ""), ("dear", 77.5, "2019-20"), ("stays", -345.25, "2020-21"),
    ):  # fmt: skip
        scenario = with_value(scenario, name, value, year)
    other = changed(found, scenario)
    assert walked(pages) == closings(other)
    assert walked(pages) != closings(found)
    assert not any("FAILS" in row for row in pages["Checks"])


@slow
def test_the_workbook_says_what_is_not_known_and_takes_nothing_off(tmp_path):
    found = paid(tmp_path, settings=TWO_YEARS + AGREED)
    workbook = tmp_path / "report.xlsx"
    workbook.write_bytes(contents(document(Shown(found)))["report.xlsx"])
    pages = recalculated(workbook, {"assume_more_stays": 20})
    assert walked(pages)["2020/21", "L1"] == 144_000
    assert any("no activity is planned for the year" in row for row in pages["Payments"])


@slow
def test_a_comparison_leaves_blank_what_is_not_known(tmp_path):
    found = paid(tmp_path, settings=TWO_YEARS + AGREED)
    table = compare([found])
    of_year = table[table["financial_year"] == "2020-21"]
    for measure in ("closing", "gap", "borne"):
        rows = of_year[of_year["measure"] == measure]
        assert rows["amount"].isna().all(), measure
        assert (rows["note"].str.contains("payable") | rows.empty).all()


@slow
def test_a_figure_that_is_not_known_cannot_be_aimed_at(tmp_path):
    found = paid(tmp_path, settings=TWO_YEARS + AGREED)
    for figure in ("closing/year=2020-21", "gap/year=2020-21", "borne/year=2020-21/bearer=ICB"):
        assert "payable" in why_not(found, read_goal(figure))


@slow
def test_growth_is_calibrated_to_what_is_payable(tmp_path):
    """1,500 are to be 2 % more: £30, a fifth of £150; so stays grow by 15 %, from 10 by 1.5."""
    settings = (
        AGREED
        + '[calibrate]\ntarget = 2\nbase_year = "2018-19"\nyear = "2019-20"\nsteps = ["demand"]\n'
    )
    found = paid(tmp_path, settings=settings)
    assert closing(found)["L1"] == 103_000
    assert of_year(found)["actual"] == pytest.approx(115_000_000, rel=1e-4)


@slow
def test_a_finding_says_of_which_line_and_years_it_is_not_known(tmp_path):
    found = paid(tmp_path, settings='last_year = "2021-22"\n' + AGREED)
    (told,) = (
        it for it in run_checks(CHECKS, Calculated("plan", found.tables)) if it.code == "BCF760"
    )
    assert told.value == "L1 in 2020-21, 2021-22: no activity is planned for the year"


def test_what_is_planned_of_the_pools_own_year_is_said_once(tmp_path):
    with pytest.raises(DataHasErrors) as refused:
        paid(tmp_path, planned_activity=planned("L1,2018-19,120,", "L1,2019-20,100,"))
    (told,) = (it for it in refused.value.findings if it.severity == "error")
    assert (told.code, told.row, told.value) == ("BCF759", 2, "120")
    assert told.expected == "100, as in activity.csv"


RESERVES = """reserve,name,reserve_kind,opening
Pot,Risk pool,risk pool,100
"""
CALLED = """rule_id,scope,direction,step,basis,bearer,share,clause
R0,pool,over,1,fixed,Pot,100,7
R1,pool,either,2,fixed,ICB,60,7
R2,pool,either,2,fixed,Council,40,7
"""


@slow
@pytest.mark.parametrize(("files", "shared"), [({}, True), ({"reserves": RESERVES}, False)])
def test_nobody_knows_what_a_reserve_holds_after_such_a_year(tmp_path, files, shared):
    """Only the third year is planned for: its shares hang on the second's where a reserve does."""
    agreed, rows = "[agreed]\n", [BUDGETS.partition("\n")[0]]
    for year in ("2020-21", "2021-22"):
        agreed += f'{year} = "of {year}"\n'
        rows += [
            f"of {year},{year},1,ICB,L1,revenue,1000",
            f"of {year},{year},1,Council,L2,revenue,500",
        ]
    files = files | ({"rules": CALLED} if files else {})
    found = paid(
        tmp_path, settings='last_year = "2021-22"\n' + agreed,
        budgets="\n".join(rows) + "\n", planned_activity=planned("L1,2021-22,100,"), **files,
    )  # fmt: skip
    assert set(found.tables["agreed"]["financial_year"]) == ({"2021-22"} if shared else set())
    said = " ".join(not_known(view(found)))
    assert ("What a reserve holds in 2021/22 is not known" in said) is not shared
    assert "No budget is agreed for 2019/20" not in said  # what is payable of it is not known


@slow
def test_what_is_at_full_price_is_said_to_be_and_passes_no_limit(tmp_path):
    limit = ("most", "limit", "all", "", 1000, "pounds", "", "", "")
    found = paid(tmp_path, [DEMAND, limit], TWO_YEARS + AGREED)
    assert headline(view(found)).startswith("At full price, spending rises by")
    breaches = simulate(found, 10, 1).breaches
    assert breaches["financial_year"].tolist() == ["2019-20"]


def test_a_price_of_the_pools_own_year_is_that_of_its_activity(tmp_path):
    same, other = tmp_path / "same", tmp_path / "other"
    for folder in (same, other):
        folder.mkdir()
    paid(same, planned_activity=planned("L1,2018-19,100,£10", "L1,2019-20,100,"))
    with pytest.raises(DataHasErrors) as refused:
        paid(other, planned_activity=planned("L1,2018-19,100,£11"))
    (told,) = (it for it in refused.value.findings if it.severity == "error")
    assert (told.code, told.column, told.value) == ("BCF759", "price", "'£11'")
    assert told.expected == "£10.00, as in activity.csv"
