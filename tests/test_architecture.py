"""The tree is held to its design: who may import whom, and what touches files."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "bcf_model"
LEAVES = {
    "vocabulary",
    "years",
    "errors",
    "findings",
    "money",
    "expressions",
    "figures",
    "ledger",
    "sums",
}
TABLES = LEAVES | {"settings", "tables"}

# Each module (or folder) and what of the package it may import. `bcf_model` is its version alone.
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": {"check", "errors", "figures", "pipeline", "report.write"},  # on first use
    "__main__": {"cli"},
    "vocabulary": set(),
    "years": set(),
    "errors": {"findings"},
    "findings": set(),
    "money": {"vocabulary"},
    "expressions": {"money"},
    "figures": {"errors", "expressions"},
    "ledger": {"errors", "expressions", "figures"},
    "sums": set(),
    "settings": {"vocabulary", "years"},
    "tables": {"settings", "vocabulary"},
    "cells": TABLES,
    "raw": {"findings"},
    "read_workbook": {"findings", "raw"},
    "read": {"findings", "raw", "read_workbook"},
    "drafts": TABLES | {"cells", "raw"},
    "checks": TABLES | {"cells", "drafts", "checks"},
    "check": TABLES | {"raw", "read", "drafts", "checks"},
    "results": TABLES | {"model.reconcile"},
    "model": TABLES | {"cells"},
    "pipeline": TABLES | {"model", "results"},
    "report": TABLES | {"results", "report", ""},
    "selftest": TABLES | {"check", "pipeline", "report"},
    "cli": TABLES | {"check", "pipeline", "report", "selftest", ""},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


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
    rule = name if name in MAY_IMPORT else name.split(".")[0]
    for module in of_package(path):
        allowed = MAY_IMPORT[rule]
        assert module in allowed or module.split(".")[0] in allowed, f"{name} imports {module}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").glob("*.py")), ids=name_of)
def test_the_model_opens_nothing_and_knows_no_sibling(path: Path) -> None:
    assert not {m.split(".")[0] for m in imported(path)} & {"click", "pathlib", "io", "os", "csv"}
    assert not any(module.startswith("model") for module in of_package(path))
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print"}


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
