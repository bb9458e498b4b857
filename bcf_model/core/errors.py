"""What can go wrong with the program or the way it was called.

What can be wrong with the *data* is never an exception while it is being looked for: it is a row
of findings (see `findings`). `DataHasErrors` carries those rows to a caller who asked for a result.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcf_model.core.findings import Finding


class BcfError(Exception):
    """Anything this package raises on purpose."""


class UnknownFigure(BcfError):
    """A figure names a measure or a key that does not exist."""


class NotHeld(UnknownFigure):
    """A figure that could be computed, were it not that this pool's inputs do not hold it."""


class NotStated(NotHeld):
    """A figure that is blank: something it needs is not stated, and that is not nil."""


class UnknownScope(BcfError):
    """A scope of a plan cannot be read; says what was expected."""


class NothingToShareBy(BcfError, ValueError):
    """A variance is to be shared by weights that are nil, or below nil."""


class DoesNotReconcile(BcfError):
    """An identity that must hold to the penny does not: the program is at fault."""


class NotAsDescribed(BcfError):
    """A table to be given out is not as the data dictionary says: the program is at fault."""


class CannotWrite(BcfError):
    """The report could not be written where it was asked for."""


class DataHasErrors(BcfError):
    """The data has errors, so nothing was calculated.

    Attributes:
        findings: every finding, warnings included.
    """

    def __init__(self, findings: "Sequence[Finding]") -> None:
        """Keep the findings and say the first of them."""
        self.findings = tuple(findings)
        errors = [f for f in findings if f.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"{errors[0].sentence}{more}. Nothing was calculated.")
