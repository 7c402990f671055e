"""What a test may choose about the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fake_server.answers import Answer, numbered_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.fake_server.faults import Fault


@dataclass
class Settings:
    """All choices; all but the rate limit may be changed while the server runs."""

    answer: Answer = numbered_list
    """What the model says; see `answers`."""

    faults: Sequence[Fault] = ()
    """What goes wrong; the first rule that fits a request counts."""

    seed: int = 0
    """Names the draws of faults and latencies."""

    latency: float = 0.0
    """Seconds to a completion: always, or the median where there is a spread. Error statuses come at once."""

    latency_spread: float = 0.0
    """Sigma of log-normal latencies: at 1, one answer in a hundred takes ten times the median."""

    api_key: str | None = None
    """The only key that is let in; None: any, or none."""

    models: Sequence[str] = ()
    """The models that exist; empty: any name, and `fake` is listed."""

    context_tokens: int | None = None
    """Prompt and `max_tokens` together may not be more, at four characters a token."""

    json_schema: str = "taken"
    """What becomes of `response_format`: one of `json_schema.MANNERS`."""

    requests_per_second: float | None = None
    """The rate limit on completions."""

    burst: float | None = None
    """Requests that may come at once before the rate counts; None: those of one second."""

    retry_form: str = "seconds"
    """How the rate limit writes Retry-After: `seconds`, `date`, `ms`; empty: not at all."""

    batch_seconds: float = 0.0
    """Time that a batch takes."""

    batch_lines: int = 50_000
    """The most requests in one batch, as at OpenAI."""

    keep_bodies: bool = False
    """Whether `FakeServer.bodies` holds each request body."""
