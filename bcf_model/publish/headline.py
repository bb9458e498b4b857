"""The head of the web page: the position in a sentence, its key amounts, and the two charts."""

from typing import Final

from bcf_model.core import money
from bcf_model.core.figures import Figure, blank_reason
from bcf_model.core.money import percent
from bcf_model.core.words import CARRIED_FORWARD, FORECAST, KINDS, OUTSIDE, OUTTURN, PLAN, TO_DATE
from bcf_model.publish import charts
from bcf_model.publish.agreement_pages import AMOUNTS, label_of, names_of, other_bearers, partners
from bcf_model.publish.document import Drawing, KeyFigure
from bcf_model.publish.year_end_pages import theme_names
from bcf_model.year.results import Results

_DONE: Final = {
    PLAN: "planned",
    FORECAST: "forecast",
    TO_DATE: "spent",
    OUTTURN: "spent",
    "": "stated",
}
"""What was done with an expenditure, by the basis of the position."""


def headline(results: Results) -> str:
    """Return the position of the pool in one sentence."""
    figures, unit = results.figures, results.inputs.settings.unit
    if lost := figures.lacks(Figure.of("variance")):
        return f"Variance not given: {lost}"
    variance, budget = (figures.value(Figure.of(name)) for name in ("variance", "budget"))
    assert isinstance(variance, int)  # nothing it needs is lacking
    if budget is None:
        way = _way(variance).capitalize()
        return f"{way} of {in_pounds(abs(variance), unit)} (budget not given)"
    budget = int(budget)
    rate = figures.value(Figure.of("variance_percent"))
    if not variance:
        done = _DONE[results.inputs.settings.standing.basis]
        return f"On budget: {in_pounds(budget, unit)} budgeted and {done}"
    share = blank_reason(budget) if rate is None else f"{percent(abs(rate))} of budget"
    budgeted = "" if rate is None else f" {in_pounds(budget, unit)}"
    return f"{_way(variance).capitalize()} of {in_pounds(abs(variance), unit)} ({share}{budgeted})"


def in_pounds(pence: int, unit: str) -> str:
    """Write an amount for a sentence: a pool in pounds to the penny, any other in £m.

    >>> in_pounds(1_374_000_000, "thousands"), in_pounds(-123450, "pounds")
    ('£13.740m', '(£1,234.50)')
    """
    sign = "" if unit == "pounds" else "m"
    text = f"£{money.shown(abs(pence), 'millions' if sign else 'pounds')}{sign}"
    return f"({text})" if pence < 0 else text


def of_the_pool(results: Results) -> list[KeyFigure]:
    """Return the budget, expenditure and variance of the pool."""
    return [
        _key(results, label_of(results, measure), Figure.of(measure), ways)
        for measure, ways in zip(AMOUNTS, (_UNSAID, _UNSAID, _OF_A_VARIANCE), strict=True)
    ]


def who_bears(results: Results) -> list[KeyFigure]:
    """Return what every partner bears, and whoever else bears a part; they come to the variance.

    Nothing, where no share is given.
    """
    if results.inputs.settings.standing.no_share:
        return []
    names, kinds = names_of(results), other_bearers(results)
    found = [
        _key(
            results,
            names[code],
            Figure.of("borne", bearer=code),
            _WAYS.get(kinds.get(code, ""), _OF_A_BEARER),
        )
        for code in _bearers(results)
    ]
    return [*found, _key(results, "Together", Figure.of("borne"), _OF_A_VARIANCE, total=True)]


def who_bears_heading(results: Results) -> str:
    """Return what `who_bears` lists: who bears a cost, who is relieved of one, or both."""
    if results.inputs.settings.standing.no_share:
        return "Who bears the variance"
    borne = [_borne(results, code) or 0 for code in _bearers(results)]
    costs, reliefs = (any(sign * pence > 0 for pence in borne) for sign in (1, -1))
    if costs and reliefs:
        return "Who bears the variance under the agreement, and who is relieved"
    if reliefs:
        return "Who is relieved by the underspend under the agreement"
    return "Who bears the variance under the agreement"


Ways = tuple[str, str, str]
_UNSAID: Final[Ways] = ("", "", "")
_OF_A_VARIANCE: Final[Ways] = ("underspend", "on budget", "overspend")
_OF_A_BEARER: Final[Ways] = ("is relieved", "nothing to bear", "bears")
_WAYS: Final[dict[str, Ways]] = {
    "reserve": ("paid in", "nothing drawn", "drawn"),
    CARRIED_FORWARD: _OF_A_VARIANCE,
    OUTSIDE: _OF_A_VARIANCE,
}
"""What is said of an amount below nil, of nil, and above it, by the kind of its bearer."""


def _way(pence: int, ways: Ways = _OF_A_VARIANCE) -> str:
    return ways[(pence > 0) - (pence < 0) + 1]


def _key(
    results: Results, label: str, figure: Figure, ways: Ways, *, total: bool = False
) -> KeyFigure:
    if results.figures.lacks(figure):
        return KeyFigure(label, "not given", "", figure, total)
    pence = results.figures.pence(figure)
    amount = in_pounds(pence, results.inputs.settings.unit)
    return KeyFigure(label, amount, _way(pence, ways), figure, total)


def _borne(results: Results, bearer: str, **selected: str) -> int | None:
    """Return what a bearer bears, in pence; None where it is not known."""
    figure = Figure.of("borne", bearer=bearer, **selected)
    return None if results.figures.lacks(figure) else results.figures.pence(figure)


def _bearers(results: Results) -> list[str]:
    """List every partner, and whoever else bears anything in all."""
    others = [code for code in other_bearers(results) if _borne(results, code) != 0]
    return [*partners(results), *others]


def by_theme(results: Results) -> Drawing:
    """Draw the variance of each theme."""
    settings, figures = results.inputs.settings, results.figures
    unit = money.label(settings.unit)
    blocks = []
    for code, name in theme_names(results).items():
        if figures.lacks(Figure.of("variance", theme=code)):
            blocks.append(charts.Block(name, "not given", ()))
            continue
        pence = figures.pence(Figure.of("variance", theme=code))
        rate = figures.value(Figure.of("variance_percent", theme=code))
        bar = charts.Bar("", pence, money.shown(pence, settings.unit))
        blocks.append(charts.Block(name, "no %" if rate is None else percent(rate), (bar,)))
    title = f"Variance by theme, {unit} and % of budget"
    lost = figures.lacks(Figure.of("variance"))
    total = (
        "not given" if lost else money.shown(figures.pence(Figure.of("variance")), settings.unit)
    )
    words = charts.in_words(blocks, unit, total)
    svg = charts.draw("by-theme", title, words, blocks)
    return _round_nil(title, svg, "overspend", "underspend")


def by_bearer(results: Results) -> Drawing:
    """Draw what each bears, revenue apart from capital."""
    settings, names = results.inputs.settings, names_of(results)
    present = set(results.outputs["revenue_capital"]["kind"])

    def bar(label: str, pence: int) -> charts.Bar:
        return charts.Bar(label, pence, money.shown(pence, settings.unit))

    blocks = []
    for code in _bearers(results):
        whole = _borne(results, code)
        parts = {kind: _borne(results, code, kind=kind) for kind in KINDS if kind in present}
        bars = (bar(kind.capitalize(), pence) for kind, pence in parts.items() if pence is not None)
        said = "not given" if whole is None else f"{money.shown(whole, settings.unit)} in all"
        blocks.append(charts.Block(names[code], said, tuple(bars)))
    unit = money.label(settings.unit)
    title = f"Who bears the variance, {unit}"
    words = charts.bars_in_words(blocks, unit)
    svg = charts.draw("who-bears", title, words, blocks)
    return _round_nil(title, svg, "a cost", "a relief")


def _round_nil(title: str, svg: str, above: str, below: str) -> Drawing:
    right, left = f"{above}, to the right", f"{below}, to the left, (in brackets)"
    return Drawing(title, svg, right, left, place="below")
