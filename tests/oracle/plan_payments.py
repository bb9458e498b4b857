"""Payment by activity a second time: docs/method.md, section 8a, in plain Python.

Written from that page and docs/rules.md alone. Where the page may be read in two ways, "Read as:"
says which.
"""

from collections import defaultdict
from fractions import Fraction

from tests.oracle.plan_facts import NOT_STATED, WHOLE, Place, Row
from tests.oracle.sums import clip, half_away, pence

MOVES = ("inflation", "demand")
CAUSE = "payment by activity"


def unpaid(terms: Row, actual: Fraction, planned: int, price: Fraction) -> int:
    """Give what is not payable of activity above or below plan, in pence."""
    extra = half_away((actual - planned) * price)
    reopens = half_away(planned * price * Fraction(terms["reopens_at"], WHOLE))
    up_to = clip(extra, -reopens, reopens)
    share = terms["share_above"] if actual >= planned else terms["share_below"]
    paid = half_away(up_to * Fraction(share, WHOLE))
    paid += half_away((extra - up_to) * Fraction(terms["share_beyond"], WHOLE))
    return extra - paid


def as_paid(schemes: list[Row], payments: list[Row], activity: list[Row]) -> list[Row]:
    """Give the schemes with the expenditure that was paid."""
    terms = {row["scheme_id"]: row for row in payments}
    counts = {row["scheme_id"]: row for row in activity}
    found = []
    for scheme in schemes:
        code, less = scheme["scheme_id"], 0
        if code in terms:
            own = counts[code]
            less = unpaid(terms[code], Fraction(own["actual"]), own["planned"], own["price"])
        found.append(scheme | {"expenditure": scheme["expenditure"] - less})
    return found


class Payments:
    """The lines paid by activity, from year to year.

    Attributes:
        unknown: years, and codes of lines, of which it is not known what is payable.
    """

    def __init__(self, lines: dict[Place, Row], tables: dict[str, list[Row]], opening, own) -> None:
        """Start with what the opening is for.

        Args:
            lines: of the opening.
            tables: rows by table.
            opening: the version, and the year it is a budget of.
            own: the pool's own year.
        """
        self.unknown: set[tuple[str, str]] = set()
        self._now: dict[str, tuple[Fraction, Fraction] | None] = {}
        self._left: dict[str, int] = {}
        self._terms = {row["scheme_id"]: row for row in tables["payments"]}
        self._planned = {
            (row["scheme_id"], row["financial_year"]): row for row in tables["planned_activity"]
        }
        self._counts = {row["scheme_id"]: row for row in tables["activity"]}
        self._own = own
        self.places: dict[str, Place] = {}
        version, year = opening
        for code in self._terms:
            (scheme,) = (row for row in tables["schemes"] if row["scheme_id"] == code)
            own_line = [place for place in lines if len(place) > 1 and place[2] == code]
            inside = [p for p in lines if len(p) > 1 and _holds(p, scheme)]
            if own_line:
                self.places[code] = own_line[0]
                self._now[code] = self._of_opening(code, version, year)
            elif inside:
                self._now[code] = None
            if own_line and version == "outturn":
                counts = self._counts[code]
                self._left[code] = unpaid(
                    self._terms[code], Fraction(counts["actual"]), counts["planned"],
                    counts["price"],
                )  # fmt: skip

    def _plan(self, code: str, year: str) -> int | None:
        """Give what is planned of a year. Read as: activity.csv has it of the pool's own."""
        if year == self._own:
            return self._counts[code]["planned"]
        row = self._planned.get((code, year))
        return row["planned"] if row else None

    def _price(self, code: str, year: str) -> int | None:
        row = self._planned.get((code, year))
        return pence(row["price"], "pounds") if row and row["price"] else None

    def _of_opening(self, code: str, version: str, year: str) -> tuple | None:
        counts = self._counts[code]
        if version == "outturn":
            return Fraction(counts["actual"]), Fraction(counts["price"])
        price = counts["price"] if year == self._own else self._price(code, year)
        planned = self._plan(code, year)
        return None if None in (planned, price) else (Fraction(planned), Fraction(price))

    def put_back(self) -> list[tuple[str, Place, int]]:
        """Give what was unpaid of the year before, by line."""
        return [(CAUSE, self.places[code], a) for code, a in self._left.items()]

    def follow(
        self,
        year: str,
        percent: defaultdict[tuple[Place, str], int],
        pounds: defaultdict[tuple[Place, str], list[int]],
        demand_first: bool,
    ) -> tuple[list[tuple[str, Place, int]], list[tuple[str, Place, int]]]:
        """Move activity and price through a year.

        Args:
            year: of the plan.
            percent: what acts on a line in each step, in millionths of a percent.
            pounds: amounts of pounds that act on it.
            demand_first: whether demand is walked before inflation.

        Returns:
            What a stated price adds in inflation, and what is taken off as unpaid, by line.
        """
        self._left, dearer = {}, []
        for code, now in self._now.items():
            stated = self._price(code, year)
            acts = now and [
                (percent[self.places[code], s], pounds[self.places[code], s]) for s in MOVES
            ]
            moved = now and self._moved(now, acts, stated)
            self._now[code] = moved
            planned = self._plan(code, year)
            if moved is None or planned is None:
                self.unknown.add((year, code))
                continue
            self._left[code] = unpaid(self._terms[code], moved[0], planned, moved[1])
            if stated is not None:
                activity, price = moved[0] if demand_first else now[0], now[1]
                (inflation, amounts), _ = acts
                more = activity * (stated - price * (1 + Fraction(inflation, WHOLE)))
                dearer.append((CAUSE, self.places[code], half_away(more - sum(amounts))))
        return dearer, [(CAUSE, self.places[code], -a) for code, a in self._left.items()]

    def _moved(self, now: tuple, acts: list[tuple], stated: int | None) -> tuple | None:
        """Give activity and price a year later. Read as: not known once is not known again."""
        activity, price = now
        (inflation, dearer), (demand, more) = acts
        if stated is not None:
            later = Fraction(stated)
        elif dearer and not activity:
            return None
        else:
            later = price * (1 + Fraction(inflation, WHOLE))
            later += Fraction(sum(dearer)) / activity if dearer else 0
        if more and not later:
            return None
        grown = activity * (1 + Fraction(demand, WHOLE))
        grown += Fraction(sum(more)) / later if more else 0
        return None if later < 0 or grown < 0 else (grown, later)


def _holds(place: Place, scheme: Row) -> bool:
    """Whether a line of a theme, and of no scheme, has a scheme in it."""
    theme, holder, code, kind, _ = place
    return (
        scheme["pooling"] == "pooled"
        and not code
        and (theme, kind) == (scheme["theme"], scheme["kind"])
        and holder in (NOT_STATED, scheme["organisation"])
    )
