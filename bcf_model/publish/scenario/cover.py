"""The cover of a scenario's workbook: its result, which follows the assumptions, and facts."""

from collections.abc import Iterator
from typing import Final

from bcf_model import __version__
from bcf_model.core.expressions import (
    NIL,
    Differs,
    Expression,
    If,
    Joined,
    Named,
    Ratio,
    Whole,
    Written,
    size_of,
)
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import AS_REPORTED, INPUTS_CHANGED, as_reported
from bcf_model.publish.excel_file import MASTER_CHECK, RULED, Cover, Fact
from bcf_model.publish.house_style import WRONG
from bcf_model.publish.scenario import calibration_page
from bcf_model.publish.scenario.lookups import View, span
from bcf_model.publish.scenario.sentences import headline, not_known, what_closes

OPENING, CLOSING, CHANGE = "cover_opening", "cover_closing", "cover_change"
"""Names of the cells from which the sentence of the result is put together."""
_AS_CALCULATED: Final = "The amounts in these sentences are as bcf scenario calculated them."
_LARGE: Final = 1_000_000  # pounds; from there on in millions


def cover(view: View) -> Cover:
    """Return the cover of a scenario, as in the report."""
    title = view.projection.scenario.settings.title
    changed = as_reported(Joined((INPUTS_CHANGED, " changed since the report")))
    return Cover(
        title,
        f"{view.perimeter}, {span(view)}",
        [*_result(view), *_facts(view)],
        [MASTER_CHECK, ("Inputs", changed, AS_REPORTED)],
        "Contents",
        RULED,
        room=(100, 5),
        long_title=True,
    )


def _facts(view: View) -> Iterator[Fact]:
    settings = view.projection.scenario.settings
    unknown, (calibrated, grown) = "\n".join(not_known(view)), calibration_page.in_words(view)
    stated: list[tuple[str, str]] = [
        ("Scenario", view.name + "".join(f", on {it}" for it in
                                         view.projection.scenario.chain[1:])),
        ("Status", settings.status),
        ("Author", settings.author),
        ("As at", f"{settings.as_at.day} {settings.as_at:%B %Y}" if settings.as_at else ""),
        ("What it is", " ".join(settings.note.split())),
        ("Sources", "\n".join(settings.sources)),
        ("Calibration", calibrated),
        ("Not known", f"{unknown}\n{_AS_CALCULATED}" if "£" in unknown else unknown),
        (
            "To change an assumption",
            "Type over a pale yellow cell on the page Assumptions (or Savings): the bridge, its "
            "chart and the pages beside it follow. Pages of constants say so at their top.",
        ),
        (
            "Units and signs",
            f"Amounts are of {view.perimeter}, in pounds, shown in {label(view.unit)}; computed in "
            "whole pence. A step that adds to the budget is above nil, one that takes off it in "
            "(brackets).",
        ),
        ("Made with", f"bcf_model {__version__}; run.json beside this workbook lists its inputs."),
    ]  # fmt: skip
    worked, looks = {"Calibration": grown}, {"Not known": {"font_color": WRONG}}
    for name, said in stated:
        if said:
            yield Fact(name, said, worked.get(name), looks=looks.get(name, {}))


def _result(view: View) -> list[Fact]:
    """Return the sentence of the result, as `sentences.headline` has it, and the amounts in it."""
    first, last = view.years[0], view.years[-1]
    opening, closing = view.opening(), view.closing(last)
    begins, ends = view.amount(opening) / 100, view.amount(closing) / 100
    begun, closed, change = map(Named, (OPENING, CLOSING, CHANGE))
    percent = Joined((" (", Written(Ratio(size_of(change), begun) * Whole(100), 1), "%)"))
    moves = Joined((
        If(change, "rises", "falls"), " by ", _size(view, change), If(begun, percent, ""),
        If(change, " over", " below"), " the opening budget of ", _amount(view, begun), ", to ",
    ))  # fmt: skip
    sentence = Joined((
        f"{what_closes(view)} ", If(Differs(change, NIL), moves, "stays at "),
        _amount(view, closed), f" in {spoken(last)}.",
    ))  # fmt: skip
    return [
        Fact("Result", headline(view), sentence),
        Fact(f"Opening, {spoken(first)}", begins, opening or NIL, OPENING),
        Fact(f"Closing, {spoken(last)}", ends, closing or NIL, CLOSING),
        Fact("Change", (view.amount(closing) - view.amount(opening)) / 100, closed - begun, CHANGE),
    ]


def _amount(view: View, amount: Expression) -> Expression:
    """Return an amount written in a sentence, as `sentences.said` does."""
    return Joined((If(NIL - amount, "-", ""), _size(view, amount)))


def _size(view: View, amount: Expression) -> Expression:
    size = size_of(amount)
    if view.unit == "pounds":
        return Joined(("£", Written(size, 2)))
    millions = Joined((Written(size, 1, _LARGE), "m"))
    return Joined(("£", If(Whole(_LARGE) - size, Written(size, 0), millions)))
