"""A copy of somebody's own workbook with each finding in its cell: nothing else of it changes.

The parts of the file are patched where something is said, as text, and every other byte of them
stays: pictures, charts, stored results, macros. A library that loads and saves loses some of these
(decision 23). What cannot be patched safely is refused (`NotPatched`), and is mirrored instead.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from bcf_model.core.errors import BcfError
from bcf_model.core.findings import Finding
from bcf_model.publish.house_style import (
    BEHIND_NOTE,
    BEHIND_WARNING,
    BEHIND_WRONG,
    DARK,
    DOTTED,
    GIVEN,
    IN_A_COMMENT,
    INK,
    LINK,
    REMARK,
    TYPE,
    WRONG,
)
from bcf_model.publish.marks import (
    GO_TO,
    HEADINGS,
    MOST_COMMENTS,
    SEVERITIES,
    Mark,
    cell_of,
    comment,
    counts,
    free_name,
    height,
    in_order,
    line,
    link_to,
    marks,
)

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS: Final = "application/vnd.openxmlformats-officedocument"
_TYPES: Final = "[Content_Types].xml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BEFORE_THE_COMMENTS: Final = frozenset(
    (
        "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios",
        "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
        "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions",
        "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
        "cellWatches", "ignoredErrors", "smartTags", "drawing",
    )
)  # fmt: skip
"""Elements of a sheet that stand before its `legacyDrawing`: Excel minds the order."""
_BORDERS: Final = {"error": "medium", "warning": "mediumDashed", "note": "dotted"}
"""What tells them apart without colour, beside the first word of the comment."""
_BEHIND: Final = {"error": BEHIND_WRONG, "warning": BEHIND_WARNING, "note": BEHIND_NOTE}
_ENCODED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")
_A_BLOCK: Final = 1024
"""Shapes of one drawing: their numbers begin at a multiple of it."""


class NotPatched(BcfError):
    """A workbook that cannot be patched without risk; says why."""


@dataclass(slots=True)
class _Element:
    """An element where it stands in the bytes of its part.

    Attributes:
        name, attributes: as written. parent: the number of the one it is in; -1 of the first.
        start, inside, stop, end: of its opening tag and after it, of its closing tag and after it;
            where there is none of its own the three last are one.
    """

    name: str
    attributes: dict[str, str]
    parent: int
    start: int
    inside: int
    stop: int = 0
    end: int = 0


@dataclass
class _Part:
    """A part of the file and what is to be changed in it, each by its place."""

    name: str
    data: bytes
    elements: list[_Element] = field(default_factory=list)
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)
    appended: dict[int, tuple[_Element, list[str]]] = field(default_factory=dict)

    def children(self, of: int) -> list[_Element]:
        return [it for it in self.elements if it.parent == of]

    def the(self, name: str) -> tuple[int, _Element] | None:
        """Return the child of the root that has this name, with its number."""
        pairs = enumerate(self.elements)
        return next(((i, it) for i, it in pairs if it.parent == 0 and it.name == name), None)

    def replace(self, start: int, end: int, text: str) -> None:
        self.edits.append((start, end, text.encode()))

    def append(self, to: _Element, text: str) -> None:
        """Add what stands last in an element, be it one without a closing tag of its own."""
        self.appended.setdefault(to.start, (to, []))[1].append(text)

    def attribute(self, of: _Element, name: str, value: str) -> None:
        """Set an attribute of an element, in place of one it has."""
        tag = self.data[of.start : of.inside]
        pattern = rf"\s{name}\s*=\s*(\"[^\"]*\"|'[^']*')".encode()
        if had := re.search(pattern, tag):
            self.replace(of.start + had.start(1), of.start + had.end(1), f'"{value}"')
        else:
            at = of.start + 1 + len(of.name.encode())
            self.replace(at, at, f' {name}="{value}"')

    def written(self) -> bytes:
        """Return the part with its changes; those of one place in the order they were made."""
        for to, texts in self.appended.values():
            if to.inside < to.end:
                self.replace(to.stop, to.stop, "".join(texts))
            else:
                slash = self.data.rindex(b"/", to.start, to.end)
                self.replace(slash, to.end, f">{''.join(texts)}</{to.name}>")
        self.appended = {}
        out, at = [], 0
        for start, end, text in sorted(self.edits, key=lambda it: (it[0], it[1])):
            if start < at:
                message = f"two changes of one place in {self.name}"
                raise NotPatched(message)
            out += [self.data[at:start], text]
            at = end
        return b"".join((*out, self.data[at:]))


_Keep = Callable[[str, int, Mapping[str, str]], bool]
"""Whether an element is wanted: its name, how deep it stands (the root: 0), and what it says."""
_SHALLOW: Final = 2


def _all(_: str, __: int, ___: Mapping[str, str]) -> bool:
    return True


def _lists(_: str, level: int, __: Mapping[str, str]) -> bool:
    return level <= _SHALLOW


def _scanned(name: str, data: bytes, root: str, keep: "_Keep") -> _Part:
    """Find the elements of a part.

    Args:
        name: of the part.
        data: its bytes.
        root: the name its first element must have, without a prefix.
        keep: which are wanted.

    Raises:
        NotPatched: it is not XML as spreadsheet programs write it.
    """
    part = _Part(name, data)
    open_: list[int] = []
    parser: Any = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        level, at = len(open_), parser.CurrentByteIndex
        if not level and tag != root:
            message = f"{name} begins with <{tag}>, not <{root}>"
            raise NotPatched(message)
        if level and not keep(tag, level, attributes):
            open_.append(-1)
            return
        inside = _end_of_tag(data, at)
        parent = next((it for it in reversed(open_) if it >= 0), -1)
        open_.append(len(part.elements))
        part.elements.append(_Element(tag, attributes, parent, at, inside))

    def end(_: str) -> None:
        number = open_.pop()
        if number < 0:
            return
        it = part.elements[number]
        is_empty = data[it.inside - 2 : it.inside] == b"/>"
        it.stop = it.inside if is_empty else parser.CurrentByteIndex
        it.end = it.inside if is_empty else data.index(b">", it.stop) + 1

    def refuse(*_: object) -> None:
        message = f"{name} declares a document type"
        raise NotPatched(message)

    def declared(_: str, encoding: str | None, __: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii", "ascii"):
            message = f"{name} is written in {encoding}"
            raise NotPatched(message)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = refuse, declared
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        declared("", "UTF-16", 0)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        message = f"{name} is damaged ({problem})"
        raise NotPatched(message) from problem
    return part


def _needed(part: _Part, name: str) -> tuple[int, _Element]:
    """Return a child of the root of a part, with its number.

    Raises:
        NotPatched: it has none.
    """
    found = part.the(name)
    if found is None:
        message = f"{part.name} has no <{name}>"
        raise NotPatched(message)
    return found


def _end_of_tag(data: bytes, start: int) -> int:
    """Return where a tag ends: a value in it may have any sign but its own quotation mark."""
    if data[start : start + 1] != b"<":
        message = "its XML is not written in UTF-8"
        raise NotPatched(message)
    tag = _TAG.match(data, start)
    if tag is None:
        message = "a tag of its XML has no end"
        raise NotPatched(message)
    return tag.end()


_TAG: Final = re.compile(rb"<[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")


def marked_copy(parts: Mapping[str, bytes], found: Sequence[Finding], about: str) -> bytes:
    """Return a copy of a workbook with each finding in its cell, and a sheet that lists them all.

    Args:
        parts: of an .xlsx or .xlsm, by name, in their order.
        found: the findings.
        about: what is said at the top of the checklist.

    Raises:
        NotPatched: it cannot be patched without risk.
    """
    book = _Book(parts)
    book.mark(marks(found))
    book.checklist(in_order(found), about)
    return book.packed()


def needs_macros(parts: Mapping[str, bytes]) -> bool:
    """Return whether the file is one with macros, which Excel opens under the name .xlsm only."""
    return b"macroEnabled" in parts.get(_TYPES, b"")


class _Book:
    """A workbook while it is patched."""

    def __init__(self, given: Mapping[str, bytes]) -> None:
        """Find its parts.

        Raises:
            NotPatched: they are not as spreadsheet programs write them.
        """
        self.given, self.names = given, set(given)
        self.parts: dict[str, _Part] = {}
        self.new: dict[str, bytes] = {}
        self.lost: list[str] = []
        if any(it.startswith("_xmlsignatures/") for it in self.names):
            self.lost.append("Its signature holds no longer: it is of the file as it was.")
        self.types = self.part(_TYPES, "Types")
        root = next((to for kind, to in self._links("").values() if kind == "officeDocument"), "")
        self.name = root
        self.book = self.part(root, "workbook", _lists)
        if self.book.elements[0].attributes.get("xmlns") != _MAIN:
            message = "it is Strict Open XML"
            raise NotPatched(message)
        self.links = self._links(root)
        self.tabs = _needed(self.book, "sheets")
        self.sheets = {}
        for it in self.book.children(self.tabs[0]):
            link = next((v for k, v in it.attributes.items() if k.endswith(":id")), "")
            kind, to = self.links.get(link, ("", ""))
            self.sheets[it.attributes.get("name", "")] = to if kind == "worksheet" else ""
        styles = next((to for kind, to in self.links.values() if kind == "styles"), "")
        if not styles:
            message = "it has no styles"
            raise NotPatched(message)
        self.styles = _Styles(self.part(styles, "styleSheet", _lists))

    def part(self, name: str, root: str, keep: _Keep = _all) -> _Part:
        if name not in self.parts:
            self.parts[name] = _scanned(name, self.bytes_of(name), root, keep)
        return self.parts[name]

    def _links(self, of: str) -> dict[str, tuple[str, str]]:
        """Return where the links of a part lead: by their id, the kind and the part."""
        rels = _rels(of)
        if rels not in self.names:
            return {}
        found = {}
        for it in self.part(rels, "Relationships").elements[1:]:
            said = it.attributes
            if said.get("TargetMode") != "External":
                to = posixpath.normpath(posixpath.join("/", posixpath.dirname(of),
                                                       said.get("Target", "")))  # fmt: skip
                kind = said.get("Type", "").rpartition("/")[2]
                found[said.get("Id", "")] = (kind, to.lstrip("/"))
        return found

    def link(self, of: str, kind: str, to: str) -> str:
        """Link a part to another; return the id of the link."""
        rels, target = _rels(of), quoteattr(f"/{to}")
        if rels in self.names:
            part = self.part(rels, "Relationships")
            had = {it.attributes.get("Id", "") for it in part.elements}
            had |= set(re.findall("rIdBcf[0-9]+", str(part.appended)))
            own = _free("rIdBcf", had)
            text = f'<Relationship Id="{own}" Type="{_LINKS}/{kind}" Target={target}/>'
            part.append(part.elements[0], text)
            return own
        before = self.new.get(rels, b"").decode().removesuffix("</Relationships>")
        own = _free("rIdBcf", set(re.findall("rIdBcf[0-9]+", before)))
        before = before or f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'
        text = f'<Relationship Id="{own}" Type="{_LINKS}/{kind}" Target={target}/>'
        self.new[rels] = f"{before}{text}</Relationships>".encode()
        return own

    def add(self, before: str, ending: str, kind: str) -> str:
        """Name a new part that none has, and say of which kind it is."""
        taken = {it.casefold() for it in (*self.names, *self.new)}
        numbers = range(1, len(taken) + 2)
        name = next(it for n in numbers if (it := f"{before}{n}.{ending}").casefold() not in taken)
        self.new[name] = b""
        root = self.types.elements[0]
        if ending == "xml":
            said = f'<Override PartName="/{name}" ContentType="{_KINDS}.{kind}+xml"/>'
            self.types.append(root, said)
        elif not self._knows(ending):
            said = f'<Default Extension="{ending}" ContentType="{_KINDS}.{kind}"/>'
            self.types.replace(root.inside, root.inside, said)
            self.types.elements.append(_Element("Default", {"Extension": ending}, 0, 0, 0))
        return name

    def _knows(self, ending: str) -> bool:
        of = (it.attributes.get("Extension", "").lower() for it in self.types.elements)
        return ending in of

    # ------------------------------------------------------------------ cells

    def mark(self, marked: Sequence[Mark]) -> None:
        """Write comments and looks into the cells of every sheet."""
        by_sheet: dict[str, dict[str, Mark]] = {}
        for it in marked:
            if self.sheets.get(it.sheet) and _CELL.fullmatch(it.cell):
                by_sheet.setdefault(it.sheet, {})[it.cell] = it
        for sheet, cells in by_sheet.items():
            name = self.sheets[sheet]
            rows = {int(address.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for address in cells}
            part = self._sheet(name, rows)
            self._looks(part, cells)
            said = dict(list(cells.items())[:MOST_COMMENTS])
            if len(said) < len(cells):
                self.lost.append(
                    f"On the sheet {sheet} the first {MOST_COMMENTS} cells have a comment, of "
                    f"{len(cells):,} that are marked; every finding is listed below."
                )
            self._comments(part, sheet, said)

    def _sheet(self, name: str, rows: set[int]) -> _Part:
        at = 0

        def keep(tag: str, level: int, attributes: Mapping[str, str]) -> bool:
            nonlocal at
            if level == 2 and tag == "row":  # noqa: PLR2004 (worksheet, sheetData, row, c)
                at = int(attributes.get("r", at + 1))
            if level == 3:  # noqa: PLR2004
                return tag == "c" and at in rows
            return level == 1 or (level == 2 and tag in ("row", "col"))  # noqa: PLR2004

        part = self.part(name, "worksheet", keep)
        return part

    def _looks(self, part: _Part, cells: Mapping[str, Mark]) -> None:
        """Set of each cell that is marked its fill and border; one that is missing is put in."""
        number, data = _needed(part, "sheetData")
        rows = _numbered(part.children(number), "row")
        index = {id(it): i for i, it in enumerate(part.elements)}
        cells_of: dict[int, list[_Element]] = {}
        for it in part.elements:
            if it.name == "c":
                cells_of.setdefault(it.parent, []).append(it)
        of_columns = self._of_columns(part)
        wanted: dict[int, dict[int, Mark]] = {}
        for address, mark in cells.items():
            row, column = _place(address)
            wanted.setdefault(row, {})[column] = mark
        order = sorted(rows)
        for row in sorted(wanted):
            columns = wanted[row]
            if row not in rows:
                made = "".join(
                    _blank(row, column, self.styles.like(of_columns(column), mark.severity))
                    for column, mark in sorted(columns.items())
                )
                after = next((rows[it].start for it in order if it > row), None)
                text = f'<row r="{row}">{made}</row>'
                if after is None:
                    part.append(data, text)
                else:
                    part.replace(after, after, text)
                continue
            self._row(part, rows[row], row, cells_of.get(index[id(rows[row])], []), columns,
                      of_columns)  # fmt: skip

    def _row(
        self, part: _Part, row: _Element, number: int, cells: Sequence[_Element],
        columns: Mapping[int, Mark], of_columns: Callable[[int], str],
    ) -> None:  # fmt: skip
        there = _numbered(cells, "c")
        own = row.attributes.get("s", "") if row.attributes.get("customFormat") else ""
        missing = ""
        for column, mark in sorted(columns.items()):
            if column in there:
                cell = there[column]
                style = self.styles.like(cell.attributes.get("s", "0"), mark.severity)
                part.attribute(cell, "s", str(style))
                continue
            text = _blank(
                number, column, self.styles.like(own or of_columns(column), mark.severity)
            )
            after = next((there[it].start for it in sorted(there) if it > column), None)
            if after is not None:
                part.replace(after, after, text)
            elif not there:
                missing += text
            else:
                at = max(it.end for it in cells)
                part.replace(at, at, text)
        if missing:
            part.append(row, missing)
        if columns.keys() - there.keys() and "spans" in row.attributes:
            tag = part.data[row.start : row.inside]
            if had := re.search(rb"\sspans\s*=\s*(\"[^\"]*\"|'[^']*')", tag):
                part.replace(row.start + had.start(), row.start + had.end(), "")

    def _of_columns(self, part: _Part) -> Callable[[int], str]:
        spans = [
            (int(it.attributes.get("min", 0)), int(it.attributes.get("max", 0)),
             it.attributes.get("style", "0"))
            for it in part.elements
            if it.name == "col"
        ]  # fmt: skip
        return lambda at: next((style for low, high, style in spans if low <= at <= high), "0")

    # ------------------------------------------------------------------ comments

    def _comments(self, part: _Part, sheet: str, cells: Mapping[str, Mark]) -> None:
        links = self._links(part.name)
        mine = next((to for kind, to in links.values() if kind == "comments"), "")
        new = {address: _runs(mark) for address, mark in cells.items()}
        if mine:
            new = self._added(mine, sheet, new)
        else:
            mine = self.add("xl/commentsBcf", "xml", "spreadsheetml.comments")
            self.link(part.name, "comments", mine)
            listed = "".join(_comment(it, 0, runs) for it, runs in new.items())
            self.new[mine] = (
                f'{_HEAD}<comments xmlns="{_MAIN}"><authors><author>bcf check</author></authors>'
                f"<commentList>{listed}</commentList></comments>"
            ).encode()
        self._shapes(part, links, list(new))

    def _added(self, name: str, sheet: str, new: Mapping[str, str]) -> dict[str, str]:
        """Add comments to those of a sheet; return those of cells that had none."""
        part = self.part(name, "comments")
        authors, listed = _needed(part, "authors"), _needed(part, "commentList")
        number = len(part.children(authors[0]))
        part.append(authors[1], "<author>bcf check</author>")
        of_thread = {
            str(i)
            for i, it in enumerate(part.children(authors[0]))
            if part.data[it.inside : it.stop].startswith(b"tc=")
        }
        hers = {it.attributes.get("ref", ""): it for it in part.children(listed[0])}
        index = {id(it): i for i, it in enumerate(part.elements)}
        fresh = {}
        for address, runs in new.items():
            if address not in hers:
                fresh[address] = runs
                continue
            own = hers[address]
            if own.attributes.get("authorId") in of_thread:
                self.lost.append(
                    f"The cell {sheet} {address} has a conversation of its own: what was found "
                    "there is listed below only."
                )
                continue
            text = next((it for it in part.children(index[id(own)]) if it.name == "text"), None)
            if text is None:
                message = f"{name} has a comment without a text"
                raise NotPatched(message)
            pieces = part.children(index[id(text)])
            for it in pieces:
                if it.name == "t":
                    part.replace(it.start, it.start, "<r>")
                    part.replace(it.end, it.end, "</r>")
            said = [it.end for it in pieces if it.name in ("t", "r")]
            after = f'<r><t xml:space="preserve">\n\n</t></r>{runs}'
            if said:
                part.replace(max(said), max(said), after)
            else:
                part.append(text, after)
        if fresh:
            part.append(listed[1], "".join(_comment(it, number, of) for it, of in fresh.items()))
        return fresh

    def _shapes(
        self, part: _Part, links: Mapping[str, tuple[str, str]], addresses: Sequence[str]
    ) -> None:
        """Draw a box for each comment: without one Excel shows none."""
        if not addresses:
            return
        drawn = part.the("legacyDrawing")
        link = next((v for k, v in (drawn[1].attributes if drawn else {}).items()
                     if k.endswith(":id")), "")  # fmt: skip
        name = links.get(link, ("", ""))[1]
        if name:
            data = self.bytes_of(name)
            at = data.rfind(b"</xml>")
            if at < 0:
                message = f"{name} is not drawn as Excel draws comments"
                raise NotPatched(message)
            numbers = [int(it) for it in re.findall(rb"_x0000_s([0-9]{1,9})\b", data)]
            first = max(numbers, default=_A_BLOCK) + 1
            has_type = b"_x0000_t202" in data
            drawings = "".join(_shape(it, first + i) for i, it in enumerate(addresses))
            shapes = drawings if has_type else f"{_SHAPE_TYPE}{drawings}"
            changed = _Part(name, data)
            changed.replace(at, at, shapes)
            self.parts[name] = changed
            return
        if drawn:
            message = f"the comments of {part.name} are not drawn anywhere"
            raise NotPatched(message)
        name = self.add("xl/drawings/vmlDrawingBcf", "vml", "vmlDrawing")
        block = 900 + len(self.new)
        first = block * _A_BLOCK + 1
        shapes = "".join(_shape(it, first + i) for i, it in enumerate(addresses))
        self.new[name] = (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
            'xmlns:o="urn:schemas-microsoft-com:office:office" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel">'
            f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
            f"{_SHAPE_TYPE}{shapes}</xml>"
        ).encode()
        own = self.link(part.name, "vmlDrawing", name)
        before = [it for it in part.children(0) if it.name in _BEFORE_THE_COMMENTS]
        at = max(it.end for it in before)
        part.replace(at, at, f'<legacyDrawing xmlns:r="{_LINKS}" r:id="{own}"/>')

    # ------------------------------------------------------------------ the checklist

    def checklist(self, found: Sequence[Finding], about: str) -> None:
        """Append the sheet that lists every finding, with a link to its cell."""
        title = free_name(self.sheets)
        name = self.add("xl/worksheets/sheetBcf", "xml", "spreadsheetml.worksheet")
        own = self.link(self.name, "worksheet", name)
        numbers = [int(it.attributes.get("sheetId", 0)) for it in self.book.children(self.tabs[0])]
        self.book.append(
            self.tabs[1],
            f'<sheet name={quoteattr(title)} sheetId="{max(numbers, default=0) + 1}" '
            f'xmlns:r="{_LINKS}" r:id="{own}"/>',
        )
        looks = self.styles.own()
        rows, links = [], []
        top = [(title, "title"), (counts(found), "bold"), (about, "remark")]
        top += [(it, "remark") for it in self.lost]
        for number, (text, look) in enumerate(top, start=1):
            high = ' ht="24" customHeight="1"' if look == "title" else ""
            rows.append(f'<row r="{number}"{high}>{_text(f"A{number}", text, looks[look])}</row>')
        head = len(top) + 2
        cells = [_text(f"{_letter(i)}{head}", text, looks["heading"])
                 for i, (text, _) in enumerate(HEADINGS)]  # fmt: skip
        rows.append(f'<row r="{head}">{"".join(cells)}</row>')
        for number, it in enumerate(found, start=head + 1):
            leads = it.sheet in self.sheets
            cells = []
            for i, text in enumerate(line(it)):
                look = "link" if i == GO_TO and leads else it.severity if not i else "cell"
                cells.append(_text(f"{_letter(i)}{number}", text, looks[look]))
            high = f'ht="{height(line(it))}" customHeight="1"'
            rows.append(f'<row r="{number}" {high}>{"".join(cells)}</row>')
            if leads:
                to = quoteattr(link_to(it.sheet, cell_of(it)))
                links.append(f'<hyperlink ref="{_letter(GO_TO)}{number}" location={to}/>')
        columns = "".join(
            f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>'
            for i, (_, width) in enumerate(HEADINGS, start=1)
        )
        last = f"{_letter(len(HEADINGS) - 1)}{head + len(found)}"
        self.new[name] = (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><tabColor rgb="{_argb(WRONG)}"/>'
            '<pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane ySplit="{head}" '
            f'topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/></sheetView>'
            f"</sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
            f'<autoFilter ref="A{head}:{last}"/>'
            + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
            + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" '
            'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            "</worksheet>"
        ).encode()

    def bytes_of(self, name: str) -> bytes:
        """Return a part as it was given.

        Raises:
            NotPatched: there is none.
        """
        if name not in self.given:
            message = f"it has no part {name}" if name else "it does not say what it is"
            raise NotPatched(message)
        return self.given[name]

    def packed(self) -> bytes:
        """Return the file: its parts in their order, those that changed changed, new ones last."""
        self.styles.close()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in (*self.given.items(), *self.new.items()):
                part = self.parts.get(name)
                entry = zipfile.ZipInfo(name)  # undated: the same findings give the same bytes
                entry.compress_type = zipfile.ZIP_DEFLATED
                made.writestr(entry, part.written() if part else data)
        return out.getvalue()


class _Styles:
    """The styles of a workbook: cells that are marked have theirs, and a fill and a border."""

    def __init__(self, part: _Part) -> None:
        """Find the lists it has.

        Raises:
            NotPatched: it lacks one.
        """
        self.part = part
        self.lists: dict[str, tuple[int, _Element]] = {}
        self.added: dict[str, list[str]] = {}
        for name in ("fonts", "fills", "borders", "cellXfs"):
            self.lists[name] = _needed(part, name)
            self.added[name] = []
        self.count = {name: len(part.children(at)) for name, (at, _) in self.lists.items()}
        self.xfs = part.children(self.lists["cellXfs"][0])
        self.known: dict[tuple[str, str], int] = {}
        self.marks = {
            it: (self.add("fills", _fill(_BEHIND[it])), self.add("borders", _border(_BORDERS[it])))
            for it in SEVERITIES
        }

    def add(self, to: str, text: str) -> int:
        """Add to a list; return the number of what was added."""
        self.added[to].append(text)
        return self.count[to] + len(self.added[to]) - 1

    def like(self, style: str, severity: str) -> int:
        """Return the style that is as one, and marked."""
        if (style, severity) not in self.known:
            if not style.isdecimal() or int(style) >= len(self.xfs):
                message = f"a cell has the style {style}, and there is none"
                raise NotPatched(message)
            fill, border = self.marks[severity]
            of = self.xfs[int(style)]
            copy = _Part("xl/styles.xml", self.part.data[of.start : of.end])
            size = of.inside - of.start
            tag = _Element(of.name, of.attributes, -1, 0, size, 0, 0)
            said = {"fillId": fill, "borderId": border, "applyFill": 1, "applyBorder": 1}
            for name, value in said.items():
                copy.attribute(tag, name, str(value))
            self.known[style, severity] = self.add("cellXfs", copy.written().decode())
        return self.known[style, severity]

    def own(self) -> dict[str, int]:
        """Return the styles of the checklist."""

        def font(inner: str, size: int = 10, colour: str = INK) -> int:
            return self.add(
                "fonts", f'<font>{inner}<sz val="{size}"/><color rgb="{_argb(colour)}"/>'
                f'<name val="{TYPE["font_name"]}"/></font>',
            )  # fmt: skip

        edge = self.add("borders", _border("thin", DOTTED))
        plain, bold = font(""), font("<b/>")
        given = self.add("fills", _fill(GIVEN))

        def style(of: int, fill: int = 0, border: int = 0, wraps: bool = True) -> int:
            align = '<alignment vertical="top" wrapText="1"/>' if wraps else ""
            return self.add(
                "cellXfs", f'<xf numFmtId="49" fontId="{of}" fillId="{fill}" borderId="{border}" '
                f'xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" '
                f'applyAlignment="1">{align}</xf>',
            )  # fmt: skip

        return {
            "title": style(font("<b/>", 16, DARK), wraps=False),
            "bold": style(bold, wraps=False),
            "remark": style(font("", 10, REMARK), wraps=False),
            "heading": style(bold, given, edge),
            "cell": style(plain, 0, edge),
            "link": style(font("<u/>", 10, LINK), 0, edge),
            **{it: style(bold, fill, border) for it, (fill, border) in self.marks.items()},
        }

    def close(self) -> None:
        """Write what was added into the part."""
        for name, (_, element) in self.lists.items():
            if self.added[name]:
                if "count" in element.attributes:
                    total = self.count[name] + len(self.added[name])
                    self.part.attribute(element, "count", str(total))
                self.part.append(element, "".join(self.added[name]))


def _rels(of: str) -> str:
    folder, name = posixpath.split(of)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _free(before: str, taken: Iterable[str]) -> str:
    had = set(taken)
    return next(it for n in range(1, len(had) + 2) if (it := f"{before}{n}") not in had)


def _numbered(elements: Sequence[_Element], kind: str) -> dict[int, _Element]:
    """Return rows or cells by their number: one that says none is the next."""
    found, last = {}, 0
    for it in elements:
        if it.name != kind:
            continue
        said = it.attributes.get("r")
        last = last + 1 if said is None else int(said) if kind == "row" else _place(said)[1]
        found[last] = it
    return found


def _place(address: str) -> tuple[int, int]:
    found = _CELL.fullmatch(address)
    if found is None:
        message = f"a cell says it stands in {address!r}"
        raise NotPatched(message)
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]), column


def _address(row: int, column: int) -> str:
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def _letter(column: int) -> str:
    return chr(65 + column)


def _blank(row: int, column: int, style: int) -> str:
    return f'<c r="{_address(row, column)}" s="{style}"/>'


def _said(text: str) -> str:
    """Return a text as XML says it: it is never markup, and never one of Excel's codes."""
    return escape(_ENCODED.sub("_x005F_", text))


def _text(address: str, text: str, style: int) -> str:
    said = f'<is><t xml:space="preserve">{_said(text)}</t></is>'
    return f'<c r="{address}" s="{style}" t="inlineStr">{said}</c>'


def _runs(mark: Mark) -> str:
    looks = '<sz val="9"/><rFont val="Tahoma"/>'
    said = []
    for i, (first, rest) in enumerate(comment(mark)):
        gap = "\n\n" if i else ""
        said += [
            f'<r><rPr><b/>{looks}</rPr><t xml:space="preserve">{_said(gap + first)}</t></r>',
            f'<r><rPr>{looks}</rPr><t xml:space="preserve">{_said(rest)}</t></r>',
        ]
    return "".join(said)


def _comment(address: str, author: int, runs: str) -> str:
    return f'<comment ref="{address}" authorId="{author}"><text>{runs}</text></comment>'


_SHAPE_TYPE: Final = (
    '<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" id="_x0000_t202" coordsize="21600,21600" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_LAST_COLUMN: Final = 16_383
_LAST_ROW: Final = 1_048_575


def _shape(address: str, number: int) -> str:
    row, column = (it - 1 for it in _place(address))
    left, top = min(column + 1, _LAST_COLUMN - 4), min(max(row - 1, 0), _LAST_ROW - 12)
    return (
        f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
        f'xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" '
        f'type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        f'fillcolor="{IN_A_COMMENT}" '
        f'o:insetmode="auto"><v:fill color2="{IN_A_COMMENT}"/><v:shadow on="t" color="black" '
        f'obscured="t"/><v:path o:connecttype="none"/><v:textbox '
        f'style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{left}, 15, {top}, 10, {left + 4}, 15, {top + 10}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        f"</x:ClientData></v:shape>"
    )


def _argb(colour: str) -> str:
    return f"FF{colour.lstrip('#').upper()}"


def _fill(colour: str) -> str:
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{_argb(colour)}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )


def _border(style: str, colour: str = WRONG) -> str:
    sides = "".join(
        f'<{side} style="{style}"><color rgb="{_argb(colour)}"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    return f"<border>{sides}<diagonal/></border>"
