"""Where something is stated: a source, and beside it the page and the web address.

Whatever has a `source` may have these two as well: any input table, and the settings. They are read
into the source itself, and so are shown wherever that is shown. Nothing is ever fetched.
"""

import re
from typing import Final

PLACED: Final = ("page", "url")
"""What may stand beside a source."""

_ADDRESS: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[-–,]")
_BEHIND: Final = re.compile(r"(?:, pages? [^,]+(?:, \d+)*)?(?:, https?://\S+)?$")


def cited(source: str, page: str, url: str) -> str:
    """Return a source with the page and the web address it is found at; any may be blank.

    >>> cited("Paper of 27 June 2019", "12", "https://example.org/paper")
    'Paper of 27 June 2019, page 12, https://example.org/paper'
    >>> cited("", "12-14", "")
    'pages 12-14'
    """
    said = "pages" if _SEVERAL.search(page) else "page"
    return ", ".join(filter(None, (source, page and f"{said} {page}", url)))


def without_place(source: str) -> str:
    """Return a source without the page and the web address that `cited` put behind it.

    >>> without_place(cited("para 6.4 table row 2", "3, 4", "https://example.org/a"))
    'para 6.4 table row 2'
    """
    return _BEHIND.sub("", source)


def is_address(text: str) -> bool:
    """Return whether a text is a web address, written in full.

    >>> is_address("https://example.org/paper.pdf"), is_address("example.org")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None
