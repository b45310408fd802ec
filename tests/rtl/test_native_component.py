# amaranth: UnusedElaboratable=no
"""Native simulation of any component: encoders to the cycle, many streams, ports of every width, no clock."""

import re

import numpy as np
import pytest
from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.encode.bitmask import BitmaskEncoder
from zeroskip.hw.encode.config import BitmaskEncoderConfig, RunLengthEncoderConfig
from zeroskip.hw.encode.rlc import RunLengthEncoder
from zeroskip.hw.shell.axis import AxiStream
from zeroskip.sw.bits import pack_beats, unpack_beats
from zeroskip.verif.golden.encode import encode
from zeroskip.verif.native import Simulation, SimulationError, simulation
from zeroskip.verif.native.simulation import FULL, LIMIT, QUIET
from zeroskip.verif.result import Stalls

ENCODERS = [
    BitmaskEncoder(BitmaskEncoderConfig(width=8, block_size=16, beat_bits=64)),
    BitmaskEncoder(BitmaskEncoderConfig(width=5, block_size=4, beat_bits=9)),
    RunLengthEncoder(RunLengthEncoderConfig(width=12, run_bits=3, beat_bits=127)),
]


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: str(encoder.cfg))
def test_an_encoder_equals_its_golden_model_to_the_cycle(encoder):
    cfg = encoder.cfg
    rng = np.random.default_rng(5)
    for case in range(60):
        tiles = [
            rng.integers(-(1 << cfg.width - 1), 1 << cfg.width - 1, k) * (rng.random(k) < rng.random())
            for k in rng.integers(1, 200, rng.integers(1, 6))
        ]
        ready = rng.random(53) < (1, 0.5, 0.1)[case % 3]
        ready[7] = True
        gaps = rng.integers(0, 3, 41) * (rng.random(41) < (0, 0.5)[case % 2])
        wanted = encode(cfg, tiles, Stalls({"i": gaps}, ready))
        values, last = np.concatenate(tiles), np.cumsum([len(tile) for tile in tiles]) - 1
        elements = {"value": values, "last": np.isin(np.arange(len(values)), last).astype(np.int64)}
        with Simulation(encoder, gaps={"i": gaps}, ready={"o": ready}) as run:
            run.feed("i", pack_beats(encoder.i.payload.shape(), elements))
            stop, got = run.advance({"o": len(wanted.cycles)}, max_cycles=int(wanted.cycles[-1]) + 1)
            beats, cycles = got["o"]
            assert stop == FULL
            np.testing.assert_array_equal(cycles, wanted.cycles)
            np.testing.assert_array_equal(run.moves["i"], wanted.taken)
            found = unpack_beats(encoder.o.payload.shape(), beats)
            np.testing.assert_array_equal(found["bits"], wanted.bits)
            np.testing.assert_array_equal(found["last"], wanted.last)
            assert run.cycle == wanted.cycles[-1] + 1
            stop, got = run.advance(max_cycles=run.cycle + 200, quiet=100)
            assert (stop, len(got["o"][0])) == (QUIET, 0)


def test_a_clock_that_is_a_member():
    form = AxiStream(DenseConfig(rows=1, cols=1))
    with Simulation(form, constants={"aresetn": 1}, pulses={"i_clear": (5, 1)}) as run:
        assert run.advance(max_cycles=20) == (LIMIT, {})
        assert run.values["o_counters"] == (20 - 6) << 32  # cycles after that are all idle


STREAMS, ODD_BITS = 70, 75


class Sorter(wiring.Component):
    """Beats of its inputs in turn, those of even ones to ``even``, the others, wider, to ``odd``.

    ``level`` and ``wide`` are words: what they were in cycle 0, and in the cycle after ``kick``.
    """

    def __init__(self):
        super().__init__(
            {
                "i": In(stream.Signature(9)).array(STREAMS),
                "even": Out(stream.Signature(9)),
                "odd": Out(stream.Signature(ODD_BITS)),
                "level": In(3),
                "wide": In(100),
                "kick": In(data.StructLayout({"now": 1, "by": 6})),
                "kicks": Out(8),
                "first": Out(3),
                "caught": Out(100),
                "lights": Out(70),
                **{f"extra{number}": Out(number) for number in range(1, 10)},
            }
        )

    def elaborate(self, platform):
        m = Module()
        turn = Signal(range(STREAMS))
        begun = Signal()
        taken = Signal()
        payload, there = Signal(9), Signal()
        for number, i in enumerate(self.i):
            with m.If(turn == number):
                m.d.comb += [payload.eq(i.payload), there.eq(i.valid)]
        m.d.comb += [
            self.even.valid.eq(there & ~turn[0]),
            self.odd.valid.eq(there & turn[0]),
            self.even.payload.eq(payload),
            self.odd.payload.eq(payload << ODD_BITS - 9),
            taken.eq(there & Mux(turn[0], self.odd.ready, self.even.ready)),
            self.lights.eq(taken << turn),
        ]
        for number, i in enumerate(self.i):
            m.d.comb += i.ready.eq(Mux(turn[0], self.odd.ready, self.even.ready) & (turn == number))
        with m.If(taken):
            m.d.sync += turn.eq(Mux(turn == STREAMS - 1, 0, turn + 1))
        m.d.sync += begun.eq(1)
        with m.If(~begun):
            m.d.sync += self.first.eq(self.level)
        with m.If(self.kick.now):
            m.d.sync += [self.kicks.eq(self.kicks + self.kick.by), self.caught.eq(self.wide)]
        for number in range(1, 10):
            m.d.comb += getattr(self, f"extra{number}").eq(self.level)
        return m


SORTER = Sorter()


def words(beats):
    return [int.from_bytes(beat.tobytes(), "little") for beat in beats]


def feed_all(run, rounds, rng):
    """Random beats for all streams of a ``Sorter``; uint16 (rounds, streams)."""
    values = rng.integers(0, 512, (rounds, STREAMS)).astype("<u2")
    for number, column in enumerate(values.T):
        run.feed(f"i__{number}", np.ascontiguousarray(column).view(np.uint8).reshape(rounds, 2))
    return values


def test_more_streams_and_ports_than_any_array_has():
    key, other = (1 << 99) + 12345, (1 << 98) + 77
    with Simulation(
        SORTER,
        constants={"level": 5, "wide": key},
        pulses={"kick": (17, 1 | 11 << 1), "wide": (17, other), "level": (3, 2)},
        tally=["lights", "extra3"],
    ) as run:
        assert (len(run.inputs), run.outputs) == (STREAMS, ("even", "odd"))
        values = feed_all(run, 3, np.random.default_rng(1))
        series = np.zeros(300, np.uint16)
        stop, got = run.advance({"even": 105, "odd": 105}, max_cycles=300, series=series)
        assert (stop, run.cycle) == (FULL, 210)
        assert words(got["even"][0]) == values[:, ::2].ravel().tolist()
        assert words(got["odd"][0]) == [value << ODD_BITS - 9 for value in values[:, 1::2].ravel().tolist()]
        np.testing.assert_array_equal(got["even"][1], np.arange(0, 210, 2))
        np.testing.assert_array_equal(got["odd"][1], np.arange(1, 210, 2))
        np.testing.assert_array_equal(run.moves["i__69"], [69, 139, 209])
        found = {name: value for name, value in run.values.items() if "extra" not in name}
        assert found == {"kicks": 11, "first": 5, "caught": other, "lights": 0}
        assert [run.values[f"extra{number}"] for number in range(1, 10)] == [1, 1, *[5] * 7]
        np.testing.assert_array_equal(run.tallies["lights"], np.full(70, 3))
        np.testing.assert_array_equal(run.tallies["extra3"], [209, 1, 209])  # of 5, and 2 once
        np.testing.assert_array_equal(series, np.arange(300) < 210)


def test_the_run_goes_on_until_every_stream_has_what_is_wanted(monkeypatch):
    """Of the other streams more comes than anyone said: there is room for it."""
    monkeypatch.setattr(simulation, "ROOM_BEATS", 4)
    with Simulation(SORTER, ready={"odd": np.array([False, False, True])}) as run:
        values = feed_all(run, 6, np.random.default_rng(2))
        stop, got = run.advance({"odd": 100}, max_cycles=1000)
        assert (stop, len(got["odd"][0]), len(got["even"][0])) == (FULL, 100, 100)
        stop, more = run.advance({"even": 3, "odd": 0}, max_cycles=1000)
        assert (stop, len(more["even"][0])) == (FULL, 3)
        stop, rest = run.advance(max_cycles=1000, quiet=5)
        assert stop == QUIET
        even = [word for part in (got, more, rest) for word in words(part["even"][0])]
        assert even == values[:, ::2].ravel().tolist()
        cycles = np.concatenate([part["odd"][1] for part in (got, more, rest)])
        np.testing.assert_array_equal(cycles, 2 + 3 * np.arange(210))
        assert run.cycle == cycles[-1] + 1 + 5


def test_a_run_without_a_purpose_ends_at_its_limit():
    with Simulation(SORTER) as run:
        stop, got = run.advance(max_cycles=33)
        assert (stop, run.cycle, len(got["even"][0])) == (LIMIT, 33, 0)


class Wires(wiring.Component):
    i: In(stream.Signature(70))
    o: Out(stream.Signature(70))
    turn: In(1)

    def elaborate(self, platform):
        m = Module()
        m.d.comb += [
            self.o.payload.eq(Mux(self.turn, ~self.i.payload, self.i.payload)),
            self.o.valid.eq(self.i.valid),
            self.i.ready.eq(self.o.ready),
        ]
        return m


@pytest.mark.parametrize("turn", [0, 1])
def test_a_component_without_a_clock(turn):
    beats = np.random.default_rng(3).integers(0, 256, (3000, 9), np.uint8)
    beats[:, -1] &= 0x3F
    with Simulation(Wires(), constants={"turn": turn}) as run:
        run.feed("i", beats)
        stop, got = run.advance(max_cycles=10_000, quiet=1)
    assert stop == QUIET
    flipped = np.array([0xFF] * 8 + [0x3F], np.uint8) * turn
    np.testing.assert_array_equal(got["o"][0], beats ^ flipped)
    np.testing.assert_array_equal(got["o"][1], np.arange(3000))


def test_a_sink_that_sees_a_beat_vanish_names_the_stream():
    fickle = """
module top (input [69:0] i__payload, input i__valid, output i__ready, output [69:0] o__payload,
            output o__valid, input o__ready, input turn);
  assign {i__ready, o__payload} = 0;
  assign o__valid = i__valid & (i__payload[0] | o__ready);
endmodule
"""
    with Simulation(Wires(), ready={"o": np.array([False, True])}, verilog=fickle) as run:
        beats = np.zeros((1, 9), np.uint8)
        run.feed("i", beats)
        assert len(run.advance(max_cycles=6)[1]["o"][0]) == 3
    gone = fickle.replace("i__payload[0] | o__ready", "~o__ready")
    with Simulation(Wires(), ready={"o": np.array([False, True])}, verilog=gone) as run:
        run.feed("i", beats)
        told = "a beat of o must stay offered and unchanged until it moves, not in cycle 1"
        with pytest.raises(SimulationError, match=f"^{told}$"):
            run.advance(max_cycles=6)


@pytest.mark.parametrize(
    ("error", "sentence", "given"),
    [
        (ValueError, "gaps must be of i, not of 'o'", {"gaps": {"o": np.array([1])}}),
        (ValueError, "ready must be of o, not of 'i'", {"ready": {"i": np.array([True])}}),
        (ValueError, "constants must be of turn, not of 'twist'", {"constants": {"twist": 1}}),
        (ValueError, "pulses must be of turn, not of 'o'", {"pulses": {"o": (1, 1)}}),
        (ValueError, "tally must be of no port here, not of 'turn'", {"tally": ["turn"]}),
        (ValueError, "turn must be a number of 1 bits, not 2", {"constants": {"turn": 2}}),
        (ValueError, "turn must be a number of 1 bits, not -1", {"pulses": {"turn": (0, -1)}}),
        (
            ValueError,
            "gaps of i must be one or more integers from 0 on, not [0, -1]",
            {"gaps": {"i": np.array([0, -1])}},
        ),
        (
            TypeError,
            "gaps of i must be one or more integers from 0 on, not array([0.5])",
            {"gaps": {"i": np.array([0.5])}},
        ),
        (
            ValueError,
            "ready of o must be one or more bool, one of them True, not [False]",
            {"ready": {"o": np.array([False])}},
        ),
        (
            TypeError,
            "ready of o must be one or more bool, one of them True, not array([1])",
            {"ready": {"o": np.array([1])}},
        ),
    ],
)
def test_what_the_component_has_not_is_refused(error, sentence, given):
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        Simulation(Wires(), **given)


def test_what_a_run_cannot_have_is_refused():
    series = np.zeros(9, np.uint16)
    with Simulation(Wires()) as run:
        with pytest.raises(ValueError, match=r"^beats must be of i, not of 'o'$"):
            run.feed("o", np.zeros((1, 9), np.uint8))
        with pytest.raises(ValueError, match=r"^beats must be of o, not of 'i'$"):
            run.advance({"i": 1}, max_cycles=9)
        with pytest.raises(ValueError, match=r"^series must be uint16, of 9 cycles or more"):
            run.advance(max_cycles=9, series=series)
    with Simulation(SORTER, tally=["lights"]) as run:
        run.advance(max_cycles=9, series=series)
        for short in (series[1:], series.astype(np.uint8)):
            with pytest.raises(ValueError, match=r"^series must be uint16, of 9 cycles"):
                run.advance(max_cycles=9, series=short)
