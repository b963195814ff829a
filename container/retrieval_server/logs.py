"""Logs: one JSON object a line on standard output, without anything a user has written unless that is asked for."""

import json
import logging
import re
import sys
import time
import traceback
import uuid

logger = logging.getLogger("retrieval_server")

#: Asked every few milliseconds while a Lambda environment starts, and by every load balancer node for ever.
_PROBES = {"/health", "/ready"}
_REQUEST_ID = b"x-request-id"
_FIT_ID = re.compile(rb"[\x21-\x7e]{1,128}")
_NOTED = "log_fields"


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
    # Libraries tell of themselves what nobody needs to know.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger.setLevel(logging.INFO)


def event(name: str, **fields: object) -> None:
    logger.info(name, extra={"fields": fields})


class RequestLog:
    """Gives each request an id, and writes one line for it, except for probes, when its response has ended.

    Each response carries the id, and the name of the service that gave it, where one is known.

    The query string and the body are left out; the question only comes in by `note_question`.
    """

    def __init__(self, app, service_name: str = "") -> None:
        self.app = app
        self._headers = [(b"x-service", service_name.encode())] if service_name else []

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.monotonic()
        status = 500
        headers = dict(scope["headers"])
        request_id = _accepted_id(headers.get(_REQUEST_ID, b""))
        noted = scope.setdefault("state", {})[_NOTED] = {}

        async def send_and_note(message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = [(_REQUEST_ID, request_id.encode()), *self._headers]
                message["headers"] = [*message.get("headers", []), *own]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            if scope["path"] not in _PROBES:
                trace = headers.get(b"x-amzn-trace-id", b"")[:128].decode("latin-1")
                event(
                    "request",
                    id=request_id,
                    method=scope["method"],
                    path=scope["path"][:256],
                    status=status,
                    duration_ms=round((time.monotonic() - started) * 1000, 1),
                    **({"trace": trace} if trace else {}),
                    **noted,
                )


def note_question(request, question: str) -> None:
    """Puts the question into the request's log line, where the configuration allows it."""
    if request.app.state.log_questions:
        request.scope["state"][_NOTED]["question"] = question


def _accepted_id(sent: bytes) -> str:
    """The client's id, so that its log and this one tell of the same request; a new one when it is unfit for a log."""
    return sent.decode() if _FIT_ID.fullmatch(sent) else uuid.uuid4().hex
