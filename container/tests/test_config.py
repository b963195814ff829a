from pathlib import Path

import pytest

from retrieval_server.config import Config, ConfigError


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
            "INDEX_PATH": "/x.db",
            "HEARTBEAT_SECONDS": "0.5",
            "KEEP_ALIVE_SECONDS": "4005",
            "SHUTDOWN_SECONDS": "110",
            "SHUTDOWN_DELAY_SECONDS": "10",
            "MAX_BODY_MB": "6",
        }
    )
    assert config == Config(9000, "2", Path("/x.db"), 0.5, 4005, 110, 10, 6)


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
    ],
)
def test_a_bad_value_is_named(name, value, allowed):
    with pytest.raises(ConfigError) as error:
        Config.from_environment({name: value})
    assert str(error.value) == f'{name}: "{value}" is not {allowed}'
