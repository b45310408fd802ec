"""One design, whole: streams in, decode, schedule, multiply, accumulate, result rows out."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import data, wiring

from zeroskip.hw.decode import decoder as decoder_of
from zeroskip.hw.decode.row import pair_layout
from zeroskip.hw.engines.beats.array import Array
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.scheduler import Scheduler
from zeroskip.hw.engines.beats.window import WindowFiller
from zeroskip.hw.engines.description import core_description
from zeroskip.hw.engines.ports import cause_layout, core_members
from zeroskip.hw.engines.status import Status
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import any_of, tree_sum

__all__ = ["Core"]


class Core(wiring.Component):
    """A design's top level; docs/contract.md is its specification.

    ::

        i_tile -> scheduler ---- beat ----+
        i_a, i_mask -> row decoders -> stage X -> PE grid -> drain -> o_c
        i_b -> window filler -> windows --+

    Members
    -------
    i_tile, i_a, [i_mask,] i_b : In(stream), o_c : Out(stream); payloads as in ``hw.engines.beats.engine``
    i_clear : In(1), zeroes counters and sticky flags
    o_counters, o_error, o_cause, o_overflow : Out
    o_busy, o_gated : Out(rows * cols * lanes), with ``probe``

    Latency: ``cfg.latency + 2`` cycles from a tile's final beat to its first result row's offer, counting
    both; throughput: one beat per cycle, tiles back to back.
    """

    books = Room.STATUS

    def __init__(self, cfg: BeatsConfig):
        self.cfg = cfg
        super().__init__(core_members(cfg))

    @property
    def description(self):
        return core_description(self.cfg)

    def elaborate(self, platform):
        m = Module()
        cfg = self.cfg
        m.submodules.schedule = schedule = Once("schedule", Scheduler(cfg))
        m.submodules.window = window = Once("window", WindowFiller(cfg))
        m.submodules.array = array = Once("array", Array(cfg))
        m.submodules.status = status = Once("status", Status(cfg, 1))
        wiring.connect(m, wiring.flipped(self.i_tile), schedule.tile)
        wiring.connect(m, wiring.flipped(self.i_b), window.i)
        wiring.connect(m, array.o, wiring.flipped(self.o_c))

        # The scheduler sees handshakes and `last`; payloads pass it by.
        sides = {"a": self.i_a, "window": window.o}
        if cfg.mask_bits:
            sides["mask"] = self.i_mask
        for name, source in sides.items():
            port = getattr(schedule, name)
            m.d.comb += [port.valid.eq(source.valid), source.ready.eq(port.ready)]
            m.d.comb += port.payload.last.eq(source.payload.last)
        m.d.comb += [schedule.window.payload.short.eq(window.o.payload.short), schedule.move.eq(array.move)]

        pairs, causes = self._decode(m, schedule)
        windows, zero_b = self._windows(m, schedule, window)
        beat = schedule.beat
        valid, end = Signal(), Signal(reset_less=True)
        rows = Signal.like(schedule.rows, reset_less=True)
        with m.If(array.move):
            m.d.sync += valid.eq(beat.take)
        with m.If(beat.take):
            m.d.sync += [end.eq(schedule.ends), rows.eq(schedule.rows)]
        m.d.comb += [
            array.valid.eq(valid),
            array.ends.eq(end),
            array.tile_rows.eq(rows),
            array.pairs.eq(pairs),
            array.windows.eq(windows),
            array.clear_flags.eq(self.i_clear),
            self.o_overflow.eq(array.overflow),
        ]
        if cfg.gate:
            m.d.comb += array.zero_b.eq(zero_b)
        self._count(m, schedule, array, status, causes)
        self._observe(m, valid & array.move, pairs, zero_b, status)
        return m

    def _decode(self, m: Module, schedule):
        """Row decoders; (stage X of every row, causes they met)."""
        cfg = self.cfg
        pairs = Signal(data.ArrayLayout(pair_layout(cfg), cfg.rows))
        raised = {name: [] for name in cause_layout().members}
        for name in schedule.error.shape().members:
            raised[name].append(schedule.error[name])
        decoder_type = decoder_of(cfg)
        for r in range(cfg.rows):
            decoder = Once("row_decoder", decoder_type(cfg))
            m.submodules[f"row_decoder_{r}"] = decoder
            m.d.comb += [
                decoder.i_row.eq(self.i_a.payload.rows[r]),
                decoder.beat.eq(schedule.beat),
                decoder.used.eq(schedule.used[r]),
                pairs[r].eq(decoder.o),
            ]
            if cfg.mask_bits:
                m.d.comb += decoder.i_mask.eq(self.i_mask.payload.rows[r])
            for name in decoder_type.causes:
                raised[name].append(decoder.error[name])
        return pairs, Cat(any_of(bits) for bits in raised.values())

    def _windows(self, m: Module, schedule, window):
        """Window registers, loaded as the block's first beat issues; (windows, their zero flags)."""
        cfg = self.cfg
        windows = Signal(window.o.payload.cols.shape(), reset_less=True)
        zero_b = Signal(data.ArrayLayout(cfg.lanes, cfg.cols), reset_less=True)
        with m.If(schedule.beat.take & schedule.beat.first):
            m.d.sync += windows.eq(window.o.payload.cols)
            if cfg.gate:
                for c in range(cfg.cols):
                    column = window.o.payload.cols[c]
                    m.d.sync += zero_b[c].eq(Cat(column[j] == 0 for j in range(cfg.lanes)))
        return windows, zero_b

    def _count(self, m: Module, schedule, array, status, causes) -> None:
        """A frozen cycle is a drain stall whatever else it might have been."""
        m.d.comb += [
            status.clear.eq(self.i_clear),
            status.causes.as_value().eq(causes),
            status.happened.stall_drain.eq(~array.move),
            self.o_counters.eq(status.counters),
            self.o_cause.eq(status.cause),
            self.o_error.eq(status.error),
        ]
        for name in schedule.state.shape().members:
            m.d.comb += status.happened[name].eq(schedule.state[name] & array.move)

    def _observe(self, m: Module, working, pairs, zero_b, status) -> None:
        """Gated pairs counted, and every multiplier's activity where it is probed."""
        cfg = self.cfg
        if cfg.gate:
            # A pair is effectual where both are nonzero: rows with a nonzero value times columns with
            # one, per lane. That spares a population count over all multipliers.
            gated = []
            for j in range(cfg.lanes):
                there = tree_sum([pairs[r].valid[j] for r in range(cfg.rows)])
                rows = tree_sum([pairs[r].valid[j] & ~pairs[r].zero[j] for r in range(cfg.rows)])
                cols = tree_sum([~zero_b[c][j] for c in range(cfg.cols)])
                gated.append(there * cfg.cols - rows * cols)
            count = Signal.like(status.happened.gated, name="gated")
            m.d.sync += count.eq(0)
            with m.If(working):
                m.d.sync += count.eq(tree_sum(gated))
            m.d.comb += status.happened.gated.eq(count)
        if not cfg.probe:
            return
        for index in range(cfg.multipliers):
            rc, j = divmod(index, cfg.lanes)
            r, c = divmod(rc, cfg.cols)
            there = working & pairs[r].valid[j]
            gate = (pairs[r].zero[j] | zero_b[c][j]) if cfg.gate else 0
            m.d.comb += self.o_busy[index].eq(there & ~gate if cfg.gate else there)
            if cfg.gate:
                m.d.comb += self.o_gated[index].eq(there & gate)
