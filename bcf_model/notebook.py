"""From folder to frame in three lines: the same few names for a year, a plan, a paper and draws.

`load` and `run` take a pool or one of its scenarios, `draw` a calculated scenario, `compare`
several agreements or scenarios, `audit_paper` a paper, `explain_figure` a figure. What each gives
has `frame(name)`: a table in the units it is written in. Nothing is worked out here: a notebook
asks for what the command line asks for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import overload

import pandas as pd

from bcf_model import pool as pools
from bcf_model.audit.papers import examined
from bcf_model.core.errors import DataHasErrors, UnknownFigure
from bcf_model.core.findings import one_of
from bcf_model.core.tables import AUDIT_TABLES, ComparisonOut, Inputs, Table, in_units
from bcf_model.explain.derivation import explain_named
from bcf_model.explain.differences import Explains, of_agreements, of_scenarios
from bcf_model.explain.printed_figures import Printed
from bcf_model.explain.render import as_text
from bcf_model.explain.scenario_figures import Scenario as OfScenario
from bcf_model.explain.tree import Node, walk
from bcf_model.plan.comparison_columns import side_by_side
from bcf_model.plan.load import Plan, Scenario, load_scenario
from bcf_model.plan.output_tables import COMPARISON_TABLES
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.uncertainty import Uncertainty, simulate
from bcf_model.year import pipeline
from bcf_model.year.results import Results


@dataclass(frozen=True)
class Planned:
    """A scenario of a pool, loaded and sound: what `run` calculates."""

    plan: Plan
    scenario: Scenario


@dataclass(frozen=True)
class Frames:
    """Calculated tables, money in whole pence, and what each of them says.

    Attributes:
        tables: one frame each. models: what the columns of each mean.
        explains: what explains its figures: those of a paper by a blank name; of a comparison the
            differences between the first and another, by the name of that.
    """

    tables: Mapping[str, pd.DataFrame]
    models: Mapping[str, Table]
    explains: Mapping[str, Callable[[], Explains]] = field(default_factory=dict)

    def frame(self, name: str) -> pd.DataFrame:
        """Return one table in the units it is written in: pounds, percent, numbers.

        Raises:
            BcfError: there is no such table.
        """
        return in_units(self.tables, self.models, name)


@overload
def load(pool: str | Path, agreement: str | Path | None = ..., scenario: None = ...) -> Inputs: ...
@overload
def load(pool: str | Path, agreement: str | Path | None = ..., *, scenario: str) -> Planned: ...
def load(
    pool: str | Path, agreement: str | Path | None = None, scenario: str | None = None
) -> Inputs | Planned:
    """Load a pool, or one of its scenarios; it must be sound.

    Args:
        pool: a folder, or a workbook.
        agreement: a file or folder, to try instead of the pool's own.
        scenario: the name of one of its scenarios; under an agreement that is tried it is called
            'NAME under AGREEMENT', and may be compared with itself under the pool's own.

    Raises:
        DataHasErrors: with every finding; nothing can be calculated from such data.
    """
    if scenario is None:
        return pools.load(pool, agreement)
    return Planned(*load_scenario(pool, scenario, agreement))


@overload
def run(loaded: Inputs) -> Results: ...
@overload
def run(loaded: Planned) -> Projection: ...
def run(loaded: Inputs | Planned) -> Results | Projection:
    """Calculate what was loaded: a year, or a scenario.

    Raises:
        DataHasErrors: what was found only in calculating.
    """
    if isinstance(loaded, Planned):
        return project(loaded.plan, loaded.scenario)
    return pipeline.run(loaded)


def draw(projection: Projection, draws: int = 10_000, seed: int = 1) -> Uncertainty:
    """Draw a scenario many times; the same seed gives the same draws.

    Returns:
        The tables percentiles, breaches and drivers.
    """
    return simulate(projection, draws, seed)


def compare(tried: Sequence[Results] | Sequence[Projection]) -> Frames:
    """Set results under several agreements side by side, or several scenarios.

    Args:
        tried: of one pool; scenarios of one perimeter. The first is the one compared with.

    Returns:
        The table comparison; of scenarios also comparison_shares, comparison_break_even and
        comparison_percentiles.

    Raises:
        NotHeld: of such a position no share is given.
    """
    if isinstance(tried[0], Results):
        years = [it for it in tried if isinstance(it, Results)]
        found = pipeline.compare(years)
        agreements = {
            it.inputs.agreement.name: partial(of_agreements, years[0], it) for it in years[1:]
        }
        return Frames({"comparison": found}, {"comparison": ComparisonOut}, agreements)
    scenarios = [it for it in tried if isinstance(it, Projection)]
    beside = {it.scenario.name: partial(of_scenarios, scenarios[0], it) for it in scenarios[1:]}
    tables = side_by_side(scenarios, [None] * len(scenarios))
    return Frames(tables, COMPARISON_TABLES, beside)


def audit_paper(paper: str | Path) -> Frames:
    """Audit a pool's published figures, or a transcription of a paper.

    Returns:
        The tables audit, audit_figures and audit_cross_table.

    Raises:
        DataHasErrors: with every finding; nothing can be audited.
    """
    found, about, findings = examined(paper)
    if found is None or about is None:
        raise DataHasErrors(findings)
    return Frames(found.tables, AUDIT_TABLES, {"": partial(Printed, found, about.name)})


@dataclass(frozen=True)
class Explanation:
    """How a figure came about: printed as a tree, or as a frame of its steps.

    Attributes:
        tree: the derivation.
    """

    tree: Node

    def __str__(self) -> str:
        """Draw the tree."""
        return as_text(self.tree)

    def frame(self) -> pd.DataFrame:
        """Return the tree as a table: a row a step, its depth, amount in pounds and sources."""
        depths: dict[int, int] = {id(self.tree): 0}
        rows = []
        for node in walk(self.tree):
            depths |= {id(child): depths[id(node)] + 1 for child in node.children}
            pounds = None if node.pence is None else node.pence / 100
            rows.append(
                (depths[id(node)], node.label, pounds, node.rate, node.adds, node.formula,
                 node.worked, "; ".join(node.sources))
            )  # fmt: skip
        columns = ["depth", "step", "pounds", "rate", "adds", "formula", "worked", "sources"]
        return pd.DataFrame(rows, columns=columns)


def explain_figure(
    calculated: Results | Projection | Frames, figure: str, of: str = ""
) -> Explanation:
    """Explain a figure of a year, a scenario, a comparison or an audit, down to the file and row.

    Args:
        calculated: of `run`, `compare` or `audit_paper`.
        figure: as it is written; of an audit, the published_id of what is printed.
        of: in a comparison, the agreement or scenario whose difference from the first is explained;
            the last, where none is named.

    Raises:
        UnknownFigure: it cannot be read, or names what is not there.
    """
    if isinstance(calculated, Projection):
        return Explanation(OfScenario(calculated).explain(figure))
    if isinstance(calculated, Results):
        return Explanation(explain_named(calculated, figure))
    named = of or next(reversed([*calculated.explains]), "")
    if named not in calculated.explains:
        message = f"nothing is compared with {named!r}; {one_of(calculated.explains, named)}"
        raise UnknownFigure(message)
    return Explanation(calculated.explains[named]().explain(figure))
