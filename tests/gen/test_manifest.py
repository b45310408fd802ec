"""What the manifest and its companions say about a design is so: offsets, signs, timing, clock, names."""

import json
import re
import subprocess
from dataclasses import asdict

import numpy as np
import pytest
from artifact_checks import check_constraints, check_ports, places
from small_designs import BEATS, DIGITS, VALUES

from zeroskip.gen.designs import configure
from zeroskip.gen.manifest import artifacts, manifest
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.sw.image import pack
from zeroskip.sw.tiling import Tile
from zeroskip.verif.native import run_streams

CONFIGS = [*BEATS, *VALUES, *DIGITS]


@pytest.mark.parametrize("cfg", CONFIGS, ids=str)
def test_ports_of_every_design(cfg):
    files = artifacts(cfg.core(), "dut", pins=True)
    check_ports(files)
    check_constraints(files)


def read(port, beat):
    """A beat's values by field name and indices, as the manifest describes them."""
    word, found = int.from_bytes(beat.tobytes(), "little"), {}
    for field in port["fields"]:
        for index, offset in places(field).items():
            value = word >> offset & (1 << field["width"]) - 1
            negative = field["signed"] and value >> field["width"] - 1
            found[field["name"], *index] = value - (negative << field["width"])
    return found


@pytest.mark.parametrize("encoding", ["dense", "index", "bitmask"])
def test_an_image_and_its_result_read_by_the_manifest(encoding):
    """Two blocks of 4 elements for row 1 (of two), lanes 2, chunks of 2; then c."""
    common = {"rows": 2, "cols": 3, "lanes": 2, "a_width": 5, "b_width": 6, "k_max": 9, "b_bandwidth": 2}
    if encoding == "dense":
        cfg, pattern = DenseConfig(**common), ()
    else:
        cfg, pattern = NMConfig(**common, encoding=encoding), (2,)
    a = np.array([[0, 3, 0, -4, 5, 0, 0, 6], [1, 0, -2, 0, 0, 7, -8, 0]])
    b = np.array([[8 * c - e for c in range(3)] for e in range(8)])
    described = manifest(cfg.core(), "dut")
    ports = {port["name"].removesuffix("__payload"): port for port in described["ports"]}
    image = pack(cfg, [Tile(a, b, pattern)])
    first = {name: read(ports[f"i_{name}"], beats[0]) for name, beats in image.items()}
    assert first["tile"] == {("k",): 8, ("rows",): 2} | ({("n",): 2} if pattern else {})
    assert first["b"] == {("last",): 0} | {("cols", c, e): b[e, c] for c in range(3) for e in range(2)}
    row = {"dense": [0, 3], "index": [3, -4], "bitmask": [3, -4]}[encoding], [1, -2 if pattern else 0]
    expected = {("last",): 0} | {("rows.value", r, j): row[r][j] for r in range(2) for j in range(2)}
    if encoding == "index":
        expected |= {("rows.position", r, j): [[1, 3], [0, 2]][r][j] for r in range(2) for j in range(2)}
    assert first["a"] == expected
    if encoding == "bitmask":
        assert first["mask"] == {("last",): 0, ("rows", 0): 0b1010, ("rows", 1): 0b0101}
    run = run_streams(cfg, image, out_beats=2)
    for r in range(2):
        sums = {("cols", c): (a @ b)[r, c] for c in range(3)}
        assert read(ports["o_c"], run.beats[r]) == {**sums, ("last",): r}
    timing = described["timing"]
    assert run.out_cycles[0] == run.moves["a"][-1] + timing["first_result_row"]["cycles"]
    assert timing["first_result_row"]["cycles"] == timing["P"]["cycles"] + 1 == 5
    assert timing["window"]["cycles"] == len(image["b"]) * cfg.block // 8
    derived = {"multipliers": 12, "peak_macs": 12, "b_bandwidth": 2, "acc_bits": 14, "acc_signed": True}
    derived["block"] = 2 if encoding == "dense" else 4
    assert derived.items() <= described["derived"].items()
    assert described["config"] == asdict(cfg)


@pytest.mark.parametrize(("mhz", "period", "delay"), [(125, "8.000", "1.600"), (400, "2.500", "0.500")])
def test_the_clock_of_the_constraints(mhz, period, delay):
    text = artifacts(DenseConfig(rows=1, cols=1).core(), "dut", mhz, pins=True)["dut.sdc"]
    assert f"create_clock -name clk -period {period} [get_ports clk]" in text
    assert re.findall(r"^set_(in|out)put_delay (\S+)", text, re.M) == [("in", delay), ("out", delay)]


def test_constraints_are_a_part_of_a_larger_designs():
    """Its clock, and no word of ports that it has not."""
    text = artifacts(DenseConfig(rows=1, cols=1).core(), "dut", 100, clock="sys_clk")["dut.sdc"]
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        "create_clock -name sys_clk -period 10.000 [get_ports sys_clk]"
    ]


@pytest.mark.parametrize(
    "cfg",
    [
        NMConfig(rows=3, cols=2, n=2, m=8, k_max=100, encoding="bitmask"),
        DenseConfig(rows=1, cols=4, lanes=2, acc_width=17, overflow="saturate", a_signed=False, probe=True),
        configure("csr", rows=4, cols=2, k_max=64, fallback=True, schedule="resident"),
        configure("bitcolumn", rows=2, cols=2, b_width=5),
    ],
    ids=lambda cfg: cfg.design,
)
def test_every_number_of_the_header_is_the_manifests(cfg, tmp_path):
    files = artifacts(cfg.core(), "dut")
    (tmp_path / "dut.h").write_text(files["dut.h"])
    (tmp_path / "t.c").write_text('#include "dut.h"\n')
    macros = subprocess.run(
        ["c++", "-dM", "-E", "t.c"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    found = {
        name: int(value.rstrip("u"), 0) for name, value in re.findall(r"#define (DUT_\w+) (\S+)\n", macros)
    }
    described = json.loads(files["dut.json"])
    wanted = {"DUT_LATENCY": described["timing"]["P"]["cycles"]}
    for name, value in (described["config"] | described["derived"]).items():
        match value:
            case int():  # true and false too
                wanted[f"DUT_{name.upper()}"] = int(value)
            case str():
                wanted[f"DUT_{name.upper()}_{value.upper()}"] = 1
    for port in described["ports"]:
        base = "DUT_" + port["name"].removesuffix("__payload").upper()
        if port["fields"]:
            wanted[f"{base}_BITS"] = port["width"]
        for field in port["fields"]:
            item = f"{base}_{field['name'].replace('.', '_').upper()}"
            wanted |= {f"{item}_OFFSET": field["offset"], f"{item}_WIDTH": field["width"]}
            for level, dim in enumerate(field["array"]):
                wanted |= {f"{item}_COUNT{level}": dim["count"], f"{item}_STRIDE{level}": dim["stride"]}
    wanted |= {f"DUT_CAUSE_{name}": value for name, value in described["causes"].items()}
    assert found == wanted
