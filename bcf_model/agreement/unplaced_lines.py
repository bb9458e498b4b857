"""Lines whose scope or netting group is not known, for a holder, lead or category not stated.

A scope may select by holder, lead or category, and net or part by holder: where that is not stated
of a line, all that the line may be worked out together with is in doubt (docs/rules.md).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.parcels import Parcels, Terms, line_of
from bcf_model.core.figures import Figure, Selection, scope_parts
from bcf_model.core.ledger import Ledger
from bcf_model.core.words import BASIS, CONTRIBUTIONS, MEASURED_BASES, NOT_STATED
from bcf_model.intake.cells import CONTRIBUTION

HELD: Final = ("organisation", "lead")
"""The keys by which a line is somebody's."""

Mask = NDArray[np.bool_]


def unheld(lines: pd.DataFrame) -> Mask:
    """Return a mask of the lines whose holder or lead is not stated."""
    found: Mask = np.logical_or.reduce([(lines[key] == NOT_STATED).to_numpy() for key in HELD])
    return found


def may_be_under(lines: pd.DataFrame, selections: Sequence[Selection]) -> list[Mask]:
    """Mark for each selection the lines that may be of it, by what nobody stated of them.

    Lines that certainly are of it, or certainly are not, are not marked.

    Args:
        lines: pooled lines; one whose variance is known and category is not has no variance.
        selections: of scopes, or of what limits cover.
    """
    ledger, unknown = Ledger({"lines": lines}), (lines["variance_step"] == 0).to_numpy()
    without = {key: (lines[key] == NOT_STATED).to_numpy() for key in HELD}
    without["category"] = (lines["category"] == NOT_STATED).to_numpy() & unknown
    lost = [tuple(k for k, rows in without.items() if rows[i]) for i in range(len(lines))]
    found = []
    for selection in selections:
        marked = np.zeros(len(lines), dtype=bool)
        for keys in {*lost} - {()}:
            # No scope covers a line whose category is not stated, whether it names one or not.
            if "category" in keys or any(key in keys for key, _ in selection):
                kept = tuple(pair for pair in selection if pair[0] not in keys)
                rows = ledger.rows(Figure("budget", kept)).tolist()
                marked[[row for row in rows if lost[row] == keys]] = True
        found.append(marked)
    return found


def joined(lines: pd.DataFrame, terms: Terms, parcels: Parcels, could: Sequence[Mask]) -> Mask:
    """Return a mask of the parcels with which a line may be worked out that is not placed.

    They are those of its kind and grant in the scope; all of the scope where it may be among the
    lines over which a rule measures. A rule by which each holder bears all of its own makes none:
    there the line's own variance alone is in doubt.

    Args:
        lines: pooled lines.
        terms: the agreement, and the facts of the year.
        parcels: of the lines.
        could: `may_be_under`.
    """
    scope = parcels.frame["scope"].cat.codes.to_numpy()
    found, whose = np.zeros(len(scope), dtype=bool), unheld(lines)
    moves = (lines["variance_step"] == 0).to_numpy() | (lines["unattributed"] != 0).to_numpy()
    moves[line_of(lines, terms.causes)[(terms.causes["amount"] != 0).to_numpy(dtype=bool)]] = True
    weighs = ((lines["budget"] != 0) | (lines["budget_step"] == 0)).to_numpy()
    stated = (lines["category"] != NOT_STATED).to_numpy()
    apart = lines[["kind", "grant"]].astype("str").agg(" | ".join, axis=1).to_numpy()
    by_holder = any(map(_keyed, terms.contributions["to"]))
    for i, one in enumerate(parcels.scopes):
        rules = terms.rules[terms.rules["scope"] == one.name]
        texts = [*rules["band_from"], *rules["band_to"], *rules["limit"]]
        measured = rules["basis"].isin(MEASURED_BASES).any() or CONTRIBUTION in texts
        here = could[i] | (whose & one.lines if one.netting == "holder" else False)
        over = rules["basis"][rules["measured_over"] == ""]
        of_bases = {BASIS[basis].weighed_by for basis in over} - {""}
        # A contribution may be for the line alone, whatever it is budgeted at.
        counts = (weighs & bool(of_bases)) | (CONTRIBUTIONS in of_bases)
        keyed = whose.any() and (by_holder or any(map(_keyed, rules["measured_over"])))
        if (here & stated & counts).any() or (measured and keyed):
            found |= scope == i
            continue
        parted = any(one.parted_by.values())
        cut = any(texts) or any(len(calls) > 1 for calls in one.calls.values())
        if parted and cut:
            here |= whose & one.lines
        budgets = measured or any(text.endswith("%") for text in texts)
        here &= moves | (weighs & budgets)
        found |= (scope == i) & np.isin(apart[parcels.line], apart[here])
    return found


def _keyed(scope: str) -> bool:
    """Return whether a scope selects lines by their holder or lead."""
    return bool(scope) and any(key in HELD for key, _ in scope_parts(scope)[0].selection)
