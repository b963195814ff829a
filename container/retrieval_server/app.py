"""The HTTP interface."""

import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from retrieval_server import chat, stream
from retrieval_server.body_limit import BodyLimit
from retrieval_server.errors import add_error_handlers
from retrieval_server.logs import RequestLog
from retrieval_server.requests import ChatRequest, RetrieveRequest, StreamOptions
from retrieval_server.search import MODEL
from retrieval_server.service import Service


def create_app(service: Service) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI):
        opening = asyncio.create_task(service.open_index())
        yield
        await opening
        service.close()

    config = service.config
    app = FastAPI(title="retrieval-server", version=config.version, lifespan=lifespan, docs_url=None, redoc_url=None)
    add_error_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=config.max_body_bytes)
    app.add_middleware(RequestLog)

    @app.get("/health")
    async def health():
        """Alive; says nothing about the index."""
        return {"status": "ok", "version": config.version}

    @app.get("/ready")
    async def ready():
        """Whether the index is open; 503 with the reason otherwise."""
        return {"status": "ready", "model": MODEL, "passages": service.index.passages}

    @app.get("/startup")
    async def startup():
        """How long each phase of the start took; `total_ms` is null until the server is ready."""
        return service.startup.report()

    @app.get("/models")
    async def models():
        index = service.index
        model = {
            "id": MODEL,
            "object": "model",
            "created": index.created,
            "owned_by": "retrieval-server",
            "documents": index.documents,
            "passages": index.passages,
        }
        return {"object": "list", "data": [model], "version": config.version}

    @app.post("/retrieve")
    async def retrieve(body: RetrieveRequest):
        """The passages that match best, best first."""
        hits = await run_in_threadpool(service.index.search, body.query, body.limit)
        data = [{"id": h.id, "content": h.content, "metadata": {"path": h.path, "score": h.score}} for h in hits]
        return {"object": "list", "data": data, "model": MODEL, "usage": {"total_tokens": 0}}

    @app.post("/chat")
    async def answer(body: ChatRequest):
        """Answers the last user message with quotes, as one JSON object or as server-sent events."""
        index, question = service.index, body.question()
        if not body.stream:
            return chat.completion(await run_in_threadpool(chat.answer, index, question))

        async def make() -> list[dict]:
            return chat.chunks(await run_in_threadpool(chat.answer, index, question))

        options = body.stream_options or StreamOptions()
        pieces = stream.events(make, options.pace_ms / 1000, service.draining)
        return StreamingResponse(
            stream.with_heartbeat(pieces, config.heartbeat_seconds),
            media_type=stream.MEDIA_TYPE,
            headers=stream.HEADERS,
        )

    @app.post("/events")
    async def events(request: Request):
        """What is not an HTTP request, like the keep-warm ping: any body, which is not looked at.

        Answers when the index is open and in memory, because a Lambda environment sleeps after the answer.
        """
        async for _ in request.stream():
            pass
        index = await service.wait_for_index()
        await run_in_threadpool(index.touch)
        return {"status": "warm", "model": MODEL, "passages": index.passages}

    return app
