"""The whole model on one screen. Touches no file."""

import numpy as np
import pandas as pd

from bcf_model.figures import Figure
from bcf_model.ledger import Ledger
from bcf_model.model import commentary, published, reconcile, risk_share, variance
from bcf_model.results import Results
from bcf_model.tables import OUTPUT_TABLES, Inputs, Lines, Table, VarianceView, fields, records
from bcf_model.vocabulary import KINDS, NOT_STATED, POOLINGS

VIEWS = {
    "variance_by_theme": ("by theme", ["theme"]),
    "variance_by_organisation": ("by organisation", ["organisation"]),
    "variance_by_theme_organisation": ("by theme and organisation", ["theme", "organisation"]),
    "variance_by_category": ("by category", ["category"]),
    "variance_by_kind": ("by kind", ["kind"]),
    "variance_total": ("in total", []),
}


def run(inputs: Inputs) -> Results:
    """One pool, one year: from budget and expenditure to who bears the difference.

    Args:
        inputs: a sound pool, as `load` gives it.

    Raises:
        DoesNotReconcile: an identity fails; nothing is given out.
    """
    every = _with_steps(variance.by_scheme(*_amounts(inputs)), inputs.steps)
    pooled = every[every["pooling"] == "pooled"].reset_index(drop=True)
    memo = every[every["pooling"] != "pooled"].reset_index(drop=True)
    shares, pots = risk_share.share(pooled, inputs.rules)
    pooled["pot"] = pots.astype("str")
    figures = Ledger({"lines": _lines(pooled, memo), "shares": shares})
    by_scheme = variance.with_percent(pooled)
    rolled_up = variance.views(pooled, [by for _, by in VIEWS.values()])
    views = dict(zip(VIEWS, rolled_up, strict=True))
    groups = risk_share.groups(shares, inputs.categories, every)
    summary = _by_figures(inputs, figures, "category_group", "category", groups)
    stated = {Figure.parse(row.figure): int(row.amount) for row in records(inputs.control_totals)}
    checks = [
        *reconcile.of_views(pooled, _views_to_check(by_scheme, views, summary)),
        *reconcile.of_shares(pooled, shares),
        *reconcile.of_summary(pooled, summary),
        *reconcile.of_input(inputs.schemes, pooled, memo),
        *reconcile.of_control_totals(stated, [figures.pence(figure) for figure in stated]),
    ]
    outputs = {
        "variance": by_scheme,
        "memo": variance.with_percent(memo),
        "risk_share": risk_share.by_scope(shares, inputs.categories),
        "risk_share_summary": summary,
        "risk_share_workings": shares,
        "revenue_capital": _by_figures(inputs, figures, "kind", "kind", list(KINDS)),
        "published": published.compare(
            inputs.published, figures.value, published.rounding(figures)
        ),
        "checks": reconcile.require(reconcile.table(checks)),
    }
    limits = inputs.settings.commentary
    needed = commentary.needed(
        by_scheme, inputs.commentary, limits.over_pounds, limits.over_percent
    )
    return Results(
        inputs=inputs,
        figures=figures,
        outputs=_in_order(
            {name: _as_sold(OUTPUT_TABLES[name], frame) for name, frame in outputs.items()}
            | _views_as_sold(views)
        ),
        commentary=needed,
        volunteered=commentary.volunteered(every, inputs.commentary, needed),
        groups=tuple(groups),
        checks=tuple(checks),
        near_half=risk_share.near_half(shares),
    )


def _amounts(inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the year's amounts, and the schemes with their codes in declared order."""
    orders = {
        "theme": list(inputs.themes["theme"]),
        "organisation": list(inputs.organisations["organisation"]),
        "category": [*inputs.categories["category"], NOT_STATED],
        "kind": list(KINDS),
        "pooling": list(POOLINGS),
    }
    schemes = inputs.schemes.astype(
        {name: pd.CategoricalDtype(order, ordered=True) for name, order in orders.items()}
    )
    amounts = inputs.schemes[["scheme_id", "budget", "expenditure"]]
    return amounts.assign(financial_year=inputs.settings.financial_year), schemes


def _with_steps(lines: pd.DataFrame, steps: pd.DataFrame | None) -> pd.DataFrame:
    """Add the step each amount is written in; a penny, which is exact, where none is known."""
    for name in ("budget", "expenditure"):
        known = 1 if steps is None else steps[name].reindex(lines["scheme_id"]).to_numpy()
        lines = lines.assign(**{f"{name}_step": np.full(len(lines), known, dtype="int64")})
    return lines


def _lines(pooled: pd.DataFrame, memo: pd.DataFrame) -> pd.DataFrame:
    """Give every line with its pot: what figures select from."""
    lines = pd.concat([pooled, memo.assign(pot="")], ignore_index=True)
    return Lines.validate(lines[_columns(Lines)].astype({"pot": "str"}))


def _views_to_check(
    by_scheme: pd.DataFrame, views: dict[str, pd.DataFrame], summary: pd.DataFrame
) -> dict[str, tuple[pd.DataFrame, list[str]]]:
    """Give what must add up to the total: by what it is called, its rows and their figure keys."""
    groups = summary.rename(columns={"category_group": "category"})
    return {
        "by scheme": (by_scheme, ["scheme"]),
        **{said: (views[name], by) for name, (said, by) in VIEWS.items()},
        "of the risk share summary": (groups, ["category", "organisation"]),
    }


def _views_as_sold(views: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give the views as sold; worked out as the one table they are, and then parted."""
    labelled = []
    for name, (said, by) in VIEWS.items():
        blanks = {key: "" for key in ("theme", "organisation", "category", "kind") if key not in by}
        as_text = dict.fromkeys(by, "str")
        labelled.append(views[name].astype(as_text).assign(view=said, **blanks))
    whole = variance.with_percent(pd.concat(labelled, ignore_index=True))
    sold = _as_sold(VarianceView, whole)
    return {
        name: sold[sold["view"] == said].reset_index(drop=True) for name, (said, _) in VIEWS.items()
    }


def _by_figures(
    inputs: Inputs, figures: Ledger, column: str, key: str, values: list[str]
) -> pd.DataFrame:
    """One row per value of a key and organisation: own budget, spend, variance, and what it bears.

    An organisation without lines or share there has no row.
    """
    amounts = dict.fromkeys(("budget", "expenditure", "variance", "borne"), "int64")
    columns = {"financial_year": "str", column: "str", "organisation": "str", **amounts}
    rows = []
    for value in values:
        for organisation in inputs.organisations["organisation"]:
            own = {
                measure: Figure.of(measure, **{key: value, "organisation": organisation})
                for measure in ("budget", "expenditure", "variance")
            }
            borne = Figure.of("borne", **{key: value, "bearer": organisation})
            if len(figures.rows(own["budget"])) or len(figures.rows(borne)):
                pence = [figures.pence(figure) for figure in (*own.values(), borne)]
                rows.append([inputs.settings.financial_year, value, organisation, *pence])
    return pd.DataFrame(rows, columns=[*columns]).astype(columns)


def _as_sold(model: type[Table], frame: pd.DataFrame) -> pd.DataFrame:
    """Give a table its columns in order, as plain text and numbers, validated."""
    plain = frame[_columns(model)].copy()
    for column in plain.select_dtypes("category"):
        plain[column] = plain[column].astype("str")
    return model.validate(plain.reset_index(drop=True))


def _in_order(outputs: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: outputs[name] for name in OUTPUT_TABLES}


def _columns(model: type[Table]) -> list[str]:
    return [meaning.name for meaning in fields(model)]
