"""A client of the official SDK against the server's /mcp."""

import asyncio
import json

import pytest
from mcp import Client

QUESTION = "May soldiers be quartered in a house?"


@pytest.fixture(scope="module")
def ask(request, index_path, tmp_path_factory):
    """Runs something with a connected client, each time with a connection of its own."""
    from conftest import Process

    server = Process(index_path, tmp_path_factory.mktemp("mcp") / "log")
    request.addfinalizer(server.kill)

    def ask(work, path="/mcp"):
        async def run():
            async with Client(f"http://127.0.0.1:{server.port}{path}") as client:
                return await work(client)

        return asyncio.run(run())

    return ask


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_tools_are_listed_with_their_arguments(ask, path):
    tools = {tool.name: tool for tool in ask(lambda client: client.list_tools(), path).tools}
    assert set(tools) == {"search", "answer"}
    assert set(tools["search"].input_schema["properties"]) == {"query", "limit"}
    assert tools["search"].input_schema["required"] == ["query"]
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())


def test_search_finds_passages(ask):
    result = ask(lambda client: client.call_tool("search", {"query": QUESTION, "limit": 2}))
    passages = result.structured_content["passages"]
    assert len(passages) == 2
    assert "No Soldier shall" in passages[0]["content"]
    assert (passages[0]["path"], passages[0]["id"]) == ("bill-of-rights.md", "bill-of-rights.md#3")


def test_answer_cites_its_sources(ask):
    result = ask(lambda client: client.call_tool("answer", {"question": QUESTION}))
    answer = result.structured_content
    assert answer["text"].startswith("“No Soldier shall")
    assert "[1] bill-of-rights.md" in answer["text"]
    assert answer["sources"][0]["path"] == "bill-of-rights.md"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("search", {}), ("search", {"query": " "}), ("search", {"query": "x", "limit": 51}), ("answer", {"question": ""})],
)
def test_bad_arguments_are_an_error_of_the_tool(ask, tool, arguments):
    assert ask(lambda client: client.call_tool(tool, arguments)).is_error


def test_the_status_of_the_index_is_a_resource(ask):
    uris = [str(resource.uri) for resource in ask(lambda client: client.list_resources()).resources]
    assert uris == ["index://status"]
    (content,) = ask(lambda client: client.read_resource("index://status")).contents
    status = json.loads(content.text)
    assert (status["model"], status["documents"]) == ("lexical-bm25", 3)
    assert status["passages"] > 10


def test_requests_need_no_session(start):
    """Any instance may answer any request, as on Lambda."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    request["params"] = {"name": "search", "arguments": {"query": "jury", "limit": 1}}
    server = start()
    answer = server.request(
        "POST", "/mcp", request, {"Accept": "application/json, text/event-stream", "Host": "api.example.com"}
    )
    body = json.load(answer)
    assert answer.status == 200
    assert answer.getheader("mcp-session-id") is None
    assert len(body["result"]["structuredContent"]["passages"]) == 1


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_stream_that_never_ends(start, method):
    answer = start().request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (answer.status, answer.getheader("allow")) == (405, "POST")


def test_a_server_that_is_not_ready_says_so(tmp_path, start):
    server = start(wait=False, INDEX_PATH=str(tmp_path / "none"), REFUSED_SECONDS="20")
    server.wait_for("/health", 200)
    answer = server.request("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert (answer.status, json.load(answer)["error"]["code"]) == (503, "not_ready")
