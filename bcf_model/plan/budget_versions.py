"""Budget versions: the lines a plan opens with, and what moved between two versions.

docs/method.md, 2 and 4. The schemes' own columns are versions, `year-end budget` and `outturn` once
the year is over (`basis.scheme_versions`); `blocks` is the city's spending by block; every other is
a version of `budgets.csv`.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.basis import BLOCKS, Standing, scheme_versions
from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.findings import listed
from bcf_model.core.money import scaled
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.tables import Inputs, records, typed
from bcf_model.core.words import NOT_STATED
from bcf_model.plan.apportion import parted
from bcf_model.plan.output_tables import Movement, PlanLines, types
from bcf_model.plan.words import CAUSE_NOT_STATED, CITY, NOT_ALLOCATED
from bcf_model.year import payments

Frames = Mapping[str, pd.DataFrame]

KNOWN: Final = "known"
"""The column of a version's lines that says whether their amount is stated."""
IN_TOTAL: Final = "in total"
"""What a line is called that a version states of no theme."""
PLACE: Final = ["theme", "organisation", "scheme_id", "kind"]
_COLUMNS: Final = [*types(PlanLines)]


class Versions:
    """The budget versions of a pool, each read off its frames once.

    Attributes:
        frames: of the pool by name: `schemes` (with `expenditure` as paid), `themes`, `budgets`,
            `virements`, `blocks` and `perimeters`; and `own`, the versions that are the schemes'
            columns. Schemes and budgets may have the steps of their amounts (`budget_step`,
            `expenditure_step`, `amount_step`): nil says that one is not stated.
    """

    def __init__(self, frames: Frames) -> None:
        """Keep the frames."""
        self.frames = frames
        self._lines: dict[str, pd.DataFrame] = {}

    def lines(self, version: str) -> pd.DataFrame:
        """Return the lines of a version as it states them; nobody writes into them."""
        if version not in self._lines:
            self._lines[version] = _lines(self.frames, version)
        return self._lines[version]


def own_frame(standing: Standing) -> pd.DataFrame:
    """Return the frame `own`: version, and the column of the schemes it is."""
    return pd.DataFrame(
        scheme_versions(standing).items(), columns=["version", "column"], dtype="str"
    )


def version_names(versions: Versions) -> list[str]:
    """Name the versions there are: the pool's own, and those of `budgets.csv`."""
    frames = versions.frames
    own = [*frames["own"]["version"], *([BLOCKS] if len(frames["blocks"]) else [])]
    return [*own, *dict.fromkeys(frames["budgets"]["version"])]


def of_pool(inputs: Inputs, tables: Frames) -> Versions:
    """Return the versions of a pool: expenditure is what was paid, activity as agreed.

    Args:
        inputs: the pool.
        tables: what it adds for its plans.
    """
    paid = payments.work_out(inputs.payments, inputs.activity)
    unpaid = payments.unpaid_by_line(paid, inputs.schemes["scheme_id"])
    schemes = inputs.schemes.assign(expenditure=inputs.schemes["expenditure"] - unpaid)
    budgets = tables["budgets"]
    if inputs.steps is not None:
        known = {step_of(name): inputs.steps[name].to_numpy() for name in ("budget", "expenditure")}
        schemes = schemes.assign(**known)
    if inputs.budget_steps:
        budgets = budgets.assign(amount_step=inputs.budget_steps)
    own = own_frame(inputs.settings.standing)
    facts = {"schemes": schemes, "themes": inputs.themes, "own": own}
    return Versions({**tables, **facts, "budgets": budgets})


def opening_lines(versions: Versions, version: str, split: str = "") -> pd.DataFrame:
    """Return the lines of a version, and `not allocated` at last, which opens at nil.

    Args:
        versions: of the pool.
        version: the name of one.
        split: the version by whose schemes a version stated by theme is parted; blank for not.

    Returns:
        `output_tables.PlanLines` without its first column.
    """
    lines = versions.lines(version)
    if split:
        lines = _parted(lines, versions.lines(split))
    nowhere = dict.fromkeys(_COLUMNS, "") | {
        "line": NOT_ALLOCATED,
        "name": "Not allocated to a line",
        "organisation": NOT_STATED,
        "kind": "revenue",
        "opening": 0,
    }
    whole = pd.concat([lines, pd.DataFrame([nowhere])], ignore_index=True)
    return whole[_COLUMNS]


def _lines(frames: Frames, version: str) -> pd.DataFrame:
    if version == BLOCKS:
        return _blocks(frames)
    own = dict(zip(frames["own"]["version"], frames["own"]["column"], strict=True))
    if version in own:
        pooled = frames["schemes"][frames["schemes"]["pooling"] == "pooled"]
        return pd.DataFrame(
            {
                "line": pooled["scheme_id"],
                "name": pooled["scheme"],
                "theme": pooled["theme"],
                "organisation": pooled["organisation"],
                "scheme_id": pooled["scheme_id"],
                "category": pooled["category"],
                "kind": pooled["kind"],
                "block": "",
                "prevention": pooled["prevention"],
                "opening": pooled[own[version]],
                KNOWN: _known(pooled, own[version]),
            }
        ).reset_index(drop=True)
    stated = frames["budgets"][frames["budgets"]["version"] == version].reset_index(drop=True)
    schemes, themes = frames["schemes"], frames["themes"]
    scheme = dict(zip(schemes["scheme_id"], schemes["scheme"], strict=True))
    category, prevention = (
        dict(zip(schemes["scheme_id"], schemes[name], strict=True)) | {"": ""}
        for name in ("category", "prevention")
    )
    theme = dict(zip(themes["theme"], themes["name"], strict=True))
    rows = [*records(stated)]
    names = [
        scheme[row.scheme_id] if row.scheme_id else theme.get(row.theme, IN_TOTAL.capitalize())
        for row in rows
    ]
    return pd.DataFrame(
        {
            "line": [line_code(row) for row in rows],
            "name": pd.array(names, dtype="str"),
            "theme": stated["theme"].where(stated["theme"] != NOT_STATED, ""),
            "organisation": _holders(stated, schemes),
            "scheme_id": stated["scheme_id"],
            "category": pd.array([category[row.scheme_id] for row in rows], dtype="str"),
            "kind": stated["kind"],
            "block": "",
            "prevention": pd.array([prevention[row.scheme_id] for row in rows], dtype="str"),
            "opening": stated["amount"],
            KNOWN: _known(stated, "amount"),
        }
    )


def _holders(stated: pd.DataFrame, schemes: pd.DataFrame) -> Any:
    """Return the budget holder of each row: that of the scheme, where one is named."""
    of_scheme = dict(zip(schemes["scheme_id"], schemes["organisation"], strict=True))
    rows = zip(stated["scheme_id"], stated["organisation"], strict=True)
    return pd.array([of_scheme.get(code, own) for code, own in rows], dtype="str")


def line_code(row: Any) -> str:
    """Name a row of a version: by scheme; else by theme, and by holder and capital if stated.

    What is stated of no theme is `in total`.

    A row's code does not depend on the other rows, for lines of two versions are compared by it;
    two places that come to the same code are a finding (BCF756).
    """
    holder = f" {row.organisation}" if row.organisation != NOT_STATED else ""
    kind = f" {row.kind}" if row.kind != "revenue" else ""
    theme = IN_TOTAL if row.theme == NOT_STATED else f"theme {row.theme}"
    return row.scheme_id or f"{theme}{holder}{kind}"


def _known(frame: pd.DataFrame, amount: str) -> Any:
    """Mark the rows of which an amount is stated."""
    step = step_of(amount)
    return frame[step] > 0 if step in frame else np.ones(len(frame), dtype=bool)


def _blocks(frames: Frames) -> pd.DataFrame:
    blocks, perimeters = frames["blocks"], frames["perimeters"].set_index("perimeter")
    whole = int(perimeters["amount"][CITY])
    return pd.DataFrame(
        {
            "line": blocks["block"],
            "name": blocks["name"],
            "theme": "",
            "organisation": NOT_STATED,
            "scheme_id": "",
            "category": "",
            "kind": "revenue",
            "block": blocks["block"],
            "prevention": blocks["prevention"],
            "opening": scaled(np.int64(whole), blocks["share"].to_numpy(), np.int64(WHOLE_RATE)),
            KNOWN: True,
        }
    )


def _parted(lines: pd.DataFrame, schemes: pd.DataFrame) -> pd.DataFrame:
    """Part what is stated by theme over schemes, in proportion to what they have."""
    schemes = schemes[schemes["scheme_id"] != ""]
    parts = []
    for i, row in enumerate(records(lines)):
        same = schemes["kind"] == row.kind
        if row.theme:  # what is stated in total only is of every theme
            same &= schemes["theme"] == row.theme
        if row.organisation != NOT_STATED:
            same &= schemes["organisation"] == row.organisation
        weights = np.maximum(schemes.loc[same, "opening"].to_numpy(dtype=np.int64), 0)
        if row.scheme_id or not weights.sum():
            parts.append(lines[i : i + 1])
        else:
            parts.append(schemes[same].assign(opening=parted(row.opening, weights)))
    whole = pd.concat(parts, ignore_index=True)
    twice = whole.groupby("line", sort=False)["opening"].sum()
    first = whole.drop_duplicates("line").assign(opening=twice.to_numpy(dtype=np.int64))
    text = {name: "str" for name in _COLUMNS if name != "opening"}
    return first.astype(text).reset_index(drop=True)


def budgets_by_place(versions: Versions, earlier: str, later: str) -> dict[str, "pd.Series[Any]"]:
    """Add two versions up by what they can be compared by: theme, organisation, scheme, kind.

    Where either has no schemes, both are taken without; so with organisations and themes. A place
    that a version does not state is not among its places. What it states of a theme, organisation
    and scheme it states of both kinds: one that it does not name there is nil.
    """
    return _by_place(*_comparable(versions, earlier, later))


def left_out(versions: Versions, first: str, second: str) -> dict[str, list[str]]:
    """Return what each of two versions leaves out of what the other states, in words.

    Returns:
        By version, such as `theme 4, organisation SCC`; nothing for one that states it all.
    """
    sums = _by_place(*_comparable(versions, first, second))
    if first == second:
        return {}
    stated = {name: {place[:-1]: None for place in of.index} for name, of in sums.items()}
    every = {place: None for places in stated.values() for place in places}
    lost = {name: [p for p in every if p not in places] for name, places in stated.items()}
    return {name: [spelt(*place) for place in places] for name, places in lost.items() if places}


def not_given(found: pd.DataFrame, budgets: Mapping[str, "pd.Series[Any]"]) -> dict[str, list[str]]:
    """Return by version the places of a movement of which it states no budget, in words.

    Args:
        found: as `movement` gives it.
        budgets: of its two versions, as `budgets_by_place` gives them.
    """
    lost = {
        name: dict.fromkeys(place[:-1] for place in _places(found) if place not in of.index)
        for name, of in budgets.items()
    }
    return {name: [spelt(*place) for place in places] for name, places in lost.items() if places}


def spelt(theme: str, organisation: str, scheme_id: str) -> str:
    """Return a place in words: what is known of it."""
    named = zip(("theme", "organisation", "scheme"), (theme, organisation, scheme_id), strict=True)
    said = [f"{what} {code}" for what, code in named if code not in (NOT_STATED, "")]
    return ", ".join(said[-1:] if scheme_id else said) or "the whole"


def unshared_because(inputs: Inputs) -> str:
    """Return why nothing of a plan of this pool can be shared; "" where it can.

    Who bears hangs on who holds a line; what a reserve opens with, on the pool's own year.
    """
    pooled = inputs.schemes["pooling"] == "pooled"
    nobodys = inputs.schemes[["organisation", "lead"]].isin([NOT_STATED]).any(axis=1) & pooled
    if nobodys.any():
        codes = listed(inputs.schemes.loc[nobodys, "scheme_id"].tolist())
        return f"whose line {codes} is, is not stated"
    steps = inputs.steps
    if len(inputs.reserves) and steps is not None:
        known = steps.loc[pooled.to_numpy(), ["budget", "variance"]]
        if (known == 0).any(axis=None):
            return "what the reserves hold after the pool's own year hangs on what is not stated"
    return ""


def not_stated(versions: Versions, version: str) -> list[str]:
    """Return the lines of a version whose amount is not stated."""
    lines = versions.lines(version)
    return lines.loc[~lines[KNOWN].astype(bool), "line"].tolist()


def _by_place(
    both: Mapping[str, pd.DataFrame], virements: pd.DataFrame
) -> dict[str, "pd.Series[Any]"]:
    sums, kinds = {}, {}
    for name, table in both.items():
        known = table.groupby(PLACE, sort=False)[KNOWN].all()
        amounts = table.groupby(PLACE, sort=False)["opening"].sum()
        sums[name] = amounts[known.to_numpy(dtype=bool)]
        # Of a place of which one amount is not stated, no kind is nil.
        whole = table.groupby(PLACE[:-1], sort=False)[KNOWN].all()
        kinds[name] = {*whole.index[whole.to_numpy(dtype=bool)]}
    every = dict.fromkeys([*(p for of in sums.values() for p in of.index), *_places(virements)])
    for name, of in sums.items():
        nil = [p for p in every if p not in of.index and p[:-1] in kinds[name]]
        if nil:
            index = pd.MultiIndex.from_tuples([*of.index, *nil], names=PLACE)
            sums[name] = pd.Series([*of, *[0] * len(nil)], index=index, name="opening")
    return sums


def _comparable(
    versions: Versions, earlier: str, later: str
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return both versions, and the virements between them, by the same places."""
    lines = {name: versions.lines(name) for name in (earlier, later)}
    both = {name: frame[[*PLACE, "opening", KNOWN]] for name, frame in lines.items()}
    stated = versions.frames["virements"]
    known = stated[(stated["from_version"] == earlier) & (stated["to_version"] == later)]
    known = known.assign(organisation=_holders(known, versions.frames["schemes"]))
    if BLOCKS in (earlier, later):
        return both, known
    for column, said in (("scheme_id", ""), ("organisation", NOT_STATED), ("theme", NOT_STATED)):
        if any(table[column].isin(["", NOT_STATED]).any() for table in both.values()):
            both = {name: table.assign(**{column: said}) for name, table in both.items()}
            known = known.assign(**{column: said})
    return both, known


def movement(versions: Versions, earlier: str, later: str) -> pd.DataFrame:
    """Return what moved from one version to another, and what is known of its cause.

    Where either version has no schemes, both are taken by theme and organisation; organisations,
    and themes, are told apart only where both versions name them.

    Returns:
        `output_tables.Movement`: of each place, a row for each virement between these two
        versions, and one for what none of them explains, also where that is nil. Sum = later −
        earlier. Where either does not state the place, or a virement is of one that neither does,
        that row is blank, and the column one that can be (`Int64`).
    """
    both, known = _comparable(versions, earlier, later)
    sums = _by_place(both, known)
    causes: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    stated = known.groupby([*PLACE, "cause"], sort=False, as_index=False)["amount"].sum()
    for *where, cause, amount in stated.itertuples(index=False, name=None):
        causes.setdefault(tuple(where), []).append((cause, int(amount)))
    rows: list[tuple[Any, ...]] = []
    blank: list[bool] = []
    stated_at = (p for table in both.values() for p in _places(table))
    for place in dict.fromkeys([*stated_at, *causes]):
        before, after = (sums[name].get(place) for name in (earlier, later))
        lost = before is None or after is None
        left = 0 if before is None or after is None else int(after) - int(before)
        for cause, amount in causes.get(place, []):
            rows.append((earlier, later, *place, cause, amount))
            left -= amount
        blank += [False] * len(causes.get(place, []))
        rows.append((earlier, later, *place, CAUSE_NOT_STATED, left))
        blank.append(lost)
    columns = types(Movement)
    found = Movement.validate(typed(pd.DataFrame(rows, columns=[*columns]), columns))
    if not any(blank):
        return found
    return found.assign(amount=found["amount"].astype("Int64").mask(np.array(blank)))


def _places(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return [*dict.fromkeys(table[PLACE].itertuples(index=False, name=None))]
