"""How an extract is read is kept with the pool, found again by its headings, and held to it."""

import shutil
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bcf_model.extracts.plan import Plan
from bcf_model.extracts.saved import written
from bcf_model.extracts.take_in import plan_file, read_extract
from tests.make.places import SOUND

APRIL = "Cost Centre,Account,Text,Amount\nB1,1,one,12\nB2,2,two,30\nTotal B,,,43\n"
GIVEN = {"unit": "pounds", "BCF903 Total B": "total"}


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(SOUND, tmp_path / "pool")


def file_of(folder: Path, text: str, name: str = "GL_apr.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def keep(path: Path, pool: Path, given: Mapping[str, str] = GIVEN, name: str = "council") -> str:
    plan, _ = plan_file(path, given, pool)
    text = written(plan, date(2025, 5, 12))
    (pool / "ledgers").mkdir(exist_ok=True)
    (pool / "ledgers" / f"{name}.toml").write_text(text, encoding="utf-8")
    return text


def said(plan: Plan) -> list[str]:
    return [it.value for it in plan.findings if it.code == "BCF908"]


def test_what_is_kept_says_how_the_file_is_read(tmp_path: Path, pool: Path) -> None:
    kept = tomllib.loads(keep(file_of(tmp_path, APRIL), pool))
    assert kept["file"]["headings"] == ["Cost Centre", "Account", "Text", "Amount"]
    assert kept["columns"]["amount"] == ["Amount"]
    assert kept["columns"]["cost_centre"] == "Cost Centre"
    assert kept["reading"]["unit"] == "pounds"
    assert kept["answers"] == {"BCF903 Total B": "total", "unit": "pounds"}
    assert kept["confirmed"]["on"] == date(2025, 5, 12)
    assert len(kept["confirmed"]["sha256_of_plan"]) == 64


def test_a_plan_that_asks_is_not_kept(tmp_path: Path, pool: Path) -> None:
    plan, _ = plan_file(file_of(tmp_path, APRIL), {}, pool)
    with pytest.raises(ValueError, match="not kept"):
        written(plan, date(2025, 5, 12))


def test_next_month_is_read_without_a_question_wherever_its_columns_stand(
    tmp_path: Path, pool: Path
) -> None:
    keep(file_of(tmp_path, APRIL), pool)
    may = (
        "Ledger of May\n\nAmount,Text,Account,Cost Centre\n12,one,1,B1\n40,two,2,B2\n7,x,3,B2\n"
        "50,,,Total B\n"
    )
    lines, findings = read_extract(file_of(tmp_path, may, "May 2025.csv"), pool)
    assert findings == []
    assert lines is not None
    assert lines.pence.tolist() == [1200, 4000, 700]
    assert lines.rows.tolist() == [4, 5, 6]
    assert list(lines.keys["cost_centre"]) == ["B1", "B2", "B2"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (APRIL.replace("Text", "Narrative"),
         "column 'Text' is gone; column 'Narrative' is new"),
        ("Cost Centre,Account,Text,Frob,Amount\nB1,2,x,y,1\nB2,3,x,y,9\n", "column 'Frob' is new"),
        ("Cost Centre,Text,Amount\nB1,x,1\nB2,x,9\n", "column 'Account' is gone"),
    ],
)  # fmt: skip
def test_another_column_is_told_and_nothing_is_read(
    changed: str, what: str, tmp_path: Path, pool: Path
) -> None:
    keep(file_of(tmp_path, APRIL), pool)
    lines, findings = read_extract(file_of(tmp_path, changed), pool)
    assert lines is None
    assert what in [it.value for it in findings if it.code == "BCF908"]


def test_another_unit_is_never_taken_for_the_one_confirmed(tmp_path: Path, pool: Path) -> None:
    keep(file_of(tmp_path, APRIL.replace("12", "12.00").replace("30", "30.25").replace(
        "Total B,,,43\n", "")), pool, {})  # fmt: skip
    whole = "£000\n" + APRIL.replace("Total B,,,43\n", "")
    plan, known = plan_file(file_of(tmp_path, whole), {}, pool)
    assert known == "council"
    assert said(plan) == ["unit was 'pounds' and is 'thousands'"]
    keep(file_of(tmp_path, APRIL), pool)
    assert read_extract(file_of(tmp_path, f"£000\n{APRIL}"), pool)[0] is None


def test_a_further_month_is_no_change(tmp_path: Path, pool: Path) -> None:
    text = "Cost Centre,M01,M02\nB1,1.00,2.50\nB2,3.00,4.25\n"
    keep(file_of(tmp_path, text), pool, {})
    more = "Cost Centre,M01,M02,M03\nB1,1.00,2.50,7.00\nB2,3.00,4.25,8.00\n"
    lines, findings = read_extract(file_of(tmp_path, more), pool)
    assert lines is not None, findings
    assert lines.periods.tolist() == [1, 2, 3] * 2


def test_a_file_nobody_confirmed_is_not_read(tmp_path: Path, pool: Path) -> None:
    lines, findings = read_extract(file_of(tmp_path, APRIL), pool)
    assert lines is None
    assert {it.code for it in findings} == {"BCF903", "BCF905", "BCF908"}


def test_two_ledgers_of_the_same_headings_are_told_apart_by_their_file(
    tmp_path: Path, pool: Path
) -> None:
    keep(file_of(tmp_path, APRIL), pool)
    keep(file_of(tmp_path, APRIL, "icb.csv"), pool, GIVEN, "icb")
    assert plan_file(file_of(tmp_path, APRIL, "icb.csv"), {}, pool)[1] == "icb"
    plan, known = plan_file(file_of(tmp_path, APRIL, "other.csv"), {}, pool)
    assert known == ""
    assert said(plan) == ["the headings of council and of icb"]
    assert plan_file(tmp_path / "other.csv", {}, pool, "icb")[1] == "icb"


def test_what_is_kept_and_cannot_be_read_is_told(tmp_path: Path, pool: Path) -> None:
    (pool / "ledgers").mkdir()
    (pool / "ledgers" / "council.toml").write_text("[file\n", encoding="utf-8")
    plan, _ = plan_file(file_of(tmp_path, APRIL), GIVEN, pool)
    assert [it.code for it in plan.findings] == ["BCF101"]
    for text in ("file = 3\n", "[file]\nheadings = 4\n", "[answers]\nunit = 5\n", ""):
        (pool / "ledgers" / "council.toml").write_text(text, encoding="utf-8")
        assert plan_file(file_of(tmp_path, APRIL), GIVEN, pool)[1] == ""


@pytest.mark.parametrize("heading", ['a "b" \\ c', "caf\u00e9 \x7f", "x = 1", "[y]"])
def test_any_heading_is_kept_as_it_is(heading: str, tmp_path: Path, pool: Path) -> None:
    quoted = '"' + heading.replace('"', '""') + '"'
    text = f"Cost Centre,{quoted},Amount\nB1,z,1.25\nB2,y,2.50\n"
    kept = tomllib.loads(keep(file_of(tmp_path, text), pool, {}))
    assert kept["file"]["headings"] == ["Cost Centre", heading, "Amount"]
    assert read_extract(file_of(tmp_path, text), pool)[0] is not None
