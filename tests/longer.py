"""How much is tried: some in `make test`, more of the same in `make long` (BCF_LONG=1).

A test that tries more there has the mark `longer`, by which `make long` finds it. One that takes
a whole report, a plan from its files, another program or a long search is `slow`: `make test`
leaves it out, or runs its first cases alone; `make long` runs it whole. A test named by hand runs.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import settings

LONG = bool(os.environ.get("BCF_LONG"))
Test = TypeVar("Test", bound=Callable[..., Any])

longer = pytest.mark.longer
slow = pytest.mark.slow


def tries(some: int, more: int, **said: Any) -> Callable[[Test], Test]:
    """Have hypothesis try `some` examples in `make test`, and `more` in `make long`."""
    tried = settings(max_examples=more if LONG else some, deadline=None, **said)
    return lambda test: longer(tried(test))
