"""Native simulation: what a run says, and that it can see that a design is wrong."""

from dataclasses import replace

import numpy as np
import pytest
from formats import trials_of
from rig import SMALL
from tampered import tampered

from zeroskip.gen.emit import emit
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native, native_matmul, run_streams
from zeroskip.verif.result import Stalls

UNPROBED = GatedConfig(rows=2, cols=2)


def test_without_probe_only_activity_is_missing() -> None:
    tiles, stalls = random_case(UNPROBED, np.random.default_rng(4), "random")
    wanted = golden(UNPROBED, tiles, stalls)
    assert wanted.busy.any()
    zeros = np.zeros((2, 2, 1), np.int64)
    assert differences(replace(wanted, busy=zeros, gated=zeros), native(UNPROBED, tiles, stalls)) == []


@pytest.mark.parametrize("stages", [1, 3])
def test_a_register_more_or_less_is_seen(stages: int) -> None:
    tiles = [Tile(np.array([[3, -4]]), np.array([[-5, 6], [7, -8]]))]
    got, wanted = (
        native(SMALL, tiles, verilog=emit(replace(SMALL, stages=stages).core())),
        golden(SMALL, tiles),
    )
    assert (got.out_cycles - wanted.out_cycles).tolist() == [stages - 2]
    np.testing.assert_array_equal(got.outputs, wanted.outputs)


def test_another_sign_is_seen() -> None:
    tiles = [Tile(np.array([[3, -4]]), np.array([[-5, 6], [7, -8]]))]
    got, wanted = (
        native(SMALL, tiles, verilog=emit(replace(SMALL, b_signed=False).core())),
        golden(SMALL, tiles),
    )
    np.testing.assert_array_equal(got.out_cycles, wanted.out_cycles)
    assert not np.array_equal(got.outputs, wanted.outputs)


def test_an_error_without_a_cause_is_seen() -> None:
    tiles = [Tile(np.array([[3, -4]]), np.array([[-5, 6], [7, -8]]))]
    told = r"^o_error must say whether o_cause is set, not 1 of 0x0$"
    with pytest.raises(SimulationError, match=told):
        native(SMALL, tiles, verilog=tampered(SMALL, o_error="1'd1"))


def test_gaps_count_from_the_move_before() -> None:
    """Header in cycle 0; a offered in cycle 2, three cycles after that, and at once; b whenever a is."""
    image = pack(SMALL, [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))])
    run = run_streams(SMALL, image, Stalls({"a": np.array([2, 2, 0])}), 2, series=True)
    assert {name: moves.tolist() for name, moves in run.moves.items()} == {
        "tile": [0],
        "a": [2, 5, 6],
        "b": [2, 5, 6],
    }
    # P = 3: the final beat is accumulated in cycle 9, and the sink takes the rows in cycles 10 and 11
    assert run.out_cycles.tolist() == [10, 11]
    assert run.series is not None
    assert run.series.tolist() == [
        0,
        0,
        0,
        4,
        0,
        0,
        4,
        4,
        0,
        0,
        0,
        0,
    ]  # 2 x 2 multipliers, a cycle after issue


def test_gaps_and_ready_repeat() -> None:
    image = pack(SMALL, [Tile(np.ones((2, 4), np.int64), np.ones((4, 1), np.int64))])
    run = run_streams(SMALL, image, Stalls({"b": np.array([3, 1])}, np.array([True, False, False, False])), 2)
    assert run.moves["b"].tolist() == [3, 5, 9, 11]
    assert run.out_cycles.tolist() == [16, 20]


def test_hanging_is_an_error() -> None:
    image = pack(SMALL, [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))])
    image["b"] = image["b"][:2]
    told = "a run must end within 77 cycles, not hang after 1 of 1 tile, 2 of 3 a, 2 of 2 b beats and 0 rows"
    for out_beats in (2, None):
        with pytest.raises(SimulationError, match=f"^{told}$"):
            run_streams(SMALL, image, out_beats=out_beats, max_cycles=77)


def test_a_row_too_many_is_an_error() -> None:
    image = pack(SMALL, [Tile(np.ones((2, 3), np.int64), np.ones((3, 1), np.int64))])
    with pytest.raises(SimulationError, match=r"^result rows must number 1 at most, and one more came$"):
        run_streams(SMALL, image, out_beats=1)


STUB = """
module top (input clk, input rst, input i_clear, input [6:0] i_tile__payload, input i_tile__valid,
            output i_tile__ready, input [16:0] i_a__payload, input i_a__valid, output i_a__ready,
            input [16:0] i_b__payload, input i_b__valid, output i_b__ready, input o_c__ready,
            output [48:0] o_c__payload, output o_c__valid, output [191:0] o_counters, output [11:0] o_cause,
            output o_error, output o_overflow, output [3:0] o_busy);
  assign {i_tile__ready, i_a__ready, i_b__ready, o_counters, o_cause, o_error, o_overflow, o_busy} = 0;
  reg [48:0] count = 0;
  always @(posedge clk) count <= rst ? 0 : count + 1;
  assign o_c__payload = PAYLOAD;
  assign o_c__valid = VALID;
endmodule
"""


@pytest.mark.parametrize(("payload", "valid", "cycle"), [("count", "1", 1), ("0", "count < 4", 4)])
def test_a_row_that_changes_or_vanishes_while_it_waits_is_an_error(
    payload: str, valid: str, cycle: int
) -> None:
    image = pack(SMALL, [Tile(np.ones((1, 1), np.int64), np.ones((1, 1), np.int64))])
    ready = np.arange(8) == 7
    verilog = STUB.replace("PAYLOAD", payload).replace("VALID", valid)
    told = f"^a beat of o_c must stay offered and unchanged until it moves, not in cycle {cycle}$"
    with pytest.raises(SimulationError, match=told):
        run_streams(SMALL, image, Stalls(ready=ready), 1, verilog=verilog)


def test_streams_must_be_those_of_the_design() -> None:
    image = pack(SMALL, [Tile(np.ones((1, 1), np.int64), np.ones((1, 1), np.int64))])
    with pytest.raises(
        ValueError, match=r"^beats of stream i_b must be uint8 \(beats, 3\), not uint8 \(1, 2\)$"
    ):
        run_streams(SMALL, {**image, "b": image["b"][:, :2]})
    with pytest.raises(ValueError, match=r"^streams must be tile, a, b, not tile, a$"):
        run_streams(SMALL, {"tile": image["tile"], "a": image["a"]})


def test_a_series_needs_the_probe() -> None:
    ones = np.ones((2, 2), np.int64)
    with pytest.raises(
        ValueError, match=r"^series must be recorded from a design with probe, not from one without$"
    ):
        native_matmul(UNPROBED, ones, ones, series=True)


def test_a_control_port_reaches_the_design() -> None:
    """The error flag turned round where the control is 5, as a mutant would be chosen."""
    text = emit(SMALL.core())
    verilog = text.replace("module top(", "module top(mutsel, ", 1)
    verilog = verilog.replace("  output o_error;\n", "  input [3:0] mutsel;\n  output o_error;\n", 1)
    verilog = verilog.replace(
        "  wire o_error;\n", "  wire o_error = quiet ^ (mutsel == 5);\n  wire quiet;\n", 1
    )
    verilog = verilog.replace(".error(o_error)", ".error(quiet)", 1)
    image = pack(SMALL, [Tile(np.ones((1, 1), np.int64), np.ones((1, 1), np.int64))])
    flags = [
        run_streams(SMALL, image, verilog=verilog, controls={"mutsel": 4}, control=control).error
        for control in (0, 4, 5, 6)
    ]
    assert flags == [False, False, True, False]


def test_a_product_that_hangs_is_an_error() -> None:
    dead = STUB.replace("PAYLOAD", "0").replace("VALID", "0")
    told = r"^a product must end within 15 cycles, not hang in tile 0 of 1$"
    with pytest.raises(SimulationError, match=told):
        native_matmul(SMALL, np.ones((2, 2), np.int64), np.ones((2, 2), np.int64), verilog=dead)


def test_many_runs_of_many_designs_share_one_process() -> None:
    """Each library keeps its run-time state to itself."""
    for cfg in (SMALL, trials_of("beats")["dense"].cfg) * 2:
        tiles, stalls = random_case(cfg, np.random.default_rng(8), "random")
        assert differences(golden(cfg, tiles, stalls), native(cfg, tiles, stalls)) == []


def test_activity_is_counted_beyond_what_the_harness_holds_at_once() -> None:
    """It adds up 2^20 - 1 cycles at a time, and this multiplier works in more."""
    cfg = GatedConfig(rows=1, cols=1, k_max=1 << 20, probe=True)
    k = cfg.k_max + 20_000
    a, b = (np.arange(k)[None] % 200 > 0) * 5, np.arange(k)[:, None] % 127 - 127
    tiles = [Tile(a[:, part], b[part]) for part in (slice(cfg.k_max), slice(cfg.k_max, None))]
    wanted = golden(cfg, tiles)
    assert wanted.busy > 1 << 20
    assert wanted.gated is not None and wanted.gated > 5000
    assert differences(wanted, native(cfg, tiles)) == []


def test_a_missing_reset_is_seen() -> None:
    """A run begins with a reset out of a dirty state, so what no reset reaches begins dirty."""
    verilog = emit(SMALL.core()).replace("if (rst) begin", "if (1'b0) begin")
    tiles = [Tile(np.array([[3, -4], [5, 6]]), np.array([[-5, 6], [7, -8]]))]
    with pytest.raises(SimulationError):
        native(SMALL, tiles, verilog=verilog)
