"""One group of rows: its bit string in, its own position stream out, one step a cycle."""

from math import gcd

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode.formats import parser_class
from zeroskip.hw.decode.gearbox import Gearbox
from zeroskip.hw.decode.parser import PARSE_CAUSES, parsed_layout
from zeroskip.hw.decode.plain import PlainParser
from zeroskip.hw.lib.once import Once
from zeroskip.hw.ports import input_layouts
from zeroskip.hw.schedule.headers import entry_layout
from zeroskip.hw.sparse_config import SparseConfig

__all__ = ["GROUP_CAUSES", "GroupDecoder", "step_layout"]

GROUP_CAUSES = ("a_early", "a_late", *PARSE_CAUSES)


def step_layout(cfg: SparseConfig) -> data.StructLayout:
    """A step on its way to the position register.

    Its ``block`` and ``position``, its ``values`` (0 without a pair), ``pair`` of each row; ``final`` of the
    tile, that has ``blocks`` and is kept or not (``keep``).
    """
    parsed = parsed_layout(cfg).members
    carried = ("block", "position", "values", "pair", "final")
    blocks = range(cfg.blocks(cfg.k_max) + 1)
    return data.StructLayout({name: parsed[name] for name in carried} | {"blocks": blocks, "keep": 1})


class GroupDecoder(wiring.Component):
    """Gearbox, the format's parser (and ``plain``'s with ``fallback``), and where the tile stands.

    Members
    -------
    there, entry, done : its place in the header queue; it is done with a header as it decodes the final step
    i : In(stream of beats); row : In, the group's number
    room : In(1), the position register can take a step in this cycle
    step : Out(1), one is decoded; o : Out(``step_layout``), it
    flushing : Out(1), beats of a malformed tile are thrown away; error : Out(``GROUP_CAUSES``)

    Throughput: a step per cycle, no bubble between blocks or tiles.
    """

    def __init__(self, cfg: SparseConfig):
        self.cfg = cfg
        super().__init__(
            {
                "there": In(1),
                "entry": In(entry_layout(cfg)),
                "done": Out(1),
                "i": In(stream.Signature(input_layouts(cfg)["a0"])),
                "row": In(range(max(2, cfg.groups))),
                "room": In(1),
                "step": Out(1),
                "o": Out(step_layout(cfg)),
                "flushing": Out(1),
                "error": Out(data.StructLayout({name: 1 for name in GROUP_CAUSES})),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, entry = self.cfg, self.entry
        kinds = {"parser": parser_class(cfg)} | ({"plain": PlainParser} if cfg.fallback else {})
        unit = gcd(*(kind.grain(cfg) for kind in kinds.values()))
        m.submodules.gearbox = gearbox = Once("gearbox", Gearbox(cfg, unit))
        parsers = {name: Once(name, kind(cfg, unit)) for name, kind in kinds.items()}
        wiring.connect(m, wiring.flipped(self.i), gearbox.i)

        fresh = Signal(init=1)
        block = Signal.like(self.o.block, reset_less=True)  # of the step before
        ready, short, drop, final = Signal(), Signal(), Signal(), Signal()
        parsed = Signal(parsed_layout(cfg))
        for name, parser in parsers.items():
            m.submodules[name] = parser
            m.d.comb += [
                parser.bits.eq(gearbox.bits),
                parser.k.eq(entry.k),
                parser.blocks.eq(entry.blocks),
                parser.fresh.eq(fresh),
                parser.step.eq(self.step),
                parser.row.eq(self.row),
            ]
        own = parsers["parser"]
        if cfg.fallback:
            plain = parsers["plain"]
            m.d.comb += [
                parsed.eq(Mux(entry.dense, plain.o, own.o)),
                gearbox.need.eq(Mux(entry.dense, plain.need, own.need)),
                gearbox.take.eq(Mux(self.step, Mux(entry.dense, plain.take, own.take), 0)),
            ]
        else:
            m.d.comb += [
                parsed.eq(own.o),
                gearbox.need.eq(own.need),
                gearbox.take.eq(Mux(self.step, own.take, 0)),
            ]
        m.d.comb += [
            short.eq(~gearbox.there),  # of a step: it is decoded although its bits never come
            ready.eq(self.there & ~gearbox.flushing),
            self.step.eq(ready & ~entry.bad & self.room & (gearbox.there | gearbox.ended)),
            drop.eq(ready & entry.bad),
            final.eq(parsed.final | parsed.stop | short),
            gearbox.finish.eq(self.step & final),
            gearbox.drop.eq(drop),
            self.done.eq((self.step & final) | drop),
            self.flushing.eq(gearbox.flushing | drop),
            self.o.block.eq(Mux(short | parsed.stay, Mux(fresh, 0, block), parsed.block)),
            self.o.position.eq(parsed.position),
            self.o.pair.eq(Mux(short, 0, parsed.pair)),
            self.o.final.eq(final),
            self.o.blocks.eq(entry.blocks),
            self.o.keep.eq(entry.keep),
            self.error.a_early.eq(self.step & short),
            self.error.a_late.eq(self.step & ~short & ~parsed.stop & gearbox.late),
        ]
        for q in range(cfg.group):
            m.d.comb += self.o.values[q].eq(Mux(self.o.pair[q], parsed.values[q], 0))
        for cause in PARSE_CAUSES:
            m.d.comb += self.error[cause].eq(self.step & ~short & parsed[cause])
        with m.If(self.step):
            m.d.sync += [block.eq(self.o.block), fresh.eq(final)]
        return m
