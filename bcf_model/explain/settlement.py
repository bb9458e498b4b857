"""The balancing payment of a party: what it bears, less what it has paid already."""

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.findings import one_of
from bcf_model.core.words import BEARER_KINDS, NOT_STATED, OUTSIDE
from bcf_model.explain.facts import Facts
from bcf_model.explain.tree import Node
from bcf_model.year.results import known

WRITTEN = "settlement/party="
"""In front of a party: how its balancing payment is asked for."""


def settlement(facts: Facts, party: str) -> Node:
    """Explain what a party pays or receives.

    Raises:
        UnknownFigure: the settlement has no such party.
    """
    settled = facts.results.outputs["settlement"]
    parties = settled["party"].tolist()
    if party not in parties:
        message = f"{WRITTEN}{party}: the settlement has no such party; {one_of(parties, party)}"
        raise UnknownFigure(message)
    row = settled.iloc[parties.index(party)]
    standing, name = facts.inputs.settings.standing, f"{WRITTEN}{party}"
    if standing.no_share:
        said = (f"What {facts.bearer(party)} pays or receives.",)
        return Node(name, said=(*said, *standing.about_shares), refers_to=name)
    pence = known(row["balancing_payment"])
    lost = pence is None
    way = "nothing to pay" if not pence else "it pays" if pence > 0 else "it receives"
    if lost:
        way = "not given: something it needs is not stated, and that is not nil"
    if party not in (
        *facts.figures.codes["bearer"],
        NOT_STATED,
    ):  # what partners meet outside the pool, together
        frame = facts.inputs.organisations
        partners = frame.loc[frame["organisation_kind"] != "provider", "organisation"]
        figure = Figure.of("borne", held=OUTSIDE, bearer="+".join(partners))
        said = ("What partners meet by themselves, outside the pool: nobody pays it to anybody.",)
        return Node(name, pence, said=said, refers_to=name, children=(_part(facts, figure, 1),))
    if party == NOT_STATED:
        said = ("Lines of which nobody says whose they are: who has paid for them is not known.",)
        own = _part(facts, Figure.of("variance", organisation=party), -1)
        return Node(name, said=said, refers_to=name, children=(own._replace(adds=False),))
    parts = [_part(facts, Figure.of("borne", bearer=party), 1)]
    formula = "all that it bears: it has no lines of its own on which it has paid"
    if row["party_kind"] == "partner":
        formula = "borne − variance on its own lines, which it has paid − what it meets outside"
        parts.append(_part(facts, Figure.of("variance", organisation=party), -1))
        if known(row["met_outside"]) != 0:
            parts.append(_part(facts, Figure.of("borne", bearer=party, held=OUTSIDE), -1))
    kind = BEARER_KINDS[row["party_kind"]]
    return Node(
        name,
        pence,
        formula=formula,
        said=(
            f"{facts.bearer(party)} is {kind[0].lower()}{kind[1:]}; {way}.",
            *standing.about_shares,
            *(() if pence is None else facts.in_unit(pence)),
        ),
        refers_to=name,
        children=tuple(part._replace(adds=part.adds and not lost) for part in parts),
    )


def _part(facts: Facts, figure: Figure, sign: int) -> Node:
    label = f"{'Less ' if sign < 0 else ''}{figure}"
    if facts.figures.lacks(figure):
        return Node(f"{label}: not given", refers_to=str(figure))
    return Node(label, sign * facts.figures.pence(figure), adds=True, refers_to=str(figure))
