"""An unstructured design, whole: header queue, window loader, and groups of rows that run free."""

from amaranth.hdl import C, Cat, Module, Signal
from amaranth.lib import wiring

from zeroskip.hw.checks import check as check_of
from zeroskip.hw.engines.description import core_description
from zeroskip.hw.engines.free.collect import Collector
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.decoder import GroupDecoder
from zeroskip.hw.engines.free.group import PEGroup
from zeroskip.hw.engines.free.headers import HeaderQueue
from zeroskip.hw.engines.free.issue import IssueRegister
from zeroskip.hw.engines.free.loader import Loader
from zeroskip.hw.engines.free.ring import Ring
from zeroskip.hw.engines.ports import cause_layout, core_members
from zeroskip.hw.engines.status import Status
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import any_of, tree_sum
from zeroskip.hw.memory.windows import WindowRegisters, shared_window, write_layout

__all__ = ["FreeCore"]


class FreeCore(wiring.Component):
    """Top level of an unstructured design; docs/unstructured.md is its specification.

    ::

        i_tile -> header queue -> groups, loader
        i_a<g> -> decoder of group g -> its issue register -> its RAM and PEs -> collector -> o_c
        i_b -> loader -> RAM of every group

    Latency: ``cfg.latency + 2`` cycles from a group's final issue to its first result row's offer, counting
    both; throughput: a step of every group per cycle.

    Members: the streams of ``hw.engines.free.engine``; ``i_clear``, ``o_counters``, ``o_error``, ``o_cause``,
    ``o_overflow`` and, with ``probe``, ``o_busy`` as of ``hw.engines.beats.core.Core``.
    """

    books = Room.STATUS

    def __init__(self, cfg: FreeConfig):
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
        m.submodules.status = status = Once("status", Status(cfg, cfg.groups.bit_length()))
        wiring.connect(m, wiring.flipped(self.i_tile), headers.i)
        wiring.connect(m, collector.o, wiring.flipped(self.o_c))
        write, registers = self._windows(m, headers, ring, loader)

        raised = {name: [] for name in cause_layout().members}
        raised["bad_tile"].append(headers.bad)
        for name in loader.error.shape().members:
            raised[name].append(loader.error[name])
        happened = {name: [] for name in status.happened.shape().members}
        decoders = [Once("decoder", GroupDecoder(cfg)) for _ in range(cfg.groups)]
        issue_registers = [Once("issue_register", IssueRegister(cfg)) for _ in range(cfg.groups)]
        groups = [Once("group", PEGroup(cfg)) for _ in range(cfg.groups)]
        for g, (decoder, register, group) in enumerate(zip(decoders, issue_registers, groups, strict=True)):
            m.submodules[f"decoder_{g}"] = decoder
            m.submodules[f"issue_register_{g}"] = register
            m.submodules[f"group_{g}"] = group
            wiring.connect(m, wiring.flipped(getattr(self, f"i_a{g}")), decoder.i)
            first = g * cfg.group
            m.d.comb += [
                decoder.there.eq(headers.there[g]),
                decoder.entry.eq(headers.entry[g]),
                decoder.row.eq(g),
                headers.done[g].eq(decoder.done),
                decoder.room.eq(register.room),
                register.step.eq(decoder.step),
                register.i.eq(decoder.o),
                register.there.eq(headers.there[g]),
                register.flushing.eq(decoder.flushing),
                register.newest.eq(ring.newest),
                register.turn.eq(ring.turn),
                ring.past[g].eq(register.past),
                register.move.eq(group.move),
                group.issue.eq(register.issue),
                group.windows.eq(registers.o) if cfg.muxed else group.write.eq(write),
                collector.full[first : first + cfg.group].eq(group.full),
                *(collector.sums[first + q].eq(group.sums[q]) for q in range(cfg.group)),
                group.grant.eq(collector.grant[first : first + cfg.group]),
            ]
            happened["stall_drain"].append(~group.move)
            counts = group.move
            if cfg.share:
                guest = self._share(m, g, decoders, issue_registers, groups)
                happened["help"].append(guest.take)
                counts = group.move & ~guest.take
            for name in register.state.shape().members:
                happened[name].append(register.state[name] & counts)
            for name in decoder.error.shape().members:
                raised[name].append(decoder.error[name])
            if cfg.checked:
                m.submodules[f"check_{g}"] = check = Once("check", check_of(cfg)(cfg))
                m.d.comb += check.issue.eq(register.issue)
                raised["digit_range"].append(check.wrong)
        self._observe(m, status, groups, raised, happened)
        return m

    def _windows(self, m: Module, headers, ring, loader):
        """The loader between headers, `b` and the ring; (chunks to write, registers that are windows)."""
        cfg = self.cfg
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
        if not cfg.muxed:
            return write, None
        m.submodules.windows = registers = Once("registers", WindowRegisters(cfg))
        turn = [registers.slot.eq(ring.turn)] if shared_window(cfg) else []
        m.d.comb += [registers.write.eq(write), *turn]
        return write, registers

    @staticmethod
    def _share(m: Module, g: int, decoders, issue_registers, groups):
        """What group ``g`` and its partner give each other; the partner's step that ``g`` makes."""
        decoder, register, group, other = decoders[g], issue_registers[g], groups[g], g ^ 1
        guest = issue_registers[other].second
        m.d.comb += [
            decoder.room_both.eq(register.room_both),
            register.step_both.eq(decoder.step_both),
            register.second_i.eq(decoder.second),
            register.partner.eq(issue_registers[other].takes),
            group.guest.eq(guest),
            group.held.eq(groups[other].blocked),
            group.helped.eq(groups[other].lends),
            group.i_terms.eq(groups[other].o_terms),
        ]
        return guest

    def _observe(self, m: Module, status, groups, raised, happened) -> None:
        """Counters, causes, overflow and, with ``probe``, activity."""
        cfg = self.cfg
        m.d.comb += [
            status.clear.eq(self.i_clear),
            status.causes.as_value().eq(Cat(any_of(bits) if bits else C(0, 1) for bits in raised.values())),
            self.o_counters.eq(status.counters),
            self.o_cause.eq(status.cause),
            self.o_error.eq(status.error),
        ]
        if cfg.gate:
            gated = Signal(range(cfg.multipliers + 1))
            m.d.sync += gated.eq(tree_sum([bit for group in groups for bit in group.gated]))
            happened["gated"].append(gated)
        for name, bits in happened.items():
            m.d.comb += status.happened[name].eq(tree_sum(bits))
        if cfg.can_overflow:
            with m.If(self.i_clear):
                m.d.sync += self.o_overflow.eq(0)
            with m.Elif(any_of([group.overflow for group in groups])):
                m.d.sync += self.o_overflow.eq(1)
        if cfg.probe:
            busy = Cat(bit.replicate(cfg.cols) for group in groups for bit in group.working)
            if cfg.gate:
                m.d.comb += self.o_gated.eq(Cat(group.gated for group in groups))
                busy &= ~self.o_gated
            m.d.comb += self.o_busy.eq(busy)
