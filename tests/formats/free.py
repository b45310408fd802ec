"""What formats of the engine ``free`` have in common.

A tile, ways to spoil it, and faults of every format.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formats import ByHand
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.tiling import Tile

Image = dict[str, NDArray[np.uint8]]
Spoil = Callable[[Any, Image], None]
Bits = NDArray[np.uint8]
"""A group's bit string, a bit an entry, with what fills up its final beat."""

NONE = Cause(0)
ANY = ~NONE & ~Cause.BAD_TILE & ~Cause.B_EARLY & ~Cause.B_LATE

SCHEDULES = ("lockstep", "decoupled", "resident")
K = 18  # of every tile but those of two levels: five blocks, two elements in the last
SMALL: dict[str, Any] = {
    **{"rows": 3, "cols": 2, "k_max": 20, "block_size": 4, "b_bandwidth": 2},
    **{"probe": True},
}
SHARED = {**SMALL, "rows": 4, "share": True}
ROWS3 = {**SMALL, "rows": 6, "block_rows": 3}


def values(rng: np.random.Generator, cfg: FreeConfig) -> NDArray[np.int64]:
    """`a` with nonzeros everywhere but in element 3, the third block and element 12."""
    a = rng.integers(1, 100, (cfg.rows, K))
    a[:, [3, 8, 9, 10, 11, 12]] = 0
    return a


def signed_values(rng: np.random.Generator, cfg: FreeConfig) -> NDArray[np.int64]:
    """`a` of which every block has an element of each sign; elements 3 and 10 are zero."""
    a = rng.integers(1, (1 << cfg.a_width - 1) - 1, (cfg.rows, K)) * np.where(np.arange(K) % 2, 1, -1)
    a[:, [3, 10]] = 0
    return a


def positions(cfg: FreeConfig, first: int) -> set[str]:
    """The bits of a step's position from ``first`` on."""
    return {f"position[{bit}]" for bit in range(first, cfg.position_bits)}


@dataclass(frozen=True)
class Fault:
    """``spoil`` changes the streams of one tile; exactly ``cause`` must come of it, or some of ``more`` too.

    The rows of ``groups`` may then be anything, None: all rows; if there is a ``value``, all their elements
    are that one. Without ``result`` the tile has no rows. ``dense`` is how the tile was stored. The stream
    that it spoils is one of ``streams``. Software reads what hardware takes for legal, but if only software
    refuses it (``refused``).
    """

    cause: Cause
    spoil: Spoil
    groups: tuple[int, ...] | None = (1,)
    result: bool = True
    more: Cause = NONE
    dense: bool = False
    streams: str = "a"
    value: int | None = None
    refused: bool = False


@dataclass(frozen=True)
class Working:
    """`a` of a tile.

    And how many rows of a group have a pair in each of its steps, group by group, by hand.
    """

    a: list[list[int]]
    pairs: list[list[int]]


@dataclass(frozen=True)
class Trial:
    """A small design that faults are tried on, and those of them that only its format has.

    ``steps`` are those of the spoiled group, by fault; the one that ends the tile and is no pair counts. What
    ends after a beat has as many steps as its bits are there for, and one more. ``every_schedule``: faults
    are tried on the same design of all schedules.
    """

    cfg: FreeConfig
    faults: Mapping[str, Fault] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    every_schedule: bool = False
    values: Callable[[np.random.Generator, Any], NDArray[np.int64]] = values
    working: Working | None = None

    def tile(self, rng: np.random.Generator, dense: bool = False) -> Tile:
        """A tile with one nonzero at least in every part of a row that faults are about."""
        a = self.values(rng, self.cfg)
        return Tile(a, rng.integers(-100, 100, (a.shape[1], self.cfg.cols)), dense=dense)

    @property
    def every_fault(self) -> dict[str, Fault]:
        """Those that every format has too."""
        return {**TILES, **LENGTHS, **self.faults, **(_dense() if self.cfg.fallback else {})}

    def of_schedule(self, schedule: str) -> FreeConfig:
        """The design with another schedule, which has a depth of its own."""
        return replace(self.cfg, schedule=schedule, depth=None)  # type: ignore[call-arg]

    @property
    def schedules(self) -> tuple[str, ...]:
        return SCHEDULES if self.every_schedule else (self.cfg.schedule,)


@dataclass(frozen=True)
class View:
    """What tests know of a format: its trials by name (""; ``share``), and what is stored, by hand.

    ``exact`` are designs of bit-level formats that every pair of int8 is tried on, besides the first trial.
    ``unread`` says what a parser tells and nothing needs to read, as ``position[0]``; ``never`` says what
    coverage knows of the format and a configuration cannot meet.
    """

    trials: Mapping[str, Trial]
    by_hand: Mapping[str, ByHand]
    exact: Sequence[FreeConfig] = ()
    unread: Callable[[Any], set[str]] = lambda cfg: set()
    never: Callable[[Any], set[str]] = lambda cfg: set()


# ---- ways to spoil ------------------------------------------------------------------------------------


def set_field(image: Image, stream: str, beat: int, field: tuple[int, int], value: int) -> None:
    """Overwrite the field at (offset, width) of a beat."""
    offset, width = field
    bits = np.unpackbits(image[stream], axis=1, bitorder="little")
    bits[beat, offset : offset + width] = value >> np.arange(width) & 1
    image[stream] = np.packbits(bits, axis=1, bitorder="little")


def _ended(cfg: FreeConfig, stream: str, beats: Bits) -> Bits:
    """Beats with ``last`` with the final one only."""
    offset = cfg.engine.inputs(cfg)[stream]["last"].offset
    bits = np.unpackbits(beats, axis=1, bitorder="little")
    bits[:, offset] = np.arange(len(bits)) == len(bits) - 1
    return np.packbits(bits, axis=1, bitorder="little")


def cut(stream: str, beats: int) -> Spoil:
    """Only so many beats; a negative number: so many fewer."""

    def spoil(cfg: FreeConfig, image: Image) -> None:
        image[stream] = _ended(cfg, stream, image[stream][:beats])

    return spoil


def lengthen(stream: str, beats: int) -> Spoil:
    def spoil(cfg: FreeConfig, image: Image) -> None:
        more = np.repeat(image[stream][:1], beats, axis=0)
        image[stream] = _ended(cfg, stream, np.concatenate([image[stream], more]))

    return spoil


def header(name: str, value: int) -> Spoil:
    def spoil(cfg: FreeConfig, image: Image) -> None:
        field = cfg.engine.inputs(cfg)["tile"][name]
        set_field(image, "tile", 0, (field.offset, field.width), value & (1 << field.width) - 1)

    return spoil


def k_too_large(cfg: FreeConfig, image: Image) -> None:
    header("k", cfg.k_max + 1)(cfg, image)


def string(change: Callable[[Bits], Bits], group: int = 1) -> Spoil:
    """Change a group's bit string, which may become longer or shorter."""

    def spoil(cfg: FreeConfig, image: Image) -> None:
        name, width = f"a{group}", cfg.beat_width
        bits = np.unpackbits(image[name], axis=1, bitorder="little")[:, :width].ravel()
        changed = change(bits)
        beats = np.pad(changed, (0, -len(changed) % width)).reshape(-1, width)
        padded = np.pad(beats, ((0, 0), (0, 1)))
        image[name] = _ended(cfg, name, np.packbits(padded, axis=1, bitorder="little"))

    return spoil


def put(offset: int, width: int, value: int) -> Spoil:
    """Overwrite a field of group 1's string."""

    def change(bits: Bits) -> Bits:
        bits = bits.copy()
        bits[offset : offset + width] = value >> np.arange(width) & 1
        return bits

    return string(change)


def every(width: int, value: int) -> Spoil:
    """All fields of ``width`` bits of group 1's string the same."""

    def change(bits: Bits) -> Bits:
        return np.resize(value >> np.arange(width) & 1, len(bits)).astype(np.uint8)

    return string(change)


def blocks(*texts: str) -> Spoil:
    """The five blocks of group 1's string, each the next of ``texts`` in turn, the lowest bit last."""
    bits = [[int(bit) for bit in reversed(text.replace(" ", ""))] for text in texts]
    whole = [bit for number in range(5) for bit in bits[number % len(bits)]]
    return string(lambda _: np.array(whole, np.uint8))


def insert(offset: int, text: str) -> Spoil:
    """Bits, the lowest last, before ``offset`` of group 1's string."""
    return string(lambda bits: np.insert(bits, offset, [int(bit) for bit in reversed(text)]))


def ends(bits: int) -> Spoil:
    """Only so many bits of group 1's string."""
    return string(lambda whole: whole[:bits])


def both(*spoils: Spoil) -> Spoil:
    def spoil(cfg: FreeConfig, image: Image) -> None:
        for each in spoils:
            each(cfg, image)

    return spoil


# ---- faults of every format ---------------------------------------------------------------------------

TILES = {
    "k is 0": Fault(Cause.BAD_TILE, header("k", 0), None, result=False, streams="tile"),
    "k is one too large": Fault(Cause.BAD_TILE, k_too_large, None, result=False, streams="tile"),
    "k is the largest": Fault(Cause.BAD_TILE, header("k", -1), None, result=False, streams="tile"),
    "b ends after 1": Fault(Cause.B_EARLY, cut("b", 1), None, streams="b"),
    "b ends inside a window": Fault(Cause.B_EARLY, cut("b", 5), None, streams="b"),
    "b ends one beat early": Fault(Cause.B_EARLY, cut("b", -1), None, streams="b"),
    "b has 1 more": Fault(Cause.B_LATE, lengthen("b", 1), None, streams="b"),
    "b has 9 more": Fault(Cause.B_LATE, lengthen("b", 9), None, streams="b"),
}
LENGTHS = {
    "ends after 1": Fault(Cause.A_EARLY, cut("a1", 1)),
    "ends one beat early": Fault(Cause.A_EARLY, cut("a0", -1), (0,)),
    "ends one beat early everywhere": Fault(Cause.A_EARLY, both(cut("a0", -1), cut("a1", -1)), (0, 1)),
    "has 1 more": Fault(Cause.A_LATE, lengthen("a1", 1)),
    "has 9 more": Fault(Cause.A_LATE, lengthen("a0", 9), (0,)),
    "has 1 more, another 1 fewer": Fault(
        Cause.A_EARLY | Cause.A_LATE, both(lengthen("a0", 1), cut("a1", -1)), (0, 1)
    ),
}


def _dense() -> dict[str, Fault]:
    """Faults of dense tiles, and of tiles whose header says the other thing."""
    lengths = {
        f"dense {name}": Fault(fault.cause, fault.spoil, fault.groups, dense=True)
        for name, fault in LENGTHS.items()
    }
    return lengths | {
        "header says dense": Fault(NONE, header("dense", 1), None, more=ANY, streams="tile"),
        "header does not say dense": Fault(
            NONE, header("dense", 0), None, more=ANY, dense=True, streams="tile"
        ),
    }
