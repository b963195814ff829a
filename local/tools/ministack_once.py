"""ministack, carrying out each call of an AWS client once.

Now and then the provider breaks off a request that ministack is carrying out, and sends it again: a second security
group or subnet would be left that nobody knows of, and its network could not be deleted. A client gives all tries of a
call the same `amz-sdk-invocation-id`; a later try gets the answer of the first.
"""

import asyncio
import sys
from collections import OrderedDict

from ministack.app import app as ministack

# The tries of a call follow each other closely.
CALLS_KEPT = 1000

_calls: OrderedDict[bytes, asyncio.Task] = OrderedDict()


async def app(scope, receive, send):
    headers = dict(scope["headers"]) if scope["type"] == "http" else {}
    call = headers.get(b"amz-sdk-invocation-id")
    if call is None:
        return await ministack(scope, receive, send)
    body = await _read(receive)
    if body is None:
        return None
    task = _calls.get(call)
    if task is None or (task.done() and not _succeeded(task)):
        # A task of its own: it goes on when the client closes the connection.
        task = _calls[call] = asyncio.create_task(_carry_out(scope, body))
        while len(_calls) > CALLS_KEPT:
            _calls.popitem(last=False)
    else:
        print(f"answered again: {headers.get(b'amz-sdk-request')!r} {body[:200]!r}", file=sys.stderr, flush=True)
    for message in await asyncio.shield(task):
        await send(message)


async def _read(receive):
    """The whole body; None if the client went away before its end."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _carry_out(scope, body):
    """The messages that answer a request."""
    messages = []
    requests = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if requests:
            return requests.pop()
        # The answer stands whether the client waits for it or not.
        await asyncio.Event().wait()

    async def send(message):
        messages.append(message)

    await ministack(scope, receive, send)
    return messages


def _succeeded(task):
    """Whether the answer stands for later tries. What failed may succeed when it is tried again."""
    if task.cancelled() or task.exception() is not None:
        return False
    return bool(task.result()) and 200 <= task.result()[0].get("status", 500) < 300
