"""All that the program writes is as its stored digests say, page by page (tests/golden/digests.py).

`make long` looks at every product, `make test` at a few of each kind. A change of the stored values
stands in a commit of its own, with a line of the changelog: of that the last tests make sure, as
far back as the history they find goes.
"""

import io
import subprocess
import zipfile
from collections.abc import Callable

import pytest

from bcf_model.verify.workbook_parts import unpack
from tests.golden import digests
from tests.golden.digests import BYTES, VALUES, of_bytes, of_values, stored
from tests.golden.products import ROOT, Files, made, products
from tests.longer import LONG, longer
from tests.make.verified import files_made

QUICK = (
    "sheffield-2018-19",
    "agreements/12-ordered-calls",
    "agreements/19-blended-payment",
    "agreements/26-rules-change-within-the-year",
    "scenarios/savings-risk-adjusted-drawn",
    "audits/invented-example",
)
CELLS = "python -m tests.golden.digests --show"
CHANGELOG, HEADING = "CHANGELOG.md", "### Numbers that change"
FREE = ("tests/golden/digests/", "tests/golden/pages/", "tests/golden/sheffield-2018-19/",
        "tests/golden/scenarios/", "tests/golden/explain/",
        "tests/published/audit-sheffield-2018-19/", CHANGELOG)  # fmt: skip
"""What a commit that changes values may change beside them: what is stored, and the changelog."""


@longer
@pytest.mark.parametrize("product", products() if LONG else QUICK)
def test_nothing_that_is_written_changed(product: str) -> None:
    said = digests.changed(product, made(product))
    drawn = " (numpy promises the same draws for one build only)" if "drawn" in product else ""
    assert not said, "\n".join([*said, f"Every cell that differs{drawn}: {CELLS} {product}"])


def test_every_product_is_stored_and_nothing_else() -> None:
    assert {key[0] for key in stored(VALUES)} == {*products()} == {key[0] for key in stored(BYTES)}


# ------------------------------------------------------------------ which layer sees what


def penny(files: Files) -> Files:
    name = "tables/variance.csv"
    return {**files, name: files[name].replace(b".00", b".01", 1)}


def in_workbook(old: str, new: str) -> Callable[[Files], Files]:
    """Change the first part of a workbook that says so, and pack all without making it smaller."""

    def change(files: Files) -> Files:
        parts = {**unpack(files["report.xlsx"])}
        name = next(name for name, data in parts.items() if old.encode() in data)
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as packed:
            for name, data in parts.items():
                packed.writestr(name, data)
        return {**files, "report.xlsx": stream.getvalue()}

    return change


def in_page(old: bytes, new: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, "report.html": files["report.html"].replace(old, new, 1)}


def version(files: Files) -> Files:
    return {**files, "run.json": files["run.json"].replace(b'numpy": "', b'numpy": "9')}


@pytest.mark.parametrize(
    ("change", "values", "formulas", "whole"),
    [
        (penny, 1, 0, 1),
        (in_workbook("<v>5270.05</v>", "<v>5270.06</v>"), 1, 0, 1),
        (in_workbook("<f>ROUND(", "<f>ROUND(0+"), 0, 1, 1),
        (in_workbook("<b/>", "<i/>"), 0, 0, 1),
        (in_page(b"<td class=n>", b"<td class=s>"), 0, 0, 1),
        (in_page(b"hold</a>, to the penny", b"fail</a>, to the penny"), 1, 0, 1),
        (version, 0, 0, 0),
        (in_workbook("<b/>", "<b/>"), 0, 0, 0),
    ],
    ids=["a penny", "a stored value", "a formula", "a style", "a class", "a word", "a version",
         "packed otherwise"],
)  # fmt: skip
def test_a_change_is_seen_in_its_layer_alone(change, values, formulas, whole, monkeypatch) -> None:
    monkeypatch.setattr(digests, "products", lambda: {"it": products()["sheffield-2018-19"]})
    before, after = files_made(), change(files_made())
    moved = {name: data for name, data in before.items() if data != after[name]}
    assert len(moved) == 1
    before, after = moved, {name: after[name] for name in moved}
    one, other = of_values("it", before), of_values("it", after)
    assert len({*one.items()} - {*other.items()}) == values
    one, other = of_bytes("it", before), of_bytes("it", after)
    assert sum(one[key][0] != other[key][0] for key in one) == formulas
    assert sum(one[key][1] != other[key][1] for key in one) == whole


# ------------------------------------------------------------------ what a commit may change


def said_by_git(*words: str) -> str:
    """Ask git; "" where it does not know, or is not there."""
    try:
        return digests.git(*words)
    except (OSError, subprocess.CalledProcessError):
        return ""


def told(changelog: str) -> set[str]:
    return {*changelog.partition(HEADING)[2].partition("\n#")[0].splitlines()}


def wrong_with(values: tuple[str, str], changelog: tuple[str, str], files: list[str]) -> str:
    """Say what is wrong with a commit, of what stood before and stands after it; "" for nothing.

    What is new was stored of nothing before: its code may come with it, and it needs no line.
    """
    before, after = (stored(VALUES, text) for text in values)
    if all(after.get(key) == it for key, it in before.items()):
        return ""
    if others := [name for name in files if not name.startswith(FREE)]:
        return f"stored values change in one commit with {', '.join(others)}"
    return "" if told(changelog[1]) - told(changelog[0]) else f"{HEADING}: no new line"


def test_a_change_of_stored_values_stands_alone_and_is_told() -> None:
    path = VALUES.relative_to(ROOT).as_posix()
    commits = said_by_git("log", "--no-merges", "--format=%H", "--", path).split()
    if not commits:
        print("There is no history here, or no git: of no commit can it be said.")
    for commit in commits:
        values, changelog = (
            (said_by_git("show", f"{commit}^:{name}"), said_by_git("show", f"{commit}:{name}"))
            for name in (path, CHANGELOG)
        )
        files = said_by_git("diff-tree", "--no-commit-id", "--name-only", "-r", commit).splitlines()
        assert not wrong_with(values, changelog, files), commit


def test_the_rule_sees_a_hidden_change_and_one_that_is_not_told() -> None:
    one = "product,file,page,values,digest\nit,report.xlsx,Cover,3,aa\n"
    other, more = one.replace("aa", "bb"), one + "it,report.xlsx,Notes,3,cc\n"
    silent, said = (f"{HEADING}\n\n- One.\n", f"{HEADING}\n\n- One.\n- Two.\n")
    alone = ["tests/golden/digests/values.csv", CHANGELOG]
    assert not wrong_with((one, other), (silent, said), alone)
    assert not wrong_with((one, more), (silent, silent), [*alone, "bcf_model/core/money.py"])
    assert "no new line" in wrong_with((one, other), (silent, silent), alone)
    assert "no new line" in wrong_with((more, one), (silent, silent), alone)
    assert "bcf_model/core/money.py" in wrong_with(
        (one, other), (silent, said), ["bcf_model/core/money.py"]
    )
