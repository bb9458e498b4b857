"""The file of every workbook, and its cover: what opens first, what is listed, what is no link."""

from datetime import datetime
from functools import partial
from io import BytesIO

import openpyxl

from bcf_model.core.ledger import Ledger
from bcf_model.publish.excel_book import Book
from bcf_model.publish.excel_file import COVER, FACTS, RULED, Cover, Fact, Workbook, workbook_bytes
from bcf_model.publish.page import Heading

PAGES = {"First": "What comes first", "Second page": "=1+1"}


def made(heading: str = "") -> bytes:
    def fill(book: Book) -> None:
        tab = book.tabs["First"]
        book.headings(tab, 3, (Heading("Line", width=30), Heading("Sum", "money", 9)))

    book = partial(Book, figures=Ledger({}), unit="thousands", foot="A & B", has_checks=False)
    facts = [Fact("Source", "=cmd"), Fact("Long", "word " * 60)]
    cover = Cover("=TITLE()", "https://example.org", facts, heading=heading, looks=RULED)
    return workbook_bytes(Workbook("A title", cover, PAGES, book, fill, "A subject"))


def test_a_workbook_opens_on_its_cover_and_says_nothing_of_when_it_was_made():
    file = openpyxl.load_workbook(BytesIO(made()))
    assert file.sheetnames == [COVER, "First", "Second page"] and file.active is not None
    assert file.active.title == COVER
    said = file.properties
    assert (said.title, said.subject) == ("A title", "A subject")
    assert said.created == datetime(2000, 1, 1)
    assert made() == made()


def test_no_text_of_a_cover_becomes_a_formula_or_a_link():
    cover = openpyxl.load_workbook(BytesIO(made()))[COVER]
    cells = [cell for row in cover.iter_rows() for cell in row if cell.value is not None]
    assert {"=TITLE()", "https://example.org", "=cmd", "=1+1"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}
    links = {cell.value: cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in PAGES}


def test_facts_stand_under_the_title_and_the_contents_under_them():
    cover = openpyxl.load_workbook(BytesIO(made("Contents")))[COVER]
    named = [cell.value for cell in cover["A"]]
    assert named[FACTS:] == ["Source", "Long", None, "Contents", *PAGES]
    assert cover.row_dimensions[5].height > 2 * cover.row_dimensions[4].height
    without = openpyxl.load_workbook(BytesIO(made()))[COVER]
    assert [cell.value for cell in without["A"]][FACTS:] == ["Source", "Long", None, *PAGES]


def test_a_book_without_checks_says_nothing_of_them():
    tab = openpyxl.load_workbook(BytesIO(made()))["First"]
    assert [cell.value for cell in tab[4]] == ["Line", "Sum £000"]
    assert [cell.value for cell in tab[2]] == [None, None]
