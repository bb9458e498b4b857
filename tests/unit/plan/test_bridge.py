"""The bridge: an ordered walk that ties to the penny, per line and in total."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.plan import bridge, part_year
from bcf_model.plan.words import STEPS

ORDER = list(STEPS)
YEARS = ["2019-20", "2020-21"]


def lines(*openings: int) -> pd.DataFrame:
    """Make lines L1, L2 … of theme 1, and at last `not allocated`."""
    codes = [f"L{i}" for i in range(1, len(openings) + 1)]
    blank = dict.fromkeys(("scheme_id", "category", "block", "prevention"), "")
    frame = pd.DataFrame({"line": [*codes, "not allocated"], "opening": [*openings, 0]})
    frame["theme"] = [*["1"] * len(openings), ""]
    return frame.assign(name=frame["line"], organisation="ICB", kind="revenue", **blank)


def rates(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Make percentages: year, step, scope, percent."""
    columns = ["financial_year", "step", "scope", "rate"]
    frame = pd.DataFrame(rows, columns=columns).assign(cause="growth")
    return frame.assign(rate=(frame["rate"].astype("float64") * 10**6).astype("int64"))


def effects(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Make amounts: year, step, scope, pence."""
    return part_year.table(
        [("plan", year, step, scope, "in the year", 12, v) for year, step, scope, v in rows]
    )


def walked(made: bridge.Bridge) -> pd.DataFrame:
    return bridge.walk(made)


def closing(frame: pd.DataFrame, year: str = "2019-20") -> dict[str, int]:
    of_year = frame[frame["financial_year"] == year]
    return {str(k): int(v) for k, v in of_year.groupby("line", sort=False)["amount"].sum().items()}


def test_without_assumptions_every_closing_is_the_opening() -> None:
    found = walked(bridge.prepare(lines(100, -7), rates(), effects(), YEARS, ORDER))
    for year in YEARS:
        assert closing(found, year) == {"L1": 100, "L2": -7, "not allocated": 0}
    assert set(found["step"]) == {"opening"}


def test_percentages_of_one_step_are_of_the_same_amount() -> None:
    """10 % and 5 % of 100 and of what stands below nil; demand then of what inflation left."""
    some = rates(
        ("2019-20", "inflation", "all", 10),
        ("2019-20", "inflation", "line=L1", 5),
        ("2019-20", "demand", "all", 10),
    )
    found = walked(bridge.prepare(lines(1000, -50), some, effects(), YEARS, ORDER))
    amounts = found[found["step"] != "opening"][["line", "step", "base", "amount"]]
    assert list(amounts.itertuples(index=False, name=None)) == [
        ("L1", "inflation", 1000, 100),
        ("L2", "inflation", -50, -5),
        ("L1", "inflation", 1000, 50),
        ("L1", "demand", 1150, 115),
        ("L2", "demand", -55, -6),
    ]
    assert closing(found) == {"L1": 1265, "L2": -61, "not allocated": 0}


def test_the_order_of_steps_is_data() -> None:
    some = rates(("2019-20", "demand", "all", 10))
    more = effects(("2019-20", "pressures", "line=L1", 1000))
    first = [*ORDER]
    turned = [s for s in ORDER if s != "demand"]
    turned.insert(turned.index("pressures") + 1, "demand")
    ends = [
        closing(walked(bridge.prepare(lines(1000), some, more, YEARS, order)))["L1"]
        for order in (first, turned)
    ]
    assert ends == [1000 + 100 + 1000, 1000 + 1000 + 200]


def test_an_amount_is_parted_by_what_lines_opened_with() -> None:
    """1.00 over 2.00 and 1.00: 66.67 pence is 67, and the rest 33; nothing to what is below nil."""
    found = walked(
        bridge.prepare(
            lines(200, 100, -50), rates(), effects(("2019-20", "pressures", "all", 100)),
            YEARS, ORDER,
        )
    )  # fmt: skip
    assert closing(found) == {"L1": 267, "L2": 133, "L3": -50, "not allocated": 0}


def test_weights_stay_those_of_the_opening_in_later_years() -> None:
    found = walked(
        bridge.prepare(
            lines(100, 100),
            rates(),
            effects(
                ("2019-20", "investment", "line=L1", 1000), ("2020-21", "pressures", "all", 10)
            ),
            YEARS,
            ORDER,
        )
    )
    assert closing(found, "2020-21") == {"L1": 1105, "L2": 105, "not allocated": 0}


def test_what_is_known_in_total_only_has_a_line_of_its_own() -> None:
    found = walked(
        bridge.prepare(
            lines(100, 100), rates(), effects(("2019-20", "pressures", "not allocated", 43)),
            YEARS, ORDER,
        )
    )  # fmt: skip
    assert closing(found) == {"L1": 100, "L2": 100, "not allocated": 43}


def test_it_may_be_parted_over_lines_in_a_step_that_is_named() -> None:
    """Half of 43 is 21.5: 22 leave `not allocated`, 17 and 5 arrive."""
    found = walked(
        bridge.prepare(
            lines(300, 100),
            rates(("2019-20", "allocation", "all", 50)),
            effects(("2019-20", "pressures", "not allocated", 43)),
            YEARS,
            ORDER,
        )
    )
    allocated = found[found["step"] == "allocation"]
    assert dict(zip(allocated["line"], allocated["amount"].tolist(), strict=True)) == {
        "not allocated": -22, "L1": 17, "L2": 5,
    }  # fmt: skip
    assert closing(found) == {"L1": 317, "L2": 105, "not allocated": 21}


def test_an_amount_for_lines_that_have_nothing_is_a_fault() -> None:
    made = bridge.prepare(
        lines(0, -5), rates(), effects(("2019-20", "pressures", "all", 10)), YEARS, ORDER
    )
    with pytest.raises(ValueError, match="nothing"):
        walked(made)


def test_further_entries_see_what_their_line_has_when_their_step_comes() -> None:
    seen: dict[str, int] = {}

    def further(year: str, step: str, running: np.ndarray) -> list[tuple[bridge.Entry, int]]:
        if step != "shift":
            return []
        seen[year] = int(running[0])
        one = np.ones(1, dtype=np.int64)
        return [(bridge.Entry("release", "pounds", np.array([0]), one, 0), -10)]

    made = bridge.prepare(lines(1000), rates(("2019-20", "demand", "all", 10)), effects(),
                          YEARS, ORDER)  # fmt: skip
    found = bridge.walk(made, further)
    assert seen == {"2019-20": 1100, "2020-21": 1090}
    assert closing(found, "2020-21")["L1"] == 1080


def test_a_row_of_the_walk_says_how_it_was_worked() -> None:
    found = walked(
        bridge.prepare(
            lines(200, 100), rates(("2019-20", "demand", "line=L2", 2.5)),
            effects(("2019-20", "pressures", "all", 100)), ["2019-20"], ORDER,
        )
    )  # fmt: skip
    columns = ["unit", "base", "rate", "whole", "weight", "cumulative_weight", "total_weight"]
    worked = found[found["step"] != "opening"][columns]
    assert list(worked.itertuples(index=False, name=None)) == [
        ("percent", 100, 2_500_000, 0, 1, 1, 1),
        ("pounds", 0, 0, 100, 2, 2, 3),
        ("pounds", 0, 0, 100, 1, 3, 3),
    ]


def test_draws_are_the_same_walk_without_rounding() -> None:
    """Two draws: the scenario's own numbers, and twice as much of each."""
    made = bridge.prepare(
        lines(1_000_00, 333_33, -20_00),
        rates(
            ("2019-20", "inflation", "all", 1.5),
            ("2019-20", "demand", "line=L2", 3),
            ("2020-21", "demand", "all", 2),
            ("2020-21", "allocation", "line=L1+L2", 40),
        ),
        effects(
            ("2019-20", "pressures", "all", 77_77),
            ("2020-21", "savings", "line=L1", -40_00),
            ("2019-20", "savings", "not allocated", -12_34),
        ),
        YEARS,
        ORDER,
    )
    numbers = np.stack([made.numbers, 2 * made.numbers], axis=1).astype(float)
    exact = bridge.walk(made)
    for year, found in bridge.walk_draws(made, numbers.__getitem__, 2):
        assert found[:, 0] == pytest.approx(list(closing(exact, year).values()), abs=8)
        assert abs(found[:, 1] - found[:, 0]).sum() > 50_00


def test_an_opening_is_one_part_of_itself_in_a_step_before_the_first() -> None:
    found = walked(
        bridge.prepare(
            lines(200, -50), rates(("2019-20", "demand", "line=L1", 10)),
            effects(("2019-20", "pressures", "line=L2", 7)), ["2019-20"], ["demand", "pressures"],
        )
    )  # fmt: skip
    columns = [
        "line", "step_order", "step", "base", "rate", "whole", "weight", "cumulative_weight",
        "total_weight", "amount",
    ]  # fmt: skip
    assert list(found[columns].itertuples(index=False, name=None)) == [
        ("L1", 0, "opening", 0, 0, 200, 1, 1, 1, 200),
        ("L2", 0, "opening", 0, 0, -50, 1, 1, 1, -50),
        ("not allocated", 0, "opening", 0, 0, 0, 1, 1, 1, 0),
        ("L1", 1, "demand", 200, 10_000_000, 0, 1, 1, 1, 20),
        ("L2", 2, "pressures", 0, 0, 7, 1, 1, 1, 7),
    ]


def test_what_is_further_known_of_draws_is_added_to_a_step() -> None:
    """A percentage of the same step is not of it, and one of the next year is."""
    seen = []

    def further(year: str, step: str, running: np.ndarray) -> np.ndarray | None:
        if (year, step) != ("2019-20", "demand"):
            return None
        seen.append(running.tolist())
        return np.array([[30.0, -30.0], [0.0, 5.0]])

    some = rates(*((year, "demand", "line=L1", 10) for year in YEARS))
    made = bridge.prepare(lines(1000), some, effects(), YEARS, ORDER)
    number = made.numbers.astype(float).__getitem__
    found = [amounts.tolist() for _, amounts in bridge.walk_draws(made, number, 2, further)]
    assert seen == [[[1000, 1000], [0, 0]]]
    assert found[0] == [[1130, 1070], [0, 5]]
    assert found[1] == [pytest.approx([1243, 1177]), [0, 5]]


def test_totals_are_those_of_the_walk() -> None:
    """£13 open; £1 is added, and in the second year 2 % of the £10 of the first line."""
    some = rates(("2020-21", "inflation", "line=L1", 2))
    more = effects(("2019-20", "pressures", "line=L2", 100))
    made = bridge.prepare(lines(1000, 300), some, more, YEARS, ORDER)
    assert bridge.totals(made) == {"2019-20": (1300, 1400), "2020-21": (1400, 1420)}
    walk = walked(made)
    for year, (opening, closed) in bridge.totals(made).items():
        own = walk[walk["financial_year"] == year]
        assert own["amount"].sum() == closed
        assert own.loc[own["step"] == "opening", "amount"].sum() == opening
