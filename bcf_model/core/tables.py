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

The tables stand in tables.csv, their columns in dictionary.csv, and in forms.csv between what the
numbers of a form must lie; a closed list is named as in `words`. What pandera holds them to is made
from these rows, and it is asked at two doors: of the cells of a file once they are read
(`Table.failures`), and of a table that is given out (`Table.validate`).

Of a table that is written, the form says in which unit a column stands (`WRITTEN_IN`).

**Not stated is not nil.** A fact nobody stated is the word `not stated` in a file, and where no
row states it the column may be blank or left out. An amount that is not stated is held as nil with
a step of nil beside it (`Lines.budget_step`), and whatever needs it is blank, with the reason.
"""

from collections import namedtuple
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any, Final, NamedTuple

import pandas as pd
import pandera.pandas as pa
from pandera.config import get_config_context
from pandera.errors import SchemaErrorReason

from bcf_model.core import words
from bcf_model.core.errors import BcfError, NotAsDescribed
from bcf_model.core.findings import FIELDS, Place
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.package_files import rows_of
from bcf_model.core.settings import Settings
from bcf_model.core.whole_pool import KEPT_TABLES

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

_SIGNS: Final = {
    **dict.fromkeys(
        ("variance", "variance_percent", "own_variance", "offered", "slice", "unlinked", "volume",
         "mix"),
        "above nil: an overspend; below nil: an underspend",
    ),
    "borne": "above nil: it costs who bears it; below nil: it relieves it",
    "balancing_payment": "above nil: it pays; below nil: it receives",
}  # fmt: skip
_SIGN: Final = "spending is above nil, income below nil, unless the meaning says otherwise"

HELD_IN: Final = {"money": 100, "price": MILLIONTHS, "share": MILLIONTHS, "quantity": MILLIONTHS}
"""How many of what a column holds make one of the unit it is written in; 1 where not named."""

REACH: Final = {
    row["form"]: (int(row["at_least"]), int(row["at_most"]))
    for row in rows_of("bcf_model.core", "forms.csv")
}
"""The least and the most a number of each form may be, in what a column holds."""


@dataclass(frozen=True)
class Problem:
    """Why a cell cannot be what it should be: the code of the finding, and what was expected."""

    code: str
    expected: str = ""


NOTHING: Final = Problem("")
"""Stands for a cell of which no value is wanted: an amount that is not stated, or that has no unit,
or a cell of which something else is said."""

Cell = str | int | Problem | None
"""A cell as it was read: its value, why it has none, or None where it is blank and must not be."""


class Failure(NamedTuple):
    """One cell that pandera refuses: its column, its row counted from 0, and what it fails.

    That is one of `blank`, `form` (it cannot be read), `words` (it is not in the closed list),
    `reach` (its number is beyond what its form can hold), `bounds` (beyond what its column may
    say), and `unique` (an earlier row says the same).
    """

    column: str
    row: int
    fails: str


_REASONS: Final = {
    SchemaErrorReason.SERIES_CONTAINS_NULLS: "blank",
    SchemaErrorReason.SERIES_CONTAINS_DUPLICATES: "unique",
}


@dataclass(frozen=True)
class FieldMeaning:
    """One line of the data dictionary.

    Attributes:
        name: of the column. form: how a cell is read (above). meaning: what it says.
        words: what it may say; of money, what may stand instead of an amount.
        default: what it says where a file leaves it out; None: it must be there.
        refers_to: the tables its codes are in.
        type: as pandas names it: `str`, `int64`, `Int64`, `float64`, `category`.
        nullable: a cell may be blank. unique: no two rows say the same.
        bounds: the least or most its numbers may be, by the name of pandera's check.
    """

    name: str
    form: str
    meaning: str
    words: Mapping[str, object] | None
    default: str | int | None
    refers_to: tuple[str, ...]
    type: str = "str"
    nullable: bool = False
    unique: bool = False
    bounds: Mapping[str, int] = field(default_factory=dict)

    @property
    def column(self) -> pa.Column:
        """What pandera is to hold its values to in a table that is given out."""
        checks = []
        if self.words is not None and self.form != "money":
            allowed = {*self.words, self.default}
            checks.append(_each("words", allowed.__contains__, ignore_na=self.nullable))
        for name, bound in self.bounds.items():
            holds = partial(_HOLDS[name], bound)
            checks.append(_check("bounds", holds, ignore_na=self.nullable))
        return pa.Column(None, checks, nullable=True, unique=self.unique)

    @property
    def column_of_cells(self) -> pa.Column:
        """What pandera is to hold its cells to as they were read from a file (`Cell`).

        A check answers for each cell only where not all hold: most columns are sound.
        """
        checks = [_each("form", _is_read)]
        if self.form == "word":
            allowed = {*(self.words or ()), self.default}
            checks.append(_each("words", lambda it: type(it) is not str or it in allowed))
        if self.form in REACH:
            checks.append(_each("reach", _within(*REACH[self.form])))
        if self.form == "whole" and self.bounds:
            least, most = REACH[self.form]
            own = self.bounds.get("ge", least), self.bounds.get("le", most)
            checks.append(_each("bounds", _within(*own)))
        return pa.Column(
            None,
            checks,
            nullable=self.default is not None,
            unique=self.unique,
            report_duplicates="exclude_first",
        )


def _check(
    name: str,
    holds: Callable[[Any], "bool | pd.Series[bool]"],
    *,
    ignore_na: bool = False,
) -> pa.Check:
    return pa.Check(holds, name=name, ignore_na=ignore_na)


def _each(name: str, holds: Callable[[Any], bool], *, ignore_na: bool = False) -> pa.Check:
    """Return a check of the cells of a column, each by itself."""

    def check(cells: "pd.Series[Any]") -> "bool | pd.Series[bool]":
        found = [holds(it) for it in cells.tolist()]
        return all(found) or pd.Series(found, index=cells.index)

    return _check(name, check, ignore_na=ignore_na)


_HOLDS: Final[Mapping[str, Callable[[int, "pd.Series[Any]"], "pd.Series[bool]"]]] = {
    "ge": lambda bound, numbers: numbers >= bound,
    "gt": lambda bound, numbers: numbers > bound,
    "le": lambda bound, numbers: numbers <= bound,
}


def _is_read(cell: Cell) -> bool:
    return type(cell) is not Problem or cell is NOTHING


def _says(cell: Cell) -> bool:
    return cell is not None and type(cell) is not Problem


def _within(least: int, most: int) -> Callable[[Cell], bool]:
    return lambda cell: type(cell) is not int or least <= cell <= most


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
        """What pandera holds it to: nothing may be added, lost or changed in passing.

        Names, types and blanks are asked of the table as a whole, and a column by itself only of
        what its values may be: each column pandera looks at costs as much as all of these together.
        """
        filled = [it.name for it in self.fields if not it.nullable and it.type != "int64"]
        whole = [
            _check(
                "types", lambda frame: {n: str(it) for n, it in frame.dtypes.items()} == self.types
            ),
            _check("blank", lambda frame: not any(frame[it].array.isna().any() for it in filled)),
        ]
        columns = {it.name: it.column for it in self.fields}
        return pa.DataFrameSchema(
            {name: it for name, it in columns.items() if it.checks or it.unique}, whole
        )

    @cached_property
    def in_file(self) -> Mapping[str, FieldMeaning]:
        """The columns a file of it may have: its own, and what may stand with a source."""
        beside = TABLES["Sources"].fields if "source" in self.types else ()
        return {it.name: it for it in (*self.fields, *beside)}

    def failures(self, cells: Mapping[str, Sequence[Cell]]) -> Collection[Failure]:
        """Return what pandera refuses of cells as they were read.

        Args:
            cells: of some of its columns, one cell for each row of the file.
        """
        frame = pd.DataFrame(cells, dtype="object")
        if not len(frame):
            return ()
        try:
            _schema_of_cells(self, tuple(cells)).validate(frame, lazy=True, inplace=True)
        except pa.errors.SchemaErrors as problems:
            found = [
                Failure(str(it.schema.name), row, _REASONS.get(it.reason_code) or it.check.name)
                for it in problems.schema_errors
                for row in it.failure_cases["index"].tolist()
            ]
            # Two cells that say nothing do not say the same.
            return [it for it in found if it.fails != "unique" or _says(cells[it.column][it.row])]
        return ()

    @cached_property
    def _without_rows(self) -> pd.DataFrame:
        return frame_of({name: [] for name in self.types}, self.types)

    def without_rows(self) -> pd.DataFrame:
        """Return a new frame with the columns of the table and no row."""
        return self._without_rows.copy()

    def validate(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table that is given out, if it is as described here.

        Raises:
            NotAsDescribed: it is not, and the program is at fault.
        """
        kinds = (*frame, *map(str, frame.dtypes))
        if not len(frame) and kinds in self._sound_without_rows:
            return frame
        try:
            self.schema.validate(frame, lazy=True, inplace=True)
        except pa.errors.SchemaErrors as problems:
            wrong = dict.fromkeys(str(it.schema.name or "columns") for it in problems.schema_errors)
            message = f"the table {self.name} is not as described: {', '.join(wrong)}"
            raise NotAsDescribed(message) from None
        if not len(frame) and get_config_context().validation_enabled:
            self._sound_without_rows.add(kinds)
        return frame

    @cached_property
    def _sound_without_rows(self) -> set[tuple[str, ...]]:
        """Columns and types that will do: of a table without rows there is no more to look at."""
        return set()


@cache
def _schema_of_cells(table: Table, columns: tuple[str, ...]) -> pa.DataFrameSchema:
    """Return what pandera holds the cells of a file to that has these columns of a table."""
    return pa.DataFrameSchema({name: table.in_file[name].column_of_cells for name in columns})


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
        refers_to=tuple(row["refers_to"].split()),
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
Actuals: Final = TABLES["Actuals"]
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


class InputTable(NamedTuple):
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
    InputTable("metrics", TABLES["Metrics"], required=False, may_be_blank=True),
    InputTable("metric_values", TABLES["MetricValues"], required=False, may_be_blank=True),
    InputTable("denominators", TABLES["Denominators"], required=False, may_be_blank=True),
    InputTable("thresholds", TABLES["Thresholds"], required=False, may_be_blank=True),
    InputTable("volumes", TABLES["Volumes"], required=False, may_be_blank=True),
    InputTable("perimeters", TABLES["Perimeters"], required=False, may_be_blank=True),
    InputTable("quantities", TABLES["Quantities"], required=False, may_be_blank=True),
    InputTable("actuals", TABLES["Actuals"], required=False, may_be_blank=True),
)
OF_INDICATORS: Final = ("metrics", "metric_values", "denominators", "thresholds")
"""The input tables of the indicators beside the money."""


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
"""Those of every report."""

INDICATOR_TABLES: Final[dict[str, Table]] = {
    "indicators": TABLES["IndicatorsOut"],
    "indicators_by_month": TABLES["IndicatorsByMonthOut"],
    "price_volume": TABLES["PriceVolumeOut"],
}
"""Those of the report of a pool that has indicators, or lines whose money follows activity."""


def frame_of(columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> pd.DataFrame:
    """Return a table of plain values, by column and each of its type; None is blank.

    Several times faster than columns that are each a table first, or rows that become columns.
    """
    return pd.DataFrame(
        {
            name: pd.array(columns[name], dtype=kind)  # type: ignore[call-overload] # any of ours
            for name, kind in types.items()
        }
    )


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
    columns = [column.tolist() for _, column in frame.items()] if len(frame) else []
    return map(_row_of(tuple(frame))._make, zip(*columns, strict=True))


def each(frame: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    """Return what stands in some columns of a table, each once, in the order of its rows."""
    return [*dict.fromkeys(frame[[*columns]].itertuples(index=False, name=None))]


def rows_of_each(frame: pd.DataFrame, *by: str) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Return the rows of each combination of values of some columns, as each first occurs."""
    places: dict[tuple[Any, ...], list[int]] = {}
    for at, values in enumerate(zip(*(frame[name].tolist() for name in by), strict=True)):
        places.setdefault(values, []).append(at)
    return ((values, frame.iloc[rows]) for values, rows in places.items())


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


def sign_of(meaning: FieldMeaning) -> str:
    """Return what it means that a number of a column is above or below nil; "" where it has none.

    An amount has the sign that every amount has, unless its column has its own.
    """
    if meaning.form not in ("money", "price", "percent"):
        return ""
    return _SIGNS.get(meaning.name, "" if meaning.form == "percent" else _SIGN)


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


class Agreement(NamedTuple):
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
AGREEMENT_TABLES: Final = KEPT_TABLES["agreement"]
"""The tables an agreement may bring, each in place of the pool's; the first it must."""
FOR_PLANS: Final = (
    "virements", "funding", "savings", "phasing", "planned_activity", "efficiencies", "blocks",
)  # fmt: skip
"""Those a pool may keep beside its own for its plans, which `plan.tables` describes."""
FOR_SCENARIOS: Final = KEPT_TABLES["scenario"]
"""Those a scenario may bring, which `plan.tables` describes."""
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
    metrics: pd.DataFrame
    metric_values: pd.DataFrame
    denominators: pd.DataFrame
    thresholds: pd.DataFrame
    volumes: pd.DataFrame
    perimeters: pd.DataFrame
    quantities: pd.DataFrame
    actuals: pd.DataFrame
    steps: pd.DataFrame | None = None
    budget_steps: tuple[int, ...] = ()
    control_steps: tuple[int, ...] = ()
    files: tuple[SourceFile, ...] = ()
    places: Mapping[str, Places] = field(default_factory=dict)
    agreement: Agreement = OWN_AGREEMENT
    findings: tuple[Any, ...] = field(default=())


FindingsOut: Final = Table(
    "FindingsOut",
    "One row per finding about the data, in the order of the report.",
    tuple(
        FieldMeaning(name, "whole", it, None, None, (), "Int64", nullable=True)
        if name == "row"
        else FieldMeaning(name, "text", it, None, None, ())
        for name, it in FIELDS.items()
    ),
)


AUDIT_TABLES: Final[dict[str, Table]] = {
    "audit": TABLES["AuditOut"],
    "audit_figures": TABLES["AuditFiguresOut"],
    "audit_cross_table": TABLES["AuditCrossTableOut"],
    "audit_across": TABLES["AuditAcrossOut"],
}
"""What `bcf audit` writes; no part of the report."""
