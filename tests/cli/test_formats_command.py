"""``zeroskip formats`` as a user meets it."""

import json
import re

import numpy as np
import pytest
from command_line import run_cli

from zeroskip.sw.formats import FORMATS, FormatParams
from zeroskip.sw.formats.measure import break_even


def formats(*words, cwd, status=0):
    ended = run_cli("formats", *words, cwd=cwd, columns=120)
    assert ended.code == status, ended
    return ended


def test_a_file_in_every_format(tmp_path):
    matrix = np.array([[0, 3, 0, 0, -1], [0, 0, 0, 0, 0], [2, 0, 0, 7, 0]])
    np.save(tmp_path / "a.npy", matrix)
    words = ("--a", "a.npy", "--width", "4", "--run-width", "1", "--block", "2", "--block-rows", "2")
    done = formats(*words, "--block-cols", "2", "--beat-bits", "8", "--json", cwd=tmp_path)
    assert done.err == ""
    found = json.loads(done.out)
    assert (found["shape"], found["density"], found["notes"]) == ([3, 5], 4 / 15, [])
    params = FormatParams(width=4, run_width=1, block=2, block_rows=2, block_cols=2, beat_bits=8)
    assert list(found["formats"]) == list(FORMATS)
    for name, entry in FORMATS.items():
        stored = entry.encode(matrix, params)
        assert found["formats"][name] == {
            "bits_per_element": stored.per_element,
            "total": stored.total,
            "values": stored.values,
            "metadata": stored.metadata,
            "pointers": stored.pointers,
            "padding": stored.padding,
        }
    assert "curve" not in found


def test_the_table(tmp_path):
    text = formats("--a", "random:64x64:0.25", "--index-width", "8", cwd=tmp_path).out
    assert "64 x 64, density 0.2500, 8-bit values: stored bits per element" in text
    rows = {cells[0].strip(): cells for cells in (line.strip("│").split("│") for line in text.splitlines())}
    assert [cell.strip() for cell in rows["bitmask"]] == [
        "bitmask", "3.000", "2.000", "1.000", "0.000", "0.000", "37.5%",
    ]  # fmt: skip
    assert [cell.strip() for cell in rows["csr"]][1:5] == ["4.219", "2.000", "2.000", "0.206"]


def test_patterns_get_a_note(tmp_path):
    (tmp_path / "a.smtx").write_text("2, 4, 3\n0 1 3\n2 0 1\n")
    done = formats("--a", "a.smtx", cwd=tmp_path)
    assert "note: values: made from seed 0, the file has a pattern only" in done.out


def test_the_curve(tmp_path):
    words = ("--a", "random:32x16:0.2", "--curve", "out.svg", "--json")
    found = json.loads(formats(*words, cwd=tmp_path).out)
    assert found["curve"]["density"] == [round(0.02 * step, 2) for step in range(1, 51)]
    assert found["curve"]["bits_per_element"].keys() == FORMATS.keys()
    assert all(len(bits) == 50 for bits in found["curve"]["bits_per_element"].values())
    for name in FORMATS:
        assert found["break_even"][name]["measured"] == break_even(name, (32, 16), FormatParams())
    assert found["break_even"]["csr"]["theory"] == 8 / 12
    assert found["break_even"]["index in groups of 4"] == {"measured": [0.75, 1.0], "theory": 0.8}
    first = (tmp_path / "out.svg").read_bytes()
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", first.decode())
    assert "random 32 x 16 operands, 8-bit values: packed images, nothing left out" in shown
    for name in FORMATS:
        assert f"{name}, {found['break_even'][name]['measured']:.3f}" in shown
    text = formats(*words[:-1], cwd=tmp_path).out
    assert "0.750 .. 1.000" in text
    assert text.endswith("wrote out.svg\n")
    assert (tmp_path / "out.svg").read_bytes() == first


def test_a_format_that_never_pays_is_drawn_too(tmp_path):
    words = ("--a", "random:64x1:0.2", "--width", "2", "--curve", "out.png")
    text = formats(*words, cwd=tmp_path).out
    assert re.search(r"csr +│ +none │ +0\.6667", text)
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--curve", "out.pdf"), "--curve must end in .svg or .png, not 'out.pdf'"),
        (("--curve", "no/out.svg"), "--curve must be in a folder that exists, not 'no/out.svg'"),
        (("--a", "none.npy"), "none.npy cannot be read or written: No such file or directory"),
        (("--a", "random:4x4"), "operand must be random:ROWSxCOLS:DENSITY[:SEED]"),
        (("--width", "17"), "width must be an integer from 2 to 16, not 17"),
        (("--beat-bits", "12"), "beat_bits must be a multiple of 8 from 8 to 4096, not 12"),
        (("--index-width", "3"), "index_width must be at least 8 for 256 columns, not 3"),
    ],
)
def test_mistakes_get_one_sentence_and_write_nothing(words, sentence, tmp_path):
    done = formats(*words, cwd=tmp_path, status=2)
    assert done.out == ""
    assert done.err.strip().splitlines()[-1].startswith(f"error: {sentence}")
    assert list(tmp_path.iterdir()) == []


def test_values_that_do_not_fit(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[0, 200]]))
    done = formats("--a", "a.npy", cwd=tmp_path, status=2)
    assert "error: matrix must be integers from -128 to 127 (8 bits, signed), not 200" in done.err
    assert "bitmask" in formats("--a", "a.npy", "--no-signed", cwd=tmp_path).out
