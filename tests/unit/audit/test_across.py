"""Numbers of several papers side by side: what may be compared, and what contradicts what."""

import pytest

from bcf_model.audit.across import Pair, observations, pairs, table
from bcf_model.core.tables import TABLES
from tests.make.across import papers, quantities


def only(found: list[Pair]) -> tuple[str, str]:
    [pair] = found
    return pair.verdict, pair.reason


QIPP = quantities(("qipp", "ccg", "2019-20"))
TWO = quantities(("a", "scc", "2019-20"), ("b", "scc", "2019-20", "not stated"))


def test_qipp_of_two_papers_agrees():
    """£15.2m is 15.15 to 15.25, and 15 is 14.5 to 15.5."""
    printed = papers(("qipp", "£15.2m", "millions"), ("qipp", "15", "millions"))
    assert only(pairs(printed, QIPP)) == ("agree", "")


@pytest.mark.parametrize(
    ("printed", "meets"),
    [("15", True), ("14", True), ("13", False), ("15.6", False), ("15.5", True), ("14.44", False)],
)
def test_one_thing_agrees_when_the_intervals_meet(printed, meets):
    """15 is 14.5 to 15.5; ends that touch meet."""
    both = papers(("qipp", "15", "millions"), ("qipp", printed, "millions"))
    assert only(pairs(both, QIPP))[0] == ("agree" if meets else "cannot both be right")


def test_savings_of_two_papers_contradict_each_other_if_they_are_one_thing():
    """£29.7m is at most 29.75, and 42 at least 41.5: 11.75 apart."""
    found = pairs(papers(("a", "£29.7m", "millions"), ("b", "42", "millions")), TWO)
    verdict, reason = only(found)
    assert verdict == "cannot both be right, if they are one thing"
    assert reason == "basis of P2 not stated; at least £11.75m apart"
    [said] = observations(found)
    assert (said.kind, said.severity, said.places) == ("across papers", "medium", (0, 1))
    assert said.sentence.startswith("S: P1 (paper of a: £29.7m) and P2 (paper of b: 42) cannot")


def test_what_is_not_stated_tells_nothing_apart():
    found = pairs(papers(("a", "3%", "percent"), ("b", "3%", "percent")), TWO)
    assert only(found) == ("agree, if they are one thing", "basis of P2 not stated")
    assert [*observations(found)] == []


@pytest.mark.parametrize(("other", "reason"), [
    (("pool", "2019-20", ""), "another perimeter"),
    (("scc", "2018-19", ""), "another year"),
    (("scc", "2019-20", "gross"), "another basis"),
    (("pool", "not stated", "gross"), "another perimeter, another basis"),
])  # fmt: skip
def test_another_perimeter_year_or_basis_is_another_thing(other, reason):
    """Nothing is subtracted, and nothing is a contradiction: £11m, £13.3m and £10m of reserves."""
    stated = quantities(("a", "scc", "2019-20"), ("b", *other))
    found = pairs(papers(("a", "£13.3m", "millions"), ("b", "£11m", "millions")), stated)
    assert only(found) == ("two things", reason)
    assert [*observations(found)] == []


def test_an_amount_and_a_percentage_are_two_things():
    found = pairs(papers(("a", "42", "millions"), ("b", "11.9%", "percent")), TWO)
    assert only(found) == ("two things", "another unit")


def test_a_number_of_people_and_a_rate_of_them_imply_a_base():
    """13,050 ÷ 13.85 % = 94,223.8 to 13,150 ÷ 13.75 % = 95,636.4, for one."""
    printed = papers(("more", "13,100", "count"), ("growth", "13.8%", "percent"),
                     ("admitted", "725", "count"), ("rate", "768", "per 100,000"))  # fmt: skip
    printed.loc[0, "rounded_to"] = "100"
    stated = quantities(
        ("old", "city", "2019-20", "", "stated/more / stated/growth"),
        ("people", "city", "2019-20", "", "stated/admitted / stated/rate"),
    )
    [pair] = pairs(printed, stated)
    assert pair.verdict == "agree"
    ends = [[round(float(end), 1) for end in it.number.ends or ()] for it in (pair.one, pair.other)]
    assert ends == [[94223.8, 95636.4], [94274.6, 94527.7]]


def test_a_base_that_a_percentage_implies_is_worked_out():
    """41.5 ÷ 11.95 % = 347.28; 42.5 ÷ 11.85 % = 358.65: £403m is not among them."""
    printed = papers(("a", "£403m", "millions"), ("s", "42", "millions"), ("p", "11.9%", "percent"))
    stated = quantities(
        ("a", "scc", "2019-20", "net revenue budget"),
        ("base", "scc", "2019-20", "not stated", "stated/s / stated/p"),
    )
    found = pairs(printed, stated)
    assert only(found) == (
        "cannot both be right, if they are one thing",
        "basis of P2 / P3 not stated; at least £43.85m apart",
    )
    [row] = table(found, TABLES["Perimeters"].without_rows()).to_dict("records")
    assert (row["second_id"], row["second_place"]) == ("", "P2 / P3")
    assert (row["second_printed"], row["second_unit"]) == ("£352.9m", "millions")
    assert (row["second_lowest"], row["second_highest"]) == (347.280335, 358.649789)
    [said] = observations(found)
    assert "P2 / P3 (£352.9m, between £347.2m and £358.7m)" in said.sentence
    assert said.places == (0,)


def test_a_base_of_people_that_a_percentage_implies_is_worked_out():
    """28,549.5 ÷ 4.85 % = 588,649.48; 28,550.5 ÷ 4.75 % = 601,063.16: 580,000 is not among them."""
    printed = papers(("a", "580,000", "count"), ("s", "28,550", "count"), ("p", "4.8%", "percent"))
    stated = quantities(
        ("a", "city", "not stated"), ("base", "city", "not stated", "", "stated/s / stated/p")
    )
    [pair] = pairs(printed, stated)
    assert pair.verdict == "cannot both be right, if they are one thing"
    assert pair.reason == "year of P1 not stated; at least 8,648.985 apart"


def test_a_percentage_of_a_printed_amount_is_worked_out():
    """42 of 403 is 10.4 %: 41.5 ÷ 403.5 to 42.5 ÷ 402.5."""
    printed = papers(("p", "11.9%", "percent"), ("s", "42", "millions"), ("n", "£403m", "millions"))
    stated = quantities(
        ("p", "scc", "2019-20"), ("of-net", "scc", "2019-20", "", "stated/s / stated/n")
    )
    [pair] = pairs(printed, stated)
    assert (pair.verdict, pair.other.printed) == ("cannot both be right", "10.4%")
    assert pair.reason == "at least 1.291 percentage points apart"


def test_parts_that_come_to_a_total_within_rounding_agree():
    """390 + 109 + 4.6 = 503.6: between 502.55 and 504.65, and 503 is 502.5 to 503.5."""
    amounts = {"all": "£503m", "x": "£390m", "y": "£109m", "z": "£4.6m"}
    printed = papers(*[(name, text, "millions") for name, text in amounts.items()])
    parts = "stated/x + stated/y + stated/z"
    [pair] = pairs(printed, quantities(("all", "special", "2019-20", "", parts)))
    assert (pair.verdict, pair.other.printed, pair.other.source) == (
        "agree", "£503.6m", "P2 + P3 + P4",
    )  # fmt: skip


def test_a_part_of_an_amount_is_worked_out_in_the_unit_it_has_one_of():
    """8 % of £1.1bn is £88m: 7.5 % of 1.05 to 8.5 % of 1.15."""
    printed = papers(("p", "8%", "percent"), ("w", "£1.1bn", "billions"), ("t", "107", "millions"))
    stated = quantities(
        ("t", "pool", "2018-19"), ("part", "city", "2018-19", "", "stated/p * stated/w")
    )
    [pair] = pairs(printed, stated)
    assert (pair.verdict, pair.reason) == ("two things", "another perimeter")
    assert (pair.other.printed, pair.other.number.ends) == ("£88m", (7_875_000_000, 9_775_000_000))


def test_what_is_rough_is_held_to_nothing():
    printed = papers(("a", "approximately £1.1 billion", "billions"), ("b", "£2.0bn", "billions"))
    stated = quantities(("a", "city", "2018-19"), ("b", "city", "2018-19"))
    reason = "'approximately' does not say how it was rounded"
    assert only(pairs(printed, stated)) == ("cannot be told", reason)


def test_a_base_that_may_be_nil_cannot_be_told():
    printed = papers(("a", "5", "millions"), ("s", "42", "millions"), ("p", "0%", "percent"))
    stated = quantities(("a", "scc", "2019-20"), ("b", "scc", "2019-20", "", "stated/s / stated/p"))
    assert only(pairs(printed, stated)) == ("cannot be told", "what it is divided by may be nil")


def test_the_finest_of_several_prints_is_worked_with():
    printed = papers(
        ("s", "15", "millions"), ("s", "15.2", "millions"), ("p", "1.7%", "percent"),
        ("a", "£863m", "millions"),
    )  # fmt: skip
    stated = quantities(("a", "ccg"), ("base", "ccg", "", "", "stated/s / stated/p"))
    [pair] = pairs(printed, stated.assign(financial_year="2019-20"))
    assert pair.other.source == "P2 / P3"
    assert pair.reason == "at least £2.214m apart"


def test_what_is_not_printed_is_beside_nothing():
    stated = quantities(("a", "scc"), ("b", "scc", "", "", "stated/x + stated/a"))
    assert pairs(papers(("a", "1", "millions")), stated) == []


def test_a_number_printed_with_the_opposite_sign_is_read_as_it_is_meant():
    printed = papers(("a", "(5)", "millions"), ("b", "5", "millions"))
    stated = quantities(("a", "scc", "2019-20"), ("b", "scc", "2019-20"))
    assert only(pairs(printed, stated))[0] == "cannot both be right"
    assert only(pairs(printed, stated, turned={0})) == ("agree", "")
