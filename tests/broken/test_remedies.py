"""The remedy of every finding, followed to the letter, leads to a sound pool.

`remedies.csv` follows them: for a broken pool, which words of the remedy are followed, and what is
then typed where. After it the pool has no finding of that code, and no error. A code that no row
follows fails, and so do words that the remedy no longer has.
"""

import csv
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

import bcf_model
from bcf_model.audit.transcription import check_transcription
from bcf_model.cli import cli
from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import CATALOGUE, Finding, has_errors, run_checks
from bcf_model.core.tables import Inputs
from bcf_model.extracts.drafted import Drafted, draft
from bcf_model.extracts.saved import written
from bcf_model.extracts.take_in import plan_file
from bcf_model.plan.checks.results import CHECKS, Calculated, below_nil
from bcf_model.plan.load import check_plans, check_scenario, load_scenario, scenario_names
from bcf_model.plan.projection import Projection, project
from bcf_model.pool import check_pool
from bcf_model.publish.pool_tables import write_tables
from tests.broken import imports
from tests.broken.edits import apply, read_edits
from tests.broken.gallery import AGREEMENT, Broken, build
from tests.broken.test_workbooks import (
    _comment,
    _date_code,
    _hidden_row,
    _merged,
    _merged_amount,
    _percent,
    _thousands,
    _thousands_of_thousands,
    changed,
    with_formula,
    with_total,
)
from tests.longer import LONG, slow
from tests.make.places import BROKEN, PLAN, SOUND
from tests.make.printed_tables import answered
from tests.make.printed_tables import codes as of_printed
from tests.make.small_plans import plan
from tests.make.workbooks import converted, replaced, sound_cells, workbook
from tests.unit.core.test_basis import WITHIN, dated
from tests.unit.plan.checks.test_results import FUNDING
from tests.unit.plan.test_activity import AGREED, TWO_YEARS, paid, planned
from tests.unit.plan.test_national import RED_PROGRAMME

FOLLOWED = read_edits(BROKEN / "remedies.csv", "code", "folder", "remedy")
ONE_OF_EACH = [*{code: (code, *rest) for code, *rest in reversed(FOLLOWED)}.values()]
"""One way for each finding: followed in `make test`, and every way in `make long`."""


CALCULATED = {"BCF755"}
"""What is seen of a scenario only when it is calculated."""


@lru_cache
def check_pool_of_the_plan() -> tuple[Inputs | None, list[Finding]]:
    return check_pool(PLAN)


def looked_at(broken: Broken, code: str, files: set[str]) -> list[Finding]:
    """Give all there is to find: of the pool, of its plans, and of its scenarios."""
    if broken.sound == PLAN and all(name.startswith("scenarios/") for name in files):
        inputs, findings = check_pool_of_the_plan()
    else:
        inputs, findings = check_pool(broken.pool, broken.agreement)
    if broken.sound == PLAN:
        findings = [*findings, *check_plans(broken.pool, inputs)]
        wanted = code in CALCULATED and not has_errors(findings)
        for name in scenario_names(broken.pool) if wanted else ():
            walk = project(*load_scenario(broken.pool, name)).tables["walk"]
            findings += below_nil(Calculated(name, {"walk": walk}))
    return findings


@slow(first=6)
@pytest.mark.parametrize(("code", "folder", "remedy"), [*FOLLOWED] if LONG else ONE_OF_EACH)
def test_a_remedy_followed_leads_to_a_sound_pool(
    code: str, folder: str, remedy: str, tmp_path: Path
) -> None:
    broken, edits = build(folder, tmp_path), FOLLOWED[code, folder, remedy]
    apply(broken.edited, edits, broken.sound)
    found = looked_at(broken, code, {edit["file"] for edit in edits})
    assert [f.sentence for f in found if f.severity == "error" or f.code == code] == []


def test_what_is_followed_is_what_is_found_there() -> None:
    shown = {(code, folder) for code, folder, _ in FOLLOWED}
    for prefix, where in (("", BROKEN), ("plan:", BROKEN / "scenarios")):
        with (where / "expected.csv").open(encoding="utf-8", newline="") as file:
            shown -= {(row["code"], prefix + row["folder"]) for row in csv.DictReader(file)}
    assert shown == set()


def test_what_is_followed_is_what_the_remedy_says() -> None:
    for code, folder, remedy in FOLLOWED:
        assert remedy in CATALOGUE[code].remedy, (code, folder)


def test_every_finding_has_a_remedy_that_is_followed() -> None:
    assert {code for code, _, _ in FOLLOWED} | set(FOLLOWED_BELOW) == set(CATALOGUE)
    assert not {code for code, _, _ in FOLLOWED} & set(FOLLOWED_BELOW)


# ------------------------------------------------------------------ what no edit of a cell can mend


def codes_of(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def nothing_there(scratch: Path) -> tuple[list[str], list[str]]:
    """The path is corrected (BCF001)."""
    pool = shutil.copytree(SOUND, scratch / "pool")
    return codes_of(check_pool(scratch / "pol")[1]), codes_of(check_pool(pool)[1])


def cannot_be_opened(scratch: Path) -> tuple[list[str], list[str]]:
    """A link to nowhere leads somewhere (BCF017)."""
    pool = shutil.copytree(SOUND, scratch / "pool")
    (pool / "themes.csv").rename(scratch / "themes.csv")
    (pool / "themes.csv").symlink_to(scratch / "gone.csv")
    before = codes_of(check_pool(pool)[1])
    (scratch / "themes.csv").rename(scratch / "gone.csv")
    return before, codes_of(check_pool(pool)[1])


def no_agreement(scratch: Path) -> tuple[list[str], list[str]]:
    """A rules table is given (BCF018)."""
    before = codes_of(check_pool(AGREEMENT, scratch / "agreed")[1])
    return before, codes_of(check_pool(AGREEMENT, AGREEMENT / "rules.csv")[1])


def calculated(pool: Path) -> list[str]:
    try:
        bcf_model.run(bcf_model.load(pool))
    except DataHasErrors as problem:
        return codes_of(problem.findings)
    return []


def shared_together(scratch: Path) -> tuple[list[str], list[str]]:
    """A total of the whole that is shared together is stated (BCF505)."""
    pool = shutil.copytree(SOUND, scratch / "pool")
    totals = pool / "control_totals.csv"
    totals.write_text("figure,amount\nborne/bearer=ICB/theme=1/category=B,1\n", encoding="utf-8")
    before = calculated(pool)
    totals.write_text('figure,amount\nvariance/category=B,"13,750.10"\n', encoding="utf-8")
    return before, calculated(pool)


def transcribed(file: Path, rows: str) -> list[str]:
    heading = "published_id,source,label,column,printed,unit,decimals,figure,sum_of,percent_of\n"
    file.write_text(heading + rows, encoding="utf-8")
    return codes_of(check_transcription(file)[1])


def made_of_itself(scratch: Path) -> tuple[list[str], list[str]]:
    """Only what it adds up is named (BCF604)."""
    rows = "P1,p,a,c,1,pounds,0,,,\nP2,p,b,c,2,pounds,0,,,\nP3,p,c,c,3,pounds,0,,{},\n"
    file = scratch / "paper.csv"
    return transcribed(file, rows.format("P1 + P3")), transcribed(file, rows.format("P1 + P2"))


def two_things(scratch: Path) -> tuple[list[str], list[str]]:
    """The row is given another code, and the sum that names it too (BCF605)."""
    rows = "{0},p,a,c,1,pounds,0,g,,\nP2,p,b,c,2,pounds,0,f,,\nP3,p,c,c,3,pounds,0,,{0} + P2,\n"
    file = scratch / "paper.csv"
    return transcribed(file, rows.format("f")), transcribed(file, rows.format("P1"))


def a_scenario_without_settings(scratch: Path) -> tuple[list[str], list[str]]:
    """The name of a scenario is corrected in its rows (BCF034)."""
    return rows_of_a_scenario(scratch, "Start")


def of_no_scenario(scratch: Path) -> tuple[list[str], list[str]]:
    """The name of a scenario is written into its rows (BCF035)."""
    return rows_of_a_scenario(scratch, "")


def rows_of_a_scenario(scratch: Path, wrong: str) -> tuple[list[str], list[str]]:
    path = scratch / "pool.xlsx"
    assert CliRunner().invoke(cli, ["convert", str(PLAN), str(path)]).exit_code == 0
    said = []
    for name in (wrong, "start"):
        book = openpyxl.load_workbook(path)
        sheet = book["assumptions"]
        at = next(n for n in range(2, 99) if sheet.cell(n, 1).value in ("start", wrong or None))
        sheet.cell(at, 1).value = name or None
        book.save(path)
        inputs, found = check_pool(path)
        said.append(codes_of([*found, *check_plans(path, inputs)]))
    return said[0], said[1]


def no_factor(scratch: Path) -> tuple[list[str], list[str]]:
    """The target is corrected (BCF753)."""
    pool = shutil.copytree(PLAN, scratch / "plan")
    said = []
    for target in ("-99", "5"):
        edit = {"file": "scenarios/start/scenario.toml", "row": "", "column": "calibrate.target"}
        apply(pool, [{**edit, "typed": target}], PLAN)
        try:
            project(*load_scenario(pool, "start"))
            said.append([])
        except DataHasErrors as problem:
            said.append(codes_of(problem.findings))
    return said[0], said[1]


def beyond_a_trillion(scratch: Path) -> tuple[list[str], list[str]]:
    """The percentage is corrected (BCF764)."""
    said = []
    for percent in (1000, 10):
        rows = [("more", "demand", "line=L1", "", percent, "percent", "", "", "")]
        (scratch / str(percent)).mkdir()
        try:
            plan(scratch / str(percent), rows, 'last_year = "2047-48"\n')
            said.append([])
        except DataHasErrors as problem:
            said.append(codes_of(problem.findings))
    return said[0], said[1]


def a_report(scratch: Path) -> tuple[list[str], list[str]]:
    """Of a report the inputs that it was made with are named (BCF021)."""
    out = scratch / "out"
    bcf_model.write_report(bcf_model.run(bcf_model.load(SOUND)), out, with_inputs=True)
    return codes_of(check_pool(out)[1]), codes_of(check_pool(out / "inputs" / SOUND.name)[1])


def a_total_of_shares(scratch: Path) -> tuple[list[str], list[str]]:
    """The total is taken out (BCF106)."""
    pool = dated(scratch, WITHIN, "plan")
    totals = pool / "control_totals.csv"
    sound = totals.read_text(encoding="utf-8")
    totals.write_text(sound + "borne,13750.13,invented,\n", encoding="utf-8")
    before = codes_of(check_pool(pool)[1])
    totals.write_text(sound, encoding="utf-8")
    return before, codes_of(check_pool(pool)[1])


def planned_twice(scratch: Path) -> tuple[list[str], list[str]]:
    """The row of the pool's own year says what activity.csv says (BCF759)."""
    said = []
    for of_the_year in ("L1,2018-19,120,", "L1,2018-19,100,"):
        folder = scratch / str(len(said))
        folder.mkdir()
        try:
            paid(folder, planned_activity=planned(of_the_year, "L1,2019-20,100,"))
            said.append([])
        except DataHasErrors as problem:
            said.append(codes_of(problem.findings))
    return said[0], said[1]


def _seen(scratch: Path, make: Callable[..., Projection], *ways: dict[str, Any]) -> Any:
    """List what is found of each of several plans once it is calculated."""
    for number, way in enumerate(ways):
        folder = scratch / str(number)
        folder.mkdir()
        yield codes_of([*run_checks(CHECKS, Calculated("plan", make(folder, **way).tables))])


def not_payable_yet(scratch: Path) -> tuple[list[str], list[str]]:
    """The activity planned for the year is added (BCF760)."""
    years = TWO_YEARS + AGREED
    rows = planned("L1,2019-20,100,", "L1,2020-21,100,")
    before, after = _seen(scratch, paid, {"settings": years},
                          {"settings": years, "planned_activity": rows})  # fmt: skip
    return before, after


def cut_below_nil(scratch: Path) -> tuple[list[str], list[str]]:
    """The amount was written with a nil too many (BCF761)."""
    cuts = [
        ("cut", "funding change", "funding=additional", "2019-20", off, "pounds", "", "", "")
        for off in (-6000, -600)
    ]
    before, after = _seen(scratch, plan, *({"rows": [row], "funding": FUNDING} for row in cuts))
    return before, after


def used_beyond_what_it_holds(scratch: Path) -> tuple[list[str], list[str]]:
    """The balance is corrected (BCF774)."""
    of = "organisation,funding,financial_year,recurrence,kind,amount,balance\n"
    rows = [{"funding": f"{of}ICB,general,2019-20,non-recurrent,reserves,50,{held}\n"}
            for held in (5, 500)]  # fmt: skip
    before, after = _seen(scratch, plan, *({"rows": [], **row} for row in rows))
    return before, after


def saved_beyond_all(scratch: Path) -> tuple[list[str], list[str]]:
    """Less is taken off that is not allocated to a line (BCF762)."""
    savings = [
        ("off", "savings", "not allocated", "2019-20", off, "pounds", "", "", "")
        for off in (1600, 160)
    ]
    before, after = _seen(scratch, plan, *({"rows": [row]} for row in savings))
    return before, after


def red_in_full(scratch: Path) -> tuple[list[str], list[str]]:
    """The national figure of delivery is taken (BCF771)."""
    said = []
    for settings in ("", 'national = ["delivery"]\n'):
        pool = scratch / str(len(said))
        pool.mkdir()
        plan(pool, [], settings, savings=RED_PROGRAMME)
        of_plans = (it for it in check_scenario(pool, "plan")[1] if it.code != "BCF515")
        said.append(codes_of(of_plans))  # nothing is spent otherwise than planned: of the year
    return said[0], said[1]


Change = Callable[[Any], None]


def _opened(before: Change, *after: Change) -> Callable[[Path], tuple[list[str], list[str]]]:
    """Break the sound pool's workbook; then open it, do what the remedy says, and save it."""

    def follow(scratch: Path) -> tuple[list[str], list[str]]:
        path = changed(scratch / "x.xlsx", before)
        found = codes_of(check_pool(path)[1])
        book = openpyxl.load_workbook(path)
        for change in after:
            change(book)
        book.save(path)
        return found, codes_of(check_pool(path)[1])

    return follow


def _sets(sheet: str, cells: dict[str, Any], number_format: str = "General") -> Change:
    def change(book: Any) -> None:
        for at, value in cells.items():
            book[sheet][at].value, book[sheet][at].number_format = value, number_format

    return change


def _unmerges(cells: str) -> Change:
    return lambda book: book["schemes"].unmerge_cells(cells)


def _unhides(book: Any) -> None:
    for row in (4, 400):
        book["schemes"].row_dimensions[row].hidden = False


def _another_sheet(book: Any) -> None:
    book.create_sheet("Notes")["A1"] = "anything"


def _deletes_sheets(*names: str) -> Change:
    def change(book: Any) -> None:
        for name in names:
            del book[name]

    return change


def _deletes_the_comment(book: Any) -> None:
    book["schemes"]["I4"].comment = None


def twice_in_a_workbook(scratch: Path) -> tuple[list[str], list[str]]:
    """One of two sheets of a name is renamed (BCF025)."""
    part, path = "xl/workbook.xml", workbook(scratch / "x.xlsx", sound_cells())
    before = codes_of(check_pool(replaced(path, part, b'name="themes"', b'name="Schemes"'))[1])
    return before, codes_of(check_pool(replaced(path, part, b'"Schemes"', b'"themes"'))[1])


def not_calculated(scratch: Path) -> tuple[list[str], list[str]]:
    """The value is typed (BCF026)."""
    path = with_formula(scratch / "x.xlsx", "H4", "=SUM(Z1:Z9)", 0, saved=False)
    before = codes_of(check_pool(path)[1])
    book = openpyxl.load_workbook(path)
    book["schemes"]["H4"].value = 30000.01
    book.save(path)
    return before, codes_of(check_pool(path)[1])


def of_another_kind(scratch: Path) -> tuple[list[str], list[str]]:
    """A copy is saved as .xlsx (BCF027)."""
    (path,) = converted([workbook(scratch / "x.xlsx", sound_cells())], "ods")
    (copy,) = converted([path], "xlsx:Calc MS Excel 2007 XML")
    return codes_of(check_pool(path)[1]), codes_of(check_pool(copy)[1])


def leaves_out_text(scratch: Path) -> tuple[list[str], list[str]]:
    """The amount is typed again as a number, and the workbook calculates (BCF227)."""
    path, formula = scratch / "x.xlsx", "=SUM(schemes!H2:H7)"
    before = codes_of(check_pool(with_total(path, formula, 311_179.27, "30,000.01"))[1])
    return before, codes_of(check_pool(with_total(path, formula, 341_179.28))[1])


def _plan_of(scratch: Path, text: str, **answers: str) -> list[str]:
    path = scratch / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    found, _ = plan_file(path, {key.replace("_", " ", 1): it for key, it in answers.items()})
    return codes_of([*found.findings, *(it.finding for it in found.questions)])


def _asked(text: str, mended: str = "", **answers: str) -> Callable[[Path], Any]:
    """An extract is mended, or what it asks is answered (BCF901 to BCF918)."""

    def follow(scratch: Path) -> tuple[list[str], list[str]]:
        return _plan_of(scratch, text), _plan_of(scratch, mended or text, **answers)

    return follow


def _of_table(text: str, mended: str = "", **answers: str) -> Callable[[Path], Any]:
    """A table of a paper is mended, or what it asks is answered (BCF941 to BCF946)."""

    def follow(scratch: Path) -> tuple[list[str], list[str]]:
        given = {key.replace("_", " "): it for key, it in answers.items()}
        before, after = answered(scratch, text, {}), answered(scratch, mended or text, given)
        return of_printed(before), of_printed(after)

    return follow


def not_as_confirmed(scratch: Path) -> tuple[list[str], list[str]]:
    """The extract is made again as it was (BCF908)."""
    shutil.copytree(SOUND, pool := scratch / "pool")
    path = scratch / "ledger.csv"
    path.write_text(LINES, encoding="utf-8")
    (pool / "ledgers").mkdir()
    text = written(plan_file(path, {}, pool)[0], date(2025, 5, 12))
    (pool / "ledgers" / "council.toml").write_text(text, encoding="utf-8")
    path.write_text(LINES.replace("Account", "Text"), encoding="utf-8")
    before = codes_of(plan_file(path, {}, pool)[0].findings)
    path.write_text(f"{LINES}A3,7,3.25\n", encoding="utf-8")
    return before, codes_of(plan_file(path, {}, pool)[0].findings)


def total_of_text(scratch: Path) -> tuple[list[str], list[str]]:
    """The amount of an extract is typed as a number, and the workbook calculates (BCF918)."""

    def plan_with(amount: object) -> list[str]:
        book = openpyxl.Workbook()
        for row in (["Ref", "Scheme", "Outturn £"], ["1", "Falls", 412.5], ["2", "Fees", amount],
                    ["", "Total", "=SUM(C2:C3)"]):  # fmt: skip
            book.active.append(row)
        book.save(path := scratch / "x.xlsx")
        plan = plan_file(path, {})[0]
        return [*codes_of(plan.findings), *(it.code for it in plan.questions)]

    return plan_with("(63.0)"), plan_with(-63.0)


def _outturn(code: str, before: str, after: str = "", **answers: str) -> Callable[[Path], Any]:
    """What an outturn asks before it becomes schemes is answered, or it is mended."""

    def codes_with(scratch: Path, text: str, given: dict[str, str]) -> list[str]:
        (path := scratch / "outturn.csv").write_text(text, encoding="utf-8")
        plan = plan_file(path, {key.replace("_", " "): it for key, it in given.items()})[0]
        return _of(code, draft(plan, scratch / "pool", {}))

    def follow(scratch: Path) -> tuple[list[str], list[str]]:
        return codes_with(scratch, before, {}), codes_with(scratch, after or before, answers)

    return follow


def _of(code: str, found: Drafted) -> list[str]:
    """Give one code as often as it is found: what is left blank, which is told too, is another."""
    asked = [it.finding for it in found.plan.questions]
    return [it.code for it in (*found.plan.findings, *asked, *found.findings) if it.code == code]


def another_year(scratch: Path) -> tuple[list[str], list[str]]:
    """The year is corrected in pool.toml (BCF914)."""
    shutil.copytree(SOUND, pool := scratch / "pool")
    (path := scratch / "outturn.csv").write_text(OUTTURN, encoding="utf-8")
    before = _of("BCF914", draft(plan_file(path, {})[0], pool, {}))
    settings = pool / "pool.toml"
    settings.write_text(settings.read_text().replace('"2018-19"', '"2024-25"'), encoding="utf-8")
    return before, _of("BCF914", draft(plan_file(path, {})[0], pool, {}))


def cells_left_blank(scratch: Path) -> tuple[list[str], list[str]]:
    """The cells that no sheet of an outturn states are filled in (BCF915)."""
    (path := scratch / "outturn.csv").write_text(OUTTURN, encoding="utf-8")
    found = draft(plan_file(path, {})[0], pool := scratch / "pool", {})
    write_tables(found.tables, pool, (), found.texts, found.before)
    for name, rows in {
        "organisations": "organisation,name,organisation_kind\nICB,The ICB,nhs\n",
        "themes": "theme,name\n1,One\n",
        "categories": "category,name\nS,Shared\n",
        "rules": "rule_id,scope,direction,step,basis,bearer,share,clause\n"
        "R1,pool,either,1,own,budget holder,100,1\n",
    }.items():
        (pool / f"{name}.csv").write_text(rows, encoding="utf-8")
    schemes = pool / "schemes.csv"
    schemes.write_text(schemes.read_text().replace(",,ICB,Beds,,", ",1,ICB,Beds,S,"))
    _, left = check_pool(pool)
    return _of("BCF915", found), [it.code for it in left if it.code in ("BCF201", "BCF012")]


def rows_of_its_own(scratch: Path) -> tuple[list[str], list[str]]:
    """What is proposed beside a table is put into it (BCF916)."""
    (path := scratch / "outturn.csv").write_text(OUTTURN, encoding="utf-8")
    found = draft(plan_file(path, {})[0], pool := scratch / "pool", {})
    write_tables(found.tables, pool, (), found.texts, found.before)
    path.write_text(OUTTURN.replace("1.00,2.50", "1.00,2.75"), encoding="utf-8")
    found = draft(plan_file(path, {})[0], pool, {})
    shown = _of("BCF916", found)
    write_tables({"schemes.csv": found.tables["schemes.proposed.csv"]}, pool)
    return shown, _of("BCF916", draft(plan_file(path, {})[0], pool, {}))


OUTTURN = "Revenue 2024-25\n\nRef,Scheme,Budget,Outturn,Lead\n1,Beds,1.00,2.50,ICB\n"

LINES = "Cost Centre,Account,Amount\nA1,5,1.25\nA2,6,2.50\n"

WHOLE = _sets("schemes", {"H2": 120000, "H3": 45678.9}, "#,##0.00")

FOLLOWED_BELOW: dict[str, Callable[[Path], tuple[list[str], list[str]]]] = {
    "BCF001": nothing_there,
    "BCF017": cannot_be_opened,
    "BCF018": no_agreement,
    "BCF020": _opened(_hidden_row, _unhides),
    "BCF021": a_report,
    "BCF023": _opened(_comment, _deletes_the_comment),
    "BCF024": _opened(_merged, _unmerges("B2:B4"), _sets("schemes", {"B3": "1", "B4": "1"})),
    "BCF025": twice_in_a_workbook,
    "BCF026": not_calculated,
    "BCF027": of_another_kind,
    "BCF028": _opened(
        _merged_amount, _unmerges("H2:H3"), _sets("schemes", {"H2": 120000, "H3": 45678.9})
    ),
    "BCF029": _opened(_thousands_of_thousands, WHOLE),
    "BCF031": _opened(_another_sheet, _deletes_sheets("Notes")),
    "BCF034": a_scenario_without_settings,
    "BCF035": of_no_scenario,
    "BCF106": a_total_of_shares,
    "BCF222": _opened(_percent),
    "BCF224": _opened(_date_code, _sets("schemes", {"A4": "S3"}, "@")),
    "BCF226": _opened(_thousands, WHOLE),
    "BCF227": leaves_out_text,
    "BCF505": shared_together,
    "BCF604": made_of_itself,
    "BCF605": two_things,
    "BCF753": no_factor,
    "BCF759": planned_twice,
    "BCF760": not_payable_yet,
    "BCF761": cut_below_nil,
    "BCF762": saved_beyond_all,
    "BCF764": beyond_a_trillion,
    "BCF771": red_in_full,
    "BCF774": used_beyond_what_it_holds,
    "BCF901": _asked("A1,9.25\nA2,1.50\n", heading="none", **{"column.B": "amount"}),
    "BCF902": _asked("Cost Centre,Net,Gross\nA1,1.00,1.20\nA2,2.00,2.40\n", amount="Net"),
    "BCF903": _asked(f"{LINES}Total,,9.00\n", BCF903_Total="total"),
    "BCF904": _asked(f"{LINES}A3,7,1.00\n,,4.75\n", **{"BCF904_(no name) 4.75": "total"}),
    "BCF905": _asked("Cost Centre,Account,Amount\nA1,5,12\nA2,6,25\n", unit="thousands"),
    "BCF906": _asked(LINES.replace(",1.25", ",-9.25"), spending="negative"),
    "BCF907": _asked(LINES.replace("1.25", "$1.25"), LINES),
    "BCF908": not_as_confirmed,
    "BCF909": _asked("Cost Centre,M1,M2,YTD\nA1,1.00,1.20,2.20\nA2,2.00,2.40,4.40\n"),
    "BCF910": _asked(f"{LINES}\nSupplier,Net\nOne,1.25\nTwo,3.50\n", table="Supplier"),
    "BCF911": _outturn("BCF911", OUTTURN.replace("ICB", "Joint"), **{"holder Ref, Joint": "ICB"}),
    "BCF912": _outturn("BCF912", OUTTURN.replace("Revenue ", ""), kind_Ref="revenue"),
    "BCF913": _outturn("BCF913", OUTTURN.replace(" 2024-25", ""), year="2024-25"),
    "BCF914": another_year,
    "BCF915": cells_left_blank,
    "BCF916": rows_of_its_own,
    "BCF918": total_of_text,
    "BCF941": _of_table("A,1\nB,2\n", heading="none", unit="pounds"),
    "BCF942": _of_table("Scheme,Budget\nA,1\nB,2\n", unit="thousands"),
    "BCF943": _of_table("Scheme,Budget £000\nA,1\nB,2\nTotal,9\n", BCF943_Total="total"),
    "BCF944": _of_table("Scheme,Budget £000\nA,1\nB,2\nC,3\nAll,6\n", BCF944_All="total"),
    "BCF945": _of_table("Scheme,Budget £000\nA,1\nB,see\nC,3\n", words="leave out"),
    "BCF946": _of_table(
        "Scheme,Budget £000\n" + "A,1\n" * 1_501, "Scheme,Budget £000\n" + "A,1\n" * 9
    ),
    **imports.MENDED,
}
IS_RIGHT = "Nothing, if that is right."
"""The remedy of a note that stands, for nothing is wrong: after it, it is the only finding."""


@slow(first=1)
@pytest.mark.parametrize("code", FOLLOWED_BELOW)
def test_a_remedy_of_no_cell_followed(code: str, tmp_path: Path) -> None:
    before, after = FOLLOWED_BELOW[code](tmp_path)
    assert code in before
    assert after == ([code] if CATALOGUE[code].remedy == IS_RIGHT else [])
    assert CATALOGUE[code].severity == "note" or after == []
