"""The cells of a sheet as they are stored: formula and value."""

import re
from dataclasses import dataclass
from typing import Final

from bcf_model.intake.raw_table import address
from bcf_model.intake.workbooks.guard import Damaged, Reader, local, stream
from bcf_model.intake.workbooks.xlsx_contents import place_of
from bcf_model.verify.workbook_parts import Parts

TEXTS: Final = "xl/sharedStrings.xml"
"""The part of the texts that cells refer to by number."""
_QUOTED: Final = re.compile(r"""\"[^\"]*\"|'([A-Za-z_]\w*)'!|'(?:[^']|'')*'""")
"""A text, a sheet's name that needs no quotes, or one that does: only the second has a group."""
_ROW: Final = re.compile("[0-9]{1,7}")


@dataclass(frozen=True)
class Held:
    """What a cell holds.

    Attributes:
        kind: `number`, `text`, `truth`, `error` or `date`.
        value: as stored; of a formula, its stored result.
        formula: without its equals sign; "" when there is none.
    """

    kind: str
    value: str
    formula: str = ""

    @property
    def uncalculated(self) -> bool:
        """Whether it is a formula without a stored value: a blank text is a value."""
        return bool(self.formula) and self.kind == "number" and not self.value

    @property
    def shown(self) -> tuple[str, str | float]:
        """The value alone, in a form that can be compared: a number by its size."""
        if self.kind == "number":
            try:
                return self.kind, float(self.value)
            except ValueError:
                return self.kind, self.value
        return self.kind, self.value


def says(formula: str) -> str:
    """Return a formula in a form that can be compared: without quotes a sheet's name does not need.

    >>> says("SUM('Summary'!B1,'Risk share'!B1)")
    "SUM(Summary!B1,'Risk share'!B1)"
    """
    return _QUOTED.sub(lambda it: f"{it[1]}!" if it[1] else it[0], formula)


Cells = dict[int, dict[int, Held]]
"""By row and column, both counted from 1; blank cells are left out."""


def texts(parts: Parts) -> list[str]:
    """Return the texts that cells refer to by number."""
    if TEXTS not in parts:
        return []
    reader = _Texts()
    stream([parts[TEXTS]], TEXTS, reader)
    return reader.found


def cells(parts: Parts, part: str, shared: list[str]) -> tuple[Cells, int]:
    """Read the cells of a sheet.

    Returns:
        The cells that are not blank, and the row of the headings: the last of the frozen ones.

    Raises:
        Damaged: the XML is not sound, or a cell does not say where it stands.
    """
    reader = _Cells(shared, part)
    stream([parts[part]], part, reader)
    return reader.found, reader.frozen


class _Texts(Reader):
    """Collects shared strings; the runs of a text are joined, phonetic ones left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._open: list[str] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        self._open.append(local(name))
        if self._open[-1] == "si":
            self.found.append("")

    def data(self, text: str) -> None:
        if self._open[-1] == "t" and "rPh" not in self._open and self.found:
            self.found[-1] += text

    def end(self, _: str) -> None:
        self._open.pop()


_WHEN: Final = ("ca", "aca", "space")
"""Attributes of a formula that say when it is calculated, and that its spaces count."""
_KINDS: Final = {
    "n": "number", "s": "text", "str": "text", "inlineStr": "text",
    "b": "truth", "e": "error", "d": "date",
}  # fmt: skip


class _Cells(Reader):
    """Collects the cells of a sheet as they go by: a tree of them all would fill the memory."""

    def __init__(self, shared: list[str], part: str) -> None:
        self.found: Cells = {}
        self.frozen = 0
        self._shared, self._part = shared, part
        self._open: list[str] = []
        self._at = (0, 0)
        self._kind = ""
        self._value: str | None = None
        self._formula: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self._open.append(name)
        if name == "c" and "sheetData" in self._open:
            at = place_of(attributes.get("r", ""))
            if at is None:
                message = f"{self._part}: a cell does not say where it stands"
                raise Damaged(message)
            self._at = at
            self._kind = attributes.get("t", "n")
            self._value = self._formula = None
        elif name == "f":
            # A formula that is shared, or of an array, is no plain formula of its cell. When it is
            # calculated is no part of what it says.
            told = " ".join(
                f"{k}={v}" for k, v in sorted(attributes.items()) if local(k) not in _WHEN
            )
            self._formula = f"[{told}]" if told else ""
        elif name == "pane":
            split = attributes.get("ySplit", "")
            self.frozen = int(split) if _ROW.fullmatch(split) else 0

    def data(self, text: str) -> None:
        inside = self._open[-1]
        if inside == "f":
            self._formula = (self._formula or "") + text
        elif inside == "v" or (inside == "t" and "is" in self._open and "rPh" not in self._open):
            self._value = (self._value or "") + text

    def end(self, _: str) -> None:
        name = self._open.pop()
        if name == "c" and "sheetData" in self._open:
            self._keep()

    def _keep(self) -> None:
        row, column = self._at
        if column in self.found.get(row, {}):
            message = f"{self._part}: cell {address(row, column)} stands in a sheet twice"
            raise Damaged(message)
        value = self._value or ""
        if self._kind == "s" and self._value is not None:
            if not value.isdecimal() or int(value) >= len(self._shared):
                message = f"{self._part}: the text of cell {address(row, column)} is missing"
                raise Damaged(message)
            value = self._shared[int(value)]
        if not value and not self._formula:
            return  # a text of no characters is a blank too
        kind = _KINDS.get(self._kind, self._kind)
        self.found.setdefault(row, {})[column] = Held(kind, value, self._formula or "")
