"""How a group reads a whole window at a time: RAM, or registers and multiplexers."""

from amaranth.hdl import Cat, Module, Shape, Signal
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import mux_tree
from zeroskip.hw.memory.windows import shared_window, windows_layout, write_layout

__all__ = ["BlockMux", "BlockRAM"]


def _read_members(cfg: FreeConfig) -> dict[str, wiring.Member]:
    """``read`` In(1): the window in ``slot`` is in ``o`` one cycle later, position by position, and stays."""
    word = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.cols)
    return {
        "read": In(1),
        "slot": In((cfg.ring - 1).bit_length()),
        "o": Out(data.ArrayLayout(word, cfg.block)),
    }


class BlockRAM(wiring.Component):
    """A group's own copy of the windows, a bank for each position.

    Members: ``write`` In(``write_layout``), and those of ``_read_members``.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__({"write": In(write_layout(cfg)), **_read_members(cfg)})

    def elaborate(self, platform):
        m = Module()
        cfg, write = self.cfg, self.write
        for position in range(cfg.block):
            chunk, place = divmod(position, cfg.chunk)
            # A window is read only once it is whole, so no read ever meets a write of the same word.
            memory = Memory(shape=self.o[position].shape(), depth=cfg.ring, init=[], attrs={"no_rw_check": 1})
            m.submodules[f"bank_{position}"] = memory
            port, read = memory.write_port(), memory.read_port()
            m.d.comb += [
                port.en.eq(write.enable & (write.chunk == chunk) if cfg.chunks > 1 else write.enable),
                port.addr.eq(write.slot),
                port.data.eq(Cat(write.cols[c][place] for c in range(cfg.cols))),
                read.en.eq(self.read),
                read.addr.eq(self.slot),
                self.o[position].eq(read.data),
            ]
        return m


class BlockMux(wiring.Component):
    """A group's multiplexers: ``windows`` In(``windows_layout``), and the members of ``_read_members``.

    Registers only, where there is one multiplexer for all groups.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__({"windows": In(windows_layout(cfg)), **_read_members(cfg)})

    def elaborate(self, platform):
        m = Module()
        size, slots = self.cfg.block, range(1 if shared_window(self.cfg) else self.cfg.ring)
        for position in range(size):
            word = Signal(self.o[position].shape(), name=f"word_{position}", reset_less=True)
            words = [self.windows[slot * size + position].as_value() for slot in slots]
            m.d.comb += self.o[position].eq(word)
            with m.If(self.read):
                m.d.sync += word.eq(mux_tree(words, self.slot))
        return m
