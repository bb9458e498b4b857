"""Digests of all that the program writes, in two layers: `make digests` stores them anew.

*Values*: of each page of a workbook, section of a web page, table and text, a digest of every value
in it by its row and column; of a formula, of what it gives. It changes only with a line under
"Numbers that change" in CHANGELOG.md. *Bytes*: of each file, a digest of all it is made of, and of
a workbook one of its formulas and names alone: form may change where no value does.

Neither knows the version of Python, of a library or of bcf_model. What hangs on no version but that
of numpy is what comes of draws. Every process has a hash seed of its own, so a test that agrees
with the stored digests says that nothing hangs on it either.

    python -m tests.golden.digests --show     # every cell that differs from the last stored ones
"""

import argparse
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from bcf_model import __version__
from tests.golden.products import ROOT, made, products

STORED = Path(__file__).resolve().parent / "digests"
VALUES, BYTES = STORED / "values.csv", STORED / "bytes.csv"
COLUMNS = {
    VALUES: ("product", "file", "page", "values", "digest"),
    BYTES: ("product", "file", "formulas", "digest"),
}
MOST_SHOWN = 40
"""Cells that are shown, unless all are asked for."""

Page = dict[str, dict[str, str]]
"""The values of a page by row and column."""
Digests = dict[tuple[str, ...], tuple[str, ...]]


def digest(said: object) -> str:
    """Return the first sixteen digits of the SHA-256 of something plain."""
    plainly = said if isinstance(said, bytes) else json.dumps(said, sort_keys=True).encode()
    return hashlib.sha256(plainly).hexdigest()[:16]


def plain(data: bytes) -> bytes:
    """Return bytes without the version of bcf_model."""
    return data.replace(f"bcf_model {__version__}".encode(), b"bcf_model")


# ------------------------------------------------------------------ values


def values(name: str, data: bytes) -> dict[str, Page]:
    """Return every value in a file, by its page, row and column."""
    ending = Path(name).suffix.strip(".")
    if ending == "xlsx":
        return workbook(data)[0]
    data = plain(data)
    if ending == "html":
        return _Web(data.decode()).pages
    if ending == "csv":
        heads, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
        return {"": {str(i): dict(zip(heads, row, strict=True)) for i, row in enumerate(rows, 2)}}
    if ending == "json":
        return {"": {path: {"": said} for path, said in _leaves(manifest(data))}}
    return {"": {str(i): {"": it} for i, it in enumerate(data.decode().splitlines(), 1)}}


def manifest(data: bytes) -> dict:
    """Return what a manifest says but for versions, and digests of what is digested here."""
    said = json.loads(data)
    said["versions"] = sorted(said["versions"])
    said["outputs"] = [it["file"] for it in said["outputs"]]
    return said


def _leaves(said: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(said, dict | list):
        for key, part in said.items() if isinstance(said, dict) else enumerate(said):
            if key != "sha256":  # of an input: no value of ours
                yield from _leaves(part, f"{path}/{key}")
    else:
        yield path, str(said)


@lru_cache(maxsize=2)
def workbook(data: bytes) -> tuple[dict[str, Page], dict[str, dict[str, str]]]:
    """Return the values of every sheet; and its formulas, with the names they use."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: plain(file.read(name)) for name in file.namelist()}
    strings, book = (
        ElementTree.fromstring(parts.get(name, b"<none/>"))
        for name in ("xl/sharedStrings.xml", "xl/workbook.xml")
    )
    texts = ["".join(it.itertext()) for it in strings]
    names = book.iterfind("{*}definedNames/{*}definedName")
    pages: dict[str, Page] = {}
    formulas = {"": {f"{it.get('name')} {it.get('localSheetId')}": it.text or "" for it in names}}
    for number, tab in enumerate(book.iterfind("{*}sheets/{*}sheet"), 1):
        page, printed = pages.setdefault(tab.get("name", ""), {}), dict[str, str]()
        sheet = ElementTree.fromstring(parts[f"xl/worksheets/sheet{number}.xml"])
        for cell in sheet.iterfind("{*}sheetData/{*}row/{*}c"):
            at, formula = cell.get("r", ""), cell.findtext("{*}f")
            letters = at.rstrip("0123456789")
            if value := _value(cell, texts):
                page.setdefault(at.removeprefix(letters), {})[letters] = value
            if formula is not None:
                printed[at] = formula
        formulas[tab.get("name", "")] = printed
    return pages, formulas


def _value(cell: ElementTree.Element, texts: list[str]) -> str:
    """Return what a cell shows: of a number the fifteen digits that a spreadsheet keeps."""
    kind, said = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "s":
        return texts[int(said)]
    return f"{float(said):.15g}" if kind == "n" and said else said


INLINE = {"a", "b", "i", "em", "strong", "small", "span", "tspan", "wbr", "code"}
PARTS = {"header", "nav", "section", "details", "aside", "footer"}


class _Web(HTMLParser):
    """Collects the texts of a web page: a row for each of a table, and for each other piece."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pages: dict[str, Page] = {}
        self._page, self._named, self._said = "top", True, ""
        self._rows: dict[str, int] = {}
        self._column, self._in_row, self._is_style = 0, False, False
        self.feed(text)
        self.close()
        self._keep()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in INLINE:
            return
        self._keep()
        self._is_style = tag == "style"
        if tag in PARTS:
            self._named = tag not in ("section", "details")
            self._page = {"aside": "derivations"}.get(tag, tag)
        if tag == "tr":
            self._in_row, self._column = True, 0
            self._next_row()
        self._column += tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            said = self._said.strip()
            if tag in ("h2", "h3") and not self._named:
                self._page, self._named = said, True
            self._keep()
            self._in_row = self._in_row and tag != "tr"
            self._is_style = False

    def handle_data(self, data: str) -> None:
        self._said += "" if self._is_style else data

    def _next_row(self) -> None:
        self._rows[self._page] = self._rows.get(self._page, 0) + 1

    def _keep(self) -> None:
        said, self._said = " ".join(self._said.split()), ""
        if not said:
            return
        if not self._in_row:
            self._next_row()
        row = self.pages.setdefault(self._page, {}).setdefault(str(self._rows[self._page]), {})
        column = f"column {self._column}" if self._in_row else ""
        row[column] = f"{row[column]} {said}" if column in row else said


# ------------------------------------------------------------------ digests


def of_values(product: str, files: Mapping[str, bytes]) -> Digests:
    """Return the digest of each page of a product's files, and how many values it has.

    Of what was made at random there is one for all.
    """
    found: dict[tuple[str, ...], Page] = {}
    for file, data in files.items():
        for page, rows in values(file, data).items():
            key = ("all", "") if products()[product].at_random else (file, page)
            whole = found.setdefault((product, *key), {})
            whole |= {f"{file}, {page}, {at}": cells for at, cells in rows.items()}
    return {key: (str(sum(map(len, it.values()))), digest(it)) for key, it in found.items()}


def of_bytes(product: str, files: Mapping[str, bytes]) -> Digests:
    """Return the digest of each file as it is, and of the formulas of a workbook."""
    found: dict[tuple[str, ...], tuple[list, list]] = {}
    for file, data in files.items():
        key = product, "all" if products()[product].at_random else file
        formulas, wholes = found.setdefault(key, ([], []))
        if file.endswith(".xlsx"):
            formulas.append(workbook(data)[1])
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                wholes += [(part, digest(plain(packed.read(part)))) for part in packed.namelist()]
        else:
            said = manifest(data) if file.endswith(".json") else digest(plain(data))
            wholes.append((file, said))
    return {
        key: (digest(formulas) if formulas else "", digest(wholes))
        for key, (formulas, wholes) in found.items()
    }


def stored(path: Path, text: str | None = None) -> Digests:
    """Return the digests as they are stored: at a path, or in a text that stood there."""
    text = path.read_text(encoding="utf-8") if text is None else text
    keys = len(COLUMNS[path]) - 2
    return {tuple(row[:keys]): tuple(row[keys:]) for row in list(csv.reader(text.splitlines()))[1:]}


def changed(product: str, files: Mapping[str, bytes]) -> list[str]:
    """Name what of a product is not as stored, page by page and file by file."""
    said = []
    for path, now in ((VALUES, of_values(product, files)), (BYTES, of_bytes(product, files))):
        before = {key: it for key, it in stored(path).items() if key[0] == product}
        for key in sorted({*before, *now}):
            if before.get(key) != now.get(key):
                what = "is new" if key not in before else "is gone" if key not in now else "changed"
                said.append(f"{path.stem} of {', '.join(filter(None, key))}: {what}")
    return said


def write(path: Path, found: Digests) -> None:
    """Write digests, a line for each, in the order of their names."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS[path], *(key + it for key, it in sorted(found.items()))])


# ------------------------------------------------------------------ make digests


def dump(chosen: Iterable[str], folder: Path) -> None:
    """Write every value of some products, as JSON: a file for each."""
    for product in products().keys() & {*chosen}:
        found = {file: values(file, data) for file, data in made(product).items()}
        name = product.replace("/", " ")
        (folder / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")


def git(*words: str) -> str:
    """Ask git about this repository."""
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True)
    return done.stdout.decode()


def dump_of(commit: str, chosen: Iterable[str], folder: Path) -> None:
    """Write every value of some products as a commit's own code makes them."""
    with tempfile.TemporaryDirectory() as place:
        tree = str(Path(place) / "tree")
        git("worktree", "add", "--detach", "--quiet", tree, commit)
        try:
            words = ["-m", "tests.golden.digests", "--dump", str(folder), *chosen]
            env = {**os.environ, "PYTHONPATH": tree}
            subprocess.run([sys.executable, *words], cwd=tree, check=True, env=env)
        finally:
            git("worktree", "remove", "--force", tree)


def told(old: Path, new: Path) -> Iterator[str]:
    """Tell every cell that differs between what was dumped in two folders."""
    for name in sorted({path.name for folder in (old, new) for path in folder.iterdir()}):
        was, is_ = (
            json.loads((folder / name).read_bytes()) if (folder / name).exists() else {}
            for folder in (old, new)
        )
        for file in dict.fromkeys((*was, *is_)):
            before, after = was.get(file, {}), is_.get(file, {})
            for page in dict.fromkeys((*before, *after)):
                where = ", ".join(
                    filter(None, (name.removesuffix(".json").replace(" ", "/"), file, page))
                )
                for said in differences(before.get(page, {}), after.get(page, {})):
                    yield f"{where}: {said}"


def differences(old: Page, new: Page) -> Iterator[str]:
    """Tell every cell of a page that differs; of rows that come, go or move as they are, so."""
    one, other = [*old.items()], [*new.items()]
    cells = [[[*row.items()] for _, row in side] for side in (one, other)]
    texts = [[json.dumps(row) for row in side] for side in cells]
    for tag, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag == "equal" and one[a][0] != other[c][0]:
            yield f"rows {one[a][0]} to {one[b - 1][0]} stand from row {other[c][0]} on"
        elif tag == "replace" and b - a == d - c:
            for (at, before), (_, after) in zip(one[a:b], other[c:d], strict=True):
                for column in dict.fromkeys((*before, *after)):
                    was, is_ = before.get(column, "blank"), after.get(column, "blank")
                    if was != is_:
                        label, name = next(iter(before.values())), column.removeprefix("column ")
                        yield f"row {at} ({label}), column {name}: {was} → {is_}"
        elif tag != "equal":
            yield from (f"row {at} is gone: {' | '.join(it.values())}" for at, it in one[a:b])
            yield from (f"row {at} is new: {' | '.join(it.values())}" for at, it in other[c:d])


def main() -> None:
    """Store the digests anew, unless they are only to be shown; tell every cell that changed."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--show", action="store_true", help="store nothing")
    words.add_argument("--all", action="store_true", help=f"show more than {MOST_SHOWN} cells")
    words.add_argument("--dump", type=Path, help="write all values of products into this folder")
    words.add_argument("products", nargs="*", help="those meant; all of them when none is named")
    asked = words.parse_args()
    chosen = asked.products or [*products()]
    if asked.dump:
        dump(chosen, asked.dump)
        return
    commit = git("log", "-1", "--format=%H", "--", str(STORED)).strip()
    moved = {}
    for path, found in digests_of(chosen).items():
        name = f"{commit}:{path.relative_to(ROOT).as_posix()}"
        committed = stored(path, git("show", name) if commit else "")
        before = {
            key: it for key, it in committed.items() if key[0] in chosen or not asked.products
        }
        keys = sorted(key for key in {*before, *found} if before.get(key) != found.get(key))
        moved[path] = keys if commit else []
        print(f"{path.name}: {len(keys)} of {len(found)} are not as committed last")
        if not asked.show:
            others = stored(path) if asked.products else {}
            write(path, {key: it for key, it in others.items() if key[0] not in chosen} | found)
    if not moved[VALUES]:
        tell(["No value changed.", *map(", ".join, moved[BYTES])], every=asked.all)
        return
    of = sorted({key[0] for key in moved[VALUES]})
    with tempfile.TemporaryDirectory() as old, tempfile.TemporaryDirectory() as new:
        dump_of(commit, of, Path(old))
        dump(of, Path(new))
        tell([*told(Path(old), Path(new))], every=asked.all)


def digests_of(chosen: Iterable[str]) -> dict[Path, Digests]:
    """Make products, one for each core at a time; return digests by where they are stored."""
    now: dict[Path, Digests] = {VALUES: {}, BYTES: {}}
    with ProcessPoolExecutor() as several:
        for of_product in several.map(_digests_of, chosen):
            for path, found in of_product.items():
                now[path] |= found
    return now


def _digests_of(product: str) -> dict[Path, Digests]:
    files = made(product)
    return {VALUES: of_values(product, files), BYTES: of_bytes(product, files)}


def tell(lines: list[str], *, every: bool) -> None:
    """Print lines: all of them, or the first and how many there are."""
    print("\n".join(lines if every else lines[:MOST_SHOWN]))
    if len(lines) > MOST_SHOWN and not every:
        print(f"… {len(lines)} lines in all: --all shows every one")


if __name__ == "__main__":
    main()
