"""Functional coverage of the unstructured designs: situations of docs/unstructured.md that simulations met.

The emitted Verilog is simulated with a watcher around it, which looks into the design cycle by cycle. What it
has seen comes out in place of the counters: a bit for every situation that the design can be in.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from zeroskip.gen.emit import Emission
from zeroskip.hw.bit_config import BitConfig
from zeroskip.hw.decode.group import step_layout
from zeroskip.hw.digit_config import BitBalanceConfig
from zeroskip.hw.format_config import (
    SUPER,
    ActivationConfig,
    BitmaskConfig,
    BSRConfig,
    COOConfig,
    CSCConfig,
    CSRConfig,
    ELLConfig,
    PlainConfig,
    RLCConfig,
)
from zeroskip.hw.ports import counters_layout
from zeroskip.hw.schedule.headers import entry_layout
from zeroskip.hw.schedule.place import GROUP_STATES, issue_layout
from zeroskip.hw.schedule.ring import window_bits
from zeroskip.hw.sparse_config import SparseConfig
from zeroskip.hw.top import top_level
from zeroskip.sw.image import output_matrix
from zeroskip.verif.bit_begins import bit_begins, crosses
from zeroskip.verif.bit_coverage import bit_points
from zeroskip.verif.native import RawResult
from zeroskip.verif.share_coverage import beat_units, field, shared_points
from zeroskip.verif.shell import shell

__all__ = ["SparseCoverage", "goal", "watched"]

Points = Iterator[tuple[str, str]]

FULL = "i_tile__valid & !i_tile__ready"


def format_name(cfg: SparseConfig) -> str:
    """The storage format, of ``bitmask`` with the number of levels."""
    return f"bitmask of {cfg.levels}" if isinstance(cfg, BitmaskConfig) else cfg.design


def jumps(cfg: SparseConfig) -> bool:
    """Whether a step can be more than one block after the step before."""
    match cfg:
        case PlainConfig() | ActivationConfig() | BitConfig():
            return False
        case BitmaskConfig():
            return cfg.levels == 2
        case RLCConfig():
            return 1 << cfg.run_bits > cfg.block
    return True


def _begins(cfg: SparseConfig) -> set[int]:
    """Bits of a beat at which a step can begin."""
    k, v = cfg.k_max, cfg.a_width
    bits = {n * cfg.group * v for n in range(k)} if cfg.fallback or isinstance(cfg, PlainConfig) else {0}
    match cfg:
        case BitConfig():
            bits |= bit_begins(cfg)
        case ActivationConfig():
            bits |= set(range(0, k * v, cfg.scan * v))
        case BitmaskConfig():
            for masks in range(1, cfg.blocks(k) + 1):
                top = SUPER * -(-masks // SUPER) if cfg.levels == 2 else 0
                least = masks if cfg.levels == 2 else 0  # values
                most = min(masks * cfg.block, k - 1)
                bits |= {top + masks * cfg.block + n * v for n in range(least, most + 1)}
        case RLCConfig():
            bits |= set(range(0, k * cfg.slot, cfg.slot))
        case BSRConfig():
            size, blocks = cfg.block_cols, -(-k // cfg.block_cols)
            after = {2 + b * (1 + size) + column for b in range(blocks) for column in range(1, size + 1)}
            bits |= {slots * cfg.slot for slots in after if slots < 1 + blocks * (1 + size)}
        case CSCConfig():
            slots = range(3, 1 + k * (1 + cfg.group) - cfg.group, 2 if cfg.group == 1 else 1)
            bits |= {number * cfg.slot for number in slots}
        case CSRConfig() | COOConfig() | ELLConfig():
            bits |= {slots * cfg.slot for slots in range(2, k + 1)}
    return {bit % cfg.beat_width for bit in bits}


class _Group:
    """What a watcher can say of group ``g``."""

    def __init__(self, cfg: SparseConfig, g: int) -> None:
        self.cfg, self.g = cfg, g
        self.decoder, self.place, self.group = f"u.decoder_{g}", f"u.place_{g}", f"u.group_{g}"
        self.gearbox = f"{self.decoder}.gearbox"
        self.step, self.fresh = f"{self.decoder}.step", f"{self.decoder}.parser.fresh"
        entry, step = entry_layout(cfg), step_layout(cfg)
        self.entry = {name: field(f"{self.decoder}.entry", entry, name) for name in entry.members}
        self.o = {name: field(f"{self.decoder}.o", step, name) for name in step.members}
        self.issues = field(f"{self.place}.issue", issue_layout(cfg), "take")

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
        cfg, fmt, fresh, o = self.cfg, format_name(self.cfg), self.fresh, self.o
        some, final = f"|{o['pair']}", o["final"]
        kinds = {
            "pair": some,
            "final step with a pair": f"{final} & {some}",
        }
        if not isinstance(cfg, PlainConfig):
            kinds |= {"no pair": f"!({some})", "final step without a pair": f"{final} & !({some})"}
        if not (isinstance(cfg, BitBalanceConfig) and cfg.ones > 1):
            kinds["tile of one step"] = f"{fresh} & {final}"
            if not isinstance(cfg, PlainConfig):
                kinds["tile of one step without a pair"] = f"{fresh} & {final} & !({some})"
        kinds |= self._blocks()
        match cfg:
            case ActivationConfig():
                kinds["element of a scan that stays"] = f"{self.gearbox}.take == 0"
            case ELLConfig() | RLCConfig() | BSRConfig():
                kinds["no pair inside a tile"] = f"!{fresh} & !({some}) & !{final}"
            case CSCConfig() if cfg.group > 1:
                pairs = " + ".join(f"{self.decoder}.o[{self._pair(q)}]" for q in range(cfg.group))
                kinds |= {f"column of {n}": f"({pairs}) == {n}" for n in range(1, cfg.group + 1)}
        for name, condition in kinds.items():
            yield f"{fmt}: {name}", f"{self.step} & !{self.entry['dense']} & {condition}"
        begins, dense = f"{self.step} & {fresh}", self.entry["dense"]
        if cfg.fallback:
            yield f"{fmt}: dense after sparse", f"{begins} & {dense} & begun_{self.g} & !dense_{self.g}"
            yield f"{fmt}: sparse after dense", f"{begins} & !{dense} & begun_{self.g} & dense_{self.g}"
        if cfg.schedule == "resident":
            kept = f"{begins} & !{self.entry['loads']}"
            yield f"{fmt}: tile that keeps its windows", f"{begins} & {o['keep']}"
            yield f"{fmt}: tile on kept windows", kept
            if cfg.fallback:
                yield f"{fmt}: dense tile on kept windows", f"{kept} & {dense}"

    def _blocks(self) -> dict[str, str]:
        """How the block of a step follows that of the step before."""
        cfg, fresh, block, before = self.cfg, self.fresh, self.o["block"], f"{self.decoder}.block"
        kinds = {}
        if cfg.k_max > 1 or (isinstance(cfg, BitConfig) and cfg.most_steps > 1):
            kinds["same block"] = f"!{fresh} & {block} == {before}"
        if cfg.blocks(cfg.k_max) > 1:
            kinds["next block"] = f"!{fresh} & {block} == {before} + 1"
        if jumps(cfg):
            kinds["block left out"] = f"!{fresh} & {block} > {before} + 1"
            kinds["first block left out"] = f"{fresh} & {block} != 0"
        return kinds

    def _pair(self, q: int) -> int:
        return int(step_layout(self.cfg)["pair"].offset) + q

    def bits(self, units: int) -> Points:
        """The gearbox: where beats come in, and where in a beat steps begin."""
        cfg, fmt, box = self.cfg, format_name(self.cfg), self.gearbox
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
        if units > 1 and crosses(cfg):
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
        cfg, place = self.cfg, self.place
        ahead = f"({place}.past - u.ring.newest)"
        width = window_bits(cfg)
        for number, state in enumerate(GROUP_STATES):
            if state != "stall_sync" or cfg.schedule == "lockstep":
                yield f"{cfg.schedule}: {state}", f"{self.group}.move & {place}.state[{number}]"
        yield f"{cfg.schedule}: stall_drain", f"!{self.group}.move"
        yield f"{cfg.schedule}: frozen for one cycle", f"still_{self.g} & {self.group}.move"
        if cfg.schedule == "resident" and cfg.groups > 1:
            yield f"{format_name(cfg)}: no header of eight left to read", f"!{self.decoder}.there & {FULL}"
        if jumps(cfg):
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
        if cfg.rows > 1:
            refilled = f"{self.group}.pipeline.load & |{self.group}.full"
            yield "drain registers refilled as the last row leaves", refilled


def _array(cfg: SparseConfig) -> Points:
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


def points(cfg: SparseConfig) -> dict[str, str]:
    """Situations that a design can be in, and what a watcher sees of them: a Verilog condition each."""
    units = beat_units(cfg)
    found: dict[str, list[str]] = {}
    groups, fmt = [_Group(cfg, g) for g in range(cfg.groups)], format_name(cfg)
    own = (p for g in groups for p in (g.steps(), g.bits(units), g.windows()))
    for several in (_array(cfg), *own, shared_points(cfg, fmt), bit_points(cfg, fmt)):
        for name, condition in several:
            found.setdefault(name, []).append(f"({condition})")
    return {name: " | ".join(conditions) for name, conditions in found.items()}


def _rows(cfg: SparseConfig) -> list[str]:
    """The row of a tile that comes out last can be any."""
    return [f"row {row} of {cfg.rows} is a tile's last" for row in range(cfg.rows)]


def goal(cfgs: Sequence[SparseConfig]) -> list[str]:
    """Every bin's name."""
    return list(dict.fromkeys(name for cfg in cfgs for name in [*points(cfg), *_rows(cfg)]))


def watched(cfg: SparseConfig) -> str:
    """Verilog of a design whose ``o_counters`` has a bit for each of ``points``: whether it was ever true."""
    emission = Emission(top_level(cfg), "core")
    conditions = list(points(cfg).values())
    room = counters_layout(cfg).size
    if len(conditions) > room:
        raise ValueError(f"cfg must have at most {room} situations to watch, not {len(conditions)}")
    lines = [f"  wire [{room - 1}:0] counted, now; reg [{room - 1}:0] seen;"]
    lines += ["  reg loaded; reg [15:0] held;"]
    lines += [line for g in range(cfg.groups) for line in _Group(cfg, g).registers()]
    lines += ["  always @(posedge clk) begin loaded <= u.ring.loaded; held <= u.ring.held; end"]
    lines += [f"  assign now[{number}] = {condition};" for number, condition in enumerate(conditions)]
    lines += [f"  assign now[{room - 1}:{len(conditions)}] = 0;"] if len(conditions) < room else []
    lines += ["  always @(posedge clk) seen <= rst ? 0 : seen | now;", "  assign o_counters = seen | now;"]
    return emission.verilog + shell(emission.interface, "top", "core", {"o_counters": "counted"}, lines)


class SparseCoverage:
    """Counts of the bins' hits over all simulations observed; ``hits`` maps name to count."""

    def __init__(self, cfgs: Sequence[SparseConfig]) -> None:
        self.hits: Counter[str] = Counter(dict.fromkeys(goal(cfgs), 0))

    @property
    def missing(self) -> list[str]:
        """Bins never hit."""
        return [name for name, count in self.hits.items() if not count]

    def observe(self, cfg: SparseConfig, run: RawResult) -> None:
        """Count the bins that ``run``, a whole one of ``watched(cfg)``, went through."""
        seen = sum(count << 32 * number for number, count in enumerate(run.counters.values()))
        found = {name for number, name in enumerate(points(cfg)) if seen >> number & 1}
        _, rows = output_matrix(cfg, run.beats)
        of_tile = [np.count_nonzero(rows[:beat] == row) for beat, row in enumerate(rows)]
        last = {tile: int(row) for tile, row in zip(of_tile, rows, strict=True)}
        self.hits.update(found | {_rows(cfg)[row] for row in last.values()})
