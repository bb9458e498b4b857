"""The files of scenarios: a report of each, and one of all together; whole, or not at all."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd
from markupsafe import Markup

from bcf_model import __version__
from bcf_model.core.errors import CannotWrite, DoesNotReconcile
from bcf_model.core.findings import listed, warnings_among
from bcf_model.core.money import label, pounds
from bcf_model.core.tables import SourceFile, Table
from bcf_model.core.words import MANIFESTS, NOT_STATED
from bcf_model.plan.comparison import of_one_perimeter
from bcf_model.plan.comparison_columns import drawn_alike
from bcf_model.plan.counterfactual import without_return
from bcf_model.plan.growth import written
from bcf_model.plan.output_tables import COMPARISON_TABLES, DRAWN_TABLES, PROJECTION_TABLES
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish import contents as report_files
from bcf_model.publish.contents import MANIFEST, agreement_beside, versions_in_use
from bcf_model.publish.document import (
    SELF_CONTAINED,
    Box,
    Document,
    Drawing,
    Head,
    Manifest,
    Printing,
    ReadBack,
)
from bcf_model.publish.files import write_files
from bcf_model.publish.scenario import (
    block_pages,
    efficiency_pages,
    movement_pages,
    uncertainty_chart_data,
    uncertainty_pages,
)
from bcf_model.publish.scenario.agreement_sentences import told
from bcf_model.publish.scenario.bridge_pages import sheets
from bcf_model.publish.scenario.comparison_pages import sheets as comparison_sheets
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.comparison_workbook import workbook as comparison_workbook
from bcf_model.publish.scenario.headline import (
    borne,
    closings,
    keys,
    of_scenario,
    status,
    unexplained_by_group,
    waterfall_of,
)
from bcf_model.publish.scenario.lookups import View, span, view
from bcf_model.publish.scenario.sentences import UNSURE, factor, headline, not_known
from bcf_model.publish.scenario.workbook import workbook

_CSS: Final = "scenario/style.css"
COMPARISON: Final = "comparison"
COMPARISON_MANIFEST: Final = MANIFESTS[1]


@dataclass(frozen=True)
class Shown:
    """A scenario to be shown, the same without any return on prevention, and its draws, if any."""

    projection: Projection
    nothing_back: Projection | None = None
    drawn: Uncertainty | None = None


def to_show(projection: Projection, drawn: Uncertainty | None = None) -> Shown:
    """Return what a scenario's report shows: where prevention pays, the same without its return.

    Args:
        projection: the scenario, calculated.
        drawn: its draws, if it was drawn.
    """
    if projection.tables["prevention"].empty:
        return Shown(projection, drawn=drawn)
    without = without_return(projection.scenario)
    return Shown(projection, project(projection.plan, without, projection.factor), drawn)


def write_scenarios(
    shown: Sequence[Shown],
    directory: str | Path,
    *,
    with_inputs: bool = False,
    sqlite: bool = False,
) -> list[Path]:
    """Write the report of each scenario, and of several a comparison.

    Args:
        shown: the scenarios; of several of one perimeter, the first is compared with.
        directory: made when missing; other files in it are left alone.
        with_inputs: put the files each was made from beside it.
        sqlite: write the tables of each as one SQLite file too.

    Returns:
        The files written: those of each scenario in a folder of its name.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    documents = {
        one.projection.scenario.name: document(one, with_inputs=with_inputs) for one in shown
    }
    if len(shown) > 1 and of_one_perimeter([one.projection for one in shown]):
        documents[""] = comparison_document(shown, with_inputs=with_inputs)
    return report_files.write(documents, directory, sqlite=sqlite)


def write_inputs(files: Mapping[str, bytes], folder: str | Path) -> list[Path]:
    """Write the files of a new scenario into its folder, all of them or none.

    Returns:
        The files written.

    Raises:
        CannotWrite: the folder cannot be written, or another run has just made it.
        DoesNotReconcile: what was written is not what was to be.
    """

    def read_back(made: Path) -> None:
        # Only one run writes into a folder at a time: what stands there is another's.
        if taken := [name for name in files if (Path(folder) / name).exists()]:
            message = f"{folder} has {listed(taken)} already: nothing was kept. Name another."
            raise CannotWrite(message)
        if wrong := [name for name, data in files.items() if (made / name).read_bytes() != data]:
            message = f"{listed(wrong)} cannot be read back as written. Nothing was kept."
            raise DoesNotReconcile(message)

    return write_files(files, folder, read_back)


def older_comparison(shown: Sequence[Shown], directory: str | Path) -> str:
    """Return a note on a comparison older than the reports beside it; "" where none is.

    It is left as it is: it may be wanted, and `bcf verify` tells whether it still holds.

    Args:
        shown: the scenarios just written by `write_scenarios`.
        directory: into which.
    """
    names = [one.projection.scenario.name for one in shown]
    if len(shown) > 1 and of_one_perimeter([one.projection for one in shown]):
        return ""
    try:
        said = json.loads((Path(directory) / COMPARISON_MANIFEST).read_bytes())
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        said = {"compared": names}  # which it compares, nobody can tell
    compared = said.get("compared") if isinstance(said, dict) else names
    older = [name for name in names if isinstance(compared, list) and name in compared]
    if not older:
        return ""
    return (
        f"The comparison in {directory} was not made again: it may show {' and '.join(older)} as "
        f"before. bcf verify {directory} says whether it still holds."
    )


def document(
    shown: Shown, versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> Document:
    """Make the report of a scenario.

    Args:
        shown: the scenario.
        versions: what it says it was made with; the versions in use when left out.
        with_inputs: with the files it was made from.
    """
    own, drawn = view(shown.projection, shown.nothing_back), shown.drawn
    settings, inputs = own.projection.scenario.settings, own.projection.plan.inputs
    pages = sheets(own) + (uncertainty_pages.sheets(own, drawn) if drawn else ())
    return Document(
        name="report",
        workbook=lambda: workbook(own, pages),
        title=f"{settings.title}: {own.perimeter}",
        head=Head(
            settings.title, f"Scenario {own.name}, {span(own)}", own.perimeter, _standing(own)
        ),
        foot=f"{settings.title}. Made with bcf_model {__version__}. {SELF_CONTAINED}",
        headline=headline(own),
        key_figures=_key_figures(own),
        notes=Box("What is not known", unknown) if (unknown := not_known(own)) else None,
        about=_about(own),
        pages=pages,
        drawings=_drawings(own, pages[0].name, drawn),
        printing=replace(_printing(own), derivations=of_scenario(own)),
        css=_CSS,
        tables=_tables(shown, own),
        read_back=[ReadBack("tables/walk", "amount", _closing(shown.projection), "financial_year")],
        manifest=_manifest(own, drawn, versions or versions_in_use()),
        sources=_sources([own]),
        put_beside=inputs if with_inputs else None,
    )


def comparison_document(
    shown: Sequence[Shown], versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> Document:
    """Make the comparison of scenarios of one perimeter.

    Args:
        shown: the scenarios, the first being the one compared with. Their draws are compared only
            where all were drawn, as often and from the same seed.
        versions: what it says it was made with; the versions in use when left out.
        with_inputs: with the files they were made from.
    """
    projections, drawn = [one.projection for one in shown], [one.drawn for one in shown]
    compared, alike = Compared.of(projections, drawn), drawn[0] if drawn_alike(drawn) else None
    pages = comparison_sheets(compared, uncertainty_pages.about(alike) if alike else "")
    first, inputs, answers = compared.first, projections[0].plan.inputs, told(compared)
    return Document(
        name=COMPARISON,
        workbook=lambda: comparison_workbook(compared, pages),
        title=f"Scenarios compared: {first.perimeter}",
        head=Head(
            "Scenarios side by side",
            f"{first.perimeter}, {label(first.unit)}",
            inputs.settings.title,
        ),
        foot=f"Made with bcf_model {__version__}. {SELF_CONTAINED}",
        headline=next(iter(answers), ""),
        notes=Box(
            "What is compared", [*answers[1:], *(_compared(own, first) for own in compared.views)]
        ),
        pages=pages,
        drawings={pages[0].name: closings(compared)},
        printing=replace(_printing(first), figures=compared.figures),
        css=_CSS,
        tables={name: (compared.tables[name], model) for name, model in COMPARISON_TABLES.items()},
        manifest=Manifest(
            COMPARISON_MANIFEST,
            {
                "pool": inputs.name,
                "compared": [own.name for own in compared.views],
                **_agreements(compared),
                "perimeter": first.projection.scenario.settings.perimeter,
                **_draws(alike),
                "unit_of_inputs": inputs.settings.unit,
            },
            versions or versions_in_use(),
        ),
        sources=_sources(compared.views),
        put_beside=inputs if with_inputs else None,
    )


def _compared(own: View, first: View) -> Markup:
    others = "; the others are compared with it" if own is first else ""
    title = own.projection.scenario.settings.title
    return Markup("<b>{}</b>: {}; {}{}").format(own.name, title, status(own), others)


def _printing(own: View) -> Printing:
    return Printing(
        own.unit,
        own.figures,
        own.percent,
        listed_short=True,
        unsure=(*UNSURE, NOT_STATED),
        same_decimals=True,
    )


def _standing(own: View) -> Markup:
    """Return how far a scenario may be relied on, who made it, and its date."""
    settings = own.projection.scenario.settings
    at = settings.as_at
    more = (settings.author, f"As at {at.day} {at:%B %Y}" if at else "")
    return Markup("Status: {}").format(Markup(". ").join((status(own), *(it for it in more if it))))


def _key_figures(own: View) -> list[Box]:
    unit, shares = label(own.unit), borne(own)
    heading = f"What each bears of spending above the agreed budget, {unit}"
    found = [Box(f"{own.perimeter}, {unit}", figures=keys(own))]
    return [*found, Box(heading, figures=shares)] if shares else found


def _about(own: View) -> Box:
    scenario, unit = own.projection.scenario, label(own.unit)
    settings = scenario.settings
    facts: dict[str, Sequence[str]] = {}
    if settings.sources:
        facts["Sources"] = settings.sources
    if settings.base:
        facts["Built on"] = [", which is built on ".join(scenario.chain[1:])]
    facts["Amounts"] = [
        f"Of {own.perimeter}, in {unit}; computed in whole pence and rounded only where they are "
        "printed. Amounts of two perimeters are never added."
    ]
    facts["Sign"] = [
        "A step that adds to the budget is above nil, one that takes off it in (brackets)."
    ]
    note = (*settings.note.strip().splitlines(), factor(own))
    return Box("What this is", [line for line in note if line], facts)


def _drawings(own: View, bridge: str, drawn: Uncertainty | None) -> dict[str, list[Drawing]]:
    """Draw the bridge, of all years and of each, and what was drawn at random."""
    years = own.years if len(own.years) > 1 else ()
    by_year = (waterfall_of(own, year) for year in years)
    found = {bridge: [waterfall_of(own), *by_year, *unexplained_by_group(own)]}
    charts = uncertainty_chart_data.charts(own, drawn) if drawn else {}
    return found | {name: [Drawing(said, svg)] for name, (said, svg) in charts.items()}


def _tables(shown: Shown, own: View) -> dict[str, tuple[pd.DataFrame, Table]]:
    found = {name: (shown.projection.tables[name], it) for name, it in PROJECTION_TABLES.items()}
    for more in (block_pages, efficiency_pages, movement_pages):
        found |= {name: (frame, more.TABLES[name]) for name, frame in more.tables(own).items()}
    if shown.drawn:
        of_draws = uncertainty_pages.tables(own, shown.drawn)
        found |= {name: (frame, DRAWN_TABLES[name]) for name, frame in of_draws.items()}
    return {f"tables/{name}": table for name, table in found.items()}


def _closing(projection: Projection) -> dict[str, int]:
    return {str(year): int(pence) for year, pence in projection.closing().items()}


def _manifest(own: View, drawn: Uncertainty | None, versions: Mapping[str, str]) -> Manifest:
    scenario, plan = own.projection.scenario, own.projection.plan
    settings, factor = scenario.settings, own.projection.factor
    return Manifest(
        MANIFEST,
        {
            "pool": plan.inputs.name,
            "scenario": scenario.name,
            "built_on": list(scenario.chain[1:]),
            **({"agreement": tried} if (tried := agreement_beside(plan.inputs)) else {}),
            "title": settings.title,
            "status": settings.status,
            "as_at": settings.as_at.isoformat() if settings.as_at else None,
            "perimeter": settings.perimeter,
            "years": list(own.years),
            **_draws(drawn),
            "unit_of_inputs": plan.inputs.settings.unit,
        },
        versions,
        {
            "control_totals": {
                "opening_pounds": pounds(own.amount(own.opening())),
                "closing_pounds": {it: pounds(own.amount(own.closing(it))) for it in own.years},
            },
            "calibration_factor": written(factor.value) if factor and factor.value else None,
            "warnings": warnings_among(plan.inputs.findings),
        },
    )


def _agreements(compared: Compared) -> dict[str, dict[str, str]]:
    """Return the agreement that was tried on scenarios, by their names; nothing where none was."""
    tried = {it.name: agreement_beside(it.projection.plan.inputs) for it in compared.tried}
    return {"agreements": tried} if tried else {}


def _draws(drawn: Uncertainty | None) -> dict[str, int]:
    """Return how often was drawn, and from where, if it was."""
    return {"draws": drawn.draws, "seed": drawn.seed} if drawn else {}


def _sources(views: Iterable[View]) -> list[SourceFile]:
    """Return the files of scenarios: the pool's, their plan's, their own and their bases'."""
    found: dict[str, SourceFile] = {}
    for own in views:
        plan, scenario = own.projection.plan, own.projection.scenario
        for file in (*plan.inputs.files, *plan.files, *scenario.files):
            # Where an agreement is tried, rows of a file may be left out: it is one file still.
            found.setdefault(file.name, file)
    return [*found.values()]
