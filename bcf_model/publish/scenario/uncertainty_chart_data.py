"""How sure a scenario is: what its charts show, and the words beside them."""

from typing import Final

from bcf_model.core.money import label, shown
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.core.years import spoken
from bcf_model.plan.draws import TOTAL
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.tornado import Width, tornado
from bcf_model.publish.scenario.uncertainty_charts import Spread, Tick, fan
from bcf_model.publish.scenario.uncertainty_pages import against_central, outcome, when

DRAWN: Final = 10
"""As many drivers as a chart shows."""
_FEWEST: Final = 3
"""Lines across a fan, if its amounts differ."""
_ROUND: Final = (5, 2, 1)


def charts(view: View, found: Uncertainty) -> dict[str, tuple[str, str]]:
    """Return the charts of these pages, by the name of the page: a caption, and an SVG."""
    funded = int((found.percentiles["measure"] == "funding").sum())
    mark = "Ring" if funded == 1 else "Broken line"
    line = f" {mark}: funding, half of the draws below it." if funded else ""
    drawn = {
        "Percentiles": (
            f"Closing budget, {label(view.unit)}. Line: half of the draws are below it. Dark: the "
            "middle half of the draws. Light: 90 of 100. Crosses: the central case. The scale does "
            f"not begin at nil.{line}",
            fan_chart(view, found),
        )
    }
    if len(found.drivers):
        drawn["Drivers"] = (
            f"In {label(view.unit)}. {which(len(found.drivers))}Outlined: the low end of a range "
            "alone; filled: the high end alone.",
            tornado_chart(view, found),
        )
    return drawn


def which(ranges: int) -> str:
    """Return which of the ranges a chart shows; blank of a single one.

    >>> which(1), which(3), which(12)
    ('', 'The widest first. ', 'The 10 widest; the other 2 are in the table below. ')
    """
    if ranges > DRAWN:
        beside = ranges - DRAWN
        others = "the other is" if beside == 1 else f"the other {beside} are"
        return f"The {DRAWN} widest; {others} in the table below. "
    return "The widest first. " if ranges > 1 else ""


def fan_chart(view: View, found: Uncertainty) -> str:
    """Draw closing spending year by year, with funding where it is stated."""
    rows = found.percentiles
    total = rows[rows["by"] == TOTAL]
    funding = total[total["measure"] == "funding"].set_index("financial_year")["p50"]
    opening = view.pence(financial_year=view.years[0], step="opening")
    years = [Spread("Opening", (opening,) * 5)]
    for row in records(total[total["measure"] == "closing"]):
        amounts = (int(row.p05), int(row.p25), int(row.p50), int(row.p75), int(row.p95))
        funded = funding.get(row.financial_year)
        years.append(
            Spread(
                spoken(row.financial_year), amounts, None if funded is None else int(funded),
                int(row.central),
            )
        )  # fmt: skip
    last = years[-1]
    low, _, middle, _, high = (shown(pence, view.unit) for pence in last.amounts)
    said = (
        f"Of 100 draws, 5 come in {last.label} to less than {low}, 50 to less than {middle}, and 5 "
        f"to more than {high}. {against_central(view, found)}"
    )
    reached = [pence for year in years for pence in year.reached]
    return fan(
        "fan", "How far spending may go", said, years,
        [_beside(last.amounts[i], view.unit) for i in (0, 2, 4)],
        _beside(opening, view.unit), ticks(min(reached), max(reached), view.unit),
    )  # fmt: skip


def ticks(least: int, most: int, unit: str) -> list[Tick]:
    """Choose round amounts from the least to the most, three to seven of them, as printed.

    None where they do not differ by as many pence, or would be printed alike.

    >>> ticks(387_100_000_00, 418_000_000_00, "millions")
    [(39000000000, '390'), (40000000000, '400'), (41000000000, '410')]
    >>> [words for _, words in ticks(20_00, 23_00, "pounds")]
    ['20', '21', '22', '23']
    """
    power = 10 ** len(str(most - least))
    for step in (power // 10**k * factor for k in range(len(str(power))) for factor in _ROUND):
        first = -(-least // step) * step
        found = [*range(first, most + 1, step)]
        if len(found) >= _FEWEST:
            printed = [shown(pence, unit) for pence in found]
            if len({*printed}) < len(printed):
                return []
            decimals = max(len(_decimals(text).rstrip("0")) for text in printed)
            return [(p, _cut(text, decimals)) for p, text in zip(found, printed, strict=True)]
    return []


def _decimals(text: str) -> str:
    return text.rstrip(")").partition(".")[2]


def _cut(text: str, decimals: int) -> str:
    """Leave out the decimals that all of them have as nil."""
    more = len(_decimals(text)) - decimals
    if not more:
        return text
    bare = text.rstrip(")")[:-more].rstrip(".")
    return f"{bare})" if text.endswith(")") else bare


def _beside(pence: int, unit: str) -> str:
    """Print an amount beside the chart: pence would take the room of the chart itself."""
    whole = pence * (UNITS["thousands"] // UNITS["pounds"])
    return shown(whole, "thousands") if unit == "pounds" else shown(pence, unit)


def tornado_chart(view: View, found: Uncertainty) -> str:
    """Draw the widest drivers; nothing where no assumption has a range."""
    some = [*records(found.drivers.head(DRAWN))]
    if not some:
        return ""
    several = found.drivers["assumption"].duplicated(keep=False)
    bars = [
        Width(
            f"{row.assumption}, {when(view, row)}" if row.year or again else row.assumption,
            row.low, row.high, shown(row.low, view.unit), shown(row.high, view.unit),
        )
        for row, again in zip(some, several, strict=False)
    ]  # fmt: skip
    said = f"What each range changes {outcome(some[0])} by. " + " ".join(
        f"{bar.label}: {bar.low_amount} at its low end, {bar.high_amount} at its high end."
        for bar in bars
    )
    return tornado("tornado", f"What drives {outcome(some[0])}", said, bars)
