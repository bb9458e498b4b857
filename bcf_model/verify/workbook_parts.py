"""What an .xlsx file is made of: its parts, its sheets and the names formulas use.

A workbook to be verified may have been made by anyone. What unpacks to far more than it should,
names a part twice, or declares entities in its XML is refused.
"""

import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

from bcf_model.errors import BcfError

_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Parts = Mapping[str, bytes]


class Damaged(BcfError):
    """A file is no workbook that could be compared; says why."""


@dataclass(frozen=True)
class Tab:
    """A sheet as the workbook lists it: the part it is in, and whether it is shown."""

    name: str
    part: str
    state: str


def unpack(data: bytes, most: int = sys.maxsize) -> dict[str, bytes]:
    """Unpack every part.

    Args:
        data: the bytes of the file.
        most: bytes it may unpack to.

    Raises:
        Damaged: it is no sound zip file, is encrypted, names a part twice or is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            if size > most:
                message = f"it unpacks to {size:,} bytes, more than the {most:,} it could need"
                raise Damaged(message)
            if len({entry.filename for entry in entries}) < len(entries):
                message = "it holds a part twice"
                raise Damaged(message)
            return {entry.filename: archive.read(entry) for entry in entries}
    except Damaged:
        raise
    except Exception as problem:  # zip and its packers have many ways to say "damaged"
        message = f"it is no workbook, or a damaged one ({problem})"
        raise Damaged(message) from problem


def tabs(parts: Parts) -> list[Tab]:
    """List the sheets, in the order of the workbook.

    Raises:
        Damaged: the workbook does not say where they are.
    """
    links = {
        link.get("Id"): link.get("Target", "")
        for link in _tree(parts, "xl/_rels/workbook.xml.rels")
    }
    found = []
    for sheet in _tree(parts, "xl/workbook.xml").iter():
        if local(sheet.tag) == "sheet":
            target = links.get(sheet.get(_LINK), "")
            part = target[1:] if target[:1] == "/" else f"xl/{target}"
            if part not in parts:
                message = f"the part of sheet {sheet.get('name')!a} is missing"
                raise Damaged(message)
            found.append(Tab(sheet.get("name", ""), part, sheet.get("state", "visible")))
    return found


def names(parts: Parts) -> dict[str, str]:
    """Give what each defined name refers to; a name of one sheet by its name and number."""
    return {
        f"{name.get('name')} {name.get('localSheetId', '')}".strip(): name.text or ""
        for name in _tree(parts, "xl/workbook.xml").iter()
        if local(name.tag) == "definedName"
    }


class NoEntities:
    """A reader of XML that refuses a document type, and so every entity declared in one."""

    def doctype(self, *_: Any) -> None:
        """Refuse it, before anything in it is read."""
        message = "its XML declares a document type"
        raise Damaged(message)

    def close(self) -> None:
        """There is nothing to give: what was found stands in the reader."""


class _Tree(NoEntities, ElementTree.TreeBuilder):
    def close(self) -> Any:
        return ElementTree.TreeBuilder.close(self)


def _tree(parts: Parts, part: str) -> Any:
    if part not in parts:
        message = f"{part} is missing"
        raise Damaged(message)
    return feed(_Tree(), parts[part], part)


def feed(target: Any, data: bytes, part: str) -> Any:
    """Read the XML of a part into a reader, and give what its `close` gives.

    Raises:
        Damaged: the XML is not sound, or the reader refuses it.
    """
    parser = ElementTree.XMLParser(target=target)
    try:
        parser.feed(data)
        return parser.close()
    except Damaged as problem:
        message = f"{part}: {problem}"
        raise Damaged(message) from problem
    except (ElementTree.ParseError, ValueError, LookupError) as problem:
        message = f"{part} is damaged ({problem})"
        raise Damaged(message) from problem


def local(tag: str) -> str:
    """Give the name of an element without its namespace."""
    return tag.rpartition("}")[2]
