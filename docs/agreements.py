"""Make a page of docs/agreements/ from each folder of inputs/agreements/, and their index.

A page is the folder's own text, its tables as they stand in the files, and the working as the model
gives it, in words. Nothing on it is typed twice.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pandas as pd
from agreement_working import in_pounds, memos, settlement, table, unbroken, working

import bcf_model

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "inputs" / "agreements"
SHEFFIELD = ROOT / "inputs" / "sheffield-2018-19" / "agreements"

INDEX = """
# Worked examples

<!-- Made by docs/generate.py from inputs/agreements/: change those, then `make docs`. -->

Each shape of risk share that agreements are known to have, on a small pool that can be worked out
by hand. All pools are invented. What the columns of the rules mean is in
[The agreement as a table](../rules.md).

Find the words your agreement uses, open the page, and copy the rules of its folder. Each folder is
a pool: `bcf report inputs/agreements/05-fixed-percentage` writes its report. Its control totals are
worked by hand, and no report is written unless they hold to the penny.

The pages say who uses a shape, as reported by the source named. *Read* means that the source was
read; *not confirmed* that it was not.

{shapes}

23 and 24 are no shapes of their own: they show what netting and dates do.

## Sheffield under another agreement

The lines of Sheffield's year 2018/19 under rules it did not have, each with its sum by hand.

{alternatives}
"""
PAGE = """
# {number}. {title}

<!-- Made by docs/generate.py from {path}: change that, then `make docs`. -->

{said}

## The rules

`rules.csv` of [{path}](../../{path}), with the columns it uses.

{rules}

{limits}

## The lines

{lines}

{facts}

## By hand

{by_hand}

## As the model works it

Pounds; overspends are positive, underspends in brackets. Each bearer takes the running total less
what stands before it, both rounded to the penny, half away from zero.

{working}

### Settlement

A balancing payment is what a partner bears in the pool, less the variance on its own lines. Above
nil it pays, below nil it receives.

{settlement}

{memos}

## What to watch for

{watch}

## Control totals, worked by hand

Each was checked in the run that made this page.

{totals}
"""
FACTS = {
    "contributions": "What each partner contributes",
    "reserves": "Reserves",
    "achievement": "What was achieved",
    "causes": "Amounts attributed to causes",
    "parts": "What lines were in each part of the year",
    "payments": "Payment by activity: terms",
    "activity": "Payment by activity: planned and actual",
    "commentary": "Reasons given",
}
"""Tables of facts, in the order of docs/rules.md, and how a page calls them."""
MONEY = {"opening", "amount", "budget", "expenditure"}
UNBROKEN = {"clause", "bearer", "note"}


def pages() -> dict[str, Callable[[], str]]:
    """Give for each page, by its name in docs/, what makes it."""
    return {
        "agreements/README.md": index,
        **{f"agreements/{folder.name}.md": partial(page, folder) for folder in examples()},
    }


def examples() -> list[Path]:
    """List the folders of worked examples, in order."""
    return sorted(path.parent for path in EXAMPLES.glob("*/pool.toml"))


def index() -> str:
    """List the examples: shape, page, and the words of a clause to look for."""
    shapes = [
        [
            _number(folder),
            f"[{_title(folder)}]({folder.name}.md)",
            _parts(folder)["Words to look for"],
        ]
        for folder in examples()
    ]
    alternatives = []
    for path in sorted(SHEFFIELD.glob("*/agreement.toml")):
        about = _settings(path)
        home = f"../../{path.parent.relative_to(ROOT).as_posix()}"
        alternatives.append([f"[{about['title']}]({home})", about["status"]])
    return _tidy(
        INDEX.format(
            shapes=table(["", "Shape", "Words to look for"], shapes),
            alternatives=table(["Agreement", "Standing"], alternatives),
        )
    )


def page(folder: Path) -> str:
    """Make the page of one example."""
    parts, results = _parts(folder), bcf_model.run(bcf_model.load(folder))
    by_hand, watch = parts.pop("By hand"), parts.pop("What to watch for")
    said = [f"## {name}\n\n{text}" if name else text for name, text in parts.items()]
    return _tidy(
        PAGE.format(
            number=_number(folder),
            title=_title(folder),
            path=folder.relative_to(ROOT).as_posix(),
            said="\n\n".join(said),
            rules=_file(folder, "rules"),
            limits=_limits(folder),
            lines=_lines(folder, results.figures.tables["lines"]),
            facts="\n\n".join(_facts(folder)),
            by_hand=by_hand,
            working="\n\n".join(working(results.outputs["risk_share_workings"])),
            settlement=settlement(results.outputs["settlement"]),
            memos="\n\n".join(memos(results)),
            watch=watch,
            totals=_totals(folder),
        )
    )


def _lines(folder: Path, lines: pd.DataFrame) -> str:
    """Give the lines as in the file, and beside them the variance, after what is unpaid."""
    worked = lines.set_index("scheme_id")
    added = ["unpaid", "variance"] if worked["unpaid"].any() else ["variance"]
    rows = _rows(folder, "schemes")
    cells = [
        [*_cells(row), *(in_pounds(worked[name][row["scheme_id"]]) for name in added)]
        for row in rows
    ]
    spent = "expenditure at full price" if "unpaid" in added else "expenditure"
    head = [spent if name == "expenditure" else name for name in rows[0]]
    return table([*head, *added], cells)


def _limits(folder: Path) -> str:
    """Return the limits over several rules, where the folder has any."""
    if not (folder / "limits.csv").exists():
        return ""
    return f"Limits over several of them (`limits.csv`):\n\n{_file(folder, 'limits')}"


def _facts(folder: Path) -> Iterator[str]:
    """Give the tables of facts that the folder has."""
    there = [name for name in FACTS if (folder / f"{name}.csv").exists()]
    if there:
        yield "## The facts of the year"
    for name in there:
        yield f"{FACTS[name]} (`{name}.csv`):"
        yield _file(folder, name)


def _totals(folder: Path) -> str:
    rows = [
        [f"`{row['figure']}`", _amount(row["amount"]), row["note"]]
        for row in _rows(folder, "control_totals")
    ]
    return table(["figure", "£", "by hand"], rows)


def _number(folder: Path) -> str:
    return str(int(folder.name[:2]))


def _title(folder: Path) -> str:
    return _settings(folder / "pool.toml")["title"].removesuffix(" (invented example)")


def _settings(path: Path) -> dict[str, str]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _parts(folder: Path) -> dict[str, str]:
    """Give the folder's own text by heading; what stands before the first, under no name."""
    said = (folder / "README.md").read_text(encoding="utf-8")
    first, *rest = re.split(r"^## ", said, flags=re.MULTILINE)
    named = (part.partition("\n") for part in rest)
    return {"": first.strip(), **{head.strip(): text.strip() for head, _, text in named}}


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _file(folder: Path, name: str) -> str:
    """Give a file as a table, as it stands; amounts of money grouped for reading."""
    rows = _rows(folder, name)
    return table(list(rows[0]), [_cells(row) for row in rows])


def _cells(row: dict[str, str]) -> list[str]:
    return [
        _amount(text) if name in MONEY else unbroken(text) if name in UNBROKEN else text
        for name, text in row.items()
    ]


def _amount(text: str) -> str:
    return in_pounds(int(Decimal(text) * 100))


def _tidy(text: str) -> str:
    """Leave one empty line between paragraphs, also where a part was empty."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
