"""Laws of the audit: rounding is never accused, a slip always is, and no fewer figures would do.

The smallest sets are compared with those of an independent search: every set of figures tried, and
the bounds that are left eliminated one unknown after another, in exact fractions.
"""

from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, product

import hypothesis.strategies as st
from hypothesis import assume, given

from bcf_model.audit.bounds import Bound
from bcf_model.audit.smallest import conflicts
from bcf_model.audit.system import System
from tests.longer import slow, tries
from tests.make.audit_papers import Row, audited, rate, total

# ------------------------------------------------------------------ rounded tables

AMOUNTS = st.integers(-400_000, 4_000_000).map(lambda n: Decimal(n) / 1000)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Lines by theme with budget, spend, variance and percentage; totals; a second table."""
    decimals = draw(st.integers(0, 2))
    halves = draw(st.sampled_from([ROUND_HALF_UP, ROUND_HALF_DOWN]))
    rows: list[Row] = []

    def shown(number: Decimal, places: int = decimals) -> str:
        rounded = number.quantize(Decimal(1).scaleb(-places), halves)
        return f"({abs(rounded):,f})" if number < 0 else f"{rounded:,f}"

    def line(code: str, budget: Decimal, spent: Decimal, parts: list[str]) -> None:
        for letter, column, amount in (
            ("b", "Budget", budget),
            ("e", "Outturn", spent),
            ("v", "Variance", spent - budget),
        ):
            sums = [" + ".join(part + letter for part in parts)] if parts else []
            sums += [f"{code}e - {code}b"] if letter == "v" else []
            rows.append(total(code + letter, shown(amount), "; ".join(sums), column=column))
        if budget:
            percent = f"{shown(100 * (spent - budget) / budget, 1)}"
            percent = f"{percent[:-1]}%)" if percent.endswith(")") else f"{percent}%"
            rows.append(rate(f"{code}p", percent, f"{code}v / {code}b"))

    themes = []
    for theme in range(draw(st.integers(1, 3))):
        lines = []
        for number in range(draw(st.integers(1, 4))):
            lines.append((f"t{theme}l{number}", draw(AMOUNTS), draw(AMOUNTS)))
            line(*lines[-1], [])
        themes.append((f"t{theme}", sum(b for _, b, _ in lines), sum(e for *_, e in lines)))
        line(*themes[-1], [code for code, *_ in lines])
        again = total(f"again{theme}", shown(themes[-1][1]), "", column="Budget again")
        rows.append(again | {"figure": f"t{theme}b", "source": f"table 2 row {theme}"})
    line("all", sum(b for _, b, _ in themes), sum(e for *_, e in themes), [c for c, *_ in themes])
    return rows


@given(tables())
@tries(8, 150)
def test_a_table_that_was_only_rounded_is_never_accused(rows: list[Row]) -> None:
    audit = audited(*rows)
    assert not audit.something_is_wrong
    assert set(audit.tables["audit"]["kind"]) <= {"presentation"}


@slow
@given(tables(), st.data())
@tries(8, 150)
def test_a_slip_beyond_what_rounding_allows_is_always_found(rows: list[Row], data) -> None:
    """Of a line or a total that other figures determine: its outturn is budget + variance."""
    at = data.draw(st.sampled_from([i for i, r in enumerate(rows) if r["column"] == "Outturn"]))
    # e = b + v: the three may differ by one and a half steps, and one more is a slip
    step = Decimal(1).scaleb(-int(rows[at]["decimals"]))
    slip = step * data.draw(st.integers(2, 5_000)) * data.draw(st.sampled_from((-1, 1)))
    text = rows[at]["printed"]
    number = Decimal(text.strip("()").replace(",", "")) * (-1 if text.startswith("(") else 1)
    budget, variance = (
        next(r["printed"] for r in rows if r["published_id"] == rows[at]["published_id"][:-1] + x)
        for x in "bv"
    )
    others = [
        Decimal(t.strip("()").replace(",", "")) * (-1 if t.startswith("(") else 1)
        for t in (budget, variance)
    ]
    assume(abs(number + slip - sum(others)) > step * Decimal("1.5"))
    rows[at] = rows[at] | {"printed": f"{number + slip:f}"}
    audit = audited(*rows)
    assert audit.something_is_wrong
    figures = audit.tables["audit_figures"].set_index("published_id")["together"]
    assert (figures.isin({"must be wrong", "may be wrong"})).any()


# ------------------------------------------------------------------ the smallest sets

UNKNOWNS = ("x", "y", "z")


@st.composite
def systems(draw: st.DrawFn) -> list[Bound]:
    """A few bounds on sums of three unknowns, with ends in small halves; often contradictory."""
    found = []
    for figure in range(draw(st.integers(2, 7))):
        factors = draw(st.tuples(*[st.integers(-1, 1)] * len(UNKNOWNS)).filter(any))
        middle = Fraction(draw(st.integers(-8, 8)))
        terms = {(u, ""): Fraction(f) for u, f in zip(UNKNOWNS, factors, strict=True) if f}
        half = Fraction(1, 2)
        found.append(Bound(terms, middle - half, middle + half, half, figure))
    return found


def can_be(bounds: list[Bound]) -> bool:
    """Say whether some amounts break no bound, by eliminating one unknown after another."""
    rows = []  # Σ factor × unknown ≤ end
    for bound in bounds:
        factors = [bound.terms.get((u, ""), Fraction(0)) for u in UNKNOWNS]
        rows += [([*factors], bound.high), ([-f for f in factors], -bound.low)]
    for at in range(len(UNKNOWNS)):
        upper = [(f, e) for f, e in rows if f[at] > 0]
        lower = [(f, e) for f, e in rows if f[at] < 0]
        rows = [(f, e) for f, e in rows if f[at] == 0]
        for (up, high), (down, low) in product(upper, lower):
            a, b = up[at], -down[at]
            rows.append(
                ([b * u + a * d for u, d in zip(up, down, strict=True)], b * high + a * low)
            )
    return all(end >= 0 for _, end in rows)


def all_smallest(bounds: list[Bound]) -> set[frozenset[int]]:
    """Try every set of figures, the smallest first."""
    for size in range(len(bounds) + 1):
        found = {
            frozenset(chosen)
            for chosen in combinations(range(len(bounds)), size)
            if can_be([b for b in bounds if b.figure not in chosen])
        }
        if found:
            return found
    raise AssertionError


@slow
@given(systems())
@tries(8, 150)
def test_the_smallest_sets_are_those_of_trying_every_set(bounds: list[Bound]) -> None:
    explained = conflicts(System(bounds, Fraction(1)).conflict)
    assert all(conflict.smallest and conflict.complete for conflict in explained)
    together = {
        frozenset[int]().union(*choices)
        for choices in product(*(conflict.choices for conflict in explained))
    }
    assert together == all_smallest(bounds)


@given(systems())
@tries(8, 150)
def test_every_proof_is_one_and_none_of_its_figures_is_superfluous(bounds: list[Bound]) -> None:
    for conflict in conflicts(System(bounds, Fraction(1)).conflict):
        for proof in conflict.proofs:
            held = [b for b in bounds if b.figure in proof]
            assert not can_be(held)
            for figure in proof:
                assert can_be([b for b in held if b.figure != figure])
