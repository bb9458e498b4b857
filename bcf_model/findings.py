"""What can be wrong with the data: findings are rows, each with where, what and what to do.

`CATALOGUE` is the whole list; docs/findings.md is made from it. Codes are stable: a code is never
used again for something else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

MOST_LISTED: Final = 20
MOST_COMPARED: Final = 1000
"""Beyond so many words, a list is cut short and a slip is not looked for among the rest."""


@dataclass(frozen=True)
class Kind:
    """One kind of finding: its severity, what it means, and the usual remedy."""

    severity: str
    meaning: str
    remedy: str


CATALOGUE: Final[dict[str, Kind]] = {
    # The files themselves
    "BCF001": Kind(
        "error", "The pool is not there", "Give a folder of CSV files or one .xlsx workbook."
    ),
    "BCF002": Kind("error", "A table is missing", "Add the file (or sheet) with its headings."),
    "BCF003": Kind("error", "A file is empty", "Write the headings in its first row."),
    "BCF004": Kind(
        "error", "A file is not what its name says", "Save it again as CSV UTF-8 (or .xlsx)."
    ),
    "BCF005": Kind("error", "The text cannot be read", "Save the file as CSV UTF-8."),
    "BCF006": Kind(
        "warning",
        "The text is not UTF-8 and was read as Windows-1252",
        "Check names and £ signs, or save the file as CSV UTF-8.",
    ),
    "BCF007": Kind(
        "error", "The rows cannot be told apart", "Close the quotation mark, or remove it."
    ),
    "BCF008": Kind("error", "A column is missing", "Add the column."),
    "BCF009": Kind(
        "error",
        "A column is not known",
        "Correct its heading, move its text to 'note', or remove it.",
    ),
    "BCF010": Kind("error", "A column stands twice", "Keep one of them."),
    "BCF011": Kind(
        "error",
        "A row is longer or shorter than the headings",
        "Look for an unquoted comma, as in 1,234, or a missing cell.",
    ),
    "BCF012": Kind("error", "A table has no rows", "Add its rows."),
    "BCF013": Kind(
        "warning", "A file is not one of a pool's tables", "Correct its name, or move it elsewhere."
    ),
    "BCF014": Kind("error", "A file is too large to be a pool's table", "Check what it is."),
    "BCF015": Kind(
        "error", "A column has amounts but no heading", "Give it a heading, or empty it."
    ),
    "BCF016": Kind(
        "error", "The cells are not separated by commas", "Save the file as CSV, comma delimited."
    ),
    "BCF017": Kind(
        "error",
        "A file cannot be opened",
        "Close it in other programs, check that you may read it, and try again.",
    ),
    "BCF018": Kind(
        "error",
        "The agreement is not there",
        "Give a rules table as CSV, or a folder that holds rules.csv.",
    ),
    # pool.toml
    "BCF101": Kind("error", "The settings cannot be read", "Correct the line named."),
    "BCF102": Kind("error", "A setting is missing", "Add it to the settings."),
    "BCF103": Kind("error", "A setting is not known", "Correct its name, or remove it."),
    "BCF104": Kind("error", "A setting has a value it cannot have", "Correct the value."),
    # Single cells
    "BCF201": Kind("error", "A cell that must be filled is blank", "Fill it in. Nil is written 0."),
    "BCF202": Kind(
        "error", "This is not an amount of money", "Write a number, such as 1,234 or (56)."
    ),
    "BCF203": Kind(
        "error", "An amount is finer than a penny", "Round it to the penny, or correct the unit."
    ),
    "BCF204": Kind(
        "error", "An amount is not in pounds sterling", "Convert it, and write it without the sign."
    ),
    "BCF205": Kind(
        "error", "A date stands where an amount belongs", "Type the amount again as a number."
    ),
    "BCF206": Kind("warning", "A dash was read as nil", "Write 0, to be sure."),
    "BCF207": Kind("error", "An amount is beyond £1 trillion", "Check the amount and the unit."),
    "BCF208": Kind("error", "A cell holds a formula", "Type the text or the number itself."),
    "BCF209": Kind("error", "A cell holds a control character", "Type the text again."),
    "BCF210": Kind(
        "error",
        "A code cannot be used",
        "Begin with a letter or digit; use letters, digits, spaces and . - _ & only, at most 60.",
    ),
    "BCF211": Kind("error", "A word is not one of those allowed", "Use one of the words listed."),
    "BCF212": Kind(
        "error",
        "A word that means 'nothing here' stands where a name belongs",
        "Fill in the name; if it is the real name, write it in full.",
    ),
    "BCF213": Kind(
        "error", "A cell holds a spreadsheet error", "Correct the formula, and save again."
    ),
    "BCF214": Kind(
        "warning",
        "Text was garbled on its way (read in the wrong encoding)",
        "Type the name again, and save as CSV UTF-8.",
    ),
    "BCF215": Kind("error", "This is not a whole number", "Write a whole number."),
    "BCF216": Kind("error", "This is not a share", "Write a percentage from 0 to 100."),
    "BCF217": Kind("error", "A text is too long", "Shorten it, or keep it in a document."),
    "BCF218": Kind(
        "error",
        "This is not pounds or a percentage, with its sign and not below nil",
        "Write it with its sign, such as £250,000 or 5%: it does not follow the unit of the pool.",
    ),
    "BCF219": Kind("error", "This is not a date", "Write it as 2019-04-01."),
    "BCF220": Kind("error", "This is not a number", "Write a number, such as 4.2."),
    # Codes and names
    "BCF301": Kind(
        "error", "A code stands twice", "Give each row a code of its own, or remove one."
    ),
    "BCF302": Kind(
        "error", "A theme is not in the list of themes", "Correct it, or add the theme."
    ),
    "BCF303": Kind(
        "error",
        "An organisation is not in the list of organisations",
        "Correct it, or add the organisation.",
    ),
    "BCF304": Kind(
        "error", "A category is not in the list of categories", "Correct it, or add the category."
    ),
    "BCF305": Kind(
        "error",
        "One scheme stands under two themes or organisations",
        "Give each line a scheme_id of its own.",
    ),
    "BCF306": Kind(
        "error",
        "Two codes would be one to a spreadsheet",
        "Make them differ by more than capitals, leading zeros or spaces.",
    ),
    "BCF307": Kind(
        "warning", "A code is declared but never used", "Remove it, or check for a missing line."
    ),
    "BCF308": Kind("error", "A scheme is not in the list of schemes", "Correct the scheme_id."),
    "BCF309": Kind(
        "warning",
        "Two lines have the same theme, organisation and name",
        "Check that one line was not entered twice.",
    ),
    "BCF310": Kind(
        "error", "A measure is not in the list of measures", "Correct it, or add the measure."
    ),
    "BCF311": Kind(
        "error",
        "An organisation is not of the kind that belongs here",
        "Name another organisation, or correct its organisation_kind.",
    ),
    # The risk share rules
    "BCF401": Kind("error", "A line has no risk share rule", "Add a rule whose scope covers it."),
    "BCF402": Kind(
        "error",
        "A line falls under two rules",
        "Narrow one of the scopes, or remove one of the rules.",
    ),
    "BCF403": Kind(
        "error", "The shares of a rule do not add up", "Correct the shares, to 100 in all."
    ),
    "BCF404": Kind(
        "error",
        "A rule names a bearer nobody declared",
        "Correct it, or add the organisation or the reserve.",
    ),
    "BCF405": Kind("error", "A scope cannot be read", "Write it as, for example, category=A."),
    "BCF406": Kind(
        "error",
        "A variance would be borne through a category that is not stated",
        "Find out the line's category.",
    ),
    "BCF407": Kind(
        "error",
        "A scope is ruled in one direction only",
        "Add the rule for the other direction.",
    ),
    "BCF408": Kind(
        "error",
        "A step can never be reached",
        "Remove it: the step before it already takes the whole variance.",
    ),
    "BCF409": Kind(
        "error",
        "A rule contradicts itself",
        "Name a bearer that goes with the basis, or correct the basis.",
    ),
    "BCF410": Kind("warning", "A rule covers no line", "Check its scope, or remove it."),
    "BCF411": Kind(
        "error",
        "Rules that are worked together do not say the same",
        "Let them say the same, or give one of them a step (or a scope) of its own.",
    ),
    "BCF412": Kind(
        "error", "A bearer stands twice among those who share", "Put its shares into one row."
    ),
    "BCF413": Kind(
        "error",
        "Two bands overlap: part of a variance falls in both",
        "Let one band begin where the other ends.",
    ),
    "BCF414": Kind(
        "error",
        "There is a gap between two bands: part of a variance has no bearer",
        "Let one band begin where the other ends.",
    ),
    "BCF415": Kind(
        "error", "A band ends where it begins, or before", "Correct one of its two edges."
    ),
    "BCF416": Kind(
        "error",
        "Bands in pounds and bands in percent cannot be set against each other",
        "Write the bands of a step all in pounds or all in percent.",
    ),
    "BCF417": Kind(
        "error",
        "Part of a variance is left that nobody bears",
        "Add a step for whatever is left, without bands or limits.",
    ),
    "BCF418": Kind(
        "error",
        "An offset cannot be worked as it is written",
        "Make it the first step of its scope, for either direction and alone in its step, and say "
        "in 'netting' what is netted before.",
    ),
    "BCF419": Kind(
        "error",
        "A rule says something that means nothing here",
        "Empty the cell, or correct the basis or the bearer.",
    ),
    "BCF420": Kind(
        "error",
        "A rule does not say which contributions it measures",
        "Write opening, revised or paid in 'version'.",
    ),
    "BCF421": Kind(
        "error",
        "A rule ends before it comes into force",
        "Correct in_force_from or in_force_to.",
    ),
    "BCF422": Kind(
        "error",
        "A rule is in force for part of the financial year only",
        "Give rules for the whole year, or make a pool of each part of it.",
    ),
    "BCF423": Kind(
        "warning",
        "A rule is not in force this year, and nothing stands in its place",
        "Check its dates, or remove it.",
    ),
    "BCF424": Kind(
        "error",
        "An amount attributed to a cause has no risk share rule",
        "Add a rule whose scope names the cause, or correct the cause.",
    ),
    "BCF425": Kind(
        "warning",
        "There is a gap between two bands: what falls into it goes on to the next step",
        "Check that the agreement means it so.",
    ),
    # The facts of the year
    "BCF431": Kind("error", "A line has the same cause twice", "Put the two amounts into one row."),
    "BCF432": Kind(
        "error",
        "A line is not in the pool, so nothing of it is shared",
        "Correct the scheme_id, or remove the row.",
    ),
    "BCF433": Kind(
        "warning",
        "More is attributed to causes than the line's variance, or the other way round",
        "Check the amounts and their signs: an overspend is above nil.",
    ),
    "BCF434": Kind("error", "A reserve begins the year below nil", "Correct the opening balance."),
    "BCF435": Kind(
        "error",
        "It is half said how a reserve is released",
        "Name both the measure that releases it and the partner that keeps the rest, or neither.",
    ),
    "BCF436": Kind(
        "error",
        "What was planned is not above nil, so nothing can be measured against it",
        "Correct what was planned.",
    ),
    "BCF437": Kind("error", "A contribution is below nil", "Correct the amount."),
    "BCF438": Kind(
        "error",
        "A rule shares by contributions, and its bearer has none in that version",
        "State what the bearer contributes, 0 if nothing, or correct the version.",
    ),
    "BCF439": Kind(
        "error",
        "A contribution is for lines of which a rule measures only a part",
        "State the contribution for each part, or say in 'measured_over' what is measured.",
    ),
    "BCF440": Kind(
        "error",
        "A rule has nothing to share by",
        "Say in 'measured_over' what is measured, or share it on another basis.",
    ),
    "BCF441": Kind(
        "error",
        "Payment by activity needs a row in payments and one in activity",
        "Add the row that is missing, or remove the other.",
    ),
    "BCF442": Kind(
        "warning",
        "Activity is beyond the point at which the payment reopens",
        "Check that it was reopened, as its clause says.",
    ),
    "BCF443": Kind(
        "error",
        "A line pays its own budget holder",
        "Name the other partner, or leave transfer_to blank.",
    ),
    "BCF444": Kind(
        "warning",
        "A contribution is for no line that is shared, so it is never counted",
        "Check what it is for.",
    ),
    "BCF445": Kind(
        "warning",
        "Two contributions of a partner have the same version, lines and funding",
        "Check that one was not entered twice: both are counted.",
    ),
    "BCF446": Kind(
        "warning",
        "A reserve takes in capital or a grant, and pays for something else",
        "Give capital and each grant a reserve of its own, or check that the agreement allows it.",
    ),
    # Amounts together
    "BCF501": Kind("warning", "A budget is negative", "Check that the line is net of income."),
    "BCF502": Kind(
        "error", "A control total does not match", "Look for a missing or changed line."
    ),
    "BCF503": Kind(
        "error", "The amounts look 1,000 times too large or too small", "Correct the unit."
    ),
    "BCF504": Kind("error", "No line is in the pool", "Mark the lines of the pool as pooled."),
    # Figures named or printed
    "BCF601": Kind(
        "error", "A figure cannot be read", "Write it as, for example, variance/theme=1."
    ),
    "BCF602": Kind("error", "A printed number cannot be read", "Write it just as printed."),
    "BCF603": Kind(
        "error",
        "A printed number has other decimals than stated",
        "Correct 'decimals' or the number.",
    ),
    "BCF604": Kind(
        "error",
        "A figure is said to be made of itself",
        "Name in 'sum_of' only what the figure adds up and takes away.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the data, or worth a look.

    Attributes:
        code: a key of `CATALOGUE`.
        file: the file's name inside the pool ("" when the pool itself is missing).
        row: the row as a spreadsheet counts it, headings being row 1; 0 when it is the whole file.
        column: the heading; "" when it is the whole row.
        value: what was found.
        expected: what would have been right.
        sheet: the worksheet, when the pool is a workbook.
    """

    code: str
    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""
    sheet: str = ""

    @property
    def severity(self) -> str:
        """`error` (nothing is calculated) or `warning`."""
        return CATALOGUE[self.code].severity

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return CATALOGUE[self.code].remedy

    @property
    def place(self) -> str:
        """Where it is, in words a reader can follow."""
        parts = [self.file or "the pool"]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    @property
    def sentence(self) -> str:
        """The finding in one sentence, without its remedy."""
        said = f"{self.place}: {CATALOGUE[self.code].meaning}"
        if self.value:
            said += f": found {self.value}"
        if self.expected:
            said += f"; expected {self.expected}"
        return said


FIELDS: Final = (
    "code", "severity", "file", "sheet", "row", "column", "value", "expected", "meaning", "remedy",
)  # fmt: skip


def as_rows(findings: Iterable[Finding]) -> list[dict[str, str | int]]:
    """Give findings as plain rows, `FIELDS` in order, for CSV, JSON and pages."""
    return [
        {
            "code": f.code,
            "severity": f.severity,
            "file": f.file,
            "sheet": f.sheet,
            "row": f.row or "",
            "column": f.column,
            "value": f.value,
            "expected": f.expected,
            "meaning": CATALOGUE[f.code].meaning,
            "remedy": f.remedy,
        }
        for f in findings
    ]


def has_errors(findings: Iterable[Finding]) -> bool:
    """Say whether anything stands in the way of a calculation."""
    return any(f.severity == "error" for f in findings)


def one_of(words: Iterable[str], found: str = "") -> str:
    """List the words allowed, the likeliest one first when `found` looks like a slip."""
    known = list(words)
    listed = ", ".join(known[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    folded = {w.casefold(): w for w in known[:MOST_COMPARED]}
    near = get_close_matches(found.casefold()[:60], folded, n=1, cutoff=0.6) if found else []
    return f"{folded[near[0]]!r}? (one of {listed})" if near else f"one of {listed}"
