"""The bench beside a design: it passes on what works, and on nothing else."""

import re
import shutil
import subprocess

import pytest

from zeroskip.gen.bench import bench
from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.gen.signature import Interface, members_of

pytestmark = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")

DESIGNS = {
    "hss": {},
    "activation": {"scan": 4},
    "bitbalance": {"ones": 2},
    "csc": {"block_rows": 2, "overflow": "saturate", "acc_width": 17},
    "csr": {"schedule": "resident", "fallback": True},
}
"""One of each kind of header, schedule and sum that FuseSoC's tests have not."""


def simulate(cfg, verilog, folder):
    """Run the bench of ``cfg`` on a module ``dut``; (status, what was printed)."""
    (file, text), = bench(cfg, "dut").items()  # fmt: skip
    (folder / file).write_text(text)
    (folder / "dut.v").write_text(verilog)
    subprocess.run(["iverilog", "-g2012", "-o", "t.vvp", "dut.v", file], cwd=folder, check=True)
    done = subprocess.run(["vvp", "-n", "t.vvp"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_passes(name, tmp_path):
    cfg = configure(name, rows=2, cols=2, k_max=16, **DESIGNS[name])
    status, said = simulate(cfg, emit(cfg.core(), "dut"), tmp_path)
    assert (status, said[:6]) == (0, "PASS: "), said


@pytest.mark.parametrize(
    ("payload", "told"),
    [("x", "a result is unknown"), ("z", "a result is unknown"), ("0", "a result is wrong")],
)
@pytest.mark.parametrize("name", ["csr", "nm"])
def test_a_dead_design_fails(name, payload, told, tmp_path):
    """As many results come as should, and say nothing: those of one design have row numbers."""
    cfg = configure(name, rows=2, cols=2, k_max=16)
    ports = Interface(members_of(cfg.core()), "clk").ports
    due = re.search(r"left = (\d+)", *bench(cfg, "dut").values())[1]
    bits = {"o_c__payload": f"1'b{payload}", "o_c__valid": f"sent < {due}"}
    lines = [f"module dut({', '.join(port.name for port in ports)});"]
    for port in ports:
        lines.append(f"  {port.direction} [{port.width - 1}:0] {port.name};")
        if port.direction == "output":
            bit = bits.get(port.name, "1'b1" if port.name.endswith("__ready") else "1'b0")
            lines.append(f"  assign {port.name} = {{{port.width}{{{bit}}}}};")
    lines += [
        "  integer sent = 0;",
        "  always @(posedge clk) if (o_c__valid && o_c__ready) sent <= sent + 1;",
    ]
    status, said = simulate(cfg, "\n".join([*lines, "endmodule", ""]), tmp_path)
    assert status != 0 and said.startswith(f"FAIL: {told}"), said
