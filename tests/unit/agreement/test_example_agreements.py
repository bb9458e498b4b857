"""The worked examples of inputs/agreements/: sound, whole, and answered by hand."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from bcf_model.core.figures import Figure
from tests.longer import slow
from tests.make.places import INPUTS, ROOT
from tests.make.shipped import results_of

EXAMPLES = sorted(path.parent for path in (INPUTS / "agreements").glob("*/pool.toml"))
SHAPES = 15
"""Shapes of agreement that are known from sources; further examples follow them."""
MEANT = {"19-blended-payment": ["BCF442"]}
"""Warnings an example is there to show: activity beyond the point at which a payment reopens."""
OF_A_BEARER = "borne/bearer=[^/]+"

each = pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_hand(folder: Path) -> dict[str, int]:
    """Give the figures worked by hand, in pence."""
    return {
        row["figure"]: int(row["amount"].replace(".", "")) for row in rows(folder, "control_totals")
    }


def said(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def test_every_shape_has_a_folder() -> None:
    numbers = [int(folder.name[:2]) for folder in EXAMPLES]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) >= SHAPES


@slow(first=9)
@each
def test_it_is_sound_and_its_answer_holds(folder: Path) -> None:
    """The model agrees to the penny, and nobody bears a part that was not worked by hand."""
    results, hand = results_of(folder), by_hand(folder)
    found_in_it = [finding.code for finding in results.inputs.findings]
    assert found_in_it == MEANT.get(folder.name, [])
    found = {figure: results.figures.pence(Figure.parse(figure)) for figure in hand}
    assert found == hand
    borne = results.outputs["risk_share_workings"].groupby("bearer")["borne"].sum()
    assert {f"borne/bearer={bearer}" for bearer in borne[borne != 0].index} <= set(hand)


@each
def test_its_answer_is_whole(folder: Path) -> None:
    """What everyone bears makes the variance, and is not so round that a slip would hide."""
    hand = by_hand(folder)
    parts = [pence for figure, pence in hand.items() if re.fullmatch(OF_A_BEARER, figure)]
    assert len(parts) >= 2
    assert sum(parts) == hand["borne"] == hand["variance"] == hand["expenditure"] - hand["budget"]
    assert any(pence % 1000 for pence in parts)
    assert {row["source"] for row in rows(folder, "control_totals")} == {"worked by hand"}


@each
def test_it_says_that_it_is_invented(folder: Path) -> None:
    settings = tomllib.loads((folder / "pool.toml").read_text(encoding="utf-8"))
    assert settings["title"].endswith(" (invented example)")
    assert settings["status"] == "Invented"
    assert all(row["clause"].startswith("Invented clause ") for row in rows(folder, "rules"))


@each
def test_its_text_has_what_a_page_needs(folder: Path) -> None:
    shape, *parts = re.split("^## (.+)\n", said(folder), flags=re.MULTILINE)
    assert "invented" in shape
    assert parts[::2] == ["Words to look for", "Who uses it", "By hand", "What to watch for"]
    assert all(text.strip() for text in parts[1::2])


@each
def test_its_text_works_out_what_each_bears(folder: Path) -> None:
    by_hand_said = said(folder).partition("## By hand")[2].partition("## ")[0]
    for figure, pence in by_hand(folder).items():
        if re.fullmatch(OF_A_BEARER, figure) and pence:
            assert f"{abs(pence) // 100:,}.{abs(pence) % 100:02d}" in by_hand_said, figure


def test_each_has_its_page_and_no_page_is_left_over() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "agreements").glob("*.md")}
    assert pages == {"README", *(folder.name for folder in EXAMPLES)}
