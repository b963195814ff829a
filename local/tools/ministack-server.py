"""Serves ministack on each address given as HOST:PORT.

Under the server that ministack starts by itself (hypercorn), about one request in 500 of the Terraform provider got no
answer although it was carried out; the provider's second try then found what it wanted to make.
"""

import socket
import sys

import uvicorn


def listen(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    return socket.create_server((host, int(port)), backlog=2048)


config = uvicorn.Config("ministack.app:app", access_log=False, log_level="warning", timeout_keep_alive=3600)
uvicorn.Server(config).run(sockets=[listen(address) for address in sys.argv[1:]])
