"""A small design passes what mappers without certain cells do: no LUT RAM, no initial values."""

import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.emit import Emission
from zeroskip.gen.yosys import run_yosys


@pytest.mark.parametrize(
    ("init", "targets"), [(True, ["ice40", "efinix", "gatemate"]), (False, ["sf2"])], ids=["init", "no_init"]
)
def test_a_small_design_is_mapped(init, targets, tmp_path):
    """Its memories and registers; what is left before ``map_luts`` is gates, which all targets have."""
    cfg = configure("csr", rows=1, cols=1, k_max=16)
    (tmp_path / "dut.v").write_text(Emission(cfg.core(), "dut", init=init).verilog)
    script = (
        "design -reset; read_verilog dut.v; synth_{} -top dut -run :map_luts; "
        "select -assert-any t:*FF* t:SLE; select -assert-none t:$mem* t:$*dff*"
    )
    run_yosys("; ".join(script.format(target) for target in targets), tmp_path)
