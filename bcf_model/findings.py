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
    """One kind of finding: its severity, what it means, and the usual remedy.

    `mild_where` says where it is a warning, of a kind that is else an error.
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
        "warning", "A file is not one of a pool's tables", "Correct its name, or move it elsewhere."
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
    # Amounts together
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
        mild: it is a warning, of a kind that is else an error (`Kind.mild_where`).
    """

    code: str
    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""
    sheet: str = ""
    mild: bool = False

    @property
    def severity(self) -> str:
        """`error` (nothing is calculated) or `warning`."""
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
    if not known:
        return "one that is stated: there is none yet"
    listed = ", ".join(known[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    folded = {w.casefold(): w for w in known[:MOST_COMPARED]}
    near = get_close_matches(found.casefold()[:60], folded, n=1, cutoff=0.6) if found else []
    return f"{folded[near[0]]!r}? (one of {listed})" if near else f"one of {listed}"
