"""200 requests: every endpoint, every kind of body, header and error."""

import json
from urllib.parse import quote

from messages import Headers, Request

COUNT = 200
JSON: Headers = [("content-type", "application/json")]
SERVED = ("/health", "/ready", "/models", "/startup", "/retrieve", "/chat", "/events")
UNICODE = (
    "Was sagt die Erklärung über Könige?",
    "政府はどこから権力を得るのか",
    "Откуда берётся власть?",
    "من أين تأتي السلطة؟",
    "🗽 liberty 🗽",
    "ﬁ ligature and ½",
    "e\u0301 and é",
    "zero\u200bwidth and \u202eright to left\u202c",
    "\U0001d54f mathematical",
    "tab\tand\nline",
)
QUESTIONS = (
    "May soldiers be quartered in a house?",
    "What is said about a trial by jury?",
    "freedom of the press",
    "Who shall not perish from the earth?",
    "cruel and unusual punishments",
    "life, liberty and the pursuit of happiness",
)


def post(name: str, path: str, value: object, headers: Headers | None = None, query: str = "") -> Request:
    return raw(name, path, json.dumps(value, ensure_ascii=False).encode(), headers, query)


def raw(name: str, path: str, body: bytes, headers: Headers | None = None, query: str = "") -> Request:
    return Request(name, "POST", path, query, JSON if headers is None else headers, body)


def retrieve(name: str, value: object) -> Request:
    return post(f"retrieve: {name}", "/retrieve", value)


def chat(name: str, question: object, **more: object) -> Request:
    return post(f"chat: {name}", "/chat", {"messages": [{"role": "user", "content": question}], **more})


def _reads() -> list[Request]:
    for_all = [Request(f"{method} {path}", method, path) for path in SERVED for method in ("GET", "PUT", "DELETE")]
    heads = [Request(f"HEAD {path}", "HEAD", path) for path in ("/health", "/models", "/nope")]
    queries = ["a=1", "a=1&a=2&b=", f"q={quote('Können & mehr')}", "x=%2Fpath%3F&y=%26", "a%20b=c%2Bd"]
    return [*for_all, *heads, *(Request(f"GET /models?{query}", "GET", "/models", query) for query in queries)]


def _missing() -> list[Request]:
    paths = [
        "/",
        "/nope",
        "/health/",
        "/models/x",
        "/HEALTH",
        f"/{quote('straße')}",
        f"/{quote('日本')}/x",
        "/a%2Fb",
        "/a+b",
        "/docs",
        "/openapi.json/x",
        "/.env",
    ]
    return [Request(f"GET {path}", "GET", path) for path in paths]


def _retrievals() -> list[Request]:
    numbers = [0, 1, 2, 10, 50, 51, -1, 1.5, "5", "five", None, True, 10**20]
    return [
        *(retrieve(f"question {n}", {"query": question}) for n, question in enumerate(QUESTIONS)),
        *(retrieve(f"unicode {n}", {"query": text}) for n, text in enumerate(UNICODE)),
        *(retrieve(f"limit {limit!r}", {"query": "press", "limit": limit}) for limit in numbers),
        *(retrieve(f"{n} characters", {"query": "a" * n}) for n in (0, 1, 2, 100, 7999, 8000, 8001, 100_000)),
        retrieve("many words", {"query": " ".join(f"word{n}" for n in range(1000))}),
        retrieve("spaces only", {"query": " \t\n "}),
        retrieve("spaces around", {"query": "  jury  "}),
        retrieve("stop words only", {"query": "of the and"}),
        retrieve("operators", {"query": '"jury" OR * NEAR(a b) -x ^y col:z'}),
        retrieve("control characters", {"query": "jury\x00\x01\x1f"}),
        retrieve("field that is not known", {"query": "jury", "colour": "red"}),
        retrieve("no field", {}),
        retrieve("query is null", {"query": None}),
        retrieve("query is a number", {"query": 7}),
        retrieve("query is a list", {"query": ["jury"]}),
        retrieve("a list", ["jury"]),
        retrieve("a text", "jury"),
        retrieve("null", None),
    ]


def _chats() -> list[Request]:
    user = {"role": "user", "content": "trial by jury"}
    several = [{"role": "system", "content": "Be short."}, user, {"role": "assistant", "content": "It is."}, user]
    return [
        *(chat(f"question {n}", question) for n, question in enumerate(QUESTIONS)),
        *(chat(f"stream {n}", question, stream=True) for n, question in enumerate(QUESTIONS)),
        *(chat(f"unicode {n}", text) for n, text in enumerate(UNICODE)),
        *(chat(f"unicode stream {n}", text, stream=True) for n, text in enumerate(UNICODE[:3])),
        chat("text parts", [{"type": "text", "text": "trial"}, {"type": "text", "text": "by jury"}]),
        chat("image part", [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]),
        chat("nothing found", "xyzzy plugh"),
        chat("nothing found, stream", "xyzzy plugh", stream=True),
        chat("empty question", ""),
        chat("stream is a text", "jury", stream="perhaps"),
        chat("paced stream", "trial by jury", stream=True, stream_options={"pace_ms": 20}),
        chat("pace out of range", "trial by jury", stream=True, stream_options={"pace_ms": 5000}),
        chat("model named", "jury", model="gpt-4o", temperature=0.2, max_tokens=5),
        post("chat: several messages", "/chat", {"messages": several}),
        post("chat: no messages", "/chat", {"messages": []}),
        post("chat: no user", "/chat", {"messages": [{"role": "system", "content": "x"}]}),
        post("chat: role not known", "/chat", {"messages": [{"role": "king", "content": "x"}]}),
        post("chat: messages missing", "/chat", {}),
    ]


def _bodies() -> list[Request]:
    good = json.dumps({"query": "trial by jury"}).encode()
    kinds = [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.api+json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
    ]
    bad = {
        "empty": b"",
        "cut off": b'{"query": "jur',
        "trailing comma": b'{"query": "jury",}',
        "single quotes": b"{'query': 'jury'}",
        "not a number": b'{"query": "jury", "limit": NaN}',
        "two values": good + good,
        "deeply nested": b"[" * 5000,
        "byte order mark": b"\xef\xbb\xbf" + good,
        "not UTF-8": b'{"query": "j\xffry"}',
        "UTF-16": '{"query": "jury"}'.encode("utf-16"),
        "lone surrogate": b'{"query": "\\ud800 jury"}',
        "binary": bytes(range(256)) * 4,
        "line feeds": b"\r\n\r\n" + good + b"\r\n",
        "gzip": bytes.fromhex("1f8b0800000000000003") + b"\x00" * 32,
        "duplicate key": b'{"query": "press", "query": "jury"}',
    }
    return [
        *(raw(f"content type {kind}", "/retrieve", good, [("content-type", kind)]) for kind in kinds),
        raw("no content type", "/retrieve", good, []),
        *(raw(f"body {name}", "/retrieve", body) for name, body in bad.items()),
        raw("body binary for chat", "/chat", bytes(range(256))),
        raw("event: text", "/events", b"ping"),
        raw("event: binary", "/events", bytes(range(256)) * 100),
        raw("event: empty", "/events", b""),
        raw("event: 900 kB", "/events", b"x" * 900_000),
        raw("large, fits", "/retrieve", json.dumps({"query": "jury", "filler": "x" * 900_000}).encode()),
        raw("large, does not fit", "/retrieve", json.dumps({"query": "jury", "filler": "x" * 1_200_000}).encode()),
        raw("large binary, does not fit", "/events", b"\xff" * 1_200_000),
    ]


def _mcp() -> list[Request]:
    accepted: Headers = [*JSON, ("accept", "application/json, text/event-stream")]
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "parity", "version": "1"},
    }
    calls: list[tuple[str, str, dict]] = [
        ("initialize", "initialize", hello),
        ("an old version", "initialize", {**hello, "protocolVersion": "2024-11-05"}),
        ("ping", "ping", {}),
        ("list of tools", "tools/list", {}),
        ("search", "tools/call", {"name": "search", "arguments": {"query": "trial by jury"}}),
        ("search, unicode", "tools/call", {"name": "search", "arguments": {"query": UNICODE[1]}}),
        ("search without a query", "tools/call", {"name": "search", "arguments": {}}),
        ("answer", "tools/call", {"name": "answer", "arguments": {"question": "trial by jury"}}),
        ("no such tool", "tools/call", {"name": "dance", "arguments": {}}),
        ("list of resources", "resources/list", {}),
        ("no such resource", "resources/read", {"uri": "index://nope"}),
        ("no such method", "dance", {}),
    ]
    made = [
        post(f"mcp: {name}", "/mcp", {"jsonrpc": "2.0", "id": n, "method": method, "params": parameters}, accepted)
        for n, (name, method, parameters) in enumerate(calls, start=1)
    ]
    note = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    return [
        *made,
        post("mcp: notification", "/mcp", note, accepted),
        post("mcp: nothing accepted", "/mcp", note, [*JSON, ("accept", "image/png")]),
        raw("mcp: not JSON", "/mcp", b"{", accepted),
        Request("mcp: DELETE", "DELETE", "/mcp", headers=accepted),
    ]


def _headers() -> list[Request]:
    lists: dict[str, Headers] = {
        "accept twice": [("accept", "application/json"), ("accept", "text/event-stream;q=0.5")],
        "accept nothing we have": [("accept", "image/png")],
        "forwarded for, three": [("x-forwarded-for", address) for address in ("192.0.2.1", "198.51.100.2", "10.0.0.1")],
        "cookies": [("cookie", "a=1; b=2"), ("cookie", "c=3")],
        "own header twice": [("x-own", "one"), ("x-own", "two, three")],
        "long header": [("x-own", "v" * 4000)],
        "compressed answers welcome": [("accept-encoding", "gzip, br")],
        "range": [("range", "bytes=0-9")],
        "conditional": [("if-none-match", '"x"'), ("if-modified-since", "Thu, 12 Mar 2026 19:03:58 GMT")],
        "authorization": [("authorization", "Bearer not-a-secret")],
        "trace": [("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678")],
        "request id": [("x-request-id", "a-b-c")],
        "origin": [("origin", "https://example.com")],
    }
    preflight = [("origin", "https://example.com"), ("access-control-request-method", "POST")]
    return [
        *(Request(f"GET /health, {name}", "GET", "/health", headers=headers) for name, headers in lists.items()),
        *(post(f"retrieve, {name}", "/retrieve", {"query": "jury"}, JSON + lists[name]) for name in list(lists)[:6]),
        *(Request(f"preflight {path}", "OPTIONS", path, headers=preflight) for path in ("/retrieve", "/nope")),
    ]


def cases() -> list[Request]:
    made = [*_reads(), *_missing(), *_retrievals(), *_chats(), *_bodies(), *_mcp(), *_headers()]
    # What is left of the 200: other limits, so that no two requests are the same.
    while len(made) < COUNT:
        limit = COUNT - len(made)
        question = QUESTIONS[limit % len(QUESTIONS)]
        made.append(retrieve(f"{limit} of {question}", {"query": question, "limit": limit}))
    return made
