"""The PEs of the bit-level designs: digits of `a` times whole words of `b`, for a block at once."""

from amaranth.hdl import C, Cat, Module, Mux, Shape, Signal, Value, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.bit_config import BitColumnConfig, BitConfig, BitletConfig, BitSerialConfig
from zeroskip.hw.digit_config import SLICE, BitBalanceConfig, BitSliceConfig, CSDConfig, PragmaticConfig
from zeroskip.hw.lib.tree import mux_tree
from zeroskip.hw.pe.mac import control_layout

__all__ = ["PES", "SerialPE"]


class SerialPE(wiring.Component):
    """Base: the sum of a step's terms at its place, one accumulator, one drain register.

    ::

        digits, b -> terms -+-> [terms] -> [adder] .. [adder] -> shift -+-> [term] -> + -> [acc]
                            stages = 3     a register a level           stages >= 2   |
                                                                                   [drain]

    A register behind every adder costs no LUT, and makes synthesis build each of them as a carry chain: trees
    without become compressors, which take twice the LUTs. A negative term is its inverse plus one: the ones
    go in as carries, one for each adder.

    Members
    -------
    digits : In(value_width), place : In(place_bits), b : In(block x b), of ``bitslice`` 1 x b
    control : In(``control_layout``); o_c : Out(acc)

    Latency: ``cfg.latency - 1`` cycles from ``digits``, ``b`` to accumulation; a step per cycle.
    """

    def __init__(self, cfg: BitConfig):
        self.cfg = cfg
        super().__init__(
            {
                "digits": In(cfg.value_width),
                "place": In(cfg.place_bits),
                "b": In(data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.block if cfg.wide else 1)),
                "control": In(control_layout(cfg)),
                "o_c": Out(Shape(cfg.acc_bits, cfg.acc_signed)),
            }
        )

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        """What the tree adds, ``cfg.terms`` signed values at place 0, and as many carries or fewer."""
        raise TypeError("SerialPE is a base: use the PE of a design")

    place_step = 1
    """Bits that a sum is shifted by for each place."""

    spared = 0
    """Carries that the tree leaves."""

    def places(self) -> int:
        """Numbers of places; 1 where all shifts are in the terms."""
        return 1

    def finish(self, total: Value, carries: list[Value]) -> tuple[Value, Value | int]:
        """The sum, and the carry that is left of it."""
        return total, carries[0] if carries else 0

    def elaborate(self, platform):
        m = Module()
        cfg, control = self.cfg, self.control
        terms, carries = self.terms(m)
        place, stage = self.place, 0
        if cfg.stages == 3:
            terms = self._registers(m, terms, 0, "terms")
            place, *carries = self._registers(m, [place, *carries], 0, "places")
            stage = 1
        for level in range(cfg.levels):
            terms, carries = self._added(m, terms, carries, level)
            terms = self._registers(m, terms, stage, f"sums_{level}")
            place, *carries = self._registers(m, [place, *carries], stage, f"places_{level}")
            stage += 1
        total, carry = self.finish(terms[0], carries)
        term = self._placed(m, total, carry, place)
        if cfg.stages >= 2:
            term, carry = self._registers(m, [term, carry], stage, "placed")

        acc = Signal(Shape(cfg.acc_bits, cfg.acc_signed), reset_less=True)  # `clear` covers reset
        result = Signal(acc.shape())
        m.d.comb += result.eq(_plus(acc, term, carry))
        with m.If(control.clear):
            m.d.sync += acc.eq(0)
        with m.Elif(control.accumulate):
            m.d.sync += acc.eq(result)
        drain = Signal.like(acc, reset_less=True)
        with m.If(control.drain):
            m.d.sync += drain.eq(result)
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
            m.d.comb += total.eq(_plus(left, right, carry))
            after.append(total)
        return after + terms[2 * len(after) :], carries

    def _placed(self, m: Module, total: Value, carry: Value | int, place: Value) -> Value:
        """``total`` moved up by its place, a stage for each bit of it; ones come in from below with a carry.

        So the carry, which belongs to the lowest bit of ``total``, can be added at bit 0.
        """
        shift, now = 0, total
        for bit in range((self.places() - 1).bit_length()):
            step = self.place_step << bit
            shift = min(shift + step, self.place_step * (self.places() - 1))
            after = Signal(signed(len(total) + shift), name=f"placed_{bit}")
            below = carry.replicate(step) if isinstance(carry, Value) else C(0, step)
            m.d.comb += after.eq(Mux(place[bit], Cat(below, now), now).as_signed())
            now = after
        return now


def _plus(left: Value, right: Value, carry: Value | int) -> Value:
    """The sum of two values and a carry, by one adder."""
    if isinstance(carry, int):
        return left + right
    return (Cat(C(1, 1), left).as_signed() + Cat(carry, right).as_signed()) >> 1


def _flipped(value: Value, there: Value, negative: Value) -> Value:
    """``value`` where ``there``, with all bits inverted where ``negative``: -value - 1."""
    word = value.as_unsigned() if value.shape().signed else Cat(value, C(0, 1))
    return Mux(there, word ^ negative.replicate(len(word)), 0).as_signed()


class PlanePE(SerialPE):
    """``bitserial``: the plane chooses among the words; a negative plane is subtracted."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        *ones, negative = self.digits
        zero = C(0, 1)
        return [_flipped(b, one, zero) for b, one in zip(self.b, ones, strict=True)], [negative]

    spared = 1

    def finish(self, total: Value, carries: list[Value]) -> tuple[Value, Value | int]:
        (negative,) = carries
        return (total.as_unsigned() ^ negative.replicate(len(total))).as_signed(), negative

    def places(self) -> int:
        return self.cfg.a_width


class ColumnPE(SerialPE):
    """``bitcolumn``: the plane chooses among the words, each with its element's sign."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        size = self.cfg.block
        ones, signs = self.digits[:size], self.digits[size:]
        return [_flipped(*word) for word in zip(self.b, ones, signs, strict=True)], list(signs & ones)

    def places(self) -> int:
        return self.cfg.a_width


class ShiftPE(SerialPE):
    """``pragmatic``, ``csd``, ``bitbalance``: a shifter for each element."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        cfg = self.cfg
        terms, carries = [], []
        for j in range(cfg.block):
            there, negative, *shift = self.digits.word_select(j, 2 + cfg.shift_bits)
            word = self.b[j]
            if shift:
                word = Signal(Shape(cfg.b_width + (1 << len(shift)) - 1, cfg.b_signed), name=f"shifted_{j}")
                m.d.comb += word.eq(self.b[j] << Cat(shift))
            terms.append(_flipped(word, there, negative))
            carries.append(negative)
        return terms, carries

    def places(self) -> int:
        cfg = self.cfg
        return cfg.digits if cfg.shift_bits < cfg.exponent_bits else 1


class InterleavedPE(SerialPE):
    """``bitlet``: for every plane a multiplexer over all words of the block, then a fixed shift."""

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        cfg = self.cfg
        terms, carries = [], []
        for i in range(cfg.a_width):
            there, negative, *index = self.digits.word_select(i, 2 + (cfg.block - 1).bit_length())
            word = Signal(Shape(cfg.b_width, cfg.b_signed), name=f"word_{i}")
            m.d.comb += word.eq(mux_tree(list(self.b), Cat(index)))
            terms.append(Cat(negative.replicate(i), _flipped(word, there, negative)).as_signed())
            carries.append(negative)
        return terms, carries


class SlicePE(SerialPE):
    """``bitslice``: a slice of `a` times every slice of one element of `b`."""

    place_step = SLICE

    def terms(self, m: Module) -> tuple[list[Value], list[Value]]:
        digit, rest, terms = self.digits.as_signed(), self.b[0], []
        for i in range(self.cfg.terms - 1):
            terms.append((digit * rest[:SLICE].as_signed()) << SLICE * i)
            rest = (rest >> SLICE) + rest[SLICE - 1]
        return [*terms, (digit * rest) << SLICE * (self.cfg.terms - 1)], []

    def places(self) -> int:
        return self.cfg.slices


PES: dict[type[BitConfig], type[SerialPE]] = {
    BitSerialConfig: PlanePE,
    BitColumnConfig: ColumnPE,
    PragmaticConfig: ShiftPE,
    CSDConfig: ShiftPE,
    BitBalanceConfig: ShiftPE,
    BitletConfig: InterleavedPE,
    BitSliceConfig: SlicePE,
}
"""The PE of each design."""
