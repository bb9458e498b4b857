"""How an extract is read, kept in `ledgers/NAME.toml` and found again by its headings."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from bcf_model.core.findings import Finding
from bcf_model.extracts.headings import meaning
from bcf_model.extracts.plan import Plan, digest, facts_of
from bcf_model.extracts.table import Table

_LEAST_SHARED: Final = 0.5
CHANGED, ACCEPT = "BCF908", "accept"
"""The answer that a change of a file is right; it is of that change alone, and no later one."""


def written(plan: Plan, on: date) -> str:
    """Write how the chosen table is read.

    Args:
        plan: one that asks nothing.
        on: the day it was confirmed.

    Raises:
        ValueError: it is not certain.
    """
    table = plan.chosen
    if table is None or plan.status != "sure":
        message = "a plan that asks or is refused is not kept"
        raise ValueError(message)
    facts = facts_of(table)
    stem, _, ending = plan.extract.file.rpartition(".")
    parts: dict[str, dict[str, Any]] = {
        "file": {
            "name": f"{stem or ending}*.{ending}" if stem else ending,
            "sheet": facts["sheet"],
            "headings": [text for text in table.header.texts if text],
        },
        "columns": {**facts["columns"], "amount": facts["amount"]},
        "reading": {
            "form": facts["form"],
            "unit": facts["unit"],
            "spending": facts["spending"],
            "period": facts["period"],
        },
        "answers": {
            key: plan.answers.given[key] for key in sorted(plan.answers.used) if key != CHANGED
        },
        "confirmed": {"on": on, "sha256_of_plan": digest(facts)},
    }
    if plan.accepted:
        parts["confirmed"]["accepted"] = plan.accepted
    said = []
    for name, values in parts.items():
        said += [f"[{name}]", *(f"{_key(key)} = {_value(it)}" for key, it in values.items()), ""]
    return "\n".join(said)


def _key(text: str) -> str:
    return (
        text
        if text.replace("_", "").isascii() and text.replace("_", "").isalnum()
        else _value(text)
    )


def _value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def answers_in(saved: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers that are kept; what is no text is none.

    Of a file that somebody wrote by hand, what it says of the year and its periods is an answer.
    """
    said: dict[str, Any] = {}
    if _by_hand(saved):
        said = {key: _part(saved, "reading").get(key) for key in ("year", "period")}
    said |= _part(saved, "answers")
    return {key: value for key, value in said.items() if isinstance(value, str) and value}


def _by_hand(saved: Mapping[str, Any]) -> bool:
    """Return whether a file was written by hand: nothing says which plan was confirmed."""
    return "sha256_of_plan" not in _part(saved, "confirmed")


def find_again(
    ledgers: Mapping[str, Mapping[str, Any]], file: str, tables: Sequence[Table]
) -> list[str]:
    """Return the names of the ledgers whose headings one of the tables has, whatever their order.

    Where none has them all, those of which the name fits and half the headings are there: what is
    gone is told then.
    """
    found = [_without_months(table.header.texts) for table in tables]
    whole, nearly = [], []
    for name, saved in ledgers.items():
        known = _without_months(_part(saved, "file").get("headings", ()))
        fits = fnmatchcase(file.lower(), str(_part(saved, "file").get("name", "")).lower())
        sheet = _part(saved, "file").get("sheet", "")
        sheets = {table.grid.name for table, it in zip(tables, found, strict=True) if it == known}
        if sheet in sheets or (sheets and len({t.grid.name for t in tables}) == 1):
            whole.append((not fits, name))
        elif fits and any(len(it & known) >= _LEAST_SHARED * len(known) > 0 for it in found):
            nearly.append((False, name))
    best = sorted(whole or nearly)
    return [name for unfit, name in best if unfit == best[0][0]]


def _part(saved: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = saved.get(name)
    return part if isinstance(part, dict) else {}


def _without_months(headings: Any) -> frozenset[str]:
    texts = headings if isinstance(headings, list | tuple) else ()
    return frozenset(str(text) for text in texts if text and meaning(str(text)).role != "month")


def changes(saved: Mapping[str, Any], plan: Plan, name: str) -> list[Finding]:
    """Return what of a file is not as it was confirmed, in more than its rows."""
    table = plan.chosen
    if table is None:
        return []
    facts = facts_of(table)
    if digest(facts) == _part(saved, "confirmed").get("sha256_of_plan"):
        return []
    known, there = _without_months(_part(saved, "file").get("headings", ())), {*facts["headings"]}
    said = [f"column {text!r} is gone" for text in sorted(known - there)]
    said += [f"column {text!r} is new" for text in sorted(there - known)]
    was = {**_part(saved, "reading"), "sheet": _part(saved, "file").get("sheet", "")}
    columns = dict(_part(saved, "columns"))
    was["amount"] = columns.pop("amount", [])
    was["amount"] = [was["amount"]] if isinstance(was["amount"], str) else was["amount"]
    for part in ("sheet", "amount", "form", "unit", "spending", "period"):
        stated = part in was or not _by_hand(saved)
        if stated and was.get(part) != facts[part] and not said:
            said.append(f"{part} was {was.get(part)!r} and is {facts[part]!r}")
    if columns != facts["columns"] and not said:
        said.append("other columns play its parts")
    if _by_hand(saved) and not said:  # all that it says is so
        return []
    value = "; ".join(said) or "it is read in another way"
    expected = f"as ledgers/{name}.toml says, or --answer {CHANGED}={ACCEPT}"
    return [Finding("BCF908", plan.extract.file, sheet=table.grid.name, value=value,
                    expected=expected)]  # fmt: skip
