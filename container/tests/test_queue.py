import asyncio
import threading
import time

import pytest
from conftest import serving

from retrieval_server.queue import Busy, WorkQueue


def test_a_full_queue_refuses_and_recovers():
    queue = WorkQueue(1, 2)
    with queue.place(), queue.place(), pytest.raises(Busy), queue.place():
        pass
    with queue.place():
        pass
    queue.close()


def test_a_failure_gives_its_place_back():
    queue = WorkQueue(1, 1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), queue.place():
            raise ZeroDivisionError
    queue.close()


def test_no_more_than_the_threads_work_at_the_same_time():
    queue = WorkQueue(2, 10)
    running = []
    most = []

    def work():
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()

    async def run():
        await asyncio.gather(*(queue.run(work) for _ in range(8)))

    asyncio.run(run())
    queue.close()
    assert max(most) == 2


def test_what_waits_is_not_run_after_its_caller_has_left():
    queue = WorkQueue(1, 10)
    release = threading.Event()
    ran = []

    async def run():
        first = asyncio.create_task(queue.run(release.wait, 5))
        second = asyncio.create_task(queue.run(ran.append, "second"))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.sleep(0)
        release.set()
        await first

    asyncio.run(run())
    queue.close()
    assert ran == []


def test_too_many_requests_get_429_and_are_told_when_to_come_back(index_path):
    with serving(index_path=index_path, queue_limit=1) as client:
        with client.service.queue.place():
            for path, body in [
                ("/retrieve", {"query": "jury"}),
                ("/chat", {"messages": [{"role": "user", "content": "jury"}], "stream": True}),
            ]:
                answer = client.post(path, json=body)
                assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
                assert answer.json()["error"]["code"] == "too_many_requests"
            # Probes and the keep-warm ping are no load.
            assert client.get("/ready").status_code == 200
            assert client.post("/events").status_code == 200
        assert client.post("/retrieve", json={"query": "jury"}).status_code == 200


def test_a_stream_gives_its_place_back(index_path):
    with serving(index_path=index_path, queue_limit=1) as client:
        body = {"messages": [{"role": "user", "content": "jury"}], "stream": True}
        assert [client.post("/chat", json=body).status_code for _ in range(3)] == [200, 200, 200]
