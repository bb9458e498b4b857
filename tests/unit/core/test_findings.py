"""Findings: what a check points at, and a list of checks run over one thing."""

from collections.abc import Iterator

from bcf_model.core.findings import Finding, Place, run_checks

IN_A_FILE = Place("lags.csv", 3)
ON_A_SHEET = Place("book.xlsx", 7, "Lags")


def test_a_place_is_named_as_its_findings_name_it() -> None:
    assert str(IN_A_FILE) == "lags.csv, row 3"
    assert str(ON_A_SHEET) == "book.xlsx, sheet Lags, row 7"
    assert str(Place("lags.csv")) == "lags.csv"
    assert ON_A_SHEET.finding("BCF201").place == str(ON_A_SHEET)


def test_a_finding_stands_at_its_place() -> None:
    assert ON_A_SHEET.finding("BCF201", "share", "5", "100", mild=True) == Finding(
        "BCF201", "book.xlsx", 7, "share", "5", "100", "Lags", mild=True
    )


def test_the_checks_of_a_list_find_in_their_order() -> None:
    def blanks(rows: list[str]) -> Iterator[Finding]:
        yield from (Place("a.csv", i).finding("BCF201") for i, row in enumerate(rows) if not row)

    def repeats(rows: list[str]) -> list[Finding]:
        return [Place("a.csv").finding("BCF301")] if len({*rows}) < len(rows) else []

    found = run_checks((repeats, blanks), ["x", "", "", "x"])
    assert [(finding.code, finding.row) for finding in found] == [
        ("BCF301", 0), ("BCF201", 1), ("BCF201", 2),
    ]  # fmt: skip
