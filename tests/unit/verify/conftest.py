"""A small pool and its report, in a folder of their own."""

import shutil
from pathlib import Path

import pytest

from bcf_model.publish import write
from bcf_model.verify import rebuild as making
from tests.make.verified import (
    SELFTEST,
    contents_once,
    document_once,
    files_made,
    run_once,
)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return files_made()


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(SELFTEST, tmp_path / "inputs" / "selftest")


@pytest.fixture
def report(
    made: dict[str, bytes], pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Stand in a folder that holds a pool and its report."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "outputs" / "selftest"
    for name, data in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def book(made: dict[str, bytes]) -> bytes:
    return made["report.xlsx"]


@pytest.fixture(autouse=True)
def made_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the same report made again once, not for each of a hundred tests."""
    monkeypatch.setattr(making, "run", run_once)
    monkeypatch.setattr(write, "document", document_once)
    monkeypatch.setattr(making, "contents", contents_once)
