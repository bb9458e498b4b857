"""A pool whose indicators and volumes have all there is: months, cells, prices, no last month."""

import shutil
from pathlib import Path

from tests.make.places import ROOT

MEASURED = ROOT / "tests" / "broken" / "indicators"
_MONTHS = {
    "actual": (10, 12, 11, 9, 13, 12, 10),
    "last year": (13, 12, 11, 12, 12, 11, 10, 11, 12, 13, 12, 11),
}
_VOLUMES = """\
scheme_id,version,cell,planned,actual,planned_price,actual_price,linked_amount,budget_set_on,source
S1,contract,day case,800,780,£10.00,£10.10,,yes,invented
S1,contract,overnight,200,260,£30.00,£30.50,,yes,invented
S1,last year,,1000,1040,,,"£14,000.00",no,invented
S2,contract,,100,0,,,,yes,invented
"""


def write_measured_pool(folder: Path) -> Path:
    """Write it: to month 7, projected by last year's shape; a line of two cells, one of none."""
    shutil.copytree(MEASURED, folder)
    values = folder / "metric_values.csv"
    heads, *rows = values.read_text(encoding="utf-8").splitlines()
    stays = [
        f"STAYS,{series},month {month},{number},,,0,,,invented,"
        for series, numbers in _MONTHS.items()
        for month, number in enumerate(numbers, start=1)
    ]
    kept = [row for row in rows if not row.startswith("STAYS")]
    target = "STAYS,target,year,120,,,0,,,invented,"
    values.write_text("\n".join([heads, *stays, target, *kept, ""]), encoding="utf-8")
    (folder / "volumes.csv").write_text(_VOLUMES, encoding="utf-8")
    return folder
