"""Native simulation of the engine ``free``: what a run says, and that it can see that a design is wrong."""

import re
from dataclasses import replace

import numpy as np
import pytest
from formats import trials_of

from zeroskip.gen.emit import emit
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.csr import CSRConfig
from zeroskip.hw.engines.ports import Cause
from zeroskip.sw.bits import pack_beats
from zeroskip.sw.image import pack, result_fields
from zeroskip.sw.tiling import Tile, tile_matmul
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native, run_streams
from zeroskip.verif.native.results import tile_results

BITMASK = trials_of("free")["bitmask"].cfg
RNG = np.random.default_rng(2)
A = RNG.integers(-9, 9, (2, 27)) * (RNG.random((2, 27)) < 0.4)
B = RNG.integers(-9, 9, (27, 3))


def test_a_register_more_is_seen() -> None:
    tiles = tile_matmul(BITMASK, A, B)
    got, wanted = (
        native(BITMASK, tiles, verilog=emit(replace(BITMASK, stages=3).core())),
        golden(BITMASK, tiles),
    )
    assert not np.array_equal(got.out_cycles, wanted.out_cycles)
    np.testing.assert_array_equal(got.outputs, wanted.outputs)


def test_another_sign_is_seen() -> None:
    tiles = tile_matmul(BITMASK, A, B)
    verilog = emit(replace(BITMASK, b_signed=False, acc_width=BITMASK.acc_bits).core())
    got, wanted = native(BITMASK, tiles, verilog=verilog), golden(BITMASK, tiles)
    np.testing.assert_array_equal(got.out_cycles, wanted.out_cycles)
    assert not np.array_equal(got.outputs, wanted.outputs)


def test_rows_are_put_in_order_by_their_numbers() -> None:
    """Row 1 of both tiles comes before row 0 of any."""
    cfg = replace(BITMASK, rows=2)
    beats = {"cols": np.array([[1, 2], [3, 4], [5, 6], [7, 8]]), "row": np.array([1, 1, 0, 0])}
    outputs, rows = tile_results(cfg, pack_beats(cfg.engine.output(cfg), beats), [1, 1])
    assert [output.tolist() for output in outputs] == [[[5, 6], [1, 2]], [[7, 8], [3, 4]]]
    assert rows is not None
    assert rows.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([0, 1, 0], "each of rows 0 to 2 must come 1 times, not [2, 1, 0] times in order of rows"),
        ([0, 1, 3], "each of rows 0 to 2 must come 1 times, not [1, 1, 0, 1] times in order of rows"),
    ],
)
def test_wrong_row_numbers_are_an_error(rows: list[int], text: str) -> None:
    beats = pack_beats(BITMASK.engine.output(BITMASK), {"row": np.array(rows)})
    with pytest.raises(SimulationError, match=f"^{re.escape(text)}$"):
        tile_results(BITMASK, beats, [1])


def test_a_run_of_raw_beats_waits_for_windows_that_never_came() -> None:
    """`b` ends with the first of 256 windows, the last of which is needed: nothing moves for as long."""
    cfg = CSRConfig(rows=2, cols=1, k_max=1024, block_size=4, b_bandwidth=4, probe=True)
    a = np.zeros((2, 1024), np.int64)
    a[:, -1] = 1
    image = pack(cfg, [Tile(a, np.ones((1024, 1), np.int64))])
    image["b"] = image["b"][-1:]
    run = run_streams(cfg, image)
    assert run.cause == Cause.B_EARLY.value
    assert result_fields(cfg, run.beats)["row"].tolist() == [0, 1]
    # Header in 0, the window in 1, the 255 others held one a cycle from 3 on; then P + 2 = 5 to the output.
    assert run.out_cycles.tolist() == [262, 263]


def test_hanging_is_an_error() -> None:
    image = pack(BITMASK, [Tile(np.ones((2, 16), np.int64), np.ones((16, 1), np.int64))])
    image["a1"] = image["a1"][:1]
    told = (
        f"a run must end within 77 cycles, not hang after 1 of 1 tile, 5 of 5 a0, 1 of 1 a1, 1 of 1 a2, "
        f"{len(image['b'])} of {len(image['b'])} b beats and 2 rows"
    )
    with pytest.raises(SimulationError, match=f"^{told}$"):
        run_streams(BITMASK, image, out_beats=3, max_cycles=77)


@pytest.mark.slow
def test_the_tallest_array_has_room_for_its_streams() -> None:
    cfg = BitmaskConfig(rows=32, cols=1, k_max=8, block_size=4, b_bandwidth=2, schedule="decoupled")
    a = np.arange(32 * 6).reshape(32, 6) % 5 - 2
    result = native(cfg, [Tile(a, B[:6, :1])])
    np.testing.assert_array_equal(result.outputs[0], a @ B[:6, :1])
