"""The whole model on one screen. Touches no file."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bcf_model.errors import DataHasErrors, UnknownFigure
from bcf_model.figures import Figure
from bcf_model.findings import Finding
from bcf_model.ledger import Ledger
from bcf_model.model import (
    budgets,
    commentary,
    comparison,
    payments,
    published,
    reconcile,
    reserves,
    settlement,
    variance,
)
from bcf_model.money import sterling
from bcf_model.results import Results
from bcf_model.risk_share import working_paper
from bcf_model.risk_share.agreement import in_force
from bcf_model.risk_share.parcels import Terms
from bcf_model.risk_share.pots import share
from bcf_model.tables import (
    OUTPUT_TABLES,
    ComparisonOut,
    Inputs,
    Lines,
    Places,
    Table,
    VarianceView,
    fields,
    records,
)
from bcf_model.vocabulary import (
    CARRIED_FORWARD,
    HELD,
    KINDS,
    NOT_STATED,
    OUTSIDE,
    POOLINGS,
    REST_OF_SCOPE,
)

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
        DataHasErrors: a total the user stated is not what was computed.
        DoesNotReconcile: an identity fails; nothing is given out.
    """
    paid = payments.work_out(inputs.payments, inputs.activity)
    every = _with_steps(variance.by_scheme(*_amounts(inputs, paid)), inputs.steps)
    every = _with_causes(every, inputs.causes)
    pooled = every[every["pooling"] == "pooled"].reset_index(drop=True)
    memo = every[every["pooling"] != "pooled"].reset_index(drop=True)
    free = reserves.released(inputs.reserves, inputs.achievement)
    terms = terms_of(inputs, free)
    shares, pots, cause_pots = share(pooled, terms)
    pooled["pot"] = pots.astype("str")
    figures = Ledger(
        {
            "lines": _lines(pooled, memo),
            "shares": shares,
            "budgets": budgets.stated(inputs.budgets, inputs.budget_steps, inputs.settings.budgets),
            "causes": inputs.causes.assign(pot=pd.Series(cause_pots, dtype="str")),
            "payments": paid,
            "reserves": reserves.statement(free, shares),
        },
        _codes(inputs, terms),
    )
    by_scheme = variance.with_percent(pooled)
    rolled_up = variance.views(pooled, [by for _, by in VIEWS.values()])
    views = dict(zip(VIEWS, rolled_up, strict=True))
    groups = working_paper.groups(shares, inputs.categories, every)
    summary = _by_figures(inputs, figures, "category_group", "category", groups)
    settled = _settled(inputs, terms, pooled, shares)
    stated = _control_totals(inputs, figures)
    checks = [
        *reconcile.of_views(pooled, _views_to_check(by_scheme, views, summary)),
        *reconcile.of_shares(pooled, shares),
        *reconcile.of_summary(shares, summary),
        *reconcile.of_input(inputs.schemes, pooled, memo),
        *reconcile.of_offsets(shares),
        *reconcile.of_settlement(settled),
        *reconcile.of_control_totals(stated, [figures.pence(figure) for figure in stated]),
    ]
    outputs = {
        "variance": by_scheme,
        "memo": variance.with_percent(memo),
        "risk_share": working_paper.by_scope(shares, inputs.categories),
        "risk_share_summary": summary,
        "risk_share_workings": shares,
        "revenue_capital": _by_figures(inputs, figures, "kind", "kind", list(KINDS)),
        "settlement": settled,
        "reserves": _dated(inputs, figures.tables["reserves"]),
        "payments": paid,
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
        near_half=working_paper.near_half(shares),
    )


def compare(tried: Sequence[Results]) -> pd.DataFrame:
    """Set the same outturn under several agreements side by side.

    Args:
        tried: the results under each, of one pool; the first is the one compared with.

    Returns:
        `tables.ComparisonOut`.
    """
    about = {results.inputs.agreement.name: results.inputs.agreement for results in tried}
    found = comparison.compare(
        {r.inputs.agreement.name: r.outputs["settlement"] for r in tried},
        {r.inputs.agreement.name: r.outputs["payments"] for r in tried},
    )
    told = found.assign(
        financial_year=tried[0].inputs.settings.financial_year,
        title=[about[name].title for name in found["agreement"]],
        status=[about[name].status for name in found["agreement"]],
    )
    return _as_sold(ComparisonOut, told)


def _amounts(inputs: Inputs, paid: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the year's amounts, and the schemes with their codes in declared order.

    What providers are not paid is taken out of expenditure before anything else is worked out.
    """
    given = inputs.schemes["expenditure"]
    unpaid = payments.unpaid_by_line(paid, inputs.schemes["scheme_id"])
    amounts = inputs.schemes[["scheme_id", "budget"]].assign(expenditure=given - unpaid)
    schemes = typed_schemes(inputs).assign(given=given, unpaid=unpaid)
    return amounts.assign(financial_year=inputs.settings.financial_year), schemes


def typed_schemes(inputs: Inputs) -> pd.DataFrame:
    """Give the schemes with their codes in declared order, and a lead for each."""
    organisations = list(inputs.organisations["organisation"])
    orders = {
        "theme": list(inputs.themes["theme"]),
        "organisation": organisations,
        "lead": organisations,
        "category": [*inputs.categories["category"], NOT_STATED],
        "kind": list(KINDS),
        "pooling": list(POOLINGS),
    }
    lead = inputs.schemes["lead"].where(
        inputs.schemes["lead"] != "", inputs.schemes["organisation"]
    )
    return inputs.schemes.assign(lead=lead).astype(
        {name: pd.CategoricalDtype(order, ordered=True) for name, order in orders.items()}
    )


def _with_causes(lines: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    """Add what of each line's variance was attributed to a cause, and what was not."""
    sums = causes.groupby("scheme_id")["amount"].sum()
    attributed = sums.reindex(lines["scheme_id"], fill_value=0).to_numpy()
    return lines.assign(attributed=attributed, unattributed=lines["variance"] - attributed)


def terms_of(inputs: Inputs, free: pd.DataFrame) -> Terms:
    """Give what the agreement and the facts of the year say."""
    provider = inputs.organisations["organisation_kind"] == "provider"
    return Terms(
        rules=in_force(inputs.rules, inputs.settings.financial_year),
        contributions=inputs.contributions,
        causes=inputs.causes,
        reserves={str(row.reserve): int(row.released) for row in records(free)},
        kinds={
            **dict.fromkeys(inputs.organisations["organisation"], "partner"),
            **dict.fromkeys(inputs.organisations.loc[provider, "organisation"], "provider"),
            **dict.fromkeys(inputs.reserves["reserve"], "reserve"),
            **{word: word for word in (CARRIED_FORWARD, OUTSIDE, REST_OF_SCOPE)},
        },
    )


def _codes(inputs: Inputs, terms: Terms) -> dict[str, list[str]]:
    """Give the codes that figures of the shares may name."""
    return {
        "bearer": list(terms.kinds),
        "held": list(HELD),
        "rule": list(inputs.rules["rule_id"]),
        "grant": list(inputs.schemes["grant"].unique()),
        "terms": list(inputs.schemes["terms"].unique()),
        "transfer": [code for code in inputs.schemes["transfer_to"].unique() if code],
    }


def _settled(
    inputs: Inputs, terms: Terms, pooled: pd.DataFrame, shares: pd.DataFrame
) -> pd.DataFrame:
    partners = [code for code, kind in terms.kinds.items() if kind == "partner"]
    amounts, said = settlement.contributed(inputs.contributions, terms.rules, pooled)
    settled = settlement.settle(pooled, shares, partners, amounts)
    of_partner = settled["party"].isin(partners)
    basis = pd.Series(said, index=settled.index, dtype="str").where(of_partner, "")
    return _dated(inputs, settled.assign(contribution_basis=basis))


def _dated(inputs: Inputs, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(financial_year=inputs.settings.financial_year)


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


def _control_totals(inputs: Inputs, figures: Ledger) -> dict[Figure, int]:
    """Give the totals the user stated.

    Raises:
        DataHasErrors: one of them is not what was computed, or names what the pool does not hold.
    """
    stated = {Figure.parse(row.figure): int(row.amount) for row in records(inputs.control_totals)}
    stood = inputs.places.get("control_totals", Places("control_totals.csv", "", ()))
    rows = stood.rows or (0,) * len(inputs.control_totals)
    at = dict(zip(map(Figure.parse, inputs.control_totals["figure"]), rows, strict=True))
    wrong = []
    for figure, amount in stated.items():
        try:
            found = figures.pence(figure)
        except UnknownFigure as problem:
            wrong.append(_of_total("BCF505", stood, at[figure], repr(str(figure)), str(problem)))
            continue
        if found != amount:
            expected = f"{sterling(amount)}, a difference of {sterling(found - amount)}"
            wrong.append(
                _of_total("BCF502", stood, at[figure], f"{sterling(found)} for {figure}", expected)
            )
    if wrong:
        raise DataHasErrors([*wrong, *inputs.findings])
    return stated


def _of_total(code: str, stood: Places, row: int, value: str, expected: str) -> Finding:
    column = "figure"
    cell = f"{stood.letters[column]}{row}" if column in stood.letters else ""
    return Finding(code, stood.file, row, column, value, expected, stood.sheet, cell)


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
