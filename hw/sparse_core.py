"""An unstructured design, whole: header queue, window loader, and rows that run free."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import wiring

from zeroskip.hw.array.collect import Collector
from zeroskip.hw.array.row_local import LocalRow, write_layout
from zeroskip.hw.config import SparseConfig
from zeroskip.hw.decode.bitmask import BitmaskRow
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.tree import any_of, tree_sum
from zeroskip.hw.ports import cause_layout, core_members, counters_layout
from zeroskip.hw.schedule.headers import HeaderQueue
from zeroskip.hw.schedule.loader import Loader
from zeroskip.hw.schedule.ring import Ring
from zeroskip.hw.status import Status

__all__ = ["SparseCore"]


class SparseCore(wiring.Component):
    """Top level of an unstructured design; docs/unstructured.md is its specification.

    ::

        i_tile -> header queue -> rows, loader
        i_mask<r>, i_a<r> -> row r's decoder -> its RAM and PEs -> its drain -> collector -> o_c
        i_b -> loader -> every row's RAM

    Members: the streams of ``hw.ports``; ``i_clear``, ``o_counters``, ``o_error``, ``o_cause``,
    ``o_overflow`` and, with ``probe``, ``o_busy`` as of ``hw.core.Core``.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(core_members(cfg))

    def elaborate(self, platform):
        m = Module()
        cfg = self.cfg
        m.submodules.headers = headers = Once("headers", HeaderQueue(cfg))
        m.submodules.ring = ring = Once("ring", Ring(cfg))
        m.submodules.loader = loader = Once("loader", Loader(cfg))
        m.submodules.collector = collector = Once("collector", Collector(cfg))
        m.submodules.status = status = Once("status", Status(cfg))
        wiring.connect(m, wiring.flipped(self.i_tile), headers.i)
        wiring.connect(m, collector.o, wiring.flipped(self.o_c))

        write = Signal(write_layout(cfg))
        m.d.comb += [
            loader.there.eq(headers.there[cfg.rows]),
            loader.entry.eq(headers.entry[cfg.rows]),
            headers.done[cfg.rows].eq(loader.done),
            loader.b.valid.eq(self.i_b.valid),
            loader.b.payload.last.eq(self.i_b.payload.last),
            self.i_b.ready.eq(loader.b.ready),
            loader.held.eq(ring.held),
            ring.loaded.eq(loader.loaded),
            write.cols.eq(self.i_b.payload.cols),
            write.enable.eq(loader.write),
            write.slot.eq(loader.slot),
        ]
        if cfg.chunks > 1:
            m.d.comb += write.chunk.eq(loader.chunk)
        raised = {name: [] for name in cause_layout().members}
        raised["bad_tile"].append(headers.bad)
        for name in loader.error.shape().members:
            raised[name].append(loader.error[name])

        happened, overflows, working = {name: [] for name in counters_layout(cfg).members}, [], []
        for r in range(cfg.rows):
            m.submodules[f"decoder_{r}"] = decoder = Once("decoder", BitmaskRow(cfg))
            m.submodules[f"row_{r}"] = row = Once("row", LocalRow(cfg))
            wiring.connect(m, wiring.flipped(getattr(self, f"i_mask{r}")), decoder.mask)
            wiring.connect(m, wiring.flipped(getattr(self, f"i_a{r}")), decoder.a)
            m.d.comb += [
                decoder.there.eq(headers.there[r]),
                decoder.entry.eq(headers.entry[r]),
                headers.done[r].eq(decoder.done),
                decoder.held.eq(ring.held),
                decoder.ahead.eq(ring.ahead[r]),
                ring.released[r].eq(decoder.released),
                decoder.move.eq(row.move),
                row.issue.eq(decoder.issue),
                row.write.eq(write),
                collector.full[r].eq(row.full),
                collector.sums[r].eq(row.sums),
                row.grant.eq(collector.grant[r]),
            ]
            happened["stall_drain"].append(~row.move)
            for name in decoder.state.shape().members:
                happened[name].append(decoder.state[name] & row.move)
            for name in decoder.error.shape().members:
                raised[name].append(decoder.error[name])
            overflows.append(row.overflow)
            working.append(row.working)

        m.d.comb += [
            status.clear.eq(self.i_clear),
            status.causes.as_value().eq(Cat(any_of(bits) for bits in raised.values())),
            self.o_counters.eq(status.counters),
            self.o_cause.eq(status.cause),
            self.o_error.eq(status.error),
        ]
        for name, bits in happened.items():
            m.d.comb += status.happened[name].eq(tree_sum(bits))
        if cfg.can_overflow:
            with m.If(self.i_clear):
                m.d.sync += self.o_overflow.eq(0)
            with m.Elif(any_of(overflows)):
                m.d.sync += self.o_overflow.eq(1)
        if cfg.probe:
            m.d.comb += self.o_busy.eq(Cat(bit.replicate(cfg.cols) for bit in working))
        return m
