"""The files of an audit: what they hold, that nothing in them is a formula, and who may write."""

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from bcf_model.audit.examine import Audit, Audited, audit_pool
from bcf_model.core.errors import DoesNotReconcile
from bcf_model.publish import contents as report_files
from bcf_model.publish.audit.pages import headline, sheets, told
from bcf_model.publish.audit.workbook import facts
from bcf_model.publish.audit.write import document, write_audit
from bcf_model.publish.contents import contents
from tests.make.across import quantities
from tests.make.audit_papers import audited, row, total
from tests.make.audit_pool import printed, results

ABOUT = Audited("paper", "A paper & <more>", "p. 1", ())


@pytest.fixture(scope="module")
def audit() -> Audit:
    hostile = row("x", "5", label="+HYPERLINK(1) <script>")
    return audited(row("a", "10"), row("b", "20"), total("t", "40", "a + b"), hostile)


def test_the_pages(audit):
    pages = {page.name: page for page in sheets(audit, ABOUT)}
    assert list(pages) == ["Summary", "Observations", "Figures", "Method"]
    again = audited(row("a", "10"), row("a2", "50", figure="a", source="table 2"))
    assert "Cross-table" in {page.name for page in sheets(again, ABOUT)}
    assert len(pages["Figures"].rows) == 4
    for page in pages.values():
        assert len({h.text for h in page.headings}) == len(page.headings)
        assert all(len(r.cells) <= len(page.headings) for r in page.rows)


def test_numbers_across_papers_have_a_page_a_line_and_a_table():
    pool = results()
    stated = {
        "published": printed(("stated/a", "30"), ("stated/b", "42")),
        "quantities": quantities(("a", "scc", "2019-20"), ("b", "scc", "2019-20", "not stated")),
    }
    found = audit_pool(replace(pool, inputs=replace(pool.inputs, **stated)))
    page = next(it for it in sheets(found, ABOUT) if it.name == "Across papers")
    assert len({it.text for it in page.headings}) == len(page.headings)
    subject, line = page.rows
    assert subject.cells == ("S",)
    assert line.cells[3] == line.cells[7] == "scc; 2019-20"
    assert line.cells[8] == "cannot both be right, if they are one thing"
    counted = (
        "1 pair of numbers that a reader may set side by side: "
        "cannot both be right, if they are one thing (1)."
    )
    assert f"Across papers: {counted}" in told(found)
    assert page.about[0].startswith(counted)
    [summary] = [it for it in sheets(found, ABOUT)[0].rows if it.cells[0] == "Across papers"]
    assert [getattr(it, "value", it) for it in summary.cells[1:4]] == [0, 1, 0]
    assert "tables/audit_across.csv" in contents(document(found, ABOUT))


def test_the_headline(audit):
    assert headline(audit) == "At least 1 of 4 printed figures cannot be right: 3 may be wrong"
    fine = audited(row("a", "10"))
    assert headline(fine) == "None of 1 printed figure is shown to be wrong"
    wrong = audited(row("a", "1"), row("b", "1"), total("t", "9", "a; b"))
    assert headline(wrong) == "1 of 3 printed figures cannot be right"
    assert told(fine) == "None of 1 printed figure is shown to be wrong."
    assert told(audit).count("HIGH A00") == 4


def test_the_headline_counts_the_fewest_that_are_wrong():
    """Two totals that their lines do not make, apart from each other; and one that is certain."""
    one, other = [row("a", "10"), total("t", "40", "a + b"), row("b", "20")], [
        row("c", "10"), total("u", "40", "c + d"), row("d", "20"),
    ]  # fmt: skip
    assert headline(audited(*one, *other)) == (
        "At least 2 of 6 printed figures cannot be right: 6 may be wrong"
    )
    sure = [row("x", "1"), row("y", "1"), total("z", "9", "x; y")]
    assert headline(audited(*one, *sure)) == (
        "At least 2 of 6 printed figures cannot be right: 1 for certain; of the others, 3 may be "
        "wrong"
    )
    # three prints of one thing, all different: two of them are wrong
    three = [row("a", "1"), row("a2", "5", figure="a"), row("a3", "9", figure="a")]
    assert headline(audited(*three)) == (
        "At least 2 of 3 printed figures cannot be right: 3 may be wrong"
    )


def test_the_headline_counts_what_the_engine_contradicts_once():
    """£250 printed for 200, beside a right line and a right total: it alone explains both."""
    figures = [("budget/scheme=s1", "100"), ("budget/scheme=s2", "250"), ("budget/theme=1", "300")]
    found = results()
    frame = printed(*figures, unit="pounds")
    of_pool = audit_pool(replace(found, inputs=replace(found.inputs, published=frame)))
    assert of_pool.fewest_wrong == 1
    assert headline(of_pool) == "1 of 3 printed figures cannot be right"


def test_what_was_looked_at(audit):
    rest = "all of them together; tables against tables; signs, percentages and units."
    assert dict(facts(audit, ABOUT))["Looked at"] == f"The printed figures: {rest}"
    of_pool = replace(audit, reperformed=True)
    assert dict(facts(of_pool, ABOUT))["Looked at"] == (
        f"The printed figures: each against the computed one; {rest}"
    )


def test_the_workbook_holds_text_and_numbers_only(audit):
    book = openpyxl.load_workbook(io.BytesIO(contents(document(audit, ABOUT))["audit.xlsx"]))
    assert book.sheetnames == ["Cover", "Summary", "Observations", "Figures", "Method"]
    cells = [cell for tab in book for cells in tab.iter_rows() for cell in cells]
    assert not any(cell.data_type == "f" for cell in cells)
    said = {cell.value for cell in cells}
    assert "+HYPERLINK(1) <script>" in said
    assert "All checks hold" not in said
    for tab in book.worksheets[1:]:
        assert tab.freeze_panes
        assert tab.oddFooter.left.text.endswith("Audit: A paper && <more>")


def test_the_web_page_is_whole_and_escaped(audit):
    page = contents(document(audit, ABOUT))["audit.html"].decode()
    assert "<script" not in page
    assert "A paper &amp; &lt;more&gt;" in page
    assert page.count("<tr") == page.count("</tr>") > 10
    assert ".headline {" in page
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page


def test_the_tables_are_harmless_to_a_spreadsheet(audit):
    text = contents(document(audit, ABOUT))["tables/audit_figures.csv"].decode()
    labels = [line["label"] for line in csv.DictReader(io.StringIO(text))]
    assert labels[-1] == "'+HYPERLINK(1) <script>"


def test_the_same_audit_gives_the_same_bytes(audit):
    again = audited(
        row("a", "10"), row("b", "20"), total("t", "40", "a + b"),
        row("x", "5", label="+HYPERLINK(1) <script>"),
    )  # fmt: skip
    assert contents(document(audit, ABOUT)) == contents(document(again, ABOUT))


def test_files_are_written_beside_a_report(audit, tmp_path):
    (tmp_path / "report.html").write_text("mine")
    written = write_audit(audit, ABOUT, tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "audit.xlsx", "audit.html", "tables/audit.csv", "tables/audit_figures.csv",
        "tables/audit_cross_table.csv",
    ]  # fmt: skip
    assert (tmp_path / "report.html").read_text() == "mine"


def test_an_audit_that_lost_a_row_is_not_written(audit, tmp_path, monkeypatch):
    full = contents(document(audit, ABOUT))
    short = audited(row("a", "10"))
    lost = replace(audit, tables=audit.tables | {"audit": short.tables["audit"]})
    files = full | {"tables/audit.csv": contents(document(lost, ABOUT))["tables/audit.csv"]}
    monkeypatch.setattr(report_files, "contents", lambda _: files)
    with pytest.raises(DoesNotReconcile, match=r"audit\.csv holds 0 rows of 4"):
        write_audit(audit, ABOUT, tmp_path)
    assert list(tmp_path.iterdir()) == []
