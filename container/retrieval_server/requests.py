"""What the endpoints accept. Fields that are not named here are ignored, as OpenAI clients send many."""

from typing import Annotated, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class RetrieveRequest(BaseModel):
    query: Text
    limit: int = Field(5, ge=1, le=50)


class TextPart(BaseModel):
    type: Literal["text"]
    text: str


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    #: Pause between two pieces in milliseconds: to see when a front door passes each piece on.
    pace_ms: int = Field(0, ge=0, le=1000)


class ChatRequest(BaseModel):
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    #: For clients that must send one; the answer names the model that made it.
    model: str | None = None
    #: These two are for a provider; quotes know neither.
    temperature: float | None = Field(None, ge=0, le=2)
    max_tokens: int | None = Field(None, ge=1, le=1_000_000)

    def question(self) -> str:
        """The last user message.

        Raises:
            RequestValidationError: there is none, or it is empty.
        """
        text = next((m.text.strip() for m in reversed(self.messages) if m.role == "user"), "")
        if not text:
            raise RequestValidationError(
                [{"type": "missing", "loc": ("body", "messages"), "msg": "the last user message has no text"}]
            )
        return text
