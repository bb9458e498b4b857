"""A scenario under another agreement than the pool's own: what it is called, and says of itself.

What it spends is the same; who bears its variance is by the rules that are tried.
"""

from bcf_model.core.tables import AGREEMENT_TABLES, Agreement, Inputs
from bcf_model.plan.settings import ScenarioSettings


def name_under(scenario: str, agreement: str) -> str:
    """Return what a scenario is called where an agreement that is tried stands in place of the own.

    >>> name_under("growth", "whole-pool")
    'growth under whole-pool'
    """
    return f"{scenario} under {agreement}"


def settings_under(said: ScenarioSettings, name: str, agreement: Agreement) -> ScenarioSettings:
    """Return the settings of a scenario under an agreement: its note begins with what that is.

    Args:
        said: those of the scenario, in force.
        name: of the scenario.
        agreement: the one that is tried.
    """
    status = f" ({agreement.status})" if agreement.status else ""
    about = f"Shared under another agreement than the pool's own: {agreement.title}{status}."
    told = {
        "title": f"{said.title}, under {agreement.name}",
        "note": "\n".join(it for it in (about, agreement.source, agreement.note, said.note) if it),
        "base": name,
    }
    return said.model_copy(update=told)


def same_terms(first: Inputs, other: Inputs) -> bool:
    """Return whether two say the same in every table that an agreement may bring."""
    return all(getattr(first, it).equals(getattr(other, it)) for it in AGREEMENT_TABLES)
