"""What the second implementation counts with: amounts from text, rounding, percentages, shares."""

from decimal import Decimal
from fractions import Fraction

Row = dict[str, str]
Pool = dict[str, list[Row]]

PENCE = {"pounds": 100, "thousands": 100_000, "millions": 100_000_000}


def pence(text: str, unit: str) -> int:
    """Read an amount; what is in brackets, has a minus at either end, or a CR, is negative."""
    text = text.strip().replace("£", "").replace("−", "-").replace("\u00a0", "").replace(",", "")
    if text in {"-", "–", "—", "nil"}:
        return 0
    sign = 1
    if text.startswith("(") or text.endswith("CR"):
        sign = -1
    text = text.strip("()").removesuffix("CR").removesuffix("DR").strip()
    if text.startswith("-") or text.endswith("-"):
        sign, text = -sign, text.strip("-").strip()
    exact = Decimal(text) * PENCE[unit] * sign
    assert exact == int(exact), text
    return int(exact)


def number(text: str) -> Fraction:
    """Read a number, or a percentage, as it is written."""
    return Fraction(text.strip().removesuffix("%").replace(",", ""))


def half_away(exact: Fraction) -> int:
    """Round to a whole number; a half goes away from nil."""
    whole = int(abs(exact))
    if abs(exact) - whole >= Fraction(1, 2):
        whole += 1
    return whole if exact >= 0 else -whole


def percent(variance: int, budget: int) -> Decimal | None:
    """Variance in percent of budget, from a rate of nine decimals; blank unless it is above nil."""
    if budget <= 0:
        return None
    return Decimal(half_away(Fraction(variance, budget) * 10**9)) / 10**7


def split(variance: int, weights: list[int]) -> list[int]:
    """Share an amount in order: each bearer gets what the running total moves by."""
    total, running, reached, parts = sum(weights), 0, 0, []
    if variance == 0:
        return [0] * len(weights)
    for weight in weights:
        running += weight
        now = half_away(Fraction(variance * running, total))
        parts.append(now - reached)
        reached = now
    return parts


def clip(amount: int, least: int, most: int) -> int:
    """Hold an amount between two others."""
    return max(least, min(most, amount))
