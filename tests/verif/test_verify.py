"""Every way in which RTL can differ is told, and a difference is never a success."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import typer

from zeroskip.gen.cli.verify import _command
from zeroskip.gen.cli.verify import command as verify_command
from zeroskip.gen.designs import configure
from zeroskip.gen.emit import emit
from zeroskip.hw.config import Config
from zeroskip.hw.designs import DESIGNS
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.hw.engines.free.config import FreeConfig
from zeroskip.verif import verify as module
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, core, native
from zeroskip.verif.result import Result
from zeroskip.verif.verify import Verdict, plan_cases, verify

CFG = DenseConfig(rows=2, cols=2, k_max=16, probe=True)
GOOD = Result(
    outputs=[np.array([[1, 2], [3, 4]]), np.array([[5, 6]])],
    out_cycles=np.array([7, 8, 11]),
    cycles=12,
    counters={"busy": 5, "idle": 7},
    busy=np.ones((2, 2, 1), np.int64),
    gated=np.zeros((2, 2, 1), np.int64),
    overflow=False,
)


def test_a_run_does_not_differ_from_itself():
    assert differences(GOOD, GOOD) == []
    assert differences(replace(GOOD, gated=None), replace(GOOD, gated=None)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"outputs": [GOOD.outputs[0], np.array([[5, 7]])]},
            "tile 1 row 0 column 1 is 7, not 6",
        ),
        ({"outputs": [GOOD.outputs[0][:1], GOOD.outputs[1]]}, "tile 0 has 1 result rows, not 2"),
        ({"outputs": GOOD.outputs[:1]}, "1 tiles came out, not 2"),
        ({"outputs": [*GOOD.outputs, GOOD.outputs[0]]}, "3 tiles came out, not 2"),
        ({"out_cycles": np.array([7, 9, 11])}, "result row 1 moves in cycle 9, not 8"),
        ({"out_cycles": np.array([7, 8])}, "2 result rows came out, not 3"),
        ({"counters": {"busy": 5, "idle": 8}}, "counter idle is 8, not 7"),
        ({"counters": {"busy": 5}}, "counter idle is None, not 7"),
        ({"busy": GOOD.busy * 2}, "the busy cycles of the multipliers differ"),
        ({"gated": GOOD.busy}, "the gated cycles of the multipliers differ"),
        ({"cycles": 13}, "cycles is 13, not 12"),
        ({"overflow": True}, "overflow is True, not False"),
        ({"cause": 4}, "cause is 4, not 0"),
    ],
)
def test_each_difference_is_one_sentence(change, sentence):
    assert differences(GOOD, replace(GOOD, **change)) == [sentence]


def test_a_case_is_simulated_with_noise_and_compared(monkeypatch):
    ran = []

    def late(cfg, tiles, stalls, *, noise):
        ran.append(noise)
        return native(cfg, tiles, stalls, noise=noise, verilog=emit(replace(CFG, stages=3).core()))

    monkeypatch.setattr(module, "native", late)
    cases = plan_cases(3, 4, ["none", "source_slow"])
    assert cases == [Case(4, "none"), Case(5, "source_slow"), Case(6, "none")]
    verdicts = list(verify(CFG, cases, "native"))
    assert [verdict.case for verdict in verdicts] == cases
    assert ran == [4, 5, 6]
    for verdict in verdicts:
        tiles, stalls = random_case(CFG, np.random.default_rng(verdict.case.seed), verdict.case.pattern)
        cycles = golden(CFG, tiles, stalls).cycles
        assert any(told.endswith(f"not {cycles}") and told.startswith("cycles is") for told in verdict.wrong)


def test_a_hang_is_a_verdict(monkeypatch):
    def hang(*_, **__):
        raise SimulationError("it hangs")

    monkeypatch.setattr(module, "native", hang)
    assert [verdict.wrong for verdict in verify(CFG, [Case(1, "none")], "native")] == [["it hangs"]]


SCRIPT = """
from dataclasses import replace
from zeroskip.gen.cli import main
from zeroskip.hw.config import Config
Config.core = lambda cfg: cfg.engine.core(replace(cfg, stages=3))
main()
"""


def verify_broken(simulator, cwd, *options):
    """Exit status 1 and what the command printed, on RTL with a register too many."""
    words = ["verify", "dense", "-p", "rows=2", "-p", "cols=2", "-p", "k_max=16", "--simulator", simulator]
    command = [sys.executable, "-c", SCRIPT, *words, "--cases", "2", *options]
    env = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


@pytest.mark.parametrize("simulator", ["native", pytest.param("verilator", marks=pytest.mark.slow)])
def test_the_command_fails_where_rtl_differs(simulator, tmp_path):
    report = json.loads(verify_broken(simulator, tmp_path, "--json"))
    assert report["passed"] == 0
    assert report["failed"] and all(failed["wrong"] for failed in report["failed"])


def test_the_command_tells_what_differs_and_how_to_see_it_again(tmp_path):
    told = verify_broken("native", tmp_path)
    assert "failed zeroskip verify dense -p rows=2 -p cols=2" in told
    assert "cycles is" in told
    assert "0 passed, 2 failed" in told


UNSTRUCTURED = [
    cfg for design in DESIGNS.values() if issubclass(design.config, FreeConfig) for cfg in design.small()
]


@pytest.mark.parametrize("number", range(len(UNSTRUCTURED)))
def test_the_command_of_a_failed_case_means_the_same_design(number):
    cfg = UNSTRUCTURED[number]
    words = _command(cfg, Verdict(cfg, Case(7, "none"), ["?"]), "native").split()
    assert words[:3] == ["zeroskip", "verify", cfg.design]
    params = [word for flag, word in pairwise(words) if flag == "-p"]
    assert replace(configure(cfg.design, params), probe=True) == cfg


SPARSE = sorted({cfg.design for cfg in UNSTRUCTURED})


@pytest.mark.parametrize(
    "design", [pytest.param(d, marks=pytest.mark.slow if d != "csc" else ()) for d in SPARSE]
)
def test_the_command_takes_every_unstructured_design(design, capsys):
    params = ["rows=4", "cols=2", "k_max=40", "block_size=8"]
    verify_command(design, params, cases=20, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"cases": 20, "passed": 20, "failed": []}


def test_the_command_sees_an_unstructured_design_that_differs(monkeypatch, capsys):
    monkeypatch.setattr(Config, "core", lambda cfg: cfg.engine.core(replace(cfg, stages=3)))
    core._component.cache_clear()
    with pytest.raises(typer.Exit):
        verify_command("csr", ["rows=2", "cols=1", "k_max=12", "block_size=4"], cases=3, as_json=True)
    core._component.cache_clear()
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], len(report["failed"])) == (0, 3)
