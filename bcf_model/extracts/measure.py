"""What a table measures: which column is the amount, in which unit, of which sign and time."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from bcf_model.extracts import totals
from bcf_model.extracts.amounts import Parts, pence_of, read, written
from bcf_model.extracts.answers import Answers
from bcf_model.extracts.headings import (
    MONEY,
    currency_named,
    meaning,
    month_of,
    unit_named,
    year_named,
)
from bcf_model.extracts.table import ASKED, LINE, TOTAL, UNREAD, Table

_TITLES: Final = 12
_PENCE: Final = 2
_LAST_MONTH: Final = 12
_PENCE_OF_TEXT, _PENCE_OF_NUMBERS = 0.9, 0.5
_NET_OF_GROSS: Final = -0.3
_SIGNS_SAID: Final = re.compile(
    r"expenditure\s*\(?[-−–](?!\w)|income\s*\(?\+|\(?[-−–]\)?\s*=\s*expenditure|"
    r"spend(?:ing)? (?:is|shown|as) (?:a )?negative", re.I,
)  # fmt: skip
_ALL_IN_POUNDS: Final = re.compile(
    r".*(?:\(£s?\)|\b(?:amounts|figures|all|values) (?:are )?in (?:£s?|pounds)\b).*|£s?", re.I
)
_BOTH: Final = 2
_DAY: Final = re.compile(r"\d{1,2}[/.]\d{1,2}[/.](?:\d\d)?\d\d")
UNREAD_DAYS: Final = "month first"
DIFFERENCE: Final = "debit - credit"
_ONE_OF: Final = ("amount", "actual", "ytd", "net", "gross", "income")


def choose_amount(table: Table, answers: Answers) -> None:
    """Find the columns that say what was spent; ask where it is not certain."""
    by_role: dict[str, list[int]] = {}
    for column in table.money:
        by_role.setdefault(table.roles[column], []).append(column)
    table.form = "one"
    if not table.money:
        table.fault("BCF901", "no column of amounts")
        return
    months = tuple(by_role.get("month", []))
    single = [column for role in _ONE_OF for column in by_role.get(role, [])]
    both = [by_role[role][0] for role in ("debit", "credit") if len(by_role.get(role, [])) == 1]
    pair = tuple(both) if len(both) == _BOTH else ()
    named: dict[str, tuple[str, tuple[int, ...]]] = {
        table.heading(it): ("one", (it,)) for it in table.money
    }
    if len(months) > 1:
        named["months"] = "months", months
    if pair:
        named[DIFFERENCE] = "debit and credit", pair
    wanted = answers.choose("amount", [*named])
    if wanted is not None:
        table.form, table.spent = named[wanted]
    elif len(months) > 1 and not pair:
        _made_of(table, "months", months, single)
    elif pair and not months:
        _made_of(table, "debit and credit", pair, single)
    elif len(single) == 1 and not both and not months:
        table.spent = (single[0],)
    elif months or both or len(single) < _BOTH or not _wide(table, single):
        _ask_which(table, by_role, [*single, *months, *both])


def _made_of(table: Table, form: str, parts: tuple[int, ...], single: Sequence[int]) -> None:
    """Take several columns for the amount, where a single one beside them says the same."""
    months = form == "months"
    holds = _add_up if months else _difference
    if not single or (len(single) == 1 and holds(table, parts, single[0])):
        table.spent, table.form = parts, form
        if single:
            first, last = table.heading(parts[0]), table.heading(parts[-1])
            made = f"{first} to {last} add up to" if months else f"{first} less {last} is"
            said = f"{made} {table.heading(single[0])!r} in every row"
            table.fault("BCF909", said)
        return
    choices = ["months" if months else DIFFERENCE, *(table.heading(it) for it in single)]
    said = f"{' or '.join(choices)}? They differ"
    table.ask("BCF902", "amount", said, choices)


def _ask_which(table: Table, by_role: Mapping[str, list[int]], columns: Sequence[int]) -> None:
    """Ask which of several columns is the amount, or whether one that says no such thing is."""
    choices = [table.heading(it) for it in columns or table.money]
    said = f"{' or '.join(choices)}?"
    if not columns:
        said = f"no column says what was spent; there is {', '.join(choices)}"
    for net, vat, gross in _triples(by_role):
        held, rows = _held(table, (net, vat), gross)
        made = f"{table.heading(net)} + {table.heading(vat)} = {table.heading(gross)}"
        said += f" ({made} in {held:,} of {rows:,} rows)"
    table.ask("BCF902", "amount", said, choices)


def _triples(by_role: Mapping[str, list[int]]) -> Iterator[tuple[int, int, int]]:
    for net in by_role.get("net", []):
        for vat in by_role.get("vat", []):
            for gross in by_role.get("gross", []):
                yield net, vat, gross


def _held(table: Table, parts: Sequence[int], whole: int) -> tuple[int, int]:
    """Count the lines in which some columns add up to another, and all lines."""
    lines = table.lines
    added = np.zeros(len(lines), np.int64)
    for column in parts:
        added += table.money[column].parts
    return int((added == table.money[whole].parts)[lines].sum()), int(lines.sum())


def _add_up(table: Table, parts: Sequence[int], whole: int) -> bool:
    held, lines = _held(table, parts, whole)
    return held == lines > 0 and bool(table.money[whole].there[table.lines].all())


def _difference(table: Table, parts: Sequence[int], whole: int) -> bool:
    debit, credit = parts
    lines, money = table.lines, table.money
    return bool(
        lines.any()
        and (money[debit].parts - money[credit].parts == money[whole].parts)[lines].all()
    )


def _wide(table: Table, columns: Sequence[int]) -> bool:
    """Take a column for each organisation under one heading: they are added up, line by line."""
    above = {table.header.above[it] for it in columns}
    roles = {table.roles[it] for it in columns}
    if len(above) != 1 or not (over := above.pop()) or len(roles) != 1:
        return False
    unders = [_under(table, it) for it in columns]
    whole = [it for it, text in zip(columns, unders, strict=True) if totals.ALONE.fullmatch(text)]
    parts = [it for it in columns if it not in whole]
    names = [_under(table, it) for it in parts]
    if (
        any(meaning(text).role in MONEY for text in names)
        or len(set(names)) < len(names)
        or len(parts) < _BOTH
    ):
        return False
    if len(whole) > 1 or (whole and not _add_up(table, parts, whole[0])):
        return False
    table.spent, table.form = tuple(parts), "wide"
    table.remarks.append(f"a column for each organisation under {over!r}: {', '.join(names)}")
    if whole:
        said = f"they add up to {table.heading(whole[0])!r} in every row"
        table.fault("BCF909", said)
    return True


def _under(table: Table, column: int) -> str:
    text, over = table.header.texts[column], table.header.above[column]
    return text.removeprefix(over).strip() if over else text


def organisation_of(table: Table, column: int) -> str:
    """Return the organisation whose column it is, in a table that has one for each."""
    return _under(table, column)


def say_unread(table: Table) -> None:
    """Note what of the amounts that count cannot be read."""
    lines = np.isin(table.kinds, (LINE, UNREAD, ASKED))
    for column in table.spent or tuple(table.money):
        it = table.money[column]
        bad = it.unread & lines
        for row in np.flatnonzero(bad & (table.kinds == ASKED)).tolist():
            bad[row] = (table.at(row), column + 1) not in table.grid.formulas
        if not bad.any():
            continue
        rows = np.flatnonzero(bad)
        row = int(rows[0])
        text = table.grid.columns[column][table.rows.start + row].strip()
        cell = totals.cell(table.rows.start + row, column)
        said = f"{len(rows):,} that are no amounts in pounds, first {cell} {text!r}"
        if (currency := currency_named(text)) and read(text).parts is None:
            said += f': "{currency}" is not pounds'
        place = (table.at(row), column + 1)
        if place in table.grid.formulas:
            said += ": a formula that was never calculated"
        table.fault("BCF907", said, row, table.heading(column), cell if table.grid.name else "")


def titles(table: Table) -> list[str]:
    """Return what stands above the headings, and the name of the sheet."""
    first = max(0, table.header.rows[0])
    rows = range(max(0, first - _TITLES), first)
    above = [text for row in rows for text in table.grid.row(row) if text]
    return [*above, table.grid.name]


def find_unit(table: Table, answers: Answers) -> None:
    """Find the unit: as headings or titles state it, or pounds where pence are shown; else ask."""
    answer = answers.choose("unit", ("pounds", "thousands", "millions"))
    if not table.lines.any():
        return
    named = _units_named(table)
    stated = ", ".join(f"{unit} {why}" for unit, why in named.items())
    columns = table.spent or tuple(table.money)
    scaled = any(
        look.scale > 1 and place[1] - 1 in columns for place, look in table.grid.seen.looks.items()
    )
    if answer and named and answer not in named:
        table.ask("BCF905", "unit", f"{answer} was answered, and stated is {stated}", [*named])
    elif answer:
        table.unit, table.unit_because = answer, "as answered"
    elif len(named) == 1 and not scaled:
        table.unit, table.unit_because = next(iter(named.items()))
    elif not named and not scaled and _pence_shown(table, columns):
        table.unit, table.unit_because = "pounds", "because pence are shown"
    elif not named and not scaled and _pounds_written(table):
        table.unit, table.unit_because = "pounds", "because the amounts have a £ before them"
    else:
        what = f"two units are stated: {stated}" if len(named) > 1 else "the unit is not stated"
        what = "cells are formatted to show thousands" if scaled else what
        _ask_unit(table, what, columns)


def _units_named(table: Table) -> dict[str, str]:
    """Return each unit that is stated, and where."""
    named: dict[str, str] = {}
    for column in (*table.spent, *table.money):
        both = f"{table.header.above[column]} {table.header.texts[column]}"
        if unit := unit_named(both):
            named.setdefault(unit, f"as the heading {table.heading(column)!r} says")
    for text in titles(table):
        unit = unit_named(text)
        if unit and (unit != "pounds" or _ALL_IN_POUNDS.fullmatch(text)):
            named.setdefault(unit, f"as {text!r} says")
    return named


def _ask_unit(table: Table, what: str, columns: Sequence[int]) -> None:
    lines = table.lines
    largest = max(int(np.abs(table.money[it].parts[lines]).max(initial=0)) for it in columns)
    said = f"{what}: pounds or £000? (largest {written(largest)}"
    if len(columns) == 1:
        said += f"; sum {written(table.money[columns[0]].total(lines))}"
    table.ask("BCF905", "unit", f"{said})", ("pounds", "thousands", "millions"))


def _pence_shown(table: Table, columns: Sequence[int]) -> bool:
    """Return whether amounts are written to the penny, and none more finely."""
    money = [table.money[it] for it in columns]
    decimals = np.concatenate([it.decimals[table.lines & it.there] for it in money])
    if not len(decimals) or int(decimals.max()) != _PENCE:
        return False
    least = _PENCE_OF_NUMBERS if table.grid.name else _PENCE_OF_TEXT
    return float((decimals == _PENCE).mean()) >= least


def _pounds_written(table: Table) -> bool:
    for column in table.spent:
        of = table.grid.columns[column]
        codes = of.codes[table.rows][table.lines & table.money[column].there]
        if not len(codes) or not all("£" in of.texts[code] for code in np.unique(codes)):
            return False
    return bool(table.spent)


def _read_days(table: Table, column: int) -> None:
    """Read no day of a column in which one is not day first: the others may not be either."""
    of = table.grid.columns[column]
    stated = (of.texts[code].strip() for code in np.unique(of.codes[table.rows]).tolist())
    days = [text for text in stated if _DAY.fullmatch(text)]
    if other := next((text for text in days if not month_of(text)[0]), ""):
        table.period_as = UNREAD_DAYS
        name = table.heading(column)
        table.remarks.append(f"{other!r} in {name!r} has the month first: no day of it is read")


def to_the_penny(table: Table) -> None:
    """Refuse amounts finer than a penny: nothing is rounded in silence."""
    for column in table.spent if table.unit else ():
        it = table.money[column]
        _, finer = pence_of(it.parts, table.unit)
        finer &= np.isin(table.kinds, (LINE, TOTAL))
        if table.lines[finer].any():
            row = int(np.flatnonzero(finer & table.lines)[0])
            said = f"{int((finer & table.lines).sum()):,} finer than a penny, first "
            at = totals.cell(table.rows.start + row, column)
            said += f"{at} {written(int(it.parts[row]))} {table.unit}"
            table.fault("BCF907", said, row, table.heading(column), at if table.grid.name else "")


def parts_of(table: Table) -> dict[int, Parts]:
    """Return the amounts of the columns that say what was spent, spending above nil."""
    found = {}
    for place, column in enumerate(table.spent):
        sign = -1 if table.form == "debit and credit" and place == 1 else 1
        found[column] = table.money[column].parts * (sign * table.spending)
    return found


def spent_in(table: Table) -> int:
    """Return what the lines come to, in parts of the unit."""
    return sum(int(it[table.lines].sum()) for it in parts_of(table).values())


def find_sign(table: Table, answers: Answers) -> None:
    """Ask whether spending is below nil, where words or most of the money say so."""
    if not table.spent:
        return
    lines = table.lines
    gross = below = net = 0
    for it in parts_of(table).values():
        counted = it[lines]
        gross += int(np.abs(counted).sum())
        net += int(counted.sum())
        below -= int(counted[counted < 0].sum())
    heads = [*titles(table), *table.header.texts]
    said = next((text for text in heads if _SIGNS_SAID.search(text)), "")
    income = any(table.roles[it] == "income" for it in table.spent)
    answer = answers.choose("spending", ("negative", "positive"))
    if answer:
        table.spending = -1 if answer == "negative" else 1
        if answer == "negative" and net > -_NET_OF_GROSS * gross:
            said = "negative was answered, and most of the money is above nil"
            table.ask("BCF906", "spending", said, ("positive",))
        return
    if said or income or (gross and net < _NET_OF_GROSS * gross):
        share = f"{100 * below // gross}% of the money is" if gross else "there is no money"
        why = f"; {said!r} says so" if said else ""
        why += "; the column is of income" if income else ""
        table.ask("BCF906", "spending", f"{share} below nil{why}", ("negative", "positive"))


def find_time(table: Table, answers: Answers) -> None:
    """Find the financial year, and how periods of six digits are meant."""
    years = Counter(year for text in titles(table) if (year := year_named(text)))
    years.update(it.year for it in table.header.meanings if it.year)
    answer = answers.take("year")
    if answer is not None:
        if year_named(answer) != answer:
            answers.refuse("year", "a financial year, such as 2024-25")
        table.year = answer
    elif len(years) == 1:
        table.year = next(iter(years))
    if "period" not in table.keys and "date" in table.keys:
        _read_days(table, table.keys["date"])
    column = table.keys.get("period")
    how = answers.choose("period", ("financial", "calendar"))
    if column is None:
        return
    of = table.grid.columns[column]
    stated = (of.texts[code].strip() for code in np.unique(of.codes[table.rows]).tolist())
    texts = {text for text in stated if re.fullmatch(r"\d{4}[/-]?\d\d", text)}
    if how:
        table.period_as = how
    elif texts and any(int(text[-2:]) > _LAST_MONTH for text in texts):
        table.period_as = "financial"
    elif texts:
        first = sorted(texts)[0]
        table.remarks.append(
            f"{first} in {table.heading(column)!r} may be a month of the financial or of the "
            "calendar year, and is not read: --answer period=financial, or period=calendar"
        )
