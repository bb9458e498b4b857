import fnmatch
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.extracts.patterns import CannotRead, Distinct, Machine, folded, read_pattern


def fitting(cell: str, *texts: str) -> list[str]:
    """Give the texts that a cell fits; of a blank cell, all."""
    among = Distinct([folded(text) for text in texts])
    patterns = read_pattern(cell)
    if not patterns:
        return [*texts]
    found = set()
    for pattern in patterns:
        at = pattern.candidates(among)
        if isinstance(pattern, Machine):
            at = [i for i in at if pattern.automaton.finds(among.texts[i])]
        found.update(at)
    return [text for i, text in enumerate(texts) if i in found]


CODES = ("A4040", "a4041", "A4250", "B4040", "A404", "A4O40", "", "A40400")


@pytest.mark.parametrize(
    ("cell", "fits"),
    [
        ("", CODES),
        ("A4040", ["A4040"]),
        ("a4040 + B4040", ["A4040", "B4040"]),
        ("A4040..A4100", ["A4040", "a4041"]),
        ("A42??", ["A4250"]),
        ("A404*", ["A4040", "a4041", "A404", "A40400"]),
        ("*40", ["A4040", "B4040", "A4O40"]),
        ("[ab]4040", ["A4040", "B4040"]),
        ("[!a]*", ["B4040"]),
        ("A4[0-1]4?", ["A4040", "a4041"]),
        ("*", CODES),
        ("?*", ["A4040", "a4041", "A4250", "B4040", "A404", "A4O40", "A40400"]),
        ("~^a4", ["A4040", "a4041", "A4250", "A404", "A4O40", "A40400"]),
        ("~404[01]$|250", ["A4040", "a4041", "A4250", "B4040"]),
        (r"~^[a-b]\d\d\d$", ["A404"]),
        ("~(o|5)0", ["A4250"]),
        ("~o.*0", ["A4O40"]),
        ("~^^a404$$", ["A404"]),
        ("~(a404|b)$x*$", ["A404"]),
        ("~$^", [""]),
    ],
)
def test_a_cell_fits_what_it_says_in_any_case(cell, fits):
    assert fitting(cell, *CODES) == [*fits]


@pytest.mark.parametrize(
    ("cell", "fits"),
    [
        ("A9..A10", ["A9", "A10"]),
        ("9..10", []),
        ("AA1..AB2", ["AB2"]),
        ("A09..A10", ["A10", "A09"]),
        ("X-1-20..X-1-30", ["x-1-25"]),
    ],
)
def test_a_range_is_compared_part_by_part(cell, fits):
    assert fitting(cell, "A9", "A10", "A11", "A09", "AB2", "AB3", "x-1-25", "x-2-25") == fits


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("A4000..A40000", "BCF926"),
        ("A1..9", "BCF926"),
        ("A1..B", "BCF926"),
        ("A1..AB1", "BCF926"),
        ("A9..A1", "BCF926"),
        ("A1..A2..A3", "BCF926"),
        ("..", "BCF926"),
        ("A1+", "BCF927"),
        ("A[1", "BCF927"),
        ("[b-a]*", "BCF927"),
        ("~(a+)+", "BCF927"),
        ("~(a|b*)?c", "BCF927"),
        ("~a**", "BCF927"),
        ("~(a", "BCF927"),
        ("~a)", "BCF927"),
        ("~a{3}", "BCF927"),
        (r"~(a)\1", "BCF927"),
        ("~(?=a)", "BCF927"),
        ("~", "BCF927"),
        ("~a*", "BCF927"),
        ("~" + "a" * 201, "BCF927"),
        ("?" * 201, "BCF927"),
        ("~[", "BCF927"),
        ("~a\\", "BCF927"),
    ],
)
def test_what_is_no_pattern_is_refused(cell, code):
    with pytest.raises(CannotRead) as refused:
        read_pattern(cell)
    assert refused.value.code == code
    assert refused.value.expected


@pytest.mark.parametrize(
    "cell", ["~" + "a?" * 60 + "a" * 60, "~" + "(a|a)" * 39 + "b", "*a" * 60 + "b", "~.*a.*a.*a.*b"]
)
def test_no_pattern_takes_longer_than_its_length_times_the_texts(cell):
    begun = time.perf_counter()
    fitting(cell, *("a" * n for n in range(1, 200)))
    assert time.perf_counter() - begun < 5


def test_letters_of_any_alphabet_are_compared_as_people_write_them():
    assert fitting("straße*", "STRASSE 9", "Strasse") == ["STRASSE 9", "Strasse"]
    assert fitting("caf\u00e9", "Cafe\u0301") == ["Cafe\u0301"]
    assert fitting("~\u0441\u043e\u043d", "\u0421\u041e\u041d") == ["\u0421\u041e\u041d"]
    assert fitting("1..9", "\u0664") == []


def test_huge_numbers_are_compared_and_never_counted():
    top = "9" * 5000
    assert fitting(f"{'1' * 5000}..{top}", "5" * 5000, "5" * 4999) == ["5" * 5000]


@given(st.text("ab*?", max_size=8), st.lists(st.text("ab", max_size=8), unique=True))
def test_wildcards_fit_what_a_file_name_would(cell, texts):
    expected = [it for it in texts if not cell or fnmatch.fnmatchcase(it, cell)]
    assert fitting(cell, *texts) == expected


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "^", "$", r"\w", "(a|b)", "(ab|b)"])
SIGNED = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?"])).filter(
    lambda it: it[0] not in "^$" or not it[1]
)


@given(
    st.lists(st.lists(SIGNED, min_size=1, max_size=4), min_size=1, max_size=2),
    st.lists(st.text("abc", max_size=6), unique=True),
)
def test_expressions_fit_what_pythons_would(sides, texts):
    expression = "|".join("".join(a + b for a, b in side) for side in sides)
    if re.search(expression, "") and re.search(expression.replace("^", "").replace("$", ""), ""):
        return  # every text fits it, which is refused
    try:
        found = fitting(f"~{expression}", *texts)
    except CannotRead:
        return
    assert found == [it for it in texts if re.search(expression, it)]
