"""A question as a finding, and a text as it may be pasted after a command."""

import pytest

from bcf_model.core.findings import Place
from bcf_model.extracts.answers import Question, quoted


@pytest.mark.parametrize(
    ("key", "choices", "expected"),
    [
        ("unit", ("pounds", "thousands", "millions"),
         "--answer unit=pounds, or thousands, millions"),
        ("sign", ("word", "amount"), "--answer sign=word, or amount"),
        ("table", ("NHS lines",), '--answer "table=NHS lines"'),
        ("", (), ""),
    ],
)  # fmt: skip
def test_a_question_says_how_it_is_answered(
    key: str, choices: tuple[str, ...], expected: str
) -> None:
    assert Question("BCF905", Place("x.csv"), key, "said", choices).finding.expected == expected


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("unit=pounds", "unit=pounds"),
        ("a b", '"a b"'),
        ("(x)", '"(x)"'),
        ('the "one"', '"the \\"one\\""'),
        ("$5", '"\\$5"'),
        ("", ""),
    ],
)
def test_a_text_is_quoted_where_a_shell_would_part_or_read_it(text: str, pasted: str) -> None:
    assert quoted(text) == pasted
