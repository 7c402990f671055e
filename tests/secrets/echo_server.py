"""A model server that quotes the key which it is sent: in one place of its replies, each time in another way."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle

STATUSES = (400, 401, 403, 404, 429, 500, 503)
IN_ANSWER = ("content", "cut content", "refusal", "ids and names", "error in 200", "header", "no JSON", "batch")
PLACES = (*(f"status {status}" for status in STATUSES), *IN_ANSWER)


@contextmanager
def echoing(place, echoes=(str,), paths=None):
    """Serves, and gives the address.

    Args:
        place: One of `PLACES`.
        echoes: Functions that turn the key into a quotation of it; one after the other.
        paths: Takes the path of each request.
    """
    own = {"place": place, "echoes": cycle(echoes), "paths": [] if paths is None else paths, "batches": {}}
    handler = type("Handler", (_Handler,), own)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def text_with(echo):
    """An answer in which the steps of a growth find tasks, classes and instances."""
    return f"9. Describe the {echo} briefly.\n10. Compare {echo} with nothing.\n\nInput: {echo}\nOutput: about {echo}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.paths.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/v1/files"):
            self.batches["lines"] = [json.loads(line) for line in body.splitlines() if line.startswith(b'{"custom_id"')]
            self._send(200, self._file("in"))
        elif self.path.startswith("/v1/batches"):
            self.batches["tag"] = json.loads(body)["metadata"]
            self._send(200, self._batch())
        elif self.place.startswith("status"):
            status = int(self.place.split()[1])
            said, code, param = (self._echo() for _ in range(3))
            self._send(status, {"error": {"message": said, "type": code, "code": code, "param": param}})
        elif self.place == "no JSON":
            self._send(200, f"<html>{self._echo()}".encode())
        else:
            self._send(200, self._answer())

    def do_GET(self):
        self.paths.append(self.path)
        if self.path.startswith("/v1/files"):
            lines = [
                {"custom_id": line["custom_id"], "response": {"status_code": 200, "body": self._answer()}}
                for line in self.batches["lines"]
            ]
            self._send(200, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        elif self.path.startswith("/v1/batches?"):
            self._send(200, {"object": "list", "data": [], "has_more": False})
        elif self.path.startswith("/v1/batches"):
            self._send(200, self._batch())
        else:
            self._send(200, {"data": [{"id": self._echo()} for _ in range(3)]})

    def _answer(self):
        place, echo = self.place, self._echo()
        message = {"role": "assistant", "content": "9. Name three rivers.\n10. Say what a heron eats."}
        named = {"id": "one", "model": "served", "system_fingerprint": "f"}
        finish = "stop"
        if place in ("content", "batch"):
            message["content"] = text_with(echo)
        elif place == "cut content":
            message["content"], finish = text_with(echo), "length"
        elif place == "refusal":
            message = {"role": "assistant", "content": None, "refusal": f"Not with {echo}"}
        elif place == "ids and names":
            named, finish = dict.fromkeys(named, echo), echo
        elif place == "error in 200":
            return {"error": {"message": echo, "type": echo, "code": 400}}
        return {**named, "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": None}

    def _echo(self):
        return next(self.echoes)(self.headers["Authorization"].removeprefix("Bearer "))

    def _file(self, name):
        return {"id": name, "object": "file", "bytes": 1, "created_at": 0, "filename": name, "purpose": "batch"}

    def _batch(self):
        name = f"batch-{self.headers['Authorization']}"
        done = {"output_file_id": "out", "status": "completed", "metadata": self.batches["tag"]}
        about = {"object": "batch", "endpoint": "/v1/chat/completions", "input_file_id": "in", "created_at": 0}
        return {"id": name, **about, "completion_window": "24h", **done}

    def _send(self, status, content):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        if self.place == "header":
            said = self.headers["Authorization"]
            for name in ("x-request-id", "Retry-After", "x-ratelimit-reset-requests", "Warning"):
                self.send_header(name, said)
        self.end_headers()
        self.wfile.write(body)
