"""The assurance page: what the program can answer it answers; the rest is blank, and says so."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import bcf_model
from bcf_model.publish import write
from bcf_model.publish.assurance import BY_HAND, assurance
from bcf_model.publish.contents import contents, versions_in_use
from bcf_model.publish.page import Number, Row, Sheet
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.odd_pence import write_odd_pence_pool
from tests.make.verified import SELFTEST

VERSIONS = {"bcf_model": "1.2.3", "python": "3.99"}


def answered(page: Sheet) -> dict[str, tuple[str, float | None, str]]:
    """Give what stands beside each subject: answer, number, basis."""
    found = {}
    for row in page.rows:
        if row.style == "line":
            subject, answer, number, basis = row.cells
            value = number.value if isinstance(number, Number) else None
            found[f"{subject}"] = (f"{answer}", value, f"{basis}")
    return found


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    pool = write_odd_pence_pool(tmp_path_factory.mktemp("pool"))
    return bcf_model.run(bcf_model.load(pool))


@pytest.fixture(scope="module")
def small() -> Results:
    return bcf_model.run(bcf_model.load(SELFTEST))


@pytest.fixture(scope="module")
def page(small: Results) -> Sheet:
    return assurance(small, VERSIONS)


@slow
def test_the_questions_stand_in_the_order_of_a_review(page: Sheet) -> None:
    assert [row.cells[0] for row in page.rows if row.style == "group"] == [
        "1. What is the model for, and is it fit for that?",
        "2. Is the logic right? Decisions log",
        "3. Are the data good? Data log",
        "4. Are the assumptions sound? Assumptions log",
        "5. Are the uncertainties stated?",
        "6. How was it verified and validated?",
        "7. Who answers for it?",
    ]


@slow
def test_only_a_person_can_sign_off(page: Sheet) -> None:
    """Every question but that of roles ends on a blank; a blank has no answer and no number."""
    groups: list[list[Row]] = []
    for row in page.rows:
        if row.style == "group":
            groups.append([])
        else:
            groups[-1].append(row)
    blanks = [[row for row in rows if row.cells[3] == BY_HAND] for rows in groups]
    assert all(row.cells[1:3] == (None, None) for rows in blanks for row in rows)
    assert [len(rows) for rows in blanks] == [1, 1, 1, 1, 1, 1, len(groups[6])]
    assert [rows[-1] for rows in groups[:6]] == [rows[0] for rows in blanks[:6]]
    roles = [f"{row.cells[0]}".split(":")[0] for row in groups[6]]
    assert roles[:4] == ["Commissioner", "Analyst", "Assurer", "Approver"]
    for row in page.rows:
        if row.style == "line" and row.cells[3] != BY_HAND:
            assert row.cells[1], f"{row.cells[0]} has no answer"


def test_the_data_log_lists_each_file(small: Results, page: Sheet) -> None:
    said = answered(page)
    for file in small.inputs.files:
        answer, rows, basis = said[file.name]
        assert answer == f"SHA-256 {file.sha256}"
        assert rows == (file.rows or None)
        assert "as at 31 March 2019" in basis
    assert said["Source"] == ("Invented", None, "Position as at 31 March 2019")
    assert said["Status of the figures"][0] == "Not stated: to be taken as unaudited"
    assert said["Warning BCF501"][1] == 1


def test_the_decisions_log_names_the_rules_applied(page: Sheet) -> None:
    said = answered(page)
    assert said["Rule R1: applied"] == (
        "category=A, either, step 1: own, budget holder", None, "Invented clause 1",
    )  # fmt: skip
    assert said["Rule R3: applied"][0] == "category=C, over, step 1: fixed 25%, Council"
    assert said["Rule R5: applied"][0] == "category=C, under, step 1: own, budget holder"


@slow
def test_a_rule_that_was_not_called_on_is_said_to_be_idle(tmp_path: Path) -> None:
    pool = tmp_path / "pool"
    pool.mkdir()
    for file in SELFTEST.iterdir():
        text = file.read_text(encoding="utf-8")
        (pool / file.name).write_text(text.replace("0.01\n", "400.00\n"), encoding="utf-8")
    said = answered(assurance(bcf_model.run(bcf_model.load(pool)), {}))
    assert "Rule R2: applied" in said
    assert "Rule R5: not called on by these variances" in said


@slow
def test_the_assumptions_log_says_who_assumed(page: Sheet, results: Results) -> None:
    said = answered(page)
    assert "nil counts as over" in said["Direction of a rule"][0]
    assert "This program's" in said["Direction of a rule"][2]
    assert said["Rounding"][0].startswith("Half away from zero")
    assert said["Unit"][0].startswith("Amounts in the files are in pounds")
    assert said["Thresholds for a reason"][0] == "More than £0 and more than 0% of budget"
    assert said["Completeness"][0] == "Assumed: no control total was given"
    # The title, the board and the source of the small pool say that it is invented.
    assert said["Remarks that say so"][1] == 3
    assert len([row for row in page.rows if row.cells[0] == "Said in the inputs"]) == 3


@slow
def test_a_note_that_says_ours_is_an_assumption(tmp_path: Path) -> None:
    pool = write_odd_pence_pool(tmp_path / "pool")
    before = answered(assurance(bcf_model.run(bcf_model.load(pool)), {}))["Remarks that say so"][1]
    themes = (pool / "themes.csv").read_text(encoding="utf-8").splitlines()
    noted = [f"{themes[0]},note", *(f"{row}," for row in themes[1:])]
    noted[1] += "This name is ours"
    noted[2] += "Hours of work"
    (pool / "themes.csv").write_text("\n".join(noted) + "\n", encoding="utf-8")
    after = assurance(bcf_model.run(bcf_model.load(pool)), {})
    assert before is not None
    assert answered(after)["Remarks that say so"][1] == before + 1
    key = themes[1].split(",")[0]
    assert any(
        row.cells == ("Said in the inputs", "This name is ours", None, f"themes, {key}")
        for row in after.rows
    )


@slow
def test_many_remarks_are_counted_not_listed(tmp_path: Path) -> None:
    pool = write_odd_pence_pool(tmp_path / "pool")
    schemes = (pool / "schemes.csv").read_text(encoding="utf-8").splitlines()
    key, rest = schemes[1].split(",", 1)
    rows = [f"{schemes[0]},note", *(f"{row}," for row in schemes[1:])]
    rows += [f"{key}-{n},{rest},Estimated" for n in range(30)]
    (pool / "schemes.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    inputs, findings = bcf_model.pool.check_pool(pool)
    if inputs is None:
        pytest.fail(f"{findings}")
    page = assurance(bcf_model.run(inputs), {})
    listed = [row for row in page.rows if row.cells[0] == "Said in the inputs"]
    total = answered(page)["Remarks that say so"][1]
    assert total is not None and total >= 30
    assert len(listed) == 21
    assert listed[-1].cells[2] == Number(int(total) - 20)


@slow
def test_uncertainty_counts_rounded_amounts(sheffield: Path, page: Sheet) -> None:
    assert answered(page)["Rounded inputs"][1] == 0
    paper = answered(assurance(bcf_model.run(bcf_model.load(sheffield)), {}))
    assert paper["Rounded inputs"][1] == 104
    assert paper["Rounded inputs"][0].endswith("a whole number is in steps of £1,000.00")
    assert paper["Control totals"][1] == 4
    assert "Completeness" not in paper
    assert paper["Status of the figures"][0].startswith("Draft, from the unaudited accounts")


def test_the_checks_are_counted_by_kind(small: Results, page: Sheet) -> None:
    kinds = [row for row in page.rows if row.cells[0] == "Checks that hold"]
    counts = [row.cells[2] for row in kinds]
    assert sum(int(it.value) for it in counts if isinstance(it, Number)) == len(small.checks)
    assert answered(page)["Checks"][1] == len(small.checks)
    by_theme = "Budget, expenditure, variance by theme = of all lines"
    assert [row.cells[2] for row in kinds if row.cells[1] == by_theme] == [Number(3)]


def test_versions_are_those_given(page: Sheet, small: Results) -> None:
    told = [row.cells[1] for row in page.rows if row.cells[0] == "Version"]
    assert told == ["bcf_model 1.2.3", "python 3.99"]
    untold = [row.cells[1] for row in assurance(small, {}).rows if row.cells[0] == "Version"]
    assert untold == ["Listed in run.json"]


@slow
def test_it_stands_in_the_workbook_and_on_the_page(small: Results) -> None:
    files = contents(write.document(small))
    book = openpyxl.load_workbook(BytesIO(files["report.xlsx"]))
    assert book.sheetnames[-2:] == ["Assurance", "Data dictionary"]
    cells = {row[0]: row[1] for row in book["Assurance"].iter_rows(values_only=True)}
    assert cells["Assurer: who reviewed it"] is None
    version = versions_in_use()["pandas"]
    said = [row[1] for row in book["Assurance"].iter_rows(values_only=True)]
    assert f"pandas {version}" in said
    html = files["report.html"].decode()
    assert '<div id="assurance">' in html
    assert f">pandas {version}<" in html
    listed = {row[0]: row[1] for row in book["Cover"].iter_rows(values_only=True)}
    assert listed["Assurance"] == "Assurance: what a reviewer asks"
