"""What goes in and comes out over HTTP, for checks and for the OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..data.schema import EVENT_TYPES, ROLES

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
    min_score: Score = Field(0.0, description="spans and triggers below this score are dropped")

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


class Mention(BaseModel):
    start: int
    end: int
    text: str
    name: str = Field(description="without attached letters and edge marks")
    score: float


class CountMention(Mention):
    value: int | None
    min: int | None
    max: int | None
    approximate: bool
    kind: str = Field(json_schema_extra={"enum": ["killed", "wounded", "taken", "destroyed", "casualties"]})


class EventFrame(BaseModel):
    type: str = Field(json_schema_extra={"enum": list(EVENT_TYPES)})
    trigger: Mention | None
    attacker: list[Mention]
    target: list[Mention]
    count: list[CountMention]
    location: list[Mention]
    source: list[Mention]
    sentences: list[tuple[int, int]]
    score: float


class Prediction(BaseModel):
    text: str
    spans: list[RoleSpan]
    frames: list[EventFrame]
    windows: int = Field(description="how many windows of the model the text took")


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
