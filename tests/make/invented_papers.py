"""Invented papers, sound or with mistakes in them, as many as are asked for: each from its seed.

A sound paper prints one set of amounts, each number rounded by itself, in pounds and pence,
thousands or millions, four to thirteen digits long. A mistake is what people make: a digit
changed or two exchanged, a sign, a unit, another number altogether, one step beyond rounding.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from itertools import count

from tests.make.audit_papers import Row, rate, total

PENCE = {"pounds": Decimal(100), "thousands": Decimal(100_000), "millions": Decimal(100_000_000)}
STYLES = [("pounds", 2), ("pounds", 0), ("thousands", 0), ("thousands", 1), ("millions", 1),
          ("millions", 3)]  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How numbers are printed."""

    unit: str
    decimals: int
    halves: str
    commas: bool

    def number(self, number: Decimal) -> str:
        rounded = number.quantize(Decimal(1).scaleb(-self.decimals), self.halves)
        text = f"{abs(rounded):,f}" if self.commas else f"{abs(rounded):f}"
        sign = {"pounds": ("£", ""), "millions": ("£", "m"), "percent": ("", "%")}
        before, after = sign.get(self.unit, ("", ""))
        return f"({before}{text}{after})" if rounded < 0 else f"{before}{text}{after}"

    def amount(self, pence: Decimal) -> str:
        return self.number(pence / PENCE[self.unit])


class _Paper:
    """The rows of a paper in the making: what each figure is of is kept to print it again."""

    def __init__(self, draw: random.Random, styles: Callable[[], Style]) -> None:
        self._draw, self._styles = draw, styles
        self.rows: list[Row] = []
        self.pence: dict[str, Decimal] = {}

    def amount(self, code: str, pence: Decimal, sums: list[str], column: str) -> None:
        style = self._styles()
        self.pence[code] = pence
        self.rows.append(
            total(code, style.amount(pence), "; ".join(sums), column=column)
            | {"unit": style.unit, "decimals": str(style.decimals)}
        )

    def again(self, code: str, number: int) -> None:
        style = self._styles()
        self.rows.append(
            total(f"again{number}", style.amount(self.pence[code]), "", figure=code)
            | {"unit": style.unit, "decimals": str(style.decimals), "column": "Again",
               "source": f"table 2 row {number}"}
        )  # fmt: skip

    def rate(self, code: str, above: str, below: str) -> None:
        if not self.pence[below]:
            return
        style = Style("percent", self._draw.randint(0, 2), self._styles().halves, False)
        number = 100 * self.pence[above] / self.pence[below]
        self.rows.append(
            rate(code, style.number(number), f"{above} / {below}")
            | {"decimals": str(style.decimals)}
        )


def sound(seed: int, lines: int = 3, themes: int = 3) -> list[Row]:
    """Print a paper of up to so many lines in each of up to so many themes."""
    draw = random.Random(seed)
    commas, halves = draw.random() < 0.7, draw.choice([ROUND_HALF_UP, ROUND_HALF_DOWN])
    mixed, one = draw.random() < 0.3, draw.choice([*STYLES, STYLES[0], STYLES[0]])
    digits = draw.randint(4, 13)

    def style() -> Style:
        return Style(*(draw.choice(STYLES) if mixed else one), halves, commas)

    # As many digits as printed; of mixed units, as the finest prints them.
    step = 1 if mixed else PENCE[one[0]] / 10 ** one[1]

    def drawn() -> Decimal:
        whole = Decimal(draw.randint(10 ** (digits - 1), 10**digits - 1)) + draw.randint(-4, 4)
        part = Decimal(draw.randint(0, 999)) / 1000
        return (whole + part) * step * draw.choice((1, 1, 1, 1, 1, -1))

    paper = _Paper(draw, style)
    wide, rates = draw.random() < 0.7, draw.random() < 0.7

    def line(code: str, budget: Decimal, spent: Decimal, parts: list[str]) -> None:
        for letter, column, pence in (
            ("b", "Budget", budget), ("e", "Outturn", spent), ("v", "Variance", spent - budget),
        )[: 3 if wide else 1]:  # fmt: skip
            sums = [" + ".join(part + letter for part in parts)] if parts else []
            sums += [f"{code}e - {code}b"] if letter == "v" else []
            paper.amount(code + letter, pence, sums, column)
        if wide and rates:
            paper.rate(f"{code}p", f"{code}v", f"{code}b")

    groups = []
    for theme in range(draw.randint(1, themes)):
        held = []
        for number in range(draw.randint(1, lines)):
            budget = drawn()
            spent = budget * draw.randint(700, 1300) / 1000 if draw.random() < 0.8 else drawn()
            held.append((f"t{theme}l{number}", budget, spent))
            line(*held[-1], [])
        groups.append((f"t{theme}", sum(b for _, b, _ in held), sum(e for *_, e in held)))
        line(*groups[-1], [code for code, *_ in held])
    if len(groups) > 1:
        line("all", sum(b for _, b, _ in groups), sum(e for *_, e in groups),
             [code for code, *_ in groups])  # fmt: skip
    for number in range(draw.randint(0, 3)):
        paper.again(draw.choice(list(paper.pence)), number)
    return paper.rows


def small(seed: int) -> list[Row]:
    """Print a tiny paper of small numbers, so that ends touch and nil is near, mistakes and all.

    A few amounts, of either sign; sums and differences of them; percentages of one of another;
    prints of the same thing again.
    """
    draw = random.Random(seed)
    style = Style(*draw.choice([("thousands", 0), ("thousands", 1), ("pounds", 0)]),
                  ROUND_HALF_UP, False)  # fmt: skip
    paper = _Paper(draw, lambda: style)
    step = PENCE[style.unit] / 10**style.decimals
    most = draw.choice([9, 60, 2_000])
    names = [f"q{i}" for i in range(draw.randint(2, 4))]
    for name in names:
        size = Decimal(draw.randint(1, most * 10)) / 10
        paper.amount(name, size * step * draw.choice((1, 1, 1, -1)), [], "Budget")
    for number in range(draw.randint(0, 2)):
        one, other = draw.sample(names, 2)
        sign = draw.choice((1, -1))
        paper.amount(f"s{number}", paper.pence[one] + sign * paper.pence[other],
                     [f"{one} {'+' if sign > 0 else '-'} {other}"], "Sum")  # fmt: skip
    for number in range(draw.randint(0, 3)):
        one, other = draw.sample(list(paper.pence), 2)
        paper.rate(f"p{number}", one, other)
    for number in range(draw.randint(0, 2)):
        paper.again(draw.choice(list(paper.pence)), number)
    return with_mistakes(paper.rows, seed, draw.choice((0, 1, 1, 1, 2, 2, 3)))[0]


def with_mistakes(rows: list[Row], seed: int, mistakes: int) -> tuple[list[Row], list[str]]:
    """Print some figures of a paper wrong.

    Returns:
        The rows, and the codes of those that are wrong.
    """
    draw = random.Random(f"{seed} wrong")
    places = sorted(draw.sample(range(len(rows)), min(mistakes, len(rows))))
    changed = list(rows)
    for place in places:
        changed[place] = rows[place] | {"printed": _mistaken(draw, rows[place])}
    return changed, [rows[place]["published_id"] for place in places]


def _mistaken(draw: random.Random, row: Row) -> str:
    text = row["printed"]
    for tried in count():
        style = Style(row["unit"], int(row["decimals"]), ROUND_HALF_UP, "," in text)
        digits = [i for i, letter in enumerate(text) if letter.isdigit()]
        kind = draw.choice(("digit", "exchanged", "sign", "step", "other", "unit"))
        if kind == "digit":
            at = draw.choice(digits)
            new = text[:at] + draw.choice("0123456789") + text[at + 1 :]
        elif kind == "exchanged" and len(digits) > 1:
            at = draw.randrange(len(digits) - 1)
            one, other = digits[at : at + 2]
            new = text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]
        elif kind == "sign":
            new = text[1:-1] if text.startswith("(") else f"({text})"
        else:
            number, step = value(text), Decimal(1).scaleb(-style.decimals)
            new = style.number(
                number + draw.choice((-1, 1)) * draw.randint(1, 9 + tried) * step
                if kind == "step"
                else number * 1000
                if kind == "unit" and abs(number) < 10**9
                else Decimal(draw.randint(1, 10 ** len(digits))) * step
            )
        if value(new) != value(text):
            return style.number(value(new))
    raise AssertionError


def value(printed: str) -> Decimal:
    """Read a printed number, brackets below nil."""
    bare = "".join(letter for letter in printed if letter.isdigit() or letter == ".")
    return -Decimal(bare) if printed.startswith("(") else Decimal(bare)
