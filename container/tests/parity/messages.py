"""A request in no wire's form, and an answer that can be compared whichever way it came."""

import base64
import http.client
import json
from dataclasses import dataclass, field
from urllib.parse import unquote

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    name: str
    method: str
    path: str
    query: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    @property
    def all_headers(self) -> Headers:
        """With what a front door always sends."""
        return [("host", "api.example.com"), ("x-forwarded-proto", "https"), ("x-forwarded-port", "443"), *self.headers]


@dataclass(frozen=True)
class Answer:
    status: int
    #: Names in lower case; repeated headers stay apart.
    headers: Headers
    body: bytes


def send_plain(host: str, port: int, request: Request) -> Answer:
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        target = request.path + (f"?{request.query}" if request.query else "")
        connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.all_headers:
            connection.putheader(name, value.encode())
        if request.body or request.method in {"POST", "PUT", "PATCH"}:
            connection.putheader("content-length", str(len(request.body)))
        connection.endheaders(request.body or None)
        answer = connection.getresponse()
        body = answer.read()
        return Answer(answer.status, [(name.lower(), value) for name, value in answer.getheaders()], body)
    finally:
        connection.close()


def send_event(host: str, port: int, event: dict) -> Answer:
    """Invokes the function. One at a time: the emulator ends itself when a second invocation comes meanwhile."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("POST", "/2015-03-31/functions/function/invocations", json.dumps(event))
        reply = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    assert "statusCode" in reply, f"the invocation failed: {reply}"
    several = {name.lower(): values for name, values in (reply.get("multiValueHeaders") or {}).items()}
    for name, value in (reply.get("headers") or {}).items():
        several.setdefault(name.lower(), [value])
    headers = [(name, value) for name, values in several.items() for value in values]
    headers += [("set-cookie", cookie) for cookie in reply.get("cookies") or []]
    body = reply.get("body") or ""
    return Answer(reply["statusCode"], headers, base64.b64decode(body) if reply["isBase64Encoded"] else body.encode())


def _body(request: Request) -> dict:
    """Front doors pass text as it is and everything else in Base64."""
    try:
        return {"body": request.body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _several(request: Request) -> dict[str, list[str]]:
    several: dict[str, list[str]] = {}
    for name, value in request.all_headers:
        several.setdefault(name.lower(), []).append(value)
    return several


def http_api_event(request: Request) -> dict:
    """API Gateway's HTTP API, payload format 2.0: repeated headers are joined by commas, cookies stand apart."""
    several = _several(request)
    cookies = several.pop("cookie", [])
    context = {
        "accountId": "123456789012",
        "apiId": "api",
        "domainName": "api.example.com",
        "domainPrefix": "api",
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": "test",
        },
        "requestId": "id",
        "routeKey": "$default",
        "stage": "$default",
        "time": "12/Mar/2026:19:03:58 +0000",
        "timeEpoch": 1773342238390,
    }
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": {name: ",".join(values) for name, values in several.items()},
        **({"cookies": cookies} if cookies else {}),
        "requestContext": context,
        **_body(request),
    }


def rest_api_event(request: Request) -> dict:
    """API Gateway's REST API: headers and query parameters as lists, decoded."""
    several = _several(request)
    parameters: dict[str, list[str]] = {}
    for pair in filter(None, request.query.split("&")):
        name, _, value = pair.partition("=")
        parameters.setdefault(unquote(name), []).append(unquote(value))
    context = {
        "accountId": "123456789012",
        "apiId": "api",
        "httpMethod": request.method,
        "identity": {"sourceIp": "192.0.2.1", "userAgent": "test"},
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": "id",
        "resourcePath": "/{proxy+}",
        "stage": "prod",
    }
    return {
        "resource": "/{proxy+}",
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in several.items()},
        "multiValueHeaders": several,
        "queryStringParameters": {name: values[-1] for name, values in parameters.items()},
        "multiValueQueryStringParameters": parameters,
        "requestContext": context,
        **_body(request),
    }


def load_balancer_event(request: Request) -> dict:
    """A load balancer whose target group has multi-value headers on: query parameters stay encoded."""
    parameters: dict[str, list[str]] = {}
    for pair in filter(None, request.query.split("&")):
        name, _, value = pair.partition("=")
        parameters.setdefault(name, []).append(value)
    arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/api/0123456789abcdef"
    return {
        "requestContext": {"elb": {"targetGroupArn": arn}},
        "httpMethod": request.method,
        "path": request.path,
        "multiValueHeaders": _several(request),
        "multiValueQueryStringParameters": parameters,
        **_body(request),
    }


EVENTS = {"HTTP API": http_api_event, "REST API": rest_api_event, "load balancer": load_balancer_event}
