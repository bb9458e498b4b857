"""The page in a real browser: no console error, no request, nothing cut off, charts visible."""

import base64
import json
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bcf_model.pool import load
from bcf_model.publish import html, write
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.places import SHEFFIELD

pytestmark = slow  # each opens whole pages in a browser

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)

LAUNCH = """
import fcntl, os, sys
orders, answers = (fcntl.fcntl(int(it), fcntl.F_DUPFD, 10) for it in sys.argv[1:3])
os.dup2(orders, 3)
os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""

PHONE, DESKTOP = 360, 1280
PORTRAIT, LANDSCAPE = 688, 1016  # CSS pixels between the margins of A4


class Browser:
    """Headless Chromium, spoken to over a pipe (the Chrome DevTools Protocol)."""

    def __init__(self, program: str, profile: Path) -> None:
        from_us, to_us = os.pipe(), os.pipe()
        # The browser reads descriptor 3 and writes descriptor 4.
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-c", LAUNCH, str(from_us[0]), str(to_us[1])),
                *(program, *FLAGS, f"--user-data-dir={profile}", "about:blank"),
            ],
            pass_fds=(from_us[0], to_us[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us[0])
        os.close(to_us[1])
        self._write, self._read = from_us[1], to_us[0]
        self._rest, self._count, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        asked: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while (said := self._message()).get("id") != asked["id"]:
            self.events.append(said)
        assert "error" not in said, said
        return said["result"]

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._read, 1 << 20)
            assert more, "the browser has gone"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, page: Path, width: int = DESKTOP, media: str = "") -> None:
        """Open a page afresh, forgetting what was seen before, and wait until it is at rest."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width == PHONE,
        )
        self.call("Emulation.setEmulatedMedia", media=media)
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._message())
        # Two frames later whatever the page asked for has been asked.
        frames = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))"
        self.ask(frames)

    def ask(self, script: str) -> Any:
        """Evaluate in the page (the debugger may, the page's own policy forbids it scripts)."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def complaints(self) -> list[str]:
        """What the console says is wrong."""
        found = []
        for event in self.events:
            said = event["params"]
            if event["method"] == "Log.entryAdded" and said["entry"]["level"] != "verbose":
                found.append(said["entry"]["text"])
            if event["method"] == "Runtime.consoleAPICalled":
                found.append(str(said["args"]))
            if event["method"] == "Runtime.exceptionThrown":
                found.append(said["exceptionDetails"]["text"])
        return found

    def requests(self) -> list[str]:
        """What was asked for besides the page itself."""
        asked = [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in asked[1:] if not url.startswith("data:")]

    def close(self) -> None:
        with suppress(AssertionError, OSError):
            self._session = ""
            self.call("Browser.close")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    browser = Browser(program, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def real_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = run(load(SHEFFIELD))
    return _saved(results, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def odd_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pool nobody would wish for: 40 themes, names of 80 letters, odd pence, five partners."""
    folder = tmp_path_factory.mktemp("odd")
    partners = [f"P{number}" for number in range(5)]
    long = "Preventing avoidable admissions and helping people home to where they belong, {:02}"
    lines = [
        f"S{t}-{k},{t},{partners[(t + k) % 5]},Scheme {t} {k},A,{'capital' if k else 'revenue'},"
        f"pooled,{[0, -1234.56, 98765432.1, 7][(t + k) % 4]},{(t * 7919 + k) * 1234.57 - 5e6:.2f}"
        for t in range(40)
        for k in range(2)
    ]
    tables = {
        "pool.toml": 'title = "Odd"\nboard = "B"\nfinancial_year = "2018-19"\nunit = "pounds"\n'
        'as_at = 2019-03-31\nsource = "Invented"\n',
        "organisations.csv": "organisation,name,organisation_kind\n"
        + "".join(f"{p},{'Integrated Care Board of ' * 3}{p},nhs\n" for p in partners),
        "themes.csv": "theme,name\n"
        + "".join(f'{t},"{"W" * 80 if t == 3 else long.format(t)}"\n' for t in range(40)),
        "categories.csv": "category,name\nA,Own\n",
        "schemes.csv": "scheme_id,theme,organisation,scheme,category,kind,pooling,budget,"
        "expenditure\n" + "\n".join(lines),
        "rules.csv": "rule_id,scope,direction,step,basis,bearer,share,clause\n"
        "R,category=A,either,1,own,budget holder,100,cl. 1\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    return _saved(run(load(folder)), folder)


def _saved(results: Any, folder: Path) -> Path:
    page = folder / "report.html"
    page.write_text(html.page(write.document(results)), encoding="utf-8")
    return page


PAGES = pytest.mark.parametrize("name", ["real_page", "odd_page"])


@PAGES
def test_no_console_error_and_no_request(browser: Browser, name: str, request):
    browser.open(request.getfixturevalue(name))
    browser.ask("document.querySelectorAll('details').forEach(it => it.open = true)")
    assert browser.ask("document.querySelectorAll('table').length") > 10
    assert browser.complaints() == []
    assert browser.requests() == []


@pytest.mark.parametrize(
    ("body", "complains", "asks"),
    [
        ("<script>console.error('broken')</script>", True, False),
        ("<script>throw new Error('broken')</script>", True, False),
        ("<img src='http://127.0.0.1:9/pixel.png'>", True, True),
        ("<link rel='stylesheet' href='http://127.0.0.1:9/style.css'>", True, True),
        ("<style>@font-face {font-family: x; src: url(other.woff)} p {font-family: x}</style><p>x"
         , True, True),
        ("<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
         "<img src='http://127.0.0.1:9/refused.png'>", True, True),
    ],
)  # fmt: skip
def test_a_bad_page_would_be_noticed(
    browser: Browser, tmp_path: Path, body: str, complains: bool, asks: bool
):
    page = tmp_path / "bad.html"
    page.write_text(f"<!DOCTYPE html><link rel='icon' href='data:,'>{body}", encoding="utf-8")
    browser.open(page)
    assert bool(browser.complaints()) == complains
    assert bool(browser.requests()) == asks


@PAGES
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_never_scrolls_sideways(browser: Browser, name: str, width: int, request):
    browser.open(request.getfixturevalue(name), width)
    assert browser.ask("document.documentElement.scrollWidth") <= width


@PAGES
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_charts_are_visible_and_their_words_legible(
    browser: Browser, name: str, width: int, request
):
    browser.open(request.getfixturevalue(name), width)
    measured = browser.ask(
        """[...document.querySelectorAll('svg')].map(svg => ({
            frame: svg.getBoundingClientRect().toJSON(),
            bars: [...svg.querySelectorAll('rect')].map(it => ({
                box: it.getBoundingClientRect().toJSON(), fill: getComputedStyle(it).fill,
                stroke: getComputedStyle(it).stroke})),
            words: [...svg.querySelectorAll('text')].map(it => ({
                box: it.getBoundingClientRect().toJSON(), text: it.textContent,
                size: parseFloat(getComputedStyle(it).fontSize)}))}))"""
    )
    assert len(measured) >= 2
    for chart in measured:
        frame = chart["frame"]
        for bar in chart["bars"]:
            assert bar["box"]["width"] > 1 and bar["box"]["height"] > 10
            assert "rgb(23, 83, 122)" in (bar["fill"], bar["stroke"])
        for word in chart["words"]:
            assert word["size"] >= 11
            assert frame["left"] - 1 <= word["box"]["left"], word
            assert word["box"]["right"] <= frame["right"] + 1, word
        boxes = [word["box"] for word in chart["words"]] + [bar["box"] for bar in chart["bars"]]
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                assert not _overlap(one, other), (one, other, chart["words"])
    assert sum(len(chart["bars"]) for chart in measured) > 2


def _overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes share more than the space between two lines of type."""
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 1 and down > 4


@PAGES
def test_nothing_is_cut_off_on_paper(browser: Browser, name: str, request):
    browser.open(request.getfixturevalue(name), LANDSCAPE, media="print")
    wide = browser.ask(_PAST_THE_EDGE.replace("CHOSEN", "it.closest('.wide')"))
    browser.open(request.getfixturevalue(name), PORTRAIT, media="print")
    rest = browser.ask(_PAST_THE_EDGE.replace("CHOSEN", "!it.closest('.wide')"))
    assert [*wide, *rest] == []


_PAST_THE_EDGE = """
    document.querySelectorAll('details').forEach(it => it.open = true);
    [...document.querySelectorAll('table')]
        .filter(it => CHOSEN && it.getBoundingClientRect().right > innerWidth + 1)
        .map(it => it.caption.textContent + ': ' + it.getBoundingClientRect().right)"""


def test_the_browser_paints_the_bars(browser: Browser, real_page: Path):
    """Pixels of a screenshot, not only boxes: the middle of the longest bar is the accent."""
    browser.open(real_page)
    box = browser.ask(
        """(() => {const bars = [...document.querySelectorAll('rect.over')];
        const boxes = bars.map(it => it.getBoundingClientRect());
        const longest = boxes.sort((a, b) => b.width - a.width)[0];
        return {x: longest.left + longest.width / 2 + scrollX,
                y: longest.top + longest.height / 2 + scrollY}})()"""
    )
    clip = {"x": box["x"], "y": box["y"], "width": 1, "height": 1, "scale": 1}
    shot = browser.call(
        "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True
    )
    assert _only_pixel(base64.b64decode(shot["data"])) == (23, 83, 122)


def _only_pixel(png: bytes) -> tuple[int, int, int]:
    """Read the colour of a PNG of one pixel: no filter can change it."""
    at, packed = 8, b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    _, red, green, blue, *_ = zlib.decompress(packed)
    return red, green, blue
