"""What goes in and comes out over HTTP, for checks and for the OpenAPI description."""

from __future__ import annotations

from datetime import date as Date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ..data.schema import EVENT_TYPES, ROLES
from ..model.dates import report_date
from ..model.results import ACCUSED, ASSERTED, CLAIMED, DENIED, UNKNOWN

REPORT = "قُتل ثلاثة مدنيين في غارة جوية على بلدة حارم بريف إدلب، بحسب مصدر طبي."

Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class PredictRequest(BaseModel):
    """One ``text`` or a list of ``texts``, not both."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": REPORT}, {"texts": [REPORT, "عقد المجلس جلسة."], "min_score": 0.5}]},
    )
    text: str | None = Field(None, description="one report")
    texts: list[str] | None = Field(None, min_length=1, description="several reports")
    min_score: Score = Field(0.0, description="spans and frames below this score are left out")
    date: str | None = Field(None, description="the reports' own date, as 2017-09-05: 'yesterday' is read against it")

    @field_validator("date")
    @classmethod
    def readable(cls, given: str | None) -> str | None:
        report_date(given)
        return given

    def day(self) -> Date | None:
        return report_date(self.date)

    @model_validator(mode="after")
    def one_of_both(self) -> PredictRequest:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give either 'text' or 'texts'")
        return self

    def all_texts(self) -> list[str]:
        return [self.text] if self.text is not None else list(self.texts or [])


class RoleSpan(BaseModel):
    start: int = Field(description="code points of the text, from 0")
    end: int = Field(description="exclusive")
    text: str
    role: str = Field(json_schema_extra={"enum": list(ROLES)})
    score: float


class Trigger(BaseModel):
    start: int
    end: int
    text: str
    name: str = Field(description="without attached letters and edge marks")
    score: float


class Mention(Trigger):
    entity: int | None = Field(None, description="number of the prediction's entity that it names")


class Place(BaseModel):
    name: str
    country: str = Field(description="ISO 3166, two letters")
    latitude: float
    longitude: float
    kind: str
    relation: str = Field(description="at, in or near")
    score: float
    id: str


class LocationMention(Mention):
    place: Place | None


class CountMention(Trigger):
    value: int | None
    min: int | None
    max: int | None
    approximate: bool
    kind: str = Field(json_schema_extra={"enum": ["killed", "wounded", "taken", "destroyed", "casualties"]})


class Entity(BaseModel):
    id: int
    role: str = Field(json_schema_extra={"enum": list(ROLES)})
    name: str = Field(description="of its longest naming mention")
    mentions: list[tuple[int, int]]


class Cue(BaseModel):
    start: int
    end: int
    text: str
    status: str
    entity: int | None


class Attribution(BaseModel):
    """How it is known who attacked."""

    status: str = Field(json_schema_extra={"enum": [ASSERTED, CLAIMED, ACCUSED, DENIED, UNKNOWN]})
    cue: Cue | None
    cues: list[Cue]


class DateMention(BaseModel):
    start: int
    end: int
    text: str
    value: str | None = Field(description="2017-09-05, an ISO interval, or null where it cannot be known")
    first: str | None
    last: str | None
    relative: bool = Field(description="it needed the report's date")
    statement: bool = Field(description="it says when something was told, not done")


class Figure(BaseModel):
    value: int | None
    min: int | None
    max: int | None
    approximate: bool
    start: int
    end: int
    text: str
    sources: list[str]


class Toll(Figure):
    others: list[Figure]


class EventFrame(BaseModel):
    type: str = Field(json_schema_extra={"enum": list(EVENT_TYPES)})
    trigger: Trigger | None
    attacker: list[Mention]
    target: list[Mention]
    count: list[CountMention]
    location: list[LocationMention]
    source: list[Mention]
    sentences: list[tuple[int, int]]
    score: float
    entities: list[Entity]
    attribution: Attribution
    date: DateMention | None
    killed: Toll | None
    wounded: Toll | None


class Prediction(BaseModel):
    text: str
    spans: list[RoleSpan]
    frames: list[EventFrame]
    windows: int = Field(description="how many windows of the model the text took")
    entities: list[Entity]
    dates: list[DateMention]
    date: str | None = Field(description="the report's own, as given")


class PredictResponse(BaseModel):
    """In the order of the texts."""

    predictions: list[Prediction]


class Problem(BaseModel):
    """What went wrong, in words; for 422 of ``/predict`` a list that names each field."""

    detail: str | list[dict[str, Any]]


class Health(BaseModel):
    status: str
    version: str
    token: bool = Field(description="whether a bearer token is asked for")
    limits: dict[str, float]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses=`` of a route that may answer with these statuses."""
    words = {
        401: "no or a wrong bearer token",
        408: "the body was sent too slowly",
        413: "the body is too large",
        415: "a compressed body, or another kind of content",
        422: "the request is not what is asked for; says where and why",
        500: "a text could not be read",
        503: "too much waits already, or shutting down; Retry-After says when to come again",
        504: "not read in time",
    }
    return {status: {"description": words[status], "model": Problem} for status in statuses}
