import asyncio
import json
import time

from conftest import serving

from retrieval_server import stream


def ask(client, **options):
    body = {"messages": [{"role": "user", "content": "trial by jury"}], **options}
    return client.post("/chat", json=body)


def data(text):
    return [line.removeprefix("data: ") for line in text.split("\n\n") if line.startswith("data: ")]


def test_a_stream_is_the_answer_in_pieces(client):
    answer = ask(client, stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    *chunks, end = data(answer.text)
    assert end == "[DONE]"
    chunks = [json.loads(chunk) for chunk in chunks]
    assert {c["object"] for c in chunks} == {"chat.completion.chunk"}
    content = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks)
    assert content == ask(client).json()["choices"][0]["message"]["content"]


def test_a_pause_is_filled_with_heartbeats(index_path):
    with serving(index_path=index_path, heartbeat_seconds=0.05) as client:
        text = ask(client, stream=True, stream_options={"pace_ms": 130}).text
    assert text.count(": keep-alive\n\n") >= len(data(text)) - 2
    assert text.endswith("data: [DONE]\n\n")


def test_a_failure_before_the_stream_has_a_status(client, monkeypatch):
    monkeypatch.setattr(client.service.retriever, "search", lambda *_: 1 / 0)
    answer = ask(client, stream=True)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")


def test_a_failure_in_a_stream_is_an_event_without_the_end_mark():
    async def items():
        yield {"n": 1}
        raise ZeroDivisionError

    pieces = asyncio.run(collect(stream.events(items()), 30))
    assert [json.loads(d) for d in data("".join(pieces))] == [
        {"n": 1},
        {"error": {"code": "internal_error", "message": "the server failed to answer"}},
    ]


async def collect(source, seconds):
    return [piece async for piece in stream.with_heartbeat(source, seconds)]


def test_a_slow_answer_is_waited_for_with_heartbeats():
    async def items():
        await asyncio.sleep(0.12)
        yield {}

    pieces = asyncio.run(collect(stream.events(items()), 0.05))
    assert pieces == [": keep-alive\n\n"] * 2 + ["data: {}\n\n", "data: [DONE]\n\n"]


def test_draining_ends_the_pauses():
    async def run():
        draining = asyncio.Event()

        async def items():
            for n in range(5):
                yield {"n": n}

        asyncio.get_running_loop().call_later(0.05, draining.set)
        return await collect(stream.events(stream.paced(items(), 60, draining)), 30)

    started = time.monotonic()
    pieces = asyncio.run(run())
    assert (len(pieces), pieces[-1]) == (6, "data: [DONE]\n\n")
    assert time.monotonic() - started < 5


def test_a_client_that_leaves_ends_the_stream():
    ended = []

    async def source():
        try:
            yield "a"
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def run():
        pieces = stream.with_heartbeat(source(), 30)
        assert await anext(pieces) == "a"
        await pieces.aclose()

    asyncio.run(run())
    assert ended == [True]
