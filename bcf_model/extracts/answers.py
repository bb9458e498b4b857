"""Questions of a plan, and the answers given: each is known by a key, never by a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bcf_model.core.findings import Finding, Place

QUESTIONS = frozenset(("BCF902", "BCF903", "BCF904", "BCF905", "BCF906", "BCF910", "BCF918"))
"""Findings that an answer settles."""


@dataclass(frozen=True)
class Question:
    """What is to be answered before a table is taken in, or what no answer mends.

    Attributes:
        code: of the finding.
        place: where it stands.
        key: what an answer names; "" where none helps.
        said: what was found.
        choices: what may be answered.
        column, cell: where exactly.
    """

    code: str
    place: Place
    key: str
    said: str
    choices: tuple[str, ...] = ()
    column: str = ""
    cell: str = ""

    @property
    def finding(self) -> Finding:
        """It as a finding."""
        expected = f"--answer {quoted(f'{self.key}={self.choices[0]}')}" if self.key else ""
        if len(self.choices) > 1:
            expected += f", or {', '.join(self.choices[1:])}"
        return self.place.finding(self.code, self.column, self.said, expected, cell=self.cell)


def quoted(text: str) -> str:
    """Write a text so that it may be pasted after a command.

    >>> quoted("unit=pounds"), quoted("BCF903 Grand total=total")
    ('unit=pounds', '"BCF903 Grand total=total"')
    """
    plain = all(sign.isalnum() or sign in "._-/:=" for sign in text)
    return text if plain else '"' + "".join(f"\\{it}" if it in '"\\$`' else it for it in text) + '"'


@dataclass
class Answers:
    """Answers as they were given, which of them were used, and which will not do.

    Attributes:
        given: by key.
        used: the keys that something asked for.
        refused: what would have been right, by key.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def take(self, key: str) -> str | None:
        """Return the answer to a question; None where it has none."""
        if key in self.given:
            self.used.add(key)
            return self.given[key]
        return None

    def choose(self, key: str, choices: Sequence[str]) -> str | None:
        """Return an answer that is one of some; None, and refused, where it is another."""
        answer = self.take(key)
        if answer is None or answer in choices:
            return answer
        self.refuse(key, " or ".join(choices))
        return None

    def refuse(self, key: str, expected: str) -> None:
        """Note that an answer will not do."""
        self.refused[key] = expected
