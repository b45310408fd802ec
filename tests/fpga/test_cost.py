"""Cells are counted right, and are those of the design; what the reference designs cost is held."""

import json

import pytest

from zeroskip.fpga import cost as module
from zeroskip.fpga.cost import TARGETS, cost
from zeroskip.gen.designs import configure, paired_dense
from zeroskip.hw.config import DenseConfig

CFG = DenseConfig(rows=2, cols=3)
STAT = {  # `top` has 2 rows of 3 PEs and a control; a PE has two registers of a module of its own
    "modules": {
        "\\top": {"num_cells_by_type": {"row": 2, "control": 1, "LUT4": 5}},
        "\\row": {"num_cells_by_type": {"pe": 3, "L6MUX21": 1}},
        "\\pe": {"num_cells_by_type": {"register": 2, "LUT4": 20, "CCU2C": 7, "MULT18X18D": 1, "OTHER": 9}},
        "\\register": {"num_cells_by_type": {"TRELLIS_FF": 8, "PFUMX": 3}},
        "\\control": {"num_cells_by_type": {"register": 1, "DP16KD": 2, "ALU54B": 4}},
    },
    "design": {
        "num_cells_by_type": {
            **{"LUT4": 125, "CCU2C": 42, "TRELLIS_FF": 104, "MULT18X18D": 6, "ALU54B": 4, "DP16KD": 2},
            **{"PFUMX": 39, "L6MUX21": 2, "OTHER": 54},
        }
    },
}


@pytest.fixture
def scripts(monkeypatch):
    """Yosys' scripts, of runs that find ``STAT``."""
    ran = []

    def run(script, folder):
        assert (folder / "top.v").read_text().count("module top(") == 1
        ran.append(script)
        (folder / "stat.json").write_text(json.dumps(STAT))

    monkeypatch.setattr(module, "run_yosys", run)
    return ran


def test_cells_by_hand(scripts):
    found = cost(CFG)
    assert found.total == {"LUT4": 125, "carry": 42, "FF": 104, "DSP": 10, "BRAM": 2, "PFUMX": 41}
    assert found.modules["pe"] == {"LUT4": 20, "carry": 7, "FF": 0, "DSP": 1, "BRAM": 0, "PFUMX": 0}
    assert found.modules["control"] == {"LUT4": 0, "carry": 0, "FF": 0, "DSP": 4, "BRAM": 2, "PFUMX": 0}
    assert found.instances == {"top": 1, "row": 2, "pe": 6, "register": 13, "control": 1}
    assert (found.multipliers, found.per_mac("FF"), found.per_mac("carry")) == (6, 104 / 6, 7)
    told = found.as_json()
    assert told["per_mac"]["LUT4"] == 20.833
    assert told["modules"]["register"] == {"instances": 13, "cells": found.modules["register"]}
    assert told["total"] == found.total


def test_options_reach_yosys(scripts):
    for options in ({}, {"flatten": True}, {"dsp": False}):
        cost(CFG, **options)
    synths = [script.split("; ")[1] for script in scripts]
    assert synths == [
        "synth_ecp5 -noflatten -top top",
        "synth_ecp5 -top top",
        "synth_ecp5 -noflatten -nodsp -top top",
    ]
    assert list(TARGETS) == ["ecp5"]


@pytest.mark.slow
def test_a_small_design_has_the_registers_that_it_must_have():
    """A PE has both operands, their product, the sum and its copy for draining; the rest is control."""
    cfg = DenseConfig(rows=3, cols=3, k_max=256)
    found = cost(cfg)
    assert found.instances["top_pe"] == found.total["DSP"] == 9
    assert found.modules["top_pe"]["FF"] == 8 + 8 + 16 + 24 + 24
    parts = [(found.instances[name], cells) for name, cells in found.modules.items()]
    for group, count in found.total.items():
        assert sum(instances * cells[group] for instances, cells in parts) == count
    assert cost(cfg, dsp=False).total["DSP"] == 0


@pytest.mark.slow
def test_a_mac_costs_no_more_than_it_did():
    """LUT4 of a PE on ECP5: dense, and what the select of 2:4 adds to each of its multipliers."""
    dense = cost(DenseConfig(rows=2, cols=2, k_max=256))
    assert dense.modules["top_pe"]["LUT4"] <= 24
    cfg = configure("ampere-2of4", ["rows=2", "cols=2", "k_max=256"])
    mine, pair = (cost(each).modules["top_pe"]["LUT4"] for each in (cfg, paired_dense(cfg)))
    assert 0 < mine - pair <= 16 * cfg.lanes
