"""What stands in the folder of a report, what it says of itself, and what it was made from."""

import csv
import hashlib
import io
import json
import os
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import bcf_model
from bcf_model import cli
from bcf_model.publish import contents, excel, write
from bcf_model.publish.contents import versions_in_use
from bcf_model.verify.summary import MOST_SAID, summarise
from bcf_model.verify.verification import NoPool, NoReport, verify
from tests.longer import LONG, longer, slow
from tests.make.verified import (
    SELFTEST,
    UNKNOWN,
    Change,
    bcf,
    changed,
    others_agree,
    repacked,
    said_of,
)

# ------------------------------------------------------------------ run.json


@slow
def test_a_changed_value_of_the_manifest_is_named(report: Path) -> None:
    path = report / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    right = manifest["control_totals"]["computed_pounds"]["budget"]
    manifest["control_totals"]["computed_pounds"]["budget"] = "1.00"
    manifest["checks_held"] = True
    manifest["approved_by"] = "the auditor"
    del manifest["warnings"]
    path.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    found = verify(report)
    held = len(bcf_model.run(bcf_model.load(SELFTEST)).checks)
    assert said_of(found, "run.json") == [
        "differs",
        f'control_totals, computed_pounds, budget: holds "1.00", should hold "{right}"',
        f'checks_held: holds "true", should hold "{held}"',
        "warnings: is missing",
        "approved_by: should not be there",
    ]
    assert others_agree(found, "run.json")


def test_a_forged_hash_does_not_help(report: Path) -> None:
    """Whoever changes a table and run.json with it is found out: all of it is made again."""
    table = report / "tables" / "variance_total.csv"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    changed(table, "variance", "Variance")
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    changed(report / "run.json", before, after)
    found = verify(report)
    assert said_of(found, "tables/variance_total.csv")[:2] == [
        "differs", "it is as run.json lists it",
    ]  # fmt: skip
    assert said_of(found, "run.json") == [
        "differs",
        f'outputs, tables/variance_total.csv, sha256: holds "{after}", should hold "{before}"',
    ]


HOSTILE = {
    "cut short": b'{"pool": "selftest", "versions": {',
    "empty": b"",
    "a list": b"[1, 2]",
    "text": b'"pool"',
    "no pool": b"{}",
    "nested": b"[" * 200_000,
    "nested objects": b'{"a":' * 200_000,
    "a number without end": b'{"pool": ' + b"9" * 5000 + b"}",
    "said twice": b'{"pool": "a", "pool": "b"}',
    "no UTF-8": b'{"pool": "\xff"}',
    "binary": bytes(range(256)),
    "versions": b'{"pool": "a", "versions": [1]}',
    "a version that steers": b'{"pool": "a", "versions": {"python": "\\u001b[2J"}}',
    "inputs": b'{"pool": "a", "versions": {}, "inputs": "all"}',
    "an input": b'{"pool": "a", "versions": {}, "inputs": [["x"]]}',
    "a hash": b'{"pool": "a", "versions": {}, "inputs": [{"file": "x", "sha256": "12"}]}',
    "names within names": b'{"pool": "a", "' + b"x" * 10**6 + b'": {"a": {"b": 1}}}',
    "too large": b" " * (9 * 2**20),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_manifest_is_a_sentence(report: Path, data: bytes) -> None:
    (report / "run.json").write_bytes(data)
    done = bcf(report)
    assert done.exit_code == 5, done.output
    assert "run.json: differs" in done.stdout
    assert "nothing else was compared" in done.stdout
    assert "\x1b" not in done.output


FEW = HOSTILE if LONG else ["cut short", "no UTF-8", "an input"]


@slow(first=1)
@longer
@pytest.mark.parametrize("name", FEW)
def test_with_the_pool_the_rest_is_compared(report: Path, pool: Path, name: str) -> None:
    (report / "run.json").write_bytes(HOSTILE[name])
    done = bcf(report, "--pool", pool)
    assert done.exit_code == 5
    assert "report.xlsx: as it should be" in done.stdout
    assert "none changed since" not in done.stdout
    assert UNKNOWN in done.stdout


@pytest.mark.parametrize(
    "name", ["../selftest", "/etc", "..", ".", "", "a\\u0000b", "a\\nb", "C:\\\\x"]
)
def test_a_manifest_cannot_choose_where_is_looked(report: Path, name: str) -> None:
    changed(report / "run.json", '"pool": "selftest"', f'"pool": "{name}"')
    done = bcf(report)
    assert done.exit_code == 2
    assert "no plain name, as its pool: give it with --pool" in " ".join(done.stderr.split())


def test_a_long_name_of_a_pool_is_not_found(report: Path) -> None:
    changed(report / "run.json", '"pool": "selftest"', '"pool": "' + "ü" * 200 + '"')
    assert verify(report).unmade.startswith('the pool "üü')


# ------------------------------------------------------------------ inputs


@slow
def test_a_changed_input_is_named_and_what_it_would_give(report: Path, pool: Path) -> None:
    changed(pool / "schemes.csv", "600.00", "601.00")
    done = bcf(report)
    assert done.exit_code == 5
    words = " ".join(done.stdout.split())
    assert "1 not as they were" in words
    assert "Input schemes.csv has changed since: its SHA-256 is " in words
    assert 'column expenditure: holds "600.00", should hold "601.00"' in words
    assert "it is as run.json lists it" in words
    assert "files differ, 1 input changed." in words


@slow
def test_an_input_that_changes_no_figure_still_counts(report: Path, pool: Path) -> None:
    with (pool / "themes.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("\n\n")
    found = verify(report)
    assert not found.agrees
    (said,) = found.changed
    assert said.startswith("themes.csv has changed since")
    assert said_of(found, "tables/variance.csv") == ["as it should be"]


@slow
def test_new_and_missing_inputs(report: Path, pool: Path) -> None:
    (pool / "commentary.csv").write_text("scheme_id,reason,owner\nS6,Pay,A. Nother\n")
    found = verify(report)
    assert found.changed == ("commentary.csv is new: the report was made without it",)
    (pool / "commentary.csv").unlink()
    (pool / "categories.csv").unlink()
    done = bcf(report)
    assert done.exit_code == cli.DATA_HAS_ERRORS
    assert "Input categories.csv is missing: the report was made from it too." in done.stdout
    assert "ERROR BCF002  categories.csv: A file (or sheet) is missing" in done.stderr


def test_inputs_with_errors_leave_with_3(report: Path, pool: Path) -> None:
    changed(pool / "schemes.csv", "600.00", "about 600")
    done = bcf(report)
    assert done.exit_code == 3
    assert "Input schemes.csv has changed since" in done.stdout
    assert "The report cannot be made again." in done.stderr


def test_a_pool_elsewhere_under_another_name(report: Path, pool: Path, tmp_path: Path) -> None:
    moved = pool.rename(tmp_path / "copy of the pool")
    assert "looked for inputs/selftest and selftest" in verify(report).unmade
    done = bcf(report, "--pool", moved)
    assert done.exit_code == 0, done.output
    assert 'Note: the pool is called "selftest" in run.json.' in done.stdout
    assert bcf(report, "--pool", tmp_path / "nowhere").exit_code == 2


@slow
def test_a_pool_in_one_workbook_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    for file in sorted(SELFTEST.glob("*.csv")):
        tab = book.create_sheet(file.stem)
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.reader(rows):
                tab.append(row)
    tab = book.create_sheet("pool")
    for row in (("title", "T"), ("board", "B"), ("financial_year", "2018-19"), ("unit", "pounds"),
                ("as_at", "2019-03-31"), ("source", "S")):  # fmt: skip
        tab.append(row)
    del book["Sheet"]
    Path("inputs").mkdir()
    book.save("inputs/one.xlsx")
    bcf_model.write_report(bcf_model.run(bcf_model.load("inputs/one.xlsx")), "outputs/one")
    done = bcf("outputs/one")
    assert done.exit_code == 0, done.output
    assert "Inputs: inputs/one.xlsx, 1 file, none changed since" in done.stdout


@slow
@pytest.mark.parametrize(
    ("place", "listed"),
    [
        ("inputs/selftest/agreements/draft", "agreements/draft/rules.csv"),
        ("revised", "revised/rules.csv"),
        ("revised/draft-rules.csv", "revised/draft-rules.csv"),
        ("draft-rules.csv", "draft-rules.csv"),
    ],
)
def test_a_report_of_an_agreement_says_which_is_missing(
    report: Path, pool: Path, tmp_path: Path, place: str, listed: str
) -> None:
    agreement = Path(place)
    rules = agreement if agreement.suffix else agreement / "rules.csv"
    rules.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(pool / "rules.csv", rules)
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool, agreement)), report)
    done = bcf(report)
    words = " ".join(done.stderr.replace("│", " ").split())
    assert done.exit_code == 2
    assert "was made under an agreement that was tried in place of the pool's own" in words
    assert f"run.json lists {listed}" in words
    assert "give that agreement with --agreement" in words
    assert "has changed" not in done.output and "is missing" not in done.output
    with pytest.raises(NoReport):
        verify(report, pool)
    done = bcf(report, "--agreement", agreement)
    assert done.exit_code == 0, done.output


def test_inputs_that_went_missing_are_no_agreement(report: Path, pool: Path) -> None:
    """Of a report under the pool's own agreement they are still said to be missing."""
    (pool / "perimeters.csv").unlink(missing_ok=True)
    (pool / "rules.csv").unlink()
    assert "rules.csv is missing: the report was made from it too" in verify(report).changed


# ------------------------------------------------------------------ the folder alone


def test_without_its_pool_the_hashes_are_checked_and_what_that_proves_is_said(
    report: Path, pool: Path
) -> None:
    shutil.rmtree(pool)
    done = bcf(report)
    words = " ".join(done.stdout.split())
    assert done.exit_code == 0, done.output
    assert 'Not made again: the pool "selftest" of this report is not there' in words
    assert "Each of 21 files has the SHA-256 that its manifest lists." in words
    assert "Checked was only whether these are the files the manifest lists" in words
    assert "does not prove their figures right" in words and "were not checked" in words
    assert "are what these inputs and this version give" not in words
    assert "report.xlsx: as listed" in done.stdout


@pytest.mark.parametrize("file", ["report.html", "tables/variance.csv"])
def test_without_its_pool_what_is_not_as_listed_is_named(
    report: Path, pool: Path, file: str
) -> None:
    shutil.rmtree(pool)
    with (report / file).open("ab") as data:
        data.write(b" ")
    done = bcf(report)
    assert done.exit_code == 5
    assert f"{file}: differs\n    it is changed since run.json was written." in done.stdout
    assert "Report NOT as written: 1 of 21 files is not what" in " ".join(done.stdout.split())
    (report / file).unlink()
    assert said_of(verify(report), file) == ["missing"]


@pytest.mark.parametrize("name", ["../outside.csv", "/etc/hostname", "a\\u0000b", "tables/./x", ""])
def test_a_manifest_lists_no_file_that_is_elsewhere(report: Path, pool: Path, name: str) -> None:
    shutil.rmtree(pool)
    (report.parent / "outside.csv").write_text("mine")
    changed(report / "run.json", '"file": "tables/memo.csv"', f'"file": "{name}"')
    done = bcf(report)
    assert done.exit_code == 5
    assert "run.json lists a file that is none of a report's" in done.stdout
    assert "\x00" not in done.stdout


def test_a_folder_of_the_default_name_is_never_taken_for_the_pool(
    report: Path, pool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report has the pool's name: beside it, it is what is found under that name."""
    shutil.rmtree(pool)
    monkeypatch.chdir(report.parent)
    done = bcf("selftest")
    assert done.exit_code == 0, done.output
    assert "Not made again" in done.stdout and "Inputs:" not in done.stdout
    done = bcf("selftest", "--pool", "selftest")
    assert done.exit_code == 3
    assert "ERROR BCF021  run.json: A report stands where a pool belongs" in done.stderr
    assert "BCF002" not in done.stderr


@slow
def test_a_report_with_its_inputs_is_enough(
    pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CliRunner().invoke
    (pool / "minutes.docx").write_text("not for the auditor")
    done = run(cli.cli, ["report", str(pool), "--with-inputs", "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "out/inputs/ (7 files)" in done.stdout
    kept = {p.name: p.read_bytes() for p in (tmp_path / "out" / "inputs" / "selftest").iterdir()}
    assert b"is none of a pool's, and was not read" in kept["minutes.docx"]
    (pool / "minutes.docx").write_bytes(kept["minutes.docx"])
    assert kept == {p.name: p.read_bytes() for p in pool.iterdir()}
    listed = {it["file"] for it in json.loads((tmp_path / "out/run.json").read_bytes())["outputs"]}
    assert {f"inputs/selftest/{name}" for name in kept} <= listed
    figure = "variance/theme=1"
    told_of_pool = run(cli.cli, ["explain", str(pool), figure]).stdout
    shutil.rmtree(pool)
    sent = (tmp_path / "out").rename(tmp_path / "sent")
    monkeypatch.chdir(sent.parent)
    done = bcf(sent)
    assert done.exit_code == 0, done.output
    assert "The report is what these inputs and this version give." in done.stdout
    for place in (sent, sent / "inputs" / "selftest"):
        assert run(cli.cli, ["explain", str(place), figure]).stdout == told_of_pool
    changed(sent / "inputs" / "selftest" / "schemes.csv", "600.00", "601.00")
    done = bcf(sent)
    assert done.exit_code == 5
    assert "Input schemes.csv has changed since" in done.stdout


@slow
def test_inputs_that_are_no_more_go_with_the_report_before(pool: Path, tmp_path: Path) -> None:
    (pool / "commentary.csv").write_text("scheme_id,reason,owner\nS6,Pay,A. Nother\n")
    inside = tmp_path / "out" / "inputs" / "selftest"
    for others in (1, 0):
        results = bcf_model.run(bcf_model.load(pool))
        bcf_model.write_report(results, tmp_path / "out", with_inputs=True)
        assert (inside / "commentary.csv").exists() == bool(others)
        (pool / "commentary.csv").unlink(missing_ok=True)
    assert verify(tmp_path / "out").agrees
    bcf_model.write_report(results, tmp_path / "out")
    assert not (tmp_path / "out" / "inputs").exists()
    shutil.copytree(pool, inside)
    (inside / "schemes.csv").write_text("planted")
    assert verify(tmp_path / "out").agrees, "what the manifest does not list is not taken"


@slow
def test_reports_under_agreements_carry_them(
    pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "elsewhere" / "draft"
    folder.mkdir(parents=True)
    shutil.copy(pool / "rules.csv", folder / "rules.csv")
    (folder / "agreement.toml").write_text('title = "A draft"\n')
    shutil.copy(pool / "rules.csv", tmp_path / "elsewhere" / "pool.csv")
    shutil.copy(pool / "rules.csv", "bare.csv")
    words = ["risk-share", str(pool), "--with-inputs"]
    for at in (folder, tmp_path / "elsewhere" / "pool.csv", "bare.csv"):
        words += ["--agreement", str(at)]
    run = CliRunner().invoke
    assert run(cli.cli, words).exit_code == 2, "there is no report to put them beside"
    done = run(cli.cli, [*words, "-o", "compared"])
    assert done.exit_code == 0, done.output
    shutil.rmtree(pool)
    shutil.rmtree(tmp_path / "elsewhere")
    for name in ("own", "draft", "pool", "bare"):
        done = bcf(tmp_path / "compared" / name)
        assert done.exit_code == 0, done.output
        assert "The report is what these inputs" in done.stdout
        done = run(cli.cli, ["explain", f"compared/{name}", "borne/category=A/bearer=CCG"])
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("place", [".", "inputs/selftest"])
def test_inputs_are_never_written_over_themselves(
    pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.cli, ["report", str(pool), "--with-inputs", "-o", place])
    assert done.exit_code == 2
    assert "would be written into the pool itself" in " ".join(done.stderr.split())


# ------------------------------------------------------------------ files and versions


@slow
def test_missing_and_extra_files(report: Path) -> None:
    (report / "tables" / "memo.csv").unlink()
    (report / "minutes.docx").write_text("mine")
    (report / "tables" / "more\x1b.csv").write_text("mine")
    found = verify(report)
    assert said_of(found, "tables/memo.csv") == ["missing"]
    assert found.notes == (
        "minutes.docx is no part of the report, and was not looked at",
        "tables/more\\x1b.csv is no part of the report, and was not looked at",
    )
    assert bcf(report).exit_code == 5


def test_an_extra_file_alone_is_a_note(report: Path) -> None:
    (report / "minutes.docx").write_text("mine")
    done = bcf(report)
    assert done.exit_code == 0
    assert "Note: minutes.docx is no part of the report, and was not looked at." in done.stdout


def test_what_is_no_file_is_not_opened(report: Path) -> None:
    for name in ("report.html", "report.xlsx", "tables/memo.csv", "tables/variance.csv"):
        (report / name).unlink()
    (report / "report.html").mkdir()
    os.mkfifo(report / "report.xlsx")
    (report / "tables" / "memo.csv").symlink_to(report / "tables" / "memo.csv")
    (report / "tables" / "variance.csv").write_bytes(b"0" * 3 * 2**20)
    found = verify(report)
    assert said_of(found, "report.html") == ["differs", "it is no ordinary file"]
    assert said_of(found, "report.xlsx") == ["differs", "it is no ordinary file"]
    assert said_of(found, "tables/memo.csv")[0] == "differs"
    assert said_of(found, "tables/variance.csv")[1].startswith("it has 3,145,728 bytes, far more")


def test_no_report_and_no_manifest(report: Path, pool: Path, tmp_path: Path) -> None:
    assert bcf(tmp_path / "nowhere").exit_code == 2
    assert bcf(report / "report.html").exit_code == 2
    (report / "run.json").unlink()
    done = bcf(report)
    assert done.exit_code == 2
    assert "has no run.json, which names the pool" in " ".join(done.stderr.split())
    with pytest.raises(NoPool):
        verify(report)
    found = verify(report, pool)
    assert said_of(found, "run.json") == ["missing"]
    assert others_agree(found, "run.json")
    assert not found.agrees
    assert UNKNOWN in summarise(found) and "none changed since" not in summarise(found)


def test_a_folder_of_reports_is_no_report(report: Path, pool: Path) -> None:
    shutil.copytree(report, report.parent / "other")
    (report.parent / "drafts").mkdir()
    for more in ((), ("--pool", pool)):
        done = bcf(report.parent, *more)
        said = " ".join(done.stderr.replace("│", " ").split())
        assert done.exit_code == 2
        assert f"{report.parent} is no report itself" in said
        assert f"verify each by itself: {report.parent / 'other'}, {report}." in said
        assert "One of an agreement that was tried needs --agreement" in said
        assert "drafts" not in said


@slow
def test_another_library_of_the_same_content_is_a_note(report: Path) -> None:
    versions = {**versions_in_use(), "pandas": "9.9.9"}
    results = bcf_model.run(bcf_model.load("inputs/selftest"))
    for name, data in contents.contents(write.document(results, versions)).items():
        (report / name).write_bytes(data)
    done = bcf(report)
    assert done.exit_code == 0, done.output
    here = versions_in_use()["pandas"]
    assert f"Note: made with pandas 9.9.9, here it is {here}." in done.stdout


@slow
def test_another_version_of_the_package_is_said(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(excel, "__version__", "0.0.1")
        older.setattr(contents, "__version__", "0.0.1")
        results = bcf_model.run(bcf_model.load("inputs/selftest"))
        for name, data in contents.contents(write.document(results)).items():
            (report / name).write_bytes(data)
    found = verify(report)
    assert found.notes == (f"made with bcf_model 0.0.1, here it is {bcf_model.__version__}",)
    said = said_of(found, "report.xlsx")
    assert any(it.startswith("Cover!B") and "bcf_model 0.0.1" in it for it in said)
    assert not found.agrees


def test_a_report_that_states_no_versions_is_not_cleared(report: Path) -> None:
    manifest = json.loads((report / "run.json").read_text(encoding="utf-8"))
    manifest["versions"] = {}
    (report / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    said = said_of(verify(report), "run.json")
    assert said[0] == "differs"
    assert "versions, bcf_model: is missing" in said


def test_what_was_planted_cannot_steer_the_terminal(report: Path) -> None:
    changed(report / "tables" / "variance.csv", "Home care", "\x1b[2J\x1b]0;pwned\x07")
    changed(report / "report.html", "Home care", "\x1b[2J")
    done = bcf(report)
    assert done.exit_code == 5
    assert "\x1b" not in done.output
    assert r"\x1b[2J" in done.stdout


def test_a_part_by_a_name_that_steers_is_written_out(report: Path, book: bytes) -> None:
    name = "xl/worksheets/\x1b[2J.xml"
    changes: dict[str, Change | bytes | None] = {
        "xl/_rels/workbook.xml.rels": lambda it: it.replace(b"sheet2.xml", b"&#x7f;[2J.xml"),
        "xl/worksheets/\x7f[2J.xml": b"<broken",
        name: b"<broken",
    }
    (report / "report.xlsx").write_bytes(repacked(book, changes))
    done = bcf(report)
    assert done.exit_code == 5
    assert r"\x7f[2J.xml is damaged" in " ".join(done.stdout.split())
    assert "\x7f" not in done.output and "\x1b" not in done.output


def test_a_long_list_is_cut_and_counted(report: Path) -> None:
    path = report / "tables" / "variance.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    text = "\n".join(",".join("x" for _ in row) for row in rows) + "\n"
    path.write_text(text, encoding="utf-8")
    cells = sum(map(len, rows))
    done = bcf(report)
    assert f"    and {cells + 1 - MOST_SAID:,} more like these." in done.stdout.splitlines()


def test_the_help_says_how_it_leaves() -> None:
    words = " ".join(CliRunner().invoke(cli.cli, ["verify", "--help"]).stdout.split())
    assert "Leaves with 0 when" in words and "with 5 when it is not" in words
