"""How alike the name of some lines is to that of a scheme, of 100: a proposal, never a mapping."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

ENOUGH: Final = 80
"""Least likeness of a proposal."""
AHEAD: Final = 8
"""By how much the likeliest scheme is ahead of the next."""
_SAME: Final = 0.8
"""Least part of their letters that two words of one meaning have in common."""
_SHORT: Final = 6
"""Letters up to which two words are the same, but for a plural, or are two: care is no carer."""
_LONGEST: Final = 200
_CARE_HOME: Final = re.compile(r"\bcare homes?\b")
"""A care home is no home care, although the words are the same."""
ABBREVIATIONS: Final = {
    "asc": "adult social care",
    "chc": "continuing healthcare",
    "comm": "community",
    "d2a": "discharge to assess",
    "dfg": "disabled facilities grant",
    "dom": "domiciliary",
    "domcare": "home care",
    "dtoc": "delayed transfers of care",
    "eol": "end of life",
    "equip": "equipment",
    "fnc": "funded nursing care",
    "hosp": "hospital",
    "ibcf": "improved better care fund",
    "ic": "intermediate care",
    "ices": "integrated community equipment store",
    "ld": "learning disabilities",
    "mh": "mental health",
    "ns": "nursing",
    "nurs": "nursing",
    "op": "older people",
    "ot": "occupational therapy",
    "pd": "physical disabilities",
    "phb": "personal health budgets",
    "reab": "reablement",
    "resi": "residential",
    "svc": "service",
    "vcs": "voluntary sector",
    "vol": "voluntary",
}
"""What finance and care write short."""
_SAYS_NOTHING: Final = frozenset(
    (
        "a", "an", "and", "at", "bcf", "budget", "centre", "contract", "contribution", "cost",
        "for", "fund", "in", "of", "on", "pool", "pooled", "scheme", "service", "services", "team",
        "the", "to", "with",
    )
)  # fmt: skip


@lru_cache(maxsize=20_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name that say something, abbreviations written out, each once.

    >>> words_of("OP Resi care - BCF pool")
    ('care', 'older', 'people', 'residential')
    """
    found = set[str]()
    whole = _CARE_HOME.sub("carehome", name[:_LONGEST].casefold())
    for word in re.findall(r"[^\W_]+", whole):
        found.update(ABBREVIATIONS.get(word, word).split())
    return tuple(sorted(found - _SAYS_NOTHING))


def likeness(name: str, other: str) -> int:
    """Return how alike two names are: letters of words they share, of those of the shorter name.

    Words that only one of them has count a third: a name may leave out, and seldom adds.

    >>> likeness("OP residential", "Residential care, older people"), likeness("Falls", "Carers")
    (97, 0)
    """
    one, two = words_of(name), words_of(other)
    if not one or not two:
        return 0
    left, shared, alone = list(two), 0.0, 0
    for word in one:
        ratios = [_ratio(word, it) for it in left]
        best = max(ratios, default=0.0)
        if best < _SAME:
            alone += len(word)
            continue
        shared += best * (len(word) + len(left.pop(ratios.index(best)))) / 2
    spare = sum(map(len, left))
    least, most = sorted((alone, spare))
    return round(100 * shared / (shared + least + most / 6)) if shared else 0


@lru_cache(maxsize=100_000)
def _ratio(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if min(len(word), len(other)) <= _SHORT:
        return float(word.removesuffix("s") == other.removesuffix("s"))
    return SequenceMatcher(None, word, other).ratio()


def likeliest(name: str, schemes: Mapping[str, str]) -> tuple[str, int]:
    """Return the scheme that a name is likeliest of, and its score; "" where none is ahead.

    Args:
        name: of some lines.
        schemes: their names by code.
    """
    scores = sorted(((likeness(name, it), code) for code, it in schemes.items()), reverse=True)
    best, code = scores[0] if scores else (0, "")
    second: Sequence[tuple[int, str]] = scores[1:2]
    if best < ENOUGH or (second and best - second[0][0] < AHEAD):
        return "", best
    return code, best
