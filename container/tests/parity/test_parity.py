"""The same 200 requests give the same answers from the server by itself and on Lambda, behind each front door's event.

Needs Docker and TEST_IMAGE, see image_containers.py.
"""

import json

import pytest
from cases import COUNT, cases
from differences import HEADERS, MADE_UNLESS_SENT, SAME_FIELDS_ONLY
from image_containers import Containers, needs_image
from messages import EVENTS, Answer, Request, send_event, send_plain

pytestmark = needs_image
CASES = cases()


@pytest.fixture(scope="module")
def fronts():
    containers = Containers()
    try:
        yield containers.plain(), containers.on_lambda()
    finally:
        containers.remove_all()


def comparable(request: Request, answer: Answer) -> dict:
    body: object = answer.body
    if request.path in SAME_FIELDS_ONLY and answer.status == 200:
        body = _fields(json.loads(answer.body))
    made = MADE_UNLESS_SENT.keys() - {name for name, _ in request.headers}
    headers = sorted((name, "made" if name in made else value) for name, value in answer.headers if name not in HEADERS)
    return {"status": answer.status, "headers": headers, "body": body}


def _fields(value: object) -> object:
    return {name: _fields(inner) for name, inner in value.items()} if isinstance(value, dict) else type(value).__name__


def test_there_are_200_different_requests():
    assert len(CASES) == COUNT
    assert len({(r.method, r.path, r.query, tuple(r.headers), r.body) for r in CASES}) == COUNT
    assert len({request.name for request in CASES}) == COUNT


@pytest.mark.parametrize("request_", CASES, ids=[request.name for request in CASES])
def test_the_answer_is_the_same_on_lambda(fronts, request_):
    plain, on_lambda = fronts
    expected = comparable(request_, send_plain(*plain, request_))
    for front_door, event in EVENTS.items():
        answer = send_event(*on_lambda, event(request_))
        assert comparable(request_, answer) == expected, front_door


def test_only_the_adapter_resolves_dot_segments(fronts):
    plain, on_lambda = fronts
    dotted, straight = Request("", "GET", "/retrieve/../health"), Request("", "GET", "/health")
    assert send_plain(*plain, dotted).status == 404
    for event in EVENTS.values():
        answers = [comparable(straight, send_event(*on_lambda, event(request))) for request in (dotted, straight)]
        assert answers[0] == answers[1]
