"""PEs of the bit-level designs: digits of `a` times whole words of `b`, for a block at once."""

from amaranth.hdl import C, Cat, Module, Mux, Shape, Signal, Value, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.lib.room import Room
from zeroskip.hw.pe.control import Step, control_layout, landed

__all__ = ["DigitPE", "flipped", "plus"]


class DigitPE(wiring.Component):
    """Base: the sum of a step's terms at its exponent, one accumulator, one drain register.

    ::

        digits, b -> terms -+-> [terms] -> [adder] .. [adder] -> shift -+-> [term] -> + -> [acc]
                            stages = 3     a register a level           stages >= 2   |
                                                                                   [drain]

    A register behind every adder costs no LUT, and makes synthesis build each of them as a carry chain: trees
    without become compressors, which take twice the LUTs. A negative term is its inverse plus one: the ones
    go in as carries, one for each adder.

    Members
    -------
    digits : In(value_width), exponent : In(exponent_width), b : In(block x b), of ``bitslice`` 1 x b
    control : In(``control_layout``); o_c : Out(acc)

    Latency: ``cfg.latency - 1`` cycles from ``digits``, ``b`` to accumulation; a step per cycle.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: FreeConfig):
        self.cfg = cfg
        super().__init__(
            {
                "digits": In(cfg.value_width),
                "exponent": In(cfg.exponent_width),
                "b": In(data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.block if cfg.wide else 1)),
                "control": In(control_layout(cfg)),
                "o_c": Out(Shape(cfg.acc_bits, cfg.acc_signed)),
            }
        )

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        """What the tree adds, ``cfg.terms`` signed values at exponent 0, and as many carries or fewer."""
        raise TypeError("DigitPE is a base: use the PE of a design")

    radix_bits = 1
    """Bits that a sum is shifted by for each exponent."""

    spared = 0
    """Carries that the tree leaves."""

    def exponents(self) -> int:
        """Exponents that a step can have; 1 where all shifts are in the terms."""
        return 1

    def finish(self, total: Value, carries: list[Value]) -> tuple[Value, Value | int]:
        """The sum, and the carry that is left of it."""
        return total, carries[0] if carries else 0

    def elaborate(self, platform):
        m = Module()
        cfg, control = self.cfg, self.control
        terms, carries = self.terms(m)
        exponent, stage = self.exponent, 0
        if cfg.stages == 3:
            terms = self._registers(m, terms, 0, "terms")
            exponent, *carries = self._registers(m, [exponent, *carries], 0, "exponents")
            stage = 1
        for level in range(cfg.levels):
            terms, carries = self._added(m, terms, carries, level)
            terms = self._registers(m, terms, stage, f"sums_{level}")
            exponent, *carries = self._registers(m, [exponent, *carries], stage, f"exponents_{level}")
            stage += 1
        total, carry = self.finish(terms[0], carries)
        term = self._scaled(m, total, carry, exponent)
        if cfg.stages >= 2:
            term, carry = self._registers(m, [term, carry], stage, "scaled")

        acc = Signal(Shape(cfg.acc_bits, cfg.acc_signed), reset_less=True)  # `clear` covers reset
        result = Signal(acc.shape())
        m.d.comb += result.eq(plus(acc, term, carry))
        drain = landed(m, control, acc, result, control.accumulate)
        m.d.comb += self.o_c.eq(drain)
        return m

    def _registers(self, m: Module, values: list[Value], stage: int, name: str) -> list[Value]:
        after: list[Value] = []
        for i, value in enumerate(values):
            if isinstance(value, int):
                after.append(value)
                continue
            held = Signal(value.shape(), name=f"{name}_{i}", reset_less=True)
            with m.If(self.control.move[stage]):
                m.d.sync += held.eq(value)
            after.append(held)
        return after

    def _added(self, m: Module, terms: list[Value], carries: list[Value], level: int):
        """One level of the tree."""
        carries, after = list(carries), []
        for i, (left, right) in enumerate(zip(terms[::2], terms[1::2], strict=False)):
            total = Signal(signed(max(len(left), len(right)) + 1), name=f"sum_{level}_{i}")
            carry = carries.pop() if len(carries) > self.spared else 0
            m.d.comb += total.eq(plus(left, right, carry))
            after.append(total)
        return after + terms[2 * len(after) :], carries

    def _scaled(self, m: Module, total: Value, carry: Value | int, exponent: Value) -> Value:
        """``total`` moved up by its exponent, a stage for each bit of it; ones come from below with a carry.

        So the carry, which belongs to the lowest bit of ``total``, can be added at bit 0.
        """
        shift, now = 0, total
        for bit in range((self.exponents() - 1).bit_length()):
            step = self.radix_bits << bit
            shift = min(shift + step, self.radix_bits * (self.exponents() - 1))
            after = Signal(signed(len(total) + shift), name=f"scaled_{bit}")
            below = carry.replicate(step) if isinstance(carry, Value) else C(0, step)
            m.d.comb += after.eq(Mux(exponent[bit], Cat(below, now), now).as_signed())
            now = after
        return now

    @staticmethod
    def feed(pe, step: Step):
        """What connects ``pe`` to a step: its digits and exponent, and the words of the window."""
        return [
            pe.digits.eq(step.values),
            pe.exponent.eq(step.exponent),
            *(port.eq(word) for port, word in zip(pe.b, step.words, strict=True)),
        ]


def plus(left: Value, right: Value, carry: Value | int) -> Value:
    """The sum of two values and a carry, by one adder."""
    if isinstance(carry, int):
        return left + right
    return (Cat(C(1, 1), left).as_signed() + Cat(carry, right).as_signed()) >> 1


def flipped(value: Value, there: Value, negative: Value) -> Value:
    """``value`` where ``there``, with all bits inverted where ``negative``: -value - 1."""
    word = value.as_unsigned() if value.shape().signed else Cat(value, C(0, 1))
    return Mux(there, word ^ negative.replicate(len(word)), 0).as_signed()
