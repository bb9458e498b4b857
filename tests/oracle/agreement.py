"""The agreement a second time: docs/rules.md in plain Python, slow and naive, sharing nothing.

It was written from that page alone, so that a slip has to be made twice to pass. It takes the rows
of a pool's files as text and gives rows of whole pence. The numbers are those of the page's rules.
Where the page may be read in two ways, "Read as:" says which.
"""

from tests.oracle.facts import (
    NONE,
    UNIT_OF,
    Facts,
    Line,
    Pot,
    keys_of,
    names,
    opening_reserves,
    restated,
    with_defaults,
)
from tests.oracle.sums import Pool, Row, clip, half_away, number, pence, split
from tests.oracle.year_parts import Stage, lines_covered, stages

KINDS = ("revenue", "capital")
PARTED_BY = {"own": "organisation", "lead": "lead"}
POT_COLUMNS = ("scope", "category", "kind", "grant", "cause", "unit", "holder", "variance")


class Agreement:
    """One pool worked through once.

    Attributes:
        lines: the budget lines as restated, with `unpaid`, `budget` and `variance` in pence.
        shares: the working paper, in the order of rule 10.
        reserves: one row for each reserve, by its code.
        settlement: one row for each party.
    """

    def __init__(self, pool: Pool, unit: str, year: str = "2018-19") -> None:
        """Work it out.

        Args:
            pool: rows of each file.
            unit: of the amounts.
            year: the financial year, as 2018-19.
        """
        self.lines = restated(pool, unit)
        pooled = [line for line in self.lines if line["pooling"] == "pooled"]
        self.reserves = opening_reserves(pool, unit)
        self.shares: list[dict] = []
        self.limits: list[Limit] = []
        parts = stages(pool, unit, int(year[:4]), pooled)
        standing = {limit["limit_id"] for stage in parts for limit in stage.limits}
        of_year = {
            row["limit_id"]: Limit(row, parts[-1])
            for row in with_defaults(pool, "limits")
            if row["limit_id"] in standing & parts[-1].of_year
        }
        for stage in parts:
            self._work(pool, unit, stage, of_year)
        self.limits += of_year.values()
        for reserve in self.reserves.values():
            reserve["closing"] = _balance(reserve)
        self.settlement = self._settled(
            [row["organisation"] for row in pool["organisations"]], pooled
        )

    def _work(self, pool: Pool, unit: str, stage: Stage, of_year: dict[str, "Limit"]) -> None:
        """Work through one part of the year, or the whole of it, by itself (rule 13)."""
        self.stage = stage
        self.facts = Facts(pool, unit, stage.stated)
        self.pots = _pots(pool, unit, stage)
        self.standing = [
            of_year.get(limit["limit_id"]) or Limit(limit, stage, f" | {stage.part}")
            for limit in stage.limits
        ]
        self.limits += [one for one in self.standing if one not in of_year.values()]
        for step in sorted({int(rule["step"]) for rule in stage.rules}):
            self._take(step)

    def _take(self, step: int) -> None:
        """Work through one step of every pot, in the order of rule 10."""
        there = [pot for pot in self.pots if _rows_of(pot, step)]
        for pot in [p for p in there if self._pays_in(p, step)] + [
            p for p in there if not self._pays_in(p, step)
        ]:
            offered = pot["variance"] - pot["borne"]  # by the steps before this one
            for call in _calls(pot, step):
                if call[0]["basis"] == "offset":
                    self._offset(pot, call[0], offered)
                else:
                    self._call(pot, call, offered)

    def _pays_in(self, pot: Pot, step: int) -> bool:
        """Rule 10: V is below nil, and a row of this step names a reserve or counts to a limit."""
        named = any(
            rule["bearer"] in self.reserves or any(one.counts(pot, rule) for one in self.standing)
            for rule in _rows_of(pot, step)
        )
        return pot["variance"] < 0 and named

    def _call(self, pot: Pot, call: list[Row], offered: int) -> None:
        """Divide one call among its bearers (rules 6 to 8)."""
        start, end = _edges(call[0], pot["budget"])
        within = clip(offered, -end, end) if end is not None else offered
        piece = within - clip(offered, -start, start)
        weights = [self.facts.weight(pot, rule) for rule in call]
        parts = split(piece, weights)
        for k, rule in enumerate(call):
            bearer = pot["holder"] if rule["basis"] in PARTED_BY else rule["bearer"]
            borne = parts[k]
            if rule.get("limit"):
                limit = weights[k]
                if rule["limit"] != "contribution":
                    limit = _edge(rule["limit"], pot["budget"])
                borne = clip(borne, -limit, limit)
            if bearer in self.reserves:
                reserve = self.reserves[bearer]
                borne = min(borne, _balance(reserve))
                reserve["drawn" if borne > 0 else "paid_in"] += abs(borne)
            counts = [one for one in self.standing if one.counts(pot, rule)]
            over = [one.room(pot) for one in counts if one.way == "over"]
            under = [one.room(pot) for one in counts if one.way == "under"]
            if borne > 0:
                borne = min([borne, *(max(room, 0) for room in over)])
            if borne < 0:
                borne = max([borne, *(-max(room, 0) for room in under)])
            for one in counts:
                one.taken.append((pot, borne))
            row = {
                "position": k + 1,
                "bearer": bearer,
                "offered": offered,
                "limits": "+".join(one.code for one in counts),
                "room": min(over, default=0),
                "room_under": min(under, default=0),
            }
            self._bears(pot, rule, {**row, "slice": piece, "share": parts[k], "borne": borne})

    def _offset(self, pot: Pot, rule: Row, offered: int) -> None:
        """Rule 11: what a pot gives to, or gets from, the rest of its scope.

        Read as: all that is divided on one side is a call; a variance of nil is on neither.
        """
        alike = ("scope", "kind", "grant", "cause")
        there = [one for one in self.pots if all(one[name] == pot[name] for name in alike)]
        above = [one for one in there if one["variance"] > 0]
        below = [one for one in there if one["variance"] < 0]
        met = min(sum(one["variance"] for one in above), -sum(one["variance"] for one in below))
        for side, amount in ((above, met), (below, -met)):
            parts = split(amount, [abs(one["variance"]) for one in side])
            for k, (one, part) in enumerate(zip(side, parts, strict=True)):
                if one is pot:
                    row = {"position": k + 1, "bearer": rule["bearer"], "offered": offered}
                    self._bears(pot, rule, {**row, "slice": amount, "share": part, "borne": part})

    def _bears(self, pot: Pot, rule: Row, row: dict) -> None:
        """Write a row of the working paper."""
        pot["borne"] += row["borne"]
        self.shares.append(
            {
                "part": self.stage.part,
                **{name: pot[name] for name in POT_COLUMNS},
                **{
                    name: rule[name] for name in ("rule_id", "direction", "basis", "held", "clause")
                },
                "step": int(rule["step"]),
                "band_from": _tidy(rule.get("band_from", "")),
                "band_to": _tidy(rule.get("band_to", "")),
                "limits": "",
                "room": 0,
                "room_under": 0,
                **row,
            }
        )

    def _settled(self, organisations: list[str], pooled: list[Line]) -> list[dict]:
        """What each party bears, and what it pays into the pool or gets out of it."""
        rows = []
        for party in [*organisations, *self.reserves, "carried forward", "outside the pool"]:
            of_party = [share for share in self.shares if share["bearer"] == party]
            borne = sum(share["borne"] for share in of_party)
            outside = sum(s["borne"] for s in of_party if s["held"] == "outside the pool")
            own = sum(line["variance"] for line in pooled if line["organisation"] == party)
            rows.append(
                {
                    "party": party,
                    "own_variance": own,
                    "borne": borne,
                    "met_outside": outside,
                    "balancing_payment": borne - outside - own,
                }
            )
        return rows


class Limit:
    """Rule 12: a limit over several rules, and what was taken under it so far.

    Attributes:
        row: of limits.csv. budget: of the lines it covers. amount: L.
        taken: what rows bore that count towards it, each with its pot.
    """

    def __init__(self, row: Row, stage: Stage, apart: str = "") -> None:
        """Take a row, and the part of the year it stands in, or the whole.

        `apart` is what its code has after it where it stands in one part alone.
        """
        self.row, self.code = row, row["limit_id"] + apart
        self.way = "under" if row["counts"] == "underspends" else "over"
        self.keys = keys_of(row["covers"])
        self.scope = lines_covered(row)
        self.budget = sum(line["budget"] for line in stage.stated if names(self.scope, line))
        self.amount = _edge(row["at_most"], self.budget)
        self.taken: list[tuple[Pot, int]] = []

    def counts(self, pot: Pot, rule: Row) -> bool:
        """Whether a row of the pot by this rule counts towards it."""
        bearer = pot["holder"] if rule["basis"] in PARTED_BY else rule["bearer"]
        covered = {names(self.scope, line) for line in pot["lines"]}
        assert len(covered) == 1 or bearer != self.row["bearer"], "a part of what is netted"
        return (
            bearer == self.row["bearer"]
            and rule["basis"] != "offset"
            and covered == {True}
            and pot["cause"] in self.keys.get("cause", [pot["cause"]])
            and rule["rule_id"] in self.keys.get("rule", [rule["rule_id"]])
            and str(int(rule["step"])) in self.keys.get("step", [str(int(rule["step"]))])
        )

    def used(self, pot: Pot | None = None) -> int:
        """What is used of it: as the room of a row of this pot sees it, or in all."""
        if self.row["counts"] == "overspends":
            return sum(borne for _, borne in self.taken if borne > 0)
        if self.row["counts"] == "underspends":
            return -sum(borne for _, borne in self.taken if borne < 0)
        money: dict[tuple[str, str], int] = {}
        for taker, borne in self.taken:
            key = (taker["kind"], taker["grant"])
            money[key] = money.get(key, 0) + borne
        own = money.pop((pot["kind"], pot["grant"]), 0) if pot else 0
        return own + sum(max(net, 0) for net in money.values())

    def room(self, pot: Pot) -> int:
        """What it leaves a row of this pot."""
        return self.amount - self.used(pot)


def _balance(reserve: dict) -> int:
    return reserve["released"] - reserve["drawn"] + reserve["paid_in"]


# ------------------------------------------------------------------ pots


def _pots(pool: Pool, unit: str, stage: Stage) -> list[Pot]:
    """Rules 2 to 5: what is netted together, in the order of rule 10."""
    rules, ruled = stage.rules, stage.ruled
    causes = [{**row, "amount": pence(row["amount"], unit)} for row in pool.get("causes", [])]
    orders = {
        "organisation": [row["organisation"] for row in pool["organisations"]],
        "theme": [row["theme"] for row in pool["themes"]],
        "category": [row["category"] for row in pool["categories"]],
        "scheme_id": [row["scheme_id"] for row in pool["schemes"]],
    }
    orders["lead"] = orders["organisation"]
    grants = sorted({line["grant"] for line in ruled}, key=lambda code: (code != NONE, code))
    pots = []
    for scope in dict.fromkeys(rule["scope"] for rule in rules):  # Read as: first row in force
        of_scope = [rule for rule in rules if rule["scope"] == scope]
        by = UNIT_OF[of_scope[0]["netting"]]
        for kind in KINDS:
            for grant in grants:
                for cause in keys_of(scope).get("cause", [NONE]):
                    there = [
                        amount
                        for line in ruled
                        if line["kind"] == kind and line["grant"] == grant and names(scope, line)
                        for amount in _amounts(line, cause, causes)
                    ]
                    alike = {
                        "scope": scope,
                        "kind": kind,
                        "grant": grant,
                        "cause": cause,
                    }
                    for code in orders[by] if by else [""]:
                        group = [one for one in there if not by or one["line"][by] == code]
                        if group:
                            pots += _parted({**alike, "unit": code}, group, of_scope, orders)
    return pots


def _amounts(line: Line, cause: str, causes: list[dict]) -> list[dict]:
    """Give what of a line's variance and budget is under a cause, or under none."""
    of_line = [row for row in causes if row["scheme_id"] == line["scheme_id"]]
    if cause == NONE:
        rest = line["variance"] - sum(row["amount"] for row in of_line)
        return [{"line": line, "variance": rest, "budget": line["budget"]}]
    return [
        {"line": line, "variance": row["amount"], "budget": 0}
        for row in of_line
        if row["cause"] == cause
    ]


def _parted(
    named: dict, group: list[dict], rules: list[Row], orders: dict[str, list[str]]
) -> list[Pot]:
    """A netting group is one pot, or one for each holder or lead."""
    way = "under" if sum(one["variance"] for one in group) < 0 else "over"
    applying = [rule for rule in rules if rule["direction"] in (way, "either")]
    by = next((PARTED_BY[r["basis"]] for r in applying if r["basis"] in PARTED_BY), "")
    pots = []
    for holder in orders[by] if by else [""]:
        there = [one for one in group if not by or one["line"][by] == holder]
        if there:
            spanned = {one["line"]["category"] for one in there}
            pots.append(
                {
                    **named,
                    "holder": holder,
                    "category": "+".join(c for c in orders["category"] if c in spanned),
                    "variance": sum(one["variance"] for one in there),
                    "budget": sum(one["budget"] for one in there),
                    "rules": applying,
                    "lines": [one["line"] for one in there],
                    "borne": 0,
                }
            )
    return pots


# ------------------------------------------------------------------ calls


def _rows_of(pot: Pot, step: int) -> list[Row]:
    return [rule for rule in pot["rules"] if int(rule["step"]) == step]


def _calls(pot: Pot, step: int) -> list[list[Row]]:
    """Give the calls of a step by band.

    Read as: from the lowest; where percentages of a small budget begin at the same penny, the
    smaller percentage first.
    """
    calls: dict[tuple, list[Row]] = {}
    for rule in _rows_of(pot, step):
        band = (rule["direction"], rule.get("band_from", ""), rule.get("band_to", ""))
        calls.setdefault(band, []).append(rule)

    def place(call: list[Row]) -> tuple:
        start = call[0].get("band_from", "")
        return _edges(call[0], pot["budget"])[0], number(start.replace("£", "") or "0")

    return sorted(calls.values(), key=place)


def _edges(rule: Row, budget: int) -> tuple[int, int | None]:
    start, end = rule.get("band_from", "").strip(), rule.get("band_to", "").strip()
    return _edge(start, budget) if start else 0, _edge(end, budget) if end else None


def _tidy(text: str) -> str:
    """Write an edge one way; a band that begins at nil begins nowhere in particular."""
    return "" if text.strip() in ("£0", "0%") else " ".join(text.split())


def _edge(text: str, budget: int) -> int:
    if text.strip().endswith("%"):
        return half_away(number(text) * max(budget, 0) / 100)
    return pence(text, "pounds")
