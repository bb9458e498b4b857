"""The facts of the year a second time: files, scopes, payments, reserves and weights.

Written from docs/rules.md alone. Where the page may be read in two ways, "Read as:" says which.
"""

from tests.oracle.sums import Pool, Row, clip, half_away, number, pence

NOT_STATED = "not stated"
NONE = "none"
KEYS = ("theme", "organisation", "category", "kind", "scheme", "lead", "terms", "grant", "cause")
UNIT_OF = {
    "scope": "",
    "theme": "theme",
    "category": "category",
    "holder": "organisation",
    "line": "scheme_id",
}
DEFAULTS = {
    "schemes": {"pooling": "pooled", "terms": NOT_STATED, "grant": NONE},
    "rules": {"share": "0", "netting": "scope", "held": "in the pool"},
    "limits": {"covers": "pool", "counts": "overspends"},
    "contributions": {"to": "pool", "funding": "core"},
}
Line = dict
Pot = dict

# ------------------------------------------------------------------ the files


def with_defaults(pool: Pool, table: str) -> list[Row]:
    """Give the rows of a table, blank or absent cells with what they mean."""
    rows = []
    for row in pool.get(table, []):
        stated = {name: text for name, text in row.items() if text.strip()}
        rows.append({**row, **DEFAULTS.get(table, {}), **stated})
    return rows


def in_force(rule: Row, first_day: str, last_day: str) -> bool:
    """Rule 1: its dates cover the whole year."""
    since, until = rule.get("in_force_from", "").strip(), rule.get("in_force_to", "").strip()
    return (not since or since <= first_day) and (not until or until >= last_day)


def restated(pool: Pool, unit: str) -> list[Line]:
    """Give the lines, expenditure less what payment by activity leaves unpaid."""
    payments = {row["scheme_id"]: row for row in pool.get("payments", [])}
    activity = {row["scheme_id"]: row for row in pool.get("activity", [])}
    lines = []
    for row in with_defaults(pool, "schemes"):
        unpaid = 0
        if row["scheme_id"] in payments:
            unpaid = _unpaid(payments[row["scheme_id"]], activity[row["scheme_id"]])
        budget = pence(row["budget"], unit)
        expenditure = pence(row["expenditure"], unit) - unpaid
        lines.append(
            {
                **row,
                "lead": row.get("lead", "").strip() or row["organisation"],
                "budget": budget,
                "expenditure": expenditure,
                "unpaid": unpaid,
                "variance": expenditure - budget,
            }
        )
    return lines


def _unpaid(payment: Row, activity: Row) -> int:
    """What activity above plan costs at full price, less what the commissioner pays of it."""
    planned, actual = int(activity["planned"]), int(activity["actual"])
    price = pence(activity["price"], "pounds")
    extra = (actual - planned) * price
    reopens = half_away(planned * price * number(payment["reopens_at"]) / 100)
    up_to = clip(extra, -reopens, reopens)  # Read as: it reopens below plan as it does above
    share = number(payment["share_above"] if extra > 0 else payment["share_below"])
    beyond = number(payment["share_beyond"])
    return extra - half_away(up_to * share / 100) - half_away((extra - up_to) * beyond / 100)


def opening_reserves(pool: Pool, unit: str) -> dict[str, dict]:
    """Give each reserve with what is released of its opening balance."""
    measures = {row["measure"]: row for row in pool.get("achievement", [])}
    reserves = {}
    for row in pool.get("reserves", []):
        opening = released = pence(row["opening"], unit)
        if row.get("released_by", "").strip():
            measure = measures[row["released_by"]]
            earned = opening * number(measure["achieved"]) / number(measure["planned"])
            released = clip(half_away(earned), 0, opening)
        reserves[row["reserve"]] = {
            "reserve": row["reserve"],
            "opening": opening,
            "released": released,
            "paid_in": 0,
            "drawn": 0,
        }
    return reserves


# ------------------------------------------------------------------ scopes


def keys_of(scope: str) -> dict[str, list[str]]:
    """Read a scope; the whole pool has no keys."""
    if scope == "pool":
        return {}
    pairs = [part.partition("=") for part in scope.split("/")]
    return {key.strip(): sorted(v.strip() for v in values.split("+")) for key, _, values in pairs}


def tidy_scope(scope: str) -> str:
    """Write a scope one way: keys in the page's order, codes sorted."""
    keys = keys_of(scope)
    return "/".join(f"{key}={'+'.join(keys[key])}" for key in KEYS if key in keys) or "pool"


def names(scope: str, line: Line) -> bool:
    """Whether a scope names a line, whatever its cause."""
    for key, values in keys_of(scope).items():
        if key != "cause" and line["scheme_id" if key == "scheme" else key] not in values:
            return False
    return True


# ------------------------------------------------------------------ weights


class Facts:
    """What weights are measured on: the pooled lines and the contributions."""

    def __init__(self, pool: Pool, unit: str, pooled: list[Line]) -> None:
        """Take the lines of the pool, and its contributions."""
        self.stated = [line for line in pooled if line["category"] != NOT_STATED]
        self.contributions = [
            {**row, "amount": pence(row["amount"], unit)}
            for row in with_defaults(pool, "contributions")
        ]

    def weight(self, pot: Pot, rule: Row) -> int:
        """Rule 7: the weight of a bearer, in millionths of a percent or in pence."""
        basis, bearer = rule["basis"], rule["bearer"]
        if basis in ("fixed", "own", "lead", "offset"):
            return int(number(rule["share"]) * 10**6)
        lines, without = self.measured(pot, rule), rule.get("without", "")
        if basis == "contribution":
            return sum(
                row["amount"]
                for row in self.contributions
                if row["organisation"] == bearer
                and row["version"] == rule["version"]
                and not (row["funding"] == "grant" and "grants" in without)
                and not (row["funding"] == "capital" and "capital" in without)
                and self.is_for(row, lines)
            )
        return sum(
            line["budget"]
            for line in lines
            if line["lead" if basis == "commissioned" else "organisation"] == bearer
            and not (line["grant"] != NONE and "grants" in without)
            and not (line["kind"] == "capital" and "capital" in without)
        )

    def measured(self, pot: Pot, rule: Row) -> list[Line]:
        """Give the lines whose contributions or budgets are measured.

        Read as: the parting of rule 3 by kind, grant and cause is undone, while the scope's own
        keys (but for cause, which is no line's) still hold; and lines whose category is not stated
        are under no rule, so no rule measures them.
        """
        if over := rule.get("measured_over", "").strip():
            return [line for line in self.stated if names(over, line)]
        by = UNIT_OF[rule["netting"]]
        return [
            line
            for line in self.stated
            if names(pot["scope"], line) and (not by or line[by] == pot["unit"])
        ]

    def is_for(self, contribution: dict, lines: list[Line]) -> bool:
        """Whether all it is for is measured; of lines whose category is not stated, nothing is."""
        there = [line["scheme_id"] for line in lines]
        return all(
            line["scheme_id"] in there for line in self.stated if names(contribution["to"], line)
        )
