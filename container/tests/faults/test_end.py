"""The server is stopped or killed while it works."""

import contextlib
import functools
import http.client
import signal
import socket
import threading
import time

from clients import STREAM, post


def open_stream(server) -> http.client.HTTPResponse:
    answer = server.request("POST", "/chat", STREAM)
    assert answer.status == 200
    assert b'"role": "assistant"' in answer.readline()
    return answer


def test_a_kill_in_the_middle_of_a_stream_ends_it_at_once(start):
    server = start()
    answer = open_stream(server)
    server.process.send_signal(signal.SIGKILL)
    started = time.monotonic()
    try:
        rest = answer.read()
    except (http.client.IncompleteRead, ConnectionResetError) as error:
        rest = getattr(error, "partial", b"")
    # The client sees that it is not whole, and does not wait.
    assert b"[DONE]" not in rest
    assert time.monotonic() - started < 2
    assert server.process.wait(5) == -signal.SIGKILL


def test_after_a_kill_the_next_start_serves_the_same(start):
    first = start()
    question = {"query": "trial by jury"}
    expected = post(first.port, "/retrieve", question)[2]
    open_stream(first)
    first.process.kill()
    first.process.wait()
    assert post(start().port, "/retrieve", question)[2] == expected


def test_sigterm_under_load_loses_nothing(start):
    """Clients go on for a while after SIGTERM, as a front door does that hears late of it."""
    server = start(SHUTDOWN_DELAY_SECONDS="2")
    stopping = threading.Event()
    results: list[object] = []

    def work() -> None:
        while not stopping.is_set():
            try:
                status, _, body = post(server.port, "/retrieve", {"query": "trial by jury"})
                results.append(status if body.endswith(b"}") else body)
            except (OSError, http.client.HTTPException) as error:
                results.append(error)

    clients = [threading.Thread(target=work, daemon=True) for _ in range(20)]
    for client in clients:
        client.start()
    streams = [open_stream(server) for _ in range(5)]
    time.sleep(0.5)
    before = len(results)
    server.terminate()
    time.sleep(1)
    stopping.set()
    for client in clients:
        client.join(10)
        assert not client.is_alive()
    assert len(results) > before > 0
    assert set(results) <= {200, 429}
    assert results.count(200) > 20
    for stream in streams:
        assert stream.read().endswith(b"data: [DONE]\n\n")
    assert server.process.wait(15) == 0


def test_sigterm_answers_what_it_has_begun_to_read(start):
    """Without a delay: a new connection may be refused, but a request that has begun is answered."""
    server = start()
    body = b'{"query": "trial by jury"}'
    head = (
        f"POST /retrieve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.ExitStack() as stack:
        connect = functools.partial(socket.create_connection, ("127.0.0.1", server.port), timeout=10)
        connections = [stack.enter_context(connect()) for _ in range(30)]
        for connection in connections:
            connection.sendall(head.encode() + body[:5])
        time.sleep(0.3)
        server.terminate()
        time.sleep(0.3)
        for connection in connections:
            connection.sendall(body[5:])
        answers = [connection.recv(65536) for connection in connections]
    assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert server.process.wait(15) == 0
