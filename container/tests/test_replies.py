"""Answers in a provider's words: what a client sees when it is slow, or when the server is told to stop."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from retrieval_server import replies
from retrieval_server.config import ChatConfig, Config
from retrieval_server.provider import ProviderFailed, ProviderTimeout
from retrieval_server.requests import ChatRequest


class Slow:
    """A provider with a pause before each piece."""

    model = "slow"

    def __init__(self, *pauses: float) -> None:
        self.pauses = pauses
        self.closed = False

    async def pieces(self, messages, temperature, max_tokens):
        try:
            for n, pause in enumerate(self.pauses):
                await asyncio.sleep(pause)
                yield str(n)
        finally:
            self.closed = True


def run(provider, stream, timeout_seconds=1.0, shutdown_seconds=10, drain_after=None, leave_after=99):
    """Pieces that came, and the exception that ended them."""
    body = ChatRequest(messages=[{"role": "user", "content": "x"}], stream=stream)

    async def collect():
        service = SimpleNamespace(
            config=Config(chat=ChatConfig(timeout_seconds=timeout_seconds), shutdown_seconds=shutdown_seconds),
            draining=asyncio.Event(),
        )
        if drain_after is not None:
            asyncio.get_running_loop().call_later(drain_after, service.draining.set)
        came = []
        pieces = replies._in_time(service, provider, [], body)
        try:
            async for piece in pieces:
                came.append(piece)
                if len(came) == leave_after:
                    break
        except (ProviderFailed, ProviderTimeout) as error:
            return came, type(error)
        finally:
            await pieces.aclose()
        return came, None

    return asyncio.run(collect())


@pytest.mark.parametrize("stream", [True, False])
def test_all_pieces_come(stream):
    assert run(Slow(0, 0.01, 0.01), stream) == (["0", "1", "2"], None)


def test_in_a_stream_each_piece_has_its_time():
    assert run(Slow(0.6, 0.6, 0.6), stream=True) == (["0", "1", "2"], None)
    assert run(Slow(0.6, 5), stream=True) == (["0"], ProviderTimeout)


def test_a_whole_answer_has_its_time_for_all():
    assert run(Slow(0.6, 0.6, 0.6), stream=False) == (["0"], ProviderTimeout)


def test_while_the_server_drains_an_answer_goes_on():
    assert run(Slow(0.05, 0.05, 0.05), stream=True, drain_after=0.07) == (["0", "1", "2"], None)


def test_it_ends_before_the_server_does():
    provider = Slow(0.05, 30)
    started = time.monotonic()
    result = run(provider, stream=True, timeout_seconds=60, shutdown_seconds=1, drain_after=0.1)
    assert result == (["0"], ProviderFailed)
    assert 0.8 <= time.monotonic() - started < 10
    assert provider.closed


def test_a_client_that_leaves_ends_the_provider():
    provider = Slow(0, 30)
    assert run(provider, stream=True, leave_after=1) == (["0"], None)
    assert provider.closed
