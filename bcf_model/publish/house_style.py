"""The house style of every report: colours, type, widths and number formats. Data, no logic.

The workbook, the web page and its charts take them from here; no other module or template of this
room names a colour or a number format (`tests/unit/publish/test_house_style.py`).
"""

from typing import Final

# Colours of the workbook.
DARK: Final = "#1F3A5F"
"""Titles, and behind the headings of tables."""
PALE: Final = "#DCE6F1"
"""Behind groups."""
PALER: Final = "#F2F5F9"
"""Behind totals."""
INPUT: Final = "#FFF9DB"
"""Behind what may be changed."""
INPUT_EDGE: Final = "#C9B458"
TO_FILL_IN: Final = "#FFFFCC"
"""In the template behind what is to be filled in, as people know it."""
GIVEN: Final = "#D9D9D9"
"""In the template behind what is given."""
WHITE: Final = "#FFFFFF"
REMARK: Final = "#444444"
FAINT: Final = "#888888"
LINK: Final = "#0563C1"
DOTTED: Final = "#BBBBBB"
GRIDLINE: Final = "#DDDDDD"
WHOLE_BAR: Final = "#8A939E"
"""Of a chart of steps: what it begins and ends with."""
WRONG: Final = "#842029"
BEHIND_WRONG: Final = "#F8D7DA"
IN_A_COMMENT: Final = "#FFFFE1"
"""Behind the text of a comment, as Excel has it."""
INK: Final = "#000000"
BEHIND_WARNING: Final = "#FFE5B4"
BEHIND_NOTE: Final = "#DCE6F1"

# Colours of the web page and its charts.
WEB: Final = {
    "ink": "#1c2127",
    "quiet": "#515a65",
    "hair": "#d5dae0",
    "rule": "#8a939e",
    "accent": "#17537a",
    "tint": "#eef3f7",
    "paper": "#fff",
    "edge": "#c3cad2",
    "shadow": "#0004",
    "unsure": "#7a3b00",
    "unsure_line": "#9a4a00",
    "behind_unsure": "#fff4e5",
    "behind_unknown": "#fff8ee",
}

# Type.
WEB_TYPE: Final = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
)
CHART_TYPE: Final = 13
"""Pixels: of words in a chart on the web page."""
TYPE: Final = {"font_name": "Arial", "font_size": 10}
"""Of a cell in the workbook."""

# Widths, in characters.
LONG: Final = 36
"""A column of text from here on has the room of sentences on the web page."""
MIDDLING: Final = 18
PROSE: Final = 80
"""A column of whole sentences."""
SHORT: Final = 14
"""Text that is never broken."""
OF_WORDS: Final = 20
"""The widest column of single words."""
WIDE: Final = 124
"""A wider table of the web page is printed on landscape pages."""
WIDTHS: Final = (24, 92)
ABOUT_WIDTH: Final = 118
"""Sentences under the title of a page of the workbook."""

# Number formats of the workbook.
SHOWN: Final = {
    "pounds": '#,##0.00_);(#,##0.00);"-"_)',
    "thousands": '#,##0,_);(#,##0,);"-"_)',
    "millions": '#,##0.000,,_);(#,##0.000,,);"-"_)',
}
"""Amounts in pounds, shown in a unit."""
RATE: Final = "0.0%_);(0.0%);0.0%_)"
PERCENT: Final = "0.00%_);(0.00%);0.00%_)"
WHOLE: Final = '#,##0_);(#,##0);"-"_)'
DECIMALS: Final = "#,##0.00_);(#,##0.00);0.00_)"
FINE: Final = "#,##0.0###_);(#,##0.0###);0_)"
WHOLE_POUNDS: Final = "#,##0_);(#,##0)"
POUNDS: Final = "#,##0.00_);(#,##0.00)"
"""An amount that may be typed over: nil is shown as such."""
IN_A_SENTENCE: Final = "£#,##0.00;-£#,##0.00"
AS_TEXT: Final = "@"
DAY: Final = "yyyy-mm-dd"
COUNT: Final = "0"
LARGE_COUNT: Final = "#,##0"
VALUE: Final = "#,##0.0#####;-#,##0.0#####;0"
"""A value as stated: up to six decimals."""
EXACT_RATE: Final = "0.000000%_);(0.000000%);0%_)"
FACTOR: Final = "0.0#####"
LONG_FACTOR: Final = "0.000000000000"
REGISTERED: Final = "0.000000"
"""A rate in the register of figures, as a fraction; of a line, with as many decimals as it has."""
REGISTERED_LINE: Final = "0.0000"
HOLDS_OR_FAILS: Final = '"fails";;"holds"'
HIDDEN: Final = ";;;"
ON_AN_AXIS: Final = {"pounds": LARGE_COUNT, "thousands": "#,##0,", "millions": "#,##0.000,,"}
ON_BARS: Final = {unit: (f"{it};;", f"({it});;") for unit, it in ON_AN_AXIS.items()}
"""Amounts in pounds, shown in a unit in a chart: on an axis, and on bars above and below nil."""
