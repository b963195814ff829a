"""What a role serves, and what it never imports."""

import json
import os
import subprocess
import sys

from conftest import CONTAINER, serving

#: The packages of the backends, of MCP and of chat providers.
HEAVY = ("numpy", "onnxruntime", "tokenizers", "faiss", "torch", "sentence_transformers", "mcp", "botocore", "httpx2")


def imported_after(code: str, **environment: str) -> list[str]:
    """Names out of HEAVY that are imported by then."""
    result = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint(sorted(set({HEAVY}) & set(sys.modules)))"],
        cwd=CONTAINER,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(result.stdout.replace("'", '"'))


#: Starts the application, waits for the end of its loading, and ends it.
START = """
import asyncio, os, sys
from retrieval_server.app import create_app
from retrieval_server.config import Config
from retrieval_server.service import Service
from retrieval_server.startup import Startup

async def main():
    service = Service(Config.from_environment(os.environ), Startup())
    create_app(service)
    await service.load()
    await service.warm()
    await service.close()

asyncio.run(main())
"""


def test_the_light_role_never_imports_the_model_stack(vector_index_path):
    assert imported_after(START, APP_ROLE="light", BACKEND="onnx", INDEX_PATH=str(vector_index_path)) == []


def test_the_start_imports_what_it_needs_and_no_more(model_dir, vector_index_path):
    environment = {"MODEL_DIR": str(model_dir), "INDEX_PATH": str(vector_index_path)}
    assert imported_after(START, BACKEND="lexical", **environment) == []
    assert imported_after(START, BACKEND="onnx", **environment) == ["faiss", "numpy", "onnxruntime", "tokenizers"]


def test_the_light_role_serves_what_needs_no_search(vector_index_path):
    with serving(role="light", backend="onnx", index_path=vector_index_path) as client:
        assert client.get("/health").status_code == 200
        assert client.get("/ready").json()["model"] == "all-MiniLM-L6-v2"
        assert client.get("/models").json()["data"][0]["passages"] > 10
        assert client.post("/events").json()["status"] == "warm"
        assert list(client.get("/startup").json()["phases_ms"]) == ["interpreter", "index"]
        for path in ("/retrieve", "/chat", "/mcp"):
            assert client.post(path, json={"query": "x"}).status_code == 404


def test_both_roles_tell_the_same_models(model_dir, vector_index_path):
    answers = []
    for role in ("full", "light"):
        with serving(role=role, backend="onnx", model_dir=model_dir, index_path=vector_index_path) as client:
            answers.append(client.get("/models").json())
    assert answers[0] == answers[1]
