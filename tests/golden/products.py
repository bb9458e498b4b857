"""What the program writes, product by product: each gives its files, by name, without a folder.

Reports of the year and of scenarios, comparisons and audits of all that ships; answers of commands;
reports of pools and plans made at random, each from its seed.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from click.testing import CliRunner

from bcf_model import cli
from bcf_model import pool as check
from bcf_model.audit.papers import examined
from bcf_model.core.errors import DataHasErrors
from bcf_model.explain.derivation import names, value_of
from bcf_model.explain.render import list_as_text
from bcf_model.plan.load import load_scenario, scenario_names
from bcf_model.plan.projection import project
from bcf_model.plan.uncertainty import simulate
from bcf_model.publish import terminal
from bcf_model.publish.audit import write as audits
from bcf_model.publish.audit.pages import told
from bcf_model.publish.comparison import write as agreements
from bcf_model.publish.contents import contents, versions_in_use
from bcf_model.publish.derivations import figures_on
from bcf_model.publish.scenario import terminal as scenario_terminal
from bcf_model.publish.scenario import uncertainty_terminal, write
from bcf_model.publish.scenario.comparison_terminal import compared
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.write import document
from bcf_model.publish.year_end_pages import sheets, summary
from bcf_model.year import pipeline
from bcf_model.year.results import Results
from tests.make.agreements import random_agreement
from tests.make.places import INPUTS, PLAN, ROOT, SHEFFIELD
from tests.make.plans import random_plan
from tests.make.shipped import results_of

"""A small pool with a plan of every kind."""
DRAWS, SEED = 200, 1
MANY = range(1, 21)
"""Seeds of what is made at random."""
VERSIONS = dict.fromkeys(versions_in_use(), "any")
ANSWERS = {
    "movement": ("movement", "", "closing 2018-19", "initial 2019-20"),
    "efficiencies": ("efficiencies", ""),
    "risk-share": ("risk-share", ""),
    "solve": ("solve", "", "shift-to-prevention", "return on prevention",
              "position/year=2023-24", "--to", "0"),
    "in-force": ("scenario", "", "shift-to-prevention", "--show"),
    "explain-borne": ("explain", "", "borne/category=B/bearer=CCG"),
    "explain-rate": ("explain", "", "variance_percent/theme=7", "--format", "md"),
    "explain-line": ("explain", "", "variance/scheme=T4-SCC-04", "--format", "json"),
}  # fmt: skip
"""Commands asked of Sheffield's pool, whose place is left blank here."""

Files = dict[str, bytes]


@dataclass(frozen=True)
class Product:
    """Something the program writes.

    Attributes:
        make: gives its files. at_random: it was made from a seed: no page of it is named.
    """

    make: Callable[[], Files]
    at_random: bool = False


@cache
def products() -> dict[str, Product]:
    """Return all that is written, by name."""
    found = {"sheffield-2018-19": Product(partial(_pool, SHEFFIELD))}
    for pool in sorted((INPUTS / "agreements").iterdir()):
        found[f"agreements/{pool.name}"] = Product(partial(_pool, pool))
    for pool, of in ((SHEFFIELD, "scenarios"), (PLAN, "made-up")):
        for name in scenario_names(pool):
            found[f"{of}/{name}"] = Product(partial(_scenario, pool, name))
            found[f"{of}/{name}-drawn"] = Product(partial(_scenario, pool, name, DRAWS))
    for perimeter in ("pool", "city"):
        found[f"compared/{perimeter}"] = Product(partial(_compared, perimeter))
    found["compared/agreements"] = Product(_agreements)
    found["audits/sheffield-2018-19"] = Product(partial(_audit, SHEFFIELD))
    for paper in sorted((INPUTS / "transcriptions").iterdir()):
        found[f"audits/{paper.stem}"] = Product(partial(_audit, paper))
    found["answers"] = Product(_answers)
    for seed in MANY:
        found[f"at-random/pool-{seed:02}"] = Product(partial(_random_pool, seed), at_random=True)
        found[f"at-random/plan-{seed:02}"] = Product(partial(_random_plan, seed), at_random=True)
    return found


def made(product: str) -> Files:
    """Return the files of a product."""
    return products()[product].make()


def _pool(pool: Path) -> Files:
    return _year(results_of(pool))


def _year(results: Results) -> Files:
    """Return the report of a year, its headline, and the list of all its figures."""
    listed = {it: value_of(results, it) for it in names(results, figures_on(sheets(results)))}
    return contents(document(results, VERSIONS)) | {
        "headline.txt": terminal.headline(results, summary(results)).encode(),
        "figures.txt": list_as_text(listed).encode(),
    }


def _shown(pool: Path, name: str, draws: int = 0) -> write.Shown:
    found = project(*load_scenario(pool, name))
    return write.to_show(found, simulate(found, draws, SEED) if draws else None)


def _scenario(pool: Path, name: str, draws: int = 0) -> Files:
    shown = _shown(pool, name, draws)
    said = scenario_terminal.told(view(shown.projection))
    if shown.drawn:
        said += "\n" + uncertainty_terminal.told(view(shown.projection), shown.drawn)
    return contents(write.document(shown, VERSIONS)) | {"headline.txt": said.encode()}


def _compared(perimeter: str) -> Files:
    every = (_shown(SHEFFIELD, name, DRAWS) for name in scenario_names(SHEFFIELD))
    return _together([it for it in every if it.projection.scenario.settings.perimeter == perimeter])


def _together(shown: list[write.Shown]) -> Files:
    said = compared([it.projection for it in shown], 100, [it.drawn for it in shown])
    return contents(write.comparison_document(shown, VERSIONS)) | {"headline.txt": said.encode()}


def _agreements() -> Files:
    """Return the comparison of Sheffield's agreements, and the report under each."""
    others: Iterable[Path | None] = sorted((SHEFFIELD / "agreements").iterdir())
    tried = [pipeline.run(check.load(SHEFFIELD, it)) for it in (None, *others)]
    files = contents(agreements.document(pipeline.compare(tried), tried))
    for results in tried[1:]:
        name = results.inputs.agreement.name
        files |= {f"{name}/{file}": data for file, data in _year(results).items()}
    return files


def _audit(paper: Path) -> Files:
    found, about, _ = examined(paper)
    assert found is not None
    assert about is not None
    return contents(audits.document(found, about)) | {"headline.txt": told(found).encode()}


def _answers() -> Files:
    """Return what commands answer, on a terminal of one width."""
    found, env = {}, {**os.environ, "COLUMNS": "100"}
    for name, words in ANSWERS.items():
        asked = [word or str(SHEFFIELD) for word in words]
        said = CliRunner().invoke(cli.cli, asked, env=env, catch_exceptions=False).output
        found[f"{name}.txt"] = said.replace(str(ROOT), "").encode()
    return found


def _random_pool(seed: int) -> Files:
    with tempfile.TemporaryDirectory() as folder:
        pool = random_agreement(seed, parted=seed % 2 == 0)
        return _year(pipeline.run(check.load(pool.write(Path(folder) / "pool"))))


def _random_plan(seed: int) -> Files:
    """Return the report of both scenarios of a plan; of one without, why there is none."""
    files: Files = {}
    with tempfile.TemporaryDirectory() as folder:
        pool = random_plan(seed).write(Path(folder) / "pool")
        for name in ("start", "child"):
            try:
                made_of = _scenario(pool, name)
            except DataHasErrors as problem:
                made_of = {"why-not.txt": terminal.findings(problem.findings).encode()}
            files |= {f"{name}/{file}": data for file, data in made_of.items()}
    return files
