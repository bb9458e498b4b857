"""Random agreements: every feature of docs/rules.md, in combinations, over lines in odd pence.

`random_agreement(seed)` gives the rows of a pool's files as they would be typed; `agreements` is
the same as a hypothesis strategy; `another_outturn` keeps agreement and budgets, and draws what was
spent anew. Each obeys every rule of the page, so `load` accepts it.
"""

import random

import hypothesis.strategies as st

from tests.make.agreement_limits import random_limits
from tests.make.agreement_parts import cut_the_year, spent_in_parts, state_the_parts
from tests.make.agreement_rules import Drawn, Tables, random_rules
from tests.make.pools import CODES, RandomPool, typed
from tests.oracle.facts import keys_of, restated
from tests.oracle.sums import Row, pence

PARTNERS = ("ICB", "the Council", "B-2", "10", "R&D x", "9")
PROVIDERS = ("Trust", "Hospice 3")
RESERVES = ("risk pool", "contingency", "q-", "x_y")
KINDS_OF_RESERVE = ("contingency", "risk pool", "uncommitted allocation", "performance pot")
GRANTS = ("DFG", "iBCF", "g10", "g9")
CAUSES = ("late", "fraud-1", "Unforeseen x")
WORDS = ("fixed", "variable")
VERSIONS = ("opening", "revised", "paid")
REOPENS = ("5", "12.5%", "50", "100")


def random_agreement(
    seed: int,
    lines: int | None = None,
    largest: int = 10**9,
    symmetric: bool = False,
    limited: bool = True,
    parted: bool = False,
) -> RandomPool:
    """Make a pool with an agreement of many kinds.

    Args:
        seed: what it is drawn from.
        lines: how many; None for a random number up to 12.
        largest: no amount is beyond this many pence.
        symmetric: overspends and underspends are ruled alike: no reserves, no payment by activity,
            and every row is for either direction.
        limited: limits over several rules may be put on it.
        parted: rules of some scopes change within the year.
    """
    draw = random.Random(seed)
    drawn = Drawn(
        draw,
        draw.choice(["pounds", "thousands", "millions"]),
        draw.sample(PARTNERS, draw.randint(1, 4)),
        draw.sample(PROVIDERS, draw.choice([0, 0, 1, 2])),
        draw.sample(CODES, draw.randint(1, 4)),
        draw.sample(CODES, draw.randint(1, 4)),
        largest,
        symmetric,
    )
    if not symmetric:
        drawn.reserves = draw.sample(RESERVES, draw.choice([0, 1, 1, 2, 3]))
    _declare(drawn)
    count = draw.randint(1, 12) if lines is None else lines
    drawn.tables["schemes"] = [_line(drawn, i) for i in range(count)]
    _contributions(drawn)
    if parted:
        cut_the_year(drawn)
    causes = draw.sample(CAUSES, draw.choice([0, 0, 1, 2, 3]))
    drawn.tables["rules"] = random_rules(drawn, causes)
    if limited:
        random_limits(drawn, causes)
    if parted:
        state_the_parts(drawn)
    if not symmetric:
        _payments(drawn)
    said = f"lines={lines}, largest={largest}, symmetric={symmetric}, limited={limited}"
    said += ", parted=True" * parted
    name = f"random_agreement({seed}, {said})"
    return another_outturn(draw, RandomPool(drawn.unit, drawn.tables, name), causes)


seeds = st.integers(0, 10**6)
agreements = st.builds(random_agreement, seeds, lines=st.integers(1, 10))
agreements_without_limits = st.builds(
    random_agreement, seeds, lines=st.integers(1, 10), limited=st.just(False)
)
agreements_of_one_line = st.builds(random_agreement, seeds, lines=st.just(1))
parted_agreements = st.builds(
    random_agreement, seeds, lines=st.integers(1, 10), parted=st.just(True)
)
symmetric_agreements = st.builds(
    random_agreement, seeds, lines=st.integers(1, 10), symmetric=st.just(True)
)


def another_outturn(
    draw: random.Random, pool: RandomPool, causes: list[str] | None = None
) -> RandomPool:
    """Keep the agreement and the budgets; draw expenditure, activity, achievement and causes.

    Args:
        draw: what to draw from.
        pool: an agreement.
        causes: those the rules name; None to find them there.
    """
    if causes is None:
        scopes = [row["scope"] for row in pool.tables["rules"]]
        causes = sorted({code for scope in scopes for code in keys_of(scope).get("cause", [])})
    tables = dict(pool.tables)
    tables["schemes"] = [_spent(draw, row, pool.unit) for row in tables["schemes"]]
    if "parts" in tables:
        tables["parts"] = spent_in_parts(draw, tables["parts"], tables["schemes"], pool.unit)
    for table, name, choose in (
        ("activity", "actual", lambda row: _about(draw, int(row["planned"]))),
        ("achievement", "achieved", lambda _: draw.choice(["0", "1.75", "4.2", "12", "-3"])),
    ):
        if table in tables:
            tables[table] = [{**row, name: choose(row)} for row in tables[table]]
    tables.pop("causes", None)
    if causes and (rows := _causes(draw, tables, pool.unit, causes)):
        tables["causes"] = rows
    return RandomPool(pool.unit, tables, pool.name)


def _about(draw: random.Random, planned: int) -> str:
    return str(draw.choice([0, planned, planned + 1, draw.randint(0, 2 * planned)]))


def _declare(drawn: Drawn) -> None:
    """Declare the codes: partners and providers, themes, categories, reserves and measures."""
    draw, tables = drawn.draw, drawn.tables
    tables["organisations"] = [
        {"organisation": code, "name": f"Invented {code}", "organisation_kind": kind}
        for kind, codes in (("nhs", drawn.partners), ("provider", drawn.providers))
        for code in codes
    ]
    tables["themes"] = [{"theme": code, "name": f"Theme {code}"} for code in drawn.themes]
    tables["categories"] = [
        {"category": code, "name": f"Category {code}", "summary_group": ""}
        for code in drawn.categories
    ]
    if not drawn.reserves:
        return
    released = draw.random() < 0.5
    if released:
        planned = draw.choice(["4.2", "3", "0.7"])
        tables["achievement"] = [{"measure": "Fewer", "name": "Days", "planned": planned}]
    tables["reserves"] = []
    for code in drawn.reserves:
        earned = released and (code == drawn.reserves[0] or drawn.chance(3))
        tables["reserves"].append(
            {
                "reserve": code,
                "name": f"Reserve {code}",
                "reserve_kind": draw.choice(KINDS_OF_RESERVE),
                "opening": typed(draw, draw.choice([0, 1, 33, draw.randint(0, 10**7)]), drawn.unit),
                "released_by": "Fewer" if earned else "",
                "unreleased_to": draw.choice(drawn.partners) if earned else "",
            }
        )


def _line(drawn: Drawn, i: int) -> Row:
    """Make a budget line; the first is always under a rule."""
    draw = drawn.draw
    holder = draw.choice(drawn.partners)
    category, pooling = draw.choice(drawn.categories), "pooled"
    if i and drawn.chance(10):
        category = "not stated"
    if i and drawn.chance(8):
        pooling = draw.choice(["aligned", "in view"])
    budget = draw.choice(
        [draw.randint(1, drawn.largest)] * 3
        + [draw.randint(1, 10**6), -draw.randint(1, 10**6), 0, 7]
    )
    others = [code for code in drawn.partners if code != holder]
    return {
        "scheme_id": f"S{i}",
        "theme": draw.choice(drawn.themes),
        "organisation": holder,
        "scheme": f"Scheme {i}",
        "category": category,
        "kind": draw.choice(["revenue", "revenue", "capital"]),
        "pooling": pooling,
        "lead": draw.choice(["", "", *drawn.partners]),
        "terms": draw.choice(["", *WORDS]),
        "grant": draw.choice(["", "", "", "", *GRANTS[:2], draw.choice(GRANTS)]),
        "transfer_to": draw.choice(["", "", "", *others]),
        "budget": typed(draw, budget, drawn.unit),
    }


# ------------------------------------------------------------------ what contributions are


def _contributions(drawn: Drawn) -> None:
    """State what each partner contributes: each version in parts of its own."""
    draw, rows, lines = drawn.draw, [], drawn.ruled()
    for version in draw.sample(VERSIONS, draw.choice([0, 1, 2, 3])):
        key = draw.choice(["", "", "theme", "category", "organisation", "kind", "grant", "scheme"])
        column = "scheme_id" if key == "scheme" else key
        parts = sorted({f"{key}={line[column]}" for line in lines}) if key else ["pool"]
        for partner in drawn.partners:
            for to in parts:
                if to != parts[0] and drawn.chance(5):
                    continue
                amount = draw.choice([draw.randint(1, drawn.largest), draw.randint(1, 99), 0])
                rows.append(
                    {
                        "organisation": partner,
                        "version": version,
                        "to": to,
                        "funding": draw.choice(["", "core", "core", "grant", "capital"]),
                        "amount": typed(draw, amount, drawn.unit),
                    }
                )
    if rows:
        draw.shuffle(rows)
        drawn.tables["contributions"] = rows


# ------------------------------------------------------------------ what came of it


def _payments(drawn: Drawn) -> None:
    """Let some lines be paid for by activity."""
    draw, payments, activity = drawn.draw, [], []
    for line in drawn.tables["schemes"]:
        shared = line["pooling"] == "pooled" and line["category"] != "not stated"
        whole = line["scheme_id"] not in _in_parts(drawn.tables)
        if drawn.providers and shared and whole and drawn.chance(4):
            payments.append(
                {
                    "scheme_id": line["scheme_id"],
                    "provider": draw.choice(drawn.providers),
                    "share_above": draw.choice(["20", "70%", "0", "100", "33.333333"]),
                    "share_below": draw.choice(["20%", "0", "50"]),
                    "reopens_at": draw.choice(REOPENS),
                    "share_beyond": draw.choice(["100", "70", "12.5"]),
                    "clause": "Payment",
                }
            )
            activity.append(
                {
                    "scheme_id": line["scheme_id"],
                    "planned": str(draw.choice([1, 17, draw.randint(1, 3000)])),
                    "price": draw.choice(["£2,000", "£0.01", "£33.33", "£1,490"]),
                    "counted_in": "stays",
                }
            )
    if payments:
        drawn.tables |= {"payments": payments, "activity": activity}


def _spent(draw: random.Random, row: Row, unit: str) -> Row:
    """Draw what was spent on a line."""
    budget = pence(row["budget"], unit)
    moved = draw.choice(
        [0, 1, -1, 3, draw.randint(-99, 99)]
        + [draw.randint(-(10**7), 10**7)] * 3
        + [draw.randint(-abs(budget) // 8, abs(budget) // 8)] * 3
    )
    if row["category"] == "not stated" and row["pooling"] == "pooled":
        moved = 0  # nothing may be borne through it
    return {**row, "expenditure": typed(draw, budget + moved, unit)}


def _causes(draw: random.Random, tables: Tables, unit: str, causes: list[str]) -> list[Row]:
    """Attribute parts of some lines' variances."""
    rows, parted = [], _in_parts(tables)
    for line in restated(tables, unit):
        left = line["variance"]
        shared = line["pooling"] == "pooled" and line["category"] != "not stated"
        if not shared or line["scheme_id"] in parted:
            continue
        for cause in causes:
            if left and draw.random() < 0.3:
                amount = draw.choice([left, draw.randint(min(left, -1), max(left, 1))])
                if amount * left <= 0:
                    continue
                left -= amount
                rows.append(
                    {
                        "scheme_id": line["scheme_id"],
                        "cause": cause,
                        "amount": typed(draw, amount, unit),
                        "evidence": "Minute 7",
                    }
                )
    return rows


def _in_parts(tables: Tables) -> set[str]:
    """Give the lines whose amounts are stated in parts, of which nothing is stated of the year."""
    return {row["scheme_id"] for row in tables.get("parts", [])}
