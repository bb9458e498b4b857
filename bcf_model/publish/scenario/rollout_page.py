"""The page Roll-out of a scenario: units live, people reached, and who pays what, by year."""

from bcf_model.core.figures import Figure
from bcf_model.core.tables import each, records
from bcf_model.core.words import NOT_STATED
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.rollout import causes, spent, together
from bcf_model.plan.words import ALL
from bcf_model.publish.page import Heading, Row, Sheet
from bcf_model.publish.scenario.lookups import View, by_year, who


def sheets(view: View) -> tuple[Sheet, ...]:
    """Lay the page out, where the scenario rolls something out."""
    waves = view.projection.scenario.tables["rollout"]
    if waves.empty:
        return ()
    rows: list[Row] = []
    for (programme,) in each(waves, "programme"):
        rows += _programme(view, programme)
    return (
        Sheet(
            "Roll-out",
            f"Roll-out and who pays for it: {view.perimeter}",
            (
                "Units live and people reached are those at the end of the year; cost is what is "
                "spent in it. It is in the bridge, in the step investment and the later steps of "
                "what starts part of the way through a year, and here before inflation and demand.",
                "What each pays in a full year is its share of it, to the penny; units that were "
                "live before the plan are in its opening budget, and add no cost here.",
            ),
            (Heading("Programme", width=44), *by_year(view.years, 13)),
            tuple(rows),
        ),
    )


def _programme(view: View, programme: str) -> list[Row]:
    said, found = view.projection.scenario.tables, view.table("rollout")
    waves = said["rollout"][said["rollout"]["programme"] == programme]
    payers = said["rollout_payers"]
    reached = [*records(found[(found["programme"] == programme) & (found["payer"] == ALL)])]
    named = ", ".join(_status(it) for (it,) in each(waves, "status"))
    rows = [
        Row("group", (f"{waves['name'].iloc[0]} ({named})",)),
        Row("line", ("Units live", *(f"{it.units_live} of {it.units}" for it in reached))),
        Row("line", ("People reached", *(f"{plain(it.people_share)}%" for it in reached))),
    ]
    paid: list[list[Figure | None]] = []
    for row in records(payers[payers["programme"] == programme]):
        share = f"{plain(row.share)}% ({_status(row.status)})"
        rows.append(Row("heading", (f"Paid by {who(view, row.payer)}: {share}",)))
        own = [_spent(view, causes(wave, row.payer)) for wave in records(waves)]
        lines = zip(waves["wave"], own, strict=True)
        rows += [Row("line", (f"Wave {wave}", *cells)) for wave, cells in lines]
        rows.append(Row("subtotal", ("Together", *map(together, zip(*own, strict=True)))))
        paid += own
    return [*rows, Row("total", ("Cost", *map(together, zip(*paid, strict=True))))]


def _spent(view: View, of: list[str]) -> list[Figure | None]:
    """Return what causes cost in each year."""
    return [spent(view.walk, of, view.years[: i + 1]) for i in range(len(view.years))]


def _status(status: str) -> str:
    return "status not stated" if status == NOT_STATED else status
