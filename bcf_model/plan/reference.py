"""Facts of England that ship with the package: contributions, discount rates, usual delivery.

Each row names its source and how sure it is. None of them acts by itself: a scenario that wants
one states it as its own assumption.
"""

import csv
from importlib import resources
from typing import Final

import pandas as pd

from bcf_model.core.money import read_number
from bcf_model.core.tables import Table, fields, typed
from bcf_model.plan.output_tables import types as types_of
from bcf_model.plan.tables import DiscountRates, NationalContributions, UsualDelivery

MILLIONTHS: Final = 10**6


def national_contributions() -> pd.DataFrame:
    """Return minimum contributions and uplifts by year: `tables.NationalContributions`.

    Quantities are millionths of a million pounds, or of a percent. A year's total that is rounded
    where it is printed need not be the sum of its parts.
    """
    return _read("contributions", NationalContributions)


def discount_rates() -> pd.DataFrame:
    """Return the Green Book's rates: `tables.DiscountRates`, in millionths of a percent a year."""
    return _read("discount", DiscountRates)


def usual_delivery() -> pd.DataFrame:
    """Return what is usually delivered of savings: `tables.UsualDelivery`, millionths of a percent.

    What is published is an average over savings of any colour; weights by colour are local.
    """
    return _read("delivery", UsualDelivery)


def _read(name: str, model: type[Table]) -> pd.DataFrame:
    """Read a file of the package; numbers with decimals become millionths."""
    file = resources.files("bcf_model.reference") / f"{name}.csv"
    headings, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
    types, forms = types_of(model), [meaning.form for meaning in fields(model)]
    if headings != [*types]:
        message = f"{name}.csv has other columns than {', '.join(types)}"
        raise ValueError(message)
    found = [
        [_value(*cell) for cell in zip(row, forms, types.values(), strict=True)] for row in rows
    ]
    return model.validate(typed(pd.DataFrame(found, columns=[*types]), types))


def _value(text: str, form: str, kind: str) -> str | int:
    if kind != "int64":
        return text
    return int(read_number(text) * (MILLIONTHS if form == "quantity" else 1))
