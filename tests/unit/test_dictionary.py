"""Every table that is written has the columns the data dictionary says, in the units it says."""

import csv
import io
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.audit.papers import examined
from bcf_model.core import words
from bcf_model.core.package_files import rows_of
from bcf_model.core.tables import (
    AUDIT_TABLES,
    INDICATOR_TABLES,
    INPUT_TABLES,
    OUTPUT_TABLES,
    WRITTEN_IN,
    ComparisonOut,
    PaymentsOut,
    Table,
    tables_of,
)
from bcf_model.core.tables import TABLES as OF_CORE
from bcf_model.extracts.rules import TABLES as OF_LEDGERS
from bcf_model.plan.output_tables import COMPARISON_TABLES, DRAWN_TABLES, PROJECTION_TABLES
from bcf_model.plan.tables import PLAN_TABLES, SCENARIO_TABLES
from bcf_model.plan.tables import TABLES as OF_PLANS
from bcf_model.plan.uncertainty import simulate
from bcf_model.pool import load
from bcf_model.publish.audit.write import document as of_audit
from bcf_model.publish.comparison.write import document as of_agreements
from bcf_model.publish.contents import contents, table_csv
from bcf_model.publish.scenario import (
    block_pages,
    efficiency_pages,
    movement_pages,
)
from bcf_model.publish.scenario.write import comparison_document, document, to_show
from bcf_model.publish.write import document as of_year
from bcf_model.year.pipeline import compare, run
from tests.longer import slow
from tests.make.places import AGREEMENTS, BROKEN, INPUTS, PLAN, ROOT, SHEFFIELD
from tests.make.scenario_reports import projected
from tests.make.shipped import results_of

DOCS = ROOT / "docs"
TABLES: Mapping[str, Table] = {
    **{f"{name}.csv": model for name, model in (OUTPUT_TABLES | INDICATOR_TABLES).items()},
    "tables/comparison.csv of agreements": ComparisonOut,
    **{f"{name}.csv of an audit": model for name, model in AUDIT_TABLES.items()},
    **{f"{name}.csv of a scenario": model for name, model in PROJECTION_TABLES.items()},
    **{f"{name}.csv of a scenario": model for name, model in movement_pages.TABLES.items()},
    **{f"{name}.csv of a scenario": model for name, model in efficiency_pages.TABLES.items()},
    **{f"{name}.csv of a scenario": model for name, model in block_pages.TABLES.items()},
    **{f"{name}.csv of a scenario that is drawn": model for name, model in DRAWN_TABLES.items()},
    **{
        f"{name}.csv of several scenarios, beside their folders": model
        for name, model in COMPARISON_TABLES.items()
    },
}
"""Every table that is written, by its heading in the data dictionary."""
LOOKS = {
    "pounds": r"-?\d+\.\d\d",
    "percent": r"-?\d{1,4}(\.\d{1,6})?",
    "number": r"-?\d{1,9}(\.\d{1,6})?",
    "whole number": r"-?\d+",
    "weight": r"\d+",
}
"""What a cell of each unit looks like; a percentage in millionths has more digits."""


@cache
def dictionary() -> dict[str, dict[str, str]]:
    """Read the unit of each column of each table off the page."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for line in (DOCS / "data-dictionary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("| `") and heading in TABLES | {"findings.csv": None}:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            found.setdefault(heading, {})[cells[0].strip("`")] = cells[1]
    return found


@cache
def written() -> list[tuple[str, str]]:
    """Write every kind of report: the heading of each table in the dictionary, and its text."""
    found: list[tuple[str, bytes]] = []

    def add(files: Mapping[str, bytes], after: str) -> None:
        for name, data in files.items():
            if name.endswith(".csv"):
                file = name if after == " of agreements" else name.rpartition("/")[2]
                found.append((f"{file}{after}", data))

    for pool in (*AGREEMENTS[18:20], BROKEN / "indicators", PLAN):
        results = run(load(pool)) if pool is PLAN else results_of(pool)
        add(contents(of_year(results)), "")
    tried = [results_of(AGREEMENTS[18])]
    add(contents(of_agreements(compare(tried), tried)), " of agreements")
    audit, about, _ = examined(INPUTS / "transcriptions" / "invented-example.csv")
    assert audit is not None
    assert about is not None
    add(contents(of_audit(audit, about)), " of an audit")
    audit, about, _ = examined(SHEFFIELD)
    assert audit is not None
    assert about is not None
    across = "tables/audit_across.csv"
    add({across: contents(of_audit(audit, about))[across]}, " of an audit")
    shown = [
        to_show(one, simulate(one, 50, 1))
        for one in (projected(PLAN, name) for name in ("start", "child"))
    ]
    for one in shown:
        for name, data in contents(document(one)).items():
            drawn = name.endswith(".csv") and Path(name).stem in DRAWN_TABLES
            add({name: data}, " of a scenario that is drawn" if drawn else " of a scenario")
    for name, data in contents(document(to_show(projected(PLAN, "city")))).items():
        add({name: data}, " of a scenario")
    add(contents(comparison_document(shown)), " of several scenarios, beside their folders")
    return [(name, data.decode()) for name, data in found]


@pytest.mark.parametrize("heading", TABLES)
def test_the_dictionary_states_the_unit_of_every_number(heading: str) -> None:
    model = TABLES[heading]
    said = dictionary()[heading]
    assert list(said) == [meaning.name for meaning in model.fields]
    for meaning in model.fields:
        is_text = model.types[meaning.name] == "str"
        assert said[meaning.name] == WRITTEN_IN[meaning.form], meaning.name
        as_printed = (
            is_text and meaning.name == "printed_percent"
        )  # a number, with the decimals of its print
        assert (is_text and not as_printed) == (said[meaning.name] == ""), meaning.name


@slow
def test_every_table_that_is_written_is_in_the_dictionary_and_the_other_way_round() -> None:
    there = {name for name, _ in written()}
    assert there <= set(dictionary())
    assert there == {*TABLES, "findings.csv"}


@slow
def test_every_cell_is_in_the_unit_of_its_column() -> None:
    for name, text in written():
        said = dictionary()[name]
        rows = list(csv.DictReader(io.StringIO(text)))
        assert not rows or list(rows[0]) == list(said), name
        for row in rows:
            for column, cell in row.items():
                if said[column] and cell:
                    assert re.fullmatch(LOOKS[said[column]], cell), (name, column, cell)


def test_percentages_and_numbers_are_written_as_they_are_said() -> None:
    """Eighty percent is 80, a third 33.333333; £12.34 is 12.34, and £2,000 is no exponent."""
    frame = pd.DataFrame({
        "scheme_id": ["L1"], "provider": ["Acute"], "counted_in": ["stays"], "planned": [1_000],
        "actual": [1_100], "price": [200_000], "difference": [20_000_000],
        "reopens_at": [2_500_000], "point": [1_234], "within": [0], "share": [80_000_000],
        "share_beyond": [33_333_333], "paid": [0], "unpaid": [-1_234], "clause": ["4"],
    })  # fmt: skip
    row = next(csv.DictReader(io.StringIO(table_csv(frame, PaymentsOut).decode())))
    assert [row[name] for name in ("share", "share_beyond", "reopens_at")] == [
        "80", "33.333333", "2.5",
    ]  # fmt: skip
    assert [row[name] for name in ("planned", "price", "point", "unpaid")] == [
        "1000", "2000.00", "12.34", "-12.34",
    ]  # fmt: skip


HOLDER, BEARER = (words.NOT_STATED,), (words.CARRIED_FORWARD, words.OUTSIDE)
NAMES_A_WORD = {
    ("Schemes", "organisation"): HOLDER,
    ("Schemes", "category"): HOLDER,
    ("Schemes", "lead"): HOLDER,
    ("Budgets", "theme"): HOLDER,
    ("Budgets", "organisation"): HOLDER,
    ("Virements", "organisation"): HOLDER,
    ("Limits", "bearer"): BEARER,
    ("Rules", "bearer"): (
        *BEARER, words.BUDGET_HOLDER, words.LEAD_COMMISSIONER, words.REST_OF_SCOPE,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("table", "column"), NAMES_A_WORD)
def test_a_meaning_names_the_words_of_the_vocabulary(table: str, column: str) -> None:
    meaning = next(it.meaning for it in (OF_CORE | OF_PLANS)[table].fields if it.name == column)
    for word in NAMES_A_WORD[table, column]:
        assert f"'{word}'" in meaning


def test_what_a_file_may_leave_out_is_one_of_the_words_allowed() -> None:
    for table in (OF_CORE | OF_PLANS).values():
        for it in table.fields:
            if it.words is not None and it.default is not None:
                assert it.default in {"", *it.words}, (table.name, it.name)


def test_no_table_and_no_column_stands_twice() -> None:
    assert not set(OF_CORE) & (set(OF_PLANS) | set(OF_LEDGERS)) | (set(OF_PLANS) & set(OF_LEDGERS))
    for room in ("core", "plan", "extracts"):
        for file, keys in (("tables", ["table"]), ("dictionary", ["table", "column"])):
            rows = rows_of(f"bcf_model.{room}", f"{file}.csv")
            assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)


def test_codes_refer_to_tables_there_are() -> None:
    going_in = {it.name for it in (*INPUT_TABLES, *PLAN_TABLES, *SCENARIO_TABLES)}
    for table in (OF_CORE | OF_PLANS).values():
        assert {home for it in table.fields for home in it.refers_to} <= going_in, table.name


def test_a_closed_list_or_a_table_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="KINDS"):
        tables_of("bcf_model.core", {})


@pytest.mark.parametrize(("left_out", "said", "read"), [
    ("", "", None), ("yes", "", ""), ("yes", "0", 0), ("yes", "not stated", "not stated"),
])  # fmt: skip
def test_what_is_needed_is_told_from_what_is_blank(
    monkeypatch: pytest.MonkeyPatch, left_out: str, said: str, read: object
) -> None:
    blank = dict.fromkeys(rows_of("bcf_model.core", "dictionary.csv")[0], "")
    files = {
        "tables.csv": [{"table": "Lags", "grain": "One row per lag.", "note": ""}],
        "dictionary.csv": [
            blank
            | {"table": "Lags", "column": "share", "type": "int64", "form": "share"}
            | {"may_be_left_out": left_out, "default": said, "at_least": "0", "at_most": "12"}
        ],
    }
    monkeypatch.setattr("bcf_model.core.tables.rows_of", lambda package, name: files[name])
    share = tables_of("any", {})["Lags"].fields[0]
    assert share.default == read and type(share.default) is type(read)
    assert share.bounds == {"ge": 0, "le": 12} and share.words is None
    assert not share.nullable and not share.unique
