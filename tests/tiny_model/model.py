"""A Llama small enough to train on a laptop's processor: the shape that llama.cpp calls `llama`.

Its parameters carry the names that they have in a GGUF file, and its rotary embedding turns neighbouring dimensions, as
llama.cpp does, so that `to_gguf` writes them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Shape:
    """How large the model is."""

    tokens: int
    """Entries of the vocabulary."""

    width: int = 128
    """Numbers per position; a multiple of 32, the block of GGUF's Q8_0."""

    blocks: int = 4
    """Layers."""

    heads: int = 4
    """Attention heads, each with keys and values of its own."""

    inner: int = 352
    """Width inside a feed-forward layer; a multiple of 32."""

    context: int = 2048
    """Positions that the file promises; training sees fewer, and the rotary embedding makes up for the rest."""

    rope_base: float = 10_000.0
    """Of the rotary embedding (Su et al. 2021)."""

    epsilon: float = 1e-5
    """Keeps the norm's root away from zero."""


class TinyLlama(nn.Module):
    """Predicts the next token; input and output share one embedding."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.tokens, shape.width)
        self.blk = nn.ModuleList(_Block(shape) for _ in range(shape.blocks))
        self.output_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        for name, parameter in self.named_parameters():
            if parameter.ndim > 1:
                nn.init.normal_(parameter, std=0.02)
            if name.endswith(("attn_output.weight", "ffn_down.weight")):
                nn.init.normal_(parameter, std=0.02 / (2 * shape.blocks) ** 0.5)

    def forward(self, tokens: Tensor, wanted: Tensor) -> Tensor:
        """Scores of every vocabulary entry as the next token, `[positions wanted, vocabulary]`.

        Args:
            tokens: Token ids, `[rows, positions]`.
            wanted: Where a prediction is wanted, a mask of the same shape.
        """
        hidden = self.token_embd(tokens)
        turn = _rotation(tokens.shape[1], self.shape)
        for block in self.blk:
            hidden = block(hidden, turn)
        return functional.linear(self.output_norm(hidden[wanted]), self.token_embd.weight)


class _Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.attn_q = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_k = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_v = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.ffn_gate = nn.Linear(shape.width, shape.inner, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.inner, bias=False)
        self.ffn_down = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, hidden: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        hidden = hidden + self._attend(self.attn_norm(hidden), turn)
        normed = self.ffn_norm(hidden)
        return hidden + self.ffn_down(functional.silu(self.ffn_gate(normed)) * self.ffn_up(normed))

    def _attend(self, normed: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        query, key, value = (
            project(normed).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for project in (self.attn_q, self.attn_k, self.attn_v)
        )
        seen = functional.scaled_dot_product_attention(_turned(query, turn), _turned(key, turn), value, is_causal=True)
        return self.attn_output(seen.transpose(1, 2).flatten(-2))


def _rotation(positions: int, shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosines and sines, `[positions, half a head]`."""
    size = shape.width // shape.heads
    speeds = shape.rope_base ** (-torch.arange(0, size, 2) / size)
    angles = torch.outer(torch.arange(positions), speeds)
    return angles.cos(), angles.sin()


def _turned(heads: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    cosine, sine = turn
    even, odd = heads[..., 0::2], heads[..., 1::2]
    return torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1).flatten(-2)
