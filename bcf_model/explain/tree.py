"""The tree of a derivation: what `bcf explain` prints, and what the web page opens."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

LARGEST: Final = 20
"""Of more parts than these, the largest are told one by one, and the others in one node."""


class Node(NamedTuple):
    """One step of a derivation.

    Attributes:
        label: what it is.
        pence: its amount, with its sign; None where it is no amount of money.
        rate: its value where it is a rate. number: as text, where it is another number.
        adds: whether it is a part of the node above. Where any child adds, the pence of those
            that do come to the pence of the node, exactly.
        formula: how it is worked, in words. worked: the same with the numbers in it.
        said: sentences about it.
        sources: where it is stated: file and row, page or paragraph, clause.
        refers_to: its name, where it may be told once and referred to: a figure as it is
            written, or ``line <code>``, ``pot <name>``, ``share <row of the working paper>``.
        children: the steps it rests on.
    """

    label: str
    pence: int | None = None
    rate: float | None = None
    number: str = ""
    adds: bool = False
    formula: str = ""
    worked: str = ""
    said: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    refers_to: str = ""
    children: tuple["Node", ...] = ()


def plain(node: Node) -> dict[str, Any]:
    """Return a tree as plain values, for JSON; what is blank is left out."""
    found: dict[str, Any] = {"label": node.label}
    for name in ("pence", "rate"):
        if getattr(node, name) is not None:
            found[name] = getattr(node, name)
    found |= {name: getattr(node, name) for name in _TEXTS if getattr(node, name)}
    found |= {name: list(getattr(node, name)) for name in _LISTS if getattr(node, name)}
    if node.children:
        found["children"] = [plain(child) for child in node.children]
    return found


def from_plain(said: Mapping[str, Any]) -> Node:
    """Read back what `plain` gives."""
    lists = {name: tuple(said.get(name, ())) for name in _LISTS}
    children = tuple(from_plain(child) for child in said.get("children", ()))
    return Node(**{**said, **lists, "children": children})


_TEXTS: Final = ("number", "adds", "formula", "worked", "refers_to")
_LISTS: Final = ("said", "sources")


def walk(node: Node) -> Iterator[Node]:
    """Return a node and all below it, from the top down."""
    yield node
    for child in node.children:
        yield from walk(child)
