import json
import os
import socket
import subprocess
import sys
import time

from conftest import CONTAINER

STREAM = {
    "messages": [{"role": "user", "content": "trial by jury"}],
    "stream": True,
    "stream_options": {"pace_ms": 1000},
}


def test_start_and_logs_are_json_without_questions(start):
    server = start(APP_VERSION="7")
    secret = "xylophone"
    server.request("POST", "/retrieve", {"query": secret}).read()
    server.request("POST", f"/chat?q={secret}", {"messages": [{"role": "user", "content": secret}]}).read()
    server.request("POST", "/retrieve", {"query": secret, "limit": secret}).read()
    report = json.load(server.request("GET", "/startup"))
    assert list(report["phases_ms"]) == ["interpreter", "imports", "index"]
    assert (report["role"], report["backend"]) == ("full", "lexical")
    assert 0 < sum(report["phases_ms"].values()) <= report["total_ms"] + 20  # the kernel counts in ticks
    server.terminate()
    assert server.process.wait(10) == 0
    lines = server.log_lines()
    started = next(line for line in lines if line["event"] == "started")
    assert {k: started[k] for k in report} == report
    assert started["version"] == "7"
    requests = [(r["method"], r["path"], r["status"]) for r in lines if r["event"] == "request"]
    assert requests == [
        ("POST", "/retrieve", 200),
        ("POST", "/chat", 200),
        ("POST", "/retrieve", 422),
        ("GET", "/startup", 200),
    ]
    assert secret not in server.log.read_text()


def test_questions_are_logged_when_that_is_asked_for(start):
    server = start(LOG_QUESTIONS="true")
    server.request("POST", "/retrieve", {"query": "trial by jury"}, {"x-request-id": "7"}).read()
    server.terminate()
    server.process.wait(10)
    (line,) = [line for line in server.log_lines() if line["event"] == "request"]
    assert (line["question"], line["id"]) == ("trial by jury", "7")


def test_sigterm_lets_streams_end_whole(start):
    server = start()
    answer = server.request("POST", "/chat", STREAM)
    assert b'"role": "assistant"' in answer.readline()
    server.terminate()
    started = time.monotonic()
    rest = answer.read()
    assert rest.endswith(b"data: [DONE]\n\n")
    assert b'"finish_reason": "stop"' in rest
    assert server.process.wait(10) == 0
    assert time.monotonic() - started < 2


def test_sigterm_accepts_requests_during_the_delay(start):
    server = start(SHUTDOWN_DELAY_SECONDS="2")
    server.terminate()
    started = time.monotonic()
    time.sleep(0.5)
    assert json.load(server.request("GET", "/models"))["object"] == "list"
    assert server.process.wait(10) == 0
    assert time.monotonic() - started >= 2


def begin_request(server) -> socket.socket:
    """Sends a request without its body."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(
        b"POST /retrieve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
    )
    time.sleep(0.2)
    return connection


def test_sigterm_lets_requests_finish(start):
    server = start()
    with begin_request(server) as connection:
        server.terminate()
        time.sleep(0.3)
        connection.sendall(b'{"query": "jury"}')
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert server.process.wait(10) == 0


def test_sigterm_waits_no_longer_than_told(start):
    server = start(SHUTDOWN_SECONDS="1")
    with begin_request(server):
        started = time.monotonic()
        server.terminate()
        server.process.wait(10)
    assert 0.9 < time.monotonic() - started < 4


def test_pieces_of_a_stream_come_one_by_one(start):
    server = start()
    body = {**STREAM, "stream_options": {"pace_ms": 100}}
    answer = server.request("POST", "/chat", body)
    times = [time.monotonic() for line in iter(answer.readline, b"") if line.startswith(b"data: {")]
    assert len(times) >= 4
    # Not each pause: on a busy machine the client reads some pieces late.
    assert times[-1] - times[0] > 0.15


def test_a_body_of_unknown_length_is_cut_off(start):
    server = start(MAX_BODY_MB="0.01")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            b"POST /events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"2800\r\n"
            + b"x" * 0x2800
            + b"\r\n"
        )
        # Refused before the end of the body.
        connection.sendall(b"2800\r\n" + b"x" * 0x2800 + b"\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_idle_connections_stay_open_as_long_as_told(start):
    server = start(KEEP_ALIVE_SECONDS="1", APP_VERSION="dev")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        started = time.monotonic()
        assert b"".join(iter(lambda: connection.recv(1000), b"")).endswith(b'"version":"dev"}')
        assert 0.8 < time.monotonic() - started < 3


def test_a_bad_setting_is_one_message():
    result = subprocess.run(
        [sys.executable, "-m", "retrieval_server"],
        cwd=CONTAINER,
        env={**os.environ, "PORT": "http"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == 'error: PORT: "http" is not a number from 1 to 65535\n'
