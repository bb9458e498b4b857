"""A table of a sheet, as far as it is understood, and what is asked of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.findings import Place
from bcf_model.extracts.amounts import Amounts
from bcf_model.extracts.answers import Question
from bcf_model.extracts.headings import MONEY
from bcf_model.extracts.tables import Header
from bcf_model.intake.extract_file import Grid
from bcf_model.intake.raw_table import letters_of

BLANK, AGAIN, SECTION, FOOTER, EMPTY, LINE, TOTAL, ASKED, UNREAD = range(9)
"""What a row is; `EMPTY` has names and no amount, `ASKED` waits for an answer."""
LONGEST_LABEL: Final = 200
"""Characters of what may name a total: a longer text is a description."""


@dataclass(frozen=True)
class Total:
    """A row that is a total: where it stands, what it says and what it is proved by."""

    row: int
    label: str
    amounts: Mapping[int, int]
    lines: int
    how: str


@dataclass
class Table:
    """A table of a sheet, as far as it is understood.

    Rows are counted from 0 in the table, columns from 0 in the sheet; arrays have one entry for
    each row.

    Attributes:
        name: what it is called by where there are several.
        roles: the part each column plays.
        keys: the column of each key.
        money: the amounts of each column of money.
        kinds: what each row is.
        totals: rows that are totals.
        questions: what is to be answered before it is taken in.
        spent: the columns that say what was spent; of debit and credit both.
        form: how the amount is made of them: `one`, `debit and credit`, `months`, `wide`.
        signs: by which each amount is multiplied.
        remarks: sentences of what was found, in order.
    """

    grid: Grid
    header: Header
    file: str
    name: str = ""
    roles: dict[int, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    money: dict[int, Amounts] = field(default_factory=dict)
    kinds: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    totals: list[Total] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    spent: tuple[int, ...] = ()
    form: str = ""
    unit: str = ""
    unit_because: str = ""
    spending: int = 1
    year: str = ""
    period_as: str = ""
    section: NDArray[np.int64] | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def rows(self) -> slice:
        """The rows of the sheet it has."""
        return slice(self.header.start, self.header.end)

    @property
    def lines(self) -> NDArray[np.bool_]:
        """Which rows are lines."""
        return np.equal(self.kinds, LINE)

    def at(self, row: int) -> int:
        """Return the row of the sheet, as a spreadsheet counts it."""
        return self.header.start + row + 1

    def place(self, row: int = -1) -> Place:
        """Return where a row of it stands; the whole table where none is named."""
        return Place(self.file, self.at(row) if row >= 0 else 0, self.grid.name)

    def heading(self, column: int) -> str:
        """Return the heading of a column, its letter where it has none."""
        return self.header.texts[column] or letters_of(column + 1)

    def ask(
        self,
        code: str,
        key: str,
        said: str,
        choices: Sequence[str],
        row: int = -1,
        column: str = "",
    ) -> None:
        """Ask, once."""
        asked = Question(code, self.place(row), key, said, tuple(choices), column)
        if all((it.code, it.key, it.place) != (code, key, asked.place) for it in self.questions):
            self.questions.append(asked)

    def fault(self, code: str, said: str, row: int = -1, column: str = "", cell: str = "") -> None:
        """Note what no answer mends."""
        self.questions.append(Question(code, self.place(row), "", said, (), column, cell))


def key_columns(table: Table) -> list[int]:
    """Return the columns that name a line."""
    return [
        column
        for column, role in table.roles.items()
        if role not in MONEY and role not in {"sign", "number"}
    ]


def holds(table: Table, column: int) -> NDArray[np.bool_]:
    """Return which rows of a column hold anything."""
    of = table.grid.columns[column]
    return of.filled[of.codes[table.rows]]


def matches(
    table: Table, column: int, pattern: re.Pattern[str], words: Sequence[str]
) -> NDArray[np.bool_]:
    """Return in which rows of a column the whole text is of a form, which has one of some words."""
    of = table.grid.columns[column]
    if not any(word in of.together for word in words):
        return np.zeros(table.rows.stop - table.rows.start, bool)
    found = [
        len(text) <= LONGEST_LABEL and bool(pattern.fullmatch(text.strip())) for text in of.texts
    ]
    return np.array(found, bool)[of.codes[table.rows]]


def label_of(table: Table, row: int) -> str:
    """Return the first name a row has; its section where it has none."""
    texts = [table.grid.columns[it][table.rows.start + row].strip() for it in key_columns(table)]
    return next((text for text in texts if text), "")
