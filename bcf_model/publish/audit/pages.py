"""The pages of an audit, in the order they are read: text and numbers only, no formulas."""

from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any, Final

import pandas as pd

from bcf_model.audit.across import VERDICTS
from bcf_model.audit.examine import Audit, Audited
from bcf_model.audit.observations import KINDS, SEVERITIES
from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.words import NOT_STATED, PRINTED_UNITS
from bcf_model.publish.page import Cell, Heading, Number, Row, Sheet, Style, heads


def sheets(audit: Audit, audited: Audited) -> tuple[Sheet, ...]:
    """Lay out the whole audit."""
    return (
        _summary(audit),
        _observations(audit),
        *([_cross_table(audit)] if len(audit.tables["audit_cross_table"]) else []),
        *([_across(audit.tables["audit_across"])] if "audit_across" in audit.tables else []),
        _figures(audit),
        _method(audit, audited),
    )


def headline(audit: Audit) -> str:
    """Return in one sentence what came of it."""
    figures = audit.tables["audit_figures"]
    named = _figures_of(len(figures))
    if not audit.something_is_wrong:
        return f"None of {named} is shown to be wrong"
    certain = (figures["alone"] == "cannot be right") | (figures["together"] == "must be wrong")
    sure = len(figures[certain])
    least = max(sure, audit.fewest_wrong)
    if sure == least:
        return f"{sure} of {named} cannot be right"
    may = int((~certain & (figures["together"] == "may be wrong")).sum())
    said = f"{sure} for certain; of the others, {may}" if sure else f"{may}"
    return f"At least {least} of {named} cannot be right: {said} may be wrong"


def told(audit: Audit) -> str:
    """Describe the graver observations on a terminal, and count the rest."""
    found = audit.tables["audit"]
    lines = [f"{headline(audit)}."]
    for one in records(found[found["severity"] != "low"]):
        lines.append(fill(f"{one.severity.upper()} {one.observation}  {one.sentence}", 96,
                          subsequent_indent="    "))  # fmt: skip
    if "audit_across" in audit.tables:
        lines.append(f"Across papers: {counted(audit.tables['audit_across'])}")
    low = int((found["severity"] == "low").sum())
    if low:
        lines.append(f"{low} more on presentation." if low > 1 else "One more on presentation.")
    return "\n".join(lines)


def _figures_of(count: int) -> str:
    return f"{count:,} printed figure{'' if count == 1 else 's'}"


def _summary(audit: Audit) -> Sheet:
    found, figures = audit.tables["audit"], audit.tables["audit_figures"]
    rows = [Row("group", ("Observations, by what was looked at",))]
    for kind, meaning in KINDS.items():
        left_out = {"re-performance": not audit.reperformed,
                    "across papers": "audit_across" not in audit.tables}  # fmt: skip
        if left_out.get(kind):
            continue
        counts = [_count(found, kind=kind, severity=severity) for severity in SEVERITIES]
        rows.append(Row("line", (kind.capitalize(), *counts, None, meaning)))
    counts = [_count(found, severity=severity) for severity in SEVERITIES]
    rows.append(Row("total", ("All observations", *counts)))
    if audit.reperformed:
        rows += _verdicts("Printed figures against computed ones", figures["alone"], _ALONE)
    rows += _verdicts("Printed figures against each other", figures["together"], _TOGETHER)
    return Sheet(
        "Summary",
        "What was found",
        (
            f"{headline(audit)}.",
            *(f"{word.capitalize()}: {meaning.lower()}." for word, meaning in SEVERITIES.items()),
            "What both re-performance and the other printed figures contradict is said once, under "
            "joint consistency, with the computed figure beside it."
            if audit.reperformed
            else "",
        ),
        (
            Heading("Subject", width=40),
            *(Heading(word.capitalize(), "number", 10) for word in SEVERITIES),
            Heading("Figures", "number", 10),
            Heading("Meaning", width=64),
        ),
        tuple(rows),
    )


_MOST_NAMED: Final = 2
_SHOWN_DECIMALS: Final = 4
"""On the pages; the tables have six."""

_ALONE: Final = {
    "agrees": "The computed figure rounds to it",
    "agrees within rounding": "Rounding of the amounts behind it explains the difference",
    "cannot be right": "No rounding explains the difference",
    "not comparable": "A percentage of a nil or negative budget, or printed in another unit",
    "not computed": "The pool's inputs do not hold what it is about",
}
_TOGETHER: Final = {
    "consistent": "It agrees with all others, once those that must be wrong are put right",
    "must be wrong": "Every smallest explanation of a contradiction names it",
    "may be wrong": "One of several equally small explanations names it",
    "not tested": "The page Figures says why",
}


def _count(frame: pd.DataFrame, **chosen: str) -> Cell:
    held = frame
    for column, value in chosen.items():
        held = held[held[column] == value]
    return Number(len(held))


def _verdicts(title: str, verdicts: "pd.Series[str]", words: Mapping[str, str]) -> list[Row]:
    counts = verdicts.value_counts()
    rows = [
        Row("line", (word.capitalize(), None, None, None, Number(int(counts[word])), meaning))
        for word, meaning in words.items()
        if word in counts
    ]
    return [Row("group", (title,)), *rows]


def _observations(audit: Audit) -> Sheet:
    rows: list[Row] = []
    for severity, meaning in SEVERITIES.items():
        found = audit.tables["audit"]
        chosen = found[found["severity"] == severity]
        if len(chosen):
            rows.append(Row("group", (f"{severity.capitalize()}: {meaning.lower()}",)))
        for one in records(chosen):
            named = (one.observation, one.sentence, _refs(one.published_id), one.printed)
            numbers = _numbers(one.lowest, one.highest, one.distance)
            conflict = " ".join(part for part in (one.conflict, one.choice) if part)
            unit = PRINTED_UNITS.get(one.unit, "")
            rows.append(Row("line", (*named, unit, *numbers, one.kind, conflict)))
    if not rows:
        rows.append(Row("heading", ("Nothing is to be said of this paper.",)))
    return Sheet(
        "Observations",
        "Observations",
        (
            "The gravest first. Lowest and highest, in the printed unit, are what the figure "
            "itself may be, by all other printed figures or by the lines of the pool; distance is "
            "how far the printed number lies beyond anything that could have been rounded to it.",
            "Figures that contradict each other form a conflict (J1, J2, …). Where several "
            "explanations are equally small, each is listed as '1 of 3'.",
        ),
        (
            *heads(no=8, observation=92, ref=16, printed=11, unit=7),
            *heads("number", lowest=12, highest=12, distance=11),
            *heads(kind=19, conflict=12),
        ),
        tuple(rows),
    )


def _refs(codes: str) -> str:
    """Name the figures an observation is about; many are counted: its sentence names them."""
    named = codes.split("; ")
    return codes if len(named) <= _MOST_NAMED else f"{len(named)} figures"


def _numbers(*values: float) -> list[Cell]:
    return [None if pd.isna(value) else Number(round(value, _SHOWN_DECIMALS)) for value in values]


def _cross_table(audit: Audit) -> Sheet:
    frame = audit.tables["audit_cross_table"]
    rows: list[Row] = []
    for (first_place, second_place), held in rows_of_each(frame, "first_place", "second_place"):
        rows.append(Row("group", (f"{first_place}  ↔  {second_place}",)))
        ordered = pd.concat([held[held["level"] == "part"], held[held["level"] == "total"]])
        for one in records(ordered):
            first = (one.label, one.first_id, one.first_printed)
            second = (one.second_id, one.second_printed, PRINTED_UNITS[one.unit])
            style: Style = "line" if one.level == "part" else "subtotal"
            rows.append(Row(style, (*first, *second, Number(one.difference), one.verdict)))
        parts = held[held["level"] == "part"]
        if len(parts) > 1:
            unit = PRINTED_UNITS[str(held["unit"].iloc[0])]
            net = Number(audit.net[first_place, second_place])
            said = ("Differences of the parts, net", "", "", "", "", unit, net)
            rows.append(Row("total", said))
    return Sheet(
        "Cross-table",
        "The same thing printed twice",
        (
            "Columns that print the same thing, where at least one pair differs by more than "
            "rounding. Difference is the second print less the first.",
        ),
        (
            *heads(what=48, first_ref=11, first_print=13, second_ref=11, second_print=13, unit=7),
            Heading("Difference", "number", 12),
            Heading("Verdict", width=18),
        ),
        tuple(rows),
    )


def _across(pairs: pd.DataFrame) -> Sheet:
    """Lay out what several papers print of one subject: every two numbers, and what they are."""
    rows: list[Row] = []
    for (subject,), held in rows_of_each(pairs, "subject"):
        rows.append(Row("group", (subject,)))
        for one in records(held):
            sides = (*_number_of(one, "first"), *_number_of(one, "second"))
            rows.append(Row("line", (*sides, one.verdict, one.reason)))
    return Sheet(
        "Across papers",
        "Which figures may be set side by side",
        (
            f"{counted(pairs)} Perimeters overlap: no amount of one is added to another's.",
            *(f"{word.capitalize()}: {said[:1].lower()}{said[1:]}."
              for word, said in VERDICTS.items() if word in {*pairs["verdict"]}),
        ),
        (
            *heads(first=16, first_print=13, first_unit=9, first_is_of=40),
            *heads(second=16, second_print=13, second_unit=9, second_is_of=40),
            *heads(verdict=26, why=34),
        ),
        tuple(rows),
    )  # fmt: skip


def _number_of(pair: Any, side: str) -> tuple[Cell, ...]:
    """Return a number, its unit and what it is of; what is not stated is left out."""
    columns = ("id", "place", "printed", "unit", "perimeter", "year", "basis")
    code, place, printed, unit, *of = (getattr(pair, f"{side}_{column}") for column in columns)
    stated = "; ".join(it for it in of if it not in {"", NOT_STATED})
    return code or place, printed, PRINTED_UNITS[unit], stated


def counted(pairs: pd.DataFrame) -> str:
    """Return how many pairs of numbers there are of each verdict, in a sentence."""
    counts = pairs["verdict"].value_counts()
    listed = "; ".join(f"{word} ({counts[word]})" for word in VERDICTS if word in counts)
    many = "s" if len(pairs) > 1 else ""
    return f"{len(pairs)} pair{many} of numbers that a reader may set side by side: {listed}."


def _figures(audit: Audit) -> Sheet:
    computed = audit.reperformed
    rows = []
    for one in records(audit.tables["audit_figures"]):
        numbers = _numbers(one.computed, one.difference, one.lowest, one.highest, one.distance)
        said = (one.published_id, one.source, one.label, one.column, one.printed)
        alone: tuple[Cell, ...] = (*numbers, one.alone) if computed else ()
        told = (one.together, one.why_not or one.conflict)
        rows.append(Row("line", (*said, PRINTED_UNITS[one.unit], *alone, *told)))
    compared = (
        *heads("number", computed=12, difference=12, lowest=12, highest=12, distance=12),
        *heads(alone=21),
    )
    return Sheet(
        "Figures",
        "Every printed figure",
        (
            "In the printed unit. Alone: against the computed figure; lowest and highest are what "
            "rounding of the inputs and of the print allows. Together: against all other figures "
            "of the paper."
            if computed
            else "Together: against all other figures of the paper.",
        ),
        (
            *heads(ref=8, where=24, label=48, column=28, printed=11, unit=7),
            *(compared if computed else ()),
            *heads(together=16, conflict_or_why_not_tested=(34, "Conflict, or why not tested")),
        ),
        tuple(rows),
        opening=False,
    )


def _method(audit: Audit, audited: Audited) -> Sheet:
    tested = audit.consistency.tested
    said = [
        (
            "Intervals",
            "A printed number stands for all it may have been rounded from, ends included: 1,927 "
            "in £000 for 1,926.5 to 1,927.5. Halves may have been rounded either way.",
        ),
        (
            "Re-performance",
            "Each printed figure is compared with the computed one; inputs that were themselves "
            "rounded count as intervals too. A figure is wrong only beyond all of them.",
        ),
        (
            "Joint consistency",
            f"{tested:,} printed figures were taken together: is there any set of unrounded "
            "amounts from which all could have been rounded? A printed percentage p of a base B "
            "says that 100 × what is divided lies between (p − h)·B and (p + h)·B, h being half a "
            "printed step; of a negative base the reverse.",
        ),
        (
            "Smallest explanation",
            "Where there is no such set, the fewest figures are named that must be wrong for the "
            "rest to be right, with every other choice of as few, and between which ends all other "
            "figures hold each of them.",
        ),
        (
            "Proof",
            "The search counts in floating point and only proposes. Each contradiction behind an "
            "observation is proved in exact fractions, and that without the figures of an "
            "explanation the rest fits is worked out in whole numbers; what merely touches at an "
            "end is no contradiction. Figures with neither are listed as not tested.",
        ),
        (
            "Signs",
            "A percentage contradicts other figures only if it does so whichever sign its base "
            "has and, of a base below nil, whether it is divided by the base or by its size. "
            "What a figure must be is told for the signs that are printed, where they fit.",
        ),
        *(("Taken for granted", sentence) for sentence in audit.rests_on),
        *(
            ("Read", f"{file.name}: {file.rows} rows, SHA-256 {file.sha256}")
            for file in audited.files
        ),
    ]
    return Sheet(
        "Method",
        "How it was done",
        (),
        heads(subject=24, what=110),
        tuple(_lines(said)),
        opening=False,
    )


def _lines(pairs: Iterable[tuple[str, str]]) -> list[Row]:
    return [Row("line", pair) for pair in pairs]
