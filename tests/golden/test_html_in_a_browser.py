"""The page in a real browser: no console error, no request, nothing cut off, charts visible."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bcf_model.check import load
from bcf_model.pipeline import run
from bcf_model.report import html, sheets

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --remote-debugging-pipe"
).split()

PHONE, DESKTOP = 360, 1280
PORTRAIT, LANDSCAPE = 688, 1016  # CSS pixels between the margins of A4


class Browser:
    """Headless Chromium, spoken to over a pipe (the Chrome DevTools Protocol)."""

    def __init__(self, program: str, profile: Path) -> None:
        from_us, to_us = os.pipe(), os.pipe()
        # The browser reads descriptor 3 and writes descriptor 4.
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{from_us[0]} 4>&{to_us[1]}', "sh", program, *FLAGS]
            + [f"--user-data-dir={profile}", "about:blank"],
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
