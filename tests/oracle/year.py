"""The year's sums a second time: slow, naive, in plain Python, sharing nothing with the package.

It takes the rows of a pool's files as they are written (text) and gives rows of whole pence. It was
written from the design's prose, so that a slip has to be made twice to pass.
"""

from decimal import Decimal

from tests.oracle.agreement import KINDS, Agreement
from tests.oracle.facts import NOT_STATED
from tests.oracle.sums import Pool, half_away, pence, percent, split

__all__ = ["COLUMNS", "VIEWS", "half_away", "pence", "percent", "solve", "split"]

NOTES = {1: "", 0: "no %: budget is nil", -1: "no %: budget is negative"}


def solve(pool: Pool, unit: str) -> dict[str, list[tuple]]:
    """Work out every table of the year, as tuples of the columns named in `COLUMNS`."""
    worked = Agreement(pool, unit)
    lines = [
        line
        for pooling in ("pooled", "aligned", "in view")
        for line in worked.lines
        if line["pooling"] == pooling
    ]
    pooled = [line for line in lines if line["pooling"] == "pooled"]
    shares = worked.shares
    organisations = [row["organisation"] for row in pool["organisations"]]
    orders = {
        "theme": [row["theme"] for row in pool["themes"]],
        "organisation": organisations,
        "category": [row["category"] for row in pool["categories"]] + [NOT_STATED],
        "kind": list(KINDS),
    }
    found = {
        "variance": [_sold(line) for line in pooled],
        "memo": [_sold(line) for line in lines if line["pooling"] != "pooled"],
        "risk_share_workings": _columns("risk_share_workings", shares),
        "settlement": _columns("settlement", _settlement(pool, worked)),
        "reserves": _columns("reserves", list(worked.reserves.values())),
        "limits": [
            (
                *(one.code, one.row["bearer"], one.row["counts"]),
                *(one.budget, one.amount, one.used(), one.amount - one.used()),
            )
            for one in worked.limits
        ],
        "payments": [
            (line["scheme_id"], line["unpaid"])
            for row in pool.get("payments", [])
            for line in lines
            if line["scheme_id"] == row["scheme_id"]
        ],
        "risk_share": _by_scope(shares, orders["category"]),
        "revenue_capital": [
            row
            for kind in KINDS
            for row in _own_and_borne(
                kind,
                organisations,
                [line for line in pooled if line["kind"] == kind],
                [share for share in shares if share["kind"] == kind],
            )
        ],
        "risk_share_summary": _summary(pool, pooled, shares, orders),
    }
    for name, by in VIEWS.items():
        found[name] = _view(pooled, by, orders)
    return found


VIEWS = {
    "variance_by_theme": ["theme"],
    "variance_by_organisation": ["organisation"],
    "variance_by_theme_organisation": ["theme", "organisation"],
    "variance_by_category": ["category"],
    "variance_by_kind": ["kind"],
    "variance_total": [],
}
_AMOUNTS = ["budget", "expenditure", "variance"]
_PERCENT = ["variance_percent", "percent_note"]
_SCHEME = ["theme", "organisation", "scheme_id", "scheme", "category", "kind"]

COLUMNS = {
    "variance": [*_SCHEME, *_AMOUNTS, *_PERCENT],
    "memo": [*_SCHEME, *_AMOUNTS, *_PERCENT],
    "risk_share_workings": [
        "part", "scope", "category", "kind", "grant", "cause", "unit", "holder", "rule_id",
        "direction", "step", "band_from", "band_to", "position", "bearer", "basis", "variance",
        "offered", "slice", "share", "limits", "room", "room_under", "borne", "held", "clause",
    ],
    "settlement": [
        "party", "party_kind", "own_variance", "borne", "met_outside", "balancing_payment",
    ],
    "reserves": ["reserve", "opening", "released", "paid_in", "drawn", "closing"],
    "limits": ["limit_id", "bearer", "counts", "budget", "amount", "counted", "left"],
    "payments": ["scheme_id", "unpaid"],
    "risk_share": ["part", "scope", "category", "step", "bearer", "borne"],
    "revenue_capital": ["kind", "organisation", *_AMOUNTS, "borne"],
    "risk_share_summary": ["category_group", "organisation", *_AMOUNTS, "borne"],
    **{
        name: ["theme", "organisation", "category", "kind", *_AMOUNTS, *_PERCENT] for name in VIEWS
    },
}  # fmt: skip


def _columns(name: str, rows: list[dict]) -> list[tuple]:
    return [tuple(row[column] for column in COLUMNS[name]) for row in rows]


def _settlement(pool: Pool, worked: Agreement) -> list[dict]:
    """Partners, then who else is named as a bearer, then what partners meet outside the pool."""
    party_of = {row["party"]: row for row in worked.settlement}
    kinds = {row["organisation"]: row["organisation_kind"] for row in pool["organisations"]}
    partners = [code for code, kind in kinds.items() if kind != "provider"]
    others = dict.fromkeys(s["bearer"] for s in worked.shares)
    nil = dict.fromkeys(("own_variance", "borne", "met_outside", "balancing_payment"), 0)
    rows = [{**party_of[party], "party_kind": "partner"} for party in partners]
    for party in others:
        if party not in partners:
            kind = "reserve" if party in worked.reserves else kinds.get(party, party)
            rows.append({**party_of.get(party, {**nil, "party": party}), "party_kind": kind})
    if any(s["held"] == "outside the pool" and s["bearer"] in partners for s in worked.shares):
        met = sum(row["met_outside"] for row in rows)
        apart = {"party": "met outside the pool", "party_kind": "partner"}
        rows.append({**nil, **apart, "balancing_payment": met})
    return rows


def _amounts(lines: list[dict]) -> tuple[int, int, int]:
    budget, expenditure = 0, 0
    for line in lines:
        budget += line["budget"]
        expenditure += line["expenditure"]
    return budget, expenditure, expenditure - budget


def _percent(budget: int, variance: int) -> tuple[Decimal | None, str]:
    return percent(variance, budget), NOTES[(budget > 0) - (budget < 0)]


def _sold(line: dict) -> tuple:
    amounts = _amounts([line])
    return (*(line[name] for name in _SCHEME), *amounts, *_percent(amounts[0], amounts[2]))


def _view(lines: list[dict], by: list[str], orders: dict[str, list[str]]) -> list[tuple]:
    """One row for each combination of codes that has lines, in the order the codes are declared."""
    combinations: list[dict[str, str]] = [{}]
    for key in by:
        combinations = [{**one, key: code} for one in combinations for code in orders[key]]
    rows = []
    for chosen in combinations:
        there = [line for line in lines if all(line[k] == v for k, v in chosen.items())]
        if there:
            amounts = _amounts(there)
            keys = tuple(
                chosen.get(key, "") for key in ("theme", "organisation", "category", "kind")
            )
            rows.append((*keys, *amounts, *_percent(amounts[0], amounts[2])))
    return rows


def _by_scope(shares: list[dict], declared: list[str]) -> list[tuple]:
    spanned: dict[tuple, set[str]] = {}
    sums: dict[tuple, int] = {}
    for share in shares:
        spanned.setdefault((share["part"], share["scope"]), set()).update(
            share["category"].split("+")
        )
        key = (share["part"], share["scope"], share["step"], share["bearer"])
        sums[key] = sums.get(key, 0) + share["borne"]
    return [
        (part, scope, "+".join(c for c in declared if c in spanned[part, scope]), *rest, borne)
        for (part, scope, *rest), borne in sums.items()
    ]


def _own_and_borne(
    label: str, organisations: list[str], lines: list[dict], shares: list[dict]
) -> list[tuple]:
    rows = []
    for organisation in organisations:
        own = [line for line in lines if line["organisation"] == organisation]
        bears = [share for share in shares if share["bearer"] == organisation]
        if own or bears:
            borne = sum(share["borne"] for share in bears)
            rows.append((label, organisation, *_amounts(own), borne))
    return rows


def _summary(
    pool: Pool, pooled: list[dict], shares: list[dict], orders: dict[str, list[str]]
) -> list[tuple]:
    """Categories stand together by their summary group, and where one pot spans them."""
    group = {row["category"]: row["summary_group"] or row["category"] for row in pool["categories"]}
    for share in shares:
        spanned = share["category"].split("+")
        for category in spanned[1:]:
            gone, kept = group[category], group[spanned[0]]
            group = {c: kept if g == gone else g for c, g in group.items()}
    rows, done = [], set()
    for category in orders["category"]:
        mark = group.get(category, NOT_STATED)
        if mark in done:
            continue
        done.add(mark)
        members = [c for c in orders["category"] if group.get(c, NOT_STATED) == mark]
        rows += _own_and_borne(
            "+".join(members),
            orders["organisation"],
            [line for line in pooled if line["category"] in members],
            [share for share in shares if share["category"].split("+")[0] in members],
        )
    return rows
