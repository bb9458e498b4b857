"""The gallery of bad pools: what is broken in each, and how its folder is built.

A broken pool is a sound one with one defect. Most defects are edits of cells, in `defects.csv`;
what no cell can say, such as bytes that are no text, is a file in a folder of that name, put over
the sound one. There are five sound pools: `sound`, `agreement` (whose agreement of many parts is
broken by itself, and tried on it), `changing` (whose rules change within the year), `indicators`
(with indicators beside the money) and `plan` (with plans and scenarios).
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.broken.edits import Edit, apply, read_edits
from tests.make.places import BROKEN, PLAN, SOUND

AGREEMENT, CHANGING = BROKEN / "agreement", BROKEN / "changing"
MEASURED = BROKEN / "indicators"
_NO_POOL = {"sound", "agreement", "changing", "indicators", "plan", "scenarios", "__pycache__"}


def _defects(file: Path) -> dict[str, list[Edit]]:
    return {folder: edits for (folder,), edits in read_edits(file, "folder").items()}


DEFECTS = _defects(BROKEN / "defects.csv")
OF_PLANS = _defects(BROKEN / "scenarios" / "defects.csv")


def _folders(where: Path, prefix: str = "") -> set[str]:
    return {f"{prefix}{path.name}" for path in where.iterdir() if path.is_dir()}


AGREEMENTS = sorted(
    {name for name in DEFECTS if name.startswith("agreements/")}
    | _folders(AGREEMENT / "agreements", "agreements/")
)
CHANGES = sorted(name for name in DEFECTS if name.startswith("changing/"))
MEASURES = sorted(name for name in DEFECTS if name.startswith("indicators/"))
POOLS = sorted({name for name in DEFECTS if "/" not in name} | _folders(BROKEN) - _NO_POOL)
PLANS = sorted({*OF_PLANS} | _folders(BROKEN / "scenarios"))


@dataclass(frozen=True)
class Broken:
    """A broken pool, built: where it is, and the agreement tried on it, if that is what is broken.

    Attributes:
        pool: its folder.
        sound: the sound one, as whose copy it began.
        agreement: the folder of the agreement, inside the pool.
    """

    pool: Path
    sound: Path
    agreement: Path | None = None

    @property
    def edited(self) -> Path:
        """The folder whose files are broken."""
        return self.agreement or self.pool


def build(folder: str, scratch: Path) -> Broken:
    """Build a broken pool; of an agreement, the pool it is tried on is built as well."""
    if folder in AGREEMENTS:
        pool = shutil.copytree(
            AGREEMENT, scratch / "pool", ignore=shutil.ignore_patterns("agree*s")
        )
        tried = pool / folder
        tried.mkdir(parents=True)
        files = {edit["file"] for edit in DEFECTS.get(folder, ())}
        for name in {"rules.csv", *files}:
            shutil.copy(AGREEMENT / name, tried / name)
        _break(tried, AGREEMENT / folder, DEFECTS.get(folder, []), AGREEMENT)
        return Broken(pool, AGREEMENT, tried)
    plan = folder.startswith("plan:")
    name = folder.removeprefix("plan:")
    own = {**dict.fromkeys(CHANGES, CHANGING), **dict.fromkeys(MEASURES, MEASURED)}
    sound = PLAN if plan else own.get(folder, SOUND)
    pool = shutil.copytree(sound, scratch / "pool")
    edits = (OF_PLANS if plan else DEFECTS).get(name, [])
    _break(pool, BROKEN / "scenarios" / name if plan else BROKEN / name, edits, sound)
    return Broken(pool, sound)


def _break(pool: Path, files: Path, edits: list[Edit], sound: Path) -> None:
    if files.is_dir():
        shutil.copytree(files, pool, dirs_exist_ok=True)
    apply(pool, edits, sound)


if __name__ == "__main__":
    print(build(sys.argv[1], Path(tempfile.mkdtemp())).edited)
