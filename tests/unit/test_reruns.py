"""Many outturns at once give what each gives by itself."""

from pathlib import Path

import numpy as np
import pytest

from bcf_model import pipeline
from bcf_model.check import load
from bcf_model.model import reserves
from bcf_model.risk_share.pots import share
from bcf_model.risk_share.reruns import prepare, rerun
from bcf_model.vocabulary import NOT_STATED

INPUTS = Path(__file__).resolve().parent.parent.parent / "inputs"
POOLS = [INPUTS / "sheffield-2018-19", *sorted((INPUTS / "agreements").iterdir())]


@pytest.mark.parametrize("pool", POOLS, ids=lambda path: path.name)
def test_each_draw_is_a_year_of_its_own(pool):
    inputs = load(pool)
    lines = pipeline.run(inputs).figures.tables["lines"]
    lines = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    terms = pipeline.terms_of(inputs, reserves.released(inputs.reserves, inputs.achievement))
    draw = np.random.default_rng(7)
    change = draw.integers(-(10**6), 10**6, (12, len(lines)))
    change[0] = 0
    change[:, (lines["category"] == NOT_STATED).to_numpy()] = 0
    outturns = lines["variance"].to_numpy() + change
    agreement = prepare(lines, terms)
    found = rerun(agreement, outturns)
    assert (found.sum(axis=1) == outturns.sum(axis=1)).all()
    for row, variance in zip(found, outturns, strict=True):
        shares, _, _ = share(lines.assign(variance=variance), terms)
        alone = shares.groupby("bearer")["borne"].sum().reindex(agreement.bearers, fill_value=0)
        assert row.tolist() == alone.tolist()


def test_no_draws_give_no_rows():
    inputs = load(POOLS[0])
    lines = pipeline.run(inputs).figures.tables["lines"]
    lines = lines[lines["pooling"] == "pooled"].reset_index(drop=True)
    agreement = prepare(lines, pipeline.terms_of(inputs, inputs.reserves.assign(released=0)))
    assert rerun(agreement, np.zeros((0, len(lines)), dtype=np.int64)).shape == (0, 2)
