"""A pool read as a whole, as text, with all that is kept in it: for what writes it again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bcf_model.core.findings import Finding
from bcf_model.core.tables import InputTable
from bcf_model.core.whole_pool import POOL_ITSELF, Grid, Stated, WholePool
from bcf_model.core.words import UNITS
from bcf_model.intake.as_displayed import as_seen
from bcf_model.intake.cells import SPELT
from bcf_model.intake.drafts import stated_units, unit_of
from bcf_model.intake.extract_file import read_file
from bcf_model.intake.folder import (
    AGREEMENT,
    SCENARIO,
    agreements_of,
    read_agreement,
    read_pool,
    read_scenario,
    scenario_folders,
)
from bcf_model.intake.plain_form import Names, Spellings, noted, plain_amount
from bcf_model.intake.raw_table import RawPool, RawTable, address, file_bytes
from bcf_model.intake.workbooks.guard import LARGEST_UNPACKED, Archive, Damaged


def read_whole(
    path: Path, tables: Mapping[str, Sequence[InputTable]]
) -> tuple[WholePool, list[Finding]]:
    """Read all that a pool states, whether it is sound or not.

    Args:
        path: a folder or a workbook.
        tables: those a pool may have, and those a scenario and an agreement may, by kind; the
            pool's own stand under "".

    Returns:
        What it states; and what was found on the way. With an error in that, not all is there.
    """
    named = {kind: [table.name for table in of] for kind, of in tables.items()}
    every = [table for of in tables.values() for table in of]
    found = {POOL_ITSELF: read_pool(path, named[""], sheets=named[SCENARIO])}
    if path.exists():
        for name in scenario_folders(path, named[SCENARIO]):
            found[SCENARIO, name] = read_scenario(path, name, named[SCENARIO])
        for agreement in agreements_of(path, named[AGREEMENT]):
            raw = read_agreement(agreement, path, named[AGREEMENT])
            found[AGREEMENT, raw.name] = raw
    unit, names = unit_of(found[POOL_ITSELF]), Names.of(found[POOL_ITSELF].tables)
    whole: dict[tuple[str, str], Stated] = {}
    findings: list[Finding] = []
    for key, raw in found.items():
        findings += raw.findings
        kinds = {table.name: table for table in every}
        grids = {
            name: _grid(table, kinds[name], unit, names, findings)
            for name, table in raw.tables.items()
        }
        whole[key] = Stated(raw.settings or {}, grids)
    return whole, [*dict.fromkeys(_addressed(findings, found))]


def _addressed(findings: list[Finding], found: Mapping[tuple[str, str], RawPool]) -> list[Finding]:
    for raw in found.values():
        findings = raw.addressed(findings)
    return findings


def _grid(
    table: RawTable,
    kind: InputTable,
    unit: str | None,
    names: Names,
    findings: list[Finding],
) -> Grid:
    """Return a table as it is read, in the plain form; what of it cannot be read is found."""
    units = [own if own in UNITS else unit for own in stated_units(table)]
    spellings = Spellings(table, kind.model.in_file, names)
    columns = []
    for at, name in enumerate(table.columns):
        meaning = kind.model.in_file.get(name)
        if meaning is None:
            columns.append([row[at] for row in table.rows])
            continue
        texts, stops = as_seen(table, name, meaning.form, units)
        texts, in_doubt, told = spellings.plain(texts, meaning)
        if meaning.form == "money":
            pairs = zip(texts, units, strict=True)
            other = {it: said for it, own in pairs if (said := plain_amount(it, own)) != it}
            told = [*told, noted(texts, other, SPELT)] if other else told
            texts = [other.get(it, it) for it in texts]
        findings += [
            Finding(code, table.file, table.numbers[i], name, value, sheet=table.sheet)
            for i, code, value in told
        ]
        columns.append(texts)
        findings += [
            Finding(code, table.file, table.numbers[i], name, value, expected, table.sheet)
            for i, (code, value, expected) in {**in_doubt, **stops}.items()
            if code
        ]
    rows = zip(*columns, strict=True) if columns else ()
    return table.columns, tuple(tuple(_lines(cell) for cell in row) for row in rows)


def _lines(text: str) -> str:
    """Return a text whose lines end as a workbook ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class AsRead(NamedTuple):
    """The cells of one file or sheet as they were read, whatever is wrong with them.

    Attributes:
        file: from the pool's folder on.
        sheet: of a workbook; "" of any other file.
        rows: of texts, every row of the file.
    """

    file: str
    sheet: str
    rows: list[list[str]]


def parts_of(path: Path) -> tuple[dict[str, bytes], str]:
    """Return the parts of an Excel workbook, by name; or none, and why there are none."""
    told = RawPool(path.name)
    data = file_bytes(path, told) if path.is_file() else None
    if data is None:
        why = [f"it has {it.value}, and {it.expected} are read" for it in told.findings if it.value]
        return {}, "".join(why)
    if not data.startswith(b"PK"):
        return {}, "it is no Excel workbook (.xlsx)"
    try:
        archive = Archive(data)
        return {name: archive.read(name, LARGEST_UNPACKED) for name in archive.names}, ""
    except Damaged as problem:
        return {}, str(problem)


def as_read(path: Path) -> list[AsRead]:
    """Return the cells of all files of a pool, or of all sheets of its workbook.

    A file that cannot be read as cells is left out: what it is, a finding says.
    """
    if path.is_file():
        return [it._replace(file=path.name) for it in _cells_of(path)]
    files = [it for it in sorted(path.rglob("*")) if it.suffix.lower() in (".csv", ".toml")]
    own = sorted((it for it in files if it.is_file()), key=lambda it: len(it.parts))
    return [
        it._replace(file=file.relative_to(path).as_posix())
        for file in own
        for it in _cells_of(file)
    ]


def _cells_of(path: Path) -> Iterator[AsRead]:
    if path.suffix.lower() == ".toml":
        data = file_bytes(path, RawPool(path.name))
        if data is not None:
            lines = data.decode("utf-8", "replace").splitlines()
            yield AsRead(path.name, "", [[line] for line in lines])
        return
    for grid in read_file(path).sheets:
        rows = [grid.row(number) for number in range(grid.height)]
        yield AsRead(path.name, grid.name, rows)


def in_its_cell(found: Finding, sheets: Sequence[AsRead]) -> Finding:
    """Return a finding with the cell of a file without addresses, where it stands in one."""
    cells = next((it for it in sheets if it.file == found.file and not it.sheet), None)
    if found.sheet or found.cell or cells is None or not found.column:
        return found
    if cells.file.endswith(".toml"):
        setting = found.column.rpartition(".")[2]
        lines = enumerate((row[0] for row in cells.rows), start=1)
        at = next((n for n, line in lines if line.partition("=")[0].strip() == setting), 0)
        return replace(found, cell=address(at, 1)) if at else found
    headings = next((it for it in cells.rows if any(it)), [])
    names = [re.sub(r"\s+", "_", it.strip().lower()) for it in headings]
    if found.column not in names:
        return found
    row = found.row or cells.rows.index(headings) + 1
    return replace(found, cell=address(row, names.index(found.column) + 1))
