"""Questions about an agreement, in the words of its clauses: the answers make its rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from bcf_model.agreement.drafting import Borne, Terms, alone, by_role
from bcf_model.core.money import NotMoney, sterling
from bcf_model.core.tables import Inputs, records
from bcf_model.core.words import CARRIED_FORWARD, NOT_STATED, OUTSIDE, VERSIONS
from bcf_model.intake.cells import read_edge

_OVER: Final = {
    "own": "whoever holds the budget ('at the sole risk of the Partner holding the budget')",
    "lead": "the lead commissioner of each line ('the Lead Commissioner shall be responsible')",
    "fixed": "the partners in fixed shares ('shall be met 55% by … and 45% by …')",
    "measured": "the partners in proportion to what they put in ('in proportion to the Partners' "
    "Financial Contributions')",
    "alone": "one partner alone ('any overspend lies with …')",
}
_UNDER: Final = {
    "own": "whoever holds the budget keeps it ('retained by the Partner')",
    "kept": "it stays in the pool ('retained in the Pooled Fund and carried forward')",
    "fixed": "it goes back to the partners in fixed shares",
    "measured": "it goes back in proportion to what they put in",
    "alone": "it goes to one partner alone",
}
_EXCESS: Final = {
    "outside": "it is settled outside the pool ('referred to the Partnership Board')",
    "alone": "one partner takes it",
}
_NONE: Final = "none"


def ask(inputs: Inputs) -> list[Terms]:
    """Ask who bears a variance of each category that has lines in the pool, in words."""
    pooled = inputs.schemes[inputs.schemes["pooling"] == "pooled"]
    asked = []
    for category in records(inputs.categories):
        lines = pooled[pooled["category"] == category.category]
        if not len(lines) or category.category == NOT_STATED:
            continue
        whole = sterling(int(lines["budget"].sum()))
        count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
        click.echo(f"\n{category.name} ({category.category}): {count}, budget {whole}")
        asked.append(_Questions(inputs, f"category={category.category}").terms())
    return asked


class _Questions:
    """What is asked about one scope."""

    def __init__(self, inputs: Inputs, scope: str) -> None:
        frame = inputs.organisations
        partners = frame[frame["organisation_kind"] != "provider"]
        self._partners = dict(zip(partners["organisation"], partners["name"], strict=True))
        self._reserves = dict(zip(inputs.reserves["reserve"], inputs.reserves["name"], strict=True))
        stated = {*inputs.contributions["version"]}
        self._versions = [version for version in VERSIONS if version in stated]
        self._scope = scope

    def terms(self) -> Terms:
        """Ask about an overspend, its limits, and an underspend."""
        steps: list[list[Borne]] = []
        if self._reserves:
            reserve = self._one_of(
                "Is a reserve called on first?", self._reserves | {_NONE: "no"}, _NONE
            )
            if reserve != _NONE:
                steps.append([alone(reserve, self._clause())])
        last = self._parts("Who bears an overspend?", _OVER)
        steps.append(last)
        at_most = self._limits(last)
        if at_most:
            steps.append([self._excess()])
        under = [[self._part("And an underspend?", _UNDER)]]
        return Terms(self._scope, steps, under, at_most)

    def _parts(self, asked: str, choices: Mapping[str, str]) -> list[Borne]:
        """Ask who bears it, and beyond which amount another does."""
        parts: list[Borne] = []
        while True:
            part = self._part(asked, choices)
            tiers = part.basis not in ("own", "lead") and click.confirm(
                "Is that so up to an amount only, and otherwise beyond it?", default=False
            )
            if not tiers:
                return [*parts, part]
            up_to = self._amount("Up to which amount? (£250,000, or 2% of the budget)")
            parts.append(Borne(part.basis, part.shares, part.clause, up_to, part.version))
            asked, choices = f"Who bears what is beyond {up_to}?", _TIERED

    def _part(self, asked: str, choices: Mapping[str, str]) -> Borne:
        chosen = self._one_of(asked, choices)
        if chosen in ("own", "lead"):
            return by_role(chosen, self._clause())
        if chosen == "kept":
            return alone(CARRIED_FORWARD, self._clause())
        if chosen == "alone":
            return alone(self._one_of("Which partner?", self._partners), self._clause())
        if chosen == "fixed":
            return Borne("fixed", self._shares(), self._clause())
        nobody = dict.fromkeys(self._partners, "")
        if not self._versions:
            click.echo("The pool states no contributions: the partners' own budgets stand in.")
            return Borne("budget", nobody, self._clause())
        version = self._versions[0]
        if len(self._versions) > 1:
            named = {it: VERSIONS[it] for it in self._versions}
            version = self._one_of("Which contributions?", named)
        return Borne("contribution", nobody, self._clause(), version=version)

    def _shares(self) -> dict[str, str]:
        """Ask for the share of each partner, until they make 100."""
        while True:
            shares = {
                code: click.prompt(f"  {name}: percent", type=click.FloatRange(0, 100))
                for code, name in self._partners.items()
            }
            hundredths = [round(share * 10**6) for share in shares.values()]
            if sum(hundredths) == 100 * 10**6:
                return {code: f"{share:.6f}".rstrip("0").rstrip(".") for code, share in
                        shares.items() if share}  # fmt: skip
            click.echo("  These do not make 100.")

    def _limits(self, parts: Sequence[Borne]) -> dict[str, tuple[str, str]]:
        """Ask for the most each partner bears in a year, over all parts."""
        shared = {code for part in parts for code in part.shares if code in self._partners}
        if not shared or not click.confirm(
            "Is what a partner bears of it limited in a year?", default=False
        ):
            return {}
        found = {}
        for code in (code for code in self._partners if code in shared):
            asked = f"  {self._partners[code]}: at most (£400,000, 5% of the budget, or none)"
            if most := self._amount(asked, may_be_none=True):
                found[code] = most
        clause = self._clause() if found else ""
        return {code: (most, clause) for code, most in found.items()}

    def _excess(self) -> Borne:
        if self._one_of("What happens to what is above the limits?", _EXCESS) == "outside":
            return alone(OUTSIDE, self._clause())
        return alone(self._one_of("Which partner?", self._partners), self._clause())

    def _amount(self, asked: str, *, may_be_none: bool = False) -> str:
        """Ask for an amount in pounds, or a percentage of the budget."""
        while True:
            said = click.prompt(asked).strip()
            if may_be_none and said.casefold() in ("none", "no"):
                return ""
            try:
                edge = read_edge(said if said.endswith("%") or "£" in said else f"£{said}")
            except NotMoney:
                click.echo("  Write an amount, as £250,000, or a percentage, as 2%.")
                continue
            if edge.pence > 0 or edge.millionths > 0:
                return said if said.endswith("%") else sterling(edge.pence)
            click.echo("  It must be above nil.")

    def _one_of(self, asked: str, choices: Mapping[str, str], default: str | None = None) -> str:
        """Ask which of several; the answer is a number."""
        click.echo(asked)
        for number, said in enumerate(choices.values(), start=1):
            click.echo(f"  {number}. {said}")
        codes: list[Any] = list(choices)
        standing = None if default is None else codes.index(default) + 1
        chosen = click.prompt("  Number", type=click.IntRange(1, len(codes)), default=standing)
        return str(codes[chosen - 1])

    def _clause(self) -> str:
        return str(click.prompt("  Which clause says so?").strip())


_TIERED: Final = {name: said for name, said in _OVER.items() if name not in ("own", "lead")}
"""Beyond an amount: whose lines they are parts pots, and one step has pots of one kind."""
