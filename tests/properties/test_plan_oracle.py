"""Random plans: the second implementation agrees to the penny, and what holds of each.

Each case is a scenario and one built on it, read from files. `make test` has 3 of them; `make long`
has 1,000.
"""

import os
import tempfile
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.money import sterling
from bcf_model.core.words import PREVENTIONS
from bcf_model.plan.budget_versions import opening_lines
from bcf_model.plan.checks.results import Calculated, below_nil
from bcf_model.plan.gap import of_all
from bcf_model.plan.load import Plan, Scenario, check_scenarios
from bcf_model.plan.projection import Projection, project
from tests.longer import LONG, longer, slow
from tests.make.plans import KEYS, RandomPlan, random_plan
from tests.make.pools import RandomPool
from tests.oracle.plan import DECIMALS as FACTOR
from tests.oracle.plan import Worked
from tests.oracle.plan_facts import NOWHERE, STEPS
from tests.oracle.sums import half_away

CASES = int(os.environ.get("BCF_PLANS", "1000" if LONG else "3"))
CHUNKS = range(10 if LONG else 1)
FEW = range(20 if LONG else 1)
NAMED = "scenario"
PLACE = ["theme", "organisation", "scheme_id", "kind", "block"]


def loaded(made: RandomPlan, folder: Path) -> list[tuple[Plan, Scenario]]:
    """Read both scenarios; whatever is drawn is sound."""
    found = []
    for name, (both, findings) in check_scenarios(folder, made.scenarios).items():
        assert both is not None, (made.name, name, [str(finding) for finding in findings])
        found.append(both)
    return found


def rows_of(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    return list(zip(*(frame[column].tolist() for column in columns), strict=True))


# ------------------------------------------------------------------ the second implementation


def places_of(done: Projection) -> dict[str, tuple[str, ...]]:
    """Give the place of each line's code, in the opening version and in those agreed."""
    said = done.scenario.settings
    schemes = done.plan.inputs.schemes.set_index("scheme_id")
    versions = [said.opening, *said.agreed.values()]
    found = {}
    for version in versions:
        lines = opening_lines(done.plan.stated_versions, version, said.split)
        for code, *place in rows_of(lines, "line", *PLACE):
            if place[2]:
                place[1] = schemes["organisation"][place[2]]
            by_block = ("", "", "", "", place[4])
            where = NOWHERE if code == NOWHERE[0] else by_block if place[4] else tuple(place)
            assert found.setdefault(code, where) == where, code
    return found


def agree(done: Projection, expected: Worked) -> None:
    """Compare every amount."""
    tables, place = done.tables, places_of(done)
    lines = {place[code]: amount for code, amount in rows_of(tables["lines"], "line", "opening")}
    assert lines == expected.opening
    if expected.factor is not None:
        assert done.factor is not None
        assert done.factor.value == expected.factor
    the_bridge_agrees(tables, place, expected)
    the_funding_agrees(tables, expected)
    the_savings_agree(tables, expected)
    what_is_prevented_agrees(tables, expected)
    found = {
        (year, place[code]): (budget, spent)
        for year, code, budget, spent in rows_of(
            tables["agreed"], "financial_year", "line", "budget", "expenditure"
        )
    }
    assert found == expected.variance
    assert len(found) == len(tables["agreed"])
    unknown = tables["payments"][tables["payments"]["note"] != ""]
    assert {*rows_of(unknown, "financial_year", "line")} == expected.unknown
    code = {where: code for code, where in place.items()}
    the_shares_agree(tables, code, expected)
    told = [*below_nil(Calculated("a", tables))]
    assert {finding.value.partition(", after ")[0] for finding in told} == {
        f"{code[where]} closes {year} at {sterling(amount)}"
        for where, (year, amount) in expected.below_nil.items()
    }
    assert len(told) == len(expected.below_nil)


def the_shares_agree(tables: dict, code: dict[tuple, str], expected: Worked) -> None:
    """Of a year all of the variance is borne, or nothing for the oracle's reason."""
    against = tables["agreed"].groupby("financial_year")["variance"].sum().to_dict()
    assert {*tables["shared"]["financial_year"]} == {*against}
    for year, shared in tables["shared"].groupby("financial_year"):
        (note,) = shared["share_note"].unique()
        if year not in expected.withheld:
            assert (note, shared["borne"].sum()) == ("", against[year])
            assert shared["borne"].notna().all()
            continue
        why, places = expected.withheld[year]
        lines = [code[place] for place in places]
        named = ", ".join(lines[:3]) + (f" and {len(lines) - 3} more" if len(lines) > 3 else "")
        budget, spent = expected.variance[year, places[0]]
        begins = {
            "by theme": f"what is agreed or spent on {named} is not parted ",
            "not allocated": f"{sterling(spent - budget)} stands on no line (not allocated), ",
            "no rule": f"no rule covers {named}: ",
        }
        assert note.startswith(begins[why])
        assert shared["borne"].isna().all()


def the_bridge_agrees(tables: dict, place: dict[str, tuple], expected: Worked) -> None:
    walk, closing = Counter(), Counter()
    columns = ("financial_year", "line", "step", "cause", "amount")
    for year, code, step, cause, amount in rows_of(tables["walk"], *columns):
        closing[year, place[code]] += amount
        if step != "opening":
            walk[year, place[code], step, cause] += amount
    assert {key: amount for key, amount in walk.items() if amount} == expected.walk
    assert closing == expected.closing


def the_funding_agrees(tables: dict, expected: Worked) -> None:
    walk = Counter()
    columns = ("financial_year", "organisation", "funding", "step", "amount")
    for *key, amount in rows_of(tables["funding_walk"], *columns):
        key[2] = "" if key[1] == NOWHERE[0] else key[2]
        walk[tuple(key)] += amount
    assert {k: v for k, v in walk.items() if v} == {k: v for k, v in expected.funding.items() if v}
    columns = ("financial_year", "organisation", "funding", "amount")
    sources = {tuple(key): amount for *key, amount in rows_of(tables["funding_sources"], *columns)}
    assert {key for key, amount in sources.items() if pd.isna(amount)} == expected.silent
    worth = Counter()
    for (year, who, funding, _), amount in expected.funding.items():
        worth[year, who, funding] += amount
    assert all(worth[key] == it for key, it in sources.items() if key not in expected.silent)
    columns = ("financial_year", "organisation", "funding", "opening", "closing", "kind")
    for year, who, funding, *held, kind in rows_of(tables["funding_sources"], *columns):
        if kind == "reserves":
            found = tuple(None if pd.isna(it) else it for it in held)
            assert found == expected.balances[year, who, funding]
    gap = rows_of(of_all(tables["gap"]), "financial_year", "funding", "gap")
    assert gap == [(y, amount, expected.gap[y]) for y, amount in expected.funded.items()]
    each_gap_is_what_is_paid_less_what_funds_it(tables, worth)


def each_gap_is_what_is_paid_less_what_funds_it(tables: dict, worth: Counter) -> None:
    """Of one who pays and of all; and the gaps of a year add up to that of all, if known."""
    closing, borne, budget = Counter(), Counter(), Counter()
    whose = dict(rows_of(tables["lines"], "line", "organisation"))
    for year, line, amount in rows_of(tables["walk"], "financial_year", "line", "amount"):
        closing[year, whose[line]] += amount
    for year, who, amount in rows_of(tables["shared"], "financial_year", "bearer", "borne"):
        borne[year, who] += 0 if pd.isna(amount) else amount
    for year, who, amount in rows_of(tables["agreed"], "financial_year", "organisation", "budget"):
        budget[year, who] += amount
    gaps = tables["gap"]
    for year, who, basis, spending, gap in rows_of(
        gaps[(gaps["organisation"] != "all") & gaps["gap"].notna()],
        "financial_year", "organisation", "basis", "spending", "gap",
    ):  # fmt: skip
        at = year, who
        by_share = budget[at] + borne[at]
        assert spending == {"own lines": closing[at], "no lines": 0}.get(basis, by_share)
        funded = sum(amount for key, amount in worth.items() if key[:2] == at)
        assert gap == spending - funded
    for _, of_year in gaps.groupby("financial_year"):
        whole = of_year["organisation"] == "all"
        if of_year["gap"].notna().all():
            each = of_year[~whole].sum(numeric_only=True)
            assert each.astype("int64").to_dict() == of_year[whole].iloc[0][each.index].to_dict()


def the_savings_agree(tables: dict, expected: Worked) -> None:
    savings = {row["programme"]: row for row in tables["savings"].to_dict("records")}
    assert [*savings] == [*expected.savings]
    for programme, amounts in expected.savings.items():
        own = {name: amount for name, amount in amounts.items() if name != "effects"}
        assert {name: savings[programme][name] for name in own} == own


def what_is_prevented_agrees(tables: dict, expected: Worked) -> None:
    streams, invested = Counter(), Counter()
    for row in tables["prevention"].to_dict("records"):
        who = (row["programme"], row["payer"])
        if not row["beneficiary"]:
            invested[*who, row["scope"], row["financial_year"]] += row["invested"]
        for name in ("gross", "cashable", "released"):
            stream = (*who, row["beneficiary"], row["scope"])
            streams[stream, row["financial_year"], name] += row[name]
        assert row["cashable"] - row["released"] == row["not_released"] >= 0
    assert +invested == +Counter(expected.invested)
    assert +streams == +Counter(
        {
            (stream, year, name): amount
            for stream, by_year in expected.streams.items()
            for year, amounts in by_year.items()
            for name, amount in amounts.items()
        }
    )
    positions: dict[str, dict] = {}
    for row in tables["positions"].to_dict("records"):
        own = {k: v for k, v in row.items() if k not in ("scenario", "partner", "financial_year")}
        positions.setdefault(row["partner"], {})[row["financial_year"]] = own
    assert positions == expected.positions
    payback = {row["partner"]: row for row in tables["payback"].to_dict("records")}
    assert {
        who: (row["break_even"], row["break_even_discounted"]) for who, row in payback.items()
    } == expected.break_even
    for who, row in payback.items():
        for total, of in (("net", "net"), ("net_present_value", "discounted")):
            assert row[total] == sum(year[of] for year in expected.positions[who].values())
    still = {who: row["to_come"] for who, row in payback.items() if row["to_come"]}
    assert still == {who: pence for who, pence in expected.to_come.items() if pence}
    amounts = ("gross", "cashable", "released")
    who_gains = rows_of(tables["matrix"], "payer", "beneficiary", "group", *amounts)
    matrix = {row[:3]: row[3:] for row in who_gains}
    assert len(matrix) == len(who_gains)
    assert {k: v for k, v in matrix.items() if any(v)} == {
        key: tuple(of[name] for name in amounts)
        for key, of in expected.matrix.items()
        if any(of.values())
    }
    shares = rows_of(
        tables["prevention_share"], "financial_year", "measure", "prevention", "spending"
    )
    assert {row[:2]: row[2:] for row in shares} == expected.prevention_share


# ------------------------------------------------------------------ what holds of every plan


def laws(done: Projection) -> None:
    """What the page says of every scenario."""
    tables, years = done.tables, done.years
    walk = tables["walk"]
    closing = walk.groupby(["financial_year", "line"], sort=False)["amount"].sum()
    opening = walk[walk["step"] == "opening"].set_index(["financial_year", "line"])["amount"]
    for earlier, later in pairwise(years):
        assert opening[later].to_dict() == closing[earlier].to_dict()
    assert opening[years[0]].sum() == tables["lines"]["opening"].sum()
    funding = tables["funding_walk"]
    own = ["organisation", "funding"]
    recurrent = funding[funding["recurrence"] == "recurrent"]
    sources = tables["funding_sources"]
    unknown = {*rows_of(sources[sources["amount"].isna()], "financial_year", *own)}
    for earlier, later in pairwise(years):
        left = recurrent[recurrent["financial_year"] == earlier].groupby(own)["amount"].sum()
        now = funding[(funding["financial_year"] == later) & (funding["step"] == "opening")]
        found = now.groupby(own)["amount"].sum()
        known = {k: v for k, v in left.items() if v and (later, *k) not in unknown}
        assert known.items() <= found.to_dict().items()


def tried(seed: int) -> int:
    """Work one plan out both ways; return how many of its years have a variance that is shared."""
    shared = 0
    made = random_plan(seed)
    with tempfile.TemporaryDirectory() as folder:
        made.write(Path(folder) / "pool")
        both = loaded(made, Path(folder) / "pool")
    for plan, scenario in both:
        expected = Worked(plan, scenario)
        try:
            done = project(plan, scenario)
        except DataHasErrors as problem:
            assert [finding.code for finding in problem.findings] == ["BCF753"]
            assert scenario.settings.calibrate and expected.factor is None
            continue
        if scenario.settings.calibrate and expected.factor is None:
            reached_both_ways(done, Worked(plan, scenario.calibrated_by or scenario, FACTOR))
            expected = Worked(plan, scenario, done.factor.value)
        agree(done, expected)
        laws(done)
        varied = {
            year for (year, _), (budget, spent) in expected.variance.items() if budget != spent
        }
        shared += len(varied - {*expected.withheld})
    return shared


def reached_both_ways(done: Projection, stated: Worked) -> None:
    """Check a factor of a plan whose growth goes up and down with it: the oracle looks for none.

    What the engine found is right all the same: the growth there is what it says, and no nearer to
    the target with a factor next to it.
    """
    found = done.factor
    points = {0: stated.growth_at(0), FACTOR: stated.growth_at(FACTOR)} | {
        it.value: stated.growth_at(it.value) for it in (found.lowest, found.highest)
    }
    growths = [growth for _, growth in sorted({**points, found.value: found.reached}.items())]
    assert growths not in (sorted(growths), sorted(growths, reverse=True))
    assert stated.growth_at(found.value) == found.reached
    target = Fraction(str(done.scenario.settings.calibrate.target)) / 100
    off = abs(found.reached - target)
    assert all(off <= abs(stated.growth_at(found.value + by) - target) for by in (-1, 1))


@slow
@longer
@pytest.mark.parametrize("chunk", CHUNKS)
def test_plans_from_files(chunk):
    seeds = range(chunk, CASES, len(CHUNKS))
    shared = sum(map(tried, seeds))
    assert shared >= len(seeds) // 5


@slow
@longer
@pytest.mark.parametrize("seed", FEW)
def test_the_prevention_share_of_a_pool_is_that_of_its_schemes(seed):
    made, kinds = without_target(seed), [*PREVENTIONS]
    for i, row in enumerate(made.pool.tables["schemes"]):
        row["prevention"] = kinds[(seed + i) % len(kinds)]
    with tempfile.TemporaryDirectory() as folder:
        for one in loaded(made, made.write(Path(folder) / "pool")):
            agree(project(*one), Worked(*one))


def projected(made: RandomPlan) -> list[Projection]:
    """Read and calculate both scenarios of a plan."""
    with tempfile.TemporaryDirectory() as folder:
        return [project(*both) for both in loaded(made, made.write(Path(folder) / "pool"))]


def without_target(seed: int) -> RandomPlan:
    """Draw a plan whose percentages are not scaled."""
    made = random_plan(seed)
    made.scenarios["start"][0].pop("calibrate", None)
    return made


@slow
@longer
@pytest.mark.parametrize("seed", FEW)
def test_a_scenario_that_overrides_nothing_is_its_base(seed):
    made = without_target(seed)
    made.scenarios["child"] = ({"title": "The same", "base": "start"}, {})
    base, same = projected(made)
    for name, table in base.tables.items():
        other = same.tables[name]
        assert (other[NAMED] == "child").all()
        pd.testing.assert_frame_equal(table.drop(columns=NAMED), other.drop(columns=NAMED))


@slow
@longer
@pytest.mark.parametrize("seed", FEW)
def test_without_assumptions_and_programmes_every_closing_is_the_opening(seed):
    made = without_target(seed)
    for name in ("savings", "phasing"):
        made.pool.tables.pop(name, None)
    made.scenarios = {name: (said, {}) for name, (said, _) in made.scenarios.items()}
    planned = made.pool.tables.get("planned_activity", [])
    for done in projected(made):
        opening = done.tables["lines"].set_index("line")["opening"]
        walk = done.tables["walk"]
        # A price stated for a later year moves what it pays, and no other line.
        stated = walk[walk["step"].eq("inflation") & walk["amount"].ne(0)]
        priced = {row["scheme_id"] for row in planned if row["price"]}
        assert set(stated["line"]) <= priced
        unpaid = walk[walk["step"].isin(["back to full price", "unpaid activity"])]
        moved = pd.concat([unpaid, stated])
        for year in done.years:
            so_far = moved[moved["financial_year"] <= year].groupby("line")["amount"].sum()
            found = done.closing(["line"])[year].sub(so_far, fill_value=0)
            assert found.to_dict() == opening.to_dict()


# ------------------------------------------------------------------ closed forms

ONE = RandomPool(
    "pounds",
    {
        "organisations": [{"organisation": "ICB", "name": "ICB", "organisation_kind": "nhs"}],
        "themes": [{"theme": "1", "name": "One"}],
        "categories": [{"category": "A", "name": "A", "summary_group": ""}],
        "rules": [
            {
                "rule_id": "R1", "scope": "pool", "direction": "either", "step": "1",
                "basis": "fixed", "bearer": "ICB", "share": "100", "clause": "Clause 1",
            }
        ],
        "schemes": [
            {
                "scheme_id": "S1", "theme": "1", "organisation": "ICB", "scheme": "One",
                "category": "A", "kind": "revenue", "pooling": "pooled", "budget": "1000.07",
                "expenditure": "1000.07",
            }
        ],
        "budgets": [
            {
                "version": "agreed", "financial_year": "2019-20", "theme": "1",
                "scheme_id": "S1", "amount": "990",
            }
        ],
    },
)  # fmt: skip
"""One line of one partner."""
SAID = {
    "title": "One year", "opening": "year-end budget", "first_year": "2019-20",
    "agreed": {"2019-20": "agreed"},
}  # fmt: skip


def one_year(**tables: dict[str, str]) -> Projection:
    """Calculate one year of one line of one partner."""
    rows = {name: [row] for name, row in tables.items()}
    return projected(RandomPlan(ONE, {"start": (SAID, rows)}))[0]


def total(done: Projection) -> int:
    return int(done.closing().iloc[0])


@slow(first=1)
@pytest.mark.parametrize("rate", [0, 3.5, -12.25])
def test_one_percentage_of_one_line(rate):
    """r(100007 × (1 + p)); all of it is borne by the only partner; no growth changes nothing."""
    done = one_year(
        assumptions={"assumption": "a", "step": "demand", "value": str(rate), "unit": "percent"}
    )
    closing = 100007 + half_away(100007 * Fraction(rate) / 100)
    assert total(done) == closing
    assert done.tables["shared"]["borne"].tolist() == [closing - 990_00]


@slow
@pytest.mark.parametrize("delivered", [0, 100])
def test_a_saving_is_delivered_in_full_or_not_at_all(delivered):
    """From period 4 nine months of 300 are saved, and nine of 40 spent whether or not it comes."""
    done = one_year(
        savings={
            "programme": "P", "name": "P", "owner": "ICB", "beneficiary": "ICB",
            "perimeter": "pool", "scope": "line=S1", "gross": "300", "investment": "40",
            "financial_year": "2019-20", "start_period": "4", "confidence": "green",
        },
        assumptions={
            "assumption": "d", "step": "delivery", "value": str(delivered), "unit": "percent"
        },
    )  # fmt: skip
    assert total(done) == 100007 - 225_00 * delivered // 100 + 30_00


@slow
@pytest.mark.parametrize("back", ["0", "0.5"])
def test_what_is_invested_and_comes_back_within_the_year(back):
    """100 invested of which 40 % of the return is cashable at once; with none, the cost is left."""
    done = one_year(
        prevention={
            "programme": "V", "name": "V", "payer": "ICB", "scope": "line=S1",
            "financial_year": "2019-20", "investment": "100",
        },
        returns={
            "programme": "V", "beneficiary": "ICB", "scope": "line=S1", "lag": "now",
            "return_per_pound": back, "cashable": "40",
        },
        lags={"lag": "now", "years_after": "0", "share": "100"},
    )  # fmt: skip
    released = int(Fraction(back) * 40_00)
    assert total(done) == 100007 + 100_00 - released
    assert done.tables["payback"]["net"].tolist() == [released - 100_00] * 2
    assert done.tables["payback"]["break_even"].tolist() == ["", ""]
    assert done.tables["payback"]["to_come"].tolist() == [0, 0]


# ------------------------------------------------------------------ the generator itself


def test_random_plans_use_all_there_is():
    """Every table, step and kind of line turns up, in plans and in what is built on them."""
    seen: Counter[str] = Counter()
    for seed in range(60):
        made = random_plan(seed)
        seen[f"lines {min(len(made.pool.tables['schemes']), 2)}"] += 1
        for name, (said, tables) in made.scenarios.items():
            seen.update(f"{name} says {key}" for key in said)
            seen.update(f"{name} has {table}" for table, rows in tables.items() if rows)
            for row in tables.get("assumptions", []):
                seen[f"{row['step']} in {row['unit']}"] += 1
                seen[f"scope of {row.get('scope', 'all').partition('=')[0]}"] += 1
    expected = {
        *(f"{step} in percent" for step in ("inflation", "demand", "allocation", "uplift")),
        *(f"{step} in pounds" for step in STEPS if step != "allocation"),
        *(f"start says {key}" for key in ("split", "order", "agreed", "calibrate")),
        *(f"child says {key}" for key in ("order", "first_year", "last_year")),
        *(f"start has {table}" for table in KEYS),
        *(f"child has {table}" for table in ("assumptions", "savings", "funding", "prevention")),
        *(f"scope of {key}" for key in ("all", "theme", "line", "block", "not allocated")),
        *("efficiency in percent", "delivery in percent", "return in number"),
        *("deflator in percent", "discount in percent", "lines 1", "lines 2"),
    }
    assert expected <= set(seen), expected - set(seen)
