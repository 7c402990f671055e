"""llama.cpp's own HTTP server in a process of its own: a real server that nobody here wrote.

`python -m tests.backends.local.llama_server MODEL PORT SLOTS CONTEXT [KEY]` serves until its standard input closes, so
that it never outlives the tests.
"""

from __future__ import annotations

import socket
import subprocess
import sys

from tests.conftest import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LlamaServer:
    """A server on a port that stays its own when it is killed and started again."""

    def __init__(self, model, *, slots=8, context=2048, key=""):
        self._port = free_port()
        self._arguments = [str(model), str(self._port), str(slots), str(context), *([key] if key else [])]
        self.url = f"http://127.0.0.1:{self._port}/v1"
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        """Returns when it serves."""
        command = [sys.executable, "-m", "tests.backends.local.llama_server", *self._arguments]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        assert self._process.stdout.readline() == b"serving\n"

    def kill(self):
        """kill -9."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def main() -> None:
    import xllamacpp

    model, port, slots, context, *keys = sys.argv[1:]
    parameters = xllamacpp.CommonParams()
    parameters.model.path, parameters.port, parameters.api_keys = model, int(port), keys
    parameters.n_parallel, parameters.n_ctx = int(slots), int(slots) * int(context)
    parameters.model_alias = ["tiny"]
    parameters.verbosity = parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.warmup = parameters.ui = False
    server = xllamacpp.Server(parameters)
    sys.stdout.write("serving\n")
    sys.stdout.flush()
    sys.stdin.read()
    del server


if __name__ == "__main__":
    main()
