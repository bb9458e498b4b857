"""Who is weighed by what: contributions or budgets, over lines netted together (docs/rules.md, 7).

The agreement shares by it, the checks ask whether there is something to share by, and a derivation
names its rows.
"""

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.ledger import named_by
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.words import BASIS, CONTRIBUTIONS, KINDS, NONE, NOT_STATED

NETTED_BY: Final = {
    "theme": "theme",
    "category": "category",
    "holder": "organisation",
    "line": "scheme_id",
}
"""The column of the lines that each netting keeps apart; of `scope` none."""
LEFT_OUT: Final[dict[str, tuple[str, ...]]] = {
    "": (),
    "grants": ("grant",),
    "capital": ("capital",),
    "grants and capital": ("grant", "capital"),
}
"""Fundings that a measure leaves out, by what `without` says."""
NOT_MEASURED: Final = -1
"""The unit of a line that a call does not measure."""
NO_LINE: Final = -2
"""The unit of a contribution for no line that is shared."""


def units(lines: pd.DataFrame, netting: str) -> NDArray[np.intp]:
    """Number the netting unit of each line, in declared order; 0 for all when all are netted."""
    if netting not in NETTED_BY:
        return np.zeros(len(lines), dtype=np.intp)
    column = lines[NETTED_BY[netting]]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.intp)
    return pd.factorize(column)[0]


def unit_names(lines: pd.DataFrame, netting: str) -> list[str]:
    """Name the netting units by their numbers: codes; one blank name when all are netted."""
    if netting not in NETTED_BY:
        return [""]
    column = lines[NETTED_BY[netting]]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(name) for name in column.cat.categories]
    return [str(name) for name in pd.unique(column)]


class Weighed(NamedTuple):
    """Amounts that weigh: of each whose it is, in which unit, its row, and its pence.

    Rows are those of the contributions or of the lines, whichever the basis measures.
    """

    bearer: NDArray[np.object_]
    unit: NDArray[np.intp]
    row: NDArray[np.intp]
    pence: NDArray[np.int64]


class Weights:
    """What rules measure over the lines of a pool.

    A rule is a row with scope, netting, basis, measured_over, version and without.

    Args:
        lines: scheme_id, theme, organisation, category, lead, kind, grant, pooling and budget.
        contributions: `tables.Contributions`.
    """

    def __init__(self, lines: pd.DataFrame, contributions: pd.DataFrame) -> None:
        """Keep the tables."""
        self._lines, self._contributions = lines, contributions
        self.lines_of = named_by(lines)
        self._columns: dict[tuple[int, str], Any] = {}
        self._units: dict[tuple[str, str], NDArray[np.intp]] = {}

    def netted(self, scope: str, netting: str) -> NDArray[np.intp]:
        """Return the netting unit of each line of a scope; `NOT_MEASURED` for other lines."""
        if (scope, netting) not in self._units:
            unit, rows = units(self._lines, netting), self.lines_of(scope)
            self._units[scope, netting] = np.full(len(unit), NOT_MEASURED)
            self._units[scope, netting][rows] = unit[rows]
        return self._units[scope, netting]

    def units(self, rule: Any) -> NDArray[np.intp]:
        """Return the unit in which a rule measures each line; `NOT_MEASURED` for other lines."""
        if rule.measured_over:
            return self.netted(rule.measured_over, "scope")
        return self.netted(rule.scope, rule.netting)

    def of(self, rule: Any) -> Weighed:
        """Return all that weighs by a rule, of whoever it is.

        A contribution counts where all the lines it is for are of one unit; a budget where neither
        its grant nor its kind is left out.
        """
        unit, column = self.units(rule), BASIS[rule.basis].weighed_by
        if column == CONTRIBUTIONS:
            first, last = self.spread(rule)
            rows = np.flatnonzero(self.counted(rule) & (first == last) & (last >= 0))
            frame, unit, amount, column = self._contributions, last, "amount", "organisation"
        else:
            frame, amount = self._lines, "budget"
            rows = np.flatnonzero((unit >= 0) & ~self._is_left_out(rule.without))
        return Weighed(
            self._column(frame, column)[rows], unit[rows], rows, self._column(frame, amount)[rows]
        )

    def counted(self, rule: Any) -> NDArray[np.bool_]:
        """Mark the contributions of the version of a rule whose funding it does not leave out."""
        version, funding = (self._column(self._contributions, n) for n in ("version", "funding"))
        kept = ~np.isin(funding.astype("str"), LEFT_OUT[rule.without])
        return np.asarray(kept & (version == rule.version), dtype=np.bool_)

    def spread(self, rule: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the first and the last unit of the lines that each contribution is for.

        `NOT_MEASURED` where one of them is not measured, `NO_LINE` where there is no line.
        """
        of_row, lines, counts = self._named
        first, last = np.full((2, len(counts)), NO_LINE)
        if len(lines):
            unit, some = self.units(rule)[lines], counts > 0
            starts = (np.cumsum(counts) - counts)[some]
            first[some], last[some] = (f.reduceat(unit, starts) for f in (np.minimum, np.maximum))
        return first[of_row], last[of_row]

    def unclear(self, rule: Any) -> NDArray[np.bool_]:
        """Mark the lines whose budget weighs by a rule, and is not known, or not whose it is."""
        column = BASIS[rule.basis].weighed_by
        if column == CONTRIBUTIONS:
            return np.zeros(len(self._lines), dtype=np.bool_)
        nobodys = (self._column(self._lines, column) == NOT_STATED) & (self._lines["budget"] != 0)
        unknown = nobodys | (self._lines[step_of("budget")] == 0)
        weighs = (self.units(rule) >= 0) & ~self._is_left_out(rule.without)
        return np.asarray(unknown, dtype=np.bool_) & weighs

    def _is_left_out(self, without: str) -> NDArray[np.bool_]:
        kind, grant = (self._column(self._lines, name) for name in ("kind", "grant"))
        out = LEFT_OUT[without]
        of_grant = (grant != NONE) & ("grant" in out)
        return np.asarray(of_grant | ((kind == _CAPITAL) & ("capital" in out)), dtype=np.bool_)

    def _column(self, frame: pd.DataFrame, name: str) -> Any:
        """Return a column as plain values, made once: text as objects, amounts as int64."""
        known = (id(frame), name)
        if known not in self._columns:
            column = frame[name]
            is_number = pd.api.types.is_integer_dtype(column.dtype)
            self._columns[known] = column.to_numpy(dtype=np.int64 if is_number else object)
        return self._columns[known]

    @cached_property
    def _named(self) -> tuple[NDArray[np.intp], ...]:
        """Return the number of what each contribution is for, its lines, and how many they are.

        The lines of one number stand behind those of the other.
        """
        number, scopes = pd.factorize(self._contributions["to"])
        lines = [self.lines_of(scope) for scope in scopes]
        counts = np.array([len(rows) for rows in lines], dtype=np.intp)
        nowhere = np.zeros(0, dtype=np.intp)
        return number, np.concatenate([nowhere, *lines]), counts


_CAPITAL: Final = next(reversed(KINDS))
