"""The set-up installs what the lock files name, whatever has been published since."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.longer import slow
from tests.make.places import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\]*?))? \\$", re.M)


def of_make(*targets: str) -> list[str]:
    """Return the commands by which make would install for these targets, were nothing there."""
    told = subprocess.run(
        ["make", "--dry-run", "--always-make", "PYTHON=python3", *targets],
        cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ | {"MAKEFLAGS": ""},
    )  # fmt: skip
    return [line for line in told.stdout.splitlines() if " pip install" in line]


def pinned(lock: str) -> dict[str, str]:
    """Return the versions a lock names for this machine, by distribution."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = {}
    for name, version, marker in PINNED.findall(text):
        one = Requirement(f"{name} ; {marker}" if marker else name)
        if one.marker is None or one.marker.evaluate():
            found[name] = version
    return found


def wheel(folder: Path, name: str, version: str, needs: str = "") -> tuple[str, str]:
    """Write a wheel with one empty module, and return its file name and SHA-256."""
    info = f"{name}-{version}.dist-info"
    said = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": said + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = []
    for file, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record.append(f"{file},sha256={digest.decode()},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """An index where all that a lock names has a newer release, and its hashes in a lock file.

    alpha asks for an extra of beta, which the lock names without its extras.
    """
    lines = []
    for name, needs in (("alpha", "beta[more]>=1"), ("beta", "")):
        folder = tmp_path / "index" / name
        folder.mkdir(parents=True)
        file, digest = wheel(folder, name, "1.0", needs)
        newer, _ = wheel(folder, name, "1.1", needs)
        links = "".join(f'<a href="{one}">{one}</a>' for one in (file, newer))
        (folder / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")
        lines.append(f"{name}==1.0 \\\n    --hash=sha256:{digest}\n")
    (tmp_path / "requirements-dev.lock").write_text("".join(lines))
    return tmp_path


def installed(command: str, published: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the Makefile against that index, into a folder of its own."""
    words = [sys.executable, *command.split()[1:], "--target", "installed", "--no-cache-dir"]
    apart = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    apart |= {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    apart["PIP_INDEX_URL"] = (published / "index").as_uri()
    return subprocess.run(
        words, cwd=published, env=apart, capture_output=True, text=True, check=False
    )


@slow
def test_newer_releases_change_nothing(published: Path) -> None:
    (command,) = [c for c in of_make(".venv/dev-ready") if c.endswith("requirements-dev.lock")]
    done = installed(command, published)
    assert done.returncode == 0, done.stderr
    there = sorted(path.name for path in (published / "installed").glob("*.dist-info"))
    assert there == ["alpha-1.0.dist-info", "beta-1.0.dist-info"]
    # The same without what keeps pip from looking for dependencies fails: this test can.
    looking = installed(command.replace(" --no-deps", ""), published)
    assert looking.returncode != 0 and "must have their versions pinned" in looking.stderr


def test_every_installation_looks_at_the_lock_alone() -> None:
    commands = of_make(".venv/dev-ready", ".venv-bench/ready")
    assert len(commands) == 5  # three from lock files, ours twice
    for command in commands:
        assert " --no-deps " in command
        if command.endswith(" -e ."):
            assert " --no-index " in command and " --no-build-isolation " in command
        else:
            assert command.rpartition(" ")[2] in LOCKS
            assert " --require-hashes --only-binary :all: " in command
    assert "pip install" not in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_complete(lock: str) -> None:
    """Whatever anything in it requires here is in it: `--no-deps` leaves nothing out."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    named = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert len(named) == len(PINNED.findall(text))  # each pinned, each with hashes after it
    assert text.count("--hash=sha256:") >= len(named)
    versions, extras = pinned(lock), {"build"} if lock == LOCKS[0] else {"build", "dev"}
    wanted, seen = [("bcf-model", frozenset(extras))], set()
    while wanted:
        name, with_extras = wanted.pop()
        if (name, with_extras) in seen:
            continue
        seen.add((name, with_extras))
        for one in map(Requirement, metadata.requires(name) or ()):
            said = [{"extra": extra} for extra in ("", *with_extras)]
            if one.marker is None or any(one.marker.evaluate(extra) for extra in said):
                key = re.sub(r"[-_.]+", "-", one.name).lower()
                assert key in versions, f"{name} requires {one}, which {lock} leaves out"
                assert one.specifier.contains(versions[key]), f"{name} requires {one}"
                wanted.append((key, frozenset(one.extras)))


def test_what_runs_here_is_what_the_lock_names() -> None:
    versions = pinned("requirements-dev.lock")
    assert len(versions) > 30
    assert {name: metadata.version(name) for name in versions} == versions


def test_the_constraints_are_the_versions_of_the_lock() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    expected = [re.sub(r" *\\$", "", line) for line in re.findall(r"^[a-z].*==.*$", text, re.M)]
    assert (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() == expected


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 15, 0)])
def test_a_python_the_lock_does_not_cover_is_refused_in_words(
    tmp_path: Path, version: tuple[int, int, int]
) -> None:
    other = tmp_path / "python-other"
    other.write_text(
        f"#!{sys.executable}\nimport sys\nsys.version_info = {version}\nexec(sys.argv[2])\n"
    )
    other.chmod(0o755)
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    for lock in (*LOCKS, "pyproject.toml"):
        (tmp_path / lock).touch()
    done = subprocess.run(
        ["make", "report", f"PYTHON={other}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Python 3.11 to 3.14 is needed" in done.stderr
    assert not (tmp_path / ".venv").exists()
    assert "Traceback" not in done.stderr + json.dumps(done.stdout)
