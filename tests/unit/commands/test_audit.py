"""The command `bcf audit`: what it says, what it writes, and the code it leaves with."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from tests.longer import slow
from tests.make.audit_papers import rate, row, total, write
from tests.make.places import INPUTS, ROOT


def audit(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["audit", *map(str, arguments)])


@slow
def test_a_pool_whose_paper_is_wrong(sheffield, tmp_path):
    done = audit(sheffield, "-o", tmp_path)
    assert done.exit_code == 4
    assert "2 of 485 printed figures cannot be right." in done.output
    assert "prints (8%), which cannot be right." in " ".join(done.output.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "audit.html", "audit.xlsx", "tables",
    ]  # fmt: skip


def test_the_example_transcription(tmp_path):
    done = audit(INPUTS / "transcriptions" / "invented-example.csv", "-o", tmp_path)
    assert done.exit_code == 4
    assert "2 of 20 printed figures cannot be right." in done.output
    said = (tmp_path / "tables" / "audit.csv").read_text(encoding="utf-8")
    assert ",P14," in said
    assert ",P18," in said


def test_a_paper_that_is_only_rounded_leaves_with_nought(tmp_path):
    paper = write(
        [row("a", "10"), row("b", "20"), total("t", "31", "a + b")], tmp_path / "paper.csv"
    )
    done = audit(paper, "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "None of 3 printed figures is shown to be wrong." in done.output


@pytest.mark.parametrize("digits", range(2, 14))
def test_a_wrong_total_to_the_penny_is_audited_however_many_digits_it_has(tmp_path, digits):
    """Two amounts, and a total two or more pennies off: all three are named."""
    a, b = 10**digits - 19, 6 * 10 ** (digits - 1) + 7
    wrong = a + b - 10 ** (digits // 2) - 1
    shown = [f"{n // 100:,}.{n % 100:02d}" for n in (a, b, wrong)]
    in_pounds = {"unit": "pounds", "decimals": "2"}
    rows = [row("a", shown[0]), row("b", shown[1]), total("t", shown[2], "a + b")]
    paper = write([one | in_pounds for one in rows], tmp_path / "paper.csv")
    done = audit(paper, "-o", tmp_path / "out")
    assert done.exit_code == 4
    assert "At least 1 of 3 printed figures cannot be right: 3 may be wrong." in done.output
    must = 10**digits - 19 - 10 ** (digits // 2) - 1
    assert f"between £{(must - 1) // 100:,}.{(must - 1) % 100:02d} and" in done.output.replace(
        "\n    ", " "
    )


def test_only_the_percentage_that_no_base_fits_is_accused(tmp_path):
    """400 is a fifth of 2,000 and of the total less it; no base makes it a tenth as well."""
    rows = [
        row("a", "400"),
        row("b", "2,000"),
        rate("p", "20%", "a / b"),
        rate("q", "10%", "a / b"),
    ]
    done = audit(write(rows, tmp_path / "paper.csv"), "-o", tmp_path / "out")
    assert done.exit_code == 4
    assert "1 of 4 printed figures cannot be right." in done.output
    assert "q (table 1 row q: q, %) prints 10%, which cannot be right." in done.output
    assert "If " not in done.output


def test_data_with_errors_is_not_audited(tmp_path):
    paper = write([row("a", "ten")], tmp_path / "paper.csv")
    done = audit(paper, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "BCF602" in done.output
    assert "Nothing was audited." in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["nowhere", "nowhere.csv"])
def test_what_is_not_there(tmp_path, name):
    done = audit(tmp_path / name, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "BCF001" in done.output


def test_a_pool_without_printed_figures(sheffield, tmp_path):
    pool = tmp_path / "pool"
    pool.mkdir()
    for path in sheffield.iterdir():
        if path.is_file() and path.name != "published.csv":
            (pool / path.name).write_bytes(path.read_bytes())
    done = audit(pool, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "published.csv" in done.output
    assert "there is nothing to audit" in done.output


def test_never_into_the_pool(sheffield):
    done = audit(sheffield, "-o", sheffield)
    assert done.exit_code == 2
    assert "choose another folder" in done.output


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_what_the_examples_of_the_help_name_is_there(command):
    said = CliRunner().invoke(cli, [command, "--help"]).output
    named = re.findall(r"\binputs/[\w./-]+", said)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_help_of_audit_names_both_kinds_of_paper():
    said = CliRunner().invoke(cli, ["audit", "--help"]).output
    assert re.findall(r"\binputs/[\w./-]+", said) == [
        "inputs/sheffield-2018-19", "inputs/transcriptions/invented-example.csv",
    ]  # fmt: skip


def council() -> str:
    """Return an invented table of 116 figures in sections, with a wrong total and a slip in a line.

    The total of part 2 is 50 too much; in a budget of part 3 two digits are exchanged.
    """
    rows = ["Westmere pool: outturn (£000),,,,", "Scheme,Budget,Outturn,Variance,%"]
    every = [0, 0]
    for section in range(1, 5):
        rows.append(f"Part {section},,,,")
        whole = [0, 0]
        for line in range(6):
            budget = 1_000 + 371 * section + 83 * line
            outturn = budget + (-1) ** line * (10 + 7 * line)
            whole = [whole[0] + budget, whole[1] + outturn]
            shown = 2_169 if (section, line) == (3, 1) else budget
            rows.append(figures(f"Scheme {section}{line}", budget, outturn, shown))
        every = [every[0] + whole[0], every[1] + whole[1]]
        rows.append(figures(f"Total part {section}", *whole, whole[0] + 50 * (section == 2)))
    return "\n".join([*rows, figures("Grand total", *every, every[0]), "* unaudited,,,,", ""])


def figures(label: str, budget: int, outturn: int, shown: int) -> str:
    variance = outturn - budget
    minus, percent = variance < 0, f"{abs(variance) * 100 / budget:.1f}%"
    said = [f"({it})" if minus else it for it in (f"{abs(variance):,}", percent)]
    return f'{label},"{shown:,}","{outturn:,}","{said[0]}",{said[1]}'


def transcribe(table: Path, *more: str | Path) -> Result:
    return audit("--transcribe", table, *more)


def test_a_table_is_shown_and_nothing_is_written_while_questions_are_open(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text(council(), encoding="utf-8")
    done = transcribe(table)
    assert done.exit_code == 6
    assert "116 figures" in done.output
    assert '--answer "BCF943 Total part 2=total", or line' in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_a_table_confirmed_is_audited_and_its_transcription_says_the_same(tmp_path):
    table, kept = tmp_path / "table.csv", tmp_path / "kept.csv"
    table.write_text(council(), encoding="utf-8")
    of_paper = ("--source", "HWB, 27 June", "--page", "12")
    done = transcribe(table, *of_paper, "--yes", "--as", kept, "-o", tmp_path / "one")
    assert done.exit_code == 4
    said = " ".join(done.output.split())
    assert "Westmere pool: outturn (£000) 2 of 116 printed figures cannot be right." in said
    at = "HWB, 27 June, page 12, table 1 row"
    assert f"({at} 18: Total part 2, Budget) prints 11,747, which cannot be right" in said
    assert f"({at} 21: Scheme 31, Budget) prints 2,169, which cannot be right" in said
    assert "2,196 would be right, a transposition" in said
    again = audit(kept, "-o", tmp_path / "two")
    assert again.exit_code == 4
    names = [path.name for path in (tmp_path / "one" / "tables").iterdir()]
    for name in names:
        one, two = ((tmp_path / it / "tables" / name).read_bytes() for it in ("one", "two"))
        assert one == two
    refused = transcribe(table, "--yes", "--as", kept)
    assert refused.exit_code == 2
    assert "may hold corrections" in " ".join(refused.output.split())


def test_a_sure_table_is_not_written_before_yes(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("Scheme,Budget £000\n=A,1\nB,-\nTotal,1\n", encoding="utf-8")
    shown = transcribe(table)
    assert shown.exit_code == 0
    assert "Right?" in shown.output
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    done = transcribe(table, "--yes", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "'=A" in (tmp_path / "table-figures.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--answer", "unit=leagues"), 2, "--answer unit=leagues: expected"),
        (("--answer", "BCF943 None=line"), 2, "nothing of the file asks for that"),
        (("--answer", "heading=99"), 2, "the number of the row of headings"),
        (("--answer", "nothing"), 2, "expected KEY=VALUE"),
    ],
)
def test_answers_that_will_not_do(tmp_path, more, code, said):
    table = tmp_path / "table.csv"
    table.write_text("Scheme,Budget\nA,1\nB,2\nTotal,3\n", encoding="utf-8")
    done = transcribe(table, *more)
    assert done.exit_code == code
    assert said in " ".join(done.output.split())


def test_what_goes_with_transcribe_is_refused_without_it(tmp_path):
    done = audit(tmp_path / "figures.csv", "--yes")
    assert done.exit_code == 2
    assert "go with --transcribe" in " ".join(done.output.split())
