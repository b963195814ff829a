"""Many clients, broken clients, large bodies: nothing hangs, every answer is whole, memory returns."""

import contextlib
import json
import socket
import time

import pytest
from clients import STREAM, in_parallel, open_files, peak_mb, post, resident_mb, wait_until

CLIENTS = 200
#: Allocators keep some of what they have had.
SPARE_MB = 24


def ask(port: int, number: int) -> tuple[int, dict[str, str], bytes]:
    return post(port, "/retrieve", {"query": f"trial by jury {number}", "limit": 3}, timeout=60)


def test_200_parallel_clients_get_an_answer_or_are_told_to_come_back(start):
    server = start()
    pid = server.process.pid
    expected = json.loads(ask(server.port, 0)[2])["data"][0]["id"]
    in_parallel(CLIENTS, lambda number: ask(server.port, number))
    before_mb, files = resident_mb(pid), open_files(pid)

    outcome = in_parallel(CLIENTS, lambda number: ask(server.port, number))

    assert not [result for result in outcome.results if isinstance(result, Exception)]
    answered = [result for result in outcome.results if result[0] == 200]
    refused = [result for result in outcome.results if result[0] == 429]
    assert len(answered) + len(refused) == CLIENTS
    assert answered
    assert {json.loads(body)["data"][0]["id"] for _, _, body in answered} == {expected}
    assert all(int(headers["retry-after"]) >= 1 for _, headers, _ in refused)
    assert {json.loads(body)["error"]["code"] for _, _, body in refused} <= {"too_many_requests"}
    wait_until(lambda: open_files(pid) <= files, "connections are closed")
    assert resident_mb(pid) < before_mb + SPARE_MB
    assert ask(server.port, 0)[0] == 200


def test_clients_that_leave_streams_leave_nothing_behind(start):
    server = start()
    pid = server.process.pid
    files = open_files(pid)

    def leave(_: int) -> bytes:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            body = json.dumps(STREAM).encode()
            head = f"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            connection.sendall(head.encode() + b"\r\n\r\n" + body)
            return connection.recv(4096)

    outcome = in_parallel(100, leave)
    answers = [result for result in outcome.results if isinstance(result, bytes)]
    assert len(answers) == 100
    # Their streams would take seconds; the server notices that nobody reads them.
    wait_until(lambda: open_files(pid) <= files, "abandoned streams are closed", 5)
    assert any(answer.startswith(b"HTTP/1.1 200") for answer in answers)
    assert ask(server.port, 0)[0] == 200


def test_a_body_of_20_mb_is_refused_unread(start):
    server = start()
    before_mb = peak_mb(server.process.pid)
    status, _, body = post(server.port, "/retrieve", b"x" * 20 * 2**20)
    assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_large")
    assert peak_mb(server.process.pid) < before_mb + 8
    assert ask(server.port, 0)[0] == 200


def test_20_mb_in_chunks_are_refused_at_the_limit(start):
    server = start()
    before_mb = peak_mb(server.process.pid)
    head = b"POST /retrieve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head)
        # The end of the body never comes: the server has to answer before it.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while sent < 20 * 2**20:
                connection.sendall(chunk)
                sent += 0x10000
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")
    assert sent > 2**20
    assert peak_mb(server.process.pid) < before_mb + 8
    assert ask(server.port, 0)[0] == 200


MALFORMED = [
    b"{",
    b"\x00" * 100,
    b"[" * 100_000,
    b'{"query": ' * 50_000,
    b'{"query": "\xff"}',
    b'{"query": "' + b"\\ud800" * 100 + b'"}',
    b'{"query": 1e400, "limit": -0}',
    b'{"query": "x", "limit": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("path", ["/retrieve", "/chat"])
def test_malformed_json_is_always_the_clients_fault(start, path):
    server = start()

    def send(number: int) -> int:
        return post(server.port, path, MALFORMED[number % len(MALFORMED)])[0]

    outcome = in_parallel(10 * len(MALFORMED), send)
    assert set(outcome.results) <= {400, 422, 429}
    assert ask(server.port, 0)[0] == 200
    assert "Traceback" not in server.log.read_text()


def test_what_is_not_http_does_no_harm(start):
    server = start()
    files = open_files(server.process.pid)
    pieces = [
        b"\x16\x03\x01\x02\x00" * 20,
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /retrieve HTTP/1.1\r\n",
        b"\r\n" * 999,
        b"",
    ]
    for piece in pieces:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(piece)
    assert ask(server.port, 0)[0] == 200
    wait_until(lambda: open_files(server.process.pid) <= files, "their connections are closed")


def test_slow_clients_do_not_stop_the_others(start):
    server = start()
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(50)]
    try:
        for connection in slow:
            connection.sendall(b"POST /retrieve HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        started = time.monotonic()
        assert ask(server.port, 0)[0] == 200
        assert time.monotonic() - started < 2
    finally:
        for connection in slow:
            connection.close()
