"""The templates of the web pages, filled in. They stand beside the modules that fill them in.

A template escapes everything it is given that is not `markupsafe.Markup`.
"""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from bcf_model import __version__
from bcf_model.publish.house_style import CHART_TYPE, WEB, WEB_TYPE


def rendered(name: str, **values: object) -> str:
    """Fill in a template.

    Args:
        name: its path under this folder.
        values: all that it asks for, but the version of this package and the house style.

    Returns:
        The text; the same values give the same text.
    """
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> Environment:
    """Read and compile each template once."""
    environment = Environment(
        loader=PackageLoader("bcf_model", "publish"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals |= {
        "version": __version__,
        "colour": WEB,
        "type": WEB_TYPE,
        "chart_type": CHART_TYPE,
    }
    return environment
