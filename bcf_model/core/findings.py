"""What can be wrong with the data: findings are rows, each with where, what and what to do.

`CATALOGUE` is the whole list; docs/findings.md is made from it. Codes are stable: a code is never
used again for something else.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

MOST_LISTED: Final = 20
MOST_COMPARED: Final = 1000
"""Beyond so many words, a list is cut short and a slip is not looked for among the rest."""
MOST_NAMED: Final = 5
"""So many codes are named where there is no choice to make."""
_MOST_WEIGHED: Final = 3
"""Words that a slip is compared with letter by letter: those that share most with it."""
_MOST_SHARED: Final = 200
"""Words looked at for pairs of letters they share with a slip, its rarest pairs first."""
_LONGEST_SLIP: Final = 60
_LONGEST_WORD: Final = 80
_LONGEST_SAID: Final = 800
_ALIKE: Final = 0.6
"""Of two words: the least part of their letters they have in common, in order."""


@dataclass(frozen=True)
class Kind:
    """One kind of finding: its severity, what it means, and the usual remedy.

    The severity is `error` (nothing is calculated), `warning` (worth a look) or `note` (something
    was read with some leniency, which changes nothing). `mild_where` says where it is a warning, of
    a kind that is else an error.
    """

    severity: str
    meaning: str
    remedy: str
    mild_where: str = ""


CATALOGUE: Final[dict[str, Kind]] = {
    # The files themselves
    "BCF001": Kind(
        "error",
        "What was named is not there, or cannot be read",
        "Correct the path. A pool is a folder of CSV files or one .xlsx workbook; a "
        "transcription is one CSV file.",
    ),
    "BCF002": Kind(
        "error",
        "A file (or sheet) is missing",
        "Add the file (or sheet): a table with its headings and rows, settings with those "
        "expected.",
    ),
    "BCF003": Kind(
        "error",
        "A file is empty",
        "Write the headings in its first row, and its rows below them.",
    ),
    "BCF004": Kind(
        "error",
        "A file is not what its name says",
        "Save it again as what is expected, from the program it was made with, or correct its "
        "name.",
    ),
    "BCF005": Kind(
        "error",
        "The text cannot be read",
        "Save it as text in UTF-8 (of a table: CSV UTF-8).",
    ),
    "BCF006": Kind(
        "warning",
        "The text is not UTF-8 and was read as Windows-1252",
        "Check names and £ signs, and save it as text in UTF-8 (of a table: CSV UTF-8).",
    ),
    "BCF007": Kind(
        "error",
        "The rows cannot be told apart",
        "Close the quotation mark that is open in this row or above it, or remove it.",
    ),
    "BCF008": Kind(
        "error",
        "A column is missing",
        "Add the column, and fill it in.",
    ),
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
        "warning",
        "A file is not one of a pool's tables",
        "Correct its name, save a sheet of it as CSV, or move it elsewhere.",
    ),
    "BCF014": Kind(
        "error",
        "A file is too large to be a pool's table",
        "Take out what is no part of the table, such as stray cells, or put the right file "
        "in its place.",
    ),
    "BCF015": Kind(
        "error",
        "A column has amounts but no heading",
        "Empty it, or give it the heading it should have.",
    ),
    "BCF016": Kind(
        "error", "The cells are not separated by commas", "Save the file as CSV, comma delimited."
    ),
    "BCF017": Kind(
        "error",
        "A file cannot be opened",
        "Close it in other programs, check that you may read it and that it is no link to "
        "nowhere, and try again.",
    ),
    "BCF018": Kind(
        "error",
        "The agreement is not there, or cannot be read",
        "Give a rules table as CSV, or a folder that holds rules.csv.",
    ),
    "BCF021": Kind(
        "error",
        "A report stands where a pool belongs",
        "Name the pool that the report was made from; where it was made with its inputs "
        "(--with-inputs), they stand in the folder 'inputs' in it.",
    ),
    # Workbooks
    "BCF020": Kind(
        "warning",
        "Part of a sheet is hidden, and is read all the same",
        "Unhide it and check, or delete it.",
    ),
    "BCF023": Kind(
        "warning",
        "A comment stands in a cell, and is no part of the figures",
        "Check that nothing is meant to follow from it, and delete it; or let it stand.",
    ),
    "BCF024": Kind(
        "note",
        "A merged cell stands for several rows: its value is taken for each",
        "Nothing, if that is right; otherwise unmerge it, and fill in each row.",
    ),
    "BCF025": Kind(
        "error",
        "A workbook holds twice what it can hold only once",
        "Open it in a spreadsheet program, remove or rename one of the two, and save it.",
    ),
    "BCF026": Kind(
        "error",
        "The result of a formula cannot be relied on: it was not calculated",
        "Open the workbook in a spreadsheet program, let it calculate, and save it; or type the "
        "value.",
    ),
    "BCF027": Kind(
        "warning",
        "A workbook is of a kind of which not all is read that a person sees",
        "Save a copy as .xlsx, of which it is.",
    ),
    "BCF028": Kind(
        "error",
        "A merged cell holds one value where each row and column needs its own",
        "Unmerge it, and fill in each cell.",
    ),
    "BCF029": Kind(
        "error",
        "An amount is shown smaller than it is, and the unit is not pounds: either may be meant",
        "State the unit as pounds; or give the cells a format that shows the whole amount, in the "
        "unit.",
    ),
    # pool.toml
    "BCF101": Kind(
        "error",
        "The settings cannot be read",
        "Correct the line named, or remove it if the setting stands twice.",
    ),
    "BCF102": Kind("error", "A setting is missing", "Add it to the settings."),
    "BCF103": Kind("error", "A setting is not known", "Correct its name, or remove it."),
    "BCF104": Kind(
        "error",
        "A setting has a value it cannot have",
        "Correct the value; of a setting that stands twice, keep one.",
    ),
    "BCF105": Kind(
        "error",
        "An outturn is dated before its year is over",
        "Set basis to what the expenditure is (plan, to date or forecast), or correct as_at.",
    ),
    "BCF106": Kind(
        "warning",
        "A control total is of a share, and none is given of this position: it is not compared",
        "Take the total out, or set basis to what the expenditure is.",
    ),
    "BCF107": Kind(
        "error",
        "This is not a web address",
        "Write it in full, beginning with https://, or leave it blank.",
    ),
    # Single cells
    "BCF201": Kind(
        "error",
        "A cell that must be filled is blank",
        "Fill it in.",
    ),
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
    "BCF207": Kind(
        "error",
        "An amount is beyond £1 trillion, by itself or with the others of its column",
        "Correct the amount, or what it is worked out of, or the unit.",
    ),
    "BCF208": Kind("error", "A cell holds a formula", "Type the text or the number itself."),
    "BCF209": Kind("error", "A cell holds a control character", "Type the text again."),
    "BCF210": Kind(
        "error",
        "A code cannot be used",
        "Choose another: a letter or digit first, then letters, digits, spaces and . - _ & "
        "only, at most 60 in all, and no word that has a meaning of its own.",
    ),
    "BCF211": Kind("error", "A word is not one of those allowed", "Use one of the words listed."),
    "BCF212": Kind(
        "error",
        "A word that means 'nothing here' stands where something belongs",
        "Fill the cell in, or empty it where it may be blank; if it is the real name, "
        "write it in full.",
    ),
    "BCF213": Kind(
        "error", "A cell holds a spreadsheet error", "Correct the formula, and save again."
    ),
    "BCF214": Kind(
        "warning",
        "Text was garbled on its way (read in the wrong encoding)",
        "Type the text again, and save as CSV UTF-8.",
    ),
    "BCF215": Kind(
        "error",
        "This is not a whole number, or not one that can stand here",
        "Write a whole number, within what is expected.",
    ),
    "BCF216": Kind(
        "error",
        "This is not a share",
        "Write a percentage from 0 to 100, without any other sign than %.",
    ),
    "BCF217": Kind("error", "A text is too long", "Shorten it, or keep it in a document."),
    "BCF218": Kind(
        "error",
        "This is not written as it must be here: with its £ or % sign, from nil up",
        "Write it as expected, with its sign: the unit of the pool does not apply to it.",
    ),
    "BCF219": Kind("error", "This is not a date", "Write it as 2019-04-01."),
    "BCF220": Kind(
        "error",
        "This is not a number",
        "Write a number, such as 4.2, without any sign of money or of percent.",
    ),
    "BCF221": Kind("error", "This is not a financial year", "Write it as 2019-20."),
    "BCF222": Kind(
        "note",
        "Percent cells were read as what they show",
        "Nothing, if that is right.",
    ),
    "BCF223": Kind(
        "error",
        "A percentage lies between 0 and 1, and may be meant as a fraction",
        "Write it with its sign: 0.6% or 60%.",
    ),
    "BCF224": Kind(
        "error",
        "A code is a date, or a power of ten, to the workbook",
        "Format the cell as text, and type the code again.",
    ),
    "BCF226": Kind(
        "warning",
        "Cells are formatted to show thousands or millions, and are read as the pounds they hold",
        "Check one of them, or give them a format that shows the whole amount.",
    ),
    "BCF227": Kind(
        "error",
        "The workbook's own total leaves out an amount typed as text",
        "Type the amount again as a number.",
    ),
    # Codes and names
    "BCF301": Kind(
        "error",
        "A code stands twice",
        "Remove one of the rows, or give it a code of its own.",
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
    "BCF308": Kind(
        "error",
        "A scheme is not in the list of schemes",
        "Correct it, or add the scheme.",
    ),
    "BCF309": Kind(
        "warning",
        "Two lines have the same theme, organisation and name",
        "Remove one of them if the line was entered twice, or else tell them apart by name.",
    ),
    "BCF310": Kind(
        "error", "A measure is not in the list of measures", "Correct it, or add the measure."
    ),
    "BCF311": Kind(
        "error",
        "An organisation is not of the kind that belongs here",
        "Name another organisation, or correct its organisation_kind.",
    ),
    # What is not stated
    "BCF312": Kind(
        "warning",
        "The pool states budgets and no expenditure: variances and shares are not given",
        "Add the expenditure of each line once it is known. Nil is written 0.",
    ),
    "BCF313": Kind(
        "warning",
        "An amount of a line is not stated, and is not taken for nil: what needs it is left blank",
        "State the amount once it is known. Nil is written 0.",
    ),
    "BCF314": Kind(
        "warning",
        "Lines are known by their variance alone: their budget and expenditure are left blank",
        "Add the budget or the expenditure of each, and the third follows.",
    ),
    "BCF315": Kind(
        "error",
        "The pool states no amount at all",
        "State the budgets of its lines, their expenditure, or their variances.",
    ),
    "BCF316": Kind(
        "error",
        "A variance is not expenditure − budget",
        "Correct one of the three (an overspend is above nil), or leave one out where they are "
        "rounded: it follows from the others.",
    ),
    "BCF317": Kind(
        "warning",
        "It is not stated whose budget line it is: who has paid for it, and what depends on that, "
        "is left blank",
        "Name the budget holder of each line once it is known.",
    ),
    "BCF318": Kind(
        "error",
        "A row of a version states no theme, and other rows of it do",
        "Name its theme, or write 'not stated'; leave out a total of the other rows.",
    ),
    "BCF319": Kind(
        "warning",
        "A version leaves out what another states: that is not nil, and what moved is not given",
        "Add a row with the amount; nil is written 0.",
    ),
    "BCF320": Kind(
        "warning",
        "A version does not state an amount: that is not nil, and what needs it is left blank",
        "State the amount once it is known. Nil is written 0.",
    ),
    "BCF321": Kind(
        "warning",
        "A control total cannot be checked: something in it is not stated",
        "State what is missing, or leave the control total out.",
    ),
    "BCF322": Kind(
        "error",
        "A plan opens with, or is held against, a version of which an amount is not stated",
        "State the amount, or name another version. Nil is written 0.",
    ),
    "BCF323": Kind(
        "warning",
        "The budget agreed for a year and the one the plan opens with are not of the same things: "
        "what either leaves out is not nil, and that year has no shares",
        "Add to each what it leaves out; nil is written 0.",
    ),
    "BCF324": Kind(
        "warning",
        "Nothing of a plan can be shared: who bears hangs on what the pool does not state",
        "State it once it is known; all but the shares is calculated.",
    ),
    # The risk share rules
    "BCF401": Kind("error", "A line has no risk share rule", "Add a rule whose scope covers it."),
    "BCF402": Kind(
        "error",
        "A line falls under two rules",
        "Narrow one of the scopes or directions, or remove one of the rules.",
    ),
    "BCF403": Kind(
        "error", "The shares of a rule do not add up", "Correct the shares, to 100 in all."
    ),
    "BCF404": Kind(
        "error",
        "A rule names a bearer nobody declared",
        "Correct it, or add the organisation or the reserve.",
    ),
    "BCF405": Kind(
        "error",
        "A scope cannot be read, or names what is not there",
        "Write it as expected, as in category=A/kind=revenue, with codes that are declared.",
    ),
    "BCF406": Kind(
        "error",
        "A variance would be borne through a category that is not stated",
        "State the category of the line.",
    ),
    "BCF407": Kind(
        "error",
        "A scope is ruled in one direction only",
        "Add the rule for the other direction, or let it be for either.",
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
        "A rule or a limit ends before it comes into force",
        "Correct in_force_from or in_force_to.",
    ),
    "BCF422": Kind(
        "error",
        "A rule or a limit is in force for part of the financial year only",
        "Give rules for the whole year, or state what its lines were in each part in parts.csv.",
    ),
    "BCF423": Kind(
        "warning",
        "A rule or a limit is not in force this year, and nothing stands in its place",
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
        "Let one band begin where the other ends, unless the agreement leaves the gap.",
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
        "Correct the amounts or their signs: an overspend is above nil.",
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
        "Say in 'measured_over' what is measured, state the amounts, or share on another basis.",
    ),
    "BCF441": Kind(
        "error",
        "Payment by activity needs a row in payments and one in activity",
        "Add the row that is missing, or remove the other.",
    ),
    "BCF442": Kind(
        "warning",
        "Activity is beyond the point at which the payment reopens",
        "Correct what is wrong, if anything is; else reopen the payment, as its clause "
        "says, and state its new terms.",
    ),
    "BCF443": Kind(
        "error",
        "A line pays its own budget holder",
        "Name the other partner, or leave transfer_to blank.",
    ),
    "BCF444": Kind(
        "warning",
        "A contribution is for no line that is shared, so it is never counted",
        "Correct 'to', or remove the row.",
    ),
    "BCF445": Kind(
        "warning",
        "Two contributions of a partner have the same version, lines and funding",
        "Remove one of them if it was entered twice: both are counted.",
    ),
    "BCF446": Kind(
        "warning",
        "A reserve takes in capital or a grant, and pays for something else",
        "Give capital and each grant a reserve of its own, unless the agreement allows it.",
    ),
    "BCF447": Kind(
        "warning",
        "A line paid by activity cost less than its activity at full price",
        "Give its expenditure at full price: what is not paid is taken off by the payment.",
    ),
    "BCF448": Kind(
        "warning",
        "A limit can never hold anything back",
        "Check its bearer and what it covers: no rule there makes the bearer bear anything.",
    ),
    "BCF449": Kind(
        "error",
        "A limit is on somebody who cannot have one",
        "Name a partner or a provider; a reserve is limited by its balance.",
    ),
    "BCF450": Kind(
        "error",
        "A limit covers a rule that is not there",
        "Correct the code, or add the rule.",
    ),
    "BCF451": Kind(
        "error",
        "A limit covers a part of what is netted together",
        "Let it cover all of it or none, or say in 'netting' that the lines are netted apart.",
    ),
    "BCF452": Kind(
        "error",
        "A bearer has two limits on the same",
        "Keep the one that holds, or give them dates.",
    ),
    # Amounts together
    "BCF460": Kind(
        "error",
        "The parts do not make the financial year",
        "State the parts from 1 April to 31 March, without a gap and without an overlap.",
    ),
    "BCF461": Kind(
        "error",
        "A line is not stated once in each part of the year",
        "Give each line of parts.csv one row in every part, nil where it had nothing.",
    ),
    "BCF462": Kind(
        "error",
        "The parts of a line do not come to the line",
        "Correct the amounts of the parts, or of the line in schemes.csv.",
    ),
    "BCF463": Kind(
        "error",
        "The rules of a line change within the year, and its parts are not stated",
        "Add its budget and expenditure in each part to parts.csv.",
    ),
    "BCF464": Kind(
        "error",
        "What is stated of the year by itself cannot be parted where the rules change within it",
        "State the line without it: what was paid, or a line of its own for what was attributed.",
    ),
    "BCF465": Kind(
        "error",
        "What an amount of the agreement means in a part of the year is not stated, or cannot be",
        "State in over_parts what the agreement says of it.",
    ),
    "BCF466": Kind(
        "note",
        "The parts of the year are stated, and no rule of the agreement changes within it",
        "Nothing, or take parts.csv out: the year is ruled as a whole.",
    ),
    "BCF501": Kind(
        "warning",
        "A budget is negative",
        "Correct the sign, unless the line is net of income.",
    ),
    "BCF502": Kind(
        "error",
        "A control total does not match",
        "Correct the line that is missing or wrong, or the total.",
    ),
    "BCF503": Kind(
        "error",
        "The amounts look 1,000 times too large or too small",
        "Correct the unit, of the pool or of the amount.",
    ),
    "BCF504": Kind("error", "No line is in the pool", "Mark the lines of the pool as pooled."),
    "BCF505": Kind(
        "error",
        "A control total is of what is not told apart",
        "State a total of the whole that is shared together.",
    ),
    "BCF506": Kind(
        "error",
        "A line is the sum of other lines, and would be counted twice",
        "Remove it (a total can be kept in control_totals), or write 'line' in counts_as if it is "
        "a line of its own.",
        mild_where="where its name and code do not say total, or it may be so by chance",
    ),
    "BCF507": Kind(
        "warning",
        "A row of totals is left out: it agrees with the lines",
        "Remove it, or leave it where it is: it is not counted.",
    ),
    "BCF508": Kind(
        "error",
        "A row says total, and the lines do not come to it",
        "Correct the line that is missing or wrong, or the row, and then remove the row; write "
        "'line' in counts_as if it is a line of its own.",
    ),
    "BCF509": Kind(
        "warning",
        "An amount is about 1,000 times the one beside it, or a thousandth of it",
        "Correct the amount, unless it is right: all amounts of a table are in one unit.",
    ),
    "BCF510": Kind(
        "warning",
        "No line has any amount in this column",
        "Enter the amounts, if they are not nil.",
    ),
    "BCF513": Kind(
        "warning",
        "Contributions do not come to the budgets they are for",
        "Correct the contributions, the lines named in 'to', or the budgets.",
    ),
    "BCF514": Kind(
        "warning",
        "A control total agrees only within the last digit it is written with",
        "Write it to the penny, to be sure.",
    ),
    "BCF515": Kind(
        "warning",
        "Expenditure equals the budget on every line",
        "Enter what was spent, if the budget was entered in its place.",
    ),
    "BCF516": Kind(
        "warning",
        "A version of the budget states a sum beside its parts, so it is counted twice",
        "Remove the sum, or check that it is a budget of its own.",
    ),
    "BCF511": Kind(
        "warning",
        "The position is of a day within the year, and its basis is not stated",
        "Set basis in the settings: plan, to date or forecast.",
    ),
    "BCF512": Kind(
        "error",
        "The date of the position does not belong to the year",
        "Correct as_at or financial_year. A date before the year goes with the basis plan.",
    ),
    # Figures named or printed
    "BCF601": Kind(
        "error",
        "A figure cannot be read, or names what is not there",
        "Write it as expected, as in variance/theme=1, with codes that are declared.",
    ),
    "BCF602": Kind(
        "error",
        "A printed number cannot be read",
        "Write the number alone, just as it is printed.",
    ),
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
    "BCF605": Kind(
        "error",
        "A code stands for two things",
        "Give the row, or the figure, another code, and the sums that name it too.",
    ),
    # Plans and scenarios
    "BCF701": Kind(
        "error",
        "There is no scenario of this name",
        "Correct the name, or add its folder with a scenario.toml to 'scenarios'.",
    ),
    "BCF702": Kind(
        "error", "A scenario is, in the end, based on itself", "Name another base, or none."
    ),
    "BCF703": Kind(
        "error",
        "A pool in a workbook has no scenarios",
        "Save the pool as a folder of CSV files, and put its scenarios into 'scenarios' there.",
    ),
    "BCF704": Kind(
        "error",
        "No version of the budget has this name",
        "Correct it, or add what is expected: a version is stated in budgets.csv.",
    ),
    "BCF705": Kind(
        "error",
        "A version named as the budget of a year is one of another year",
        "Name the version of that year, or correct its financial_year in budgets.csv.",
    ),
    "BCF706": Kind(
        "error",
        "The plan does not begin after the year of its opening budget",
        "Correct first_year, or open with an earlier version.",
    ),
    "BCF707": Kind(
        "error",
        "The plan has no years, or too many",
        "Correct first_year or last_year.",
    ),
    "BCF708": Kind(
        "error",
        "The order does not name each step once",
        "List every step once, in the order in which they are to be walked.",
    ),
    "BCF709": Kind(
        "error",
        "A perimeter is not in the list of perimeters",
        "Correct it, or add it to perimeters.csv.",
    ),
    "BCF710": Kind(
        "error",
        "The perimeter and the budget do not go together",
        "Use 'blocks' with the perimeter 'city', and every other version with 'pool'.",
    ),
    "BCF711": Kind(
        "error",
        "This version cannot split a budget over schemes",
        "Name a version that is stated by scheme, or leave split out.",
    ),
    "BCF712": Kind(
        "error",
        "The target for growth cannot be reached as it is written",
        "Correct the years or the steps of calibrate, or add percentages it can scale.",
    ),
    "BCF721": Kind(
        "error",
        "The same is stated twice, and would be counted twice",
        "Remove one of the rows, or make them differ.",
    ),
    "BCF722": Kind(
        "error",
        "A scope selects nothing",
        "Correct its parts, which must select lines of the opening budget; of funding, "
        "rows of funding.csv.",
    ),
    "BCF723": Kind(
        "error",
        "A unit is not one that goes with what is stated",
        "Use one of the units listed, or another step.",
    ),
    "BCF724": Kind(
        "error",
        "This cannot be non-recurrent, or cannot start part of the way through a year",
        "Leave the cell blank, or state an amount of a step that can.",
    ),
    "BCF725": Kind(
        "error", "A year is not one of the plan's years", "Correct the year, or the plan's years."
    ),
    "BCF726": Kind(
        "error",
        "A value does not lie within its range",
        "Let low be below high, and the value between them.",
    ),
    "BCF727": Kind(
        "error",
        "A range is half stated",
        "Give low, high and shape together (and chances with 'discrete'), or none of them.",
    ),
    "BCF728": Kind(
        "error",
        "Chances are not three percentages that make 100",
        "Write those of value, low and high, such as 60/30/10.",
    ),
    "BCF729": Kind(
        "error",
        "A shape does not fit its range",
        "Correct low, high or the value, or choose another shape.",
    ),
    "BCF730": Kind(
        "error", "A profile is not in the list of profiles", "Correct it, or add it to phasing.csv."
    ),
    "BCF731": Kind(
        "error", "A lag is not in the list of lags", "Correct it, or add it to lags.csv."
    ),
    "BCF732": Kind(
        "error",
        "A programme is not in the list of prevention programmes",
        "Correct it, or add it to prevention.csv.",
    ),
    "BCF733": Kind(
        "error",
        "A name is neither a partner's nor a body's",
        "Correct it, or add it to organisations.csv or efficiencies.csv.",
    ),
    "BCF734": Kind("error", "Shares do not make 100 %", "Correct the shares, to 100 in all."),
    "BCF735": Kind(
        "warning",
        "Shares make 100 % only within the rounding they are printed with",
        "Correct a share, or add a block that is missing; else leave it: amounts follow "
        "the shares as printed.",
    ),
    "BCF736": Kind(
        "error",
        "Virements between two versions do not come to nil",
        "Add the row that is missing, or give what is no virement its own cause.",
    ),
    "BCF737": Kind(
        "error",
        "A scheme belongs to another theme, organisation or kind",
        "Correct the scheme_id, or what stands beside it.",
    ),
    "BCF738": Kind(
        "error",
        "One version is a budget of two years",
        "Give each year a version of its own, or correct the year.",
    ),
    "BCF741": Kind("error", "A correlation is not between -1 and 1", "Correct it."),
    "BCF742": Kind(
        "error",
        "A correlation is not between two assumptions that have a range",
        "Name two assumptions, and give each low, high and shape.",
    ),
    "BCF743": Kind(
        "error",
        "No assumptions could move together as these correlations say",
        "Lower some of them: what moves with two others ties these to each other.",
    ),
    "BCF744": Kind(
        "warning", "An assumption has no source", "Say where it comes from, or who chose it."
    ),
    "BCF745": Kind(
        "error",
        "What is called published or sourced does not say where it stands",
        "Name the source, or call it illustrative.",
    ),
    "BCF746": Kind(
        "error",
        "An amount that is stated as above nil is below nil",
        "Write it as a positive amount, or 0.",
    ),
    "BCF747": Kind(
        "error",
        "Double running lasts longer than the plan",
        "Shorten it, or let the plan go on for longer.",
    ),
    "BCF748": Kind(
        "error", "A value is beyond what it can be", "Correct the value, or its unit or step."
    ),
    "BCF749": Kind(
        "error",
        "A parameter has two values in one year",
        "Keep one of them, or narrow their scopes.",
    ),
    "BCF750": Kind(
        "error",
        "There is nothing to part an amount by: its lines open at nil",
        "Name one line, or lines that have a budget.",
    ),
    "BCF751": Kind(
        "error",
        "It is half said what was delivered",
        "Give delivered and delivered_to together, or neither.",
    ),
    "BCF752": Kind(
        "warning",
        "A prevention programme has no returns",
        "Add its rows of returns.csv, unless nothing is to come back.",
    ),
    "BCF753": Kind(
        "error",
        "No factor on percentages gives the growth that is wanted",
        "Correct the target, or the percentages of the steps that are scaled.",
    ),
    "BCF754": Kind(
        "warning",
        "Part of a range lies beyond what its value can be",
        "It is not drawn. Narrow low and high, or choose a shape that ends, such as pert.",
    ),
    "BCF755": Kind(
        "warning",
        "A line is brought below nil",
        "Take less off it, or leave it: nothing is held back at nil, here or in draws.",
    ),
    "BCF756": Kind(
        "error",
        "Two lines would have the same code",
        "Rename a theme, an organisation or a scheme, or state the row by scheme.",
    ),
    "BCF757": Kind(
        "error",
        "Rows of one programme differ in what the programme has only one of",
        "Write the same in each of its rows, or give the rows programmes of their own.",
    ),
    "BCF770": Kind(
        "warning",
        "A body seems to be a partner under a second name",
        "Write the partner's code, so that it is one body; or name another body in full.",
    ),
    "BCF758": Kind(
        "warning",
        "Activity is planned for a line that is not paid by activity",
        "Add the line to payments.csv and activity.csv, or remove the row.",
    ),
    "BCF759": Kind(
        "error",
        "Two numbers are planned for the pool's own year",
        "Write what activity.csv says, or leave the row of that year out.",
    ),
    "BCF760": Kind(
        "warning",
        "It is not known what is payable of a line paid by activity",
        "Add the activity planned for the year to planned_activity.csv, with the price of the "
        "opening's year where that is not the pool's own.",
    ),
    "BCF761": Kind(
        "warning",
        "Funding is cut below nil",
        "Check the amount, its sign and its year: a partner cannot put in less than nothing. What "
        "is taken beyond nil stands in the gap.",
    ),
    "BCF762": Kind(
        "warning",
        "More is to be saved than is spent",
        "Check what is taken off, above all what is not allocated to a line.",
    ),
    "BCF763": Kind(
        "warning",
        "A savings target is more than its base",
        "Check the percentage, and that it stands beside its own amount.",
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
        cell: its address there, such as F10; "" when it is no single cell.
        mild: it is a warning, of a kind that is else an error (`Kind.mild_where`).
    """

    code: str
    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""
    sheet: str = ""
    cell: str = ""
    mild: bool = False

    def __post_init__(self) -> None:
        """Make every text one that can be shown: what was found may hold any sign, and be long."""
        for name in ("file", "column", "sheet", "value", "expected"):
            said = brief if name in ("value", "expected") else printable
            object.__setattr__(self, name, said(getattr(self, name)))

    @property
    def severity(self) -> str:
        """`error` (nothing is calculated), `warning` or `note`."""
        return "warning" if self.mild else CATALOGUE[self.code].severity

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
        row = [f"row {self.row}"] if self.row else []
        row += [f"column {self.column}"] if self.column else []
        if self.cell:
            parts.append(f"{self.cell} ({', '.join(row)})" if row else self.cell)
        else:
            parts += row
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


FIELDS: Final = {
    "code": "Code of the finding",
    "severity": "error, warning or note",
    "file": "File it is in",
    "sheet": "Worksheet, where the pool is a workbook",
    "cell": "Its cell there, such as F10",
    "row": "Row as a spreadsheet counts it; blank where it is of the whole file",
    "column": "Heading of the column; blank where it is of the whole row",
    "value": "What was found",
    "expected": "What would have been right",
    "meaning": "What is wrong",
    "remedy": "What to do",
}
"""Columns of findings.csv, each with what it says: all text but `row`, a whole number."""


def as_rows(findings: Iterable[Finding]) -> list[dict[str, str | int]]:
    """Return findings as plain rows, `FIELDS` in order, for CSV, JSON and pages."""
    return [
        {
            "code": f.code,
            "severity": f.severity,
            "file": f.file,
            "sheet": f.sheet,
            "cell": f.cell,
            "row": f.row or "",
            "column": f.column,
            "value": f.value,
            "expected": f.expected,
            "meaning": CATALOGUE[f.code].meaning,
            "remedy": f.remedy,
        }
        for f in findings
    ]


def warnings_among(findings: Iterable[Finding]) -> int:
    """Count the warnings: notes change nothing, and are none."""
    return sum(f.severity == "warning" for f in findings)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether anything stands in the way of a calculation."""
    return any(f.severity == "error" for f in findings)


def printable(text: str) -> str:
    r"""Write out what cannot be printed: a line end, a tab, or what would steer a terminal.

    >>> printable("a\x1bb"), printable("Café")
    ('a\\x1bb', 'Café')
    """
    if text.isprintable():
        return text
    return "".join(it if it.isprintable() else ascii(it)[1:-1] for it in text)


def brief(text: str) -> str:
    """Cut a text in which something very long is repeated; nothing in it steers a terminal.

    >>> brief("there is no 'b'"), brief(f"there is no {'b' * 99}")[-5:]
    ("there is no 'b'", 'bbbb…')
    """
    if text.isprintable() and len(text) <= _LONGEST_WORD:
        return text
    pattern = rf"\S{{{_LONGEST_WORD + 1},}}"
    cut = re.sub(pattern, lambda it: f"{it[0][:_LONGEST_WORD]}…", printable(text))
    return cut if len(cut) <= _LONGEST_SAID else f"{cut[:_LONGEST_SAID]}…"


def listed(codes: Sequence[str]) -> str:
    """Return the first few of some codes, and how many more there are.

    >>> listed(["A", "B"]), listed([*"ABCDEFG"])
    ('A, B', 'A, B, C, D, E and 2 more')
    """
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings of one kind in one column of one file, each group where its first stood."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for it in findings:
        groups.setdefault((it.code, it.file, it.sheet, it.column), []).append(it)
    return list(groups.values())


def one_of(words: Iterable[str], found: str = "") -> str:
    """List the words allowed, the likeliest one first when `found` looks like a slip.

    However many words and slips there are, the work for one is bounded by counts: thousands of
    lines under names that are not declared must not keep anybody waiting.
    """
    known = tuple(islice(words, MOST_COMPARED))
    if not known:
        return "one that is stated: there is none yet"
    listed = ", ".join(known[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    near = _likeliest(found, known) if found else ""
    return f"{near!r}? (one of {listed})" if near else f"one of {listed}"


def _likeliest(found: str, known: tuple[str, ...]) -> str:
    """Return the word that `found` is most like; "" when it is much like none."""
    folded, holders = _holders_of_pairs(known)
    slip = found.casefold()[:_LONGEST_SLIP]
    shared: dict[str, int] = defaultdict(int)
    left = _MOST_SHARED
    for among in sorted((holders[pair] for pair in _pairs(slip) if pair in holders), key=len):
        for word in among[:left]:
            shared[word] += 1
        left -= len(among)
        if left <= 0:
            break
    likeness = SequenceMatcher(b=slip)
    best, nearest = _ALIKE, ""
    for word in sorted(shared, key=lambda word: -shared[word])[:_MOST_WEIGHED]:
        likeness.set_seq1(word)
        if (ratio := likeness.ratio()) > best or (ratio == best and not nearest):
            best, nearest = ratio, folded[word]
    return nearest


@lru_cache(maxsize=8)
def _holders_of_pairs(
    known: tuple[str, ...],
) -> tuple[Mapping[str, str], Mapping[str, Sequence[str]]]:
    """Return each word by how it is compared, and for each pair of letters the words with it."""
    folded = {word.casefold(): word for word in known}
    holders: dict[str, list[str]] = defaultdict(list)
    for word in folded:
        for pair in _pairs(word[:_LONGEST_SLIP]):
            holders[pair].append(word)
    return folded, dict(holders)


def _pairs(word: str) -> list[str]:
    """Return the pairs of neighbouring letters of a word, its two ends included, each once."""
    ended = f"\x02{word}\x03"
    return list(dict.fromkeys(map("".join, pairwise(ended))))
