"""Units in Amaranth's own simulator, where ``Once`` is an ordinary submodule."""

import numpy as np
import pytest
from amaranth.sim import Simulator

from zeroskip.hw.decode.nm_bitmask import NMBitmaskRow
from zeroskip.hw.decode.nm_index import NMIndexRow
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.hw.engines.beats.drain import DrainControl
from zeroskip.hw.engines.beats.window import WindowFiller
from zeroskip.hw.pe import pe as pe_class


def simulate(component, bench):
    simulator = Simulator(component)
    simulator.add_clock(1e-6)
    simulator.add_testbench(bench)
    simulator.run()


@pytest.mark.parametrize("a_signed", [True, False])
@pytest.mark.parametrize("b_signed", [True, False])
@pytest.mark.parametrize("gate", [False, True])
@pytest.mark.parametrize(("lanes", "stages"), [(1, 2), (2, 3), (3, 2), (4, 3)])
def test_pe_sums_what_it_is_given(lanes, stages, gate, a_signed, b_signed):
    design = GatedConfig if gate else DenseConfig
    cfg = design(lanes=lanes, stages=stages, a_signed=a_signed, b_signed=b_signed, k_max=64)
    rng = np.random.default_rng(lanes * 10 + stages)
    beats = 16
    low = {True: -128, False: 0}
    a = rng.integers(low[a_signed], low[a_signed] + 256, (beats, lanes)) * (rng.random((beats, lanes)) < 0.6)
    b = rng.integers(low[b_signed], low[b_signed] + 256, (beats, lanes)) * (rng.random((beats, lanes)) < 0.6)
    ends = {4, 5, 11, 15}
    depth = cfg.latency - 1
    expected, start = [], 0
    for end in sorted(ends):
        expected.append(int((a[start : end + 1] * b[start : end + 1]).sum()))
        start = end + 1
    pe = pe_class(cfg)(cfg)
    got = []

    async def bench(ctx):
        ctx.set(pe.control.clear, 1)
        await ctx.tick()
        for t in range(beats + depth + 1):
            if t < beats:
                ctx.set(pe.a, a[t].tolist())
                ctx.set(pe.b, b[t].tolist())
                if gate:
                    ctx.set(pe.zero_a, sum((a[t, j] == 0) << j for j in range(lanes)).item())
                    ctx.set(pe.zero_b, sum((b[t, j] == 0) << j for j in range(lanes)).item())
            inside = [0 <= t - stage < beats for stage in range(depth + 1)]
            final = [t - stage in ends for stage in range(depth + 1)]
            ctx.set(pe.control.move, sum(x << i for i, x in enumerate(inside[:depth])))
            ctx.set(pe.control.final, sum(x << i for i, x in enumerate(final[:depth])))
            done = inside[depth] and final[depth]
            ctx.set(pe.control.accumulate, int(inside[depth]))
            for signal in (pe.control.clear, pe.control.load, pe.control.drain):
                ctx.set(signal, int(done))
            await ctx.tick()
            if done:
                got.append(ctx.get(pe.o_c))

    simulate(pe, bench)
    assert got == expected


def test_filler_passes_windows_whole_and_marks_short_ones():
    cfg = DenseConfig(lanes=4, b_bandwidth=1, cols=2)
    filler = WindowFiller(cfg)
    seen = []

    async def bench(ctx):
        # two windows, the second ended by an early last after its second chunk
        chunks = [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 1)]
        ctx.set(filler.i.valid, 1)
        for value, last in chunks:
            ctx.set(filler.i.payload, {"cols": [[value], [-value]], "last": last})
            while True:
                ctx.set(filler.o.ready, 1)
                valid, window = ctx.get(filler.o.valid), ctx.get(filler.o.payload)
                moved = ctx.get(filler.i.ready)
                await ctx.tick()
                if valid:
                    seen.append(([list(c) for c in window.cols], window.last, window.short))
                if moved:
                    break
        ctx.set(filler.i.valid, 0)
        valid, window = ctx.get(filler.o.valid), ctx.get(filler.o.payload)
        assert valid
        seen.append(([list(c)[:2] for c in window.cols], window.last, window.short))
        await ctx.tick()
        assert not ctx.get(filler.o.valid)

    simulate(filler, bench)
    assert seen == [([[1, 2, 3, 4], [-1, -2, -3, -4]], 0, 0), ([[5, 6], [-5, -6]], 1, 1)]


def test_drain_hands_out_rows_once_and_is_free_as_the_last_moves():
    drain = DrainControl(DenseConfig(rows=4))
    trace = []

    async def bench(ctx):
        ctx.set(drain.rows, 3)
        ctx.set(drain.load, 1)
        await ctx.tick()
        ctx.set(drain.load, 0)
        for ready in (0, 1, 1, 0, 1, 1):
            ctx.set(drain.ready, ready)
            trace.append(tuple(ctx.get(s) for s in (drain.valid, drain.last, drain.shift, drain.free)))
            await ctx.tick()

    simulate(drain, bench)
    assert trace == [(1, 0, 0, 0), (1, 0, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0), (1, 1, 1, 1), (0, 0, 0, 1)]


def decode(cfg, decoder, beats, *, limit, mask=None):
    """Pairs and errors a row decoder gives for one block's beats of (value, position) pairs."""
    found = []

    async def bench(ctx):
        ctx.set(decoder.used, 1)
        if mask is not None:
            ctx.set(decoder.i_mask, mask)
        for number, beat in enumerate(beats):
            pairs = [{"value": v, "position": p} if mask is None else {"value": v} for v, p in beat]
            ctx.set(decoder.i_row, pairs)
            ctx.set(decoder.beat, {
                "take": 1, "first": number == 0, "final": number == len(beats) - 1,
                "lanes": (1 << len(beat)) - 1, "in_k": (1 << limit) - 1,
            })  # fmt: skip
            await ctx.tick()
            o = ctx.get(decoder.o)
            errors = {name for name in decoder.causes if ctx.get(decoder.error[name])}
            found.append(([(o.value[j], o.position[j]) for j in range(cfg.lanes)], errors))

    simulate(decoder, bench)
    return found


def test_index_row_checks_order_across_beats_and_range():
    cfg = NMConfig(n=4, m=8, lanes=2)
    row = NMIndexRow(cfg)
    # a pair's position is that in the block less the lane
    ok = decode(cfg, row, [[(5, 1), (-3, 2)], [(7, 5), (0, 7)]], limit=6)
    assert ok == [([(5, 1), (-3, 1)], set()), ([(7, 5), (0, 6)], set())]
    repeated = decode(cfg, NMIndexRow(cfg), [[(5, 1), (-3, 1)], [(7, 1), (4, 7)]], limit=8)
    assert repeated == [([(5, 1), (0, 0)], {"index_order"}), ([(0, 1), (4, 6)], {"index_order"})]
    outside = decode(cfg, NMIndexRow(cfg), [[(5, 1), (-3, 6)]], limit=6)
    assert outside == [([(5, 1), (0, 5)], {"index_range"})]


def test_bitmask_row_walks_the_mask_and_counts_it():
    cfg = NMConfig(n=4, m=8, lanes=2, encoding="bitmask")
    ok = decode(cfg, NMBitmaskRow(cfg), [[(5, 0), (-3, 0)], [(7, 0), (1, 0)]], limit=8, mask=0b10100110)
    assert ok == [([(5, 1), (-3, 1)], set()), ([(7, 5), (1, 6)], set())]
    more = decode(cfg, NMBitmaskRow(cfg), [[(5, 0), (-3, 0)]], limit=8, mask=0b111)
    assert more == [([(5, 0), (-3, 0)], {"group_count"})]
    fewer = decode(cfg, NMBitmaskRow(cfg), [[(5, 0), (-3, 0)]], limit=8, mask=0b100)
    assert [errors for _, errors in fewer] == [{"group_count"}]
    assert fewer[0][0][0] == (5, 2) and fewer[0][0][1][0] == 0
    outside = decode(cfg, NMBitmaskRow(cfg), [[(5, 0), (-3, 0)]], limit=4, mask=0b10010)
    assert outside[0][1] == {"index_range"} and outside[0][0][0] == (5, 1)
