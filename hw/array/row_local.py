"""One row of PEs with its own copy of the windows, its own pipeline and its own drain registers."""

from amaranth.hdl import Array, Cat, Module, Shape, Signal
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from zeroskip.hw.array.pipeline import Pipeline
from zeroskip.hw.config import SparseConfig
from zeroskip.hw.decode.bitmask import issue_layout
from zeroskip.hw.lib.once import Once
from zeroskip.hw.pe.mac import MAC

__all__ = ["LocalRow", "write_layout"]


def write_layout(cfg: SparseConfig) -> data.StructLayout:
    """A chunk of the dense operand and where it goes."""
    column = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.chunk)
    chunk = {"chunk": (cfg.chunks - 1).bit_length()} if cfg.chunks > 1 else {}
    slot = {"slot": (cfg.depth - 1).bit_length()}
    return data.StructLayout({"cols": data.ArrayLayout(column, cfg.cols), "enable": 1, **chunk, **slot})


class LocalRow(wiring.Component):
    """PEs of one row, a RAM of ``depth`` windows that they read at the row's position, and the drain.

    The RAM has ``b_bandwidth`` banks by the low bits of the position, so that a whole chunk is written in
    one cycle; reading takes one cycle, in step with stage X.

    Members
    -------
    issue : In(``issue_layout``); write : In(``write_layout``)
    move : Out(1), not frozen; working : Out(1), a pair is in stage X and moves on
    full : Out(1), sums wait in the drain registers; grant : In(1), they are taken in this cycle
    sums : Out(cols x acc); overflow : Out(1)
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(
            {
                "issue": In(issue_layout(cfg)),
                "write": In(write_layout(cfg)),
                "move": Out(1),
                "working": Out(1),
                "full": Out(1),
                "grant": In(1),
                "sums": Out(data.ArrayLayout(Shape(cfg.acc_bits, cfg.acc_signed), cfg.cols)),
                "overflow": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, issue = self.cfg, self.issue
        m.submodules.pipeline = pipeline = Once("pipeline", Pipeline(cfg))
        valid, pair, ends = Signal(), Signal(reset_less=True), Signal(reset_less=True)
        value = Signal.like(issue.value, reset_less=True)
        with m.If(self.move):
            m.d.sync += valid.eq(issue.take)
        with m.If(issue.take):
            m.d.sync += [pair.eq(issue.pair), ends.eq(issue.ends), value.eq(issue.value)]
        m.d.comb += [
            pipeline.valid.eq(valid),
            pipeline.ends.eq(ends),
            pipeline.free.eq(~self.full | self.grant),
            self.move.eq(pipeline.move),
            self.working.eq(valid & pair & self.move),
        ]
        with m.If(pipeline.load):
            m.d.sync += self.full.eq(1)
        with m.Elif(self.grant):
            m.d.sync += self.full.eq(0)

        window = self._windows(m)
        overflows = []
        for c in range(cfg.cols):
            m.submodules[f"pe_{c}"] = pe = Once("pe", MAC(cfg))
            m.d.comb += [
                pe.a[0].eq(value),
                pe.b[0].eq(window[c]),
                pe.control.eq(pipeline.control),
                self.sums[c].eq(pe.o_c),
            ]
            if cfg.can_overflow:
                overflows.append(pe.overflow)
        if cfg.can_overflow:
            m.d.comb += self.overflow.eq(Cat(overflows).any())
        return m

    def _windows(self, m: Module):
        """The values that the row's position selects, one per column, in step with stage X."""
        cfg, issue, write = self.cfg, self.issue, self.write
        word = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.cols)
        bank_bits = (cfg.chunk - 1).bit_length()
        words = []
        for bank in range(cfg.chunk):
            # A window is read only once it is whole, so no read ever meets a write of the same word.
            memory = Memory(
                shape=word,
                depth=cfg.depth * cfg.chunks,
                init=[],
                attrs={"no_rw_check": 1, "ram_style": "block"},
            )
            m.submodules[f"bank_{bank}"] = memory
            port, read = memory.write_port(), memory.read_port()
            m.d.comb += [
                port.en.eq(write.enable),
                port.addr.eq(Cat(write.chunk, write.slot) if cfg.chunks > 1 else write.slot),
                port.data.eq(Cat(write.cols[c][bank] for c in range(cfg.cols))),
                read.en.eq(issue.take & (issue.position[:bank_bits] == bank)),
                read.addr.eq(Cat(issue.position[bank_bits:], issue.slot)),
            ]
            words.append(read.data)
        if cfg.chunk == 1:
            return words[0]
        chosen = Signal(bank_bits, reset_less=True)
        with m.If(issue.take):
            m.d.sync += chosen.eq(issue.position[:bank_bits])
        window = Signal(word)
        m.d.comb += window.eq(Array(word_.as_value() for word_ in words)[chosen])
        return window
