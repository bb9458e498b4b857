"""How far a command is: told on a terminal, on the line that is written over; elsewhere nothing."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

SOON: Final = 2.0
"""Seconds a search may take before it says that it goes on."""


def on_terminal() -> bool:
    """Return whether there is somebody to tell."""
    return sys.stderr.isatty()


def bar(label: str, length: int, *, hidden: bool = False) -> Any:
    """Return a bar of so many steps, with the time that is left; it is moved on by `update`."""
    hidden = hidden or not on_terminal()
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden)


@contextmanager
def note(text: str) -> Iterator[None]:
    """Show what is being done as long as it is; nothing where there is no text."""
    if text and on_terminal():
        _write_over("", text)
    try:
        yield
    finally:
        if text and on_terminal():
            _write_over(text, "")


@contextmanager
def counting(label: str) -> Iterator[Callable[[int], None]]:
    """Describe how many values were tried, once that takes long: how many it takes is not known."""
    began, said = time.monotonic(), ""

    def tell(tried: int) -> None:
        nonlocal said
        if on_terminal() and time.monotonic() - began > SOON:
            text = f"{label}: {tried} values tried"
            _write_over(said, text)
            said = text

    try:
        yield tell
    finally:
        if said:
            _write_over(said, "")


def _write_over(said: str, text: str) -> None:
    blank = " " * len(said)
    click.echo(f"\r{blank}\r{text}" if said else text, nl=False, err=True)
