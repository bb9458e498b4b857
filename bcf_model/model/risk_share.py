"""Who bears what: the agreement's rules applied to the year's variance.

A rule's *scope* selects lines. Within a scope, revenue and capital are kept apart (a capital
grant's underspend offsets no revenue), and what is netted together before it is shared is a *pot*:

- basis ``own``: the lines of one budget holder make a pot, and the holder bears it;
- basis ``fixed``: all lines of the scope make a pot, split in the stated shares.

Whether a scope is over or under, and so which of its rules applies, is decided by its net variance
(revenue and capital each by its own); nil counts as over. Each pot is split by cumulative rounding
in the order the agreement names the bearers (`figures.BORNE`): shares sum to the variance to the
penny, and changing the sign of the variance changes the sign of every share.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from math import gcd
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.figures import BORNE, CUMULATIVE_WEIGHT, TOTAL_WEIGHT, Figure, row_by_row
from bcf_model.ledger import Ledger
from bcf_model.money import multiply
from bcf_model.sums import add_up, grouped, total
from bcf_model.vocabulary import NOT_STATED

YEAR = ("financial_year",)


def scopes(lines: pd.DataFrame, rules: pd.DataFrame) -> "pd.Series[Any]":
    """Give the scope of the rule each line falls under; blank where nothing is shared.

    Nothing is borne outside the pool, or through a category that is not stated.

    Args:
        lines: with theme, organisation, scheme_id, category, kind and pooling.
        rules: `tables.Rules`.
    """
    known = rules["scope"].drop_duplicates().tolist()
    code = np.full(len(lines), -1)
    ledger = Ledger({"lines": lines})
    for i, scope in enumerate(known):
        code[ledger.rows(Figure.of_scope(scope))] = i
    code[(lines["category"] == NOT_STATED).to_numpy()] = -1
    names = pd.CategoricalDtype([*known, ""], ordered=True)
    scope = pd.Categorical.from_codes(np.where(code < 0, len(known), code), dtype=names)
    return pd.Series(scope, index=lines.index)


def share(
    lines: pd.DataFrame, rules: pd.DataFrame, keys: Sequence[str] = YEAR
) -> tuple[pd.DataFrame, "pd.Series[Any]"]:
    """Apply the rules to the lines.

    Args:
        lines: one row per key and scheme, with organisation, category, kind, pooling, variance.
        rules: `tables.Rules`, in the agreement's order.
        keys: what is never netted: the year, and the area where there are several.

    Returns:
        The shares, one row per key, pot and bearer (`tables.Shares`; with further keys in front),
        and for each line the name of its pot, blank where nothing is shared.
    """
    lines = lines.assign(scope=scopes(lines, rules))
    shared = lines[lines["scope"] != ""]
    apart = [*keys, "scope", "kind"]
    # What no rule can tell apart is added up first: the rest is then as fast for two million lines.
    cells, cell = grouped(shared, [*apart, "organisation", "category"])
    cells["variance"] = total(shared["variance"].to_numpy(), cell, len(cells))
    in_force = _rules_in_force(cells, rules, apart)
    own = _of_own_basis(cells, in_force, apart)
    holders = pd.CategoricalDtype(["", *cells["organisation"].cat.categories], ordered=True)
    cells["holder"] = cells["organisation"].astype(holders).where(own, "")
    pots, pot = grouped(cells, [*apart, "holder"])
    pots["variance"] = total(cells["variance"].to_numpy(), pot, len(pots))
    pots["pot"] = pd.Series(_names(pots, rules, keys), dtype="str")
    pots["category"] = pd.Series(_categories_of(cells, pot, len(pots)), dtype="str")
    bearers = pots.merge(in_force, on=apart, how="left", sort=False)
    is_own = bearers["basis"] == "own"
    bearers["bearer"] = bearers["bearer"].where(~is_own, bearers["holder"].astype("str"))
    bearers["position"] = (bearers.groupby("pot", sort=False).cumcount() + 1).astype("int64")
    bearers["cumulative_weight"] = row_by_row(bearers, CUMULATIVE_WEIGHT)
    bearers["total_weight"] = row_by_row(bearers, TOTAL_WEIGHT)
    bearers["borne"] = row_by_row(bearers, BORNE)
    of_line = np.full(len(lines), len(pots))
    of_line[(lines["scope"] != "").to_numpy()] = pot[cell]
    names = pd.Categorical.from_codes(of_line, dtype=pd.CategoricalDtype([*pots["pot"], ""]))
    columns = [
        "pot", "scope", "category", "kind", "holder", "rule_id", "direction", "step", "basis",
        "position", "bearer", "variance", "weight", "cumulative_weight", "total_weight", "borne",
        "clause",
    ]  # fmt: skip
    text = {name: bearers[name].astype("str") for name in (*keys, "scope", "kind", "holder")}
    return bearers.assign(**text)[[*keys, *columns]], pd.Series(names, index=lines.index)


def _rules_in_force(cells: pd.DataFrame, rules: pd.DataFrame, apart: Sequence[str]) -> pd.DataFrame:
    """Give the rule rows that apply to each scope and kind, by the direction of its variance."""
    net = add_up(cells, apart, ["variance"])
    net["way"] = np.where(net["variance"] >= 0, "over", "under")
    ways = {"over": ["over"], "under": ["under"], "either": ["over", "under"]}
    both = rules.assign(way=rules["direction"].map(ways)).explode("way")
    both["scope"] = pd.Categorical(both["scope"], net["scope"].cat.categories, ordered=True)
    both["weight"] = _reduced(both)
    both = both.drop(columns=["share", "source", "note"])
    return net.drop(columns="variance").merge(both, on=["scope", "way"], how="left", sort=False)


def _reduced(rules: pd.DataFrame) -> NDArray[np.int64]:
    """Give each share as the smallest whole weight: 50:50 as 1:1, so that a reader can follow."""
    call = rules.groupby(["scope", "way", "step"], sort=False, observed=True)["share"]
    divisor = call.transform(lambda shares: gcd(*shares) or 1)
    return np.asarray(rules["share"] // divisor, dtype=np.int64)


def _of_own_basis(
    cells: pd.DataFrame, in_force: pd.DataFrame, apart: Sequence[str]
) -> NDArray[np.bool_]:
    """Mark the cells whose rule in force is `own`."""
    basis = in_force.drop_duplicates(list(apart))[[*apart, "basis"]]
    found = cells[list(apart)].merge(basis, on=list(apart), how="left", sort=False)
    return (found["basis"] == "own").to_numpy()


def _names(pots: pd.DataFrame, rules: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Name a pot by all that keeps it apart, its scope by the first rule that has it.

    No two pots of a table have the same name, and none is longer than a spreadsheet can look for.
    """
    first = rules.drop_duplicates("scope").set_index("scope")["rule_id"]
    scope = pots["scope"].astype("str").map(first)
    parts = (
        part.tolist() for part in (*(pots[k] for k in keys), scope, pots["kind"], pots["holder"])
    )
    return [" | ".join(filter(None, row)) for row in zip(*parts, strict=True)]


def _categories_of(cells: pd.DataFrame, pot: NDArray[Any], pots: int) -> list[str]:
    """Give for each pot the categories of its lines, joined by +, in declared order."""
    names = cells["category"].cat.categories
    held = np.zeros((pots, len(names)), dtype=bool)
    held[pot, cells["category"].cat.codes] = True
    label = cache(lambda row: "+".join(names[np.frombuffer(row, dtype=bool)]))
    return [label(row.tobytes()) for row in held]


def near_half(shares: pd.DataFrame) -> pd.DataFrame:
    """List the shares that lie within a thousandth of a penny of a half penny, but not on it.

    The engine is exact. A spreadsheet calculates with 15 digits and may round such a share the
    other way, so they are named rather than left to be found.

    Returns:
        The rows of `shares` concerned; none in nearly every pool.
    """
    near = np.zeros(len(shares), dtype=bool)
    before = shares["cumulative_weight"] - shares["weight"]
    for weight in (shares["cumulative_weight"], before):
        product = multiply(abs(shares["variance"].to_numpy()), weight.to_numpy())
        whole = shares["total_weight"].to_numpy()
        off = abs(2 * (product % whole) - whole)  # distance from a half, in 1 / (2 whole) pence
        near |= ((off > 0) & (off * 500 < whole)).astype(bool)
    return shares[near]


def by_scope(shares: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Sum the shares to one row per year, rule scope, step and bearer (`tables.RiskShareOut`)."""
    keys = ["financial_year", "scope", "step", "bearer"]
    sums = shares.groupby(keys, sort=False)["borne"].sum().reset_index()
    order = categories["category"].tolist()
    spanned = {
        scope: _joined({code for label in labels for code in label.split("+")}, order)
        for scope, labels in shares.groupby("scope")["category"]
    }
    return sums.assign(category=sums["scope"].map(spanned).astype("str"))


def groups(shares: pd.DataFrame, categories: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """Give the groups of categories for the summary, each as its codes joined by +.

    Categories stand together when the categories table says so, and also when one pot spans them:
    then nobody can say which of the two a partner's share belongs to.
    """
    label = categories["summary_group"].where(
        categories["summary_group"] != "", categories["category"]
    )
    together = [set(codes) for _, codes in categories.groupby(label, sort=False)["category"]]
    for spanned in shares["category"].unique():
        parts = set(spanned.split("+"))
        touching = [group for group in together if group & parts]
        if len(touching) > 1:
            together = [g for g in together if g not in touching] + [set().union(*touching)]
    order = categories["category"].tolist()
    named = [_joined(group, order) for group in together]
    named.sort(key=lambda name: order.index(name.split("+")[0]))
    pooled = lines["pooling"] == "pooled"
    if (lines.loc[pooled, "category"] == NOT_STATED).any():
        named.append(NOT_STATED)
    return named


def _joined(codes: Iterable[str], order: list[str]) -> str:
    return "+".join(sorted(codes, key=order.index))
