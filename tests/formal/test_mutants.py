"""Each harness sees the component it is about being broken: a run from reset that breaks a claim."""

import inspect
import sys
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest

from zeroskip import hw
from zeroskip.hw import views
from zeroskip.hw.decode import dense, hss, nm_bitmask, nm_index
from zeroskip.hw.engines import pipeline
from zeroskip.hw.engines.beats import array, core, drain, progress, scheduler, window
from zeroskip.hw.pe import control, mac, nested
from zeroskip.hw.shell import axis
from zeroskip.verif import formats, pes
from zeroskip.verif.formal import PROOFS, Harness, prove
from zeroskip.verif.formal.bit_proofs import bit_proofs
from zeroskip.verif.formal.sparse_proofs import sparse_proofs

pytestmark = pytest.mark.slow

for package in (hw, formats, pes):  # what is imported while a mutant is in place would keep it
    for _, name, _ in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(name)


@dataclass(frozen=True)
class Mutant:
    theorem: str
    module: ModuleType
    old: str
    new: str


LOWEST = 'others = lowest_number(m, mask, f"mask_{lane}")'
HIGHEST = 'position = ~lowest_number(m, mask[::-1], f"top_{lane}")[0]'

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
    Mutant("drain-3x2", array, "in reversed(range(cfg.rows))", "in range(cfg.rows)"),
    Mutant("drain-3x2", pipeline, "valid & ends & free", "valid & ends"),
    Mutant(
        "recovery-dense", scheduler, "flush[name].eq(discard | ~lasts[name])", "flush[name].eq(~lasts[name])"
    ),
    Mutant(
        "recovery-index", scheduler, "(first & side.payload.last) | (~first & memory)", "side.payload.last"
    ),
    Mutant("recovery-bitmask", scheduler, "progress.accept.eq(~flushing)", "progress.accept.eq(1)"),
    Mutant("recovery-dense", scheduler, "(flush[name] | asked)", "(asked)"),
    Mutant(
        "recovery-bitmask-parallel", scheduler, "progress.held & progress.bad & ~flushing", "progress.bad"
    ),
    Mutant("recovery-dense", progress, "(header.rows == 0)", "(header.rows == 1)"),
    Mutant("counted-beats-dense", progress, "k.eq(k - cfg.block)", "k.eq(k - 1)"),
    Mutant("counted-beats-index", progress, "left <= cfg.lanes", "left < cfg.lanes"),
    Mutant("counted-beats-bitmask", progress, "left.eq(left - cfg.lanes)", "left.eq(left)"),
    Mutant("counted-beats-bitmask-parallel", progress, "many | (k[:low] > p)", "(k[:low] > p)"),
    Mutant("index-row-serial", nm_index, "position <= previous", "position < previous"),
    Mutant(
        "index-row-lanes", nm_index, "self.i_row[lane - 1].position if lane", "self.i_row[0].position if 0"
    ),
    Mutant("bitmask-row-serial", nm_bitmask, "[lane], others, mask", "[lane], mask, mask"),
    Mutant("bitmask-row-parallel", nm_bitmask, f"position, {LOWEST}", f"_, {LOWEST}; {HIGHEST}"),
    Mutant("bitmask-row-lanes", nm_bitmask, "beat.final & mask.any()", "beat.first & mask.any()"),
    Mutant("row-hss", hss, "begins.eq(beat.first | ~inside)", "begins.eq(beat.first)"),
    Mutant("row-hss", hss, "rest.eq(Mux(ends, others, mask))", "rest.eq(others)"),
    Mutant("row-hss", hss, "valid & ~falls & ~past_k & ~misses", "valid & ~falls & ~past_k"),
    Mutant("row-hss-lanes", hss, "misses | (beat.final & others.any())", "misses"),
    Mutant("row-hss-one-part", hss, "Cat(stored, part)", "Cat(stored)"),
    Mutant("sum-of-products-hss-lanes", nested, "range(lane, size)", "range(size)"),
    Mutant("sum-of-products-hss-lanes", nested, "self.position[0][low:]", "self.position[0][low:] & 0"),
    Mutant("sum-of-products-dense", control, "m.If(control.clear)", "m.If(0)"),
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
    Mutant("axis-beats", axis, "tdata.last | tlast", "tlast"),
    Mutant("axis-beats", axis, "tdata.last | tlast", "tdata.last"),
    Mutant("axis-beats", axis, "port.payload.as_value().eq(tdata", "port.payload.as_value()[1:].eq(tdata"),
    Mutant("axis-beats", axis, "ready.eq(port.ready & self.aresetn)", "ready.eq(port.ready)"),
    Mutant("axis-beats", axis, "valid.eq(port.valid & self.aresetn)", "valid.eq(port.valid & ready)"),
    Mutant("axis-beats", axis, "core.o_error | core.o_overflow", "core.o_error"),
    Mutant("axis-free", axis, "with m.If(port.valid & port.ready):", "with m.If(port.valid):"),
    Mutant("axis-free", axis, "init=self.cfg.rows - 1)", "init=0)"),
    Mutant("axis-free", axis, "axi.rst.eq(~self.aresetn)", "axi.rst.eq(0)"),
    Mutant(
        "axis-long-sums", axis, "m.d.comb += wide.eq(narrow)", "m.d.comb += wide.eq(narrow.as_unsigned())"
    ),
    Mutant("axis-unsigned", axis, "m.d.comb += wide.eq(narrow)", "m.d.comb += wide.eq(narrow.as_signed())"),
    Mutant("independent-drain", drain, "self.valid.eq(left != 0)", "self.valid.eq((left != 0) & self.ready)"),
    Mutant("independent-core-dense", array, "o.valid.eq(drain.valid)", "o.valid.eq(drain.shift)"),
    Mutant("independent-core-bitmask-mask", scheduler, "if other != name", "if other"),
]


def install(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    """Put what the changed source defines in the place of the originals, under every name that they have."""
    source = inspect.getsource(mutant.module)
    assert source.count(mutant.old) == 1, f"{mutant.old} must be in {mutant.module.__name__} once"
    changed = ModuleType(mutant.module.__name__)
    exec(compile(source.replace(mutant.old, mutant.new), "mutant", "exec"), changed.__dict__)
    users = [user for where, user in list(sys.modules.items()) if where.startswith("zeroskip.")]
    for name in mutant.module.__all__:
        original, new = getattr(mutant.module, name), getattr(changed, name)
        if isinstance(original, type) and original.__subclasses__():  # these go on using the original
            for method, body in vars(new).items():
                if not method.startswith("__"):
                    monkeypatch.setattr(original, method, body)
        for user in users:
            for alias, value in list(vars(user).items()):
                if value is original:
                    monkeypatch.setattr(user, alias, new)
    remembers = views.view  # decoders and PEs are found by name: those of now, not those of another test
    for user in users:
        if getattr(user, "view", None) is remembers:
            monkeypatch.setattr(user, "view", remembers.__wrapped__)


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
    install(monkeypatch, Mutant(name, scheduler, "STATES = (", "STATES = ("))
    assert prove(PROOFS[name].harness, depth=10, mode="bmc").result == "proved"


def test_every_harness_has_a_mutant() -> None:
    others = dict(sparse_proofs()) | dict(bit_proofs())  # test_sparse_mutants, test_bit_mutants
    harnesses = {theorem.harness.func for name, theorem in PROOFS.items() if name not in others}
    assert {PROOFS[mutant.theorem].harness.func for mutant in MUTANTS} == harnesses
