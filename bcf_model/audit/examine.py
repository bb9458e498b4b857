"""The whole audit on one screen: a printed paper in, tables of what is to be said of it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from bcf_model.audit import across, conclusions, cross_table, denominators, presentation
from bcf_model.audit.joint import Consistency, consistency
from bcf_model.audit.observations import SEVERITIES, Observation
from bcf_model.audit.smallest import apart, fewest
from bcf_model.audit.statements import Paper, interval, of_pool
from bcf_model.core.printed_numbers import parse_print, scale
from bcf_model.core.tables import AUDIT_TABLES, SourceFile, records
from bcf_model.core.words import NOT_COMPUTED
from bcf_model.year import published
from bcf_model.year.results import Results


@dataclass(frozen=True)
class Audit:
    """A paper, audited.

    Attributes:
        tables: one frame for each of `tables.AUDIT_TABLES`; `audit_across` where it has rows.
        consistency: the printed figures taken together.
        rests_on: sentences on what was taken for granted.
        reperformed: whether an engine computed figures beside the printed ones.
        paper: what was audited, with the figures of each column in the sign they are meant in.
        turned: the rows of the figures that are read with the opposite sign.
        net: of two columns that print the same, by their places, what the differences of their
            parts come to, in the printed unit.
    """

    tables: dict[str, pd.DataFrame]
    consistency: Consistency
    rests_on: tuple[str, ...]
    reperformed: bool
    paper: Paper
    turned: frozenset[int]
    net: dict[tuple[str, str], float]

    @property
    def something_is_wrong(self) -> bool:
        """Whether a printed figure cannot be right."""
        figures = self.tables["audit_figures"]
        alone = (figures["alone"] == conclusions.WRONG).any()
        return bool(alone or self.consistency.conflicts)

    @property
    def fewest_wrong(self) -> int:
        """How many printed figures are wrong at least.

        Those that the engine contradicts, and the fewest that hold one of every further proof.
        """
        alone = self.tables["audit_figures"]["alone"] == conclusions.WRONG
        wrong = frozenset(place for place, is_wrong in enumerate(alone) if is_wrong)
        proofs = {p for c in self.consistency.conflicts for p in c.proofs if not p & wrong}
        ordered = apart(sorted(proofs, key=sorted))
        return len(wrong) + sum(len(fewest(group)) for group in ordered)


@dataclass(frozen=True)
class Audited:
    """What was audited.

    Attributes:
        name: of the pool or the file.
        title: of the paper or its pool.
        source: the paper.
        files: what was read, each with its SHA-256.
    """

    name: str
    title: str
    source: str
    files: tuple[SourceFile, ...]


def audit_pool(results: Results) -> Audit:
    """Audit what a paper printed of a pool: against the engine, and against itself.

    Args:
        results: of `pipeline.run`, of a pool with printed figures.
    """
    paper, turned = presentation.as_meant(of_pool(results.inputs.published, results.figures))
    compared = _compared(paper, presentation.read_turned(turned), results)
    opposite, stated = presentation.read_turned(turned), results.inputs
    pairs = across.pairs(paper.printed, stated.quantities, opposite)
    told = [*denominators.observations(paper, results.metrics), *across.observations(pairs)]
    beside = {"audit_across": across.table(pairs, stated.perimeters)} if pairs else {}
    return _audit(paper, turned, compared, told, beside)


def audit_transcription(paper: Paper) -> Audit:
    """Audit a paper against itself, from a plain transcription (`transcription.read`)."""
    return _audit(*presentation.as_meant(paper), None)


_WORDS: Final = {
    published.AGREES: conclusions.AGREES,
    published.WITHIN: conclusions.WITHIN,
    published.TURNED: conclusions.WRONG,
    published.OUTSIDE: conclusions.WRONG,
    NOT_COMPUTED: NOT_COMPUTED,
    published.NOT_COMPARABLE: conclusions.NOT_COMPARABLE,
}


def _compared(paper: Paper, turned: frozenset[int], results: Results) -> pd.DataFrame:
    """Place each figure beside what the engine computes, both in the sign it is printed with."""
    rows = list(records(paper.printed))
    texts = paper.printed["printed"].tolist()
    for place in turned:
        texts[place] = f"{-parse_print(texts[place], rows[place].unit).number:f}"
    meant = paper.printed.assign(printed=pd.Series(texts, dtype="str"))
    found = published.compare(meant, results.figures.value, published.rounding(results.figures))
    signs = pd.Series([-1.0 if place in turned else 1.0 for place in range(len(rows))])
    ends = found[["lowest", "highest"]].mul(signs, axis=0)
    return found.assign(
        computed=found["computed"] * signs + 0.0,  # nil has no sign
        difference=found["difference"] * signs + 0.0,
        lowest=ends.min(axis=1, skipna=False),
        highest=ends.max(axis=1, skipna=False),
    )


def _as_printed(found: Consistency, turned: frozenset[int]) -> Consistency:
    """Describe between which ends figures lie in the sign they are printed with."""
    ranges = {
        (at, number, place): (_minus(high), _minus(low)) if place in turned else (low, high)
        for (at, number, place), (low, high) in found.ranges.items()
    }
    return replace(found, ranges=ranges)


def _minus(end: Fraction | None) -> Fraction | None:
    return None if end is None else -end


def _audit(
    paper: Paper,
    turned: tuple[presentation.Turned, ...],
    compared: pd.DataFrame | None,
    of_pool: Sequence[Observation] = (),
    beside: Mapping[str, pd.DataFrame] = MappingProxyType({}),
) -> Audit:
    found = _as_printed(consistency(paper), presentation.read_turned(turned))
    figures = _figures(paper, found, compared)
    rows = list(records(paper.printed))
    lines = list(records(figures))
    computed = {i: r for i, r in enumerate(lines) if not pd.isna(r.computed)}
    # What all other figures contradict is said once, with what the engine computes beside it.
    only = [c.choices[0] for c in found.conflicts if len(c.choices) == 1 and c.smallest]
    said_together = frozenset[int]().union(*only)
    wrong = {
        i: r for i, r in enumerate(lines) if r.alone == conclusions.WRONG and i not in said_together
    }
    by_lines = compared is not None and bool(paper.facts)
    observations = [
        *conclusions.together(found, rows, computed, by_lines=by_lines),
        *conclusions.alone(wrong, rows),
        *cross_table.observations(paper),
        *of_pool,
        *presentation.observations(paper, turned),
    ]
    tables = {
        "audit": _observed(observations, rows),
        "audit_figures": figures,
        "audit_cross_table": cross_table.table(paper),
        **beside,
    }
    for name, frame in tables.items():
        AUDIT_TABLES[name].validate(frame)
    opposite = presentation.read_turned(turned)
    net = cross_table.net_differences(tables["audit_cross_table"])
    return Audit(tables, found, paper.rests_on, compared is not None, paper, opposite, net)


def _figures(paper: Paper, found: Consistency, compared: pd.DataFrame | None) -> pd.DataFrame:
    """Return every printed figure with what it is worth alone and together with the others."""
    kept = ["published_id", "source", "label", "column", "printed", "unit", "figure"]
    frame = paper.printed[kept].copy()
    nothing = pd.Series([float("nan")] * len(frame), dtype="float64")
    numbers = ("computed", "difference", "lowest", "highest", "distance")
    if compared is None:
        frame = frame.assign(**dict.fromkeys(numbers, nothing))
        frame["alone"] = pd.Series([NOT_COMPUTED] * len(frame), dtype="str")
    else:
        told = conclusions.with_distance(compared, _WORDS)
        frame = frame.assign(**{name: told[name] for name in numbers}, alone=told["verdict"])
    verdicts, names = conclusions.verdicts_together(found, len(frame))
    why = [found.untested.get(place, "") for place in range(len(frame))]
    return frame.assign(
        together=pd.Series(verdicts, dtype="str"),
        conflict=pd.Series(names, dtype="str"),
        why_not=pd.Series(why, dtype="str"),
    )


def _observed(observations: list[Observation], rows: list[Any]) -> pd.DataFrame:
    """Number the observations, the gravest first."""
    order = list(SEVERITIES)
    found = []
    ranked = sorted(observations, key=lambda o: order.index(o.severity))
    for number, one in enumerate(ranked, start=1):
        printed = [rows[place] for place in one.places]
        only = printed[0] if len(printed) == 1 else None
        found.append(
            [
                f"A{number:03}",
                one.severity,
                one.kind,
                one.conflict,
                one.choice,
                "; ".join(row.published_id for row in printed),
                _common([row.source for row in printed]),
                only.label if only else "",
                _common([row.column for row in printed]),
                only.printed if only else "",
                only.unit if only else "",
                None if one.lowest is None else float(one.lowest),
                None if one.highest is None else float(one.highest),
                _distance(one, only),
                one.sentence,
            ]
        )
    return pd.DataFrame(found, columns=[*COLUMNS]).astype(COLUMNS)


def _common(texts: list[str]) -> str:
    """Return a text all share, or the different ones, few as they are."""
    different = list(dict.fromkeys(texts))
    return different[0] if len(different) == 1 else ""


def _distance(one: Observation, row: Any) -> float | None:
    """Return how far the printed number is beyond what can have been printed."""
    if row is None or (one.lowest is None and one.highest is None):
        return None
    number = Fraction(parse_print(row.printed, row.unit).number)
    low = high = number
    if one.kind != "re-performance":  # joint ranges are of the amount before it was rounded
        low, high = (end / scale(row.unit) for end in interval(row))
    beyond = [Fraction(0)]
    if one.lowest is not None:
        beyond.append(Fraction(one.lowest) - high)
    if one.highest is not None:
        beyond.append(low - Fraction(one.highest))
    return float(round(max(beyond), 6))


COLUMNS: Final = {
    "observation": "str",
    "severity": "str",
    "kind": "str",
    "conflict": "str",
    "choice": "str",
    "published_id": "str",
    "source": "str",
    "label": "str",
    "column": "str",
    "printed": "str",
    "unit": "str",
    "lowest": "float64",
    "highest": "float64",
    "distance": "float64",
    "sentence": "str",
}
