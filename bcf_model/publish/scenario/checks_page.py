"""What proves a scenario's workbook: live, as the rest of it is."""

from collections.abc import Iterator
from typing import Final

from bcf_model.core.years import spoken
from bcf_model.plan.bridge import ALLOCATION, RELEASED
from bcf_model.plan.words import OPENING, UNPAID
from bcf_model.publish.excel_book import NAVIGATION, SHOWN, wrapped
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.excel_book import ScenarioBook
from bcf_model.publish.scenario.live_pages import LivePages
from bcf_model.publish.scenario.lookups import View

CHECKED: Final = "Identities that must hold to the penny, whatever is changed"
_HOLDS: Final = "holds"
_MOVED: Final = "inputs changed"


def checks(book: ScenarioBook, view: View, live: LivePages) -> None:
    """Write the identities, and how far the bridge is from what was reported."""
    tab = book.tabs["Checks"]
    about = wrapped(
        "Identities hold whatever is changed. Beside them stands what was reported: it is compared "
        "as long as no input is changed.",
    )
    book.head(tab, "Checks", about)
    top = NAVIGATION + 2 + len(about)
    book.headings(tab, top, (
        Heading("Check", width=70), Heading("Expected", "exact", 20), Heading("Found", "exact", 20),
        Heading("Difference", "exact", 16), Heading("Result", width=18),
    ))  # fmt: skip
    identities = [*_identities(view, live), *_shared(book)]
    rows = [(*it, False) for it in identities]
    rows += [(said, expected, found, pence, True) for said, expected, found, pence in
             _as_reported(book, view)]  # fmt: skip
    number = book.format(num_format=SHOWN["pounds"], align="right")
    beside = book.format(align="left", indent=1)
    for at, (said, expected, found, pence, is_stored) in enumerate(rows, start=top + 1):
        tab.write_string(at, 0, said, book.format())
        if is_stored:
            tab.write_number(at, 1, pence / 100, number)
        else:
            tab.write_formula(at, 1, f"={expected}", number, pence / 100)
        tab.write_formula(at, 2, f"={found}", number, pence / 100)
        tab.write_formula(at, 3, f"=ROUND(C{at + 1}-B{at + 1},2)", number, 0)
        good = f'IF(ISNUMBER(D{at + 1}),IF(ABS(D{at + 1})<0.005,"{_HOLDS}","FAILS"),"FAILS")'
        printed = f'IF(inputs_changed=0,{good},"{_MOVED}")' if is_stored else good
        tab.write_formula(at, 4, f"={printed}", beside, _HOLDS)
    last = top + len(rows)
    book.file.define_name("check_result", f"='Checks'!$E${top + 2}:$E${last + 1}")
    strong = book.format(bold=True, top=1, bottom=6, num_format="0", align="right")
    tab.write_string(last + 2, 0, "Checks that fail", book.format(bold=True, top=1, bottom=6))
    failed = f'={len(rows)}-COUNTIFS(check_result,"{_HOLDS}")-COUNTIFS(check_result,"{_MOVED}")'
    tab.write_formula(last + 2, 1, failed, strong, 0)
    book.file.define_name("checks_failed", f"='Checks'!$B${last + 3}")
    tab.write_string(last + 3, 0, "Inputs changed since the report was made", book.format())
    tab.write_formula(
        last + 3, 1, f"={_changes(live)}", book.format(num_format="0", align="right"), 0
    )
    book.file.define_name("inputs_changed", f"='Checks'!$B${last + 4}")
    tab.conditional_format(
        top + 1, 4, last, 4,
        {"type": "cell", "criteria": "==", "value": '"FAILS"',
         "format": book.format(bold=True, bg_color="#F8D7DA", font_color="#842029")},
    )  # fmt: skip


def _changes(live: LivePages) -> str:
    """Count the inputs that are not what they were."""
    written = {
        "assumption": live.assumptions.rows, "saving": live.savings, "invest": live.investments,
    }  # fmt: skip
    parts = [f"SUM({name}_changed)" for name, page in written.items() if page]
    return "+".join(parts) or "0"


def _identities(view: View, live: LivePages) -> list[tuple[str, str, str, int]]:
    """Return each identity as two formulas, and what both come to.

    Args:
        view: of the scenario.
        live: the pages that formulas stand on.
    """
    found = []
    for year in view.years:
        closing = view.pence(financial_year=year)
        chosen = f'walk_amount,walk_year,"{spoken(year)}"'
        whole = f"ROUND(SUMIFS({chosen}),2)"
        parts = "+".join(
            f'SUMIFS({chosen},walk_group,"{code}")' for code in view.groups
        ) or "0"  # fmt: skip
        found.append((f"Closing {spoken(year)} = the sum of its {view.group_label.lower()}s",
                      whole, f"ROUND({parts},2)", closing))  # fmt: skip
    for year, after in zip(view.years, view.years[1:], strict=False):
        opening = f'ROUND(SUMIFS(walk_amount,walk_year,"{spoken(after)}",walk_step,"{OPENING}"),2)'
        whole = f'ROUND(SUMIFS(walk_amount,walk_year,"{spoken(year)}"),2)'
        said = f"Opening {spoken(after)} = closing {spoken(year)}"
        found.append((said, whole, opening, view.pence(financial_year=year)))
    pounds = view.walk[(view.walk["unit"] == "pounds") & (view.walk["step"] != ALLOCATION)]
    of_pounds = int(pounds["amount"].sum())
    walked = (
        'ROUND(SUMIFS(walk_amount,walk_unit,"pounds")'
        f'-SUMIFS(walk_amount,walk_unit,"pounds",walk_step,"{ALLOCATION}"),2)'
    )
    out = "+SUM(release_change)" if live.released else ""
    found.append(("Amounts of pounds in the walk = those of Effects, and what is released",
                  f"ROUND(SUM(effect_amount){out},2)", walked, of_pounds))  # fmt: skip
    if live.released:
        level = f'ROUND(-SUMIFS(release_released,release_year,"{spoken(view.years[-1])}"),2)'
        said = f"What prevention takes out up to {spoken(view.years[-1])} = its level then"
        released = view.walk[view.walk["number"] == RELEASED]
        found.append((said, level, "ROUND(SUM(release_change),2)", int(released["amount"].sum())))
    if live.payments is not None:
        unpaid = view.pence(step=UNPAID)
        taken_off = f'ROUND(SUMIFS(walk_amount,walk_step,"{UNPAID}"),2)'
        found.append(("What is unpaid of activity is taken off lines, year by year",
                      "ROUND(-SUM(payment_unpaid),2)", taken_off, unpaid))  # fmt: skip
    allocated = f'ROUND(SUMIFS(walk_amount,walk_step,"{ALLOCATION}"),2)'
    found.append(("What is allocated to lines is taken off what is not allocated", "0", allocated,
                  0))  # fmt: skip
    return found


def _shared(book: ScenarioBook) -> Iterator[tuple[str, str, str, int]]:
    """Return of each shared year that what is borne is the variance of its lines."""
    for year, of_year in book.shared.items():
        said = f"{spoken(year)}: what is borne = the variance of the lines"
        yield said, *of_year.whole()


def _as_reported(book: ScenarioBook, view: View) -> list[tuple[str, str, str, int]]:
    """Return each amount of the bridge beside the engine's."""
    found = []
    for year in view.years:
        for step in (OPENING, *view.steps):
            cell = view.summed(financial_year=year, step=step)
            if cell is None:
                continue
            said = f"{spoken(year)}: {step}, as reported"
            found.append((said, "", book.place[cell], view.amount(cell)))
        closing = view.closing(year)
        if closing is not None:
            said = f"{spoken(year)}: closing, as reported"
            found.append((said, "", book.place[closing], view.amount(closing)))
    return found
