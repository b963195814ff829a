"""The HTTP interface."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from retrieval_server import chat, stream
from retrieval_server.body_limit import BodyLimit
from retrieval_server.disconnect import while_connected
from retrieval_server.errors import add_error_handlers
from retrieval_server.logs import RequestLog, note_question
from retrieval_server.mcp_endpoint import McpEndpoint
from retrieval_server.replies import Reply, reply
from retrieval_server.requests import ChatRequest, RetrieveRequest, StreamOptions
from retrieval_server.service import Service


def create_app(service: Service):
    """The ASGI application of a role; it loads what the service needs when it starts."""
    mcp = McpEndpoint(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI):
        loading = asyncio.create_task(service.load())
        yield
        await loading
        await mcp.close()
        await service.close()

    config = service.config
    app = FastAPI(
        title="retrieval-server",
        version=config.version,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # Behind a front door it would lead out of TLS.
        redirect_slashes=False,
    )
    app.state.log_questions = config.log_questions
    add_error_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=config.max_body_bytes)
    if config.cors_origins:
        _add_cors(app, config.cors_origins)
    _add_light(app, service)
    if config.role == "full":
        _add_search(app, service)
        for path in ("/mcp", "/mcp/"):
            # No GET: without sessions nothing comes on its stream, and on Lambda it would last until the timeout.
            app.add_route(path, mcp, methods=["POST"], include_in_schema=False)
    return RequestLog(app, config.service_name)


def _add_cors(app: FastAPI, origins: tuple[str, ...]) -> None:
    from fastapi.middleware.cors import CORSMiddleware

    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["x-request-id", "x-service"],
        max_age=600,
    )


def _add_light(app: FastAPI, service: Service) -> None:
    """What needs no search."""

    @app.get("/health")
    async def health():
        """Alive; says nothing about model and index."""
        return {"status": "ok", "version": service.config.version}

    @app.get("/ready")
    async def ready():
        """Whether all that the role needs is in memory; 503 with the reason otherwise."""
        return {"status": "ready", "model": service.model, "passages": service.manifest.passages}

    @app.get("/startup")
    async def startup():
        """How long each phase of the start took; `total_ms` is null until the server is ready."""
        return service.startup.report()

    @app.get("/models")
    async def models():
        manifest = service.manifest
        model = {
            "id": service.model,
            "object": "model",
            "created": manifest.created,
            "owned_by": "retrieval-server",
            "documents": manifest.documents,
            "passages": manifest.passages,
        }
        return {"object": "list", "data": [model], "version": service.config.version}

    @app.post("/events")
    async def events(request: Request):
        """What is not an HTTP request, like the keep-warm ping: any body, which is not looked at.

        Answers when model and index are in memory, because a Lambda environment sleeps after the answer.
        """
        async for _ in request.stream():
            pass
        await service.warm()
        return {"status": "warm", "model": service.model, "passages": service.manifest.passages}


def _add_search(app: FastAPI, service: Service) -> None:
    @app.post("/retrieve")
    async def retrieve(body: RetrieveRequest, request: Request):
        """The passages that match best, best first."""
        note_question(request, body.query)
        retriever = service.retriever
        with service.queue.place():
            work = service.queue.run(retriever.search, body.query, body.limit)
            hits = await while_connected(request, work)
        data = [{"id": h.id, "content": h.content, "metadata": {"path": h.path, "score": h.score}} for h in hits]
        return {"object": "list", "data": data, "model": retriever.model, "usage": {"total_tokens": 0}}

    @app.post("/chat")
    async def answer(body: ChatRequest, request: Request):
        """Answers the last user message from the passages, as one JSON object or as server-sent events."""
        note_question(request, body.question())
        async with AsyncExitStack() as held:
            held.enter_context(service.queue.place())
            result = await while_connected(request, reply(service, body))
            held.push_async_callback(result.pieces.aclose)
            if body.stream:
                return stream.EventStream(_streamed(service, result, body), held.pop_all())
            content = await while_connected(request, _joined(result))
        return JSONResponse(chat.completion(result.frame, content))


def _streamed(service: Service, result: Reply, body: ChatRequest) -> AsyncGenerator[str, None]:
    pace_seconds = (body.stream_options or StreamOptions()).pace_ms / 1000
    items = stream.paced(chat.chunks(result.frame, result.pieces), pace_seconds, service.draining)
    return stream.with_heartbeat(stream.events(items), service.config.heartbeat_seconds)


async def _joined(result: Reply) -> str:
    return "".join([piece async for piece in result.pieces])
