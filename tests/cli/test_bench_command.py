"""``zeroskip bench`` gives numbers of right results only, and says so where a target is missed."""

import json

import pytest
from command_line import run_cli

from zeroskip.explore import bench
from zeroskip.verif.golden import golden_matmul
from zeroskip.verif.result import Product


def cycles(monkeypatch, spoil):
    """Run the part about cycles with golden results, changed by ``spoil``, for those of the RTL."""

    def rtl(cfg, a, b):
        model = golden_matmul(cfg, a, b)
        made = {"c": model.c, "cycles": model.cycles, "counters": dict(model.counters)}
        spoil(made)
        return Product(**made, busy_total=model.busy_total, overflow=model.overflow)

    monkeypatch.setattr(bench, "native_matmul", rtl)
    return run_cli("bench", "--no-area", "--no-speed", "--json")


def test_right_results_are_measured(monkeypatch):
    ended = cycles(monkeypatch, lambda made: None)
    assert ended.code == 0
    rows = json.loads(ended.out)
    found = {row["measure"].removeprefix("cycles, "): (row["measured"], row["met"]) for row in rows}
    # 1 + beats + P + rows of the last tile: 16 tiles of 256 elements of k, N in M of which are stored
    beats = {"dense": 4096, "2:4": 2048, "4:8": 2048, "1:4": 1024, "2:8": 1024}
    lockstep = {name: (1 + count + 3 + 16, True) for name, count in beats.items()}
    # rows that run free: never below the multiplications of a row lane, here 64 * 256 * 64 * density / 256
    free = {f"bitmask, {sparse}% sparse": least for sparse, least in ((50, 2048), (75, 1024), (90, 410))}
    assert found.keys() == lockstep.keys() | free.keys()
    assert {name: found[name] for name in lockstep} == lockstep
    assert all(found[name][0] > least and found[name][1] for name, least in free.items())


def test_a_missed_target_is_told(monkeypatch):
    monkeypatch.setitem(bench.CYCLES, "dense", (1, 1, 4115))
    ended = cycles(monkeypatch, lambda made: None)
    assert ended.code == 0
    assert [row["met"] for row in json.loads(ended.out)] == [False] + [True] * 7


def one_sum(made):
    made["c"][63, 63] += 1


def one_cycle(made):
    made["cycles"] -= 1


def one_counter(made):
    made["counters"]["idle"] += 1


@pytest.mark.parametrize("spoil", [one_sum, one_cycle, one_counter])
def test_wrong_results_are_not_measured(spoil, monkeypatch):
    code, out, err = cycles(monkeypatch, spoil)
    assert (code, out) == (2, "")
    assert err.startswith("error: dense: RTL and golden model differ")
