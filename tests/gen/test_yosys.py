"""What Yosys says reaches the caller."""

import pytest

from zeroskip.gen.emit import emit
from zeroskip.gen.yosys import run_yosys
from zeroskip.hw.designs.dense import DenseConfig

ADDER = "module top(input [3:0] a, b, output [3:0] y); assign y = a ^ b; endmodule"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Makes a shell script the Yosys that runs."""
    path = tmp_path / "yosys"

    def write(text):
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        monkeypatch.setenv("ZEROSKIP_YOSYS", str(path))

    return write


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("echo ERROR: so it is; exit 1", "ERROR: so it is"),
        ("echo 'Warning: odd' >&2; echo ERROR: no >&2; exit 1", "ERROR: no"),
        ("echo 'Warning: odd' >&2; exit 1", "Warning: odd"),
        ("exit 1", "it stopped without a word"),
        ("echo ERROR: in the file > $3; exit 1", "ERROR: in the file"),
    ],
)
def test_failures_by_what_is_said(program, tmp_path, text, sentence):
    program(text)
    with pytest.raises(RuntimeError, match=rf"\AYosys failed: {sentence}\Z"):
        run_yosys("stat", tmp_path)


def test_an_error_after_the_mapper_is_told(tmp_path):
    (tmp_path / "top.v").write_text(ADDER)
    with pytest.raises(RuntimeError, match="Yosys failed: ERROR: No such command: wrong"):
        run_yosys("read_verilog top.v; synth_ecp5 -top top; wrong", tmp_path)


def test_a_yosys_that_is_named_and_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("ZEROSKIP_YOSYS", "yosis")
    with pytest.raises(
        RuntimeError, match=r"\AZEROSKIP_YOSYS must name a Yosys that can be started, not 'yosis'\Z"
    ):
        run_yosys("stat", tmp_path)


def test_verilog_is_of_amaranths_own_yosys(program, tmp_path, monkeypatch):
    """One on PATH may be another version, and write another text."""
    own = emit(DenseConfig(rows=1, cols=1).core())
    program("exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert emit(DenseConfig(rows=1, cols=1).core()) == own
