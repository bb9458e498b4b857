"""The risk share's working paper: one row per pot, call and bearer, and what is read off it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Part
from bcf_model.agreement.limit_use import NO_LIMITS, Limits
from bcf_model.agreement.parcels import Terms
from bcf_model.core.money import is_near_half
from bcf_model.core.sums import grouped
from bcf_model.core.tables import Shares, typed
from bcf_model.core.words import NOT_STATED, PARTED_BY

YEAR: Final = ("financial_year",)


AMOUNTS: Final = (
    "offered", "floor", "ceiling", "slice", "weight", "cumulative_weight", "total_weight",
    "share", "limit", "available", "room", "room_under", "borne",
)  # fmt: skip


def laid_out(
    pots: pd.DataFrame,
    parts: list[Part],
    terms: Terms,
    keys: Sequence[str],
    limits: Limits = NO_LIMITS,
) -> pd.DataFrame:
    """Lay the parts out as `tables.Shares`, in the order in which the rows follow from each other.

    Of an offset, a pot without a variance has no row; nor has one with nothing to share it by.
    """
    if not parts:
        return Shares.without_rows().assign(**{key: pd.Series([], dtype="str") for key in keys})
    rows = _rows(parts)
    labels, rows["limits"] = _counting(rows, limits)
    variance = pots["variance"].to_numpy()[rows["at"]]
    kept = (variance != 0) | (rows["total_weight"] != 0)
    # Within a step, what pays into a reserve comes before what draws on it; and so with a limit.
    used_up = rows["is_reserve"] | (rows["limits"] > 0)
    pays_in = used_up & (variance < 0) & kept
    later = np.ones(len(kept), dtype=bool)
    if pays_in.any():
        pair = rows["step"] * len(pots) + rows["at"]
        later = ~np.isin(pair, pair[pays_in])
    # Years do not follow from each other: each is laid out by itself.
    year = grouped(pots, list(keys))[1][rows["at"]]
    order = np.lexsort(
        (rows["position"], rows["call_number"], rows["at"], later, rows["step"], year)
    )
    order = order[kept[order]]
    in_order = {name: values[order] for name, values in rows.items()}
    return _described(in_order, pots, terms, keys, labels)


def _rows(parts: list[Part]) -> dict[str, NDArray[Any]]:
    """Join the arrays of all parts behind each other."""
    sizes = [len(part.ruled.pots) for part in parts]
    called: dict[int, int] = {}
    number = [called.setdefault(id(part.call), len(called)) for part in parts]
    found: dict[str, NDArray[Any]] = {
        name: np.concatenate(
            [
                np.broadcast_to(getattr(part, name), size)
                for part, size in zip(parts, sizes, strict=True)
            ]
        )
        for name in AMOUNTS
    }
    return found | {
        "at": np.concatenate([part.ruled.pots for part in parts]),
        "rule": np.repeat([part.bearer.rule for part in parts], sizes),
        "step": np.repeat([part.call.step for part in parts], sizes),
        "call_number": np.repeat(number, sizes),
        "position": np.repeat([part.position for part in parts], sizes),
        "is_reserve": np.repeat([part.bearer.reserve >= 0 for part in parts], sizes),
        "is_offset": np.repeat([part.call.offset for part in parts], sizes),
    }


def _counting(rows: dict[str, NDArray[Any]], limits: Limits) -> tuple[list[str], NDArray[np.intp]]:
    """Name the limits over several rules that each row counts towards.

    Returns:
        Labels, their codes joined by +, the first one blank; and of each row the place of its own.
    """
    labels, number = [""], np.zeros(len(rows["at"]), dtype=np.intp)
    for one, under in zip(limits.known, limits.under, strict=True):
        counts = np.zeros(len(number), dtype=np.bool_)
        for rule, pots in under.items():
            counts |= (rows["rule"] == rule) & pots[rows["at"]]
        for before in np.unique(number[counts]).tolist():
            labels.append(f"{labels[before]}+{one.code}".lstrip("+"))
            number[counts & (number == before)] = len(labels) - 1
    return labels, number


def _described(
    rows: dict[str, NDArray[Any]],
    pots: pd.DataFrame,
    terms: Terms,
    keys: Sequence[str],
    labels: list[str],
) -> pd.DataFrame:
    """Add to each row what its pot and its rule say, and the label of its limits."""
    at, rule = rows["at"], rows["rule"]

    def of_pot(name: str) -> Any:
        column = pots[name]
        if isinstance(column.dtype, pd.CategoricalDtype):  # each code is written once
            codes = column.cat.codes.to_numpy()[at]
            return pd.array([str(v) for v in column.cat.categories], dtype="str").take(codes)
        return column.to_numpy()[at]

    def of_rule(name: str) -> Any:
        return pd.array(terms.rules[name].tolist(), dtype="str").take(rule)

    role = terms.rules["basis"].isin(PARTED_BY).to_numpy()[rule]
    bearer = np.where(role, of_pot("holder"), of_rule("bearer"))
    kinds = dict.fromkeys(set(bearer.tolist()), "partner") | dict(terms.kinds)
    calls, against, position = _calls(rows, pots, of_pot("pot"), keys)
    described = {
        "part": pd.array([""] * len(at), dtype="str"),
        **{key: of_pot(key) for key in keys},
        **{
            name: of_pot(name)
            for name in (
                "scope", "kind", "grant", "cause", "pot", "netted", "theme", "category",
                "variance", "budget", "holder",
            )
        },
        "unit": of_pot("unit_name"),
        **{
            name: of_rule(name)
            for name in ("rule_id", "direction", "band_from", "band_to", "basis", "held", "clause")
        },
        "limit_stated": of_rule("limit"),
        "step": rows["step"],
        "entry": counted_up(at),
        "call": calls,
        "against": against,
        "position": position,
        "bearer": bearer,
        "bearer_kind": [kinds[code] for code in bearer.tolist()],
        **{name: rows[name] for name in AMOUNTS},
        "limits": pd.array(labels, dtype="str").take(rows["limits"]),
    }  # fmt: skip
    own = Shares.types
    frame = pd.DataFrame({name: described[name] for name in (*keys, *own)})
    return typed(frame, {**dict.fromkeys(keys, "str"), **own})


def _calls(
    rows: dict[str, NDArray[Any]], pots: pd.DataFrame, pot: Any, keys: Sequence[str]
) -> tuple[Any, Any, NDArray[np.int64]]:
    """Name the call of each row, the call an offset is set against, and the place in the call.

    A call is named after its pot, with step and band where a pot has several. An offset is one
    call over all the pots that belong together, on each side of it.
    """
    at, step, offset = rows["at"], rows["step"], rows["is_offset"]
    position, nothing = rows["position"].copy(), np.full(len(at), "", dtype=object)
    # Calls by pot, step and number: those of a step, and the steps of a pot, stand together.
    many, widest = int(rows["call_number"].max(initial=0)) + 1, int(step.max(initial=0)) + 1
    number = (at * widest + step) * many + rows["call_number"]
    calls, call = np.unique(number, return_inverse=True)
    steps, first, bands = np.unique(calls // many, return_index=True, return_counts=True)
    _, of_pot, steps_of = np.unique(steps // widest, return_inverse=True, return_counts=True)
    band = np.arange(len(calls)) - np.repeat(first, bands) + 1
    several = np.repeat(steps_of[of_pot] > 1, bands)
    suffix = [
        (f" | step {at_step}" if apart else "") + (f" | band {place}" if count > 1 else "")
        for at_step, apart, place, count in zip(
            (calls // many % widest).tolist(), several, band, np.repeat(bands, bands), strict=True
        )
    ]
    name = pot + np.array(suffix, dtype=object)[call]
    if not offset.any():
        return name, nothing, position
    apart = [texts(pots[key]) for key in (*keys, "scope", "kind", "grant", "cause")]
    together = np.array([" | ".join(row) for row in zip(*apart, strict=True)], dtype=object)[at]
    over = pots["variance"].to_numpy()[at] >= 0
    side, other = np.where(over, "over", "under"), np.where(over, "under", "over")
    calls = np.where(offset, "offset | " + together + " | " + side, name)
    position[offset] = counted_up(pd.factorize(calls[offset])[0])
    return calls, np.where(offset, "offset | " + together + " | " + other, ""), position


def texts(column: "pd.Series[Any]", said: Callable[[str], str] = str) -> NDArray[Any]:
    """Return the texts of a column; of codes, each is worded once."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return np.array([said(value) for value in column.tolist()], dtype=object)
    worded = [said(str(name)) for name in column.cat.categories]
    return np.array(worded, dtype=object)[column.cat.codes.to_numpy()]


def counted_up(group: NDArray[Any]) -> NDArray[np.int64]:
    """Return the place of each row among those of its group, from 1."""
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], group[order])
    found = np.empty(len(group), dtype=np.int64)
    found[order] = np.arange(len(group)) - first + 1
    return found


def near_half(shares: pd.DataFrame) -> pd.DataFrame:
    """List the shares that lie within a thousandth of a penny of a half penny, but not on it.

    Returns:
        The rows of `shares` concerned; none in nearly every pool.
    """
    amount, weight = shares["slice"].to_numpy(), shares["cumulative_weight"].to_numpy()
    whole = np.maximum(shares["total_weight"].to_numpy(), 1)  # nil where nothing is divided
    before = weight - shares["weight"].to_numpy()
    return shares[is_near_half(amount, weight, whole) | is_near_half(amount, before, whole)]


def by_scope(shares: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Sum the shares to one row per part, rule scope, step and bearer (`tables.RiskShareOut`)."""
    keys = ["financial_year", "part", "scope", "step", "bearer"]
    sums = shares.groupby(keys, sort=False)["borne"].sum().reset_index()
    order = categories["category"].tolist()
    spanned = {
        scope: _joined({code for label in labels for code in label.split("+")}, order)
        for scope, labels in shares.groupby("scope")["category"]
    }
    return sums.assign(category=sums["scope"].map(spanned).astype("str"))


def groups(shares: pd.DataFrame, categories: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """Return the groups of categories for the summary, each as its codes joined by +.

    Categories stand together when the categories table says so, and also when one pot spans them:
    then nobody can say which of the two a partner's share belongs to.
    """
    label = categories["summary_group"].where(
        categories["summary_group"] != "", categories["category"]
    )
    together = [set(codes) for _, codes in categories.groupby(label)["category"]]
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
