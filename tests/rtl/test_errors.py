"""Malformed input on the RTL: the right cause, no hang, and everything after it as if nothing had been."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from amaranth.lib import data
from numpy.typing import NDArray

from zeroskip.hw.config import Config
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native import RawResult, run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

Image = dict[str, NDArray[np.uint8]]
Matrix = NDArray[np.int64]

DENSE = DenseConfig(rows=5, cols=3, k_max=20, lanes=2, b_bandwidth=1)
GATED = DenseConfig(rows=5, cols=3, k_max=20, lanes=2, gate_zeros=True)
INDEX = NMConfig(rows=5, cols=3, k_max=20, n=2, m=4)
MASKED = NMConfig(rows=5, cols=3, k_max=20, n=2, m=4, encoding="bitmask", b_bandwidth=2)
PARALLEL = NMConfig(rows=5, cols=3, k_max=20, n=2, m=4, n_fixed=True, lanes=2)
DESIGNS = {"dense": DENSE, "gated": GATED, "index": INDEX, "masked": MASKED, "parallel": PARALLEL}

K = 14  # of every tile here: not a multiple of a group


def make_tile(cfg: Config, rng: np.random.Generator) -> Tile:
    """Rows 0..3 of the array used, all groups full, every value nonzero."""
    a = rng.integers(1, 100, (4, K))
    b = rng.integers(-100, 100, (K, cfg.cols))
    if not isinstance(cfg, NMConfig):
        return Tile(a, b)
    a[:, np.arange(K) % 4 > 1] = 0
    return Tile(a, b, None if cfg.n_fixed else 2)


def poke(image: Image, cfg: Config, at: tuple[str, int], path: tuple[str | int, ...], value: int) -> None:
    """Overwrite one field of a stream's beat."""
    stream, beat = at
    layout: data.Layout = cfg.engine.inputs(cfg)[stream]
    offset = 0
    for key in path:
        offset += layout[key].offset
        layout, width = layout[key].shape, layout[key].width
    bits = np.unpackbits(image[stream], axis=1, bitorder="little")
    bits[beat, offset : offset + width] = value >> np.arange(width) & 1
    image[stream] = np.packbits(bits, axis=1, bitorder="little")


def cut(image: Image, cfg: Config, stream: str, beats: int) -> None:
    """End a stream early."""
    image[stream] = image[stream][:beats]
    poke(image, cfg, (stream, beats - 1), ("last",), 1)


def lengthen(image: Image, cfg: Config, stream: str, beats: int) -> None:
    """End a stream late, with copies of its first beat after its real end."""
    end = len(image[stream])
    image[stream] = np.concatenate([image[stream], np.repeat(image[stream][:1], beats, axis=0)])
    poke(image, cfg, (stream, end - 1), ("last",), 0)
    poke(image, cfg, (stream, end - 1 + beats), ("last",), 1)


@dataclass(frozen=True)
class Fault:
    """How to spoil a tile's image; what its result then is (None: there is none)."""

    cause: Cause
    designs: str
    spoil: Callable[[Image, Config], None]
    result: Callable[[Config, Tile], Matrix | None]
    open: bool = False  # a window that ended within has no defined rest: the values are anything


ALL = "dense gated index masked parallel"


def header(field: str, value: int, designs: str = ALL) -> Fault:
    def spoil(image: Image, cfg: Config) -> None:
        poke(image, cfg, ("tile", 0), (field,), value)

    return Fault(Cause.BAD_TILE, designs, spoil, lambda cfg, tile: None)


def early(cause: Cause, stream: str, groups: int, designs: str, beats: int = 0) -> Fault:
    """End a stream after some groups and ``beats`` beats of the next."""

    def spoil(image: Image, cfg: Config) -> None:
        per_group = len(image[stream]) // -(-K // cfg.block)
        cut(image, cfg, stream, groups * per_group + beats)

    def result(cfg: Config, tile: Tile) -> Matrix:
        k = groups * cfg.block + beats * cfg.lanes  # each beat of these tiles has the next `lanes` elements
        return tile.a[:, :k] @ tile.b[:k]

    return Fault(cause, designs, spoil, result, open=stream == "b" and beats > 0)


def late(cause: Cause, stream: str, beats: int, designs: str) -> Fault:
    def spoil(image: Image, cfg: Config) -> None:
        lengthen(image, cfg, stream, beats)

    return Fault(cause, designs, spoil, lambda cfg, tile: tile.a @ tile.b)


def without(*lost: tuple[int, int]) -> Callable[[Config, Tile], Matrix]:
    """The product without some elements of `a`."""

    def result(cfg: Config, tile: Tile) -> Matrix:
        a = tile.a.copy()
        for row, k in lost:
            a[row, k] = 0
        return a @ tile.b

    return result


def index_at(stored: int, row: int, index: int) -> Callable[[Image, Config], None]:
    def spoil(image: Image, cfg: Config) -> None:
        beat, lane = divmod(stored, cfg.lanes)
        poke(image, cfg, ("a", beat), ("rows", row, lane, "index"), index)

    return spoil


def mask_of(group: int, row: int, mask: int) -> Callable[[Image, Config], None]:
    def spoil(image: Image, cfg: Config) -> None:
        poke(image, cfg, ("mask", group), ("rows", row), mask)

    return spoil


FAULTS = {
    "k is 0": header("k", 0),
    "k is too large": header("k", 21),
    "k is the largest": header("k", 31),
    "rows is 0": header("rows", 0),
    "rows is too large": header("rows", 6),
    "n is 0": header("n", 0, "index masked"),
    "n is too large": header("n", 3, "index masked"),
    "a ends after 1 group": early(Cause.A_EARLY, "a", 1, ALL),
    "a ends before the last group": early(Cause.A_EARLY, "a", 3, "index masked parallel"),
    "b ends after 1 group": early(Cause.B_EARLY, "b", 1, ALL),
    "b ends before the last group": early(Cause.B_EARLY, "b", 3, "index masked parallel"),
    "a ends within a group": early(Cause.A_EARLY, "a", 2, "index masked", beats=1),
    "a ends in its first beat": early(Cause.A_EARLY, "a", 0, "index masked", beats=1),
    "b ends within a window of 2": early(Cause.B_EARLY, "b", 2, "dense", beats=1),
    "b ends within a window of 4": early(Cause.B_EARLY, "b", 2, "masked", beats=1),
    "b ends in its first beat": early(Cause.B_EARLY, "b", 0, "dense", beats=1),
    "mask ends after 1 group": early(Cause.MASK_EARLY, "mask", 1, "masked"),
    "a has 1 beat more": late(Cause.A_LATE, "a", 1, ALL),
    "a has 9 beats more": late(Cause.A_LATE, "a", 9, ALL),
    "b has 1 beat more": late(Cause.B_LATE, "b", 1, ALL),
    "b has 9 beats more": late(Cause.B_LATE, "b", 9, ALL),
    "mask has 1 beat more": late(Cause.MASK_LATE, "mask", 1, "masked"),
    "mask has 9 beats more": late(Cause.MASK_LATE, "mask", 9, "masked"),
    # groups of 4 hold positions 0 and 1; the last group of k = 14 has positions 0 and 1 only
    "index past k": Fault(Cause.INDEX_RANGE, "index parallel", index_at(7, 2, 3), without((2, 13))),
    "mask bit past k": Fault(Cause.INDEX_RANGE, "masked", mask_of(3, 2, 0b0101), without((2, 13))),
    "index repeated": Fault(Cause.INDEX_ORDER, "index parallel", index_at(3, 1, 0), without((1, 5))),
    "mask bit too many": Fault(Cause.GROUP_COUNT, "masked", mask_of(1, 3, 0b0111), without()),
    "mask bit missing": Fault(Cause.GROUP_COUNT, "masked", mask_of(1, 3, 0b0001), without((3, 5))),
}

SPOILED = [(fault, design) for fault, entry in FAULTS.items() for design in entry.designs.split()]


SPOILED_TILES = (1, 3)  # of six


def join(images: list[Image]) -> Image:
    return {name: np.concatenate([image[name] for image in images]) for name in images[0]}


def spoiled_run(fault: Fault, cfg: Config, stalls: Stalls) -> tuple[RawResult, list[Matrix]]:
    """A run of six tiles, two of them spoiled, and what it must give."""
    rng = np.random.default_rng(7)
    images, expected = [], []
    for number in range(6):
        tile = make_tile(cfg, rng)
        image = pack(cfg, [tile])
        result: Matrix | None = tile.a @ tile.b
        if number in SPOILED_TILES:
            fault.spoil(image, cfg)
            result = fault.result(cfg, tile)
        images.append(image)
        if result is not None:
            expected.append(result)
    return run_streams(cfg, join(images), stalls), expected


@pytest.mark.parametrize("pattern", ["none", "random", "sink_slow", "source_slow"])
@pytest.mark.parametrize(("name", "design"), SPOILED)
def test_each_fault_has_its_cause_and_harms_no_other_tile(name: str, design: str, pattern: str) -> None:
    fault, cfg = FAULTS[name], DESIGNS[design]
    run, expected = spoiled_run(fault, cfg, PATTERNS[pattern](np.random.default_rng(3), cfg))
    assert Cause(run.cause) == fault.cause
    assert run.error
    sums, last = output_matrix(cfg, run.beats)
    ends = np.cumsum([len(result) for result in expected])
    np.testing.assert_array_equal(np.flatnonzero(last), ends - 1)
    for number, (got, wanted) in enumerate(zip(np.split(sums, ends[:-1]), expected, strict=True)):
        if not (fault.open and number in SPOILED_TILES):
            np.testing.assert_array_equal(got, wanted)
    times = sum(count for counter, count in run.counters.items() if counter != "gated")
    assert times == run.cycles


def test_every_cause_is_provoked() -> None:
    others = {Cause.ROW_INDEX, Cause.DIGIT_RANGE}  # of `coo`, of bit-level designs
    assert {fault.cause for fault in FAULTS.values()} == set(Cause) - others


@pytest.mark.parametrize("design", DESIGNS)
def test_well_formed_tiles_raise_no_error(design: str) -> None:
    fault = Fault(Cause(0), design, lambda image, cfg: None, lambda cfg, tile: tile.a @ tile.b)
    run, expected = spoiled_run(fault, DESIGNS[design], Stalls())
    assert (run.cause, run.error, run.counters["flush"]) == (0, False, 0)
    np.testing.assert_array_equal(output_matrix(DESIGNS[design], run.beats)[0], np.concatenate(expected))


@pytest.mark.parametrize(("name", "design"), SPOILED)
def test_clear_zeroes_flags_and_counters(name: str, design: str) -> None:
    fault, cfg = FAULTS[name], DESIGNS[design]
    tile = make_tile(cfg, np.random.default_rng(9))
    spoiled, good = pack(cfg, [tile]), pack(cfg, [tile])
    fault.spoil(spoiled, cfg)
    streams = join([spoiled, good])
    sticky = run_streams(cfg, streams)
    assert Cause(sticky.cause) == fault.cause
    after = int(sticky.out_cycles[-1])
    cleared = run_streams(cfg, streams, clear_cycle=after)
    assert (cleared.cause, cleared.error, cleared.overflow) == (0, False, False)
    np.testing.assert_array_equal(cleared.beats, sticky.beats)
    assert {counter: count for counter, count in cleared.counters.items() if count} == {
        "idle": cleared.cycles - after - 1
    }


def test_clear_zeroes_the_overflow_flag() -> None:
    cfg = DenseConfig(rows=1, cols=1, k_max=8, acc_width=16)
    streams = pack(cfg, [Tile(np.full((1, 8), -128), np.full((8, 1), -128))])
    sticky = run_streams(cfg, streams)
    assert sticky.overflow
    assert not run_streams(cfg, streams, clear_cycle=int(sticky.out_cycles[-1])).overflow


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("design", DESIGNS)
def test_garbage_neither_hangs_nor_reaches_the_next_tile(design: str, seed: int) -> None:
    """Beats of random bits, each stream of a tile of its own random length but with `last` at its end."""
    cfg, rng = DESIGNS[design], np.random.default_rng(seed)
    images = []
    for _ in range(rng.integers(1, 5)):
        image: Image = {}
        for name, layout in cfg.engine.inputs(cfg).items():
            beats = 1 if name == "tile" else int(rng.integers(1, 25))
            bits = rng.integers(0, 2, (beats, layout.size), np.uint8)
            if name != "tile":
                bits[:, layout["last"].offset] = np.arange(beats) == beats - 1
            image[name] = np.packbits(bits, axis=1, bitorder="little")
        images.append(image)
    tile = make_tile(cfg, rng)
    pattern = str(rng.choice(list(PATTERNS)))
    run = run_streams(cfg, join([*images, pack(cfg, [tile])]), PATTERNS[pattern](rng, cfg))
    np.testing.assert_array_equal(output_matrix(cfg, run.beats)[0][-4:], tile.a @ tile.b)
    assert all((moves >= 0).all() for moves in run.moves.values())
