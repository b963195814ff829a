"""Errors as JSON: {"error": {"code", "message", "field"?}}."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


class NotReady(Exception):
    """The index is not open; the message says why."""


def error_response(
    status: int, code: str, message: str, field: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    error = {"code": code, "message": message} | ({"field": field} if field else {})
    return JSONResponse({"error": error}, status_code=status, headers=headers)


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

    @app.exception_handler(Exception)
    async def internal(request, error: Exception):
        return error_response(500, "internal_error", "the server failed to answer; its log says where")
