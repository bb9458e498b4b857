"""`bcf scenario --show`, the list of scenarios, and what `bcf check` says of plans."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.commands.options import DATA_HAS_ERRORS
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD

LAGS = "scenarios/city/lags.csv"


def bcf(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_scenarios_are_listed() -> None:
    said = bcf("scenario", PLAN)
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "child  Less growth, and one more programme (illustrative)",
        "city   A shift towards prevention (illustrative)",
        "start  If nothing else is done (invented)",
    ]


@slow
def test_what_is_in_force_is_shown_with_its_places() -> None:
    said = bcf("scenario", PLAN, "child", "--show")
    assert said.exit_code == 0
    assert "[scenarios/start/assumptions.csv, row 2]" in said.output
    assert "city" not in said.output.split()
    assert bcf("scenario", PLAN, "--show").output.count("\nSettings\n") == 3


@slow
def test_a_scenario_with_errors_is_not_shown(tmp_path: Path) -> None:
    assert bcf("scenario", PLAN, "chid", "--show").exit_code == DATA_HAS_ERRORS
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    (pool / LAGS).write_text("lag,years_after,share\nslow,1,30\nslow,2,60\n", encoding="utf-8")
    said = bcf("scenario", pool, "city", "--show")
    assert said.exit_code == DATA_HAS_ERRORS
    assert "BCF734" in said.output
    assert bcf("scenario", pool, "child", "--show").exit_code == 0


@slow
def test_a_check_looks_at_plans_and_a_report_does_not(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    (pool / LAGS).write_text("lag,years_after,share\nslow,1,30\nslow,2,60\n", encoding="utf-8")
    said = bcf("check", pool)
    assert said.exit_code == DATA_HAS_ERRORS
    assert "scenarios/city/lags.csv, row 3" in said.output
    assert "The report can be made" in said.output
    assert bcf("check", PLAN).output == "0 errors, 0 warnings.\n"
    assert bcf("report", pool, "-o", tmp_path / "report").exit_code == 0


def test_movement_says_what_virements_do_not_explain() -> None:
    told = bcf("movement", PLAN, "closing", "initial")
    assert told.exit_code == 0
    rows = [line.split() for line in told.output.splitlines()]
    assert rows[2] == ["Theme", "1", "165,000.00", "170,000.00", "5,000.00", "1,000.00",
                       "4,000.00", "0.00"]  # fmt: skip
    assert rows[-1] == ["Total", "259,000.00", "261,000.00", "2,000.00", "0.00", "4,000.00",
                        "(2,000.00)"]  # fmt: skip


def test_a_name_pasted_with_a_no_break_space_is_the_name_as_the_tables_have_it() -> None:
    pasted = bcf("movement", PLAN, "year-end\xa0budget", "initial")
    assert pasted.exit_code == 0
    assert pasted.stdout == bcf("movement", PLAN, "year-end budget", "initial").stdout


@pytest.mark.parametrize(
    ("versions", "said"), [(("closing", "initail"), "initial"), (("blocks", "outturn"), "city")]
)
def test_movement_between_what_cannot_be_compared(versions: tuple[str, str], said: str) -> None:
    told = bcf("movement", PLAN, *versions)
    assert told.exit_code == 2
    assert said in told.output


@slow
def test_solve_tells_the_value_and_the_figure_it_gives() -> None:
    told = bcf("solve", PLAN, "city", "growth", "closing/year=2020-21", "--to", "1,100,000")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("growth: ")
    assert "closing/year=2020-21 is £1,099,999.99" in told.output, "nearest below"
    assert "£1,100,000.01 at 4.421876%" in told.output, "nearest above"


@slow
def test_solve_says_when_there_is_no_such_value() -> None:
    told = bcf("solve", PLAN, "city", "growth", "closing/year=2020-21", "--to", "5,000,000",
               "--between", "0", "1%")  # fmt: skip
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "No value of growth between 0% and 1% brings closing/year=2020-21 to £5,000,000.00.",
        "At 1% it is £1,029,365.00, the nearest found.",
    ]


@slow
def test_solve_looks_no_further_than_what_the_scenario_takes() -> None:
    """A factor on returns is a hundred at most."""
    words = ("less return", "position/year=2023-24", "--to", "900,000,000,000")
    told = bcf("solve", PLAN, "city", *words)
    assert told.exit_code == 0, told.output
    first, second = told.output.splitlines()
    assert first.startswith("No value of less return between 0 and 100 brings position/year=2023")
    assert second == "At 100 it is £1,697,461.46, the nearest found."
    told = bcf("solve", PLAN, "city", *words, "--between", "0", "100.1")
    assert told.exit_code == 2
    assert "less return cannot be 100.1: it is from 0 to 100" in told.output


@slow
def test_solve_says_what_the_value_stands_in_place_of(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    (pool / "scenarios" / "city" / "assumptions.csv").write_text(
        "assumption,step,scope,year,value,unit,source,status\n"
        "growth,demand,all,,3.5,percent,invented,illustrative\n"
        "growth,demand,all,2020-21,2,percent,invented,illustrative\n",
        encoding="utf-8",
    )
    told = bcf("solve", pool, "city", "growth", "closing/year=2020-21", "--to", "1,100,000")
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[0].endswith(
        "%, in every year (replaces 3.5% in 2019/20, 2021/22, 2022/23 and 2023/24, 2% in 2020/21)"
    )


@slow
def test_solve_may_be_asked_for_one_year() -> None:
    words = ("closing/year=2020-21", "--to", "1,100,000")
    told = bcf("solve", PLAN, "city", "growth/year=2020-21", *words)
    assert told.exit_code == 0, told.output
    said = told.output.splitlines()[0]
    assert said.startswith("growth: ")
    assert said.endswith("%, in 2020/21 (replaces 3.5%)")
    told = bcf("solve", PLAN, "city", "less return/year=2020-21", *words)
    assert told.exit_code == 2
    assert "less return (return) holds in every year" in told.output


@slow(first=1)
@pytest.mark.parametrize(
    ("scenario", "figure", "said"),
    [
        ("start", "borne/year=2019-20", "say of which bearer, as in borne/year=2019-20/bearer="),
        ("start", "borne/year=2021-22/bearer=ICB", "no budget is agreed for that year"),
        ("city", "gap/year=2019-20", "no funding is stated for that year"),
    ],
)
def test_solve_says_what_a_figure_lacks(scenario: str, figure: str, said: str) -> None:
    told = bcf("solve", PLAN, scenario, "growth", figure, "--to", "0")
    assert told.exit_code == 2
    assert said in " ".join(told.output.split())


@slow
def test_a_line_below_nil_is_among_the_findings(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    rows = pool / "scenarios" / "city" / "assumptions.csv"
    taken = "too much,savings,block=acute,2,millions,invented,illustrative\n"
    rows.write_text(rows.read_text(encoding="utf-8") + taken, encoding="utf-8")
    told = bcf("scenario", pool, "city", "-o", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert "WARNING BCF755" in told.stderr
    assert "scenarios/city/scenario.toml" in told.stderr
    assert "BCF755" not in told.stdout


@slow
def test_what_a_scenario_may_be_called_is_said(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    for name, said in (
        ('the "best"', "then only letters, digits, spaces and . - _ &, at most 60 in all"),
        ("x" * 61, "at most 60 in all"),
        ("plan", "another name: that is the pool's"),
    ):
        (pool / "scenarios" / "child").rename(pool / "scenarios" / name)
        told = bcf("scenario", pool, name, "--show")
        assert told.exit_code == DATA_HAS_ERRORS
        assert "BCF210" in told.output
        assert said in told.output
        (pool / "scenarios" / name).rename(pool / "scenarios" / "child")


@slow
def test_solve_refuses_what_is_not_there() -> None:
    for words in (("growht", "closing/year=2020-21"), ("growth", "closng/year=2020-21")):
        told = bcf("solve", PLAN, "city", *words, "--to", "1")
        assert told.exit_code == 2
        assert "growth" in told.output or "closing" in told.output


@slow
def test_printed_targets_have_the_base_they_imply() -> None:
    """8 at 4.0 %: 200; from 7.5 at 4.05 % to 8.5 at 3.95 %. The made-up hospital counts in £000."""
    told = bcf("efficiencies", PLAN)
    assert told.exit_code == 0
    hospital = next(line for line in told.output.splitlines() if line.startswith("Anytown"))
    assert hospital.split() == ["Anytown", "Hospital", "8", "4.0", "0.2", "0.2", "0.2"]
    sheffield = bcf("efficiencies", SHEFFIELD)
    lines = sheffield.output.splitlines()
    assert lines[2].split()[-5:] == ["8", "4.0", "200.0", "185.2", "215.2"]
    in_all = " ".join(sheffield.output.rpartition("─")[2].split())
    assert in_all == "All partnership-plans 2019/20 (88.5 to 89.5) 89"


def test_a_pool_that_is_not_there_has_no_scenarios_to_list(tmp_path: Path) -> None:
    for words in ([], ["--show"]):
        said = bcf("scenario", tmp_path / "nowhere", *words)
        assert said.exit_code == DATA_HAS_ERRORS
        assert "BCF001" in said.output


@slow
def test_a_pool_whose_name_has_a_dot_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "invented.v2")
    monkeypatch.chdir(tmp_path)
    assert bcf("scenario", pool, "city").exit_code == 0
    assert (tmp_path / "outputs" / "invented.v2" / "scenarios" / "city").is_dir()


@slow
def test_a_scenario_that_states_its_growth_says_that_the_factor_stays() -> None:
    asked = ("pay", "closing/year=2021-22", "--to", "270000")
    assert "factor found anew" in bcf("solve", PLAN, "start", *asked).output
    assert "factor found anew" not in bcf("solve", PLAN, "child", *asked).output
