"""Every plane of every block."""

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import data

from zeroskip.hw.decode.digits import SerialParser, block_memory
from zeroskip.hw.engines.free.config import FreeConfig

__all__ = ["DECODER", "BitSerialParser"]


class BitSerialParser(SerialParser):
    """Design ``bitserial``: the number of planes, then so many for each block.

    A step's digits are the plane's bits, and above them whether they are negative; its exponent is the plane.
    """

    @staticmethod
    def raises(cfg: FreeConfig) -> tuple[str, ...]:
        return ("group_count",) if cfg.a_width < 1 << cfg.block else ()

    @staticmethod
    def fields(cfg: FreeConfig) -> tuple[int, ...]:
        return (cfg.block,)

    @staticmethod
    def memory(cfg: FreeConfig) -> data.StructLayout:
        """The present ``plane``, and the topmost one."""
        planes = range(max(2, cfg.a_width))
        return block_memory(cfg, plane=planes, highest=planes)

    def parse(self, m: Module) -> None:
        cfg, o, bits, state = self.cfg, self.o, self.bits, self.state
        size = cfg.block
        self.begin(m)
        highest, plane, wrong, done = Signal.like(state.highest), Signal.like(state.plane), Signal(), Signal()
        string = Signal(size)
        m.d.comb += [
            wrong.eq(self.fresh & (bits[:size] >= cfg.a_width)),
            highest.eq(Mux(self.fresh, bits[:size], state.highest)),
            plane.eq(Mux(self.fresh, 0, state.plane)),
            string.eq(Mux(self.fresh, bits[size:], bits)),
            done.eq(plane == highest),
            self.after.highest.eq(highest),
            self.after.plane.eq(Mux(done, 0, plane + 1)),
            self.take.eq(Mux(self.fresh, 2, 1) * self.amount(size)),
            self.need.eq(self.take),
            o.values[0].eq(Cat(string & self.inside, done if cfg.a_signed else 0)),
            o.position.eq(plane),
            o.pair.eq(~wrong),
            o.stop.eq(wrong),
            o.group_count.eq(wrong),
        ]
        self.end(m, done)


DECODER = BitSerialParser
