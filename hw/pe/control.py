"""What all PEs have in common: the control that they share, and where their sums land."""

from collections.abc import Sequence
from dataclasses import dataclass

from amaranth.hdl import Module, Mux, Shape, Signal, Value
from amaranth.lib import data

from zeroskip.hw.config import Config

__all__ = ["Step", "control_layout", "landed", "term_shape"]


@dataclass(frozen=True)
class Step:
    """What a PE of the engine ``free`` is given of a step in stage X.

    ``values`` and ``exponent`` are the step's, ``words`` those of the window that it meets; ``zero_a`` and
    ``zero_b``, of designs with ``gate``, whether value and word are zero.
    """

    values: Value
    exponent: Value
    words: Sequence[Value]
    zero_a: Value | None = None
    zero_b: Value | None = None


def control_layout(cfg: Config) -> data.StructLayout:
    """Control shared by all PEs.

    ``move[i]`` clocks register stage i of the multiply path (and ``final[i]`` marks a tile's final beat
    entering it); ``accumulate`` adds; ``clear`` empties the accumulator; ``drain`` moves the
    drain registers, from the sums where ``load``, else from the PE below.
    """
    depth = cfg.latency - 1
    return data.StructLayout(
        {"move": depth, "final": depth, "accumulate": 1, "clear": 1, "load": 1, "drain": 1}
    )


def term_shape(cfg: Config) -> Shape:
    """A product."""
    return Shape(cfg.a_width + cfg.b_width, cfg.a_signed or cfg.b_signed)


def landed(m: Module, control: Value, acc: Signal, result: Value, accumulate: Value, below=None) -> Value:  # noqa: PLR0913, PLR0917
    """Keep ``result`` in ``acc`` where ``accumulate``; the drain register, which takes the sum of a tile.

    It is taken as the accumulator clears, so that the next tile's first step follows at once; with ``below``
    the register takes that of the PE below while the sums of a tile leave.
    """
    with m.If(control.clear):
        m.d.sync += acc.eq(0)
    with m.Elif(accumulate):
        m.d.sync += acc.eq(result)
    drain = Signal.like(acc, reset_less=True)
    with m.If(control.drain):
        m.d.sync += drain.eq(result if below is None else Mux(control.load, result, below))
    return drain
