"""Rules that change within the year, one law at a time, on tables small enough for paper."""

from pathlib import Path

import pytest

from bcf_model.core.figures import Figure
from bcf_model.core.findings import Finding
from bcf_model.explain.derivation import explain
from bcf_model.pool import check_pool, load
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.pools import RandomPool
from tests.oracle.sums import Row

JUNE = {"in_force_to": "2018-06-30"}
JULY = {"in_force_from": "2018-07-01"}
QUARTER = ("2018-04-01", "2018-06-30")
REST = ("2018-07-01", "2019-03-31")
LIMIT = {"limit_id": "L1", "bearer": "Council", "at_most": "£10,000", "clause": "c"}


def rule(bearer: str, share: str, **said: str) -> Row:
    return {
        "scope": "category=S", "direction": "either", "step": "1", "basis": "fixed",
        "bearer": bearer, "share": share, "clause": "c", **said,
    }  # fmt: skip


def numbered(*rules: Row) -> list[Row]:
    return [{**row, "rule_id": f"R{i}"} for i, row in enumerate(rules, 1)]


RULES = numbered(
    rule("CCG", "60", **JUNE), rule("Council", "40", **JUNE),
    rule("ICB", "50", **JULY), rule("Council", "50", **JULY),
    rule("CCG", "100", step="2", **JUNE), rule("ICB", "100", step="2", **JULY),
)  # fmt: skip
SHARES, TAKERS = RULES[:4], RULES[4:]


def line(code: str, budget: str, spent: str, **said: str) -> Row:
    return {
        "scheme_id": code, "theme": "1", "organisation": "Council", "scheme": f"Scheme {code}",
        "category": "S", "kind": "revenue", "pooling": "pooled", "budget": budget,
        "expenditure": spent, **said,
    }  # fmt: skip


def part(code: str, days: tuple[str, str], budget: str, spent: str) -> Row:
    first, last = days
    return {
        "scheme_id": code, "first_day": first, "last_day": last,
        "budget": budget, "expenditure": spent,
    }  # fmt: skip


HOME_CARE = line("W2", "1,000,000", "1,043,750")
PARTS = [
    part("W2", QUARTER, "250,000", "262,500"),
    part("W2", REST, "750,000", "781,250"),
]  # fmt: skip


def pool(**tables: list[Row]) -> RandomPool:
    """Give the worked example; tables that are named stand in its place."""
    codes = {"ICB": "nhs", "CCG": "nhs", "Council": "council", "Trust": "provider"}
    plain = {
        "organisations": [
            {"organisation": code, "name": f"Invented {code}", "organisation_kind": kind}
            for code, kind in codes.items()
        ],
        "themes": [{"theme": "1", "name": "One"}],
        "categories": [{"category": c, "name": f"Category {c}"} for c in ("S", "N")],
        "schemes": [HOME_CARE],
        "rules": SHARES,
        "parts": PARTS,
    }
    return RandomPool("pounds", {**plain, **tables})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pool"


def worked(folder: Path, **tables: list[Row]) -> Results:
    results = run(load(pool(**tables).write(folder)))
    assert (results.outputs["checks"]["difference"] == 0).all()
    return results


def borne(results: Results) -> dict[str, str]:
    """Give what each bears that bears something, in pounds."""
    by_bearer = results.outputs["risk_share_workings"].groupby("bearer", sort=False)["borne"].sum()
    return {code: f"{pence / 100:,.2f}" for code, pence in by_bearer.items() if pence}


def found(folder: Path, **tables: list[Row]) -> list[Finding]:
    return check_pool(pool(**tables).write(folder))[1]


def codes(folder: Path, **tables: list[Row]) -> list[str]:
    return [finding.code for finding in found(folder, **tables)]


# ------------------------------------------------------------------ what the page works out


@slow
def test_each_part_is_shared_by_the_rules_in_force_in_it(folder):
    """12,500 to June, 60 to 40; 31,250 after it, in halves."""
    results = worked(folder)
    assert borne(results) == {"CCG": "7,500.00", "Council": "20,625.00", "ICB": "15,625.00"}
    assert results.outputs["risk_share_workings"]["part"].unique().tolist() == [
        "2018-04-01 to 2018-06-30", "2018-07-01 to 2019-03-31",
    ]  # fmt: skip


@slow(first=1)
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("pro rata", {"CCG": "10,000.00", "Council": "10,000.00", "ICB": "23,750.00"}),
        ("whole year", {"CCG": "7,500.00", "Council": "10,000.00", "ICB": "26,250.00"}),
        ("per part", {"CCG": "7,500.00", "Council": "15,000.00", "ICB": "21,250.00"}),
    ],
)
def test_what_a_limit_means_over_the_parts_is_stated(folder, said, expected):
    limits = [{**LIMIT, "over_parts": said}]
    assert borne(worked(folder, rules=RULES, limits=limits)) == expected


STILL = line("W1", "1,000,000", "1,100,000", category="N")
OF_STILL = (
    rule("Council", "100", scope="category=N"),
    rule("ICB", "100", scope="category=N", step="2"),
)


@slow
def test_a_percentage_for_the_whole_year_is_of_all_it_covers_in_the_last_part_too(folder):
    """5% of 2,000,000: 5,000 and 15,625 count in the parts, and 79,375 is left for the year."""
    limits = [{**LIMIT, "at_most": "5%", "over_parts": "whole year"}]
    rules = numbered(*RULES, *OF_STILL)
    results = worked(folder, schemes=[HOME_CARE, STILL], rules=rules, limits=limits)
    assert borne(results)["Council"] == "100,000.00"
    assert results.outputs["risk_share_workings"]["room"].max() == 100_000_00
    last = results.outputs["risk_share_workings"].set_index("part").loc[""]
    assert last["room"].iloc[0] == 79_375_00


@slow
def test_a_limit_for_the_whole_year_in_force_in_a_part_of_it_is_among_the_limits(folder):
    limits = [{**LIMIT, "over_parts": "whole year", **JULY}]
    results = worked(folder, rules=[*SHARES, TAKERS[1]], limits=limits)
    assert borne(results)["Council"] == "15,000.00"
    [limit] = results.outputs["limits"].itertuples()
    assert (limit.limit_id, limit.amount, limit.counted) == ("L1", 10_000_00, 10_000_00)


@slow
def test_a_reserve_begins_with_what_the_part_before_left_in_it(folder):
    """13,000: 12,500 are drawn by June, and 500 are left of it."""
    rules = numbered(rule("RISK", "100", direction="over"),
                     rule("ICB", "100", step="2", direction="over", **JUNE),
                     rule("Council", "100", step="2", direction="over", **JULY),
                     rule("ICB", "100", direction="under"))  # fmt: skip
    reserves = [
        {"reserve": "RISK", "name": "Risk", "reserve_kind": "risk pool", "opening": "13000"}
    ]
    results = worked(folder, rules=rules, reserves=reserves)
    assert borne(results) == {"RISK": "13,000.00", "Council": "30,750.00"}
    assert results.outputs["reserves"]["closing"].tolist() == [0]


@slow
def test_amounts_of_a_row_are_parted_by_months_or_stand_in_each_part(folder):
    """A limit of 4,000 on the council: 1,000 and 3,000, or 4,000 twice."""
    for said, council in (("pro rata", "4,000.00"), ("per part", "8,000.00")):
        rules = [
            {**row, "limit": "£4,000", "over_parts": said} if row["bearer"] == "Council" else row
            for row in RULES
        ]
        assert borne(worked(folder / said, rules=rules))["Council"] == council


@slow
def test_a_line_without_a_holder_leaves_what_it_may_bear_blank(folder):
    """Its rule to June asks who holds it: nobody's part is known, and it is not nil."""
    rules = numbered(rule("budget holder", "100", basis="own", **JUNE), *SHARES[2:])
    schemes = [{**HOME_CARE, "organisation": "not stated"}]
    results = run(load(pool(rules=rules, schemes=schemes).write(folder)))
    shares = results.outputs["risk_share_workings"]
    assert shares["part"].unique().tolist() == ["2018-07-01 to 2019-03-31"]
    settled = results.outputs["settlement"].set_index("party")
    assert settled["borne"].isna().any()


@slow
@pytest.mark.parametrize("what", ["category", "organisation"])
def test_a_line_that_may_be_under_a_scope_that_changes_leaves_its_parts_in_doubt(folder, what):
    """A line without a category, or a holder, may be of any scope: in each part nobody knows."""
    lost = {"category": {"category": "not stated", "expenditure": "not stated"},
            "organisation": {"organisation": "not stated"}}  # fmt: skip
    scope = {"category": "category=S", "organisation": "organisation=Council"}
    rules = [{**row, "scope": scope[what]} for row in SHARES]
    schemes = [HOME_CARE, {**line("W9", "5", "6"), **lost[what]}]
    results = run(load(pool(rules=rules, schemes=schemes).write(folder)))
    assert results.outputs["risk_share_workings"].empty
    settled = results.outputs["settlement"].set_index("party")
    assert settled.loc[["CCG", "ICB", "Council"], "borne"].isna().all()


@slow
def test_explain_names_the_row_of_parts(folder):
    results = worked(folder)
    figure = Figure.parse("borne/bearer=CCG")
    said = str(explain(results, figure))
    assert "parts.csv" in said


# ------------------------------------------------------------------ what the checks find


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ("BCF460", {"parts": [part("W2", QUARTER, "250,000", "262,500"),
                              part("W2", ("2018-07-02", "2019-03-31"), "750,000", "781,250")]}),
        ("BCF460", {"parts": [part("W2", QUARTER, "250,000", "262,500"),
                              part("W2", ("2018-06-30", "2019-03-31"), "750,000", "781,250")]}),
        ("BCF460", {"parts": [part("W2", (QUARTER[1], QUARTER[0]), "250,000", "262,500"),
                              PARTS[1]]}),
        ("BCF460", {"parts": PARTS[:1]}),
        ("BCF460", {"parts": [PARTS[0], part("W2", ("2018-07-01", "2019-04-01"), "0", "0")]}),
        ("BCF461", {"parts": [*PARTS, PARTS[1]]}),
        ("BCF461", {"schemes": [HOME_CARE, line("W3", "1", "1")],
                    "parts": [*PARTS, part("W3", QUARTER, "1", "1")]}),
        ("BCF462", {"parts": [PARTS[0], part("W2", REST, "750,000", "781,250.01")]}),
        ("BCF463", {"schemes": [HOME_CARE, line("W3", "1", "1")]}),
        ("BCF464", {"causes": [{"scheme_id": "W2", "cause": "late", "amount": "1",
                                "evidence": "e"}],
                    "rules": numbered(*SHARES, rule("ICB", "100", scope="cause=late"))}),
        ("BCF465", {"rules": RULES, "limits": [LIMIT]}),
        ("BCF465", {"rules": [{**SHARES[0], "limit": "£5"}, *SHARES[1:], *TAKERS]}),
        ("BCF465", {"rules": numbered(
            rule("ICB", "100", band_to="£4,000", over_parts="per part", **JUNE),
            rule("Council", "100", band_from="£4,000", over_parts="pro rata", **JUNE),
            *SHARES[2:])}),
        ("BCF465", {"rules": numbered(
            rule("ICB", "60", band_to="£4,000", over_parts="pro rata", **JUNE),
            rule("Council", "40", band_to="£4,000", over_parts="per part", **JUNE),
            rule("Council", "100", band_from="£4,000", over_parts="per part", **JUNE),
            *SHARES[2:])}),
        ("BCF422", {"parts": []}),
        ("BCF422", {"rules": [*SHARES[:2], *({**row, "in_force_from": "2018-07-02"}
                                            for row in SHARES[2:])]}),
        ("BCF466", {"rules": numbered(rule("ICB", "100"))}),
    ],
)  # fmt: skip
def test_each_kind_is_found(folder, code, tables):
    assert code in codes(folder, **tables)


@slow
@pytest.mark.parametrize("cut", ["2018-07-15", "2019-02-28"])
def test_nothing_is_pro_rata_where_a_part_begins_within_a_month(folder, cut):
    before = {"2018-07-15": "2018-07-14", "2019-02-28": "2019-02-27"}[cut]
    rules = [
        {**row, **({"in_force_to": before} if row.get("in_force_to") else {"in_force_from": cut})}
        for row in RULES
    ]
    parts = [part("W2", ("2018-04-01", before), "250,000", "262,500"),
             part("W2", (cut, "2019-03-31"), "750,000", "781,250")]  # fmt: skip
    for said, expected in (("pro rata", ["BCF465"]), ("per part", []), ("whole year", [])):
        limits = [{**LIMIT, "over_parts": said}]
        findings = found(folder / said, rules=rules, parts=parts, limits=limits)
        assert [it.code for it in findings if it.severity == "error"] == expected


@slow
def test_a_limit_of_a_scope_asks_no_parts_of_a_cause(folder):
    """One in force from July covers S: what is attributed to a cause of N is ruled all year."""
    causes = [{"scheme_id": "W1", "cause": "late", "amount": "60,000", "evidence": "e"}]
    of_causes = rule("Council", "100", scope="cause=late")
    rules = numbered(*SHARES, TAKERS[1], OF_STILL[0], of_causes)
    limits = [{**LIMIT, "covers": "category=S", "over_parts": "per part", **JULY}]
    results = worked(folder, schemes=[HOME_CARE, STILL], rules=rules, limits=limits, causes=causes)
    assert borne(results)["Council"] == "115,000.00"  # 5,000 and 10,000, 40,000 and 60,000


@slow
def test_rules_that_do_not_change_are_measured_by_the_year(folder):
    """In the first part the budgets they are measured on come to nil: nothing acts on them then."""
    measured = {"scope": "category=N", "basis": "budget", "measured_over": "category=S"}
    rules = numbered(*SHARES, rule("Council", "", **measured))
    parts = [part("W2", QUARTER, "0", "12,500"), part("W2", REST, "1,000,000", "1,031,250")]
    results = worked(folder, schemes=[HOME_CARE, STILL], rules=rules, parts=parts)
    assert borne(results)["Council"] == "120,625.00"
