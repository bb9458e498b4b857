"""What an .xlsx file is made of: its parts, its sheets and the names formulas use.

A workbook to be verified may have been made by anyone. What unpacks to far more than it should,
names a part twice, or declares entities in its XML is refused.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import Final

from bcf_model.intake.workbooks.guard import Archive, Damaged, Reader, local, stream
from bcf_model.intake.workbooks.xlsx_contents import Tab, tabs_of

BOOK: Final = "xl/workbook.xml"
Parts = Mapping[str, bytes]


def unpack(data: bytes, most: int = sys.maxsize) -> dict[str, bytes]:
    """Unpack every part.

    Args:
        data: the bytes of the file.
        most: bytes it may unpack to.

    Raises:
        Damaged: it is no sound zip file, is encrypted, names a part twice or is too large.
    """
    archive = Archive(data, most)
    return {name: archive.read(name, most) for name in archive.names}


def tabs(parts: Parts) -> list[Tab]:
    """List the sheets, in the order of the workbook.

    Raises:
        Damaged: the workbook does not say where they are.
    """

    def pieces(part: str) -> Iterable[bytes]:
        if part not in parts:
            message = f"{part} is missing"
            raise Damaged(message)
        return [parts[part]]

    found, _ = tabs_of(pieces)
    for tab in found:
        if tab.part not in parts:
            message = f"the part of sheet {tab.name!a} is missing"
            raise Damaged(message)
    return found


def names(parts: Parts) -> dict[str, str]:
    """Return what each defined name refers to; a name of one sheet by its name and number."""
    reader = _Names()
    stream([parts[BOOK]], BOOK, reader)
    return reader.found


class _Names(Reader):
    """Collects the names formulas use."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "definedName":
            sheet = attributes.get("localSheetId", "")
            self._name = f"{attributes.get('name')} {sheet}".strip()
            self.found[self._name] = ""

    def data(self, text: str) -> None:
        if self._name:
            self.found[self._name] += text

    def end(self, name: str) -> None:
        self._name = ""
