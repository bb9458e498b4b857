"""From a cell's text to its value, form by form."""

from decimal import Decimal

import pytest

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import NotMoney
from bcf_model.core.printed_numbers import parse_print
from bcf_model.core.tables import Achievement, FieldMeaning, Problem, Rules, Schemes, Table
from bcf_model.intake import cells
from bcf_model.intake.cells import LONGEST_TEXT, places, problem_of, read_edge, tidy
from bcf_model.plan.tables import Assumptions


def field(
    form: str, name: str = "scheme", default: str | None = None, words: tuple[str, ...] = ()
) -> FieldMeaning:
    return FieldMeaning(name, form, "What it means", dict.fromkeys(words, ""), default, "")


def read_cell(
    text: str, meaning: FieldMeaning, unit: str | None
) -> tuple[str | int | None, list[Problem]]:
    """Read a cell, and let pandera look at it: its value, and what is said of it."""
    read = cells.read_cell(text, meaning, unit)
    failures = Table("Tiny", "", (meaning,)).failures({meaning.name: [read.cell]})
    problems = [problem_of(it.fails, read.cell, text, meaning, unit) for it in failures]
    value = None if problems or isinstance(read.cell, Problem) else read.cell
    return value, [*problems, *read.noted]


def codes(text: str, meaning: FieldMeaning) -> list[str]:
    value, problems = read_cell(text, meaning, "pounds")
    found = [p.code for p in problems]
    assert (value is None) == bool(set(found) - {"BCF206", "BCF214"})
    return found


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\t\r\n"])
def test_blank(text: str) -> None:
    assert codes(text, field("text")) == ["BCF201"]
    assert read_cell(text, field("text", default=""), "pounds") == ("", [])
    assert read_cell(text, field("word", default="pooled"), "pounds") == ("pooled", [])


@pytest.mark.parametrize(
    "text", ["#REF!", "#N/A", "#n/a", "see #DIV/0!", "#SPILL!", "#CALC!", "Err:502"]
)
@pytest.mark.parametrize("form", ["text", "code", "money", "share", "scope"])
def test_spreadsheet_errors(text: str, form: str) -> None:
    assert codes(text, field(form)) == ["BCF213"]


@pytest.mark.parametrize(
    "text", ["Ward 5\x07", "a\x1bb", "a\u200bb", "\u202eabc", "a\u00adb", "a\ue000"]
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    assert codes(text, field("text")) == ["BCF209"]


@pytest.mark.parametrize(
    "text", ["café", "Ysgol Gynradd Tŷ", "日本", "naïve – “quoted”", "👍", "½"]
)
def test_other_alphabets_are_welcome(text: str) -> None:
    assert read_cell(text, field("text"), "pounds") == (text, [])


@pytest.mark.parametrize("text", ["NA", "n/a", "None", "NULL", "nan", "-", "?", "TBC"])
def test_words_for_nothing(text: str) -> None:
    assert codes(text, field("text")) == ["BCF212"]
    assert codes(text, field("code", "theme")) == ["BCF212"]
    assert read_cell(text, field("text", "note"), "pounds") == (text, [])


@pytest.mark.parametrize("text", ["Â£5m", "Â\u00a0a", "carersâ€™", "cafÃ©", "caf\ufffd"])
def test_garbled_text_is_a_warning(text: str) -> None:
    assert codes(text, field("text")) == ["BCF214"]


@pytest.mark.parametrize("text", ["SÃO", "Ângela", "5 €", "£5"])
def test_what_only_looks_garbled_is_not(text: str) -> None:
    assert codes(text, field("text")) == []


def test_long_text() -> None:
    assert codes("a" * LONGEST_TEXT, field("text")) == []
    assert codes("a" * (LONGEST_TEXT + 1), field("text")) == ["BCF217"]


def test_white_space_is_one_space() -> None:
    assert tidy("  two\r\nlines\u00a0and\ttabs ") == "two lines and tabs"


@pytest.mark.parametrize("text", ["A", "T1-SCC-01", "Ward 5 b", "R&D", "1.2", "a_b", "Tŷ"])
def test_codes(text: str) -> None:
    assert read_cell(text, field("code"), "pounds") == (text, [])


@pytest.mark.parametrize(
    "text",
    ["MAP(x)", "A/B", "A+B", "A*", "A?", "~A", "a=b", "a,b", "<b>", "'A", '"A"', "@A", "A" * 61],
)
def test_codes_with_a_meaning_to_spreadsheets_or_figures(text: str) -> None:
    assert codes(text, field("code")) == ["BCF210"]


def test_words() -> None:
    word = field("word", words=("revenue", "capital"))
    assert read_cell(" Capital ", word, "pounds") == ("capital", [])
    _, [problem] = read_cell("captial", word, "pounds")
    assert (problem.code, problem.expected) == (
        "BCF211",
        "'capital'? (one of revenue, capital)",
    )


@pytest.mark.parametrize("text", ["1.5", "-1", "+1", "one", "1,000", "1e3", "٣", "1" * 10])
def test_not_whole(text: str) -> None:
    assert codes(text, field("whole")) == ["BCF215"]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0", 0),
        ("100", WHOLE_RATE),
        ("33.333333", 33_333_333),
        ("50%", 50_000_000),
        ("66.5 %", 66_500_000),
    ],
)
def test_shares(text: str, share: int) -> None:
    assert read_cell(text, field("share"), "pounds") == (share, [])


@pytest.mark.parametrize(
    "text", ["100.000001", "-1", "(5)", "half", "33.3333333", "1/3", "99." + "9" * 40, "9" * 400]
)
def test_not_a_share(text: str) -> None:
    assert codes(text, field("share")) == ["BCF216"]


def test_figures_and_scopes_are_written_one_way() -> None:
    figure, scope = field("figure"), field("scope")
    assert read_cell("budget/kind=revenue/theme=1", figure, "pounds")[0] == (
        "budget/theme=1/kind=revenue"
    )
    assert read_cell("kind=revenue/category=A", scope, "pounds")[0] == "category=A/kind=revenue"
    assert read_cell("pool", scope, "pounds")[0] == "pool"


@pytest.mark.parametrize(
    "text",
    [
        *["spend", "budget/", "budget/theme", "budget/theme=", "budget/ward=1", "budget/=1"],
        *["budget/theme=1/theme=2", "budget/theme=1+", "stated", "stated/", "/budget"],
        *["budget/measure=1", "budget/self=1", "borne/organisation=1"],
    ],
)
def test_unreadable_figures(text: str) -> None:
    assert codes(text, field("figure")) == ["BCF601"]


@pytest.mark.parametrize(
    "text", ["category", "category=", "pooling=aligned", "bearer=ICB", "measure=1"]
)
def test_unreadable_scopes(text: str) -> None:
    assert codes(text, field("scope")) == ["BCF405"]


def test_money_keeps_its_no_break_spaces() -> None:
    assert read_cell(" 1\u00a0234 ", field("money"), "pounds") == (123400, [])
    assert codes("1 234", field("money")) == ["BCF202"]


def test_without_a_unit_no_amount_is_known_but_what_is_no_amount_is_said() -> None:
    money = field("money")
    assert read_cell("2,000,000", money, None) == (None, [])
    assert read_cell("9" * 20, money, None) == (None, [])
    assert [p.code for p in read_cell("lots", money, None)[1]] == ["BCF202"]
    assert [p.code for p in read_cell("-", money, None)[1]] == ["BCF206"]


def test_places() -> None:
    assert [places(Decimal(n)) for n in ("1", "1.0", "0.125")] == [0, 1, 3]


# ------------------------------------------------------------------ cells of an agreement


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        ("£1,000", "£1,000"),
        ("£1000.00", "£1,000"),
        ("£0.5", "£0.50"),
        ("5%", "5%"),
        ("5.0 %", "5%"),
        ("0.000001%", "0.000001%"),
        ("1,000%", "1000%"),
        ("£0", "£0"),
        ("0%", "£0"),
    ],
)
def test_an_edge_is_written_one_way(text: str, edge: str) -> None:
    assert read_cell(text, field("edge", "band_to", ""), "millions") == (edge, [])
    assert read_edge(text) == read_edge(edge)
    begins = "" if edge == "£0" else edge
    assert read_cell(text, field("edge", "band_from", ""), "millions") == (begins, [])


@pytest.mark.parametrize(
    "text",
    [
        "1,000",
        "5",
        "£5k",
        "£-5",
        "-5%",
        "(£5)",
        "1001%",
        "5.0000001%",
        "£5.001",
        "contribution",
        "%",
    ],
)
def test_not_an_edge(text: str) -> None:
    assert codes(text, field("edge", "band_to", "")) == ["BCF218"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", "an amount such as £250,000, or a percentage such as 5%"),
        ("£-5", "nil or above: it is a size, whichever way the variance falls"),
        ("-5%", "nil or above: it is a size, whichever way the variance falls"),
        ("1001%", "at most 1,000%"),
        ("5.0000001%", "at most 6 decimals"),
        ("£5.001", "whole pence"),
        ("£2,000,000,000,000", "at most £1 trillion"),
    ],
)
def test_an_edge_says_what_is_wrong_with_it(text: str, expected: str) -> None:
    _, [problem] = read_cell(text, field("edge", "band_to", ""), "pounds")
    assert (problem.code, problem.expected) == ("BCF218", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("categroy=A", "lines selected by 'category'? (one of theme, organisation, category, "),
        ("theme=1/colour=A", "lines selected by one of theme, organisation, category, kind, "),
        ("category A", "'pool', or key=code as in category=A or theme=4/kind=revenue"),
        ("theme=1/theme=2", "'pool', or key=code as in category=A or theme=4/kind=revenue, each"),
        ("pooling=aligned", "lines of the pool: what is aligned is never shared"),
    ],
)
def test_a_scope_says_what_is_wrong_with_it(text: str, expected: str) -> None:
    _, [problem] = read_cell(text, field("scope", "scope"), "pounds")
    assert problem.code == "BCF405" and problem.expected.startswith(expected)
    assert "budget" not in problem.expected


@pytest.mark.parametrize(
    ("text", "expected"), [("9" * 10, "at most 9 digits"), ("1.5", "digits alone, such as 12")]
)
def test_a_whole_number_says_what_is_wrong_with_it(text: str, expected: str) -> None:
    _, [problem] = read_cell(text, field("whole"), "pounds")
    assert (problem.code, problem.expected) == ("BCF215", expected)


def test_a_limit_may_be_what_is_contributed() -> None:
    assert read_cell("Contribution", field("edge", "limit", ""), "pounds") == ("contribution", [])
    assert codes("contributions", field("edge", "limit", "")) == ["BCF218"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("2000", "BCF218"), ("£-1", "BCF218"), ("£2.001", "BCF203"), ("£two", "BCF202")],
)
def test_pounds_have_their_sign(text: str, code: str) -> None:
    assert codes(text, field("pounds")) == [code]
    assert read_cell("£1,490.50", field("pounds"), "thousands") == (149_050, [])


@pytest.mark.parametrize("text", ["31/03/2019", "2019-02-30", "2019", "March"])
def test_not_a_date(text: str) -> None:
    assert codes(text, field("date")) == ["BCF219"]
    assert read_cell("2019-03-31", field("date"), "pounds") == ("2019-03-31", [])


@pytest.mark.parametrize("text", ["four", "4.2%", "0.0000001", "1" + "0" * 13, "1e3"])
def test_not_a_quantity(text: str) -> None:
    assert codes(text, field("quantity")) == ["BCF220"]
    assert read_cell("-4.2", field("quantity"), "pounds") == (-4_200_000, [])


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("cause=late", "cause=late"),
        ("pool/cause=late", "cause=late"),
        ("cause=none", "pool"),
        ("cause=b+a/kind=revenue/category=A", "category=A/kind=revenue/cause=a+b"),
        ("grant=DFG/lead=CCG/terms=fixed", "lead=CCG/terms=fixed/grant=DFG"),
    ],
)
def test_scopes_of_causes_leads_and_grants(text: str, scope: str) -> None:
    assert read_cell(text, field("scope", "scope"), "pounds") == (scope, [])


@pytest.mark.parametrize("text", ["cause=", "cause=a/cause=b", "cause=a*", "transfer=CCG"])
def test_unreadable_scopes_of_causes(text: str) -> None:
    assert codes(text, field("scope", "scope")) == ["BCF405"]


def test_what_is_measured_has_no_cause() -> None:
    for name in ("to", "measured_over"):
        assert codes("cause=late", field("scope", name)) == ["BCF405"]
        assert codes("cause=none", field("scope", name)) == []


def test_the_word_of_a_default_may_be_written_with_a_capital() -> None:
    assert read_cell("None", field("code", "grant", "none"), "pounds") == ("none", [])
    assert (
        read_cell("Not stated", field("code", "terms", "not stated"), "pounds")[0] == "not stated"
    )


@pytest.mark.parametrize("text", ["£12.5", "12 DR", "12 CR", "(12)", "12-", "£12.5%", "12.5% DR"])
def test_a_percentage_or_a_number_written_as_money_is_refused(text: str):
    share = next(m for m in Rules.fields if m.name == "share")
    planned = next(m for m in Achievement.fields if m.name == "planned")
    step = next(m for m in Rules.fields if m.name == "step")
    assert read_cell(text, share, "pounds")[1][0].code == "BCF216"
    assert read_cell(text, planned, "")[1][0].code == "BCF220"
    assert read_cell(text, step, "pounds")[1][0].code == "BCF215"
    band = next(m for m in Rules.fields if m.name == "band_from")
    assert read_cell(f"{text.removesuffix('%')}%", band, "pounds")[1][0].code == "BCF218"


def test_a_value_is_written_as_money_only_where_its_row_says_that_it_is():
    value = next(m for m in Assumptions.fields if m.name == "value")
    assert read_cell("(£1,200.50)", value, "pounds")[0] == -1_200_500_000
    assert read_cell("-1.5", value, "percent")[0] == -1_500_000
    for text in ("£3.5", "3.5 DR", "(3.5)"):
        assert read_cell(text, value, "percent")[1][0].code == "BCF220"


def test_a_percentage_may_carry_its_sign_and_no_other_number_may():
    value = next(m for m in Assumptions.fields if m.name == "value")
    for text in ("4%", "4 %", "4"):
        assert read_cell(text, value, "percent")[0] == 4_000_000
    for unit in ("number", "pounds", None):
        assert read_cell("4%", value, unit)[1][0].code == "BCF220"


def test_a_percentage_is_printed_in_brackets_but_not_in_pounds():
    assert parse_print("(6%)", "percent").number == -6
    for text in ("£6%", "6% DR", "£6"):
        with pytest.raises(NotMoney):
            parse_print(text, "percent")


@pytest.mark.parametrize(
    ("text", "code"),
    [("12.3.4", "BCF202"), ("1.2.3", "BCF202"), ("31/03/2019", "BCF205"), ("1.4.19", "BCF205")],
)
def test_what_is_no_date_is_not_called_one(text: str, code: str):
    budget = next(m for m in Schemes.fields if m.name == "budget")
    assert read_cell(text, budget, "pounds")[1][0].code == code


def test_a_blank_amount_alone_is_told_how_nil_is_written():
    for meaning in Schemes.fields:
        if meaning.default is None:
            [problem] = read_cell("", meaning, "pounds")[1]
            assert problem.code == "BCF201"
            assert ("or 0 if it is nil" in problem.expected) == (meaning.form == "money")
