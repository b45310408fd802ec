"""The PE: select, multiply, accumulate, and a drain register beside the accumulator."""

from amaranth.hdl import Module, Mux, Shape, Signal, unsigned
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from zeroskip.hw.config import MultiplyConfig
from zeroskip.hw.lib.room import Room
from zeroskip.hw.lib.tree import any_of, select, tree_sum
from zeroskip.hw.pe.control import Step, control_layout, landed, term_shape

__all__ = ["MAC", "PE"]


class MAC(wiring.Component):
    """One PE of an output-stationary array: ``lanes`` multipliers, one accumulator, one drain register.

    ::

        a --------------+
        b -> select ----+-> [operands] -> x -> [product] -> [tree] -> + -> [acc]
             (position)     stages >= 2        1 or 2       lanes>1   |
                                                                   [drain] <- i_c (PE below)

    The sum of a tile's final beat goes to the drain register while the accumulator clears, so the next
    tile's first beat follows with no bubble and no multiplexer stands in front of the adder.

    Where zeros are gated, a pair with a zero operand holds the operand registers; its product is held
    too (``lanes == 1``) or cleared (it shares a tree), and the accumulator holds when no lane works.

    Members
    -------
    a : In(lanes x a)       position : In(lanes x position)      b : In(block x b)
    zero_a, zero_b : In(lanes), gating designs
    control : In(``control_layout``)
    i_c : In(acc), designs with a drain chain; o_c : Out(acc)
    overflow : Out(1), designs whose accumulator can overflow; one cycle after the sum
    o_term : Out, i_term : In(product), helped : In(1), where there are partners: the product made here, the
        partner's, and whether that is to be added as well

    Latency: ``cfg.latency - 1`` cycles from ``a``, ``b`` to accumulation; one beat per cycle.
    """

    books = Room.MULTIPLY

    def __init__(self, cfg: MultiplyConfig):
        self.cfg = cfg
        lanes = cfg.lanes
        acc = Shape(cfg.acc_bits, cfg.acc_signed)
        members = {
            "a": In(data.ArrayLayout(Shape(cfg.a_width, cfg.a_signed), lanes)),
            "b": In(data.ArrayLayout(Shape(cfg.b_width, cfg.b_signed), cfg.pe_window)),
            "control": In(control_layout(cfg)),
            "o_c": Out(acc),
        }
        if cfg.position_width:
            members["position"] = In(data.ArrayLayout(unsigned(cfg.position_width), lanes))
        if cfg.chained:
            members["i_c"] = In(acc)
        if cfg.gate:
            members |= {"zero_a": In(lanes), "zero_b": In(lanes)}
        if cfg.can_overflow:
            members["overflow"] = Out(1)
        if cfg.share:
            members |= {"o_term": Out(term_shape(cfg)), "i_term": In(term_shape(cfg)), "helped": In(1)}
        super().__init__(members)

    def _window(self, m, lane: int):
        """Operand b of one lane."""
        options = [self.b[lane + i] for i in range(self.cfg.fan_in(lane))]
        index = self.position[lane] if self.cfg.position_width else None
        return select(m, options, index, f"b_{lane}")

    def _multiply(self, m, lane: int):
        """Registers of one lane up to its last product register: (product, active)."""
        cfg, control = self.cfg, self.control
        a, b = self.a[lane], self._window(m, lane)
        active = ~(self.zero_a[lane] | self.zero_b[lane]) if cfg.gate else None
        stage = 0
        if cfg.stages >= 2:
            a_q = Signal.like(a, name=f"a_q_{lane}", reset_less=True)
            b_q = Signal.like(b, name=f"b_q_{lane}", reset_less=True)
            with m.If(control.move[0] & active if cfg.gate else control.move[0]):
                m.d.sync += [a_q.eq(a), b_q.eq(b)]
            a, b, stage = a_q, b_q, 1
            if cfg.gate:
                active = self._follow(m, control.move[0], active, f"active_{lane}_0")
        product = a * b
        while stage < cfg.stages:
            product_q = Signal.like(product, name=f"product_{lane}_{stage}", reset_less=True)
            with m.If(control.move[stage]):
                if not cfg.gate:
                    m.d.sync += product_q.eq(product)
                else:
                    clear = control.final[stage] if cfg.lanes == 1 else 1
                    with m.If(active):
                        m.d.sync += product_q.eq(product)
                    with m.Elif(clear):
                        m.d.sync += product_q.eq(0)
            if cfg.gate:
                active = self._follow(m, control.move[stage], active, f"active_{lane}_{stage}")
            product, stage = product_q, stage + 1
        return product, active

    @staticmethod
    def _follow(m, move, bit, name: str):
        """``bit`` one register later."""
        bit_q = Signal(name=name, reset_less=True)
        with m.If(move):
            m.d.sync += bit_q.eq(bit)
        return bit_q

    def elaborate(self, platform):
        m = Module()
        cfg, control = self.cfg, self.control
        products, actives = zip(*(self._multiply(m, lane) for lane in range(cfg.lanes)), strict=True)
        term, active = products[0], actives[0]
        if cfg.lanes > 1:
            total = tree_sum(products)
            term = Signal(total.shape(), name="tree", reset_less=True)
            with m.If(control.move[-1]):
                m.d.sync += term.eq(total)
            if cfg.gate:
                active = self._follow(m, control.move[-1], any_of(actives), "active")

        acc = Signal(Shape(cfg.acc_bits, cfg.acc_signed), reset_less=True)  # `clear` covers reset
        if cfg.share:
            m.d.comb += self.o_term.eq(term)
            term += Mux(self.helped, self.i_term, 0)
        exact = acc + term
        result = Signal(acc.shape())
        accumulate = control.accumulate & active if cfg.gate else control.accumulate
        m.d.comb += result.eq(exact)
        if cfg.can_overflow:
            low = -(1 << cfg.acc_bits - 1) if cfg.acc_signed else 0
            high = (1 << cfg.acc_bits - cfg.acc_signed) - 1
            above, below = exact > high, exact < low
            if cfg.overflow == "saturate":
                m.d.comb += result.eq(Mux(above, high, Mux(below, low, exact)))
            m.d.sync += self.overflow.eq(accumulate & (above | below))
        drain = landed(m, control, acc, result, accumulate, self.i_c if cfg.chained else None)
        m.d.comb += self.o_c.eq(drain)
        return m

    @staticmethod
    def feed(pe, step: Step):
        """What connects ``pe`` to a step: its value, and the one word of the window at its position."""
        return [pe.a[0].eq(step.values), pe.b[0].eq(step.words[0])]


PE = MAC
