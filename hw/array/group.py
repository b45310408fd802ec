"""A group of PE rows with its own place in the windows, its own pipeline and its own drain registers."""

from itertools import product

from amaranth.hdl import Cat, Module, Mux, Shape, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.array.pipeline import Pipeline
from zeroskip.hw.array.windows import WindowMux, WindowRAM, windows_layout, write_layout
from zeroskip.hw.lib.once import Once
from zeroskip.hw.pe.mac import MAC
from zeroskip.hw.schedule.place import issue_layout
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["PEGroup"]


class PEGroup(wiring.Component):
    """PEs of a group's rows, what they read the windows with at the group's position, and the drain.

    Reading the windows takes one cycle, in step with stage X.

    Members
    -------
    issue : In(``issue_layout``)
    write : In(``write_layout``), a chunk for its RAM; or windows : In(``windows_layout``), registers
    move : Out(1), not frozen; working : Out(group), rows with a pair in stage X that moves on
    full : Out(group), rows with sums in the drain registers; grant : In(group), those taken in this cycle
    sums : Out(group x cols x acc); overflow : Out(1)
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        row = data.ArrayLayout(Shape(cfg.acc_bits, cfg.acc_signed), cfg.cols)
        super().__init__(
            {
                "issue": In(issue_layout(cfg)),
                **({"windows": In(windows_layout(cfg))} if cfg.muxed else {"write": In(write_layout(cfg))}),
                "move": Out(1),
                "working": Out(cfg.group),
                "full": Out(cfg.group),
                "grant": In(cfg.group),
                "sums": Out(data.ArrayLayout(row, cfg.group)),
                "overflow": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, issue = self.cfg, self.issue
        m.submodules.pipeline = pipeline = Once("pipeline", Pipeline(cfg))
        valid, pair, ends = Signal(), Signal(cfg.group, reset_less=True), Signal(reset_less=True)
        values = Signal(issue.values.shape(), reset_less=True)
        with m.If(self.move):
            m.d.sync += valid.eq(issue.take)
        with m.If(issue.take):
            m.d.sync += [pair.eq(issue.pair), ends.eq(issue.ends), values.eq(issue.values)]
        m.d.comb += [
            pipeline.valid.eq(valid),
            pipeline.ends.eq(ends),
            pipeline.free.eq((self.full & ~self.grant) == 0),
            self.move.eq(pipeline.move),
            self.working.eq(Mux(valid & self.move, pair, 0)),
        ]
        m.d.sync += self.full.eq(Mux(pipeline.load, -1, self.full & ~self.grant))

        m.submodules.windows = store = Once("windows", (WindowMux if cfg.muxed else WindowRAM)(cfg))
        m.d.comb += [store.read.eq(issue.take), store.position.eq(issue.position), store.slot.eq(issue.slot)]
        if cfg.muxed:
            m.d.comb += store.windows.eq(self.windows)
        else:
            m.d.comb += store.write.eq(self.write)
        window = store.o
        overflows = []
        for q, c in product(range(cfg.group), range(cfg.cols)):
            m.submodules[f"pe_{q}_{c}"] = pe = Once("pe", MAC(cfg))
            m.d.comb += [
                pe.a[0].eq(values[q]),
                pe.b[0].eq(window[c]),
                pe.control.eq(pipeline.control),
                self.sums[q][c].eq(pe.o_c),
            ]
            if cfg.can_overflow:
                overflows.append(pe.overflow)
        if cfg.can_overflow:
            m.d.comb += self.overflow.eq(Cat(overflows).any())
        return m
