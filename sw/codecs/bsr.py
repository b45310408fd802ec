"""Block-compressed rows: the dense blocks of r rows x c columns that have nonzeros."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.bsr import BSRConfig
from zeroskip.sw.codecs.codec import part_used
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, ranks, stored_blocks, to_numbers
from zeroskip.sw.codecs.values import Flags, ValueCodec, any_row, parts
from zeroskip.sw.nonzeros import Nonzeros
from zeroskip.sw.prune import grouped

__all__ = ["CODEC"]


def _encode(cfg: BSRConfig, a: NDArray[np.int64]) -> Strings:
    k = a.shape[-1]
    rows = a.reshape(-1, *a.shape[2:])
    blocks = grouped(rows, cfg.block_cols).transpose(0, 2, 3, 1)  # (strings, blocks, c, r)
    string, block = np.nonzero(blocks.any(axis=(2, 3)))
    counts, rank = ranks(string, len(rows))
    head = (1 + rank * (1 + cfg.block_cols)) * cfg.slot
    numbered = np.arange(len(rows))
    content = blocks[string, block]  # (entries, c, r)
    entry, column, row = np.indices(content.shape).reshape(3, -1)
    offset = head[entry] + (1 + column) * cfg.slot + row * cfg.a_width
    inside = block[entry] * cfg.block_cols + column < k
    past = entry[~inside]
    columns = [
        Column("metadata", numbered, 0 * numbered, counts, cfg.slot),
        Column("metadata", string, head, block, cfg.index_width),
        Column("values", string[entry[inside]], offset[inside], content.ravel()[inside], cfg.a_width),
        Column("zeros", string[past], offset[~inside], 0 * past, cfg.a_width),
    ]
    return Strings((1 + counts * (1 + cfg.block_cols)) * cfg.slot, columns)


def _blocks(cfg: BSRConfig, k: int) -> int:
    """Blocks of c columns in k."""
    return -(-k // cfg.block_cols)


def _sizes(cfg: BSRConfig, part: Nonzeros) -> Sizes:
    blocks, last = (stored_blocks(cfg, part, cfg.block_cols, end) for end in (False, True))
    elements = blocks * cfg.block_cols - last * (-part.k % cfg.block_cols)
    lengths = (1 + blocks * (1 + cfg.block_cols)) * cfg.slot
    return Sizes(lengths, elements * cfg.group * cfg.a_width, cfg.slot + blocks * cfg.index_width)


def _decode(cfg: BSRConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    return np.concatenate([_read_group(cfg, k, string) for string in strings])


def _read_group(cfg: BSRConfig, k: int, string: BitString) -> NDArray[np.int64]:
    """One group's rows, int64 (r, k)."""
    most, c, r = _blocks(cfg, k), cfg.block_cols, cfg.group
    number = string.number("its number of blocks", cfg.slot, 0, most)
    slots = string.take(f"its {number} blocks", number * (1 + c), cfg.slot).reshape(number, 1 + c, cfg.slot)
    indices = to_numbers(slots[:, 0, : cfg.index_width])
    string.refuse(indices >= most, lambda i: f"block {i} must be below {most}, not {indices[i]}")
    string.refuse(
        np.diff(indices, prepend=-1) <= 0,
        lambda i: f"block {i} must be above {indices[i - 1]}, as before it, not {indices[i]}",
    )
    bits = slots[:, 1:, : r * cfg.a_width].reshape(number, c, r, cfg.a_width)
    values = to_numbers(bits, cfg.a_signed)
    past = indices[:, None] * c + np.arange(c) >= k
    string.refuse(
        np.any(values.any(axis=2) & past, axis=1),
        lambda i: f"values past k = {k} must be 0, as they are not in block {i}",
    )
    string.refuse(np.all(values == 0, axis=(1, 2)), lambda i: f"block {i} must have a value other than 0")
    blocks = np.zeros((r, most, c), np.int64)
    blocks[:, indices] = values.transpose(2, 0, 1)
    return blocks.reshape(r, -1)[:, :k]


def _flags(cfg: BSRConfig, nonzero: Flags) -> Flags:
    """Steps past k are there too: the columns that fill up the last block."""
    stored = np.logical_or.reduce(parts(any_row(cfg, nonzero), cfg.block_cols), axis=2)
    flags = np.repeat(stored, cfg.block_cols, axis=1)
    flags[:, 0] |= ~np.logical_or.reduce(stored, axis=1)
    return flags


def _paper(cfg: BSRConfig, density: float) -> float:
    elements = cfg.group * cfg.block_cols
    return part_used(density, elements) * (1 + cfg.block_cols) * cfg.slot / elements


CODEC = ValueCodec(_encode, _sizes, _decode, _flags, paper=_paper)
