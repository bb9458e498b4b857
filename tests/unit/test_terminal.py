"""The headline on a terminal."""

from pathlib import Path

import bcf_model
from bcf_model.report.pages import summary
from bcf_model.report.terminal import headline
from tests.odd_pence import write_odd_pence_pool

LINES = (
    "S1,1,ICB,Nil budget,A,revenue,pooled,0,3000.00",
    "S2,R&D x,ICB,On budget,A,revenue,pooled,5000.00,5000.00",
    "S3,a.b,ICB,Income,A,revenue,pooled,-2000.00,-3000.00",
)


def test_a_percentage_of_no_budget_is_not_available(tmp_path: Path) -> None:
    pool = write_odd_pence_pool(tmp_path / "pool")
    heading, *_ = (pool / "schemes.csv").read_text(encoding="utf-8").splitlines()
    (pool / "schemes.csv").write_text("\n".join([heading, *LINES]) + "\n", encoding="utf-8")
    results = bcf_model.run(bcf_model.load(pool))
    rows = [line.split() for line in headline(results, summary(results)).splitlines()]
    said = {row[0]: row[-4:] for row in rows if len(row) > 4}
    assert said["1"] == ["0", "3", "3", "n/a"]
    assert said["R&D"] == ["5", "5", "0", "0.0%"]
    assert said["a.b"] == ["(2)", "(3)", "(1)", "n/a"]


def test_who_else_bears_is_named_once() -> None:
    example = Path(__file__).parents[2] / "inputs" / "agreements" / "18-provider-gain-and-loss"
    results = bcf_model.run(bcf_model.load(example))
    said = headline(results, summary(results))
    assert "By organisation, and who else bears" in said
    assert said.count("Northshire Hospitals Trust") == 1
