"""What a report is, whatever it is written as: its head, pages, drawings, tables and sources.

Each product makes one `Document`. Each medium has one writer of it: `html` the web page,
`excel_file` the workbook, and `contents` the files with their manifest.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

import pandas as pd

from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import Inputs, SourceFile, Table
from bcf_model.publish.derivations import Derivations
from bcf_model.publish.excel_file import Workbook
from bcf_model.publish.page import Sheet

SELF_CONTAINED: Final = (
    "This page holds everything it shows: it asks nothing of any other computer."
)
"""What stands at the foot of a web page."""


class Head(NamedTuple):
    """What stands above everything else; a part that is None is left out."""

    title: str
    when: str
    board: str | None = None
    status: str | None = None


class KeyFigure(NamedTuple):
    """An amount at the head of a report.

    Attributes:
        label: what or who it is. amount: as printed. way: what it does, in words.
        figure: the figure it shows, if its derivation is told. total: of those above it.
    """

    label: str
    amount: str
    way: str = ""
    figure: Figure | None = None
    total: bool = False


@dataclass(frozen=True)
class Box:
    """A heading, and what stands under it: sentences, facts with all that is said of each, amounts.

    Sentences that are `Markup` have escaped what they quote.
    """

    heading: str
    sentences: Collection[str] = ()
    facts: Mapping[str, Collection[str]] = field(default_factory=dict)
    figures: Collection[KeyFigure] = ()


class Proof(NamedTuple):
    """How many checks hold, all of them; and how many warnings there are about the data."""

    checks: int
    warnings: int


class Drawing(NamedTuple):
    """A chart as SVG, whose text is escaped, with its caption.

    Attributes:
        filled: what its filled bars stand for; blank where the caption says it all.
        outlined: what its outlined bars do. remark: of its scale.
        place: above or below the table of its page, or below and beside others.
    """

    title: str
    svg: str
    filled: str = ""
    outlined: str = ""
    remark: str = ""
    place: Literal["above", "below", "beside"] = "above"


@dataclass(frozen=True)
class Printing:
    """How the tables of a report are printed on its web page.

    Attributes:
        unit: in which amounts are shown: pounds, thousands or millions.
        figures: gives the values of cells that are no constants.
        rate: prints a figure that is a rate.
        derivations: which its figures link to, where it has any.
        when: follows the title of a page in the caption of its table.
        listed_short: the list of pages leaves out what follows a colon in their titles.
        unsure: statuses that are marked, for they must not be taken for sure.
        plain: the unit stands at the head of the report, and a table has no caption.
        by_text: columns are laid out by what is printed in them, not by the widths of headings;
            totals are told in words, blank figures are named too, and numbers stand first on a
            page that is shown open.
        same_decimals: numbers of a column have as many decimals, each.
        prose: columns of whole sentences have room for them.
    """

    unit: str = "pounds"
    figures: Ledger = field(default_factory=lambda: Ledger({}))
    rate: Callable[[Figure], str] = str
    derivations: Derivations | None = None
    when: str = ""
    listed_short: bool = False
    unsure: Collection[str] = ()
    plain: bool = False
    by_text: bool = False
    same_decimals: bool = False
    prose: bool = False


class ReadBack(NamedTuple):
    """What a column of a table must come to in the file that was written, in whole pence.

    Attributes:
        table: its name. column: of amounts. pence: by the value of the column `by`; or by "", of
            the whole column.
    """

    table: str
    column: str
    pence: Mapping[str, int]
    by: str = ""


@dataclass(frozen=True)
class Manifest:
    """What a report says of itself to a program, beside the files it was made from and consists of.

    Attributes:
        file: its name. facts: what it is. results: what was computed.
        versions: of what it was made with.
    """

    file: str
    facts: Mapping[str, Any]
    versions: Mapping[str, str]
    results: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes:
        name: of its workbook and its web page, without the ending.
        workbook: makes the workbook, when it is to be written.
        title: of the web page, as the browser shows it. foot: of the web page.
        head: what stands above everything. pages: in order.
        headline: the whole in one sentence. key_figures: under it. proof: that it adds up.
        notes: what must be known first. about: how to read it.
        listed: pages are listed at the head, with links to them.
        drawings: of a page, by its name. printing: of tables. css: its own style sheet.
        tables: rows and description of each table that is written as CSV, by its file without
            ending. sqlite: all of them are written as one SQLite file too.
        read_back: what is added up in the files before they are put in place.
        manifest: None where it has none. sources: the files it was made from.
        put_beside: the pool, where the files it was made from are put beside it.
    """

    name: str
    workbook: Callable[[], Workbook]
    title: str
    head: Head
    foot: str
    pages: tuple[Sheet, ...]
    printing: Printing
    tables: Mapping[str, tuple[pd.DataFrame, Table]]
    headline: str = ""
    key_figures: Collection[Box] = ()
    proof: Proof | None = None
    notes: Box | None = None
    about: Box | None = None
    listed: bool = True
    drawings: Mapping[str, Collection[Drawing]] = field(default_factory=dict)
    css: str = ""
    sqlite: bool = False
    read_back: Collection[ReadBack] = ()
    manifest: Manifest | None = None
    sources: Collection[SourceFile] = ()
    put_beside: Inputs | None = None
