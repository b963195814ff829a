"""Runs the server: python -m retrieval_server."""

import os
import sys
import time

from retrieval_server.startup import Startup

startup = Startup()  # Before the imports that take time.


def main() -> int:
    from retrieval_server.secrets import SecretError, fetch_secrets

    try:
        fetch_secrets()
    except SecretError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    started = time.monotonic()
    import asyncio

    from retrieval_server import logs, server
    from retrieval_server.config import Config, ConfigError

    startup.record("imports", started)
    try:
        config = Config.from_environment(os.environ)
    except ConfigError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    logs.set_up()
    return asyncio.run(server.serve(config, startup))


if __name__ == "__main__":
    raise SystemExit(main())
