"""The copy of a workbook in which every finding stands in its cell."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bcf_model.commands.options import refuse_inside, refuse_what_stands

if TYPE_CHECKING:
    from bcf_model.core.findings import Finding

_ENDINGS: Final = (".xlsx", ".xlsm")
_ABOUT: Final = (
    "A copy: your own file is as it was. Correct that one, and check it again. The first word of a "
    "comment, and the border of its cell, say what it is."
)


def ready_for_a_copy(pool: Path, written: Path) -> None:
    """Refuse a name under which no copy can be written, before anything is read.

    Raises:
        BadParameter: it is no workbook's, or lies in the folder of the pool.
        CannotWrite: something stands there; so it does where it is the pool itself, or a link.
    """
    if written.suffix.lower() not in _ENDINGS:
        message = "a workbook is written: give a name that ends in .xlsx"
        raise click.BadParameter(message, param_hint="-o")
    refuse_what_stands(written, is_folder=False)
    if pool.is_dir():
        refuse_inside([written.parent], "the copy", {pool: "the pool"})


def write_copy(pool: Path, written: Path, found: "Sequence[Finding]", *, is_ledger: bool) -> str:
    """Write the copy, read back before it stands; return what is to be said of it.

    Args:
        pool: what was checked; its files are not touched.
        written: a name that is free (`ready_for_a_copy`).
        found: the findings.
        is_ledger: it is no pool, but looks like the file of a ledger.

    Raises:
        CannotWrite: it cannot be kept so.
        BadParameter: a workbook with macros would not open under the name.
    """
    from bcf_model.core.errors import CannotWrite  # noqa: PLC0415
    from bcf_model.publish.files import write_files  # noqa: PLC0415

    if is_ledger:
        return f"{written}: not written, as this is no pool: there is nothing to mark in it."
    if not pool.exists():
        return f"{written}: not written, as there is nothing to copy."
    data, said = _copy(pool, written, found)

    def read_back(made: Path) -> None:
        refuse_what_stands(written, is_folder=False, aside=made)
        if (made / written.name).read_bytes() != data:
            message = f"what was written into {written} is not read again as it was"
            raise CannotWrite(message)

    write_files({written.name: data}, written.parent, read_back)
    return f"{written}: {said}"


def _copy(pool: Path, written: Path, found: "Sequence[Finding]") -> tuple[bytes, str]:
    """Return the bytes of the copy, and what it is: her own workbook, or a mirror of the cells."""
    from bcf_model.intake.whole_pool import parts_of  # noqa: PLC0415
    from bcf_model.publish.marked_copy import NotPatched, marked_copy, needs_macros  # noqa: PLC0415

    parts, why = parts_of(pool)
    has_macros = needs_macros(parts)
    if has_macros != (written.suffix.lower() == ".xlsm"):
        ending = ".xlsm" if has_macros else ".xlsx"
        message = f"Excel opens a copy of this workbook only under a name that ends in {ending}"
        raise click.BadParameter(message, param_hint="-o")
    if not parts:
        return _mirror(pool, found, why)
    try:
        made = marked_copy(parts, found, _ABOUT)
    except NotPatched as problem:
        if written.suffix.lower() == ".xlsm":
            message = f"this workbook cannot be copied ({problem}): name one that ends in .xlsx"
            raise click.BadParameter(message, param_hint="-o") from problem
        return _mirror(pool, found, str(problem))
    return made, "a copy of the workbook, with the findings in their cells and a checklist."


def _mirror(pool: Path, found: "Sequence[Finding]", why: str) -> tuple[bytes, str]:
    from bcf_model.core.findings import printable  # noqa: PLC0415
    from bcf_model.intake.whole_pool import as_read, in_its_cell  # noqa: PLC0415
    from bcf_model.publish.marked_mirror import mirror, sheet_names  # noqa: PLC0415

    sheets = as_read(pool)
    stems = [it.sheet or it.file.removesuffix(".csv") for it in sheets]
    names = dict(zip([(it.file, it.sheet) for it in sheets], sheet_names(stems), strict=True))
    shown = []
    for it in found:
        own = in_its_cell(it, sheets)
        shown.append(replace(own, sheet=names.get((own.file, own.sheet), own.sheet)))
    because = f" ({printable(why)})" if why else ""
    about = (
        f"The cells of {printable(pool.name)} as they were read, and no copy of it{because}: "
        "without its formats, formulas, pictures and comments. Correct your own file."
    )
    cells = {names[it.file, it.sheet]: it.rows for it in sheets}
    return mirror(cells, shown, about), (
        f"the cells as they were read{because}, with the findings in them and a checklist."
    )
