"""A model server for tests: real HTTP on loopback, the OpenAI API, scripted answers, and faults on demand.

In a test::

    faults = [Fault("429", tries=(1,), retry_after=0.1)]
    with FakeServer(answer=lambda body: "1. Name three rivers.", faults=faults) as server:
        client = openai.OpenAI(base_url=server.url, api_key="any")
        ...
        assert server.stats()["statuses"] == {"200": 1, "429": 1}

By hand, as a process of its own: `python -m tests.fake_server --help`.

Map of the package: `http11` reads and writes HTTP, `answers` makes what a model says, `faults` says what goes wrong and
when, `breaks` spoils what travels, `counters` counts, `rate_limit` limits, `settings` are what a test may choose,
`admission` refuses, `json_schema` says what becomes of a wish for JSON, `endpoints` is the completions API, `batches`
the files and batches API, `server` owns sockets, thread and lifetime; `raw` is a client without manners.
"""

from tests.fake_server.answers import answers_of, numbered_list, prompt_key, text_of
from tests.fake_server.faults import BROKEN, EVERY_KIND, FATAL, ODD, REFUSED, Fault, mixture
from tests.fake_server.server import FakeServer

__all__ = [
    "BROKEN",
    "EVERY_KIND",
    "FATAL",
    "ODD",
    "REFUSED",
    "FakeServer",
    "Fault",
    "answers_of",
    "mixture",
    "numbered_list",
    "prompt_key",
    "text_of",
]
