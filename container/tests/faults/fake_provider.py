"""A stand-in for an OpenAI-compatible chat provider on this machine, which is slow or fails as told. Not a model."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = ["The ", "fake ", "provider ", "says: ", "by jury ", "[1]."]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    #: Many clients come at once.
    request_queue_size = 256


class FakeProvider:
    """`mode` says how the next requests are answered:

    ok              at once, whole or as a stream
    silent          takes the request and never answers
    slow            begins to answer, then stops in the middle
    status:N        answers with that HTTP status
    not json        answers 200 with a page of HTML
    cut off         closes the connection in the middle of the answer
    reset           closes the connection without an answer
    """

    def __init__(self) -> None:
        self.mode = "ok"
        #: Bodies of the requests that it has had.
        self.requests: list[dict] = []
        #: Requests whose client has gone before the end of a slow answer.
        self.abandoned = 0
        self.released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                provider.requests.append(body)
                mode = provider.mode
                try:
                    if mode == "silent":
                        self._wait_for_client_to_leave()
                    elif mode.startswith("status:"):
                        self._refuse(int(mode.removeprefix("status:")))
                    elif mode == "not json":
                        self._bytes(200, "text/html", b"<html>A proxy says hello.</html>")
                    elif mode == "reset":
                        self.close_connection = True
                        self.connection.close()
                    elif body.get("stream"):
                        self._stream(mode)
                    else:
                        self._answer(mode)
                except (BrokenPipeError, ConnectionResetError):
                    provider.abandoned += 1

            def _answer(self, mode: str) -> None:
                message = {"role": "assistant", "content": "".join(WORDS)}
                text = json.dumps(
                    _completion("chat.completion", {"message": message, "finish_reason": "stop"})
                ).encode()
                if mode == "ok":
                    return self._bytes(200, "application/json", text)
                self._head(200, "application/json", len(text))
                self.wfile.write(text[:20])
                self.wfile.flush()
                self._stop_in_the_middle(mode)

            def _stream(self, mode: str) -> None:
                self._head(200, "text/event-stream", None)
                for n, word in enumerate(WORDS):
                    self._event(
                        _completion("chat.completion.chunk", {"delta": {"content": word}, "finish_reason": None})
                    )
                    if n == 2 and mode != "ok":
                        return self._stop_in_the_middle(mode)
                self._event(_piece({}, "stop"))
                self._chunk(b"data: [DONE]\n\n")
                self._chunk(b"")

            def _stop_in_the_middle(self, mode: str) -> None:
                if mode == "slow":
                    self._wait_for_client_to_leave()
                self.close_connection = True
                self.connection.close()

            def _wait_for_client_to_leave(self) -> None:
                self.connection.settimeout(0.05)
                while not provider.released.is_set():
                    try:
                        if self.connection.recv(1) == b"":
                            raise BrokenPipeError
                    except TimeoutError:
                        time.sleep(0.01)

            def _event(self, value: dict) -> None:
                self._chunk(b"data: " + json.dumps(value).encode() + b"\n\n")

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def _refuse(self, status: int) -> None:
                error = {"error": {"message": "no: key sk-not-a-real-key"}}
                self._bytes(status, "application/json", json.dumps(error).encode())

            def _bytes(self, status: int, kind: str, data: bytes) -> None:
                self._head(status, kind, len(data))
                self.wfile.write(data)

            def _head(self, status: int, kind: str, length: int | None) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if length is None:
                    self.send_header("Transfer-Encoding", "chunked")
                else:
                    self.send_header("Content-Length", str(length))
                self.end_headers()

        return Handler


def _whole(text: str) -> dict:
    message = {"role": "assistant", "content": text}
    return _completion("chat.completion", {"message": message, "finish_reason": "stop"})


def _piece(delta: dict, finish_reason: str | None = None) -> dict:
    return _completion("chat.completion.chunk", {"delta": delta, "finish_reason": finish_reason})


def _completion(kind: str, choice: dict) -> dict:
    choices = [{"index": 0, **choice}]
    usage = {"prompt_tokens": 7, "completion_tokens": 6, "total_tokens": 13}
    return {"id": "fake-1", "object": kind, "created": 1773342238, "model": "fake", "choices": choices, "usage": usage}


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    provider = FakeProvider()
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
