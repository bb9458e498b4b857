"""audit.xlsx: the pages of an audit, in the look of the report. Text and numbers, no formulas."""

from functools import partial

from bcf_model import __version__
from bcf_model.audit.examine import Audit, Audited
from bcf_model.core.ledger import Ledger
from bcf_model.publish.audit.pages import headline
from bcf_model.publish.excel_book import LONGEST_FOOT, Book
from bcf_model.publish.excel_file import RULED, Cover, Fact, Workbook
from bcf_model.publish.house_style import FINE
from bcf_model.publish.page import Sheet


def workbook(audit: Audit, audited: Audited, pages: tuple[Sheet, ...]) -> Workbook:
    """Return the workbook of an audit."""
    foot = f"Audit: {audited.title[:LONGEST_FOOT]}"
    said = [Fact(name, fact) for name, fact in facts(audit, audited)]
    looks = {"valign": "top", **RULED}
    return Workbook(
        f"Audit: {audited.title}",
        Cover(audited.title, "Audit of the printed figures", said, heading="Contents", looks=looks,
              spaced=True),
        {page.name: page.title for page in pages},
        partial(Book, figures=Ledger({}), unit="pounds", foot=foot, decimals=FINE,
                has_checks=False),
        lambda book: book.write(pages),
    )  # fmt: skip


def facts(audit: Audit, audited: Audited) -> tuple[tuple[str, str], ...]:
    """Return what stands at the head of an audit, wherever it is read."""
    compared = "each against the computed one; " if audit.reperformed else ""
    return (
        ("Result", f"{headline(audit)}."),
        ("Paper", audited.source),
        ("Looked at", f"The printed figures: {compared}all of them together; tables against "
                      "tables; signs, percentages and units."),
        ("Rounding", "Every printed number counts as all it may have been rounded from: rounding "
                     "is never reported as an error."),
        ("Not looked at", "Whether the amounts themselves are true: no ledger was seen."),
        ("Made with", f"bcf_model {__version__}, from {len(audited.files)} "
                      f"{'file' if len(audited.files) == 1 else 'files'}; the page Method lists "
                      "each with its SHA-256."),
    )  # fmt: skip
