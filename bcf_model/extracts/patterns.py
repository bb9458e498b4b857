"""What a cell of a rule says of a text: any, either, a range, a wildcard or an expression.

Every text that a machine tries is tried in one pass over its letters (an automaton of the places
of the pattern, Glushkov's): no pattern, however meant, takes longer than its length times the
text's.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from bcf_model.intake.cells import tidy

LONGEST_EXPRESSION: Final = 200
MOST_ALTERNATIVES: Final = 1_000
_COUNTING: Final = 3
"""Digits up to which a number counts; longer ones are codes, all of one length."""
_MOST_KEPT: Final = 50_000


class CannotRead(Exception):
    """A cell is no pattern.

    Attributes:
        code: of the finding. expected: what would have been right.
    """

    def __init__(self, *, expected: str, code: str = "BCF927") -> None:
        """Keep both."""
        super().__init__(expected)
        self.code, self.expected = code, expected


def folded(text: str) -> str:
    """Return a text as it is compared: case, width of spaces and ways to write é do not count.

    >>> folded("  Home FIRST ")
    'home first'
    """
    return unicodedata.normalize("NFC", tidy(text).casefold())


Key = tuple[str | tuple[int, str], ...]


class Distinct:
    """The texts of a column, each once and folded, in whatever order they came.

    Args:
        texts: no two alike.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Keep them."""
        self.texts = texts

    @cached_property
    def at(self) -> dict[str, int]:
        """The position of each."""
        return {text: i for i, text in enumerate(self.texts)}

    @cached_property
    def ordered(self) -> list[str]:
        """The texts, as text is ordered."""
        return sorted(self.texts)

    @cached_property
    def of_shape(self) -> dict[tuple[bool, ...], list[tuple[Key, int]]]:
        """The texts of each shape, in the order of their parts, each with its position."""
        found: dict[tuple[bool, ...], list[tuple[Key, int]]] = {}
        for i, text in enumerate(self.texts):
            key = _key(text)
            found.setdefault(_shape(key), []).append((key, i))
        for keys in found.values():
            keys.sort(key=lambda it: tuple(map(_ordered, it[0])))
        return found

    def beginning(self, start: str) -> list[int]:
        """Return the positions of the texts that begin so."""
        if not start:
            return [*range(len(self.texts))]
        begins = bisect_left(self.ordered, start)
        found = []
        for text in self.ordered[begins:]:
            if not text.startswith(start):
                break
            found.append(self.at[text])
        return found


def _key(text: str) -> Key:
    """Return the parts of a code: its numbers by length and digits, and what stands between."""
    parts = re.findall("[0-9]+|[^0-9]+", text)
    return tuple((len(it), it) if it[0] in "0123456789" else it for it in parts)


def _shape(key: Key) -> tuple[bool, ...]:
    return tuple(isinstance(part, tuple) for part in key)


def _ordered(part: str | tuple[int, str]) -> tuple[int, str]:
    return part if isinstance(part, tuple) else (0, part)


class Exact(NamedTuple):
    """A text itself."""

    text: str

    def candidates(self, among: Distinct) -> list[int]:
        """Return the positions of the texts it is."""
        return [among.at[self.text]] if self.text in among.at else []


class Range(NamedTuple):
    """Codes of one shape, from one to another, compared part by part."""

    lower: Key
    upper: Key

    def candidates(self, among: Distinct) -> list[int]:
        """Return the positions of the texts within it."""
        keys = among.of_shape.get(_shape(self.lower), [])
        low, high = (tuple(map(_ordered, key)) for key in self)
        begins = bisect_left(keys, low, key=lambda it: tuple(map(_ordered, it[0])))
        ends = bisect_right(keys, high, key=lambda it: tuple(map(_ordered, it[0])))
        return [i for key, i in keys[begins:ends] if self._fits(key)]

    def _fits(self, key: Key) -> bool:
        """Return whether each part is as long as those of the ends, and no nought leads it."""
        for part, low, high in zip(key, self.lower, self.upper, strict=True):
            if isinstance(part, tuple) and isinstance(low, tuple) and isinstance(high, tuple):
                grows = low[0] < high[0]
                if not low[0] <= part[0] <= high[0] or (grows and part[1][0] == "0" != part[1]):
                    return False
            elif len(part) != len(low):
                return False
        return True


_START: Final = "start"
_END: Final = "end"
_BOTH: Final = ""
"""Symbols of the two ends of a text, and of both where it has no letters: no letter is as long."""
_Test = Callable[[str], bool]


class _Part(NamedTuple):
    """A part of a pattern: the places it may begin and end at, a bit each.

    Attributes:
        empty: it may be nothing. repeats: it has a sign of repetition inside.
    """

    empty: bool
    first: int
    last: int
    repeats: bool = False


_NOTHING: Final = _Part(empty=True, first=0, last=0)


class Automaton:
    """A pattern as places and what may follow each: it is made by a reader, and then asked."""

    def __init__(self) -> None:
        """Begin without any place."""
        self._tests: list[_Test] = []
        self._follow: list[int] = []
        self._whole = _NOTHING
        self._steps: dict[tuple[int, str], int] = {}
        self._places: dict[str, int] = {}
        self._ends = 0

    def end(self, which: str) -> _Part:
        """Add a place for an end of a text."""
        self._ends += 1
        return self.place(lambda it: it in (which, _BOTH))

    def place(self, test: _Test) -> _Part:
        """Add a place for one letter."""
        bit = 1 << len(self._tests)
        self._tests.append(test)
        self._follow.append(0)
        return _Part(empty=False, first=bit, last=bit)

    def then(self, one: _Part, other: _Part) -> _Part:
        """Return one part and then another."""
        for i in _bits(one.last):
            self._follow[i] |= other.first
        return _Part(
            one.empty and other.empty,
            one.first | (other.first if one.empty else 0),
            other.last | (one.last if other.empty else 0),
            one.repeats or other.repeats,
        )

    def again(self, one: _Part) -> _Part:
        """Return a part that may follow itself."""
        for i in _bits(one.last):
            self._follow[i] |= one.first
        return one._replace(repeats=True)

    def made(self, whole: _Part) -> "Automaton":
        """Return it once all is read."""
        self._whole = whole
        return self

    def finds(self, text: str) -> bool:
        """Return whether the pattern stands anywhere in a text."""
        if self._whole.empty:
            return True
        state, last = 0, self._whole.last
        # An end may be said more than once, as in a$$: it is given as often as it can be asked for.
        starts, ends = [_START] * self._ends, [_END] * self._ends
        for symbol in (*starts, *text, *ends) if text else [_BOTH] * self._ends:
            known = self._steps.get((state, symbol))
            state = self._step(state, symbol) if known is None else known
            if state & last:
                return True
        return False

    def _step(self, state: int, symbol: str) -> int:
        reached = self._whole.first
        for i in _bits(state):
            reached |= self._follow[i]
        if len(self._steps) >= _MOST_KEPT:
            self._steps.clear()
        if symbol not in self._places:
            fits = (1 << i for i, test in enumerate(self._tests) if test(symbol))
            self._places[symbol] = sum(fits)
        self._steps[state, symbol] = reached & self._places[symbol]
        return reached & self._places[symbol]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Machine(NamedTuple):
    """A wildcard or an expression: the letters all its texts begin with, and its automaton."""

    start: str
    automaton: Automaton

    def candidates(self, among: Distinct) -> list[int]:
        """Return the positions of the texts that it must be tried on."""
        return among.beginning(self.start)


Pattern = Exact | Range | Machine


@lru_cache(maxsize=10_000)
def read_pattern(text: str) -> tuple[Pattern, ...]:
    """Read a cell of a rule: the patterns of which a text must be one; none where it is blank.

    Raises:
        CannotRead: it is no pattern.
    """
    clean = tidy(text)
    if not clean:
        return ()
    if clean.startswith("~"):
        return (Machine("", _Reader(clean[1:]).expression()),)
    parts = _alternatives(clean)
    if len(parts) > MOST_ALTERNATIVES:
        raise CannotRead(expected=f"at most {MOST_ALTERNATIVES:,} parted by +")
    if not all(parts):
        raise CannotRead(expected="a code on either side of each +, or [+] for the sign itself")
    return tuple(map(_alternative, parts))


def _alternatives(text: str) -> list[str]:
    """Part a cell at each + that stands in no brackets."""
    parts, inside = [""], False
    for sign in text:
        if sign == "+" and not inside:
            parts.append("")
            continue
        inside = sign == "[" or (inside and sign != "]")
        parts[-1] += sign
    return [it.strip() for it in parts]


def _alternative(text: str) -> Pattern:
    plain = not re.search(r"[*?\[]", text)
    if plain and ".." in text:
        return _range(text)
    if plain:
        return Exact(folded(text))
    if len(text) > LONGEST_EXPRESSION:
        raise CannotRead(expected=f"at most {LONGEST_EXPRESSION} characters")
    start = re.split(r"[*?\[]", text, maxsplit=1)[0]
    if not start.isascii():  # what comes after may be one letter with it
        start = ""
    return Machine(start.casefold(), _Reader(text).wildcard())


def _range(text: str) -> Range:
    lower, _, upper = (_key(folded(it)) for it in text.partition(".."))
    if not lower or not upper or ".." in text.partition("..")[2]:
        raise CannotRead(code="BCF926", expected="two codes, as A4000..A4019")
    if _shape(lower) != _shape(upper):
        raise CannotRead(
            code="BCF926", expected="letters and digits in the same places in both codes"
        )
    for low, high in zip(lower, upper, strict=True):
        if isinstance(low, str) or isinstance(high, str):
            if len(low) != len(high):
                raise CannotRead(code="BCF926", expected="as many letters in both codes")
        elif low[0] > high[0] or (low[0] < high[0] and high[0] > _COUNTING):
            raise CannotRead(code="BCF926", expected="as many digits in both codes, or two ranges")
    if tuple(map(_ordered, lower)) > tuple(map(_ordered, upper)):
        raise CannotRead(code="BCF926", expected="the lower code first")
    return Range(lower, upper)


_CLASSES: Final[dict[str, _Test]] = {
    "d": lambda it: len(it) == 1 and it.isdecimal(),
    "w": lambda it: len(it) == 1 and (it.isalnum() or it == "_"),
    "s": lambda it: it == " ",
}


def _any(symbol: str) -> bool:
    return len(symbol) == 1


def _is(letter: str) -> _Test:
    return lambda it: it == letter


def _negated(test: _Test) -> _Test:
    return lambda it: len(it) == 1 and not test(it)


_EXPECTED: Final = (
    "letters, . | ( ) [ab] * + ? ^ $ and \\d \\w \\s, a backslash before any other sign"
)


class _Reader:
    """Reads a wildcard or an expression, once."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_EXPRESSION:
            raise CannotRead(expected=f"at most {LONGEST_EXPRESSION} characters")
        self._text, self._at, self._made = unicodedata.normalize("NFC", text), 0, Automaton()

    def wildcard(self) -> Automaton:
        """Read the whole as a wildcard: all of a text must fit."""
        whole = self._made.end(_START)
        while sign := self._next():
            if sign == "*":
                part = self._made.again(self._made.place(_any))._replace(empty=True)
            elif sign == "?":
                part = self._made.place(_any)
            else:
                part = self._class() if sign == "[" else self._letters(sign)
            whole = self._made.then(whole, part)
        whole = self._made.then(whole, self._made.end(_END))
        return self._made.made(whole)

    def expression(self) -> Automaton:
        """Read the whole as an expression, which may stand anywhere in a text."""
        whole = self._either()
        if self._at < len(self._text):
            raise CannotRead(expected="a ( for each )")
        if whole.empty:
            raise CannotRead(expected="an expression that not every text fits")
        return self._made.made(whole)

    def _next(self) -> str:
        sign = self._text[self._at : self._at + 1]
        self._at += len(sign)
        return sign

    def _comes(self, signs: str) -> bool:
        sign = self._text[self._at : self._at + 1]
        return bool(sign) and sign in signs

    def _either(self) -> _Part:
        found = self._sequence()
        while self._comes("|"):
            self._at += 1
            other = self._sequence()
            found = _Part(
                found.empty or other.empty,
                found.first | other.first,
                found.last | other.last,
                found.repeats or other.repeats,
            )
        return found

    def _sequence(self) -> _Part:
        found = _NOTHING
        while self._at < len(self._text) and not self._comes("|)"):
            found = self._made.then(found, self._repeated())
        return found

    def _repeated(self) -> _Part:
        part = self._atom()
        if not self._comes("*+?"):
            return part
        if part.repeats:
            raise CannotRead(expected="no sign of repetition over another: (a+)* is too much")
        sign = self._next()
        if self._comes("*+?{"):
            raise CannotRead(expected="one sign of repetition")
        part = self._made.again(part) if sign in "*+" else part._replace(repeats=True)
        return part._replace(empty=part.empty or sign in "*?")

    def _atom(self) -> _Part:
        sign = self._next()
        if sign == "(":
            part = self._either()
            if self._next() != ")":
                raise CannotRead(expected="a ) for each (")
            return part
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._made.place(self._escaped()[0])
        if sign in "*+?{}])":
            raise CannotRead(expected=_EXPECTED)
        if sign in "^$":
            return self._made.end(_START if sign == "^" else _END)
        return self._made.place(_any) if sign == "." else self._letters(sign)

    def _letters(self, sign: str) -> _Part:
        """Read one letter, which may be compared as several: ß is ss."""
        found = _NOTHING
        for letter in sign.casefold():
            found = self._made.then(found, self._made.place(_is(letter)))
        return found

    def _escaped(self) -> tuple[_Test, str]:
        """Read what a backslash stands before: its test, and the letter, or "" of a class."""
        sign = self._next()
        if sign.lower() in _CLASSES:
            test = _CLASSES[sign.lower()]
            return (test if sign.islower() else _negated(test)), ""
        if not sign or sign.isalnum():
            raise CannotRead(expected=_EXPECTED)
        return _is(sign), sign

    def _class(self) -> _Part:
        """Read what stands in brackets, the first of which is read."""
        negated = self._comes("^!")
        self._at += negated
        tests: list[_Test] = []
        while not self._comes("]") or not tests:
            sign = self._next()
            if not sign:
                raise CannotRead(expected="a ] for each [")
            if sign == "\\":
                test, sign = self._escaped()
            else:
                sign = sign.casefold()
                test = _is(sign)
            if sign and self._comes("-") and self._text[self._at + 1 : self._at + 2] not in "]":
                self._at += 1
                upper = self._next().casefold()
                if upper < sign:
                    raise CannotRead(expected="the lower letter first in [a-z]")
                test = _between(sign, upper)
            tests.append(test)
        self._at += 1
        among = tuple(tests)

        def fits(symbol: str) -> bool:
            return any(test(symbol) for test in among)

        return self._made.place(_negated(fits) if negated else fits)


def _between(lower: str, upper: str) -> _Test:
    return lambda it: len(it) == 1 and lower <= it <= upper
