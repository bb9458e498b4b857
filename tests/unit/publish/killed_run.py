"""Write a report over an earlier one, killed at its first touch of the folder, its second, and on.

As a program: ``killed_run.py POOL BEFORE SCRATCH SIGNAL``. Each folder SCRATCH/<number>-<touch> is
what a run killed at that touch left of a copy of BEFORE.

A touch is a file opened, linked, renamed or removed, a folder made or removed: Python's audit
events tell, however the program goes about it. At each of them the run is doubled: the double is
killed there, the folder is set as it was, and the run goes on. No moment is left to chance.
"""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import bcf_model

TOUCHES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "shutil.rmtree"}
INTERRUPTED, NOT_ENDED = 3, 4
SECONDS = 30  # a double that hangs is ended


class Killer:
    """Kills a double of this process at each touch of a folder."""

    def __init__(self, out: Path, number: int) -> None:
        self.out, self.number = out, number
        self.is_double, self.at_work, self.touches = False, False, 0

    def __call__(self, event: str, said: tuple[Any, ...]) -> None:
        if self.at_work or event not in TOUCHES:
            return
        if not any(str(self.out) in str(part) for part in said[:2]):
            return
        self.at_work, self.touches = True, self.touches + 1
        kept = self.out.with_name("kept")
        shutil.copytree(self.out, kept)
        double = os.fork()
        if not double:
            self.is_double = True
            signal.alarm(SECONDS)
            os.kill(os.getpid(), self.number)
            return  # the signal is held back, for now
        ended = os.waitstatus_to_exitcode(os.waitpid(double, 0)[1])
        assert ended in (-self.number, INTERRUPTED), (self.touches, event, ended)
        self.out.rename(self.out.with_name(f"{self.touches:03}-{event}"))
        kept.rename(self.out)
        self.at_work = False


def main(pool: str, before: str, scratch: str, number: int) -> None:
    """Write the report once, killed at every touch."""
    # Whoever started this may have had signals ignored (nohup), which a child inherits.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(one, signal.SIG_DFL)
    results = bcf_model.run(bcf_model.load(pool))
    out = Path(scratch) / "out"
    shutil.copytree(before, out)
    killer = Killer(out, number)
    sys.addaudithook(killer)
    try:
        bcf_model.write_report(results, out)
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    if killer.is_double:
        os._exit(NOT_ENDED)
    killer.at_work = True


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
