"""Reading a paper that was typed out: sums, ratios, codes with signs in them, and what is wrong."""

from pathlib import Path

import pytest

from bcf_model.audit.transcription import check_transcription
from tests.audit_papers import audited, explanations, rate, read, row, total

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "sum_of", ["T1-CCG-01 + T1-CCG", "T1-CCG-01+T1-CCG", "T1-CCG + T1-CCG-01", "+T1-CCG+T1-CCG-01"]
)
def test_a_code_may_hold_signs(sum_of):
    paper, findings = read(row("T1-CCG-01", "10"), row("T1-CCG", "20"), total("t", "30", sum_of))
    assert findings == []
    assert paper is not None
    [fact] = paper.facts
    assert fact.terms == {("", "T1-CCG-01"): 1, ("", "T1-CCG"): 1, ("", "t"): -1}
    assert (fact.low, fact.high) == (0, 0)


def test_figures_and_codes_name_the_same():
    rows = (row("P1", "10", figure="a"), row("P2", "20", figure="b/x=1"))
    for sum_of in ("a + b/x=1", "P1 + P2", "P2 + a"):
        paper, findings = read(*rows, total("P3", "30", sum_of))
        assert findings == []
        assert paper is not None
        assert set(paper.facts[0].terms) == {("", "a"), ("", "b/x=1"), ("", "P3")}


@pytest.mark.parametrize("ratio", ["v / b", "v/b", "e - b / b", "e − b / b"])
def test_ratios(ratio):
    rows = (row("b", "200"), row("e", "230"), total("v", "30", "e - b"))
    assert explanations(audited(*rows, rate("p", "15%", ratio))) == []
    assert audited(*rows, rate("p", "25%", ratio)).something_is_wrong


def test_several_sums_of_one_figure():
    lines = (row("a", "10"), row("b", "20"), row("c", "10"), row("d", "20"))
    assert not audited(*lines, total("t", "30", "a + b; c + d")).something_is_wrong
    wrong = (row("a", "10"), row("b", "20"), row("c", "10"), row("d", "90"))
    audit = audited(*wrong, total("t", "30", "a + b; c + d"))
    assert explanations(audit) == [[{"c"}, {"d"}]]


def test_a_percentage_of_nothing_named_is_not_tested():
    audit = audited(row("a", "10"), row("p", "50%", source="table 2"))
    figures = audit.tables["audit_figures"].set_index("published_id")
    assert figures["together"]["p"] == "not tested"
    assert figures["why_not"]["p"] == "it is not said what it is a percentage of"
    assert set(figures["alone"]) == {"not computed"}


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([total("t", "3", "a + x")], "BCF601", "'x' is none"),
        ([total("t", "3", "a b")], "BCF601", "'a b' is none"),
        ([total("t", "3", "a + ")], "BCF601", "is none"),
        ([total("t", "3", "a + p"), rate("p", "3%", "a / a")], "BCF601", "p is a percentage"),
        ([rate("p", "3%", "a")], "BCF601", "what is divided by what"),
        ([rate("p", "3%", "a / x")], "BCF601", "'x' is none"),
        ([rate("p", "3%", "a / a", sum_of="a")], "BCF601", "no sum_of"),
        ([total("t", "3", "a", percent_of="a / a")], "BCF601", "no percent_of"),
        ([row("a", "10")], "BCF301", ""),
        ([row("b", "ten")], "BCF602", "a number in thousands"),
        ([row("b", "1.5") | {"decimals": "0"}], "BCF603", "0"),
        ([row("b", "1") | {"unit": "dozens"}], "BCF211", "one of"),
    ],
)
def test_what_is_wrong_with_a_transcription(rows, code, said):
    paper, findings = read(row("a", "10"), *rows)
    assert paper is None
    [finding] = findings
    assert finding.code == code
    assert said in finding.expected
    assert finding.row >= 3


def test_a_file_that_is_none(tmp_path):
    for name, text, code in (
        ("missing.csv", None, "BCF001"),
        ("empty.csv", "", "BCF003"),
        ("headings.csv", "published_id,source,label,column,printed,unit,decimals\n", "BCF012"),
        ("other.csv", "a,b\n1,2\n", "BCF008"),
    ):
        if text is not None:
            (tmp_path / name).write_text(text)
        paper, findings, _ = check_transcription(tmp_path / name)
        assert paper is None
        assert code in {finding.code for finding in findings}


def test_other_files_of_the_folder_are_no_matter(tmp_path):
    (tmp_path / "notes.csv").write_text("x\n1\n")
    (tmp_path / "pool.toml").write_text("not = [toml")
    paper, findings, files = check_transcription(_example_in(tmp_path))
    assert paper is not None
    assert findings == []
    assert [file.name for file in files] == ["example.csv"]


def _example_in(folder: Path) -> Path:
    example = ROOT / "inputs" / "transcriptions" / "invented-example.csv"
    (folder / "example.csv").write_bytes(example.read_bytes())
    return folder / "example.csv"
