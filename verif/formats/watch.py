"""What a watcher can say of a group's step, in Verilog."""

from collections.abc import Iterable
from typing import Any

from amaranth.lib import data

from zeroskip.hw.decode import decoder
from zeroskip.hw.decode.step import parsed_layout, step_layout

__all__ = ["StepWatch", "all_true", "any_true", "field", "how_many"]


def field(signal: str, layout: data.StructLayout, name: str) -> str:
    """Verilog of a field of ``signal``, which is packed by ``layout``."""
    found = layout[name]
    return f"{signal}[{found.offset + found.width - 1}:{found.offset}]"


def any_true(conditions: Iterable[str]) -> str:
    """Verilog of one of the conditions at least."""
    return f"({' | '.join(conditions)})"


def all_true(conditions: Iterable[str]) -> str:
    """Verilog of all conditions."""
    return f"({' & '.join(conditions)})"


def how_many(bits: Iterable[str]) -> str:
    """Verilog of how many bits are 1, in 32 bits."""
    return f"(0 + {' + '.join(bits)})"


class StepWatch:
    """The step in the decoder of group ``g``: its parser's ports, and what becomes of it; its check."""

    def __init__(self, cfg: Any, g: int) -> None:
        self.cfg, self.decoder, self.parser = cfg, f"u.decoder_{g}", f"u.decoder_{g}.parser"
        self.gearbox, self.check = f"{self.decoder}.gearbox", f"u.check_{g}"
        self.memory, self.layout = decoder(cfg).memory(cfg), step_layout(cfg)
        self.fresh, self.step = f"{self.parser}.fresh", f"{self.decoder}.step"
        self.pair, self.final, self.position = (self.o(name) for name in ("pair", "final", "position"))
        self.rest = f"{self.parser}.k % {cfg.block}"

    @property
    def head(self) -> str:
        """The step begins a block, of formats that remember whether they are ``inside`` one."""
        return f"({self.fresh} | !{self.state('inside')})"

    @property
    def ends(self) -> str:
        """The step ends a block."""
        return f"!{self.after('inside')}"

    def o(self, name: str) -> str:
        """A field of the step."""
        return field(f"{self.decoder}.o", self.layout, name)

    def o_bit(self, name: str, bit: int) -> str:
        """A bit of a field of the step."""
        return f"{self.decoder}.o[{self.layout[name].offset + bit}]"

    def state(self, name: str) -> str:
        """What the parser remembers of the step before."""
        return field(f"{self.parser}.state", self.memory, name)

    def after(self, name: str) -> str:
        """What the parser remembers for the step that comes next."""
        return field(f"{self.parser}.after", self.memory, name)

    def left(self, number: int, width: int) -> str:
        """Entry ``number`` of ``width`` bits of what is left after the step."""
        start = self.memory["left"].offset + number * width
        return f"{self.parser}.after[{start + width - 1}:{start}]"

    def bits(self, start: int, width: int = 1) -> str:
        """Bits of the string, from where it stands."""
        return f"{self.parser}.bits[{start + width - 1}:{start}]"

    def value(self, start: int, width: int = 1) -> str:
        """Bits of the step's digits, which are 0 without a pair."""
        start += self.layout["values"].offset
        return f"{self.decoder}.o[{start + width - 1}:{start}]"

    def wrong(self, cause: str) -> str:
        """The parser raises a cause."""
        told = field(f"{self.parser}.o", parsed_layout(self.cfg), cause)
        return f"({self.gearbox}.there & {told})"
