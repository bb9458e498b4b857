"""Amounts together: what is stated about their total, and what may not be borne."""

import shutil
from pathlib import Path

import pytest

from bcf_model.pool import check_pool
from tests.make.places import SOUND


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """A copy of the sound pool, to be spoiled."""
    return Path(shutil.copytree(SOUND, tmp_path / "pool"))


def spoil(pool: Path, file: str, old: str, new: str) -> None:
    text = (pool / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (pool / file).write_text(text.replace(old, new), encoding="utf-8")


def codes(pool: Path) -> list[str]:
    return [finding.code for finding in check_pool(pool)[1]]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("341.18", "BCF503"),  # of £341,179.28: a thousand times, to the penny
        ("337.84", "BCF503"),  # 0.99 % from it
        ("344.58", "BCF503"),
        ("337.76", "BCF502"),  # 1.01 % from it
        ("344.66", "BCF502"),
        ("262.45", "BCF502"),  # 30 %
    ],
)
def test_a_wrong_unit_is_a_thousand_times_within_one_per_cent(
    pool: Path, stated: str, code: str
) -> None:
    spoil(pool, "control_totals.csv", "341,179.28", stated)
    assert codes(pool) == [code]


@pytest.mark.parametrize("spent", ["63,999.99", "64,000.01"])
def test_a_penny_over_or_under_may_not_be_borne_through_a_line_not_stated(
    pool: Path, spent: str
) -> None:
    spoil(pool, "schemes.csv", "adaptations,C", "adaptations,not stated")
    spoil(pool, "schemes.csv", "61,750.25", spent)
    assert "BCF406" in codes(pool)
