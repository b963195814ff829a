"""A chat provider that is slow or fails: a clear status in time, and nothing else suffers."""

import json
import socket
import threading
import time

import pytest
from clients import STREAM, in_parallel, open_files, post, wait_until
from fake_provider import WORDS, fake_provider

CHAT = {"messages": [{"role": "user", "content": "What is said about a trial by jury?"}]}
TIMEOUT_SECONDS = 1.0
KEY = "sk-not-a-real-key"


def settings(url: str, **more: str) -> dict[str, str]:
    return {
        "CHAT_PROVIDER": "openai",
        "CHAT_URL": url,
        "CHAT_API_KEY": KEY,
        "CHAT_MODEL": "fake",
        "CHAT_TIMEOUT_SECONDS": str(TIMEOUT_SECONDS),
        "HEARTBEAT_SECONDS": "0.2",
        **more,
    }


@pytest.fixture
def provider():
    with fake_provider() as provider:
        yield provider


@pytest.fixture
def server(start, provider):
    return start(**settings(provider.url))


def chat(server, **more: object) -> tuple[int, dict]:
    status, _, body = post(server.port, "/chat", {**CHAT, **more})
    return status, json.loads(body)


def events(body: bytes) -> list[str]:
    return [line[6:].decode() for line in body.split(b"\n") if line.startswith(b"data: ")]


def test_a_provider_that_works_is_used_and_sources_stay(server, provider):
    status, answer = chat(server)
    assert status == 200
    assert answer["choices"][0]["message"]["content"].startswith("".join(WORDS))
    assert answer["sources"]
    assert "jury" in json.dumps(provider.requests[0]["messages"])


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("silent", 504),
        ("slow", 504),
        ("status:500", 502),
        ("status:503", 502),
        ("status:401", 502),
        ("status:429", 502),
        ("not json", 502),
        ("cut off", 502),
        ("reset", 502),
    ],
)
def test_a_failing_provider_is_a_clear_status_in_time(server, provider, mode, expected):
    provider.mode = mode
    started = time.monotonic()
    status, answer = chat(server)
    seconds = time.monotonic() - started
    assert (status, set(answer)) == (expected, {"error"})
    assert {"code", "message"} <= set(answer["error"])
    assert seconds < TIMEOUT_SECONDS + 2
    # Neither our key nor what the provider says of it reaches a user or the log.
    assert "sk-" not in json.dumps(answer)
    assert "sk-" not in server.log.read_text()
    provider.mode = "ok"
    assert chat(server)[0] == 200


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://provider.invalid/v1"])
def test_a_provider_that_is_not_there_is_502(start, url):
    server = start(**settings(url))
    started = time.monotonic()
    assert chat(server)[0] in {502, 504}
    assert time.monotonic() - started < TIMEOUT_SECONDS + 2
    assert post(server.port, "/retrieve", {"query": "jury"})[0] == 200


@pytest.mark.parametrize("mode", ["silent", "slow", "cut off", "status:500", "reset"])
def test_a_stream_from_a_failing_provider_ends_with_an_error(server, provider, mode):
    provider.mode = mode
    started = time.monotonic()
    status, _, body = post(server.port, "/chat", {**CHAT, "stream": True})
    assert time.monotonic() - started < TIMEOUT_SECONDS + 2
    if status != 200:
        assert status in {502, 504}
        return
    *_, last = events(body)
    assert set(json.loads(last)) == {"error"}
    assert b"[DONE]" not in body
    assert b"sk-" not in body


def test_a_stream_from_a_working_provider_is_passed_on(server):
    _, _, body = post(server.port, "/chat", {**CHAT, "stream": True})
    *chunks, end = events(body)
    assert end == "[DONE]"
    deltas = [json.loads(chunk)["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert "".join(deltas).startswith("".join(WORDS))


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_stops_the_provider_too(start, provider, stream):
    server = start(**settings(provider.url, CHAT_TIMEOUT_SECONDS="30"))
    provider.mode = "silent"
    body = json.dumps({**STREAM, "stream": stream}).encode()
    head = f"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head.encode() + body)
        wait_until(lambda: bool(provider.requests), "the provider is asked")
    wait_until(lambda: provider.abandoned == 1, "the provider's request is given up", 5)


def test_waiting_for_a_provider_stops_nobody_else(start, provider):
    server = start(**settings(provider.url, CHAT_TIMEOUT_SECONDS="3"))
    provider.mode = "silent"
    files = open_files(server.process.pid)
    statuses: list[int] = []
    waiting = threading.Thread(
        target=lambda: statuses.extend(in_parallel(60, lambda _: post(server.port, "/chat", CHAT)[0]).results)
    )
    waiting.start()
    wait_until(lambda: len(provider.requests) > 5, "the provider is asked")
    started = time.monotonic()
    assert post(server.port, "/retrieve", {"query": "trial by jury"})[0] == 200
    assert server.request("GET", "/health").status == 200
    assert time.monotonic() - started < 1.5
    waiting.join(20)
    assert len(statuses) == 60
    assert set(statuses) <= {504, 429}
    wait_until(lambda: open_files(server.process.pid) <= files + 2, "connections are closed")
