"""How many mutants of a design's Verilog its bench kills, and which survivors are no faults at all."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zeroskip.gen.emit import Emission
from zeroskip.gen.programs import unwinding
from zeroskip.gen.signature import Interface
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.config import Config
from zeroskip.sw.engines import order_of
from zeroskip.sw.image import pack, result_fields
from zeroskip.sw.tiling import Tile
from zeroskip.verif.cases import cases_of, random_case
from zeroskip.verif.cases.garbage import corrupted, garbage
from zeroskip.verif.cases.noise import noisy
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.mutation.mutants import SELECT, Mutant, mutate
from zeroskip.verif.native import RawResult, SimulationError, run_streams
from zeroskip.verif.native.results import result_of
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Result, Stalls
from zeroskip.verif.shell import shell

__all__ = ["MutationReport", "run_mutation"]

TURN = 10
"""Of so many runs one is each of the engine's special cases."""

SEQUENCE = 4
"""Cycles that the equivalence proof looks back."""


@dataclass(frozen=True)
class MutationReport:
    """``killed`` of ``mutants``; ``equivalent`` were proved to be no change, ``survivors`` were not."""

    mutants: int
    killed: int
    equivalent: list[Mutant]
    survivors: list[Mutant]

    @property
    def share(self) -> float:
        """Killed share of the mutants that are not proved equivalent."""
        real = self.mutants - len(self.equivalent)
        return self.killed / real if real else 1.0


@dataclass(frozen=True)
class _Work:
    """One run of the bench: beats and stalls, and what the design must answer.

    ``model`` is all of the answer for legal tiles; for malformed tiles before a legal one it is that of the
    legal tile alone, and ``clear_cycle`` is when the flags and counters are cleared (-1: never).
    """

    tiles: list[Tile]
    streams: dict[str, NDArray[np.uint8]]
    stalls: Stalls
    model: Result
    legal: bool
    clear_cycle: int = -1


def run_mutation(
    cfg: Config,
    count: int = 250,
    seed: int = 0,
    runs: int = 300,
    progress: Callable[[str, int, int], None] | None = None,
) -> MutationReport:
    """Try ``count`` mutants of ``cfg``'s Verilog on a bench of ``runs`` random runs.

    Every other run is of legal tiles, under every stall pattern (some are special cases of the engine),
    compared with the golden model in values, cycles, counters and activity; the others are malformed tiles
    before a legal one, or among tiles on kept windows, whose values must be those of the golden model and
    whose causes, cycles and counters are those of the unchanged design. Raises ``RuntimeError`` where the
    design itself fails its bench.
    """
    emission = Emission(cfg.core())
    text, mutants = mutate(emission.verilog, count, seed)
    controls = {SELECT: len(mutants).bit_length()}
    works = [_work(cfg, np.random.default_rng([seed, number]), number) for number in range(runs)]
    answered = [(work, _answer(cfg, work, text, controls)) for work in works]
    survivors = []
    for done, mutant in enumerate(mutants, 1):
        if all(_passes(cfg, *pair, text, controls, mutant.number) for pair in answered):
            survivors.append(mutant)
        if progress:
            progress("mutants", done, len(mutants))
    equivalent = []
    for done, mutant in enumerate(survivors, 1):
        if _is_equivalent(emission.interface, text, controls[SELECT], mutant.number):
            equivalent.append(mutant)
        if progress:
            progress("survivors", done, len(survivors))
    killed = len(mutants) - len(survivors)
    return MutationReport(len(mutants), killed, equivalent, [m for m in survivors if m not in equivalent])


def _work(cfg: Config, rng: np.random.Generator, number: int) -> _Work:
    patterns = list(PATTERNS)
    tiles, stalls = random_case(cfg, rng, patterns[number // 2 % len(patterns)])
    special = dict(zip((1, 3, 5, 7, 9), cases_of(cfg).special, strict=False)).get(number % TURN)
    if special is not None:
        tiles, stalls = special(cfg, rng)
    if number % 2:
        image = noisy(cfg, tiles, pack(cfg, tiles), rng)
        return _Work(tiles, image, stalls, golden(cfg, tiles, stalls), legal=True)
    *spoiled, good = (replace(tile, keep=False) for tile in tiles)
    if rng.random() < 0.5:
        spoiled = spoiled[:1]  # causes stay: among many tiles one that is missing does not show
    images = [corrupted(cfg, tile, rng) if rng.random() < 0.8 else garbage(cfg, rng) for tile in spoiled]
    if cfg.resident and number % TURN == 0:
        images += _kept(cfg, good)
    images.append(pack(cfg, [good]))
    streams = {name: np.concatenate([image[name] for image in images]) for name in images[0]}
    clear = int(rng.integers(200)) if rng.random() < 0.3 else -1
    return _Work([good], streams, stalls, golden(cfg, [good]), legal=False, clear_cycle=clear)


def _kept(cfg: Config, tile: Tile) -> list[dict[str, NDArray[np.uint8]]]:
    """``tile`` twice on the same windows, a discarded one in between."""
    first = replace(tile, keep=True)
    images = [pack(cfg, [first]), *(pack(cfg, [tile], before=first) for _ in range(2))]
    layout = cfg.engine.inputs(cfg)["tile"]
    bits = np.unpackbits(images[1]["tile"], axis=1, bitorder="little")
    bits[:, layout["k"].offset : layout["k"].offset + layout["k"].width] = 0
    images[1]["tile"] = np.packbits(bits, axis=1, bitorder="little")
    return images


def _simulate(cfg: Config, work: _Work, text: str, controls: dict[str, int], number: int) -> RawResult:
    return run_streams(
        cfg,
        work.streams,
        work.stalls,
        len(work.model.out_cycles) if work.legal else None,
        verilog=text,
        controls=controls,
        control=number,
        clear_cycle=work.clear_cycle,
    )


def _answer(cfg: Config, work: _Work, text: str, controls: dict[str, int]) -> RawResult:
    """The unchanged design's answer, once it is sure that the design passes."""
    plain = _simulate(cfg, work, text, controls, 0)
    if not _passes(cfg, work, plain, text, controls, 0) or (work.legal and plain.cause):
        raise RuntimeError("the design itself must pass its bench before mutants are tried, and it fails")
    return plain


def _passes(  # noqa: PLR0913, PLR0917 - a run, and the mutant it is of
    cfg: Config, work: _Work, plain: RawResult, text: str, controls: dict[str, int], number: int
) -> bool:
    """Whether the bench notices nothing."""
    try:
        raw = _simulate(cfg, work, text, controls, number)
        if work.legal:
            return not raw.error and not differences(work.model, result_of(cfg, raw, work.tiles))
    except SimulationError:
        return False
    if (raw.cause, raw.error, raw.overflow) != (plain.cause, plain.error, plain.overflow):
        return False
    return (
        np.array_equal(_last_tile(cfg, raw, len(work.model.outputs[0])), work.model.outputs[0])
        and np.array_equal(raw.beats, plain.beats)
        and np.array_equal(raw.out_cycles, plain.out_cycles)
        and raw.counters == plain.counters
    )


def _last_tile(cfg: Config, raw: RawResult, rows: int) -> NDArray[np.int64]:
    """The sums of the run's last tile, as many of its ``rows`` as came."""
    return order_of(cfg).last_tile(cfg, result_fields(cfg, raw.beats), rows)


def _is_equivalent(interface: Interface, text: str, bits: int, number: int) -> bool:
    """Whether Yosys proves, by induction over matching registers, that the mutant changes nothing."""
    sides = "".join(
        shell(interface, module, "top", {SELECT: f"{bits}'d{value}"})
        for module, value in (("gold", 0), ("gate", number))
    )
    expressions = " ".join(f"{side}/w:*.${digit}*" for side in ("gold", "gate") for digit in range(10))
    with unwinding(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "m.v").write_text(text + sides, encoding="utf-8")
        log = run_yosys(
            # What nothing reads, names that only the select has, and those of expressions (they are numbers)
            # are no points to compare at.
            "read_verilog m.v; hierarchy; proc; memory; flatten gold gate; opt_expr gold gate; "
            f"opt_clean -purge gold gate; delete gold/w:*{SELECT}* gate/w:*{SELECT}*; "
            f"rename -hide {expressions}; "
            f"equiv_make gold gate both; hierarchy -top both; opt_clean; equiv_struct; "
            f"equiv_simple -seq {SEQUENCE}; equiv_induct -seq {SEQUENCE}; tee -o status.txt equiv_status",
            folder,
        )
        status = (folder / "status.txt").read_text(encoding="utf-8") + log
    return "Equivalence successfully proven" in status
