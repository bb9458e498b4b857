"""Extracts spoilt at random: a plan, a question or a finding; lines where it is sure."""

from pathlib import Path
from random import Random

import openpyxl
import pytest

from bcf_model.extracts.plan import REFUSED, SURE, as_text, lines_of
from bcf_model.extracts.take_in import looks_like_ledger, plan_file
from tests.longer import LONG, longer

pytestmark = pytest.mark.fuzz

TEXTS = (
    "Anytown\nCost Centre,Account,Amount,DR/CR\nB1,1,12.50,DR\nB2,2,2.25,CR\n\nTotal,,10.25,DR\n",
    "Account;Debit;Credit\n1;1,200.00;\n2;;3.50\nGrand total;1,200.00;3.50\n",
    "Scheme,Outturn £000,,\n,ICB,Council,Total\nFalls,1.5,2,3.5\nBeds,,(4),(4)\n",
    "Cost Centre,M01,M02,YTD\nB1,1.00,2.00,3.00\nB2,4.00,-5.25,-1.25\n",
)
PIECES = (
    b",",
    b"\n",
    b'"',
    b"Total,",
    b"1.00",
    b"\xa3",
    b"-",
    b"=",
    b";",
    b"\t",
    b"$",
    b"\xff\xfe",
)


def spoilt(data: bytes, dice: Random) -> bytes:
    found = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(found) + 1)
        how = dice.random()
        if how < 0.4:
            found[at : at + 1] = bytes([dice.randrange(256)])
        elif how < 0.7:
            found[at:at] = dice.choice(PIECES)
        else:
            del found[at : at + dice.randint(1, 20)]
    return bytes(found)


def look(path: Path) -> str:
    plan, _ = plan_file(path, {})
    assert as_text(plan, file=str(path)) or plan.status == REFUSED
    if plan.status == SURE:
        assert plan.chosen is not None
        assert len(lines_of(plan.chosen).pence)
    looks_like_ledger(path, [])
    return plan.status


@longer
def test_a_spoilt_text_ends_in_a_sentence(tmp_path: Path) -> None:
    dice = Random(29)
    met = set()
    for number in range(3_000 if LONG else 300):
        path = tmp_path / "ledger.csv"
        path.write_bytes(spoilt(TEXTS[number % len(TEXTS)].encode(), dice))
        met.add(look(path))
    assert met == {"sure", "asks", "refused"}


@longer
def test_a_spoilt_workbook_ends_in_a_sentence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["£000"], ["Ref", "Scheme", "Outturn"], [1, "Falls", 2.5], [2, "Fees", "(3.0)"],
                ["", "Total", "=SUM(C3:C4)"]):  # fmt: skip
        book.active.append(row)
    book.save(path := tmp_path / "x.xlsx")
    data, dice = path.read_bytes(), Random(30)
    for _ in range(400 if LONG else 40):
        path.write_bytes(spoilt(data, dice))
        look(path)
