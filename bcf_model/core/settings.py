"""The settings of a pool: `pool.toml`, or the sheet `pool` of a workbook."""

from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from bcf_model.core.basis import Standing, latest, standing
from bcf_model.core.sources import PLACED, cited, is_address
from bcf_model.core.spellings import wanted_date
from bcf_model.core.words import OUTTURN, PLAN, POSITIONS, UNITS
from bcf_model.core.years import first_day, is_financial_year, last_day


def _line(value: object) -> object:
    """Trim a text to one line; what cannot be seen, and what a sheet could not say, is refused."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    if not line.isprintable() or line.startswith(("=", "#")):
        message = "text: no formula, error or control character"
        raise ValueError(message)
    return line


def _day(value: object) -> date:
    """Take a date, or its text; never a number, which would be read as seconds since 1970."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = value if isinstance(value, str) else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(wanted_date(text)) from None


def _finding(number: int, expected: str) -> PydanticCustomError:
    """Return a mistake that is a finding of its own (`drafts.validated` takes its code)."""
    return PydanticCustomError(f"BCF{number}", "{expected}", {"expected": expected})


def _page(value: object) -> object:
    """Return a page as text: it may be written as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _address(value: str) -> str:
    if value and not is_address(value):
        raise _finding(107, "an address such as https://example.org/paper.pdf")
    return value


def _with_its_place(value: str, others: ValidationInfo) -> str:
    """Return a source with the page and the web address stated beside it."""
    return cited(value, others.data.get("page") or "", others.data.get("url") or "")


def _entry(value: object) -> object:
    """Return an entry of a list of sources as text: it may be a table of source, page and url."""
    if isinstance(value, dict) and {*value} <= {"source", *PLACED} and value.get("source"):
        said = [str(value.get(name, "")) for name in ("source", *PLACED)]
        _address(said[2])
        return cited(*said)
    return value


Line = Annotated[str, BeforeValidator(_line), Field(max_length=500)]
Remark = Annotated[str, BeforeValidator(_line), Field(max_length=10_000)]
Page = Annotated[Line, BeforeValidator(_page)]
Address = Annotated[Line, AfterValidator(_address)]
Source = Annotated[Line, AfterValidator(_with_its_place)]
Entry = Annotated[Line, BeforeValidator(_entry)]
Day = Annotated[date, BeforeValidator(_day)]


class CommentaryThresholds(BaseModel):
    """Above which variances a reason is asked for: both must be passed.

    Where a budget is nil or negative there is no percentage, and pounds alone decide.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    over_pounds: int = Field(
        default=0, ge=0, le=10**12, strict=True, description="In pounds, over or under"
    )
    over_percent: float = Field(
        default=0, ge=0, le=10**6, strict=True, description="In percent of budget, over or under"
    )


class BudgetVersions(BaseModel):
    """Which versions of budgets.csv stand for what: blank where none does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    closing: Line = Field(
        default="", description="Version of budgets.csv that is the closing budget of the year"
    )
    next_initial: Line = Field(
        default="", description="Version of budgets.csv that is the initial budget of the next year"
    )


class AgreementSettings(BaseModel):
    """What an agreement that is tried on a pool says of itself: `agreement.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Field(default="", description="Title of the agreement")
    status: Line = Field(default="", description="Standing of the agreement, such as illustrative")
    page: Page = Field(default="", description="Page of the source")
    url: Address = Field(default="", description="Web address of the source")
    source: Source = Field(default="", description="Where its terms come from")
    note: Remark = Field(default="", description="Remark")


class Settings(BaseModel):
    """What a pool is, and in which unit its files are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Field(min_length=1, description="Title of the pool")
    board: Line = Field(min_length=1, description="Board the report goes to")
    financial_year: str = Field(description="Financial year, as 2018-19")
    unit: str = Field(description="Unit of the amounts in the files: pounds, thousands or millions")
    basis: str = Field(
        default="",
        description="What the expenditure is: plan, to date, forecast or outturn; when it is not "
        "said, an outturn once the year is over",
    )
    as_at: Day = Field(description="Date of the position reported")
    page: Page = Field(default="", description="Page of the source")
    url: Address = Field(default="", description="Web address of the source")
    source: Source = Field(min_length=1, description="Document the figures come from")
    status: Line = Field(
        default="", description="Standing of the figures, such as draft, unaudited"
    )
    transfers: Line = Field(
        default="",
        description="Which lines are taken for payments between partners (transfer_to), and which "
        "are not: printed at the total net of them",
    )
    commentary: CommentaryThresholds = Field(default_factory=CommentaryThresholds)
    budgets: BudgetVersions = Field(default_factory=BudgetVersions)

    @field_validator("financial_year")
    @classmethod
    def _two_consecutive_years(cls, value: str) -> str:
        if not is_financial_year(value):
            message = "a financial year, written as 2018-19"
            raise ValueError(message)
        return value

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, value: str) -> str:
        if value not in UNITS:
            message = "one of pounds, thousands, millions"
            raise ValueError(message)
        return value

    @field_validator("basis")
    @classmethod
    def _known_basis(cls, value: str) -> str:
        if value and value not in POSITIONS:
            message = f"one of {', '.join(POSITIONS)}"
            raise ValueError(message)
        return value

    @field_validator("as_at")
    @classmethod
    def _of_the_year(cls, value: date, others: ValidationInfo) -> date:
        """Check that the day is one on which such a position can be told (BCF105, BCF512)."""
        year, basis = others.data.get("financial_year"), others.data.get("basis")
        if not year or basis is None:
            return value
        begins, ends, last = first_day(year), last_day(year), latest(year)
        if value > last or (value < begins and basis != PLAN):
            since = "a day" if basis == PLAN else f"a day from {begins.isoformat()}"
            raise _finding(512, f"{since} to {last.isoformat()}")
        if value < ends and basis == OUTTURN:
            raise _finding(105, f"{ends.isoformat()} or later, or another basis")
        return value

    @property
    def standing(self) -> Standing:
        """Return what the position is, and the words for it."""
        return standing(self.basis, self.as_at, self.financial_year)

    @property
    def day(self) -> str:
        """Return the date of the position as a page prints it."""
        return f"{self.as_at.day} {self.as_at:%B %Y}"
