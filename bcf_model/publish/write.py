"""The report of a year."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.findings import warnings_among
from bcf_model.core.money import percent, pounds
from bcf_model.core.tables import FindingsOut, records
from bcf_model.core.years import spoken
from bcf_model.publish import contents as report_files
from bcf_model.publish.contents import (
    MANIFEST,
    agreement_beside,
    findings_table,
    versions_in_use,
)
from bcf_model.publish.derivations import MOST_LINES, of_year
from bcf_model.publish.document import (
    SELF_CONTAINED,
    Box,
    Document,
    Head,
    Manifest,
    Printing,
    Proof,
    ReadBack,
)
from bcf_model.publish.excel import workbook
from bcf_model.publish.headline import (
    by_bearer,
    by_theme,
    headline,
    of_the_pool,
    who_bears,
    who_bears_heading,
)
from bcf_model.publish.indicator_pages import INDICATORS, by_month
from bcf_model.publish.reference_pages import checks
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.results import Results

_SHOWN_AS: Final = {
    "pounds": "Amounts are shown in pounds and pence",
    "thousands": "Amounts are shown in £000, rounded to whole thousands",
    "millions": "Amounts are shown in £m, rounded to three decimals",
}
_READ_BACK: Final = (
    ("variance", "budget"),
    ("variance", "expenditure"),
    ("variance", "variance"),
    ("risk_share", "borne"),
    ("settlement", "borne"),
)


def write_report(
    results: Results, directory: str | Path, *, with_inputs: bool = False, sqlite: bool = False
) -> list[Path]:
    """Write the whole report.

    Args:
        results: of `run`.
        directory: made when missing; other files in it are left alone.
        with_inputs: put the files it was made from beside it, so that the folder alone is enough
            to explain and to verify it.
        sqlite: write its tables as one SQLite file too.

    Returns:
        The files written, the workbook first, the manifest last.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    whole = document(results, with_inputs=with_inputs)
    return report_files.write({"": whole}, directory, sqlite=sqlite)


def document(
    results: Results, versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> Document:
    """Make the report of a year.

    Args:
        results: of `run`.
        versions: what the report says it was made with; the versions in use, unless a report made
            elsewhere is made again.
        with_inputs: with the files it was made from.
    """
    versions = versions_in_use() if versions is None else versions
    pages, inputs = sheets(results, versions), results.inputs
    settings, standing, year = (
        inputs.settings,
        inputs.settings.standing,
        spoken(inputs.settings.financial_year),
    )
    drawings = {"Summary": [by_theme(results)]}
    if not standing.no_share:
        drawings["Revenue and capital"] = [by_bearer(results)]
    if results.metrics:
        drawings[INDICATORS] = by_month(results)
    return Document(
        name="report",
        workbook=lambda: workbook(results, pages),
        title=f"{settings.title}: {standing.position.lower()} {year}",
        head=Head(
            settings.title,
            f"{standing.position} {year}, as at {settings.day}",
            settings.board,
            settings.status,
        ),
        foot=f"{settings.title}, {standing.position.lower()} {year}, as at {settings.day}. "
        f"{SELF_CONTAINED}",
        headline=headline(results),
        key_figures=(
            Box("The pool", figures=of_the_pool(results)),
            Box(who_bears_heading(results), standing.about_shares, figures=who_bears(results)),
        ),
        proof=Proof(len(results.checks), warnings_among(inputs.findings)),
        about=_how_to_read(results),
        pages=(*pages, checks(results)),
        drawings=drawings,
        printing=Printing(
            settings.unit,
            results.figures,
            lambda rate: _rate(results, rate),
            of_year(results),
            when=f", {year}",
            by_text=True,
        ),
        tables={
            **{f"tables/{it}": (results.outputs[it], of) for it, of in results.models.items()},
            "tables/findings": (findings_table(inputs.findings), FindingsOut),
        },
        read_back=_read_back(results),
        manifest=_manifest(results, versions, agreement_beside(inputs) if with_inputs else ""),
        sources=inputs.files,
        put_beside=inputs if with_inputs else None,
    )


def _rate(results: Results, figure: Figure) -> str:
    rate = results.figures.value(figure)
    return "" if rate is None else percent(rate)


def _how_to_read(results: Results) -> Box:
    settings, lines = results.inputs.settings, len(results.figures.tables["lines"])
    some_open = (
        f" Of the {lines:,} lines, the {MOST_LINES} with the largest variances open here; for any "
        "other ask bcf explain, by its code: variance/scheme=CODE."
    )
    return Box(
        "How to read the figures",
        facts={
            "Unit": [f"{_SHOWN_AS[settings.unit]}. Everything is computed in whole pence and "
                     "rounded only where it is printed, half away from zero: printed parts may "
                     "differ from a printed total by a unit."],
            "Sign": ["Spending is positive. Variance is expenditure − budget: positive is an "
                     "overspend, (brackets) an underspend. Borne is positive where it costs its "
                     "bearer; in (brackets), it relieves it."],
            "Derivation": ["Open an amount to see how it came about: which lines or rules, where "
                           "each is stated, and how it was rounded."
                           + (some_open if lines > MOST_LINES else "")],
            "On paper": ["Of the reference pages at the end, folded on screen, only those left "
                         "open are printed; so is a derivation left open."],
            "Source": [settings.source],
        },
    )  # fmt: skip


def _read_back(results: Results) -> list[ReadBack]:
    """Return what tables must add up to: of a figure of which a part is unknown nothing is."""
    figures = results.figures
    return [
        ReadBack(f"tables/{table}", measure, {"": int(figures.so_far(figure) or 0)})
        for table, measure in _READ_BACK
        for figure in [Figure.of(measure)]
        if not figures.not_given(figure) and not (measure == "borne" and figures.lacks(figure))
    ]


def _manifest(results: Results, versions: Mapping[str, str], tried: str) -> Manifest:
    inputs, settings = results.inputs, results.inputs.settings
    standing = settings.standing
    whole = {
        measure: results.figures.value(Figure.of(measure))
        for measure in ("budget", "expenditure", "variance", "borne")
        if not results.figures.not_given(Figure.of(measure))
    }
    total = {name: None if value is None else pounds(int(value)) for name, value in whole.items()}
    stated = records(inputs.control_totals)
    return Manifest(
        MANIFEST,
        {
            "pool": inputs.name,
            "title": settings.title,
            "financial_year": settings.financial_year,
            "as_at": settings.as_at.isoformat(),
            "basis": standing.basis or "not stated",
            **({"shares": standing.share_note} if standing.share_note else {}),
            "unit_of_inputs": settings.unit,
            **({"agreement": tried} if tried else {}),
        },
        versions,
        {
            "control_totals": {
                "computed_pounds": total,
                "stated": {str(row.figure): pounds(int(row.amount)) for row in stated},
            },
            "checks_held": len(results.checks),
            "warnings": warnings_among(inputs.findings),
        },
    )
