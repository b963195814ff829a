"""Configuration, from the environment only."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class ConfigError(ValueError):
    """A variable has a value that is not allowed; the message names it, the value and what is allowed."""


@dataclass(frozen=True)
class Config:
    port: int = 8000
    version: str = "dev"
    index_path: Path = Path("/opt/index/lexical.db")
    #: Longest silence of a stream before a comment is sent.
    heartbeat_seconds: float = 15
    #: How long an idle connection stays open; longer than the front door's idle timeout.
    keep_alive_seconds: int = 65
    #: How long running requests may take to finish after SIGTERM; below the platform's stop timeout.
    shutdown_seconds: int = 25
    #: How long requests are still accepted after SIGTERM, for front doors that hear late of a task that leaves.
    shutdown_delay_seconds: int = 0
    #: Largest request body.
    max_body_mb: float = 1

    @property
    def max_body_bytes(self) -> int:
        return int(self.max_body_mb * 1024 * 1024)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """Reads the configuration; a variable that is missing or empty has its default.

        Raises:
            ConfigError: a value is not a number or out of range.
        """

        def number(name: str, default: float, low: float, high: float) -> float:
            text = environment.get(name, "").strip()
            try:
                value = float(text) if text else default
            except ValueError:
                value = math.nan
            if not low <= value <= high:
                raise ConfigError(f'{name}: "{text}" is not a number from {low:g} to {high:g}')
            return float(value)

        def whole(name: str, default: int, low: int, high: int) -> int:
            value = number(name, default, low, high)
            if not value.is_integer():
                raise ConfigError(f'{name}: "{environment[name]}" is not a whole number from {low} to {high}')
            return int(value)

        return cls(
            port=whole("PORT", cls.port, 1, 65535),
            version=environment.get("APP_VERSION", "").strip() or cls.version,
            index_path=Path(environment.get("INDEX_PATH", "").strip() or cls.index_path),
            heartbeat_seconds=number("HEARTBEAT_SECONDS", cls.heartbeat_seconds, 0.05, 300),
            keep_alive_seconds=whole("KEEP_ALIVE_SECONDS", cls.keep_alive_seconds, 1, 7200),
            shutdown_seconds=whole("SHUTDOWN_SECONDS", cls.shutdown_seconds, 0, 120),
            shutdown_delay_seconds=whole("SHUTDOWN_DELAY_SECONDS", cls.shutdown_delay_seconds, 0, 60),
            max_body_mb=number("MAX_BODY_MB", cls.max_body_mb, 0.001, 100),
        )
