"""What MCP clients can use: the tools `search` and `answer`, and the status of the index as a resource."""

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from retrieval_server.replies import reply
from retrieval_server.requests import ChatRequest, Message, Text
from retrieval_server.service import Service

_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Question = Annotated[Text, Field(description="A question or words, in the language of the documents")]


class FoundPassage(BaseModel):
    id: str
    path: str
    content: str
    score: float


class SearchResult(BaseModel):
    passages: list[FoundPassage]


class Source(BaseModel):
    n: int
    id: str
    path: str
    heading: str


class AnswerResult(BaseModel):
    text: str
    sources: list[Source]


class IndexStatus(BaseModel):
    model: str
    dimension: int
    documents: int
    passages: int
    created: int
    sources_sha256: str


def make_session_manager(service: Service) -> StreamableHTTPSessionManager:
    """Serves without sessions: any instance may answer any request."""
    server = MCPServer("retrieval-server", version=service.config.version, log_level="WARNING")

    @server.tool(annotations=_READ_ONLY)
    async def search(
        query: Question, limit: Annotated[int, Field(ge=1, le=50, description="Passages at most")] = 5
    ) -> SearchResult:
        """Finds the passages of the documents that match best, best first."""
        hits = await service.queue.run(service.retriever.search, query, limit)
        return SearchResult(passages=[FoundPassage.model_validate(hit, from_attributes=True) for hit in hits])

    @server.tool(annotations=_READ_ONLY)
    async def answer(question: Question) -> AnswerResult:
        """Answers a question from the documents, with citations [n] of the sources."""
        result = await reply(service, ChatRequest(messages=[Message(role="user", content=question)]))
        text = "".join([piece async for piece in result.pieces])
        return AnswerResult(text=text, sources=[Source.model_validate(source) for source in result.frame.sources])

    @server.resource("index://status", mime_type="application/json")
    def index_status() -> str:
        """What is in the index and which model made it."""
        return IndexStatus.model_validate(service.manifest, from_attributes=True).model_dump_json()

    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        # A guard for servers on a desktop; here the host name is the front door's, and nothing hangs on it.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        max_request_body_size=service.config.max_body_bytes,
    )
    return server.session_manager
