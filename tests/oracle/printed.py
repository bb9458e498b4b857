"""What a derivation prints, worked again from its text alone: sharing nothing with the engine.

A derivation is the plain values of its JSON. An amount is in pounds; "×" and "÷" come before "+"
and "−"; "rounded to the penny" is of the product before it, half away from zero.
"""

import re
from fractions import Fraction

TOKEN = re.compile(
    r"\s*(?:(?P<number>[-−]?£?\d+(?:,\d{3})*(?:\.\d+)?%?)|(?P<sign>[×÷+−()])|"
    r"(?P<word>, rounded to the penny|, held between|the lesser of|the greater of|and|nil))"
)


class Text:
    """A formula with its numbers, read from left to right."""

    def __init__(self, text: str) -> None:
        """Part it into tokens."""
        self.tokens: list[str] = []
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            assert found, f"cannot be read: {text[at:]!r}"
            token, ends = found[0].strip(), found.end()
            before = self.tokens[-1] if self.tokens else "("
            if token[0] in "-−" and len(token) > 1 and before not in ("(", "×", "÷", "+", "−"):
                ends -= len(token) - 1  # taken away, and no number below nil
                token = token[0]
            self.tokens.append(token)
            at = ends

    def take(self, *wanted: str) -> str:
        """Take the next token if it is one of these."""
        if self.tokens and self.tokens[0] in wanted:
            return self.tokens.pop(0)
        return ""

    def sum(self) -> Fraction:
        """Work out a sum."""
        total = -self.product() if self.take("−", "-") else self.product()
        while sign := self.take("+", "−", "-"):
            term = self.product()
            total += term if sign == "+" else -term
        if self.take(", held between"):
            low = self.sum()
            assert self.take("and")
            return max(low, min(self.sum(), total))
        return total

    def product(self) -> Fraction:
        """Work out a product, rounded where it says so."""
        found = self.factor()
        while sign := self.take("×", "÷"):
            other = self.factor()
            found = found * other if sign == "×" else found / other
        if self.take(", rounded to the penny"):
            half = int(abs(found) * 100 + Fraction(1, 2))
            return Fraction(half if found >= 0 else -half, 100)
        return found

    def factor(self) -> Fraction:
        """Read a number, what is in brackets, or the lesser or greater of two."""
        if chosen := self.take("the lesser of", "the greater of"):
            one = self.sum()
            assert self.take("and")
            return (min if "lesser" in chosen else max)(one, self.sum())
        if self.take("("):
            found = self.sum()
            assert self.take(")")
            return found
        if self.take("nil"):
            return Fraction(0)
        text = self.tokens.pop(0).replace("−", "-")
        number = Fraction(re.sub("[£,%]", "", text))
        return number / 100 if text.endswith("%") else number


def pounds(worked: str) -> Fraction:
    """Work out a formula with its numbers."""
    worked, _, unless = worked.partition("; blank unless ")
    if unless:
        assert pounds(unless.removesuffix(" is above nil")) > 0
    text = Text(worked)
    found = text.sum()
    assert not text.tokens, f"left over: {text.tokens}"
    return found


def again(node: dict) -> int | None:
    """Work a step out again: by its formula, by its parts, or as it stands where it has neither.

    Every step below it is worked out again too.
    """
    parts = [again(child) for child in node.get("children", ())]
    adding = [
        worth
        for child, worth in zip(node.get("children", ()), parts, strict=True)
        if child.get("adds") and worth is not None
    ]
    pence = node.get("pence")
    if pence is None:
        return None
    if worked := node.get("worked", ""):
        found = pounds(worked) * (-100 if node["label"].startswith("Less ") else 100)
        assert found == pence, f"{node['label']}: {worked} is {found}, not {pence}"
    if adding:
        assert sum(adding) == pence, f"{node['label']}: its parts come to {sum(adding)}"
    return sum(adding) if adding else pence
