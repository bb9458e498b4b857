"""The files of an audit, whole or not at all, beside those of the report."""

from pathlib import Path

from bcf_model.audit.examine import Audit, Audited
from bcf_model.core.tables import AUDIT_TABLES
from bcf_model.publish import contents as report_files
from bcf_model.publish.audit.pages import headline, sheets
from bcf_model.publish.audit.workbook import facts, workbook
from bcf_model.publish.document import SELF_CONTAINED, Box, Document, Head, Printing


def write_audit(
    audit: Audit, audited: Audited, directory: str | Path, *, sqlite: bool = False
) -> list[Path]:
    """Write an audit: workbook, web page and tables.

    Args:
        audit: of `audit.examine`.
        audited: what was audited.
        directory: made when missing; other files in it are left alone.
        sqlite: write its tables as one SQLite file too.

    Returns:
        The files written.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: a table was not written in full.
    """
    return report_files.write({"": document(audit, audited)}, directory, sqlite=sqlite)


def document(audit: Audit, audited: Audited) -> Document:
    """Make an audit's report."""
    pages = sheets(audit, audited)
    _, *others = facts(audit, audited)
    return Document(
        name="audit",
        workbook=lambda: workbook(audit, audited, pages),
        title=f"Audit: {audited.title}",
        head=Head(audited.title, "Audit of the printed figures"),
        foot=f"{audited.title}: audit of the printed figures. {SELF_CONTAINED}",
        headline=headline(audit),
        about=Box("How to read the audit", facts={name: [fact] for name, fact in others}),
        pages=pages,
        printing=Printing(prose=True),
        css="audit/style.css",
        tables={f"tables/{name}": (it, AUDIT_TABLES[name]) for name, it in audit.tables.items()},
    )
