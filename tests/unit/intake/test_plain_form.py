"""Cells as people write them: codes for names, dates, units and years, and what is told of it."""

import pytest

from bcf_model.core.tables import TABLES, FieldMeaning
from bcf_model.intake.plain_form import Names, Spellings, plain_amount, plain_settings
from bcf_model.intake.raw_table import RawPool, RawTable

NAMES = Names(
    {
        "themes": [("1", "Home First"), ("2", "Prevention, early help"), ("3", "home first")],
        "organisations": [("ICB", "NHS Anytown"), ("LA", "Anytown Council"), ("X", "LA")],
        "reserves": [("R", "Contingency")],
        "schemes": [("S1", "Beds"), ("S2", "Beds"), ("S3", "Falls")],
    }
)


def column(table: str, name: str) -> FieldMeaning:
    return TABLES[table].in_file[name]


def made(texts: list[str], meaning: FieldMeaning, separator: str = ",") -> tuple[list[str], str]:
    """Return the texts made plain, and the codes of all that is told or refused of them."""
    rows = tuple((text,) for text in texts)
    table = RawTable("x.csv", "", (meaning.name,), rows, (), (), None, separator)
    plain = Spellings(table, {meaning.name: meaning}, NAMES).plain(texts, meaning)
    return plain.texts, " ".join(
        [*(it[1] for it in plain.notes), *(c for c, *_ in plain.stops.values())]
    )


@pytest.mark.parametrize(
    ("table", "name", "typed", "read", "told"),
    [
        ("Schemes", "theme", "prevention,  Early help", "2", "BCF225"),
        ("Schemes", "theme", "2", "2", ""),
        ("Schemes", "theme", "HOME FIRST", "HOME FIRST", "BCF032"),
        ("Schemes", "theme", "Prevention", "Prevention", ""),
        ("Schemes", "organisation", "icb", "ICB", "BCF225"),
        ("Schemes", "organisation", "LA", "LA", "BCF032"),
        ("Schemes", "organisation", "la", "la", "BCF032"),
        ("Schemes", "organisation", "Not stated", "Not stated", ""),
        ("Schemes", "lead", "anytown council", "LA", "BCF225"),
        ("Rules", "bearer", "contingency", "R", "BCF225"),
        ("Rules", "bearer", "nhs anytown", "ICB", "BCF225"),
        ("Rules", "bearer", "Budget holder", "Budget holder", ""),
        ("Causes", "scheme_id", "falls", "S3", "BCF225"),
        ("Causes", "scheme_id", "Beds", "Beds", "BCF032"),
        ("Schemes", "scheme", "falls", "falls", ""),
        ("Rules", "in_force_from", "1 April 2018", "2018-04-01", "BCF033"),
        ("Rules", "in_force_from", "03/04/2018", "03/04/2018", ""),
        ("Rules", "in_force_from", "04/04/2018", "2018-04-04", "BCF033"),
        ("ControlTotals", "unit", "£'000", "thousands", "BCF033"),
        ("ControlTotals", "unit", "Thousands", "Thousands", ""),
    ],
)
def test_one_cell(table: str, name: str, typed: str, read: str, told: str) -> None:
    assert made([typed], column(table, name)) == ([read], told)


def test_cells_are_counted_once_for_a_column() -> None:
    table = RawTable("x.csv", "", ("theme",), (("2",),) * 3, (), ())
    texts = ["Prevention, early help", "2", "PREVENTION, early help"]
    meaning = column("Schemes", "theme")
    [(row, _, value)] = Spellings(table, {"theme": meaning}, NAMES).plain(texts, meaning).notes
    assert (row, value) == (0, "2 cells of theme, the first 'Prevention, early help' for 2")


@pytest.mark.parametrize(
    ("amounts", "doubtful"),
    [
        (["1,234"], 1),
        (["1.234"], 1),
        (["(1,234)", "£2.000"], 2),
        (["1,234", "5"], 1),
        (["1,234", "5.10"], 0),
        (["1,234", "1,234,567"], 0),
        (["1,234", "1234.567"], 0),
        (["1,234", "1,5"], 1),  # that one is refused as it is read
        (["1234", "12"], 0),
    ],
)
def test_commas_among_semicolons(amounts: list[str], doubtful: int) -> None:
    meaning = column("Schemes", "budget")
    assert made(amounts, meaning, ";")[1].split() == ["BCF016"] * doubtful
    assert made(amounts, meaning, ",")[1] == ""


@pytest.mark.parametrize(
    ("text", "unit", "plain"),
    [
        ("+398,250.10", "pounds", "398,250.10"),
        ("£+5", "pounds", "£5"),
        ("412000.0000", "pounds", "412000.00"),
        ("1,000.500", "pounds", "1,000.50"),
        ("(12.5000)", "pounds", "(12.50)"),
        ("1.000000", "thousands", "1.00000"),
        ("1.000", "pounds", "1.000"),
        ("+(5)", "pounds", "+(5)"),
        ("12.50", "pounds", "12.50"),
        ("anything", None, "anything"),
    ],
)
def test_amounts(text: str, unit: str | None, plain: str) -> None:
    assert plain_amount(text, unit) == plain


def test_settings_are_told_one_by_one() -> None:
    raw = RawPool("x", {"Unit": "£m", "note": "2024/25", "calibrate": {"base_year": "2024/25"}})
    plain_settings(raw)
    assert raw.settings == {
        "unit": "millions", "note": "2024/25", "calibrate": {"base_year": "2024-25"},
    }  # fmt: skip
    assert [(it.code, it.column) for it in raw.findings] == [
        ("BCF033", "unit"),
        ("BCF033", "calibrate.base_year"),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("£100,000", 100_000), ("100000", 100_000), ("5%", 5), ("2.5 %", 2.5), ("many", "many"),
        ("1.000", "1.000"), ("5%%", "5%%"), ("€5", "€5"),
    ],
)  # fmt: skip
def test_limits_of_commentary_as_people_write_them(text: str, number: object) -> None:
    raw = RawPool("x", {"commentary": {"over_pounds": text}})
    plain_settings(raw)
    assert raw.settings == {"commentary": {"over_pounds": number}}
    assert [it.code for it in raw.findings] == ["BCF033"] * (str(number) != text)


def test_a_setting_in_two_spellings_is_one_twice() -> None:
    raw = RawPool("x", {"unit": "pounds", "Unit": "thousands"})
    plain_settings(raw)
    assert [it.code for it in raw.findings] == ["BCF104"]
