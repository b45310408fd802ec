"""Windows of the dense operand, and how a group reads one position: RAM, or registers and multiplexers."""

from amaranth.hdl import Cat, Module, Shape, Signal
from amaranth.lib import data, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import mux_tree

__all__ = [
    "WindowMux",
    "WindowRAM",
    "WindowRegisters",
    "shared_window",
    "windows_layout",
    "write_layout",
]


def write_layout(cfg: FreeConfig) -> data.StructLayout:
    """A chunk of the dense operand and where it goes."""
    column = data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.chunk)
    chunk = {"chunk": (cfg.chunks - 1).bit_length()} if cfg.chunks > 1 else {}
    slot = {"slot": (cfg.ring - 1).bit_length()}
    return data.StructLayout({"cols": data.ArrayLayout(column, cfg.cols), "enable": 1, **chunk, **slot})


def _word(cfg: FreeConfig) -> data.ArrayLayout:
    """One position: a value for each column."""
    return data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.cols)


def windows_layout(cfg: FreeConfig) -> data.ArrayLayout:
    """All windows held: positions in order, slot after slot. One, where it is ``shared_window``."""
    return data.ArrayLayout(_word(cfg), cfg.block * (1 if shared_window(cfg) else cfg.ring))


def shared_window(cfg: FreeConfig) -> bool:
    """Whether all groups that issue in a cycle take the same whole window, so that one multiplexer does."""
    return cfg.muxed and cfg.wide and cfg.schedule == "lockstep"


def _read_members(cfg: FreeConfig) -> dict[str, wiring.Member]:
    """``read`` In(1): the word at ``position`` of ``slot`` is in ``o`` one cycle later, and stays."""
    return {
        "read": In(1),
        "position": In((cfg.block - 1).bit_length()),
        "slot": In((cfg.ring - 1).bit_length()),
        "o": Out(_word(cfg)),
    }


class WindowRAM(wiring.Component):
    """A group's own copy of the windows.

    It has ``b_bandwidth`` banks by the low bits of the position, so that a whole chunk is written in one
    cycle. Members: ``write`` In(``write_layout``), and those of ``_read_members``.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__({"write": In(write_layout(cfg)), **_read_members(cfg)})

    def elaborate(self, platform):
        m = Module()
        cfg, write = self.cfg, self.write
        bank_bits = (cfg.chunk - 1).bit_length()
        words = []
        for bank in range(cfg.chunk):
            # A window is read only once it is whole, so no read ever meets a write of the same word. Block or
            # LUT RAM is for synthesis to choose, by the depth.
            memory = Memory(shape=_word(cfg), depth=cfg.ring * cfg.chunks, init=[], attrs={"no_rw_check": 1})
            m.submodules[f"bank_{bank}"] = memory
            port, read = memory.write_port(), memory.read_port()
            m.d.comb += [
                port.en.eq(write.enable),
                port.addr.eq(Cat(write.chunk, write.slot) if cfg.chunks > 1 else write.slot),
                port.data.eq(Cat(write.cols[c][bank] for c in range(cfg.cols))),
                read.en.eq(self.read & (self.position[:bank_bits] == bank)),
                read.addr.eq(Cat(self.position[bank_bits:], self.slot)),
            ]
            words.append(read.data)
        if cfg.chunk == 1:
            m.d.comb += self.o.eq(words[0])
            return m
        chosen = Signal(bank_bits, reset_less=True)
        with m.If(self.read):
            m.d.sync += chosen.eq(self.position[:bank_bits])
        m.d.comb += self.o.eq(mux_tree([word.as_value() for word in words], chosen))
        return m


class WindowRegisters(wiring.Component):
    """The windows in registers, one copy for the array.

    Members: ``write`` In(``write_layout``); ``o`` Out(``windows_layout``): all, or that of ``slot`` In.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        slot = {"slot": In((cfg.ring - 1).bit_length())} if shared_window(cfg) else {}
        super().__init__({"write": In(write_layout(cfg)), "o": Out(windows_layout(cfg)), **slot})

    def elaborate(self, platform):
        m = Module()
        cfg, write = self.cfg, self.write
        held = Signal(data.ArrayLayout(_word(cfg), cfg.ring * cfg.block), reset_less=True)
        if shared_window(cfg):
            size = len(self.o.as_value())
            windows = [held.as_value()[slot * size : (slot + 1) * size] for slot in range(cfg.ring)]
            m.d.comb += self.o.eq(mux_tree(windows, self.slot))
        else:
            m.d.comb += self.o.eq(held)
        place = Cat(write.chunk, write.slot) if cfg.chunks > 1 else write.slot
        for chunk in range(cfg.ring * cfg.chunks):
            with m.If(write.enable & (place == chunk)):
                for j in range(cfg.chunk):
                    word = Cat(write.cols[c][j] for c in range(cfg.cols))
                    m.d.sync += held[chunk * cfg.chunk + j].as_value().eq(word)
        return m


class WindowMux(wiring.Component):
    """A group's multiplexers: ``windows`` In(``windows_layout``), and the members of ``_read_members``."""

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__({"windows": In(windows_layout(cfg)), **_read_members(cfg)})

    def elaborate(self, platform):
        m = Module()
        word = Signal(_word(self.cfg), reset_less=True)
        positions = range(self.cfg.ring * self.cfg.block)
        m.d.comb += self.o.eq(word)
        with m.If(self.read):
            words = [self.windows[p].as_value() for p in positions]
            m.d.sync += word.eq(mux_tree(words, Cat(self.position, self.slot)))
        return m
