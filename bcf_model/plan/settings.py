"""The settings of a scenario: `scenario.toml`.

What a scenario leaves out of `INHERITED`, its base says; the rest is its own.
"""

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from bcf_model.core.settings import Day, Entry, Line, Remark
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import is_financial_year
from bcf_model.plan.words import IN_PERCENT, NATIONAL, POOL, STATUSES, STEPS

MOST_YEARS: Final = 30


def _financial_year(value: str) -> str:
    if not is_financial_year(value):
        message = "a financial year, written as 2019-20"
        raise ValueError(message)
    return value


Year = Annotated[str, AfterValidator(_financial_year)]


def _status(value: str) -> str:
    if value not in STATUSES:
        message = f"one of {', '.join(STATUSES)}"
        raise ValueError(message)
    return value


class Calibration(BaseModel):
    """A target for the closing budget of a year, and the steps whose percentages reach it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: float = Field(
        gt=-100, le=10**6, strict=True, description="Growth to be reached, in percent"
    )
    base_year: Year = Field(description="Year whose closing budget it is growth over")
    year: Year = Field(description="Year in which it is reached")
    steps: tuple[Line, ...] = Field(
        min_length=1, description="Steps whose percentages are scaled by one factor"
    )

    @field_validator("steps")
    @classmethod
    def _steps_in_percent(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = [step for step in STEPS if step in IN_PERCENT]
        if not {*value} <= {*known} or len({*value}) < len(value):
            message = f"steps that a percentage may state, each once: {', '.join(known)}"
            raise ValueError(message)
        return value


class AgreedMethod(BaseModel):
    """How the agreed budgets of later years are taken to follow: illustrative, and said so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Line = Field(min_length=1, description="What the method is called")
    percent: float = Field(
        gt=-100,
        le=1000,
        strict=True,
        description="Percentage by which agreed revenue grows each year; capital stays as it is",
    )


class ScenarioSettings(BaseModel):
    """What a scenario is, on which budget it builds, and how far it goes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Field(min_length=1, description="Title of the scenario")
    author: Line = Field(default="", description="Who made it")
    as_at: Day | None = Field(default=None, description="Date it was made on, or holds for")
    status: Annotated[Line, AfterValidator(_status)] = Field(
        default=NOT_STATED,
        description="How sure it is: published, sourced, illustrative or invented",
    )
    sources: tuple[Entry, ...] = Field(
        default=(),
        description="Documents it rests on, as a list; each a text, or source, page and url",
    )
    note: Remark = Field(default="", description="Its story, and what to bear in mind")
    base: Line = Field(default="", description="Another scenario of the pool, which it builds on")
    perimeter: Line = Field(
        default=POOL, description="What it is a plan of: pool, or a code of perimeters.csv"
    )
    opening: Line = Field(default="", description="Version of the budget it opens with")
    split: Line = Field(
        default="", description="Version by whose schemes a budget stated by theme is parted"
    )
    first_year: Year | None = Field(default=None, description="First year of the plan")
    last_year: Year | None = Field(
        default=None, description="Last year of the plan; the first when left out"
    )
    national: tuple[Line, ...] = Field(
        default=(),
        description="National figures it takes where it states none: delivery, discount",
    )
    order: tuple[Line, ...] = Field(
        default=tuple(STEPS), description="Steps of the bridge, in the order they are walked"
    )
    agreed: dict[Year, Line] = Field(
        default_factory=dict, description="For each year, the version that is its agreed budget"
    )
    agreed_method: AgreedMethod | None = Field(
        default=None,
        description="By what the years after the last agreed budget have one: its own settings",
    )
    calibrate: Calibration | None = Field(
        default=None, description="Target for growth if nothing changes: its own settings"
    )

    @field_validator("national")
    @classmethod
    def _steps_of_england(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not {*value} <= {*NATIONAL} or len({*value}) < len(value):
            message = f"each once of {', '.join(NATIONAL)}"
            raise ValueError(message)
        return value


INHERITED: Final = (
    "perimeter", "opening", "split", "first_year", "last_year", "national", "order", "agreed",
    "agreed_method", "calibrate",
)  # fmt: skip
"""What a scenario that leaves it out has from its base."""
