"""Malformed streams of the unstructured designs: the right cause, no hang, everything else right."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sparse_designs import DESIGNS, Image, K, make_tile, set_field
from sparse_faults import FAULTS, NONE, Fault

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.image import output_matrix, pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases.garbage import corrupted, garbage
from zeroskip.verif.native import RawResult, run_streams
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Stalls

SLOW = pytest.mark.slow
SCHEDULES = ("lockstep", "decoupled", "resident")
STALLS = ("none", "random", "sink_slow", "source_slow")
SPOILED = (1, 3)  # of six tiles

# Every design has a schedule that is not slow, and every schedule has designs.
ALL = [
    (design, schedule, SCHEDULES[i % 3] == schedule)
    for i, design in enumerate(DESIGNS)
    for schedule in SCHEDULES
]


def designed(design: str, schedule: str) -> FreeConfig:
    return replace(DESIGNS[design], schedule=schedule, depth=None)


def one_slow(cfg: FreeConfig) -> list[Stalls]:
    """Where work is shared: under which the partner of each of the spoiled groups helps."""
    return [Stalls({f"a{g}": np.array([9])}) for g in range(2 if cfg.share else 0)]


def join(images: list[Image]) -> Image:
    return {name: np.concatenate([image[name] for image in images]) for name in images[0]}


def spoiled_run(cfg: FreeConfig, fault: Fault | None, stalls: Stalls, clear_cycle: int = -1):
    """The run of six tiles, two of which are spoiled, and what each tile with results must give.

    That is int64 (rows, cols), and -1 throughout the rows that may be anything. Where windows can be kept, a
    spoiled tile finds those of the tile before and another leaves its own for the next.
    """
    rng = np.random.default_rng(5)
    dense = fault is not None and fault.dense
    keeps = (0, 3) if cfg.schedule == "resident" and (fault is None or fault.streams == "a") else ()
    tiles = []
    for number in range(6):
        tile = make_tile(rng, cfg, dense=dense and number in SPOILED)
        b = tiles[-1].b if number - 1 in keeps else tile.b
        tiles.append(replace(tile, b=b, keep=number in keeps))
    images, expected = [], []
    for number, tile in enumerate(tiles):
        image = pack(cfg, [tile], before=tiles[number - 1] if number else None)
        rows = tile.a @ tile.b
        if fault is not None and number in SPOILED:
            fault.spoil(cfg, image)
            for group in range(cfg.groups) if fault.groups is None else fault.groups:
                rows[group * cfg.group : (group + 1) * cfg.group] = -1
        if fault is None or fault.result or number not in SPOILED:
            expected.append(rows)
        images.append(image)
    return run_streams(cfg, join(images), stalls, clear_cycle=clear_cycle), expected


def check_rows(cfg: FreeConfig, raw, expected):
    sums, rows = output_matrix(cfg, raw.beats)
    for r in range(cfg.rows):
        mine = sums[rows == r]
        assert len(mine) == len(expected)
        for got, want in zip(mine, expected, strict=True):
            if (want[r] != -1).any():
                np.testing.assert_array_equal(got, want[r])
    assert set(rows) == set(range(cfg.rows))


@pytest.mark.parametrize(
    ("design", "name", "schedule"),
    [
        pytest.param(design, name, schedule, marks=() if fast else SLOW, id=f"{design}-{schedule}-{name}")
        for design, schedule, fast in ALL
        for of, name in FAULTS
        if of == design
    ],
)
def test_each_fault_has_its_cause_and_harms_nothing_else(design, name, schedule):
    fault, cfg = FAULTS[design, name], designed(design, schedule)
    for stalls in [*(PATTERNS[name](np.random.default_rng(2), cfg) for name in STALLS), *one_slow(cfg)]:
        raw, expected = spoiled_run(cfg, fault, stalls)
        cause = Cause(raw.cause)
        assert cause & fault.cause == fault.cause
        assert cause & ~(fault.cause | fault.more) == NONE
        assert raw.error == bool(raw.cause)
        assert all((moves >= 0).all() for moves in raw.moves.values())
        assert sum(raw.counters.values()) == raw.cycles * cfg.groups
        check_rows(cfg, raw, expected)


@pytest.mark.parametrize(
    ("design", "schedule"), [pytest.param(d, s, marks=() if fast else SLOW) for d, s, fast in ALL]
)
def test_well_formed_tiles_raise_no_error(design, schedule):
    cfg = designed(design, schedule)
    for dense in {False, cfg.fallback}:
        legal = Fault(NONE, lambda *_: None, (), dense=dense)
        raw, expected = spoiled_run(cfg, legal, Stalls())
        assert (raw.cause, raw.error, raw.counters["flush"]) == (0, False, 0)
        assert len(expected) == 6 and not any((rows == -1).all(axis=1).any() for rows in expected)
        check_rows(cfg, raw, expected)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("design", [design for design, cfg in DESIGNS.items() if cfg.share])
def test_partners_help_while_one_is_slow(design, schedule):
    cfg = designed(design, schedule)
    for stalls in one_slow(cfg):
        raw, expected = spoiled_run(cfg, None, stalls)
        assert raw.counters["help"] >= 12  # as many as a tile of a group has steps
        check_rows(cfg, raw, expected)


# Steps of the spoiled group, the one that ends the tile and is no pair among them. What ends after a beat
# has as many steps as its bits are there for, and one more.
STEPS = {
    "plain": {"ends after 1": 4, "k is 0": 0},
    "activation": {"ends after 1": 4},
    "bitmask": {"ends after 1": 4, "mask bit without a value": 14, "mask bit at k": 14},
    "levels": {"ends after 1": 4, "only named block is empty": 15, "no block named, values follow": 12},
    "csr": {"ends after 1": 2, "number is k + 1": 1, "number is 0, elements follow": 1, "index is k": 12},
    "coo": {"ends after 1": 3, "number is the largest": 1, "every row of another group": 12},
    "ell": {"ends after 1": 2, "number is k + 1": 1, "padding, then an element": 13},
    "rlc": {
        "ends after 1": 4,
        "first run is past k by one": 1,
        "run is past k by one": 8,
        "k - 1 comes early": 2,
    },
    "csc": {"ends after 1": 2, "number is k + 1": 1, "number is less by 8": 4, "count is over r": 12},
    "bsr": {"ends after 1": 2, "number is one too large": 1, "block is past k by one": 16},
    "bitmask-share": {"ends after 1": 4, "mask bit without a value": 14, "mask bit at k": 14},
    "csr-share": {"ends after 1": 4, "number is k + 1": 1, "number is 3": 3, "index 6 is k": 12},
    "rlc-share": {"ends after 1": 4, "run 4 is past k": 5, "run 5 is past k": 6, "k - 1 comes early": 2},
}


def steps_of(raw: RawResult) -> int:
    """Steps issued, wherever their products are made."""
    return raw.counters["busy"] + raw.counters.get("help", 0)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_spoiled_tile_takes_the_steps_that_it_says(design):
    cfg = designed(design, SCHEDULES[list(DESIGNS).index(design) % 3])
    tile = make_tile(np.random.default_rng(1), cfg)
    image = pack(cfg, [tile])
    busy = steps_of(run_streams(cfg, image))
    for name, steps in STEPS[design].items():
        fault, spoiled = FAULTS[design, name], dict(image)
        fault.spoil(cfg, spoiled)
        groups = cfg.groups if fault.groups is None else 1
        others = busy // cfg.groups * (cfg.groups - groups)
        assert steps_of(run_streams(cfg, spoiled)) == others + groups * steps, name


def test_every_kind_is_there():
    """In every format those of its streams' lengths, of headers and of `b`; and what only it has."""
    kinds = Counter(DESIGNS[design].design for design, _ in FAULTS)
    assert len(kinds) == 9
    assert min(kinds.values()) >= 14
    assert len({name for _, name in FAULTS}) >= 60
    assert len(FAULTS) >= 200


def test_every_cause_of_this_family_is_provoked():
    # Of designs with a stream of masks, and of bit-level ones.
    others = {Cause.MASK_EARLY, Cause.MASK_LATE, Cause.DIGIT_RANGE}
    assert {cause for fault in FAULTS.values() for cause in fault.cause} == set(Cause) - others


@pytest.mark.parametrize("design", DESIGNS)
def test_a_clear_ends_what_was_there_and_no_more(design):
    """Cleared after the first spoiled tile a cause comes again with the second, and not after that."""
    cfg = designed(design, SCHEDULES[list(DESIGNS).index(design) % 3])
    fault = FAULTS[design, "has 1 more"]
    whole, _ = spoiled_run(cfg, fault, Stalls())
    caused = [
        bool(spoiled_run(cfg, fault, Stalls(), clear)[0].cause) for clear in range(0, whole.cycles - 1, 4)
    ]
    assert caused[0] and not caused[-1]
    assert caused == sorted(caused, reverse=True)
    clear = whole.cycles - 10
    raw, expected = spoiled_run(cfg, fault, Stalls(), clear)
    assert (raw.cause, raw.error) == (0, False)
    assert sum(raw.counters.values()) == (raw.cycles - 1 - clear) * cfg.groups
    check_rows(cfg, raw, expected)


def with_header(cfg: FreeConfig, image: Image, number: int, k: int, keep: int) -> Image:
    changed = dict(image)
    layout = cfg.engine.inputs(cfg)["tile"]
    for name, value in (("k", k), ("keep", keep)):
        set_field(changed, "tile", number, (layout[name].offset, layout[name].width), value)
    return changed


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("k", [0, K - 1, 21, 31])
@pytest.mark.parametrize(
    "design", ["bitmask", pytest.param("csr", marks=SLOW), pytest.param("csc", marks=SLOW)]
)
def test_a_bad_tile_between_kept_ones_changes_nothing(design, k, keep):
    """The bad tile would not have loaded, so it sends no `b`; the next one finds the windows all the same."""
    cfg = designed(design, "resident")
    first = replace(make_tile(np.random.default_rng(8), cfg), keep=True)
    tiles = [first, replace(first, a=first.a[:, ::-1].copy()), replace(first, keep=False), replace(first)]
    raw = run_streams(cfg, with_header(cfg, pack(cfg, tiles), 1, k, keep))
    assert Cause(raw.cause) == Cause.BAD_TILE
    check_rows(cfg, raw, [first.a @ first.b] * 3)


@pytest.mark.parametrize("k", [0, 21, 31])
def test_a_bad_tile_keeps_nothing(k):
    """Whatever its `keep` says: the tile after it loads."""
    cfg = designed("bitmask", "resident")
    tile = make_tile(np.random.default_rng(8), cfg)
    raw = run_streams(cfg, with_header(cfg, pack(cfg, [tile] * 3), 1, k, 1))
    assert Cause(raw.cause) == Cause.BAD_TILE
    check_rows(cfg, raw, [tile.a @ tile.b] * 2)


@pytest.mark.parametrize(
    ("design", "schedule"), [pytest.param(d, s, marks=() if fast else SLOW) for d, s, fast in ALL]
)
@pytest.mark.parametrize("spoil", [garbage, corrupted])
def test_garbage_neither_hangs_nor_reaches_the_next_tile(design, schedule, spoil):
    """One to three tiles of random bits, or with one thing wrong, before a legal one."""
    cfg = designed(design, schedule)
    for seed in range(25):
        rng = np.random.default_rng(seed)
        tile: Tile = make_tile(rng, cfg)
        images = [
            corrupted(cfg, tile, rng) if spoil is corrupted else garbage(cfg, rng)
            for _ in range(rng.integers(1, 4))
        ]
        raw = run_streams(cfg, join([*images, pack(cfg, [tile])]), PATTERNS["random"](rng, cfg))
        sums, rows = output_matrix(cfg, raw.beats)
        for r in range(cfg.rows):
            np.testing.assert_array_equal(sums[rows == r][-1], (tile.a @ tile.b)[r])
        assert all((moves >= 0).all() for moves in raw.moves.values())
        assert sum(raw.counters.values()) == raw.cycles * cfg.groups
