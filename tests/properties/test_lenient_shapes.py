"""However people write the files of a pool, it is the same pool; what is in doubt is refused."""

import csv
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from click.testing import CliRunner
from hypothesis import given

from bcf_model.cli import cli
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.pool import check_pool, load
from bcf_model.publish.contents import table_csv
from bcf_model.publish.write import document
from bcf_model.year.pipeline import run
from tests.longer import slow, tries
from tests.make.places import SOUND
from tests.make.workbooks import workbook

Rows = list[list[str]]
ONCE = {"pool.toml", "run.json"}
SETTINGS = (
    'title = "Anytown"\nboard = "Board"\nfinancial_year = "{year}"\nunit = "{unit}"\n'
    'as_at = "{date}"\nsource = "Invented"\nstatus = "Invented"\nbasis = "{basis}"\n'
)
PLAIN = {"year": "2018-19", "unit": "pounds", "date": "2019-03-31", "basis": "outturn"}
DATES = {
    "2018-04-01": ["1 April 2018", "01-Apr-18", "1st April 2018", "2018/04/01"],
    "2019-03-31": ["31/03/2019", "31.3.2019", "31 March 2019", "31-Mar-19"],
}
NAMES = {
    "theme": {"1": "Staying well at home", "2": "Leaving hospital"},
    "organisation": {
        "ICB": "Anytown Integrated Care Board", "Council": "Anytown Borough Council",
    },
    "category": {"A": "Solely managed", "B": "Jointly managed", "C": "Capital grants"},
}  # fmt: skip
NAMES["bearer"] = NAMES["organisation"]
OF_THEIR_OWN = {"themes": "theme", "organisations": "organisation", "categories": "category"}
AMOUNTS = {"budget", "expenditure"}


def plain_pool() -> dict[str, Rows]:
    """Return the tables of the sound pool, its rules in force for the whole year."""
    tables = {}
    for path in sorted(SOUND.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = [*csv.reader(file)]
    rules = tables["rules"]
    for row, dates in zip(
        rules, [("in_force_from", "in_force_to")] + [(*DATES,)] * 9, strict=False
    ):
        row.extend(dates)
    return tables


def written(rows: Rows, separator: str = ",", encoding: str = "utf-8", end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def put(folder: Path, tables: Mapping[str, bytes], settings: bytes) -> Path:
    folder.mkdir()
    for name, data in {**tables, "pool.toml": settings}.items():
        (folder / name).write_bytes(data)
    return folder


@st.composite
def cells(draw: st.DrawFn, table: str, rows: Rows) -> Rows:
    """Draw how the cells of a table are written."""
    heads, *body = rows
    written_so = []
    for row in body:
        said = dict(zip(heads, row, strict=True))
        for name, text in said.items():
            other = [text]
            if name in NAMES and OF_THEIR_OWN.get(table) != name and text in NAMES[name]:
                full = NAMES[name][text]
                other += [full, full.upper(), f" {full.lower()} ", text.lower()]
            elif text in DATES:
                other += DATES[text]
            elif name in AMOUNTS and text.endswith(tuple("0123456789")) and "." in text:
                other += [f"{text}00", f"+{text}" if "£" not in text else f"£+{text[1:]}"]
            elif name == "kind":
                other += [text.upper(), f"{text} "]
            said[name] = draw(st.sampled_from(other))
        written_so.append([*said.values()])
    return [heads, *written_so]


@st.composite
def shapes(draw: st.DrawFn, rows: Rows) -> Rows:
    """Draw where the cells of a table stand: titles, blank rows and columns, short rows."""
    order = draw(st.permutations(range(len(rows[0]))))
    heads, *body = ([row[i] for i in order] for row in rows)
    spelt = st.sampled_from([str, str.upper, str.title, lambda it: it.replace("_", " "),
                             lambda it: f" {it.replace('_', '-').title()} "])  # fmt: skip
    heads = [draw(spelt)(it) for it in heads]
    if draw(st.booleans()):
        while all(row and not row[-1].strip() for row in body[1:]) and not body[0][-1].strip():
            body = [row[:-1] for row in body]
    tail = [""] * draw(st.sampled_from([0, 0, 1, 210]))
    table = [[*heads, *tail], *([*row, *tail] for row in body)]
    for _ in range(draw(st.integers(0, 2))):
        table.insert(draw(st.integers(1, len(table))), [""] * draw(st.integers(0, 3)))
    titles = draw(st.lists(st.sampled_from(["Anytown pool", "For the board, May", ""]), max_size=3))
    return [*([it] for it in titles), *table]


@st.composite
def files(draw: st.DrawFn) -> tuple[dict[str, bytes], bytes]:
    """Draw the files of the pool, and its settings."""
    tables = {}
    for name, rows in plain_pool().items():
        shaped = draw(shapes(draw(cells(name, rows))))
        separator = draw(st.sampled_from(",;\t|"))
        ways = ["utf-8", "utf-8-sig", "utf-16"] + (["cp1252"] if name == "schemes" else [])
        data = written(shaped, separator, draw(st.sampled_from(ways)))
        stated = draw(st.booleans()) and data[:1].isascii()
        data = f"sep={separator}\n".encode() + data if stated and b"\0" not in data else data
        called = draw(st.sampled_from([f"{name}.csv", f"{name.title()}.CSV", f"{name} .csv"]))
        tables[called] = data
    said = {
        "year": draw(st.sampled_from(["2018-19", "2018/19", "2018-2019", "2018 / 2019"])),
        "unit": draw(st.sampled_from(["pounds", "£", "Pounds"])),
        "date": draw(st.sampled_from(["2019-03-31", *DATES["2019-03-31"]])),
        "basis": draw(st.sampled_from(["outturn", "Outturn"])),
    }
    return tables, SETTINGS.format(**said).encode()


def results(pool: Path) -> tuple[dict[str, bytes], Any]:
    inputs = load(pool)
    tables = document(run(inputs)).tables
    return {
        name: table_csv(*it) for name, it in tables.items() if name != "tables/findings"
    }, inputs


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = {f"{name}.csv": written(rows) for name, rows in plain_pool().items()}
    folder = tmp_path_factory.mktemp("plain") / "pool"
    return put(folder, tables, SETTINGS.format(**PLAIN).encode())


@tries(25, 400)
@given(lenient=files())
def test_the_same_pool_however_it_is_written(
    plain: Path, lenient: tuple[dict[str, bytes], bytes]
) -> None:
    expected, inputs = results(plain)
    assert inputs.findings == ()
    with tempfile.TemporaryDirectory() as scratch:
        pool = put(Path(scratch) / "pool", *lenient)
        found, read = results(pool)
        assert found == expected
        for table in INPUT_TABLES:
            assert getattr(read, table.name).equals(getattr(inputs, table.name)), table.name
        mild = {it.code for it in read.findings if it.severity != "note"}
        assert mild <= {"BCF006"}, "Windows-1252 is a warning, as it always was"
        given_twice = [(it.code, it.file, it.column) for it in read.findings]
        assert len(given_twice) == len({*given_twice}), "each leniency is told once"


@slow
@tries(2, 20)
@given(lenient=files())
def test_the_same_report_however_it_is_written(
    plain: Path, lenient: tuple[dict[str, bytes], bytes]
) -> None:
    def pages(pool: Path) -> list[Any]:
        report = document(run(load(pool)))
        apart = {"Findings", "Assurance", "Inputs"}
        return [it for it in report.pages if it.name not in apart]

    with tempfile.TemporaryDirectory() as scratch:
        pool = put(Path(scratch) / "pool", *lenient)
        assert repr(pages(pool)) == repr(pages(plain))


@slow
@tries(3, 30)
@given(lenient=files())
def test_converted_it_is_the_plain_pool(
    plain: Path, lenient: tuple[dict[str, bytes], bytes]
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        pool = put(Path(scratch) / "pool", *lenient)
        folder = Path(scratch) / "folder"
        for path, to in (
            (pool, Path(scratch) / "book.xlsx"),
            (Path(scratch) / "book.xlsx", folder),
        ):
            done = CliRunner().invoke(cli, ["convert", str(path), str(to)])
            assert done.exit_code == 0, done.output
        assert check_pool(folder)[1] == []
        assert results(folder)[0] == results(plain)[0]


# ------------------------------------------------------------------ in a workbook


@slow
def test_the_same_of_a_workbook(tmp_path: Path, plain: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        name: [["Anytown"], [], *rows] for name, rows in plain_pool().items()
    }
    sheets["Schemes "] = sheets.pop("schemes")
    sheets["Cover note"] = [["For the board"]]
    said = {"financial year": "2018/19", "Unit": "£", "as_at": "31 March 2019", "basis": "outturn"}
    said |= dict.fromkeys(("title", "board", "source", "status"), "Anytown")
    sheets["POOL"] = [["The pool"], ["Setting", "Value"], *([k, v] for k, v in said.items())]
    book = workbook(tmp_path / "pool.xlsx", sheets)
    found, inputs = results(book)
    assert found == results(plain)[0]
    codes = {it.code for it in inputs.findings}
    assert codes == {"BCF019", "BCF031", "BCF033"}
    assert all(it.severity == "note" for it in inputs.findings)


# ------------------------------------------------------------------ hostile brothers


def spoiled(change: Callable[[Rows], Any], name: str = "schemes") -> Mapping[str, bytes]:
    tables = plain_pool()
    change(tables[name])
    return {f"{it}.csv": written(rows) for it, rows in tables.items()}


def with_semicolons(*amounts: str) -> Mapping[str, bytes]:
    """Return the pool with semicolons, these the budgets of its lines, and round expenditure."""
    tables = plain_pool()
    for row, amount in zip(tables["schemes"][1:], [*amounts, *["5"] * 9], strict=False):
        row[7], row[8] = amount, "5"
    files = {f"{it}.csv": written(rows) for it, rows in tables.items()}
    return {**files, "schemes.csv": written(tables["schemes"], ";")}


HEADS = plain_pool()["schemes"][0]
ROW = plain_pool()["schemes"][1]
HOSTILE: dict[str, tuple[Mapping[str, bytes], str, str]] = {
    "the headings again below": (spoiled(lambda it: it.insert(4, [*HEADS])), "BCF030", "row 5"),
    "the headings again, far below": (
        spoiled(lambda it: it.extend([*([f"N{n}", *ROW[1:]] for n in range(200)), [*HEADS]])),
        "BCF030", "row 209",
    ),
    "two rows of headings": (
        spoiled(lambda it: it.insert(0, ["Theme", "Organisation", "Budget"])), "BCF030", "row 1",
    ),
    "none, and one that is near": (
        spoiled(lambda it: [it.insert(0, ["Pool"]), it[1].__setitem__(0, "code")]),
        "BCF030", "the nearest is row 2, without scheme_id",
    ),
    "lines above the headings": (spoiled(lambda it: it.insert(0, it.pop(2))), "BCF030", "row 1"),
    "headings in the last row": (
        spoiled(lambda it: it.append(it.pop(0)), "themes"), "BCF030", "row 1 above it",
    ),
    "headings alone": (spoiled(lambda it: it.__delitem__(slice(1, None))), "BCF012", ""),
    "UTF-16 without its mark": (
        {**spoiled(len), "schemes.csv": written(plain_pool()["schemes"], ",", "utf-16-le")},
        "BCF005", "UTF-16 without the mark",
    ),
    "NUL bytes": (
        {**spoiled(len), "schemes.csv": written(plain_pool()["schemes"]) + b"S9\0,1\n"},
        "BCF005", "binary",
    ),
    "UTF-16 cut off": (
        {**spoiled(len), "schemes.csv": written(plain_pool()["schemes"], ",", "utf-16")[:-1]},
        "BCF005", "cut off",
    ),
    "a comma before the pence": (with_semicolons("1.234,56", "2,5"), "BCF202", "a point before"),
    "thousands or thousandths": (with_semicolons("1,234"), "BCF016", "1234 or 1.234"),
    "a point before three digits": (with_semicolons("1.234"), "BCF016", "1234 or 1.234"),
    "a point before three noughts": (
        spoiled(lambda it: it[1].__setitem__(7, "412.000")), "BCF203", "",
    ),
    "an unquoted comma": (
        spoiled(lambda it: it.__setitem__(3, [*it[3][:7], "30", "000.01", *it[3][8:]])),
        "BCF011", "",
    ),
    "a row cut off": (spoiled(lambda it: it.__setitem__(3, it[3][:8])), "BCF011", "8 cells"),
    "headings alike": (spoiled(lambda it: it[0].__setitem__(-1, "Scheme ID")), "BCF010", ""),
    "a slip of a heading": (spoiled(lambda it: it[0].__setitem__(-1, "poolings")), "BCF009", "?"),
    "amounts under no name of theirs": (
        spoiled(lambda it: it[0].__setitem__(8, "spent")), "BCF009", "expenditure",
    ),
    "a name of two codes": (
        {**spoiled(lambda it: it[1].__setitem__(1, "Home")),
         "themes.csv": b"theme,name\n1,Home\n2,home\n"}, "BCF032", "1, 2",
    ),
    "a name that is another's code": (
        {**spoiled(len), "themes.csv": b"theme,name\n1,2\n2,Leaving\n"}, "BCF032", "1, 2",
    ),
    "a day or a month": (
        spoiled(lambda it: [row.__setitem__(-2, "03/04/2018") for row in it[1:]], "rules"),
        "BCF219", "2018-04-03 or 2018-03-04",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_in_doubt_is_refused(kind: str, tmp_path: Path) -> None:
    tables, code, said = HOSTILE[kind]
    pool = put(tmp_path / "pool", tables, SETTINGS.format(**PLAIN).encode())
    inputs, findings = check_pool(pool)
    assert inputs is None
    told = [it for it in findings if it.code == code and it.severity == "error"]
    assert told, [it.sentence for it in findings]
    assert said in told[0].sentence, told[0].sentence


def test_a_day_above_twelve_shows_the_order(tmp_path: Path) -> None:
    def change(rules: Rows) -> None:
        for row in rules[1:]:
            row[-2:] = ["01/04/2018", "31/03/2019"]

    pool = put(tmp_path / "pool", spoiled(change, "rules"), SETTINGS.format(**PLAIN).encode())
    rules = load(pool).rules
    assert {*rules["in_force_from"]} == {"2018-04-01"}


@pytest.mark.parametrize("twin", ["Schemes.csv", "POOL.TOML", "schemes .csv"])
def test_two_files_of_one_name_are_never_chosen_between(twin: str, tmp_path: Path) -> None:
    pool = put(tmp_path / "pool", spoiled(len), SETTINGS.format(**PLAIN).encode())
    (pool / twin).write_bytes(b"")
    inputs, findings = check_pool(pool)
    assert inputs is None
    assert next(it.code for it in findings if it.severity == "error") == "BCF025"


@slow
@pytest.mark.parametrize("line", [b"a" * 50_000_000, b"," * 50_000_000, b'"' + b"a\n" * 25_000_000])
def test_a_line_of_fifty_megabytes_is_refused(line: bytes, tmp_path: Path) -> None:
    pool = put(tmp_path / "pool", {**spoiled(len), "themes.csv": line}, b"")
    _, findings = check_pool(pool)
    assert {it.code for it in findings if it.file == "themes.csv"} <= {"BCF003", "BCF007", "BCF014"}
