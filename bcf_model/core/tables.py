"""Every table in and out: the data dictionary, the reader's list of columns and the validator.

Said once, for all of them:

- **Money** is int64 whole pence; pounds exist only in files and on pages.
- **Sign**: spending is positive, income negative; ``variance = expenditure − budget``, so positive
  is an overspend; *borne* is positive where it costs the partner.
- **Rates** are float64 fractions, and percentages (`variance_percent`) a hundred times that; blank
  (NaN) where they would mean nothing.

Each field has a meaning and a `form`, which says how an input cell is read: `code` (names a
thing), `text`, `money`, `pounds` (money with its sign, whatever the unit of the file), `percent`
(percentage), `share` (a percentage that must have its sign when it is below 1), `whole` (number),
`quantity` (number with decimals), `edge` (pounds or percentage), `date`, `year` (financial), `word`
(one of a closed list), `figure`, `scope`, `cover` (a scope that may name rules and steps),
`printed`. A field that `may_be_left_out` of a file is then its `default`.

The tables stand in tables.csv, their columns in dictionary.csv; a closed list is named as in
`words`. What pandera holds them to is made from these rows.

Of a table that is written, the form says in which unit a column stands (`WRITTEN_IN`).

**Not stated is not nil.** A fact nobody stated is the word `not stated` in a file, and where no
row states it the column may be blank or left out. An amount that is not stated is held as nil with
a step of nil beside it (`Lines.budget_step`), and whatever needs it is blank, with the reason.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

from bcf_model.core import words
from bcf_model.core.errors import BcfError
from bcf_model.core.findings import Place
from bcf_model.core.package_files import rows_of
from bcf_model.core.settings import Settings

WRITTEN_IN: Final = {
    "text": "",
    "money": "pounds",
    "price": "pounds",
    "share": "percent",
    "percent": "percent",
    "whole": "whole number",
    "quantity": "number",
    "number": "number",
    "weight": "weight",
}
"""The unit in which a table that is written has a column of each form.

A `number` is in the unit that stands beside it, or has none; a `weight` counts only against the
other weights of its row, for it is in pence where an amount is weighed, and in millionths of a
percent where a percentage is.
"""

HELD_IN: Final = {"money": 100, "price": 10**6, "share": 10**6, "quantity": 10**6}
"""How many of what a column holds make one of the unit it is written in; 1 where not named."""


@dataclass(frozen=True)
class FieldMeaning:
    """One line of the data dictionary.

    Attributes:
        name: of the column. form: how a cell is read (above). meaning: what it says.
        words: what it may say; of money, what may stand instead of an amount.
        default: what it says where a file leaves it out; None: it must be there.
        refers_to: the table its codes are in.
        type: as pandas names it: `str`, `int64`, `Int64`, `float64`, `category`.
        nullable: a cell may be blank. unique: no two rows say the same.
        bounds: the least or most its numbers may be, by the name of pandera's check.
    """

    name: str
    form: str
    meaning: str
    words: Mapping[str, object] | None
    default: str | int | None
    refers_to: str
    type: str = "str"
    nullable: bool = False
    unique: bool = False
    bounds: Mapping[str, int] = field(default_factory=dict)

    @property
    def column(self) -> pa.Column:
        """What pandera is to hold it to."""
        checks = [getattr(pa.Check, name)(bound) for name, bound in self.bounds.items()]
        if self.words is not None and self.form != "money":
            checks.append(pa.Check.isin([*self.words, *([""] if self.default == "" else [])]))
        dtype = str if self.type == "str" else self.type
        return pa.Column(dtype, checks, nullable=self.nullable, unique=self.unique)


@dataclass(frozen=True, eq=False)
class Table:
    """A table: its name in the code, what one row of it is, and its columns in order."""

    name: str
    grain: str
    fields: tuple[FieldMeaning, ...]

    @cached_property
    def types(self) -> Mapping[str, str]:
        """The type of each column, as pandas names it."""
        return {it.name: it.type for it in self.fields}

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """What pandera holds it to: nothing may be added, lost or changed in passing."""
        return pa.DataFrameSchema({it.name: it.column for it in self.fields}, strict=True)

    @cached_property
    def _without_rows(self) -> pd.DataFrame:
        return pd.DataFrame({it.name: pd.Series([], dtype=it.type) for it in self.fields})

    def without_rows(self) -> pd.DataFrame:
        """Return a new frame with the columns of the table and no row."""
        return self._without_rows.copy()

    def validate(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table back if it is as described here.

        Raises:
            pandera.errors.SchemaError: it is not; only then is pandera asked, which takes long.
        """
        return frame if _is_as_described(frame, self) else self.schema.validate(frame)


_HOLDS: Final[Mapping[str, Callable[..., Any]]] = {
    "ge": lambda cells, bound: (cells >= bound).all(),
    "gt": lambda cells, bound: (cells > bound).all(),
    "le": lambda cells, bound: (cells <= bound).all(),
}


def _is_as_described(frame: pd.DataFrame, table: Table) -> bool:
    """Return whether a table surely has its columns and types, and all checks of them hold."""
    return sorted(map(str, frame)) == sorted(table.types) and all(
        str(cells.dtype) == it.type
        and (it.type == "int64" or it.nullable or not cells.hasnans)
        and (not it.unique or cells.is_unique)
        and (it.words is None or it.form == "money" or {*cells.tolist()} <= {*it.words, it.default})
        and all(_HOLDS[name](cells, bound) for name, bound in it.bounds.items())
        for it in table.fields
        for cells in [frame[it.name]]
    )


def tables_of(package: str, vocabulary: Mapping[str, Any]) -> Mapping[str, Table]:
    """Read the tables of a room by name: its tables.csv, and their columns in dictionary.csv.

    Args:
        package: the room, as `bcf_model.core`.
        vocabulary: the closed lists that its columns name.
    """
    grains = {row["table"]: row["grain"] for row in rows_of(package, "tables.csv")}
    columns: dict[str, list[FieldMeaning]] = {name: [] for name in grains}
    for row in rows_of(package, "dictionary.csv"):
        columns[row["table"]].append(_field(row, vocabulary))
    return {name: Table(name, grain, tuple(columns[name])) for name, grain in grains.items()}


def _field(row: Mapping[str, str], vocabulary: Mapping[str, Any]) -> FieldMeaning:
    default = row["default"]
    return FieldMeaning(
        name=row["column"],
        form=row["form"],
        meaning=row["meaning"],
        words=vocabulary[row["closed_list"]] if row["closed_list"] else None,
        default=(int(default) if default.isdecimal() else default)
        if row["may_be_left_out"]
        else None,
        refers_to=row["refers_to"],
        type=row["type"],
        nullable=bool(row["nullable"]),
        unique=bool(row["unique"]),
        bounds={
            check: int(row[column])
            for column, check in (("at_least", "ge"), ("above", "gt"), ("at_most", "le"))
            if row[column]
        },
    )


TABLES: Final = tables_of("bcf_model.core", vars(words))
Achievement: Final = TABLES["Achievement"]
Budgets: Final = TABLES["Budgets"]
ComparisonOut: Final = TABLES["ComparisonOut"]
Contributions: Final = TABLES["Contributions"]
Limits: Final = TABLES["Limits"]
LimitsOut: Final = TABLES["LimitsOut"]
Lines: Final = TABLES["Lines"]
PaymentsOut: Final = TABLES["PaymentsOut"]
Published: Final = TABLES["Published"]
Rules: Final = TABLES["Rules"]
Schemes: Final = TABLES["Schemes"]
Shares: Final = TABLES["Shares"]
StatedBudgets: Final = TABLES["StatedBudgets"]
Transcription: Final = TABLES["Transcription"]
VarianceView: Final = TABLES["VarianceView"]


@dataclass(frozen=True)
class InputTable:
    """An input file: its name, its table, and whether a pool must have it."""

    name: str
    model: Table
    required: bool
    may_be_blank: bool = False


INPUT_TABLES: Final = (
    InputTable("organisations", TABLES["Organisations"], required=True),
    InputTable("themes", TABLES["Themes"], required=True),
    InputTable("categories", TABLES["Categories"], required=True),
    InputTable("schemes", TABLES["Schemes"], required=True),
    InputTable("rules", TABLES["Rules"], required=True),
    InputTable("limits", TABLES["Limits"], required=False, may_be_blank=True),
    InputTable("contributions", TABLES["Contributions"], required=False, may_be_blank=True),
    InputTable("reserves", TABLES["Reserves"], required=False, may_be_blank=True),
    InputTable("achievement", TABLES["Achievement"], required=False, may_be_blank=True),
    InputTable("causes", TABLES["Causes"], required=False, may_be_blank=True),
    InputTable("parts", TABLES["Parts"], required=False, may_be_blank=True),
    InputTable("payments", TABLES["Payments"], required=False, may_be_blank=True),
    InputTable("activity", TABLES["Activity"], required=False, may_be_blank=True),
    InputTable("budgets", TABLES["Budgets"], required=False, may_be_blank=True),
    InputTable("commentary", TABLES["Commentary"], required=False, may_be_blank=True),
    InputTable("control_totals", TABLES["ControlTotals"], required=False, may_be_blank=True),
    InputTable("published", TABLES["Published"], required=False, may_be_blank=True),
)


OUTPUT_TABLES: Final[dict[str, Table]] = {
    "variance": TABLES["VarianceOut"],
    "variance_by_theme": TABLES["VarianceView"],
    "variance_by_organisation": TABLES["VarianceView"],
    "variance_by_theme_organisation": TABLES["VarianceView"],
    "variance_by_category": TABLES["VarianceView"],
    "variance_by_kind": TABLES["VarianceView"],
    "variance_total": TABLES["VarianceView"],
    "memo": TABLES["VarianceOut"],
    "risk_share": TABLES["RiskShareOut"],
    "risk_share_summary": TABLES["RiskShareSummaryOut"],
    "risk_share_workings": TABLES["Shares"],
    "revenue_capital": TABLES["FundingKindOut"],
    "settlement": TABLES["SettlementOut"],
    "reserves": TABLES["ReservesOut"],
    "limits": TABLES["LimitsOut"],
    "payments": TABLES["PaymentsOut"],
    "published": TABLES["PublishedOut"],
    "checks": TABLES["ChecksOut"],
}


def typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns named, in order and of their types; several times faster than `astype`.

    `astype` makes a table of every column and puts them together again.
    """
    found = {name: frame[name].array for name in columns}
    return pd.DataFrame(
        {
            name: cells if str(cells.dtype) == columns[name] else cells.astype(columns[name])
            for name, cells in found.items()
        },
        index=frame.index,
    )


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Return the rows one by one, columns as attributes; what they hold, the frame's table says."""
    columns = [column.tolist() for _, column in frame.items()]
    return map(_row_of(tuple(frame))._make, zip(*columns, strict=True))


@cache
def _row_of(columns: tuple[str, ...]) -> Any:
    """Return the type of the rows; pandas makes one for every table anew."""
    return namedtuple("Row", columns)


def in_units(
    tables: Mapping[str, pd.DataFrame], models: Mapping[str, Table], name: str
) -> pd.DataFrame:
    """Return one table in the units it is written in: pounds, percent, numbers; a new frame.

    Args:
        tables: a frame for each of `models`, money in whole pence; what is not known is blank.
        models: what they say, by the name they are asked for.
        name: the table.

    Raises:
        BcfError: there is no such table.
    """
    if name not in tables:
        message = f"there is no table {name!r}; there are {', '.join(tables)}"
        raise BcfError(message)
    frame = tables[name].copy()
    for meaning in models[name].fields:
        if meaning.form in HELD_IN and meaning.name in frame:
            held = frame[meaning.name].astype("float64").to_numpy()
            frame[meaning.name] = held / HELD_IN[meaning.form]
    return frame


@dataclass(frozen=True)
class SourceFile:
    """An input file as it was read, and its bytes."""

    name: str
    sha256: str
    rows: int
    data: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True)
class Places:
    """Where the rows of a table stood.

    Attributes:
        file: the file. sheet: its sheet, blank in a folder. rows: their row numbers.
        letters: by heading, the letters of its column; none in a folder.
    """

    file: str
    sheet: str
    rows: tuple[int, ...]
    letters: Mapping[str, str] = field(default_factory=dict)

    def at(self, i: int) -> Place:
        """Return where the i-th row stood; of a table without rows, the whole of it."""
        return Place(self.file, self.rows[i] if self.rows else 0, self.sheet)


@dataclass(frozen=True)
class Agreement:
    """The agreement whose rules and facts are applied: the pool's own, or one that is tried.

    Attributes:
        name: of its file or folder, without an ending. title: as a report prints it.
        status: such as illustrative. source: where its terms come from. note: a remark.
    """

    name: str
    title: str
    status: str = ""
    source: str = ""
    note: str = ""


OWN_AGREEMENT: Final = Agreement("own", "The pool's own agreement")
AGREEMENT_TABLES: Final = (
    "rules", "limits", "organisations", "contributions", "reserves", "achievement", "causes",
    "payments", "activity",
)  # fmt: skip
"""The tables an agreement may bring, each in place of the pool's; the first it must."""
WITH_THE_RULES: Final = ("limits",)
"""Those that go with the rules: an agreement that brings none has none, whatever the pool has."""


@dataclass(frozen=True)
class Inputs:
    """A pool, read and found sound. Frames as in `INPUT_TABLES`; lines still without their pot.

    Attributes:
        steps: for each scheme line, the step in which its budget and its expenditure are written,
            in pence, and to which its variance is known; 1 for an amount that is exact, nil for
            one that is not stated. None where all are stated, and exact.
        budget_steps: the same for each row of `budgets`; empty where all are exact.
        control_steps: the same for each row of `control_totals`.
        places: for each table that was read from a file, where its rows stood.
        agreement: whose rules these are.
    """

    name: str
    settings: Settings
    organisations: pd.DataFrame
    themes: pd.DataFrame
    categories: pd.DataFrame
    schemes: pd.DataFrame
    rules: pd.DataFrame
    limits: pd.DataFrame
    contributions: pd.DataFrame
    reserves: pd.DataFrame
    achievement: pd.DataFrame
    causes: pd.DataFrame
    parts: pd.DataFrame
    payments: pd.DataFrame
    activity: pd.DataFrame
    budgets: pd.DataFrame
    commentary: pd.DataFrame
    control_totals: pd.DataFrame
    published: pd.DataFrame
    steps: pd.DataFrame | None = None
    budget_steps: tuple[int, ...] = ()
    control_steps: tuple[int, ...] = ()
    files: tuple[SourceFile, ...] = ()
    places: Mapping[str, Places] = field(default_factory=dict)
    agreement: Agreement = OWN_AGREEMENT
    findings: tuple[Any, ...] = field(default=())


AUDIT_TABLES: Final[dict[str, Table]] = {
    "audit": TABLES["AuditOut"],
    "audit_figures": TABLES["AuditFiguresOut"],
    "audit_cross_table": TABLES["AuditCrossTableOut"],
}
"""What `bcf audit` writes; no part of the report."""
