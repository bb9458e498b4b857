"""The settings of a pool: `pool.toml`, or the sheet `pool` of a workbook."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bcf_model.vocabulary import UNITS
from bcf_model.years import is_financial_year


class CommentaryThresholds(BaseModel):
    """Above which variances a reason is asked for: both must be passed.

    Where a budget is nil or negative there is no percentage, and pounds alone decide.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    over_pounds: int = Field(default=0, ge=0, description="In pounds, over or under")
    over_percent: float = Field(default=0, ge=0, description="In percent of budget, over or under")


class Settings(BaseModel):
    """What a pool is, and in which unit its files are written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, description="Title of the pool")
    board: str = Field(min_length=1, description="Board the report goes to")
    financial_year: str = Field(description="Financial year, as 2018-19")
    unit: str = Field(description="Unit of the amounts in the files: pounds, thousands or millions")
    as_at: date = Field(description="Date of the position reported")
    source: str = Field(min_length=1, description="Document the figures come from")
    status: str = Field(default="", description="Standing of the figures, such as draft, unaudited")
    commentary: CommentaryThresholds = Field(default_factory=CommentaryThresholds)

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
