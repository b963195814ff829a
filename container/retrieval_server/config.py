"""Configuration, from the environment only."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROLES = ("full", "light")
BACKENDS = ("onnx", "torch", "lexical")
CHAT_PROVIDERS = ("extractive", "openai", "bedrock")


_TOKEN = re.compile(r"[A-Za-z0-9._-]{0,64}")


class ConfigError(ValueError):
    """A variable has a value that is not allowed; the message names it, the value and what is allowed."""


@dataclass(frozen=True)
class ChatConfig:
    """Who words the answers of `/chat`."""

    provider: str = "extractive"
    #: Base of an OpenAI-compatible interface, like https://api.openai.com/v1.
    url: str = ""
    #: Sent as a bearer token; none for interfaces without one.
    api_key: str = ""
    #: The provider's name of the model.
    model: str = ""
    #: Longest wait for the provider: for its next piece in a stream, for all of it otherwise.
    timeout_seconds: float = 25


@dataclass(frozen=True)
class Config:
    port: int = 8000
    version: str = "dev"
    #: Which service of a deployment this is: in each answer, as several may share a front door.
    service_name: str = ""
    #: `light` serves what needs no search.
    role: str = "full"
    backend: str = "onnx"
    model_dir: Path = Path("/opt/model")
    index_path: Path = Path("/opt/index")
    #: Threads that search at the same time; 0: as many as the CPUs that may really be used.
    threads: int = 0
    #: Searches, and answers, that may be running or waiting; more get 429.
    queue_limit: int = 64
    #: Longest silence of a stream before a comment is sent.
    heartbeat_seconds: float = 15
    #: How long an idle connection stays open; longer than the front door's idle timeout.
    keep_alive_seconds: int = 65
    #: How long running requests may take to finish after SIGTERM; below the platform's stop timeout.
    shutdown_seconds: int = 25
    #: How long requests are still accepted after SIGTERM, for front doors that hear late of a task that leaves.
    shutdown_delay_seconds: int = 0
    #: How long a server that can't serve stays, to tell why at `/ready`.
    refused_seconds: float = 5
    #: Largest request body.
    max_body_mb: float = 1
    #: Whether questions may be written to the log.
    log_questions: bool = False
    #: Origins whose pages may call; "*" for all.
    cors_origins: tuple[str, ...] = ()
    chat: ChatConfig = ChatConfig()

    @property
    def max_body_bytes(self) -> int:
        return int(self.max_body_mb * 1024 * 1024)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """Reads the configuration; a variable that is missing or empty has its default.

        Raises:
            ConfigError: a value is not a number or out of range, or is none of those allowed.
        """
        read = _Reader(environment)
        return cls(
            port=read.whole("PORT", cls.port, 1, 65535),
            version=read.text("APP_VERSION", cls.version),
            service_name=read.token("SERVICE_NAME"),
            role=read.choice("APP_ROLE", cls.role, ROLES),
            backend=read.choice("BACKEND", cls.backend, BACKENDS),
            model_dir=Path(read.text("MODEL_DIR", str(cls.model_dir))),
            index_path=Path(read.text("INDEX_PATH", str(cls.index_path))),
            threads=read.whole("THREADS", cls.threads, 0, 256),
            queue_limit=read.whole("QUEUE_LIMIT", cls.queue_limit, 1, 10000),
            heartbeat_seconds=read.number("HEARTBEAT_SECONDS", cls.heartbeat_seconds, 0.05, 300),
            keep_alive_seconds=read.whole("KEEP_ALIVE_SECONDS", cls.keep_alive_seconds, 1, 7200),
            shutdown_seconds=read.whole("SHUTDOWN_SECONDS", cls.shutdown_seconds, 0, 120),
            shutdown_delay_seconds=read.whole("SHUTDOWN_DELAY_SECONDS", cls.shutdown_delay_seconds, 0, 60),
            refused_seconds=read.number("REFUSED_SECONDS", cls.refused_seconds, 0, 3600),
            max_body_mb=read.number("MAX_BODY_MB", cls.max_body_mb, 0.001, 100),
            log_questions=read.choice("LOG_QUESTIONS", "false", ("true", "false")) == "true",
            cors_origins=tuple(filter(None, (o.strip() for o in read.text("CORS_ORIGINS", "").split(",")))),
            chat=_chat(read),
        )


def _chat(read: "_Reader") -> ChatConfig:
    provider = read.choice("CHAT_PROVIDER", ChatConfig.provider, CHAT_PROVIDERS)
    chat = ChatConfig(
        provider=provider,
        url=read.text("CHAT_URL", "").rstrip("/"),
        api_key=read.text("CHAT_API_KEY", ""),
        model=read.text("CHAT_MODEL", ""),
        timeout_seconds=read.number("CHAT_TIMEOUT_SECONDS", ChatConfig.timeout_seconds, 0.05, 900),
    )
    needed = {"openai": ("url", "model"), "bedrock": ("model",)}.get(provider, ())
    for name in needed:
        if not getattr(chat, name):
            raise ConfigError(f'CHAT_{name.upper()}: is not set, and CHAT_PROVIDER "{provider}" needs it')
    if chat.url and not chat.url.startswith(("https://", "http://")):
        raise ConfigError(f'CHAT_URL: "{chat.url}" does not start with https:// or http://')
    return chat


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str) -> str:
        return self._environment.get(name, "").strip() or default

    def token(self, name: str) -> str:
        value = self.text(name, "")
        if not _TOKEN.fullmatch(value):
            raise ConfigError(f'{name}: "{value}" is not at most 64 letters, digits, "-", "_" or "."')
        return value

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise ConfigError(f'{name}: "{value}" is not one of {", ".join(allowed)}')
        return value

    def number(self, name: str, default: float, low: float, high: float) -> float:
        text = self.text(name, "")
        try:
            value = float(text) if text else default
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise ConfigError(f'{name}: "{text}" is not a number from {low:g} to {high:g}')
        return float(value)

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self.number(name, default, low, high)
        if not value.is_integer():
            raise ConfigError(f'{name}: "{self.text(name, "")}" is not a whole number from {low} to {high}')
        return int(value)
