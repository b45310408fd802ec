"""The cocotb testbench on every design, and that it can fail."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from formats import trials_of
from rig import SMALL
from tampered import tampered

from zeroskip.gen.emit import emit
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.gated import GatedConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.verif.bench import runner
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.patterns import PATTERNS

SLOW = pytest.mark.slow
EACH = 15  # cases of every design: more than there are patterns


def widest(cfgs: Sequence[Config]) -> Config:
    return max(cfgs, key=lambda cfg: (cfg.multipliers, cfg.k_max))


def benched() -> dict[str, Config]:
    """One configuration of each design and format, the widest.

    And of the designs that share work one more.
    """
    found: dict[str, Config] = {}
    for name, design in DESIGNS.items():
        for format_ in dict.fromkeys(cfg.format for cfg in design.small()):
            cfgs = [cfg for cfg in design.small() if cfg.format == format_]
            found[name if format_ == name else f"{name}-{format_}"] = widest(
                [cfg for cfg in cfgs if not cfg.share]
            )
    return {**found, "share": next(cfg for design in DESIGNS.values() for cfg in design.small() if cfg.share)}


BENCHED = benched()
# On Icarus, which has unknown values, one of each control: gated or not, each schedule, sharing.
IN_ICARUS = {
    cfg.gate if cfg.engine.name == "beats" else "share" if cfg.share else cfg.schedule: name  # type: ignore[attr-defined]
    for name, cfg in reversed(BENCHED.items())
}
QUICK = ("dense", "bitmask", "bitcolumn")

needs_icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def cases() -> list[Case]:
    """Cases with all patterns in turn; each design makes other ones of them."""
    patterns = list(PATTERNS)
    return [Case(seed, patterns[seed % len(patterns)]) for seed in range(EACH)]


def test_there_are_enough_cases_of_every_kind() -> None:
    assert len(PATTERNS) <= EACH
    assert EACH * len(BENCHED) >= 300
    assert {(cfg.design, cfg.format) for cfg in BENCHED.values()} == {
        (cfg.design, cfg.format) for design in DESIGNS.values() for cfg in design.small()
    }
    assert {cfg.fallback for cfg in BENCHED.values()} == {False, True}
    for names in (BENCHED, IN_ICARUS.values()):
        assert {BENCHED[name].share for name in names} == {False, True}
        free = [BENCHED[name] for name in names if BENCHED[name].engine.name == "free"]
        assert {cfg.schedule for cfg in free} == {"lockstep", "decoupled", "resident"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW if name not in QUICK else ()) for name in BENCHED]
)
def test_every_design_under_verilator(name: str) -> None:
    report = run_bench(BENCHED[name], cases())
    assert len(report.cases) == EACH
    assert {case.stalls for case in report.cases} == set(PATTERNS)
    assert sum(case.cycles for case in report.cases) > 100


@needs_icarus
def test_a_first_window_of_zeros_under_icarus() -> None:
    # A select whose inputs rest at zero from the start was X where `always @*` did not run at time 0.
    cfg = NMConfig(m=8, n=4, probe=True)
    assert len(run_bench(cfg, [Case(0, "none")], "icarus").cases) == 1


@needs_icarus
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW if name not in QUICK else ()) for name in IN_ICARUS.values()]
)
def test_every_schedule_under_icarus(name: str) -> None:
    done = run_bench(BENCHED[name], cases(), "icarus").cases
    assert len(done) == EACH
    assert {case.simulator for case in done} == {"Icarus Verilog"}


def netlist(cfg: Config, folder: Path) -> str:
    """The design as gates and flip-flops."""
    (folder / "top.v").write_text(emit(cfg.core()))
    run_yosys("read_verilog top.v; synth -flatten -top top; write_verilog -noattr netlist.v", folder)
    text = (folder / "netlist.v").read_text()
    assert text.count("endmodule") == 1
    assert not re.search(r" [-+*] ", text)  # nothing is left to add or multiply
    return text


@pytest.mark.slow
@pytest.mark.parametrize("simulator", ["verilator", pytest.param("icarus", marks=needs_icarus)])
@pytest.mark.parametrize("cfg", [SMALL, trials_of("beats")["nm_bitmask"].cfg], ids=["dense", "nm"])
def test_a_synthesised_netlist(cfg: Config, simulator: str, tmp_path: Path) -> None:
    report = run_bench(cfg, cases()[:5], simulator, verilog=netlist(cfg, tmp_path))  # type: ignore[arg-type]
    assert len(report.cases) == 5


CASES = [Case(1, "none"), Case(2, "random")]
FAST = "icarus" if shutil.which("iverilog") else "verilator"  # to build
GATED = GatedConfig(rows=2, cols=2, k_max=16, acc_width=24, probe=True)
WRONG = pytest.mark.parametrize("cfg", [SMALL, trials_of("free")["bitmask"].cfg], ids=["beats", "free"])


@WRONG
def test_a_register_too_many_fails(cfg: Config) -> None:
    with pytest.raises(
        BenchError, match=r"^all of 2 cases must run and pass, not 2 run, 2 failed, 0 reported"
    ):
        run_bench(cfg, CASES, FAST, verilog=emit(replace(cfg, stages=3).core()))


@WRONG
def test_wrong_values_fail(cfg: Config) -> None:
    """`b` taken as unsigned: right where it happens to be positive, and found by the scoreboard."""
    with pytest.raises(BenchError, match="Received transaction differed from expected"):
        run_bench(cfg, CASES, FAST, verilog=emit(replace(cfg, b_signed=False, acc_width=cfg.acc_bits).core()))


def test_outputs_passed_on_as_they_are_pass() -> None:
    cases = [Case(1, "none"), Case(2, "sink_slow")]
    assert len(run_bench(GATED, cases, FAST, tampered(GATED, o_busy="real_o_busy")).cases) == 2


@pytest.mark.parametrize(
    ("output", "expression", "told"),
    [
        ("o_busy", "4'd0", "busy"),
        ("o_gated", "4'd0", "gated"),
        ("o_counters", "real_o_counters ^ 224'd1", r"== model\.counters"),
        ("o_counters", "real_o_counters ^ (224'd1 << 192)", r"== model\.counters"),
        ("o_cause", "12'd16", r"16, 0"),
        ("o_error", "1'd1", r"0, 1"),
        ("o_overflow", "1'd1", "overflow"),
        ("o_c__payload", "o_c__ready ? real_o_c__payload : ~real_o_c__payload", "offered"),
        ("o_c__payload", "real_o_c__payload ^ (49'd1 << 48)", "Received transaction differed from expected"),
    ],
)
def test_each_output_that_is_wrong_fails(output: str, expression: str, told: str) -> None:
    """Nothing else is: sums are right when they move, a row that waits is another, and so on."""
    verilog = tampered(GATED, **{output: expression})
    with pytest.raises(
        BenchError, match=rf"(?s)^all of 1 cases must run and pass, not 1 run, 1 failed.*{told}"
    ):
        run_bench(GATED, [Case(2, "sink_slow")], FAST, verilog)


def test_the_simulator_that_ran_is_the_one_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {case.simulator for case in run_bench(SMALL, CASES).cases} == {"Verilator"}
    monkeypatch.setitem(runner.NAMES, "verilator", "Icarus Verilog")
    with pytest.raises(BenchError, match="2 reported, 2 of them by another simulator"):
        run_bench(SMALL, CASES)


def test_running_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"^cases must be at least one case, not \[\]$"):
        run_bench(SMALL, [])
    monkeypatch.setenv("COCOTB_TEST_FILTER", "no such test")
    with pytest.raises(
        BenchError, match=r"^all of 2 cases must run and pass, not 0 run, 0 failed, 0 reported"
    ):
        run_bench(SMALL, CASES)


def test_running_a_part_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCOTB_TEST_FILTER", "number=1")
    with pytest.raises(
        BenchError, match=r"^all of 2 cases must run and pass, not 1 run, 0 failed, 1 reported"
    ):
        run_bench(SMALL, CASES)


@pytest.mark.parametrize("told", [(2, 1), (3, 0), (1, 0)], ids=["failed", "more", "fewer"])
def test_the_simulators_own_count_must_agree(told: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both cases report that they passed."""
    monkeypatch.setattr(runner, "get_results", lambda _: told)
    with pytest.raises(BenchError, match=f"not {told[0]} run, {told[1]} failed, 2 reported"):
        run_bench(SMALL, CASES)


def test_a_case_that_ends_before_its_last_check_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator counts two cases as passed, but one of them never came to its report."""
    monkeypatch.setenv("COCOTB_TEST_FILTER", "number=1")
    monkeypatch.setattr(runner, "get_results", lambda _: (2, 0))
    with pytest.raises(BenchError, match="not 2 run, 0 failed, 1 reported"):
        run_bench(SMALL, CASES)
