"""The operand whose zeros a design skips: random ones obey its N:M, any can be pruned to it."""

from dataclasses import replace
from typing import Any

from zeroskip.hw.config import Config
from zeroskip.sw.arrays import count_nonzero
from zeroskip.sw.codecs import Pattern, codec_of
from zeroskip.sw.operands import Operand, load

__all__ = ["sparse_operand"]


def sparse_operand(
    cfg: Config, spec: str, chosen: Pattern | None = None, *, prune: bool = False, **how: Any
) -> Operand:
    """The operand that ``spec`` names, for ``cfg``; ``how`` goes to ``zeroskip.sw.operands.load``.

    ``chosen`` is the N of N:M that tiles are to have, if not the greatest of the design. With ``prune`` the
    operand is pruned to it by magnitude, and its note says how many nonzeros that dropped.

    Raises what ``load`` raises, and ValueError for ``prune`` of a design that has no N:M.
    """
    codec, pattern = codec_of(cfg), chosen or ()
    operand = load(spec, nm=None if prune else codec.obeyed(cfg, pattern), **how)
    if not prune:
        return operand
    matrix = codec.pruned(cfg, operand.matrix, pattern)
    lost = count_nonzero(operand.matrix) - count_nonzero(matrix)
    said = (operand.note, f"pruned by magnitude, {lost} nonzeros dropped")
    return replace(operand, matrix=matrix, note="; ".join(each for each in said if each))
