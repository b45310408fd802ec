"""Malformed streams of the unstructured design: the right cause, no hang, the next tiles right."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.ports import Cause, input_layouts
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native import run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

pytestmark = pytest.mark.slow

K = 14
COMMON = {"rows": 3, "cols": 2, "k_max": 20, "block_size": 4, "b_bandwidth": 2, "beat_values": 2}
DESIGNS = {
    schedule: SparseConfig(**COMMON, schedule=schedule) for schedule in ("lockstep", "decoupled", "resident")
}
NOTHING = Cause(0)
Image = dict[str, np.ndarray]


def set_bits(image: Image, stream: str, beat: int, field: tuple[int, int], value: int):
    offset, width = field
    bits = np.unpackbits(image[stream], axis=1, bitorder="little")
    bits[beat, offset : offset + width] = value >> np.arange(width) & 1
    image[stream] = np.packbits(bits, axis=1, bitorder="little")


def set_last(image: Image, cfg: SparseConfig, stream: str, beat: int, value: int):
    set_bits(image, stream, beat, (input_layouts(cfg)[stream]["last"].offset, 1), value)


def cut(stream: str, beats: int) -> Callable[[Image, SparseConfig], None]:
    def spoil(image, cfg):
        image[stream] = image[stream][:beats]
        set_last(image, cfg, stream, beats - 1, 1)

    return spoil


def lengthen(stream: str, beats: int) -> Callable[[Image, SparseConfig], None]:
    def spoil(image, cfg):
        end = len(image[stream])
        image[stream] = np.concatenate([image[stream], np.repeat(image[stream][:1], beats, axis=0)])
        set_last(image, cfg, stream, end - 1, 0)
        set_last(image, cfg, stream, end + beats - 1, 1)

    return spoil


def header(k: int) -> Callable[[Image, SparseConfig], None]:
    def spoil(image, cfg):
        set_bits(image, "tile", 0, (0, cfg.k_max.bit_length()), k)

    return spoil


def mask_past_k(image: Image, cfg: SparseConfig) -> None:
    set_bits(image, "mask1", 3, (0, 4), 0b0111)  # k = 14 leaves two positions of the last block


@dataclass(frozen=True)
class Fault:
    cause: Cause
    spoil: Callable[[Image, SparseConfig], None]
    rows: int = 3  # result rows of the spoiled tile
    more: Cause = NOTHING  # what may follow from it


FAULTS = {
    "k is 0": Fault(Cause.BAD_TILE, header(0), 0),
    "k is too large": Fault(Cause.BAD_TILE, header(21), 0),
    "k is the largest": Fault(Cause.BAD_TILE, header(31), 0),
    "mask ends after 1": Fault(Cause.MASK_EARLY, cut("mask1", 1), more=Cause.A_LATE),
    "mask ends before the last": Fault(Cause.MASK_EARLY, cut("mask0", 3), more=Cause.A_LATE),
    "mask has 1 more": Fault(Cause.MASK_LATE, lengthen("mask2", 1)),
    "mask has 9 more": Fault(Cause.MASK_LATE, lengthen("mask0", 9)),
    "a ends after 1": Fault(Cause.A_EARLY, cut("a0", 1)),
    "a ends before the last": Fault(Cause.A_EARLY, cut("a2", 5)),
    "a has 1 more": Fault(Cause.A_LATE, lengthen("a1", 1)),
    "a has 9 more": Fault(Cause.A_LATE, lengthen("a0", 9)),
    "b ends after 1": Fault(Cause.B_EARLY, cut("b", 1)),
    "b ends inside a window": Fault(Cause.B_EARLY, cut("b", 5)),
    "b ends before the last": Fault(Cause.B_EARLY, cut("b", 7)),
    "b has 1 more": Fault(Cause.B_LATE, lengthen("b", 1)),
    "b has 9 more": Fault(Cause.B_LATE, lengthen("b", 9)),
    "mask bit past k": Fault(Cause.INDEX_RANGE, mask_past_k, more=Cause.A_EARLY),
}


def make_tile(rng: np.random.Generator, cfg: SparseConfig) -> Tile:
    """Twelve nonzeros a row: six value beats, the last of them full."""
    a = rng.integers(1, 100, (cfg.rows, K))
    a[:, [3, 12]] = 0
    return Tile(a, rng.integers(-100, 100, (K, cfg.cols)))


def join(images: list[Image]) -> Image:
    return {name: np.concatenate([image[name] for image in images]) for name in images[0]}


def run(fault: Fault | None, cfg: SparseConfig, stalls: Stalls, spoiled: tuple[int, ...] = (1, 3)):
    """Six tiles, some of them spoiled; the run, and what must come of the others (None: anything)."""
    rng = np.random.default_rng(5)
    images, expected = [], []
    for number in range(6):
        tile = make_tile(rng, cfg)
        image = pack(cfg, [tile])
        if fault is not None and number in spoiled:
            fault.spoil(image, cfg)
            if fault.rows:
                expected.append(None)
        else:
            expected.append(tile.a @ tile.b)
        images.append(image)
    return run_streams(cfg, join(images), stalls), expected


@pytest.mark.parametrize("pattern", ["none", "random", "sink_slow", "source_slow"])
@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_cause_and_harms_no_other_tile(name, design, pattern):
    fault, cfg = FAULTS[name], DESIGNS[design]
    raw, expected = run(fault, cfg, PATTERNS[pattern](np.random.default_rng(2), cfg))
    assert fault.cause in Cause(raw.cause) and not Cause(raw.cause) & ~(fault.cause | fault.more)
    assert raw.error
    assert all((moves >= 0).all() for moves in raw.moves.values())
    sums, rows = output_matrix(cfg, raw.beats)
    for r in range(cfg.rows):
        mine = sums[rows == r]
        assert len(mine) == len(expected)
        for got, want in zip(mine, expected, strict=True):
            if want is not None:
                np.testing.assert_array_equal(got, want[r])
    assert sum(raw.counters.values()) == raw.cycles * cfg.rows


def test_every_cause_of_this_family_is_provoked():
    others = {Cause.INDEX_ORDER, Cause.GROUP_COUNT}
    assert {fault.cause for fault in FAULTS.values()} == set(Cause) - others


@pytest.mark.parametrize("design", DESIGNS)
def test_well_formed_tiles_raise_no_error(design):
    raw, expected = run(None, DESIGNS[design], Stalls())
    assert (raw.cause, raw.error, raw.counters["flush"]) == (0, False, 0)
    assert None not in [type(want) for want in expected] and len(expected) == 6


def test_a_kept_tile_takes_no_other_k():
    cfg = DESIGNS["resident"]
    rng = np.random.default_rng(8)
    first = make_tile(rng, cfg)
    second = replace(first, a=first.a[:, ::-1].copy())
    image = pack(cfg, [replace(first, keep=True), second])
    set_bits(image, "tile", 1, (0, cfg.k_max.bit_length()), K - 1)
    third = pack(cfg, [replace(first, keep=True), second])
    wrong = {name: np.concatenate([image[name], third[name][_after_first(third, name) :]]) for name in image}
    raw = run_streams(cfg, wrong, Stalls())
    assert Cause(raw.cause) == Cause.BAD_TILE
    sums, rows = output_matrix(cfg, raw.beats)
    for r in range(cfg.rows):
        np.testing.assert_array_equal(sums[rows == r], [(first.a @ first.b)[r], (second.a @ second.b)[r]])


def _after_first(image: Image, name: str) -> int:
    """Where the second tile's beats begin: it sends no windows."""
    return len(image[name]) if name == "b" else len(image[name]) // 2


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("design", DESIGNS)
def test_garbage_neither_hangs_nor_reaches_the_next_tile(design, seed):
    """Beats of random bits, each stream of random length with `last` at its end, before a legal tile."""
    cfg, rng = DESIGNS[design], np.random.default_rng(seed)
    images = []
    for _ in range(rng.integers(1, 4)):
        image = {}
        for name, layout in input_layouts(cfg).items():
            beats = 1 if name == "tile" else int(rng.integers(1, 15))
            bits = rng.integers(0, 2, (beats, layout.size), np.uint8)
            if name == "tile":
                bits[:, cfg.k_max.bit_length() :] = 0  # no keep: the next tile sends its windows
            else:
                bits[:, layout["last"].offset] = np.arange(beats) == beats - 1
            image[name] = np.packbits(bits, axis=1, bitorder="little")
        images.append(image)
    tile = make_tile(rng, cfg)
    raw = run_streams(cfg, join([*images, pack(cfg, [tile])]), PATTERNS["random"](rng, cfg))
    sums, rows = output_matrix(cfg, raw.beats)
    for r in range(cfg.rows):
        np.testing.assert_array_equal(sums[rows == r][-1], (tile.a @ tile.b)[r])
    assert all((moves >= 0).all() for moves in raw.moves.values())
