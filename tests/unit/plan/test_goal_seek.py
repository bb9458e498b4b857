"""Which figure is aimed at, how it is read off, and which assumption is moved."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace

import pandas as pd
import pytest

from bcf_model.core.errors import UnknownFigure
from bcf_model.plan import goal_seek as module
from bcf_model.plan.goal_seek import Goal, backwards, figure, read_goal, read_target, why_not

YEAR = "2019-20"


def table(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["financial_year", *columns.split()])


FOUND = SimpleNamespace(
    years=[YEAR, "2020-21", "2021-22"],
    tables={
        "payments": table("line note"),
        "gap": table("organisation gap note", (YEAR, "all", 30, ""), (YEAR, "ICB", None, "why"),
                     ("2020-21", "all", 900, "")),
        "walk": table(
            "line theme organisation block amount",
            (YEAR, "S1", "1", "ICB", "", 100), (YEAR, "S1", "1", "ICB", "", 10),
            (YEAR, "S2", "2", "Council", "", 7), ("2020-21", "S1", "1", "ICB", "", 5000),
        ),
        "prevention_share": table(
            "measure prevention spending", (YEAR, "narrow", 3, 90), (YEAR, "wide", 9, 90),
            ("2020-21", "narrow", 5, 0), ("2021-22", "narrow", 1, 1),
        ),
        "positions": table(
            "partner cumulative", (YEAR, "ICB", -40), (YEAR, "all", -15), ("2020-21", "all", 600)
        ),
        "shared": table("bearer borne", (YEAR, "ICB", 12), (YEAR, "Council", 8)),
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("gap/year=2019-20", 30),
        ("gap/year=2021-22", None),
        ("gap/year=2019-20/organisation=ICB", None),
        ("closing/year=2019-20", 117),
        ("closing/year=2019-20/theme=1", 110),
        ("closing/year=2019-20/organisation=Council", 7),
        ("closing/year=2019-20/line=S2", 7),
        ("closing/year=2019-20/block=acute", None),
        ("closing/year=2021-22", None),
        ("prevention share/year=2019-20", Fraction(10, 3)),
        ("prevention share/year=2019-20/measure=wide", 10),
        ("prevention share/year=2020-21", None),
        ("prevention share/year=2021-22", 100),
        ("position/year=2019-20", -15),
        ("position/year=2019-20/partner=ICB", -40),
        ("position/year=2019-20/partner=STH", None),
        ("position/year=2021-22", None),
        ("borne/year=2019-20/bearer=Council", 8),
        ("borne/year=2020-21/bearer=Council", None),
    ],
)
def test_a_figure_is_read_off_the_tables(goal: str, expected: int | Fraction | None) -> None:
    of = read_goal(goal)
    assert figure(FOUND, of) == expected
    assert str(of) == goal


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("gap/year=2018-19", "a year of the plan is one of 2019-20, 2020-21, 2021-22"),
        ("gap/year=2021-22", "no funding is stated for that year"),
        ("gap/year=2019-20/organisation=ICB", "why"),
        ("closing/year=2019-20/block=acute", "no line has a block"),
        ("closing/year=2019-20/theme=3", "a theme is one of 1, 2"),
        ("prevention share/year=2020-21", "spending of that year is not above nil"),
        ("position/year=2019-20/partner=icb", "a partner is 'ICB'? (one of ICB, all)"),
        ("position/year=2021-22", "the scenario has no prevention programme"),
        ("borne/year=2021-22/bearer=ICB", "no budget is agreed for that year"),
        ("borne/year=2019-20/bearer=STH", "a bearer is one of ICB, Council"),
        (
            "borne/year=2019-20",
            "say of which bearer, as in borne/year=2019-20/bearer=ICB; "
            "a bearer is one of ICB, Council",
        ),
    ],
)
def test_what_is_missing_of_a_figure_is_said(goal: str, said: str) -> None:
    of = read_goal(goal)
    assert figure(FOUND, of) is None
    assert why_not(FOUND, of) == said


def test_without_blocks_there_is_no_share_of_prevention() -> None:
    without = SimpleNamespace(
        years=[YEAR],
        tables=FOUND.tables | {"prevention_share": FOUND.tables["prevention_share"].head(0)},
    )
    goal = read_goal(f"prevention share/year={YEAR}")
    assert figure(without, goal) is None
    assert why_not(without, goal) == "no block of spending says which kind of prevention it is"


def test_a_goal_is_read_as_it_is_written() -> None:
    assert read_goal(" closing/year=2019-20/theme=1 ") == Goal("closing", YEAR, "theme", "1")
    assert read_goal("closing/theme=1/year=2019-20") == Goal("closing", YEAR, "theme", "1")
    assert read_goal("gap/year=2019-20").unit == "money"
    assert read_goal("prevention share/year=2019-20").unit == "percent"


@pytest.mark.parametrize(
    "text",
    [
        "closing/year=2019-20/theme=1/line=S1",
        "closing/year=2019-20/theme=1/theme=2",
        "closing/year=2019-20/year=2020-21",
        "closing/theme=1",
        "closing/year=",
        "closing/year=2019-20/team=1",
    ],
)
def test_a_goal_says_one_year_and_at_most_one_thing_more(text: str) -> None:
    with pytest.raises(UnknownFigure, match=r"is written closing/year=2023-24/theme=…$"):
        read_goal(text)


def test_what_cannot_be_read_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownFigure, match=r"is written gap/year=2023-24/organisation=…$"):
        read_goal("gap")
    with pytest.raises(UnknownFigure, match="narrow or wide, not 'all'"):
        read_goal("prevention share/year=2019-20/measure=all")
    with pytest.raises(UnknownFigure, match=r"no figure 'gaps' to aim at; 'gap'\?"):
        read_goal("gaps/year=2019-20")


def test_a_target_is_money_or_a_percentage() -> None:
    gap, share = Goal("gap", YEAR), Goal("prevention share", YEAR)
    assert read_target("1,234.50", gap) == 123_450
    assert read_target(" 3.5% ", share) == Fraction(7, 2)
    with pytest.raises(UnknownFigure, match="'much' is no amount of pounds"):
        read_target("much", gap)
    with pytest.raises(UnknownFigure, match="'much' is no percentage"):
        read_target("much", share)


@dataclass(frozen=True)
class Said:
    """What is read of a scenario: its assumptions, and the years of its plan."""

    tables: dict[str, pd.DataFrame]
    years: tuple[str, ...] = (YEAR, "2020-21")


SAID = Said(
    {
        "assumptions": pd.DataFrame(
            [
                ("team", "investment", "", "thousands", 2_000_000, 200_000),
                ("growth", "demand", YEAR, "percent", 3_000_000, 0),
                ("growth", "demand", "2020-21", "percent", 4_000_000, 0),
            ],
            columns=["assumption", "step", "year", "unit", "value", "pence"],
        ).assign(ranged=False, low=0, high=0)
    }
)


def values(of: Said) -> list[list[int]]:
    return of.tables["assumptions"][["value", "pence"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("assumption", "target", "value", "first"),
    [
        ("team", 900_000, 450_000, 200_000),  # pence: twice 4.5 thousand pounds
        ("growth", 5_000_000, 2_500_000, 3_000_000),
    ],
)
def test_the_value_is_looked_for_from_what_it_is_now_at_the_factor_found(
    assumption: str, target: int, value: int, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gap is twice the first row of the assumption: of its pence, or of its millionths."""
    tried = []

    def project(
        plan: str, scenario: Said, factor: str | None = None, *_: Collection[str]
    ) -> SimpleNamespace:
        assert plan == "plan"
        tried.append((values(scenario)[assumption == "growth"][assumption == "team"], factor))
        return SimpleNamespace(
            scenario=scenario, factor="found", years=(YEAR,),
            tables={"gap": table("organisation gap", (YEAR, "all", 2 * tried[-1][0]))},
        )  # fmt: skip

    monkeypatch.setattr(module, "project", project)
    answer = backwards("plan", SAID, assumption, Goal("gap", YEAR), target)
    assert (answer.value, answer.reached) == (value, target)
    assert tried[:2] == [(first, None), (first, "found")]
    within = backwards("plan", SAID, assumption, Goal("gap", YEAR), target, (0, 1))
    assert not within.found
    with pytest.raises(UnknownFigure, match="no figure gap/year=2020-21: a year of the plan"):
        backwards("plan", SAID, assumption, Goal("gap", "2020-21"), target)


def counted(
    monkeypatch: pytest.MonkeyPatch, figure_of: Callable[[list[int]], int]
) -> list[list[int]]:
    """Let the gap follow from the values of the two rows of growth; give those tried."""
    tried: list[list[int]] = []

    def project(
        plan: str, scenario: Said, factor: str | None = None, *_: Collection[str]
    ) -> SimpleNamespace:
        tried.append([value for value, _ in values(scenario)[1:]])
        gap = table("organisation gap", (YEAR, "all", figure_of(tried[-1])))
        return SimpleNamespace(scenario=scenario, factor="f", years=(YEAR,), tables={"gap": gap})

    monkeypatch.setattr(module, "project", project)
    return tried


def test_one_year_of_an_assumption_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = counted(monkeypatch, lambda both: 10 * both[0] + both[1])
    answer = backwards("plan", SAID, "growth/year=2020-21", Goal("gap", YEAR), 30_000_007)
    assert (answer.value, answer.reached) == (7, 30_000_007)
    assert {first for first, _ in tried} == {3_000_000}


def test_nothing_is_tried_that_the_scenario_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Growth is from -100 % to 1,000 %."""
    tried = counted(monkeypatch, sum)
    answer = backwards("plan", SAID, "growth", Goal("gap", YEAR), 2 * 10**9 + 1)
    assert not answer.found
    assert answer.within == (-(10**8), 10**9)
    assert answer.nearest == (10**9, 2 * 10**9)
    assert max(first for first, _ in tried) == 10**9
    most = backwards("plan", SAID, "growth", Goal("gap", YEAR), 2 * 10**9)
    assert most.value == 10**9


def test_values_to_look_between_are_what_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    counted(monkeypatch, sum)
    goal = Goal("gap", YEAR)
    ends = (-(10**8), 10**9)
    assert backwards("plan", SAID, "growth", goal, 8, ends).value == 4
    for beyond, said in (((ends[0] - 1, 0), "-100.000001%"), ((0, ends[1] + 1), "1,000.000001%")):
        with pytest.raises(
            UnknownFigure, match=f"growth cannot be {said}: it is from -100% to 1,000%"
        ):
            backwards("plan", SAID, "growth", goal, 8, beyond)


def test_how_many_values_were_tried_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    counted(monkeypatch, sum)
    told: list[int] = []
    answer = backwards("plan", SAID, "growth", Goal("gap", YEAR), 9, tell=told.append)
    assert told == list(range(1, answer.tried + 1))
