"""Store the present results of the Sheffield pool as the golden ones: `make golden`.

A figure that changes needs a line under "Numbers that change" in CHANGELOG.md.
"""

from pathlib import Path

import bcf_model
from bcf_model.report.write import contents

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STORED = HERE / "sheffield-2018-19"


def tables() -> dict[str, bytes]:
    """Give every CSV of the Sheffield report, as it is written."""
    results = bcf_model.run(bcf_model.load(ROOT / "inputs" / "sheffield-2018-19"))
    files = contents(results)
    return {Path(name).name: data for name, data in files.items() if name.startswith("tables/")}


if __name__ == "__main__":
    for name, data in tables().items():
        (STORED / name).write_bytes(data)
