"""Lines brought below nil: found, shown as they are, and held nowhere."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.findings import run_checks
from bcf_model.plan.checks.results import CHECKS, Calculated, below_nil
from bcf_model.plan.draws import make_ready, run_draws
from bcf_model.plan.projection import Projection
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.scenario.sentences import not_known
from tests.longer import slow
from tests.make.small_plans import FILES, POOL, SCENARIO, plan, scenario

YEARS = 'last_year = "2021-22"'
PREVENTION = """programme,name,payer,scope,financial_year,investment
V,Help,ICB,line=L1,2019-20,400
"""
RETURNS = """programme,beneficiary,scope,return_per_pound,cashable,lag
V,ICB,line=L1,10,100,next
"""
LAGS = "lag,years_after,share\nnext,1,100\n"


def told(made: Projection) -> list[str]:
    found = [*below_nil(Calculated("a", made.tables))]
    assert {(f.code, f.file) for f in found} <= {("BCF755", "scenarios/a/scenario.toml")}
    return [finding.value for finding in found]


def invested_and_reduced(folder: Path) -> Projection:
    """£400 on L1 for a year, and the whole of L1 released in the next, when that ends."""
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "pool.toml").write_text(POOL, encoding="utf-8")
    programme = {"prevention": PREVENTION, "returns": RETURNS, "lags": LAGS}
    return scenario(folder, [], SCENARIO + YEARS, **programme)


@slow
def test_a_line_invested_in_and_reduced_is_found(tmp_path: Path) -> None:
    """It has £1,400: all is released, and the £400 end as well; in 2021-22 both are put back."""
    made = invested_and_reduced(tmp_path)
    closing = made.closing(["line"])
    assert [closing[year, "L1"] for year in made.years] == [1400_00, -400_00, 1000_00]
    assert told(made) == ["L1 closes 2020-21 at -£400.00, after shift of -£1,800.00"]


@slow
def test_the_report_says_so(tmp_path: Path) -> None:
    said = [it for it in not_known(view(invested_and_reduced(tmp_path))) if "L1" in it]
    assert said == [
        "L1 closes 2020-21 at -£400.00, after shift of -£1,800.00: no line spends less than "
        "nothing, so some of it is not known."
    ]


@slow
def test_the_bridge_still_ties(tmp_path: Path) -> None:
    walk = invested_and_reduced(tmp_path).tables["walk"]
    by = ["financial_year", "line"]
    closing = walk.groupby(by)["amount"].sum()
    opening = walk[walk["step"] == "opening"].groupby(by)["amount"].sum()
    for earlier, later in (("2019-20", "2020-21"), ("2020-21", "2021-22")):
        assert opening[later].to_dict() == closing[earlier].to_dict()


@slow
def test_draws_hold_no_line_at_nil_either(tmp_path: Path) -> None:
    """What is nil or less in the scenario is so in each draw, and totals are sums of lines."""
    rows = [("cut", "savings", "line=L1", "2019-20", 1200, "pounds", 1100, 1300, "uniform")]
    made = plan(tmp_path, rows, 'last_year = "2020-21"')
    chain = make_ready(made)
    values = np.array([[1100e6], [1200e6], [1300e6]])
    found = run_draws(chain, values)
    total = chain.outcomes[(chain.outcomes["measure"] == "closing") & (chain.outcomes["key"] == "")]
    assert found[total.index].tolist() == [[400_00, 300_00, 200_00]] * 2
    assert told(made) == ["L1 closes 2019-20 at -£200.00, after savings of -£1,200.00"]


@slow
def test_each_line_is_told_once_and_in_the_order_of_years(tmp_path: Path) -> None:
    rows = [
        ("late", "pressures", "line=L1", "2021-22", -1300, "pounds", "", "", ""),
        ("early", "demand", "line=L1", "2020-21", -10, "percent", "", "", ""),
        ("soon", "savings", "line=L2", "2019-20", 501, "pounds", "", "", ""),
        ("more", "savings", "line=L2", "2020-21", 100, "pounds", "", "", ""),
    ]
    assert told(plan(tmp_path, rows, YEARS)) == [
        "L2 closes 2019-20 at -£1.00, after savings of -£501.00",
        "L1 closes 2021-22 at -£400.00, after pressures of -£1,300.00",
    ]


@slow
@pytest.mark.parametrize(("off", "of"), [(1000, "line=L1"), (5000, "not allocated")])
def test_nil_itself_and_what_is_not_allocated_are_none(tmp_path: Path, off: int, of: str) -> None:
    rows = [("off", "savings", of, "2019-20", off, "pounds", "", "", "")]
    assert told(plan(tmp_path, rows)) == []


@slow
def test_a_line_that_is_below_nil_from_the_start_is_none(tmp_path: Path) -> None:
    schemes = """scheme_id,theme,organisation,scheme,category,kind,budget,expenditure
L1,1,ICB,One,A,revenue,1000,1000
L2,1,Council,Income,A,revenue,(500),(500)
"""
    rows = [("more", "pressures", "line=L2", "2019-20", -100, "pounds", "", "", "")]
    assert told(plan(tmp_path, rows, schemes=schemes)) == []


FUNDING = """organisation,funding,financial_year,recurrence,amount
ICB,additional,2018-19,recurrent,1500
Council,grant,2018-19,recurrent,9000
"""


def of(made: Projection, code: str) -> list[str]:
    return [str(it) for it in run_checks(CHECKS, Calculated("a", made.tables)) if it.code == code]


@slow
def test_funding_that_is_cut_below_nil_names_stream_year_and_amount(tmp_path: Path) -> None:
    """Of £1,500 £6,000 are cut, and £500 more a year later: -£4,500, and -£5,000."""
    rows = [
        ("cut", "funding change", "funding=additional", "2019-20", -6000, "pounds", "", "", ""),
        ("more", "funding change", "funding=additional", "2020-21", -500, "pounds", "", "", ""),
    ]
    made = plan(tmp_path, rows, 'last_year = "2020-21"', funding=FUNDING)
    first, second = of(made, "BCF761")
    for part in ("additional of ICB", "2019-20", "-£4,500.00", "£1,500.00", "cut of -£6,000.00"):
        assert part in first
    assert "it is £4,500.00 more than there is" in first
    for part in ("additional of ICB", "2020-21", "-£5,000.00", "more of -£500.00"):
        assert part in second
    said = [it for it in not_known(view(made)) if "additional" in it]
    assert len(said) == 2
    assert "what pays for the rest is not known" in said[0]


@slow(first=1)
@pytest.mark.parametrize(
    ("funding", "told"),
    [
        ("ICB,reserves,2019-20,non-recurrent,-20\n", "reserves of ICB comes to -£20.00 in 2019-20"),
        ("ICB,reserves,2019-20,recurrent,-1\n", "reserves of ICB comes to -£1.00 in 2019-20"),
        ("ICB,reserves,2019-20,recurrent,0\n", ""),
    ],
)
def test_reserves_and_contributions_are_funding_too(
    tmp_path: Path, funding: str, told: str
) -> None:
    found = of(plan(tmp_path, [], "", funding=FUNDING + funding), "BCF761")
    assert [told in it for it in found] == [True] * bool(told)


@slow
def test_a_stream_that_others_make_up_for_is_found_all_the_same(tmp_path: Path) -> None:
    rows = [("moved", "funding change", "funding=additional", "", -2000, "pounds", "", "", ""),
            ("to", "funding change", "funding=grant", "", 2000, "pounds", "", "", "")]  # fmt: skip
    made = plan(tmp_path, rows, "", funding=FUNDING)
    assert made.tables["gap"]["funding"].tolist() == [10_500_00, -500_00, 11_000_00]
    assert len(of(made, "BCF761")) == 1


@slow
def test_more_is_to_be_saved_than_all_lines_spend(tmp_path: Path) -> None:
    """£1,500 are spent in all, and £1,600 are to be saved somewhere: told once, of the first."""
    rows = [("off", "savings", "not allocated", "2019-20", 1600, "pounds", "", "", "")]
    (told,) = of(plan(tmp_path, rows, YEARS), "BCF762")
    assert "close 2019-20 at -£100.00, after savings of -£1,600.00" in told


@slow
@pytest.mark.parametrize("off", [1500, 0])
def test_all_that_is_spent_may_be_saved(tmp_path: Path, off: int) -> None:
    rows = [("off", "savings", "not allocated", "2019-20", off, "pounds", "", "", "")]
    assert of(plan(tmp_path, rows, YEARS), "BCF762") == []


@slow
def test_bcf_check_tells_what_only_the_calculation_shows(tmp_path: Path) -> None:
    rows = [("cut", "funding change", "funding=additional", "2019-20", -6000, "pounds", "", "", "")]
    plan(tmp_path, rows, funding=FUNDING)
    (pool,) = (it.parent for it in tmp_path.rglob("pool.toml"))
    done = CliRunner().invoke(cli, ["check", str(pool)])
    assert done.exit_code == 0
    assert "BCF761" in done.stdout
