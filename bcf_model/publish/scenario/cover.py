"""The cover of a scenario's workbook: its result, which follows the assumptions, and facts."""

from typing import Any, Final

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
    to_the_penny,
)
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import LINE, lines_in
from bcf_model.publish.excel_file import (
    COVER,
    FACTS,
    RULED,
    begin_cover,
    cover_contents,
    master_check,
)
from bcf_model.publish.house_style import DARK, IN_A_SENTENCE, WRONG
from bcf_model.publish.scenario import calibration_page
from bcf_model.publish.scenario.excel_book import (
    AS_REPORTED,
    INPUTS_CHANGED,
    ScenarioBook,
    as_reported,
)
from bcf_model.publish.scenario.lookups import View, span
from bcf_model.publish.scenario.sentences import headline, not_known, what_closes

OPENING, CLOSING, CHANGE = "cover_opening", "cover_closing", "cover_change"
"""Names of the cells from which the sentence of the result is put together."""
_AS_CALCULATED: Final = "The amounts in these sentences are as bcf scenario calculated them."
_LARGE: Final = 1_000_000  # pounds; from there on in millions


def write_cover(book: ScenarioBook, view: View, titles: dict[str, str]) -> None:
    """Write the cover.

    Args:
        book: whose other pages are written.
        view: of the scenario, as in the report.
        titles: what each page shows, by its name.
    """
    settings = view.projection.scenario.settings
    tab = begin_cover(book, settings.title, f"{view.perimeter}, {span(view)}")
    tab.set_row(0, LINE * 2 * lines_in(settings.title, 62) + 4)
    at = FACTS
    for name, fact, worked in _facts(view):
        looks: dict[str, Any] = {"font_color": WRONG} if name == "Not known" else {}
        if isinstance(fact, float):
            looks = {"num_format": IN_A_SENTENCE, "align": "left"}
        else:
            looks["text_wrap"] = True
        fits = book.format(**(RULED | looks))
        tab.write_string(at, 0, name, book.format(**{"bold": True, **RULED}))
        if worked is None:
            tab.write_string(at, 1, fact, fits)
        else:
            exact = to_the_penny(worked) if isinstance(fact, float) else worked
            book.work(tab, (at, 1), exact, fits, fact)
        cell = _AMOUNTS.get(name.partition(",")[0])
        if cell:
            book.name(cell, COVER, (at, 1))
        heights = (LINE * lines_in(it, 100) for it in str(fact).split("\n"))
        tab.set_row(at, sum(heights) + 5)
        at += 1
    at += 1
    master_check(book, at)
    tab.write_string(at + 1, 0, "Inputs", book.format(bold=True, font_size=12))
    changed = as_reported(Joined((INPUTS_CHANGED, " changed since the report")))
    bold = book.format(bold=True, font_size=12, font_color=DARK)
    book.work(tab, (at + 1, 1), changed, bold, AS_REPORTED)
    pages = {name: title for name, title in titles.items() if name != COVER}
    cover_contents(book, at + 3, pages, "Contents")


_AMOUNTS: Final = {"Opening": OPENING, "Closing": CLOSING, "Change": CHANGE}


Fact = tuple[str, str | float, Expression | None]
"""A name, what is said of it, and how that is worked out where it follows the assumptions."""


def _facts(view: View) -> list[Fact]:
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
    worked = {"Calibration": grown}
    return _result(view) + [(name, fact, worked.get(name)) for name, fact in stated if fact]


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
        ("Result", headline(view), sentence),
        (f"Opening, {spoken(first)}", begins, opening or NIL),
        (f"Closing, {spoken(last)}", ends, closing or NIL),
        ("Change", (view.amount(closing) - view.amount(opening)) / 100, closed - begun),
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
