"""A table of an extract, understood: the part of each column, and what each row is.

What is not certain is a question, and nothing is taken in before it is answered.
"""

import re
from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.extracts.amounts import Amounts, any_of, is_amount, read_column, written
from bcf_model.extracts.answers import Answers
from bcf_model.extracts.headings import MONEY, SPENT, currency_named
from bcf_model.extracts.lines import KEYS
from bcf_model.extracts.measure import (
    choose_amount,
    find_sign,
    find_time,
    find_unit,
    say_unread,
    to_the_penny,
)
from bcf_model.extracts.set_aside import find_parents, find_totals
from bcf_model.extracts.table import (
    AGAIN,
    ASKED,
    BLANK,
    EMPTY,
    FOOTER,
    LINE,
    SECTION,
    TOTAL,
    UNREAD,
    Table,
    holds,
    key_columns,
)
from bcf_model.extracts.tables import Header
from bcf_model.intake.extract_file import Grid

NOT_USED: Final = "not used"
_PARTS: Final = frozenset(
    (*KEYS, *MONEY, "period", "year", "date", "document", "sign", "currency", "other", "number")
)
_POUNDS: Final = frozenset(("", "gbp", "£", "stg", "sterling", "pounds", "pound sterling"))
_SECTION_CELLS: Final = 2
_SAMPLE: Final = 2_000
_SIGN_WORDS: Final = {
    **dict.fromkeys(("dr", "d", "debit", "s", "db"), 1),
    **dict.fromkeys(("cr", "c", "credit", "h", "k"), -1),
}


def understand(grid: Grid, header: Header, file: str, answers: Answers) -> Table:
    """Understand a table of a sheet.

    Raises:
        DoesNotReconcile: an amount is in no row that is accounted for.
    """
    table = Table(grid, header, file)
    _columns(table, answers)
    try:
        for column, role in table.roles.items():
            if role in MONEY:
                table.money[column] = read_column(grid.columns[column], column, table.rows)
    except OverflowError:
        table.fault("BCF907", "amounts that come to more than can be added up")
        return table
    _signs(table, answers)
    _kinds(table)
    find_totals(table, answers)
    find_parents(table, answers)
    _unsigned(table)
    _other_currency(table)
    choose_amount(table, answers)
    say_unread(table)
    find_unit(table, answers)
    find_sign(table, answers)
    find_time(table, answers)
    to_the_penny(table)
    if not table.lines.any() and not table.questions:
        table.fault("BCF901", "headings, and no line below them")
    if uneven := unaccounted(table):
        raise DoesNotReconcile(uneven)
    return table


def _columns(table: Table, answers: Answers) -> None:
    header, used = table.header, set[str]()
    for column, it in enumerate(header.meanings):
        name = table.heading(column)
        said = answers.take(f"column.{name}")
        role = it.role if said is None else "" if said == NOT_USED else said
        if said is not None and said != NOT_USED and said not in _PARTS:
            answers.refuse(f"column.{name}", f"a part of a column, such as amount or {KEYS[0]}")
        if said == NOT_USED:
            role = "other"
        named = f"{header.above[column]} {name}"
        if role in MONEY and (currency := currency_named(named)):
            table.fault("BCF907", f"amounts in {currency}, which is not pounds", column=name)
        table.roles[column] = role
        if role in {*KEYS, "period", "year", "date", "document", "sign"} and role not in used:
            table.keys[role] = column
            used.add(role)
        if not role and said is None and _money_like(table, column):
            choices = ["amount", NOT_USED]
            why = "has amounts, and it is not known what they are"
            table.ask("BCF902", f"column.{name}", f"column {name!r} {why}", choices, column=name)


def _money_like(table: Table, column: int) -> bool:
    """Return whether a column whose heading is not known holds what is written as money."""
    of = table.grid.columns[column]
    codes = of.codes[table.rows][:_SAMPLE]
    texts = [text for text in (of.texts[code].strip() for code in codes) if text]
    amounts = [text for text in texts if is_amount(text)]
    if not amounts or len(amounts) * 2 < len(texts):
        return False
    as_money = sum(bool(re.search(r"[.,(£]|-$|\b[CD]R$", text)) for text in amounts)
    return as_money * 2 >= len(amounts) or not table.header.texts[column]


def _signs(table: Table, answers: Answers) -> None:
    """Multiply amounts by the word beside them: DR adds, CR takes away."""
    column = table.keys.get("sign")
    if column is None:
        return
    of = table.grid.columns[column]
    words = [_SIGN_WORDS.get(text.strip().lower(), 0) for text in of.texts]
    signs = np.array(words, np.int64)[of.codes[table.rows]]
    name = table.heading(column)
    amounts = [it for number, it in table.money.items() if table.roles[number] in SPENT]
    below = any_of([it.there & (it.parts < 0) for it in amounts], len(signs))
    how = "word"
    if (below & (signs != 0)).any():
        row = int(np.flatnonzero(below & (signs != 0))[0])
        answer = answers.choose("sign", ("word", "amount"))
        how = answer or "word"
        if answer is None:
            count = int(below.sum())
            said = f"{count:,} amounts below nil that have DR or CR beside them: does the word "
            said += "turn them ('word'), or do they stand as they are ('amount')"
            table.ask("BCF906", "sign", said, ("word", "amount"), row, name)
    if how == "word":
        for number, it in list(table.money.items()):
            if table.roles[number] in SPENT:
                turned = it.parts * np.where(signs == 0, 1, signs)
                table.money[number] = Amounts(number, turned, it.there, it.unread, it.decimals)
        table.remarks.append(f"signed by {name!r} (DR adds, CR takes away)")


def _unsigned(table: Table) -> None:
    """Refuse lines with neither DR nor CR beside their amount, where others have it."""
    column = table.keys.get("sign")
    if column is None:
        return
    amounts = [it for number, it in table.money.items() if table.roles[number] in SPENT]
    some = any_of([it.there & (it.parts != 0) for it in amounts], len(table.kinds))
    _all_are(table, column, some, _SIGN_WORDS, "amounts with neither DR nor CR beside them")


def _other_currency(table: Table) -> None:
    """Refuse lines that another column says are no pounds."""
    for column in (it for it, role in table.roles.items() if role == "currency"):
        _all_are(table, column, table.lines, _POUNDS, "lines in another currency")


def _all_are(
    table: Table, column: int, rows: NDArray[np.bool_], words: Collection[str], said: str
) -> None:
    """Refuse lines of which a column says none of the words it may; rows says which to look at."""
    of = table.grid.columns[column]
    sound = np.array([text.strip().lower() in words for text in of.texts], bool)
    wrong = np.flatnonzero(rows & table.lines & ~sound[of.codes[table.rows]])
    if len(wrong):
        row = int(wrong[0])
        first = of[table.rows.start + row].strip()
        message = f"{len(wrong):,} {said}, first {first!r}"
        table.fault("BCF907", message, row, table.heading(column))


def _kinds(table: Table) -> None:
    height = table.rows.stop - table.rows.start
    keys = np.zeros(height, np.int64)
    for column in key_columns(table):
        keys += holds(table, column)
    table_money = list(table.money.values())
    there = any_of([it.there for it in table_money], height)
    unread = any_of([it.unread for it in table_money], height)
    again = _headings_again(table, height)
    kinds = np.full(height, BLANK, np.int8)
    kinds[keys > 0] = EMPTY
    kinds[unread] = UNREAD
    kinds[there] = LINE
    kinds[again] = AGAIN
    lines = np.flatnonzero((kinds == LINE) | (kinds == UNREAD))
    last = int(lines[-1]) if len(lines) else -1
    nothing = kinds == EMPTY
    below = np.arange(height) > last
    kinds[nothing & below] = FOOTER
    sections = nothing & ~below & (keys <= _SECTION_CELLS)
    kinds[sections] = SECTION
    table.kinds = kinds
    if sections.any():
        places = np.where(sections, np.arange(height), -1)
        table.section = np.maximum.accumulate(places)


def _headings_again(table: Table, height: int) -> NDArray[np.bool_]:
    """Return which rows are the headings again, as on the next page of a print."""
    again = np.ones(height, bool)
    any_named = False
    if table.header.rows[-1] < 0:
        return np.zeros(height, bool)
    for of in table.grid.columns:
        text = of[table.header.rows[-1]].strip()
        if not text:
            continue
        any_named = True
        same = np.array([it.strip() == text for it in of.texts], bool)
        again &= same[of.codes[table.rows]]
        if not again.any():
            break
    return again if any_named else np.zeros(height, bool)


def unaccounted(table: Table) -> str:
    """Return what of the amounts under the headings is in no row that is accounted for; "".

    Lines, totals, rows that wait for an answer and rows left out make up every amount, in number
    and in sum, of every column of money.
    """
    accounted = np.isin(table.kinds, (LINE, TOTAL, ASKED, AGAIN, UNREAD))
    for column, it in table.money.items():
        amounts = np.abs(it.parts)
        inside = it.there & accounted
        whole, parts = int(amounts.sum()), int(amounts[inside].sum())
        number, count = int(it.there.sum()), int(inside.sum())
        if (parts, count) != (whole, number):
            return (
                f"{table.heading(column)}: {written(whole)} in {number:,} amounts, of which "
                f"{written(parts)} in {count:,} are accounted for"
            )
    return ""
