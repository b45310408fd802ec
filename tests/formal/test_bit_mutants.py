"""Each proof of the bit-level designs sees the component it is about being broken."""

import pytest
from test_mutants import Mutant, check_refuted, install

from zeroskip.hw import checks
from zeroskip.hw.decode import bitbalance, bitcolumn, bitlet, bitserial, bitslice, csd, digits, pragmatic
from zeroskip.hw.lib import recode
from zeroskip.hw.pe import columns, control, interleaved, planes, shifts, slices
from zeroskip.hw.pe import digits as pe
from zeroskip.verif.formal import PROOFS
from zeroskip.verif.formal.bit_proofs import bit_proofs

pytestmark = pytest.mark.slow

MUTANTS = [
    Mutant("steps-bitserial", bitserial, "done.eq(plane == highest)", "done.eq(plane > highest)"),
    Mutant("steps-bitserial-unsigned", bitserial, "bits[:size] >= cfg.a_width", "bits[:size] > cfg.a_width"),
    Mutant("steps-bitserial", bitserial, "o.stop.eq(wrong)", "o.stop.eq(0)"),
    Mutant("steps-bitcolumn", bitcolumn, "ones.eq(plane & self.inside)", "ones.eq(plane)"),
    Mutant("steps-bitcolumn-unsigned", bitcolumn, "o.pair.eq(some & ~wrong)", "o.pair.eq(some)"),
    Mutant("steps-pragmatic", pragmatic, "there.eq(fires & self.inside[j])", "there.eq(fires)"),
    Mutant("steps-pragmatic-naf-skew-0", pragmatic, "fires, others, left", "fires, left, left"),
    Mutant("steps-csd", csd, "active[j] & self.inside[j]", "active[j]"),
    Mutant("steps-csd-odd", csd, "some & ~wrong", "some"),
    Mutant("steps-bitlet", bitlet, "(one & self.inside).any()", "one.any()"),
    Mutant("steps-bitlet-twos", bitlet, "there & below", "below"),
    Mutant("steps-bitbalance", bitbalance, "count == cfg.ones - 1", "count == cfg.ones"),
    Mutant("steps-bitslice", bitslice, "Mux(inside, value, 0)", "value"),
    Mutant("steps-bitslice-two-slices", bitslice, "(value > 8)", "(value > 9)"),
    Mutant("steps-bitlet", digits, "done & self.last", "done"),
    Mutant("steps-csd", checks.csd, "== cfg.digits - 1", "== cfg.digits"),
    Mutant("steps-csd-even", checks.csd, "negative == below", "negative & below"),
    Mutant("steps-csd-even", checks.csd, "negative == below", "negative == 0"),
    Mutant("steps-csd-odd", checks.csd, "signs[j] & ~issue.first", "signs[j]"),
    Mutant("steps-csd-unsigned", checks.csd, "issue.last & negative", "issue.last & 0"),
    Mutant("steps-csd-unsigned", checks.csd, "issue.last & negative", "negative"),
    Mutant("steps-csd-unsigned", checks.csd, "~there & below", "0"),
    Mutant("steps-csd-unsigned-odd", checks.csd, "top & ~below", "0"),
    Mutant("steps-bitbalance-even", checks.bitbalance, "number > before", "number >= before"),
    Mutant("steps-bitbalance-even", checks.bitbalance, "before[j].there & ", ""),
    Mutant("steps-bitbalance-odd", checks.bitbalance, "~issue.first & ~(before", "issue.first & ~(before"),
    Mutant("steps-bitbalance-unsigned", checks.bitbalance, "any_of(falls) | ", ""),
    Mutant("steps-bitcolumn", checks.bitcolumn, "before | ~signs", "before"),
    Mutant("steps-bitcolumn-wide", checks.bitcolumn, "before | ~signs", "~signs"),
    Mutant("steps-bitcolumn-wide", checks.bitcolumn, "Mux(issue.first, 0, some)", "some"),
    Mutant("steps-bitcolumn-wide", checks.bitcolumn, "cfg.a_width - 1", "cfg.a_width - 2"),
    Mutant("steps-bitslice", checks.bitslice, "return ~held", "return 0"),
    Mutant("steps-bitslice-two-slices", checks.bitslice, "(last == element)", "1"),
    Mutant("steps-bitslice-two-slices", checks.bitslice, "below & ~issue.first", "~issue.first"),
    Mutant("steps-bitslice-whole-slices", checks.bitslice, "& (last", "& 0 & (last"),
    Mutant("steps-bitslice-whole-slices", checks.bitslice, "(exponent == cfg.slices - 1) & ", ""),
    Mutant("steps-bitbalance", digits, "self.block + done", "self.block"),
    Mutant("waiting-bitcolumn", bitcolumn, "self.need.eq(self.take)", "self.need.eq(planes)"),
    Mutant("needed-bits-bitserial", bitserial, "Mux(self.fresh, 2, 1)", "Mux(self.fresh, 1, 1)"),
    Mutant("needed-bits-bitcolumn", digits, "self.fresh | ~self.state.inside", "~self.state.inside"),
    Mutant("needed-bits-csd-odd", csd, "mux_tree(symbols[: j + 1], before)", "symbols[j]"),
    Mutant("needed-bits-csd-odd", csd, "left.eq(Cat(rests))", "left.eq(Cat(rests) ^ (string[-1] & ~done))"),
    Mutant("needed-bits-pragmatic", pragmatic, "self.need.eq(size)", "self.need.eq(size - 1)"),
    Mutant("needed-bits-bitlet", bitlet, "self.need.eq(whole)", "self.need.eq(whole - 1)"),
    Mutant("needed-bits-bitbalance", bitbalance, "self.need.eq(self.take)", "self.need.eq(self.take - 1)"),
    Mutant("needed-bits-bitslice", bitslice, "self.need.eq(self.take)", "self.need.eq(self.amount(size))"),
    Mutant("recoding-twos-signed-8", recode, "(1 << width - 1) if signed else 0", "0"),
    Mutant("recoding-magnitude-signed-3", recode, "Mux(negative, -value, value)", "value"),
    Mutant("recoding-naf-signed-16", recode, "half ^ triple", "half | triple"),
    Mutant("recoding-naf-unsigned-8", recode, 'recode == "naf" and not signed', "0"),
    Mutant(
        "serial-pe-bitserial",
        planes,
        "return (total.as_unsigned() ^ negative",
        "return (total.as_unsigned() & ~negative",
    ),
    Mutant("serial-pe-bitserial-unsigned", pe, "self.radix_bits << bit", "self.radix_bits"),
    Mutant("serial-pe-bitcolumn", columns, "list(signs & ones)", "list(signs)"),
    Mutant("serial-pe-bitcolumn-deep", pe, "[exponent, *carries], 0, ", "[exponent, *carries[1:]], 0, "),
    Mutant("serial-pe-pragmatic", shifts, "self.b[j] << Cat(shift)", "self.b[j]"),
    Mutant("serial-pe-pragmatic-skew-1", pe, "carry.replicate(step) if", "C(0, step) if"),
    Mutant("serial-pe-bitbalance-unsigned", control, "m.If(control.clear)", "m.If(0)"),
    Mutant(
        "serial-pe-bitlet",
        interleaved,
        "Cat(negative.replicate(i), flipped",
        "Cat((negative & 0).replicate(i), flipped",
    ),
    Mutant("serial-pe-bitslice", slices, " + rest[size - 1]", ""),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.theorem}: {m.new}")
def test_a_broken_component_is_refuted(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, mutant)
    check_refuted(PROOFS[mutant.theorem].harness)


def test_every_harness_has_a_mutant() -> None:
    theorems = dict(bit_proofs())
    harnesses = {theorem.harness.func for theorem in theorems.values()}
    assert harnesses <= {PROOFS[mutant.theorem].harness.func for mutant in MUTANTS}
