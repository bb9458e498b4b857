"""Each difference of a comparison opens to the two figures it is between, and these to sources."""

from functools import cache

import pandas as pd
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.errors import UnknownFigure
from bcf_model.explain.differences import NO_PARTY, Difference, of_agreements, of_scenarios
from bcf_model.explain.tree import Node, walk
from bcf_model.plan.comparison import compare
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import Projection, project
from bcf_model.pool import load
from bcf_model.year import pipeline
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD, SOUND

TRIED = SHEFFIELD / "agreements" / "c-by-contribution"


@cache
def projected(name: str) -> Projection:
    return project(*load_scenario(PLAN, name))


@cache
def years() -> tuple[Results, Results]:
    return pipeline.run(load(SHEFFIELD)), pipeline.run(load(SHEFFIELD, TRIED))


def scenarios() -> Difference:
    return of_scenarios(projected("start"), projected("child"))


@slow
def test_every_difference_of_scenarios_is_the_one_the_comparison_shows() -> None:
    found, pair = scenarios(), [projected("start"), projected("child")]
    frame = compare(pair)
    shown = frame[frame["scenario"] == "child"]["difference"]
    assert len(found.names()) == len(shown) > 0
    for name, amount in zip(found.names(), shown, strict=True):
        assert found.value_of(name).pence == (None if pd.isna(amount) else amount)


def parts_add_up(tree: Node) -> None:
    for node in walk(tree):
        parts = [child.pence for child in node.children if child.adds]
        if parts and node.pence is not None:
            assert sum(it or 0 for it in parts) == node.pence


def test_a_difference_is_one_figure_less_another_each_down_to_its_source() -> None:
    name = "closing/year=2020-21/line=S1"
    tree = scenarios().explain(name)
    other, less = tree.children
    (first,) = less.children
    assert (other.pence, less.pence) == (other.pence, -first.pence)
    assert tree.pence == other.pence - first.pence
    assert all(any(node.sources for node in walk(side)) for side in (other, less))
    parts_add_up(tree)


def test_what_neither_scenario_has_is_refused() -> None:
    with pytest.raises(UnknownFigure, match="no line 'S9'"):
        scenarios().explain("closing/year=2020-21/line=S9")


@slow
def test_every_difference_of_agreements_is_the_one_the_comparison_shows() -> None:
    found = of_agreements(*years())
    frame = pipeline.compare(years())
    tried = frame[frame["agreement"] == TRIED.name].set_index("party")
    for party, amount in tried["difference"].items():
        assert found.value_of(f"borne/bearer={party}").pence == amount
        assert found.value_of(f"settlement/party={party}").pence is not None
    tree = found.explain(found.names()[0])
    parts_add_up(tree)
    assert any("Clause" in said for node in walk(tree) for said in node.said)


def test_a_party_that_one_agreement_does_not_name_bears_nothing_under_it(tmp_path) -> None:
    own, tried = pipeline.run(load(SOUND)), tmp_path / "into-a-reserve"
    tried.mkdir()
    rules = (SOUND / "rules.csv").read_text("utf-8").splitlines()
    whole = [rules[0], "N1,pool,either,1,fixed,carried forward,100,Clause 1,invented,"]
    (tried / "rules.csv").write_text("\n".join(whole) + "\n", "utf-8")
    found = of_agreements(own, pipeline.run(load(SOUND, tried)))
    carried = next(it for it in found.names() if it == "settlement/party=carried forward")
    tree = found.explain(carried)
    assert tree.children[1].children[0].said == (NO_PARTY,)
    assert tree.pence == tree.children[0].pence


def asked(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["explain", str(PLAN), *words])
    return done.exit_code, " ".join(done.output.split())


@slow
def test_the_command_tells_a_difference() -> None:
    code, said = asked("gap/year=2020-21", "--scenario", "child", "--against", "start")
    assert code == 0
    assert "Child − start" in said or "child − start" in said.lower()


@slow(first=1)
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("gap", "--against", "start"), "say with --scenario"),
        (("gap", "--scenario", "child", "--audit"), "a figure is one of"),
        (("gap", "--scenario", "child", "--against", "city"), "two perimeters"),
    ],
)
def test_what_cannot_be_set_against_each_other_is_a_sentence(words, why) -> None:
    code, said = asked(*words)
    assert code == 2
    assert why in said
