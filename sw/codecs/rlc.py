"""Run-length code: elements (value, zeros before it); every row ends with its last element, zero or not."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zeroskip.hw.designs.rlc import RLCConfig
from zeroskip.sw.codecs.strings import BitString, Column, Sizes, Strings, per_string, ranks, to_numbers
from zeroskip.sw.codecs.values import Flags, ValueCodec
from zeroskip.sw.nonzeros import Nonzeros

__all__ = ["CODEC"]


def _encode(cfg: RLCConfig, a: NDArray[np.int64]) -> Strings:
    rows = a.reshape(-1, a.shape[-1])
    longest = (1 << cfg.run_bits) - 1
    stored = rows != 0
    stored[:, -1] = True
    owner, _ = np.nonzero(stored)
    runs = np.diff(np.flatnonzero(stored), prepend=-1) - 1  # none crosses rows: each row's last is stored
    cuts = runs // (longest + 1)  # elements of value 0 that a long run needs
    own = np.cumsum(cuts + 1) - 1  # its own element comes after them
    string = np.repeat(owner, cuts + 1)
    run, value = np.full(len(string), longest), np.zeros(len(string), np.int64)
    run[own] = runs % (longest + 1)
    value[own] = rows[stored]
    counts, rank = ranks(string, len(rows))
    offset = rank * cfg.slot
    columns = [
        Column("values", string, offset, value, cfg.a_width),
        Column("metadata", string, offset + cfg.a_width, run, cfg.run_bits),
    ]
    return Strings(counts * cfg.slot, columns)


def _sizes(cfg: RLCConfig, part: Nonzeros) -> Sizes:
    """An element for each nonzero, for every cut of the zeros before it, and for what is left of a row."""
    owner = part.tile * cfg.rows + part.row
    first = np.diff(owner, prepend=-1) > 0
    before = np.where(first, -1, np.roll(part.column, 1))
    elements = per_string(cfg, part, ((part.column - before - 1) >> cfg.run_bits) + 1)
    end = np.full(part.tiles * cfg.rows, -1)
    end[owner] = part.column  # of each row the last one stays
    left = part.k - 1 - end
    elements += np.where(left > 0, ((left - 1) >> cfg.run_bits) + 1, 0)
    return Sizes(elements * cfg.slot, elements * cfg.a_width, elements * cfg.run_bits)


def _decode(cfg: RLCConfig, k: int, strings: Sequence[BitString]) -> NDArray[np.int64]:
    a = np.zeros((len(strings), k), np.int64)
    for row, string in zip(a, strings, strict=True):
        _read_row(cfg, row, string)
    return a


def _read_row(cfg: RLCConfig, row: NDArray[np.int64], string: BitString) -> None:
    """Read elements into ``row``, int64 (k,), up to the one at its end."""
    last = len(row) - 1
    longest = (1 << cfg.run_bits) - 1
    start, there = string.position, string.left // cfg.slot
    positions = np.cumsum(to_numbers(string.take("elements", there, cfg.slot)[:, cfg.a_width :]) + 1) - 1
    count = int(np.searchsorted(positions, last)) + 1  # elements up to the one at the row's end
    string.position = start
    slots = string.take(f"the element at k - 1 = {last}", count, cfg.slot)
    positions = positions[:count]
    string.refuse(
        positions > last, lambda i: f"element {i} must be at most at k - 1 = {last}, not at {positions[i]}"
    )
    values, runs = to_numbers(slots[:, : cfg.a_width], cfg.a_signed), to_numbers(slots[:, cfg.a_width :])
    string.refuse(
        (values == 0) & (runs < longest) & (positions < last),
        lambda i: (
            f"element {i} must not have the value 0 after a run of {runs[i]}, "
            f"only after one of {longest} or at the row's end"
        ),
    )
    row[positions] = values


def _flags(cfg: RLCConfig, nonzero: Flags) -> Flags:
    place = np.arange(nonzero.shape[1], dtype=np.int32)
    before = np.maximum.accumulate(np.where(nonzero, place, np.int32(-1)), axis=1)
    # From a nonzero (or the start) on, an element with the longest run lands every 2^run_bits positions.
    flags: Flags = (place - before) & ((1 << cfg.run_bits) - 1) == 0
    flags[:, -1] = True
    return flags


CODEC = ValueCodec(_encode, _sizes, _decode, _flags, paper=lambda cfg, density: density * cfg.slot)
