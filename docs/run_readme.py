"""Run what the README tells a reader to run, in a scratch copy of nothing: it must just work.

Blocks marked ```console hold commands; ```python blocks are run as one program each. `make test` is
left out: it is what runs beside this.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOT_HERE = {"make test", "make check", "make bench"}


def blocks(language: str) -> list[str]:
    """Give the README's blocks of one language."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", readme, flags=re.DOTALL)


def run(command: str | list[str], **how: Any) -> None:
    """Run one; if it fails, print what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}\nleft with exit code {done.returncode}.")


def main() -> None:
    """Run them all; stop at the first that fails."""
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    ran = 0
    with tempfile.TemporaryDirectory() as scratch:
        for block in blocks("console"):
            for line in block.splitlines():
                command = line.removeprefix("$ ").split("  #")[0].strip()
                if not line.startswith("$ ") or command in NOT_HERE:
                    continue
                command = command.replace("/tmp/", f"{scratch}/")
                run(command, shell=True, cwd=ROOT, env=environment)
                ran += 1
        for block in blocks("python"):
            run([sys.executable, "-c", block], cwd=ROOT)
            ran += 1
    if not ran:
        sys.exit("The README has no commands to run.")
    print(f"{ran} commands of the README ran.")


if __name__ == "__main__":
    main()
