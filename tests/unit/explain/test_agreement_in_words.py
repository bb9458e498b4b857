"""An agreement read back: every rule once, in its order, as a partner's lawyer would say it."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given

from bcf_model.cli import cli
from bcf_model.explain.agreement_in_words import told
from bcf_model.pool import load
from bcf_model.year.pipeline import examples
from tests.longer import slow, tries
from tests.make.agreements import agreements, parted_agreements
from tests.make.places import AGREEMENTS, BROKEN, SHEFFIELD
from tests.make.pools import RandomPool, inputs_of
from tests.make.shipped import results_of

HEAD = (
    "rule_id,scope,direction,step,band_from,band_to,basis,bearer,share,limit,netting,version,clause"
)
RULES = {
    "R1,pool,either,1,,,own,budget holder,100,,,,7.1": [
        "An overspend or underspend: each budget holder bears or keeps what arises on its own "
        "lines [R1: 7.1].",
    ],
    "R1,pool,over,1,,,fixed,ICB,55,,,,7.1\nR2,pool,over,1,,,fixed,Council,45,,,,7.1\n"
    "R3,pool,under,1,,,fixed,carried forward,100,,,,7.2": [
        "Netted first: all lines of the scope; revenue and capital are never netted together.",
        "An overspend: {ICB} bears 55% and {Council} 45% [R1 and R2: 7.1].",
        "An underspend: kept in the pool and carried forward [R3: 7.2].",
    ],
    "R1,pool,either,1,,£1000,fixed,ICB,100,,line,,7.1\n"
    "R2,pool,either,1,£1000,,fixed,ICB,62.5,,line,,7.2\n"
    "R3,pool,either,1,£1000,,fixed,Council,37.5,£250,line,,7.2\n"
    "R4,pool,either,2,,,fixed,outside the pool,100,,line,,7.3": [
        "Netted first: each line by itself.",
        "An overspend or underspend:",
        "1. In parts:",
        "The first £1,000: borne or kept by {ICB} alone [R1: 7.1].",
        "The part beyond £1,000: {ICB} bears or keeps 62.5% and {Council} 37.5%; at most: "
        "{Council} £250, in one netting group [R2 and R3: 7.2].",
        "2. Of what is then left, outside the pool: no partner bears it in the pool [R4: 7.3].",
    ],
}


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BROKEN / "sound", tmp_path / "pool"))


def read_back(pool: Path) -> list[str]:
    inputs = load(pool)
    return [line.strip() for line in told(inputs, examples(inputs))]


@pytest.mark.parametrize("rules", RULES, ids=range(len(RULES)))
def test_each_rule_is_a_sentence(pool: Path, rules: str):
    (pool / "rules.csv").write_text(f"{HEAD}\n{rules}\n", encoding="utf-8")
    organisations = load(pool).organisations
    names = dict(zip(organisations["organisation"], organisations["name"], strict=True))
    head, *said = read_back(pool)
    until = next(i for i, line in enumerate(said) if line.startswith("Example"))
    assert head == "All lines of the pool"
    assert said[:until] == [line.format(**names) for line in RULES[rules]]


@slow(first=3)
@pytest.mark.parametrize("folder", [SHEFFIELD, *AGREEMENTS], ids=lambda folder: folder.name)
def test_every_rule_and_limit_that_ships_is_read_back_once(folder: Path):
    every_row_is_told(results_of(folder).inputs)


@tries(10, 300)
@given(agreements | parted_agreements)
def test_so_is_every_row_of_any_agreement(pool: RandomPool):
    every_row_is_told(inputs_of(pool))


def every_row_is_told(inputs) -> None:
    text = " ".join(told(inputs, None))
    codes = [*inputs.rules["rule_id"], *inputs.limits["limit_id"]]
    for code in codes:
        assert re.search(rf"(?:\[|, | and |: ){re.escape(code)}(?:,| and|:|\]|\.)", text), code


def test_the_command_reads_the_pools_own_or_another(pool: Path, tmp_path: Path):
    other = tmp_path / "other.csv"
    other.write_text(f"{HEAD}\nT1,pool,either,1,,,fixed,ICB,100,,,,8\n", encoding="utf-8")
    own = CliRunner().invoke(cli, ["agreement", str(pool)])
    tried = CliRunner().invoke(cli, ["agreement", str(pool), "--agreement", str(other)])
    assert (own.exit_code, tried.exit_code) == (0, 0)
    assert "Example: £100,000.00 over or under on" in own.stdout
    assert "alone [T1: 8]." in tried.stdout
    assert "alone [T1: 8]." not in own.stdout


def test_of_a_pool_with_errors_nothing_is_read(pool: Path):
    (pool / "rules.csv").write_text(f"{HEAD}\nR1,pool,sideways,1,,,own,budget holder,100,,,,7\n")
    done = CliRunner().invoke(cli, ["agreement", str(pool)])
    assert (done.exit_code, done.stdout) == (3, "")
    assert "Nothing can be read of it." in done.stderr
