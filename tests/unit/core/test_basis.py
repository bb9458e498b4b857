"""What a position is, what it is called, and which shares it gives."""

import csv
import json
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.core.basis import latest, standing
from bcf_model.core.errors import NotHeld
from bcf_model.core.figures import Figure
from bcf_model.explain.derivation import explain_named
from bcf_model.pool import check_pool, load
from bcf_model.publish.write import write_report
from bcf_model.year.pipeline import compare, run
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.places import INPUTS, PLAN, SOUND

RESERVES = INPUTS / "agreements" / "12-ordered-calls"
WITHIN = "2018-09-30"
NO_SHARE = ("", "plan", "to date")
NEVER = re.compile(r"year.?end|outturn", re.IGNORECASE)


def dated(folder: Path, as_at: str, basis: str = "", pool: Path = SOUND) -> Path:
    """Return a copy of a pool at another day, with a basis where one is stated."""
    made = shutil.copytree(pool, folder / f"{pool.name} {as_at} {basis}".strip())
    said = (made / "pool.toml").read_text(encoding="utf-8")
    more = f'basis = "{basis}"\n' if basis else ""
    said = re.sub(r"as_at = \S+\n", f"as_at = {as_at}\n{more}", said, count=1)
    (made / "pool.toml").write_text(said, encoding="utf-8")
    return made


def codes(pool: Path) -> list[str]:
    return [finding.code for finding in check_pool(pool)[1]]


def bcf(*said: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(it) for it in said])


def worked(folder: Path, basis: str, pool: Path = SOUND, as_at: str = WITHIN) -> Results:
    return run(load(dated(folder, as_at, basis, pool)))


@pytest.mark.parametrize(
    ("basis", "as_at", "expected"),
    [
        ("", date(2019, 3, 30), ""),
        ("", date(2019, 3, 31), "outturn"),
        ("", date(2019, 6, 1), "outturn"),
        ("forecast", date(2019, 6, 1), "forecast"),
        ("to date", date(2019, 3, 31), "to date"),
    ],
)
def test_what_is_not_stated_is_an_outturn_once_the_year_is_over(
    basis: str, as_at: date, expected: str
) -> None:
    assert standing(basis, as_at, "2018-19").basis == expected


@pytest.mark.parametrize(
    ("as_at", "basis", "expected"),
    [
        ("2018-03-31", "", ["BCF512"]),
        ("2018-03-31", "forecast", ["BCF512"]),
        ("2018-03-31", "plan", []),
        ("2018-04-01", "to date", []),
        ("2018-04-01", "", ["BCF511"]),
        ("2019-03-30", "", ["BCF511"]),
        ("2019-03-31", "", []),
        ("2020-09-30", "", []),
        ("2020-10-01", "", ["BCF512"]),
        ("2020-10-01", "plan", ["BCF512"]),
        ("2019-03-30", "outturn", ["BCF105"]),
        ("2019-03-31", "outturn", []),
        ("2019-03-31", "outrun", ["BCF104"]),
    ],
)
def test_the_day_goes_with_the_year_and_the_basis(
    tmp_path: Path, as_at: str, basis: str, expected: list[str]
) -> None:
    assert codes(dated(tmp_path, as_at, basis)) == expected


def test_a_position_is_reported_for_eighteen_months() -> None:
    assert latest("2023-24") == date(2025, 9, 30)


@slow(first=1)
@pytest.mark.parametrize("basis", NO_SHARE)
def test_no_share_is_given_of_what_is_no_result(tmp_path: Path, basis: str) -> None:
    results = worked(tmp_path, basis)
    reason = results.inputs.settings.standing.no_share
    assert results.figures.value(Figure.of("borne", bearer="ICB")) is None
    with pytest.raises(NotHeld, match="is not given"):
        results.figures.pence(Figure("borne"))
    assert results.outputs["risk_share_workings"].empty
    for name in ("risk_share", "risk_share_summary", "revenue_capital", "settlement"):
        frame = results.outputs[name]
        assert len(frame), name
        assert frame["borne"].isna().all(), name
        assert frame["share_note"].unique().tolist() == [f"no share: {reason}"], name
    assert results.outputs["settlement"]["balancing_payment"].isna().all()
    assert not [check for check in results.checks if "Borne" in check.name]
    for named in ("borne/bearer=ICB", "settlement/party=ICB"):
        told = explain_named(results, named)
        assert told.pence is None
        assert reason in told.said[-1]
    with pytest.raises(NotHeld, match="no share is given"):
        compare([results])


@slow(first=1)
@pytest.mark.parametrize("basis", NO_SHARE)
def test_a_reserve_has_no_closing_balance_without_shares(tmp_path: Path, basis: str) -> None:
    results = worked(tmp_path, basis, RESERVES, "2019-12-31")
    reserves = results.outputs["reserves"]
    assert reserves["opening"].notna().all()
    for name in ("drawn", "paid_in", "closing"):
        assert reserves[name].isna().all()
    assert explain_named(results, f"closing/reserve={reserves['reserve'][0]}").pence is None


@slow
def test_a_share_of_a_forecast_is_that_of_an_outturn_and_marked(tmp_path: Path) -> None:
    results, final = worked(tmp_path, "forecast"), run(load(SOUND))
    borne, of_outturn = (it.outputs["settlement"] for it in (results, final))
    assert borne["borne"].tolist() == of_outturn["borne"].tolist()
    assert borne["share_note"].str.startswith("provisional").all()
    assert (of_outturn["share_note"] == "").all()


@slow
@pytest.mark.parametrize("basis", [*NO_SHARE, "forecast"])
def test_nothing_within_the_year_is_called_a_year_end(tmp_path: Path, basis: str) -> None:
    """In every file of the report and every line of the terminal."""
    pool, out = dated(tmp_path, WITHIN, basis), tmp_path / "out"
    said = bcf("report", pool, "-o", out).output
    assert not NEVER.search(said.replace(str(tmp_path), ""))
    assert "as at 30 September 2018" in said
    with zipfile.ZipFile(out / "report.xlsx") as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    for path in out.rglob("*"):
        if path.is_file() and path.suffix != ".xlsx":
            parts[path.name] = path.read_text(encoding="utf-8")
    for name, text in parts.items():
        assert not NEVER.search(text), name
    assert json.loads(parts["run.json"])["basis"] == (basis or "not stated")
    marked = "Borne, provisional" if basis == "forecast" else "No share is given"
    assert marked in parts["report.html"]
    assert marked in said
    assert bcf("verify", out, "--pool", pool).exit_code == 0


@slow(first=1)
@pytest.mark.parametrize("basis", NO_SHARE)
def test_no_number_stands_under_borne_in_a_table(tmp_path: Path, basis: str) -> None:
    out = tmp_path / "out"
    write_report(worked(tmp_path, basis), out)
    for name in ("risk_share", "settlement", "revenue_capital"):
        with (out / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert {row["borne"] for row in csv.DictReader(file)} == {""}


@pytest.mark.parametrize("basis", NO_SHARE)
def test_agreements_are_not_compared_where_no_share_is_given(tmp_path: Path, basis: str) -> None:
    done = bcf("risk-share", dated(tmp_path, WITHIN, basis), "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "Nothing was compared" in done.output
    assert not (tmp_path / "out").exists()


@slow
def test_a_comparison_of_a_forecast_is_marked(tmp_path: Path) -> None:
    said = bcf("risk-share", dated(tmp_path, WITHIN, "forecast")).output
    assert "Borne, provisional" in said
    assert "Shares are provisional" in said


@slow
def test_a_control_total_of_a_share_that_is_not_given_is_a_finding(tmp_path: Path) -> None:
    pool = dated(tmp_path, WITHIN, "plan")
    with (pool / "control_totals.csv").open("a", encoding="utf-8") as file:
        file.write("borne,13750.13,invented,\n")
    assert codes(pool) == ["BCF106"]
    assert not [it for it in run(load(pool)).checks if it.name == "Control total: borne"]


@slow
def test_a_printed_share_is_not_compared_with_one_that_is_not_given(tmp_path: Path) -> None:
    pool = dated(tmp_path, WITHIN, "to date")
    (pool / "published.csv").write_text(
        "published_id,source,label,column,printed,unit,decimals,figure\n"
        "P1,p 1,borne,text,12,thousands,0,borne/bearer=ICB\n",
        encoding="utf-8",
    )
    assert run(load(pool)).outputs["published"]["verdict"].tolist() == ["not computed"]


@slow
@pytest.mark.parametrize(
    ("basis", "budget", "spent"),
    [("", "budget", ""), ("plan", "budget", "plan"), ("forecast", "budget", "forecast")],
)
def test_a_plan_names_the_pools_own_budgets_as_what_they_are(
    tmp_path: Path, basis: str, budget: str, spent: str
) -> None:
    pool = dated(tmp_path, WITHIN, basis, PLAN)
    for at in (pool / "scenarios").glob("*/scenario.toml"):
        said = at.read_text(encoding="utf-8")
        at.write_text(said.replace('"year-end budget"', f'"{budget}"'), encoding="utf-8")
    done = bcf("scenario", pool, "start", "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert f"as in '{budget}'" in " ".join(done.output.split())
    assert not NEVER.search(done.output.replace(str(tmp_path), ""))
    page = next((tmp_path / "out").rglob("report.html")).read_text(encoding="utf-8")
    assert not NEVER.search(page)
    known = bcf("movement", pool, "closing", "outturn").output
    assert "there is no version 'outturn'" in known
    if spent:
        assert bcf("movement", pool, budget, spent).exit_code == 0
