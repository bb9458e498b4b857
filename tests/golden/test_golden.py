"""The Sheffield results, figure by figure, against those stored."""

import difflib

import pytest
from store import STORED, tables

STORED_NAMES = sorted(path.name for path in STORED.glob("*.csv") if ".actual." not in path.name)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return tables()


def test_every_table_is_stored(made: dict[str, bytes]) -> None:
    assert sorted(made) == STORED_NAMES


@pytest.mark.parametrize("name", STORED_NAMES)
def test_no_number_moved(made: dict[str, bytes], name: str) -> None:
    expected = (STORED / name).read_bytes()
    if made[name] == expected:
        return
    actual = STORED / name.replace(".csv", ".actual.csv")
    actual.write_bytes(made[name])
    changed = difflib.unified_diff(
        expected.decode().splitlines(), made[name].decode().splitlines(), "stored", "now", n=0
    )
    pytest.fail(
        "\n".join(changed)
        + f"\n\nThe new table is {actual.name}. If a number was meant to change, run "
        "`make golden` and say so under 'Numbers that change' in CHANGELOG.md: which, from what, "
        "to what, and why."
    )
