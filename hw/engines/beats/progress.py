"""Where a tile stands: the header register and its countdowns."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode import decoder
from zeroskip.hw.engines.beats.config import BeatsConfig
from zeroskip.hw.engines.beats.streams import tile_layout
from zeroskip.hw.lib.room import Room

__all__ = ["TileProgress"]


class TileProgress(wiring.Component):
    """Holds one header and counts its tile down: k by blocks, these by parts, N by beats.

    Members
    -------
    tile : In(stream of headers), taken while ``accept`` and the register is empty or ``done``
    take : In(1), a beat issues; ``ends`` : In(1), as its tile's final one; ``done`` : In(1), the held
        tile is over
    held, bad : Out(1), a header is held; it is out of range
    rows, used : Out, rows of the tile; the same as one bit per row
    first, final : Out(1), the next beat is its block's first, its block's final one
    last_block : Out(1), the block is the tile's last
    ends_part : Out(1), where a block has parts: the next beat is the final one of its part
    in_k : Out(block), positions of the block inside k; lanes : Out(lanes), lanes inside N (or k)

    A header moves in one cycle; all outputs are of the present beat, without latency.
    """

    books = Room.SCHEDULE

    def __init__(self, cfg: BeatsConfig):
        self.cfg = cfg
        super().__init__(
            {
                "tile": In(stream.Signature(tile_layout(cfg))),
                "accept": In(1),
                "take": In(1),
                "ends": In(1),
                "done": In(1),
                "held": Out(1),
                "bad": Out(1),
                "rows": Out(cfg.rows.bit_length()),
                "used": Out(cfg.rows),
                "first": Out(1),
                "final": Out(1),
                "last_block": Out(1),
                "in_k": Out(cfg.block),
                "lanes": Out(cfg.lanes),
                **({"ends_part": Out(1)} if cfg.parts > 1 else {}),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, header = self.cfg, self.tile.payload
        k = Signal(cfg.k_max.bit_length(), reset_less=True)  # elements of k left
        # What only matters while a header is held needs no reset.
        bad_q = Signal(reset_less=True)
        rows_q = Signal.like(self.rows, reset_less=True)
        used_q = Signal.like(self.used, reset_less=True)
        m.d.comb += [self.bad.eq(bad_q), self.rows.eq(rows_q), self.used.eq(used_q)]
        bad = (header.k == 0) | (header.k > cfg.k_max) | (header.rows == 0) | (header.rows > cfg.rows)
        low = cfg.block.bit_length()
        many = k[low:].any()  # more than a block of k is left, by the high bits alone
        m.d.comb += [
            self.tile.ready.eq(self.accept & (~self.held | self.done)),
            self.last_block.eq(~many & (k[:low] <= cfg.block)),
            # A held tile has at least one element, and a block at least one value, left.
            self.in_k.eq(Cat(1, (many | (k[:low] > p) for p in range(1, cfg.block)))),
        ]
        if cfg.pattern:
            bad |= decoder(cfg).wrong(cfg, header)
        stored = decoder(cfg).stored(cfg, header)
        if stored is None:
            m.d.comb += self.lanes.eq(self.in_k)
        else:
            self._count_values(m, stored)
        if cfg.single_beat:
            m.d.comb += [self.first.eq(1), self.final.eq(1)]
        else:
            first = Signal(init=1)
            m.d.comb += self.first.eq(first)
            with m.If(self.take):
                m.d.sync += first.eq(self.final | self.ends)
        with m.If(self.take & self.final):
            m.d.sync += k.eq(k - cfg.block)
        with m.If(self.tile.ready):
            m.d.sync += self.held.eq(self.tile.valid)
            with m.If(self.tile.valid):
                m.d.sync += [
                    bad_q.eq(bad),
                    k.eq(header.k),
                    rows_q.eq(header.rows),
                    used_q.eq(Cat(1, (header.rows > r for r in range(1, cfg.rows)))),
                ]
        return m

    def _count_values(self, m: Module, stored) -> None:
        """Stored values left in the part, and how many lanes they fill."""
        cfg = self.cfg
        left = Signal(cfg.stored.bit_length(), reset_less=True)
        m.d.comb += self.lanes.eq(Cat(1, (left > j for j in range(1, cfg.lanes))))
        with m.If(self.tile.valid & self.tile.ready):
            m.d.sync += left.eq(stored)
        if cfg.single_beat:
            return
        n = Signal.like(left, reset_less=True)
        ends = self.final
        if cfg.parts > 1:
            ends = self.ends_part
            self._count_parts(m)
        m.d.comb += ends.eq(left <= cfg.lanes)
        with m.If(self.tile.valid & self.tile.ready):
            m.d.sync += n.eq(stored)
        with m.Elif(self.take & ends):
            m.d.sync += left.eq(n)
        with m.Elif(self.take):
            m.d.sync += left.eq(left - cfg.lanes)

    def _count_parts(self, m: Module) -> None:
        """Parts left in the block."""
        parts = decoder(self.cfg).parts(self.cfg, self.tile.payload)
        left = Signal(self.cfg.parts.bit_length(), name="parts_left", reset_less=True)
        whole = Signal.like(left, name="parts", reset_less=True)
        m.d.comb += self.final.eq(self.ends_part & (left == 1))
        with m.If(self.tile.valid & self.tile.ready):
            m.d.sync += [left.eq(parts), whole.eq(parts)]
        with m.Elif(self.take & self.ends_part):
            m.d.sync += left.eq(Mux(self.final, whole, left - 1))
