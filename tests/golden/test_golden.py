"""The Sheffield results, figure by figure and page by page, against those stored."""

import difflib
from pathlib import Path

import pytest
from store import STORED, STORED_PAGES, pages, tables

from tests.longer import slow

STORED_NAMES = sorted(path.name for path in STORED.glob("*.csv"))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return tables()


@slow
def test_every_table_is_stored(made: dict[str, bytes]) -> None:
    assert sorted(made) == STORED_NAMES


@pytest.mark.parametrize("name", STORED_NAMES)
def test_no_number_moved(made: dict[str, bytes], tmp_path: Path, name: str) -> None:
    compare(STORED / name, made[name].decode(), tmp_path / name)


def test_no_figure_of_a_page_moved(tmp_path: Path) -> None:
    """Each cell is the figure it was: a theme's total, not that of the pool."""
    compare(STORED_PAGES, pages(), tmp_path / STORED_PAGES.name)


def compare(stored: Path, now: str, actual: Path) -> None:
    expected = stored.read_bytes().decode()
    if now == expected:
        return
    actual.write_bytes(now.encode())
    changed = difflib.unified_diff(
        expected.splitlines(), now.splitlines(), "stored", "now", n=0, lineterm=""
    )
    pytest.fail(
        "\n".join(changed)
        + f"\n\nWhat it is now is in {actual}. If a number was meant to change, run "
        "`make golden` and say so under 'Numbers that change' in CHANGELOG.md: which, from what, "
        "to what, and why."
    )
