"""Coordinates: as ``csr``, with the element's row of the array behind its index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.coo import COOConfig
from zeroskip.sw.codecs.csr import element_columns, number_column, read_elements
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, to_numbers
from zeroskip.sw.codecs.values import ValueCodec, or_start
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC"]


def _encode(cfg: COOConfig, a: NDArray[np.int64]) -> Strings:
    groups = a.shape[1]
    columns, string, offset, counts = element_columns(cfg, a.reshape(-1, a.shape[-1]))
    behind = offset + cfg.a_width + cfg.index_width
    owner = Column("metadata", string, behind, string % groups, cfg.row_bits)
    return Strings((1 + counts) * cfg.slot, [*columns, owner, number_column(cfg, counts)])


def _sizes(cfg: COOConfig, part: Nonzeros) -> Sizes:
    counts = per_string(cfg, part)
    metadata = cfg.slot + counts * (cfg.index_width + cfg.row_bits)
    return Sizes((1 + counts) * cfg.slot, counts * cfg.a_width, metadata)


def _decode(cfg: COOConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        number = string.number("its number of elements", cfg.slot, 0, k)
        slots = string.take(f"its {number} elements", number, cfg.slot)
        read_elements(cfg, row, slots, string)
        owner = to_numbers(slots[:, cfg.a_width + cfg.index_width :])
        string.refuse(
            owner != string.group,
            lambda i, owner=owner, group=string.group: (  # type: ignore[misc]
                f"the row of element {i} must be {group}, not {owner[i]}"
            ),
        )
    return a


CODEC = ValueCodec(_encode, _sizes, _decode, or_start, paper=lambda cfg, density: density * cfg.slot)
