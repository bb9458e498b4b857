"""The only door in: a folder of CSV files, or one workbook, as text that knows where it stood.

Nothing is interpreted here. Every cell becomes text; every row keeps its number as a spreadsheet
counts it. What a file cannot be is a finding; nothing raises.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from bcf_model.core.findings import one_of, printable
from bcf_model.core.whole_pool import PARTS, SETTINGS
from bcf_model.core.words import MANIFESTS
from bcf_model.intake.csv_text import (
    SEPARATORS,
    UTF_16,
    WINDOWS,
    NoText,
    line_not_utf8,
    read_text,
    rows_of_text,
    separator_of,
)
from bcf_model.intake.headings import as_table, known_of
from bcf_model.intake.plain_form import plain_settings
from bcf_model.intake.raw_table import (
    WORKBOOKS,
    RawPool,
    RawTable,
    by_name,
    disguise,
    file_bytes,
    is_there,
    plain_file,
    plain_name,
    unread,
    within,
)

LARGEST_ROWS: Final = 2**20
"""As many as a sheet holds."""
LARGEST_SETTINGS: Final = 32 * 2**10
_LONGEST_SHOWN: Final = 200
SCENARIO, AGREEMENT = PARTS
"""Names of the settings of a scenario, and of an agreement that is tried."""
SCENARIOS: Final = PARTS[SCENARIO]
"""The folder of a pool that holds its scenarios, a folder each."""
AGREEMENTS: Final = PARTS[AGREEMENT]
"""The folder in which a pool may keep agreements that are tried on it."""
LEDGERS: Final = "ledgers"
"""The folder of a pool that says how its ledgers are read and mapped."""


def read_pool(
    path: Path,
    table_names: Sequence[str],
    agreement: RawPool | None = None,
    beside: Sequence[str] = (),
    goes: Sequence[str] = (),
    sheets: Sequence[str] = (),
) -> RawPool:
    """Read a pool.

    Args:
        path: a folder holding `pool.toml` and one CSV file per table, or an .xlsx workbook holding
            a sheet per table and a sheet `pool` of settings.
        table_names: the tables to look for; other files are noted, not read.
        agreement: one whose tables stand in place of the pool's.
        beside: tables that may stand there too, and are not read now.
        goes: tables of the pool that go where an agreement stands in place of its own.
        sheets: those a workbook may hold too: of its scenarios.
    """
    pool = RawPool(name_of(path))
    try:
        if path.is_dir() and (manifest := _of_report(path)):
            pool.add("BCF021", manifest, expected="pool.toml and the tables of a pool")
            pool.unreadable.update(table_names)
        elif path.is_dir():
            tables = {f"{name}.csv": name for name in table_names}
            _read_folder(path, tables, SETTINGS, pool, [f"{name}.csv" for name in beside])
            if not pool.settings_file:
                expected = "title, board, year, unit, date, source"
                pool.add("BCF002", f"{SETTINGS}.toml", expected=expected)
        elif path.is_file():
            from bcf_model.intake.workbook import (  # noqa: PLC0415 (most are folders)
                orphans,
                read_workbook,
            )

            read_workbook(path, table_names, pool, [*beside, *sheets])
            if sheets:
                orphans(path, sheets, [*table_names, *beside], pool)
        else:
            value = f"{_instead(path)} at {_cut(path)}"
            pool.add("BCF001", "", value=value, expected="a folder or a workbook")
    except OSError as problem:
        value = f"{unread(problem)} at {_cut(path)}"
        pool.add("BCF001", "", value=value, expected="a folder or a workbook")
    return pool if agreement is None else _with_agreement(pool, agreement, goes)


def read_agreement(path: Path, pool: Path, table_names: Sequence[str]) -> RawPool:
    """Read an agreement that is to be tried on a pool.

    Args:
        path: a rules table as CSV, or a folder holding `rules.csv`, any of the other tables of an
            agreement, and `agreement.toml`.
        pool: the folder or workbook it is tried on: from there on its files are named.
        table_names: the tables an agreement may have; the first it must.
    """
    name, found = _agreement_name(path, pool), RawPool(name_of(path))
    expected = f"a CSV file, or a folder with {table_names[0]}.csv"
    folder = name.rpartition("/")[0]
    try:
        if path.is_dir():
            folder = name
            tables = {f"{table}.csv": table for table in table_names}
            _read_folder(path, tables, AGREEMENT, found)
            if table_names[0] not in {*found.tables, *found.unreadable}:
                found.add("BCF002", f"{table_names[0]}.csv", expected=expected)
        elif path.suffix.lower() in WORKBOOKS and path.is_file():
            found.add("BCF018", "", value="a workbook", expected=expected)
        elif path.is_file():
            _read_table(path, table_names[0], found)
        elif is_kept_in(pool, path) and path.name in kept_in(pool, AGREEMENT, table_names):
            return _read_kept(pool, path.name, AGREEMENT, table_names)
        else:
            found.add("BCF018", "", value=_instead(path), expected=expected)
    except OSError as problem:
        found.add("BCF018", "", value=unread(problem), expected=expected)
    if table_names[0] not in found.tables:
        found.unreadable.add(table_names[0])
    return _inside(found, folder, name)


def _inside(found: RawPool, folder: str, whole: str) -> RawPool:
    """Name the files of what was read from the pool's folder on.

    Args:
        found: what was read.
        folder: it stands in.
        whole: what a finding about all of it names.
    """

    def full(file: str) -> str:
        return "/".join(part for part in (folder, file) if part) if file else whole

    found.settings_file = full(found.settings_file) if found.settings_file else ""
    found.tables = {n: t._replace(file=full(t.file)) for n, t in found.tables.items()}
    found.hashes = {full(file): sha256 for file, sha256 in found.hashes.items()}
    found.data = {full(file): data for file, data in found.data.items()}
    found.findings = [replace(finding, file=full(finding.file)) for finding in found.findings]
    return found


def read_plan(path: Path, table_names: Sequence[str]) -> RawPool:
    """Read the tables a pool adds for its plans, and its settings.

    What is wrong with any other file of the pool is left to `read_pool`.
    """
    found = read_pool(path, table_names)
    files = {f"{name}.csv" for name in table_names}
    found.findings = [
        f for f in found.findings if plain_file(f.file) in files or f.sheet in table_names
    ]
    found.hashes = {file: it for file, it in found.hashes.items() if plain_file(file) in files}
    return found


def kept_in(path: Path, kind: str, table_names: Sequence[str]) -> list[str]:
    """Name the scenarios, or agreements, that a workbook holds, in order; none of a folder.

    Args:
        path: of the workbook.
        kind: one of `PARTS`.
        table_names: the tables it may have.
    """
    if not path.is_file():
        return []
    from bcf_model.intake.workbook import names_of  # noqa: PLC0415 (most are folders)

    return names_of(path, table_names, kind)


def agreements_of(pool: Path, table_names: Sequence[str]) -> list[Path]:
    """Return the agreements kept in a pool: folders, and rules as CSV; or in its workbook.

    Args:
        pool: a folder or a workbook.
        table_names: the tables an agreement may have.
    """
    if pool.is_file():
        return [pool / AGREEMENTS / name for name in kept_in(pool, AGREEMENT, table_names)]
    try:
        found = sorted(within(pool, AGREEMENTS).iterdir())
    except (FileNotFoundError, NotADirectoryError):  # none, or no pool: that is a finding
        return []
    shown = (path for path in found if not path.name.startswith((".", "~$")))
    return [path for path in shown if path.is_dir() or path.suffix.lower() == ".csv"]


def is_kept_in(pool: Path, path: Path) -> bool:
    """Return whether a path names an agreement in the workbook of a pool, as POOL/agreements/A."""
    return pool.is_file() and path.parent == pool / AGREEMENTS


def _read_kept(path: Path, name: str, kind: str, table_names: Sequence[str]) -> RawPool:
    """Read a scenario, or agreement, that a workbook holds."""
    from bcf_model.intake.workbook import read_part  # noqa: PLC0415 (most are folders)

    found = RawPool(name)
    read_part(path, table_names, found, kind)
    if kind == SCENARIO and found.settings is None:
        found.settings_file, found.settings_sheet = path.name, SCENARIOS
        found.add("BCF034", path.name, sheet=SCENARIOS, value=repr(name))
    if kind == AGREEMENT and table_names[0] not in {*found.tables, *found.unreadable}:
        found.add("BCF002", path.name, sheet=table_names[0], expected=f"rows of {name}")
        found.unreadable.add(table_names[0])
    return found


def read_beside(
    path: Path, table_names: Sequence[str], sheets: Sequence[str] = ()
) -> list[RawTable]:
    """Read what a pool keeps beside its own tables, to see what is named there.

    Args:
        path: of the pool, a folder or a workbook.
        table_names: the tables of its plan.
        sheets: the tables of scenarios and agreements, for a workbook.

    Returns:
        These, and the tables of its scenarios and of the agreements kept with it; what of them
        cannot be read is left out, and is for others to say.
    """
    found = [*read_plan(path, table_names).tables.values()]
    for folder in (SCENARIOS, AGREEMENTS):
        for file in sorted(within(path, folder).rglob("*.csv")) if path.is_dir() else ():
            beside = RawPool(file.name)
            _read_table(file, plain_name(file.stem), beside)
            found += beside.tables.values()
    for kind in PARTS:
        for name in kept_in(path, kind, sheets):
            found += _read_kept(path, name, kind, sheets).tables.values()
    return found


def read_rules(pool: Path, ledger: str) -> RawPool:
    """Read the rules by which the lines of a ledger are mapped: `ledgers/NAME.rules.csv`.

    Args:
        pool: the folder of the pool: from there on the file is named.
        ledger: its name.

    Returns:
        The table `rules`, where there is one; what cannot be read is a finding.
    """
    found = RawPool(ledger)
    path = within(pool, LEDGERS) / f"{ledger}.rules.csv"
    try:
        if path.exists():
            _read_table(path, "rules", found, "ledger_rules")
    except OSError as problem:
        found.add("BCF017", path.name, value=unread(problem), expected="a file that can be read")
        found.unreadable.add("rules")
    return _inside(found, LEDGERS, LEDGERS)


def read_proposals(path: Path) -> RawPool:
    """Read a table of proposed rules, wherever it lies: the table `proposals`."""
    found = RawPool(path.name)
    try:
        _read_table(path, "proposals", found)
    except OSError as problem:
        found.add("BCF017", path.name, value=unread(problem), expected="a file that can be read")
        found.unreadable.add("proposals")
    return found


def scenario_folders(pool: Path, table_names: Sequence[str]) -> list[str]:
    """Name the folders of a pool that hold a scenario, or a table and no settings; in order.

    Of a workbook, those it has settings or rows of tables of.

    Raises:
        OSError: it has a folder of scenarios that cannot be read: which they are, nobody knows.
    """
    if not is_there(within(pool, SCENARIOS)):  # or no pool at all: that is for `read_pool` to say
        return kept_in(pool, SCENARIO, table_names)
    inside = sorted((within(pool, SCENARIOS)).iterdir())
    return [path.name for path in inside if path.name[0] not in ".~" and _holds_scenario(path)]


def _holds_scenario(folder: Path) -> bool:
    try:
        files = [*folder.iterdir()] if folder.is_dir() else []
    except OSError:
        return True  # what it is, reading it will say
    settings = f"{SCENARIO}.toml"
    return any(plain_file(file.name) == settings or file.suffix.lower() == ".csv" for file in files)


def read_scenario(pool: Path, name: str, table_names: Sequence[str]) -> RawPool:
    """Read a scenario of a pool.

    Args:
        pool: the folder of the pool: from there on its files are named; or its workbook.
        name: of the folder in `scenarios` that holds `scenario.toml` and any of the tables.
        table_names: the tables to look for.
    """
    if pool.is_file():
        return _read_kept(pool, name, SCENARIO, table_names)
    found = RawPool(name)
    folder = within(pool, SCENARIOS) / name
    try:
        _read_folder(folder, {f"{table}.csv": table for table in table_names}, SCENARIO, found)
    except OSError as problem:
        found.add("BCF017", "", value=problem.strerror or str(problem))
    else:
        if not found.settings_file:
            found.add(
                "BCF002", f"{SCENARIO}.toml", expected="title, and what differs from its base"
            )
    shown = printable(f"{SCENARIOS}/{name}")
    return _inside(found, shown, shown)


def scenario_as_typed(name: str, files: Mapping[str, bytes], where: str) -> RawPool:
    """Read a scenario that stands in no folder: its files by name, and where they were typed."""
    found = RawPool(name, settings_file=f"{SCENARIO}.toml")
    _parse_settings(files[found.settings_file], found)
    for file in (file for file in files if file != found.settings_file):
        table = _parse_csv(files[file], file, found, Path(file).stem)
        if table is not None:
            found.tables[Path(file).stem] = table._replace(file=where)
    found.settings_file = where
    return found


def _of_report(folder: Path) -> str:
    """Name the manifest of a folder that holds a report and no pool; "" of any other."""
    if f"{SETTINGS}.toml" in by_name(sorted(folder.iterdir()), (f"{SETTINGS}.toml",)):
        return ""
    return next((name for name in MANIFESTS if (folder / name).is_file()), "")


def _instead(path: Path) -> str:
    """Return what is where neither a folder nor an ordinary file is."""
    if path.is_symlink():
        return "a link that leads nowhere"
    return "neither a folder nor an ordinary file" if path.exists() else "nothing"


def _cut(path: Path) -> str:
    """Return a path as it can be shown, however long it is."""
    shown = printable(str(path))
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"


def _agreement_name(path: Path, pool: Path) -> str:
    """Name an agreement from the pool's folder on; one that lies elsewhere with its folder."""
    is_folder = False
    try:
        is_folder = path.is_dir()
        base = pool if pool.is_dir() else pool.parent
        return printable(path.resolve().relative_to(base.resolve()).as_posix())
    except (OSError, RuntimeError, ValueError):
        parts = (path.name,) if is_folder else path.parts[-2:]
        return printable("/".join(parts))


def _with_agreement(pool: RawPool, agreement: RawPool, goes: Sequence[str]) -> RawPool:
    """Place the tables of an agreement in place of the pool's, and all that was said of those."""
    tables = {*agreement.tables, *agreement.unreadable, *goes}
    files = {f"{table}.csv" for table in tables}
    own = [
        f
        for f in pool.findings
        if plain_file(f.file) not in files
        and f.sheet not in tables
        and (f.code != "BCF013" or f.file not in agreement.hashes)  # that is the agreement itself
    ]
    return replace(
        pool,
        tables={n: t for n, t in pool.tables.items() if n not in tables} | agreement.tables,
        unreadable=pool.unreadable - tables | agreement.unreadable,
        hashes={n: h for n, h in pool.hashes.items() if plain_file(n) not in files}
        | agreement.hashes,
        data=pool.data | agreement.data,
        findings=[*own, *agreement.findings],
        agreement=agreement,
    )


def name_of(path: Path) -> str:
    """Name a pool or an agreement after its folder, wherever a link to it stands, or its file."""
    try:
        return printable(path.stem if path.is_file() else path.resolve().name)
    except (OSError, RuntimeError, ValueError):  # a loop of links, or no path at all
        return printable(path.name)


def _read_folder(
    folder: Path,
    wanted: Mapping[str, str],
    settings: str,
    pool: RawPool,
    beside: Sequence[str] = (),
) -> None:
    """Read the files of a folder: its tables by the names of their files, and its settings."""
    said = f"{settings}.toml"
    files = by_name(sorted(folder.iterdir()), (*wanted, said, *beside, *_KEPT))
    for name, paths in files.items():
        path, table = paths[0], wanted.get(name)
        if name == said:
            pool.settings_file = path.name
        if len(paths) > 1:
            value = " and ".join(repr(it.name) for it in paths)
            pool.add("BCF025", path.name, value=value, expected=f"one {name}")
            pool.unreadable |= {table} if table else set()
            continue
        if path.name != name and (name == said or table):
            pool.add("BCF033", path.name, value=f"{path.name!r} for {name}")
        if name == said:
            data = file_bytes(path, pool, LARGEST_SETTINGS)
            if data is not None:
                _parse_settings(data, pool)
        elif table:
            _read_table(path, table, pool)
        elif name not in beside and not path.is_dir() and path.suffix.lower() not in _PAPERS:
            pool.add("BCF013", path.name, expected=one_of([*wanted, said], path.name))


_KEPT: Final = (*PARTS.values(), LEDGERS)
"""Folders of a pool."""
_PAPERS: Final = {".md", ".txt", ".pdf"}
"""How the names of files end that nobody takes for a table."""


def _read_table(path: Path, name: str, pool: RawPool, of: str = "") -> None:
    """Read a file as the table of a name; `of` is the one whose columns it has, if another."""
    data = file_bytes(path, pool)
    table = _parse_csv(data, path.name, pool, of or name) if data is not None else None
    if table is None:
        pool.unreadable.add(name)
    else:
        pool.tables[name] = table


def _text(data: bytes, file: str, pool: RawPool) -> tuple[str, str] | None:
    """Return the text of a file, and how its letters are written, where that is another way."""
    try:
        text, letters = read_text(data)
    except NoText as problem:
        pool.add(problem.code, file, value=str(problem), expected=problem.expected)
        return None
    if letters == WINDOWS:
        pool.add("BCF006", file, value=f"first in line {line_not_utf8(data)}", expected="CSV UTF-8")
    return text, letters if letters == UTF_16 else ""


def _parse_settings(data: bytes, pool: RawPool) -> None:
    found_text = _text(data, pool.settings_file, pool)
    if found_text is None:
        return
    text, letters = found_text
    if letters:
        pool.add("BCF022", pool.settings_file, value=letters)
    try:
        pool.settings = tomllib.loads(text)
        plain_settings(pool)
    except (ValueError, RecursionError) as problem:  # malformed; an endless number; nested too deep
        found = re.search(r"line (\d+)", str(problem))
        malformed = isinstance(problem, tomllib.TOMLDecodeError)
        pool.add(
            "BCF101",
            pool.settings_file,
            row=int(found[1]) if found else 0,
            value=str(problem) if malformed else "a number or a nesting without end",
            expected='name = "text", name = 12 or name = 2019-03-31',
        )


def read_table(data: bytes, name: str) -> RawTable | None:
    """Return the bytes of a file as the table it is named after; None where they are none."""
    file = name.rpartition("/")[2]
    return _parse_csv(data, file, RawPool(file), plain_file(file).rpartition(".")[0])


def _parse_csv(data: bytes, file: str, pool: RawPool, name: str = "") -> RawTable | None:
    """Read the bytes of a file as the table of a name; None, with findings, when it is none."""
    if what := disguise(data):
        pool.add("BCF004", file, value=what, expected="CSV text")
        return None
    found = _text(data, file, pool)
    if found is None:
        return None
    (text, letters), known = found, known_of(name)
    separator = separator_of(text, known.likeness)
    records: list[list[str]] = []
    try:
        records.extend(islice(rows_of_text(text, separator), LARGEST_ROWS + 1))
    except NoText as problem:
        pool.add("BCF007", file, row=len(records) + 1, value=str(problem))
        return None
    if len(records) > LARGEST_ROWS:
        value, expected = f"more than {LARGEST_ROWS:,} rows", "no more than a sheet holds"
        pool.add("BCF014", file, value=value, expected=expected)
        return None
    if ways := [it for it in (letters, "" if separator == "," else SEPARATORS[separator]) if it]:
        pool.add("BCF022", file, value=" with ".join(ways))
    table = as_table(records, file, "", pool, known=known)
    return table and table._replace(separator=separator)
