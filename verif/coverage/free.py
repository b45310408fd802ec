"""Functional coverage of the engine ``free``: situations of docs/unstructured.md that simulations met.

The emitted Verilog is simulated with a watcher around it, which looks into the design cycle by cycle. What it
has seen comes out in place of the counters: a bit for every situation that the design can be in.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from zeroskip.gen.emit import Emission
from zeroskip.hw.decode.step import issue_layout, step_layout
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.hw.engines.free.headers import entry_layout
from zeroskip.hw.engines.free.issue import GROUP_STATES
from zeroskip.hw.engines.free.ring import window_bits
from zeroskip.sw.image import result_fields
from zeroskip.verif.coverage.share import beat_units, shared_points
from zeroskip.verif.formats import format_of
from zeroskip.verif.formats.watch import StepWatch, field
from zeroskip.verif.native import RawResult
from zeroskip.verif.shell import shell

__all__ = ["FreeCoverage", "goal", "watched"]

Points = Iterator[tuple[str, str]]

FULL = "i_tile__valid & !i_tile__ready"


def _begins(cfg: FreeConfig) -> set[int]:
    """Bits of a beat at which a step can begin."""
    plain = format_of(cfg, True).begins(cfg) if cfg.fallback else set()
    return {bit % cfg.beat_width for bit in format_of(cfg).begins(cfg) | plain}


class _Group:
    """What a watcher can say of group ``g``."""

    def __init__(self, cfg: FreeConfig, g: int) -> None:
        self.cfg, self.g, self.format = cfg, g, format_of(cfg)
        self.decoder, self.register, self.group = f"u.decoder_{g}", f"u.issue_register_{g}", f"u.group_{g}"
        self.watch = StepWatch(cfg, g)
        self.gearbox, self.step, self.fresh = self.watch.gearbox, self.watch.step, self.watch.fresh
        entry, step = entry_layout(cfg), step_layout(cfg)
        self.entry = {name: field(f"{self.decoder}.entry", entry, name) for name in entry.members}
        self.o = {name: self.watch.o(name) for name in step.members}
        self.issues = field(f"{self.register}.issue", issue_layout(cfg), "take")

    def registers(self) -> list[str]:
        """What the group did before: whether the tile was dense; tiles that it has finished."""
        g, step = self.g, self.step
        return [
            f"  reg [15:0] tiles_{g}; reg dense_{g}, begun_{g}, moved_{g}, still_{g};",
            "  always @(posedge clk) begin",
            f"    if ({step}) dense_{g} <= {self.entry['dense']};",
            f"    begun_{g} <= !rst & (begun_{g} | {step});",
            f"    tiles_{g} <= rst ? 0 : tiles_{g} + {self.decoder}.done;",
            f"    moved_{g} <= {self.group}.move; still_{g} <= moved_{g} & !{self.group}.move;",
            "  end",
        ]

    def steps(self) -> Points:
        """Steps of the storage format, and how tiles of it follow each other."""
        cfg, fmt, fresh, o = self.cfg, self.cfg.format, self.fresh, self.o
        some, final = f"|{o['pair']}", o["final"]
        kinds = {
            "pair": some,
            "final step with a pair": f"{final} & {some}",
        }
        if not self.format.always_pairs:
            kinds |= {"no pair": f"!({some})", "final step without a pair": f"{final} & !({some})"}
        if self.format.single_steps(cfg):
            kinds["tile of one step"] = f"{fresh} & {final}"
            if not self.format.always_pairs:
                kinds["tile of one step without a pair"] = f"{fresh} & {final} & !({some})"
        kinds |= self._blocks() | self.format.kinds(cfg, self.watch)
        for name, condition in kinds.items():
            yield f"{fmt}: {name}", f"{self.step} & !{self.entry['dense']} & {condition}"
        begins, dense = f"{self.step} & {fresh}", self.entry["dense"]
        if cfg.fallback:
            yield f"{fmt}: dense after sparse", f"{begins} & {dense} & begun_{self.g} & !dense_{self.g}"
            yield f"{fmt}: sparse after dense", f"{begins} & !{dense} & begun_{self.g} & dense_{self.g}"
        if cfg.resident:
            kept = f"{begins} & !{self.entry['loads']}"
            yield f"{fmt}: tile that keeps its windows", f"{begins} & {o['keep']}"
            yield f"{fmt}: tile on kept windows", kept
            if cfg.fallback:
                yield f"{fmt}: dense tile on kept windows", f"{kept} & {dense}"

    def _blocks(self) -> dict[str, str]:
        """How the block of a step follows that of the step before."""
        cfg, fresh, block, before = self.cfg, self.fresh, self.o["block"], f"{self.decoder}.block"
        kinds = {}
        if self.format.several_per_block(cfg):
            kinds["same block"] = f"!{fresh} & {block} == {before}"
        if cfg.blocks(cfg.k_max) > 1:
            kinds["next block"] = f"!{fresh} & {block} == {before} + 1"
        if self.format.jumps(cfg):
            kinds["block left out"] = f"!{fresh} & {block} > {before} + 1"
            kinds["first block left out"] = f"{fresh} & {block} != 0"
        return kinds

    def format_points(self) -> Points:
        """Situations that only the format has."""
        for name, condition in self.format.points(self.cfg, self.watch):
            yield f"{self.cfg.format}: {name}", condition

    def bits(self, units: int) -> Points:
        """The gearbox: where beats come in, and where in a beat steps begin."""
        cfg, fmt, box = self.cfg, self.cfg.format, self.gearbox
        waits = f"{box}.i__valid & !{box}.i__ready"
        there = f"{self.decoder}.there & !{self.entry['bad']}"
        yield f"{fmt}: beat into an empty gearbox", f"{box}.load & !{box}.over & !{box}.left_one"
        yield f"{fmt}: beat with the final step", f"{box}.load & {box}.over"
        yield f"{fmt}: beat waits for the final step", f"{waits} & {box}.ended"
        yield f"{fmt}: step waits for a header", f"{box}.there & !{self.decoder}.there"
        yield f"{fmt}: step waits for its bits", f"{there} & !{box}.there & !{box}.ended"
        yield f"{fmt}: step waits for the one before", f"{there} & {box}.there & !{self.decoder}.room"
        if cfg.k_max > 1:
            yield f"{fmt}: beat behind another", f"{box}.load & !{box}.over & {box}.left_one"
            yield f"{fmt}: beat waits for room", f"{waits} & !{box}.ended"
        if units > 1 and self.format.crosses(cfg):
            yield (
                f"{fmt}: step of two beats",
                f"{self.step} & {box}.there & {box}.offset + {box}.need > {units}",
            )
        if units > 1:
            for bit in sorted(_begins(cfg)):
                name = f"{fmt}, beats of {cfg.beat_width}: step at bit {bit}"
                at = f"{box}.offset == {bit * units // cfg.beat_width}"
                yield name, f"{self.step} & {box}.there & {at}"

    def windows(self) -> Points:
        """How the group stands to the ring, and what it waits for."""
        cfg, register = self.cfg, self.register
        ahead = f"({register}.past - u.ring.newest)"
        width = window_bits(cfg)
        for number, state in enumerate(GROUP_STATES):
            if state != "stall_sync" or cfg.schedule == "lockstep":
                yield f"{cfg.schedule}: {state}", f"{self.group}.move & {register}.state[{number}]"
        yield f"{cfg.schedule}: stall_drain", f"!{self.group}.move"
        yield f"{cfg.schedule}: frozen for one cycle", f"still_{self.g} & {self.group}.move"
        if cfg.resident and cfg.groups > 1:
            yield f"{cfg.format}: no header of eight left to read", f"!{self.decoder}.there & {FULL}"
        if self.format.jumps(cfg):
            beyond = f"{ahead} != 0 & !({ahead} >> {width - 1} & 1)"
            yield f"{cfg.schedule}: past windows that are not held", beyond
        for other in range(cfg.groups):
            if other != self.g:
                frozen = f"!{self.group}.move & u.group_{other}.move & {_Group(cfg, other).issues}"
                more = f"(tiles_{self.g} - tiles_{other})"
                if not (cfg.share and other == self.g ^ 1):  # partners freeze together
                    yield f"{cfg.schedule}: one group frozen, another issues", frozen
                yield f"{cfg.schedule}: a tile ahead", f"{more} == 1"
                if cfg.schedule != "lockstep":
                    yield f"{cfg.schedule}: two tiles ahead or more", f"{more} > 1 & !({more} >> 15)"
        if cfg.gate:
            works, gated = f"|{self.group}.working", f"{self.group}.gated"
            yield "gated: no PE that has a pair", f"{works} & {gated} == 0"
            yield "gated: every PE that has a pair", f"{works} & &{gated}"
            yield "gated: some PEs that have a pair", f"{works} & |{gated} & !(&{gated})"
        if cfg.rows > 1:
            refilled = f"{self.group}.pipeline.load & |{self.group}.full"
            yield "drain registers refilled as the last row leaves", refilled


def _array(cfg: FreeConfig) -> Points:
    """Header queue, loader, ring and result stream."""
    schedule = cfg.schedule
    entry = {name: field("u.loader.entry", entry_layout(cfg), name) for name in ("bad", "loads")}
    loads = f"u.loader.there & !{entry['bad']} & {entry['loads']}"
    yield "header queue full", FULL
    yield "row waits for the sink", "o_c__valid & !o_c__ready"
    yield f"{schedule}: ring full", f"u.ring.held == {cfg.ring}"
    yield f"{schedule}: `b` waits for room", f"i_b__valid & u.ring.held == {cfg.ring} & {loads}"
    yield f"{schedule}: ring empty under a tile that loads", f"u.ring.held == 0 & {loads}"
    yield f"{schedule}: a window comes as one leaves", "loaded & u.ring.held == held"
    if cfg.rows > 1:
        yield "several rows full", "|(u.collector.full & (u.collector.full - 1))"
        yield "all rows full", "&u.collector.full"


@cache
def points(cfg: FreeConfig) -> Mapping[str, str]:
    """Situations that a design can be in, and what a watcher sees of them: a Verilog condition each."""
    units = beat_units(cfg)
    found: dict[str, list[str]] = {}
    groups = [_Group(cfg, g) for g in range(cfg.groups)]
    own = (p for g in groups for p in (g.steps(), g.bits(units), g.windows(), g.format_points()))
    for several in (_array(cfg), *own, shared_points(cfg)):
        for name, condition in several:
            found.setdefault(name, []).append(f"({condition})")
    return {name: " | ".join(conditions) for name, conditions in found.items()}


def _rows(cfg: FreeConfig) -> list[str]:
    """The row of a tile that comes out last can be any."""
    return [f"row {row} of {cfg.rows} is a tile's last" for row in range(cfg.rows)]


def goal(cfgs: Sequence[FreeConfig]) -> list[str]:
    """Every bin's name."""
    return list(dict.fromkeys(name for cfg in cfgs for name in [*points(cfg), *_rows(cfg)]))


def watched(cfg: FreeConfig) -> str:
    """Verilog of a design whose ``o_counters`` has a bit for each of ``points``: whether it was ever true."""
    emission = Emission(cfg.core(), "core")
    conditions = list(points(cfg).values())
    room = cfg.engine.counters(cfg).size
    if len(conditions) > room:
        raise ValueError(f"cfg must have at most {room} situations to watch, not {len(conditions)}")
    # conditions compare words of any widths; the numbers of Verilog have 32 bits
    lines = ["  // verilator lint_off WIDTH", f"  wire [{room - 1}:0] counted, now; reg [{room - 1}:0] seen;"]
    lines += ["  reg loaded; reg [15:0] held;"]
    lines += [line for g in range(cfg.groups) for line in _Group(cfg, g).registers()]
    lines += ["  always @(posedge clk) begin loaded <= u.ring.loaded; held <= u.ring.held; end"]
    lines += [f"  assign now[{number}] = {condition};" for number, condition in enumerate(conditions)]
    lines += [f"  assign now[{room - 1}:{len(conditions)}] = 0;"] if len(conditions) < room else []
    lines += ["  always @(posedge clk) seen <= rst ? 0 : seen | now;", "  assign o_counters = seen | now;"]
    return emission.verilog + shell(emission.interface, "top", "core", {"o_counters": "counted"}, lines)


class FreeCoverage:
    """Counts of the bins' hits over all simulations observed; ``hits`` maps name to count."""

    def __init__(self, cfgs: Sequence[FreeConfig]) -> None:
        self.hits: Counter[str] = Counter(dict.fromkeys(goal(cfgs), 0))

    @property
    def missing(self) -> list[str]:
        """Bins never hit."""
        return [name for name, count in self.hits.items() if not count]

    def observe(self, cfg: FreeConfig, run: RawResult) -> None:
        """Count the bins that ``run``, a whole one of ``watched(cfg)``, went through."""
        seen = sum(count << 32 * number for number, count in enumerate(run.counters.values()))
        found = {name for number, name in enumerate(points(cfg)) if seen >> number & 1}
        rows = result_fields(cfg, run.beats)["row"]
        of_tile = [np.count_nonzero(rows[:beat] == row) for beat, row in enumerate(rows)]
        last = {tile: int(row) for tile, row in zip(of_tile, rows, strict=True)}
        self.hits.update(found | {_rows(cfg)[row] for row in last.values()})
