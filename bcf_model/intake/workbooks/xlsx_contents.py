"""What an .xlsx workbook claims of itself: sheets, cells and formulas, counted as they go by.

Read before, and beside, the library that reads the values: what that quietly repairs, or never
tells, is found here. It renames a second sheet, drops a second cell and the rows out of order, and
says nothing of what is hidden, merged, remarked on or was never calculated.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, NoReturn

from bcf_model.core.findings import printable
from bcf_model.intake.raw_table import address, plain_name
from bcf_model.intake.workbooks.guard import Archive, Damaged, Reader, local, stream

LARGEST_CELLS: Final = 400_000
"""Cells of the sheets that are read, blank ones with a format included, and texts they share."""
LARGEST_SHEET: Final = 2_000_000
"""Cells of a sheet from its first to its last, blank ones between others included."""
LARGEST_OTHERS: Final = 150_000
"""Elements of XML that are neither cells nor in them, such as formats and rows."""
LARGEST_READ: Final = 64 * 2**20
"""Bytes the parts may unpack to that are read, not only counted."""
LONGEST_SAID: Final = 100
LONGEST_VALUE: Final = 40_000
"""Characters of a cell: a spreadsheet holds 32,767."""

LONGEST_FORMAT: Final = 255
"""Characters of a number format, as Excel allows."""
LARGEST_FORMATS: Final = 4_000_000
"""Characters of the longest format, times the styles that may name one: openpyxl reads it for
each, looking for brackets and quotes that end."""

MOST_SUMS: Final = 5_000
LONGEST_SUM: Final = 1_000
"""Of so many formulas of a sheet, of so many characters, it is looked whether they add up."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK: Final = "xl/workbook.xml"
_STYLES: Final = "xl/styles.xml"
_TYPES: Final = "[Content_Types].xml"
_KINDS_OF_BOOK: Final = tuple(
    f"application/vnd.{kind}.main+xml"
    for kind in (
        "ms-excel.template.macroEnabled",
        "openxmlformats-officedocument.spreadsheetml.template",
        "ms-excel.sheet.macroEnabled",
        "openxmlformats-officedocument.spreadsheetml.sheet",
    )
)
_SHARED_TEXTS: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
)
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW_NUMBER: Final = re.compile("[1-9][0-9]{0,6}")
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LONGEST_NUMBER: Final = 40
_LAST_ROW: Final = 2**20
_LAST_COLUMN: Final = 2**14
_THREAD: Final = "[Threaded comment]"
"""How a comment with answers begins in the part that older programs read."""
_SUMS: Final = re.compile(r"\b(?:SUM|SUMIFS|SUBTOTAL)\(", re.IGNORECASE)

Pieces = Callable[[str], Iterable[bytes]]
Place = tuple[int, int]
"""Row and column of a cell, both counted from 1."""


class Tab(NamedTuple):
    """A sheet as the workbook lists it: the part it is in, and whether it is shown."""

    name: str
    part: str
    state: str


class Formula(NamedTuple):
    """A formula and its stored result.

    Attributes:
        text: without its equals sign; of one that is shared, as it stands in `origin`.
        stored: the result as text; None when there is none.
        calculated: whether that can be a result: there is one, and it is neither nil nor blank in
            a workbook that asks to be calculated when it is opened, as programs write it that do
            not calculate.
    """

    text: str
    stored: str | None
    calculated: bool
    origin: Place

    @property
    def said(self) -> str:
        """The formula with its equals sign, cut where it is long."""
        text = printable(f"={self.text[:LONGEST_SAID]}")
        return text if len(text) <= LONGEST_SAID else f"{text[: LONGEST_SAID - 1]}…"


@dataclass
class Sheet:
    """What a sheet claims; rows and columns are counted from 1.

    Attributes:
        height, width: of the part that has values.
        hidden_rows: those that are not shown.
        hidden_columns: the first and last of each run of them.
        merged: first row, first column, last row and last column of each.
        formulas: those never calculated, and those that add up ranges.
        comments: place and text of each.
    """

    height: int = 0
    width: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: dict[Place, Formula] = field(default_factory=dict)
    comments: list[tuple[int, int, str]] = field(default_factory=list)


class Claims(NamedTuple):
    """What a workbook claims: all its sheets, and what those say that are read."""

    tabs: tuple[Tab, ...]
    sheets: dict[str, Sheet]


def place_of(address: str) -> Place | None:
    """Read the address of a cell; None when it is none.

    >>> place_of("AB7")
    (7, 28)
    """
    found = _PLACE.fullmatch(address)
    if not found:
        return None
    row, column = int(found[2]), number_of(found[1])
    return (row, column) if row <= _LAST_ROW and column <= _LAST_COLUMN else None


def number_of(letters: str) -> int:
    """Count a column by its letters, A being 1."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def claims(archive: Archive, wanted: Iterable[str] | None) -> Claims:
    """Count and look through everything of a workbook that will be read.

    Args:
        archive: the parts of the file.
        wanted: names of the sheets that are read where they are there, as `plain_name` writes
            them; None for all of them.

    Raises:
        Damaged: something claims what it cannot be, or what is beyond the limits.
    """
    book_part, texts = _parts_by_kind(archive)
    count = _Count()
    pieces = _measured(archive, count)
    tabs, recalculate = tabs_of(archive.pieces, book_part)
    _one_of_each(tabs)
    for part, reader in (
        (book_part, _Counted), (_rels(book_part), _Counted), (_STYLES, _Styles),
    ):  # fmt: skip
        if part in archive:
            stream(pieces(part), part, reader(count))
    if texts in archive:
        stream(pieces(texts), texts, _SharedTexts(count))
    names = None if wanted is None else set(wanted)
    chosen = {tab.name for tab in tabs if names is None or plain_name(tab.name) in names}
    sheets = {}
    for tab in tabs:
        if tab.name in chosen:
            if tab.part not in archive:
                message = f"no part {tab.part}, which is to hold the sheet"
                raise Damaged(message, sheet=tab.name)
            cells = _Cells(tab.name, count, recalculate=recalculate)
            stream(pieces(tab.part), tab.part, cells)
            _apart(cells.found, tab.name)
            cells.found.comments = list(_comments(archive, pieces, tab.part, count))
            sheets[tab.name] = cells.found
    archive.check()
    return Claims(tuple(tabs), sheets)


def tabs_of(pieces: Pieces, book_part: str = _BOOK) -> tuple[list[Tab], bool]:
    """List the sheets in the order of the workbook.

    Returns:
        The sheets, and whether the workbook asks to be calculated when it is opened.

    Raises:
        Damaged: the workbook does not say where they are.
    """
    book = _Book()
    stream(pieces(book_part), book_part, book, LARGEST_OTHERS)
    links, found = links_of(pieces, book_part), []
    for name, link, state in book.sheets:
        kind, part = links.get(link, ("", ""))
        if not part:
            message = "no part that holds the sheet"
            raise Damaged(message, sheet=name)
        if kind.endswith("/worksheet"):
            found.append(Tab(name, part, state))
    return found, book.recalculate


def links_of(pieces: Pieces, part: str) -> dict[str, tuple[str, str]]:
    """Return, by its name, the kind of each link of a part, and the part it leads to."""
    links = _Links()
    stream(pieces(_rels(part)), _rels(part), links, LARGEST_OTHERS)
    return {name: (kind, _inside(part, target)) for name, (kind, target) in links.found.items()}


def _inside(part: str, target: str) -> str:
    """Return the name of a part another one links to."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _rels(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _parts_by_kind(archive: Archive) -> tuple[str, str]:
    """Name the part of the workbook, and that of the texts its cells share: "" when none."""
    types = _Types()
    stream(archive.pieces(_TYPES), _TYPES, types, LARGEST_OTHERS)
    by_kind = dict(reversed(types.found))
    book = next((by_kind[kind] for kind in _KINDS_OF_BOOK if kind in by_kind), f"/{_BOOK}")
    return book[1:], by_kind.get(_SHARED_TEXTS, "")[1:]


def _one_of_each(tabs: Iterable[Tab]) -> None:
    """Refuse two sheets of one name, capitals making no other name, and two in one part."""
    for what, names in (
        ("sheets", [tab.name.casefold() for tab in tabs]),
        ("sheets in one part,", [tab.part for tab in tabs]),
    ):
        name, number = next(iter(Counter(names).most_common(1)), ("", 0))
        if number > 1:
            same = [t.name for t in tabs if name in (t.name.casefold(), t.part)]
            message = f"{number} {what} called {' and '.join(map(repr, same))}"
            raise Damaged(message, "twice", "one", same[0])


def _apart(sheet: Sheet, name: str) -> None:
    """Refuse merged cells that overlap: together they would have more cells than the sheet."""
    inside = sum(
        max(0, min(bottom, sheet.height) - top + 1) * max(0, min(right, sheet.width) - left + 1)
        for top, left, bottom, right in sheet.merged
    )
    if inside > sheet.height * sheet.width:
        message = "merged cells that overlap"
        raise Damaged(message, sheet=name)


@dataclass
class _Count:
    """What was counted so far of all that is read."""

    cells: int = 0
    others: int = 0
    size: int = 0

    def cell(self) -> None:
        self.cells += 1
        if self.cells > LARGEST_CELLS:
            message = f"more than {LARGEST_CELLS:,} cells, blank ones with a format included"
            raise Damaged(message, "large", "fewer cells, or a folder of CSV files")

    def other(self) -> None:
        self.others += 1
        if self.others > LARGEST_OTHERS:
            message = f"more than {LARGEST_OTHERS:,} rows, formats and the like"
            raise Damaged(message, "large", "fewer, or a folder of CSV files")


def _measured(archive: Archive, count: _Count) -> Pieces:
    def pieces(part: str) -> Iterator[bytes]:
        for piece in archive.pieces(part):
            count.size += len(piece)
            if count.size > LARGEST_READ:
                message = f"over {LARGEST_READ >> 20} MB in the sheets that are read"
                raise Damaged(message, "large", "a smaller one, or a folder of CSV files")
            yield piece

    return pieces


class _Counted(Reader):
    """Counts what only the library reads."""

    def __init__(self, count: _Count) -> None:
        self._count = count

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count.other()


class _Styles(_Counted):
    """Counts number formats and the styles that name them: openpyxl looks at each for days."""

    def __init__(self, count: _Count) -> None:
        super().__init__(count)
        self._longest = self._styles = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        self._longest = max(self._longest, len(attributes.get("formatCode", "")))
        self._styles += local(name) == "xf"
        if self._longest > LONGEST_FORMAT:
            message = f"{_STYLES}: a number format of {self._longest:,} characters"
            raise Damaged(message, expected=f"at most {LONGEST_FORMAT}, as Excel allows")
        if self._longest * self._styles > LARGEST_FORMATS:
            formats = f"number formats of up to {self._longest} characters"
            message = f"{_STYLES}: over {self._styles - 1:,} cell styles, with {formats}"
            raise Damaged(message, "large", "fewer, or a folder of CSV files")


class _SharedTexts(_Counted):
    """Counts the texts that cells share, and the runs within them."""

    def __init__(self, count: _Count) -> None:
        super().__init__(count)
        self._text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "si":
            self._count.cell()
            self._text = False
        elif local(name) == "t" and not self._text:
            self._text = True
        else:
            self._count.other()


class _Types(Reader):
    """Collects which part is of which kind."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Override":
            self.found.append((attributes.get("ContentType", ""), attributes.get("PartName", "")))


class _Links(Reader):
    """Collects where the links of a part lead, and of which kind they are."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            self.found[attributes.get("Id", "")] = (
                attributes.get("Type", ""),
                attributes.get("Target", ""),
            )


def _begins(wanted: str, found: str) -> str:
    """Return why a part is none of Excel's: its first element, or its namespace."""
    if found == wanted:
        return f"a {wanted} whose elements are not in Excel's namespace"
    return f"a {wanted} that begins with <{found}>"


class _Book(Reader):
    """Collects the sheets a workbook lists."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.recalculate = False
        self._open = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open:
            self._open = True
            if name == f"{_STRICT}}}workbook":
                message = "Strict Open XML, which few programs read"
                raise Damaged(message, "strict")
            if name != f"{_MAIN}}}workbook":
                raise Damaged(_begins("workbook", local(name)))
        if name == f"{_MAIN}}}sheet":
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), attributes.get(_LINK, ""), state))
        elif name == f"{_MAIN}}}calcPr":
            self.recalculate = attributes.get("fullCalcOnLoad") in ("1", "true")


_IN_A_CELL: Final = {"f", "v", "is", "extLst"}
_AFTER_THE_ROWS: Final = frozenset(
    (
        "autoFilter", "colBreaks", "conditionalFormatting", "customSheetViews", "dataValidations",
        "headerFooter", "hyperlinks", "legacyDrawing", "mergeCells", "pageMargins", "pageSetup",
        "printOptions", "rowBreaks", "scenarios", "sheetProtection", "tableParts",
    )
)  # fmt: skip
"""What openpyxl takes in wherever it meets it, ranges and texts of any length; it stops reading
at the last row, so what stands in its place is never read."""


class _Cells(_Counted):
    """Looks through a sheet: every cell says where it stands, each once and in order of rows."""

    def __init__(self, sheet: str, count: _Count, *, recalculate: bool) -> None:
        super().__init__(count)
        self.found = Sheet()
        self._sheet, self._recalculate = sheet, recalculate
        self._open: list[str] = []
        self._row = self._column = 0
        self._columns: set[int] = set()
        self._kind = ""
        self._value: str | None = None
        self._formula: str | None = None
        self._shared: dict[str, tuple[str, Place]] = {}
        self._share = ""
        self._filled = self._text = self._rows_ended = False
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, plain = name.rpartition("}")
        inside = self._open[-1] if self._open else ""
        if not inside and (plain != "worksheet" or space != _MAIN):
            self._refuse(_begins("worksheet", plain))
        name = plain if space == _MAIN else name
        if name in _AFTER_THE_ROWS and not self._rows_ended:
            self._refuse(f"<{name}> before the end of the rows")
        self._open.append(name)
        if name == "c" and inside == "row":
            self._count.cell()
            self._begin(attributes)
        elif inside == "c":
            self._part_of_a_cell(name, attributes)
        elif inside in ("v", "f"):
            self._refuse(f"<{name}> within a value", here=True)
        elif "c" not in self._open:
            self._count.other()
            self._beside_cells(name, inside, attributes)
        elif name != "t" or self._text:
            self._count.other()  # a run of a text, or its font
        else:
            self._text = True

    def _beside_cells(self, name: str, inside: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._begin_row(inside, attributes)
        elif name == "c" or (inside == "row" and name != "extLst"):
            self._refuse(f"<{name}> where no cell can stand")
        elif name == "col" and inside == "cols" and _hidden(attributes, "width"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if not (first.isdecimal() and last.isdecimal()):
                self._refuse("a column that does not say which it is")
            self.found.hidden_columns.append((int(first), min(int(last), _LAST_COLUMN)))
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            ends = place_of(first), place_of(last or first)
            if ends[0] is None or ends[1] is None:
                self._refuse("a merged cell that does not say where it stands")
            self.found.merged.append((*ends[0], *ends[1]))
            if ends[0] > ends[1] or ends[0][1] > ends[1][1]:
                self._refuse("a merged cell that ends before it begins")

    def _begin_row(self, inside: str, attributes: dict[str, str]) -> None:
        said = attributes.get("r", str(self._row + 1))
        row = int(said) if _ROW_NUMBER.fullmatch(said) else 0
        if inside != "sheetData" or not 0 < row <= _LAST_ROW:
            self._refuse("a row that does not say which it is")
        if row <= self._row:
            message = f"row {row} a second time, or out of order"
            raise Damaged(message, "twice", "each row once", self._sheet)
        self._row, self._column, self._columns = row, 0, set()
        if _hidden(attributes, "ht"):
            self.found.hidden_rows.append(row)

    def _begin(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        place = (self._row, self._column + 1) if said is None else place_of(said)
        if place is None or place[0] != self._row:
            self._refuse(f"a cell, in row {self._row}, that does not say where it stands")
        self._column = place[1]
        if self._column in self._columns:
            message = f"cell {self._address} a second time"
            raise Damaged(message, "twice", "each cell once", self._sheet, self._address)
        self._columns.add(self._column)
        self._kind = attributes.get("t", "n")
        self._value = self._formula = None
        self._filled = self._text = False
        self._length = 0

    def _part_of_a_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _IN_A_CELL:
            self._refuse(f"<{local(name)}> within a cell", here=True)
        if (name == "v" and self._value is not None) or (name == "f" and self._formula is not None):
            self._refuse("two values in one cell", here=True)
        if name == "v":
            self._value = ""
        elif name == "f":
            self._formula = ""
            self._share = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        self._filled = self._filled or name != "extLst"

    def data(self, text: str) -> None:
        inside = self._open[-1]
        if inside not in ("v", "f", "t") or "c" not in self._open:
            return
        self._length += len(text)
        if self._length > LONGEST_VALUE:
            message = f"over {LONGEST_VALUE:,} characters in cell {self._address}"
            raise Damaged(message, "large", "a shorter text", self._sheet, self._address)
        if inside == "v":
            self._value = (self._value or "") + text
        elif inside == "f":
            self._formula = (self._formula or "") + text

    def end(self, name: str) -> None:
        closed = self._open.pop()
        if closed == "c" and self._open and self._open[-1] == "row":
            self._keep()
        elif closed == "sheetData":
            self._rows_ended = True

    def _keep(self) -> None:
        """Note what is to be known of a cell, once it is whole."""
        value = (self._value or "").strip()
        if self._kind == "n" and value and not self._is_number(value):
            self._refuse(f"{value[:_LONGEST_NUMBER]!r} where a number should stand", here=True)
        if self._filled and (value or self._formula is not None or self._kind == "inlineStr"):
            self.found.height = self._row
            self.found.width = max(self.found.width, self._column)
        if self._formula is None:
            return
        done = bool(value) or (self._kind == "str" and self._value is not None)
        if self._recalculate and done and self._kind in ("n", "str"):
            done = bool(value) and (self._kind == "str" or float(value) != 0)
        place = self._row, self._column
        text, origin = self._formula, place
        if self._share and text:
            self._shared[self._share] = text, place
        elif self._share:
            text, origin = self._shared.get(self._share, (text, place))
        sums = len(self.found.formulas) < MOST_SUMS and len(text) < LONGEST_SUM
        if not done or (sums and _SUMS.search(text)):
            self.found.formulas[place] = Formula(text, self._value, done, origin)

    @staticmethod
    def _is_number(text: str) -> bool:
        return len(text) <= _LONGEST_NUMBER and bool(_NUMBER.fullmatch(text))

    @property
    def _address(self) -> str:
        return address(self._row, self._column)

    def _refuse(self, said: str, *, here: bool = False) -> NoReturn:
        raise Damaged(said, sheet=self._sheet, cell=self._address if here else "")


def _hidden(attributes: dict[str, str], size: str) -> bool:
    """Return whether a row or column is not shown: hidden, or of no height or width."""
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) in ("0", "0.0")


def _comments(
    archive: Archive, pieces: Pieces, part: str, count: _Count
) -> Iterator[tuple[int, int, str]]:
    """Return the comments of a sheet: of a thread the text alone, not what older programs say."""
    if _rels(part) not in archive:
        return
    for kind, inside in links_of(pieces, part).values():
        if kind.endswith("/comments") and inside in archive:
            reader = _Comments(count)
            stream(pieces(inside), inside, reader)
            for address, text in reader.found:
                if place := place_of(address):
                    said = text.partition("Comment:\n")[2] if text.startswith(_THREAD) else text
                    yield *place, said.strip()


class _Comments(_Counted):
    """Collects comments: where each stands, and its text."""

    def __init__(self, count: _Count) -> None:
        super().__init__(count)
        self.found: list[tuple[str, str]] = []
        self._in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if local(name) == "comment":
            self.found.append((attributes.get("ref", ""), ""))
        self._in_text = local(name) == "t"

    def data(self, text: str) -> None:
        if self._in_text and self.found and len(self.found[-1][1]) < LONGEST_VALUE:
            address, before = self.found[-1]
            self.found[-1] = address, before + text

    def end(self, name: str) -> None:
        self._in_text = False
