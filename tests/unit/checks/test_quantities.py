"""What is looked for in quantities.csv: prints there are, of one kind, and of one perimeter."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

import pytest

from bcf_model.core.findings import Finding
from bcf_model.pool import check_pool
from tests.make.places import SOUND

PUBLISHED = "published_id,source,label,column,printed,unit,decimals,figure\n"
QUANTITIES = "figure,subject,perimeter,financial_year,basis,worked_from,source\n"


def found(folder: Path, prints: Sequence[str] | None, *rows: str) -> list[Finding]:
    """Give what is found of quantities over prints; None: the pool has no published.csv."""
    pool = copytree(SOUND, folder / "pool")
    (pool / "published.csv").unlink()
    if prints is not None:
        text = PUBLISHED + "".join(f"P{i},x,x,x,{it}\n" for i, it in enumerate(prints))
        (pool / "published.csv").write_text(text, encoding="utf-8")
    text = QUANTITIES + "".join(f"{row},x\n" for row in rows)
    (pool / "quantities.csv").write_text(text, encoding="utf-8")
    return check_pool(pool)[1]


@pytest.mark.parametrize("prints", [None, ()])
def test_quantities_are_of_prints(tmp_path: Path, prints: Sequence[str] | None) -> None:
    """Said once, and not of each."""
    rows = ("stated/x,S,pool,2018-19,,", "stated/y,S,pool,2018-19,,stated/a + b")
    [said] = [it for it in found(tmp_path, prints, *rows) if it.severity == "error"]
    assert (said.code, said.file) == ("BCF002", "published.csv")
    assert said.expected.endswith("there is nothing to audit")


@pytest.mark.parametrize("worked_from", ["stated/a + stated/y", "stated/y + "])
def test_what_a_quantity_is_worked_out_of_is_printed(tmp_path: Path, worked_from: str) -> None:
    row = f"stated/x,S,pool,2018-19,,{worked_from}"
    said = found(tmp_path, ["5,pounds,0,stated/y"], row)
    assert [(it.row, it.column) for it in said if it.code == "BCF601"] == [(2, "worked_from")]


@pytest.mark.parametrize("last", ["5%,percent,0,stated/x", "5,thousands,0,stated/x"])
def test_a_figure_of_a_quantity_is_printed_in_one_kind(tmp_path: Path, last: str) -> None:
    first = {"5%,percent,0,stated/x", "5,thousands,0,stated/x"} - {last}
    prints = (*first, "5,pounds,0,stated/y", last)
    rows = ("stated/s,S,pool,2018-19,,stated/x + stated/y", "stated/y,S,pool,2018-19,,")
    assert [it.row for it in found(tmp_path, prints, *rows) if it.code == "BCF607"] == [4]


def test_a_figure_is_worked_out_in_the_kind_it_is_printed_in(tmp_path: Path) -> None:
    prints = ("5%,percent,0,stated/x", "5,thousands,0,stated/y", "5,pounds,0,stated/z")
    rows = ("stated/x,S,pool,2018-19,,stated/y / stated/z", "stated/y,S,,,,stated/y / stated/z")
    said = [it for it in found(tmp_path, prints, *rows) if it.code == "BCF607"]
    assert [(it.row, it.value) for it in said] == [(3, "percent")]


def test_a_figure_of_no_quantity_may_be_printed_in_two_kinds(tmp_path: Path) -> None:
    prints = ("5%,percent,0,stated/x", "5,thousands,0,stated/x", "5,pounds,0,stated/y")
    assert not [
        it for it in found(tmp_path, prints, "stated/y,S,pool,2018-19,,") if it.code == "BCF607"
    ]
