"""The year's sums a second time: slow, naive, in plain Python, sharing nothing with the package.

It takes the rows of a pool's files as they are written (text) and gives rows of whole pence. It was
written from the design's prose, so that a slip has to be made twice to pass.
"""

from decimal import Decimal
from fractions import Fraction

Row = dict[str, str]
Pool = dict[str, list[Row]]

PENCE = {"pounds": 100, "thousands": 100_000, "millions": 100_000_000}
KINDS = ("revenue", "capital")
NOT_STATED = "not stated"
NOTES = {1: "", 0: "no %: budget is nil", -1: "no %: budget is negative"}


def pence(text: str, unit: str) -> int:
    """Read an amount; what is in brackets, has a minus at either end, or a CR, is negative."""
    text = text.strip().replace("£", "").replace("−", "-").replace("\u00a0", "").replace(",", "")
    if text in {"-", "–", "—", "nil"}:
        return 0
    sign = 1
    if text.startswith("(") or text.endswith("CR"):
        sign = -1
    text = text.strip("()").removesuffix("CR").removesuffix("DR").strip()
    if text.startswith("-") or text.endswith("-"):
        sign, text = -sign, text.strip("-").strip()
    exact = Decimal(text) * PENCE[unit] * sign
    assert exact == int(exact), text
    return int(exact)


def half_away(number: Fraction) -> int:
    """Round to a whole number; a half goes away from nil."""
    whole = int(abs(number))
    if abs(number) - whole >= Fraction(1, 2):
        whole += 1
    return whole if number >= 0 else -whole


def percent(variance: int, budget: int) -> Decimal | None:
    """Variance in percent of budget, from a rate of nine decimals; blank unless it is above nil."""
    if budget <= 0:
        return None
    return Decimal(half_away(Fraction(variance, budget) * 10**9)) / 10**7


def split(variance: int, weights: list[int]) -> list[int]:
    """Share an amount in order: each partner bears what the running total moves by."""
    total, running, reached, parts = sum(weights), 0, 0, []
    for weight in weights:
        running += weight
        now = half_away(Fraction(variance * running, total))
        parts.append(now - reached)
        reached = now
    return parts


def solve(pool: Pool, unit: str) -> dict[str, list[tuple]]:
    """Work out every table of the year, as tuples of the columns named in `COLUMNS`."""
    lines = [_line(row, unit) for row in pool["schemes"]]
    lines = [line for line in lines if line["pooling"] == "pooled"] + [
        line for line in lines if line["pooling"] == "aligned"
    ]
    pooled = [line for line in lines if line["pooling"] == "pooled"]
    shares = _shares(pool, pooled)
    organisations = [row["organisation"] for row in pool["organisations"]]
    orders = {
        "theme": [row["theme"] for row in pool["themes"]],
        "organisation": organisations,
        "category": [row["category"] for row in pool["categories"]] + [NOT_STATED],
        "kind": list(KINDS),
    }
    found = {
        "variance": [_sold(line) for line in pooled],
        "memo": [_sold(line) for line in lines if line["pooling"] == "aligned"],
        "risk_share_workings": [
            (
                share["scope"], share["category"], share["kind"], share["holder"],
                share["rule_id"], share["direction"], share["step"], share["basis"],
                share["position"], share["bearer"], share["variance"], share["borne"],
                share["clause"],
            )
            for share in shares
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
    }  # fmt: skip
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
        "scope", "category", "kind", "holder", "rule_id", "direction", "step", "basis",
        "position", "bearer", "variance", "borne", "clause",
    ],
    "risk_share": ["scope", "category", "step", "bearer", "borne"],
    "revenue_capital": ["kind", "organisation", *_AMOUNTS, "borne"],
    "risk_share_summary": ["category_group", "organisation", *_AMOUNTS, "borne"],
    **{
        name: ["theme", "organisation", "category", "kind", *_AMOUNTS, *_PERCENT] for name in VIEWS
    },
}  # fmt: skip


def _line(row: Row, unit: str) -> dict:
    budget, expenditure = pence(row["budget"], unit), pence(row["expenditure"], unit)
    return {
        **row,
        "budget": budget,
        "expenditure": expenditure,
        "variance": expenditure - budget,
    }


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


def _covers(scope: str, line: dict) -> bool:
    if scope == "pool":
        return True
    for part in scope.split("/"):
        key, _, values = part.partition("=")
        if line["scheme_id" if key == "scheme" else key] not in values.split("+"):
            return False
    return True


def _shares(pool: Pool, pooled: list[dict]) -> list[dict]:
    """Who bears what: scope by scope, revenue before capital, pot by pot, in the rules' order."""
    scopes: list[str] = []
    for rule in pool["rules"]:
        if rule["scope"] not in scopes:
            scopes.append(rule["scope"])
    declared = [row["category"] for row in pool["categories"]]
    shares = []
    for scope in scopes:
        for kind in KINDS:
            there = [
                line
                for line in pooled
                if line["kind"] == kind and line["category"] != NOT_STATED and _covers(scope, line)
            ]
            if not there:
                continue
            way = "under" if _amounts(there)[2] < 0 else "over"
            call = [
                rule
                for rule in pool["rules"]
                if rule["scope"] == scope and rule["direction"] in (way, "either")
            ]
            if call[0]["basis"] == "own":
                holders = [
                    row["organisation"]
                    for row in pool["organisations"]
                    if any(line["organisation"] == row["organisation"] for line in there)
                ]
                pots = [
                    (holder, [line for line in there if line["organisation"] == holder])
                    for holder in holders
                ]
            else:
                pots = [("", there)]
            for holder, netted in pots:
                variance = _amounts(netted)[2]
                weights = [int(Decimal(rule["share"].strip("%")) * 10**6) for rule in call]
                spanned = [c for c in declared if any(line["category"] == c for line in netted)]
                for k, borne in enumerate(split(variance, weights)):
                    rule = call[k]
                    shares.append(
                        {
                            "scope": scope,
                            "category": "+".join(spanned),
                            "kind": kind,
                            "holder": holder,
                            "rule_id": rule["rule_id"],
                            "direction": rule["direction"],
                            "step": int(rule["step"]),
                            "basis": rule["basis"],
                            "position": k + 1,
                            "bearer": holder or rule["bearer"],
                            "variance": variance,
                            "borne": borne,
                            "clause": rule["clause"],
                        }
                    )
    return shares


def _by_scope(shares: list[dict], declared: list[str]) -> list[tuple]:
    spanned: dict[str, set[str]] = {}
    sums: dict[tuple, int] = {}
    for share in shares:
        spanned.setdefault(share["scope"], set()).update(share["category"].split("+"))
        key = (share["scope"], share["step"], share["bearer"])
        sums[key] = sums.get(key, 0) + share["borne"]
    return [
        (scope, "+".join(c for c in declared if c in spanned[scope]), step, bearer, borne)
        for (scope, step, bearer), borne in sums.items()
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
