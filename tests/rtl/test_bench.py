"""The cocotb testbench on every design, and that it can fail."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tampered import tampered

from zeroskip.gen.emit import emit
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.designs.nm import NMConfig
from zeroskip.verif.bench import runner
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.bench.runner import BenchError, run_bench
from zeroskip.verif.cases import standard_configs
from zeroskip.verif.patterns import PATTERNS

CONFIGS = standard_configs()
EACH = 13  # cases of every design: more than there are patterns
ICARUS = (1, 9, 12, 18)  # dense, gated, N:M with index and with bitmask
SLOW = pytest.mark.slow
SMALL = DenseConfig(rows=2, cols=2, k_max=16, acc_width=24, probe=True)

needs_icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def rotated(number: int, count: int = EACH) -> list[Case]:
    """Cases with all patterns in turn, beginning with another one for each design."""
    patterns = list(PATTERNS)
    return [Case(100 * number + i, patterns[(number + i) % len(patterns)]) for i in range(count)]


def test_there_are_enough_cases() -> None:
    assert len(PATTERNS) <= EACH
    assert EACH * len(CONFIGS) >= 300
    names = {(type(CONFIGS[i]), CONFIGS[i].gate, getattr(CONFIGS[i], "encoding", "")) for i in ICARUS}
    assert names == {(type(cfg), cfg.gate, getattr(cfg, "encoding", "")) for cfg in CONFIGS}


@pytest.mark.parametrize(
    "number", [pytest.param(i, marks=SLOW if i % 8 else ()) for i in range(len(CONFIGS))]
)
def test_every_design_under_verilator(number: int) -> None:
    report = run_bench(CONFIGS[number], rotated(number))
    assert len(report.cases) == EACH
    assert {case.pattern for case in report.cases} == set(PATTERNS)
    assert sum(case.cycles for case in report.cases) > 100


@needs_icarus
def test_a_first_window_of_zeros_under_icarus() -> None:
    # A select whose inputs rest at zero from the start was X where `always @*` did not run at time 0.
    cfg = NMConfig(m=8, n=4, probe=True)
    assert len(run_bench(cfg, [Case(0, "none")], "icarus").cases) == 1


@needs_icarus
@pytest.mark.parametrize("number", [pytest.param(i, marks=SLOW if i > 1 else ()) for i in ICARUS])
def test_four_designs_under_icarus(number: int) -> None:
    cases = run_bench(CONFIGS[number], rotated(number), "icarus").cases
    assert len(cases) == EACH
    assert {case.simulator for case in cases} == {"Icarus Verilog"}


def netlist(cfg: DenseConfig | NMConfig, folder: Path) -> str:
    """The design as gates and flip-flops."""
    (folder / "top.v").write_text(emit(cfg.core()))
    run_yosys("read_verilog top.v; synth -flatten -top top; write_verilog -noattr netlist.v", folder)
    text = (folder / "netlist.v").read_text()
    assert text.count("endmodule") == 1
    assert not re.search(r" [-+*] ", text)  # nothing is left to add or multiply
    return text


@pytest.mark.slow
@pytest.mark.parametrize("simulator", ["verilator", pytest.param("icarus", marks=needs_icarus)])
@pytest.mark.parametrize("number", [1, 12])
def test_a_synthesised_netlist(number: int, simulator: str, tmp_path: Path) -> None:
    cfg = CONFIGS[number]
    assert isinstance(cfg, DenseConfig | NMConfig)
    report = run_bench(cfg, rotated(number, 5), simulator, verilog=netlist(cfg, tmp_path))  # type: ignore[arg-type]
    assert len(report.cases) == 5


CASES = [Case(1, "none"), Case(2, "random")]


def test_a_register_too_many_fails() -> None:
    with pytest.raises(
        BenchError, match=r"^all of 2 cases must run and pass, not 2 run, 2 failed, 0 reported"
    ):
        run_bench(SMALL, CASES, verilog=emit(replace(SMALL, stages=3).core()))


def test_wrong_values_fail() -> None:
    """`b` taken as unsigned: right where it happens to be positive, and found by the scoreboard."""
    with pytest.raises(BenchError, match="Received transaction differed from expected"):
        run_bench(SMALL, CASES, verilog=emit(replace(SMALL, b_signed=False).core()))


GATED = replace(SMALL, gate_zeros=True)
FAST = "icarus" if shutil.which("iverilog") else "verilator"  # to build


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
