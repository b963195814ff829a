"""Logs: one JSON object a line on standard output, without anything a user has written."""

import json
import logging
import sys
import time
import traceback

logger = logging.getLogger("retrieval_server")

#: Asked every few milliseconds while a Lambda environment starts, and by every load balancer node for ever.
_PROBES = {"/health", "/ready"}


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        milliseconds = f"{int(record.msecs):03d}"
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(record.created)) + milliseconds + "Z",
            "level": record.levelname.lower(),
            "event": record.getMessage().strip(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            # Not the exception's message: it may quote the request.
            line["error"] = record.exc_info[0].__name__
            line["stack"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(line)


def set_up() -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def event(name: str, **fields: object) -> None:
    logger.info(name, extra={"fields": fields})


class RequestLog:
    """Writes one line for each request, except probes, when its response has ended. The query string is left out."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["path"] in _PROBES:
            return await self.app(scope, receive, send)
        started = time.monotonic()
        status = 500

        async def send_and_note(message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            trace = dict(scope["headers"]).get(b"x-amzn-trace-id", b"")[:128].decode("latin-1")
            event(
                "request",
                method=scope["method"],
                path=scope["path"][:256],
                status=status,
                duration_ms=round((time.monotonic() - started) * 1000, 1),
                **({"trace": trace} if trace else {}),
            )
