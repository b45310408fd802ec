"""What a design costs in cells or gates, by module and by room, from synthesis alone (no placement)."""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zeroskip.gen.emit import emit_parts
from zeroskip.gen.programs import unwinding
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.config import Config, check_config
from zeroskip.hw.lib.room import Room

__all__ = ["TARGETS", "Cost", "cost"]

TOP = "top"


@dataclass(frozen=True)
class Target:
    """A Yosys script, which of its cells belong to each column, and the area of a cell in ``unit``.

    ``script`` is of whether to flatten, whether there are DSP blocks, and the delay in ns, or None.
    """

    script: Callable[[bool, bool, float | None], str]
    unit: str
    groups: Mapping[str, tuple[str, ...]]
    area: Mapping[str, float]


def _ecp5(flatten: bool, dsp: bool, delay: float | None) -> str:
    flags = ("" if flatten else " -noflatten") + ("" if dsp else " -nodsp")
    script = f"synth_ecp5{flags} -top {TOP}"
    return script if delay is None else f"scratchpad -set abc9.D {round(1000 * delay)}; {script}"


def _gates(flatten: bool, dsp: bool, delay: float | None) -> str:
    """Logic and flip-flops, which have no initial values; memories stay what they are."""
    if delay is not None:
        raise ValueError(f"delay must be left out for gates, which have none here, not {delay}")
    parts = "flatten; " if flatten else ""
    return (
        f"hierarchy -top {TOP}; proc; setattr -unset init w:*; {parts}opt; wreduce; peepopt; opt_clean; "
        "alumacc; share; opt; memory -nomap; opt -full; techmap; opt; dfflegalize -cell $_DFF_P_ x; "
        "opt_clean; abc -g AND,NAND,OR,NOR,XOR,XNOR,MUX; opt_clean"
    )


TARGETS: dict[str, Target] = {
    "ecp5": Target(
        _ecp5,
        "LUT4, carry and RAM included",
        {
            "LUT4": ("LUT4",),
            "carry": ("CCU2C",),
            "FF": ("TRELLIS_FF",),
            "DSP": ("MULT18X18D", "ALU54B"),
            "BRAM": ("DP16KD",),
            "LUTRAM": ("TRELLIS_DPR16X4",),
            "PFUMX": ("PFUMX", "L6MUX21"),
        },
        # A slice has two LUT4. A carry cell is one slice; 16 words of 4 bits with two ports are three.
        {"LUT4": 1, "carry": 2, "LUTRAM": 6},
    ),
    "gates": Target(
        _gates,
        "NAND2 equivalents, without memories",
        {
            "inverter": ("$_NOT_",),
            "NAND": ("$_NAND_", "$_NOR_"),
            "AND": ("$_AND_", "$_OR_"),
            "XOR": ("$_XOR_", "$_XNOR_"),
            "MUX": ("$_MUX_",),
            "FF": ("$_DFF_P_",),
            "memory": ("$mem_v2",),
        },
        # Areas of the smallest cells of the Nangate 45 nm Open Cell Library over that of NAND2_X1.
        {"inverter": 0.667, "NAND": 1, "AND": 1.333, "XOR": 2, "MUX": 2.333, "FF": 5.667},
    ),
}


@dataclass(frozen=True)
class Cost:
    """Cells of one synthesised design, whose peak throughput is ``multipliers`` MACs per cycle.

    ``modules`` maps a module to its own cells (instances' not included), ``instances`` to how often it is
    there, ``rooms`` a room of the architecture to the cells of all its modules; ``total`` is the whole
    design. Counts are of the groups of ``TARGETS``. A flattened design has one module and no rooms.
    """

    target: str
    multipliers: float
    modules: dict[str, dict[str, int]]
    instances: dict[str, int]
    rooms: dict[str, dict[str, int]]
    total: dict[str, int]

    def per_mac(self, group: str) -> float:
        """Cells of a group per MAC per cycle."""
        return self.total[group] / self.multipliers

    def area(self, cells: Mapping[str, int]) -> float:
        """What cells take up, in the ``unit`` of their target."""
        return sum(weight * cells[group] for group, weight in TARGETS[self.target].area.items())

    def share(self, room: str) -> float:
        """The part of the design's ``area`` that is in a room."""
        return self.area(self.rooms[room]) / self.area(self.total)

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
            "rooms": {
                room: {"area": self.area(cells), "share": self.share(room), "cells": cells}
                for room, cells in self.rooms.items()
            },
        }


def cost(
    cfg: Config,
    target: str = "ecp5",
    *,
    flatten: bool = False,
    dsp: bool = True,
    delay: float | None = None,
) -> Cost:
    """Synthesise and count.

    Hierarchical by default, which gives costs by module and by room; ``flatten`` lets Yosys optimise across
    modules. ``dsp=False`` builds multipliers from LUTs. ``delay`` is what logic between two registers, or a
    register and a module's port, may take in ns: what is faster gives area back. Without it every module is
    mapped as fast as it can be, whatever area that takes. Gates have no DSP blocks, memories or times.

    Raises ``ValueError`` for an unknown target or a delay that is not from 0.001 to 1000, ``RuntimeError``
    where Yosys is missing or fails.
    """
    check_config(cfg)
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
    if delay is not None and not 0.001 <= delay <= 1000:
        raise ValueError(f"delay must be from 0.001 to 1000 ns, not {delay}")
    chosen = TARGETS[target]
    script = chosen.script(flatten, dsp, delay)
    verilog, components = emit_parts(cfg.core(), TOP)
    found = _synthesised(verilog, script)
    cells = {module.lstrip("\\"): entry["num_cells_by_type"] for module, entry in found["modules"].items()}
    modules = {module: _grouped(chosen, counts) for module, counts in cells.items()}
    instances = _instances(cells)
    rooms: dict[str, Counter[str]] = {room: Counter() for room in Room}
    for module, own in modules.items():
        # what a shared module has inside that is no shared module itself is named `shared.inside`
        room = rooms[components[module.split(".")[0]].books]
        room.update({group: count * instances[module] for group, count in own.items()})
    return Cost(
        target=target,
        multipliers=cfg.peak_macs,
        modules=modules,
        instances=instances,
        rooms={} if flatten else {str(room): dict(whole) for room, whole in rooms.items() if whole},
        total=_grouped(chosen, found["design"]["num_cells_by_type"]),
    )


def _synthesised(verilog: str, script: str) -> dict[str, Any]:
    """Yosys' statistics of a synthesised design."""
    with unwinding(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "top.v").write_text(verilog, encoding="utf-8")
        run_yosys(f"read_verilog top.v; {script}; tee -q -o stat.json stat -json", folder)
        found: dict[str, Any] = json.loads((folder / "stat.json").read_text(encoding="utf-8"))
    return found


def _grouped(target: Target, counts: Mapping[str, int]) -> dict[str, int]:
    return {group: sum(counts.get(cell, 0) for cell in names) for group, names in target.groups.items()}


def _instances(cells: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How often each module is there in the whole design."""
    users = {module: {u: c[module] for u, c in cells.items() if module in c} for module in cells}

    def count(module: str) -> int:
        if module == TOP:
            return 1
        return sum(count(user) * times for user, times in users[module].items())

    return {module: count(module) for module in cells}
