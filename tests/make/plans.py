"""Random plans: budgets, programmes and two scenarios, one built on the other, over a random pool.

`random_plan(seed)` gives the rows of a pool's files and of its scenarios `start` and `child` as
they would be typed. Each is sound: `check_scenario` finds no error in it (but a target for growth
may be one that no factor reaches).
"""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tests.make.pools import RandomPool, random_pool, typed
from tests.oracle.facts import restated
from tests.oracle.plan_facts import (
    NOT_STATED,
    STEPS,
    Place,
    Row,
    block_lines,
    lines_of,
    names,
    years_between,
)
from tests.oracle.sums import pence

Tables = dict[str, list[dict[str, str]]]
YEARS = years_between("2018-19", "2023-24")
BODY = "Anytown Hospital"
PROVIDER = "Acute"
KEYS = {
    "assumptions": ("assumption", "year"),
    "funding": ("organisation", "funding", "financial_year", "recurrence"),
    "savings": ("programme",),
    "phasing": ("profile",),
    "planned_activity": ("scheme_id", "financial_year"),
    "prevention": ("programme",),
    "returns": ("programme",),
    "lags": ("lag",),
}
IN_PERCENT = ("inflation", "demand", "pressures", "investment", "savings")
IN_POUNDS = tuple(step for step in STEPS if step != "allocation")
CONFIDENCES = ("green", "amber", "red", "unidentified")
PARTS = (("100",), ("50", "50"), ("33.333333", "33.333333", "33.333334"), ("10", "65.5", "24.5"))
SILENT = 1 / 12
"""So often an amount of funding is not stated."""
ILLUSTRATIVE = {"source": "invented", "status": "invented"}


@dataclass
class RandomPlan:
    """A pool, what it adds for its plans, and its scenarios: for each its settings and tables."""

    pool: RandomPool
    scenarios: dict[str, tuple[dict[str, object], Tables]]
    name: str = "a plan"

    def _repr_pretty_(self, printer, cycle) -> None:
        """Show it to hypothesis, which would print all its rows."""
        printer.text(self.name)

    def write(self, folder: Path) -> Path:
        """Write all its files to a folder."""
        self.pool.write(folder)
        for name, (settings, tables) in self.scenarios.items():
            there = folder / "scenarios" / name
            there.mkdir(parents=True, exist_ok=True)
            (there / "scenario.toml").write_text(_toml(settings), encoding="utf-8")
            for table, rows in tables.items():
                if rows:
                    _write(there / f"{table}.csv", rows)
        return folder


def _toml(settings: dict[str, object]) -> str:
    """Write settings; lists as lists, and tables at the end."""
    plain = [f"{k} = {_value(v)}\n" for k, v in settings.items() if not isinstance(v, dict)]
    tables = [
        f"[{name}]\n" + "".join(f"{k} = {_value(v)}\n" for k, v in table.items())
        for name, table in settings.items()
        if isinstance(table, dict)
    ]
    return "".join([*plain, *tables])


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def random_plan(seed: int) -> RandomPlan:
    """Make a plan; see the module."""
    draw = random.Random(seed)
    pool = random_pool(seed, lines=draw.randint(1, 6), largest=draw.choice([10**4, 10**9]))
    first = pool.tables["schemes"][0]
    first["pooling"] = "pooled"
    if first["category"] == NOT_STATED:
        first["expenditure"] = first["budget"]  # nothing may be borne through it
    drawing = _Drawing(draw, pool)
    if draw.randrange(2):
        drawing.paid_by_activity()
    return drawing.plan(f"random_plan({seed})")


class _Drawing:
    """One plan while it is drawn."""

    def __init__(self, draw: random.Random, pool: RandomPool) -> None:
        self.draw, self.pool, self.unit = draw, pool, pool.unit
        self.partners = [row["organisation"] for row in pool.tables["organisations"]]
        self.bodies = [*self.partners]
        self.city = draw.random() < 0.3
        self.years: list[str] = []
        self.openings: list[dict[Place, Row]] = []
        """The lines of every scenario: what each scope has to hold for."""
        self.count = 0

    def chance(self, one_in: int) -> bool:
        return self.draw.randrange(one_in) == 0

    def money(self, largest: int = 0, least: int = 0) -> str:
        """Write an amount: about as large as the lines, odd, or nil."""
        size = largest or max([1, *(abs(row["amount"]) for row in self.all_lines())])
        pence_ = self.draw.choice(
            [self.draw.randint(least, max(size // 3, 1)), self.draw.randint(0, 99), 0, 1]
        )
        return typed(self.draw, pence_, self.unit)

    def all_lines(self) -> list[Row]:
        return [row for lines in self.openings for row in lines.values()]

    def paid_by_activity(self) -> None:
        """Let some lines be paid by activity, above plan, below it or on it."""
        draw, tables = self.draw, self.pool.tables
        tables["organisations"] = [
            *tables["organisations"],
            {"organisation": PROVIDER, "name": "Invented", "organisation_kind": "provider"},
        ]
        for scheme in tables["schemes"]:
            if scheme["category"] == NOT_STATED or not self._pooled(scheme) or self.chance(3):
                continue
            code, planned = scheme["scheme_id"], draw.randint(1, 500)
            shares = [draw.choice(["0", "20", "100", "33.333333"]) for _ in range(4)]
            columns = ("share_above", "share_below", "reopens_at", "share_beyond")
            terms = dict(zip(columns, shares, strict=True))
            more = {"provider": PROVIDER, "clause": "4"}
            tables.setdefault("payments", []).append({"scheme_id": code, **terms, **more})
            tables.setdefault("activity", []).append(
                {
                    "scheme_id": code,
                    "planned": str(planned),
                    "actual": str(draw.choice([planned, draw.randint(0, 600)])),
                    "price": draw.choice(["£0.07", "£12.34", "£1,999", "£3.33"]),
                    "counted_in": "stays",
                }
            )

    def _pooled(self, scheme: dict[str, str]) -> bool:
        return scheme.get("pooling", "") in ("", "pooled")

    def _planned(self, own: Tables, pools: Tables) -> None:
        """Plan activity of some of the years, as it was planned or otherwise."""
        draw = self.draw
        for row in self.pool.tables.get("activity", []):
            for year in YEARS[1:] if self.chance(2) else self.years[:1]:
                if self.chance(6):
                    continue
                planned = draw.choice([row["planned"], str(draw.randint(1, 600))])
                price = draw.choice(["", "", "£12.5", row["price"]])
                said = {"scheme_id": row["scheme_id"], "financial_year": year}
                said |= {"planned": planned, "price": price}
                draw.choice([own, pools])["planned_activity"].append(said)

    def plan(self, name: str) -> RandomPlan:
        draw = self.draw
        if self.chance(2):
            self.bodies.append(BODY)
            self.pool.tables["efficiencies"] = [
                {
                    "body": BODY,
                    "financial_year": "2018-19",
                    "perimeter": "pool",
                    "amount": "8",
                    "unit": "thousands",
                    "percent": "4.0",
                    "source": "invented",
                }
            ]
        first = draw.choice([1, 1, 1, 2])
        last = draw.randint(first, min(first + 3, 5))
        self.years = YEARS[first : last + 1]
        if self.city:
            self._blocks()
        else:
            self._budgets()
        settings = self._settings()
        own: Tables = {name: [] for name in KEYS}
        pools: Tables = {name: [] for name in KEYS}
        self._savings(own, pools)
        self._funding(own, pools)
        self._prevention(own)
        self._planned(own, pools)
        own["assumptions"] = self._assumptions(own, pools)
        if "calibrate" in settings and not self._scaled(own, settings):
            del settings["calibrate"]
        for table in ("savings", "phasing", "funding", "planned_activity"):
            if pools[table]:
                self.pool.tables[table] = pools[table]
        child = self._child(settings, own)
        return RandomPlan(self.pool, {"start": (settings, own), "child": child}, name)

    # -------------------------------------------------------------- what it opens with

    def _blocks(self) -> None:
        draw = self.draw
        shares = draw.choice(PARTS)
        kinds = ["treatment", "primary", "secondary", "tertiary"]
        rows = [
            {"block": f"b{i}", "name": f"Block {i}", "prevention": draw.choice(kinds), "share": s}
            for i, s in enumerate(shares)
        ]
        city = draw.choice([draw.randint(1, 10**9), draw.randint(1, 10**5)])
        self.pool.tables["blocks"] = rows
        self.pool.tables["perimeters"] = [
            {
                "perimeter": "city",
                "name": "All",
                "financial_year": "2018-19",
                "amount": typed(draw, city, self.unit),
                "source": "invented",
            }
        ]
        read = [row | {"share": int(Decimal(row["share"]) * 10**6)} for row in rows]
        self.openings = [block_lines(read, city)]

    def _budgets(self) -> None:
        """State the opening, and agreed budgets, by theme or by scheme; or all by every scheme."""
        draw, rows, alike = self.draw, [], not self.chance(3)
        for version, year in (("closing", "2018-19"), *((f"of {y}", y) for y in self.years)):
            by_scheme, seen = self.chance(2), set()
            for scheme in self.pool.tables["schemes"]:
                if alike and not self._pooled(scheme):
                    continue
                theme, kind = scheme["theme"], scheme["kind"]
                who = draw.choice([NOT_STATED, "", scheme["organisation"]])
                named = alike or (by_scheme and not self.chance(6))
                code = scheme["scheme_id"] if named else ""
                if code and who != scheme["organisation"]:
                    who = ""
                key = (theme, who or NOT_STATED, code, kind)
                if key in seen or (not alike and self.chance(8) and rows):
                    continue
                seen.add(key)
                near = pence(scheme["budget"], self.unit)
                amount = draw.choice([near, near + draw.randint(-99, 999), 0, -near, near])
                rows.append(
                    {
                        "version": version,
                        "financial_year": year,
                        "theme": theme,
                        "organisation": who,
                        "scheme_id": code,
                        "kind": kind,
                        "amount": typed(draw, amount, self.unit),
                    }
                )
        self.pool.tables["budgets"] = rows

    def _lines(self, opening: str, by: str) -> dict[Place, Row]:
        tables = self.pool.tables
        schemes = [
            row | {name: pence(row[name], self.unit) for name in ("budget", "expenditure")}
            for row in tables["schemes"]
        ]
        paid = {line["scheme_id"]: line["expenditure"] for line in restated(tables, self.unit)}
        schemes = [row | {"expenditure": paid[row["scheme_id"]]} for row in schemes]
        budgets = [
            row
            | {
                "amount": pence(row["amount"], self.unit),
                "organisation": row["organisation"] or NOT_STATED,
            }
            for row in tables["budgets"]
        ]
        return lines_of(opening, by, schemes, budgets)

    def _settings(self) -> dict[str, object]:
        draw = self.draw
        said: dict[str, object] = {"title": "At random", "status": "invented"}
        said |= {"first_year": self.years[0]}
        if len(self.years) > 1 or self.chance(2):
            said["last_year"] = self.years[-1]
        if self.city:
            said |= {"opening": "blocks", "perimeter": "city"}
        else:
            stated = {row["version"] for row in self.pool.tables["budgets"]}
            known = [
                "year-end budget",
                "outturn",
                *(["closing"] * 3 if "closing" in stated else []),
            ]
            said["opening"] = opening = draw.choice(known)
            splits = ["year-end budget", "outturn"]
            if any(
                r["scheme_id"] for r in self.pool.tables["budgets"] if r["version"] == "closing"
            ):
                splits.append("closing")
            by = draw.choice(["", *splits])
            if by:
                said["split"] = by
            self.openings = [self._lines(opening, by)]
            agreed = {
                y: f"of {y}" for y in self.years if f"of {y}" in stated and not self.chance(3)
            }
            if agreed:
                said["agreed"] = agreed
        if self.chance(2):
            said["order"] = draw.sample(STEPS, len(STEPS))
        if self.chance(4):
            base, year = sorted(draw.sample(range(-1, len(self.years)), 2))
            said["calibrate"] = {
                "target": draw.choice([0, 5, 21.5, 12.345678]),
                "base_year": YEARS[YEARS.index(self.years[0]) + base],
                "year": self.years[year],
                "steps": draw.choice([["inflation", "demand"], ["demand"]]),
            }
        return said

    # -------------------------------------------------------------- scopes

    def scope(self, *, parts: bool, nowhere: bool = True) -> str:
        """Choose lines that every scenario has; some with a budget, where an amount is parted."""
        draw, every = self.draw, self.all_lines()
        for _ in range(20):
            one = draw.choice(every)
            choices = [
                f"theme={one['theme']}",
                f"kind={one['kind']}",
                f"category={one['category']}",
            ]
            choices += [f"theme={one['theme']}+{draw.choice(every)['theme']}"]
            choices += [f"theme={one['theme']}/organisation={one['organisation']}"]
            choices += [f"organisation={one['organisation']}", f"line={one['line']}"]
            if self.city:
                choices = [f"block={one['block']}", f"block={one['block']}", f"line={one['line']}"]
                choices += [f"block={one['block']}+{draw.choice(every)['block']}"]
            scope = draw.choice(["all", "all", *choices, *(["not allocated"] if nowhere else [])])
            if self.holds(scope, parts=parts):
                return scope
        return "not allocated" if nowhere else ""

    def holds(self, scope: str, *, parts: bool) -> bool:
        """Whether a scope can be used on the lines of every scenario."""
        if scope == "not allocated":
            return True
        values = [] if scope == "all" else [part.partition("=")[2] for part in scope.split("/")]
        if any("" in value.split("+") for value in values):
            return False
        for lines in self.openings:
            chosen = [row["amount"] for row in lines.values() if names(scope, row)]
            if not chosen or (parts and len(chosen) > 1 and max(chosen) <= 0):
                return False
        return True

    # -------------------------------------------------------------- programmes

    def _savings(self, own: Tables, pools: Tables) -> None:
        draw = self.draw
        for profile in ("early", "late"):
            shares = draw.choice(PARTS)
            periods = sorted(draw.sample(range(1, 13), len(shares)))
            draw.choice([own, pools])["phasing"] += [
                {"profile": profile, "period": str(p), "share": share}
                for p, share in zip(periods, shares, strict=True)
            ]
        there = dict.fromkeys(row["profile"] for row in pools["phasing"])
        perimeter = "city" if self.city else "pool"
        for i in range(draw.choice([0, 1, 2, 4])):
            to = draw.choice([own, own, pools])
            counted = not self.chance(6) or not self.city
            profiles = ["", *there] if to is pools else ["", "early", "late"]
            done = draw.choice(["", "0", "12", str(draw.randint(1, 12))])
            to["savings"].append(
                {
                    "programme": f"P{i}",
                    "name": f"Programme {i}",
                    "owner": draw.choice(self.bodies),
                    "beneficiary": draw.choice(self.bodies),
                    "perimeter": perimeter if counted else "pool",
                    "scope": self.scope(parts=True) if counted else "not allocated",
                    "financial_year": draw.choice(YEARS if self.chance(3) else self.years),
                    "start_period": draw.choice(["", str(draw.randint(1, 12))]),
                    "profile": draw.choice(profiles),
                    "gross": self.money(),
                    "investment": draw.choice(["", "0", self.money()]),
                    "recurrence": draw.choice(["", "recurrent", "non-recurrent"]),
                    "confidence": draw.choice(CONFIDENCES),
                    "delivered": self.money() if done not in ("", "0") else "",
                    "delivered_to": done,
                    "later_years": draw.choice(["", "", "", "£1,234.56", "75%", "£0"]),
                }
            )

    def _funding(self, own: Tables, pools: Tables) -> None:
        draw, seen = self.draw, set()
        span = years_between("2017-18", self.years[-1])
        for _ in range(draw.choice([0, 1, 3, 6])):
            row = {
                "organisation": draw.choice(self.partners[:3]),
                "funding": draw.choice(["minimum", "additional", "reserves"]),
                "financial_year": draw.choice([*span, span[1]]),
                "recurrence": draw.choice(["", "recurrent", "non-recurrent"]),
            }
            key = (*list(row.values())[:3], row["recurrence"] or "recurrent")
            if key in seen:
                continue
            seen.add(key)
            amount = draw.choice([draw.randint(0, 10**9), draw.randint(-(10**4), 10**4), 0])
            aside = random.Random(repr(key))  # so that the rest of the plan stays what it is
            more = {"kind": row["funding"], "amount": typed(draw, amount, self.unit)}
            if row["funding"] == "reserves":
                more["balance"] = aside.choice(["", "not stated", "0", "12345"])
            if aside.random() < SILENT:
                more["amount"] = "not stated"
            draw.choice([own, pools])["funding"].append(row | more)

    def _prevention(self, own: Tables) -> None:
        draw = self.draw
        for lag in ("quick", "slow"):
            shares = draw.choice(PARTS)
            after = sorted(draw.sample(range(4), len(shares)))
            own["lags"] += [
                {"lag": lag, "years_after": str(k), "share": share}
                for k, share in zip(after, shares, strict=True)
            ]
        for i in range(draw.choice([0, 0, 1, 2])):
            seen = set()
            double_running = draw.choice(["", str(draw.randrange(len(self.years)))])
            for _ in range(draw.randint(1, 4)):
                row = {
                    "programme": f"V{i}",
                    "name": f"Prevention {i}",
                    "payer": draw.choice(self.bodies),
                    "scope": self.scope(parts=True),
                    "financial_year": draw.choice(YEARS if self.chance(5) else self.years),
                }
                if tuple(row.values()) not in seen:
                    seen.add(tuple(row.values()))
                    more = {"investment": self.money(), "double_running": double_running}
                    own["prevention"].append(row | more | ILLUSTRATIVE)
            seen = set()
            for _ in range(draw.randint(0 if self.chance(8) else 1, 3)):
                row = {
                    "programme": f"V{i}",
                    "beneficiary": draw.choice(self.bodies),
                    "scope": self.scope(parts=True),
                }
                if tuple(row.values()) not in seen:
                    seen.add(tuple(row.values()))
                    more = {
                        "return_per_pound": draw.choice(["0", "0.3", "1.234567", "3", "12.5"]),
                        "cashable": draw.choice(["0", "40", "100", "33.333333"]),
                        "lag": draw.choice(["quick", "slow"]),
                    }
                    own["returns"].append(row | more | ILLUSTRATIVE)

    # -------------------------------------------------------------- assumptions

    def assumption(self, step: str, **said: str) -> dict[str, str]:
        self.count += 1
        return {"assumption": f"a{self.count}", "step": step, **said, **ILLUSTRATIVE}

    def percent(self, least: float = -20, most: float = 60) -> str:
        number = self.draw.uniform(least, most)
        return self.draw.choice([f"{number:.6f}", f"{number:.1f}", str(round(number)), "0"])

    def pounds(self) -> dict[str, str]:
        """Give an amount in one of the units of assumptions."""
        draw = self.draw
        size = max([1, *(abs(row["amount"]) for row in self.all_lines())])
        amount = Decimal(draw.choice([draw.randint(-size, size), draw.randint(-99, 99), 0, 1]))
        unit, places = draw.choice([("pounds", 2), ("thousands", 5)])
        if amount % 100 == 0:
            unit, places = draw.choice([("pounds", 2), ("thousands", 5), ("millions", 8)])
        return {"value": f"{amount.scaleb(-places).normalize():f}", "unit": unit}

    def _assumptions(self, own: Tables, pools: Tables) -> list[dict[str, str]]:
        draw, rows = self.draw, []
        for _ in range(draw.choice([0, 2, 5, 8])):
            rows += self._of_lines()
        stated = own["funding"] + pools["funding"]
        for _ in range(draw.choice([0, 0, 1, 3]) if stated else 0):
            rows.append(self._of_funding(draw.choice(stated)))
        for group in draw.choice([[], [["all"]], [["amber"], ["red", "unidentified"]]]):
            scope = "all" if group == ["all"] else f"confidence={'+'.join(group)}"
            value = draw.choice(["0", "60", "33.333333", "100"])
            rows.append(self.assumption("delivery", scope=scope, value=value, unit="percent"))
        programmes = sorted({row["programme"] for row in own["prevention"]})
        for scope in ["all", *(f"programme={code}" for code in programmes)]:
            if programmes and self.chance(3):
                value = draw.choice(["0", "0.5", "1.333333", "2"])
                rows.append(self.assumption("return", scope=scope, value=value, unit="number"))
        for step in ("deflator", "discount"):
            if programmes and self.chance(2):
                rows += self._by_year(
                    step, lambda: {"value": self.percent(0, 9), "unit": "percent"}
                )
        draw.shuffle(rows)
        return rows

    def _of_lines(self) -> list[dict[str, str]]:
        """Make an assumption on lines, for every year, for one, or for some."""
        draw = self.draw
        if draw.random() < 0.45:
            step = draw.choice(IN_PERCENT)
            scope = self.scope(parts=False)
            return self._by_year(
                step, lambda: {"scope": scope, "value": self.percent(), "unit": "percent"}
            )
        if self.chance(4):
            scope = self.scope(parts=True, nowhere=False)
            if not scope:
                return []
            said = {"scope": scope, "value": self.percent(0, 100), "unit": "percent"}
            return self._by_year("allocation", lambda: said)
        scope = self.scope(parts=True)
        return self._by_year(
            draw.choice(IN_POUNDS),
            lambda: (
                self.pounds()
                | {
                    "scope": scope,
                    "recurrence": draw.choice(["", "recurrent", "non-recurrent"]),
                    "from_period": draw.choice(["", "", str(draw.randint(1, 12))]),
                }
            ),
        )

    def _by_year(self, step: str, said: Callable[[], dict[str, str]]) -> list[dict[str, str]]:
        """State an assumption for every year, or for some years, or for some and all others."""
        years = self.draw.choice([[""], [""], self.years[-1:], self.years, ["", self.years[0]]])
        row = self.assumption(step)
        return [row | said() | {"year": year} for year in years]

    def _of_funding(self, one: dict[str, str]) -> dict[str, str]:
        draw = self.draw
        scope = draw.choice(
            [
                "all",
                f"organisation={one['organisation']}",
                f"funding={one['funding']}",
                f"organisation={one['organisation']}/funding={one['funding']}",
            ]
        )
        said = {"scope": scope, "year": draw.choice(["", *self.years])}
        step = draw.choice(["uplift", "efficiency", "funding change", "funding change"])
        if step == "funding change":
            said |= self.pounds() | {"recurrence": draw.choice(["", "non-recurrent"])}
        else:
            said |= {"value": self.percent(0, 50), "unit": "percent"}
        return self.assumption(step, **said)

    def _scaled(self, own: Tables, settings: dict[str, object]) -> bool:
        """Let percentages that are scaled be of growth, so that there is one factor."""
        there = [
            row
            for row in own["assumptions"]
            if row["step"] in settings["calibrate"]["steps"] and row["unit"] == "percent"
        ]
        for row in there:
            row["value"] = row["value"].replace("-", "")
        return bool(there)

    # -------------------------------------------------------------- a scenario built on it

    def _child(self, settings: dict[str, object], own: Tables) -> tuple[dict[str, object], Tables]:
        """Make a scenario that overrides nothing, or some settings and some rows."""
        draw = self.draw
        said: dict[str, object] = {"title": "Built on it", "base": "start", "status": "invented"}
        tables: Tables = {name: [] for name in KEYS}
        if self.chance(4):
            return said, tables
        if self.chance(3):
            said["order"] = draw.sample(STEPS, len(STEPS))
        double = [int(row["double_running"] or 0) for row in own["prevention"]]
        if self.chance(3) and "calibrate" not in settings:
            last = YEARS[min(YEARS.index(self.years[-1]) + 1, 5)]
            said["last_year"] = last
            span = years_between(self.years[0], last)
            if len(span) - 1 > max(double, default=0) and len(span) > 1:
                said["first_year"] = span[1]
                span = span[1:]
            self.years = span
        named = {row["assumption"] for row in own["assumptions"]}
        for row in own["assumptions"]:
            if self.chance(4) and (not row.get("year") or row["year"] in self.years):
                value = {"value": row["value"]} if row["unit"] != "percent" else {}
                changed = row | (value or {"value": self.percent(0, 20)})
                if row["unit"] in ("pounds", "thousands", "millions"):
                    changed |= self.pounds()
                tables["assumptions"].append(changed)
        if not self.chance(3):
            tables["assumptions"] += [
                row for row in self._of_lines() if row["assumption"] not in named
            ]
        for table in ("savings", "funding"):
            for row in own[table]:
                if self.chance(3):
                    name = "gross" if table == "savings" else "amount"
                    tables[table].append(row | {name: self.money()})
        if own["prevention"] and self.chance(2):
            code = draw.choice(own["prevention"])["programme"]
            tables["prevention"] = [
                row | {"investment": self.money()}
                for row in own["prevention"]
                if row["programme"] == code
            ]
        return said, tables
