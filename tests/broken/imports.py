"""What an import finds, each with its remedy followed: rules and lines before, and after."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bcf_model.extracts.actuals import take_in
from bcf_model.publish.pool_tables import write_tables
from tests.make.extracts import POOL, ledger

HEAD = "rule,priority,cost_centre,from_period,scheme_id,measure,share,note\n"
LINES = "cost_centre,period,pence\nA1,1,500\n"
SOUND = "1,10,A1,,S1,,,\n"


class Slip(NamedTuple):
    """Rules and lines with a slip, and without."""

    rules: str
    mended: str
    lines: str = LINES
    lines_mended: str = ""
    again: bool = False


SLIPS = {
    "BCF920": Slip("", SOUND),
    "BCF921": Slip(f"{SOUND}2,10,A*,,S2,,,\n", f"{SOUND}2,20,A*,,S2,,,\n3,30,B*,,S2,,,\n",
                   lines_mended=f"{LINES}A2,1,5\nB1,1,5\n"),
    "BCF922": Slip(SOUND, SOUND, "cost_centre,year,period,pence\nA1,2025-26,1,5\nA1,2024-25,1,5\n",
                   LINES),
    "BCF923": Slip(f"{SOUND}2,20,B1,,S2,,,\n", SOUND),
    "BCF924": Slip("1,10,A1,,S1,,50,\n1,10,A1,,S2,,49,\n", "1,10,A1,,S1,,50,\n1,10,A1,,S2,,50,\n"),
    "BCF925": Slip("1,10,A1,,S9,,,\n", SOUND),
    "BCF926": Slip("1,10,A1..A4000,,S1,,,\n", "1,10,A1..A9+A4000,,S1,,,\n"),
    "BCF927": Slip("1,10,~(A+)+,,S1,,,\n", "1,10,~A+,,S1,,,\n"),
    "BCF928": Slip("1,10,A1,,S1,,50,\n1,11,A1,,S2,,50,\n", "1,10,A1,,S1,,50,\n1,10,A1,,S2,,50,\n"),
    "BCF929": Slip("1,10,A1,,,exclude,,\n", "1,10,A1,,,exclude,,another pool's\n"),
    "BCF930": Slip("1,10,A1,14,S1,,,\n", "1,10,A1,1,S1,,,\n"),
    "BCF933": Slip(SOUND, SOUND, "cost_centre,year,period,pence\nA1,,1,5\n", LINES),
    "BCF939": Slip(SOUND, SOUND, f"cost_centre,period,pence\nA1,1,{10**15}\n", LINES),
}  # fmt: skip


def made(scratch: Path, rules: str) -> Path:
    """Make a pool with these rules."""
    for name, text in (POOL | {"ledgers/ledger.rules.csv": HEAD + rules}).items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_text(text.lstrip(), encoding="utf-8")
    return scratch


def found(scratch: Path, rules: str, lines: str) -> list[str]:
    """Import lines into a pool with these rules: give the codes of what is found."""
    taken = take_in(ledger(lines), "ledger", made(scratch / "pool", rules))
    return [it.code for it in taken.findings]


def mended(code: str) -> Callable[[Path], tuple[list[str], list[str]]]:
    """Give what an import finds before its remedy is followed, and after."""

    def follow(scratch: Path) -> tuple[list[str], list[str]]:
        slip = SLIPS[code]
        after = slip.lines_mended or slip.lines
        return found(scratch, slip.rules, slip.lines), found(scratch, slip.mended, after)

    return follow


def taken_twice(scratch: Path) -> tuple[list[str], list[str]]:
    """A period is imported again, in place of what is there (BCF932)."""
    pool = made(scratch / "pool", SOUND)
    write_tables(take_in(ledger(LINES), "ledger", pool).tables, pool)
    later = ledger(f"{LINES}A1,2,5\n")
    again = (take_in(later, "ledger", pool, again=it) for it in (False, True))
    before, after = ([it.code for it in taken.findings] for taken in again)
    return before, after


def too_wide(scratch: Path) -> tuple[list[str], list[str]]:
    """Codes are written instead of expressions (BCF931)."""
    rules = "".join(f"{i},{i},~A.*{'x?' * 40}{i}z,,S1,,,\n" for i in range(250))
    lines = "cost_centre,period,pence\n" + "".join(f"A{'x' * 150}{i},1,5\n" for i in range(700))
    return found(scratch, rules, lines), found(scratch, "1,1,A*,,S1,,,\n", lines)


MENDED = {**{code: mended(code) for code in SLIPS}, "BCF931": too_wide, "BCF932": taken_twice}
"""Of each code that only an import finds: what is found before and after."""
