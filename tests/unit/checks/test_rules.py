"""The rules table by itself: bearers, calls, bands, steps and dates."""

import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from bcf_model.core.findings import Finding
from tests.longer import slow, tries
from tests.make.drafted import RULES, WHOLE_POOL, codes, found

ALL = (
    "rule_id,scope,direction,step,band_from,band_to,basis,bearer,share,limit,netting,version,"
    "measured_over,without,held,clause"
)
RESERVE = "reserve,name,reserve_kind,opening\nRISK,Risk,risk pool,5\n"
OPENING = "organisation,version,amount\nCCG,opening,3\nCouncil,opening,2\n"


def rules(*rows: str) -> str:
    """Give a table of rules: scope, direction, step, band, basis, bearer and the rest of a row."""
    blanks = ALL.count(",") - 1
    lines = [f"R{i},{row}{',' * (blanks - row.count(',') - 1)},c" for i, row in enumerate(rows, 1)]
    return "\n".join([ALL, *lines])


def only(*rows: str, **tables: str) -> Finding:
    """Give the one finding there is."""
    tables.setdefault("contributions", OPENING)
    [finding] = found(rules=rules(*rows), **tables)
    return finding


def sound(*rows: str, **tables: str) -> bool:
    tables.setdefault("contributions", OPENING)
    return not found(rules=rules(*rows), **tables)


# ------------------------------------------------------------------ bearers


@pytest.mark.parametrize(
    "row",
    [
        "pool,either,1,,,own,budget holder,100",
        "pool,either,1,,,own,budget holder",
        "pool,either,1,,,lead,lead commissioner,100",
        "pool,either,1,,,fixed,CCG,100",
        "pool,either,1,,,fixed,Trust,100",
        "pool,either,1,,,fixed,carried forward,100",
        "pool,either,1,,,fixed,outside the pool,100",
        "pool,either,1,,,contribution,CCG,,,,opening",
        "pool,either,1,,,commissioned,CCG",
        "pool,either,1,,,budget,CCG",
    ],
)
def test_who_may_bear(row: str) -> None:
    assert sound(row)


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("pool,either,1,,,own,CCG,100", "BCF409", "'CCG' with basis 'own' in R1 (row 2)"),
        ("pool,either,1,,,own,lead commissioner,100", "BCF409", "expected 'budget holder'"),
        ("pool,either,1,,,lead,budget holder,100", "BCF409", "expected 'lead commissioner'"),
        ("pool,either,1,,,fixed,budget holder,100", "BCF409", "one of CCG, Council, Trust"),
        ("pool,either,1,,,fixed,rest of the scope,100", "BCF409", "'rest of the scope'"),
        ("pool,either,1,,,fixed,Counci,100", "BCF404", "'Council'? (one of CCG"),
        ("pool,either,1,,,fixed,Carried forward,100", "BCF404", "'carried forward'? (one"),
        ("pool,either,1,,,commissioned,Trust", "BCF409", "'Trust', a provider, with basis"),
        ("pool,either,1,,,budget,carried forward", "BCF409", "expected one of CCG, Council"),
        ("pool,either,1,,,budget,CGC", "BCF404", "'CCG'? (one of CCG, Council)"),
    ],
)
def test_who_may_not(row: str, code: str, words: str) -> None:
    finding = only(row)
    assert (finding.code, finding.column) == (code, "bearer")
    assert words in finding.sentence


def test_what_is_unreadable_elsewhere_is_not_a_bearer_unknown() -> None:
    broken = "organisation,name,organisation_kind\nC/CG,a,nhs\nCouncil,b,council\nTrust,t,provider"
    assert codes(rules=WHOLE_POOL, organisations=broken) == ["BCF210"]
    assert codes(rules=WHOLE_POOL, reserves="reserve,name\nRISK,a") == ["BCF008", "BCF008"]


# ------------------------------------------------------------------ shares and words


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        (("60", "40"), None),
        (("33.333333", "66.666667"), None),
        (("60", "39.999999"), "BCF403"),
        (("", "100"), None),
        (("", ""), "BCF403"),
    ],
)
def test_fixed_shares_make_a_hundred(shares: tuple[str, str], code: str | None) -> None:
    rows = [
        f"pool,either,1,,,fixed,{who},{share}"
        for who, share in zip(("CCG", "Council"), shares, strict=True)
    ]
    assert codes(rules=rules(*rows)) == ([code] if code else [])


def test_shares_are_of_a_band() -> None:
    finding = only(
        "pool,either,1,,£5,fixed,CCG,90",
        "pool,either,1,£5,,fixed,CCG,50",
        "pool,either,1,£5.00,,fixed,Council,50",
    )
    assert "90% for pool, either, step 1, up to £5 (row 2)" in finding.sentence
    assert finding.code == "BCF403"


@pytest.mark.parametrize("basis", ["own,budget holder", "lead,lead commissioner"])
def test_a_role_bears_all(basis: str) -> None:
    assert only(f"pool,either,1,,,{basis},50").code == "BCF403"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("pool,either,1,,,commissioned,CCG,50", "share"),
        ("pool,either,1,,,commissioned,CCG,,,,opening", "version"),
        ("pool,either,1,,,fixed,CCG,100,,,opening", "version"),
        ("pool,either,1,,,fixed,CCG,100,,,,pool", "measured_over"),
        ("pool,either,1,,,own,budget holder,,,,,,grants", "without"),
        ("pool,either,1,,,fixed,carried forward,100,,,,,,outside the pool", "held"),
        ("pool,either,1,,,fixed,Trust,100,,,,,,outside the pool", "held"),
    ],
)
def test_a_word_that_means_nothing_there(row: str, column: str) -> None:
    finding = only(row)
    assert (finding.code, finding.column) == ("BCF419", column)
    assert "R1 (row 2)" in finding.value


def test_a_limit_by_contribution_takes_a_measured_basis() -> None:
    rest = "pool,either,2,,,fixed,CCG,100"
    finding = only("pool,either,1,,,fixed,CCG,100,contribution", rest)
    assert (finding.code, finding.column) == ("BCF419", "limit")
    assert sound("pool,either,1,,,budget,CCG,,contribution", rest)


def test_a_reserve_is_limited_by_its_balance_alone() -> None:
    finding = only("pool,either,1,,,fixed,RISK,100,£5", REST, reserves=RESERVE)
    assert (finding.code, finding.column) == ("BCF419", "limit")
    assert "£5' in R1 (row 2)" in finding.value


def test_an_offset_takes_no_limit() -> None:
    finding = only(
        "pool,either,1,,,offset,rest of the scope,,£5,theme",
        "pool,either,2,,,own,budget holder,,,theme",
    )
    assert (finding.code, finding.column) == ("BCF419", "limit")


def test_contributions_have_a_version() -> None:
    finding = only("pool,either,1,,,contribution,CCG")
    assert (finding.code, finding.column) == ("BCF420", "version")
    assert "opening, revised, paid" in finding.expected


# ------------------------------------------------------------------ rows together


@pytest.mark.parametrize(
    ("one", "other", "column"),
    [
        ("fixed,CCG,100", "budget,Council", "basis"),
        ("contribution,CCG,,,,opening", "contribution,Council,,,,revised", "version"),
        ("budget,CCG", "budget,Council,,,,,category=B", "measured_over"),
        ("budget,CCG", "budget,Council,,,,,,grants", "without"),
        ("fixed,CCG,50,,theme", "fixed,Council,50,,scope", "netting"),
        ("fixed,CCG,50,,theme", "fixed,Council,50", "netting"),
    ],
)
def test_rows_that_do_not_agree(one: str, other: str, column: str) -> None:
    revised = OPENING + "Council,revised,2\n"
    finding = only(f"pool,either,1,,,{one}", f"pool,either,1,,,{other}", contributions=revised)
    assert (finding.code, finding.column) == ("BCF411", column)
    assert "in R1 (row 2)" in finding.value
    assert "in R2 (row 3)" in finding.value


def test_own_and_lead_part_a_scope_in_two_ways() -> None:
    own, lead = "own,budget holder", "lead,lead commissioner"
    finding = only(f"pool,either,1,,£5,{own}", f"pool,either,2,,,{lead}")
    assert (finding.code, finding.column) == ("BCF411", "basis")
    assert sound(f"pool,over,1,,,{own}", f"pool,under,1,,,{lead}")


def test_a_bearer_stands_once_in_a_call() -> None:
    rows = ["pool,either,1,,,fixed,CCG,50", "pool,either,1,,,fixed,CCG,50"]
    finding = only(*rows)
    assert (finding.code, finding.row) == ("BCF412", 3)
    assert finding.value == "'CCG' in R1 (row 2) and R2 (row 3)"
    twice = ["pool,either,1,,£5,fixed,CCG,100", "pool,either,1,£5,,fixed,CCG,100"]
    assert sound(*twice)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (["either,1", "over,1", "under,1"], "BCF402"),
        (["over,1"], "BCF407"),
        (["over,1", "under,1"], None),
        (["over,2", "under,1"], None),
        (["over,1", "under,1", "under,2"], "BCF408"),
    ],
)
def test_directions(rows: list[str], code: str | None) -> None:
    written = [f"pool,{row},,,fixed,CCG,100" for row in rows]
    assert codes(rules=rules(*written)) == ([code] if code else [])


def test_what_is_left_after_either_may_be_ruled_each_way() -> None:
    first = "pool,either,1,,£5,fixed,CCG,100"
    over, under = ("pool,over,2,,,fixed,CCG,100", "pool,under,2,,,fixed,carried forward,100")
    assert sound(first, over, under)
    finding = only(first, over)
    assert finding.code == "BCF417"
    assert "above £5 in R1 (row 2)" in finding.value
    assert only(first.replace("£5", ""), over).code == "BCF408"


# ------------------------------------------------------------------ bands and steps


def bands(*edges: str) -> list[str]:
    """Give rows of one step, each a band written as from-to."""
    parts = [edge.split("-") for edge in edges]
    return [f"pool,either,1,{start},{end},fixed,CCG,100" for start, end in parts]


REST = "pool,either,2,,,fixed,CCG,100"


@pytest.mark.parametrize(
    ("edges", "code"),
    [
        (["-"], None),
        (["-£1000.00", "£1k-"], "BCF218"),
        (["-£1000.00", "£1000-"], None),
        (["-5%", "5.0%-"], None),
        (["0%-5%", "5%-£0"], "BCF415"),
        (["£0-5%", "5%-"], None),
        (["-£5", "£4.99-"], "BCF413"),
        (["-£5", "£5.01-"], "BCF414"),
        (["-£5", "£5-£9", "£5-"], "BCF413"),
        (["-", "£5-£9"], "BCF413"),
        (["-£5", "5%-"], "BCF416"),
        (["-£5", "£5-5%", "5%-"], "BCF416"),
        (["-£5", "£9-£7", "£5-"], "BCF415"),
        (["£5-"], "BCF417"),
        (["-£5"], "BCF417"),
    ],
)
def test_bands_of_the_last_step(edges: list[str], code: str | None) -> None:
    found_codes = codes(rules=rules(*bands(*edges)))
    assert found_codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("edges", "code"),
    [
        (["-£5", "£6-"], "BCF425"),
        (["-£5", "£4-£9"], "BCF413"),
        (["£5-"], None),
        (["£5-£9", "£9-£11"], None),
        (["-£5", "5%-"], "BCF416"),
    ],
)
def test_bands_of_an_earlier_step(edges: list[str], code: str | None) -> None:
    assert codes(rules=rules(*bands(*edges), REST)) == ([code] if code else [])


def test_both_bands_are_named() -> None:
    overlap = only(*bands("-£5", "£3-"))
    assert (
        overlap.value == "up to £5 in R1 (row 2), above £3 in R2 (row 3), of pool, either, step 1"
    )
    gap = only(*bands("£9-", "-£5"))
    assert gap.value == "up to £5 in R2 (row 3), above £9 in R1 (row 2), of pool, either, step 1"
    assert gap.expected == "a band from £5 to £9"


@slow
@tries(20, 200)
@given(st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True), st.randoms())
def test_bands_that_part_an_amount_are_sound_in_any_order(edges, draw):
    ends = ["", *(f"£{edge}" for edge in sorted(edges)), ""]
    written = [f"{one}-{other}" for one, other in itertools.pairwise(ends)]
    draw.shuffle(written)
    assert codes(rules=rules(*bands(*written))) == []
    assume(len(written) > 2)
    inner = next(band for band in written if not band.startswith("-") and not band.endswith("-"))
    written.remove(inner)
    assert codes(rules=rules(*bands(*written))) == ["BCF414"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("pool,either,1,,,fixed,CCG,100,£7", "the limit £7 of 'CCG'"),
        ("pool,either,1,,,fixed,RISK,100", "the balance of 'RISK'"),
    ],
)
def test_the_last_step_takes_everything(row: str, words: str) -> None:
    used = RESERVE if "RISK" in row else RESERVE.partition("\n")[0]
    finding = only(row, reserves=used)
    assert finding.code == "BCF417"
    assert words in finding.value
    assert sound(row, REST, reserves=used)


def test_of_a_step_never_reached_nothing_else_is_said() -> None:
    finding = only(REST.replace("2", "1"), REST.replace("100", "100,£5"))
    assert finding.code == "BCF408"
    assert finding.value == "step 2 of pool (row 3), after step 1 (row 2)"


def test_a_reserve_takes_in_whatever_it_is_given() -> None:
    over, under = "pool,over,1,,,fixed,CCG,100", "pool,under,1,,,fixed,RISK,100"
    assert sound(over, under, reserves=RESERVE)
    # Unless a holder's part of the group may be over, though the group is under.
    own = "pool,under,1,,£5,own,budget holder"
    parted = [over, own, "pool,under,2,,,fixed,RISK,100"]
    assert only(*parted, reserves=RESERVE).code == "BCF417"


def test_a_reserve_misspelt_does_not_end_the_steps() -> None:
    finding = only("pool,either,1,,,fixed,RISC,100", REST)
    assert finding.code == "BCF404"


# ------------------------------------------------------------------ offsets

OFFSET = "pool,either,1,,,offset,rest of the scope,,,theme"
AFTER = "pool,either,2,,,fixed,CCG,100,,theme"


def test_an_offset_comes_first() -> None:
    assert sound(OFFSET, AFTER)
    assert sound(OFFSET, AFTER.replace("either", "over"), AFTER.replace("either", "under"))
    assert only(OFFSET).code == "BCF417"


def test_an_offset_nets_its_scope_apart() -> None:
    finding = only(OFFSET.replace("theme", ""), AFTER.replace("theme", ""))
    assert (finding.code, finding.column) == ("BCF418", "netting")


def test_an_offset_that_comes_second() -> None:
    first = AFTER.replace("either,2,,", "either,1,,£5")
    finding = only(first, OFFSET.replace("1", "2"), AFTER.replace("2", "3"))
    assert (finding.code, finding.column) == ("BCF418", "step")
    assert finding.value == "R2 (row 3), after step 1 in R1 (row 2)"


def test_an_offset_stands_alone_and_for_both_ways() -> None:
    beside = "pool,either,1,,,fixed,CCG,100,,theme"
    assert "BCF418" in codes(rules=rules(OFFSET, beside, AFTER))
    one_way = [OFFSET.replace("either", "over"), AFTER]
    assert [f.column for f in found(rules=rules(*one_way))] == ["direction"]


# ------------------------------------------------------------------ dates

DATED = f"{RULES},share,in_force_from,in_force_to"


def dated(*rows: str) -> str:
    return "\n".join(
        [DATED, *(f"R{i},pool,either,1,fixed,CCG,1,100,{row}" for i, row in enumerate(rows, 1))]
    )


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (["2018-04-01,2019-03-31"], None),
        ([",2019-03-31", ",2018-03-31"], None),
        (["2018-04-01,", "2019-04-01,", "2014-04-01,2018-03-31"], None),
        (["2018-04-02,"], "BCF422"),
        ([",2019-03-30"], "BCF422"),
        (["2018-07-01,2018-09-30"], "BCF422"),
        (["2019-03-31,"], "BCF422"),
        (["2018-05-01,2018-05-01"], "BCF422"),
        (["2018-04-01,2018-03-31"], "BCF421"),
        ([",,", "2018-04-01,31/04/2019"], "BCF219"),
    ],
)
def test_dates(dates: list[str], code: str | None) -> None:
    dates = [",".join(date.split(",")[:2]) for date in dates]
    assert codes(rules=dated(*dates)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("2018-04-02,", "from 2018-04-02 on in "),
        (",2019-03-30", "up to 2019-03-30 in "),
        ("2018-07-01,2018-09-30", "2018-07-01 to 2018-09-30 in "),
    ],
)
def test_a_span_is_said_in_words(dates: str, said: str) -> None:
    [finding] = found(rules=dated(dates))
    assert finding.code == "BCF422" and finding.value.startswith(said)


def test_rules_out_of_force_leave_lines_without_one() -> None:
    said = codes(rules=dated(",2018-03-31"))
    assert said.count("BCF401") == 4
    assert said.count("BCF423") == 1


def test_the_part_of_a_year_is_named() -> None:
    [finding] = found(rules=dated(",2018-09-30", "2018-10-01,"))[:1]
    assert finding.value == "up to 2018-09-30 in R1 (row 2)"
    assert finding.expected == "all of 2018-04-01 to 2019-03-31, or none of it"


def test_without_a_year_nothing_is_said_of_rules_with_dates() -> None:
    assert codes(year=None, rules=dated("2018-04-02,")) == []
    assert codes(year=None, rules=dated(",", ",")) == ["BCF412", "BCF403"][::-1]


# ------------------------------------------------------------------ unreadable rows


def test_a_scope_with_an_unreadable_row_is_left_alone_and_others_are_not() -> None:
    rows = [
        "category=A,either,1,,,fixed,CCG,half",
        "category=A,either,1,,,fixed,CCG,half",
        "category=B,either,1,,,fixed,CCG,90",
    ]
    assert codes(rules=rules(*rows)) == ["BCF216", "BCF216", "BCF403"]
