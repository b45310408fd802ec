"""Bit strings of the unstructured designs: one for each tile and group of rows, cut into beats.

A storage format is a ``StringCodec`` of two functions: where each field of the strings lies, and the operand
that strings stand for. docs/unstructured.md, "Formats: bit strings and steps", says what they hold.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zeroskip.sw.arrays import distinct
from zeroskip.sw.codecs.codec import Codec, Pattern, Stored, Take
from zeroskip.sw.nonzeros import Nonzeros

__all__ = [
    "BitString",
    "Column",
    "Sizes",
    "StringCodec",
    "Strings",
    "per_string",
    "ranks",
    "stored_blocks",
    "to_masks",
    "to_numbers",
]

Integers = NDArray[np.int64]
Bits = NDArray[np.uint8]


@dataclass(frozen=True)
class Column:
    """Fields of one kind, all int64 (fields,): content, and where it lies.

    ``string`` counts strings, group by group within tile by tile; ``offset`` is the first bit in the string.
    The low ``width`` bits of ``content`` are stored, above bit 63 zeros. ``kind`` says what they are: values
    of the operand, metadata, or zeros (or what stands for them) that the contract asks for where nothing is.
    """

    kind: Literal["values", "metadata", "zeros"]
    string: Integers
    offset: Integers
    content: Integers
    width: int


@dataclass(frozen=True)
class Strings:
    """Bit strings of tiles: ``lengths`` in bits, int64 (tiles * groups,).

    Bits in no column mean nothing and are zero.
    """

    lengths: Integers
    columns: Sequence[Column]


@dataclass(frozen=True)
class Sizes:
    """Bits of strings, int64 (strings,): all, those of values and those of metadata; the rest fills up."""

    lengths: Integers
    values: Integers
    metadata: Integers


@dataclass
class BitString:
    """One group's beats of one tile, read from the first bit on: ``bits`` is uint8 (beats * beat_bits,).

    ``where`` names tile and stream in errors; ``group`` is the number of the group.
    """

    bits: Bits
    beat_bits: int
    where: str
    group: int
    position: int = 0

    @property
    def left(self) -> int:
        """Bits not yet taken."""
        return len(self.bits) - self.position

    def take(self, what: str, count: int, width: int) -> Bits:
        """The next ``count`` fields of ``width`` bits, uint8 (count, width).

        Raises ValueError, saying ``what`` was to be read, if the string ends before.
        """
        end = self.position + count * width
        if end > len(self.bits):
            raise ValueError(
                f"{self.where} must have at least {end} bits up to the end of {what}, not {len(self.bits)}"
            )
        taken = self.bits[self.position : end].reshape(count, width)
        self.position = end
        return taken

    def number(self, what: str, width: int, low: int, high: int) -> int:
        """The next field of ``width`` bits as a number; ValueError unless it is from ``low`` to ``high``."""
        field = np.packbits(self.take(what, 1, width), bitorder="little")
        number = int.from_bytes(field.tobytes(), "little")
        if not low <= number <= high:
            raise ValueError(f"{self.where}: {what} must be from {low} to {high}, not {number}")
        return number

    def refuse(self, wrong: NDArray[np.bool_], tell: Callable[[int], str]) -> None:
        """Raise ValueError with ``tell(i)``, i the first of ``wrong``, bool (entries,), if any is."""
        if wrong.any():
            raise ValueError(f"{self.where}: {tell(int(np.argmax(wrong)))}")

    def finish(self) -> None:
        """Raise ValueError if a whole beat or more is left."""
        needed, found = -(-self.position // self.beat_bits), len(self.bits) // self.beat_bits
        if found > needed:
            raise ValueError(f"{self.where} must end after {needed} beats, not go on to {found}")


def to_numbers(fields: Bits, signed: bool = False) -> Integers:
    """Fields of at most 63 bits, uint8 (..., width), as int64 (...)."""
    width = fields.shape[-1]
    numbers = np.zeros(fields.shape[:-1], np.int64)
    for bit in range(width):
        numbers += fields[..., bit].astype(np.int64) << bit
    if signed:
        numbers -= (numbers >> (width - 1)) << width
    return numbers


def to_masks(fields: NDArray[Any]) -> Integers:
    """Fields of at most 64 bits, bool or uint8 (..., width), as int64 (...); bit 63 is the sign."""
    masks: Integers = (fields.astype(np.int64) << np.arange(fields.shape[-1])).sum(axis=-1)
    return masks


def per_string(cfg: Any, part: Nonzeros, amount: Integers | None = None) -> Integers:
    """The nonzeros of every string, int64 (strings,), or what the ``amount`` of each sums up to."""
    string = part.tile * cfg.groups + part.row // cfg.group
    sums = np.bincount(string, amount, part.tiles * cfg.groups)  # float64, which holds sums below 2^53
    return sums.astype(np.int64)


def stored_blocks(cfg: Any, part: Nonzeros, size: int, last: bool = False) -> Integers:
    """Blocks of ``size`` that every string has a nonzero in, int64 (strings,); the ``last`` of k only."""
    blocks, strings = -(-part.k // size), part.tiles * cfg.groups
    if last:
        at_end = part.column // size == blocks - 1
        string = (part.tile * cfg.groups + part.row // cfg.group)[at_end]
        return np.bincount(distinct(string), minlength=strings).astype(np.int64)
    if cfg.group == 1:
        return per_string(cfg, part.blocks(size)[0])
    string = part.tile * cfg.groups + part.row // cfg.group
    there = distinct(string * blocks + part.column // size)
    return np.bincount(there // blocks, minlength=strings).astype(np.int64)


def ranks(string: Integers, strings: int) -> tuple[Integers, Integers]:
    """Entries of each string, (strings,), and the place of each entry among those of its string, (entries,).

    ``string``, (entries,), has the string of each entry and does not fall.
    """
    counts = np.bincount(string, minlength=strings)
    return counts, np.arange(len(string)) - (np.cumsum(counts) - counts)[string]


Placed = Iterator[tuple[Integers, Integers | int]]


def _content(column: Column, first: Integers) -> Placed:
    """Where the bits of a column lie, whose fields begin at ``first``, and the bits; not all zeros."""
    stored = column.content != 0
    content, first = column.content[stored], first[stored]
    for bit in range(min(column.width, 64)):
        yield first + bit, (content >> bit) & 1


def _every_bit(column: Column, first: Integers) -> Placed:
    """All bits of a column, each as a one."""
    for bit in range(column.width):
        yield first + bit, 1


@dataclass(frozen=True)
class StringCodec(Codec):
    """A storage format of the engine ``free``.

    ``encode(cfg, a)`` gives the strings of ``a``, int64 (tiles, groups, r, k), and ``sizes(cfg, part)`` their
    bits, group by group within tile by tile, from the nonzeros alone. ``decode(cfg, k, strings)``
    gives int64 (rows of the array, k) of one tile's strings, in order of groups; it raises ValueError for
    what is malformed, and leaves each string at its end.
    """

    encode: Callable[[Any, Integers], Strings]
    sizes: Callable[[Any, Nonzeros], Sizes]
    decode: Callable[[Any, int, Sequence[BitString]], Integers]
    paper: Callable[[Any, float], float] = field(kw_only=True, default=lambda cfg, _density: cfg.a_width)

    def on_paper(self, cfg: Any, density: float) -> float:
        """As ``Codec`` says: ``paper``, all elements where nothing is said."""
        return float(self.paper(cfg, density))

    def stored_bits(self, cfg: Any, part: Nonzeros, patterns: Integers) -> Stored:
        """As ``Codec`` says: groups that tiles lack have beats too, but no values and no metadata."""
        sizes = self.sizes(cfg, part)
        by_group = sizes.lengths.reshape(part.tiles, cfg.groups)
        beats = (-(-by_group // cfg.beat_width)).sum(axis=0).tolist()
        there = np.arange(len(sizes.lengths)) % cfg.groups < -(-part.rows // cfg.group)
        values, metadata = (int(bits[there].sum()) for bits in (sizes.values, sizes.metadata))
        return values, metadata, {f"a{g}": count for g, count in enumerate(beats)}

    def pack(self, cfg: Any, a: Integers, pattern: Pattern) -> dict[str, dict[str, NDArray[Any]]]:
        """``bits``, uint8 (beats of all tiles, beat_bits), of ``a``, int64 (tiles, rows, k)."""
        return {name: {"bits": bits} for name, bits in self._beats_of(cfg, a, _content).items()}

    def meaning(self, cfg: Any, a: Integers, pattern: Pattern) -> dict[str, NDArray[np.bool_]]:
        """As ``Codec`` says."""
        return {name: bits.view(np.bool_) for name, bits in self._beats_of(cfg, a[None], _every_bit).items()}

    @abstractmethod
    def step_counts(self, cfg: Any, a: Integers) -> Integers:
        """Steps in every block of tiles, int64 (tiles, groups of the array, blocks).

        ``a`` is (rows, k), k one piece as tiles have it; rows that fill up the last tile may be missing.
        """

    def _beats_of(
        self, cfg: Any, a: Integers, place: Callable[[Column, Integers], Placed]
    ) -> dict[str, Bits]:
        """Streams with the bits that ``place`` gives of each column, zeros elsewhere."""
        strings = self.encode(cfg, _groups(cfg, a, cfg.groups))
        width = cfg.beat_width
        beats = -(-strings.lengths.reshape(len(a), cfg.groups).T // width)  # (groups, tiles)
        ends = np.cumsum(beats).reshape(beats.shape)
        starts = ((ends - beats) * width).T.ravel()
        bits = np.zeros(ends[-1, -1] * width, np.uint8)
        for column in strings.columns:
            for where, what in place(column, starts[column.string] + column.offset):
                bits[where] = what
        streams = np.split(bits.reshape(-1, width), ends[:-1, -1])
        return {f"a{g}": stream for g, stream in enumerate(streams)}

    def unpack(self, cfg: Any, k: int, pattern: Pattern, take: Take, where: str) -> Integers:
        """``a``, int64 (rows of the array, k), of one tile's beats up to the ``last`` of each stream.

        Raises ValueError, naming tile, stream and place, for strings that end early or go on for a beat or
        more, and for whatever the format has no meaning for. Bits past the end are ignored.
        """
        strings = [
            BitString(take(f"a{g}", None)["bits"].ravel(), cfg.beat_width, f"{where}: a{g}", g)
            for g in range(cfg.groups)
        ]
        a = self.decode(cfg, k, strings)
        for string in strings:
            string.finish()
        return a


def _groups(cfg: Any, a: Integers, groups: int) -> Integers:
    """(tiles, rows, k) as (tiles, groups, r, k), with zeros for rows that are not there."""
    tiles, rows, k = a.shape
    whole = np.zeros((tiles, groups * cfg.group, k), np.int64)
    whole[:, :rows] = a
    return whole.reshape(tiles, groups, cfg.group, k)
