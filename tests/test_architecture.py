"""The tree is held to its design: who may import whom, and what touches files."""

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "bcf_model"

# Each module (or folder) and what of the package it may import. `bcf_model` is its version alone.
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {
        "core.errors",
        "core.figures",
        "notebook",
        "pool",
        "publish.write",
    },  # on first use
    "__main__": {"cli"},
    "core.words": set(),
    "core.years": set(),
    "core.errors": {"core.findings"},
    "core.package_files": set(),
    "core.findings": {"core.package_files"},
    "core.money": {"core.words"},
    "core.printed_numbers": {"core.money", "core.words"},
    "core.expressions": {"core.money"},
    "core.figures": {"core.errors", "core.expressions", "core.words"},
    "core.quantities": {"core.errors", "core.figures", "core.printed_numbers"},
    "core.ledger": {
        "core.errors",
        "core.expressions",
        "core.figures",
        "core.findings",
        "core.stated_amounts",
        "core.words",
    },
    "core.stated_amounts": {"core.figures"},
    "core.weights": {"core.ledger", "core.stated_amounts", "core.words"},
    "core.sums": set(),
    "core.year_parts": {"core.figures", "core.ledger", "core.tables", "core.words", "core.years"},
    "core.worked_columns": {
        "core.expressions",
        "core.figures",
        "core.money",
        "core.sums",
        "core.words",
    },
    "core.basis": {"core.words", "core.years"},
    "core.sources": set(),
    "core.spellings": set(),
    "core.settings": {
        "core.sources",
        "core.basis",
        "core.spellings",
        "core.words",
        "core.years",
    },
    "core.tables": {
        "core.errors",
        "core.findings",
        "core.money",
        "core.package_files",
        "core.settings",
        "core.whole_pool",
        "core.words",
    },
    "intake.cells": {"core"},
    "core.whole_pool": set(),
    "intake.raw_table": {"core.findings", "core.whole_pool"},
    "intake.headings": {
        "core.findings",
        "core.package_files",
        "core.whole_pool",
        "intake.raw_table",
    },
    "intake.workbooks": {"core.findings", "core.money", "intake.raw_table", "intake.workbooks"},
    "intake.workbooks.guard": {"core.errors"},
    "intake.workbooks.separate_process": set(),  # is run as a program
    "intake.as_displayed": {"core.findings", "core.money", "intake.raw_table"},
    "intake.workbook": {
        "core.findings",
        "core.whole_pool",
        "intake.csv_text",
        "intake.headings",
        "intake.plain_form",
        "intake.raw_table",
        "intake.as_displayed",
        "intake.workbooks",
    },
    "intake.folder": {
        "core.findings",
        "core.whole_pool",
        "intake.csv_text",
        "intake.headings",
        "intake.plain_form",
        "intake.raw_table",
        "intake.workbook",
        "core.words",
    },
    "intake.whole_pool": {
        "core",
        "intake.as_displayed",
        "intake.cells",
        "intake.drafts",
        "intake.extract_file",
        "intake.folder",
        "intake.plain_form",
        "intake.raw_table",
        "intake.workbooks.guard",
    },
    "intake.csv_text": set(),
    "intake.extract_file": {
        "core.findings",
        "intake.csv_text",
        "intake.raw_table",
        "intake.workbook",
        "intake.workbooks.xlsx_contents",
    },
    "extracts": {
        "core",
        "checks",
        "extracts",
        "intake.cells",
        "intake.csv_text",
        "intake.drafts",
        "intake.extract_file",
        "intake.folder",
        "intake.headings",
        "intake.raw_table",
        "intake.workbooks.xlsx_contents",
    },
    "intake.plain_form": {"core", "intake.as_displayed", "intake.cells", "intake.raw_table"},
    "intake.unknown_columns": {"core", "intake.raw_table"},
    "intake.drafts": {
        "core",
        "intake.cells",
        "intake.raw_table",
        "intake.as_displayed",
        "intake.plain_form",
        "intake.unknown_columns",
    },
    "indicators": {"core", "indicators"},
    "checks": {
        "core",
        "intake.cells",
        "intake.plain_form",
        "intake.raw_table",
        "intake.drafts",
        "checks",
        "indicators",
    },
    "pool": {
        "core",
        "intake.plain_form",
        "intake.raw_table",
        "intake.folder",
        "intake.drafts",
        "checks",
    },
    "year.results": {"core", "indicators", "year.identities"},
    "year": {"core", "intake.cells"},
    "plan.budget_versions": {"core", "year.payments", "plan"},
    "plan.activity": {"core", "intake.cells", "year.payments", "plan"},
    "plan.partner_shares": {
        "core",
        "year.reserves",
        "year.pipeline",
        "year.results",
        "plan",
        "agreement",
    },
    "plan.partner_share_draws": {"plan", "agreement.outturns"},
    "plan": {
        "core",
        "intake.cells",
        "pool",
        "checks",
        "intake.drafts",
        "plan",
        "intake.plain_form",
        "intake.raw_table",
        "intake.folder",
    },
    "plan.words": {"core.words"},
    "plan.tables": {"plan.words", "core.tables", "core.words"},
    "plan.output_tables": {"plan.tables", "core.tables"},
    "plan.settings": {"plan.words", "core.settings", "core.words", "core.years"},
    "plan.scopes": {"core.errors", "plan.words"},
    "plan.root_finding": {"core.money"},
    "plan.growth": {"core.money", "plan.root_finding"},
    "plan.prevention": {
        "core.expressions",
        "core.figures",
        "core.money",
        "core.sums",
        "plan.words",
        "plan.worked_columns",
    },
    "plan.positions": {
        "core.expressions",
        "core.figures",
        "core.money",
        "plan.scopes",
        "plan.words",
        "plan.worked_columns",
        "core.sums",
    },
    "agreement": {"core", "intake.cells", "agreement"},
    "extracts.lines": {"core.money"},
    "extracts.patterns": {"intake.cells"},
    "year.pipeline": {"core", "year", "year.results", "agreement", "indicators"},
    "explain": {
        "core",
        "intake.cells",
        "explain",
        "year.results",
        "agreement.rules",
        "indicators",
    },
    "explain.agreement_in_words": {"core", "explain", "agreement.worked_example"},
    "explain.scenario_figures": {"core", "explain", "plan", "year.results"},
    "explain.scenario_facts": {"core", "explain", "plan", "year.results"},
    "explain.bridge": {"core", "explain", "plan"},
    "explain.funding": {"core", "explain", "plan"},
    "explain.savings": {"core", "explain", "plan"},
    "explain.prevention": {"core", "explain", "plan"},
    "explain.plan_shares": {"core", "explain"},
    "explain.differences": {"core", "explain", "plan", "year.results"},
    "explain.printed_figures": {"core", "explain", "audit"},
    "audit": {"core", "audit", "indicators", "intake.cells", "year.published", "year.results"},
    "audit.transcription": {
        "core",
        "audit",
        "checks.figure_references",
        "intake.drafts",
        "intake.raw_table",
        "intake.folder",
    },
    "audit.papers": {"audit", "pool", "core.findings", "year.pipeline"},
    "publish.audit": {"core", "audit", "publish", "year.results", ""},
    "publish.scenario.headline": {"core", "explain.scenario_figures", "plan", "publish", ""},
    "publish.scenario": {"core", "plan", "publish", "year.results", ""},
    "publish": {"core", "explain", "year.results", "publish", ""},
    "notebook": {"core", "audit.papers", "explain", "plan", "pool", "year"},
    "verify.selftest": {"core", "pool", "year.pipeline", "publish"},
    "verify": {
        "core",
        "pool",
        "year.pipeline",
        "year.results",
        "plan",
        "intake.raw_table",
        "intake.folder",
        "publish.contents",
        "publish.document",
        "publish.scenario.write",
        "publish.sqlite_file",
        "publish.write",
    }
    | {"verify", "intake.workbooks"},
    "cli": {"commands", "core.errors", ""},
    "commands": {
        "core",
        "audit",
        "pool",
        "agreement.drafting",
        "commands",
        "explain",
        "year.pipeline",
        "plan",
        "intake.folder",
        "intake.raw_table",
        "intake.whole_pool",
        "intake.extract_file",
        "extracts",
        "publish",
    }
    | {"verify.selftest", "verify", ""},
    "commands.new_agreement": {"agreement.drafting", "core", "intake.cells"},
}

# What each may use besides the standard library; a module not named here, what its folder may.
LIBRARIES: dict[str, set[str]] = {
    "core.money": {"numpy"},
    "intake.csv_text": {"numpy"},
    "core.expressions": {"numpy"},
    "core.figures": {"pandas"},
    "core.ledger": {"numpy", "pandas"},
    "core.stated_amounts": {"numpy", "pandas"},
    "core.weights": {"numpy", "pandas"},
    "core.worked_columns": {"numpy", "pandas"},
    "core.year_parts": {"numpy", "pandas"},
    "core.sums": {"numpy", "pandas"},
    "core.settings": {"pydantic", "pydantic_core"},  # the second for a finding of its own
    "core.tables": {"pandas", "pandera"},
    "intake.workbooks.separate_process": {"python_calamine"},
    "intake.workbooks.xlsx_values": {"openpyxl"},
    "intake.drafts": {"pydantic"},  # what it says of settings that will not do
    "indicators.tables": {"pandas"},
    "checks": {"numpy", "pandas"},
    "pool": {"pandas"},
    "year.results": {"numpy", "pandas"},
    "year": {"numpy", "pandas"},
    "plan": {"numpy", "pandas"},
    "plan.settings": {"pydantic"},
    "agreement": {"numpy", "pandas"},
    "extracts": {"numpy"},
    "year.pipeline": {"numpy", "pandas"},
    "explain.division": {"numpy"},
    "explain.facts": {"pandas"},
    "explain.scenario_facts": {"numpy", "pandas"},
    "explain.printed_figures": {"pandas"},
    "notebook": {"pandas"},
    "publish.table_pages": {"pandas"},
    "publish.comparison.pages": {"pandas"},
    "publish.comparison.terminal": {"pandas"},
    "publish.scenario.answers_terminal": {"pandas"},
    "publish.comparison.workbook": {"xlsxwriter"},
    "publish.comparison.write": {"pandas"},
    "publish.contents": {"numpy", "pandas"},
    "publish.derivations": {"markupsafe"},
    "publish.document": {"pandas"},
    "publish.files": {"filelock"},
    "publish.year_end_pages": {"pandas"},
    "publish.indicator_pages": {"pandas"},
    "publish.reference_pages": {"pandas"},
    "publish.excel_book": {"xlsxwriter"},
    "publish.excel_checks": {"xlsxwriter"},
    "publish.excel_file": {"xlsxwriter"},
    "publish.excel_formulas": {"xlsxwriter"},
    "publish.excel_proof": {"xlsxwriter"},
    "publish.html_table": {"markupsafe"},
    "publish.marked_mirror": {"xlsxwriter"},
    "publish.pool_files": {"xlsxwriter"},
    "publish.template": {"xlsxwriter"},
    "publish.templates": {"jinja2"},
    "audit": {"pandas"},
    "audit.programme": {"highspy", "numpy"},
    "audit.smallest": {"numpy"},
    "audit.system": {"numpy"},
    "audit.statements": {"numpy", "pandas"},
    "publish.audit.pages": {"pandas"},
    "publish.scenario.excel_book": {"xlsxwriter"},
    "publish.scenario.comparison_rows": {"pandas"},
    "publish.scenario.block_pages": {"pandas"},
    "publish.scenario.efficiency_pages": {"pandas"},
    "publish.scenario.formula_grid": {"xlsxwriter"},
    "publish.scenario.headline": {"markupsafe"},
    "publish.scenario.live_pages": {"pandas"},
    "publish.scenario.money_pages": {"pandas"},
    "publish.scenario.movement_pages": {"pandas"},
    "publish.scenario.prevention_pages": {"pandas"},
    "publish.scenario.excel_bridge_chart": {"xlsxwriter"},
    "publish.scenario.dependent_pages": {"xlsxwriter"},
    "publish.scenario.releases_page": {"numpy", "pandas"},
    "publish.scenario.savings_page": {"pandas"},
    "publish.scenario.walk_page": {"pandas"},
    "publish.scenario.lookups": {"pandas"},
    "publish.scenario.write": {"markupsafe", "pandas"},
    "publish.scenario.uncertainty_pages": {"pandas"},
    "verify.rebuild": {"pandas"},
    "cli": {"click"},
    "commands": {"click"},
}

TOUCHES_FILES = {"csv", "glob", "io", "os", "pathlib", "shutil", "sqlite3", "tempfile", "zipfile"}
DOORS: dict[str, set[str]] = {
    "agreement.drafting": {"csv", "io"},  # rows in memory
    "core.package_files": {"csv"},
    "intake.raw_table": {"pathlib"},
    "intake.csv_text": {"csv", "io"},  # bytes in memory
    "intake.extract_file": {"pathlib"},
    "extracts.take_in": {"pathlib"},  # hands a path on to `intake.extract_file`
    "intake.folder": {"pathlib"},
    "intake.workbook": {"pathlib"},
    "intake.workbooks.separate_process": {"io"},
    "intake.workbooks.guard": {"io", "zipfile"},
    "intake.workbooks.xlsx_values": {"io"},  # a workbook in memory
    "intake.whole_pool": {"pathlib"},  # hands a path on to `intake.folder`
    "extracts.actuals": {"pathlib"},  # hands a path on to `intake.folder`
    "extracts.drafted": {"pathlib"},  # as those beside it
    "extracts.proposals": {"pathlib"},
    "notebook": {"pathlib"},  # hands paths on
    "pool": {"pathlib"},  # hands a path on to `intake.folder`
    "plan.load": {"pathlib"},  # hands a path on to `intake.folder`
    "publish.excel_file": {"io"},  # a workbook in memory
    "publish.marked_copy": {"io", "zipfile"},  # a workbook in memory
    "publish.marked_mirror": {"io"},
    "publish.pool_files": {"csv", "io"},  # files in memory
    "publish.sqlite_file": {"sqlite3"},  # a file in memory
    "publish.template": {"io"},
    "publish.contents": {"csv", "io", "pathlib"},
    "publish.files": {"os", "pathlib", "shutil", "tempfile"},
    "publish.comparison.write": {"pathlib"},  # hands a path on, as those below
    "audit.papers": {"pathlib"},  # hands a path on
    "audit.transcription": {"pathlib"},  # hands a path on to `intake.folder`
    "publish.audit.write": {"pathlib"},
    "publish.scenario.write": {"pathlib"},
    "publish.pool_tables": {"pathlib"},
    "publish.write": {"pathlib"},
    "verify.selftest": {"csv", "pathlib", "tempfile"},
    "verify": {"csv", "io", "pathlib"},
    "cli": {"io", "os"},
    "commands": {"pathlib"},
    "commands.options": {"os", "pathlib", "shutil"},  # of shutil the width of the terminal
}

PIPELINE = {"pipeline.py", "results.py"}
MODEL = [path for path in sorted((PACKAGE / "year").glob("*.py")) if path.name not in PIPELINE]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def for_module(rules: dict[str, set[str]], path: Path) -> set[str]:
    """Give what is said of a module or, where nothing is, of the nearest folder it is in."""
    return next((rules[name] for name in folders(name_of(path)) if name in rules), set())


def folders(name: str) -> list[str]:
    """Give a dotted name and the folders it is in, the nearest first."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def called(path: Path) -> set[str]:
    """Give the names a file calls: of functions, and of methods."""
    calls = [
        node.func
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    return names | {call.attr for call in calls if isinstance(call, ast.Attribute)}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """Give the modules a file imports, those of the package without their first name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            module = node.module or ""
            for alias in node.names:
                child = PACKAGE.parent / Path(*module.split("."), alias.name)
                is_module = child.is_dir() or child.with_suffix(".py").is_file()
                found.add(f"{module}.{alias.name}" if is_module else module)
    return found


def of_package(path: Path) -> set[str]:
    own = {m for m in imported(path) if m == "bcf_model" or m.startswith("bcf_model.")}
    return {m.removeprefix("bcf_model").removeprefix(".") for m in own}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    name = name_of(path)
    if path.name == "__init__.py" and path.parent != PACKAGE:
        assert not imported(path), "a package's own file only says what it is"
        return
    allowed = for_module(MAY_IMPORT, path)
    for module in of_package(path):
        assert allowed & set(folders(module)), f"{name} imports {module}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_libraries_keep_to_their_layer(path: Path) -> None:
    """Frames in the engine, xlsxwriter under the workbook, click on the command line alone."""
    libraries = {m.split(".")[0] for m in imported(path)} - sys.stdlib_module_names
    assert libraries - {"bcf_model"} <= for_module(LIBRARIES, path)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_files_are_touched_at_the_doors_only(path: Path) -> None:
    touching = {m.split(".")[0] for m in imported(path)} & TOUCHES_FILES
    assert touching <= for_module(DOORS, path)
    if not for_module(DOORS, path) - {"io"}:
        assert "open" not in called(path)


@pytest.mark.parametrize("path", MODEL, ids=name_of)
def test_the_model_does_sums_and_knows_no_sibling(path: Path) -> None:
    standard = {m.split(".")[0] for m in imported(path)} & sys.stdlib_module_names
    assert standard <= {"collections", "dataclasses", "fractions", "functools", "math", "typing"}
    assert not any(folders(module)[-1] == "year" for module in of_package(path))


@pytest.mark.parametrize("path", [*MODEL, PACKAGE / "year" / "pipeline.py"], ids=name_of)
def test_the_model_reads_and_writes_nothing(path: Path) -> None:
    """Not even by pandas: no read_csv, no to_excel. An array or a list of a frame is neither."""
    moving = {name for name in called(path) if name.startswith(("read_", "to_"))}
    assert moving <= {"to_numpy", "to_list"}
    assert not called(path) & {"open", "print", "write_text", "read_text", "eval", "exec"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_trouble_is_never_turned_into_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for said in ('errors="coerce"', "fillna(0", "except:", "to_excel("):
        assert said not in text


def test_the_tree_is_the_one_the_readme_shows() -> None:
    readme = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    for path in modules():
        if path.parent == PACKAGE and not path.name.startswith("__"):
            assert f"  {path.name}" in readme, f"{path.name} is not in the README's tree"
    for folder in (p for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__"):
        assert f"  {folder.name}/" in readme


def test_the_readme_shows_nothing_that_is_not_there() -> None:
    readme = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    tree = next(block for block in readme.split("```") if "  cli.py" in block)
    inside = re.findall(r"^  ([a-z_]+(?:\.py|/)) ", tree, re.M)
    beside = re.findall(r"^([a-z_]+/) ", tree, re.M)
    assert len(inside) > 10 and "tests/" in beside
    assert [name for name in inside if not (PACKAGE / name).exists()] == []
    assert [name for name in beside if not (PACKAGE.parent / name).is_dir()] == []


def test_unit_tests_stand_in_the_room_of_what_they_test() -> None:
    unit = PACKAGE.parent / "tests" / "unit"
    for path in unit.rglob("*.py"):
        room = path.parent.relative_to(unit)
        assert (PACKAGE / room).is_dir(), f"{room} is no room of the package"
        of_that_name = [it for it in modules() if f"test_{it.name}" == path.name]
        rooms = {it.parent.relative_to(PACKAGE) for it in of_that_name}
        assert not rooms or room in rooms, f"{path.name} belongs to {rooms}"


def test_mutants_are_of_modules_and_run_by_tests_that_are_there() -> None:
    from tests.mutants import TESTS

    root = PACKAGE.parent
    named = {test.partition("::")[0] for tests in TESTS.values() for test in tests}
    assert [name for name in sorted(named) if not (root / name).is_file()] == []
    assert [name for name in TESTS if not (PACKAGE / f"{name}.py").is_file()] == []


def functions(path: Path) -> list[ast.FunctionDef]:
    """Return the functions and methods of a file, but no commands: theirs is what --help says."""
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and not any(
            "command" in ast.unparse(it) or "click" in ast.unparse(it) for it in node.decorator_list
        )
    ]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_docstring_begins_with_a_plain_verb(path: Path) -> None:
    """Return, compute, read, write, check, …: a function gives, tells, says and lets nothing."""
    riddles = {"Give", "Tell", "Say", "Put", "Look", "See", "Let", "Stand"}
    begun = {node.name: ast.get_docstring(node) or "" for node in functions(path)}
    first = {name: re.match(r"\w*", text) for name, text in begun.items()}
    assert [name for name, word in first.items() if word and word[0] in riddles] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    said_nothing = {"told", "held", "judged", "made", "alike", "looked", "placed", "driven",
                    "moved", "sought", "walked"}  # fmt: skip
    assert {path.stem for path in modules()} & said_nothing == set()


def test_the_page_on_architecture_names_what_is_there() -> None:
    """Every module, room, list and test in `docs/architecture.md`."""
    root = PACKAGE.parent
    page = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    prose = "".join(page.split("```")[::2])
    named = {it for it in re.findall(r"`([^`]+)`", prose) if "/" in it or it.endswith(".py")}
    paths = {it: it.partition("::")[0] for it in named}
    missing = [
        it
        for it, path in paths.items()
        if not (root / path).exists() and not (PACKAGE / path).exists()
    ]
    assert len(paths) > 40 and missing == []
    for test in (it for it in named if "::" in it):
        path, _, name = test.partition("::")
        assert f"def {name}(" in (root / path).read_text(encoding="utf-8"), test
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert [room for room in sorted(rooms - {"reference"}) if room not in page] == []
