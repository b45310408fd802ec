"""The circuit stays what it is, whatever is done to the text that linters would ask about."""

import operator
from itertools import product

import pytest
from amaranth.back import rtlil
from amaranth.hdl import Module, Mux, Shape
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out
from linters import OLD, lint

from zeroskip.gen.emit import Emission, emit
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


@pytest.mark.parametrize(
    "which",
    [
        "found",
        pytest.param("system", marks=pytest.mark.skipif(OLD is None, reason="no Verilator in /usr/bin")),
    ],
)
def test_no_operator_is_asked_about(which, tmp_path):
    (tmp_path / "now.v").write_text(emit(Everything(), "now"))
    assert lint(which, tmp_path / "now.v", top="now") == []


class Table(wiring.Component):
    """A memory of four words, which is written to or has its contents from the beginning."""

    def __init__(self, written: bool) -> None:
        self.written = written
        super().__init__({"place": In(2), "o": Out(8)})

    def elaborate(self, platform):
        m = Module()
        m.submodules.words = words = Memory(shape=8, depth=4, init=[3, 1, 4, 1])
        read = words.read_port()
        m.d.comb += [read.addr.eq(self.place), self.o.eq(read.data)]
        if self.written:
            write = words.write_port()
            m.d.comb += [write.addr.eq(self.place), write.en.eq(1)]
        return m


def test_only_what_is_written_does_without_its_first_contents():
    assert "initial" in Emission(Table(True), init=True).verilog
    assert "initial" not in Emission(Table(True), init=False).verilog
    with pytest.raises(
        ValueError, match=r"^init must be true: nothing writes to memory words, which has cont"
    ):
        _ = Emission(Table(False), init=False).verilog
