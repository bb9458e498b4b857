"""What proves a scenario's workbook: live, as the rest of it is."""

from collections.abc import Iterator
from typing import Final

from bcf_model.core.expressions import NIL, AddedUp, Expression, Named, Total, added
from bcf_model.core.figures import Figure
from bcf_model.core.years import spoken
from bcf_model.plan.bridge import ALLOCATION
from bcf_model.plan.words import OPENING, UNPAID
from bcf_model.publish.excel_checks import Check, write_checks
from bcf_model.publish.house_style import COUNT
from bcf_model.publish.scenario.excel_book import ScenarioBook
from bcf_model.publish.scenario.live_pages import LivePages
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.shared_pages import InYear

CHECKED: Final = "Identities that must hold to the penny, whatever is changed"
_MOVED: Final = "inputs changed"
_WIDTHS: Final = (70, 20, 20, 16)


def checks(book: ScenarioBook, view: View, live: LivePages) -> None:
    """Write the identities, and how far the bridge is from what was reported."""
    about = (
        "Identities hold whatever is changed. Beside them stands what was reported: it is compared "
        "as long as no input is changed.",
    )
    rows = [*_identities(view, live), *_shared(book), *_as_reported(view)]
    at = write_checks(book, about, _WIDTHS, rows) + 1
    tab = book.tabs["Checks"]
    tab.write_string(at, 0, "Inputs changed since the report was made", book.format())
    book.work(tab, (at, 1), _changes(live), book.format(num_format=COUNT, align="right"), 0)
    book.name("inputs_changed", "Checks", (at, 1))


def _changes(live: LivePages) -> Expression:
    """Count the inputs that are not what they were."""
    written = {
        "assumption": live.assumptions.rows, "saving": live.savings, "invest": live.investments,
    }  # fmt: skip
    changed = tuple(Named(f"{name}_changed") for name, page in written.items() if page)
    return AddedUp(changed) if changed else NIL


def _walked(**of: str) -> Total:
    """Return the sum of the rows of the walk that have certain values in some columns."""
    return Total("amount", table="walk", of=tuple((key, (value,)) for key, value in of.items()))


def _identities(view: View, live: LivePages) -> Iterator[Check]:
    """Return what must hold of what the live pages come to, whatever is changed."""
    for year in view.years:
        groups = [_walked(financial_year=year, group=code) for code in view.groups]
        yield Check(f"Closing {spoken(year)} = the sum of its {view.group_label.lower()}s",
                    _walked(financial_year=year), added(groups),
                    view.pence(financial_year=year))  # fmt: skip
    for year, after in zip(view.years, view.years[1:], strict=False):
        opening = _walked(financial_year=after, step=OPENING)
        yield Check(f"Opening {spoken(after)} = closing {spoken(year)}",
                    _walked(financial_year=year), opening,
                    view.pence(financial_year=year))  # fmt: skip
    pounds = view.summed(unit="pounds") or NIL
    allocated = view.summed(unit="pounds", step=ALLOCATION) or NIL
    released = Total("change", table="releases")
    effects: Expression = Total("amount", table="effects")
    yield Check("Amounts of pounds in the walk = those of Effects, and what is released",
                effects + released if live.released else effects,
                _walked(unit="pounds") - _walked(unit="pounds", step=ALLOCATION),
                view.amount(pounds - allocated))  # fmt: skip
    if live.released:
        last = (("financial_year", (view.years[-1],)),)
        level = view.amount(view.figure("prevention.released", year=view.years[-1]))
        yield Check(f"What prevention takes out up to {spoken(view.years[-1])} = its level then",
                    NIL - Total("released", table="prevention", of=last), released,
                    -level)  # fmt: skip
    if live.payments is not None:
        yield Check("What is unpaid of activity is taken off lines, year by year",
                    NIL - Total("unpaid", table="payments"), _walked(step=UNPAID),
                    view.pence(step=UNPAID))  # fmt: skip
    yield Check("What is allocated to lines is taken off what is not allocated",
                NIL, _walked(step=ALLOCATION), 0)  # fmt: skip


def _shared(book: ScenarioBook) -> Iterator[Check]:
    """Return of each shared year that what is borne is the variance of its lines."""
    for year, of_year in book.shared.items():
        said = f"{spoken(year)}: what is borne = the variance of the lines"
        whole, borne = (InYear(year, Figure(name)) for name in ("variance", "borne"))
        yield Check(said, whole, borne, of_year.results.figures.pence(borne.figure))


def _as_reported(view: View) -> Iterator[Check]:
    """Return each amount of the bridge beside the engine's."""
    for year in view.years:
        steps = {step: view.summed(financial_year=year, step=step)
                 for step in (OPENING, *view.steps)}  # fmt: skip
        for step, cell in (steps | {"closing": view.closing(year)}).items():
            if cell is not None:
                said = f"{spoken(year)}: {step}, as reported"
                yield Check(said, None, cell, view.amount(cell), if_changed=_MOVED)
