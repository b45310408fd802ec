"""One row of an unstructured array: masks and values in, its own position stream out."""

from amaranth.hdl import Const, Module, Mux, Shape, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.decode.values import ValueUnpacker
from zeroskip.hw.lib.once import Once
from zeroskip.hw.ports import input_layouts
from zeroskip.hw.schedule.headers import entry_layout

__all__ = ["ROW_STATES", "BitmaskRow", "issue_layout"]

ROW_STATES = ("flush", "idle", "stall_a", "stall_b", "stall_sync", "stall_v", "busy")
CAUSES = ("mask_early", "mask_late", "a_early", "a_late", "index_range")


def issue_layout(cfg: SparseConfig) -> data.StructLayout:
    """What a row issues: ``take``, now; ``pair``, there is one; ``ends``, the tile's final one.

    The pair is ``value`` at ``position`` of the window in ``slot``.
    """
    return data.StructLayout(
        {
            "take": 1,
            "pair": 1,
            "ends": 1,
            "value": Shape(cfg.a_width, cfg.a_signed),
            "position": (cfg.block - 1).bit_length(),
            "slot": (cfg.depth - 1).bit_length(),
        }
    )


class BitmaskRow(wiring.Component):
    """Walks its masks bit by bit, one pair per cycle, and knows where in the ring of windows it is.

    Members
    -------
    there, entry, done : its place in the header queue
    mask, a : In(streams)
    held, ahead : In, windows held; windows this row has released of these
    move : In(1), the row is not frozen
    issue : Out(``issue_layout``); released : Out(1), a window
    state : Out, exactly one bit per cycle; a freeze overrides it; error : Out(causes)

    Throughput: max(1, nonzeros) cycles per block, no bubble between blocks or tiles.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        count = range(cfg.depth + 1)
        layouts = input_layouts(cfg)
        super().__init__(
            {
                "there": In(1),
                "entry": In(entry_layout(cfg)),
                "done": Out(1),
                "mask": In(stream.Signature(layouts["mask0"])),
                "a": In(stream.Signature(layouts["a0"])),
                "held": In(count),
                "ahead": In(count),
                "move": In(1),
                "issue": Out(issue_layout(cfg)),
                "released": Out(1),
                "state": Out(data.StructLayout({name: 1 for name in ROW_STATES})),
                "error": Out(data.StructLayout({name: 1 for name in CAUSES})),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, issue = self.cfg, self.issue
        m.submodules.unpacker = values = Once("values", ValueUnpacker(cfg))
        wiring.connect(m, wiring.flipped(self.a), values.i)

        # ---- the mask register ----
        full, final, keep = Signal(), Signal(reset_less=True), Signal(reset_less=True)
        bits = Signal(cfg.block, reset_less=True)
        inside = Signal(range(cfg.block + 1), reset_less=True)  # positions of the block that k has
        rest = Signal.like(bits)
        block_done, tile_done, drop = Signal(), Signal(), Signal()
        m.d.comb += [
            rest.eq(bits & (bits - 1)),
            block_done.eq(issue.take & (rest == 0)),
            tile_done.eq(block_done & final),
        ]
        mask_flush = self._load_mask(m, full, bits, final, keep, inside, block_done)

        # ---- a tile with a bad header: both streams up to their last ----
        with m.If(self.there & self.entry.bad & ~full & ~mask_flush & ~values.flushing):
            m.d.comb += drop.eq(1)
            m.d.sync += mask_flush.eq(1)
        m.d.comb += [values.drop.eq(drop), values.finish.eq(tile_done)]
        with m.If(drop):
            m.d.comb += self.done.eq(1)

        # ---- issue ----
        some, ready = Signal(), Signal()
        position = issue.position
        for bit in reversed(range(cfg.block)):
            with m.If(bits[bit]):
                m.d.comb += position.eq(bit)
        kept = Signal(range(cfg.depth + 1))  # windows of a kept tile that the row is past
        place = Signal(range(2 * cfg.depth + 1))
        slot = Signal(range(cfg.depth))
        in_ring = place < self.held
        in_step = (place == 0) if cfg.schedule == "lockstep" else Const(1)
        past_k = position >= inside
        m.d.comb += [
            some.eq(bits != 0),
            place.eq(self.ahead + kept),
            issue.take.eq(full & in_ring & in_step & ready & self.move),
            issue.pair.eq(some & values.there & ~past_k),
            issue.ends.eq(tile_done),
            issue.value.eq(Mux(issue.pair, values.value, 0)),
            issue.slot.eq(slot),
            values.take.eq(issue.take & some & values.there),
            self.released.eq(block_done & ~keep),
        ]
        # The tile's final issue needs a value beat whatever its mask: every tile has one.
        needs_value = some | (final & (rest == 0))
        m.d.comb += ready.eq(values.there | values.over | ~needs_value)
        with m.If(block_done):
            m.d.sync += slot.eq(slot + 1)
            if cfg.schedule == "resident":
                with m.If(keep):
                    m.d.sync += kept.eq(kept + 1)
                with m.If(tile_done & keep):
                    m.d.sync += [slot.eq(slot - kept), kept.eq(0)]

        self._report(m, values, mask_flush | values.flushing | drop, full, in_ring, in_step, ready)
        m.d.comb += [
            self.error.a_early.eq(issue.take & some & ~values.there),
            self.error.a_late.eq(values.late),
            self.error.index_range.eq(issue.take & some & past_k),
        ]
        return m

    def _load_mask(self, m: Module, full, bits, final, keep, inside, block_done):
        """Take masks off their stream, or make empty ones where it ended early; the flush flag."""
        cfg, beat = self.cfg, self.mask.payload
        fresh, missing, flush = Signal(init=1), Signal(), Signal(name="mask_flush")
        left = Signal.like(self.entry.k, reset_less=True)
        k, last_block, wants, loads = Signal.like(left), Signal(), Signal(), Signal()
        m.d.comb += [
            k.eq(left),
            last_block.eq(k <= cfg.block),
            wants.eq(self.there & ~self.entry.bad & ~flush & (~full | block_done)),
            self.mask.ready.eq(flush | (wants & ~missing)),
            loads.eq(wants & (missing | self.mask.valid)),
        ]
        with m.If(fresh):
            m.d.comb += k.eq(self.entry.k)
        with m.If(loads):
            m.d.sync += [
                full.eq(1),
                bits.eq(Mux(missing, 0, beat.mask)),
                final.eq(last_block),
                keep.eq(self.entry.keep),
                inside.eq(Mux(last_block, k, cfg.block)),
                left.eq(k - cfg.block),
                fresh.eq(last_block),
                missing.eq(~last_block & (missing | beat.last)),
            ]
            m.d.comb += [
                self.done.eq(last_block),
                self.error.mask_early.eq(~missing & beat.last & ~last_block),
                self.error.mask_late.eq(~missing & ~beat.last & last_block),
            ]
            m.d.sync += flush.eq(last_block & ~missing & ~beat.last)
        with m.Else():
            with m.If(block_done):
                m.d.sync += full.eq(0)
            with m.Elif(self.issue.take):
                m.d.sync += bits.eq(bits & (bits - 1))
            with m.If(flush & self.mask.valid & beat.last):
                m.d.sync += flush.eq(0)
        return flush

    def _report(self, m: Module, values, flushing, full, in_ring, in_step, ready) -> None:
        """What the cycle is, unless the row is frozen."""
        state = self.state
        with m.If(flushing):
            m.d.comb += state.flush.eq(1)
        with m.Elif(~full):
            m.d.comb += [state.idle.eq(~self.there), state.stall_a.eq(self.there)]
        with m.Elif(~in_ring):
            m.d.comb += state.stall_b.eq(1)
        with m.Elif(~in_step):
            m.d.comb += state.stall_sync.eq(1)
        with m.Elif(~ready):
            m.d.comb += state.stall_v.eq(1)
        with m.Else():
            m.d.comb += state.busy.eq(1)
