"""What a design costs in an FPGA's cells, by module and by room, from synthesis alone (no placement)."""

import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zeroskip.fpga.rooms import OTHER, ROOMS, room_of
from zeroskip.gen.emit import emit_parts
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.config import ArrayConfig

__all__ = ["TARGETS", "Cost", "cost"]

TOP = "top"


@dataclass(frozen=True)
class Target:
    """A Yosys synthesis command, which of its cells belong to each column, and LUT4 that a cell takes up."""

    synth: str
    groups: Mapping[str, tuple[str, ...]]
    luts: Mapping[str, int]


TARGETS: dict[str, Target] = {
    "ecp5": Target(
        "synth_ecp5",
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
}


@dataclass(frozen=True)
class Cost:
    """Cells of one synthesised design.

    ``modules`` maps a module to its own cells (instances' not included), ``instances`` to how often it is
    there, ``rooms`` a room of the architecture to the cells of all its modules; ``total`` is the whole
    design. Counts are of the groups of ``TARGETS``. A flattened design has one module and no rooms.
    """

    target: str
    multipliers: int
    modules: dict[str, dict[str, int]]
    instances: dict[str, int]
    rooms: dict[str, dict[str, int]]
    total: dict[str, int]

    def per_mac(self, group: str) -> float:
        """Cells of a group per multiplier."""
        return self.total[group] / self.multipliers

    def luts(self, cells: Mapping[str, int]) -> int:
        """LUT4 that cells take up: those of carry chains and of RAM made from LUTs too."""
        return sum(weight * cells[group] for group, weight in TARGETS[self.target].luts.items())

    def share(self, room: str) -> float:
        """The part of the design's ``luts`` that is in a room."""
        return self.luts(self.rooms[room]) / self.luts(self.total)

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
                room: {"luts": self.luts(cells), "share": self.share(room), "cells": cells}
                for room, cells in self.rooms.items()
            },
        }


def cost(
    cfg: ArrayConfig,
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
    mapped as fast as it can be, whatever area that takes.

    Raises ``ValueError`` for an unknown target or a delay that is not from 0.001 to 1000, ``RuntimeError``
    where Yosys is missing or fails.
    """
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
    if delay is not None and not 0.001 <= delay <= 1000:
        raise ValueError(f"delay must be from 0.001 to 1000 ns, not {delay}")
    chosen = TARGETS[target]
    flags = ("" if flatten else " -noflatten") + ("" if dsp else " -nodsp")
    verilog, components = emit_parts(cfg, TOP)
    found = _synthesised(verilog, f"{chosen.synth}{flags} -top {TOP}", delay)
    cells = {module.lstrip("\\"): entry["num_cells_by_type"] for module, entry in found["modules"].items()}
    modules = {module: _grouped(chosen, counts) for module, counts in cells.items()}
    instances = _instances(cells)
    rooms: dict[str, Counter[str]] = {room: Counter() for room in (*ROOMS.values(), OTHER)}
    for module, own in modules.items():
        # what a shared module has inside that is no shared module itself is named `shared.inside`
        room = rooms[room_of(components[module.split(".")[0]])]
        room.update({group: count * instances[module] for group, count in own.items()})
    return Cost(
        target=target,
        multipliers=cfg.multipliers,
        modules=modules,
        instances=instances,
        rooms={} if flatten else {room: dict(whole) for room, whole in rooms.items() if whole},
        total=_grouped(chosen, found["design"]["num_cells_by_type"]),
    )


def _synthesised(verilog: str, synth: str, delay: float | None) -> dict[str, Any]:
    """Yosys' statistics of a synthesised design."""
    # The mapper takes wires `x` and `x[0]`, both of which Amaranth emits, for the same (Yosys issue 4349) and
    # fails where it has hierarchy to respect: it gets wires without names of their own.
    script = f"read_verilog top.v; {synth} -run :map_luts; rename -hide w:*; {synth} -run map_luts:"
    if delay is not None:
        script = f"scratchpad -set abc9.D {round(1000 * delay)}; {script}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "top.v").write_text(verilog, encoding="utf-8")
        run_yosys(f"{script}; tee -q -o stat.json stat -json", folder)
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
