"""What a design costs in an FPGA's cells, by module, from synthesis alone (placement not included)."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zeroskip.gen.emit import emit
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.config import ArrayConfig

__all__ = ["TARGETS", "Cost", "cost"]

TOP = "top"


@dataclass(frozen=True)
class Target:
    """A Yosys synthesis command, and which of its cells belong to each column of the table."""

    synth: str
    groups: Mapping[str, tuple[str, ...]]


TARGETS: dict[str, Target] = {
    "ecp5": Target(
        "synth_ecp5",
        {
            "LUT4": ("LUT4",),
            "carry": ("CCU2C",),
            "FF": ("TRELLIS_FF",),
            "DSP": ("MULT18X18D", "ALU54B"),
            "BRAM": ("DP16KD",),
            "PFUMX": ("PFUMX", "L6MUX21"),
        },
    ),
}


@dataclass(frozen=True)
class Cost:
    """Cells of one synthesised design.

    ``modules`` maps a module to its own cells (instances' not included) and its number of instances;
    ``total`` is the whole design. Counts are of the groups of ``TARGETS``; carry cells hold two LUT4
    each on ECP5 and are counted apart.
    """

    target: str
    multipliers: int
    modules: dict[str, dict[str, int]]
    instances: dict[str, int]
    total: dict[str, int]

    def per_mac(self, group: str) -> float:
        """Cells of a group per multiplier."""
        return self.total[group] / self.multipliers

    def as_json(self) -> dict[str, object]:
        """Everything, with LUT4 per MAC."""
        return {
            "target": self.target,
            "multipliers": self.multipliers,
            "total": self.total,
            "per_mac": {group: round(self.per_mac(group), 3) for group in self.total},
            "modules": {
                name: {"instances": self.instances[name], "cells": cells}
                for name, cells in self.modules.items()
            },
        }


def cost(cfg: ArrayConfig, target: str = "ecp5", *, flatten: bool = False, dsp: bool = True) -> Cost:
    """Synthesise and count.

    Hierarchical by default, which gives costs by module; ``flatten`` lets Yosys optimise across modules.
    ``dsp=False`` builds multipliers from LUTs. Raises ``ValueError`` for an unknown target,
    ``RuntimeError`` where Yosys is missing or fails.
    """
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
    chosen = TARGETS[target]
    flags = ("" if flatten else " -noflatten") + ("" if dsp else " -nodsp")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "top.v").write_text(emit(cfg, TOP), encoding="utf-8")
        run_yosys(
            f"read_verilog top.v; {chosen.synth}{flags} -top {TOP}; tee -q -o stat.json stat -json", folder
        )
        found = json.loads((folder / "stat.json").read_text(encoding="utf-8"))
    cells = {module.lstrip("\\"): entry["num_cells_by_type"] for module, entry in found["modules"].items()}
    return Cost(
        target=target,
        multipliers=cfg.multipliers,
        modules={module: _grouped(chosen, counts) for module, counts in cells.items()},
        instances=_instances(cells),
        total=_grouped(chosen, found["design"]["num_cells_by_type"]),
    )


def _grouped(target: Target, counts: Mapping[str, int]) -> dict[str, int]:
    return {group: sum(counts.get(cell, 0) for cell in names) for group, names in target.groups.items()}


def _instances(cells: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How often each module stands in the whole design."""
    users = {module: {u: c[module] for u, c in cells.items() if module in c} for module in cells}

    def count(module: str) -> int:
        if module == TOP:
            return 1
        return sum(count(user) * times for user, times in users[module].items())

    return {module: count(module) for module in cells}
