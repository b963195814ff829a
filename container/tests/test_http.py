import pytest
from conftest import serving

QUESTION = {"role": "user", "content": "trial by jury"}


def test_health_ready_and_models(client):
    assert client.get("/health").json() == {"status": "ok", "version": "1.2.3"}
    assert client.get("/ready").json()["status"] == "ready"
    models = client.get("/models").json()
    assert (models["object"], models["version"]) == ("list", "1.2.3")
    model = models["data"][0]
    assert (model["id"], model["object"], model["documents"]) == ("lexical-bm25", "model", 3)
    assert model["passages"] > 10


def test_retrieve(client):
    answer = client.post("/retrieve", json={"query": "freedom of speech", "limit": 2}).json()
    assert (answer["object"], answer["model"], answer["usage"]) == ("list", "lexical-bm25", {"total_tokens": 0})
    first = answer["data"][0]
    assert set(first) == {"id", "content", "metadata"}
    assert first["id"] == "bill-of-rights.md#1"
    assert first["content"].startswith(
        "The Bill of Rights > Amendment I (First Amendment)\n\nCongress shall make no law"
    )
    assert first["metadata"]["path"] == "bill-of-rights.md"
    assert first["metadata"]["score"] > answer["data"][1]["metadata"]["score"]


def test_retrieve_has_five_results_unless_told(client):
    assert len(client.post("/retrieve", json={"query": "people"}).json()["data"]) == 5
    assert client.post("/retrieve", json={"query": "xylophone"}).json()["data"] == []


def test_chat_answers_the_last_user_message(client):
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "bail"}]
    messages += [{"role": "assistant", "content": "…"}, {"role": "user", "content": [{"type": "text", "text": "jury"}]}]
    answer = client.post("/chat", json={"messages": messages, "model": "any", "temperature": 0}).json()
    assert (answer["object"], answer["model"]) == ("chat.completion", "lexical-bm25")
    choice = answer["choices"][0]
    assert (choice["message"]["role"], choice["finish_reason"]) == ("assistant", "stop")
    assert "Jury" in choice["message"]["content"]
    assert answer["sources"][0]["n"] == 1
    assert client.post("/chat", json={"messages": [QUESTION]}).json()["id"] != answer["id"]


@pytest.mark.parametrize("body", [b"", b"not json", b'{"source": "aws.events"}', b"\xff\x00"])
def test_events_take_anything_and_touch_the_index(client, monkeypatch, body):
    touched = []
    monkeypatch.setattr(client.service.retriever, "touch", lambda: touched.append(1))
    answer = client.post("/events", content=body)
    assert (answer.status_code, answer.json()["status"]) == (200, "warm")
    assert touched == [1]


def test_startup_phases(client):
    report = client.get("/startup").json()
    assert {"interpreter", "index"} <= set(report["phases_ms"])
    assert report["total_ms"] >= report["phases_ms"]["index"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/retrieve", {}, "query"),
        ("/retrieve", {"query": "  "}, "query"),
        ("/retrieve", {"query": "x" * 8001}, "query"),
        ("/retrieve", {"query": "x", "limit": 0}, "limit"),
        ("/retrieve", {"query": "x", "limit": 51}, "limit"),
        ("/retrieve", {"query": "x", "limit": "many"}, "limit"),
        ("/retrieve", [], "body"),
        ("/chat", {"messages": []}, "messages"),
        ("/chat", {"messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ("/chat", {"messages": [{"role": "user", "content": " "}]}, "messages"),
        ("/chat", {"messages": [{"role": "king", "content": "x"}]}, "messages.0.role"),
        ("/chat", {"messages": [QUESTION], "stream_options": {"pace_ms": 1001}}, "stream_options.pace_ms"),
    ],
)
def test_bad_input_names_the_field(client, path, body, field):
    answer = client.post(path, json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (422, "invalid_request", field)
    assert error["message"]


def test_a_body_that_is_not_json(client):
    for content in (b"{", b'{"query": "\xff"}'):
        answer = client.post("/retrieve", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) in [(400, "invalid_json"), (400, "bad_request")]


def test_half_a_character_is_bad_input(client):
    answer = client.post("/retrieve", content=b'{"query": "\\ud800"}', headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_unknown_paths_and_methods(client):
    assert client.get("/nope").status_code == 404
    assert client.get("/nope").json() == {"error": {"code": "not_found", "message": "no such path: /nope"}}
    answer = client.get("/retrieve")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_large_bodies_are_refused(index_path):
    with serving(index_path=index_path, max_body_mb=0.001) as client:
        assert client.post("/retrieve", json={"query": "x" * 900}).status_code == 200
        for content in (b"x" * 1100, iter([b"x" * 600] * 2)):
            for path in ("/retrieve", "/chat", "/events"):
                answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
                error = answer.json()["error"]
                assert (answer.status_code, error["code"]) == (413, "body_too_large")
                assert error["message"] == "the body is larger than 1048 bytes"
                content = b"x" * 1100


def test_a_refused_index_leaves_the_server_alive_with_the_reason(tmp_path):
    with serving(index_path=tmp_path / "none") as client:
        assert client.get("/health").status_code == 200
        for answer in (
            client.get("/ready"),
            client.get("/models"),
            client.post("/retrieve", json={"query": "x"}),
            client.post("/chat", json={"messages": [QUESTION], "stream": True}),
            client.post("/events", json={}),
        ):
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], answer.headers["retry-after"]) == (503, "not_ready", "1")
            assert "none: no such index; build it" in error["message"]
        assert client.get("/startup").json()["total_ms"] is None


def test_a_failure_shows_nothing_of_its_inside(client, monkeypatch):
    monkeypatch.setattr(client.service.retriever, "search", lambda *_: 1 / 0)
    answer = client.post("/retrieve", json={"query": "x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "division" not in answer.text


def test_requests_have_ids(client):
    assert (
        client.get("/health", headers={"x-request-id": "from-the-client"}).headers["x-request-id"] == "from-the-client"
    )
    made = {client.get(path).headers["x-request-id"] for path in ("/health", "/nope", "/health")}
    assert len(made) == 3
    for unfit in ("with space", "x" * 129):
        assert client.get("/health", headers={"x-request-id": unfit}).headers["x-request-id"] != unfit


def test_a_failure_has_an_id_too(client, monkeypatch):
    monkeypatch.setattr(client.service.retriever, "search", lambda *_: 1 / 0)
    assert client.post("/retrieve", json={"query": "x"}).headers["x-request-id"]


def test_answers_name_their_service_when_it_has_a_name(client, index_path):
    assert "x-service" not in client.get("/health").headers
    with serving(index_path=index_path, service_name="heavy") as named:
        for answer in (named.get("/health"), named.get("/nope"), named.post("/retrieve", json={})):
            assert answer.headers["x-service"] == "heavy"


def test_a_slash_at_the_end_is_another_path(client):
    assert client.get("/health/", follow_redirects=False).status_code == 404


ORIGIN = "https://app.example"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


def test_pages_of_allowed_origins_may_call(index_path):
    with serving(index_path=index_path, cors_origins=(ORIGIN,)) as client:
        preflight = client.options("/retrieve", headers=PREFLIGHT)
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, ORIGIN)
        answer = client.post("/retrieve", json={"query": "jury"}, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()
        other = client.post("/retrieve", json={"query": "jury"}, headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
    with serving(index_path=index_path, cors_origins=("*",)) as client:
        assert client.options("/chat", headers=PREFLIGHT).headers["access-control-allow-origin"] == "*"


def test_without_origins_no_page_may_call(client):
    assert client.options("/retrieve", headers=PREFLIGHT).status_code == 405
    assert "access-control-allow-origin" not in client.get("/health", headers={"Origin": ORIGIN}).headers
