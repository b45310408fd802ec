"""``zeroskip verify``: a difference is never a success, and is told so that it can be seen again."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from command_line import run_cli
from small_designs import DIGITS, VALUES

from zeroskip.cli import verify
from zeroskip.cli.verify import _command
from zeroskip.gen.designs import configure_words
from zeroskip.hw.config import Config
from zeroskip.verif.bench.plan import Case
from zeroskip.verif.native import core
from zeroskip.verif.verify import Verdict

SMALL = ("-p", "rows=2", "-p", "cols=2", "-p", "k_max=16")


@pytest.fixture
def broken(monkeypatch):
    """RTL with a register too many."""
    monkeypatch.setattr(Config, "core", lambda cfg: cfg.engine.core(replace(cfg, stages=3)))
    core._component.cache_clear()
    yield
    core._component.cache_clear()


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("simulator", ["native", pytest.param("verilator", marks=pytest.mark.slow)])
def test_the_command_fails_where_rtl_differs(simulator):
    code, out, _ = run_cli("verify", "dense", *SMALL, "--simulator", simulator, "--cases", "2", "--json")
    assert code == 1
    report = json.loads(out)
    assert (report["cases"], report["passed"], len(report["failed"])) == (2, 0, 2)
    assert all(failed["wrong"] for failed in report["failed"])


@pytest.mark.usefixtures("broken")
def test_the_command_tells_what_differs_and_how_to_see_it_again():
    code, out, _ = run_cli("verify", "dense", *SMALL, "--cases", "2")
    assert code == 1
    assert "failed zeroskip verify dense -p rows=2 -p cols=2" in out
    assert "cycles is" in out
    assert "0 passed, 2 failed" in out


UNSTRUCTURED = [*VALUES, *DIGITS]


@pytest.mark.parametrize("number", range(len(UNSTRUCTURED)))
def test_the_command_of_a_failed_case_means_the_same_design(number):
    cfg = UNSTRUCTURED[number]
    words = _command(Verdict(cfg, Case(7, "none"), ["?"]), "native").split()
    assert words[:3] == ["zeroskip", "verify", cfg.design]
    params = [word for flag, word in pairwise(words) if flag == "-p"]
    assert replace(configure_words(cfg.design, params), probe=True) == cfg


@pytest.mark.parametrize("design", ["csc", pytest.param("bitserial", marks=pytest.mark.slow)])
def test_the_command_takes_unstructured_designs(design):
    words = (
        "-p",
        "rows=4",
        "-p",
        "cols=2",
        "-p",
        "k_max=40",
        "-p",
        "block_size=8",
        "--cases",
        "20",
        "--json",
    )
    code, out, _ = run_cli("verify", design, *words)
    assert (code, json.loads(out)) == (0, {"cases": 20, "passed": 20, "failed": []})


@pytest.mark.usefixtures("broken")
def test_the_command_sees_an_unstructured_design_that_differs():
    words = ("-p", "rows=2", "-p", "cols=1", "-p", "k_max=12", "-p", "block_size=4", "--cases", "3", "--json")
    code, out, _ = run_cli("verify", "csr", *words)
    report = json.loads(out)
    assert (code, report["passed"], len(report["failed"])) == (1, 0, 3)


def test_cases_are_shared_out_and_seeds_follow_each_other(monkeypatch):
    """Without a design: all configurations, those past the last case not at all."""
    asked = []

    def none(cfg, count, *, seed, **_):
        asked.append((count, seed))
        return [Verdict(cfg, Case(each, "none"), []) for each in range(seed, seed + count)]

    monkeypatch.setattr(verify, "verify", none)
    assert (
        "3 passed, 0 failed: native, 3 configurations, seeds from 7"
        in run_cli("verify", "--cases", 3, "--seed", 7).out
    )
    assert asked == [(1, 7), (1, 8), (1, 9)]
    asked.clear()
    assert run_cli("verify", "--cases", 301).code == 0
    counts, seeds = zip(*asked, strict=True)
    assert sum(counts) == 301 and set(counts) == {301 // len(counts), 301 // len(counts) + 1}
    assert list(seeds) == [sum(counts[:i]) for i in range(len(counts))]
