"""Tiny tables as tests write them, with the columns they leave out at their defaults."""

from collections.abc import Sequence

import pandas as pd

from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share as share_of_terms
from bcf_model.core.tables import Rules

YEAR = ("financial_year",)


def rules_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of `tables.Rules` that a test left out."""
    defaults = {m.name: m.default for m in Rules.fields if m.name not in frame}
    return frame.assign(**{k: v for k, v in defaults.items() if v is not None})


def lines_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Add to lines what scopes and pots look at."""
    defaults = {"terms": "not stated", "grant": "none", "budget": 0, "theme": "1"}
    frame = frame.assign(**{k: v for k, v in defaults.items() if k not in frame})
    if "lead" not in frame:
        frame["lead"] = ""
    lead = frame["lead"].astype("str").where(frame["lead"] != "", frame["organisation"])
    frame["lead"] = pd.Categorical(lead, frame["organisation"].cat.categories, ordered=True)
    if not isinstance(frame["theme"].dtype, pd.CategoricalDtype):
        frame["theme"] = pd.Categorical(frame["theme"], frame["theme"].unique(), ordered=True)
    return frame


def share(
    lines: pd.DataFrame, rules: pd.DataFrame, keys: Sequence[str] = YEAR, **facts: object
) -> tuple[pd.DataFrame, "pd.Series[str]"]:
    """Apply rules to lines; give the shares, and the pot of each line."""
    terms = Terms(rules_of(rules), **facts)  # type: ignore[arg-type]
    shares, pots, _ = share_of_terms(lines_of(lines), terms, keys)
    return shares, pots
