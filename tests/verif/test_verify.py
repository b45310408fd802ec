"""Every way in which RTL can differ is told, and a difference is never a success."""

import re
from dataclasses import replace

import numpy as np
import pytest

from zeroskip.gen.emit import emit
from zeroskip.hw.designs.dense import DenseConfig
from zeroskip.verif import verify as module
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.cases import random_case
from zeroskip.verif.compare import differences
from zeroskip.verif.golden import golden
from zeroskip.verif.native import SimulationError, native
from zeroskip.verif.patterns import PATTERNS
from zeroskip.verif.result import Result
from zeroskip.verif.verify import verify

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
    told = []
    verdicts = verify(
        replace(CFG, probe=False), 3, seed=4, stalls="source_slow", progress=lambda *now: told.append(now)
    )
    assert [verdict.case for verdict in verdicts] == [Case(seed, "source_slow") for seed in (4, 5, 6)]
    assert [verdict.cfg for verdict in verdicts] == [CFG] * 3
    assert told == [("dense 2x2", done, 3) for done in (1, 2, 3)]
    assert ran == [4, 5, 6]
    for verdict in verdicts:
        tiles, stalls = random_case(CFG, np.random.default_rng(verdict.case.seed), verdict.case.stalls)
        cycles = golden(CFG, tiles, stalls).cycles
        assert any(told.endswith(f"not {cycles}") and told.startswith("cycles is") for told in verdict.wrong)


def test_a_hang_is_a_verdict(monkeypatch):
    def hang(*_, **__):
        raise SimulationError("it hangs")

    monkeypatch.setattr(module, "native", hang)
    assert [verdict.wrong for verdict in verify(CFG, 1)] == [["it hangs"]]


def test_patterns_take_turns_by_seed(monkeypatch):
    monkeypatch.setattr(module, "differences", lambda *_: [])
    names = list(PATTERNS)
    assert [verdict.case.stalls for verdict in verify(CFG, 3, seed=2 * len(names) - 1)] == [
        *(names[-1], *names[:2])
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"cases": 0}, "cases must be an integer from 1 to 1000000, not 0"),
        ({"seed": -1}, f"seed must be an integer from 0 to {2**63 - 1}, not -1"),
        ({"stalls": "nome"}, f"stalls must be one of {', '.join(PATTERNS)}, not 'nome'"),
        ({"simulator": "vcs"}, "simulator must be one of native, verilator, icarus, not 'vcs'"),
    ],
)
def test_arguments_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        verify(CFG, **arguments)
