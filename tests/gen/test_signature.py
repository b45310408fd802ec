# amaranth: UnusedElaboratable=no
"""Any component has files made from its signature: a bus around an engine, an encoder, mere wires."""

import json
import re
import subprocess

import pytest
from amaranth.hdl import Module, signed
from amaranth.lib import data, enum, stream, wiring
from amaranth.lib.wiring import In, Out
from artifact_checks import check_constraints, check_ports

from zeroskip.gen.emit import Emission, emit, emit_parts
from zeroskip.gen.manifest import artifacts, manifest
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.encode.bitmask import BitmaskEncoder
from zeroskip.hw.encode.config import (
    BitmaskEncoderConfig,
    CSDEncoderConfig,
    RunLengthEncoderConfig,
)
from zeroskip.hw.encode.csd import CSDEncoder
from zeroskip.hw.encode.rlc import RunLengthEncoder

ENCODERS = [
    BitmaskEncoder(BitmaskEncoderConfig()),
    RunLengthEncoder(RunLengthEncoderConfig()),
    CSDEncoder(CSDEncoderConfig()),
]


class Mode(enum.Enum, shape=2):
    OFF = 0
    ON = 1


class Pixel(data.Struct):
    place: data.ArrayLayout(4, 2)
    level: signed(7)


BUS = wiring.Signature(
    {
        "aw": Out(stream.Signature(32)),
        "r": In(stream.Signature(Pixel)),
        "irq": In(1),
    }
)

LANE = data.StructLayout({"head": 2, "x": data.ArrayLayout(Pixel, 3)})


class Bridge(wiring.Component):
    """Whatever a signature can have."""

    description = {
        "config": {"beats": 3, "fast": True, "kind": "axi", "width": None},
        "derived": {"ratio": 0.5},
        "timing": {"answer": "a cycle later"},
        "causes": {"LOST": 1, "LATE": 2},
        "author": {"shelf": [1, 2]},
    }

    def __init__(self, members=None):
        super().__init__(
            members
            or {
                "bus": In(BUS),
                "lane": Out(
                    stream.Signature(data.StructLayout({"head": 2, "x": data.ArrayLayout(Pixel, 3)}))
                ).array(2),
                "mode": In(Mode),
                "gain": In(signed(5)).array(2),
                "taps": Out(data.ArrayLayout(signed(3), 4)),
            }
        )

    def elaborate(self, platform):
        m = Module()
        for name in self.signature.members:
            if name == "taps":
                m.d.sync += self.taps[0].eq(self.mode)
        return m


class Wires(wiring.Component):
    i: In(stream.Signature(4))
    o: Out(stream.Signature(4))

    def elaborate(self, platform):
        m = Module()
        wiring.connect(m, wiring.flipped(self.i), wiring.flipped(self.o))
        return m


PIXEL = [("place", 0, 4, False, [(2, 4)]), ("level", 8, 7, True, [])]


def told(port):
    """A port's fields, short."""
    return [
        (f["name"], f["offset"], f["width"], f["signed"], [(d["count"], d["stride"]) for d in f["array"]])
        for f in port["fields"]
    ]


def test_members_of_members_and_arrays_are_ports():
    files = artifacts(Bridge(), "dut", pins=True)
    described = check_ports(files)
    check_constraints(files)
    ports = {port["name"]: port for port in described["ports"]}
    assert [(name, port["direction"][0], port["width"]) for name, port in ports.items()] == [
        ("clk", "i", 1), ("rst", "i", 1),
        ("bus__aw__payload", "i", 32), ("bus__aw__valid", "i", 1), ("bus__aw__ready", "o", 1),
        ("bus__r__payload", "o", 15), ("bus__r__valid", "o", 1), ("bus__r__ready", "i", 1),
        ("bus__irq", "o", 1),
        ("lane__0__payload", "o", 47), ("lane__0__valid", "o", 1), ("lane__0__ready", "i", 1),
        ("lane__1__payload", "o", 47), ("lane__1__valid", "o", 1), ("lane__1__ready", "i", 1),
        ("mode", "i", 2), ("gain__0", "i", 5), ("gain__1", "i", 5), ("taps", "o", 12),
    ]  # fmt: skip
    assert told(ports["bus__r__payload"]) == PIXEL
    assert told(ports["lane__1__payload"]) == [
        ("head", 0, 2, False, []),
        ("x.place", 2, 4, False, [(3, 15), (2, 4)]),
        ("x.level", 10, 7, True, [(3, 15)]),
    ]
    assert told(ports["taps"]) == [("element", 0, 3, True, [(4, 3)])]
    assert [port["name"] for port in ports.values() if port.get("signed")] == ["gain__0", "gain__1"]


def test_what_a_component_says_of_itself_is_in_its_manifest_and_header(tmp_path):
    files = artifacts(Bridge(), "dut")
    described = json.loads(files["dut.json"])
    assert {key: described[key] for key in Bridge.description} == Bridge.description
    assert list(described)[:2] == ["name", "config"]
    (tmp_path / "dut.h").write_text(files["dut.h"])
    (tmp_path / "t.c").write_text(
        '#include "dut.h"\nstatic_assert(DUT_BEATS == 3 && DUT_FAST && DUT_KIND_AXI, "");\n'
        'static_assert(DUT_CAUSE_LATE == 2, "");\n'
        'static_assert(DUT_LANE__1_X_PLACE_STRIDE0 == 15 && DUT_LANE__1_X_PLACE_STRIDE1 == 4, "");\n'
        'static_assert(DUT_LANE__1_X_LEVEL_OFFSET == 10 && DUT_TAPS_ELEMENT_COUNT0 == 4, "");\n'
        "#if defined DUT_WIDTH || defined DUT_RATIO || defined DUT_LATENCY\n#error\n#endif\n"
    )
    subprocess.run(["c++", "-fsyntax-only", "-x", "c++", "t.c"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: type(encoder).__name__)
def test_an_encoder_alone(encoder, tmp_path):
    files = artifacts(encoder, "dut", pins=True)
    described = check_ports(files)
    check_constraints(files)
    names = [port["name"] for port in described["ports"]]
    streams = [f"{stream}__{part}" for stream in "io" for part in ("payload", "valid", "ready")]
    assert names == ["clk", "rst", *streams]
    assert list(described) == ["name", "ports", "tools", "sha256"]
    assert type(encoder).__name__ in files["dut.core"] and type(encoder).__name__ in files["dut.h"]
    (tmp_path / "dut.h").write_text(files["dut.h"])
    (tmp_path / "t.c").write_text('#include "dut.h"\nint bits[DUT_O_BITS - DUT_O_BITS_WIDTH];\n')
    subprocess.run(["c++", "-fsyntax-only", "-Werror", "t.c"], cwd=tmp_path, check=True)


def test_wires_have_no_clock():
    files = artifacts(Wires(), "dut", 200, pins=True)
    described = check_ports(files)
    assert [port["name"] for port in described["ports"] if "__" not in port["name"]] == []
    check_constraints(files)
    assert "create_clock -name clk -period 5.000\n" in files["dut.sdc"]
    assert "rst" not in files["dut.sdc"]


@pytest.mark.parametrize(
    ("inputs", "patterns"),
    [
        ("x_a x_b", ["x_*__payload", "x_*__valid"]),  # and o_c stays by name
        ("o_a o_b", ["o_a__payload", "o_b__payload", "o_a__valid", "o_b__valid"]),  # o_* is o_c too
        ("x_a y_b", ["x_a__payload", "y_b__payload", "x_a__valid", "y_b__valid"]),
    ],
)
def test_a_pattern_is_of_input_streams_alone(inputs, patterns):
    members = {name: In(stream.Signature(2)) for name in inputs.split()} | {"o_c": Out(stream.Signature(3))}
    files = artifacts(Bridge(members), "dut", pins=True)
    check_constraints(files)
    assert re.search(r"set_input_delay .*\{(.*?)\}", files["dut.sdc"])[1].split() == [*patterns, "o_c__ready"]


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"do": In(1)}, "do must not be a reserved word of Verilog or SystemVerilog to be a port"),
        ({"i": In(0)}, "i must be one bit or more to be a port, not none"),
        (
            {"i": In(stream.Signature(data.StructLayout({})))},
            "i__payload must be one bit or more to be a port, not none",
        ),
        (
            {"i": In(stream.Signature(1, always_valid=True))},
            "stream i must have both valid and ready, not one that is always 1",
        ),
        (
            {"clk": In(1), "taps": Out(data.ArrayLayout(1, 2)), "mode": In(1)},
            "Bridge must be clocked by sync alone, and its members must be ports of different names, none of "
            "them clk or rst, which is not so with clk",
        ),
        (
            {"a": In(wiring.Signature({"b": In(1)})), "a__b": In(1)},
            "Bridge must be clocked by sync alone, and its members must be ports of different names, none of "
            "them clk or rst, which is not so with a__b",
        ),
    ],
)
def test_a_signature_that_cannot_be_ports_is_refused(members, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}(, clk[$]|$)"):
        manifest(Bridge(members), "dut")


def test_another_clock_is_refused():
    class Fast(Wires):
        def elaborate(self, platform):
            m = Module()
            m.d.fast += self.o.payload.eq(self.i.payload)
            return m

    with pytest.raises(ValueError, match=r"which is not so with fast_clk, fast_rst$"):
        emit(Fast())


def test_a_configuration_is_no_component():
    told = "component must be a wiring.Component, such as cfg.core(), not DenseConfig"
    with pytest.raises(TypeError, match=f"^{re.escape(told)}$"):
        emit(DenseConfig(rows=1, cols=1))


def test_parts_are_the_components_of_the_modules():
    component = DenseConfig(rows=2, cols=2).core()
    text, parts = emit_parts(component, "dut")
    assert text == emit(component, "dut") == Emission(component, "dut").verilog
    assert parts["dut"] is component
    modules = re.findall(r"^module (\w+)\(", text, re.M)
    assert set(parts) <= set(modules) and len(parts) > 3
    for module, part in parts.items():
        leaves = ["__".join(map(str, path)) for path, _, _ in part.signature.flatten(part)]
        declared = re.search(rf"^module {module}\((.*?)\);", text, re.M | re.S)[1]
        assert set(leaves) == set(re.findall(r"\w+", declared)) - {"clk", "rst"}
