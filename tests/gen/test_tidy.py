"""The circuit stays what it is, whatever is done to the text that linters would ask about."""

import operator
from itertools import product

import pytest
from amaranth.back import rtlil
from amaranth.hdl import Module, Mux, Shape
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from linters import LINTERS, lint

from zeroskip.gen.emit import emit
from zeroskip.gen.yosys import run_yosys

OPERANDS = {"a": Shape(3, True), "b": Shape(5, True), "c": Shape(2, False), "d": Shape(4, False)}
BOUNDS = (0, 1, 2, 3, 4, 15, 16)
COMPARE = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)


class Everything(wiring.Component):
    """Every operator of two operands, on all pairs of shapes, and every comparison with a bound."""

    def __init__(self):
        ins = {name: In(shape) for name, shape in OPERANDS.items()}
        self.made = [*self._made({name: self._placeholder(shape) for name, shape in OPERANDS.items()})]
        super().__init__({**ins, **{f"o{n}": Out(value.shape()) for n, value in enumerate(self.made)}})

    @staticmethod
    def _placeholder(shape):
        return wiring.Signature({"x": In(shape)}).create().x

    @staticmethod
    def _made(x):
        for left, right in product(x.values(), repeat=2):
            yield from (f(left, right) for f in (*COMPARE, operator.add, operator.sub, operator.mul))
            yield from (f(left, right) for f in (operator.and_, operator.or_, operator.xor))
        for value, f, bound in product(x.values(), COMPARE, BOUNDS):
            yield f(value, bound)
            yield f(bound, value)
        for value in x.values():
            yield from (-value, value << x["c"], value >> x["c"], value.bit_select(x["d"], 2))
            yield Mux(x["c"], value, x["a"])

    def elaborate(self, platform):
        m = Module()
        values = self._made({name: getattr(self, name) for name in OPERANDS})
        m.d.comb += [getattr(self, f"o{n}").eq(value) for n, value in enumerate(values)]
        return m


def test_every_operator_is_the_same_circuit(tmp_path):
    (tmp_path / "was.il").write_text(rtlil.convert(Everything(), name="was", emit_src=False))
    (tmp_path / "now.v").write_text(emit(Everything(), "now"))
    run_yosys(
        "read_rtlil was.il; read_verilog now.v; proc; miter -equiv -flatten -make_outputs was now miter; "
        "hierarchy -top miter; sat -verify -prove trigger 0 miter",
        tmp_path,
    )


@pytest.mark.parametrize("which", LINTERS)
def test_no_operator_is_asked_about(which, tmp_path):
    (tmp_path / "now.v").write_text(emit(Everything(), "now"))
    assert lint(which, tmp_path / "now.v", top="now") == []
