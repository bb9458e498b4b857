"""Figures named in a file, and numbers printed in a paper."""

from collections.abc import Iterator

from bcf_model.cells import places, printed_number
from bcf_model.checks.declared import declared_codes, unknown_values
from bcf_model.drafts import Drafts
from bcf_model.figures import Figure
from bcf_model.findings import Finding
from bcf_model.money import NotMoney


def figures(drafts: Drafts) -> Iterator[Finding]:
    """A figure or scope selects by codes that exist (BCF601, BCF405)."""
    declared = declared_codes(drafts)
    for table, name, code in (
        ("control_totals", "figure", "BCF601"),
        ("published", "figure", "BCF601"),
        ("rules", "scope", "BCF405"),
    ):
        if table not in drafts:
            continue
        draft = drafts[table]
        for i, text in draft.rows(name):
            figure = Figure.of_scope(text) if name == "scope" else Figure.parse(text)
            for value, expected in unknown_values(figure, declared):
                said = f"{value!r} in {text}"
                yield draft.finding(code, i, name, value=said, expected=expected)


def printed_numbers(drafts: Drafts) -> Iterator[Finding]:
    """A printed number can be read, and has the decimals stated (BCF602, BCF603)."""
    if "published" not in drafts:
        return
    draft = drafts["published"]
    for i, printed, unit, decimals in draft.rows("printed", "unit", "decimals"):
        try:
            number = printed_number(printed, unit)
        except NotMoney:
            yield draft.finding(
                "BCF602", i, "printed", value=repr(printed), expected=f"a number in {unit}"
            )
            continue
        if places(number) != decimals:
            value = f"{printed!r} with {places(number)}"
            yield draft.finding("BCF603", i, "decimals", value=value, expected=str(decimals))
