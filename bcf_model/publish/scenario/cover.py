"""The cover of a scenario's workbook: its result, which follows the assumptions, and facts."""

from typing import Any, Final

from bcf_model import __version__
from bcf_model.core.figures import Figure
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import DARK, LINE, lines_in
from bcf_model.publish.excel_file import (
    COVER,
    FACTS,
    RULED,
    begin_cover,
    cover_contents,
    master_check,
)
from bcf_model.publish.scenario import calibration_page
from bcf_model.publish.scenario.excel_book import ScenarioBook
from bcf_model.publish.scenario.formula_grid import Live
from bcf_model.publish.scenario.lookups import View, span
from bcf_model.publish.scenario.sentences import headline, not_known, what_closes

OPENING, CLOSING, CHANGE = "cover_opening", "cover_closing", "cover_change"
"""Names of the cells from which the sentence of the result is put together."""
_EXACT: Final = "£#,##0.00;-£#,##0.00"
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
    for name, fact in _facts(book, view):
        looks: dict[str, Any] = {"font_color": "#842029"} if name == "Not known" else {}
        wraps = book.format(text_wrap=True, **(RULED | looks))
        tab.write_string(at, 0, name, book.format(**{"bold": True, **RULED}))
        text = fact.value if isinstance(fact, Live) else fact
        if not isinstance(fact, Live):
            tab.write_string(at, 1, fact, wraps)
        elif isinstance(text, str):
            tab.write_formula(at, 1, f"={fact.formula}", wraps, text)
        else:
            amount = book.format(num_format=_EXACT, align="left", **RULED)
            tab.write_formula(at, 1, f"={fact.formula}", amount, text)
        cell = _AMOUNTS.get(name.partition(",")[0])
        if cell:
            book.file.define_name(cell, f"='{COVER}'!$B${at + 1}")
        tab.set_row(at, LINE * sum(lines_in(it, 100) for it in str(text).split("\n")) + 5)
        at += 1
    at += 1
    master_check(book, at)
    tab.write_string(at + 1, 0, "Inputs", book.format(bold=True, font_size=12))
    changed = '=IF(inputs_changed=0,"As reported",inputs_changed&" changed since the report")'
    tab.write_formula(
        at + 1, 1, changed, book.format(bold=True, font_size=12, font_color=DARK), "As reported"
    )
    pages = {name: title for name, title in titles.items() if name != COVER}
    cover_contents(book, at + 3, pages, "Contents")


_AMOUNTS: Final = {"Opening": OPENING, "Closing": CLOSING, "Change": CHANGE}


def _facts(book: ScenarioBook, view: View) -> list[tuple[str, str | Live]]:
    settings = view.projection.scenario.settings
    unknown = "\n".join(not_known(view))
    found: list[tuple[str, str | Live]] = [
        *_result(book, view),
        ("Scenario", view.name + "".join(f", on {it}" for it in
                                         view.projection.scenario.chain[1:])),
        ("Status", settings.status),
        ("Author", settings.author),
        ("As at", f"{settings.as_at.day} {settings.as_at:%B %Y}" if settings.as_at else ""),
        ("What it is", " ".join(settings.note.split())),
        ("Sources", "\n".join(settings.sources)),
        ("Calibration", calibration_page.in_words(view)),
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
    return [(name, fact) for name, fact in found if fact]


def _result(book: ScenarioBook, view: View) -> list[tuple[str, Live]]:
    """Return the sentence of the result, as `sentences.headline` has it, and the amounts in it."""
    first, last = view.years[0], view.years[-1]
    opening, closing = view.opening(), view.closing(last)
    begins, ends = view.amount(opening), view.amount(closing)
    percent = f'IF({OPENING}>0," ("&FIXED(ABS({CHANGE})/{OPENING}*100,1)&"%)","")'
    moves = (
        f'IF({CHANGE}>0,"rises","falls")&" by "&{_in_words(view, f"ABS({CHANGE})")}&{percent}'
        f'&IF({CHANGE}>0," over"," below")&" the opening budget of "&{_in_words(view, OPENING)}'
        f'&", to "'
    )
    printed = (
        f'"{what_closes(view)} "&IF({CHANGE}=0,"stays at ",{moves})&{_in_words(view, CLOSING)}'
        f'&" in {spoken(last)}."'
    )
    return [
        ("Result", Live(printed, headline(view))),
        (f"Opening, {spoken(first)}", Live(_place(book, opening), begins / 100)),
        (f"Closing, {spoken(last)}", Live(_place(book, closing), ends / 100)),
        ("Change", Live(f"ROUND({CLOSING}-{OPENING},2)", (ends - begins) / 100)),
    ]


def _place(book: ScenarioBook, cell: Figure | None) -> str:
    return book.place[cell] if cell else "0"


def _in_words(view: View, amount: str) -> str:
    """Print a formula that writes an amount in a sentence, as `sentences.said` does."""
    if view.unit == "pounds":
        size = f"FIXED(ABS({amount}),2)"
    else:  # rounded before it is divided, so that a half is one
        millions = f'FIXED(ROUND(ABS({amount}),-5)/{_LARGE},1)&"m"'
        size = f"IF(ABS({amount})>={_LARGE},{millions},FIXED(ABS({amount}),0))"
    return f'IF({amount}<0,"-£","£")&{size}'
