"""The tree is held to its design: who may import whom, and what touches files."""

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "bcf_model"
LEAVES = {
    "vocabulary",
    "years",
    "errors",
    "findings",
    "money",
    "prints",
    "expressions",
    "figures",
    "ledger",
    "stated",
    "sums",
    "workings",
    "standing",
    "sources",
}
TABLES = LEAVES | {"parts", "settings", "tables"}

# Each module (or folder) and what of the package it may import. `bcf_model` is its version alone.
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {"check", "errors", "figures", "pipeline", "report.write"},  # on first use
    "__main__": {"cli"},
    "vocabulary": set(),
    "years": set(),
    "errors": {"findings"},
    "findings": set(),
    "money": {"vocabulary"},
    "prints": {"money", "vocabulary"},
    "expressions": {"money"},
    "figures": {"errors", "expressions", "vocabulary"},
    "ledger": {"errors", "expressions", "figures", "findings", "stated", "vocabulary"},
    "stated": {"figures"},
    "sums": set(),
    "parts": {"figures", "ledger", "tables", "vocabulary", "years"},
    "workings": {"expressions", "figures", "vocabulary"},
    "standing": {"vocabulary", "years"},
    "sources": set(),
    "settings": {"sources", "standing", "vocabulary", "years"},
    "tables": {"settings", "vocabulary"},
    "cells": TABLES,
    "raw": {"findings"},
    "workbooks": {"findings", "money", "raw", "workbooks"},
    "workbooks.guard": {"errors"},
    "workbooks.apart": set(),  # is run as a program
    "seen": {"findings", "money", "raw"},
    "read_workbook": {"findings", "raw", "seen", "workbooks"},
    "read": {"findings", "raw", "read_workbook", "vocabulary"},
    "drafts": TABLES | {"cells", "raw", "seen"},
    "checks": TABLES | {"cells", "raw", "drafts", "checks"},
    "check": TABLES | {"raw", "read", "drafts", "checks", "plan.tables", "plan.words"},
    "results": TABLES | {"model.reconcile"},
    "model": TABLES | {"cells"},
    "plan.versions": TABLES | {"model.payments", "plan"},
    "plan.activity": TABLES | {"cells", "model.payments", "plan"},
    "plan.sharing": TABLES | {"model.reserves", "pipeline", "plan", "risk_share"},
    "plan.shared_draws": {"plan", "risk_share.reruns"},
    "plan": TABLES | {"cells", "check", "checks", "drafts", "plan", "raw", "read"},
    "plan.words": {"standing", "vocabulary"},
    "plan.tables": {"plan.words", "tables", "vocabulary"},
    "plan.outputs": {"plan.words", "tables"},
    "plan.settings": {"plan.words", "settings", "vocabulary", "years"},
    "plan.scopes": {"errors", "plan.words"},
    "plan.solve": {"money"},
    "plan.growth": {"money", "plan.solve"},
    "plan.prevention": {"expressions", "money"},
    "plan.positions": {"expressions", "figures", "money", "plan.scopes", "plan.words", "sums"},
    "risk_share": TABLES | {"cells", "risk_share"},
    "pipeline": TABLES | {"model", "results", "risk_share"},
    "explain": TABLES | {"cells", "explain", "results", "risk_share.agreement"},
    "audit": TABLES | {"audit", "cells", "model.published", "results"},
    "audit.transcription": TABLES | {"audit", "checks.named", "drafts", "raw", "read"},
    "audit.papers": {"audit", "check", "findings", "pipeline"},
    "report.audit": TABLES | {"audit", "report", "results", ""},
    "report.scenario": TABLES | {"plan", "report", "results", ""},
    "report": TABLES | {"explain", "results", "report", ""},
    "selftest": TABLES | {"check", "pipeline", "report"},
    "verify": TABLES
    | {"check", "pipeline", "plan", "raw", "read", "report.scenario.write", "report.write"}
    | {"verify", "workbooks"},
    "cli": {"commands", "errors", ""},
    "commands": TABLES
    | {"audit", "check", "commands", "explain", "pipeline", "plan", "read", "report"}
    | {"selftest", "verify", ""},
}

# What each may use besides the standard library; a module not named here, what its folder may.
LIBRARIES: dict[str, set[str]] = {
    "money": {"numpy"},
    "expressions": {"numpy"},
    "figures": {"pandas"},
    "ledger": {"numpy", "pandas"},
    "stated": {"numpy", "pandas"},
    "parts": {"numpy", "pandas"},
    "sums": {"numpy", "pandas"},
    "settings": {"pydantic", "pydantic_core"},  # the second for a finding of its own
    "tables": {"pandas", "pandera"},
    "workbooks.apart": {"python_calamine"},
    "workbooks.values": {"openpyxl"},
    "drafts": {"pydantic"},  # what it says of settings that will not do
    "checks": {"numpy", "pandas"},
    "check": {"pandas"},
    "results": {"numpy", "pandas"},
    "model": {"numpy", "pandas"},
    "plan": {"numpy", "pandas"},
    "plan.settings": {"pydantic"},
    "plan.tables": {"pandera"},
    "plan.outputs": {"pandas", "pandera"},
    "risk_share": {"numpy", "pandas"},
    "pipeline": {"numpy", "pandas"},
    "explain.facts": {"pandas"},
    "explain.weights": {"numpy"},
    "report.table_pages": {"pandas"},
    "report.comparison.pages": {"pandas"},
    "report.comparison.html": {"markupsafe"},
    "report.comparison.terminal": {"pandas"},
    "report.scenario.answers_terminal": {"pandas"},
    "report.comparison.book": {"xlsxwriter"},
    "report.comparison.write": {"pandas"},
    "report.derivations": {"markupsafe"},
    "report.pages": {"pandas"},
    "report.reference_pages": {"pandas"},
    "report.excel": {"xlsxwriter"},
    "report.excel_book": {"xlsxwriter"},
    "report.excel_file": {"xlsxwriter"},
    "report.excel_proof": {"xlsxwriter"},
    "report.printed": {"markupsafe"},
    "report.templates": {"jinja2"},
    "audit": {"pandas"},
    "audit.programme": {"highspy", "numpy"},
    "audit.smallest": {"numpy"},
    "audit.system": {"numpy"},
    "audit.statements": {"numpy", "pandas"},
    "report.audit.pages": {"pandas"},
    "report.audit.book": {"xlsxwriter"},
    "report.scenario.book": {"xlsxwriter"},
    "report.scenario.comparison_book": {"markupsafe", "pandas", "xlsxwriter"},
    "report.scenario.comparison_pages": {"pandas"},
    "report.scenario.comparison_prevention_pages": {"pandas"},
    "report.scenario.comparison_rows": {"pandas"},
    "report.scenario.comparison_terminal": {"pandas"},
    "report.scenario.block_pages": {"pandas"},
    "report.scenario.efficiency_pages": {"pandas"},
    "report.scenario.grid": {"xlsxwriter"},
    "report.scenario.html": {"markupsafe"},
    "report.scenario.live": {"pandas"},
    "report.scenario.money_pages": {"pandas"},
    "report.scenario.movement_pages": {"pandas"},
    "report.scenario.prevention_pages": {"pandas"},
    "report.scenario.bridge_chart": {"xlsxwriter"},
    "report.scenario.followed": {"xlsxwriter"},
    "report.scenario.releases": {"numpy", "pandas"},
    "report.scenario.savings": {"pandas"},
    "report.scenario.walk": {"pandas"},
    "report.scenario.view": {"pandas"},
    "report.scenario.write": {"pandas"},
    "report.scenario.uncertainty_pages": {"pandas"},
    "report.scenario.uncertainty_terminal": {"pandas"},
    "report.write": {"filelock", "numpy", "pandas"},
    "verify.made": {"pandas"},
    "cli": {"click"},
    "commands": {"click"},
}

TOUCHES_FILES = {"csv", "glob", "io", "os", "pathlib", "shutil", "sqlite3", "tempfile", "zipfile"}
DOORS: dict[str, set[str]] = {
    "raw": {"pathlib"},
    "read": {"csv", "io", "pathlib"},
    "read_workbook": {"pathlib"},
    "workbooks.apart": {"io"},
    "workbooks.guard": {"io", "zipfile"},
    "workbooks.values": {"io"},  # a workbook in memory
    "check": {"pathlib"},  # hands a path on to `read`
    "plan.load": {"pathlib"},  # hands a path on to `read`
    "plan.reference": {"csv"},  # of lines of a file of the package
    "report.excel_file": {"io"},  # a workbook in memory
    "report.comparison.write": {"csv", "pathlib"},
    "audit.papers": {"pathlib"},  # hands a path on
    "audit.transcription": {"pathlib"},  # hands a path on to `read`
    "report.audit.write": {"csv", "pathlib"},
    "report.scenario.write": {"csv", "pathlib"},
    "report.write": {"csv", "io", "os", "pathlib", "shutil", "tempfile"},
    "selftest": {"csv", "pathlib", "tempfile"},
    "verify": {"csv", "io", "pathlib"},
    "cli": {"io", "os"},
    "commands": {"pathlib"},
    "commands.options": {"os", "pathlib", "shutil"},  # of shutil the width of the terminal
}

MODEL = sorted((PACKAGE / "model").glob("*.py"))


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
    assert not any(folders(module)[-1] == "model" for module in of_package(path))


@pytest.mark.parametrize("path", [*MODEL, PACKAGE / "pipeline.py"], ids=name_of)
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
    tree = next(block for block in readme.split("```") if "  figures.py" in block)
    inside = re.findall(r"^  ([a-z_]+(?:\.py|/)) ", tree, re.M)
    beside = re.findall(r"^([a-z_]+/) ", tree, re.M)
    assert len(inside) > 20 and "tests/" in beside
    assert [name for name in inside if not (PACKAGE / name).exists()] == []
    assert [name for name in beside if not (PACKAGE.parent / name).is_dir()] == []
