"""Facts of England that ship with the package: contributions, discount rates, usual delivery.

Each row names its source and how sure it is. None of them acts by itself: a scenario that wants
one states it as its own assumption.
"""

import pandas as pd

from bcf_model.core.money import MILLIONTHS, read_number
from bcf_model.core.package_files import rows_of
from bcf_model.core.tables import Table
from bcf_model.plan.tables import DiscountRates, NationalContributions, UsualDelivery


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


def _read(name: str, model: Table) -> pd.DataFrame:
    """Read a file of the package; numbers with decimals become millionths."""
    frame = pd.DataFrame(rows_of("bcf_model.reference", f"{name}.csv"))
    if [*frame] != [*model.types]:
        message = f"{name}.csv has other columns than {', '.join(model.types)}"
        raise ValueError(message)
    for meaning in model.fields:
        if model.types[meaning.name] == "int64":
            scale = MILLIONTHS if meaning.form == "quantity" else 1
            frame[meaning.name] = [int(read_number(it) * scale) for it in frame[meaning.name]]
    return model.validate(frame)
