"""What a check says of two sides, as it is printed and as it comes out."""

import numpy as np
import pytest

from bcf_model.core.expressions import Column, evaluate, formula
from bcf_model.publish.excel_checks import PENNY, verdict

DIFFERENCE = Column("difference")


@pytest.mark.parametrize(
    ("difference", "said"),
    [(np.int64(0), "holds"), (np.int64(1), "FAILS"), (np.int64(-1), "FAILS"), ("#N/A", "FAILS")],
)
def test_an_error_is_no_agreement(difference, said):
    assert evaluate(verdict(DIFFERENCE, PENNY, "holds"), lambda _: difference) == said


def test_a_difference_of_less_than_a_penny_is_none():
    printed = formula(verdict(DIFFERENCE, PENNY, "holds"), lambda _: "D5")
    assert printed == 'IF(COUNT(D5)>0,IF(MAX(D5,-D5)-0.005>0,"FAILS","holds"),"FAILS")'
