"""Budget and risk share of a Better Care Fund pooled budget, to the penny.

From folder to table in three lines, and the same for a scenario, its draws, a comparison, an audit
and an explanation::

    import bcf_model
    results = bcf_model.run(bcf_model.load("inputs/sheffield-2018-19"))
    results.frame("variance")

    plan = bcf_model.run(bcf_model.load("inputs/sheffield-2018-19", scenario="shift-to-prevention"))
    bcf_model.draw(plan).frame("percentiles")

The names below are the whole public interface. They are imported on first use, so that
``bcf --help`` does not wait for pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bcf_model.core.errors import BcfError as BcfError
    from bcf_model.core.errors import DataHasErrors as DataHasErrors
    from bcf_model.core.figures import Figure as Figure
    from bcf_model.notebook import audit_paper as audit_paper
    from bcf_model.notebook import compare as compare
    from bcf_model.notebook import draw as draw
    from bcf_model.notebook import explain_figure as explain_figure
    from bcf_model.notebook import load as load
    from bcf_model.notebook import run as run
    from bcf_model.pool import check_pool as check_pool
    from bcf_model.publish.write import write_report as write_report

__version__ = "0.1.0"

_HOME = {
    "BcfError": "bcf_model.core.errors",
    "DataHasErrors": "bcf_model.core.errors",
    "Figure": "bcf_model.core.figures",
    **dict.fromkeys(
        ("audit_paper", "compare", "draw", "explain_figure", "load", "run"), "bcf_model.notebook"
    ),
    "check_pool": "bcf_model.pool",
    "write_report": "bcf_model.publish.write",
}

__all__ = [  # noqa: PLE0604 - the names are strings, computed once
    "__version__",
    *sorted(_HOME),
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'bcf_model' has no attribute '{name}'"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the public names, for completion in a notebook."""
    return __all__
