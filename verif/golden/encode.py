"""Encoders: the bit strings they make and the cycle of every beat, from docs/encode.md alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.encode.config import BitmaskEncoderConfig, EncoderConfig, RunLengthEncoderConfig
from zeroskip.verif.result import Stalls

__all__ = ["Encoded", "Fields", "encode", "fields", "pack"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Fields:
    """The bit string of a tile, cut into the fields it is made of.

    ``string`` is uint8, one bit an entry; ``lengths`` int64, the bits of each field, 0 where there is none.
    """

    string: NDArray[np.uint8]
    lengths: Ints


@dataclass(frozen=True)
class Encoded:
    """What an encoder gives for tiles back to back.

    ``bits`` is uint8 (beats, beat_bits), one bit an entry, and ``last`` bool (beats,); ``cycles`` are those
    in which the beats move, ``taken`` those in which the elements (or a packer's fields) do, both int64.
    """

    bits: NDArray[np.uint8]
    last: NDArray[np.bool_]
    cycles: Ints
    taken: Ints


def encode(cfg: EncoderConfig, tiles: Sequence[Ints], stalls: Stalls | None = None) -> Encoded:
    """Rows of one or more elements, int64, through an encoder of ``cfg``.

    Of a value the low ``cfg.width`` bits count. ``stalls.gaps["i"]`` are the source's. Raises ``ValueError``
    for a tile that is empty, and ``TypeError`` for a format that there is no encoder of.
    """
    stalls = stalls or Stalls()
    if isinstance(cfg, BitmaskEncoderConfig):
        packer = _Packer(cfg.beat_bits, [fields(cfg, tile) for tile in tiles], stalls)
        return packer.result(_bitmask_cycles(cfg, tiles, packer, stalls))
    return pack(cfg.beat_bits, [fields(cfg, tile) for tile in tiles], stalls)


def pack(beat_bits: int, tiles: Sequence[Fields], stalls: Stalls | None = None) -> Encoded:
    """Tiles of fields through a packer alone. ``stalls.gaps["i"]`` are those of the source of fields."""
    stalls = stalls or Stalls()
    packer = _Packer(beat_bits, tiles, stalls)
    steps = _steps(stalls)
    taken, moved = [], -1
    for i in range(sum(len(tile.lengths) for tile in tiles)):
        moved = packer.send(moved + steps[i % len(steps)])
        taken.append(moved)
    return packer.result(taken)


def fields(cfg: EncoderConfig, values: Ints) -> Fields:
    """Fields of a tile, as they are sent; in ``rlc`` an element that is not stored is one of no bits.

    Raises as ``encode`` does.
    """
    if not len(values):
        raise ValueError("tiles must have an element at least, not 0")
    bits = _bits(values, cfg.width)
    if isinstance(cfg, BitmaskEncoderConfig):
        blocks = -(-len(values) // cfg.block_size)
        padded = np.zeros((blocks, cfg.block_size, cfg.width), np.uint8)
        padded.reshape(-1, cfg.width)[: len(values)] = bits
        mask = padded.any(axis=2)
        whole = np.concatenate((mask.astype(np.uint8), padded.reshape(blocks, -1)), axis=1)
        stored = np.concatenate((np.ones_like(mask), np.repeat(mask, cfg.width, axis=1)), axis=1)
        counts = mask.sum(axis=1)
        lengths = np.full(int(np.maximum(counts, 1).sum()), cfg.width)
        first = np.cumsum(np.maximum(counts, 1)) - np.maximum(counts, 1)
        lengths[first] = cfg.block_size + np.where(counts > 0, cfg.width, 0)
        return Fields(whole[stored], lengths)
    if isinstance(cfg, RunLengthEncoderConfig):
        index = np.arange(len(values))
        nonzero = np.maximum.accumulate(np.where(bits.any(axis=1), index, -1))  # the newest, up to each
        kept = ((index - nonzero) % (1 << cfg.run_bits) == 0) | (index == len(values) - 1)
        runs = np.diff(index[kept], prepend=-1) - 1
        slots = np.concatenate((bits[kept], _bits(runs, cfg.run_bits)), axis=1)
        return Fields(slots.ravel(), np.where(kept, cfg.widest, 0))
    raise TypeError(f"cfg must be BitmaskEncoderConfig or RunLengthEncoderConfig, not {type(cfg).__name__}")


class _Packer:
    """Rules 1 to 3: asked for one field after the other, in which cycle it moves."""

    def __init__(self, beat_bits: int, tiles: Sequence[Fields], stalls: Stalls) -> None:
        completes, bits, last = [], [], []
        for tile in tiles:
            end = np.cumsum(tile.lengths)
            whole = end // beat_bits
            whole[-1] = beats = -(-end[-1] // beat_bits)
            completes.append(np.diff(whole, prepend=0))
            padded = np.zeros(beats * beat_bits, np.uint8)
            padded[: len(tile.string)] = tile.string
            bits.append(padded.reshape(beats, beat_bits))
            last.append(np.arange(beats) == beats - 1)
        self.completes = np.concatenate(completes).tolist()
        self.bits, self.last = np.concatenate(bits), np.concatenate(last)
        self.ready = np.ones(1, bool) if stalls.ready is None else stalls.ready
        self.sent = 0
        self.offered: list[int] = []
        self.moved: list[int] = []

    def send(self, earliest: int) -> int:
        """The first cycle from ``earliest`` on in which the next field moves."""
        cycle = earliest
        for offered, moved in zip(self.offered[-2:], self.moved[-2:], strict=True):  # no more are complete
            if offered <= cycle < moved:
                cycle = moved
        for _ in range(self.completes[self.sent]):
            before = self.moved[-1] if self.moved else -1
            self.offered.append(max(cycle, before) + 1)
            moved = self.offered[-1]
            while not self.ready[moved % len(self.ready)]:
                moved += 1
            self.moved.append(moved)
        self.sent += 1
        return cycle

    def result(self, taken: list[int]) -> Encoded:
        return Encoded(self.bits, self.last, np.array(self.moved), np.array(taken))


def _bitmask_cycles(
    cfg: BitmaskEncoderConfig, tiles: Sequence[Ints], packer: _Packer, stalls: Stalls
) -> list[int]:
    """Rules 5 to 7: the cycles in which elements move."""
    size, steps = cfg.block_size, _steps(stalls)
    taken: list[int] = []
    firsts: list[int] = [-1, -1]  # of each block when its first field is made, after two that never were
    lefts: list[int] = []  # of each value when its field is made
    moved = sent = -1
    for block in (tile[i : i + size] for tile in tiles for i in range(0, len(tile), size)):
        stored = len(lefts)
        for nonzero in _bits(block, cfg.width).max(axis=1).tolist():
            moved = max(moved + steps[len(taken) % len(steps)], firsts[-2] + 1)
            if stored >= size:
                moved = max(moved, lefts[stored - size])
            taken.append(moved)
            stored += nonzero
        made = max(moved + 1, sent)
        sent = packer.send(made + 1)
        firsts.append(made)
        if stored > len(lefts):
            lefts.append(made)
        while stored > len(lefts):
            lefts.append(sent)
            sent = packer.send(sent + 1)
    return taken


def _steps(stalls: Stalls) -> list[int]:
    """Cycles from the acceptance of an element to the offer of the next; it repeats."""
    gaps: list[int] = stalls.gaps.get("i", np.zeros(1, np.int64)).tolist()
    return [1 + gap for gap in gaps]


def _bits(values: Ints, width: int) -> NDArray[np.uint8]:
    """The low ``width`` bits of each value, uint8 (values, width)."""
    return ((values[:, None] >> np.arange(width)) & 1).astype(np.uint8)
