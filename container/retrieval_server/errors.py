"""Errors as JSON: {"error": {"code", "message", "field"?}}."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from retrieval_server.disconnect import ClientLeft
from retrieval_server.provider import ProviderFailed, ProviderTimeout
from retrieval_server.queue import Busy

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
#: What proxies write for a client that did not wait; it is seen in the log only.
_CLIENT_CLOSED_REQUEST = 499


class NotReady(Exception):
    """Model or index are not in memory; the message says why."""


def error_body(code: str, message: str, field: str | None = None) -> dict:
    return {"error": {"code": code, "message": message} | ({"field": field} if field else {})}


def error_response(
    status: int, code: str, message: str, field: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(error_body(code, message, field), status_code=status, headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def http_error(request, error: HTTPException):
        message = error.detail
        if error.status_code == 404:
            message = f"no such path: {request.url.path}"
        elif error.status_code == 405:
            message = f"{request.method} is not allowed for {request.url.path}"
        code = _CODES.get(error.status_code, "http_error")
        return error_response(error.status_code, code, message, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request, error: RequestValidationError):
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return error_response(400, "invalid_json", "the body is not JSON")
        # loc is ("body", "messages", 0, "content"); what the user sent is not repeated.
        field = ".".join(str(part) for part in first["loc"][1:])
        return error_response(422, "invalid_request", first["msg"], field or "body")

    @app.exception_handler(NotReady)
    async def not_ready(request, error: NotReady):
        return error_response(503, "not_ready", str(error), headers={"Retry-After": "1"})

    @app.exception_handler(Busy)
    async def busy(request, error: Busy):
        message = "too many requests are waiting already; try again"
        return error_response(429, "too_many_requests", message, headers={"Retry-After": "1"})

    @app.exception_handler(ProviderFailed)
    async def provider_failed(request, error: ProviderFailed):
        return error_response(502, "provider_failed", str(error))

    @app.exception_handler(ProviderTimeout)
    async def provider_timeout(request, error: ProviderTimeout):
        return error_response(504, "provider_timeout", str(error))

    @app.exception_handler(ClientLeft)
    async def client_left(request, error: ClientLeft):
        return Response(status_code=_CLIENT_CLOSED_REQUEST)

    @app.exception_handler(Exception)
    async def internal(request, error: Exception):
        return error_response(500, "internal_error", "the server failed to answer; its log says where")
