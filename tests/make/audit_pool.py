"""A pool of four lines for the tests of the audit, and papers printed of it."""

import tempfile
from functools import cache
from pathlib import Path

import pandas as pd

import bcf_model
from bcf_model.year.results import Results

FILES = {
    "themes.csv": "theme,name\n1,Staying well\n2,Leaving hospital\n",
    "organisations.csv": "organisation,name,organisation_kind\nICB,Board,nhs\nLA,City,council\n",
    "categories.csv": "category,name\nA,Alone\nB,Both\n",
    "schemes.csv": "scheme_id,theme,organisation,scheme,category,kind,pooling,budget,expenditure\n",
    "pool.toml": 'title = "T"\nboard = "B"\nfinancial_year = "2018-19"\nas_at = 2019-03-31\n'
    'source = "S"\nstatus = "Invented"\n',
}
LINES = {
    "s1": ("1", "ICB", "B", "revenue", "pooled", "100", "130"),
    "s2": ("1", "LA", "B", "revenue", "pooled", "200", "190"),
    "s3": ("2", "LA", "A", "capital", "pooled", "50", "55"),
    "s4": ("2", "LA", "A", "revenue", "aligned", "70", "70"),
}
RULES = "rule_id,scope,direction,step,basis,bearer,share,limit,band_from,band_to,clause\n"
OWN_A = "A,category=A,either,1,own,budget holder,100,,,,c\n"
QUARTER = "B1,category=B,either,1,fixed,ICB,25,,,,c\nB2,category=B,either,1,fixed,LA,75,,,,c\n"


def typed(amount: str, unit: str) -> str:
    """Write an amount of pounds to the penny: one without pence is known to the pound only."""
    return f"{float(amount):.2f}" if unit == "pounds" else amount


@cache
def results(
    rules: str = QUARTER, unit: str = "pounds", spent: str = "130", kind: str = "capital"
) -> Results:
    """Run the pool of four lines under rules for category B, with the spend of s1, kind of s3."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        lines = LINES | {"s1": (*LINES["s1"][:-1], spent)}
        lines["s3"] = (*lines["s3"][:3], kind, *lines["s3"][4:])
        with (Path(folder) / "schemes.csv").open("a") as file:
            file.writelines(
                f"{code},{line[0]},{line[1]},Scheme {code},{','.join(line[2:5])},"
                f"{typed(line[5], unit)},{typed(line[6], unit)}\n"
                for code, line in lines.items()
            )
        with (Path(folder) / "pool.toml").open("a") as file:
            file.write(f'unit = "{unit}"\n')
        own = "" if ",pool," in rules else OWN_A
        (Path(folder) / "rules.csv").write_text(RULES + own + rules)
        return bcf_model.run(bcf_model.load(folder))


def printed(*figures: tuple[str, str], unit: str = "thousands", decimals: int = 0) -> pd.DataFrame:
    """Print figures, a percentage where the text has its sign."""
    rows = [
        {
            "published_id": f"P{i}", "source": f"table row {i}", "label": figure, "column": "c",
            "printed": text, "unit": "percent" if "%" in text else unit, "decimals": decimals,
            "rounded_to": "", "figure": figure, "note": "",
        }
        for i, (figure, text) in enumerate(figures)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"decimals": "int64"})
