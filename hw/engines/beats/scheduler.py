"""The scheduler of rows in step: all rows share the window and move to the next block together."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.row import beat_layout
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.progress import TileProgress
from zeroskip.hw.engines.beats.streams import tile_layout
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room

__all__ = ["Scheduler"]

STATES = ("idle", "flush", "stall_a", "stall_b", "busy")


class Scheduler(wiring.Component):
    """Joins the operand streams beat by beat, and recovers from malformed tiles.

    It sees only the handshakes and ``last`` bits of the operand streams; payloads go straight to the
    decoders. A tile ends where its header's k says or where a stream's ``last`` comes early; streams
    that have not shown their ``last`` by then are read and thrown away up to it (flush).

    Members
    -------
    tile : In(stream of headers)
    a, mask, window : In(stream of ``last`` bits); ``mask`` only in the bitmask encoding; the window's
        payload has ``short`` too
    move : In(1), the array is not frozen
    beat : Out(``beat_layout``); used : Out(rows); rows : Out, rows of the tile; ends : Out(1), the beat
        that issues is its tile's final one
    state : Out, exactly one bit per cycle for the counters; a freeze overrides it
    error : Out(the causes it can raise)

    Throughput: one beat per cycle, tiles back to back; a header costs a cycle only when it is late.
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: BeatsConfig):
        self.cfg = cfg
        self.per_block = ("b", "mask") if cfg.mask_bits else ("b",)
        streams = ("a", *self.per_block)
        causes = ["bad_tile", *(f"{name}_{when}" for name in streams for when in ("early", "late"))]
        last = data.StructLayout({"last": 1})
        members = {
            "tile": In(stream.Signature(tile_layout(cfg))),
            "a": In(stream.Signature(last)),
            "window": In(stream.Signature(data.StructLayout({"last": 1, "short": 1}))),
            "move": In(1),
            "beat": Out(beat_layout(cfg)),
            "used": Out(cfg.rows),
            "rows": Out(cfg.rows.bit_length()),
            "ends": Out(1),
            "state": Out(data.StructLayout({name: 1 for name in STATES})),
            "error": Out(data.StructLayout({cause: 1 for cause in causes})),
        }
        if cfg.mask_bits:
            members["mask"] = In(stream.Signature(last))
        super().__init__(members)

    def elaborate(self, platform):
        m = Module()
        beat = self.beat
        m.submodules.progress = progress = Once("progress", TileProgress(self.cfg))
        wiring.connect(m, wiring.flipped(self.tile), progress.tile)
        sides = {"a": self.a, "window": self.window} | ({"mask": self.mask} if self.cfg.mask_bits else {})
        flush = {name: Signal(name=f"flush_{name}") for name in sides}
        flushing = Signal()
        m.d.comb += flushing.eq(Cat(flush.values()).any())

        # A block's first beat takes its window and mask with it; the others need `a` alone.
        able = Signal()
        there = {name: Signal(name=f"{name}_there") for name in sides}
        for name, side in sides.items():
            m.d.comb += there[name].eq(side.valid if name == "a" else side.valid | ~progress.first)
        m.d.comb += able.eq(progress.held & ~progress.bad & ~flushing & self.move)
        m.d.comb += beat.take.eq(able & Cat(there.values()).all())
        for name, side in sides.items():
            others = Cat(there[other] for other in sides if other != name).all()
            asked = able & others & (progress.first if name != "a" else 1)
            m.d.comb += side.ready.eq(flush[name] | asked)

        lasts = {name: self._last(m, name, side, progress.first) for name, side in sides.items()}
        natural, discard, over = Signal(), Signal(), Signal()
        m.d.comb += natural.eq(progress.last_block & progress.final)
        early = lasts["a"]
        for name in sides:
            if name != "a":
                early |= progress.final & lasts[name]
        m.d.comb += [
            discard.eq(progress.held & progress.bad & ~flushing),
            self.ends.eq(natural | early),
            over.eq((beat.take & self.ends) | discard),
            beat.first.eq(progress.first),
            beat.final.eq(progress.final),
            beat.in_k.eq(progress.in_k),
            beat.lanes.eq(progress.lanes),
            *([beat.ends_part.eq(progress.ends_part)] if self.cfg.parts > 1 else []),
            self.rows.eq(progress.rows),
            self.used.eq(progress.used),
            progress.accept.eq(~flushing),
            progress.take.eq(beat.take),
            progress.ends.eq(self.ends),
            progress.done.eq(over),
        ]
        for name, side in sides.items():
            with m.If(over):
                m.d.sync += flush[name].eq(discard | ~lasts[name])
            with m.Elif(side.valid & side.payload.last):
                m.d.sync += flush[name].eq(0)

        self._classify(m, progress, flushing, there)
        m.d.comb += [
            self.error.bad_tile.eq(discard),
            self.error.a_early.eq(beat.take & self.a.payload.last & ~natural),
            self.error.a_late.eq(beat.take & ~self.a.payload.last & natural),
        ]
        begins = Signal()
        m.d.comb += begins.eq(beat.take & beat.first)
        for cause in self.per_block:
            side = self.window if cause == "b" else self.mask
            early_here = side.payload.last & ~progress.last_block
            if cause == "b":
                early_here |= side.payload.short
            m.d.comb += [
                self.error[f"{cause}_early"].eq(begins & early_here),
                self.error[f"{cause}_late"].eq(begins & ~side.payload.last & progress.last_block),
            ]
        return m

    def _last(self, m: Module, name: str, side, first):
        """The ``last`` bit of the present beat's ``a``, or of its block's window or mask."""
        if name == "a" or self.cfg.single_beat:
            return side.payload.last
        memory = Signal(name=f"{name}_last", reset_less=True)
        with m.If(side.valid & side.ready):
            m.d.sync += memory.eq(side.payload.last)
        last = Signal(name=f"{name}_ends")
        m.d.comb += last.eq((first & side.payload.last) | (~first & memory))
        return last

    def _classify(self, m: Module, progress, flushing, there) -> None:
        """What the cycle is, unless it is frozen."""
        with m.If(~progress.held):
            m.d.comb += self.state.idle.eq(1)
        with m.Elif(flushing | progress.bad):
            m.d.comb += self.state.flush.eq(1)
        with m.Elif(~Cat(valid for name, valid in there.items() if name != "window").all()):
            m.d.comb += self.state.stall_a.eq(1)
        with m.Elif(~there["window"]):
            m.d.comb += self.state.stall_b.eq(1)
        with m.Else():
            m.d.comb += self.state.busy.eq(1)
