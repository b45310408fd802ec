"""One row of an unstructured array: masks and values in, its own position stream out."""

from amaranth.hdl import Module, Mux, Shape, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import SparseConfig
from zeroskip.hw.decode.masks import MaskRegister
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
        m.submodules.masks = masks = Once("masks", MaskRegister(cfg))
        m.submodules.unpacker = values = Once("values", ValueUnpacker(cfg))
        wiring.connect(m, wiring.flipped(self.mask), masks.i)
        wiring.connect(m, wiring.flipped(self.a), values.i)

        block_done, some, ready, past_k = Signal(), Signal(), Signal(), Signal()
        in_ring, in_step = Signal(), Signal()
        kept = Signal(range(cfg.depth + 1))  # windows of a kept tile that the row is past
        slot, place = Signal(range(cfg.depth)), Signal(range(2 * cfg.depth + 1))
        for bit in reversed(range(cfg.block)):
            with m.If(masks.bits[bit]):
                m.d.comb += issue.position.eq(bit)
        # The tile's final issue needs a value beat whatever its mask: every tile has one.
        needs_value = some | (masks.final & (masks.rest == 0))
        m.d.comb += [
            masks.there.eq(self.there),
            masks.entry.eq(self.entry),
            masks.busy_values.eq(values.flushing),
            self.done.eq(masks.done),
            masks.take.eq(issue.take),
            masks.over.eq(block_done),
            values.take.eq(issue.take & some & values.there),
            values.finish.eq(issue.ends),
            values.drop.eq(masks.drop),
            some.eq(masks.bits != 0),
            past_k.eq(issue.position >= masks.inside),
            ready.eq(values.there | values.over | ~needs_value),
            place.eq(self.ahead + kept),
            in_ring.eq(place < self.held),
            in_step.eq((place == 0) if cfg.schedule == "lockstep" else 1),
            issue.take.eq(masks.full & in_ring & in_step & ready & self.move),
            issue.pair.eq(some & values.there & ~past_k),
            issue.ends.eq(block_done & masks.final),
            issue.value.eq(Mux(issue.pair, values.value, 0)),
            issue.slot.eq(slot),
            block_done.eq(issue.take & (masks.rest == 0)),
            self.released.eq(block_done & ~masks.keep),
            self.error.mask_early.eq(masks.error.mask_early),
            self.error.mask_late.eq(masks.error.mask_late),
            self.error.a_early.eq(issue.take & some & ~values.there),
            self.error.a_late.eq(values.late),
            self.error.index_range.eq(issue.take & some & past_k),
        ]
        with m.If(block_done):
            m.d.sync += slot.eq(slot + 1)
            if cfg.schedule == "resident":
                with m.If(masks.keep):
                    m.d.sync += kept.eq(kept + 1)
                with m.If(issue.ends & masks.keep):
                    m.d.sync += [slot.eq(slot - kept), kept.eq(0)]

        # What the cycle is, unless the row is frozen.
        state = self.state
        with m.If(masks.flushing | values.flushing | masks.drop):
            m.d.comb += state.flush.eq(1)
        with m.Elif(~masks.full):
            m.d.comb += [state.idle.eq(~self.there), state.stall_a.eq(self.there)]
        with m.Elif(~in_ring):
            m.d.comb += state.stall_b.eq(1)
        with m.Elif(~in_step):
            m.d.comb += state.stall_sync.eq(1)
        with m.Elif(~ready):
            m.d.comb += state.stall_v.eq(1)
        with m.Else():
            m.d.comb += state.busy.eq(1)
        return m
