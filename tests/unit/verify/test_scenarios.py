"""Reports of scenarios, and what compares them: made again, and whatever was touched is named."""

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given

from bcf_model.cli import cli
from bcf_model.intake.raw_table import address
from bcf_model.plan.load import check_scenario, load_scenario
from bcf_model.plan.projection import project
from bcf_model.plan.uncertainty import simulate
from bcf_model.plan.words import MOST_DRAWS
from bcf_model.publish.contents import MANIFEST, contents, versions_in_use
from bcf_model.publish.scenario.write import (
    COMPARISON_MANIFEST,
    Shown,
    comparison_document,
    document,
    to_show,
    write_scenarios,
)
from bcf_model.verify import rebuild as making
from bcf_model.verify import workbook_cells, workbook_parts
from bcf_model.verify.compare import Verification
from bcf_model.verify.file_differences import judge_files
from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import find_manifest
from bcf_model.verify.summary import summarise
from bcf_model.verify.verification import NoReport, verify
from tests.longer import slow, tries
from tests.make.places import PLAN
from tests.make.scenario_reports import project_once
from tests.make.verified import PICKS, changed, of_files, of_objects, once, repacked, said_of

pytestmark = slow  # each compares whole reports of scenarios

DRAWS, SEED = 40, 7
Reports = Mapping[str, Mapping[str, bytes]]
"""The files of each report by the folder it stands in, and of what compares them by none."""
AGAIN = {
    "check_scenario": once(check_scenario, of_files),
    "project": project_once,
    "simulate": once(simulate, of_objects),
    "to_show": once(to_show, of_objects),
    "document": once(document, of_objects),
    "comparison_document": once(comparison_document, of_objects),
}
"""What makes reports again, each doing the same work once."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a pool whose scenarios reach no target for growth: that takes long to calculate."""
    pool = shutil.copytree(PLAN, tmp_path_factory.mktemp("sound") / "plan")
    said = pool / "scenarios" / "start" / "scenario.toml"
    stated, _, target = said.read_text(encoding="utf-8").partition("[calibrate]")
    assert "\n[" not in target
    said.write_text(stated, encoding="utf-8")
    return pool


def calculated(pool: Path, name: str, draws: int = 0) -> Shown:
    made = project(*load_scenario(pool, name))
    return to_show(made, simulate(made, draws, SEED) if draws else None)


@pytest.fixture(scope="module")
def reports(sound: Path) -> Reports:
    """Make three reports, one of them drawn, and what compares two of them."""
    start, child = calculated(sound, "start"), calculated(sound, "child", DRAWS)
    return {
        "start": contents(document(start)),
        "child": contents(document(child)),
        "city": contents(document(calculated(sound, "city"))),
        "": contents(comparison_document([start, child])),
    }


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(autouse=True)
def made_again_once(reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the same made again once, not for each of a hundred tests.

    Not by what made the reports, which came before.
    """
    for name, work in AGAIN.items():
        monkeypatch.setattr(making, name, work)


@pytest.fixture
def pool(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that holds the pool."""
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(sound, tmp_path / "inputs" / "plan")


@pytest.fixture
def root(reports: Reports, pool: Path, tmp_path: Path) -> Path:
    """Give the folder of two scenarios, of which `child` builds on `start`, and is drawn."""
    for name in ("start", "child", ""):
        put(tmp_path / "outputs" / name, reports[name])
    return tmp_path / "outputs"


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, ["verify", *map(str, words)], env={"COLUMNS": "200"})


def differing(found: Verification) -> list[str]:
    return [it.file for it in found.files if it.verdict != "as it should be"]


def with_said(path: Path, **said: Any) -> None:
    """Have a manifest say something else; None takes it out."""
    manifest = json.loads(path.read_bytes()) | said
    kept = {name: value for name, value in manifest.items() if value is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")


# ------------------------------------------------------------------ untouched


def test_the_report_of_a_scenario_is_cleared(reports: Reports, root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    done = bcf(root / "child")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == f"Report: {root / 'child'}"
    assert re.fullmatch(r"Inputs: inputs/plan, \d+ files, none changed since", lines[1])
    assert [line.split(":")[0].strip() for line in lines[2:-1]] == list(reports["child"])
    assert lines[-1] == "The report is what these inputs and this version give."
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_several_are_cleared_with_what_compares_them(reports: Reports, root: Path) -> None:
    done = bcf(root)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == (
        "The reports are what these inputs and this version give."
    )
    said = [line.split(":")[0].strip() for line in done.stdout.splitlines()[2:-1]]
    assert said == [
        *(f"start/{name}" for name in reports["start"]),
        *(f"child/{name}" for name in reports["child"]),
        *reports[""],
    ]


def test_what_the_command_writes_is_cleared(pool: Path, tmp_path: Path) -> None:
    """Of two perimeters nothing is compared, and nothing is missed."""
    words = ["scenario", str(pool), "city", "start", "--draws", "30", "--seed", "0", "-o", "out"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    found = verify(tmp_path / "out")
    assert found.agrees and not found.notes
    assert {it.file.split("/")[0] for it in found.files} == {"city", "start"}
    assert not (tmp_path / "out" / COMPARISON_MANIFEST).exists()


@pytest.fixture(scope="module")
def drawn_alike(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have the command draw two scenarios alike."""
    folder = tmp_path_factory.mktemp("alike") / "drawn"
    words = ["start", "child", "--draws", "30", "--seed", "5", "-o", str(folder)]
    assert CliRunner().invoke(cli, ["scenario", str(sound), *words]).exit_code == 0
    return folder


@pytest.fixture
def drawn(drawn_alike: Path, pool: Path, tmp_path: Path) -> Path:
    """Give the folder of two scenarios that the command drew alike, beside their pool."""
    return shutil.copytree(drawn_alike, tmp_path / "drawn")


def test_a_comparison_of_draws_is_drawn_again_each_scenario_once(
    drawn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(projection: Any, draws: int, seed: int) -> Any:
        asked.append((projection.scenario.name, draws, seed))
        return simulate(projection, draws, seed)

    monkeypatch.setattr("bcf_model.verify.rebuild.simulate", counted)
    said = json.loads((drawn / COMPARISON_MANIFEST).read_bytes())
    assert (said["draws"], said["seed"]) == (30, 5)
    found = verify(drawn)
    assert found.agrees and not found.notes
    assert "comparison_percentiles.csv" in [it.file for it in found.files]
    assert sorted(asked) == [("child", 30, 5), ("start", 30, 5)]


def test_a_comparison_left_behind_by_other_draws_differs(drawn: Path, pool: Path) -> None:
    with_said(drawn / COMPARISON_MANIFEST, seed=6)
    wrong = differing(verify(drawn))
    assert "comparison_percentiles.csv" in wrong and "comparison.csv" not in wrong
    with_said(drawn / COMPARISON_MANIFEST, draws="many")
    found = verify(drawn)
    assert differing(found) == [COMPARISON_MANIFEST]
    assert "its 'draws' should be a whole number" in said_of(found, COMPARISON_MANIFEST)[1]


def test_a_manifest_says_how_often_it_was_drawn(reports: Reports) -> None:
    plain, drawn = (json.loads(reports[name][MANIFEST]) for name in ("start", "child"))
    assert (drawn["draws"], drawn["seed"]) == (DRAWS, SEED)
    assert not {"draws", "seed"} & plain.keys()


def test_a_comparison_lists_what_it_compares_and_its_files(reports: Reports) -> None:
    files = reports[""]
    said = json.loads(files[COMPARISON_MANIFEST])
    assert list(files)[-1] == COMPARISON_MANIFEST
    assert said["compared"] == ["start", "child"]
    assert [it["file"] for it in said["outputs"]] == [*files][:-1]
    own = {it["file"] for it in json.loads(reports["child"][MANIFEST])["inputs"]}
    assert {it["file"] for it in said["inputs"]} == own
    assert "scenarios/start/scenario.toml" in own


def test_scenarios_with_their_inputs_are_enough(pool: Path, tmp_path: Path) -> None:
    words = ["scenario", str(pool), "start", "child", "--with-inputs", "-o", "sent"]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    shutil.rmtree(pool)
    for folder in ("sent", "sent/start", "sent/child"):
        done = bcf(tmp_path / folder)
        assert done.exit_code == 0, done.output
        assert "what these inputs and this version give." in done.stdout
    inside = tmp_path / "sent" / "child" / "inputs" / "plan"
    assert sorted(it.name for it in (inside / "scenarios").iterdir()) == ["child", "start"]
    assert load_scenario(inside, "child")[1].chain == ("child", "start")


def test_draws_that_are_no_more_go_with_the_report_before(pool: Path, tmp_path: Path) -> None:
    drawn = write_scenarios([calculated(pool, "child", DRAWS)], tmp_path / "out")
    plain = write_scenarios([calculated(pool, "child")], tmp_path / "out")
    assert {*plain} < {*drawn}
    assert {p for p in (tmp_path / "out").rglob("*") if p.is_file()} == {*plain}


def test_a_pool_elsewhere_under_another_name(root: Path, pool: Path, tmp_path: Path) -> None:
    moved = pool.rename(tmp_path / "last-year")
    done = bcf(root)
    assert done.exit_code == 0
    assert "Not made again" in done.stdout and "start/report.xlsx: as listed" in done.stdout
    assert "comparison.xlsx: as listed" in done.stdout
    found = verify(root, moved)
    assert found.agrees
    assert 'child: the pool is called "plan" in run.json' in found.notes
    assert f'the pool is called "plan" in {COMPARISON_MANIFEST}' in found.notes


def test_another_library_of_the_same_content_is_a_note(root: Path, pool: Path) -> None:
    versions = {**versions_in_use(), "pandas": "9.9.9"}
    put(root / "start", contents(document(calculated(pool, "start"), versions)))
    found = verify(root / "start")
    assert found.agrees
    assert [note.split(",")[0] for note in found.notes] == ["made with pandas 9.9.9"]


# ------------------------------------------------------------------ whatever was touched


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
Touched = tuple[bytes, str]
"""A file with one thing changed, and how the sentence begins that names it."""


@cache
def parts_of(book: bytes) -> dict[str, bytes]:
    return workbook_parts.unpack(book)


def cell_touched(book: bytes, picks: Sequence[int], text: str) -> Touched:
    """Put a text in place of any cell of any sheet."""
    printed = "".join(it for it in text if it.isprintable())
    parts = parts_of(book)
    tabs = workbook_parts.tabs(parts)
    tab = tabs[picks[0] % len(tabs)]
    held, _ = workbook_cells.cells(parts, tab.part, workbook_cells.texts(parts))
    places = [(row, column) for row in held for column in held[row]]
    row, column = places[picks[1] % len(places)]
    where = address(row, column)
    start = rb'<c r="%s"' % where.encode()
    new = start + b' t="inlineStr"><is><t>%s!</t></is></c>' % escape(printed).encode()
    after, count = re.subn(start + rb"[^>]*>.*?</c>", lambda _: new, parts[tab.part], count=1)
    assert count == 1
    return repacked(book, {tab.part: lambda _: after}), rf"{re.escape(tab.name)}!{where}(:| \()"


def row_touched(table: bytes, picks: Sequence[int], text: str) -> Touched:
    rows = list(csv.reader(io.StringIO(table.decode())))
    row = picks[0] % len(rows)
    column = picks[1] % len(rows[row])
    heading = rows[0][column]
    assume(rows[row][column] != text)
    rows[row][column] = text
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    named = rf"row {row + 1}( \(.*\))?, column {heading}: holds "
    return stream.getvalue().encode(), named


def line_touched(page: bytes, picks: Sequence[int], text: str) -> Touched:
    lines = page.decode().split("\n")
    at = picks[0] % len(lines)
    assume(not re.search(r"[\n\r]", text) and text != lines[at])
    lines[at] = text
    return "\n".join(lines).encode(), rf"line {at + 1}[,:]"


def value_touched(manifest: bytes, picks: Sequence[int], text: str) -> Touched:
    """Put a text in place of any value a manifest states, not of what it was made with."""
    said = json.loads(manifest)
    names = [name for name in said if name not in ("inputs", "outputs", "versions", "pool")]
    name = names[picks[0] % len(names)]
    assume(said[name] != text)
    said[name] = text
    return json.dumps(said).encode(), re.escape(name)


@tries(60, 600)
@given(st.integers(0, 10**6), PICKS, TEXTS)
def test_any_changed_cell_of_any_file_is_named(
    reports: Reports,
    tmp_path_factory: pytest.TempPathFactory,
    pick: int,
    picks: tuple[int, int, int],
    text: str,
) -> None:
    """Of a report that was drawn, of one of the city's system, and of a comparison."""
    every = [(of, name) for of in ("child", "city", "") for name in reports[of]]
    # A workbook holds as much as all the tables: it is picked as often as they are.
    every += [(of, name) for of, name in every if name.endswith(".xlsx")] * 5
    of, name = every[pick % len(every)]
    good = reports[of]
    touch = {"xlsx": cell_touched, "csv": row_touched, "html": line_touched, "json": value_touched}
    data, named = touch[name.rpartition(".")[2]](good[name], picks, text)
    folder = put(tmp_path_factory.mktemp("touched"), good | {name: data})
    manifest = COMPARISON_MANIFEST if not of else MANIFEST
    stands = Folder(folder)
    found = judge_files(stands, good, find_manifest(stands, manifest))
    assert [it.file for it in found] == list(good)
    assert [it.file for it in found if it.verdict != "as it should be"] == [name]
    (it,) = (it for it in found if it.file == name)
    assert it.verdict == "differs"
    since = () if name == manifest else (f"it is changed since {manifest} was written",)
    assert it.said[: len(since)] == since
    assert re.match(named, it.said[len(since)]), (named, it.said)
    shutil.rmtree(folder)


def test_a_cell_of_several_is_named_with_its_folder(reports: Reports, root: Path) -> None:
    changed(root / "child" / "tables" / "walk.csv", ",demand,", ",weather,")
    changed(root / "comparison.csv", "closing", "opening")
    found = verify(root)
    assert differing(found) == ["child/tables/walk.csv", "comparison.csv"]
    verdict, since, cell = said_of(found, "child/tables/walk.csv")
    assert (verdict, since) == ("differs", "it is changed since run.json was written")
    assert re.fullmatch(
        r'row \d+ \(child / \S+ / \S+ .*\), column step: holds "weather", should hold "demand"',
        cell,
    )
    said = said_of(found, "comparison.csv")
    assert said[1] == f"it is changed since {COMPARISON_MANIFEST} was written"
    assert said[2].endswith('column measure: holds "opening", should hold "closing"')
    many = sum(map(len, (reports[name] for name in ("start", "child", ""))))
    answer = "The reports are NOT what these inputs and this version give"
    assert summarise(found).splitlines()[-1] == f"{answer}: 2 of {many} files differ."


def test_missing_and_extra_files(root: Path) -> None:
    (root / "start" / "tables" / "gap.csv").unlink()
    (root / "comparison.html").unlink()
    (root / "start" / "tables" / "more.csv").write_text("x", encoding="utf-8")
    (root / "notes.txt").write_text("x", encoding="utf-8")
    found = verify(root)
    assert differing(found) == ["start/tables/gap.csv", "comparison.html"]
    assert said_of(found, "comparison.html") == ["missing"]
    assert found.notes == (
        "start: tables/more.csv is no part of the report, and was not looked at",
        "notes.txt is no part of the report, and was not looked at",
    )


def test_draws_that_were_not_these_are_found_out(root: Path) -> None:
    with_said(root / "child" / MANIFEST, draws=DRAWS + 1)
    found = verify(root / "child")
    assert not found.agrees
    assert "tables/percentiles.csv" in differing(found)
    assert "tables/walk.csv" not in differing(found)
    with_said(root / "child" / MANIFEST, draws=None, seed=None)
    found = verify(root / "child")
    assert differing(found) == ["report.xlsx", "report.html", MANIFEST]
    assert "tables/percentiles.csv is no part of the report, and was not looked at" in found.notes


# ------------------------------------------------------------------ inputs


def test_changed_assumptions_of_a_base_are_named(reports: Reports, root: Path, pool: Path) -> None:
    said = pool / "scenarios" / "start" / "scenario.toml"
    said.write_text(said.read_text(encoding="utf-8") + "# once more\n", encoding="utf-8")
    rows = pool / "scenarios" / "child" / "assumptions.csv"
    rows.write_bytes(rows.read_bytes().replace(b"\n", b"\r\n"))
    found = verify(root)
    listed = {it["file"]: it["sha256"] for it in json.loads(reports["child"][MANIFEST])["inputs"]}
    assert [it.split(": ")[0] for it in found.changed] == [
        "scenarios/start/scenario.toml has changed since",
        "scenarios/child/assumptions.csv has changed since",
    ]
    for sentence, name in zip(found.changed, ("start/scenario.toml", "child/assumptions.csv"),
                              strict=True):  # fmt: skip
        assert f"and was {listed[f'scenarios/{name}']} when the report was made" in sentence
    # No amount is another: only manifests, and the pages that list the inputs, are.
    assert not any(name.endswith(".csv") for name in differing(found))
    assert not found.agrees


def test_changed_assumptions_give_another_comparison(root: Path, pool: Path) -> None:
    (pool / "scenarios" / "child" / "savings.csv").unlink()
    found = verify(root)
    assert found.changed == (
        "scenarios/child/savings.csv is missing: the report was made from it too",
    )
    wrong = differing(found)
    assert {"child/tables/walk.csv", "comparison.csv", "comparison.xlsx"} <= {*wrong}
    assert not any(name.startswith("start/") for name in wrong)
    assert said_of(found, "comparison.csv")[1] == f"it is as {COMPARISON_MANIFEST} lists it"


def test_inputs_with_errors_leave_with_3(root: Path, pool: Path) -> None:
    rows = pool / "scenarios" / "child" / "assumptions.csv"
    rows.write_text("nothing\n1\n", encoding="utf-8")
    done = bcf(root / "child")
    assert done.exit_code == 3
    assert "Input scenarios/child/assumptions.csv has changed since" in done.stdout
    assert "is missing" not in done.stdout
    assert "The report cannot be made again." in done.stderr
    done = bcf(root)
    assert done.exit_code == 3
    assert "start/report.xlsx: as it should be" in done.stdout
    assert "child/report.xlsx" not in done.stdout
    assert done.stdout.splitlines()[-1] == "The inputs have errors."
    assert "Not every report can be made again." in done.stderr


def test_a_scenario_that_is_no_more_leaves_with_3(root: Path, pool: Path) -> None:
    shutil.rmtree(pool / "scenarios" / "child")
    done = bcf(root / "child")
    assert done.exit_code == 3
    assert "Input scenarios/child/scenario.toml is missing" in done.stdout
    assert "BCF701" in done.stderr


# ------------------------------------------------------------------ manifests by anyone


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"scenario": "../start"}, "its 'scenario' should be the plain name of one"),
        ({"scenario": "/etc"}, "its 'scenario' should be the plain name of one"),
        ({"scenario": ".."}, "its 'scenario' should be the plain name of one"),
        ({"scenario": "a\x1b[2J"}, "its 'scenario' should be the plain name of one"),
        ({"scenario": ["start"]}, "its 'scenario' should be the plain name of one"),
        ({"draws": MOST_DRAWS + 1}, "its 'draws' should be a whole number from 1 to 10,000,000"),
        ({"draws": 0}, "its 'draws' should be a whole number from 1 to 10,000,000"),
        ({"draws": True}, "its 'draws' should be a whole number from 1 to 10,000,000"),
        ({"draws": 40.0}, "its 'draws' should be a whole number from 1 to 10,000,000"),
        ({"draws": "40"}, "its 'draws' should be a whole number from 1 to 10,000,000"),
        ({"draws": None}, "its 'draws' should be a whole number from 1 to 10,000,000"),
        ({"seed": -1}, "its 'seed' should be a whole number from 0"),
        ({"seed": None}, "its 'seed' should be a whole number from 0"),
    ],
)
def test_a_manifest_by_anyone_is_a_sentence(root: Path, said: dict[str, Any], problem: str) -> None:
    with_said(root / "child" / MANIFEST, **said)
    done = bcf(root / "child")
    assert done.exit_code == 5, done.output
    assert f"{MANIFEST}: differs\n    {problem}." in done.stdout
    assert "nothing else was compared" in done.stdout
    assert "\x1b" not in done.output


def test_a_scenario_of_no_name_is_a_sentence_in_its_folder_too(root: Path) -> None:
    shutil.rmtree(root / "start")
    for file in root.glob("comparison.*"):
        file.unlink()
    with_said(root / "child" / MANIFEST, scenario=[["child"]])
    done = bcf(root)
    assert done.exit_code == 5, done.output
    assert "child/run.json: differs\n    its 'scenario' should be the plain name" in done.stdout


@pytest.mark.parametrize("name", ["../plan", "/etc", "..", "a\x1bb"])
def test_a_manifest_cannot_choose_where_is_looked(root: Path, name: str) -> None:
    for of, file in (("start", MANIFEST), ("", COMPARISON_MANIFEST)):
        with_said(root / of / file, pool=name)
    for folder, where in ((root / "start", ""), (root, "start: ")):
        done = bcf(folder)
        assert done.exit_code == 2, done.output
        assert "\x1b" not in done.output
        assert f"{where}{MANIFEST} names " in " ".join(done.output.split())
        assert "no plain name, as its pool: give it with --pool" in " ".join(done.output.split())
    for name_of in ("start", "child"):
        shutil.rmtree(root / name_of)
    assert f"{COMPARISON_MANIFEST} names " in " ".join(bcf(root).output.split())


def test_half_a_character_is_no_name_of_a_pool(root: Path, pool: Path) -> None:
    with_said(root / "child" / MANIFEST, pool="a\ud800")
    done = bcf(root / "child", "--pool", pool)
    assert done.exit_code == 5
    assert "it cannot be read: it names its pool by half a character" in done.stdout


@pytest.mark.parametrize(
    "compared",
    [None, [], ["start"], ["start", "start"], "start", ["start", "../child"], ["start", 1],
     ["start", "\x1b[2J"], {"start": 1, "child": 2}],
)  # fmt: skip
def test_a_comparison_of_nothing_is_a_sentence(root: Path, compared: Any) -> None:
    for name in ("start", "child"):
        shutil.rmtree(root / name)
    with_said(root / COMPARISON_MANIFEST, compared=compared)
    done = bcf(root)
    assert done.exit_code == 5, done.output
    assert f"{COMPARISON_MANIFEST}: differs" in done.stdout
    assert "should list the plain names of several scenarios, each once" in done.stdout
    assert "\x1b" not in done.output


def test_two_perimeters_are_not_compared_whatever_a_manifest_says(
    reports: Reports, root: Path
) -> None:
    put(root / "city", reports["city"])
    with_said(root / COMPARISON_MANIFEST, compared=["start", "city"])
    found = verify(root)
    assert differing(found) == [COMPARISON_MANIFEST]
    assert "two perimeters" in said_of(found, COMPARISON_MANIFEST)[1]


def test_the_first_is_the_one_compared_with(reports: Reports, root: Path) -> None:
    with_said(root / COMPARISON_MANIFEST, compared=["child", "start"])
    found = verify(root)
    every = [*reports[""]]
    # Neither has prevention, and they are not drawn alike: those tables have no rows to turn round.
    assert differing(found) == [*every[:3], every[-1]]


def test_scenarios_that_are_not_in_the_pool_are_asked_for_once(root: Path) -> None:
    """A long list costs no more than its first name that is unknown."""
    for name in ("start", "child"):
        shutil.rmtree(root / name)
    with_said(root / COMPARISON_MANIFEST, compared=[f"made-up-{n}" for n in range(1000)])
    done = bcf(root)
    assert done.exit_code == 3
    assert done.stderr.count("BCF701") == 1
    assert "made-up-999/run.json: missing" in done.stdout


# ------------------------------------------------------------------ folders


def test_a_report_in_the_folder_of_another_is_told(root: Path) -> None:
    (root / "start").rename(root / "kept")
    (root / "child").rename(root / "start")
    (root / "kept").rename(root / "child")
    found = verify(root)
    wrong = differing(found)
    assert wrong == ["start/run.json", "child/run.json"]
    assert said_of(found, "start/run.json") == [
        "differs", 'it is of another scenario than the folder: "child"',
    ]  # fmt: skip


def test_a_report_that_was_compared_and_is_not_there(root: Path) -> None:
    shutil.rmtree(root / "child")
    found = verify(root)
    assert differing(found) == ["child/run.json"]
    assert said_of(found, "child/run.json") == ["missing"]
    assert said_of(found, "comparison.xlsx") == ["as it should be"]


def test_a_comparison_without_its_manifest(root: Path) -> None:
    (root / COMPARISON_MANIFEST).unlink()
    found = verify(root)
    assert differing(found) == [COMPARISON_MANIFEST]
    assert any("which scenarios comparison.xlsx compares, only" in note for note in found.notes)
    for file in root.glob("comparison*"):
        file.unlink()
    assert verify(root).agrees


def test_no_manifest_and_a_damaged_one(root: Path, pool: Path) -> None:
    data = (root / "child" / MANIFEST).read_bytes()
    (root / "child" / MANIFEST).write_bytes(data[:100])
    for more in ((), ("--pool", pool)):
        done = bcf(root / "child", *more)
        assert done.exit_code == 5
        assert "which scenario it was, only run.json says" in done.stdout
    (root / "child" / MANIFEST).unlink()
    for given_pool in (None, pool):
        with pytest.raises(NoReport, match="which says of which scenario it is"):
            verify(root / "child", given_pool)
    assert bcf(root / "child").exit_code == 2
    assert differing(verify(root)) == ["child/run.json"]


def test_the_help_names_every_way_to_leave() -> None:
    words = " ".join(CliRunner().invoke(cli, ["verify", "--help"]).stdout.split())
    assert "Leaves with 0 when" in words and "with 5 when it is not" in words
    assert "with 3 when the inputs now have errors" in words
    assert "with 2 when there is no report, or no pool where --pool says" in words
