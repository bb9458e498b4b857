"""Which rows of two tables belong together, and how two texts are set against each other."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from bcf_model.core.findings import printable

_LONGEST: Final = 80
"""Characters of a text that are shown."""
_BEFORE: Final = 20
"""Characters shown before the first difference of two long texts."""
_MOST_MATCHED: Final = 2_000
"""Rows that are matched with each other; where more have changed, they are paired as they stand."""

Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Outcome:
    """What came of holding one file against the one that should stand there.

    Attributes:
        differences: a sentence for each thing that is not as it should be, naming its place.
        notes: sentences about what differs without changing what the file says.
    """

    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def aligned(
    found: Sequence[Hashable],
    expected: Sequence[Hashable],
    found_labels: Sequence[Hashable],
    expected_labels: Sequence[Hashable],
) -> Iterator[Pair]:
    """Pair the rows of two tables, in order; rows that are alike are paired with each other.

    Args:
        found: what each row of the one table holds.
        expected: the same of the other.
        found_labels: what each row is called, to pair rows that changed.
        expected_labels: the same of the other.

    Returns:
        Pairs of places; one of the two is None where a row has been added or is missing.
    """
    start, stop = _alike_at_the_ends(found, expected)
    yield from ((i, i) for i in range(start))
    own, other = range(start, len(found) - stop), range(start, len(expected) - stop)
    if len(own) == 1 == len(other) or len(own) + len(other) > _MOST_MATCHED:
        yield from zip_longest(own, other)
    else:
        yield from _matched(found, expected, own, other, (found_labels, expected_labels))
    yield from ((len(found) - n, len(expected) - n) for n in range(stop, 0, -1))


def _alike_at_the_ends(found: Sequence[Hashable], expected: Sequence[Hashable]) -> tuple[int, int]:
    most = min(len(found), len(expected))
    start = next((i for i in range(most) if found[i] != expected[i]), most)
    left = most - start
    stop = next((i for i in range(left) if found[-1 - i] != expected[-1 - i]), left)
    return start, stop


def _matched(
    found: Sequence[Hashable],
    expected: Sequence[Hashable],
    own: range,
    other: range,
    labels: tuple[Sequence[Hashable], Sequence[Hashable]] | None,
) -> Iterator[Pair]:
    """Match rows that are alike; within what is left over, rows of one label."""
    matcher = SequenceMatcher(
        None, [found[i] for i in own], [expected[i] for i in other], autojunk=False
    )
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        left, right = own[i:i_end], other[j:j_end]
        if kind != "equal" and labels and left and right:
            yield from _matched(*labels, left, right, None)
        elif kind == "replace" and len(left) != len(right):
            yield from ((it, None) for it in left)
            yield from ((None, it) for it in right)
        else:
            yield from zip_longest(left, right)


def quoted(text: str) -> str:
    r"""Show a text whoever wrote it: on one line, cut to a length, nothing that steers a terminal.

    >>> quoted("Reablement"), quoted("a\x1b[2Jb")
    ('"Reablement"', '"a\\x1b[2Jb"')
    """
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f'"{printable(cut)}"'


def contrast(found: str, expected: str) -> tuple[str, str]:
    """Show two texts that differ; of long ones the part around the first difference.

    >>> contrast("5", "6")
    ('"5"', '"6"')
    """
    if max(len(found), len(expected)) > _LONGEST:
        alike = zip(found, expected, strict=False)
        same = next((i for i, (a, b) in enumerate(alike) if a != b), min(len(found), len(expected)))
        start = max(0, same - _BEFORE)
        dots = "…" if start else ""
        found, expected = dots + found[start:], dots + expected[start:]
    return quoted(found), quoted(expected)
