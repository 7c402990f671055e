"""A server that answers each request with bytes of the test's own, to see what the client makes of them."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from contextlib import contextmanager, suppress


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole HTTP response."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def zipped(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """As `reply`, in gzip."""
    return reply(gzip.compress(body, 1), "Content-Encoding: gzip", *headers, status=status)


def answer(text: str) -> bytes:
    """The JSON of a chat completion."""
    return json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}).encode()


@contextmanager
def serving(respond):
    """Yields the address of a server; `respond(path)` gives the pieces that it sends before it closes."""
    server = socket.create_server(("127.0.0.1", 0))
    asked = []

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection):
        with connection, suppress(OSError):
            if not (head := connection.recv(1 << 20)):
                return
            path = head.split(b" ", 2)[1].decode()
            asked.append(path)
            for piece in respond(path):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 16):  # a reset would overtake what was sent
                pass

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1", asked
    finally:
        server.close()
