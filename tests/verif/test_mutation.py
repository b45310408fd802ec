from dataclasses import replace

import pytest

from zeroskip.cli.mutate import SMALL as COMMAND_SMALL
from zeroskip.gen.designs import configure, configure_words
from zeroskip.gen.emit import Emission, emit
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.verif.mutation import run, run_mutation
from zeroskip.verif.mutation.mutants import SELECT, mutate
from zeroskip.verif.mutation.run import _is_equivalent

SMALL = {"rows": 2, "cols": 2, "k_max": 24, "a_width": 4, "b_width": 4, "probe": True}

TEXT = """module m(clk, a, b, y);
  input clk;
  wire \\$1 ;
  reg [3:0] q = 4'h0;
  assign \\$1  = a & b;
  always @(posedge clk)
    q <= \\$2 ;
  always @* begin
    if (\\$auto$verilog_backend.cc:1 ) begin end
    \\$2  = q;
    if (a) begin
      \\$2  = 4'h3;
    end
  end
endmodule
"""


def test_every_kind_of_line_is_changed_once_and_listed():
    text, mutants = mutate(TEXT, 100)
    assert [m.line for m in mutants] == [5, 7, 10, 11, 12]
    assert f"assign \\$1  = (({SELECT} == 3'd1) ? a | b : a & b);" in text
    assert f"    q <= ({SELECT} == 3'd2) ? late_2 : \\$2 ;\n  reg [3:0] late_2 = 0;" in text
    assert f"if ((({SELECT} == 3'd4) ? !(a) : a)) begin" in text
    assert f"module m({SELECT}, clk, a, b, y);\n  input [2:0] {SELECT};" in text
    assert mutants[4].now == "\\$2  = ~4'h3;"


def test_a_seed_draws_the_same_mutants_and_another_draws_others():
    text = emit(DenseConfig(rows=2, cols=2).core())
    lines = [[m.line for m in mutate(text, 50, seed)[1]] for seed in (1, 1, 2)]
    assert lines[0] == lines[1] != lines[2]
    assert all(len(set(drawn)) == 50 for drawn in lines)


def test_nothing_to_change_is_an_error():
    with pytest.raises(ValueError, match="verilog must have operators, conditions or registers to change"):
        mutate("module m(a);\n  input a;\nendmodule\n", 10)


def test_equivalence_is_proved_only_where_it_holds():
    cfg = configure("nm", **SMALL, m=8, n=4)
    emission = Emission(cfg.core())
    text, mutants = mutate(emission.verilog, 1000)
    bits = len(mutants).bit_length()
    same = next(m for m in mutants if m.was.endswith("- 4'h0;"))  # x - 0 became x + 0
    other = next(m for m in mutants if m.module == "top__pe" and "$signed" in m.was and "+" in m.was)
    assert _is_equivalent(emission.interface, text, bits, same.number)
    assert not _is_equivalent(emission.interface, text, bits, other.number)


def test_only_faults_are_killed(monkeypatch):
    """Four mutants whose number selects none of the changes: no bench may see anything."""

    def nothing(verilog, count, seed):
        text, mutants = mutate(verilog, count, seed)
        return text, [replace(mutant, number=7) for mutant in mutants]

    monkeypatch.setattr(run, "mutate", nothing)
    monkeypatch.setattr(run, "_is_equivalent", lambda *_: False)
    report = run_mutation(configure("gated", **SMALL), count=4, runs=40)
    assert (report.mutants, report.killed, len(report.survivors), report.share) == (4, 0, 4, 0)


@pytest.mark.slow
def test_equivalence_of_an_unstructured_design_is_proved_only_where_it_holds():
    """Cycles of a group that waits for others are counted in `lockstep` only; MACs add everywhere."""
    cfg = configure("csr", **SMALL)
    emission = Emission(cfg.core())
    text, mutants = mutate(emission.verilog, 1000)
    bits = len(mutants).bit_length()
    never = next(i for i, name in enumerate(cfg.engine.counters(cfg).members) if name == "stall_sync")
    counter = f"counters[{32 * never + 31}:{32 * never}] }} + "
    same = next(m for m in mutants if counter in m.was)
    other = next(m for m in mutants if m.module == "top__pe" and "$signed" in m.was and "+" in m.was)
    assert _is_equivalent(emission.interface, text, bits, same.number)
    assert not _is_equivalent(emission.interface, text, bits, other.number)


@pytest.mark.parametrize(
    "design", ["plain", "activation", "bitmask", "csr", "csc", "coo", "rlc", "ell", "bsr"]
)
def test_the_small_array_of_the_command_is_one_of_every_design(design):
    cfg = configure_words(design, [], **COMMAND_SMALL)
    assert (cfg.rows, cfg.blocks(cfg.k_max), cfg.chunks, cfg.probe) == (2, 3, 2, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "design",
    [["csr"], ["bitmask"], ["csc", "rows=4", "fallback=true"]],
    ids=" ".join,
)
def test_the_bench_kills_what_can_be_killed_of_unstructured_designs(design):
    report = run_mutation(configure_words(design[0], design[1:], **COMMAND_SMALL), count=60)
    assert report.mutants == 60
    assert report.share >= 0.95, report.survivors


@pytest.mark.slow
@pytest.mark.parametrize("design", [["nm", "n=3", "lanes=2"], ["gated", "lanes=2"]], ids=" ".join)
def test_the_bench_kills_what_can_be_killed(design):
    report = run_mutation(configure_words(design[0], design[1:], **SMALL), count=105)
    assert report.mutants == 105
    assert report.share >= 0.95, report.survivors
