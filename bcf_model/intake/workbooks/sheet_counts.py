"""What a sheet of a workbook of another kind than .xlsx claims, as it is counted."""

from dataclasses import dataclass, field

from bcf_model.intake.raw_table import Look
from bcf_model.intake.workbooks.guard import Damaged
from bcf_model.intake.workbooks.xlsx_contents import LARGEST_CELLS, Place


@dataclass
class Counted:
    """What a sheet claims; rows and columns are counted from 1.

    Attributes:
        height, width: up to its last cell that is not blank.
        looks: of cells, as far as they are known.
        formats: for cells whose kind is told, a number format that shows it.
    """

    height: int = 0
    width: int = 0
    looks: dict[Place, Look] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    comments: list[tuple[int, int, str]] = field(default_factory=list)
    hidden: bool = False

    def fill(self, row: int, column: int) -> None:
        """Note a cell that is not blank."""
        self.height, self.width = max(self.height, row), max(self.width, column)

    def failed(self, row: int, column: int) -> None:
        """Note a cell that holds an error."""
        self.fill(row, column)
        self.looks[row, column] = Look("BCF213", "")


class Book:
    """The sheets of a workbook, each of another name, and the number of their cells."""

    def __init__(self) -> None:
        """Begin without any."""
        self.sheets: dict[str, Counted] = {}
        self._cells = 0

    def add(self, name: str, *, hidden: bool = False) -> Counted:
        """Begin a sheet.

        Raises:
            Damaged: there is one of this name.
        """
        if name.casefold() in (known.casefold() for known in self.sheets):
            message = f"2 sheets called {name!r}"
            raise Damaged(message, "twice", "one", name)
        self.sheets[name] = sheet = Counted(hidden=hidden)
        return sheet

    def count(self, cells: int = 1) -> None:
        """Count cells.

        Raises:
            Damaged: there are more than a pool may have.
        """
        self._cells += cells
        if self._cells > LARGEST_CELLS:
            message = f"more than {LARGEST_CELLS:,} cells"
            raise Damaged(message, "large", "fewer cells, or a folder of CSV files")
