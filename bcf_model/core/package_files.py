"""The CSV files that ship inside the package, beside the modules that use them."""

import csv
from importlib import resources


def read(package: str, name: str) -> bytes:
    """Read a file of the package."""
    return (resources.files(package) / name).read_bytes()


def rows_of(package: str, name: str) -> list[dict[str, str]]:
    """Read a CSV file of the package: one row each, its cells by their heading.

    Raises:
        ValueError: a row is longer or shorter than the headings.
    """
    text = read(package, name).decode()
    headings, *rows = csv.reader(text.splitlines(), strict=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]
