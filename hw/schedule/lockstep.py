"""The lockstep scheduler: all rows share the window and move to the next block together."""

from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import ArrayConfig, NMConfig
from zeroskip.hw.decode.row import beat_layout
from zeroskip.hw.ports import cause_layout, tile_layout

__all__ = ["Lockstep"]


class Lockstep(wiring.Component):
    """Counts a tile's beats from its header, joins the streams, and recovers from malformed tiles.

    It sees only the handshakes and ``last`` bits of the operand streams; payloads go straight to the
    decoders. A tile ends where its header's k says or where a stream's ``last`` comes early; streams
    that have not shown their ``last`` by then are read and thrown away up to it (flush).

    Members
    -------
    tile : In(stream of headers)
    a, mask, window : In(stream of ``last`` bits); ``mask`` only in the bitmask encoding; the window's
        payload has ``short`` too
    move : In(1), the array is not frozen
    beat : Out(``beat_layout``), used : Out(rows); rows : Out, rows of the tile; ends : Out(1), the beat
        that issues is its tile's final one
    state : Out, exactly one bit per cycle for the counters (idle, flush, stall_a, stall_b, busy), to be
        overridden by a freeze
    error : Out(causes)

    Throughput: one beat per cycle, tiles back to back; a header costs one cycle only when it is late.
    """

    def __init__(self, cfg: ArrayConfig):
        self.cfg = cfg
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
            "state": Out(
                data.StructLayout({name: 1 for name in ("idle", "flush", "stall_a", "stall_b", "busy")})
            ),
            "error": Out(cause_layout()),
        }
        if cfg.masked:
            members["mask"] = In(stream.Signature(last))
        super().__init__(members)

    def elaborate(self, platform):
        m = Module()
        cfg, beat = self.cfg, self.beat
        nm = isinstance(cfg, NMConfig)

        # ---- the header register ----
        held, bad = Signal(), Signal(reset_less=True)
        k = Signal(cfg.k_max.bit_length(), reset_less=True)  # elements of k left
        n = Signal(cfg.n.bit_length(), reset_less=True) if nm else None
        left = Signal.like(n, reset_less=True) if nm else None  # stored values left in the group
        header = self.tile.payload
        header_bad = (header.k == 0) | (header.k > cfg.k_max)
        header_bad |= (header.rows == 0) | (header.rows > cfg.rows)
        header_n = (cfg.n if cfg.n_fixed else header.n) if nm else None
        if nm and not cfg.n_fixed:
            header_bad |= (header.n == 0) | (header.n > cfg.n)

        # ---- where in the tile ----
        first = Signal(init=1)
        low = cfg.block.bit_length()
        many = k[low:].any()  # more than a block of k is left, by the high bits alone
        final_group = ~many & (k[:low] <= cfg.block)
        group_end = (left <= cfg.lanes) if nm else 1
        natural_end = final_group & group_end

        # ---- the join ----
        sides = {"a": self.a, "window": self.window} | ({"mask": self.mask} if cfg.masked else {})
        flush = {name: Signal(name=f"flush_{name}") for name in sides}
        flushing = Cat(flush.values()).any()
        per_group = [name for name in sides if name != "a"]
        # last bit of the present group's window or mask, from its stream or from memory
        last = {"a": self.a.payload.last}
        for name in per_group:
            memory = Signal(name=f"{name}_last", reset_less=True)
            with m.If(beat.take & first):
                m.d.sync += memory.eq(sides[name].payload.last)
            now = Signal(name=f"{name}_ends")
            with m.If(first):
                m.d.comb += now.eq(sides[name].payload.last)
            with m.Else():
                m.d.comb += now.eq(memory)
            last[name] = now
        able = Signal()
        m.d.comb += able.eq(held & ~bad & ~flushing & self.move)
        mask_there = self.mask.valid if cfg.masked else 1
        there = {"a": self.a.valid, "window": self.window.valid | ~first, "mask": mask_there | ~first}
        m.d.comb += beat.take.eq(able & there["a"] & there["window"] & there["mask"])
        for name, side in sides.items():
            others = able & (first if name != "a" else 1)
            for other in sides:
                if other != name:
                    others &= there[other]
            m.d.comb += side.ready.eq(flush[name] | others)

        # ---- the beat ----
        early = self.a.payload.last
        for name in per_group:
            early |= group_end & last[name]
        m.d.comb += [
            self.ends.eq(natural_end | early),
            beat.first.eq(first),
            beat.final.eq(group_end),
            beat.in_k.eq(Cat(many | (k[:low] > p) for p in range(cfg.block))),
            beat.lanes.eq(Cat(left > j for j in range(cfg.lanes)) if nm else beat.in_k),
        ]
        discard = held & bad & ~flushing
        ending = Signal()
        m.d.comb += ending.eq((beat.take & self.ends) | discard)
        with m.If(beat.take):
            m.d.sync += first.eq(group_end | self.ends)
            if nm:
                m.d.sync += left.eq(left - cfg.lanes)
            with m.If(group_end):
                m.d.sync += k.eq(k - cfg.block)
                if nm:
                    m.d.sync += left.eq(n)
        for name, side in sides.items():
            with m.If(ending):
                m.d.sync += flush[name].eq(discard | ~last[name])
            with m.Elif(side.valid & side.payload.last):
                m.d.sync += flush[name].eq(0)

        # ---- the next header ----
        m.d.comb += self.tile.ready.eq(~flushing & (~held | ending))
        with m.If(self.tile.ready):
            m.d.sync += held.eq(self.tile.valid)
        with m.If(self.tile.valid & self.tile.ready):
            m.d.sync += [
                bad.eq(header_bad),
                k.eq(header.k),
                self.rows.eq(header.rows),
                self.used.eq(Cat(header.rows > r for r in range(cfg.rows))),
            ]
            if nm:
                m.d.sync += [n.eq(header_n), left.eq(header_n)]

        # ---- what the cycle was, and what was wrong ----
        state, error = self.state, self.error
        with m.If(~held):
            m.d.comb += state.idle.eq(1)
        with m.Elif(flushing | bad):
            m.d.comb += state.flush.eq(1)
        with m.Elif(~there["a"] | ~there["mask"]):
            m.d.comb += state.stall_a.eq(1)
        with m.Elif(~there["window"]):
            m.d.comb += state.stall_b.eq(1)
        with m.Else():
            m.d.comb += state.busy.eq(1)
        m.d.comb += [
            error.bad_tile.eq(discard),
            error.a_early.eq(beat.take & self.a.payload.last & ~natural_end),
            error.a_late.eq(beat.take & ~self.a.payload.last & natural_end),
        ]
        window = self.window.payload
        begins = beat.take & first
        m.d.comb += [
            error.b_early.eq(begins & ((window.last & ~final_group) | window.short)),
            error.b_late.eq(begins & ~window.last & final_group),
        ]
        if cfg.masked:
            mask_last = self.mask.payload.last
            m.d.comb += [
                error.mask_early.eq(begins & mask_last & ~final_group),
                error.mask_late.eq(begins & ~mask_last & final_group),
            ]
        return m
