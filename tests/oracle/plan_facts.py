"""What a plan starts from, a second time: versions, splitting, scopes, dated amounts, savings.

Written from docs/method.md, sections 2 to 4 and 6, alone: slow and naive, sharing nothing with the
engine. Rows are dicts; money is whole pence; a percentage or a plain number is in millionths, as a
loaded plan has it. Where the page may be read in two ways, "Read as:" says which.
"""

from collections import defaultdict
from fractions import Fraction

from tests.oracle.sums import half_away, number, pence, split

Row = dict
Place = tuple[str, ...]
"""A line: theme, organisation, scheme, kind and block."""

NOT_STATED = "not stated"
NOWHERE: Place = ("not allocated",)
TAKEN_OFF = ("non-recurrent", "savings")
PENCE = {"pounds": 100, "thousands": 100_000, "millions": 100_000_000}
MILLION = 10**6
WHOLE = 100 * MILLION
"""100 %, as a share is kept."""
STEPS = (
    "non-recurrent",
    "full-year effects",
    "inflation",
    "demand",
    "pressures",
    "investment",
    "savings",
    "shift",
    "movement not explained",
    "allocation",
)


def next_year(year: str) -> str:
    """Give the financial year after one."""
    return f"{int(year[:4]) + 1}-{(int(year[:4]) + 2) % 100:02}"


def years_between(first: str, last: str) -> list[str]:
    """Give the financial years from one to another, both included."""
    years = [first]
    while years[-1] < last:
        years.append(next_year(years[-1]))
    return years


def parted(amount: int, weights: list[int]) -> list[int]:
    """Part an amount by cumulative rounding; one alone takes all of it."""
    return [amount] if len(weights) == 1 else split(amount, [max(w, 0) for w in weights])


# ------------------------------------------------------------------ versions and lines


def stated(version: str, schemes: list[Row], budgets: list[Row]) -> list[Row]:
    """Give the rows of a version: theme, organisation, scheme, kind, category and amount."""
    own = {"year-end budget": "budget", "outturn": "expenditure"}.get(version)
    by_id = {scheme["scheme_id"]: scheme for scheme in schemes}
    if own:
        said = [s | {"amount": s[own]} for s in schemes if s["pooling"] == "pooled"]
    else:
        said = [row for row in budgets if row["version"] == version]
    rows = []
    for row in said:
        scheme = by_id.get(row["scheme_id"])  # Read as: a scheme's line is what the scheme is
        rows.append(
            {name: (scheme or row)[name] for name in ("theme", "organisation", "scheme_id", "kind")}
            | {"category": scheme["category"] if scheme else "", "amount": row["amount"]}
            | {"prevention": scheme.get("prevention", "") if scheme else ""}
        )
    return rows


def same_places(one: str, other: str, tables: dict[str, list[Row]]) -> bool:
    """Whether two versions state the same themes, organisations and schemes, of whatever kind.

    By schemes they are compared where every row of both names one; so with organisations, themes.
    """
    both = [stated(name, tables["schemes"], tables["budgets"]) for name in (one, other)]
    blank = ("", NOT_STATED)
    by = [
        key
        for key in ("theme", "organisation", "scheme_id")
        if not any(row[key] in blank for rows in both for row in rows)
    ]
    first, second = ({tuple(row[key] for key in by) for row in rows} for rows in both)
    return first == second


def lines_of(version: str, by: str, schemes: list[Row], budgets: list[Row]) -> dict[Place, Row]:
    """Give the lines of a version of the pool, those stated by theme parted over schemes.

    Read as: a row stated for an organisation is parted over that organisation's lines only; lines
    stand where the row they come from stood.
    """
    lines: dict[Place, Row] = {}
    for row in stated(version, schemes, budgets):
        over = [
            one
            for one in (stated(by, schemes, budgets) if by and not row["scheme_id"] else [])
            if one["scheme_id"]
            and (one["theme"], one["kind"]) == (row["theme"], row["kind"])
            and row["organisation"] in (NOT_STATED, one["organisation"])
        ]
        weights = [max(one["amount"], 0) for one in over]
        if sum(weights):
            parts = split(row["amount"], weights)
            found = [one | {"amount": part} for one, part in zip(over, parts, strict=True)]
        else:
            found = [row]
        for one in found:
            place = (one["theme"], one["organisation"], one["scheme_id"], one["kind"], "")
            line = lines.setdefault(
                place, one | {"amount": 0, "line": one["scheme_id"], "block": ""}
            )
            line["amount"] += one["amount"]
    return lines


def block_lines(blocks: list[Row], city: int) -> dict[Place, Row]:
    """Give one line per block of the city's spending."""
    lines = {}
    for row in blocks:
        amount = half_away(Fraction(city * row["share"], WHOLE))
        blank = dict.fromkeys(("theme", "scheme_id", "category"), "")
        lines[("", "", "", "", row["block"])] = (
            row | blank | {"line": row["block"], "organisation": "", "kind": "", "amount": amount}
        )
    return lines


# ------------------------------------------------------------------ scopes


def names(scope: str, row: Row) -> bool:
    """Whether a scope names a line, a funding or a programme."""
    if scope == "all":
        return True
    pairs = [part.partition("=") for part in scope.split("/")]
    return all(
        row.get(key.strip()) in [value.strip() for value in values.split("+")]
        for key, _, values in pairs
    )


def places(scope: str, lines: dict[Place, Row]) -> list[Place]:
    """Give the lines a scope acts on; `not allocated` only where it is named."""
    if scope == "not allocated":
        return [NOWHERE]
    return [place for place, row in lines.items() if place != NOWHERE and names(scope, row)]


# ------------------------------------------------------------------ amounts of pounds


def pounds(row: Row) -> int:
    """Give an assumption of money in pence."""
    exact = Fraction(row["value"] * PENCE[row["unit"]], MILLION)
    assert exact.denominator == 1
    return int(exact)


def dated(step: str, amount: int, period: int, recurrent: bool) -> list[tuple[int, str, int]]:
    """Give what an amount does: years after its own, step, and amount as signed in the bridge."""
    sign = -1 if step in TAKEN_OFF else 1
    part = half_away(Fraction(amount * (13 - period), 12))
    if recurrent:
        return [(0, step, sign * part), (1, "full-year effects", sign * (amount - part))]
    back = [] if step == "non-recurrent" else [(1, "non-recurrent", -sign * part)]
    return [(0, step, sign * part), *back]


# ------------------------------------------------------------------ savings


def share_of_year(row: Row, phasing: list[Row], to: int = 12) -> Fraction:
    """Give the share of the full-year value from the start period to another."""
    start = row["start_period"]
    if not row["profile"]:
        return Fraction(max(to - start + 1, 0), 12)
    of = [p["share"] for p in phasing if p["profile"] == row["profile"]]
    periods = [p["period"] for p in phasing if p["profile"] == row["profile"]]
    return Fraction(
        sum(share for share, p in zip(of, periods, strict=True) if start <= p <= to), WHOLE
    )


def delivery_of(confidence: str, assumptions: list[Row]) -> Fraction:
    """Give what is delivered of savings of a confidence; of several rows the last holds."""
    share = Fraction(1)
    for row in assumptions:
        if row["step"] == "delivery" and names(row["scope"], {"confidence": confidence}):
            share = Fraction(row["value"], WHOLE)
    return share


def saving(row: Row, phasing: list[Row], assumptions: list[Row]) -> Row:
    """Give the amounts of a programme, above nil, and what it does to the bridge."""
    gross, cost = row["gross"], row["investment"]
    of_year, share = share_of_year(row, phasing), delivery_of(row["confidence"], assumptions)
    recurrent = row["recurrence"] == "recurrent"
    planned, spent = half_away(gross * of_year), half_away(cost * of_year)
    to_date = 0
    if row["delivered_to"]:
        to_date = half_away(gross * share_of_year(row, phasing, row["delivered_to"]))
    saved = row["delivered"] + half_away((planned - to_date) * share)
    full = half_away(gross * share)
    if row["delivered_to"] == 12 and of_year:
        full = half_away(row["delivered"] / of_year)
    if said := row["later_years"]:
        full = pence(said, "pounds") if "£" in said else half_away(gross * number(said) / 100)
    effects = [(0, "savings", -saved), (0, "investment", spent)]
    if recurrent:
        effects += [(1, "full-year effects", saved - full), (1, "full-year effects", cost - spent)]
    else:
        effects += [(1, "non-recurrent", saved), (1, "non-recurrent", -spent)]
    return {
        "gross": gross,
        "investment": cost,
        "net": gross - cost,
        "part_year_effect": planned,
        "full_year_effect": gross - planned if recurrent else 0,
        "part_year_investment": spent,
        "adjusted_part_year": saved,
        "adjusted_full_year": full,
        "adjusted_net": full - cost,
        "underlying": full - cost if recurrent else 0,
        "plan_to_date": to_date,
        "slippage": to_date - row["delivered"],
        "effects": effects,
    }


# ------------------------------------------------------------------ roll-outs


def rolled_out(waves: list[Row], payers: list[Row], last: int) -> dict[tuple[str, str, str], int]:
    """Give what each payer pays of each programme by year, up to the one that begins in `last`.

    docs/method.md, 4a, month by month; waves and payers as loaded.
    """
    paid: dict[tuple[str, str, str], int] = defaultdict(int)
    for wave in waves:
        if not wave["year"]:
            continue
        own = [row for row in payers if row["programme"] == wave["programme"]]
        full_year = parted(wave["units"] * wave["cost"], [row["share"] for row in own])
        first = int(wave["year"][:4]) * 12 + wave["from_period"] - 1
        for payer, whole in zip(own, full_year, strict=True):
            slices = parted(whole, [1] * (wave["full_after"] + 1))
            for year in range(int(wave["year"][:4]), last + 1):
                named = f"{year}-{(year + 1) % 100:02}"
                months = range(year * 12, year * 12 + 12)
                paid[wave["programme"], payer["payer"], named] += sum(
                    half_away(Fraction(part * sum(month >= first + later for month in months), 12))
                    for later, part in enumerate(slices)
                )
    return dict(paid)
