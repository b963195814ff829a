from pathlib import Path

import pytest

from retrieval_server.config import ChatConfig, Config, ConfigError


def test_defaults():
    config = Config.from_environment({"PORT": ""})
    assert (config.port, config.keep_alive_seconds, config.shutdown_seconds, config.heartbeat_seconds) == (
        8000,
        65,
        25,
        15,
    )
    assert (config.version, config.max_body_bytes) == ("dev", 1024 * 1024)


def test_values_come_from_the_environment():
    config = Config.from_environment(
        {
            "PORT": "9000",
            "APP_VERSION": "2",
            "SERVICE_NAME": "api-1",
            "APP_ROLE": "light",
            "BACKEND": "lexical",
            "MODEL_DIR": "/m",
            "INDEX_PATH": "/x",
            "THREADS": "3",
            "QUEUE_LIMIT": "8",
            "REFUSED_SECONDS": "0",
            "LOG_QUESTIONS": "true",
            "CORS_ORIGINS": "https://a.example, https://b.example",
            "CHAT_PROVIDER": "openai",
            "CHAT_URL": "https://api.example/v1/",
            "CHAT_API_KEY": "key",
            "CHAT_MODEL": "m1",
            "CHAT_TIMEOUT_SECONDS": "3",
            "HEARTBEAT_SECONDS": "0.5",
            "KEEP_ALIVE_SECONDS": "4005",
            "SHUTDOWN_SECONDS": "110",
            "SHUTDOWN_DELAY_SECONDS": "10",
            "MAX_BODY_MB": "6",
        }
    )
    assert config == Config(
        port=9000,
        version="2",
        service_name="api-1",
        role="light",
        backend="lexical",
        model_dir=Path("/m"),
        index_path=Path("/x"),
        threads=3,
        queue_limit=8,
        heartbeat_seconds=0.5,
        keep_alive_seconds=4005,
        shutdown_seconds=110,
        shutdown_delay_seconds=10,
        refused_seconds=0,
        max_body_mb=6,
        log_questions=True,
        cors_origins=("https://a.example", "https://b.example"),
        chat=ChatConfig("openai", "https://api.example/v1", "key", "m1", 3),
    )


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PORT", "http", "a number from 1 to 65535"),
        ("PORT", "0", "a number from 1 to 65535"),
        ("PORT", "80.5", "a whole number from 1 to 65535"),
        ("HEARTBEAT_SECONDS", "0", "a number from 0.05 to 300"),
        ("HEARTBEAT_SECONDS", "nan", "a number from 0.05 to 300"),
        ("KEEP_ALIVE_SECONDS", "-1", "a number from 1 to 7200"),
        ("SHUTDOWN_SECONDS", "inf", "a number from 0 to 120"),
        ("SHUTDOWN_DELAY_SECONDS", "61", "a number from 0 to 60"),
        ("MAX_BODY_MB", "1MB", "a number from 0.001 to 100"),
        ("QUEUE_LIMIT", "0", "a number from 1 to 10000"),
        ("THREADS", "1.5", "a whole number from 0 to 256"),
        ("CHAT_TIMEOUT_SECONDS", "never", "a number from 0.05 to 900"),
        ("BACKEND", "tensorflow", "one of onnx, torch, lexical"),
        ("APP_ROLE", "heavy", "one of full, light"),
        ("CHAT_PROVIDER", "anyone", "one of extractive, openai, bedrock"),
        ("LOG_QUESTIONS", "yes", "one of true, false"),
        ("SERVICE_NAME", "a b", 'at most 64 letters, digits, "-", "_" or "."'),
    ],
)
def test_a_bad_value_is_named(name, value, allowed):
    with pytest.raises(ConfigError) as error:
        Config.from_environment({name: value})
    assert str(error.value) == f'{name}: "{value}" is not {allowed}'


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"CHAT_PROVIDER": "openai", "CHAT_MODEL": "m"}, 'CHAT_URL: is not set, and CHAT_PROVIDER "openai" needs it'),
        ({"CHAT_PROVIDER": "bedrock"}, 'CHAT_MODEL: is not set, and CHAT_PROVIDER "bedrock" needs it'),
        (
            {"CHAT_PROVIDER": "openai", "CHAT_MODEL": "m", "CHAT_URL": "api.example"},
            'CHAT_URL: "api.example" does not start with https:// or http://',
        ),
    ],
)
def test_a_provider_needs_its_settings(environment, message):
    with pytest.raises(ConfigError) as error:
        Config.from_environment(environment)
    assert str(error.value) == message
