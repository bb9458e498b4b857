"""The files of a comparison: a workbook, a web page, a table, and a whole report under each."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.expressions import Total
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import label, sterling
from bcf_model.core.tables import OWN_AGREEMENT, ComparisonOut
from bcf_model.publish.charts import bars_in_words, draw
from bcf_model.publish.comparison.html import page
from bcf_model.publish.comparison.pages import blocks, sheets
from bcf_model.publish.comparison.workbook import workbook
from bcf_model.publish.write import contents as report_of
from bcf_model.publish.write import table_csv, write_files, written_total
from bcf_model.year.results import Results

WORKBOOK: Final = "comparison.xlsx"
WEB_PAGE: Final = "comparison.html"
TABLE: Final = "tables/comparison.csv"
_TAKEN: Final = {WORKBOOK, WEB_PAGE, TABLE.partition("/")[0]}
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
) -> list[Path]:
    """Write a comparison, and beside it the whole report under each agreement.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement, the first being the one compared with.
        directory: made when missing; other files in it are left alone.
        with_inputs: put the files each report was made from beside it.

    Returns:
        The files of the comparison; each agreement's report is in a folder of its name.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    own = contents(compared, tried)
    reports = {
        f"{results.inputs.agreement.name}/{name}": data
        for results in tried
        for name, data in report_of(results, with_inputs=with_inputs).items()
    }
    written = write_files(own | reports, directory, lambda made: _read_back(made, compared))
    return written[: len(own)]


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


def contents(compared: pd.DataFrame, tried: Sequence[Results]) -> dict[str, bytes]:
    """Make the files of the comparison itself: the same results give the same bytes."""
    pages, bars = sheets(compared, tried), blocks(compared, tried)
    chart = draw(
        "agreements",
        "What each party bears under each agreement",
        bars_in_words(bars, label(tried[0].inputs.settings.unit)),
        bars,
    )
    return {
        WORKBOOK: workbook(tried, pages),
        WEB_PAGE: page(tried, pages, chart).encode(),
        TABLE: table_csv(compared, ComparisonOut),
    }


def _read_back(made: Path, compared: pd.DataFrame) -> None:
    """Add up what was written, from the file itself."""
    written = written_total(made / TABLE, "borne")
    computed = Ledger({TABLE: compared.dropna(subset="borne")}).total(Total("borne", table=TABLE))
    if written != computed:
        message = f"borne in {TABLE} adds up to {sterling(written)}. Nothing was written."
        raise DoesNotReconcile(message)
