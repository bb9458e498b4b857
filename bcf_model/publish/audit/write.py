"""The files of an audit, whole or not at all, beside those of the report."""

import csv
from pathlib import Path
from typing import Final

from bcf_model.audit.examine import Audit, Audited
from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.tables import AUDIT_TABLES
from bcf_model.publish.audit import html as audit_html
from bcf_model.publish.audit import workbook as audit_book
from bcf_model.publish.audit.pages import sheets
from bcf_model.publish.write import table_csv, write_files

WORKBOOK: Final = "audit.xlsx"
WEB_PAGE: Final = "audit.html"


def write_audit(audit: Audit, audited: Audited, directory: str | Path) -> list[Path]:
    """Write an audit: workbook, web page and tables.

    Args:
        audit: of `audit.examine`.
        audited: what was audited.
        directory: made when missing; other files in it are left alone.

    Returns:
        The files written.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: a table was not written in full.
    """
    return write_files(contents(audit, audited), directory, lambda made: _read_back(made, audit))


def contents(audit: Audit, audited: Audited) -> dict[str, bytes]:
    """Make every file of an audit: the same audit gives the same bytes.

    Returns:
        The bytes by name.
    """
    pages = sheets(audit, audited)
    return {
        WORKBOOK: audit_book.workbook(audit, audited, pages),
        WEB_PAGE: audit_html.page(audit, audited, pages).encode(),
        **{
            f"tables/{name}.csv": table_csv(audit.tables[name], model)
            for name, model in AUDIT_TABLES.items()
        },
    }


def _read_back(made: Path, audit: Audit) -> None:
    """Count what was written, from the files themselves: no observation may be lost."""
    for name in AUDIT_TABLES:
        with (made / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            written = sum(1 for _ in csv.DictReader(file))
        if written != len(audit.tables[name]):
            message = f"{name}.csv holds {written} rows of {len(audit.tables[name])}"
            raise DoesNotReconcile(message)
