"""What may differ between an answer of the server by itself and the same answer through the web adapter, and why.

Everything else has to be equal, byte by byte. One thing more differs, in paths that no front door or client sends by
itself: the adapter resolves dot segments (`/retrieve/../health` is `/health`), the server does not and answers 404.
"""

#: Response headers that only one of both has, or that have another value.
HEADERS = {
    "date": "the time of the answer",
    "connection": "speaks of the connection to the server; the adapter's client has another one",
    "keep-alive": "speaks of the connection to the server",
    "transfer-encoding": "speaks of the connection: an invocation's response is one piece",
    "content-length": "the front door sets it from the body; a streamed answer has none by itself",
}

#: Response headers that are made anew for each request that does not bring them; one that does gets its own back.
MADE_UNLESS_SENT = {
    "x-request-id": "tells the requests apart in the log",
}

#: Paths whose body speaks of the process that answers: it has to have the same fields.
SAME_FIELDS_ONLY = {
    "/startup": "measured times of this process's start",
}
