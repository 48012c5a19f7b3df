"""The service: its routes, and the order in which things start and stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from fastapi import FastAPI, File, HTTPException, Query, Request, UploadFile
from starlette.responses import Response

from ..model.labeler import Labeler
from . import schemas
from .answers import NO_STORE, add_error_answers, json_answer
from .batcher import Batcher
from .gate import Gate
from .metrics import Metrics
from .page import page_files
from .schemas import problems
from .settings import ServeSettings, cost_of
from .table import as_csv, as_jsonl
from .token import Token
from .uploads import has_half_pair, reports_of
from .work import bounded, predict_abreast, predict_all

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


def create_app(
    labeler: Labeler, settings: ServeSettings | None = None, *, token: Token | None = None, version: str = "unknown"
) -> FastAPI:
    """The ASGI application around ``labeler``. Its inference thread lives as long as the application's lifespan."""
    settings = settings or ServeSettings()
    metrics = Metrics()
    limits = {name: getattr(settings, name) for name in ("batch_pieces", "queue_pieces", "max_wait")}
    batcher = Batcher(labeler, metrics, **limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        batcher.start()
        yield
        await asyncio.to_thread(batcher.close, settings.drain_timeout)

    app = FastAPI(
        title="adwar",
        version=version,
        description="Event frames from Arabic news. Offsets count code points, end exclusive.",
        docs_url=None,  # FastAPI's documentation pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    _add_work(app, batcher, settings)
    _add_state(app, batcher, settings, metrics, version=version, guarded=token is not None)
    _add_page(app)
    add_error_answers(app)
    if token is not None:
        _describe_token(app)
    paths = frozenset(path for route in app.routes if (path := getattr(route, "path", "")) and "{" not in path)
    app.add_middleware(Gate, settings=settings, token=token, metrics=metrics, routes=paths)
    return app


def _add_work(app: FastAPI, batcher: Batcher, settings: ServeSettings) -> None:
    @app.post(
        "/predict",
        summary="Event frames of one text or several",
        responses={200: {"model": schemas.PredictResponse}, **problems(401, 408, 413, 415, 422, 500, 503, 504)},
    )
    async def predict(request: Request, asked: schemas.PredictRequest) -> Response:
        texts = asked.all_texts()
        _check_texts(texts, settings)
        work = predict_all(batcher, texts, asked.min_score, asked.day())
        predictions = await bounded(request, work, settings.timeout)
        return json_answer({"predictions": [prediction.to_dict() for prediction in predictions]})

    @app.post(
        "/extract",
        summary="Event table of a file of reports",
        responses={
            200: {
                "description": "a row an event; the headers X-Adwar-Reports and X-Adwar-Events count both",
                "content": {
                    CONTENT_TYPES["csv"]: {"schema": {"type": "string"}},
                    CONTENT_TYPES["jsonl"]: {"schema": {"type": "string"}},
                },
            },
            **problems(401, 408, 413, 415, 422, 500, 503, 504),
        },
    )
    async def extract(
        request: Request,
        file: Annotated[UploadFile, File(description=".txt (one report), .jsonl or .csv (one report a row), UTF-8")],
        format: Annotated[Literal["csv", "jsonl"], Query(description="of the table")] = "csv",
        text_column: Annotated[str, Query(description="the key or column that holds the text")] = "text",
        id_column: Annotated[str, Query(description="the key or column that names the report")] = "id",
        date_column: Annotated[
            str | None, Query(description="the key or column that holds the report's own date, as 2017-09-05")
        ] = None,
        min_score: Annotated[schemas.Score, Query(description="leave out spans and frames below this score")] = 0.0,
    ) -> Response:
        raw = await file.read()
        columns = (text_column, id_column, date_column)
        reports = await asyncio.to_thread(reports_of, file.filename or "", raw, settings, *columns)
        if trouble := batcher.trouble():
            raise HTTPException(503, trouble, {"retry-after": "5"})
        work = predict_abreast(batcher, [(text, day) for _, text, day in reports], min_score)
        predictions = await bounded(request, work, settings.extract_timeout)
        read = list(zip([identity for identity, _, _ in reports], predictions, strict=True))
        lines = as_csv(read) if format == "csv" else as_jsonl(read)
        headers = {
            "content-disposition": f'attachment; filename="events.{format}"',
            "x-adwar-reports": str(len(read)),
            "x-adwar-events": str(sum(len(prediction.frames) for prediction in predictions)),
            **NO_STORE,
        }
        return Response("".join(lines), media_type=CONTENT_TYPES[format], headers=headers)


def _check_texts(texts: list[str], settings: ServeSettings) -> None:
    if len(texts) > settings.max_texts:
        raise HTTPException(422, f"{len(texts)} texts; at most {settings.max_texts} at once, or use /extract")
    for number, text in enumerate(texts):
        if has_half_pair(text):
            raise HTTPException(422, f"text {number} holds half a surrogate pair, which is no character")
        if len(text) > settings.max_chars:
            raise HTTPException(422, f"text {number} has {len(text)} characters; at most {settings.max_chars} are read")
    if sum(cost_of(len(text)) for text in texts) > settings.queue_pieces:
        raise HTTPException(413, "the texts together are more than this service takes at once; send fewer")


def _add_state(
    app: FastAPI, batcher: Batcher, settings: ServeSettings, metrics: Metrics, *, version: str, guarded: bool
) -> None:
    shown = ("max_body", "max_chars", "max_texts", "max_reports", "timeout")
    limits = {name: getattr(settings, name) for name in shown}

    @app.get("/health", summary="Whether the process lives", responses={200: {"model": schemas.Health}})
    async def health() -> Response:
        return json_answer({"status": "ok", "version": version, "token": guarded, "limits": limits})

    @app.get("/ready", summary="Whether texts would be taken now", responses=problems(503))
    async def ready() -> Response:
        if trouble := batcher.trouble():
            raise HTTPException(503, trouble, {"retry-after": "5"})
        return json_answer({"status": "ready"})

    @app.get("/metrics", summary="For Prometheus", responses={200: {"content": {"text/plain": {}}}})
    async def prometheus() -> Response:
        return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8", headers=NO_STORE)


def _add_page(app: FastAPI) -> None:
    held = page_files()

    @app.get("/", include_in_schema=False)
    async def page(request: Request) -> Response:
        return held["index.html"].response(request)

    @app.get("/static/{name}", include_in_schema=False)
    async def page_file(request: Request, name: str) -> Response:
        if name not in held:
            raise HTTPException(404, "no such file")
        return held[name].response(request)


def _describe_token(app: FastAPI) -> None:
    described = app.openapi()
    described.setdefault("components", {})["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path in ("/predict", "/extract", "/metrics"):
        for operation in described["paths"][path].values():
            operation["security"] = [{"bearer": []}]
