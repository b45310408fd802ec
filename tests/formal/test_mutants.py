"""Each harness sees the component it is about being broken: a run from reset that breaks a claim."""

import inspect
import sys
from dataclasses import dataclass
from types import ModuleType

import pytest
from zeroskip.hw.array import drain, output_stationary
from zeroskip.hw.decode.formats import PARSERS
from zeroskip.hw.schedule import lockstep, progress, window

from zeroskip.hw import core
from zeroskip.hw.decode import dense, nm_bitmask, nm_index
from zeroskip.hw.pe import mac
from zeroskip.verif.formal import PROOFS, Harness, prove
from zeroskip.verif.formal.bit_proofs import bit_proofs
from zeroskip.verif.formal.sparse_proofs import sparse_proofs

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Mutant:
    theorem: str
    module: ModuleType
    old: str
    new: str


MUTANTS = [
    Mutant("window-1", window, "last.eq(self.i.payload.last),", "last.eq(0),"),
    Mutant("window-2", window, "(self.i.valid & (count == chunks - 1)) | short", "self.i.valid | short"),
    Mutant("window-4", window, "~short & (self.o.ready | ~final)", "self.o.ready | ~final"),
    Mutant("window-4", window, "(count == place)", "(count >= place)"),
    Mutant("window-4", window, "[count.eq(0), short.eq(0)]", "[short.eq(0)]"),
    Mutant("drain-1x1", drain, "self.valid & self.ready", "self.valid"),
    Mutant("drain-3x2", drain, "left == 1", "left == 2"),
    Mutant("drain-3x2", drain, "~self.valid | (self.last & self.ready)", "~self.valid | self.last"),
    Mutant("drain-3x2", drain, "~self.valid | (self.last & self.ready)", "~self.valid"),
    Mutant("drain-3x2", output_stationary, "in reversed(range(cfg.rows))", "in range(cfg.rows)"),
    Mutant("drain-3x2", output_stationary, "valid & end & drain.free", "valid & end"),
    Mutant(
        "recovery-dense", lockstep, "flush[name].eq(discard | ~lasts[name])", "flush[name].eq(~lasts[name])"
    ),
    Mutant(
        "recovery-index", lockstep, "(first & side.payload.last) | (~first & memory)", "side.payload.last"
    ),
    Mutant("recovery-bitmask", lockstep, "progress.accept.eq(~flushing)", "progress.accept.eq(1)"),
    Mutant("recovery-dense", lockstep, "(flush[name] | asked)", "(asked)"),
    Mutant("recovery-bitmask-parallel", lockstep, "progress.held & progress.bad & ~flushing", "progress.bad"),
    Mutant("recovery-dense", progress, "(header.rows == 0)", "(header.rows == 1)"),
    Mutant("counted-beats-dense", progress, "k.eq(k - cfg.block)", "k.eq(k - 1)"),
    Mutant("counted-beats-index", progress, "left <= cfg.lanes", "left < cfg.lanes"),
    Mutant("counted-beats-bitmask", progress, "left.eq(left - cfg.lanes)", "left.eq(left)"),
    Mutant("counted-beats-bitmask-parallel", progress, "many | (k[:low] > p)", "(k[:low] > p)"),
    Mutant("index-row-serial", nm_index, "index <= previous", "index < previous"),
    Mutant("index-row-lanes", nm_index, "self.i_row[lane - 1].index if lane", "self.i_row[0].index if 0"),
    Mutant("bitmask-row-serial", nm_bitmask, "mask & (mask - 1), mask", "mask, mask"),
    Mutant("bitmask-row-parallel", nm_bitmask, "reversed(range(cfg.block))", "range(cfg.block)"),
    Mutant("bitmask-row-lanes", nm_bitmask, "beat.final & mask.any()", "beat.first & mask.any()"),
    Mutant("sum-of-products-dense", mac, "m.If(control.clear)", "m.If(0)"),
    Mutant("sum-of-products-nm-parallel", mac, "self.b[lane + i]", "self.b[i]"),
    Mutant("sum-of-products-gated", mac, "control.final[stage] if cfg.lanes == 1 else 1", "0"),
    Mutant("sum-of-products-gated-lanes", mac, "any_of(actives)", "actives[0]"),
    Mutant("sum-of-products-saturate", mac, "Mux(below, low, exact)", "exact"),
    Mutant("sum-of-products-wrap", mac, "accumulate & (above | below)", "accumulate & above"),
    Mutant("gated-equals-dense-1", mac, "control.final[stage] if cfg.lanes == 1 else 1", "0"),
    Mutant("gated-equals-dense-2", mac, "control.final[stage] if cfg.lanes == 1 else 1", "0"),
    *(
        Mutant(f"gated-equals-dense-{lanes}", mac, "control.move[0] & active if", "control.move[0] if")
        for lanes in (1, 2)
    ),
    Mutant("rows-owed-dense", core, "m.If(array.move)", "m.If(1)"),
    Mutant("rows-owed-bitmask", drain, "self.valid & self.ready", "self.valid"),
    Mutant("results-dense", dense, "self.beat.lanes[lane] & self.used", "self.beat.first & self.used & 0"),
    Mutant("results-index", core, "schedule.beat.take & schedule.beat.first", "schedule.beat.take"),
    Mutant("independent-window-2", window, "& (count == chunks - 1)) | short", "& self.o.ready) | short"),
    Mutant("independent-drain", drain, "self.valid.eq(left != 0)", "self.valid.eq((left != 0) & self.ready)"),
    Mutant("independent-core-dense", output_stationary, "o.valid.eq(drain.valid)", "o.valid.eq(drain.shift)"),
    Mutant("independent-core-bitmask-mask", lockstep, "if other != name", "if other"),
]


def install(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    """Put the classes of the changed source in the place of the originals, wherever these are imported."""
    source = inspect.getsource(mutant.module)
    assert source.count(mutant.old) == 1, f"{mutant.old} must be in {mutant.module.__name__} once"
    changed = ModuleType(mutant.module.__name__)
    exec(compile(source.replace(mutant.old, mutant.new), "mutant", "exec"), changed.__dict__)
    for name in mutant.module.__all__:
        original = getattr(mutant.module, name)
        if isinstance(original, type) and original.__subclasses__():  # these go on using the original
            for method, body in vars(getattr(changed, name)).items():
                if not method.startswith("__"):
                    monkeypatch.setattr(original, method, body)
        for where, user in list(sys.modules.items()):
            if where.startswith("zeroskip.") and getattr(user, name, None) is original:
                monkeypatch.setattr(user, name, getattr(changed, name))
        for kind, parser in PARSERS.items():
            if parser is original:
                monkeypatch.setitem(PARSERS, kind, getattr(changed, name))


def check_refuted(harness: Harness, depth: int = 10) -> None:
    """A run from reset breaks a claim, and is shown."""
    proof = prove(harness, depth=depth, mode="bmc")
    assert proof.result == "refuted", proof.report()
    assert proof.failed
    assert set(proof.failed) <= set(proof.claims)
    assert proof.trace is not None
    assert all(f"claim_{name}" in proof.trace for name in proof.failed)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.theorem}: {m.new}")
def test_a_broken_component_is_refuted(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, mutant)
    check_refuted(PROOFS[mutant.theorem].harness)


@pytest.mark.parametrize("name", ["recovery-index", "rows-owed-dense"])
def test_the_same_component_put_in_its_own_place_is_not_refuted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, Mutant(name, lockstep, "STATES = (", "STATES = ("))
    assert prove(PROOFS[name].harness, depth=10, mode="bmc").result == "proved"


def test_every_harness_has_a_mutant() -> None:
    others = dict(sparse_proofs()) | dict(bit_proofs())  # test_sparse_mutants, test_bit_mutants
    harnesses = {theorem.harness.func for name, theorem in PROOFS.items() if name not in others}
    assert {PROOFS[mutant.theorem].harness.func for mutant in MUTANTS} == harnesses
