"""Quantities that papers print: of a perimeter there is, or worked out of what is printed."""

from collections.abc import Iterator, Mapping

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.findings import Finding, Place, one_of
from bcf_model.core.quantities import SUMS, Parts, kind_of, kind_worked, parts_of
from bcf_model.core.words import NOT_STATED
from bcf_model.intake.drafts import Drafts


def perimeters(drafts: Drafts) -> Iterator[Finding]:
    """A quantity is of a perimeter there is (BCF709)."""
    declared = [code for _, code in drafts.table("perimeters").rows("perimeter")]
    known = dict.fromkeys(["pool", *declared, NOT_STATED])
    draft = drafts.table("quantities")
    for i, code in draft.rows("perimeter"):
        if code not in known:
            yield draft.at(i).finding("BCF709", "perimeter", repr(code), one_of(known, code))


def worked(drafts: Drafts) -> Iterator[Finding]:
    """A quantity is printed, or worked out of prints of one perimeter.

    BCF002, BCF601, BCF606, BCF607.
    """
    printed = drafts.table("published")
    if "published" not in drafts or printed.broken & {"figure", "unit"}:
        return  # of what cannot be read enough is said elsewhere
    draft = drafts.table("quantities")
    if draft.numbers and not printed.numbers:
        place = Place(draft.file, sheet="published") if draft.sheet else Place("published.csv")
        expected = "the numbers that quantities.csv is about: there is nothing to audit"
        yield place.finding("BCF002", expected=expected)
        return
    prints = [(i, str(Figure.parse(it)), unit) for i, it, unit in printed.rows("figure", "unit")]
    kinds: dict[str, str] = {}
    for _, name, unit in prints:
        kinds.setdefault(name, kind_of(unit))
    columns = ("figure", "perimeter", "worked_from")
    own = {str(Figure.parse(text)): code for _, text, code, _ in draft.rows(*columns)}
    used = {*own}
    for i, figure, perimeter, text in draft.rows(*columns):
        column, value = ("worked_from", text) if text else ("figure", figure)
        name = str(Figure.parse(figure))
        try:
            parts = parts_of(text)
            used |= {part for _, part in parts}
            kind = _kind(parts or [("+", name)], kinds)
        except UnknownFigure as problem:
            yield draft.at(i).finding("BCF601", column, value, str(problem))
            continue
        if kinds.get(name, kind) != kind:
            yield draft.at(i).finding("BCF607", column, kind, f"{kinds[name]}, as it is printed")
        if len(parts) > 1 and SUMS.issuperset(sign for sign, _ in parts):
            of = dict.fromkeys(own.get(name, NOT_STATED) for _, name in parts)
            if {*of} != {perimeter} or perimeter == NOT_STATED:
                value = f"{perimeter!r}, of amounts of {' and '.join(of)}"
                yield draft.at(i).finding("BCF606", "worked_from", value)
    for i, name, unit in prints:
        if name in used and kind_of(unit) != kinds[name]:
            expected = f"{kinds[name]}, as in the first print of {name}"
            yield printed.at(i).finding("BCF607", "unit", unit, expected)


def _kind(parts: Parts, kinds: Mapping[str, str]) -> str:
    """Return what comes of parts that are all printed.

    Raises:
        UnknownFigure: one is not, or they are of kinds that cannot be worked with.
    """
    for _, name in parts:
        if name not in kinds:
            message = f"{name}: published.csv has no such figure; {one_of(kinds, name)}"
            raise UnknownFigure(message)
    return kind_worked(parts, [kinds[name] for _, name in parts])
