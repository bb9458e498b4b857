"""An audit's bound is worked again from what is printed of it, by text alone."""

import re
from collections import defaultdict
from fractions import Fraction
from functools import cache

import pytest
from click.testing import CliRunner

from bcf_model.audit.papers import examined
from bcf_model.cli import cli
from bcf_model.core.errors import UnknownFigure
from bcf_model.core.printed_numbers import scale
from bcf_model.explain.printed_figures import ALWAYS, SAYS, Printed
from bcf_model.explain.tree import Node
from tests.longer import slow
from tests.make.places import INPUTS, SHEFFIELD

EXAMPLE = INPUTS / "transcriptions" / "invented-example.csv"


@cache
def audited(path=EXAMPLE):
    audit, about, _ = examined(path)
    return audit, Printed(audit, about.name)


def number(text: str) -> Fraction:
    return Fraction(re.sub("[£,%]", "", text.replace("−", "-").partition(" (about")[0]))


def summed(text: str) -> dict[str, Fraction]:
    """Read a sum of quantities as it is printed."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    words = re.split(r" ([+−]) ", text.removeprefix("−"))
    signs = ["−" if text.startswith("−") else "+", *words[1::2]]
    for sign, word in zip(signs, words[::2], strict=True):
        times, _, name = word.rpartition(" × ")
        found[name] += (number(times) if times else 1) * (-1 if sign == "−" else 1)
    return found


def added(parts) -> tuple[dict[str, Fraction], Fraction]:
    """Add up parts as they are printed: sums of quantities, and their ends, times the multiples."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    ends = Fraction(0)
    for part in parts:
        times = number(part.label.partition(" × ")[0])
        left, sign, end = re.fullmatch(r"(.*) ([≤≥=]) (\S+)", part.worked).groups()
        assert part.formula == (ALWAYS if sign == "=" else SAYS)
        ends += times * number(end)
        for name, factor in summed(left).items():
            sums[name] += times * factor
    return {name: factor for name, factor in sums.items() if factor}, ends


def end_again(node: Node, of: Node) -> Fraction | None:
    """Work an end out again from its node, and from what the figure is a print of."""
    if "nothing else" in node.label:
        return None
    sums, ends = added(node.children)
    printed = of.children[0].label.removeprefix("It is a print of ")
    upper, _, base = printed.partition(", in percent of ")
    wanted = summed(upper)
    wanted.pop("nil", None)  # what is printed of no line adds up nothing
    if not base:
        assert sums == wanted
        assert ends == number(node.worked.rpartition(" = ")[2])
        return ends
    assert ends == 0
    value = number(node.label.split(" ", 2)[2])
    less = {name: 100 * factor for name, factor in wanted.items()}
    for name, factor in summed(base).items():
        less[name] = less.get(name, Fraction(0)) - value * factor
    # The base may have been turned round with what is divided.
    kept = {name: factor for name, factor in less.items() if factor}
    assert sums in (kept, {name: -factor for name, factor in kept.items()})
    return value


def bounds_again(tree: Node) -> tuple[Fraction | None, Fraction | None]:
    of = next(it for it in tree.children if it.label.startswith("Relations"))
    ends = [it for it in tree.children if it.label.startswith(("At least", "At most"))]
    low, high = (end_again(it, of) for it in ends)
    return low, high


def check(path, names) -> int:
    """Check the bounds of printed figures by their text, and against the audit's own ends."""
    audit, printed = audited(path)
    place = {name: i for i, name in enumerate(audit.paper.printed["published_id"])}
    ranges = {}
    for (_, number_of, at), ends in audit.consistency.ranges.items():
        if number_of == 0:
            ranges[at] = ends
    checked = 0
    for name in names:
        tree = printed.explain(name)
        if place[name] in audit.consistency.untested:
            assert any("Not taken together" in said for said in tree.said)
            continue
        low, high = bounds_again(tree)
        assert low is None or high is None or low <= high
        one = audit.paper.by_place[place[name]]
        unit = audit.paper.printed["unit"][place[name]]
        pounds = 1 if unit == "percent" else Fraction(1, 100)
        meets = (low is None or low <= one.high * pounds) and (
            high is None or high >= one.low * pounds
        )
        verdict = audit.tables["audit_figures"]["together"][place[name]]
        assert meets is (verdict == "consistent"), name
        if place[name] in ranges and place[name] not in audit.turned:
            per = scale(unit) * pounds
            mine = [None if end is None else round(end / per, 6) for end in (low, high)]
            for own, theirs in zip(mine, ranges[place[name]], strict=True):
                assert (own is None) is (theirs is None)
                assert own is None or abs(own - theirs) <= Fraction(2, 10**6)
        checked += 1
    return checked


def test_every_bound_of_a_paper_is_worked_again_from_what_is_printed() -> None:
    assert check(EXAMPLE, audited()[1].names()) == 20


@slow
def test_bounds_of_a_pool_are_worked_again_from_what_is_printed() -> None:
    assert check(SHEFFIELD, audited(SHEFFIELD)[1].names()[::12]) > 20


def test_it_says_what_is_printed_how_it_is_rounded_and_the_verdict() -> None:
    tree = audited()[1].explain("P14")
    assert tree.pence == 1_830_000_00
    rounding, relations, least, most, verdict = tree.children
    assert rounding.worked == "£1,829,500 to £1,830,500"
    assert [it.worked for it in relations.children[1:]] == [
        "home-o + reablement-o + income-o − total-o = £0",
        "total-o − total-b − total-v = £0",
    ]
    assert (least.pence, most.pence) == (1_803_000_00, 1_804_500_00)
    assert verdict.label == "Verdict: must be wrong"


@slow
def test_it_says_what_stands_beside_it_in_another_paper() -> None:
    tree = audited(SHEFFIELD)[1].explain("P448")
    assert tree.said[-1] == (
        "Savings of the council in 2019/20, beside P043 [£29.7m]: cannot both be right, if they "
        "are one thing (basis of P448 not stated; at least £11.75m apart)."
    )


def test_a_figure_the_paper_does_not_have_is_refused() -> None:
    with pytest.raises(UnknownFigure, match="no printed figure has this code"):
        audited()[1].explain("P99")


def test_the_command_takes_a_transcription() -> None:
    done = CliRunner().invoke(cli, ["explain", str(EXAMPLE), "P14"])
    assert done.exit_code == 0
    assert "Says: total-b ≥ £1,830,500" in done.output
    listed = CliRunner().invoke(cli, ["explain", str(EXAMPLE), "--list", "P1"])
    assert len(listed.output.splitlines()) == 10
