"""comparison.xlsx of scenarios: pages of constants, whose differences are formulas."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from bcf_model import __version__
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import LONGEST_FOOT, Book
from bcf_model.publish.excel_file import Cover, Fact, Workbook
from bcf_model.publish.page import Sheet
from bcf_model.publish.scenario.agreement_sentences import told
from bcf_model.publish.scenario.comparison_rows import Compared

_WIDTHS: Final = (28, 88)


def workbook(compared: Compared, pages: Sequence[Sheet]) -> Workbook:
    """Return a comparison as a workbook."""
    first = compared.first
    foot = f"{f'Scenarios: {first.perimeter}'[:LONGEST_FOOT]}, {spoken(first.years[0])}"
    cover = Cover(
        "Scenarios side by side",
        first.perimeter,
        [*_facts(compared)],
        looks={"valign": "top"},
        widths=_WIDTHS,
        room=(_WIDTHS[1], 4),
    )
    return Workbook(
        f"Scenarios side by side: {first.perimeter}",
        cover,
        {sheet.name: sheet.title for sheet in pages},
        partial(Book, figures=compared.figures, unit=first.unit, foot=foot, has_checks=False,
                constant=True),
        lambda book: book.write(pages),
    )  # fmt: skip


def _facts(compared: Compared) -> Iterator[Fact]:
    for view in compared.views:
        settings = view.projection.scenario.settings
        yield Fact(view.name, f"{settings.title} ({settings.status})")
    if result := " ".join(told(compared)):
        yield Fact("Result", result)
    yield Fact("Compared with", compared.first.name)
    yield Fact(
        "Amounts",
        f"Constants, in pounds, shown in {label(compared.first.unit)}; differences are formulas. "
        "Each scenario has a workbook of its own, whose assumptions can be changed.",
    )
    yield Fact("Made with", f"bcf_model {__version__}")
