"""An agreement tried on a pool: what stands in place of what, and how its files are named."""

import csv
import shutil
import tomllib
from pathlib import Path

import pytest
import xlsxwriter

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.tables import OWN_AGREEMENT, Agreement
from bcf_model.pool import check_pool, load
from tests.longer import slow
from tests.make.places import BROKEN

FIXED = (
    "rule_id,scope,direction,step,basis,bearer,share,clause\n"
    "T1,pool,either,1,fixed,ICB,40,tried\nT2,pool,either,1,fixed,Council,60,tried\n"
)


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """A copy of the sound pool with an agreement of many parts."""
    left_out = shutil.ignore_patterns("agreements")
    return Path(shutil.copytree(BROKEN / "agreement", tmp_path / "pool", ignore=left_out))


@pytest.fixture
def simple(tmp_path: Path) -> Path:
    """A copy of the sound pool with an agreement of two partners."""
    return Path(shutil.copytree(BROKEN / "sound", tmp_path / "simple"))


def tried(folder: Path, **files: str) -> Path:
    """Write the files of an agreement."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        ending = "toml" if name == "agreement" else "csv"
        (folder / f"{name}.{ending}").write_text(text, encoding="utf-8")
    return folder


def said(pool: Path, agreement: Path) -> list[tuple[str, str, int]]:
    return [(f.code, f.file, f.row) for f in check_pool(pool, agreement)[1]]


@slow
def test_without_one_the_agreement_is_the_pools_own(simple: Path) -> None:
    assert load(simple).agreement == OWN_AGREEMENT
    assert load(simple).agreement.name == "own"


@slow
def test_a_file_of_rules(simple: Path) -> None:
    path = tried(simple / "agreements", forty_sixty=FIXED) / "forty_sixty.csv"
    inputs = load(simple, path)
    assert inputs.rules["rule_id"].tolist() == ["T1", "T2"]
    assert inputs.agreement == Agreement("forty_sixty", "forty_sixty")
    assert inputs.schemes.equals(load(simple).schemes)
    files = {file.name: file.rows for file in inputs.files}
    assert files["agreements/forty_sixty.csv"] == 2
    assert "rules.csv" not in files
    assert files["schemes.csv"] == 7


def test_a_folder_and_what_it_says_of_itself(simple: Path) -> None:
    about = 'title = "Forty, sixty"\nstatus = "draft"\nsource = "S 3"\nnote = """Two\nlines."""'
    folder = tried(simple / "agreements" / "forty", rules=FIXED, agreement=about)
    (folder / "README.md").write_text("By hand", encoding="utf-8")
    inputs = load(simple, folder)
    assert inputs.agreement == Agreement("forty", "Forty, sixty", "draft", "S 3", "Two lines.")
    assert inputs.places["rules"].file == "agreements/forty/rules.csv"
    names = [file.name for file in inputs.files]
    assert names[:2] == ["agreements/forty/agreement.toml", "agreements/forty/rules.csv"]


def test_its_tables_stand_in_place_of_the_pools(pool: Path) -> None:
    more = "reserve,name,reserve_kind,opening\nRISK,Larger,risk pool,9000.00\n"
    rules = (pool / "rules.csv").read_text(encoding="utf-8")
    none = "measure,name,planned,achieved\n"
    folder = tried(pool / "agreements" / "a", rules=rules, reserves=more, achievement=none)
    inputs = load(pool, folder)
    assert inputs.reserves["opening"].tolist() == [900_000]
    assert len(inputs.achievement) == 0
    assert len(inputs.contributions) == 4


@slow
def test_what_stands_in_place_is_not_looked_at(simple: Path) -> None:
    """The pool's own rules may be broken, or missing altogether."""
    folder = tried(simple / "agreements" / "a", rules=FIXED)
    (simple / "rules.csv").write_bytes(b"%PDF-1.7")
    assert [code for code, *_ in said(simple, folder)] == []
    assert [f.code for f in check_pool(simple)[1]] == ["BCF004"]
    (simple / "rules.csv").unlink()
    assert load(simple, folder).rules["rule_id"].tolist() == ["T1", "T2"]


def test_findings_point_at_its_files(simple: Path) -> None:
    wrong = FIXED.replace("60", "50")
    inside = tried(simple / "agreements" / "half", rules=wrong)
    assert said(simple, inside) == [("BCF403", "agreements/half/rules.csv", 2)]
    outside = tried(simple.parent / "elsewhere" / "half", rules=wrong)
    assert said(simple, outside) == [("BCF403", "half/rules.csv", 2)]
    assert said(simple, outside / "rules.csv") == [("BCF403", "half/rules.csv", 2)]
    with pytest.raises(DataHasErrors, match=r"half/rules\.csv, row 2, column share"):
        load(simple, inside)


def test_an_agreement_that_is_not_there(simple: Path) -> None:
    assert said(simple, simple / "agreements" / "no") == [("BCF018", "agreements/no", 0)]
    [finding] = check_pool(simple, "no/such")[1]
    assert finding.sentence == (
        "no/such: The agreement is not there, or cannot be read: found nothing; expected a CSV "
        "file, or a folder with rules.csv"
    )
    [long] = check_pool(simple, "x" * 300)[1]
    assert (long.code, long.value) == ("BCF018", "a name longer than a file can have")
    loop = simple.parent / "loop"
    loop.symlink_to(loop)
    assert [code for code, *_ in said(simple, loop)] == ["BCF018"]


def test_a_folder_without_rules(simple: Path) -> None:
    folder = tried(simple / "agreements" / "a", organisations="organisation,name\n")
    assert ("BCF002", "agreements/a/rules.csv", 0) in said(simple, folder)


def test_files_that_are_no_part_of_an_agreement(simple: Path) -> None:
    folder = tried(simple / "agreements" / "a", rules=FIXED, schemes="scheme_id\n")
    assert said(simple, folder) == [("BCF013", "agreements/a/schemes.csv", 0)]
    (folder / "rules.csv").write_bytes(b"%PDF-1.7")
    assert ("BCF004", "agreements/a/rules.csv", 0) in said(simple, folder)


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ("title = ", "BCF101"),
        ('titel = "A"', "BCF103"),
        ("title = 5", "BCF104"),
        ('title = "=A1"', "BCF104"),
        (f'title = "{"A" * 501}"', "BCF104"),
        (f'note = "{"A" * 501}"', None),
        ("", None),
    ],
)
def test_what_an_agreement_says_of_itself(simple: Path, about: str, code: str | None) -> None:
    folder = tried(simple / "agreements" / "a", rules=FIXED, agreement=about)
    expected = [(code, "agreements/a/agreement.toml")] if code else []
    assert [(c, file) for c, file, _ in said(simple, folder)] == expected


def test_a_broken_file_of_settings_is_of_the_agreement(simple: Path) -> None:
    folder = tried(simple / "agreements" / "a", rules=FIXED, agreement='titel = "A"')
    [finding] = check_pool(simple, folder)[1]
    assert finding.expected == "'title'? (one of title, status, page, url, source, note)"


@slow
def test_totals_that_an_agreement_changes_are_not_held_against_it(pool: Path) -> None:
    totals = "figure,amount\nbudget,491179.28\nexpenditure,508556.38\ngiven,508556.38\n"
    whole = totals + "borne/bearer=RISK,1857.14\n"
    (pool / "control_totals.csv").write_text(whole, encoding="utf-8")
    rules = (pool / "rules.csv").read_text(encoding="utf-8")
    own = check_pool(pool)[1]
    assert [f.value.split(" ")[0] for f in own] == ["£503,756.38"]  # less what is unpaid
    alone = tried(pool / "agreements" / "rules", rules=rules)
    assert [f.code for f in check_pool(pool, alone)[1]] == ["BCF502"]
    names = ("payments", "activity")
    facts = {name: (pool / f"{name}.csv").read_text(encoding="utf-8") for name in names}
    with_payments = tried(pool / "agreements" / "paid", rules=rules, **facts)
    inputs = load(pool, with_payments)
    assert inputs.control_totals["figure"].tolist() == ["budget", "given"]


def test_a_workbook_may_be_tried_with_one(tmp_path: Path) -> None:
    sound = BROKEN / "sound"
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        for path in sound.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                for i, row in enumerate(csv.reader(file)):
                    sheet = book.get_worksheet_by_name(path.stem) or book.add_worksheet(path.stem)
                    sheet.write_row(i, 0, row)
        settings = tomllib.loads((sound / "pool.toml").read_text(encoding="utf-8"))
        sheet = book.add_worksheet("pool")
        for i, (name, value) in enumerate(settings.items()):
            if name != "commentary":
                sheet.write_row(i, 0, [name, str(value)])
    folder = tried(tmp_path / "agreements" / "a", rules=FIXED)
    inputs = load(tmp_path / "book.xlsx", folder)
    assert inputs.rules["rule_id"].tolist() == ["T1", "T2"]
    names = [file.name for file in inputs.files]
    assert names == ["agreements/a/rules.csv", "book.xlsx"]
