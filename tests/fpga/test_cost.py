"""Cells are counted right, and are those of the design; what the reference designs cost is held."""

import json
import re
from types import SimpleNamespace

import pytest
from small_designs import BEATS, DIGITS, VALUES

from zeroskip.fpga import cost as module
from zeroskip.fpga.cost import TARGETS, cost
from zeroskip.gen.designs import configure, paired_dense
from zeroskip.gen.emit import emit_parts
from zeroskip.hw.designs.bitmask import BitmaskConfig
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.lib.room import Room

CFG = DenseConfig(rows=2, cols=3)
STAT = {  # `top` has 2 rows of 3 PEs and a control; a PE has two registers of a module of its own
    "modules": {
        "\\top": {"num_cells_by_type": {"row": 2, "control": 1, "LUT4": 5}},
        "\\row": {"num_cells_by_type": {"pe": 3, "L6MUX21": 1, "TRELLIS_DPR16X4": 2}},
        "\\pe": {
            "num_cells_by_type": {"pe.register": 2, "LUT4": 20, "CCU2C": 7, "MULT18X18D": 1, "OTHER": 9}
        },
        "\\pe.register": {"num_cells_by_type": {"TRELLIS_FF": 8, "PFUMX": 3}},
        "\\control": {"num_cells_by_type": {"pe.register": 1, "DP16KD": 2, "ALU54B": 4, "LUT4": 23}},
    },
    "design": {
        "num_cells_by_type": {
            **{"LUT4": 148, "CCU2C": 42, "TRELLIS_FF": 104, "MULT18X18D": 6, "ALU54B": 4, "DP16KD": 2},
            **{"TRELLIS_DPR16X4": 4, "PFUMX": 39, "L6MUX21": 2, "OTHER": 54},
        }
    },
}
GATES = {  # two PEs; every cell that the script can leave is in one of them or in the top
    "modules": {
        "\\top": {"num_cells_by_type": {"pe": 2, "$_NOT_": 1, "$_DFF_P_": 2, "$mem_v2": 3, "OTHER": 9}},
        "\\pe": {
            "num_cells_by_type": {
                **{"$_NAND_": 4, "$_NOR_": 8, "$_AND_": 16, "$_OR_": 32},
                **{"$_XOR_": 64, "$_XNOR_": 128, "$_MUX_": 256},
            }
        },
    },
    "design": {
        "num_cells_by_type": {
            **{"$_NOT_": 1, "$_DFF_P_": 2, "$mem_v2": 3, "OTHER": 9, "$_NAND_": 8, "$_NOR_": 16},
            **{"$_AND_": 32, "$_OR_": 64, "$_XOR_": 128, "$_XNOR_": 256, "$_MUX_": 512},
        }
    },
}
NANGATE = {  # um2 of the cells of one drive strength: INV, NAND2, AND2, XOR2, MUX2 and DFF
    **{"inverter": 0.532, "NAND": 0.798, "AND": 1.064, "XOR": 1.596, "MUX": 1.862, "FF": 4.522},
}
BOOKS = {"top": Room.STATUS, "row": Room.MULTIPLY, "pe": Room.DECODE, "control": Room.SCHEDULE}


@pytest.fixture
def scripts(monkeypatch):
    """Yosys' scripts, of runs that find ``STAT``; its modules are made from components of ``BOOKS``."""
    ran = []

    def run(script, folder):
        assert (folder / "top.v").read_text() == "text of top"
        ran.append(script)
        (folder / "stat.json").write_text(json.dumps(STAT))

    components = {name: SimpleNamespace(books=room) for name, room in BOOKS.items()}
    monkeypatch.setattr(module, "emit_parts", lambda cfg, name: (f"text of {name}", components))
    monkeypatch.setattr(module, "run_yosys", run)
    return ran


def test_cells_by_hand(scripts):
    found = cost(CFG)
    groups = ("LUT4", "carry", "FF", "DSP", "BRAM", "LUTRAM", "PFUMX")
    assert tuple(found.total) == groups
    assert tuple(found.total.values()) == (148, 42, 104, 10, 2, 4, 41)
    assert tuple(found.modules["pe"].values()) == (20, 7, 0, 1, 0, 0, 0)
    assert tuple(found.modules["control"].values()) == (23, 0, 0, 4, 2, 0, 0)
    assert found.instances == {"top": 1, "row": 2, "pe": 6, "pe.register": 13, "control": 1}
    assert (found.multipliers, found.per_mac("FF"), found.per_mac("carry")) == (6, 104 / 6, 7)
    told = found.as_json()
    assert told["per_mac"]["LUT4"] == 24.667
    assert told["modules"]["pe.register"] == {"instances": 13, "cells": found.modules["pe.register"]}
    assert told["total"] == found.total


def test_rooms_by_hand(scripts):
    found = cost(CFG)
    assert {room: tuple(cells.values()) for room, cells in found.rooms.items()} == {
        "decode": (120, 42, 104, 6, 0, 0, 39),
        "schedule": (23, 0, 0, 4, 2, 0, 0),
        "multiply, accumulate": (0, 0, 0, 0, 0, 4, 2),
        "status": (5, 0, 0, 0, 0, 0, 0),
    }
    luts = {room: found.area(cells) for room, cells in found.rooms.items()}
    assert luts == {"decode": 120 + 2 * 42, "schedule": 23, "multiply, accumulate": 6 * 4, "status": 5}
    assert found.area(found.total) == 256
    told = found.as_json()["rooms"]
    assert told["schedule"] == {"area": 23, "share": 23 / 256, "cells": found.rooms["schedule"]}
    assert sum(entry["share"] for entry in told.values()) == 1  # of 256: exact


@pytest.mark.usefixtures("scripts")
def test_gates_by_hand(monkeypatch):
    monkeypatch.setitem(STAT, "modules", GATES["modules"])
    monkeypatch.setitem(STAT, "design", GATES["design"])
    found = cost(CFG, "gates")
    groups = ("inverter", "NAND", "AND", "XOR", "MUX", "FF", "memory")
    assert tuple(found.total) == groups
    assert tuple(found.total.values()) == (1, 24, 96, 384, 512, 2, 3)
    assert tuple(found.modules["top"].values()) == (1, 0, 0, 0, 0, 2, 3)
    assert tuple(found.modules["pe"].values()) == (0, 12, 48, 192, 256, 0, 0)
    assert tuple(found.rooms["decode"].values()) == (0, 24, 96, 384, 512, 0, 0)
    for group in groups:
        area = found.area({other: other == group for other in groups})
        assert area == round(NANGATE.get(group, 0) / NANGATE["NAND"], 3)
    assert found.area(found.modules["top"]) == pytest.approx(0.667 + 2 * 5.667)
    assert found.area(found.modules["pe"]) == pytest.approx(12 + 48 * 1.333 + 192 * 2 + 256 * 2.333)


def test_options_reach_yosys(scripts):
    for options in ({}, {"flatten": True}, {"dsp": False}, {"delay": 2.5}):
        cost(CFG, **options)
    read, save = "read_verilog top.v; ", "; tee -q -o stat.json stat -json"

    def synth(flags):
        return f"synth_ecp5{flags} -top top{save}"

    assert scripts == [
        read + synth(" -noflatten"),
        read + synth(""),
        read + synth(" -noflatten -nodsp"),
        f"{read}scratchpad -set abc9.D 2500; {synth(' -noflatten')}",
    ]
    assert list(TARGETS) == ["ecp5", "gates"]


def test_a_flattened_design_has_no_rooms(scripts):
    assert cost(CFG, flatten=True).rooms == {}


@pytest.mark.parametrize("delay", [0, -1, 0.0001, 1001, float("nan"), float("inf")])
def test_delays_that_are_none(delay):
    with pytest.raises(ValueError, match=r"delay must be from 0\.001 to 1000 ns, not "):
        cost(CFG, delay=delay)


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("top__row_decoder", "decode"),
        ("top__schedule", "schedule"),
        ("top__pe", "multiply, accumulate"),
        ("top__status", "status"),
        ("top", "status"),
    ],
)
def test_known_modules_have_their_rooms(name, room):
    assert emit_parts(CFG.core(), "top")[1][name].books == room


@pytest.mark.parametrize("cfg", [*BEATS, *VALUES, *DIGITS], ids=str)
def test_every_module_of_every_design_is_known_and_has_a_room(cfg):
    text, components = emit_parts(cfg.core(), "top")
    assert re.findall(r"^module (\S+?)\(", text, re.M) == sorted(components)
    assert all(component.books in Room for component in components.values())


@pytest.mark.slow
def test_a_small_design_has_the_registers_that_it_must_have():
    """A PE has both operands, their product, the sum and its copy for draining; the rest is control."""
    cfg = DenseConfig(rows=3, cols=3, k_max=256)
    found = cost(cfg)
    assert found.instances["top__pe"] == found.total["DSP"] == 9
    assert found.modules["top__pe"]["FF"] == 8 + 8 + 16 + 24 + 24
    parts = [(found.instances[name], cells) for name, cells in found.modules.items()]
    for group, count in found.total.items():
        assert sum(instances * cells[group] for instances, cells in parts) == count
    assert cost(cfg, dsp=False).total["DSP"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"dsp": False}, {"delay": 10}], ids=str)
def test_a_small_unstructured_design_by_module(options):
    """The whole of it holds all its multipliers, its PEs' registers, and no cell that has no room."""
    cfg = BitmaskConfig(rows=2, cols=3, k_max=64)
    found = cost(cfg, **options)
    assert set(found.modules) == set(emit_parts(cfg.core(), "top")[1])
    assert found.total["DSP"] == (6 if options.get("dsp", True) else 0)
    assert found.instances["top__pe"] == 6
    assert found.rooms["multiply, accumulate"]["FF"] >= 6 * (8 + 8 + 16 + 22 + 22)
    assert {"decode", "schedule", "multiply, accumulate", "status"} <= set(found.rooms)
    assert sum(map(found.area, found.rooms.values())) == found.area(found.total)


@pytest.mark.slow
def test_modules_add_up_to_what_the_whole_design_has():
    """What no optimisation across modules can save: multipliers and block RAM, and FF only fewer."""
    cfg = BitmaskConfig(rows=2, cols=4, k_max=256)
    parts, whole = cost(cfg), cost(cfg, flatten=True)
    assert (parts.total["DSP"], parts.total["BRAM"]) == (whole.total["DSP"], whole.total["BRAM"])
    assert parts.total["BRAM"] > 0
    assert 0 < whole.total["FF"] <= parts.total["FF"]


@pytest.mark.slow
def test_logic_that_has_time_gives_area_back():
    cfg = configure("nm", rows=1, cols=1, n=16, m=16)
    fast, small = cost(cfg).modules["top__pe"], cost(cfg, delay=10).modules["top__pe"]
    assert small["LUT4"] < fast["LUT4"]
    assert small["FF"] == fast["FF"]


@pytest.mark.slow
def test_a_mac_costs_no_more_than_it_did():
    """LUT4 of a PE on ECP5: dense, and what the select of 2:4 adds to each of its multipliers."""
    dense = cost(DenseConfig(rows=2, cols=2, k_max=256))
    assert dense.modules["top__pe"]["LUT4"] <= 24
    cfg = configure("ampere-2of4", rows=2, cols=2, k_max=256)
    mine, pair = (cost(each).modules["top__pe"]["LUT4"] for each in (cfg, paired_dense(cfg)))
    assert 0 < mine - pair <= 16 * cfg.lanes


@pytest.mark.slow
@pytest.mark.parametrize(("design", "rows"), [("dense", 2), ("bitmask", 1), ("bitcolumn", 2)])
def test_gates_have_every_register(design, rows, monkeypatch):
    """As many flip-flops in a PE as in the FPGA's; every cell is counted, and belongs to a room."""
    cfg, found = configure(design, rows=rows, cols=2, k_max=16), []
    synthesised = module._synthesised
    monkeypatch.setattr(module, "_synthesised", lambda *words: found.append(synthesised(*words)) or found[-1])
    gates, cells = cost(cfg, "gates"), cost(cfg)
    counted = {cell for cells in TARGETS["gates"].groups.values() for cell in cells}
    logic = {cell for cell in found[0]["design"]["num_cells_by_type"] if cell.startswith("$")}
    assert len(logic) >= 8
    assert logic <= counted
    assert gates.modules["top__pe"]["FF"] == cells.modules["top__pe"]["FF"]
    assert gates.total["FF"] > 0 and gates.total["XOR"] > 0
    assert (gates.total["memory"] > 0) == (design != "dense")
    assert gates.area(gates.total) == pytest.approx(sum(map(gates.area, gates.rooms.values())))


def test_gates_have_no_delay():
    with pytest.raises(
        ValueError, match=r"^delay must be left out for gates, which have none here, not 8\.0$"
    ):
        cost(CFG, "gates", delay=8.0)
