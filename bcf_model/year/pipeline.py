"""The whole model on one screen. Touches no file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from bcf_model.agreement import working_paper
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.rules import in_force
from bcf_model.agreement.share_year import Shared, share_year
from bcf_model.agreement.worked_example import Example, of_each_scope
from bcf_model.agreement.year_parts import of_year
from bcf_model.core.errors import DataHasErrors, NotHeld, NotStated, UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.findings import Finding
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import sterling, within_last_digit
from bcf_model.core.stated_amounts import AMOUNTS, step_of, with_variance
from bcf_model.core.tables import (
    OUTPUT_TABLES,
    ComparisonOut,
    Inputs,
    Lines,
    Places,
    Table,
    VarianceView,
    records,
    typed,
)
from bcf_model.core.words import (
    CARRIED_FORWARD,
    HELD,
    KINDS,
    MET_OUTSIDE,
    NOT_STATED,
    OUTSIDE,
    POOLINGS,
    REST_OF_SCOPE,
    VERSIONS,
)
from bcf_model.core.worked_columns import LINES, work_out
from bcf_model.core.year_parts import changing_scopes
from bcf_model.indicators import tables as indicators
from bcf_model.indicators.comparison import projection_of
from bcf_model.indicators.series import Metric
from bcf_model.year import (
    agreement_comparison,
    budgets,
    commentary,
    identities,
    payments,
    published,
    reserves,
    settlement,
    variance,
)
from bcf_model.year.identities import Check
from bcf_model.year.results import Results

BALANCES = ("drawn", "paid_in", "closing")
SHARED_AMOUNTS = ("borne", "met_outside", "balancing_payment", *BALANCES)
"""Columns of the output tables that are shares, or are worked out from them."""

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
    year = inputs.settings.financial_year
    worked = _share(inputs)
    rolled_up = variance.views(worked.pooled, [by for _, by in VIEWS.values()])
    views = dict(zip(VIEWS, rolled_up, strict=True))
    groups = working_paper.groups(worked.shared.shares, inputs.categories, worked.every)
    tables = {
        **_of_lines(worked),
        **_of_shares(worked, groups),
        "published": published.compare(
            inputs.published, worked.figures.value, published.rounding(worked.figures)
        ),
    }
    checks = _checks(worked, tables, views)
    tables["checks"] = identities.require(identities.table(checks))
    outputs = {name: _in_table(OUTPUT_TABLES[name], frame) for name, frame in tables.items()}
    outputs |= _view_tables(views)
    asked = inputs.settings.commentary
    needed = commentary.needed(
        tables["variance"], inputs.commentary, asked.over_pounds, asked.over_percent
    )
    return Results(
        inputs=inputs,
        figures=worked.figures,
        outputs=_in_order(outputs)
        | indicators.written(worked.metrics, year, worked.figures.tables["price_volume"]),
        commentary=needed,
        volunteered=commentary.volunteered(worked.every, inputs.commentary, needed),
        groups=tuple(groups),
        checks=tuple(checks),
        near_half=working_paper.near_half(worked.given.shares),
        limited=worked.shared.known,
        metrics=worked.metrics,
        projections={code: projection_of(metric) for code, metric in worked.metrics.items()},
    )


class _Worked(NamedTuple):
    """A year whose variances are shared.

    Attributes:
        every: all lines. pooled, memo: those in the pool, with their pots, and the others.
        shared: what the agreement gives. given: what of it is given at this position.
        paid: `tables.PaymentsOut`. metrics: the indicators beside the money, by code.
    """

    inputs: Inputs
    terms: Terms
    every: pd.DataFrame
    pooled: pd.DataFrame
    memo: pd.DataFrame
    shared: Shared
    given: Shared
    paid: pd.DataFrame
    metrics: Mapping[str, Metric]
    figures: Ledger


def _share(inputs: Inputs) -> _Worked:
    """Compute the variance of each line, and who bears it; and keep the figures of all that."""
    year = inputs.settings.financial_year
    paid = payments.work_out(inputs.payments, inputs.activity)
    every = _with_steps(variance.by_scheme(*_amounts(inputs, paid)), inputs.steps)
    every = _with_causes(with_variance(every), inputs.causes)
    pooled = every[every["pooling"] == "pooled"].reset_index(drop=True)
    memo = every[every["pooling"] != "pooled"].reset_index(drop=True)
    free = reserves.released(inputs.reserves, inputs.achievement)
    terms = of_year(terms_of(inputs, free), year)
    shared = share_year(pooled, terms, inputs.parts, year)
    given = _given(shared) if inputs.settings.standing.no_share else shared
    pooled = pooled.assign(pot=given.pots)
    metrics = indicators.of_pool(inputs)
    facts = {
        "lines": _lines(pooled, memo),
        "payments": paid,
        "reserves": _with_balances_known(reserves.statement(free, given.shares), given.unshared),
        **indicators.selected_from(metrics),
        "price_volume": indicators.of_volumes(inputs, every),
    }
    figures = _figures(inputs, terms, given, facts)
    figures.tables["settlement"] = _settled(inputs, terms, pooled, given.shares, figures)
    return _Worked(inputs, terms, every, pooled, memo, shared, given, paid, metrics, figures)


def _given(shared: Shared) -> Shared:
    """Return a year of which no share is given: rules and bearers are known, amounts are not."""
    return shared._replace(
        shares=shared.shares.head(0),
        pots=pd.Series("", index=shared.pots.index, dtype="str"),
        cause_pots=[""] * len(shared.cause_pots),
        limits=shared.limits.head(0),
        parts=shared.parts.assign(pot=""),
    )


def _figures(
    inputs: Inputs, terms: Terms, given: Shared, facts: Mapping[str, pd.DataFrame]
) -> Ledger:
    """Return what gives any figure of the year: of its facts, and of what is shared."""
    causes = inputs.causes.assign(pot=pd.Series(given.cause_pots, dtype="str"))
    no_share = inputs.settings.standing.no_share
    return Ledger(
        {
            **facts,
            "shares": given.shares,
            **({} if given.unshared is None else {"unshared": given.unshared}),
            "budgets": budgets.stated(inputs.budgets, inputs.budget_steps, inputs.settings.budgets),
            "parts": _stated_parts(given.parts, inputs.parts),
            "causes": causes,
            "limits": given.limits,
        },
        _codes(inputs, terms),
        {"shares": no_share} if no_share else {},
    )


def _of_lines(worked: _Worked) -> dict[str, pd.DataFrame]:
    """Return the tables of lines and payments."""
    return {
        "variance": variance.with_percent(worked.pooled),
        "memo": variance.with_percent(worked.memo),
        "revenue_capital": _by_figures(worked, "kind", "kind", list(KINDS)),
        "payments": worked.paid,
    }


def _of_shares(worked: _Worked, groups: list[str]) -> dict[str, pd.DataFrame]:
    """Return the tables of who bears what."""
    inputs, tables = worked.inputs, worked.figures.tables
    by_scope = working_paper.by_scope(worked.shared.shares, inputs.categories)
    return {
        "risk_share": _noted(inputs, _with_unshared(by_scope, inputs, worked.shared.unshared)),
        "risk_share_summary": _by_figures(worked, "category_group", "category", groups),
        "risk_share_workings": worked.given.shares,
        "settlement": tables["settlement"],
        "reserves": _noted(inputs, _dated(inputs, tables["reserves"])),
        "limits": _dated(inputs, worked.given.limits),
    }


def _checks(
    worked: _Worked, tables: Mapping[str, pd.DataFrame], views: dict[str, pd.DataFrame]
) -> list[Check]:
    """Check the identities of the year; of what is stated, where something is not.

    Raises:
        DataHasErrors: a total the user stated is not what was computed.
    """
    ruled, shares, summary = worked.shared.lines, worked.given.shares, tables["risk_share_summary"]
    is_given = not worked.inputs.settings.standing.no_share
    partners = [*_partners(worked.terms), NOT_STATED]
    totals = _control_totals(worked.inputs, worked.figures)
    checks = [
        *identities.of_views(worked.pooled, _views_to_check(tables["variance"], views, summary)),
        *(identities.of_shares(ruled, shares) if is_given else ()),
        *(identities.of_summary(shares, summary) if is_given else ()),
        *identities.of_input(worked.inputs.schemes, worked.pooled, worked.memo),
        *identities.of_offsets(shares),
        *(
            identities.of_settlement(settlement.settle(ruled, shares, partners, {}))
            if is_given
            else ()
        ),
        *identities.of_limits(worked.given.limits),
        *identities.of_control_totals(totals),
    ]
    return [_of_what_is_stated(check, worked.figures) for check in checks]


def compare(tried: Sequence[Results]) -> pd.DataFrame:
    """Set the same outturn under several agreements side by side.

    Args:
        tried: the results under each, of one pool; the first is the one compared with.

    Returns:
        `tables.ComparisonOut`.

    Raises:
        NotHeld: of such a position no share is given.
    """
    if reason := tried[0].inputs.settings.standing.no_share:
        message = (
            f"agreements are compared by what each partner bears, and no share is given: {reason}"
        )
        raise NotHeld(message)
    about = {results.inputs.agreement.name: results.inputs.agreement for results in tried}
    found = agreement_comparison.compare(
        {r.inputs.agreement.name: r.outputs["settlement"] for r in tried},
        {r.inputs.agreement.name: r.outputs["payments"] for r in tried},
    )
    titled = found.assign(
        financial_year=tried[0].inputs.settings.financial_year,
        share_note=tried[0].inputs.settings.standing.share_note,
        title=[about[name].title for name in found["agreement"]],
        status=[about[name].status for name in found["agreement"]],
    )
    return _in_table(ComparisonOut, titled)


def _amounts(inputs: Inputs, paid: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the year's amounts, and the schemes with their codes in declared order.

    What providers are not paid is taken out of expenditure before anything else is worked out.
    """
    given, alone = inputs.schemes["expenditure"], inputs.schemes.get("variance", 0)
    schemes = typed_schemes(inputs).assign(given=given, alone=alone)
    columns = {name: LINES[name] for name in ("unpaid", "expenditure")}
    schemes = work_out(schemes, columns, {"payments": paid})
    amounts = schemes[["scheme_id", "budget", "expenditure"]]
    return amounts.assign(financial_year=inputs.settings.financial_year), schemes


def typed_schemes(inputs: Inputs) -> pd.DataFrame:
    """Return the schemes with their codes in declared order, and a lead for each."""
    organisations = list(inputs.organisations["organisation"])
    if any((inputs.schemes[name] == NOT_STATED).any() for name in ("organisation", "lead")):
        organisations.append(NOT_STATED)
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
    schemes = inputs.schemes.assign(lead=lead)
    coded = {
        name: pd.Categorical(schemes[name], categories=order, ordered=True)
        for name, order in orders.items()
    }
    return schemes.assign(**coded)


def _with_causes(lines: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    """Add what of each line's variance was attributed to a cause, and what was not."""
    columns = {name: LINES[name] for name in ("attributed", "unattributed")}
    return work_out(lines, columns, {"causes": causes})


def terms_of(inputs: Inputs, free: pd.DataFrame) -> Terms:
    """Return what the agreement says, rules and limits of all dates, and the facts of the year."""
    provider = inputs.organisations["organisation_kind"] == "provider"
    return Terms(
        rules=inputs.rules,
        limits=inputs.limits,
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


def examples(inputs: Inputs) -> list[Example] | None:
    """Work £100,000 over and under on a line of each scope whose rules are in force all year.

    Returns:
        None where a pooled line has no budget, holder or lead that is known.
    """
    schemes = _with_steps(typed_schemes(inputs), inputs.steps)
    schemes = schemes[(schemes["pooling"] == "pooled") & (schemes["category"] != NOT_STATED)]
    named = schemes[["organisation", "lead"]].astype("str")
    if (named == NOT_STATED).any(axis=None) or (schemes[step_of("budget")] == 0).any():
        return None
    terms = terms_of(inputs, reserves.released(inputs.reserves, inputs.achievement))
    year = inputs.settings.financial_year
    rules = of_year(terms, year).rules
    changing = changing_scopes(schemes, rules, of_year(terms, year).limits, year)
    said = replace(
        terms,
        rules=in_force(rules[~rules["scope"].isin([*changing])], year),
        limits=in_force(terms.limits, year),
        causes=terms.causes.head(0),
    )
    lines = schemes.reset_index(drop=True).assign(financial_year=year, variance=0)
    return of_each_scope(lines, said)


def _codes(inputs: Inputs, terms: Terms) -> dict[str, list[str]]:
    """Return the codes that figures of the shares may name."""
    return {
        "bearer": list(terms.kinds),
        "held": list(HELD),
        "rule": list(inputs.rules["rule_id"]),
        "grant": list(inputs.schemes["grant"].unique()),
        "terms": list(inputs.schemes["terms"].unique()),
        "transfer": [code for code in inputs.schemes["transfer_to"].unique() if code],
    }


def _partners(terms: Terms) -> list[str]:
    return [code for code, kind in terms.kinds.items() if kind == "partner"]


def _settled(
    inputs: Inputs, terms: Terms, pooled: pd.DataFrame, shares: pd.DataFrame, figures: Ledger
) -> pd.DataFrame:
    partners = _partners(terms)
    amounts, said = settlement.contributed(inputs.contributions, terms.rules, pooled)
    settled = settlement.settle(pooled, shares, partners, amounts)
    if "unshared" in figures.tables or (pooled["organisation"] == NOT_STATED).any():
        stood_in = said not in VERSIONS.values()
        settled = _settled_as_known(settled, pooled, partners, figures, stood_in=stood_in)
    of_partner = settled["party"].isin(partners)
    basis = pd.Series(said, index=settled.index, dtype="str").where(of_partner, "")
    return _noted(inputs, _dated(inputs, settled.assign(contribution_basis=basis)))


def _noted(inputs: Inputs, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of shares with what is said beside them; blank where none is given."""
    standing = inputs.settings.standing
    noted = frame.assign(share_note=standing.share_note)
    lost = [name for name in SHARED_AMOUNTS if standing.no_share and name in frame]
    return noted.assign(**{step_of(name): 0 for name in lost})


def _settled_as_known(
    settled: pd.DataFrame,
    pooled: pd.DataFrame,
    partners: Sequence[str],
    figures: Ledger,
    *,
    stood_in: bool,
) -> pd.DataFrame:
    """Add who may bear what is in doubt, and lines nobody holds; say what is not known."""
    unshared = figures.tables.get("unshared", pd.DataFrame({"bearer": [], "bearer_kind": []}))
    kinds = dict(zip(unshared["bearer"], unshared["bearer_kind"], strict=True))
    more = {code: kind for code, kind in kinds.items() if code not in {*settled["party"]}}
    nobodys = pooled[pooled["organisation"] == NOT_STATED]
    if len(nobodys):
        more[NOT_STATED] = NOT_STATED
    amounts = ["contribution", "own_variance", "borne", "met_outside", "balancing_payment"]
    added = pd.DataFrame({"party": [*more], "party_kind": [*more.values()]}, dtype="str")
    whole = pd.concat([settled, added.assign(**dict.fromkeys(amounts, 0))], ignore_index=True)
    whole.loc[whole["party"] == NOT_STATED, "own_variance"] = int(nobodys["variance"].sum())
    held = bool((nobodys["variance_step"] == 0).any() or (nobodys["variance"] != 0).any())
    no_holder = len(nobodys) and stood_in
    rows = []
    for party in whole["party"].tolist():
        holds = party in partners or party == NOT_STATED
        own = {"organisation": party}
        variance = holds and bool(figures.lacks(Figure.of("variance", **own)))
        bearer = "+".join(partners) if party == MET_OUTSIDE else party
        borne = party != NOT_STATED and bool(figures.lacks(Figure.of("borne", bearer=bearer)))
        outside = {"bearer": bearer, "held": OUTSIDE}
        apart = party != NOT_STATED and bool(figures.lacks(Figure.of("borne", **outside)))
        budget = holds and stood_in and bool(figures.lacks(Figure.of("budget", **own)))
        budget |= bool(no_holder) and holds
        payment = variance or borne or apart or (held and holds)
        rows.append((not budget, not variance, not borne, not apart, not payment))
    known = pd.DataFrame(rows, columns=[step_of(name) for name in amounts], dtype="int64")
    return pd.concat([whole, known], axis=1)


def _dated(inputs: Inputs, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(financial_year=inputs.settings.financial_year)


def _stated_parts(parts: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the lines ruled by parts, with what `tables.Parts` says of each part."""
    days = stated["first_day"] + " to " + stated["last_day"]
    place = {where: i for i, where in enumerate(zip(stated["scheme_id"], days, strict=True))}
    where = zip(parts["scheme_id"], parts["part"], strict=True)
    at = np.array([place[one] for one in where], dtype=np.intp)
    said = {name: stated[name].to_numpy()[at] for name in ("source", "note")}
    return parts.assign(**said, row=at)


def _with_steps(lines: pd.DataFrame, steps: pd.DataFrame | None) -> pd.DataFrame:
    """Add the step each amount is known to; a penny, which is exact, where nothing says so."""
    known = dict.fromkeys(AMOUNTS, 1) if steps is None else steps.reindex(lines["scheme_id"])
    return lines.assign(
        **{step_of(name): np.full(len(lines), known[name], dtype="int64") for name in AMOUNTS}
    )


def _lines(pooled: pd.DataFrame, memo: pd.DataFrame) -> pd.DataFrame:
    """Return every line with its pot: what figures select from."""
    lines = pd.concat([pooled, memo.assign(pot="")], ignore_index=True)
    return Lines.validate(lines[[*Lines.types]].assign(pot=lines["pot"].astype("str")))


def _views_to_check(
    by_scheme: pd.DataFrame, views: dict[str, pd.DataFrame], summary: pd.DataFrame
) -> dict[str, tuple[pd.DataFrame, list[str]]]:
    """Return what must add up to the total: its name, its rows and their figure keys."""
    groups = summary.rename(columns={"category_group": "category"})
    return {
        "by scheme": (by_scheme, ["scheme"]),
        **{said: (views[name], by) for name, (said, by) in VIEWS.items()},
        "of the risk share summary": (groups, ["category", "organisation"]),
    }


def _view_tables(views: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of the views; worked out as the one table they are, and then parted."""
    labelled = [views[name].assign(view=said) for name, (said, _) in VIEWS.items()]
    columns = [*dict.fromkeys(name for view in labelled for name in view)]
    whole = {
        name: np.concatenate(
            [view[name] if name in view else [""] * len(view) for view in labelled]
        )
        for name in columns
    }
    together = _in_table(VarianceView, variance.with_percent(pd.DataFrame(whole)))
    ends = np.cumsum([len(view) for view in labelled])
    parted = (together[end - len(view) : end] for view, end in zip(labelled, ends, strict=True))
    return {name: rows.reset_index(drop=True) for name, rows in zip(VIEWS, parted, strict=True)}


def _control_totals(inputs: Inputs, figures: Ledger) -> list[identities.ControlTotal]:
    """Return the totals the user stated, each with what was computed.

    Raises:
        DataHasErrors: one of them is not what was computed, or names what the pool does not hold.
    """
    stood = inputs.places.get("control_totals", Places("control_totals.csv", "", ()))
    found, wrong = [], []
    for i, row in enumerate(records(inputs.control_totals)):
        figure, amount = Figure.parse(row.figure), int(row.amount)
        if figures.not_given(figure):
            continue  # said by the checks: it can be compared with nothing
        step = inputs.control_steps[i] if inputs.control_steps else 1
        try:
            total = identities.ControlTotal(figure, amount, figures.pence(figure), step)
        except NotStated:
            continue  # said by the checks, too
        except UnknownFigure as problem:
            wrong.append(_of_total("BCF505", stood, i, repr(str(figure)), str(problem)))
            continue
        if not within_last_digit(total.found, amount, step):
            gap = sterling(total.found - amount)
            expected = f"{sterling(amount)}, a difference of {gap}"
            value = f"{sterling(total.found)} for {figure}"
            wrong.append(_of_total("BCF502", stood, i, value, expected))
        found.append(total)
    if wrong:
        raise DataHasErrors([*wrong, *inputs.findings])
    return found


def _of_what_is_stated(check: Check, figures: Ledger) -> Check:
    """Return a check as it can be made: of what is stated, where one of its figures is blank."""
    if not any(map(figures.lacks, (*check.expected_figures, *check.found_figures))):
        return check
    name = f"{check.name}, of what is stated"
    return check._replace(name=name, expected_figures=(), found_figures=())


def _of_total(code: str, stood: Places, i: int, value: str, expected: str) -> Finding:
    at, letter = stood.at(i), stood.letters.get("figure")
    cell = f"{letter}{at.row}" if letter else ""
    return at.finding(code, "figure", value, expected, cell=cell)


def _by_figures(worked: _Worked, column: str, key: str, values: list[str]) -> pd.DataFrame:
    """One row per value of a key and organisation: own budget, spend, variance, and what it bears.

    An organisation without lines or share there has no row.
    """
    amounts = dict.fromkeys(("budget", "expenditure", "variance"), "int64") | {"borne": "Int64"}
    columns = {"financial_year": "str", column: "str", "organisation": "str", **amounts}
    inputs, figures = worked.inputs, worked.figures
    rows, everybody = [], holders_of(inputs)
    for value in values:
        for organisation in everybody:
            own = Figure.of("budget", **{key: value, "organisation": organisation})
            borne = Figure.of("borne", **{key: value, "bearer": organisation})
            alike = (Figure(name, own.selection) for name in ("expenditure", "variance"))
            every = (own, *alike, borne)
            there = len(figures.rows(own)) or len(figures.rows(borne))
            if there or (any(map(figures.lacks, every)) and not figures.not_given(borne)):
                pence = [figures.so_far(figure) for figure in every]
                known = [int(not figures.lacks(figure)) for figure in every]
                rows.append([inputs.settings.financial_year, value, organisation, *pence, *known])
    columns |= {step_of(name): "int64" for name in amounts}
    return _noted(inputs, typed(pd.DataFrame(rows, columns=[*columns]), columns))


def _in_table(model: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table its columns in order, as plain text and numbers, validated.

    An amount whose step is nil is not known: it is blank, its column one that can be (`Int64`).
    """
    if frame.empty:
        return model.without_rows()
    steps = {name: frame[step_of(name)] for name in model.types if step_of(name) in frame}
    lost = {name: (step == 0).to_numpy() for name, step in steps.items() if not step.all()}
    kinds = {
        name: kind if kind == "Int64" else str(frame[name].dtype).replace("category", "str")
        for name, kind in model.types.items()
    }
    whole: pd.DataFrame = model.validate(typed(frame.reset_index(drop=True), kinds))
    blanks = {name: whole[name].astype("Int64").mask(rows) for name, rows in lost.items()}
    return whole.assign(**blanks) if blanks else whole


def _with_balances_known(statement: pd.DataFrame, unshared: pd.DataFrame | None) -> pd.DataFrame:
    """Return of which reserves it is not known what they bear, and so not what they hold."""
    if unshared is None:
        return statement
    known = (~statement["reserve"].isin(unshared["bearer"])).astype("int64")
    return statement.assign(**{step_of(name): known for name in BALANCES})


def _with_unshared(
    by_scope: pd.DataFrame, inputs: Inputs, unshared: pd.DataFrame | None
) -> pd.DataFrame:
    """Add who may bear what is in doubt, and say of whom it is not known what they bear."""
    if unshared is None or unshared.empty:
        return by_scope
    keys = ["part", "scope", "step", "bearer"]
    labels = unshared.groupby("scope", sort=False)["category"].agg(set)
    order = [*inputs.categories["category"], NOT_STATED]
    named = {scope: "+".join(sorted(codes, key=order.index)) for scope, codes in labels.items()}
    open_rows = unshared[keys].drop_duplicates(ignore_index=True)
    lost = pd.MultiIndex.from_frame(open_rows)
    known = pd.MultiIndex.from_frame(by_scope[keys])
    more = open_rows[~lost.isin(known)].assign(
        financial_year=inputs.settings.financial_year, borne=0, borne_step=0
    )
    more["category"] = more["scope"].map(named).astype("str")
    of_known = by_scope.assign(borne_step=(~known.isin(lost)).astype("int64"))
    return pd.concat([of_known, more], ignore_index=True)


def holders_of(inputs: Inputs) -> list[str]:
    """Return the organisations; at last `not stated`, where a line does not say whose it is."""
    codes = inputs.organisations["organisation"].tolist()
    return [*codes, NOT_STATED] if (inputs.schemes["organisation"] == NOT_STATED).any() else codes


def _in_order(outputs: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: outputs[name] for name in OUTPUT_TABLES}
