"""A server that can't serve tells why, and ends with a status that says so."""

import json
import time

from conftest import CONTAINER, serving

from retrieval_server.index import build


def test_it_tells_why_and_ends(start, tmp_path):
    server = start(wait=False, INDEX_PATH=str(tmp_path / "none"), REFUSED_SECONDS="1.5")
    server.wait_for("/ready", 503)
    answer = server.request("GET", "/ready")
    assert answer.status == 503
    error = json.load(answer)["error"]
    assert error["code"] == "not_ready"
    assert error["message"].startswith(f"{tmp_path / 'none'}: no such index; build it with")
    assert server.request("GET", "/health").status == 200
    assert server.process.wait(10) == 3
    assert [line["reason"] for line in server.log_lines() if line["event"] == "refused"] == [error["message"]]


def test_without_the_packages_of_its_backend_too(start, tmp_path):
    """As in an image that was built for another backend."""
    (tmp_path / "onnxruntime.py").write_text("raise ImportError('no onnxruntime')")
    started = time.monotonic()
    server = start(wait=False, BACKEND="onnx", REFUSED_SECONDS="0", PYTHONPATH=str(tmp_path))
    assert server.process.wait(10) == 3
    assert time.monotonic() - started < 8
    (reason,) = [line["reason"] for line in server.log_lines() if line["event"] == "refused"]
    assert "the backend onnx is not in this image (no onnxruntime); build it with BACKEND=onnx" in reason


def test_sigterm_ends_the_wait(start, tmp_path):
    server = start(wait=False, INDEX_PATH=str(tmp_path / "none"), REFUSED_SECONDS="60")
    server.wait_for("/ready", 503)
    server.terminate()
    assert server.process.wait(5) == 3


def test_the_light_role_needs_its_index(tmp_path):
    with serving(role="light", index_path=tmp_path / "none") as client:
        assert client.get("/health").status_code == 200
        assert client.get("/models").status_code == 503
        assert client.post("/events").status_code == 503


def test_the_light_role_needs_no_more_than_the_manifest(tmp_path):
    manifest = build(tmp_path, [CONTAINER / "documents"])
    (tmp_path / manifest.files["passages"].name).unlink()
    with serving(role="light", index_path=tmp_path) as client:
        assert client.get("/models").json()["data"][0]["documents"] == 3
