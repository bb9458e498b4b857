"""What the rules cover and measure, and the facts of the year."""

import pytest

from bcf_model.core.findings import Finding
from tests.longer import slow
from tests.make.drafted import RULES, TABLES, WHOLE_POOL, codes, found

CAUSES = "scheme_id,cause,amount,evidence\n"
STATED = "organisation,version,to,funding,amount\n"
NO_ACTIVITY = {name: TABLES[name].strip().partition("\n")[0] for name in ("payments", "activity")}
NO_PROVIDER = "organisation,name,organisation_kind\nCCG,A group,nhs\nCouncil,A council,council\n"


def scopes(*names: str) -> str:
    """Give a rule for each scope."""
    rows = [f"R{i},{scope},either,1,fixed,CCG,1,100" for i, scope in enumerate(names, 1)]
    return "\n".join([f"{RULES},share", *rows])


def only(**tables: str) -> Finding:
    [finding] = found(**tables)
    return finding


def by_contribution(*bearers: str, **more: str) -> str:
    """Give one call by contribution, opening; `more` are further columns."""
    heads, cells = ",".join(["", *more]), ",".join(["", *more.values()])
    rows = [
        f"R{i},{'pool'},either,1,contribution,{who},1,opening{cells}"
        for i, who in enumerate(bearers, 1)
    ]
    return "\n".join([f"{RULES},version{heads}", *rows])


# ------------------------------------------------------------------ scopes


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("pool",), None),
        (("lead=CCG", "lead=Council"), None),
        (("lead=CCG",), "BCF401"),
        (("lead=CCG", "organisation=Council"), "BCF402"),
        (("grant=DFG", "grant=none"), None),
        (("grant=none",), "BCF401"),
        (("grant=DFG", "grant=none", "grant=iBCF"), "BCF410"),
        (("terms=not stated",), None),
        (("lead=CGC", "pool"), "BCF405"),
        (("pool", "cause=late"), None),
        (("pool", "category=A/cause=late"), None),
        (("category=A/cause=late",), "BCF401"),
        (("category=A", "category=B/cause=late+none"), None),
    ],
)
def test_every_line_is_under_one_scope(names: tuple[str, ...], code: str | None) -> None:
    assert set(codes(rules=scopes(*names))) == ({code} if code else set())


def test_both_rules_are_named_that_cover_a_line() -> None:
    finding = only(
        rules=scopes(
            "category=A", "category=B/kind=revenue", "category=B/kind=capital", "lead=Council"
        )
    )
    assert finding.code == "BCF402"
    assert finding.value.startswith("S2 (category B) under 'category=B/kind=revenue' (rules row 3)")
    assert "'lead=Council' (rules row 5)" in finding.value


def test_a_line_whose_category_is_not_stated_is_under_no_rule() -> None:
    schemes = TABLES["schemes"].replace(
        "S3,1,Council,c,B,revenue,300,330", "S3,1,Council,c,not stated,revenue,300,300"
    )
    assert codes(rules=scopes("pool"), schemes=schemes) == []
    assert codes(rules=scopes("category=A+B"), schemes=schemes) == []
    assert codes(rules=scopes("pool", "category=not stated"), schemes=schemes) == ["BCF410"]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("pool", "cause=late"), None),
        (("pool",), "BCF424"),
        (("pool", "cause=fraud"), "BCF424"),
        (("pool", "cause=fraud+late"), None),
        (("pool", "category=A/cause=late"), "BCF424"),
        (("pool", "category=B/cause=late"), None),
        (("pool", "cause=late", "theme=1/cause=late"), "BCF402"),
    ],
)
def test_every_attributed_amount_is_under_one_scope(
    names: tuple[str, ...], code: str | None
) -> None:
    assert codes(rules=scopes(*names), causes=f"{CAUSES}S3,late,30,m") == ([code] if code else [])


# ------------------------------------------------------------------ causes


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("S3,late,30,m", None),
        ("S3,late,10,m\nS3,fraud,20,m", None),
        ("S3,late,10,m\nS3,late,5,m", "BCF431"),
        ("S5,late,5,m", "BCF432"),
        ("S3,late,30.01,m", "BCF433"),
        ("S3,late,20,m\nS3,fraud,20,m", "BCF433"),
        ("S2,late,-10,m", None),
        ("S2,late,10,m", "BCF433"),
        ("S3,late,20,m\nS3,fraud,-5,m", "BCF433"),
        ("S9,late,1,m", "BCF308"),
        ("S3,late,lots,m\nS3,fraud,30,m", "BCF202"),
        ("S3,carried forward,30,m", "BCF210"),
        ("S3,none,30,m", "BCF212"),
    ],
)
def test_causes(rows: str, code: str | None) -> None:
    names = ("pool", "cause=late+fraud+carried forward")
    assert codes(rules=scopes(*names), causes=CAUSES + rows) == ([code] if code else [])


def test_nothing_is_attributed_of_a_category_not_stated() -> None:
    schemes = TABLES["schemes"].replace("d,B,capital", "d,not stated,capital")
    said = codes(rules=scopes("pool", "cause=late"), schemes=schemes, causes=f"{CAUSES}S4,late,3,m")
    assert said == ["BCF406", "BCF433"]


def test_what_is_unpaid_is_no_variance_to_attribute() -> None:
    """S1 is £10 over as given, of which £4 are unpaid."""
    assert codes(rules=scopes("pool", "cause=late"), causes=f"{CAUSES}S1,late,6,m") == []
    finding = only(rules=scopes("pool", "cause=late"), causes=f"{CAUSES}S1,late,6.01,m")
    assert finding.value == "£6.01 (row 2) of a variance of £6.00 on S1"


# ------------------------------------------------------------------ reserves


@pytest.mark.parametrize(
    ("reserve", "code"),
    [
        ("RISK,r,risk pool,5,,", None),
        ("RISK,r,risk pool,0,NEL,CCG", None),
        ("RISK,r,risk pool,-5,,", "BCF434"),
        ("RISK,r,risk pool,5,NEL,", "BCF435"),
        ("RISK,r,risk pool,5,,CCG", "BCF435"),
        ("RISK,r,risk pool,5,NLE,CCG", "BCF310"),
        ("RISK,r,risk pool,5,NEL,CGC", "BCF303"),
        ("RISK,r,risk pool,5,NEL,Trust", "BCF311"),
        ("Council,r,risk pool,5,,", "BCF301"),
        ("council,r,risk pool,5,,", "BCF306"),
        ("outside the pool,r,risk pool,5,,", "BCF210"),
        ("Lead commissioner,r,risk pool,5,,", "BCF210"),
        ("not stated,r,risk pool,5,,", "BCF210"),
    ],
)
def test_reserves(reserve: str, code: str | None) -> None:
    heads = "reserve,name,reserve_kind,opening,released_by,unreleased_to"
    name = reserve.partition(",")[0]
    rules = f"{RULES},share\nR1,pool,either,1,fixed,{name},1,100\nR2,pool,either,2,fixed,CCG,1,100"
    measure = "measure,name,planned,achieved\n" + ("NEL,a,4.2,3.9" if "N" in reserve else "")
    said = codes(rules=rules, reserves=f"{heads}\n{reserve}", achievement=measure)
    assert [c for c in said if c not in ("BCF408", "BCF404", "BCF409")] == ([code] if code else [])


def test_a_reserve_or_a_measure_nobody_uses() -> None:
    reserves = "reserve,name,reserve_kind,opening\nRISK,r,risk pool,5"
    measures = "measure,name,planned,achieved\nNEL,a,4,3"
    said = found(rules=WHOLE_POOL, reserves=reserves, achievement=measures)
    assert [(f.code, f.file) for f in said] == [
        ("BCF307", "achievement.csv"),
        ("BCF307", "reserves.csv"),
    ]


@pytest.mark.parametrize(("planned", "code"), [("4.2", None), ("0", "BCF436"), ("-1", "BCF436")])
def test_what_was_planned_is_above_nil(planned: str, code: str | None) -> None:
    said = codes(
        rules=f"{RULES},share\nR1,pool,either,1,fixed,RISK,1,100\nR2,pool,either,2,fixed,CCG,1,100",
        reserves="reserve,name,reserve_kind,opening,released_by,unreleased_to\n"
        "RISK,r,risk pool,5,NEL,CCG",
        achievement=f"measure,name,planned,achieved\nNEL,a,{planned},3",
    )
    assert said == ([code] if code else [])


# ------------------------------------------------------------------ contributions


@pytest.mark.parametrize(
    ("ccg", "others", "code"),
    [
        ("pool,core,3", "Council,opening,pool,core,2", None),
        ("category=A,core,3", "Council,opening,category=B,core,2", None),
        ("pool,core,3", "Council,opening,pool,core,0", None),
        ("pool,core,3", "Council,revised,pool,core,2", "BCF438"),
        ("pool,core,-3", "Council,opening,pool,core,5", "BCF437"),
        ("pool,core,0", "Council,opening,pool,core,0", "BCF440"),
        ("pool,core,1", "Council,opening,grant=iBCF,core,2", "BCF444"),
        ("pool,core,1\nCCG,opening,pool,core,1", "Council,opening,pool,core,2", "BCF445"),
        ("pool,core,1\nCCG,opening,pool,grant,1", "Council,opening,pool,core,2", None),
        ("pool,core,1", "Council,opening,cause=x,core,2", "BCF405"),
        ("pool,core,1", "Council,opening,category=Z,core,2", "BCF405"),
        ("pool,core,1\nTrust,opening,pool,core,1", "Council,opening,pool,core,2", "BCF311"),
    ],
)
def test_contributions_of_the_pool(ccg: str, others: str, code: str | None) -> None:
    rows = f"{STATED}CCG,opening,{ccg}\n{others}"
    said = codes(rules=by_contribution("CCG", "Council"), contributions=rows)
    echo = ["BCF440"] if code == "BCF437" else []
    assert [c for c in said if c not in echo] == ([code] if code else [])


def test_a_version_no_rule_measures_is_nobodys_concern() -> None:
    paid = f"{STATED}CCG,paid,grant=iBCF,core,3\nCouncil,paid,category=A,core,3"
    assert codes(rules=WHOLE_POOL, contributions=paid) == []


@slow
def test_a_contribution_of_which_a_rule_measures_a_part() -> None:
    rows = f"{STATED}CCG,opening,pool,core,3\nCouncil,opening,pool,core,2"
    by_theme = by_contribution("CCG", "Council", netting="theme")
    said = found(rules=by_theme, contributions=rows)
    assert [(f.code, f.row, f.column) for f in said] == [("BCF439", 2, "to"), ("BCF439", 3, "to")]
    assert said[0].value == (
        "'pool' of 'CCG' in row 2, of which R1 (row 2) of the rules measures "
        "each theme of 'pool' by itself"
    )
    over_pool = by_contribution("CCG", "Council", netting="theme", measured_over="pool")
    assert codes(rules=over_pool, contributions=rows) == []
    over_a = by_contribution("CCG", "Council", measured_over="category=A")
    assert codes(rules=over_a, contributions=rows) == ["BCF439", "BCF439"]


def test_what_is_left_out_is_not_measured_in_part() -> None:
    rows = f"{STATED}CCG,opening,category=A,core,3\nCCG,opening,pool,grant,3"
    rules = by_contribution("CCG", measured_over="category=A", without="grants")
    assert codes(rules=rules, contributions=rows) == []
    assert codes(rules=rules.replace("grants", "capital"), contributions=rows) == ["BCF439"]


def test_each_place_with_a_variance_has_something_to_share_by() -> None:
    """Theme 2 has no variance, so nothing is divided there."""
    theme_1 = f"{STATED}CCG,opening,theme=1,core,3\nCouncil,opening,theme=1,core,2"
    rules = by_contribution("CCG", "Council", netting="theme")
    schemes = TABLES["schemes"].replace("200,190", "200,200")
    assert codes(rules=rules, contributions=theme_1, schemes=schemes) == []
    theme_2 = theme_1.replace("theme=1", "theme=2")
    finding = only(rules=rules, contributions=theme_2, schemes=schemes)
    assert finding.code == "BCF440"
    assert finding.value == (
        "no contribution of its bearers for theme 1 of pool, by R1 (row 2) and R2 (row 3)"
    )


@pytest.mark.parametrize(
    ("direction", "code"), [("over", "BCF440"), ("under", None), ("either", "BCF440")]
)
def test_only_the_way_a_variance_falls_is_shared(direction: str, code: str | None) -> None:
    nil = f"{STATED}CCG,opening,pool,core,0"
    rows = [f"R1,pool,{direction},1,contribution,CCG,1,opening,"]
    if direction != "either":
        other = "under" if direction == "over" else "over"
        rows.append(f"R2,pool,{other},1,fixed,CCG,1,,100")
    rules = "\n".join([f"{RULES},version,share", *rows])
    assert codes(rules=rules, contributions=nil) == ([code] if code else [])


def test_what_is_attributed_is_not_shared_with_the_rest() -> None:
    """All of S3's variance has a cause: of the rest of B's revenue nothing is left to divide."""
    schemes = TABLES["schemes"].replace("200,190", "200,200")
    rules = (
        f"{RULES},version,share\nR1,category=B/kind=revenue,either,1,contribution,CCG,1,opening,\n"
        "R2,category=A,either,1,fixed,CCG,1,,100\nR3,kind=capital,either,1,fixed,CCG,1,,100\n"
        "R4,cause=late,either,1,fixed,CCG,1,,100"
    )
    nil = f"{STATED}CCG,opening,category=B/kind=revenue,core,0"
    for amount, code in (("30", []), ("29", ["BCF440"])):
        causes = f"{CAUSES}S3,late,{amount},m"
        said = codes(rules=rules, schemes=schemes, causes=causes, contributions=nil)
        assert said == code


def test_a_group_that_comes_to_nil_is_over() -> None:
    schemes = TABLES["schemes"].replace("400,400", "400,380")
    nil = f"{STATED}CCG,opening,category=B/kind=revenue,core,0"
    rules = (
        f"{RULES},version,share,netting\n"
        "R1,category=B/kind=revenue,over,1,contribution,CCG,1,opening,,\n"
        "R2,category=B/kind=revenue,under,1,fixed,CCG,1,,100,\n"
        "R3,category=A,either,1,fixed,CCG,1,,100,\nR4,kind=capital,either,1,fixed,CCG,1,,100,"
    )
    level = schemes.replace("300,330", "300,310")  # against 10 under, in the other line of B
    assert codes(rules=rules, schemes=level, contributions=nil) == ["BCF440"]
    under = schemes.replace("300,330", "300,309.99")
    assert codes(rules=rules, schemes=under, contributions=nil) == []


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("budget", "-£50.00 of 'Council' for pool in R2 (row 3)"),
        ("commissioned", None),
    ],
)
def test_a_budget_below_nil_is_no_weight(basis: str, words: str | None) -> None:
    schemes = TABLES["schemes"].replace("c,B,revenue,300,330", "c,B,revenue,-250,-220")
    rows = [f"R{i},pool,either,1,{basis},{who},1" for i, who in ((1, "CCG"), (2, "Council"))]
    if basis == "commissioned":  # led by the CCG, whose other lines make up for it
        schemes = schemes.replace("S1,1,CCG,a,A,revenue,100", "S1,1,CCG,a,A,revenue,900")
    said = found(rules="\n".join([RULES, *rows]), schemes=schemes)
    assert [f.value for f in said if f.code != "BCF501"] == ([words] if words else [])


@pytest.mark.parametrize(
    ("without", "code"), [("", None), ("capital", "BCF440"), ("grants", "BCF440")]
)
def test_budgets_left_out_are_not_measured(without: str, code: str | None) -> None:
    """The only line of theme 2 in the pool is capital, paid by a grant."""
    schemes = TABLES["schemes"].replace("400,400", "400,410")
    rules = (
        f"{RULES},without,share\nR1,theme=2,either,1,budget,CCG,1,{without},\n"
        "R2,theme=1,either,1,fixed,CCG,1,,100"
    )
    assert codes(rules=rules, schemes=schemes) == ([code] if code else [])


# ------------------------------------------------------------------ payment by activity


@pytest.mark.parametrize(
    ("payment", "activity", "code"),
    [
        ("S1,Trust,20,20,10,70,c", "S1,100,110,£1,stays", None),
        ("S1,Trust,20,20,10,70,c", "S1,100,111,£1,stays", "BCF442 BCF447"),
        ("S1,Trust,20,20,10,70,c", "S1,100,89,£1,stays", "BCF442"),
        ("S1,Trust,20,20,10,70,c", "S1,100,90,£1,stays", None),
        ("S1,Council,20,20,10,70,c", "S1,100,105,£1,stays", "BCF311"),
        ("S1,Turst,20,20,10,70,c", "S1,100,105,£1,stays", "BCF303"),
        ("S1,Trust,20,20,10,70,c", "S1,0,105,£1,stays", "BCF215"),
        ("S1,Trust,20,20,10,70,c", "S1,100,105,1,stays", "BCF218"),
        ("S1,Trust,20,20,10,70,c", "S1,100,105,£-1,stays", "BCF218"),
        ("S1,Trust,20,20,10,70,c", '"S1",999999999,105,£999999,stays', "BCF207"),
    ],
)
def test_payment_by_activity(payment: str, activity: str, code: str | None) -> None:
    heads = {name: TABLES[name].strip().partition("\n")[0] for name in ("payments", "activity")}
    organisations = NO_PROVIDER if "Council" in payment else TABLES["organisations"]
    said = codes(
        rules=WHOLE_POOL,
        organisations=organisations,
        payments=f"{heads['payments']}\n{payment}",
        activity=f"{heads['activity']}\n{activity}",
    )
    assert said == (code.split() if code else [])


def test_payments_and_activity_belong_together() -> None:
    tables = {"rules": WHOLE_POOL, "organisations": NO_PROVIDER}
    assert codes(**tables, **NO_ACTIVITY) == []
    assert codes(**tables, payments=NO_ACTIVITY["payments"]) == ["BCF441"]
    finding = only(rules=WHOLE_POOL, activity=NO_ACTIVITY["activity"])
    assert (finding.code, finding.file) == ("BCF441", "payments.csv")
    assert finding.expected == "a row of S1 in activity"


def test_a_payment_that_cannot_be_read_is_not_also_missing() -> None:
    payments = TABLES["payments"].replace("S1,", "S/1,")
    assert codes(rules=WHOLE_POOL, payments=payments) == ["BCF210"]


def test_what_is_said_of_a_line_beside_the_pool() -> None:
    activity = {name: TABLES[name].replace("S1,", "S5,") for name in ("payments", "activity")}
    assert codes(rules=WHOLE_POOL, **activity) == ["BCF432", "BCF432"]


def test_what_is_unpaid_is_taken_from_what_was_spent() -> None:
    totals = "figure,amount\nexpenditure,1026\nvariance,26\nexpenditure/scheme=S1,106\n"
    assert codes(rules=WHOLE_POOL, control_totals=totals) == []
    assert codes(rules=WHOLE_POOL, control_totals="figure,amount\nexpenditure,1030") == ["BCF502"]


# ------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("300,330,CCG", "300,330,CGC", "BCF303"),
        ("300,330,CCG", "300,330,Trust", "BCF311"),
        ("S3,1,Council", "S3,1,Trust", "BCF311"),
        ("505,,,aligned", "505,,,in view", None),
        ("400,400,,DFG", "400,400,,None", None),
    ],
)
def test_lines(old: str, new: str, code: str | None) -> None:
    assert old in TABLES["schemes"]
    said = codes(rules=WHOLE_POOL, schemes=TABLES["schemes"].replace(old, new))
    assert said == ([code] if code else [])


def test_a_lead_misspelt_is_not_also_without_a_rule() -> None:
    schemes = TABLES["schemes"].replace("300,330,CCG", "300,330,CGC")
    assert codes(rules=scopes("lead=CCG", "lead=Council"), schemes=schemes) == ["BCF303"]


@pytest.mark.parametrize(
    ("receiver", "code"), [("Council", None), ("CCG", "BCF443"), ("Trust", "BCF311"), ("", None)]
)
def test_money_goes_to_the_other_partner(receiver: str, code: str | None) -> None:
    schemes = (
        "scheme_id,theme,organisation,scheme,category,kind,budget,expenditure,transfer_to\n"
        f"S1,1,CCG,a,A,revenue,100,110,{receiver}\nS2,2,Council,b,B,revenue,1,1,"
    )
    assert codes(rules=WHOLE_POOL, schemes=schemes) == ([code] if code else [])


def test_sums_stay_within_reach() -> None:
    rows = "\n".join(
        f"CCG,{version},pool,core,400000000000" for version in ("opening", "revised", "paid")
    )
    assert codes(rules=WHOLE_POOL, contributions=STATED + rows) == ["BCF207"]
