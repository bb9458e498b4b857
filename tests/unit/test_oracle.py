"""The second implementation on paper: its own sums, worked by hand from docs/rules.md.

It must not be wrong in the same way as the engine, so nothing here is taken from the engine.
"""

import pytest

from tests.oracle.agreement import Agreement
from tests.oracle.facts import tidy_scope
from tests.oracle.sums import Pool, Row

YEAR = "2018-19"


def rows(heads: str, *cells: str) -> list[Row]:
    """Read rows as they stand in a file, columns parted by a bar."""
    names = heads.split("|")
    return [dict(zip(names, row.split("|"), strict=True)) for row in cells]


def pool(lines: list[Row], rules: list[Row], **tables: list[Row]) -> Pool:
    """Make a pool of three partners, two themes and two categories; what is not said is plain."""
    plain = {"theme": "1", "category": "A", "kind": "revenue", "budget": "0"}
    return {
        "organisations": rows("organisation", "ICB", "Council", "Borough", "Trust"),
        "themes": rows("theme", "1", "2"),
        "categories": rows("category", "B", "A"),
        "schemes": [
            {"scheme_id": f"S{i}", **plain, **line} for i, line in enumerate(lines, 1)
        ],
        "rules": [
            {"rule_id": f"R{i}", "scope": "pool", "direction": "either", "step": "1",
             "basis": "fixed", "clause": "c", **rule}
            for i, rule in enumerate(rules, 1)
        ],
        **tables,
    }  # fmt: skip


def borne(worked: Agreement, *columns: str) -> list[tuple]:
    """Give the working paper in few columns."""
    return [tuple(share[name] for name in columns) for share in worked.shares]


def work(unit: str, lines: list[Row], rules: list[Row], **tables: list[Row]) -> Agreement:
    return Agreement(pool(lines, rules, **tables), unit, YEAR)


def lines(*cells: str) -> list[Row]:
    return rows("organisation|expenditure", *cells)


HALVES = rows("bearer|share", "ICB|50", "Council|50")
OWN = rows("basis|bearer|share", "own|budget holder|100")


# ------------------------------------------------------------------ what agreements have said


def test_in_proportion_to_contributions():
    """60 and 40 of 100; an overspend of 5 is borne 3 and 2."""
    worked = work(
        "millions",
        rows("organisation|budget|expenditure", "Council|100|105"),
        rows("basis|bearer|version", "contribution|ICB|opening", "contribution|Council|opening"),
        contributions=rows("organisation|version|amount", "ICB|opening|60", "Council|opening|40"),
    )
    assert borne(worked, "bearer", "borne") == [("ICB", 300_000_000), ("Council", 200_000_000)]


def test_netted_first_and_then_halved():
    """+70 and −10 net to 60: halves are 30 each."""
    worked = work("millions", lines("ICB|70", "Council|-10"), HALVES)
    assert borne(worked, "variance", "borne") == [(6_000_000_000, 3_000_000_000)] * 2


def test_calls_in_order():
    """Overspend 10, underspends elsewhere 3, risk pool 4, uncommitted 1: an outside call of 2."""
    worked = work(
        "pounds",
        rows("organisation|theme|expenditure", "ICB|1|10", "ICB|2|-3"),
        rows(
            "step|direction|basis|bearer|share|netting",
            "1|either|offset|rest of the scope||theme",
            "2|over|fixed|risk pool|100|theme",
            "3|over|fixed|uncommitted|100|theme",
            "4|over|fixed|outside the pool|100|theme",
            "2|under|fixed|carried forward|100|theme",
        ),
        reserves=rows("reserve|opening", "risk pool|4", "uncommitted|1"),
    )
    assert borne(worked, "unit", "bearer", "offered", "borne") == [
        ("1", "rest of the scope", 1000, 300),
        ("2", "rest of the scope", -300, -300),
        ("1", "risk pool", 700, 400),
        ("2", "carried forward", 0, 0),
        ("1", "uncommitted", 300, 100),
        ("1", "outside the pool", 200, 200),
    ]
    assert [reserve["closing"] for reserve in worked.reserves.values()] == [0, 0]


def test_blended_payment():
    """Plan 10,000 at £2,000, actual 10,500: at 20% the variance is £0.2m instead of £1.0m."""
    worked = work(
        "millions",
        rows("organisation|budget|expenditure", "ICB|20|21"),
        OWN,
        payments=rows(
            "scheme_id|provider|share_above|share_below|reopens_at|share_beyond",
            "S1|Trust|20|20|100|100",
        ),
        activity=rows("scheme_id|planned|actual|price", "S1|10000|10500|£2,000"),
    )
    (line,) = worked.lines
    assert (line["expenditure"], line["unpaid"]) == (2_020_000_000, 80_000_000)
    assert borne(worked, "variance", "borne") == [(20_000_000, 20_000_000)]


@pytest.mark.parametrize(
    ("actual", "unpaid"),
    [
        # 7 above plan: 21.00 at full price. The payment reopens at 15% of 30.00, which is 4.50.
        # 33% of 4.50 is 1.485, so 1.49; 70% of 16.50 is 11.55; unpaid 21.00 − 1.49 − 11.55.
        (17, 796),
        (10, 0),
        # 2 below: −6.00. 11% of −4.50 is −0.495, so −0.50; 70% of −1.50 is −1.05.
        (8, -600 + 50 + 105),
        # 1 below: −3.00, all of it before the payment reopens: 11% of −3.00 is −0.33.
        (9, -300 + 33),
    ],
)
def test_a_payment_that_reopens(actual, unpaid):
    worked = work(
        "pounds",
        rows("organisation|expenditure", "ICB|100"),
        OWN,
        payments=rows(
            "scheme_id|provider|share_above|share_below|reopens_at|share_beyond",
            "S1|Trust|33%|11|15|70",
        ),
        activity=rows("scheme_id|planned|actual|price", f"S1|10|{actual}|£3.00"),
    )
    assert worked.lines[0]["unpaid"] == unpaid
    assert worked.lines[0]["expenditure"] == 10_000 - unpaid


# ------------------------------------------------------------------ rule by rule


def test_rows_in_force_on_no_day_of_the_year_say_nothing():
    worked = work(
        "pounds",
        lines("ICB|1"),
        rows(
            "bearer|share|in_force_from|in_force_to",
            "ICB|100||2018-03-31",
            "ICB|100|2019-04-01|",
            "Council|60|2018-04-01|2019-03-31",
            "Borough|40||",
        ),
    )
    assert borne(worked, "bearer", "position", "borne") == [("Council", 1, 60), ("Borough", 2, 40)]


def test_what_is_never_netted_and_in_which_order():
    """Kinds, grants and causes stand apart; those without a grant or a cause come first."""
    worked = work(
        "pounds",
        rows(
            "organisation|kind|grant|category|expenditure",
            "ICB|capital||A|1",
            "ICB|revenue|iBCF|A|2",
            "ICB|revenue|DFG|A|3",
            "ICB|revenue||A|4",
            "ICB|revenue||B|5",
            "ICB|revenue||not stated|0",
        ),
        [
            *rows("scope|bearer|share", "pool|Council|100"),
            *rows("scope|bearer|share", "cause=y+x|Borough|100"),
        ],
        causes=rows("scheme_id|cause|amount", "S4|x|1", "S5|x|-2", "S4|y|9"),
    )
    assert borne(worked, "scope", "category", "kind", "grant", "cause", "variance") == [
        ("pool", "B+A", "revenue", "none", "none", 4 * 100 + 500 - 100 + 200 - 900),
        ("pool", "A", "revenue", "DFG", "none", 300),
        ("pool", "A", "revenue", "iBCF", "none", 200),
        ("pool", "A", "capital", "none", "none", 100),
        ("cause=x+y", "B+A", "revenue", "none", "x", -100),
        ("cause=x+y", "A", "revenue", "none", "y", 900),
    ]


@pytest.mark.parametrize(
    ("netting", "units"),
    [
        ("scope", [("", 7)]),
        ("theme", [("1", 5), ("2", 2)]),
        ("category", [("B", 4), ("A", 3)]),
        ("holder", [("ICB", 6), ("Council", 1)]),
        ("line", [("S1", 1), ("S2", 2), ("S3", 4)]),
    ],
)
def test_netting(netting, units):
    worked = work(
        "pounds",
        rows("organisation|theme|category|expenditure", "Council|1|A|1", "ICB|2|A|2", "ICB|1|B|4"),
        rows("bearer|share|netting", f"Council|100|{netting}"),
    )
    assert borne(worked, "unit", "borne") == [(unit, pounds * 100) for unit, pounds in units]


def test_the_group_decides_the_direction_and_holders_part_it():
    """The scope is over by 3, so its own-rule holds for the holder who is under, too."""
    worked = work(
        "pounds",
        lines("Council|-2", "ICB|5"),
        rows(
            "direction|basis|bearer|share",
            "over|own|budget holder|100",
            "under|fixed|Borough|100",
        ),
    )
    assert borne(worked, "holder", "bearer", "borne") == [
        ("ICB", "ICB", 500),
        ("Council", "Council", -200),
    ]
    worked = work("pounds", lines("Council|-6", "ICB|5"), OWN)
    assert [share["borne"] for share in worked.shares] == [500, -600]


def test_leads_part_a_group_and_a_blank_lead_is_the_holder():
    worked = work(
        "pounds",
        rows("organisation|lead|expenditure", "ICB|Council|1", "ICB||2", "Council||4"),
        rows("basis|bearer|share", "lead|lead commissioner|100"),
    )
    assert borne(worked, "holder", "bearer", "borne") == [
        ("ICB", "ICB", 200),
        ("Council", "Council", 500),
    ]


@pytest.mark.parametrize(
    ("spent", "slices"),
    [
        # 2.5% of 100.20 is 2.505, so 2.51; above that to 10.00; above that.
        ("99.20", [-100, 0, 0]),
        ("102.71", [251, 0, 0]),
        ("105.20", [251, 249, 0]),
        ("120.20", [251, 749, 1000]),
        ("80.20", [-251, -749, -1000]),
    ],
)
def test_bands(spent, slices):
    worked = work(
        "pounds",
        rows("organisation|budget|expenditure", f"ICB|100.20|{spent}"),
        rows(
            "band_from|band_to|bearer|share",
            "£10||Borough|100",
            "|2.5%|ICB|100",
            "2.5%|£10|Council|100",
        ),
    )
    assert borne(worked, "bearer", "slice") == list(
        zip(["ICB", "Council", "Borough"], slices, strict=True)
    )


def test_a_percentage_of_a_budget_below_nil_is_nil():
    worked = work(
        "pounds",
        rows("organisation|budget|expenditure", "ICB|-100|1"),
        rows("band_from|band_to|bearer|share", "|5%|ICB|100", "5%||Council|100"),
    )
    assert borne(worked, "bearer", "slice", "borne") == [("ICB", 0, 0), ("Council", 10100, 10100)]


def test_cumulative_rounding():
    """Thirds of 0.05: 1.67 is 2, 3.33 is 3, 5; a half goes away from nil, over or under."""
    thirds = rows("bearer|share", "ICB|33.3", "Council|33.3", "Borough|33.4")
    worked = work("pounds", lines("ICB|0.05"), thirds)
    assert [share["borne"] for share in worked.shares] == [2, 1, 2]
    for spent, parts in (("0.03", [2, 1]), ("-0.03", [-2, -1])):
        worked = work("pounds", lines(f"ICB|{spent}"), HALVES)
        assert [share["borne"] for share in worked.shares] == parts


def test_what_is_left_by_limits_goes_to_the_next_step():
    """Halves of 10.00: the first takes at most 2.00, the second at most 5% of 60.00."""
    rules = rows("step|bearer|share|limit", "1|ICB|50|£2", "1|Council|50|5%", "2|Borough|100|")
    for sign in (1, -1):
        spent = 60 + 10 * sign
        worked = work("pounds", rows("organisation|budget|expenditure", f"ICB|60|{spent}"), rules)
        assert borne(worked, "offered", "share", "borne") == [
            (1000 * sign, 500 * sign, 200 * sign),
            (1000 * sign, 500 * sign, 300 * sign),
            (500 * sign, 500 * sign, 500 * sign),
        ]


MEASURED = rows(
    "step|basis|bearer|version|limit|share",
    "1|contribution|ICB|revised|contribution|",
    "1|contribution|Council|revised|contribution|",
    "2|fixed|Borough|||100",
)


def test_no_one_bears_more_than_its_contribution():
    worked = work(
        "pounds",
        lines("ICB|10"),
        MEASURED,
        contributions=rows(
            "organisation|version|amount|to",
            "ICB|revised|1|pool", "Council|revised|1|theme=1", "Council|revised|1|category=A",
            "ICB|opening|70|pool",
        ),
    )  # fmt: skip
    assert borne(worked, "share", "borne") == [(333, 100), (667, 200), (700, 700)]


CONTRIBUTED = rows(
    "organisation|version|to|funding|amount",
    "ICB|opening|pool|core|1",
    "ICB|opening|theme=1|grant|2",
    "ICB|opening|theme=2|capital|4",
    "Council|opening|theme=1/kind=capital|core|1",
    "Council|opening|theme=2|core|8",
)


@pytest.mark.parametrize(
    ("netting", "over", "without", "parts"),
    [
        # Of each theme: contributions to the whole pool are not to its lines alone.
        ("theme", "", "", [(200, 100), (400, 800)]),
        ("theme", "theme=2", "", [(100, 200), (400, 800)]),
        ("theme", "pool", "", [(131, 169), (525, 675)]),  # 7 to 9
        ("scope", "", "grants", [(536, 964)]),  # 5 to 9
        ("scope", "", "capital", [(375, 1125)]),  # 3 to 9
        ("scope", "pool", "grants and capital", [(150, 1350)]),  # 1 to 9
    ],
)
def test_what_contributions_are_measured_over(netting, over, without, parts):
    worked = work(
        "pounds",
        rows("organisation|theme|kind|expenditure", "ICB|1|revenue|3", "ICB|2|revenue|12",
             "ICB|1|capital|0"),
        rows(
            "basis|bearer|version|netting|measured_over|without",
            f"contribution|ICB|opening|{netting}|{over}|{without}",
            f"contribution|Council|opening|{netting}|{over}|{without}",
        ),
        contributions=CONTRIBUTED,
    )  # fmt: skip
    found = [share["borne"] for share in worked.shares if share["kind"] == "revenue"]
    assert list(zip(found[::2], found[1::2], strict=True)) == parts


@pytest.mark.parametrize(
    ("basis", "without", "parts"),
    [
        ("budget", "", [3, 12]),  # 20 to 80 of 15
        ("commissioned", "", [6, 9]),  # 40 to 60
        ("budget", "grants", [5, 10]),  # 20 to 40
        ("commissioned", "capital", [4, 11]),  # 20 to 60, so 3.75
    ],
)
def test_budgets_as_weights(basis, without, parts):
    worked = work(
        "pounds",
        rows(
            "organisation|lead|kind|grant|budget|expenditure",
            "ICB||revenue||20|20.15",
            "Council|ICB|capital||20|20",
            "Council||revenue|DFG|40|40",
            "Council||revenue||20|20",
        ),
        rows("basis|bearer|without", f"{basis}|ICB|{without}", f"{basis}|Council|{without}"),
    )
    assert [share["borne"] for share in worked.shares[:2]] == parts


def test_a_reserve_takes_in_before_it_pays_and_pays_no_more_than_it_has():
    worked = work(
        "pounds",
        rows("organisation|category|expenditure", "ICB|A|5", "Council|B|-3"),
        rows(
            "scope|direction|step|bearer|share",
            "category=A|over|1|RP|80",
            "category=A|over|1|ICB|20",
            "category=A|over|2|Council|100",
            "category=A|under|1|Council|100",
            "category=B|over|1|Council|100",
            "category=B|under|1|RP|50",
            "category=B|under|1|Council|50",
        ),
        reserves=rows("reserve|opening", "RP|1"),
    )
    assert borne(worked, "scope", "bearer", "share", "borne") == [
        ("category=B", "RP", -150, -150),
        ("category=B", "Council", -150, -150),
        ("category=A", "RP", 400, 250),
        ("category=A", "ICB", 100, 100),
        ("category=A", "Council", 150, 150),
    ]
    assert list(worked.reserves.values()) == [
        {"reserve": "RP", "opening": 100, "released": 100, "paid_in": 150, "drawn": 250,
         "closing": 0}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("achieved", "released"), [("2.1", 500), ("4.2", 1000), ("9", 1000), ("-1", 0), ("1", 238)]
)
def test_a_reserve_is_released_by_achievement(achieved, released):
    worked = work(
        "pounds",
        lines("ICB|0"),
        HALVES,
        reserves=rows("reserve|opening|released_by|unreleased_to", "RP|10|fewer|ICB"),
        achievement=rows("measure|planned|achieved", f"fewer|4.2|{achieved}"),
    )
    assert worked.reserves["RP"]["released"] == released


def test_offset_is_divided_in_proportion():
    """Over 3 and 4, under 5 and 1: six are met, of 3 and 4 by 2.57 and 3.43."""
    worked = work(
        "pounds",
        lines("ICB|3", "ICB|-5", "ICB|4", "ICB|-1"),
        rows(
            "step|basis|bearer|share|netting",
            "1|offset|rest of the scope||line",
            "2|fixed|Council|100|line",
        ),
    )
    assert [share["borne"] for share in worked.shares] == [257, -500, 343, -100, 43, 0, 57, 0]


def test_settlement():
    """Each bears half of 4.00; the Borough's quarter is met outside the pool."""
    worked = work(
        "pounds",
        lines("ICB|5", "Council|-1"),
        rows(
            "bearer|share|held",
            "ICB|25|",
            "Council|25|",
            "Borough|25|outside the pool",
            "RP|10|",
            "Trust|10|",
            "carried forward|5|",
        ),
        reserves=rows("reserve|opening", "RP|1"),
    )
    columns = ("own_variance", "borne", "met_outside", "balancing_payment")
    settled = {row["party"]: tuple(row[name] for name in columns) for row in worked.settlement}
    assert settled == {
        "ICB": (500, 100, 0, -400),
        "Council": (-100, 100, 0, 200),
        "Borough": (0, 100, 100, 0),
        "Trust": (0, 40, 0, 40),
        "RP": (0, 40, 0, 40),
        "carried forward": (0, 20, 0, 20),
        "outside the pool": (0, 0, 0, 0),
    }
    assert sum(met + paid for _, _, met, paid in settled.values()) == 0


def test_scopes_are_written_one_way():
    assert tidy_scope("kind=revenue/theme=2+10") == "theme=10+2/kind=revenue"
    assert tidy_scope("pool") == "pool"


# ------------------------------------------------------------------ rules that change in the year

TO_JUNE, FROM_JULY = "2018-04-01|2018-06-30", "2018-07-01|2019-03-31"
DATED = rows(
    "bearer|share|step|in_force_from|in_force_to|limit|over_parts",
    "ICB|60|1||2018-06-30||",
    "Council|40|1||2018-06-30||",
    "ICB|50|1|2018-07-01|||",
    "Council|50|1|2018-07-01||£0.50|per part",
    "Borough|100|2||||",
)
PARTED = rows(
    "scheme_id|first_day|last_day|budget|expenditure",
    f"S1|{FROM_JULY}|1|4",
    f"S1|{TO_JUNE}|0|-2",
    f"S2|{TO_JUNE}|3|3",
    f"S2|{FROM_JULY}|0|-1",
)
TWO = rows("organisation|budget|expenditure", "ICB|1|2", "Council|3|2")


def parted(limits: str = "", rules: list[Row] = DATED) -> Agreement:
    heads = "limit_id|bearer|at_most|over_parts"
    return work("pounds", TWO, rules, parts=PARTED, limits=rows(heads, *[limits] * bool(limits)))


def test_each_part_is_ruled_by_the_rows_in_force_in_it():
    """S1 is 2 under and then 3 over, S2 nil and 1 under: -2.00, 60 to 40, and 2.00 in halves."""
    assert borne(parted(), "part", "rule_id", "offered", "share", "borne") == [
        ("2018-04-01 to 2018-06-30", "R1", -200, -120, -120),
        ("2018-04-01 to 2018-06-30", "R2", -200, -80, -80),
        ("2018-04-01 to 2018-06-30", "R5", 0, 0, 0),
        ("2018-07-01 to 2019-03-31", "R3", 200, 100, 100),
        ("2018-07-01 to 2019-03-31", "R4", 200, 100, 50),
        ("2018-07-01 to 2019-03-31", "R5", 50, 50, 50),
    ]


def test_what_is_pro_rata_is_parted_by_months_and_loses_no_penny():
    """5 pence: the first quarter has 1.25, rounded 1; the rest 5 less that."""
    rules = [{**row, "limit": "£0.05", "over_parts": "pro rata"} for row in DATED[:4]]
    worked = parted(rules=[*rules, DATED[4]])
    assert borne(worked, "rule_id", "borne") == [
        ("R1", -1), ("R2", -1), ("R5", -198), ("R3", 4), ("R4", 4), ("R5", 192),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "council"),
    [
        ("L1|Council|£0.20|per part", [-80, 20]),
        ("L1|Council|£0.20|pro rata", [-80, 15]),
        ("L1|Council|£0.20|whole year", [-80, 20]),
        ("L1|Council|25%|per part", [-80, 25]),  # of 3.00 to June, and of 1.00 after it
        ("L1|Council|10%|whole year", [-80, 40]),  # of 4.00
    ],
)
def test_a_limit_stands_in_each_part_or_once(limit, council):
    rules = [{**row, "limit": "", "over_parts": ""} for row in DATED]
    shares = parted(limit, rules).shares
    assert [row["borne"] for row in shares if row["bearer"] == "Council"] == council


def test_a_reserve_begins_with_what_the_part_before_left_in_it():
    """Two pounds are paid in by June, 50 pence were there: 2.50, of which 2.00 are drawn."""
    rules = rows("bearer|share|in_force_to|in_force_from", "RISK|100|2018-06-30|",
                 "RISK|100||2018-07-01")  # fmt: skip
    reserves = rows("reserve|opening|released_by", "RISK|0.50|")
    worked = work("pounds", TWO, rules, parts=PARTED, reserves=reserves)
    assert borne(worked, "borne") == [(-200,), (200,)]
    assert worked.reserves["RISK"]["closing"] == 50


def test_lines_whose_rules_do_not_change_are_ruled_last_over_the_year():
    """Budgets measured over the pool: in a part those of the part, and of S2 those of the year."""
    part = rows("scope|in_force_from|in_force_to", "category=A||2018-06-30",
                "category=A|2018-07-01|")  # fmt: skip
    alike = {"basis": "budget", "measured_over": "pool", "share": ""}
    rules = [
        {**row, **alike, "bearer": bearer} for row in part for bearer in ("ICB", "Council")
    ] + rows("scope|basis|bearer|measured_over", "category=B|budget|ICB|pool",
             "category=B|budget|Council|pool")  # fmt: skip
    two = [{**TWO[0], "budget": "1", "category": "A"}, {**TWO[1], "category": "B"}]
    worked = work("pounds", two, rules, parts=PARTED[:2])
    assert borne(worked, "part", "scope", "bearer", "borne") == [
        ("2018-04-01 to 2018-06-30", "category=A", "ICB", 0),  # 0 to 3
        ("2018-04-01 to 2018-06-30", "category=A", "Council", -200),
        ("2018-07-01 to 2019-03-31", "category=A", "ICB", 75),  # 1 to 3
        ("2018-07-01 to 2019-03-31", "category=A", "Council", 225),
        ("", "category=B", "ICB", -25),
        ("", "category=B", "Council", -75),
    ]
