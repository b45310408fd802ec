"""A small design passes what mappers without certain cells do: no LUT RAM, no initial values."""

import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.emit import Emission
from zeroskip.gen.yosys import run_yosys

CFG = configure("csr", rows=1, cols=1, k_max=16)


@pytest.mark.parametrize(
    ("target", "init"), [("ice40", True), ("efinix", True), ("gatemate", True), ("sf2", False)]
)
def test_a_small_design_is_mapped(target, init, tmp_path):
    """Memories and registers; what is left then is gates, which all have."""
    (tmp_path / "dut.v").write_text(Emission(CFG.core(), "dut", init=init).verilog)
    run_yosys(
        f"read_verilog dut.v; synth_{target} -top dut -run :map_luts; select -assert-none t:$mem* t:$*dff*",
        tmp_path,
    )
