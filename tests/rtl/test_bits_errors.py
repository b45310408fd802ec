"""Malformed strings of the bit-level designs: the right cause, no hang, everything else right."""

from dataclasses import replace

import numpy as np
import pytest
from sparse_designs import Image, Spoil, put, string
from sparse_faults import ANY, LENGTHS, MALFORMED_TILE, NONE, Fault

from zeroskip.hw.designs.bitbalance import BitBalanceConfig
from zeroskip.hw.designs.bitcolumn import BitColumnConfig
from zeroskip.hw.designs.bitlet import BitletConfig
from zeroskip.hw.designs.bitserial import BitSerialConfig
from zeroskip.hw.designs.bitslice import BitSliceConfig
from zeroskip.hw.designs.csd import CSDConfig
from zeroskip.hw.designs.parts.digits import DigitsConfig
from zeroskip.hw.designs.pragmatic import PragmaticConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.garbage import corrupted, garbage
from zeroskip.verif.native import run_streams
from zeroskip.verif.patterns import PATTERNS

SLOW = pytest.mark.slow
STALLS = ("none", "random", "sink_slow", "source_slow")
SCHEDULES = ("lockstep", "decoupled", "resident")
SPOILED = (1, 3)  # of six tiles
K = 18  # five blocks, two elements in the last
COMMON = {"rows": 3, "cols": 2, "k_max": 20, "block_size": 4, "b_bandwidth": 2}

DESIGNS: dict[str, DigitsConfig] = {
    "bitserial": BitSerialConfig(**COMMON, beat_bits=12),
    "bitcolumn": BitColumnConfig(**COMMON, beat_bits=19),
    "pragmatic": PragmaticConfig(**COMMON, beat_bits=37, skew=1),
    "csd": CSDConfig(**COMMON, a_width=7, beat_bits=31),
    "bitlet": BitletConfig(**COMMON, beat_bits=39),
    "bitbalance": BitBalanceConfig(**COMMON, ones=4, beat_bits=29),
    "bitslice": BitSliceConfig(**COMMON, beat_bits=17),
}

# ---- group 1's string; every block has an element of each sign -------------------------------------------


def every(width: int, value: int) -> Spoil:
    """All fields of ``width`` bits the same."""

    def change(bits: np.ndarray) -> np.ndarray:
        return np.resize(value >> np.arange(width) & 1, len(bits)).astype(np.uint8)

    return string(change)


OWN: dict[str, dict[str, Fault]] = {
    "bitserial": {
        "number is w": Fault(Cause.GROUP_COUNT, put(0, 4, 8)),
        "number is the largest": Fault(Cause.GROUP_COUNT, put(0, 4, 15)),
        "number is half": Fault(Cause.A_LATE, put(0, 4, 3)),
        "number is 1": Fault(Cause.A_LATE, put(0, 4, 0)),
    },
    "bitcolumn": {
        "plane without ones": Fault(Cause.DIGIT_RANGE, put(13, 4, 0)),
        "signs and no plane": Fault(Cause.DIGIT_RANGE, put(0, 9, 256), more=ANY),
        "no planes at all": Fault(NONE, put(0, 9, 0), more=ANY),
        "all planes": Fault(NONE, put(0, 9, -1), more=ANY),
        "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
        "nothing but ones": Fault(NONE, every(1, 1), more=ANY),
    },
    "pragmatic": {
        "nothing but ones": Fault(NONE, every(1, 1)),
        "only lowest values": Fault(NONE, every(8, 128)),
    },
    "csd": {
        "digit at D": Fault(Cause.DIGIT_RANGE, every(1, 1), more=ANY),
        "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
        "first masks empty": Fault(NONE, put(0, 16, 0), more=ANY),
        "first masks full": Fault(NONE, put(0, 16, -1), more=ANY),
    },
    "bitlet": {
        "nothing but ones": Fault(NONE, every(1, 1)),
        "only lowest values": Fault(NONE, every(8, 128)),
    },
    "bitbalance": {
        "code is above D": Fault(Cause.DIGIT_RANGE, put(0, 4, 9)),
        "code is the largest": Fault(Cause.DIGIT_RANGE, put(0, 4, 15)),
        "code of the last element": Fault(Cause.DIGIT_RANGE, put(15, 4, 12)),
        "code in the last block": Fault(Cause.DIGIT_RANGE, put(4 * 80 + 5, 4, 9)),
        "code past k": Fault(NONE, put(4 * 80 + 10, 4, 15), ()),
    },
    "bitslice": {
        "slice is 0": Fault(Cause.DIGIT_RANGE, put(8, 5, 0)),
        "slice is 9": Fault(Cause.DIGIT_RANGE, put(8, 5, 9)),
        "slice is -9": Fault(Cause.DIGIT_RANGE, put(8, 5, -9)),
        "slice is -16": Fault(Cause.DIGIT_RANGE, put(8, 5, -16)),
        "nothing but zeros": Fault(Cause.A_LATE, every(1, 0)),
        "no slice of the first block": Fault(NONE, put(0, 8, 0), more=ANY),
        "every slice of the first block": Fault(NONE, put(0, 8, -1), more=ANY),
    },
}
FAULTS = {
    (design, name): fault
    for design in DESIGNS
    for name, fault in (MALFORMED_TILE | LENGTHS | OWN[design]).items()
}


def make_tile(rng: np.random.Generator, cfg: DigitsConfig) -> Tile:
    most = (1 << cfg.a_width - 1) - 1
    a = rng.integers(1, most, (cfg.rows, K)) * np.where(np.arange(K) % 2, 1, -1)
    a[:, [3, 10]] = 0
    return Tile(a, rng.integers(-100, 100, (K, cfg.cols)))


def designed(design: str, schedule: str) -> DigitsConfig:
    return replace(DESIGNS[design], schedule=schedule, depth=None)


def join(images: list[Image]) -> Image:
    return {name: np.concatenate([image[name] for image in images]) for name in images[0]}


def run(cfg: DigitsConfig, fault: Fault, pattern: str):
    """Six tiles, two of them spoiled, and what each with results must give: -1 in rows that are free."""
    rng = np.random.default_rng(5)
    images, expected = [], []
    for number in range(6):
        tile = make_tile(rng, cfg)
        image: Image = pack(cfg, [tile])
        rows = tile.a @ tile.b
        if number in SPOILED:
            fault.spoil(cfg, image)
            for row in range(cfg.rows) if fault.groups is None else fault.groups:
                rows[row] = -1
        if fault.result or number not in SPOILED:
            expected.append(rows)
        images.append(image)
    stalls = PATTERNS[pattern](np.random.default_rng(2), cfg)
    return run_streams(cfg, join(images), stalls), expected


@pytest.mark.parametrize(
    ("design", "schedule"),
    [
        pytest.param(design, schedule, marks=() if i % 3 == j else SLOW)
        for i, design in enumerate(DESIGNS)
        for j, schedule in enumerate(SCHEDULES)
    ],
)
def test_each_fault_has_its_cause_and_harms_nothing_else(design: str, schedule: str) -> None:
    cfg = designed(design, schedule)
    faults = {name: fault for (of, name), fault in FAULTS.items() if of == design}
    assert len(faults) >= 16
    for name, fault in faults.items():
        for pattern in STALLS:
            raw, expected = run(cfg, fault, pattern)
            cause = Cause(raw.cause)
            assert cause & fault.cause == fault.cause, name
            assert cause & ~(fault.cause | fault.more) == NONE, name
            assert raw.error == bool(raw.cause)
            assert all((moves >= 0).all() for moves in raw.moves.values()), name
            assert sum(raw.counters.values()) == raw.cycles * cfg.groups
            sums, rows = output_matrix(cfg, raw.beats)
            for row in range(cfg.rows):
                got = sums[rows == row]
                assert len(got) == len(expected), name
                for mine, want in zip(got, expected, strict=True):
                    if (want[row] != -1).any():
                        np.testing.assert_array_equal(mine, want[row], name)


@pytest.mark.parametrize("design", DESIGNS)
def test_well_formed_tiles_raise_no_error(design: str) -> None:
    cfg = DESIGNS[design]
    raw, expected = run(cfg, Fault(NONE, lambda *_: None, ()), "random")
    assert (raw.cause, raw.error, raw.counters["flush"]) == (0, False, 0)
    sums, rows = output_matrix(cfg, raw.beats)
    for row in range(cfg.rows):
        np.testing.assert_array_equal(sums[rows == row], [tile[row] for tile in expected])


def test_every_cause_of_this_family_is_provoked() -> None:
    others = {Cause.MASK_EARLY, Cause.MASK_LATE, Cause.INDEX_RANGE, Cause.INDEX_ORDER, Cause.ROW_INDEX}
    assert {cause for fault in FAULTS.values() for cause in fault.cause} == set(Cause) - others
    assert len(FAULTS) >= 120


@pytest.mark.parametrize("design", [pytest.param(d, marks=SLOW if d != "csd" else ()) for d in DESIGNS])
@pytest.mark.parametrize("spoil", [garbage, corrupted])
def test_garbage_neither_hangs_nor_reaches_the_next_tile(design: str, spoil: object) -> None:
    """One to three tiles of random bits, or with one thing wrong, before a legal one."""
    cfg = DESIGNS[design]
    for seed in range(25):
        rng = np.random.default_rng(seed)
        tile = make_tile(rng, cfg)
        images = [
            corrupted(cfg, tile, rng) if spoil is corrupted else garbage(cfg, rng)
            for _ in range(rng.integers(1, 4))
        ]
        whole = join([*images, pack(cfg, [tile])])
        raw = run_streams(cfg, whole, PATTERNS["random"](rng, cfg))
        sums, rows = output_matrix(cfg, raw.beats)
        for row in range(cfg.rows):
            np.testing.assert_array_equal(sums[rows == row][-1], (tile.a @ tile.b)[row])
        assert all((moves >= 0).all() for moves in raw.moves.values())
        assert sum(raw.counters.values()) == raw.cycles * cfg.groups
