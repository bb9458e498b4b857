"""Reading a paper that was typed out: sums, ratios, codes with signs in them, and what is wrong."""

from pathlib import Path

import pytest

from bcf_model.audit.transcription import check_transcription
from tests.make.audit_papers import audited, explanations, rate, read, row, total
from tests.make.places import INPUTS


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
        ([rate("p", "3%", "/ a")], "BCF601", "at least one figure to add up"),
        ([rate("p", "3%", "a /")], "BCF601", "at least one figure to add up"),
        (
            [rate("p", "3%", "a / a", sum_of="a")],
            "BCF601",
            "percentages and rates are not added up",
        ),
        ([total("t", "3", "a", percent_of="a / a")], "BCF601", "this is an amount"),
        ([total("t", "3", "a + t")], "BCF604", "without t, which is the figure itself"),
        ([total("t", "3", "a; a - t")], "BCF604", "without t, which is the figure itself"),
        ([total("t", "3", "t")], "BCF604", "without t, which is the figure itself"),
        # another print of the same thing is the figure itself, by either name
        ([row("t", "3", figure="f"), total("u", "3", "a + t", figure="f")], "BCF604", "without t"),
        ([row("t", "3", figure="f"), total("u", "3", "a + f", figure="f")], "BCF604", "without f"),
        ([row("a", "10")], "BCF301", ""),
        ([row("b", "ten")], "BCF602", "a number in thousands"),
        ([row("b", "13.7 million")], "BCF602", "a number in thousands; in millions it is one"),
        ([row("b", "1.5") | {"decimals": "0"}], "BCF603", "0"),
        ([row("b", "1") | {"unit": "dozens"}], "BCF211", "one of"),
        ([row("b", "1", rounded_to="lots")], "BCF602", "a number in thousands above nil"),
        ([row("b", "1", rounded_to="0")], "BCF602", "a number in thousands above nil"),
        ([row("b", "1", rounded="upwards")], "BCF211", "one of"),
        ([row("n", "9", unit="count"), total("t", "3", "a + n")], "BCF601", "of one kind"),
        ([row("n", "9", unit="count"), rate("p", "9%", "a / n")], "BCF601", "not money by count"),
        (
            [row("n", "9", unit="count"), rate("p", "9", "n / a", unit="pounds each")],
            "BCF601",
            "not count by money",
        ),
        (
            [row("n", "9", unit="count"), rate("p", "9", "a / n", unit="per 100,000")],
            "BCF601",
            "not money by count",
        ),
    ],
)
def test_what_is_wrong_with_a_transcription(rows, code, said):
    paper, findings = read(row("a", "10"), *rows)
    assert paper is None
    [finding] = findings
    assert finding.code == code
    assert said in finding.expected
    assert finding.row >= 3


def test_what_is_said_of_a_sum_that_cannot_be_read():
    """The sign that is missing, the code that is none, up to where a reader sees what is meant."""
    for sum_of, said in (
        ("a / b", "figures or codes of this file; 'a / b' is none"),
        ("a + b + x + y", "figures or codes of this file; 'x' is none"),
        ("+", "figures or codes of this file; '' is none"),
        (";", None),
    ):
        paper, findings = read(row("a", "1"), row("b", "2"), total("t", "3", sum_of))
        assert [finding.expected for finding in findings] == ([said] if said else [])
        assert (paper is None) is bool(said)
        assert all(finding.value == sum_of for finding in findings)


def test_what_follows_a_name_is_a_sign_or_the_end():
    """Beside the code a-b, "a-b c" names a, and then what is no sign."""
    rows = (row("a", "1"), row("a-b", "2"), row("b", "1"))
    paper, findings = read(*rows, total("t", "3", "a-b c"))
    assert paper is None
    assert "'b c' is none" in findings[0].expected


@pytest.mark.parametrize(
    ("sum_of", "terms"),
    [
        ("a + a", {"a": 2}),
        ("a - a", {}),
        ("a - b", {"a": 1, "b": -1}),
        ("- a + b", {"a": -1, "b": 1}),
        ("−a−b", {"a": -1, "b": -1}),
    ],
)
def test_a_sum_adds_up_and_takes_away(sum_of, terms):
    paper, findings = read(row("a", "1"), row("b", "2"), total("t", "3", sum_of))
    assert findings == []
    assert paper is not None
    [fact] = paper.facts
    assert fact.terms == {("", name): factor for name, factor in terms.items()} | {("", "t"): -1}
    assert (fact.low, fact.high, fact.figure) == (0, 0, None)


def test_what_a_figure_says():
    paper, _ = read(
        row("a", "10", figure="x"), row("b", "2.5"), total("t", "(13)", "x + b; a - b"),
        rate("p", "25%", "b / x"), rate("q", "25%", "x - b / b"),
    )  # fmt: skip
    assert paper is not None
    amount, finer, both, simple, less = paper.statements
    assert (amount.place, amount.quantity, amount.terms) == (0, "x", {("", "x"): 1})
    assert (amount.low, amount.high) == (950_000, 1_050_000)
    assert (finer.low, finer.high) == (245_000, 255_000)
    assert (amount.base, amount.sums) == (None, ())
    assert both.sums == (((1, "x"), (1, "b")), ((1, "x"), (-1, "b")))
    assert [set(fact.terms) for fact in paper.facts] == [{("", "x"), ("", "b"), ("", "t")}] * 2
    assert (simple.terms, simple.base) == ({("", "b"): 1}, {("", "x"): 1})
    assert less.terms == {("", "x"): 1, ("", "b"): -1}
    assert paper.untested == {}
    assert paper.printed["figure"].tolist() == ["x", "b", "t", "p", "q"]
    assert "sum_of" not in paper.printed


def test_what_comes_after_a_percentage_of_nothing_is_read_all_the_same():
    paper, _ = read(rate("p", "5%", ""), row("a", "1"), total("t", "1", "a"))
    assert paper is not None
    assert [one.place for one in paper.statements] == [1, 2]
    assert list(paper.untested) == [0]


def test_a_code_may_be_that_of_a_percentage_and_a_figure_that_of_an_amount():
    """Where one name stands for both, a sum means the amount."""
    rows = (rate("p", "5%", "a / a", figure="x"), row("a", "1", figure="x"))
    paper, findings = read(*rows, total("t", "1", "x"))
    assert findings == []
    assert paper is not None
    assert paper.facts[0].terms == {("", "x"): 1, ("", "t"): -1}


def test_a_code_that_stands_for_two_things_is_refused():
    """Row B prints 7 of another figure, figure B is 1: a sum read as either could accuse."""
    paper, findings = read(
        row("A", "1", figure="B"), row("B", "7", figure="C"), total("D", "7", "B"),
        row("E", "1", figure="B"),
    )  # fmt: skip
    assert paper is None
    assert [(f.code, f.row, f.column, f.value) for f in findings] == [
        ("BCF605", 3, "published_id", "'B', the figure of row 2, while this row's own is 'C'"),
    ]
    assert findings[0].expected == "a code that is no figure of another row"


@pytest.mark.parametrize("figure", ["", "B"])
def test_a_code_that_is_a_figure_and_the_row_of_that_figure_is_one_thing(figure):
    paper, findings = read(
        row("A", "7", figure="B"), row("B", "7", figure=figure), total("D", "7", "B")
    )
    assert findings == []
    assert paper is not None
    assert paper.printed["figure"].tolist() == ["B", "B", "D"]


def test_the_column_that_should_be_blank_is_pointed_at():
    for wrong, column, said in (
        (rate("p", "5%", "", sum_of="q + r"), "sum_of",
         "a blank cell: percentages and rates are not added up; "
         "in percent_of goes what is divided by what, as P4 / P2"),
        (row("t", "5", percent_of="a / a"), "percent_of",
         "a blank cell: this is an amount; in sum_of goes what it adds up, as P2 + P3 - P4"),
    ):  # fmt: skip
        paper, [finding] = read(row("a", "1"), wrong)
        assert paper is None
        assert (finding.code, finding.row, finding.column) == ("BCF601", 3, column)
        assert (finding.value, finding.expected) == (wrong[column], said)


def test_figures_that_are_each_others_sum_are_equations():
    """Nothing is worked out one after the other: a = b says as much as b = a."""
    circle = total("a", "5", "b"), total("b", "5", "a")
    assert not audited(*circle).something_is_wrong
    assert explanations(audited(circle[0], total("b", "9", "a"))) == [[{"a"}, {"b"}]]
    budget, variance = row("budget", "10"), total("variance", "2", "outturn - budget")
    for printed in ("12", "15"):
        once = audited(budget, variance, row("outturn", printed))
        twice = audited(budget, variance, total("outturn", printed, "budget + variance"))
        assert explanations(once) == explanations(twice)
        assert once.something_is_wrong == (printed == "15")


def test_a_percentage_of_a_printed_nil_is_open_to_misreading_and_no_more():
    audit = audited(row("a", "0"), row("b", "5"), rate("p", "5%", "b / a"))
    assert not audit.something_is_wrong
    assert audit.tables["audit"]["severity"].tolist() == ["low"]
    figures = audit.tables["audit_figures"].set_index("published_id")
    assert figures["why_not"]["p"] == "a percentage of nil"


def test_a_ratio_of_codes_with_a_stroke_in_them():
    rows = (row("P1", "50", figure="v/t=1"), row("P2", "100", figure="b/t=1"))
    paper, findings = read(*rows, rate("p", "50%", "v/t=1 / b/t=1"))
    assert findings == []
    assert paper is not None
    assert paper.by_place[2].base == {("", "b/t=1"): 1}


def test_every_mistake_is_found_in_one_pass():
    paper, findings = read(
        row("a", "1"), total("t", "3", "x"), total("u", "3", "u + a"), rate("p", "3%", "y / a")
    )
    assert paper is None
    assert [(f.code, f.row, f.column) for f in findings] == [
        ("BCF601", 3, "sum_of"), ("BCF604", 4, "sum_of"), ("BCF601", 5, "percent_of"),
    ]  # fmt: skip


def test_a_code_that_stands_twice_is_named_with_its_first_row():
    _, findings = read(row("a", "1"), row("b", "1"), row("b", "2"), row("b", "3"))
    assert [(f.code, f.row, f.column, f.value) for f in findings] == [
        ("BCF301", 4, "published_id", "'b', the same code in row 3"),
        ("BCF301", 5, "published_id", "'b', the same code in row 3"),
    ]


def test_the_file_is_named_with_its_rows_and_hash(tmp_path):
    paper, _, [file] = check_transcription(_example_in(tmp_path))
    assert paper is not None
    assert (file.name, file.rows, len(file.sha256)) == ("example.csv", 20, 64)
    missing = check_transcription(tmp_path / "nowhere.csv")
    assert missing[2] == []
    assert missing[1][0].expected == "a pool, or a CSV file of printed figures"


def test_a_file_that_is_none(tmp_path):
    for name, text, codes in (
        ("missing.csv", None, {"BCF001"}),
        ("empty.csv", "", {"BCF003"}),
        ("headings.csv", "published_id,source,label,column,printed,unit,decimals\n", {"BCF012"}),
        ("other.csv", "a,b\n1,2\n", {"BCF008", "BCF009"}),
    ):
        if text is not None:
            (tmp_path / name).write_text(text)
        paper, findings, _ = check_transcription(tmp_path / name)
        assert paper is None
        assert {finding.code for finding in findings} == codes


def test_a_warning_does_not_stand_in_the_way(tmp_path):
    """As Excel saves it: not UTF-8, which is said, and read all the same."""
    text = "published_id,source,label,column,printed,unit,decimals\nP1,t,Café,c,5,thousands,0\n"
    (tmp_path / "paper.csv").write_bytes(text.encode("cp1252"))
    paper, findings, _ = check_transcription(tmp_path / "paper.csv")
    assert [finding.code for finding in findings] == ["BCF006"]
    assert paper is not None
    assert paper.printed["label"].tolist() == ["Café"]


def test_other_files_of_the_folder_are_no_matter(tmp_path):
    (tmp_path / "notes.csv").write_text("x\n1\n")
    (tmp_path / "pool.toml").write_text("not = [toml")
    paper, findings, files = check_transcription(_example_in(tmp_path))
    assert paper is not None
    assert findings == []
    assert [file.name for file in files] == ["example.csv"]


def _example_in(folder: Path) -> Path:
    example = INPUTS / "transcriptions" / "invented-example.csv"
    (folder / "example.csv").write_bytes(example.read_bytes())
    return folder / "example.csv"


# ------------------------------------------------------------------ what papers print


def test_counts_rates_averages_and_prices():
    rows = (
        row("admissions", "684", unit="count"),
        row("population", "93,443", unit="count"),
        row("days", "5,980", unit="days"),
        row("spent", "£844,411.68", unit="pounds"),
    )
    right = (
        rate("rate", "732", "admissions / population", unit="per 100,000"),
        rate("stay", "8.74", "days / admissions", unit="each"),
        rate("price", "£1,234.52", "spent / admissions", unit="pounds each"),
    )
    assert explanations(audited(*rows, *right)) == []
    for number, (wrong, unit) in enumerate(
        [("768", "per 100,000"), ("8.79", "each"), ("£1,243.52", "pounds each")]
    ):
        one = right[number] | {"printed": wrong, "unit": unit}
        assert explanations(audited(*rows, one)), wrong


def test_a_dash_is_nil_in_a_sum():
    assert not audited(row("a", "10"), row("b", "-"), total("t", "10", "a + b")).something_is_wrong
    assert audited(row("a", "10"), row("b", "–"), total("t", "12", "a + b")).something_is_wrong


@pytest.mark.parametrize("printed", ["around £600,000", "c. £600,000", "just under £600,000"])
def test_a_rough_number_is_never_accused(printed: str):
    rows = (row("a", "£543,210", unit="pounds"), row("b", "£1", unit="pounds"))
    rough = total("t", printed, "a + b", unit="pounds", column="text", decimals="0")
    audit = audited(*rows, rough)
    assert not audit.something_is_wrong
    figures = audit.tables["audit_figures"].set_index("published_id")
    assert "does not say how it was rounded" in figures["why_not"]["t"]
    said_how = rough | {"rounded_to": "100,000"}
    assert audited(*rows, said_how).something_is_wrong
    assert not audited(row("a", "£553,210", unit="pounds"), rows[1], said_how).something_is_wrong


def test_a_paper_that_cuts_off_is_held_to_that():
    rows = [row(code, "1.9", unit="millions") for code in "ab"]
    cut = total("t", "3", "a + b", unit="millions", decimals="0")
    assert audited(*rows, cut).something_is_wrong
    assert not audited(*rows, cut | {"rounded": "down"}).something_is_wrong
    assert audited(*rows, cut | {"printed": "4", "rounded": "down"}).something_is_wrong


def sentence(*rows: dict[str, str]) -> str:
    """Return what is said of the figures that cannot be right."""
    told = audited(*rows).tables["audit"]
    return " ".join(told.loc[told["kind"] == "joint consistency", "sentence"])


@pytest.mark.parametrize(
    ("printed", "unit", "said"),
    [
        ("£13,245M", "millions", "1,000 times that: a unit slip. 13,245 in £000 would be right."),
        ("£13,245,071", "millions", "1,000,000 times that: a unit slip. 13,245,071 in £ would be"),
        ("13.245", "thousands", "a thousandth of that: a unit slip. 13.245 in £m would be right."),
    ],
)
def test_a_unit_slip_is_called_one(printed: str, unit: str, said: str):
    lines = [row("a", "£8,245,071", unit="pounds"), row("b", "£5,000,000", unit="pounds")]
    again = total("c", "£13,245,071", "a + b", unit="pounds", figure="both")
    slip = row("d", printed, unit=unit, figure="both")
    told = sentence(*lines, again, slip)
    assert said in told
    assert "should be printed" not in told


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("23,361", "Two digits are exchanged: 23,316 would be right, a transposition."),
        ("32,316", "Two digits are exchanged: 23,316 would be right, a transposition."),
        ("23,613", "Two digits are exchanged: 23,316 would be right, a transposition."),
        ("23,416", ""),
    ],
)
def test_two_digits_exchanged_are_called_a_transposition(printed: str, said: str):
    rows = [row("a", "13,245"), row("b", "10,071"), total("t", "23,316", "a + b", figure="both")]
    told = sentence(*rows, row("u", printed, figure="both"))
    assert (said in told) if said else ("exchanged" not in told)


def test_a_percentage_printed_as_a_fraction():
    rows = [row("a", "1,000"), row("b", "123")]
    told = sentence(*rows, rate("p", "12.3%", "b / a"), rate("q", "0.123%", "b / a", figure="p"))
    assert "a hundredth of that: a unit slip" in told


def test_sums_of_sums_that_count_a_figure_beyond_measure_are_refused():
    """Each adds up the two before it: the 44th would count the first 433,494,437 times."""

    def chain(length: int):
        rows = [row("f1", "1"), row("f2", "1")]
        return read(*rows, *(total(f"f{i}", "5", f"f{i - 1} + f{i - 2}") for i in range(3, length)))

    assert chain(44)[1] == []
    paper, [finding] = chain(1_500)
    assert paper is None
    assert (finding.code, finding.row, finding.column) == ("BCF601", 46, "sum_of")
