"""The whole model on one screen. Touches no file."""

import pandas as pd

from bcf_model.figures import Figure, Ledger
from bcf_model.model import commentary, published, reconcile, risk_share, variance
from bcf_model.results import Results
from bcf_model.tables import OUTPUT_TABLES, Inputs, Lines, Table, fields
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
    every = variance.by_scheme(*_amounts(inputs))
    pooled = every[every["pooling"] == "pooled"].reset_index(drop=True)
    shares, pots = risk_share.share(pooled, inputs.rules)
    pooled["pot"] = pots.astype("str")
    memo = every[every["pooling"] != "pooled"].assign(pot="")
    lines = pd.concat([pooled, memo], ignore_index=True).astype({"pot": "str"})
    rolled_up = variance.views(pooled, [by for _, by in VIEWS.values()])
    views = dict(zip(VIEWS, rolled_up, strict=True))
    by_scheme = variance.with_percent(pooled)
    figures = Ledger({"lines": Lines.validate(lines[_columns(Lines)]), "shares": shares})
    groups = risk_share.groups(shares, inputs.categories, lines)
    summary = _by_figures(inputs, figures, "category_group", "category", groups)
    kinds = _by_figures(inputs, figures, "kind", "kind", list(KINDS))
    stated = dict(
        zip(
            map(Figure.parse, inputs.control_totals["figure"]),
            inputs.control_totals["amount"],
            strict=True,
        )
    )
    checks = [
        *reconcile.of_views(
            pooled,
            {
                "by scheme": (by_scheme, ["scheme"]),
                **{said: (views[name], by) for name, (said, by) in VIEWS.items()},
                "of the risk share summary": (
                    summary.rename(columns={"category_group": "category"}),
                    ["category", "organisation"],
                ),
            },
        ),
        *reconcile.of_shares(pooled, shares),
        *reconcile.of_input(inputs.schemes, pooled, memo),
        *reconcile.of_control_totals(stated, [figures.pence(figure) for figure in stated]),
    ]
    outputs = {
        "variance": by_scheme,
        **{name: _view_out(views[name], *VIEWS[name]) for name in VIEWS},
        "memo": variance.with_percent(memo.reset_index(drop=True)),
        "risk_share": risk_share.by_scope(shares, inputs.categories),
        "risk_share_summary": summary,
        "risk_share_workings": shares,
        "revenue_capital": kinds,
        "published": published.compare(
            inputs.published,
            figures.value,
            figures.amounts_behind,
            published.step_of(
                pd.concat([inputs.schemes["budget"], inputs.schemes["expenditure"]]),
                inputs.settings.unit,
            ),
        ),
        "checks": reconcile.require(reconcile.table(checks)),
    }
    return Results(
        inputs=inputs,
        figures=figures,
        outputs={name: _as_sold(name, outputs[name]) for name in OUTPUT_TABLES},
        commentary=commentary.needed(
            by_scheme,
            inputs.commentary,
            inputs.settings.commentary.over_pounds,
            inputs.settings.commentary.over_percent,
        ),
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


def _view_out(view: pd.DataFrame, said: str, by: list[str]) -> pd.DataFrame:
    blanks = {key: "" for key in ("theme", "organisation", "category", "kind") if key not in by}
    return variance.with_percent(view.assign(view=said, **blanks))


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


def _as_sold(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a table its columns in order, as plain text and numbers, validated."""
    plain = frame[_columns(OUTPUT_TABLES[name])].copy()
    for column in plain.select_dtypes("category"):
        plain[column] = plain[column].astype("str")
    return OUTPUT_TABLES[name].validate(plain.reset_index(drop=True))


def _columns(model: type[Table]) -> list[str]:
    return [meaning.name for meaning in fields(model)]
