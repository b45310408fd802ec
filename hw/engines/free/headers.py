"""Tile headers, read by the window loader and by every group at its own pace."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.streams import tile_layout
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import count

__all__ = ["HeaderQueue", "entry_layout"]

ENTRIES = 8


def entry_layout(cfg: FreeConfig) -> data.StructLayout:
    """A header as its readers see it: ``k``, its ``blocks``, ``keep``, ``dense`` (0 in designs without).

    ``bad`` is one out of range; ``loads`` one with windows of its own.
    """
    blocks = cfg.blocks(cfg.k_max).bit_length()
    flags = {"keep": 1, "dense": 1, "bad": 1, "loads": 1}
    return data.StructLayout({"k": cfg.k_max.bit_length(), "blocks": blocks, **flags})


class HeaderQueue(wiring.Component):
    """Eight headers; the oldest leaves once every reader is done with it.

    Members
    -------
    i : In(stream of headers)
    there : Out(readers), the reader's entry can be read; entry : Out(readers x ``entry_layout``)
    bad : Out(1), a header that is out of range moves in
    done : In(readers), the reader is done with its entry (only where ``there``)

    A header can be read one cycle after it moved in. Readers are groups 0 .. groups - 1, then the loader.
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        readers = cfg.groups + 1
        super().__init__(
            {
                "i": In(stream.Signature(tile_layout(cfg))),
                "there": Out(readers),
                "entry": Out(data.ArrayLayout(entry_layout(cfg), readers)),
                "done": In(readers),
                "bad": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, header = self.cfg, self.i.payload
        # read at once: LUT RAM where there is some, registers elsewhere; an attribute would forbid the latter
        m.submodules.memory = memory = Memory(shape=entry_layout(cfg), depth=ENTRIES, init=[])
        write = memory.write_port()
        held = Signal(range(ENTRIES + 1))
        release, accept = Signal(), Signal()
        m.d.comb += [self.i.ready.eq(held != ENTRIES), accept.eq(self.i.valid & self.i.ready)]

        # A kept tile fixes the k of the next good one, which then loads nothing.
        kept = Signal()
        kept_k = Signal.like(header.k, reset_less=True)
        bad = (header.k == 0) | (header.k > cfg.k_max) | (kept & (header.k != kept_k))
        keep = header.keep if cfg.resident else 0
        m.d.comb += [
            write.en.eq(accept),
            write.data.k.eq(header.k),
            write.data.blocks.eq((header.k + (cfg.block - 1)) >> (cfg.block - 1).bit_length()),
            write.data.keep.eq(keep),
            write.data.dense.eq(header.dense if cfg.fallback else 0),
            write.data.bad.eq(bad),
            write.data.loads.eq(~kept),
            self.bad.eq(accept & bad),
        ]
        with m.If(accept):
            m.d.sync += write.addr.eq(write.addr + 1)
            with m.If(~bad):
                m.d.sync += [kept.eq(keep), kept_k.eq(header.k)]
        count(m, held, accept, release)

        passed = []
        for reader in range(cfg.groups + 1):
            done = self.done[reader]
            read = memory.read_port(domain="comb")
            ahead = Signal(range(ENTRIES + 1), name=f"ahead_{reader}")  # entries done that are still held
            with m.If(done):
                m.d.sync += read.addr.eq(read.addr + 1)
            count(m, ahead, done, release)
            m.d.comb += [self.there[reader].eq(ahead != held), self.entry[reader].eq(read.data)]
            passed.append((ahead != 0) | done)
        m.d.comb += release.eq(Cat(passed).all())
        return m
