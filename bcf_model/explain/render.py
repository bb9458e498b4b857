"""A derivation in print: as a tree on a terminal, as Markdown, as JSON."""

import json
import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from bcf_model.core.money import percent, sterling
from bcf_model.explain.tree import Node, plain

ADDS: Final = "+ "
"""In front of what is a part of the sum above it."""
_LEAST: Final = 24
"""Columns that text is left, however deep it stands."""
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def value(node: Node) -> str:
    """Write the value of a node: pounds and pence, a percentage, another number, or nothing.

    >>> value(Node("", 123450)), value(Node("", rate=0.0359615))
    ('£1,234.50', '3.6%')
    """
    if node.pence is not None:
        return sterling(node.pence)
    return node.number if node.rate is None else percent(node.rate)


def details(node: Node) -> Iterator[str]:
    """Return the lines under a node's label: how it is worked, what is said of it, its sources."""
    if node.formula and node.worked:
        yield f"{node.formula[0].upper()}{node.formula[1:]}: {node.worked}"
    elif node.formula or node.worked:
        said = node.formula or node.worked
        yield f"{said[0].upper()}{said[1:]}"
    yield from node.said
    if node.sources:
        yield f"Source: {'; '.join(node.sources)}"


def as_text(node: Node, room: int = 100) -> str:
    """Draw a tree in box characters, amounts under each other.

    Args:
        node: a derivation.
        room: columns of the terminal; text is wrapped, amounts are never cut.
    """
    return "\n".join(_drawn(node, room, "", ""))


def _drawn(node: Node, room: int, first: str, rest: str) -> Iterator[str]:
    amount = value(node)
    label = (ADDS if node.adds else "") + node.label
    below = rest + ("│ " if node.children else "  ")
    width = max(_LEAST, room - len(first) - len(amount) - 2)
    head, *more = wrap(label, width, subsequent_indent="  ") or [""]
    gap = max(2, room - len(first) - len(head) - len(amount))
    yield f"{first}{head}{' ' * gap}{amount}".rstrip()
    for line in more:
        yield below + line
    for said in details(node):
        for line in wrap(said, max(_LEAST, room - len(below) - 2), subsequent_indent="  "):
            yield f"{below}  {line}"
    for i, child in enumerate(node.children, start=1):
        last = i == len(node.children)
        yield from _drawn(
            child, room, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")
        )


def as_markdown(node: Node) -> str:
    """Write a tree as nested lists in Markdown."""
    said = [f"# {_escaped(node.label)}", "", f"**{value(node) or 'blank'}**", ""]
    for line in details(node):
        said += [_escaped(line), ""]
    for child in node.children:
        said += _items(child, "")
    return "\n".join(said) + "\n"


def _items(node: Node, indent: str) -> Iterator[str]:
    amount = value(node)
    adds = r"\+ " if node.adds else ""
    yield f"{indent}- {adds}{_escaped(node.label)}" + (f": **{amount}**" if amount else "")
    for line in details(node):
        yield f"{indent}  <br>{_escaped(line)}"
    for child in node.children:
        yield from _items(child, indent + "  ")


def _escaped(text: str) -> str:
    """Keep text from being read as Markdown, or as markup inside it."""
    return _MARKUP.sub(r"\\\1", text.replace("&", "&amp;"))


def as_json(node: Node, figure: str, **about: str) -> str:
    """Write a tree as JSON, with the figure and what is said about the pool: whole pence."""
    return _json({"figure": figure, **about, "tree": plain(node)})


def list_as_text(figures: Mapping[str, Node]) -> str:
    """List figures with their values, one to a line."""
    left = max(map(len, figures), default=0)
    right = max((len(value(node)) for node in figures.values()), default=0)
    return "\n".join(
        f"{name:<{left}}  {value(node) or 'blank':>{right}}" for name, node in figures.items()
    )


def list_as_markdown(figures: Mapping[str, Node]) -> str:
    """List figures with their values, as a table."""
    rows = [f"| {_escaped(n)} | {value(node) or 'blank'} |" for n, node in figures.items()]
    return "\n".join(["| Figure | Value |", "|---|---:|", *rows]) + "\n"


def list_as_json(figures: Mapping[str, Node]) -> str:
    """List figures with their values, as JSON: whole pence, a number, or a rate."""
    return _json([
        {"figure": name, "pence": node.pence} if node.pence is not None
        else {"figure": name, "number": node.number} if node.number
        else {"figure": name, "rate": node.rate}
        for name, node in figures.items()
    ])  # fmt: skip


def _json(said: object) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False)
