"""The assurance page: what a reviewer asks of a model, answered as far as the program can.

The questions go from what the model is for to who signs it off, as a review of a model does
(National Audit Office, Framework to review models, 2016, revised 2022). The logs (data,
assumptions, decisions) and the roles (commissioner, analyst, assurer, approver) are those of the
AQuA Book (Government Analysis Function, 2025). What only a person can answer is left blank.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bcf_model.core.figures import MEASURES
from bcf_model.core.findings import CATALOGUE
from bcf_model.core.money import MILLIONTHS, sterling
from bcf_model.core.tables import INPUT_TABLES, records
from bcf_model.core.words import NETTINGS, NOT_STATED, UNITS
from bcf_model.core.years import spoken
from bcf_model.publish.page import Heading, Number, Row, Sheet, heads
from bcf_model.year.results import Results, known

BY_HAND: Final = "To be filled in by a person: the program cannot know it"
"""What stands beside every blank."""

_OURS: Final = re.compile(r"\b(ours|illustrative|invented|assum\w*|estimat\w*)\b", re.IGNORECASE)
_MOST_REMARKS: Final = 20


def assurance(results: Results, versions: Mapping[str, str]) -> Sheet:
    """Lay out the page.

    Args:
        results: a calculated pool.
        versions: what the report is made with, by name; none when that is not known.
    """
    sections = (
        ("1. What is the model for, and is it fit for that?", _purpose(results)),
        ("2. Is the logic right? Decisions log", _logic(results)),
        ("3. Are the data good? Data log", _data(results)),
        ("4. Are the assumptions sound? Assumptions log", _assumptions(results)),
        ("5. Are the uncertainties stated?", _uncertainties(results)),
        ("6. How was it verified and validated?", _verified(results, versions)),
        ("7. Who answers for it?", _governance()),
    )
    rows = [row for title, answers in sections for row in (Row("group", (title,)), *answers)]
    return Sheet(
        "Assurance",
        "Assurance: what a reviewer asks",
        (
            "From what the model is for to who answers for it, as a review of a model goes "
            "(National Audit Office, Framework to review models, 2016, revised 2022). Logs and "
            "roles are those of the AQuA Book (Government Analysis Function, 2025).",
            "What is blank under Answer only a person can say. Fill it in on a copy: bcf verify "
            "names every cell that is not as it was issued.",
        ),
        (
            *heads(subject=36, answer=76),
            Heading("Number", "number", 10),
            Heading("Basis", width=52),
        ),
        tuple(rows),
        opening=False,
    )


def _row(subject: str, answer: str, basis: str = "", number: int | None = None) -> Row:
    return Row("line", (subject, answer, None if number is None else Number(number), basis))


def _blank(subject: str) -> Row:
    return Row("line", (subject, None, None, BY_HAND))


def _purpose(results: Results) -> Iterator[Row]:
    settings = results.inputs.settings
    lines = results.figures.tables["lines"]
    pooled = int((lines["pooling"] == "pooled").sum())
    yield _row(
        "Purpose",
        f"To state the {settings.standing.position.lower()} of "
        f"{spoken(settings.financial_year)} to the penny, and who bears each variance under the "
        "agreement",
        f"For {settings.board}",
    )
    yield _row("In it", "Budget lines of the pool", "Inputs page", pooled)
    yield _row(
        "Beside it", "Lines outside the pool: in no total and in no share", "Memo page",
        len(lines) - pooled,
    )  # fmt: skip
    yield _row(
        "Not in it",
        "Whether money was well spent, what was achieved, and what a contract or statute requires",
        "Nothing of it is in the inputs",
    )
    yield _blank("Fit for the decision it is used for")


def _logic(results: Results) -> Iterator[Row]:
    applied = set(results.figures.tables["shares"]["rule_id"])
    yield _row("Variance", MEASURES["variance"].meaning, "Every page")
    yield _row("Borne", MEASURES["borne"].meaning, "Workings page, one row a share")
    yield _row(
        "Sharing to the penny",
        "By cumulative shares: each bearer bears the rounded running total less what those before "
        "it bear, so that the parts add up to the whole",
        "Workings page",
    )
    yield _row(
        "Revenue and capital", "Never netted: each is shared by itself", "Revenue and capital page"
    )
    standing = results.inputs.settings.standing
    if standing.share_note:
        yield _row("Shares", standing.share_note.capitalize(), "The pool's settings")
    for rule in records(results.inputs.rules):
        used = "applied" if rule.rule_id in applied else "not called on by these variances"
        used = "not applied" if standing.no_share else used
        where = "; ".join(text for text in (rule.clause, rule.source) if text)
        yield _row(f"Rule {rule.rule_id}: {used}", _rule(rule), where)
    for limit in records(results.outputs["limits"]):
        left = known(limit.left)
        used = "not used up by these variances" if left else "used up"
        used = "whether it is used up is not known" if left is None else used
        said = f"{limit.bearer}, at most {limit.at_most} of {limit.covers}, {limit.counts}"
        yield _row(f"Limit {limit.limit_id}: {used}", said, limit.clause)
    schemes = results.inputs.schemes
    not_stated = (schemes["category"] == NOT_STATED) & (schemes["pooling"] == "pooled")
    yield _row(
        "Category not stated",
        "Lines through which nothing may be borne: with a variance, they stop the report",
        "Inputs page",
        len(schemes[not_stated]),
    )
    yield _blank("The rules say what the signed agreement says")


def _rule(rule: Any) -> str:
    """Describe a rule in the words of its row; what it leaves at its default is left out."""
    said = f"{rule.scope}, {rule.direction}, step {rule.step}"
    if rule.band_from or rule.band_to:
        said += f", from {rule.band_from or 'nil'} to {rule.band_to or 'no end'}"
    if rule.netting != "scope":
        said += f", netted over {NETTINGS[rule.netting]}"
    share = f" {rule.share / MILLIONTHS:g}%" if rule.basis == "fixed" else ""
    limit = f", at most {rule.limit}" if rule.limit else ""
    return f"{said}: {rule.basis}{share}, {rule.bearer}{limit}"


_READ_SO: Final = ("BCF019", "BCF022", "BCF024", "BCF031", "BCF033", "BCF222", "BCF225")
"""The notes of what was read otherwise than it is written."""


def _data(results: Results) -> Iterator[Row]:
    inputs = results.inputs
    as_at = inputs.settings.day
    yield _row("Source", inputs.settings.source, f"Position as at {as_at}")
    status = inputs.settings.status or "Not stated: to be taken as unaudited"
    yield _row("Status of the figures", status, "As the pool's settings say")
    for file in inputs.files:
        rows = file.rows or None  # the settings have none
        yield _row(file.name, f"SHA-256 {file.sha256}", f"Source above, as at {as_at}; rows", rows)
    warnings = Counter(it.code for it in inputs.findings if it.severity == "warning")
    for code, count in warnings.items():
        yield _row(f"Warning {code}", CATALOGUE[code].meaning, CATALOGUE[code].remedy, count)
    if not warnings:
        yield _row("Warnings", "None", "Findings page", 0)
    notes = Counter(it.code for it in inputs.findings if it.code in _READ_SO)
    for code, count in notes.items():
        yield _row(f"Note {code}", CATALOGUE[code].meaning, "Findings page", count)
    yield _row(
        "Control totals",
        "Totals known from elsewhere, each equal to its last digit",
        "control_totals",
        len(inputs.control_totals),
    )
    yield _blank("The inputs agree with the ledgers of the partners")


def _assumptions(results: Results) -> Iterator[Row]:
    inputs, settings = results.inputs, results.inputs.settings
    limits = settings.commentary
    yield _row(
        "Direction of a rule",
        "Over or under is decided by the net variance of what is netted together, revenue and "
        "capital each by its own; nil counts as over",
        "This program's reading: an agreement may say otherwise",
    )
    yield _row(
        "Rounding",
        "Half away from zero, to the penny, once for each share",
        "This program's rule; a spreadsheet's ROUND does the same",
    )
    yield _row(
        "Unit",
        f"Amounts in the files are in {settings.unit}; all is computed in whole pence",
        "The pool's settings",
    )
    yield _row(
        "Thresholds for a reason",
        f"More than £{limits.over_pounds:,} and more than {limits.over_percent:g}% of budget",
        "The pool's settings; who chose them is not known to the program",
    )
    remarks = list(_said_to_be_ours(results))
    yield _row(
        "Remarks that say so",
        "Texts of the inputs that call something ours, illustrative, invented, assumed or "
        "estimated",
        "Looked for in the settings and in every note and source",
        len(remarks),
    )
    for where, said in remarks[:_MOST_REMARKS]:
        yield _row("Said in the inputs", said, where)
    if len(remarks) > _MOST_REMARKS:
        more = len(remarks) - _MOST_REMARKS
        yield _row("Said in the inputs", "Further remarks of this kind", "In the inputs", more)
    if not len(inputs.control_totals):
        yield _row("Completeness", "Assumed: no control total was given", "control_totals", 0)
    yield _blank("The assumptions are accepted")


def _said_to_be_ours(results: Results) -> Iterator[tuple[str, str]]:
    """Return the remarks in which the inputs call something their own: where, and what."""
    settings = results.inputs.settings
    for name in ("title", "board", "source", "status"):
        if _OURS.search(text := getattr(settings, name)):
            yield f"Settings, {name}", text
    for table in INPUT_TABLES:
        frame = getattr(results.inputs, table.name)
        for column in ("source", "note"):
            if column in frame:
                for key, text in zip(frame.iloc[:, 0], frame[column], strict=True):
                    if _OURS.search(str(text)):
                        yield f"{table.name}, {key}", str(text)


def _uncertainties(results: Results) -> Iterator[Row]:
    steps, unit = results.inputs.steps, results.inputs.settings.unit
    rounded = 0 if steps is None else _rounded(steps)
    yield _row(
        "Rounded inputs",
        "Amounts written in steps of more than a penny: each may be half a step more or less"
        + (f"; a whole number is in steps of {sterling(UNITS[unit])}" if rounded else ""),
        "Published page: what rounding allows",
        rounded,
    )
    yield _row(
        "Shares near half a penny",
        "Shares within 0.001p of a half, where another program may round the other way",
        "Checks page",
        len(results.near_half),
    )
    yield _row(
        "Not estimated here",
        "Accruals, provisions and audit adjustments still to come",
        "Nothing of it is in the inputs",
    )
    yield _blank("How far the figures could still move")


def _rounded(steps: Any) -> int:
    """Count the amounts of lines that were rounded before they were typed.

    A variance counts where it stands alone: beside a budget or expenditure it says no more.
    """
    both = steps[["budget", "expenditure"]].to_numpy()
    alone = (both == 0).all(axis=1) & (steps["variance"] > 1)
    return len(both[both > 1]) + len(steps[alone])


def _verified(results: Results, versions: Mapping[str, str]) -> Iterator[Row]:
    checks = "Checks page"
    held = len(results.checks)
    yield _row("Checks", "All hold to the penny; if one fails, nothing is written", checks, held)
    for kind, count in Counter(_kind_of_check(check.name) for check in results.checks).items():
        yield _row("Checks that hold", kind, checks, count)
    verdicts = Counter(results.outputs["published"]["verdict"])
    for verdict, count in verdicts.items():
        yield _row("Printed figures, compared", f"{verdict.capitalize()}", "Published page", count)
    if not verdicts:
        yield _row("Printed figures, compared", "None was given", "Published page", 0)
    again = "bcf verify makes this report again from its inputs and compares every cell"
    yield _row("Made again", again, "run.json")
    proved = "bcf selftest compares a small pool with figures worked out by hand"
    yield _row("This installation", proved, "Part of the package")
    for name, version in versions.items():
        yield _row("Version", f"{name} {version}", "run.json")
    if not versions:
        yield _row("Version", "Listed in run.json", "run.json")
    yield _blank("Re-performed by someone who did not make it")


def _kind_of_check(name: str) -> str:
    """Name the identity a check is a case of: the same one for each measure, pot or total.

    >>> _kind_of_check("Budget by theme = of all lines"), _kind_of_check("Control total: budget")
    ('Budget, expenditure, variance by theme = of all lines', 'Control total')
    """
    kind = re.split(r"[,:]", name, maxsplit=1)[0]
    return re.sub(r"^(Budget|Expenditure|Variance)\b", "Budget, expenditure, variance", kind)


def _governance() -> Iterator[Row]:
    for role in (
        "Commissioner: who asked for it",
        "Analyst: who made it",
        "Assurer: who reviewed it",
        "Approver: who signs it off",
        "Date of sign-off",
        "Known limits the approver accepts",
    ):
        yield _blank(role)
