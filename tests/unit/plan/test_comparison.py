"""Scenarios side by side: tables small enough for paper. Amounts are pence."""

from types import SimpleNamespace

import pandas as pd
import pytest

from bcf_model.plan.comparison import compare, of_one_perimeter
from bcf_model.plan.comparison_columns import (
    break_evens,
    drawn_alike,
    percentiles,
    shares,
    side_by_side,
)
from bcf_model.plan.output_tables import (
    COMPARISON_TABLES,
    PaybackOut,
    PercentilesOut,
    PlannedPaymentsOut,
    PositionsOut,
    PreventionShareOut,
    SavingsOut,
    types,
)
from tests.longer import slow

NOWHERE = ("", "", "not allocated", "not stated")
NO_BUDGET = "no budget is agreed for the year"
NO_FUNDING = "no funding is stated for the year"
NO_HOLDER = "no budget holder is stated"
NO_PAYER = "who pays what is not known in the year"
NO_YEAR = "the year is not one of its own"
NO_SAVINGS = "it has no savings programme"
NO_PREVENTION = "it has no prevention programme"


def table(model: type, *rows: dict) -> pd.DataFrame:
    """Give a table with some columns said; the others are nil or blank."""
    columns = types(model)
    blank = {name: "" if kind == "str" else 0 for name, kind in columns.items()}
    return pd.DataFrame([blank | row for row in rows], columns=[*columns]).astype(columns)


def scenario(
    name: str,
    *walk: tuple[str, tuple[str, str, str, str], int],
    gap: dict[str, int] | None = None,
    borne: dict[tuple[str, str], int] | None = None,
    perimeter: str = "pool",
    **tables: pd.DataFrame,
) -> SimpleNamespace:
    """Give the tables a comparison reads: the walk by year, place and amount, and any others."""
    columns = ["financial_year", "theme", "block", "line", "organisation", "amount"]
    models = {"savings": SavingsOut, "positions": PositionsOut, "payback": PaybackOut,
              "prevention_share": PreventionShareOut, "payments": PlannedPaymentsOut}  # fmt: skip
    return SimpleNamespace(
        years=tuple(dict.fromkeys(year for year, _, _ in walk)),
        scenario=SimpleNamespace(name=name, settings=SimpleNamespace(perimeter=perimeter)),
        tables={
            "walk": pd.DataFrame(
                [(year, *place, amount) for year, place, amount in walk], columns=columns
            ),
            "gap": pd.DataFrame(
                [(*it, "all") for it in (gap or {}).items()],
                columns=["financial_year", "gap", "organisation"],
            ),
            "shared": pd.DataFrame(
                [(*key, amount) for key, amount in (borne or {}).items()],
                columns=["financial_year", "bearer", "borne"],
            ),
        }
        | {of: table(model) for of, model in models.items()}
        | tables,
    )


NURSES, CARERS = ("1", "", "S1", "ICB"), ("2", "", "S2", "Council")
ONE = scenario(
    "one", ("2019-20", NURSES, 100), ("2019-20", NURSES, 10), ("2019-20", NOWHERE, 5),
    gap={"2019-20": 7},
)  # fmt: skip
OTHER = scenario(
    "other", ("2019-20", NURSES, 120), ("2019-20", CARERS, 30), ("2020-21", NURSES, 130),
    borne={("2019-20", "ICB"): 9},
)  # fmt: skip


def plain(frame: pd.DataFrame) -> list[tuple]:
    """Give rows, with None where an amount is blank."""
    return list(
        frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    )  # fmt: skip


def rows(*scenarios: SimpleNamespace) -> list[tuple]:
    return plain(compare(scenarios))


def test_each_has_every_row_of_any_and_is_set_against_the_first() -> None:
    assert rows(ONE, OTHER) == [
        ("one", "2019-20", "closing", "1", "ICB", 110, 0, ""),
        ("one", "2019-20", "closing", "not allocated", "not stated", 5, 0, ""),
        ("one", "2019-20", "closing", "2", "Council", 0, 0, ""),
        ("one", "2019-20", "gap", "all", "all", 7, 0, ""),
        ("one", "2019-20", "borne", "all", "ICB", None, None, NO_BUDGET),
        ("one", "2020-21", "closing", "1", "ICB", None, None, NO_YEAR),
        ("other", "2019-20", "closing", "1", "ICB", 120, 10, ""),
        ("other", "2019-20", "closing", "not allocated", "not stated", 0, -5, ""),
        ("other", "2019-20", "closing", "2", "Council", 30, 30, ""),
        ("other", "2019-20", "gap", "all", "all", None, None, NO_FUNDING),
        ("other", "2019-20", "borne", "all", "ICB", 9, None, ""),
        ("other", "2020-21", "closing", "1", "ICB", 130, None, ""),
    ]


def test_the_gap_of_each_stands_beside_that_of_all_and_what_one_does_not_know_is_blank() -> None:
    """Who pays nothing and has no funding is short of nothing; what is not known is not nil."""
    columns = ["financial_year", "organisation", "spending", "gap", "note"]
    short = pd.DataFrame(
        [(THEN, "all", 9, 7, ""), (THEN, "ICB", 9, 9, ""), (THEN, "Council", 0, -2, ""),
         (LATER, "ICB", 9, 9, ""), (LATER, "Council", 0, -2, "")],
        columns=columns,
    )  # fmt: skip
    other = pd.DataFrame(
        [(THEN, "all", 9, None, "why"), (THEN, "ICB", 8, 4, ""), (THEN, "Trust", 1, 1, ""),
         (LATER, "ICB", None, None, "whose"), (LATER, "Trust", 1, 1, "")],
        columns=columns,
    )  # fmt: skip
    both = [scenario(name, (THEN, NURSES, 100), (LATER, NURSES, 100)) for name in ("one", "other")]
    for it, gap in zip(both, (short, other), strict=True):
        it.tables["gap"] = gap
    assert [row[:2] + row[4:] for row in rows(*both) if row[2] == "gap"] == [
        ("one", THEN, "all", 7, 0, ""),
        ("one", THEN, "ICB", 9, 0, ""),
        ("one", THEN, "Council", -2, 0, ""),
        ("one", THEN, "Trust", 0, 0, ""),
        ("one", LATER, "ICB", 9, 0, ""),
        ("one", LATER, "Council", -2, 0, ""),
        ("one", LATER, "Trust", 0, 0, ""),
        ("other", THEN, "all", None, None, "why"),
        ("other", THEN, "ICB", 4, -5, ""),
        ("other", THEN, "Council", 0, 2, ""),
        ("other", THEN, "Trust", 1, 1, ""),
        ("other", LATER, "ICB", None, None, "whose"),
        ("other", LATER, "Council", None, None, NO_PAYER),
        ("other", LATER, "Trust", 1, 1, ""),
    ]


def test_the_other_way_round_the_gap_is_what_cannot_be_compared() -> None:
    found = {row[1:3]: row[5:] for row in rows(OTHER, ONE) if row[0] == "one"}
    assert found["2019-20", "gap"] == (7, None, "")
    assert found["2019-20", "borne"] == (None, None, NO_BUDGET)
    assert found["2020-21", "closing"] == (None, None, NO_YEAR)


def test_a_line_of_a_block_stands_by_its_block() -> None:
    city = scenario("city", ("2019-20", ("", "acute", "acute care", "not stated"), 4))
    assert rows(city) == [("city", "2019-20", "closing", "acute", "not stated", 4, 0, "")]


@pytest.mark.parametrize(("perimeter", "may"), [("pool", True), ("city", False)])
def test_only_amounts_of_one_perimeter_may_be_compared(perimeter: str, may: bool) -> None:
    assert of_one_perimeter([ONE, scenario("third", perimeter=perimeter)]) is may


def test_groups_stand_as_they_first_occur_and_rows_are_numbered_through() -> None:
    turned = scenario("turned", ("2019-20", CARERS, 30), ("2019-20", NURSES, 100))
    found = compare([turned, ONE])
    assert found["group"].tolist() == ["2", "1", "not allocated", "all"] * 2
    assert [*found.index] == [*range(8)]


def test_what_stands_without_a_holder_is_not_known_by_holder() -> None:
    plain_one = scenario("plain", ("2019-20", ("1", "", "T1", "not stated"), 50),
                         ("2019-20", CARERS, 3))  # fmt: skip
    apart = scenario("apart", ("2019-20", NURSES, 60))
    assert rows(plain_one, apart) == [
        ("plain", "2019-20", "closing", "1", "not stated", 50, 0, ""),
        ("plain", "2019-20", "closing", "2", "Council", 3, 0, ""),
        ("plain", "2019-20", "closing", "1", "ICB", None, None, NO_HOLDER),
        ("apart", "2019-20", "closing", "1", "not stated", 0, -50, ""),
        ("apart", "2019-20", "closing", "2", "Council", 0, -3, ""),
        ("apart", "2019-20", "closing", "1", "ICB", 60, None, ""),
    ]


# ------------------------------------------------------------------ savings


def saving(year: str, identified: str, recurrence: str, **amounts: int) -> dict:
    return {"financial_year": year, "identified": identified, "recurrence": recurrence} | amounts


SAVES = scenario(
    "saves", ("2019-20", NURSES, 100), ("2020-21", NURSES, 90),
    savings=table(
        SavingsOut,
        saving("2019-20", "yes", "recurrent", gross=40, adjusted_part_year=8,
               adjusted_full_year=32, underlying=25),
        saving("2019-20", "no", "non-recurrent", gross=10, adjusted_part_year=1,
               adjusted_full_year=2),
    ),
)  # fmt: skip
SAVED = {
    "gross savings": 50,
    "unidentified savings": 10,
    "non-recurrent savings": 10,
    "risk-adjusted part-year savings": 9,
    "risk-adjusted full-year savings": 34,
    "underlying savings": 25,
}


def of_savings(found: list[tuple], name: str) -> dict[tuple[str, str], tuple]:
    return {(row[1], row[2]): row[5:] for row in found if row[0] == name and "savings" in row[2]}


def test_savings_stand_by_the_year_they_start_in() -> None:
    found = of_savings(rows(SAVES, OTHER), "saves")
    assert found == {("2019-20", measure): (pence, 0, "") for measure, pence in SAVED.items()}
    assert [measure for _, measure in found] == [*SAVED]


def test_a_scenario_without_savings_programmes_has_a_blank_and_not_nil() -> None:
    found = of_savings(rows(SAVES, OTHER), "other")
    assert set(found.values()) == {(None, None, NO_SAVINGS)}


def test_where_none_starts_in_a_year_nil_is_known() -> None:
    later = saving("2020-21", "yes", "recurrent", gross=4)
    other = scenario("later", ("2019-20", NURSES, 1), ("2020-21", NURSES, 1),
                     savings=table(SavingsOut, later))  # fmt: skip
    found = of_savings(rows(SAVES, other), "later")
    assert found["2019-20", "gross savings"] == (0, -50, "")
    assert found["2020-21", "gross savings"] == (4, 4, "")


# ------------------------------------------------------------------ prevention


def position(partner: str, year: str, invested: int, released: int, cumulative: int) -> dict:
    return {"partner": partner, "financial_year": year, "invested": invested,
            "released": released, "cumulative": cumulative}  # fmt: skip


def payback(partner: str, invested: int, worth: int, cash: str, discounted: str) -> dict:
    return {"partner": partner, "invested": invested, "net_present_value": worth,
            "to_come": 2 * worth,
            "break_even": cash, "break_even_discounted": discounted}  # fmt: skip


PREVENTS = scenario(
    "prevents", ("2019-20", NURSES, 100), ("2020-21", NURSES, 90),
    positions=table(
        PositionsOut,
        position("Council", "2019-20", 20, 0, -20), position("Council", "2020-21", 0, 5, -15),
        position("ICB", "2019-20", 0, 2, 2), position("ICB", "2020-21", 0, 30, 32),
        position("all", "2019-20", 20, 2, -18), position("all", "2020-21", 0, 35, 17),
    ),
    payback=table(
        PaybackOut, payback("Council", 20, -15, "", ""), payback("ICB", 0, 31, "", ""),
        payback("all", 20, 16, "2020-21", ""),
    ),
    prevention_share=table(
        PreventionShareOut,
        {"financial_year": "2019-20", "measure": "narrow", "percent": 3.5},
        {"financial_year": "2019-20", "measure": "wide", "percent": 4.25},
        {"financial_year": "2020-21", "measure": "narrow", "percent": float("nan"),
         "percent_note": "no spending"},
        {"financial_year": "2020-21", "measure": "wide", "percent": 4.5},
    ),
)  # fmt: skip
PREVENTED = ("prevention invested", "prevention released", "cumulative position",
             "net present value", "still to come")  # fmt: skip


def of_prevention(found: list[tuple], name: str) -> dict[tuple[str, str, str], tuple]:
    return {
        (row[2], row[1], row[4]): row[5:] for row in found if row[0] == name and row[2] in PREVENTED
    }


def test_prevention_stands_by_partner_so_that_it_may_be_added_up() -> None:
    found = of_prevention(rows(PREVENTS, ONE), "prevents")
    assert found == {
        ("prevention invested", "2019-20", "Council"): (20, 0, ""),
        ("prevention invested", "2019-20", "ICB"): (0, 0, ""),
        ("prevention released", "2019-20", "Council"): (0, 0, ""),
        ("prevention released", "2019-20", "ICB"): (2, 0, ""),
        ("cumulative position", "2019-20", "Council"): (-20, 0, ""),
        ("cumulative position", "2019-20", "ICB"): (2, 0, ""),
        ("prevention invested", "2020-21", "Council"): (0, 0, ""),
        ("prevention invested", "2020-21", "ICB"): (0, 0, ""),
        ("prevention released", "2020-21", "Council"): (5, 0, ""),
        ("prevention released", "2020-21", "ICB"): (30, 0, ""),
        ("cumulative position", "2020-21", "Council"): (-15, 0, ""),
        ("cumulative position", "2020-21", "ICB"): (32, 0, ""),
        ("net present value", "", "Council"): (-15, 0, ""),
        ("net present value", "", "ICB"): (31, 0, ""),
        ("still to come", "", "Council"): (-30, 0, ""),
        ("still to come", "", "ICB"): (62, 0, ""),
    }


def test_what_is_of_all_years_stands_last() -> None:
    found = rows(PREVENTS)
    assert [row[1] for row in found if row[2] == "net present value"] == ["", ""]
    assert found[-1][1:5] == ("", "still to come", "all", "ICB")


def test_a_scenario_without_prevention_has_a_blank_and_not_nil() -> None:
    found = of_prevention(rows(PREVENTS, ONE), "one")
    assert set(found.values()) == {(None, None, NO_PREVENTION)}


def test_the_share_of_prevention_stands_by_year() -> None:
    assert plain(shares([PREVENTS, ONE])) == [
        ("prevents", "2019-20", "narrow", 3.5, ""),
        ("prevents", "2019-20", "wide", 4.25, ""),
        ("prevents", "2020-21", "narrow", None, "no spending"),
        ("prevents", "2020-21", "wide", 4.5, ""),
        ("one", "2019-20", "narrow", None, "no line says whether it is prevention"),
        ("one", "2019-20", "wide", None, "no line says whether it is prevention"),
        ("one", "2020-21", "narrow", None, "no line says whether it is prevention"),
        ("one", "2020-21", "wide", None, "no line says whether it is prevention"),
    ]


def test_a_share_of_a_year_that_is_not_one_of_its_own_is_blank() -> None:
    share = {"financial_year": "2019-20", "measure": "narrow", "percent": 1.0}
    short = scenario("short", ("2019-20", NURSES, 1), prevention_share=table(
        PreventionShareOut, share, share | {"measure": "wide"}))  # fmt: skip
    found = {row[1:3]: row[3:] for row in plain(shares([PREVENTS, short])) if row[0] == "short"}
    assert found["2019-20", "wide"] == (1.0, "")
    assert found["2020-21", "wide"] == (None, NO_YEAR)


def test_break_even_is_a_year_or_says_why_it_is_none() -> None:
    assert plain(break_evens([PREVENTS, ONE])) == [
        ("prevents", "Council", "cash", "", "not by 2020/21"),
        ("prevents", "Council", "discounted", "", "not by 2020/21"),
        ("prevents", "ICB", "cash", "", "invests nothing"),
        ("prevents", "ICB", "discounted", "", "invests nothing"),
        ("prevents", "all", "cash", "2020-21", ""),
        ("prevents", "all", "discounted", "", "not by 2020/21"),
        *(("one", partner, measure, "", NO_PREVENTION)
          for partner in ("Council", "ICB", "all") for measure in ("cash", "discounted")),
    ]  # fmt: skip


def test_a_partner_of_another_scenario_invests_nothing_and_all_stand_last() -> None:
    other = scenario("other", ("2019-20", NURSES, 1), payback=table(
        PaybackOut, payback("Trust", 3, 4, "2019-20", "2019-20"),
        payback("all", 3, 4, "2019-20", "2019-20")))  # fmt: skip
    found = plain(break_evens([PREVENTS, other]))
    assert [row[1] for row in found if row[0] == "other"][::2] == ["Council", "ICB", "Trust", "all"]
    assert ("other", "ICB", "cash", "", "invests nothing") in found
    assert ("prevents", "Trust", "cash", "", "invests nothing") in found


def test_without_any_prevention_there_is_no_row() -> None:
    assert shares([ONE, OTHER]).empty and break_evens([ONE, OTHER]).empty


# ------------------------------------------------------------------ draws


def drawn(*outcomes: tuple[str, str, str, str, int], draws: int = 50, seed: int = 1) -> object:
    """Give draws of which every percentile is so many pence, and errs by its number."""
    frame = table(PercentilesOut, *(
        {"measure": measure, "financial_year": year, "by": by, "key": key, "bin_width": 1000,
         **{name: pence + i for i, name in enumerate(("p05", "p50", "p95", "mean"))},
         **{f"p{share:02}_error": share for share in (5, 10, 25, 50, 75, 90, 95)}}
        for measure, year, by, key, pence in outcomes
    ))  # fmt: skip
    return SimpleNamespace(draws=draws, seed=seed, percentiles=frame)


THEN, LATER = "2019-20", "2020-21"


def test_percentiles_are_of_closing_gap_and_what_each_bears() -> None:
    of_one = drawn(
        ("closing", THEN, "total", "", 100), ("closing", THEN, "theme", "1", 1),
        ("funding", THEN, "total", "", 5), ("gap", THEN, "total", "", 7),
    )  # fmt: skip
    of_other = drawn(
        ("closing", THEN, "total", "", 200), ("borne", THEN, "bearer", "ICB", 9),
        ("cumulative position", THEN, "partner", "ICB", 4),
    )  # fmt: skip
    assert plain(percentiles([ONE, OTHER], [of_one, of_other])) == [
        ("one", THEN, "closing", "all", 103, 100, 101, 102, 1095, ""),
        ("one", THEN, "gap", "all", 10, 7, 8, 9, 1095, ""),
        ("one", THEN, "borne", "ICB", *[None] * 5, NO_BUDGET),
        ("other", THEN, "closing", "all", 203, 200, 201, 202, 1095, ""),
        ("other", THEN, "gap", "all", *[None] * 5, NO_FUNDING),
        ("other", THEN, "borne", "ICB", 12, 9, 10, 11, 1095, ""),
    ]


def test_who_is_no_bearer_of_draws_bears_nothing_where_spending_is_shared() -> None:
    bears = drawn(SPENT, ("borne", THEN, "bearer", "Trust", 9))
    none = scenario("none", (THEN, NURSES, 1), borne={(THEN, "ICB"): 0})
    found = plain(percentiles([OTHER, none], [bears, drawn(SPENT)]))
    assert found[-1] == ("none", THEN, "borne", "Trust", 0, 0, 0, 0, 0, "")


SPENT = ("closing", THEN, "total", "", 1)


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (drawn(SPENT), True),
        (drawn(SPENT, draws=49), False),
        (drawn(SPENT, seed=2), False),
        (None, False),
    ],
)
def test_draws_are_compared_only_where_all_are_drawn_alike(other: object, alike: bool) -> None:
    assert drawn_alike([drawn(SPENT), other]) is alike
    assert len(percentiles([ONE, OTHER], [drawn(SPENT), other])) == (2 if alike else 0)


def test_nothing_drawn_is_not_drawn_alike() -> None:
    assert not drawn_alike([]) and not drawn_alike([None, None])
    assert percentiles([ONE, OTHER], []).empty


@slow
def test_side_by_side_are_all_the_tables() -> None:
    draws = [drawn(SPENT), drawn(SPENT)]
    found = side_by_side([PREVENTS, ONE], draws)
    assert [*found] == [*COMPARISON_TABLES]
    for name, made in zip(
        found, (compare, shares, break_evens, lambda some: percentiles(some, draws)), strict=True
    ):
        assert len(found[name]) and found[name].equals(made([PREVENTS, ONE]))
    assert side_by_side([PREVENTS, ONE])["comparison_percentiles"].empty
