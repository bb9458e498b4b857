"""An outturn drafted into the tables of a pool: small ones, each for one question or one rule."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from bcf_model.extracts.drafted import Drafted, draft, is_outturn
from bcf_model.extracts.take_in import plan_file
from bcf_model.publish.pool_tables import write_tables

HEADS = "Ref,Scheme,Budget,Outturn,Lead\n"
TITLE = "Revenue 2024-25\n\n"
ONE = f"{TITLE}{HEADS}1,Beds,1.00,2.50,ICB\n2,Hub,3.00,4.25,MBC\n"


def drafted(folder: Path, text: str, given: Mapping[str, str] | None = None) -> Drafted:
    (path := folder / "outturn.csv").write_text(text, encoding="utf-8")
    return draft(plan_file(path, given or {})[0], folder / "pool", {})


def schemes(found: Drafted) -> list[dict[str, str]]:
    heads, *rows = found.tables["schemes.csv"]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def asked(found: Drafted) -> dict[str, tuple[str, ...]]:
    return {it.key: it.choices for it in found.plan.questions}


def test_a_sound_outturn_is_drafted_whole(tmp_path: Path) -> None:
    found = drafted(tmp_path, ONE)
    assert found.plan.status == "sure"
    assert schemes(found) == [
        {"scheme_id": "1", "theme": "", "organisation": "ICB", "scheme": "Beds", "category": "",
         "kind": "revenue", "budget": "1.00", "expenditure": "2.50", "source": "outturn.csv, row 4",
         "note": ""},
        {"scheme_id": "2", "theme": "", "organisation": "MBC", "scheme": "Hub", "category": "",
         "kind": "revenue", "budget": "3.00", "expenditure": "4.25", "source": "outturn.csv, row 5",
         "note": ""},
    ]  # fmt: skip
    assert found.tables["organisations.csv"][1:] == [
        ["ICB", "", "", "outturn.csv"], ["MBC", "", "", "outturn.csv"],
    ]  # fmt: skip
    settings = found.texts["pool.toml"]
    for line in ('title = "Revenue 2024-25"', 'unit = "pounds"', "as_at = 2025-03-31",
                 'status = "Not stated"', 'board = ""'):  # fmt: skip
        assert f"{line}\n" in settings
    assert found.said == [
        "  Ref: 2 schemes · budget £4.00 · expenditure £6.75",
        "  Together: 2 schemes · budget £4.00 · expenditure £6.75",
    ]
    blank = {(it.file, it.column) for it in found.findings if it.code == "BCF915"}
    assert blank == {
        ("schemes.csv", "theme"), ("schemes.csv", "category"), ("organisations.csv", ""),
        ("pool.toml", ""), ("rules.csv", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "answer"),
    [
        (ONE.replace("MBC", "Joint"), "holder Ref, Joint", "MBC"),
        (ONE.replace(",MBC", ","), "holder Ref", "not stated"),
        (ONE.replace("MBC", "tbc"), "holder Ref, tbc", "Another"),
        (ONE.replace("Revenue ", ""), "kind Ref", "capital"),
        (ONE.replace("Revenue ", "Revenue and capital "), "kind Ref", "revenue"),
        (ONE.replace(" 2024-25", ""), "year", "2024-25"),
    ],
)
def test_what_no_sheet_says_is_asked_and_answered(
    text: str, key: str, answer: str, tmp_path: Path
) -> None:
    found = drafted(tmp_path, text)
    assert found.plan.status == "asks"
    assert [*asked(found)] == [key]
    assert found.tables == {}
    done = drafted(tmp_path, text, {key: answer})
    assert done.plan.status == "sure"
    last = schemes(done)[-1]
    told = {"kind": last["kind"], "holder": last["organisation"], "year": answer}
    assert told[key.split(maxsplit=1)[0]] == answer


def test_a_holder_that_is_no_code_and_an_unknown_kind_are_refused(tmp_path: Path) -> None:
    text = ONE.replace("MBC", "Joint").replace("Revenue ", "")
    found = drafted(tmp_path, text, {"holder Ref, Joint": "=1+1", "kind Ref": "both"})
    assert {*found.plan.answers.refused} == {"holder Ref, Joint", "kind Ref"}
    assert asked(found)["holder Ref, Joint"] == ("ICB", "not stated")


def test_a_theme_is_the_column_or_the_section_above_and_is_numbered(tmp_path: Path) -> None:
    heads = "Ref,Scheme,Theme,Budget,Outturn,Lead\n"
    text = (
        f"{TITLE}{heads}Staying well,,,,,\n1,Beds,,1.00,2.50,ICB\n"
        "2,Hub,Coming home,3.00,4.25,MBC\n3,Ward,,1.00,1.00,MBC\n"
    )
    found = drafted(tmp_path, text)
    assert [it["theme"] for it in schemes(found)] == ["1", "2", "1"]
    assert found.tables["themes.csv"][1:] == [
        ["1", "Staying well", "outturn.csv"], ["2", "Coming home", "outturn.csv"],
    ]  # fmt: skip


def test_a_control_total_is_of_what_a_holder_and_a_kind_select(tmp_path: Path) -> None:
    rows = {
        "A revenue": ("ICB", 1), "B revenue": ("MBC", 2), "A capital": ("ICB", 3),
        "B capital": ("MBC", 4),
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, (lead, number) in rows.items():
        tab = book.create_sheet(name)
        tab.append([f"{name} 2024-25, £"])
        tab.append(["Ref", "Scheme", "Budget £", "Outturn £", "Lead"])
        tab.append([f"{name[0]}{number}", f"One {name}", 1.25 * number, 2.5, lead])
        tab.append([f"{name[0]}{number}x", f"Two {name}", 3.75, 1.05 * number, lead])
        tab.append([None, "Total", 1.25 * number + 3.75, 2.5 + 1.05 * number])
    book.save(path := tmp_path / "x.xlsx")
    found = draft(plan_file(path, {})[0], tmp_path / "pool", {})
    assert found.plan.status == "sure", found.plan.findings
    totals = {row[0]: row[1:] for row in found.tables["control_totals.csv"][1:]}
    assert totals["budget/organisation=MBC/kind=capital"] == ["8.75", "x.xlsx, B capital, C5"]
    assert totals["expenditure/organisation=ICB/kind=revenue"] == ["3.55", "x.xlsx, A revenue, D5"]
    assert len(totals) == 8


def two_sheets(path: Path, years: tuple[str, str]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, year in zip(("A revenue", "B revenue"), years, strict=True):
        tab = book.create_sheet(name)
        tab.append([f"{name} {year}"])
        tab.append(["Ref", "Scheme", "Budget £", "Outturn £", "Lead"])
        tab.append([f"{name[0]}1", f"One {name}", None, 2.5, "ICB"])
        tab.append([f"{name[0]}2", f"Two {name}", 3.75, None, "ICB"])
        tab.append([f"{name[0]}3", f"Three {name}", 1.25, 1.05, "ICB"])
    book.save(path)
    return path


def test_what_is_not_stated_stays_blank_and_is_no_nil(tmp_path: Path) -> None:
    path = two_sheets(tmp_path / "x.xlsx", ("2024-25", "2024-25"))
    found = draft(plan_file(path, {})[0], tmp_path / "pool", {})
    rows = [(it["budget"], it["expenditure"], it["source"]) for it in schemes(found)[:3]]
    assert rows == [
        ("", "2.50", "x.xlsx, A revenue, D3"),
        ("3.75", "", "x.xlsx, A revenue, C4"),
        ("1.25", "1.05", "x.xlsx, A revenue, C5 and D5"),
    ]
    assert found.said[0] == "  A revenue: 3 schemes · budget £5.00 · expenditure £3.55"


def test_sheets_of_two_years_are_asked_of_whatever_year_the_pool_is(tmp_path: Path) -> None:
    path = two_sheets(tmp_path / "x.xlsx", ("2023-24", "2024-25"))
    (pool := tmp_path / "pool").mkdir()
    assert asked(draft(plan_file(path, {})[0], pool, {})) == {"year": ("2023-24", "2024-25")}
    settings = 'unit = "pounds"\nfinancial_year = "2024-25"\n'
    (pool / "pool.toml").write_text(settings, encoding="utf-8")
    assert [*asked(draft(plan_file(path, {})[0], pool, {}))] == ["year"]
    without = ONE.replace(" 2024-25", "")
    found = drafted(tmp_path, without)
    assert (asked(found), len(schemes(found))) == ({}, 2)


def test_amounts_are_written_in_the_unit_of_a_pool_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    settings = tmp_path / "pool" / "pool.toml"
    settings.write_text('unit = "thousands"\nfinancial_year = "2024-25"\n', encoding="utf-8")
    found = drafted(tmp_path, ONE)
    assert [it["budget"] for it in schemes(found)] == ["0.001", "0.003"]
    assert "pool.toml" not in found.texts
    settings.write_text('unit = "pounds"\nfinancial_year = "2023-24"\n', encoding="utf-8")
    assert [it.code for it in drafted(tmp_path, ONE).plan.findings] == ["BCF914"]
    assert drafted(tmp_path, ONE).tables == {}


def test_codes_and_names_a_pool_has_are_used(tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    (tmp_path / "pool" / "organisations.csv").write_text(
        "organisation,name,organisation_kind\nNHS1,ICB,nhs\n", encoding="utf-8"
    )
    found = drafted(tmp_path, ONE)
    assert [it["organisation"] for it in schemes(found)] == ["NHS1", "MBC"]
    assert found.tables["organisations.proposed.csv"][1:] == [["MBC", "", "", "outturn.csv"]]
    assert "organisations.csv" not in found.tables


def test_a_budget_finer_than_a_penny_is_an_error_and_nothing_is_drafted(tmp_path: Path) -> None:
    found = drafted(tmp_path, ONE.replace("3.00", "3.001"))
    assert [(it.code, it.row) for it in found.findings] == [("BCF907", 5)]
    assert "finer than a penny" in found.findings[0].value
    assert found.tables == {}


def test_what_was_drafted_is_not_proposed_again(tmp_path: Path) -> None:
    found = drafted(tmp_path, ONE)
    write_tables(found.tables, tmp_path / "pool", (), found.texts, found.before)
    again = drafted(tmp_path, ONE)
    assert (again.tables, again.texts) == ({}, {})


def test_a_ledger_is_no_outturn(tmp_path: Path) -> None:
    for heads, what in (
        (HEADS, True),
        ("Cost Centre,Scheme,Budget,Outturn,Lead\n", False),
        ("Ref,Scheme,Other,Outturn,Lead\n", False),
    ):
        (path := tmp_path / "x.csv").write_text(f"{heads}1,Beds,1.00,2.50,ICB\n")
        assert [is_outturn(it) for it in plan_file(path, {})[0].tables] == [what]
