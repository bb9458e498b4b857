"""comparison.html: agreements side by side as one web page, in the look of the report."""

import re
from collections.abc import Sequence
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bcf_model import __version__
from bcf_model.money import label, shown
from bcf_model.report.sheets import Cell, Money, Sheet
from bcf_model.results import Results
from bcf_model.years import spoken


def page(tried: Sequence[Results], pages: tuple[Sheet, ...], chart: str) -> str:
    """Write a comparison as one self-contained web page.

    Args:
        tried: the results under each agreement.
        pages: as laid out by `pages.sheets`.
        chart: the bars, as SVG.

    Returns:
        The page; the same results give the same text.
    """
    settings = tried[0].inputs.settings

    def text(cell: Cell) -> str:
        if isinstance(cell, Money):
            return shown(cell.pence, settings.unit)
        return cell if isinstance(cell, str) else ""

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(_file("comparison/page.html.j2")).render(
        style=_style(),
        settings=settings,
        year=spoken(settings.financial_year),
        unit=label(settings.unit),
        pages=pages,
        chart=Markup(chart),
        text=text,
        agreements=len(tried),
        version=__version__,
    )


def _file(name: str) -> str:
    return resources.files("bcf_model.report").joinpath(name).read_text(encoding="utf-8")


def _style() -> Markup:
    """Give the report's own style, so that both pages look alike."""
    found = re.search(r"<style>\n(.*?)</style>", _file("page.html.j2"), re.S)
    assert found is not None
    return Markup(found[1])
