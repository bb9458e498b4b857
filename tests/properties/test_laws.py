"""What must hold of every pool and every agreement, whatever the numbers."""

import dataclasses
import random
import re
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from pandera.config import config_context

from bcf_model.core.expressions import Column, Expression, Quotient, evaluate, formula, words
from bcf_model.core.figures import Figure
from bcf_model.core.money import LARGEST_PENCE
from bcf_model.core.tables import Inputs
from bcf_model.year import variance
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import LONG, longer, slow, tries
from tests.make.pools import inputs_of, pools, random_pool
from tests.make.small_tables import share

whole_pools = tries(3, 50)
few = tries(10, 200)
many = tries(80, 1_000)

# ------------------------------------------------------------------ one pot and its bearers

amounts = st.integers(-LARGEST_PENCE, LARGEST_PENCE) | st.integers(-1000, 1000)
weights = st.lists(
    st.integers(0, 10**8) | st.integers(0, 5), min_size=1, max_size=6
).filter(sum)  # fmt: skip


def _pot(*pence: int) -> pd.DataFrame:
    """Lines of one scope and kind with these variances, each held by another partner."""
    codes = [f"P{i}" for i in range(len(pence))]
    return pd.DataFrame(
        {
            "financial_year": "2018-19",
            "scheme_id": [f"S{i}" for i in range(len(pence))],
            "theme": "T",
            "organisation": pd.Categorical(codes, codes, ordered=True),
            "category": pd.Categorical(["A"] * len(pence), ["A"], ordered=True),
            "kind": pd.Categorical(["revenue"] * len(pence), ["revenue", "capital"], ordered=True),
            "pooling": "pooled",
            "variance": np.array(pence, dtype="int64"),
        }
    )


def _agreement(weights: list[int], bearers: list[str] | None = None) -> pd.DataFrame:
    bearers = bearers or [f"P{i}" for i in range(len(weights))]
    return pd.DataFrame(
        {
            "rule_id": [f"R{i}" for i in range(len(weights))],
            "scope": "pool",
            "direction": "either",
            "step": 1,
            "basis": "fixed",
            "bearer": bearers,
            "share": np.array(weights, dtype="int64"),
            "clause": "1",
            "source": "",
            "note": "",
        }
    )


def _borne(variance: int, weights: list[int], bearers: list[str] | None = None) -> list[int]:
    shares, _ = share(_pot(variance), _agreement(weights, bearers))
    return shares["borne"].tolist()


@slow
@few
@given(amounts, weights)
def test_a_pot_is_shared_exactly(variance, weights):
    parts, total = _borne(variance, weights), sum(weights)
    assert sum(parts) == variance
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(variance * weight, total)) <= 1
        assert weight or part == 0
    assert _borne(-variance, weights) == [-part for part in parts]
    assert abs(parts[0] - Fraction(variance * weights[0], total)) <= Fraction(1, 2)


@slow
@few
@given(amounts, weights, st.integers(2, 1000))
def test_the_scale_of_the_weights_says_nothing(variance, weights, factor):
    assert _borne(variance, [w * factor for w in weights]) == _borne(variance, weights)


@slow
@few
@given(amounts, st.data())
def test_another_order_moves_a_penny_at_most(variance, data):
    weight_of = dict(enumerate(data.draw(weights)))
    order = data.draw(st.permutations(list(weight_of)))
    first = dict(zip(weight_of, _borne(variance, list(weight_of.values())), strict=True))
    second = dict(zip(order, _borne(variance, [weight_of[i] for i in order]), strict=True))
    assert all(abs(first[i] - second[i]) <= 1 for i in weight_of)
    assert sum(second.values()) == variance


def test_the_order_stated_is_the_order_used():
    """3 pence by halves: the first named bears 2, whoever it is."""
    for bearers in (["P0", "P1"], ["P1", "P0"]):
        lines = _pot(3, 0)
        shares, _ = share(lines, _agreement([1, 1], bearers))
        assert dict(zip(shares["bearer"], shares["borne"], strict=True)) == {
            bearers[0]: 2,
            bearers[1]: 1,
        }


@slow
@few
@given(amounts, amounts, weights)
def test_of_two_partners_a_greater_variance_never_costs_less(one, other, weights):
    pair = [weights[0], sum(weights)]
    low, high = sorted([one, other])
    below, above = _borne(low, pair), _borne(high, pair)
    assert all(b <= a for b, a in zip(below, above, strict=True))


# ------------------------------------------------------------------ whole pools


def _changed(inputs: Inputs, **frames: pd.DataFrame) -> Inputs:
    return dataclasses.replace(inputs, **frames)


def _run(inputs: Inputs) -> Results:
    with config_context(validation_enabled=False):
        return run(inputs)


SHARED = ["variance_by_theme_organisation", "risk_share", "risk_share_summary", "revenue_capital"]


@slow
@whole_pools
@given(pools)
def test_what_is_borne_is_the_variance(pool):
    results = _run(inputs_of(pool))
    value, lines = results.figures.pence, results.figures.tables["lines"]
    pooled = lines[lines["pooling"] == "pooled"]
    shares = results.outputs["risk_share_workings"]
    total = pooled["variance"].sum()
    assert shares["borne"].sum() == total
    for name in ("variance_total", "risk_share_summary", "revenue_capital"):
        assert results.outputs[name]["variance"].sum() == total
    for name in ("risk_share", "risk_share_summary", "revenue_capital"):
        assert results.outputs[name]["borne"].sum() == total
    for kind in ("revenue", "capital"):
        assert value(Figure.of("borne", kind=kind)) == value(Figure.of("variance", kind=kind))
    for group in results.groups:
        if group != "not stated":
            borne = value(Figure.of("borne", category=group))
            assert borne == value(Figure.of("variance", category=group))
    for scope, rows in results.outputs["risk_share"].groupby("scope"):
        figure = Figure.of("variance") if scope == "pool" else Figure.parse(f"variance/{scope}")
        assert rows["borne"].sum() == value(figure)
    by_pot = pooled.groupby("pot")["variance"].sum()
    assert shares.groupby("pot")["borne"].sum().equals(by_pot[by_pot.index != ""])
    own = shares[shares["basis"] == "own"]
    assert (own["bearer"] == own["holder"]).all()
    assert (own["borne"] == own["variance"]).all()


@slow
@whole_pools
@given(pools)
def test_a_view_of_a_view_is_the_view(pool):
    results = _run(inputs_of(pool))
    lines = results.figures.tables["lines"]
    pooled = lines[lines["pooling"] == "pooled"]
    fine = variance.view(pooled, ["theme", "organisation", "category", "kind"])
    for by in (["theme"], ["organisation"], ["organisation", "theme"], ["kind"], []):
        pd.testing.assert_frame_equal(variance.view(fine, by), variance.view(pooled, by))
    both_ways = [
        variance.view(pooled, by).set_index(["theme", "organisation"]).sort_index()
        for by in (["theme", "organisation"], ["organisation", "theme"])
    ]
    pd.testing.assert_frame_equal(*both_ways)


@slow
@whole_pools
@given(pools, st.integers(0, 2**32 - 1))
def test_the_order_of_the_schemes_does_not_matter(pool, seed):
    inputs = inputs_of(pool)
    shuffled = inputs.schemes.sample(frac=1, random_state=seed).reset_index(drop=True)
    results, again = _run(inputs), _run(_changed(inputs, schemes=shuffled))
    for name in results.outputs.keys() - {"variance", "memo", "checks"}:
        pd.testing.assert_frame_equal(results.outputs[name], again.outputs[name])
    for name in ("variance", "memo"):
        one, other = (r.outputs[name].set_index("scheme_id") for r in (results, again))
        pd.testing.assert_frame_equal(one, other.loc[one.index])


@slow
@whole_pools
@given(pools)
def test_doubling_every_amount_doubles_every_variance(pool):
    inputs = inputs_of(pool)
    money = {name: inputs.schemes[name] * 2 for name in ("budget", "expenditure")}
    results, twice = _run(inputs), _run(_changed(inputs, schemes=inputs.schemes.assign(**money)))
    for name in [n for n in results.outputs if n.startswith("variance")]:
        one, two = results.outputs[name], twice.outputs[name]
        for column in ("budget", "expenditure", "variance"):
            assert (one[column] * 2 == two[column]).all()
        assert one["variance_percent"].equals(two["variance_percent"])
    one, two = (r.outputs["risk_share_workings"] for r in (results, twice))
    # A share is the step between two running totals. Each of these, doubled, is within a penny of
    # the running total of the doubled year; so a share is within two.
    assert ((one["borne"] * 2 - two["borne"]).abs() <= 2).all()
    assert (one["rule_id"] == two["rule_id"]).all()


@slow
@whole_pools
@given(pools)
def test_an_opposite_year_is_borne_by_opposite_amounts(pool):
    """Where every rule is for either direction, exchanging budget and spend changes every sign."""
    inputs = inputs_of(pool)
    rules = inputs.rules[inputs.rules["direction"] != "under"].assign(direction="either")
    swapped = inputs.schemes.rename(columns={"budget": "expenditure", "expenditure": "budget"})
    results = _run(_changed(inputs, rules=rules))
    opposite = _run(_changed(inputs, rules=rules, schemes=swapped))
    for name in SHARED:
        for column in {"variance", "borne"} & {*results.outputs[name]}:
            assert (results.outputs[name][column] == -opposite.outputs[name][column]).all()


@slow
@whole_pools
@given(pools)
def test_an_aligned_line_changes_no_total(pool):
    inputs = inputs_of(pool)
    line = inputs.schemes.iloc[:1].assign(
        scheme_id="X", pooling="aligned", budget=123, expenditure=10**9
    )
    beside = pd.concat([inputs.schemes, line], ignore_index=True)
    results, again = _run(inputs), _run(_changed(inputs, schemes=beside))
    for name in results.outputs.keys() - {"memo", "checks"}:
        pd.testing.assert_frame_equal(results.outputs[name], again.outputs[name])
    assert again.outputs["memo"].iloc[-1]["variance"] == 10**9 - 123


@whole_pools
@given(pools, st.data())
def test_in_which_row_of_its_scheme_an_amount_stands_does_not_matter(pool, data):
    schemes = inputs_of(pool).schemes
    whole = schemes[["scheme_id", "budget", "expenditure"]].assign(financial_year="2018-19")
    moved = data.draw(
        st.lists(st.integers(-(10**9), 10**9), min_size=len(whole), max_size=len(whole))
    )
    rest = whole.assign(budget=whole["budget"] - moved, expenditure=whole["expenditure"] + moved)
    part = whole.assign(budget=moved, expenditure=-np.array(moved, dtype="int64"))
    monthly = pd.concat(
        [rest, part, part, part.assign(budget=-part["budget"], expenditure=-part["expenditure"])]
    )
    expected = variance.by_scheme(whole, schemes)
    pd.testing.assert_frame_equal(variance.by_scheme(monthly, schemes), expected)


@longer
@pytest.mark.parametrize("seed", range(12 if LONG else 4))
def test_amounts_as_large_as_are_allowed_do_not_overflow(seed):
    """Variance × weight is far beyond int64; what is borne still sums to the penny."""
    inputs = inputs_of(random_pool(seed, lines=12))
    draw = random.Random(seed)
    each = LARGEST_PENCE // 12
    budget = [each - draw.randint(0, 99) for _ in range(12)]
    spent = [-b if draw.random() < 0.5 else b // 7 for b in budget]
    unstated = inputs.schemes["category"] == "not stated"
    schemes = inputs.schemes.assign(budget=budget, expenditure=np.where(unstated, budget, spent))
    results = _run(_changed(inputs, schemes=schemes))
    pooled = schemes[schemes["pooling"] == "pooled"]
    expected = sum(pooled["expenditure"].tolist()) - sum(pooled["budget"].tolist())
    assert sum(results.outputs["risk_share"]["borne"].tolist()) == expected
    for row in results.outputs["risk_share_workings"].itertuples():
        exact = Fraction(row.variance * row.weight, row.total_weight)
        assert abs(row.borne - exact) <= 1


# ------------------------------------------------------------------ expressions

NAMES = ("a", "b", "c")
values = st.integers(-(10**7), 10**7) | st.integers(-5, 5)
leaves = st.sampled_from([Column(name) for name in NAMES])
whole_expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda x, y: x + y, inner, inner),
        st.builds(lambda x, y: x - y, inner, inner),
        st.builds(lambda x, y: x * y, inner, inner),
    ),
    max_leaves=6,
)
money_expressions = st.recursive(
    st.builds(Quotient, whole_expressions, leaves),
    lambda inner: st.one_of(
        st.builds(lambda x, y: x + y, inner, inner), st.builds(lambda x, y: x - y, inner, inner)
    ),
    max_leaves=3,
)


C = Column("c")


class Calculator:
    """Reads a printed formula as a spreadsheet does, but exactly, and in pence.

    Attributes:
        largest: the size of the largest amount that was rounded on the way.
    """

    def __init__(self, text: str, cells: dict[str, int]) -> None:
        self.tokens = re.findall(r"ROUND|[a-z]+|[0-9]+|[-+*/(),]", text)
        assert "".join(self.tokens) == text
        self.cells = cells
        self.largest = Fraction(0)

    def value(self) -> Fraction:
        result = self.sum()
        assert not self.tokens
        return result

    def sum(self) -> Fraction:
        result = self.product()
        while self.tokens and self.tokens[0] in "+-":
            sign = 1 if self.tokens.pop(0) == "+" else -1
            result += sign * self.product()
        return result

    def product(self) -> Fraction:
        result = self.atom()
        while self.tokens and self.tokens[0] in "*/":
            divides = self.tokens.pop(0) == "/"
            other = self.atom()
            result = result / other if divides else result * other
        return result

    def atom(self) -> Fraction:
        token = self.tokens.pop(0)
        if token == "(":
            result = self.sum()
            assert self.tokens.pop(0) == ")"
            return result
        if token == "ROUND":
            assert self.tokens.pop(0) == "("
            result = self.sum()
            assert self.tokens.pop(0) == ","
            places = int(self.tokens.pop(0)) - 2  # pence: two decimals of a pound are whole
            assert self.tokens.pop(0) == ")"
            size = int(abs(result) * 10**places + Fraction(1, 2))
            self.largest = max(self.largest, Fraction(size, 10**places))
            return Fraction(size if result >= 0 else -size, 10**places)
        return Fraction(self.cells[token])


@many
@example(
    Quotient(C * (C * C), Column("a")) - Quotient(C * (C * C), Column("a")),
    {"a": 1, "b": 0, "c": 2**21},
)  # nil, by way of more than fits
@example(  # a product that does not fit, and is needed: what is rounded of it does
    Quotient(C * (C * C), Column("a")), {"a": 1_000, "b": 0, "c": 2**21}
)
@given(whole_expressions | money_expressions, st.fixed_dictionaries(dict.fromkeys(NAMES, values)))
def test_a_formula_says_what_is_computed(expression: Expression, cells):
    text = formula(expression, lambda leaf: leaf.name)
    calculator = Calculator(text, cells)
    try:
        expected = calculator.value()
    except ZeroDivisionError:
        return  # the package never divides by nil: check and the figures see to it
    try:
        found = evaluate(expression, lambda leaf: np.array([cells[leaf.name]]))[0]
    except OverflowError:
        # Refused, never wrapped round. A product alone never is: it is as large as it must be.
        assert max(abs(expected), calculator.largest) >= 2**62
        return
    assert found == expected


@many
@given(whole_expressions, st.fixed_dictionaries(dict.fromkeys(NAMES, values)))
def test_words_say_what_is_computed(expression: Expression, cells):
    said = words(expression).replace(" ", "").replace("−", "-").replace("×", "*")
    found = evaluate(expression, lambda leaf: np.array([cells[leaf.name]]))[0]
    assert found == Calculator(said, cells).value()


@many
@given(whole_expressions, leaves, values, values, values)
def test_a_rate_is_the_exact_quotient_to_six_decimals(above, below, a, b, c):
    cells = {"a": a, "b": b, "c": c}
    expression = Quotient(above, below, 6)
    if cells[below.name] == 0:
        return
    text = formula(expression, lambda leaf: leaf.name)
    exact = Calculator(text.replace(",6)", ",8)"), cells).value()  # digits count from the pound
    if abs(exact) > 10**9:
        return  # more digits than a float has
    found = evaluate(expression, lambda leaf: np.array([cells[leaf.name]]))[0]
    assert found == float(exact)
