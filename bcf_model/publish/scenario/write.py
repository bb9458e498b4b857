"""The files of scenarios: a report of each, and one of all together; whole, or not at all."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.findings import warnings_among
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import pounds, read_money, sterling
from bcf_model.core.tables import SourceFile
from bcf_model.core.words import MANIFESTS
from bcf_model.plan.comparison import of_one_perimeter
from bcf_model.plan.comparison_columns import drawn_alike
from bcf_model.plan.counterfactual import without_return
from bcf_model.plan.figures import MEASURES, of_walk
from bcf_model.plan.growth import written
from bcf_model.plan.output_tables import COMPARISON_TABLES, DRAWN_TABLES, PROJECTION_TABLES
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish.scenario import (
    block_pages,
    efficiency_pages,
    movement_pages,
    uncertainty_chart_data,
    uncertainty_pages,
)
from bcf_model.publish.scenario.bridge_pages import sheets
from bcf_model.publish.scenario.comparison_pages import sheets as comparison_sheets
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.comparison_workbook import page as comparison_page
from bcf_model.publish.scenario.comparison_workbook import workbook as comparison_workbook
from bcf_model.publish.scenario.html import page
from bcf_model.publish.scenario.lookups import View, view
from bcf_model.publish.scenario.workbook import workbook
from bcf_model.publish.write import MANIFEST, inputs_beside, table_csv, versions_in_use, write_files

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
    shown: Sequence[Shown], directory: str | Path, *, with_inputs: bool = False
) -> list[Path]:
    """Write the report of each scenario, and of several a comparison.

    Args:
        shown: the scenarios; of several of one perimeter, the first is compared with.
        directory: made when missing; other files in it are left alone.
        with_inputs: put the files each was made from beside it.

    Returns:
        The files written: those of each scenario in a folder of its name.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    files: dict[str, bytes] = {}
    for one in shown:
        name = one.projection.scenario.name
        made = contents(one, with_inputs=with_inputs)
        files |= {f"{name}/{file}": data for file, data in made.items()}
    projections = [one.projection for one in shown]
    if len(shown) > 1 and of_one_perimeter(projections):
        files |= comparison(shown, with_inputs=with_inputs)
    return write_files(files, directory, lambda made: _read_back(made, projections))


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


def contents(
    shown: Shown, versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> dict[str, bytes]:
    """Make every file of one scenario's report: the same scenario gives the same bytes.

    Returns:
        The bytes by name, the manifest last: it lists the others.
    """
    own, drawn = view(shown.projection, shown.nothing_back), shown.drawn
    pages = sheets(own)
    charts = uncertainty_chart_data.charts(own, drawn) if drawn else {}
    pages += uncertainty_pages.sheets(own, drawn) if drawn else ()
    files = {"report.xlsx": workbook(own, pages), "report.html": page(own, pages, charts).encode()}
    for name, model in PROJECTION_TABLES.items():
        files[f"tables/{name}.csv"] = table_csv(shown.projection.tables[name], model)
    for more in (block_pages, efficiency_pages, movement_pages):
        for name, frame in more.tables(own).items():
            files[f"tables/{name}.csv"] = table_csv(frame, more.TABLES[name])
    for name, frame in (uncertainty_pages.tables(own, drawn) if drawn else {}).items():
        files[f"tables/{name}.csv"] = table_csv(frame, DRAWN_TABLES[name])
    if with_inputs:
        files |= inputs_beside(shown.projection.plan.inputs, _sources(own))
    files[MANIFEST] = _manifest(own, drawn, files, versions or versions_in_use())
    return files


def comparison(
    shown: Sequence[Shown], versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> dict[str, bytes]:
    """Make the files of a comparison of scenarios of one perimeter, its manifest last.

    Args:
        shown: the scenarios, the first being the one compared with. Their draws are compared only
            where all were drawn, as often and from the same seed.
        versions: what it says it was made with; the versions in use when left out.
        with_inputs: with the files they were made from.
    """
    projections, drawn = [one.projection for one in shown], [one.drawn for one in shown]
    compared, alike = Compared.of(projections, drawn), drawn[0] if drawn_alike(drawn) else None
    pages = comparison_sheets(compared, uncertainty_pages.about(alike) if alike else "")
    files = {
        f"{COMPARISON}.xlsx": comparison_workbook(compared, pages),
        f"{COMPARISON}.html": comparison_page(compared, pages).encode(),
    }
    for name, model in COMPARISON_TABLES.items():
        files[f"{name}.csv"] = table_csv(compared.tables[name], model)
    if with_inputs:
        sources = dict.fromkeys(source for own in compared.views for source in _sources(own))
        files |= inputs_beside(projections[0].plan.inputs, sources)
    files[COMPARISON_MANIFEST] = _comparison_manifest(
        compared.views, alike, files, versions or versions_in_use()
    )
    return files


def _manifest(
    own: View,
    drawn: Uncertainty | None,
    files: Mapping[str, bytes],
    versions: Mapping[str, str],
) -> bytes:
    scenario, plan = own.projection.scenario, own.projection.plan
    settings, factor = scenario.settings, own.projection.factor
    manifest: dict[str, Any] = {
        "pool": plan.inputs.name,
        "scenario": scenario.name,
        "built_on": list(scenario.chain[1:]),
        "title": settings.title,
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "perimeter": settings.perimeter,
        "years": list(own.years),
        **_draws(drawn),
        "unit_of_inputs": plan.inputs.settings.unit,
        "versions": dict(versions),
        "inputs": _inputs(_sources(own)),
        "outputs": _outputs(files),
        "control_totals": {
            "opening_pounds": pounds(own.amount(own.opening())),
            "closing_pounds": {year: pounds(own.amount(own.closing(year))) for year in own.years},
        },
        "calibration_factor": written(factor.value) if factor and factor.value else None,
        "warnings": warnings_among(plan.inputs.findings),
    }
    return _as_json(manifest)


def _comparison_manifest(
    views: Sequence[View],
    drawn: Uncertainty | None,
    files: Mapping[str, bytes],
    versions: Mapping[str, str],
) -> bytes:
    plan = views[0].projection.plan
    sources = dict.fromkeys(source for own in views for source in _sources(own))
    return _as_json(
        {
            "pool": plan.inputs.name,
            "compared": [own.name for own in views],
            "perimeter": views[0].projection.scenario.settings.perimeter,
            **_draws(drawn),
            "unit_of_inputs": plan.inputs.settings.unit,
            "versions": dict(versions),
            "inputs": _inputs(sources),
            "outputs": _outputs(files),
        }
    )


def _draws(drawn: Uncertainty | None) -> dict[str, int]:
    """Return how often was drawn, and from where, if it was."""
    return {"draws": drawn.draws, "seed": drawn.seed} if drawn else {}


def _sources(own: View) -> Iterable[SourceFile]:
    """Return the files a scenario was made from: the pool's, its plan's, its own and its bases'."""
    plan, scenario = own.projection.plan, own.projection.scenario
    return dict.fromkeys((*plan.inputs.files, *plan.files, *scenario.files))


def _inputs(sources: Iterable[SourceFile]) -> list[dict[str, Any]]:
    return [{"file": it.name, "sha256": it.sha256, "rows": it.rows} for it in sources]


def _outputs(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    return [
        {"file": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    ]


def _as_json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def _read_back(made: Path, projections: Sequence[Projection]) -> None:
    """Add up what was written, from the files themselves, year by year."""
    for projection in projections:
        name = projection.scenario.name
        with (made / name / "tables" / "walk.csv").open(encoding="utf-8", newline="") as file:
            rows = [
                (row["financial_year"], read_money(row["amount"], "pounds").pence)
                for row in csv.DictReader(file)
            ]
        walk = pd.DataFrame(rows, columns=["financial_year", "amount"])
        ledger = Ledger({"walk": walk}, measures=MEASURES)
        computed = {str(year): int(pence) for year, pence in projection.closing().items()}
        years = walk["financial_year"].unique()
        sums = {year: ledger.so_far(of_walk({"financial_year": year})) for year in years}
        if sums != computed:
            reached = sterling(int(ledger.so_far(of_walk({})) or 0))
            message = f"walk.csv of {name} adds up to {reached}. Nothing was written."
            raise DoesNotReconcile(message)
