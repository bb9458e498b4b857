"""One file says how reports look: no colour stands anywhere else."""

import re

from tests.test_architecture import PACKAGE

COLOUR = re.compile(r"""["':\s]#(?:[0-9a-fA-F]{3,4}){1,2}\b""")


def test_no_colour_is_named_but_in_the_house_style():
    files = [p for kind in ("py", "j2", "css") for p in (PACKAGE / "publish").rglob(f"*.{kind}")]
    naming = {p.name for p in files if COLOUR.search(p.read_text(encoding="utf-8"))}
    assert naming == {"house_style.py"}
