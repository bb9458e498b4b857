from pathlib import Path

import pytest

from tests.make.extracts import POOL


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """Make a pool that takes its expenditure from ledgers."""
    folder = tmp_path / "riverside"
    for name, text in POOL.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    return folder
