"""A group of PE rows with its own position in the windows, its own pipeline and its own drain registers."""

from itertools import product

from amaranth.hdl import Cat, Module, Mux, Shape, Signal
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.step import issue_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.pipeline import Pipeline
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room
from zeroskip.hw.memory.blocks import BlockMux, BlockRAM
from zeroskip.hw.memory.windows import WindowMux, WindowRAM, windows_layout, write_layout
from zeroskip.hw.pe import pe as pe_of
from zeroskip.hw.pe.control import Step, term_shape

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
    gated : Out(group x cols), with ``gate``: PEs in which a pair in stage X moves on and a zero holds still
    guest : In(``issue_layout``), with ``share``: a step of the partner's; lends : Out(1), o_terms : Out, its
        products are there and taken; helped : In(1), i_terms : In, those that the partner makes
    blocked : Out(1), held : In(1), with ``share``: this one's sums, and the partner's, have no place
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        row = data.ArrayLayout(Shape(cfg.acc_bits, cfg.acc_signed), cfg.cols)
        terms = data.ArrayLayout(data.ArrayLayout(term_shape(cfg), cfg.cols), cfg.group)
        partner = {
            "guest": In(issue_layout(cfg)),
            **{"lends": Out(1), "o_terms": Out(terms), "helped": In(1), "i_terms": In(terms)},
            **{"blocked": Out(1), "held": In(1)},
        }
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
                **({"gated": Out(cfg.group * cfg.cols)} if cfg.gate else {}),
                **(partner if cfg.share else {}),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, issue, take = self.cfg, self.issue, self.issue.take
        guest = Signal()
        m.submodules.pipeline = pipeline = Once("pipeline", Pipeline(cfg))
        valid, pair, ends = Signal(), Signal(cfg.group, reset_less=True), Signal(reset_less=True)
        position_bits = cfg.position_bits - cfg.exponent_width
        exponent = Signal(max(1, cfg.exponent_width), reset_less=True)
        values = Signal(issue.values.shape(), reset_less=True)
        with m.If(self.move):
            m.d.sync += valid.eq(issue.take)
        if cfg.share:
            with m.If(self.move):
                m.d.sync += guest.eq(self.guest.take)
            chosen = Signal(issue.shape())
            m.d.comb += [
                chosen.eq(Mux(self.guest.take, self.guest, issue)),
                pipeline.guest.eq(guest),
                pipeline.held.eq(self.held),
                self.blocked.eq(pipeline.blocked),
                self.lends.eq(pipeline.lends),
            ]
            issue, take = chosen, issue.take | self.guest.take
        with m.If(take):
            m.d.sync += [pair.eq(issue.pair), ends.eq(issue.ends), values.eq(issue.values)]
            m.d.sync += exponent.eq(issue.position[position_bits:])
        m.d.comb += [
            pipeline.valid.eq(valid),
            pipeline.ends.eq(ends),
            pipeline.free.eq((self.full & ~self.grant) == 0),
            self.move.eq(pipeline.move),
            self.working.eq(Mux((valid | guest) & self.move, pair, 0)),
        ]
        m.d.sync += self.full.eq(Mux(pipeline.load, -1, self.full & ~self.grant))

        kinds = (BlockRAM, BlockMux) if cfg.wide else (WindowRAM, WindowMux)
        m.submodules.windows = store = Once("windows", kinds[cfg.muxed](cfg))
        m.d.comb += [store.read.eq(take), store.slot.eq(issue.slot)]
        if not cfg.wide:
            m.d.comb += store.position.eq(issue.position[:position_bits])
        if cfg.muxed:
            m.d.comb += store.windows.eq(self.windows)
        else:
            m.d.comb += store.write.eq(self.write)
        window = store.o
        if cfg.gate:
            # Here and not in the PEs: a comparator for each row and each column.
            zero_a, zero_b = Signal(cfg.group), Signal(cfg.cols)
            m.d.comb += [
                zero_a.eq(Cat(value == 0 for value in values)),
                zero_b.eq(Cat(word == 0 for word in window)),
                self.gated.eq(
                    Cat(
                        row & (zero_b | zero.replicate(cfg.cols))
                        for row, zero in zip(
                            (bit.replicate(cfg.cols) for bit in self.working), zero_a, strict=True
                        )
                    )
                ),
            ]
        overflows, kind = [], pe_of(cfg)
        for q, c in product(range(cfg.group), range(cfg.cols)):
            m.submodules[f"pe_{q}_{c}"] = pe = Once("pe", kind(cfg))
            words = [word[c] for word in window] if cfg.wide else [window[c]]
            zeros = (zero_a[q], zero_b[c]) if cfg.gate else ()
            m.d.comb += kind.feed(pe, Step(values[q], exponent, words, *zeros))
            m.d.comb += [
                pe.control.eq(pipeline.control),
                self.sums[q][c].eq(pe.o_c),
            ]
            if cfg.share:
                m.d.comb += [
                    pe.i_term.eq(self.i_terms[q][c]),
                    pe.helped.eq(self.helped),
                    self.o_terms[q][c].eq(pe.o_term),
                ]
            if cfg.can_overflow:
                overflows.append(pe.overflow)
        if cfg.can_overflow:
            m.d.comb += self.overflow.eq(Cat(overflows).any())
        return m
