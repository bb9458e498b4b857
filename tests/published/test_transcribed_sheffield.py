"""Sheffield's tables, laid out again as one pastes them: found as they were transcribed by hand."""

import csv

import pytest

from bcf_model.audit.papers import examined
from tests.longer import slow
from tests.make.places import SHEFFIELD
from tests.make.printed_tables import as_csv, codes, read, sums, transcription

pytestmark = pytest.mark.published

SUMMARY = 72
"""Rows of the table of paragraph 6.4 before the summary of the risk share, which is another."""


def laid_out(paragraph: str, most: int = 1_000) -> list[list[str]]:
    with (SHEFFIELD / "published.csv").open(encoding="utf-8") as file:
        rows = [it for it in csv.DictReader(file) if it["source"].startswith(f"{paragraph} table")]
    headings = list(dict.fromkeys(it["column"] for it in rows))
    table: dict[int, dict[str, str]] = {}
    for it in rows:
        own = table.setdefault(int(it["source"].rpartition(" ")[2]), {"": it["label"]})
        own[it["column"]] = it["printed"]
    first = [["All amounts in £000"], ["", *headings]]
    body = [[own.get(name, "") for name in ("", *headings)] for at, own in sorted(table.items())]
    return first + body[:most]


def test_the_budgets_of_two_years_and_their_change(tmp_path):
    """By hand: revenue is themes 1 to 6, the grand total revenue and capital; change is a − b."""
    reading = read(tmp_path, as_csv(laid_out("para 6.2")))
    assert codes(reading) == []
    found = sums(reading)
    this, change = "18-19 (Budget as at Yearend)", "Change"
    revenue = found["Sub Total Revenue Expenditure", this]
    assert [len(it) for it in revenue] == [6]
    assert found["Grand Total 19/20 Budget", this] == [
        {f"+Sub Total Revenue Expenditure|{this}", f"+Theme 7 - Capital Grants|{this}"}
    ]
    own = "Theme 1 - People Keeping Well"
    assert found[own, change] == [{f"+{own}|{this}", f"-{own}|19-20 Initial Budget"}]


def test_the_year_end_and_its_two_wrong_percentages(tmp_path):
    reading = read(tmp_path, as_csv(laid_out("para 6.4", SUMMARY)))
    assert codes(reading) == ["BCF943"]
    (question,) = reading.questions
    assert "prints 10%, its parts come to 0" in question.said
    assert "prints (8%), its parts come to 4" in question.said
    total = [it for (label, _), it in sums(reading).items() if label == "TOTAL"]
    assert [len(it) for it in total[0]] == [7]  # the seven themes
    themes = {part.split("|")[0][1:8] for part in total[0][0]}
    assert themes == {f"Theme {number}" for number in range(1, 8)}


@slow
def test_the_audit_of_the_year_end_says_what_that_of_the_pool_says(tmp_path):
    """The two percentages of Theme 6 (tests/published/test_audit_sheffield.py), and no other."""
    rows = transcription(read(tmp_path, as_csv(laid_out("para 6.4", SUMMARY)), ready=True))
    path = tmp_path / "figures.csv"
    path.write_text(as_csv([list(rows[0]), *(it.values() for it in rows)]), encoding="utf-8")
    audit, about, problems = examined(path)
    assert problems == []
    assert about.title == "All amounts in £000"
    frame = audit.tables["audit"]
    wrong = set(frame[frame["kind"] == "joint consistency"]["published_id"])
    printed = {it["published_id"]: it["printed"] for it in rows}
    assert sorted(printed[it] for it in wrong) == ["(8%)", "10%"]
