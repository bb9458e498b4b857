"""How a total over the rows of one key is printed: by where they stand, where that is known."""

import pandas as pd
import pytest

from bcf_model.core.expressions import Total
from bcf_model.core.ledger import Ledger
from bcf_model.publish.excel_formulas import Formulas

LINES = pd.DataFrame({"pot": ["one", "two", "two"], "variance": [1, 2, 3]})
SHARES = pd.DataFrame(
    {
        "pot": ["one", "two", "two", "two"],
        "bearer": ["CCG", "CCG", "Council", "CCG"],
        "step": [1, 1, 1, 2],
        "position": [1, 1, 2, 1],
        "weight": [1, 3, 7, 1],
    }
)
IN_LINES = Total("variance", sharing="pot", table="lines")
WEIGHT = Total("weight", sharing="pot")
SO_FAR = Total("weight", sharing="pot", above=True, before="step")
REACHED = Total("weight", sharing="bearer", above=True)


@pytest.fixture
def formulas() -> Formulas:
    made = Formulas(Ledger({"lines": LINES, "shares": SHARES}))
    made.on_a_page = {("lines", name): ("Inputs", 4, i) for i, name in enumerate(LINES)}
    made.on_a_page |= {("shares", name): ("Workings", 9, i) for i, name in enumerate(SHARES)}
    return made


@pytest.mark.parametrize(
    ("total", "row", "printed"),
    [
        (IN_LINES, 0, "INDEX(line_variance,IF(INDEX(line_pot,1)=$A10,1,MATCH($A10,line_pot,0)))"),
        (IN_LINES, 1, "SUMIFS(line_variance,line_pot,$A11)"),
        (WEIGHT, 0, "$E10"),
        (WEIGHT, 2, "SUM($E11:$E13)"),
        (SO_FAR, 2, "0"),
        (SO_FAR, 3, "SUM($E11:$E12)"),
        (REACHED, 3, "SUMIFS($E$9:$E12,$B$9:$B12,$B13)"),
    ],
)
def test_of_rows_that_stand_together_nothing_is_searched_for(formulas, total, row, printed):
    assert formulas.reference(9 + row, "shares")(total) == printed
