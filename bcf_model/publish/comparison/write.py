"""The files of a comparison: a workbook, a web page, a table, and a whole report under each."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from bcf_model import __version__
from bcf_model.core.figures import Figure
from bcf_model.core.money import label
from bcf_model.core.tables import OWN_AGREEMENT, ComparisonOut
from bcf_model.core.years import spoken
from bcf_model.publish import contents as report_files
from bcf_model.publish.charts import bars_in_words, draw
from bcf_model.publish.comparison.pages import blocks, ledger_of, sheets
from bcf_model.publish.comparison.workbook import workbook
from bcf_model.publish.document import Document, Drawing, Head, Printing, ReadBack
from bcf_model.publish.sqlite_file import FILES
from bcf_model.publish.write import document as report_of
from bcf_model.year.results import Results

NAME: Final = "comparison"
TABLE: Final = "tables/comparison"
_TAKEN: Final = {f"{NAME}.xlsx", f"{NAME}.html", FILES[NAME], TABLE.partition("/")[0]}
_NO_FOLDER: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]|^[. ]|[. ]$|^$')
_DEVICES: Final = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{it}{n}" for it in ("com", "lpt") for n in range(10)),
}
"""What a folder cannot be called: on Windows not, or it would be hidden or lost elsewhere."""


def write_comparison(
    compared: pd.DataFrame,
    tried: Sequence[Results],
    directory: str | Path,
    *,
    with_inputs: bool = False,
    sqlite: bool = False,
) -> list[Path]:
    """Write a comparison, and beside it the whole report under each agreement.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement, the first being the one compared with.
        directory: made when missing; other files in it are left alone.
        with_inputs: put the files each report was made from beside it.
        sqlite: write the tables of the comparison, and of each report, as one SQLite file too.

    Returns:
        The files of the comparison; each agreement's report is in a folder of its name.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    own = {"": document(compared, tried)}
    reports = {it.inputs.agreement.name: report_of(it, with_inputs=with_inputs) for it in tried}
    folders = [Path(directory) / name for name in reports]
    made = report_files.write(own | reports, directory, sqlite=sqlite)
    return [path for path in made if not any(map(path.is_relative_to, folders))]


def trouble_with_names(agreements: Sequence[tuple[str, Path]]) -> str:
    """Return why agreements of these names cannot be told apart, or have folders; "" when they can.

    Args:
        agreements: those that are tried beside the pool's own, each with its name and where it is.
    """
    first: dict[str, tuple[str, Path]] = {}
    for name, path in agreements:
        other, earlier = first.setdefault(name.casefold(), (name, path))
        if path is not earlier:
            alike = f"are both called {name!r}" if name == other else "differ by capitals alone"
            return f"{earlier} and {path} {alike}: rename one of them"
        why = ""
        if name.casefold() == OWN_AGREEMENT.name:
            why = "the pool's own agreement is called so"
        elif name.casefold() in _TAKEN:
            what = "file" if "." in name else "folder"
            why = f"the comparison itself has a {what} of that name"
        elif _NO_FOLDER.search(name) or name.casefold().partition(".")[0] in _DEVICES:
            why = "a folder of that name cannot be made, or not on every computer"
        if why:
            return f"an agreement cannot be called {name!r}, as {path} is: {why}. Rename it"
    return ""


def document(compared: pd.DataFrame, tried: Sequence[Results]) -> Document:
    """Make the comparison itself.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement, the first being the one compared with.
    """
    pages, bars = sheets(compared, tried), blocks(compared, tried)
    settings = tried[0].inputs.settings
    standing, unit = settings.standing, label(settings.unit)
    title, year = "What each party bears under each agreement", spoken(settings.financial_year)
    borne = ledger_of(compared.dropna(subset="borne")).so_far(Figure("comparison.borne"))
    return Document(
        name=NAME,
        workbook=lambda: workbook(tried, pages),
        title=f"Agreements compared: {settings.title}, {year}",
        head=Head(
            settings.title,
            f"{len(tried)} agreements on the {standing.spending} of {year}, as at {settings.day}, "
            f"{unit}",
        ),
        foot=f"Made with bcf_model {__version__}",
        pages=pages,
        listed=False,
        drawings={
            pages[0].name: [
                Drawing(
                    f"{standing.borne}, {unit}: one bar for each party, agreement by agreement",
                    draw("agreements", title, bars_in_words(bars, unit), bars),
                )
            ]
        },
        printing=Printing(settings.unit, plain=True),
        css="comparison/style.css",
        tables={TABLE: (compared, ComparisonOut)},
        read_back=[ReadBack(TABLE, "borne", {"": int(borne or 0)})],
    )
