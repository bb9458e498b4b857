"""Quantities that papers print: of a perimeter there is, or worked out of what is printed."""

from collections.abc import Iterator, Mapping

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.findings import Finding, one_of
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
    """A quantity is printed, or worked out of prints of one perimeter (BCF601, BCF606)."""
    printed = drafts.table("published")
    if not printed.numbers or printed.broken & {"figure", "unit"}:
        return  # of what cannot be read, or is not there at all, enough is said elsewhere
    units = {
        str(Figure.parse(text)): kind_of(unit) for _, text, unit in printed.rows("figure", "unit")
    }
    draft = drafts.table("quantities")
    columns = ("figure", "perimeter", "worked_from")
    own = {str(Figure.parse(text)): code for _, text, code, _ in draft.rows(*columns)}
    for i, figure, perimeter, text in draft.rows(*columns):
        column, value = ("worked_from", text) if text else ("figure", figure)
        try:
            parts = parts_of(text)
            _printed(parts or [("+", str(Figure.parse(figure)))], units)
        except UnknownFigure as problem:
            yield draft.at(i).finding("BCF601", column, value, str(problem))
            continue
        if len(parts) > 1 and SUMS.issuperset(sign for sign, _ in parts):
            of = dict.fromkeys(own.get(name, NOT_STATED) for _, name in parts)
            if {*of} != {perimeter} or perimeter == NOT_STATED:
                value = f"{perimeter!r}, of amounts of {' and '.join(of)}"
                yield draft.at(i).finding("BCF606", "worked_from", value)


def _printed(parts: Parts, units: Mapping[str, str]) -> None:
    """Check that all parts are printed, and of kinds that can be worked with.

    Raises:
        UnknownFigure: they are not.
    """
    for _, name in parts:
        if name not in units:
            message = f"{name}: published.csv has no such figure; {one_of(units, name)}"
            raise UnknownFigure(message)
    kind_worked(parts, [units[name] for _, name in parts])
