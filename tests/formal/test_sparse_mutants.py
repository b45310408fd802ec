"""Each proof of the unstructured designs sees the component it is about being broken."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from test_mutants import Mutant, check_refuted, install

from zeroskip.hw import decode
from zeroskip.hw.decode import activation, bitmask, bitmask2, bsr, counted, csc, csr, gearbox, plain, rlc
from zeroskip.hw.decode.parser import Parser
from zeroskip.hw.engines import pipeline
from zeroskip.hw.engines.free import collect, decoder, headers, issue, loader, ring
from zeroskip.verif.formal import PROOFS
from zeroskip.verif.formal.sparse_proofs import sparse_proofs

pytestmark = pytest.mark.slow

REMEMBER = "m.d.comb += parser.state.eq(state)\n            with m.If("

MUTANTS = [
    Mutant("gearbox-one-unit", gearbox, "left_two | (left_one & (", "left_two | (two & ("),
    Mutant("gearbox-three-units", gearbox, "low.eq(high)", "low.eq(low)"),
    Mutant("gearbox-bitmask", gearbox, "used.eq(taken >= units)", "used.eq(taken > units)"),
    Mutant("gearbox-three-units", gearbox, "load & (over | ~left_one)", "load & ~left_one"),
    Mutant("gearbox-three-units", gearbox, "& ~(over & ~last)", ""),
    Mutant("gearbox-bitmask", gearbox, "one & (needed <= units)", "one & (needed < units)"),
    Mutant("gearbox-bitmask", gearbox, "over | (~left_two & ~last)", "over | ~left_two"),
    Mutant("gearbox-units-of-one", gearbox, "~last & ~(self.i.valid & self.i.payload.last)", "~last"),
    Mutant("gearbox-units-of-one", gearbox, "offset.eq(taken - units)", "offset.eq(0)"),
    Mutant(
        "independent-gearbox", gearbox, "self.i.ready.eq(flush | accept)", "self.i.ready.eq(flush | load)"
    ),
    Mutant("steps-plain", plain, "k + 1 == self.k", "k == self.k"),
    Mutant("steps-activation", activation, "(k + j < self.k)", "(k + j <= self.k)"),
    Mutant("steps-bitmask", bitmask, "some & last & past_k", "some & ~last & past_k"),
    Mutant("steps-bitmask-two-levels", bitmask2, "(block >= self.blocks) |", "(block > self.blocks) |"),
    Mutant("steps-csr", counted, "index >= limit", "index > limit"),
    Mutant("steps-coo", counted, "(index <= state.before)", "(index == state.before)"),
    Mutant("steps-csr", counted, "(index <= state.before)", "(index < state.before)"),
    Mutant("steps-ell", csr, "o.stay.eq(~good)", "o.stay.eq(0)"),
    Mutant("steps-csr-fallback", decoder, "fresh.eq(finish)", "fresh.eq(parsed.final)"),
    Mutant("steps-rlc", rlc, "end > self.k", "end > self.k + 1"),
    Mutant("steps-csc", csc, "o.stay.eq(~good)", "o.stay.eq(0)"),
    Mutant("steps-csc-three-rows", csc, "good & Cat(hits).any()", "Cat(hits).any()"),
    Mutant("steps-bsr", bsr, "stored & ~bad & ~past", "stored & ~bad"),
    Mutant("steps-bsr-whole-blocks", bsr, "after.bad.eq(bad)", "after.bad.eq(0)"),
    Mutant("waiting-csr", decoder, "final.eq(parsed.final | parsed.stop | short)", "final.eq(parsed.final)"),
    Mutant("waiting-rlc", decoder, f"{REMEMBER}self.step", f"{REMEMBER}1"),
    Mutant("needed-bits-csc", csc, "slots=1 + count", "slots=count"),
    Mutant("needed-bits-bsr", bsr, "slots=Mux(head, 2, 1)", "slots=1"),
    Mutant("needed-bits-bitmask", bitmask, "Mux(head, self.amount(size), 0) + Mux(some", "Mux(some"),
    Mutant("collector-3", collect, "room.eq(~valid | self.o.ready)", "room.eq(1)"),
    Mutant("collector-4", collect, "Mux(room, first, 0)", "first"),
    Mutant("collector-1", collect, "valid.eq(self.full.any())", "valid.eq(valid | self.full.any())"),
    Mutant(
        "independent-collector", collect, "self.o.valid.eq(valid)", "self.o.valid.eq(valid & self.o.ready)"
    ),
    Mutant("header-queue-resident", headers, "held != ENTRIES)", "held != 2)"),
    Mutant("header-queue-resident", headers, "write.data.loads.eq(~kept)", "write.data.loads.eq(~keep)"),
    Mutant("header-queue-fallback", headers, "Cat(passed).all()", "Cat(passed).any()"),
    Mutant("header-queue-fallback", headers, "header.k > cfg.k_max", "header.k >= cfg.k_max"),
    Mutant("independent-headers", headers, "held != ENTRIES)", "self.i.valid)"),
    Mutant("loader-1", loader, "self.held != cfg.ring", "1"),
    Mutant("loader-2", loader, "last & ~(whole & final_block)", "last & ~final_block"),
    Mutant("loader-4", loader, "(missing | (moves & whole))", "(moves & whole)"),
    Mutant("loader-4", loader, "k <= cfg.block", "k < cfg.block"),
    Mutant("loader-1", loader, "self.slot.eq(self.slot + 1)", "self.slot.eq(0)"),
    Mutant("independent-loader", loader, "(room & ~missing)", "(room & ~missing & self.b.valid)"),
    Mutant("ring-lockstep", ring, "self.turn.eq(oldest + leaves)", "self.turn.eq(oldest)"),
    Mutant("ring-decoupled", ring, "(self.held != 0) &", ""),
    Mutant("ring-decoupled", ring, "for g in range(cfg.groups)).all()", "for g in range(cfg.groups)).any()"),
    Mutant(
        "ring-decoupled",
        issue,
        "need.eq(following + following_step.block)",
        "need.eq(base + following_step.block)",
    ),
    Mutant("ring-resident", issue, "Mux(keep, base, need)", "need"),
    Mutant("ring-resident", issue, "over & ~held.keep", "over"),
    Mutant("ring-decoupled", ring, "TILES_AHEAD = 12", "TILES_AHEAD = 0"),
    Mutant("gearbox-shared", gearbox, "one & (needed_both <= units)", "one & (needed_both < units)"),
    Mutant("gearbox-shared-bitmask", gearbox, "needed_both.eq(offset + self", "needed_both.eq(self"),
    Mutant("waiting-csr-shared", decoder, "& self.room_both & ~final", "& ~final"),
    Mutant("waiting-rlc-shared", decoder, "& self.room_both & ~final", "& self.room_both"),
    Mutant("waiting-csr-fallback-shared", decoder, "& ~entry.dense & gearbox", "& gearbox"),
    Mutant("two-steps-bitmask", decoder, "other.state.eq(own.after)", "other.state.eq(own.state)"),
    Mutant(
        "two-steps-csr", decoder, "gearbox.bits, own.take, unit", "gearbox.bits, own.need - own.need, unit"
    ),
    Mutant("two-steps-rlc", decoder, "ends.eq(other.o.final | other.o.stop)", "ends.eq(other.o.final)"),
    Mutant("two-steps-rlc", decoder, "stop | (both & other.o.stop)", "stop"),
    Mutant("two-steps-csc", decoder, "bit | (both & other.o[cause])", "bit"),
    Mutant("two-steps-bsr", decoder, "Mux(both, other.after, own.after)", "own.after"),
    Mutant(
        "two-steps-ell", decoder, "self.second, other.o, 0, self.o.block)", "self.second, other.o, 0, block)"
    ),
    Mutant("two-steps-plain", decoder, "take + Mux(both, other.take, 0)", "take"),
    Mutant("two-steps-bitmask-two-levels", decoder, "Mux(both, self.second.block, latest)", "latest"),
    Mutant("two-steps-csr-fallback", decoder, "final | (both & ends)", "final"),
    Mutant("two-steps-activation", decoder, "gearbox.need_both.eq(own.take", "gearbox.need_both.eq(own.need"),
    Mutant("places-resident", issue, "in_ring & in_turn & ~self.partner", "in_ring & in_turn"),
    Mutant("places-lockstep", issue, "& in_ring & in_turn & ~self.partner", "& in_ring & ~self.partner"),
    Mutant("places-decoupled", issue, "full & ~first.final & in_ring", "full & in_ring"),
    Mutant(
        "places-decoupled", issue, "self.room_both.eq(~first_stays & ~stays)", "self.room_both.eq(~stays)"
    ),
    Mutant("places-decoupled", issue, "first.final | (take & held.final)", "first.final"),
    Mutant("places-resident", issue, "Mux(stays, held, self.i)", "Mux(stays, self.i, held)"),
    Mutant("places-lockstep", issue, "step.eq(Mux(first_stays | stays, self.i", "step.eq(Mux(stays, self.i"),
    Mutant("ring-shared", issue, "need.eq(following + step.block)", "need.eq(step.block)"),
    Mutant("freezing-1", pipeline, "~self.blocked & ~self.held", "~self.blocked"),
    Mutant("freezing-3", pipeline, "free = self.move", "pass"),
    Mutant("freezing-3", pipeline, "self.lends.eq(guest & self.move)", "self.lends.eq(guest)"),
    Mutant("freezing-3", pipeline, "valid if guest is None else valid | guest", "valid"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.theorem}: {m.new}")
def test_a_broken_component_is_refuted(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, mutant)
    check_refuted(PROOFS[mutant.theorem].harness)


def test_every_harness_has_a_mutant() -> None:
    theorems = dict(sparse_proofs())
    harnesses = {theorem.harness.func for theorem in theorems.values()}
    assert {PROOFS[mutant.theorem].harness.func for mutant in MUTANTS} == harnesses


def test_every_registered_format_is_proved() -> None:
    modules = {
        name: import_module(f"{decode.__name__}.{name}") for _, name, _ in iter_modules(decode.__path__)
    }
    formats = {
        name
        for name, module in modules.items()
        if hasattr(module, "DECODER") and issubclass(module.DECODER, Parser)
    }
    proved = {
        theorem.harness.keywords["cfg"].format
        for name, theorem in PROOFS.items()
        if name.startswith("steps-")
    }
    assert proved == formats
