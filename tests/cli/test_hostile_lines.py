"""Command lines that nobody should write, each with the one sentence that it gets."""

import shlex
from pathlib import Path

import pytest
from command_line import run_cli

OPERANDS = "--a random:4x4:0.5 --b random:4x4:1 --backend model"

LINES = {
    # a parameter in another form than -p key=value
    "generate nm rows=8": "a parameter must follow -p as one word: write -p rows=8",
    "generate nm rows = 8": "a parameter must follow -p as one word: write -p rows=8",
    "generate nm -p rows = 8": "a parameter must follow -p as one word: write -p rows=8",
    "generate nm -p rows= 8": "a parameter must follow -p as one word: write -p rows=8",
    "generate nm -p rows 8": "-p must be key=value: write -p rows=8, not -p rows 8",
    "generate nm --param rows 8": "-p must be key=value: write -p rows=8, not -p rows 8",
    "generate nm --rows 8": "rows is a parameter, not an option: write -p rows=8",
    "generate nm --rows=8": "rows is a parameter, not an option: write -p rows=8",
    "generate nm -rows 8": "rows is a parameter, not an option: write -p rows=8",
    "generate nm --cols=": "cols is a parameter, not an option: write -p cols=...",
    "generate nm --cols": "cols is a parameter, not an option: write -p cols=...",
    "generate nm --K-MAX 8": "k_max is a parameter, not an option: write -p k_max=8",
    "generate nm --encodin bitmask": "encoding is a parameter, not an option: write -p encoding=bitmask",
    "generate nm -p rows=8,cols=4": "-p must be one key=value, each with its own -p, not 'rows=8,cols=4'",
    "generate nm -p 'rows=8 cols=4'": "-p must be one key=value, each with its own -p, not 'rows=8 cols=4'",
    "generate nm -p rows==8": "-p must be one key=value, each with its own -p, not 'rows==8'",
    "generate nm -p": "-p must have a value after it",
    "generate nm -p -p": "-p must be key=value, for example -p rows=16, not '-p'",
    "generate nm -p ''": "-p must be key=value, for example -p rows=16, not ''",
    "generate nm -p =8": "nm has no parameter '' (it has rows, cols, a_width,",
    f"run nm rows=8 {OPERANDS}": "a parameter must follow -p as one word: write -p rows=8",
    f"run nm -p rows 8 {OPERANDS}": "-p must be key=value: write -p rows=8, not -p rows 8",
    f"run nm --rows 8 {OPERANDS}": "rows is a parameter, not an option: write -p rows=8",
    "sweep nm rows=8 random:4x4:0.5": "a parameter must follow -p: write -p rows=8",
    "sweep nm -p rows 8 random:4x4:0.5": "-p must be key=value, for example -p rows=16, not 'rows'",
    "verify nm --levels 2": "levels is a parameter, not an option: write -p levels=2",
    "cost nm lanes=2": "a parameter must follow -p as one word: write -p lanes=2",
    "mutate nm --lanes 2": "lanes is a parameter, not an option: write -p lanes=2",
    "formats --run-bits 5": "run_bits is a parameter, not an option: write -p run_bits=5",
    "designs nm rows=8": "zeroskip designs takes no 'rows=8', zeroskip designs --help says what it takes",
    "designs --rows 8": "zeroskip designs has no option --rows, zeroskip designs --help lists them",
    # names
    "generate mn": "there is no design or preset 'mn', did you mean 'nm'?",
    "generate NM": "there is no design or preset 'NM', did you mean 'nm'?",
    "generate Ampere": "there is no design or preset 'Ampere', did you mean 'ampere-2of4'?",
    "designs nmm": "there is no design or preset 'nmm', did you mean 'nm'?",
    "generate ''": "there is no design or preset '' (it has dense, gated, nm, hss,",
    "generate nm.TOML": "there is no design or preset 'nm.TOML'",
    "generate no.toml": "no.toml cannot be read: No such file or directory",
    "generate nm -p ROWS=8": "nm has no parameter 'ROWS', did you mean 'rows'?",
    "generate nm -p kmax=8": "nm has no parameter 'kmax', did you mean 'k_max'?",
    "formats -p nothing=1": "no design has a parameter 'nothing'",
    "nm": "nm is a design, and a command must stand before it, for example zeroskip designs nm",
    "BitWave": "bitwave is a design, and a command must stand before it, for example",
    "gen": "there is no command 'gen', did you mean generate?",
    "Generate": "there is no command 'Generate', did you mean generate?",
    "'sweep nm'": "there is no command 'sweep nm', did you mean sweep?",
    "''": "there is no command '', zeroskip --help lists them",
    "--versoin": "zeroskip has no option --versoin: those of a command must stand after it",
    "-p rows=8 generate nm": "zeroskip has no option -p: those of a command must stand after it",
    "generate nm --nam x": "zeroskip generate has no option --nam, did you mean --name?",
    "sweep nm --mhz 3": "zeroskip sweep has no option --mhz, zeroskip sweep --help lists them",
    # too few words, too many
    "generate": "DESIGN must be given, zeroskip generate --help says what it is",
    "sweep nm": "OPERAND must be given, zeroskip sweep --help says what it is",
    "run nm --a random:4x4:0.5": "--b must be given; it is made only for layers of a model",
    "run nm random:4x4:0.5 random:4x4:1": "--a must be given, zeroskip run --help says what it is",
    "run nm --a": "--a must have a value after it",
    "generate nm -o": "-o must have a value after it",
    "generate nm csr": "zeroskip generate takes no 'csr', zeroskip generate --help says what it takes",
    "bench --json yes": "zeroskip bench takes no 'yes', zeroskip bench --help says what it takes",
    "doctor g++": "zeroskip doctor takes no 'g++', zeroskip doctor --help says what it takes",
    "cost nm --dsp no": "zeroskip cost takes no 'no', zeroskip cost --help says what it takes",
    # values
    "generate nm -p rows=": "rows must be an integer, not ''",
    "generate nm -p rows=8.0": "rows must be an integer, not '8.0'",
    "generate nm -p rows=1e1": "rows must be an integer, not '1e1'",
    "generate nm -p rows=none": "rows must be an integer, not 'none'",
    "generate nm -p rows=-1": "rows must be an integer from 1 to 32, not -1",
    "generate nm -p rows=99999999999999999999": "rows must be an integer from 1 to 32, not 9999",
    "generate nm -p probe=maybe": "probe must be true or false, not 'maybe'",
    "generate nm -p encoding=masks": "encoding must be index or bitmask, not 'masks'",
    "generate nm -p acc_width=x": "acc_width must be an integer or none, not 'x'",
    "generate nm -p acc_width=7": "acc_width must be none or an integer from 16 (one product) to 48, not 7",
    "generate csr -p share=yes -p acc_width=20": "acc_width must be none or an integer from 26 to 48 for",
    "generate nm --mhz fast": "--mhz must be a valid number, not 'fast'",
    "generate nm --mhz nan": "--mhz must be a number from 0.001 to 10000, not nan",
    "generate nm --mhz -5": "--mhz must be a number from 0.001 to 10000, not -5.0",
    "generate nm --name ''": "--name must be a lower-case letter, followed by lower-case letters and digits",
    "generate nm --clock sys_clk --pins": "--pins must be left out with clock",
    "generate nm --name a.b": "--name must be a lower-case letter, followed by lower-case letters and digits",
    "cost nm --target asic": "--target must be one of ecp5, gates, not 'asic'",
    "cost nm --target gates --delay 1": "--delay must be left out for gates, which have none here, not 1.0",
    "cost nm --delay zero": "--delay must be a valid number, not 'zero'",
    "verify nm --simulator modelsim": "--simulator must be one of native, verilator, icarus, not 'modelsim'",
    "verify nm --cases 0": "--cases must be 1 or more, not '0'",
    "verify nm --cases 9999999999": "--cases must be 1000000 at most, not '9999999999'",
    "mutate nm --count ten": "--count must be a valid integer, not 'ten'",
    "sweep nm --size 0 random:4x4:0.5": "--size must be 1 or more, not '0'",
    f"run nm --seed -1 {OPERANDS}": "--seed must be 0 or more, not '-1'",
    f"run nm --seed 99999999999999999999 {OPERANDS}": "--seed must be 9223372036854775806 at most, not",
    f"run nm {OPERANDS} --backend RTL": "--backend must be one of rtl, model, not 'RTL'",
    f"run nm {OPERANDS} --out c.txt": "--out must end in .npy, not 'c.txt'",
    f"run csr {OPERANDS} --prune": "--prune needs an N:M design, and csr has no N:M",
    "formats --curve no/curve.svg": "--curve must be in a folder that exists, not 'no/curve.svg'",
    "run nm --a random:4x4 --b random:4x4:1": "operand must be random:ROWSxCOLS:DENSITY[:SEED], such as",
    "run nm --a laplace:4x4:9 --b random:4x4:1": "matrix must have at most 2 nonzeros in each block of",
    "run nm --a no.npy --b random:4x4:1": "no.npy cannot be read or written: No such file or directory",
}


def test_they_are_many() -> None:
    assert len(LINES) > 70


@pytest.mark.parametrize("line", LINES)
def test_one_sentence_and_nothing_written(line: str, tmp_path: Path) -> None:
    code, out, err = run_cli(*shlex.split(line), cwd=tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith(f"error: {LINES[line]}")
    assert list(tmp_path.iterdir()) == []


def test_no_words_at_all_get_the_help() -> None:
    code, out, err = run_cli()
    assert (code, err) == (2, "")
    assert "Usage: zeroskip" in out
