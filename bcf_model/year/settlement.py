"""The settlement: what each partner pays or receives, so that each bears what the agreement says.

A partner has already paid for the variance on its own budget lines. Its balancing payment is what
it bears in the pool less that: above nil it pays, below nil it receives.
"""

from collections.abc import Mapping

import pandas as pd

from bcf_model.core.sums import by_key
from bcf_model.core.tables import typed
from bcf_model.core.words import MET_OUTSIDE, OUTSIDE, VERSIONS


def settle(
    lines: pd.DataFrame,
    shares: pd.DataFrame,
    partners: list[str],
    contributed: Mapping[str, int],
) -> pd.DataFrame:
    """Settle the year.

    Args:
        lines: the lines of the pool, with organisation and variance, in pence.
        shares: `tables.Shares`.
        partners: those who settle, in the agreement's order.
        contributed: what each contributes, in pence.

    Returns:
        One row per party: partners first, then whoever else bears a part, then what partners meet
        outside the pool. Payments sum to nil.
    """
    own = by_key(lines["organisation"], lines["variance"])
    borne = by_key(shares["bearer"], shares["borne"])
    kind = dict(zip(shares["bearer"], shares["bearer_kind"], strict=True))
    outside = (shares["held"] == OUTSIDE) & (shares["bearer_kind"] == "partner")
    met = by_key(shares["bearer"][outside], shares["borne"][outside])
    rows = []
    for party in partners:
        bears, has, apart = borne.get(party, 0), own.get(party, 0), met.get(party, 0)
        rows.append(
            (party, "partner", contributed.get(party, 0), has, bears, apart, bears - apart - has)
        )
    for party in (name for name in borne if name not in partners):
        rows.append((party, kind[party], 0, 0, borne[party], 0, borne[party]))
    if met:
        rows.append((MET_OUTSIDE, "partner", 0, 0, 0, 0, sum(met.values())))
    columns = [
        "party", "party_kind", "contribution", "own_variance", "borne", "met_outside",
        "balancing_payment",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return typed(frame, dict.fromkeys(columns, "int64") | dict.fromkeys(columns[:2], "str"))


def contributed(
    contributions: pd.DataFrame, rules: pd.DataFrame, lines: pd.DataFrame
) -> tuple[dict[str, int], str]:
    """Return what each partner contributes, and which statement of it that is.

    Args:
        contributions: `tables.Contributions`.
        rules: `tables.Rules` in force.
        lines: the lines of the pool.

    Returns:
        Pence by partner, of the version the rules name, or else of the first that is stated. Where
        none is stated, the budget of each partner's own lines stands in, and is called so.
    """
    stated = [v for v in VERSIONS if (contributions["version"] == v).any()]
    version = next((v for v in [*rules["version"].unique(), *stated] if v in stated), "")
    if version:
        chosen = contributions[contributions["version"] == version]
        return by_key(chosen["organisation"], chosen["amount"]), VERSIONS[version]
    said = "contributions are not stated: the budget of each partner's own lines stands in"
    return by_key(lines["organisation"], lines["budget"]), said
