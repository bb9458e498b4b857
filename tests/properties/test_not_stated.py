"""What is given does not depend on what is not stated: whatever that may be, it stays the same.

A fact is taken out of a random agreement's pool and then filled in twice, at random. Each amount
that was given without it is what it is in either; so nothing is given that should be blank.
"""

import random
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.config import config_context

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.stated_amounts import AMOUNTS
from bcf_model.core.tables import Inputs
from bcf_model.core.words import NOT_STATED
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow, tries
from tests.make.agreements import random_agreement
from tests.make.pools import inputs_of

SHARED = {
    "risk_share": (("scope", "step", "bearer"), ("borne",)),
    "risk_share_summary": (("category_group", "organisation"), ("borne",)),
    "revenue_capital": (("kind", "organisation"), ("borne",)),
    "settlement": (("party",), ("borne", "met_outside", "balancing_payment")),
    "reserves": (("reserve",), ("drawn", "paid_in", "closing")),
    "limits": (("limit_id",), ("budget", "amount", "counted", "left")),
}
"""What hangs on the agreement: the key of each table, and its amounts."""
OWN = {
    "variance": (("scheme_id",), AMOUNTS),
    "variance_by_organisation": (("organisation",), AMOUNTS),
    "variance_by_theme": (("theme",), AMOUNTS),
    "variance_total": ((), AMOUNTS),
    "settlement": (("party",), ("contribution", "own_variance")),
}
"""What hangs on the lines alone."""


def worked(inputs: Inputs) -> Results | None:
    """Work a pool out; None where there is nothing to share a variance by.

    The checks would find that in a file (BCF440); here nothing is looked at before it is shared.
    """
    try:
        with config_context(validation_enabled=False):
            return run(inputs)
    except (ValueError, FloatingPointError) as problem:
        assert "shared by what is nil" in str(problem) or "divide by zero" in str(problem)
        return None


def as_filled(inputs: Inputs) -> Results | None:
    """Work out what was filled in; None where that makes no sound pool."""
    try:
        return worked(inputs)
    except DoesNotReconcile:
        return None


def amounts(results: Results, tables: dict[str, tuple]) -> dict[tuple, int | None]:
    """Give each amount by its table, key and column; None where it is blank."""
    found: dict[tuple, int | None] = {}
    for name, (keys, columns) in tables.items():
        for row in results.outputs[name].to_dict("records"):
            for column in columns:
                pence = row[column]
                where = (name, *(row[key] for key in keys), column)
                found[where] = None if pd.isna(pence) else int(pence)
    return found


def without(inputs: Inputs, lines: list[int], *lost: str, alone: bool = False) -> Inputs:
    """Take amounts of some lines out; `alone` leaves them their variance."""
    schemes = inputs.schemes.copy()
    steps = pd.DataFrame(1, index=schemes["scheme_id"], columns=[*AMOUNTS])
    schemes["variance"] = schemes["expenditure"] - schemes["budget"]
    for name in lost:
        schemes.loc[lines, name] = 0
        steps.iloc[lines, steps.columns.get_loc(name)] = 0
    if not alone:
        steps.iloc[lines, steps.columns.get_loc("variance")] = 0
        schemes.loc[lines, "variance"] = 0
    return replace(inputs, schemes=schemes, steps=steps)


def filled(inputs: Inputs, lines: list[int], draw: random.Random, *lost: str) -> Inputs:
    """Fill amounts of some lines in at random: several of a line move together."""
    schemes = inputs.schemes.copy()
    for line in lines:
        by = draw.choice([-1, 1]) * draw.randint(0, 10**8)
        for name in lost:
            schemes.loc[line, name] += by
    return replace(inputs, schemes=schemes)


def pooled(inputs: Inputs, draw: random.Random) -> list[int]:
    """Choose one line or a few; one whose category is not stated has no variance, and is none."""
    schemes = inputs.schemes
    may = schemes.index[
        (schemes["pooling"] == "pooled") & (schemes["category"] != NOT_STATED)
    ].tolist()
    return draw.sample(may, min(len(may), draw.choice([1, 1, 2])))


LOST = {
    "expenditure": (("expenditure",), False),
    "budget": (("budget",), False),
    "both, and not the variance": (("budget", "expenditure"), True),
}


def apart_only(whole: dict[tuple, int | None], where: tuple) -> set[tuple]:
    """Return the group of the summary, if the whole has none of its own for it."""
    known = {key[:2] for key in whole if key[0] == where[0]}
    return {where[:2]} - known if where[0] == "risk_share_summary" else set()


@slow
@pytest.mark.parametrize("which", LOST)
@tries(12, 300)
@given(st.integers(0, 10**6))
def test_what_is_given_holds_whatever_an_amount_is(which: str, seed: int) -> None:
    names, alone = LOST[which]
    inputs, draw = inputs_of(random_agreement(seed)), random.Random(seed)
    lines = pooled(inputs, draw)
    blank = worked(without(inputs, lines, *names, alone=alone))
    assert blank is not None
    stated = amounts(blank, SHARED | OWN)
    assert None in stated.values() or not lines
    for _ in range(2):
        full = as_filled(filled(inputs, lines, draw, *names))
        whole = {} if full is None else amounts(full, SHARED | OWN)
        for where, pence in stated.items() if full else ():
            if where[:2] in apart_only(whole, where):
                continue  # a group that is shared together with others once all is known
            assert pence is None or pence == whole.get(where, 0), where


@slow
@tries(12, 300)
@given(st.integers(0, 10**6))
def test_what_is_borne_holds_whoever_a_line_is_of(seed: int) -> None:
    inputs, draw = inputs_of(random_agreement(seed)), random.Random(seed)
    lines = pooled(inputs, draw)
    led = inputs.schemes["lead"].where(inputs.schemes["lead"] != "", inputs.schemes["organisation"])
    schemes = inputs.schemes.assign(lead=led)

    def held_by(code: str) -> Inputs:
        whose = schemes.copy()
        whose.loc[lines, "organisation"] = code
        return replace(inputs, schemes=whose)

    kinds = inputs.organisations["organisation_kind"]
    partners = inputs.organisations.loc[kinds != "provider", "organisation"].tolist()
    blank = worked(held_by(NOT_STATED))
    if blank is None:  # nor could it be worked out with a holder
        return
    stated = amounts(blank, SHARED)
    for code in draw.sample(partners, min(2, len(partners))):
        full = as_filled(held_by(code))
        whole = {} if full is None else amounts(full, SHARED)
        for where, pence in stated.items() if full else ():
            if NOT_STATED not in where and where[:2] not in apart_only(whole, where):
                assert pence is None or pence == whole.get(where, 0), where
