"""Run a command, killed at its first touch of a folder, its second, and on.

As a program: ``killed_command.py FOLDER WORDS…``: WORDS are a command's, of whom FOLDER is written
into. Each folder <number>-<touch> beside FOLDER is what a run killed at that touch left of it
(`tests/unit/publish/killed_run.py`).
"""

import os
import signal
import sys
from pathlib import Path

from bcf_model.cli import cli
from tests.unit.publish.killed_run import NOT_ENDED, Killer


def main(folder: str, words: list[str]) -> None:
    """Run the command once, killed at every touch."""
    killer = Killer(Path(folder), signal.SIGKILL)
    sys.addaudithook(killer)
    try:
        cli(words)
    finally:
        if killer.is_double:
            os._exit(NOT_ENDED)
        killer.at_work = True


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
