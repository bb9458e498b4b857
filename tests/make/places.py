"""Where things are: the repository, the pools that ship, and those that broken ones are made of."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ROOT / "inputs"
SHEFFIELD = INPUTS / "sheffield-2018-19"
AGREEMENTS = sorted((INPUTS / "agreements").iterdir())
BROKEN = ROOT / "tests" / "broken"
SOUND = BROKEN / "sound"
"""A small pool of two partners."""
PLAN = BROKEN / "plan"
"""A small pool with a plan of every kind."""
