"""One finance lead's desk: her five files, as such files are kept, from the first to the report.

Everything is invented. What the report must say is worked here again, from the list of lines alone,
in whole pounds and fractions and without the package.
"""

import csv
import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.comments import Comment

from bcf_model.cli import cli

NHS, COUNCIL, CAPITAL = "Health lines", "Council lines", "Capital"
OWN_NHS, OWN_COUNCIL, SHARED, GRANT = "NHS own", "Council own", "Shared", "Grant"
EARLY, HOME, ADAPT = "Staying well, at home", "Coming home", "Aids & adaptations"


class Line(NamedTuple):
    """A line of the outturn, in pounds."""

    sheet: str
    section: str
    ref: object
    name: str
    category: str
    budget: int
    spent: int
    lead: str


LINES = [
    Line(NHS, EARLY, "1", "District nursing", OWN_NHS, 2_412_350, 2_500_900, "ICB"),
    Line(NHS, EARLY, 2, "Falls team", OWN_NHS, 212_000, 198_250, "ICB"),
    Line(NHS, HOME, "3", "Step-down beds", SHARED, 1_745_125, 2_290_005, "ICB"),
    Line(NHS, HOME, 4, "Virtual ward", SHARED, 850_000, 802_610, "ICB"),
    Line(NHS, ADAPT, "5", "Equipment store (health)", SHARED, 380_000, 621_700, "Joint"),
    Line(COUNCIL, EARLY, 20, "Carers", OWN_COUNCIL, 655_000, 602_375, "MBC"),
    Line(COUNCIL, EARLY, "21", "Home care", OWN_COUNCIL, 4_600_000, 4_987_660, "MBC"),
    Line(COUNCIL, EARLY, 22, "Client income", OWN_COUNCIL, -1_300_000, -1_512_400, "MBC"),
    Line(COUNCIL, HOME, "23", "Reablement", SHARED, 980_500, 999_221, "MBC"),
    Line(COUNCIL, HOME, 24, "Bridging care", SHARED, 1_180_000, 1_944_903, "MBC"),
    Line(COUNCIL, ADAPT, "25", "Equipment store (council)", SHARED, 420_000, 498_350, "Joint"),
    Line(CAPITAL, ADAPT, 50, "Facilities grant", GRANT, 850_000, 712_300, "MBC"),
    Line(CAPITAL, ADAPT, "51", "Telecare renewal", GRANT, 120_000, 134_901, "MBC"),
]
HOLDERS = {NHS: "ICB", COUNCIL: "MBC", CAPITAL: "MBC"}
AS_TEXT = "22"
"""Its brackets are text, which a SUM leaves out."""
RESERVE, BAND, LIMIT = 150_000, 500_000, 400_000
ANSWERS = [
    "kind Health lines=revenue", "kind Council lines=revenue", "holder Health lines, Joint=ICB",
    "holder Council lines, Joint=MBC", "BCF918 Council lines=lines",
]  # fmt: skip
AGREEMENT = """AGREEMENT UNDER SECTION 75
SCHEDULE 2, RISK
2.1 Lines of one partner alone, and grants, are at the risk of whoever holds the budget.
2.2 An overspend of shared lines, netted, is met from the reserve (150,000 pounds) first; then up to
500,000 pounds 55% by the ICB and 45% by the Council; beyond that as each contributes to them.
2.3 Neither partner bears more than 400,000 pounds of 2.2 in a year: the rest goes to the board.
"""


def bcf(*said: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, said)])


def thousands(pounds: int) -> object:
    return pounds / 1000


def outturn(path: Path) -> Path:
    """Write the workbook she keeps by hand: titles, two rows of headings, sections, subtotals."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in (NHS, COUNCIL, CAPITAL):
        tab = book.create_sheet(sheet)
        tab.append(["Millbrook Better Care Fund"])
        tab.append([f"{sheet}: outturn 2024/25 (provisional)"])
        tab.append(["£000 unless stated"])
        tab.append([])
        tab.append(["Scheme", None, "Risk category", "2024/25 £000", *[None] * 3, "Lead", "Notes"])
        tab.append(["Ref", "Name", None, "Budget", "Outturn", "Variance", "M9 f/cast", None, None])
        for area in ("A5:B5", "C5:C6", "D5:G5", "H5:H6", "I5:I6"):
            tab.merge_cells(area)
        tab.column_dimensions["G"].hidden = True
        subtotals = []
        for section in dict.fromkeys(it.section for it in LINES if it.sheet == sheet):
            tab.append([section])
            first = tab.max_row + 1
            for it in (it for it in LINES if (it.sheet, it.section) == (sheet, section)):
                row = tab.max_row + 1
                amounts: list[object] = [thousands(it.budget), thousands(it.spent)]
                if str(it.ref) == AS_TEXT:
                    amounts = [f"({-it.budget / 1000:,.1f})", f"({-it.spent / 1000:,.1f})"]
                forecast = round(it.spent / 1000 - 1, 1)
                tab.append(
                    [it.ref, it.name, it.category, *amounts, f"=E{row}-D{row}", forecast, it.lead]
                )
            last = tab.max_row
            tab.append([None, f"Sub-total {section}", None,
                        *(f"=SUM({c}{first}:{c}{last})" for c in "DEFG")])  # fmt: skip
            subtotals.append(tab.max_row)
            tab.cell(tab.max_row + 2, 1)  # two blank rows
        tab.cell(tab.max_row + 1, 2, f"Total {sheet}")
        for letter in "DEFG":
            tab[f"{letter}{tab.max_row}"] = "=" + "+".join(f"{letter}{row}" for row in subtotals)
    book[NHS]["E8"].comment = Comment("March accrual not agreed", "she")
    book[NHS].append([])
    book[NHS].append(["Note: provisional until the audit"])
    book.save(path)
    return path


def in_months(pounds: int) -> list[int]:
    """Part an amount into pence of twelve months, the last taking what is left."""
    month = int(pounds * 100 / 12)
    return [*[month] * 11, pounds * 100 - 11 * month]


def written(pence: int) -> str:
    return f"{pence // 100:,}.{pence % 100:02}"


def council_ledger(path: Path) -> Path:
    """Write the council's ledger: a journal for each line and period, DR and CR, a grand total."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["Millbrook Council: ledger 2024/25"])
    rows.writerow([])
    rows.writerow(["Cost Centre", "CC Description", "Subjective", "Period", "Amount", "DR/CR"])
    whole = 0
    for it in (it for it in LINES if it.sheet != NHS):
        for period, amount in enumerate(in_months(it.spent), start=1):
            whole += amount
            sign = "CR" if amount < 0 else "DR"
            rows.writerow([f"C{it.ref}", it.name, "4000", period, written(abs(amount)), sign])
    rows.writerow([])
    rows.writerow(["Grand total", None, None, None, written(whole), "DR"])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def nhs_ledger(path: Path) -> Path:
    """Write the board's ledger: a column for each period, the year to date beside them."""
    book = openpyxl.Workbook()
    tab = book.active
    tab.title = "TB by period"
    tab.append(["NHS Millbrook ICB: trial balance by period, 2024/25"])
    tab.append([])
    months = [f"M{number:02}" for number in range(1, 13)]
    tab.append(["Cost Centre", "Cost Centre Desc", "Account Code", *months, "YTD Actual"])
    for it in (it for it in LINES if it.sheet == NHS):
        tab.append(
            [
                f"N{it.ref}",
                it.name,
                "5200",
                *(pence / 100 for pence in in_months(it.spent)),
                it.spent,
            ]
        )
    book.save(path)
    return path


def year_end_return(path: Path) -> Path:
    """Write the national return: a cover, and what was planned and spent on each line."""
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["Year-end return 2024-25"])
    tab = book.create_sheet("Expenditure")
    tab.append(["Year-end return 2024-25: expenditure"])
    tab.append([])
    tab.append(["Scheme ID", "Scheme Name", "Commissioner", "Planned Expenditure (£)",
                "Actual Expenditure to date (£)"])  # fmt: skip
    for it in LINES:
        tab.append([it.ref, it.name, HOLDERS[it.sheet], it.budget, it.spent])
    book.save(path)
    return path


def ruled(pool: Path) -> None:
    """Fill in what no sheet states, and write the agreement as rules."""
    settings = pool / "pool.toml"
    settings.write_text(settings.read_text().replace('board = ""', 'board = "Millbrook board"'))
    given = {
        "organisations": "organisation,name,organisation_kind\nICB,Millbrook ICB,nhs\n"
        "MBC,Millbrook Council,council\n",
        "reserves": "reserve,name,reserve_kind,opening\nRES,Risk reserve,risk pool,150000.00\n",
        "limits": "limit_id,bearer,at_most,covers,counts,clause\n"
        'L1,ICB,"£400,000",category=Shared,overspends,2.3\n'
        'L2,MBC,"£400,000",category=Shared,overspends,2.3\n',
        "rules": "rule_id,scope,direction,step,band_from,band_to,basis,bearer,share,"
        "version,clause\n"
        "R1,category=NHS own+Council own+Grant,either,1,,,own,budget holder,100,,2.1\n"
        "R2,category=Shared,over,1,,,fixed,RES,100,,2.2\n"
        'R3,category=Shared,over,2,,"£500,000",fixed,ICB,55,,2.2\n'
        'R4,category=Shared,over,2,,"£500,000",fixed,MBC,45,,2.2\n'
        'R5,category=Shared,over,2,"£500,000",,contribution,ICB,,opening,2.2\n'
        'R6,category=Shared,over,2,"£500,000",,contribution,MBC,,opening,2.2\n'
        "R7,category=Shared,over,3,,,fixed,outside the pool,100,,2.3\n"
        "R8,category=Shared,under,1,,,fixed,carried forward,100,,2.2\n",
        "contributions": "organisation,version,to,funding,amount\n"
        + "".join(
            f"{holder},opening,{scope},core,{given_to(holder, shared=of)}.00\n"
            for holder in ("ICB", "MBC")
            for scope, of in (("category=Shared", True),
                              ("category=NHS own+Council own+Grant", False))
        ),
    }  # fmt: skip
    for name, text in given.items():
        (pool / f"{name}.csv").write_text(text, encoding="utf-8")


def total(picked: Callable[[Line], bool], *, of: str = "budget") -> int:
    return sum(getattr(it, of) for it in LINES if picked(it))


def given_to(holder: str, *, shared: bool) -> int:
    return total(lambda it: HOLDERS[it.sheet] == holder and (it.category == SHARED) == shared)


def half_up(exact: Fraction) -> int:
    """Round to whole pence, half away from zero, an amount that is not below nil."""
    return int(exact + Fraction(1, 2))


def by_hand() -> dict[str, int]:
    """Work the agreement out, in pence: who bears what."""
    own = {
        holder: 100 * sum(it.spent - it.budget for it in LINES
                          if it.category != SHARED and HOLDERS[it.sheet] == holder)
        for holder in ("ICB", "MBC")
    }  # fmt: skip
    shared = [it for it in LINES if it.category == SHARED]
    over = 100 * sum(it.spent - it.budget for it in shared)
    from_reserve = min(over, 100 * RESERVE)
    left = over - from_reserve
    in_band = min(left, 100 * BAND)
    beyond = left - in_band
    gives = {h: sum(it.budget for it in shared if HOLDERS[it.sheet] == h) for h in ("ICB", "MBC")}
    first = half_up(Fraction(in_band * 55, 100))
    by_contribution = half_up(Fraction(beyond * gives["ICB"], sum(gives.values())))
    icb = min(first, 100 * LIMIT)
    icb += min(by_contribution, 100 * LIMIT - icb)
    mbc = min(in_band - first, 100 * LIMIT)
    mbc += min(beyond - by_contribution, 100 * LIMIT - mbc)
    return {
        "ICB": own["ICB"] + icb,
        "MBC": own["MBC"] + mbc,
        "RES": from_reserve,
        "outside the pool": over - from_reserve - icb - mbc,
    }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Her folder: the five files, and the pool she makes of them."""
    folder = tmp_path_factory.mktemp("desk")
    outturn(folder / "outturn.xlsx")
    council_ledger(folder / "GL.csv")
    nhs_ledger(folder / "TB.xlsx")
    year_end_return(folder / "return.xlsx")
    (folder / "agreement.txt").write_text(AGREEMENT, encoding="utf-8")
    return folder


def answered() -> list[str]:
    return [word for it in ANSWERS for word in ("--answer", it)]


def test_every_file_is_recognised_or_said_to_be_none(desk: Path) -> None:
    ledgers = {
        "GL.csv": total(lambda it: it.sheet != NHS, of="spent"),
        "TB.xlsx": total(lambda it: it.sheet == NHS, of="spent"),
    }
    for name, pounds in ledgers.items():
        done = bcf("import", desk / name, "--plan")
        assert done.exit_code == 0, done.output
        assert f"{pounds:,}.00\n" in done.output
        assert "Nothing to ask." in done.output
    assert "= the 96 lines. Kept as a check." in bcf("import", desk / "GL.csv", "--plan").output
    returned = bcf("import", desk / "return.xlsx", "--plan").output
    assert f"{total(lambda _: True, of='spent'):,}.00\n" in returned
    assert f"'Planned Expenditure (£)' {total(lambda _: True):,}.00" in returned
    prose = bcf("import", desk / "agreement.txt", "--plan")
    assert (prose.exit_code, "BCF901" in prose.output) == (3, True)


def test_brackets_that_a_sum_leaves_out_are_named_before_anything_is_written(desk: Path) -> None:
    done = bcf("import", desk / "outturn.xlsx", "--into", desk / "none")
    assert done.exit_code == 6, done.output
    said = " ".join(done.output.split())
    council = total(lambda it: it.sheet == COUNCIL, of="spent")
    passed = next(it.spent for it in LINES if str(it.ref) == AS_TEXT)
    assert f"without E10 '({-passed / 1000:,.1f})', which is text" in said
    assert f"{(council - passed) / 1000:,.3f} in the workbook, {council / 1000:,.3f} in the" in said
    assert "5 questions" in said
    assert "1 line of 'Health lines' that say 'Joint'" in said
    assert not (desk / "none").exists()


def test_five_files_become_one_report_to_the_penny(desk: Path) -> None:
    pool = desk / "pool"
    done = bcf("import", desk / "outturn.xlsx", "--into", pool, *answered())
    assert done.exit_code == 0, done.output
    for sheet in (NHS, COUNCIL, CAPITAL):
        mine = [it for it in LINES if it.sheet == sheet]
        budget, spent = sum(it.budget for it in mine), sum(it.spent for it in mine)
        assert f"budget £{budget:,}.00 · expenditure £{spent:,}.00" in done.output
    blank = bcf("check", pool).output
    for place in ("pool.toml, column board", "organisations.csv, row 2, column name", "rules.csv"):
        assert place in blank
    ruled(pool)
    for name, file, letter in (("council", "GL.csv", "C"), ("icb", "TB.xlsx", "N")):
        assert bcf("import", desk / file, "--as", name, "--into", pool).exit_code == 0
        rules = "rule,priority,cost_centre,scheme_id,measure,share\n" + "".join(
            f"{number},10,{letter}{it.ref},{it.ref},expenditure,100\n"
            for number, it in enumerate(LINES, start=1)
            if (it.sheet == NHS) == (letter == "N")
        )
        (pool / "ledgers" / f"{name}.rules.csv").write_text(rules)
        taken = bcf("import", desk / file, "--into", pool)
        assert taken.exit_code == 0, taken.output
        assert "= ledger, to the penny" in taken.output
        assert "no rule      0" in taken.output
    checked = bcf("check", pool)
    assert checked.exit_code == 0, checked.output
    made = bcf("report", pool, "-o", desk / "report")
    assert made.exit_code == 0, made.output
    borne: dict[str, int] = {}
    with (desk / "report" / "tables" / "risk_share.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pence = round(Fraction(row["borne"]) * 100)
            borne[row["bearer"]] = borne.get(row["bearer"], 0) + pence
    assert borne == by_hand()
    assert min(by_hand().values()) > 0  # the limits hold, and something is left beyond them
    assert sum(borne.values()) == 100 * sum(it.spent - it.budget for it in LINES)
    why = bcf("explain", pool, "expenditure/scheme=3").output
    assert "TB.xlsx, sheet TB by period, D6" in why
    assert "TB.xlsx, sheet TB by period, O6" in why
    held = openpyxl.load_workbook(desk / "outturn.xlsx")[NHS]
    assert (held["B14"].value, held["D14"].value) == ("Step-down beds", 1745.125)
    why = " ".join(bcf("explain", pool, "budget/scheme=3").output.split())
    assert "schemes.csv, row 4; outturn.xlsx, Health lines, D14 and E14" in why


def test_a_line_keeps_its_cells_and_what_was_noted_beside_it(desk: Path) -> None:
    pool = desk / "kept"
    assert bcf("import", desk / "outturn.xlsx", "--into", pool, *answered()).exit_code == 0
    with (pool / "schemes.csv").open(encoding="utf-8") as file:
        schemes = {it["scheme_id"]: it for it in csv.DictReader(file)}
    assert [*schemes] == [str(it.ref) for it in LINES]
    for it in LINES:
        row = schemes[str(it.ref)]
        assert row["budget"] == f"{it.budget:,}.00"
        assert row["expenditure"] == f"{it.spent:,}.00"
        assert row["organisation"] == HOLDERS[it.sheet]
        assert row["category"] == it.category
        assert row["kind"] == ("capital" if it.sheet == CAPITAL else "revenue")
    assert schemes["1"]["source"] == "outturn.xlsx, Health lines, D8 and E8"
    assert schemes["1"]["note"] == "March accrual not agreed"
    with (pool / "control_totals.csv").open(encoding="utf-8") as file:
        totals = {it["figure"]: it["amount"] for it in csv.DictReader(file)}
    assert totals == {
        "budget/organisation=ICB": f"{total(lambda it: it.sheet == NHS):,}.00",
        "expenditure/organisation=ICB": f"{total(lambda it: it.sheet == NHS, of='spent'):,}.00",
        "budget/kind=capital": f"{total(lambda it: it.sheet == CAPITAL):,}.00",
        "expenditure/kind=capital": f"{total(lambda it: it.sheet == CAPITAL, of='spent'):,}.00",
    }


def test_rows_that_are_there_are_left_and_new_ones_are_proposed(desk: Path) -> None:
    pool = desk / "hers"
    assert bcf("import", desk / "outturn.xlsx", "--into", pool, *answered()).exit_code == 0
    schemes = pool / "schemes.csv"
    hers = [
        row for row in schemes.read_text().splitlines(keepends=True) if not row.startswith("2,")
    ]
    schemes.write_text("".join(hers).replace("2,412,350.00", "2,412,351.00"))
    before = {path.name: path.read_bytes() for path in pool.iterdir()}
    done = bcf("import", desk / "outturn.xlsx", "--into", pool, *answered())
    assert done.exit_code == 0, done.output
    assert "2 rows of the workbook, 1 of which are there with other cells" in done.output
    after = {path.name: path.read_bytes() for path in pool.iterdir()}
    assert after.keys() - before.keys() == {"schemes.proposed.csv"}
    assert all(after[name] == data for name, data in before.items())
    with (pool / "schemes.proposed.csv").open(encoding="utf-8") as file:
        assert [row["scheme_id"] for row in csv.DictReader(file)] == ["1", "2"]


def test_the_invented_pool_of_init_is_nobodys_and_one_that_was_changed_is(desk: Path) -> None:
    made = desk / "my-pool"
    assert bcf("init", made).exit_code == 0
    (made / "pool" / "pool.toml").write_text(
        (made / "pool" / "pool.toml").read_text().replace("Anytown Health", "Millbrook Health")
    )
    done = bcf("import", desk / "outturn.xlsx", "--into", made, *answered())
    assert done.exit_code == 0, done.output
    assert "Written: pool.toml" not in done.output
    assert "Millbrook Health" in (made / "pool" / "pool.toml").read_text()
    assert "Community nursing" not in (made / "pool" / "schemes.csv").read_text()
    assert (made / "pool" / "commentary.csv").read_text() == "scheme_id,reason\n"
