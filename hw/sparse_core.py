"""An unstructured design, whole: header queue, window loader, and groups of rows that run free."""

from amaranth.hdl import C, Cat, Module, Signal
from amaranth.lib import wiring

from zeroskip.hw.array.collect import Collector
from zeroskip.hw.array.group import PEGroup
from zeroskip.hw.array.windows import WindowRegisters, shared_window, write_layout
from zeroskip.hw.decode.group import GroupDecoder
from zeroskip.hw.description import core_description
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.tree import any_of, tree_sum
from zeroskip.hw.ports import cause_layout, core_members, counters_layout
from zeroskip.hw.schedule.headers import HeaderQueue
from zeroskip.hw.schedule.loader import Loader
from zeroskip.hw.schedule.place import Place
from zeroskip.hw.schedule.ring import Ring
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.hw.status import Status

__all__ = ["SparseCore"]


class SparseCore(wiring.Component):
    """Top level of an unstructured design; docs/unstructured.md is its specification.

    ::

        i_tile -> header queue -> groups, loader
        i_a<g> -> decoder of group g -> its place in the ring -> its RAM and PEs -> collector -> o_c
        i_b -> loader -> RAM of every group

    Members: the streams of ``hw.ports``; ``i_clear``, ``o_counters``, ``o_error``, ``o_cause``,
    ``o_overflow`` and, with ``probe``, ``o_busy`` as of ``hw.core.Core``.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(core_members(cfg))

    @property
    def description(self):
        return core_description(self.cfg)

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
            loader.there.eq(headers.there[cfg.groups]),
            loader.entry.eq(headers.entry[cfg.groups]),
            headers.done[cfg.groups].eq(loader.done),
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
        if cfg.muxed:
            m.submodules.windows = registers = Once("registers", WindowRegisters(cfg))
            turn = [registers.slot.eq(ring.turn)] if shared_window(cfg) else []
            m.d.comb += [registers.write.eq(write), *turn]
        raised = {name: [] for name in cause_layout().members}
        raised["bad_tile"].append(headers.bad)
        for name in loader.error.shape().members:
            raised[name].append(loader.error[name])

        happened, overflows, working = {name: [] for name in counters_layout(cfg).members}, [], []
        decoders = [Once("decoder", GroupDecoder(cfg)) for _ in range(cfg.groups)]
        places = [Once("place", Place(cfg)) for _ in range(cfg.groups)]
        groups = [Once("group", PEGroup(cfg)) for _ in range(cfg.groups)]
        for g, (decoder, place, group) in enumerate(zip(decoders, places, groups, strict=True)):
            m.submodules[f"decoder_{g}"] = decoder
            m.submodules[f"place_{g}"] = place
            m.submodules[f"group_{g}"] = group
            wiring.connect(m, wiring.flipped(getattr(self, f"i_a{g}")), decoder.i)
            first = g * cfg.group
            m.d.comb += [
                decoder.there.eq(headers.there[g]),
                decoder.entry.eq(headers.entry[g]),
                decoder.row.eq(g),
                headers.done[g].eq(decoder.done),
                decoder.room.eq(place.room),
                place.step.eq(decoder.step),
                place.i.eq(decoder.o),
                place.there.eq(headers.there[g]),
                place.flushing.eq(decoder.flushing),
                place.newest.eq(ring.newest),
                place.turn.eq(ring.turn),
                ring.past[g].eq(place.past),
                place.move.eq(group.move),
                group.issue.eq(place.issue),
                group.windows.eq(registers.o) if cfg.muxed else group.write.eq(write),
                collector.full[first : first + cfg.group].eq(group.full),
                *(collector.sums[first + q].eq(group.sums[q]) for q in range(cfg.group)),
                group.grant.eq(collector.grant[first : first + cfg.group]),
            ]
            happened["stall_drain"].append(~group.move)
            counts = group.move
            if cfg.share:
                other, guest = g ^ 1, places[g ^ 1].second
                m.d.comb += [
                    decoder.room_both.eq(place.room_both),
                    place.step_both.eq(decoder.step_both),
                    place.second_i.eq(decoder.second),
                    place.partner.eq(places[other].issue.take),
                    group.guest.eq(guest),
                    group.held.eq(groups[other].blocked),
                    group.helped.eq(groups[other].lends),
                    group.i_terms.eq(groups[other].o_terms),
                ]
                happened["help"].append(guest.take)
                counts = group.move & ~guest.take
            for name in place.state.shape().members:
                happened[name].append(place.state[name] & counts)
            for name in decoder.error.shape().members:
                raised[name].append(decoder.error[name])
            overflows.append(group.overflow)
            working.append(group.working)

        m.d.comb += [
            status.clear.eq(self.i_clear),
            status.causes.as_value().eq(Cat(any_of(bits) if bits else C(0, 1) for bits in raised.values())),
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
            m.d.comb += self.o_busy.eq(Cat(bit.replicate(cfg.cols) for rows in working for bit in rows))
        return m
