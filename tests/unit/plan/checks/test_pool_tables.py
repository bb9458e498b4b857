"""Codes of lines: one code is one line, in every version."""

from pathlib import Path

import pytest

from bcf_model.core.findings import Finding
from bcf_model.plan.load import check_plans
from bcf_model.pool import check_pool
from tests.make.small_plans import FILES, POOL

BUDGETS = "version,financial_year,theme,organisation,scheme_id,kind,amount\n"
THEMES = "theme,name\n1,Theme\na,A\na b,Another\n"
ORGANISATIONS = """organisation,name,organisation_kind
ICB,Board,nhs
Council,Council,council
b,Hospital,nhs
capital,Capital Trust,nhs
"""


def found(folder: Path, *rows: str, schemes: str = FILES["schemes"]) -> list[Finding]:
    """Give what is found of budgets over themes and organisations whose codes run together."""
    files = {"themes": THEMES, "organisations": ORGANISATIONS, "schemes": schemes}
    budgets = BUDGETS + "".join(f"{row}\n" for row in rows)
    for name, text in (FILES | files | {"budgets": budgets}).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "pool.toml").write_text(POOL, encoding="utf-8")
    inputs, findings = check_pool(folder)
    # unused codes, no variance, a version of some themes alone
    assert {finding.code for finding in findings} <= {"BCF307", "BCF319", "BCF515"}
    assert inputs is not None
    return check_plans(folder, inputs)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("v,2018-19,a b,,,,1", "v,2018-19,a,b,,,2", "theme a b"),
        ("v,2018-19,a,b,,,2", "w,2019-20,a b,,,,1", "theme a b"),
        ("v,2018-19,1,,,capital,1", "v,2018-19,1,capital,,,2", "theme 1 capital"),
        ("v,2018-19,a b,,,capital,1", "w,2018-19,a,b,,capital,2", "theme a b capital"),
    ],
)
def test_two_places_of_one_code(tmp_path: Path, one: str, other: str, code: str) -> None:
    (finding,) = found(tmp_path, one, "v,2018-19,1,,,,3", other, f"x{other[1:]}")
    assert (finding.code, finding.file, finding.row) == ("BCF756", "budgets.csv", 4)
    assert finding.value == repr(code)
    assert finding.expected == "another code: it is that of row 2"


def test_a_scheme_of_the_code_of_a_theme(tmp_path: Path) -> None:
    schemes = FILES["schemes"].replace("L2", "theme 1")
    (finding,) = found(tmp_path, "v,2018-19,1,,,,3", schemes=schemes)
    assert (finding.code, finding.row) == ("BCF756", 2)
    assert finding.expected == "another code: it is the scheme 'theme 1'"


def test_the_same_place_in_two_versions_is_the_same_line(tmp_path: Path) -> None:
    rows = [
        "v,2018-19,a b,,,,1",
        "w,2019-20,a b,,,,2",
        "v,2018-19,1,,L1,,5",
        "w,2019-20,1,ICB,L1,,5",
    ]
    assert found(tmp_path, *rows, "v,2018-19,1,capital,,capital,1") == []
