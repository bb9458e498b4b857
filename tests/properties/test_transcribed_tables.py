"""A random table of lines, sections and totals, printed rounded: every total found, and none false.

What must be found is said apart from the code that finds it: the table is made from its tree.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.audit.papers import examined
from tests.longer import tries
from tests.make.printed_tables import as_csv, codes, read, sums, transcription

pytestmark = pytest.mark.properties

AMOUNTS = st.integers(min_value=2_000, max_value=900_000)
"""Pounds of a line: in £000 at least 2, so that no line is rounded away."""
SECTIONS = st.lists(
    st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=2, max_size=5), min_size=2, max_size=4
)


def printed(pounds: int) -> str:
    """Print pounds in £000, a half away from nil, brackets below it."""
    whole = (abs(pounds) + 500) // 1000
    return f"({whole:,})" if pounds < 0 and whole else f"{whole:,}"


def of_tree(sections: list[list[tuple[int, int]]], order: list[int]) -> list[list[str]]:
    """Return the rows of a table: label, then budget, outturn and variance in the order asked."""
    rows = [["Scheme", *(["Budget £000", "Outturn £000", "Variance £000"][it] for it in order)]]

    def add(label: str, budget: int, outturn: int) -> None:
        cells = [printed(it) for it in (budget, outturn, outturn - budget)]
        rows.append([label, *(cells[it] for it in order)])

    for number, lines in enumerate(sections):
        rows.append([f"Section {number}"])
        for at, (budget, outturn) in enumerate(lines):
            add(f"Line {number}.{at}", budget, outturn)
        add(f"Total section {number}", sum(b for b, _ in lines), sum(o for _, o in lines))
    every = [line for lines in sections for line in lines]
    add("Grand total", sum(b for b, _ in every), sum(o for _, o in every))
    return rows


def expected(sections: list[list[tuple[int, int]]]) -> dict[tuple[str, str], set[frozenset[str]]]:
    """Return every sum there is, from the tree alone."""
    found: dict[tuple[str, str], set[frozenset[str]]] = {}
    labels: dict[str, list[str]] = {}
    for number, lines in enumerate(sections):
        labels |= {f"Line {number}.{at}": [] for at in range(len(lines))}
        labels[f"Total section {number}"] = [f"Line {number}.{at}" for at in range(len(lines))]
    labels["Grand total"] = [f"Total section {number}" for number in range(len(sections))]
    for label, parts in labels.items():
        for column in ("Budget £000", "Outturn £000", "Variance £000"):
            if parts:
                found.setdefault((label, column), set()).add(
                    frozenset(f"+{part}|{column}" for part in parts)
                )
        difference = frozenset((f"+{label}|Outturn £000", f"-{label}|Budget £000"))
        found.setdefault((label, "Variance £000"), set()).add(difference)
    return found


def found_in(rows: list[list[str]]) -> dict[tuple[str, str], set[frozenset[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        reading = read(Path(folder), as_csv(rows), ready=True)
    return {key: set(map(frozenset, it)) for key, it in sums(reading).items()}


@tries(30, 400)
@given(SECTIONS, st.permutations([0, 1, 2]))
def test_every_total_is_found_and_none_false_in_whatever_order(sections, order):
    assert found_in(of_tree(sections, order)) == expected(sections)


@tries(20, 300)
@given(SECTIONS, st.data())
def test_lines_of_a_section_in_another_order_say_the_same(sections, data):
    rows = of_tree(sections, [0, 1, 2])
    before = found_in(rows)
    at = 2
    for lines in sections:
        rows[at : at + len(lines)] = data.draw(st.permutations(rows[at : at + len(lines)]))
        at += len(lines) + 2
    assert found_in(rows) == before


@tries(15, 200)
@given(SECTIONS, st.data())
def test_a_total_wrong_by_more_than_rounding_is_said_not_to_hold(sections, data):
    """It is asked of, and the audit of its ready answer says that something cannot be right."""
    rows = of_tree(sections, [0, 1, 2])
    section = data.draw(st.integers(0, len(sections) - 1))
    row = next(it for it in rows if it[0] == f"Total section {section}")
    lines = len(sections[section])
    off = data.draw(st.integers(min_value=lines + 2, max_value=lines + 50))
    row[2] = f"{int(row[2].replace(',', '')) + off:,}"
    with tempfile.TemporaryDirectory() as folder:
        reading = read(Path(folder), as_csv(rows))
        assert "BCF943" in codes(reading)
        assert row[0] in " ".join(it.said for it in reading.questions)
        path = Path(folder) / "figures.csv"
        taken = transcription(read(Path(folder), as_csv(rows), ready=True))
        path.write_text(as_csv([list(taken[0]), *(it.values() for it in taken)]), encoding="utf-8")
        audit, _, problems = examined(path)
    assert problems == []
    assert audit is not None
    assert audit.something_is_wrong
