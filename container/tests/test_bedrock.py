"""Answers by Amazon Bedrock, from a stand-in on this machine that speaks its protocol. Not a model."""

import json
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import serving

from retrieval_server.config import ChatConfig

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
CHAT = {"messages": [{"role": "user", "content": "trial by jury"}], "temperature": 0.5, "max_tokens": 40}
WORDS = ["By ", "jury ", "[1]."]


def message(headers: dict[str, str], payload: dict) -> bytes:
    """One message of AWS's event stream encoding: lengths, their CRC, headers, payload, CRC of all."""
    data = b""
    for name, value in headers.items():
        data += bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(data) + len(body), len(data))
    prelude += struct.pack(">I", zlib.crc32(prelude))
    whole = prelude + data + body
    return whole + struct.pack(">I", zlib.crc32(whole))


def event(kind: str, payload: dict) -> bytes:
    return message({":message-type": "event", ":event-type": kind, ":content-type": "application/json"}, payload)


def exception(kind: str) -> bytes:
    return message({":message-type": "exception", ":exception-type": kind}, {"message": "secret words"})


def text(word: str) -> bytes:
    return event("contentBlockDelta", {"delta": {"text": word}, "contentBlockIndex": 0})


class Bedrock:
    def __init__(self) -> None:
        self.requests: list[tuple[str, dict]] = []
        #: What the next requests get: status and error type, or the messages of a stream with pauses in seconds.
        self.answer: tuple[int, str] | list[bytes | float] = [text(word) for word in WORDS] + [
            event("messageStop", {"stopReason": "end_turn"})
        ]


@pytest.fixture
def bedrock(monkeypatch):
    state = Bedrock()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            state.requests.append((self.path, json.loads(self.rfile.read(int(self.headers["content-length"])))))
            if isinstance(state.answer, tuple):
                status, error = state.answer
                data = json.dumps({"message": "secret words"}).encode()
                self.send_response(status)
                self.send_header("x-amzn-errortype", error)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.amazon.eventstream")
            self.end_headers()
            for part in state.answer:
                if isinstance(part, float):
                    self.wfile.flush()
                    time.sleep(part)
                else:
                    self.wfile.write(part)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(bedrock, index_path):
    chat = ChatConfig(provider="bedrock", model=MODEL, timeout_seconds=4)
    with serving(index_path=index_path, chat=chat) as client:
        yield client


def test_it_words_the_answer_and_the_sources_follow(client, bedrock):
    answer = client.post("/chat", json=CHAT).json()
    content = answer["choices"][0]["message"]["content"]
    assert content.startswith("By jury [1].\n\nSources:\n[1] bill-of-rights.md")
    assert answer["model"] == MODEL
    ((path, body),) = bedrock.requests
    assert path == f"/model/{MODEL.replace(':', '%3A')}/converse-stream"
    assert body["inferenceConfig"] == {"temperature": 0.5, "maxTokens": 40}
    assert body["messages"] == [{"role": "user", "content": [{"text": "trial by jury"}]}]
    assert "[1] bill-of-rights.md" in body["system"][0]["text"]


def test_a_stream_comes_piece_by_piece(client):
    events = client.post("/chat", json={**CHAT, "stream": True}).text.split("\n\n")
    chunks = [json.loads(e.removeprefix("data: ")) for e in events if e.startswith("data: {")]
    deltas = [c["choices"][0]["delta"].get("content", "") for c in chunks]
    assert deltas[1:4] == WORDS
    assert "data: [DONE]" in events


@pytest.mark.parametrize(
    ("answer", "status", "code", "said"),
    [
        ((429, "ThrottlingException"), 502, "provider_failed", "the chat provider answered with ThrottlingException"),
        ((403, "AccessDeniedException"), 502, "provider_failed", "the chat provider answered with AccessDenied"),
        ((408, "ModelTimeoutException"), 504, "provider_timeout", "the chat provider's model did not answer in time"),
        (
            [exception("throttlingException")],
            502,
            "provider_failed",
            "the chat provider answered with throttlingException",
        ),
        ([30.0], 504, "provider_timeout", "the chat provider did not answer within 4 s"),
        ([b"nonsense" * 9], 502, "provider_failed", "the chat provider's answer can't be read"),
    ],
)
def test_its_failures_have_a_status(client, bedrock, answer, status, code, said):
    bedrock.answer = answer
    started = time.monotonic()
    result = client.post("/chat", json=CHAT)
    error = result.json()["error"]
    assert (result.status_code, error["code"]) == (status, code), error
    assert said in error["message"]
    assert "secret words" not in result.text
    assert time.monotonic() - started < 25


def test_a_failure_in_the_middle_of_a_stream_is_an_event(client, bedrock):
    bedrock.answer = [text("By "), 0.1, exception("internalServerException")]
    events = client.post("/chat", json={**CHAT, "stream": True}).text.split("\n\n")
    assert '"code": "provider_failed"' in events[-2]
    assert "data: [DONE]" not in events


def test_nothing_is_asked_when_nothing_is_found(client, bedrock):
    answer = client.post("/chat", json={"messages": [{"role": "user", "content": "xylophone"}]}).json()
    assert answer["choices"][0]["message"]["content"] == "The documents hold nothing about this question."
    assert bedrock.requests == []
