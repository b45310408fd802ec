"""The LiteX module becomes part of a SoC, which computes with it."""

import json
import re
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from zeroskip.gen.designs import configure
from zeroskip.gen.generate import generate
from zeroskip.verif.bench.axis import axis_bench
from zeroskip.verif.bench.runner import simulate

pytest.importorskip("litex", reason="LiteX is not installed")

CFG = configure("csr", rows=3, cols=2, k_max=64, block_size=8)
PARTS = {"tdata": "data", "tvalid": "valid", "tready": "ready", "tlast": "last"}
WISHBONE = {"adr": 30, "dat_w": 32, "dat_r": 32, "we": 1, "stb": 1, "ack": 1}
LITEX_IDIOMS = "".join(f"// verilator lint_off {idiom}\n" for idiom in ("WIDTH", "CASEINCOMPLETE", "COMBDLY"))


def system(folder: Path) -> tuple[str, dict[str, int]]:
    """A SoC whose pins are the streams of the design and a Wishbone master, and addresses of its registers.

    Pins have the names that the design's own ports have, so that its bench can drive them.
    """
    from litex.build.generic_platform import GenericPlatform, Pins, Subsignal  # noqa: PLC0415
    from litex.build.io import CRG  # noqa: PLC0415
    from litex.soc.integration.export import get_csr_json  # noqa: PLC0415
    from litex.soc.integration.soc_core import SoCMini  # noqa: PLC0415
    from litex.soc.interconnect import wishbone  # noqa: PLC0415

    streams = json.loads((folder / "array.json").read_text())["axis"]
    io = [(name, 0, Pins(1)) for name in ("aclk", "aresetn", "i_clear", "o_interrupt")]
    io += [("wishbone", 0, *(Subsignal(name, Pins(bits)) for name, bits in WISHBONE.items()))]
    for prefix, said in streams.items():
        widths = dict.fromkeys(PARTS, 1) | {"tdata": 8 * said["bytes"]}
        io.append((prefix, 0, *(Subsignal(part, Pins(bits)) for part, bits in widths.items())))
    platform = GenericPlatform("none", io, name="none")
    soc = SoCMini(platform, int(1e6))
    soc.crg = CRG(platform.request("aclk"), ~platform.request("aresetn"))
    soc.array = array = import_module("array_litex").Zeroskip(platform)
    platform.request("i_clear")  # the bench has it; here software clears
    soc.comb += platform.request("o_interrupt").eq(array.ev.irq)
    for prefix in streams:
        side, _, name = prefix.partition("_axis_")
        pads = platform.request(prefix)
        endpoint = getattr(array, f"{'sink' if side == 's' else 'source'}_{name}")
        for part, field in PARTS.items():
            pad, inner = getattr(pads, part), getattr(endpoint, field)
            soc.comb += inner.eq(pad) if (side == "s") != (part == "tready") else pad.eq(inner)
    bus, pads = wishbone.Interface(), platform.request("wishbone")
    soc.bus.add_master("test", bus)
    soc.comb += [getattr(bus, name).eq(getattr(pads, name)) for name in ("adr", "dat_w", "we", "stb")]
    soc.comb += [bus.cyc.eq(pads.stb), bus.sel.eq(0b1111), pads.ack.eq(bus.ack), pads.dat_r.eq(bus.dat_r)]
    soc.finalize()
    registers = json.loads(get_csr_json(soc.csr_regions, soc.constants, soc.mem_regions))["csr_registers"]
    addresses = {name.removeprefix("array_"): said["addr"] for name, said in registers.items()}
    return str(platform.get_verilog(soc, name="top")), addresses


def test_a_soc_computes_and_software_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(CFG, tmp_path, "array", bus="axis", bench=axis_bench)
    monkeypatch.syspath_prepend(tmp_path)
    verilog, addresses = system(tmp_path)
    (tmp_path / "registers.json").write_text(json.dumps(addresses))
    shutil.copy(Path(__file__).with_name("litex_registers.py"), tmp_path)
    verilog = LITEX_IDIOMS + re.sub(r"^//.*", "", verilog, flags=re.M)  # its comments have dates
    done = simulate(verilog + (tmp_path / "array.v").read_text(), "litex_registers", tmp_path)
    assert (done.ran, done.failed, done.stopped) == (1, 0, ""), done.log
