"""What nobody stated is not nil: in the year, in shares, in budgets, in movements and in plans."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.audit.statements import of_pool
from bcf_model.core.errors import NotStated
from bcf_model.core.figures import Figure
from bcf_model.explain.derivation import explain_named
from bcf_model.explain.tree import walk
from bcf_model.plan import budget_versions
from bcf_model.plan.load import check_scenario, load_plan, load_scenario
from bcf_model.plan.projection import project
from bcf_model.pool import check_pool, load
from bcf_model.publish.comparison.terminal import comparison
from bcf_model.publish.comparison.write import write_comparison
from bcf_model.publish.contents import contents
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.scenario.sentences import not_known
from bcf_model.publish.write import document
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.pipeline import compare, run
from bcf_model.year.results import Results
from tests.longer import slow

SETTINGS = """title = "Eastmere"
board = "Board"
financial_year = "2018-19"
unit = "pounds"
as_at = 2019-03-31
source = "Invented"
"""
POOL = {
    "organisations": "organisation,name,organisation_kind\nEMC,Eastmere Council,council\n"
    "CCG,Eastmere CCG,nhs\n",
    "themes": "theme,name\n1,Home\n2,Hospital\n",
    "categories": "category,name\nOWN,Own\nJOINT,Joint\n",
    "rules": "rule_id,scope,direction,step,basis,bearer,share,clause\n"
    "R1,category=OWN,either,1,own,budget holder,100,1\n"
    "R2,category=JOINT,either,1,fixed,EMC,50,2\n"
    "R3,category=JOINT,either,1,fixed,CCG,50,2\n",
}
HEAD = "scheme_id,theme,organisation,scheme,category,kind,budget,expenditure"
A, B = "A,1,EMC,Carers,OWN,revenue,100,110", "B,1,CCG,Nursing,OWN,revenue,200,190"
C, D = "C,2,CCG,Beds,JOINT,revenue,300,330", "D,2,EMC,Homes,OWN,revenue,50,50"


def pool(folder: Path, *lines: str, head: str = HEAD, settings: str = "", **tables: str) -> Path:
    """Write a pool of these lines, with the tables given in place of its own."""
    written = POOL | {"schemes": "\n".join((head, *lines)) + "\n"} | tables
    (folder / "pool.toml").write_text(SETTINGS + settings, encoding="utf-8")
    for name, text in written.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [(f.code, f.row, f.column) for f in check_pool(folder)[1]]


def values(results: Results, *figures: str) -> list[float | None]:
    return [results.figures.value(Figure.parse(figure)) for figure in figures]


def table(results: Results, name: str) -> list[dict[str, str]]:
    text = contents(document(results))[f"tables/{name}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text)))


# ------------------------------------------------------------------ a pool of budgets


BUDGETS_ONLY = [line.rpartition(",")[0] for line in (A, B, C, D)]


@slow
@pytest.mark.parametrize("column", ["", ",expenditure"])
def test_a_pool_may_state_budgets_alone(tmp_path: Path, column: str) -> None:
    head = HEAD.removesuffix(",expenditure") + column
    rows = [line + "," * bool(column) for line in BUDGETS_ONLY]
    folder = pool(tmp_path, *rows, head=head)
    assert found(folder) == [("BCF312", 0, "expenditure")]
    results = run(load(folder))
    assert values(results, "budget", "budget/theme=1", "expenditure", "variance") == [
        65_000, 30_000, None, None,
    ]  # fmt: skip
    assert values(results, "borne", "borne/bearer=CCG", "variance_percent") == [None, None, None]
    assert {row["expenditure"] + row["variance"] for row in table(results, "variance")} == {""}
    assert {row["percent_note"] for row in table(results, "variance_total")} == {
        "expenditure not stated"
    }
    assert {row["borne"] + row["balancing_payment"] for row in table(results, "settlement")} == {""}
    assert [row["budget"] for row in table(results, "variance_total")] == ["650.00"]
    with pytest.raises(NotStated, match="the expenditure of A, B, C, D is not stated"):
        results.figures.pence(Figure.parse("expenditure"))


@slow
def test_contributions_and_plans_of_a_pool_of_budgets_work(tmp_path: Path) -> None:
    head = HEAD.removesuffix(",expenditure")
    folder = pool(tmp_path, *BUDGETS_ONLY, head=head)
    scenario = folder / "scenarios" / "next"
    scenario.mkdir(parents=True)
    said = 'title = "Next"\nopening = "{}"\nfirst_year = "2019-20"\n'
    (scenario / "scenario.toml").write_text(said.format("year-end budget"), encoding="utf-8")
    made = project(*load_scenario(folder, "next"))
    assert made.tables["walk"]["amount"].sum() == 65_000
    (scenario / "scenario.toml").write_text(said.format("outturn"), encoding="utf-8")
    loaded, findings = check_scenario(folder, "next")
    assert loaded is None
    assert [f.code for f in findings if f.severity == "error"] == ["BCF322"]


def test_a_pool_that_states_no_amount_is_none(tmp_path: Path) -> None:
    head = HEAD.removesuffix(",budget,expenditure")
    lines = [line.rsplit(",", 2)[0] for line in (A, B, C, D)]
    assert found(pool(tmp_path, *lines, head=head)) == [("BCF315", 0, "budget")]


# ------------------------------------------------------------------ one amount of many


@pytest.mark.parametrize("column", ["budget", "expenditure"])
def test_a_blank_among_amounts_is_a_slip(tmp_path: Path, column: str) -> None:
    blank = B.replace("200,190", ",190" if column == "budget" else "200,")
    assert found(pool(tmp_path, A, blank, C)) == [("BCF201", 3, column)]


@slow
def test_an_amount_called_not_stated_costs_what_needs_it(tmp_path: Path) -> None:
    folder = pool(tmp_path, A, B.replace("190", "Not stated"), C, D)
    assert found(folder) == [("BCF313", 3, "expenditure")]
    results = run(load(folder))
    assert values(results, "variance/theme=1", "variance/theme=2", "variance") == [
        None, 3_000, None,
    ]  # fmt: skip
    # Own variance: the council's is known whatever the CCG spent; the joint pot is, too.
    assert values(results, "borne/bearer=EMC", "borne/bearer=CCG/category=JOINT") == [2_500, 1_500]
    assert values(results, "borne/bearer=CCG", "borne") == [None, None]
    settled = {row["party"]: row for row in table(results, "settlement")}
    assert settled["EMC"]["balancing_payment"] == "15.00"
    assert settled["CCG"]["balancing_payment"] == settled["CCG"]["own_variance"] == ""


@slow
def test_what_is_netted_with_it_is_not_shared_either(tmp_path: Path) -> None:
    """Over and under have other bearers: which rule applies hangs on what is not stated."""
    rules = POOL["rules"].replace("category=JOINT,either", "category=JOINT,over") + (
        "R4,category=JOINT,under,1,fixed,CCG,100,2\n"
    )
    joint = D.replace("OWN", "JOINT").replace("50,50", "50,not stated")
    results = run(load(pool(tmp_path, A, B, C, joint, rules=rules)))
    assert values(results, "borne/category=OWN", "borne/category=JOINT/bearer=EMC") == [0, None]
    assert values(results, "borne/category=OWN/bearer=CCG", "borne/bearer=CCG") == [-1_000, None]


@slow
def test_a_reserve_that_may_be_drawn_on_has_no_closing_balance(tmp_path: Path) -> None:
    rules = (
        "rule_id,scope,direction,step,basis,bearer,share,clause\n"
        "R1,category=OWN,over,1,fixed,POT,100,1\nR2,category=OWN,over,2,own,budget holder,100,1\n"
        "R3,category=OWN,under,1,own,budget holder,100,1\n"
        "R4,category=JOINT,either,1,fixed,CCG,100,2\n"
    )
    reserves = "reserve,name,reserve_kind,opening\nPOT,Pot,risk pool,5\n"
    lost = pool(tmp_path, A.replace("110", "not stated"), C, rules=rules, reserves=reserves)
    results = run(load(lost))
    assert [row["closing"] for row in table(results, "reserves")] == [""]
    assert values(results, "borne/bearer=POT", "borne/bearer=EMC") == [None, None]
    assert values(results, "borne/category=JOINT") == [3_000]


@slow
@pytest.mark.parametrize("basis", ["budget", "commissioned"])
def test_what_is_shared_by_budgets_needs_them(tmp_path: Path, basis: str) -> None:
    rules = (
        "rule_id,scope,direction,step,basis,bearer,share,clause\n"
        "R1,category=OWN,either,1,own,budget holder,,1\n"
        f"R2,category=JOINT,either,1,{basis},EMC,,2\nR3,category=JOINT,either,1,{basis},CCG,,2\n"
    )
    head = f"{HEAD},variance"
    joint = D.replace("OWN,revenue,50,50", "JOINT,revenue,,,7")
    results = run(load(pool(tmp_path, f"{A},", f"{B},", f"{C},", joint, head=head, rules=rules)))
    assert values(results, "variance/category=JOINT", "borne/category=JOINT") == [3_700, None]
    assert values(results, "borne/category=OWN/bearer=EMC") == [1_000]


# ------------------------------------------------------------------ a variance by itself


@slow
def test_a_line_may_be_known_by_its_variance(tmp_path: Path) -> None:
    head = f"{HEAD},variance"
    rows = (
        "A,1,EMC,Carers,OWN,revenue,,,10", "B,1,CCG,Nursing,OWN,revenue,200,,(10)",
        "C,2,CCG,Beds,JOINT,revenue,,330,30", f"{D},0",
    )  # fmt: skip
    folder = pool(tmp_path, *rows, head=head)
    assert found(folder) == [("BCF314", 0, "variance")]
    results = run(load(folder))
    assert values(results, "variance", "variance/scheme=A", "borne/bearer=CCG") == [
        3_000, 1_000, 500,
    ]  # fmt: skip
    assert values(results, "budget", "expenditure/theme=1") == [None, None]
    # The third of the three follows: 200 − 10, and 330 − 30.
    assert values(results, "expenditure/scheme=B", "budget/theme=2") == [19_000, 35_000]
    assert table(results, "variance")[0] | {"source": ""} == {
        "financial_year": "2018-19", "theme": "1", "organisation": "EMC", "scheme_id": "A",
        "scheme": "Carers", "category": "OWN", "kind": "revenue", "budget": "", "expenditure": "",
        "variance": "10.00", "variance_percent": "",
        "percent_note": "budget and expenditure not stated", "source": "",
    }  # fmt: skip


def test_budget_expenditure_and_variance_agree(tmp_path: Path) -> None:
    folder = pool(tmp_path, f"{A},10", f"{B},10", f"{C},30", head=f"{HEAD},variance")
    assert found(folder) == [("BCF316", 3, "variance")]


def test_what_follows_from_two_rounded_amounts_is_rounded_by_both(tmp_path: Path) -> None:
    head = f"{HEAD},variance"
    rows = ("A,1,EMC,Carers,OWN,revenue,1,,0.5", "B,1,CCG,Nursing,OWN,revenue,,,2")
    folder = pool(tmp_path, *rows, head=head)
    text = (folder / "pool.toml").read_text(encoding="utf-8")
    (folder / "pool.toml").write_text(text.replace("pounds", "millions"), encoding="utf-8")
    steps = load(folder).steps
    assert steps is not None
    million = 100_000_000
    assert steps.to_numpy().tolist() == [
        [million, million + million // 10, million // 10], [0, 0, million],
    ]  # fmt: skip


# ------------------------------------------------------------------ a holder nobody names


@pytest.mark.parametrize("line", [A.replace("EMC", "not stated"), A.replace("EMC", "")])
def test_a_holder_may_be_not_stated_in_words_alone(tmp_path: Path, line: str) -> None:
    folder = pool(tmp_path, line, B, C, D)
    expected = "BCF317" if "not stated" in line else "BCF201"
    assert found(folder) == [(expected, 2, "organisation")]


@slow
def test_lines_of_nobody_have_a_row_of_their_own(tmp_path: Path) -> None:
    folder = pool(tmp_path, A.replace("EMC", "not stated"), B, C, D)
    results = run(load(folder))
    of = "variance/organisation="
    assert values(results, f"{of}EMC", f"{of}not stated", f"{of}CCG", "variance") == [
        0, 1_000, 2_000, 3_000,
    ]  # fmt: skip
    # Whose own variance it is, nobody knows: it may be either partner's.
    assert values(results, "borne/bearer=EMC", "borne/bearer=CCG") == [None, None]
    assert values(results, "borne/category=JOINT/bearer=EMC") == [1_500]
    settled = {row["party"]: row for row in table(results, "settlement")}
    assert settled["not stated"]["own_variance"] == "10.00"
    assert {row["balancing_payment"] for row in settled.values()} == {""}
    names = {row.cells[0] for page in sheets(results) for row in page.rows}
    assert "Holder not stated" in names


@slow
def test_a_shared_line_of_nobody_is_shared_and_not_settled(tmp_path: Path) -> None:
    results = run(load(pool(tmp_path, A, B, C.replace("CCG", "not stated"), D)))
    assert values(results, "borne/bearer=EMC", "borne/bearer=CCG") == [2_500, 500]
    assert {row["balancing_payment"] for row in table(results, "settlement")} == {""}


@slow
def test_a_line_of_nobody_on_budget_changes_nothing(tmp_path: Path) -> None:
    results = run(load(pool(tmp_path, A, B, C, D.replace("EMC", "not stated"))))
    assert values(results, "borne/bearer=EMC", "borne/bearer=CCG") == [2_500, 500]
    settled = {row["party"]: row["balancing_payment"] for row in table(results, "settlement")}
    assert (settled["EMC"], settled["CCG"]) == ("15.00", "-15.00")


BY_HOLDER = (
    "rule_id,scope,direction,step,basis,bearer,share,clause\n"
    "R1,organisation=EMC,over,1,fixed,CCG,100,1\nR2,organisation=EMC,under,1,fixed,EMC,100,1\n"
    "R3,organisation=CCG/theme=1,either,1,fixed,EMC,100,1\n"
    "R4,organisation=CCG/theme=2,either,1,fixed,CCG,100,1\n"
)


@slow
def test_a_line_of_nobody_may_be_under_either_holders_rules(tmp_path: Path) -> None:
    """It may turn the council's lines from over to under, or be the CCG's: but not of theme 2."""
    folder = pool(tmp_path, A, B.replace("CCG", "not stated"), C, D, rules=BY_HOLDER)
    assert found(folder) == [("BCF410", 4, "scope"), ("BCF317", 3, "organisation")]
    results = run(load(folder))
    assert values(results, "borne/bearer=EMC", "borne/bearer=CCG", "borne") == [None, None, None]
    assert values(results, "borne/rule=R4", "borne/theme=2/bearer=CCG/rule=R4") == [3_000, 3_000]
    rows = {(row["scope"], row["bearer"]): row["borne"] for row in table(results, "risk_share")}
    assert rows == {
        ("organisation=EMC", "CCG"): "", ("organisation=EMC", "EMC"): "",
        ("theme=1/organisation=CCG", "EMC"): "", ("theme=2/organisation=CCG", "CCG"): "30.00",
    }  # fmt: skip


@slow
def test_a_line_of_nobody_may_weigh_with_lines_of_every_kind(tmp_path: Path) -> None:
    """If revenue is the council's, its lead commissions more of what capital is shared by."""
    rules = (
        "rule_id,scope,direction,step,basis,bearer,share,clause\n"
        "R1,organisation=EMC,either,1,commissioned,EMC,,1\n"
        "R2,organisation=EMC,either,1,commissioned,CCG,,1\n"
        "R3,organisation=CCG,either,1,fixed,CCG,100,1\n"
    )
    head = "scheme_id,theme,organisation,scheme,category,kind,lead,budget,expenditure"
    lines = ("A,1,EMC,Carers,OWN,capital,EMC,100,110", "C,1,CCG,Beds,OWN,revenue,CCG,50,51")
    nobodys = "B,1,{},Nursing,OWN,revenue,CCG,200,200"
    figures = ("borne/kind=capital/bearer=EMC", "borne/kind=capital/bearer=CCG", "borne/rule=R3")
    for holder, borne in (
        ("EMC", [333, 667, 100]), ("CCG", [1_000, 0, 100]), ("not stated", [None, None, 100]),
    ):  # fmt: skip
        results = run(load(pool(tmp_path, *lines, nobodys.format(holder), head=head, rules=rules)))
        assert values(results, *figures) == borne


@slow(first=1)
@pytest.mark.parametrize("basis", ["commissioned", "contribution"])
@pytest.mark.parametrize("netting", ["scope", "holder"])
def test_what_is_measured_over_lines_needs_to_know_which_they_are(
    tmp_path: Path, basis: str, netting: str
) -> None:
    """The CCG commissions the revenue of U, on budget: is it EMC's, it bears of EMC's capital."""
    scope, version = ("organisation=EMC", "opening") if netting == "scope" else ("pool", "opening")
    version = version if basis == "contribution" else ""
    rows = [f"R{i},{scope},either,1,{basis},{who},,{netting},{version},1\n" for i, who in PARTNERS]
    if netting == "scope":
        rows.append("R3,organisation=CCG,either,1,fixed,CCG,100,,,1\n")
    head = "rule_id,scope,direction,step,basis,bearer,share,netting,version,clause\n"
    lines = [
        "A,1,EMC,Carers,OWN,revenue,100,110,", "K,2,EMC,Aids,OWN,capital,50,80,",
        "U,1,not stated,Nursing,OWN,revenue,100,100,CCG", "B,2,CCG,Beds,JOINT,revenue,300,300,",
    ]  # fmt: skip
    folder = pool(
        tmp_path, *lines, head=f"{HEAD},lead", rules=head + "".join(rows),
        contributions="organisation,version,to,amount\nCCG,opening,scheme=U,100\n"
        "EMC,opening,scheme=K,100\nCCG,opening,scheme=B,9\n",
    )  # fmt: skip
    results = run(load(folder))
    assert values(results, "borne/kind=capital", "borne/kind=capital/bearer=CCG") == [None, None]


PARTNERS = ((1, "EMC"), (2, "CCG"))


@slow
def test_a_line_under_no_category_may_be_netted_with_any(tmp_path: Path) -> None:
    """Its variance is not stated either: it may belong to each pot of its kind."""
    line = D.replace("OWN", "not stated").replace("50,50", "50,not stated")
    results = run(load(pool(tmp_path, A, B, C.replace("revenue", "capital"), line)))
    assert values(results, "borne/kind=capital", "borne/kind=revenue") == [3_000, None]


def test_nobody_contributes_and_nobody_is_paid(tmp_path: Path) -> None:
    """The words are for lines alone: what partners put in has a partner."""
    contributions = "organisation,version,amount\nnot stated,opening,5\n"
    folder = pool(tmp_path, A.replace("EMC", "not stated"), B, C, contributions=contributions)
    assert ("BCF303", 2, "organisation") in found(folder)


# ------------------------------------------------------------------ limits over several rules

WITHOUT_BUDGET = "E,1,EMC,Aids,OWN,revenue,,,0"
UNBUDGETED = [f"{A},", f"{B},", f"{C},", f"{D},", WITHOUT_BUDGET]
"""What E was to cost nobody says; it is on budget, so that its own variance is known."""


def limited(*rows: str) -> dict[str, str]:
    """Give the tables of limits on what is shared; what they leave is met outside the pool."""
    head = "limit_id,bearer,at_most,covers,counts,clause\n"
    rows = tuple(row if row.count(",") > 2 else f"{row}," for row in rows)
    left = "".join(
        f"R{category},category={category},either,2,fixed,outside the pool,100,1\n"
        for category, covers in (
            ("OWN", ("pool", "OWN", "=CCG")),
            ("JOINT", ("pool", "=2", "=CCG", "cap")),
        )
        if any(word in row for row in rows for word in covers)
    )
    return {
        "rules": POOL["rules"] + left,
        "limits": head + "".join(f"L{i},{row},9\n" for i, row in enumerate(rows, 1)),
    }


def of_limits(results: Results) -> list[tuple[str, ...]]:
    rows = table(results, "limits")
    return [tuple(row[name] for name in ("budget", "amount", "counted", "left")) for row in rows]


@slow(first=1)
@pytest.mark.parametrize(
    ("limit", "borne", "said"),
    [
        # How much 2 % is hangs on the budget of E: what the CCG bears of C, and so the others.
        ("CCG,2%,pool", [None, None, None], ("", "", "", "")),
        ("CCG,2%,pool,net", [None, None, None], ("", "", "", "")),
        ("CCG,2%,category=OWN", [1_500, 1_500, 0], ("", "", "0.00", "")),
        ("CCG,2%,theme=2", [700, 1_500, 800], ("350.00", "7.00", "7.00", "0.00")),
        ("CCG,£7,pool", [700, 1_500, 800], ("", "7.00", "7.00", "0.00")),
        # An overspend uses nothing of what limits underspends.
        ("CCG,2%,pool,underspends", [1_500, 1_500, 0], ("", "", "", "")),
        ("CCG,£20,pool,underspends", [1_500, 1_500, 0], ("", "20.00", "10.00", "10.00")),
    ],
)
def test_a_limit_in_percent_needs_the_budgets_it_is_of(
    tmp_path: Path, limit: str, borne: list[int | None], said: tuple[str, ...]
) -> None:
    folder = pool(tmp_path, *UNBUDGETED, head=f"{HEAD},variance", **limited(limit))
    results = run(load(folder))
    of = "borne/category=JOINT/bearer="
    assert values(results, f"{of}CCG", f"{of}EMC", f"{of}outside the pool") == borne
    assert of_limits(results) == [said]


@slow
def test_what_may_count_towards_a_limit_uses_it(tmp_path: Path) -> None:
    """Who holds D is not stated: whether the CCG's limit covers it, and what is left of that."""
    joint = D.replace("OWN", "JOINT").replace("EMC", "not stated").replace("50,50", "50,59")
    tables = limited("CCG,£7,organisation=CCG", "CCG,£7,organisation=EMC/theme=1")
    rows = [",line,".join(row.rsplit(",", 1)) for row in tables["rules"].splitlines()]
    tables["rules"] = "\n".join(rows).replace("line,clause", "netting,clause") + "\n"
    results = run(load(pool(tmp_path, A, B, C, joint, **tables)))
    assert values(results, "borne/category=JOINT", "borne/category=JOINT/bearer=CCG") == [None] * 2
    assert of_limits(results) == [("", "7.00", "", ""), ("100.00", "7.00", "0.00", "7.00")]
    # In percent, it is not known how much the first is either; nothing counts towards the second.
    tables["limits"] = tables["limits"].replace("£7", "2%")
    results = run(load(pool(tmp_path, A, B, C, joint, **tables)))
    assert of_limits(results) == [("", "", "", ""), ("100.00", "2.00", "0.00", "2.00")]


@slow
def test_what_no_limit_covers_is_shared(tmp_path: Path) -> None:
    """The CCG has a limit of what is on capital; what it bears of a line in doubt is revenue."""
    joint = D.replace("OWN,revenue,50,50", "JOINT,capital,50,59")
    lines = [A, B, C.replace("330", "not stated"), joint]
    results = run(load(pool(tmp_path, *lines, **limited("CCG,£3,kind=capital"))))
    assert values(results, "borne/kind=capital/bearer=CCG", "borne/kind=revenue/bearer=CCG") == [
        300, None,
    ]  # fmt: skip
    assert of_limits(results) == [("50.00", "3.00", "3.00", "0.00")]


# ------------------------------------------------------------------ every way out


POOLS: dict[str, tuple[str, list[str], dict[str, str]]] = {
    "budgets only": (HEAD.removesuffix(",expenditure"), BUDGETS_ONLY, {}),
    "one amount": (HEAD, [A, B.replace("190", "not stated"), C, D], {}),
    "one budget": (HEAD, [A, B.replace("200", "not stated"), C, D], {}),
    "a variance": (f"{HEAD},variance", ["A,1,EMC,Carers,OWN,revenue,,,10", f"{C},"], {}),
    "a holder": (HEAD, [A.replace("EMC", "not stated"), B, C, D], {}),
    "a limit": (f"{HEAD},variance", UNBUDGETED, limited("CCG,2%,pool", "CCG,£3,theme=2")),
}


@slow
@pytest.mark.parametrize("which", POOLS)
def test_every_figure_of_every_page_can_be_explained(tmp_path: Path, which: str) -> None:
    head, lines, tables = POOLS[which]
    results = run(load(pool(tmp_path, *lines, head=head, **tables)))
    html = contents(document(results))["report.html"].decode()
    assert "not stated" in html
    figures = {
        cell
        for page in sheets(results)
        for row in page.rows
        for cell in row.cells
        if isinstance(cell, Figure)
    }
    blank = 0
    for figure in figures:
        node = explain_named(results, str(figure))
        lacks = results.figures.lacks(figure)
        assert bool(lacks) <= (node.pence is None and node.rate is None)
        if lacks:
            blank += 1
            assert f"Not given: {lacks}. What is not stated is not nil." in node.said
        for step in walk(node):
            parts = [child.pence for child in step.children if child.adds]
            assert not parts or sum(part or 0 for part in parts) == step.pence
    assert blank


@slow
def test_a_printed_number_that_needs_it_is_not_computed(tmp_path: Path) -> None:
    published = (
        "published_id,source,label,column,printed,unit,decimals,figure\n"
        "P1,p. 1,Total,Budget,650,pounds,0,budget\nP2,p. 1,Total,Var,0,pounds,0,variance\n"
        "P3,p. 1,Total,%,0%,percent,0,variance_percent\n"
    )
    lines = [A, B.replace("190", "not stated"), C, D]
    results = run(load(pool(tmp_path, *lines, published=published)))
    verdicts = [(row["computed"], row["verdict"]) for row in table(results, "published")]
    assert verdicts == [("650", "agrees"), ("", "not computed"), ("", "not computed")]


@slow
def test_an_audit_takes_no_amount_that_is_not_stated_for_nil(tmp_path: Path) -> None:
    """The total may be anything that the line not stated makes of it."""
    published = (
        "published_id,source,label,column,printed,unit,decimals,figure\n"
        "P1,p. 1,Total,Outturn,700,pounds,0,expenditure\n"
        "P2,p. 1,CCG,Bears,-150,pounds,0,borne/bearer=CCG\n"
        "P3,p. 1,Carers,Outturn,111,pounds,0,expenditure/scheme=A\n"
    )
    lines = [A, B.replace("190", "not stated"), C, D]
    results = run(load(pool(tmp_path, *lines, published=published)))
    audited = of_pool(results.inputs.published, results.figures)
    assert [statement.place for statement in audited.statements] == [0, 2]
    assert audited.untested == {1: "who bears the variance of B is not known"}
    unknown = ("expenditure", "B")
    assert unknown in audited.statements[0].terms
    assert all(unknown not in fact.terms for fact in audited.facts)


@slow
def test_an_audit_knows_a_variance_that_stands_alone(tmp_path: Path) -> None:
    published = (
        "published_id,source,label,column,printed,unit,decimals,figure\n"
        "P1,p. 1,Total,Var,41,pounds,0,variance\n"
    )
    head = f"{HEAD},variance"
    lines = ["A,1,EMC,Carers,OWN,revenue,,,10", f"{B},", f"{C},", f"{D},"]
    results = run(load(pool(tmp_path, *lines, head=head, published=published)))
    audited = of_pool(results.inputs.published, results.figures)
    both = {("expenditure", "A"): 1, ("budget", "A"): -1}
    (fact,) = (fact for fact in audited.facts if dict(fact.terms) == both)
    assert (fact.low, fact.high) == (950, 1_050)  # stated in whole pounds: 50p either way


@slow
def test_a_control_total_that_needs_it_cannot_be_checked(tmp_path: Path) -> None:
    totals = "figure,amount\nbudget,650\nexpenditure,490\nborne/bearer=CCG,1\n"
    folder = pool(tmp_path, A, B.replace("190", "not stated"), C, D, control_totals=totals)
    assert ("BCF321", 3, "figure") in found(folder)
    checks = {row["check"] for row in table(run(load(folder)), "checks")}
    assert "Control total: budget" in checks
    assert "Control total: expenditure" not in checks


@slow
def test_agreements_are_compared_by_what_is_known(tmp_path: Path) -> None:
    folder = pool(tmp_path, A, B.replace("190", "not stated"), C, D)
    other = tmp_path / "other.csv"
    other.write_text(POOL["rules"].replace("EMC,50", "EMC,0").replace("CCG,50", "CCG,100"), "utf-8")
    tried = [run(load(folder)), run(load(folder, other))]
    compared = compare(tried)
    found = compared.set_index(["agreement", "party"])[["borne", "difference"]]
    assert found.loc[("other", "EMC")].tolist() == [1_000, -1_500]
    assert found.loc[("other", "CCG")].isna().all()
    text = comparison(compared, tried)
    assert "Blank under other: who bears the variance of B is not known. That is not nil." in text
    write_comparison(compared, tried, tmp_path / "out")
    text = (tmp_path / "out/tables/comparison.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    (row,) = (row for row in rows if (row["agreement"], row["party"]) == ("own", "CCG"))
    assert (row["borne"], row["balancing_payment"]) == ("", "")


# ------------------------------------------------------------------ versions of the budget


VERSIONS = "version,financial_year,theme,organisation,scheme_id,kind,amount\n"
NAMED = '[budgets]\nclosing = "old"\nnext_initial = "new"\n'


def moved(folder: Path, earlier: str, later: str) -> list[int | None]:
    found = budget_versions.movement(load_plan(folder).stated_versions, earlier, later)["amount"]
    return [None if pd.isna(amount) else int(amount) for amount in found]


def budgets(*rows: str) -> str:
    return VERSIONS + "".join(f"{row}\n" for row in rows)


OLD = ("old,2018-19,1,,,,310", "old,2018-19,2,,,,340")


@slow
def test_a_theme_a_version_leaves_out_has_not_moved_to_nil(tmp_path: Path) -> None:
    said = budgets(*OLD, "new,2019-20,2,,,,350")
    folder = pool(tmp_path, A, B, C, D, budgets=said, settings=NAMED)
    assert found(folder) == [("BCF319", 4, "theme")]
    assert moved(folder, "old", "new") == [None, 1_000]
    assert moved(folder, "year-end budget", "new") == [None, 0]
    results = run(load(folder))
    change = "budget_change/theme="
    assert values(results, f"{change}1", f"{change}2", "budget_change") == [None, 1_000, None]
    assert values(results, "next_initial_budget/theme=1", "closing_budget") == [None, 65_000]
    assert "no nil" not in results.figures.lacks(Figure.parse("budget_change"))
    contents(document(results))


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ("new,2019-20,a=b,,,,310", [A, B, C, D]),
        ("outturn,2019-20,1,,,,310", [A, B, C, D]),
        ("new,2019-20,1,,,,310", [A, B, C.replace("C,2", "C,a=b"), D]),
    ],
)
def test_what_seems_left_out_for_an_error_is_not_told(
    tmp_path: Path, row: str, lines: list[str]
) -> None:
    said = budgets(*OLD, row, "new,2019-20,2,,,,350")
    folder = pool(tmp_path, *lines, budgets=said)
    assert "BCF319" not in [code for code, _, _ in found(folder)]


def test_what_is_left_out_is_compared_with_the_pools_own_by_its_name(tmp_path: Path) -> None:
    folder = pool(
        tmp_path, A, C, budgets=budgets("old,2018-19,2,,,,340"), settings='basis = "forecast"\n'
    )
    (finding,) = (f for f in check_pool(folder)[1] if f.code == "BCF319")
    assert finding.expected == "as in 'budget'"


@slow
def test_a_row_may_say_that_its_amount_is_not_stated(tmp_path: Path) -> None:
    said = budgets(*OLD, "new,2019-20,1,,,,not stated", "new,2019-20,2,,,,350")
    folder = pool(tmp_path, A, B, C, D, budgets=said, settings=NAMED)
    assert found(folder) == [("BCF320", 4, "amount")]
    assert moved(folder, "old", "new") == [None, 1_000]
    results = run(load(folder))
    assert values(results, "next_initial_budget", "budget_change/theme=1") == [None, None]
    blank = budgets(*OLD, "new,2019-20,1,,,,", "new,2019-20,2,,,,350")
    assert found(pool(tmp_path, A, B, C, D, budgets=blank)) == [("BCF201", 4, "amount")]


@slow
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["new,2019-20,,,,,700"], [5_000]),
        (["new,2019-20,not stated,,,,700"], [5_000]),
        (["new,2019-20,,EMC,,,160", "new,2019-20,,CCG,,,540"], [5_000]),
    ],
)
def test_a_version_may_be_known_in_total_or_by_organisation(
    tmp_path: Path, rows: list[str], expected: list[int]
) -> None:
    folder = pool(tmp_path, A, B, C, D, budgets=budgets(*OLD, *rows), settings=NAMED)
    assert found(folder) == []
    assert moved(folder, "old", "new") == expected
    results = run(load(folder))
    assert values(results, "budget_change", "next_initial_budget") == [5_000, 70_000]
    contents(document(results))
    lines = budget_versions.opening_lines(load_plan(folder).stated_versions, "new")
    assert lines["opening"].sum() == 70_000
    assert set(lines["theme"]) == {""}


@slow
def test_organisations_are_compared_where_both_name_them(tmp_path: Path) -> None:
    rows = ["new,2019-20,,EMC,,,160", "new,2019-20,,CCG,,,540"]
    folder = pool(tmp_path, A, B, C, D, budgets=budgets(*rows))
    assert moved(folder, "year-end budget", "new") == [1_000, 4_000]
    one = pool(tmp_path, A, B, C, D, budgets=budgets(rows[0]))
    assert moved(one, "year-end budget", "new") == [1_000, None]


def test_a_blank_theme_among_others_may_be_a_total(tmp_path: Path) -> None:
    said = budgets(*OLD, "old,2018-19,,,,,650")
    assert found(pool(tmp_path, A, B, C, D, budgets=said)) == [("BCF318", 4, "theme")]


@slow
@pytest.mark.parametrize("version", ["total", "halves"])
def test_a_scenario_may_open_with_a_total(tmp_path: Path, version: str) -> None:
    rows = ["total,2018-19,,,,,700", "halves,2018-19,,EMC,,,160", "halves,2018-19,,CCG,,,540"]
    folder = pool(tmp_path, A, B, C, D, budgets=budgets(*rows))
    scenario = folder / "scenarios" / "next"
    scenario.mkdir(parents=True)
    said = f'title = "Next"\nopening = "{version}"\nfirst_year = "2019-20"\n'
    (scenario / "scenario.toml").write_text(said, encoding="utf-8")
    (scenario / "assumptions.csv").write_text(
        "assumption,step,scope,year,value,unit\npay,inflation,all,2019-20,10,percent\n",
        encoding="utf-8",
    )
    made = project(*load_scenario(folder, "next"))
    assert made.tables["walk"]["amount"].sum() == 77_000
    split = said + 'split = "year-end budget"\n'
    (scenario / "scenario.toml").write_text(split, encoding="utf-8")
    made = project(*load_scenario(folder, "next"))
    assert set(made.tables["lines"]["line"]) == {"A", "B", "C", "D", "not allocated"}
    assert made.tables["lines"]["opening"].sum() == 70_000


@slow
def test_an_agreed_budget_that_leaves_something_out_gives_no_shares(tmp_path: Path) -> None:
    said = budgets(*OLD, "new,2019-20,2,,,,350")
    folder = pool(tmp_path, A, B, C, D, budgets=said)
    scenario = folder / "scenarios" / "next"
    scenario.mkdir(parents=True)
    (scenario / "scenario.toml").write_text(
        'title = "Next"\nopening = "old"\nfirst_year = "2019-20"\n[agreed]\n2019-20 = "new"\n',
        encoding="utf-8",
    )
    loaded, findings = check_scenario(folder, "next")
    assert loaded is not None
    assert "BCF323" in [finding.code for finding in findings]
    made = project(*loaded)
    assert made.tables["agreed"].empty
    assert made.tables["shared"].empty
    assert (
        "What each partner would bear in 2019/20 is not known: new states nothing of theme 1, and "
        "that is not nil."
    ) in not_known(view(made))


@slow
@pytest.mark.parametrize("lost", ["holder", "reserve"])
def test_a_plan_is_not_shared_where_who_bears_hangs_on_what_is_not_stated(
    tmp_path: Path, lost: str
) -> None:
    facts = {"budgets": budgets(*OLD, "new,2019-20,1,,,,320", "new,2019-20,2,,,,350")}
    lines = [A.replace("EMC", "not stated"), B, C, D]
    if lost == "reserve":
        lines = [A.replace("110", "not stated"), B, C, D]
        facts["reserves"] = "reserve,name,reserve_kind,opening\nPOT,Pot,risk pool,5\n"
        facts["rules"] = POOL["rules"].replace("category=OWN,either,1", "category=OWN,over,2") + (
            "R4,category=OWN,over,1,fixed,POT,100,1\nR5,category=OWN,under,1,own,budget holder,,1\n"
        )
    folder = pool(tmp_path, *lines, **facts)
    scenario = folder / "scenarios" / "next"
    scenario.mkdir(parents=True)
    (scenario / "scenario.toml").write_text(
        'title = "Next"\nopening = "old"\nsplit = "year-end budget"\n'
        'first_year = "2019-20"\n[agreed]\n2019-20 = "new"\n',
        encoding="utf-8",
    )
    loaded, findings = check_scenario(folder, "next")
    assert loaded is not None
    assert "BCF324" in [finding.code for finding in findings]
    made = project(*loaded)
    assert made.tables["shared"].empty
    assert made.closing().sum() == 65_000
