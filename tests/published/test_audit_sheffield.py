"""The audit of Sheffield's paper: what was worked out by hand, and every word of it as stored.

The stored tables are those of `bcf audit inputs/sheffield-2018-19`; `AUDIT_STORE=1` stores them
anew, never under CI.
"""

import os
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.audit.examine import Audit
from bcf_model.audit.papers import examined
from bcf_model.core.tables import AUDIT_TABLES
from bcf_model.publish.contents import table_csv
from tests.longer import slow
from tests.make.places import SHEFFIELD

STORED = Path(__file__).parent / "audit-sheffield-2018-19"


@pytest.fixture(scope="module")
def audit(request: pytest.FixtureRequest) -> Audit:
    found, about, _ = examined(SHEFFIELD)
    assert found is not None
    assert about is not None
    return found


def of(audit: Audit, kind: str) -> pd.DataFrame:
    frame = audit.tables["audit"]
    return frame[frame["kind"] == kind]


@slow
@pytest.mark.parametrize("name", AUDIT_TABLES)
def test_as_stored(audit: Audit, name: str) -> None:
    written = table_csv(audit.tables[name], AUDIT_TABLES[name])
    if os.environ.get("AUDIT_STORE"):
        STORED.mkdir(exist_ok=True)
        (STORED / f"{name}.csv").write_bytes(written)
    assert written == (STORED / f"{name}.csv").read_bytes()


@slow
def test_two_percentages_cannot_be_right(audit: Audit) -> None:
    """Theme 6, by hand: 29 of 99,906 is 0.03 %, printed 10 %; 295 of 7,351 is 4.01 %, (8 %)."""
    wrong = of(audit, "joint consistency")
    assert wrong["published_id"].tolist() == ["P288", "P308"]
    assert set(wrong["severity"]) == {"high"}
    assert wrong["printed"].tolist() == ["10%", "(8%)"]
    for (low, high), percent in zip(
        wrong[["lowest", "highest"]].itertuples(index=False),
        (Fraction(29, 99_906), Fraction(295, 7_351)),
        strict=True,
    ):
        assert low < 100 * percent < high
        assert high - low < 0.01
    assert audit.something_is_wrong


@slow
def test_the_engine_beside_the_ends_is_explained(audit: Audit) -> None:
    """7,645 − 7,351 is 294, printed 295: unrounded, the budget is 7,350.5 to 7,351 and the variance
    294.5 to 295. The engine has the lines in £000 only: 294 of 7,351, outside those ends."""
    said = of(audit, "joint consistency")["sentence"].tolist()
    assert 294 / 7_351 < 0.04006 < 294.5 / 7_351 < 295 / 7_350.5 < 0.04014
    assert "between 4.006% and 4.014%, and should be printed 4%" in said[1]
    assert "The engine computes 3.999%, outside these ends because" in said[1]
    # 99,936 − 99,906 is 30, printed 29: 29 to 29.5 of 99,906 to 99,906.5
    assert "between 0.0290% and 0.0296%, and should be printed 0%" in said[0]
    assert "The engine computes 0.03%, outside these ends because" in said[0]
    why = "because it adds up lines that were rounded before: the ends are what all other printed"
    assert all(why in one for one in said)


@slow
def test_nothing_else_is_accused(audit: Audit) -> None:
    figures = audit.tables["audit_figures"]
    assert figures["together"].value_counts().to_dict() == {
        "consistent": 349 + 22 + 15,
        "not tested": 17 + 33 + 17 + 30,
        "must be wrong": 2,
    }
    assert figures["alone"].value_counts().to_dict() == {
        "agrees": 279 + 22,
        "agrees within rounding": 58,
        "not computed": 12 + 33 + 32 + 30,
        "not comparable": 17,
        "cannot be right": 2,
    }


@slow
def test_budgets_by_theme_are_printed_with_two_values(audit: Audit) -> None:
    """Paragraph 6.2 (18-19, as at year end) against the table of 6.4, £000, typed by hand."""
    printed = {
        "1": (8_434, 8_689),
        "2": (52_595, 52_407),
        "3": (4_041, 3_966),
        "4": (143_096, 140_382),
        "5": (63_698, 63_698),
        "6": (106_758, 107_257),
        "7": (5_828, 5_678),
    }
    frame = audit.tables["audit_cross_table"]
    parts = frame[(frame["level"] == "part") & (frame["unit"] == "thousands")]
    assert parts["difference"].tolist() == [b - a for a, b in printed.values()]
    [total] = frame[frame["level"] == "total"]["difference"]
    assert total == sum(b - a for a, b in printed.values()) == 382_078 - 384_451
    said = of(audit, "cross-table")["sentence"].iloc[1]
    assert "+754 and −3,127 do not net out: −2,373 in all" in said


def test_the_change_column_is_the_other_way_round(audit: Audit) -> None:
    said = of(audit, "presentation")
    column = said[said["severity"] == "medium"]["sentence"].iloc[0]
    assert "'18-19 (Budget as at Yearend)' less '19-20 Initial Budget'" in column
    assert "P006 (para 6.2: increase in the total BCF budget) prints £14.471m" in column


def test_percentages_that_mean_little(audit: Audit) -> None:
    low = of(audit, "presentation")
    low = low[(low["severity"] == "low") & (low["published_id"] != "P417")]
    # two variances with a % sign; 120 % of (130); 0 % of nil with 1 spent; 13 more of nil
    assert low["published_id"].tolist()[:4] == ["P259", "P315", "P208", "P224"]
    assert len(low["published_id"].iloc[4].split("; ")) == 13
    assert len(low) == 5


def test_every_printed_figure_of_nil_budget_is_told_apart_from_a_wrong_one(audit: Audit) -> None:
    figures = audit.tables["audit_figures"]
    untested = figures[figures["together"] == "not tested"]
    assert untested["why_not"].value_counts().to_dict() == {
        "a percentage of nil": 14,
        "printed as a percentage": 2,
        "a percentage of something outside the pool": 1 + 15 + 19,
        "number of something outside the pool": 1 + 7,
        "'over' does not say how it was rounded": 1,
        "days of something outside the pool": 3,
        "'approximately' does not say how it was rounded": 1,
        "a percentage of what is not printed": 33,
    }


def test_monthly_tables_of_section_5_are_the_other_way_round(audit: Audit) -> None:
    """Target (or last year) less actual, where the text says above: three columns of twelve."""
    said = of(audit, "presentation")
    of_months = said[said["severity"] == "medium"].iloc[1:]
    assert [text.count(";") + 1 for text in of_months["published_id"]] == [12, 12, 12]
    sentences = of_months["sentence"].tolist()
    assert ["'last year' less 'actual'" in it for it in sentences] == [True, False, True]
    assert "'target' less 'actual'" in sentences[1]
    assert "P373 (para 5.1: above the BCF target) prints 24.1% for what P397 prints" in sentences[1]
    [improvement] = said.loc[said["published_id"] == "P417", "sentence"]
    assert "prints 18.4%; by the numbers beside it its sign is the opposite" in improvement


def test_residential_rates_are_of_two_populations(audit: Audit) -> None:
    """By hand: 684 at 732 is of 93,379 to 93,506; 725 at 768 of 94,340 to 94,462."""
    said = of(audit, "cross-table")
    [one] = said.loc[said["published_id"] == "P418; P420; P419; P421", "sentence"]
    assert "93,379 to 93,506" in one and "94,340 to 94,462" in one
    assert "the conclusion is unchanged" in one


# ------------------------------------------------------------------ across papers


def beside(audit: Audit, first: str, second: str) -> tuple[str, str]:
    """Return what is said of two numbers: the codes of prints, or what is worked out of them."""
    frame = audit.tables["audit_across"]
    names = [frame[f"{it}_id"].mask(frame[f"{it}_id"] == "", frame[f"{it}_place"])
             for it in ("first", "second")]  # fmt: skip
    [found] = frame[(names[0] == first) & (names[1] == second)].to_dict("records")
    return found["verdict"], found["reason"]


APART = "cannot both be right, if they are one thing"


@slow
@pytest.mark.parametrize(("first", "second", "verdict", "reason"), [
    # £11m of reserves in the pool's budget, £13.3m in the council's, £10m into social care.
    ("P009", "P042", "two things", "another perimeter"),
    ("P009", "P438", "two things", "another perimeter"),
    ("P042", "P438", "two things", "another perimeter"),
    # £29.7m is at most 29.75, and 42 at least 41.5.
    ("P043", "P448", APART, "basis of P448 not stated; at least £11.75m apart"),
    # 42 at 11.9 % is of 41.5 ÷ 11.95 % = 347.3 to 42.5 ÷ 11.85 % = 358.6; £403m is at least 402.5.
    ("P040", "P448 / P449", APART, "basis of P448 / P449 not stated; at least £43.85m apart"),
    # 42 of 403 is 10.3 to 10.6 %.
    ("P449", "P448 / P040", APART,
     "basis of P449 not stated; at least 1.291 percentage points apart"),
    # £15.2m is 15.15 to 15.25, and 15 is 14.5 to 15.5.
    ("P045", "P446", "agree, if they are one thing", "basis of P446 not stated"),
    # 15.15 ÷ 1.75 % = 865.7, and £863m is at most 863.5.
    ("P044", "P045 / P447", APART, "basis of P045 / P447 not stated; at least £2.214m apart"),
    # By the table's own 15, 14.5 ÷ 1.75 % = 828.6 to 15.5 ÷ 1.65 % = 939.4: £863m is among it.
    ("P044", "P446 / P447", "agree, if they are one thing", "basis of P446 / P447 not stated"),
    # The split's nine parts but prevention come to 97, each half a percent either way.
    ("P427", "P456 + P457 + P458 + P459 + P430 + P460 + P461 + P463 + P464", "agree", ""),
    # 13,050 ÷ 13.85 % = 94,224 to 13,150 ÷ 13.75 % = 95,636; 725 at 768 is of 94,340 to 94,462.
    ("P469 / P468", "P419 / P421", "agree, if they are one thing",
     "perimeter of P469 / P468 not stated, year of P469 / P468 not stated, "
     "basis of P419 / P421 not stated"),
    # 26,244 days of a year, and 1,615 of a period that is not stated.
    ("P413", "P474", APART, "perimeter of P413 not stated, year of P474 not stated, "
     "basis of P474 not stated; at least 24,628 days apart"),
    # 28,550 more people are 4.8 % of 588,557 to 601,158; 580,000 is at most 585,000.
    ("P465", "P467 / P466", APART, "year of P465 not stated; at least 3,556.701 apart"),
    # Over 1,600 people seen to a day that is not stated; 855 planned for ten months.
    ("P484", "P485", "two things", "another basis"),
    # The council's People portfolio, £15.3m; what the pool has of the council, £7.811m.
    ("P355", "P004", "two things", "another perimeter"),
    # All acute activity of the CCG, £13m; adult emergency admissions in the pool, £5.608m.
    ("P263", "P005", "two things", "another perimeter, another basis"),
    # 390 + 109 + 4.6 = 503.6, between 502.55 and 504.65; 503 is 502.5 to 503.5.
    ("P434", "P435 + P436 + P437", "agree", ""),
    # 8 % of "our total budget", 8 % of £1.1bn, and theme 6 is 27.8 % of the pool.
    ("P455", "P430", "two things", "another perimeter, another basis"),
    ("P430", "P025 / P034", "two things", "another perimeter, another basis"),
    ("P430 * P426", "P025", "two things", "another perimeter, another basis"),
])  # fmt: skip
def test_numbers_of_the_papers_side_by_side(
    audit: Audit, first: str, second: str, verdict: str, reason: str
) -> None:
    assert beside(audit, first, second) == (verdict, reason)


@slow
def test_what_contradicts_across_papers_is_observed(audit: Audit) -> None:
    found = of(audit, "across papers")
    assert found["published_id"].tolist() == [
        "P043; P448",
        "P449",
        "P040",
        "P044",
        "P465",
        "P413; P474",
        "P415; P475",
        "P475; P483",
    ]
    assert set(found["severity"]) == {"medium"}
