"""One file says how reports look: no colour and no number format stands anywhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_architecture import PACKAGE

COLOUR = re.compile(r"""["':\s]#(?:[0-9a-fA-F]{3,4}){1,2}\b""")
FORMAT = re.compile(r"""(?=.*(?:[#0].*_\)|#,##0|0\.0*#|;;|0[.0]*%))[-#0,.;%()_£"a-z]+|0\.0{2,}""")


def test_no_colour_is_named_but_in_the_house_style():
    files = [p for kind in ("py", "j2", "css") for p in (PACKAGE / "publish").rglob(f"*.{kind}")]
    naming = {p.name for p in files if COLOUR.search(p.read_text(encoding="utf-8"))}
    assert naming == {"house_style.py"}


def test_no_number_format_is_written_but_in_the_house_style():
    files = [*(PACKAGE / "publish").rglob("*.py")]
    assert {p.name for p in files if any(formats_in(p))} == {"house_style.py"}


def formats_in(file: Path) -> Iterator[str]:
    """Give the texts of a module that are number formats, and any that is given as one."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Constant(value=str(text)) if FORMAT.fullmatch(text):
                yield text
            case ast.keyword(arg="num_format", value=ast.Constant(value=str(text))):
                yield text
            case ast.Dict(keys=keys, values=values):
                given = zip(keys, values, strict=True)
                yield from (
                    str(it.value) for key, it in given
                    if isinstance(key, ast.Constant) and key.value == "num_format"
                    if isinstance(it, ast.Constant)
                )  # fmt: skip
