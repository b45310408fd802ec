"""One group of rows: its bit string in, its own position stream out, one step a cycle."""

from math import gcd

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.decode import decoder
from zeroskip.hw.decode.gearbox import Gearbox
from zeroskip.hw.decode.plain import PlainParser
from zeroskip.hw.decode.step import PARSE_CAUSES, parsed_layout, step_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.headers import entry_layout
from zeroskip.hw.engines.free.streams import beat_layout
from zeroskip.hw.lib.once import Once
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.shift import shifted

__all__ = ["GROUP_CAUSES", "GroupDecoder"]

GROUP_CAUSES = ("a_early", "a_late", *PARSE_CAUSES)


class GroupDecoder(wiring.Component):
    """Gearbox, the format's parser (and ``plain``'s with ``fallback``), and where the tile stands.

    With ``share`` a second parser goes on where the first one ends.

    Members
    -------
    there, entry, done : its place in the header queue; it is done with a header as it decodes the final step
    i : In(stream of beats); row : In, the group's number
    room : In(1), the position register can take a step in this cycle
    step : Out(1), one is decoded; o : Out(``step_layout``), it
    room_both, step_both, second : with ``share``, the same of the step after it, in the same cycle
    flushing : Out(1), beats of a malformed tile are thrown away; error : Out(``GROUP_CAUSES``)

    Throughput: a step per cycle, two with ``share``, no bubble between blocks or tiles.
    """

    books = Room.DECODE

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        both = {"room_both": In(1), "step_both": Out(1), "second": Out(step_layout(cfg))}
        super().__init__(
            {
                "there": In(1),
                "entry": In(entry_layout(cfg)),
                "done": Out(1),
                "i": In(stream.Signature(beat_layout(cfg))),
                "row": In(range(max(2, cfg.groups))),
                "room": In(1),
                "step": Out(1),
                "o": Out(step_layout(cfg)),
                **(both if cfg.share else {}),
                "flushing": Out(1),
                "error": Out(data.StructLayout({name: 1 for name in GROUP_CAUSES})),
            }
        )

    def elaborate(self, platform):
        m = Module()
        cfg, entry = self.cfg, self.entry
        kinds = {"parser": decoder(cfg)} | ({"plain": PlainParser} if cfg.fallback else {})
        unit = gcd(*(kind.grain(cfg) for kind in kinds.values()))
        m.submodules.gearbox = gearbox = Once("gearbox", Gearbox(cfg, unit))
        wiring.connect(m, wiring.flipped(self.i), gearbox.i)

        fresh = Signal(init=1)
        parsers = {
            name: self._parser(m, name, Once(name, kind(cfg, unit)), fresh) for name, kind in kinds.items()
        }
        own = parsers["parser"]
        ready, short, drop, final = Signal(), Signal(), Signal(), Signal()
        parsed, take = Signal(parsed_layout(cfg)), Signal.like(gearbox.take)
        if cfg.fallback:
            plain = parsers["plain"]
            m.d.comb += [
                parsed.eq(Mux(entry.dense, plain.o, own.o)),
                gearbox.need.eq(Mux(entry.dense, plain.need, own.need)),
                take.eq(Mux(entry.dense, plain.take, own.take)),
            ]
        else:
            m.d.comb += [parsed.eq(own.o), gearbox.need.eq(own.need), take.eq(own.take)]
        for parser in parsers.values():
            m.d.comb += parser.bits.eq(gearbox.bits)
        m.d.comb += [
            short.eq(~gearbox.there),  # of a step: it is decoded although its bits never come
            ready.eq(self.there & ~gearbox.flushing),
            self.step.eq(ready & ~entry.bad & self.room & (gearbox.there | gearbox.ended)),
            drop.eq(ready & entry.bad),
            final.eq(parsed.final | parsed.stop | short),
            self.o.final.eq(final),
            gearbox.drop.eq(drop),
            self.flushing.eq(gearbox.flushing | drop),
            self.error.a_early.eq(self.step & short),
        ]
        block = Signal.like(self.o.block, reset_less=True)  # of the step before
        self._fill(m, self.o, parsed, short, Mux(fresh, 0, block))

        finish, stop, latest = self.step & final, short | parsed.stop, self.o.block
        after = {name: parser.after for name, parser in parsers.items()}
        causes = {cause: ~short & parsed[cause] for cause in PARSE_CAUSES}
        if cfg.share:
            both, ends = self.step_both, Signal()
            other = self._parser(m, "second_parser", Once("parser", kinds["parser"](cfg, unit)), 0)
            m.d.comb += [
                other.bits.eq(shifted(m, gearbox.bits, own.take, unit, cfg.step_bits)),
                other.state.eq(own.after),
                gearbox.need_both.eq(own.take + other.need),
                both.eq(self.step & self.room_both & ~final & ~entry.dense & gearbox.both_there),
                ends.eq(other.o.final | other.o.stop),
                self.second.final.eq(ends),
            ]
            self._fill(m, self.second, other.o, 0, self.o.block)
            finish, stop = self.step & (final | (both & ends)), stop | (both & other.o.stop)
            take, latest = take + Mux(both, other.take, 0), Mux(both, self.second.block, latest)
            after["parser"] = Mux(both, other.after, own.after)
            causes = {cause: bit | (both & other.o[cause]) for cause, bit in causes.items()}
        m.d.comb += [
            gearbox.take.eq(Mux(self.step, take, 0)),
            gearbox.finish.eq(finish),
            self.done.eq(finish | drop),
            self.error.a_late.eq(self.step & ~stop & gearbox.late),
        ]
        for cause, bit in causes.items():
            m.d.comb += self.error[cause].eq(self.step & bit)
        with m.If(self.step):
            m.d.sync += [block.eq(latest), fresh.eq(finish)]
        for name, parser in parsers.items():
            state = Signal(parser.state.shape(), name=f"{name}_state", reset_less=True)
            m.d.comb += parser.state.eq(state)
            with m.If(self.step):
                m.d.sync += state.eq(after[name])
        return m

    def _parser(self, m, name, parser, fresh):
        """``parser`` for the group's tile; what it reads and remembers is for the caller."""
        m.submodules[name] = parser
        m.d.comb += [
            parser.k.eq(self.entry.k),
            parser.blocks.eq(self.entry.blocks),
            parser.fresh.eq(fresh),
            parser.row.eq(self.row),
        ]
        return parser

    def _fill(self, m, o, parsed, short, before):
        """Make ``o`` of a parsed step; ``before`` is the block of the step before."""
        pair = Signal.like(o.pair)
        m.d.comb += [
            o.block.eq(Mux(short | parsed.stay, before, parsed.block)),
            o.position.eq(parsed.position),
            pair.eq(Mux(short, 0, parsed.pair)),
            o.pair.eq(pair),
            o.blocks.eq(self.entry.blocks),
            o.keep.eq(self.entry.keep),
            *(o[mark].eq(parsed[mark]) for mark in self.cfg.marks),
        ]
        for q in range(self.cfg.group):
            m.d.comb += o.values[q].eq(Mux(pair[q], parsed.values[q], 0))
