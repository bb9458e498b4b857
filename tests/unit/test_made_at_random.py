"""What is made at random from a seed is the same in every process, whatever its hash seed."""

import os
import subprocess
import sys

from tests.longer import slow
from tests.make.places import ROOT

ALL_OF_THEM = """
from hashlib import sha256
from tests.make.agreements import random_agreement
from tests.make.plans import random_plan
from tests.make.pools import random_pool
for seed in range(20):
    made = {
        "agreement": random_agreement(seed).tables,
        "agreement in parts": random_agreement(seed, parted=True).tables,
        "agreement, both ways alike": random_agreement(seed, symmetric=True).tables,
        "pool": random_pool(seed).tables,
        "plan": vars(random_plan(seed)),
    }
    for name, said in made.items():
        print(name, seed, sha256(repr(said).encode()).hexdigest())
"""


@slow
def test_a_seed_makes_the_same_in_every_process() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", ALL_OF_THEM], cwd=ROOT, capture_output=True, text=True,
            check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed},
        ).stdout.splitlines()
        for hash_seed in "012"
    ]  # fmt: skip
    assert len(said[0]) == 100
    assert said[0] == said[1] == said[2]
