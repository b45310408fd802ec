# amaranth: UnusedElaboratable=no
"""The AXI4-Stream form has the ports that docs/axis.md says, whatever the design."""

import json
import re

import pytest
from amaranth.hdl import Shape
from artifact_checks import places, verilog_ports
from linters import LINTERS, lint

from zeroskip.gen.designs import configure
from zeroskip.gen.manifest import artifacts
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.shell.axis import AxiStream

EACH = {
    "beats": configure("nm", rows=3, cols=2, k_max=32, encoding="bitmask"),
    "free": configure("csr", rows=3, cols=2, k_max=32, schedule="resident", probe=True),
}


def widths(form):
    return {name: (m.flow.name, Shape.cast(m.shape).width) for name, m in form.signature.members.items()}


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_has_its_streams(name):
    for cfg in [DESIGNS[name].config(), *DESIGNS[name].small()]:
        form, core = AxiStream(cfg), cfg.core()
        found = widths(form)
        expected = {"aclk": ("In", 1), "aresetn": ("In", 1), "o_interrupt": ("Out", 1)}
        for stream, layout in cfg.engine.inputs(cfg).items():
            parts = {"tdata": 8 * -(-layout.size // 8), "tvalid": 1, "tlast": 1}
            expected |= {f"s_axis_{stream}_{part}": ("In", bits) for part, bits in parts.items()}
            expected[f"s_axis_{stream}_tready"] = ("Out", 1)
            data = form.signature.members[f"s_axis_{stream}_tdata"].shape
            assert {n: (f.offset, f.shape) for n, f in data} == {n: (f.offset, f.shape) for n, f in layout}
        word = 32 if cfg.acc_bits <= 32 else 64
        row = 32 if cfg.engine.name == "free" else 0
        expected |= {"m_axis_c_tdata": ("Out", word * cfg.cols + row), "m_axis_c_tvalid": ("Out", 1)}
        expected |= {"m_axis_c_tlast": ("Out", 1), "m_axis_c_tready": ("In", 1)}
        plain = {n: m for n, m in core.signature.members.items() if m.is_port}
        assert "i_clear" in plain and "o_counters" in plain
        assert found == expected | {n: (m.flow.name, Shape.cast(m.shape).width) for n, m in plain.items()}


def test_long_sums_take_two_words():
    cfg = configure("csr", rows=2, cols=3, a_width=16, b_width=16, k_max=64)
    assert cfg.acc_bits > 32
    assert widths(AxiStream(cfg))["m_axis_c_tdata"] == ("Out", 3 * 64 + 32)


@pytest.mark.parametrize("engine", EACH)
def test_its_files_say_where_everything_is(engine, tmp_path):
    cfg = EACH[engine]
    files = artifacts(AxiStream(cfg), "dut", 250, pins=True)
    described = json.loads(files["dut.json"])
    ports = {port["name"]: port for port in described["ports"]}
    assert verilog_ports(files["dut.v"], "dut") == {n: (p["direction"], p["width"]) for n, p in ports.items()}
    assert not {"clk", "rst"} & ports.keys()
    for port in ports.values():  # whole bytes in use, the last one perhaps not to its end
        bits = sorted(
            bit
            for field in port["fields"]
            for offset in places(field).values()
            for bit in range(offset, offset + field["width"])
        )
        assert bits == list(range(len(bits))) and (not bits or port["width"] - len(bits) < 8)
    results = ports["m_axis_c_tdata"]["fields"][0]
    assert (results["name"], results["width"], results["signed"]) == ("cols", 32, True)
    assert described["axis"].keys() == {n.removesuffix("_tdata") for n in ports if n.endswith("_tdata")}
    assert all(8 * said["bytes"] == ports[f"{n}_tdata"]["width"] for n, said in described["axis"].items())
    assert (
        described["axis"]["m_axis_c"]["packet"] == {"beats": "the rows of a tile", "free": "3 rows"}[engine]
    )
    assert described["causes"] == cfg.core().description["causes"]
    assert f"#define DUT_M_AXIS_C_TDATA_BITS {ports['m_axis_c_tdata']['width']}\n" in files["dut.h"]
    constrained = " ".join(re.findall(r"get_ports \{(.*?)\}", files["dut.sdc"]))
    assert sorted([*constrained.split(" "), "aclk"]) == sorted(ports)
    assert "create_clock -name aclk -period 4.000 [get_ports aclk]\n" in files["dut.sdc"]

    (tmp_path / "dut.v").write_text(files["dut.v"])
    assert [line for which in LINTERS for line in lint(which, tmp_path / "dut.v", "dut")] == []


def test_too_many_bits_are_refused():
    cfg = configure("csr", block_size=32, rows=32, cols=8, beat_bits=2036, k_max=64)
    with pytest.raises(
        ValueError,
        match=r"^input ports of the AXI4-Stream form must have under 65535 bits in all \(a limit of today's "
        r"code\), not 65624: take fewer rows or columns, or shorter beats$",
    ):
        AxiStream(cfg)
