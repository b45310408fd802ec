"""``zeroskip pack`` and ``zeroskip unpack``."""

import json
from itertools import pairwise

import numpy as np
import pytest
from command_line import run_cli

from zeroskip.gen.designs import configure
from zeroskip.sw.beat_files import read_beats
from zeroskip.sw.product import pack_product
from zeroskip.verif.native import run_streams

CSR = ("csr", "-p", "rows=2", "-p", "cols=2", "-p", "k_max=16", "-p", "block_size=4")


def ok(*words, cwd):
    ended = run_cli(*words, cwd=cwd)
    assert ended.code == 0, ended
    return ended.out


def refused(*words, cwd):
    code, out, err = run_cli(*words, cwd=cwd)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    return err.strip().removeprefix("error: ")


@pytest.fixture
def saved(tmp_path):
    rng = np.random.default_rng(3)
    a = rng.integers(-9, 9, (5, 24)) * (rng.random((5, 24)) < 0.4)
    b = rng.integers(-9, 9, (24, 3))
    np.save(tmp_path / "a.npy", a)
    np.save(tmp_path / "b.npy", b)
    return a, b


@pytest.mark.parametrize("form", ["bin", "hex", "mem"])
def test_files_are_the_packed_product(form, saved, tmp_path):
    words = ("pack", *CSR, "--a", "a.npy", "--b", "b.npy", "-o", "out", "--form", form)
    said = ok(*words, cwd=tmp_path)
    assert said.count("written") == 5
    assert ok(*words, cwd=tmp_path).count("unchanged") == 5
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    packed = pack_product(configure("csr", rows=2, cols=2, k_max=16, block_size=4), *saved)
    assert list(index["streams"]) == list(packed.image)
    for name, stream in index["streams"].items():
        assert stream["file"] == f"{name}.{form}"
        assert np.array_equal(
            read_beats(tmp_path / "out" / stream["file"], stream["bytes"]), packed.image[name]
        )
        file = stream.pop("file")
        assert (
            f"{file} " in said
            and f"{stream['port']}: {stream['beats']} beats of {stream['width']} bits" in said
        )
    assert index == json.loads(json.dumps(packed.index()))
    assert f"tiles: {len(packed.tiles)}; result beats: {index['results']['beats']}" in said


def test_arrays_of_c_are_one_file(saved, tmp_path):
    ok("pack", *CSR, "--a", "a.npy", "--b", "b.npy", "-o", ".", "--form", "c", "--name", "mine", cwd=tmp_path)
    index = json.loads((tmp_path / "index.json").read_text())
    assert {stream["file"] for stream in index["streams"].values()} == {"mine.h"}
    text = (tmp_path / "mine.h").read_text()
    places = [
        text.index(f"mine_{name}[{each['beats']}][{each['bytes']}]")
        for name, each in index["streams"].items()
    ]
    assert all(before < after for before, after in pairwise(places))


def test_the_design_computes_what_was_packed(saved, tmp_path):
    """Files to the RTL, its rows to a file, the file to the product; of a design that skips zeros of b."""
    a, b = saved
    shape = ("-p", "rows=2", "-p", "cols=2", "-p", "k_max=16", "-p", "block_size=8")
    ok("pack", "activation", *shape, "--a", "a.npy", "--b", "b.npy", "-o", "out", cwd=tmp_path)
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    beats = {
        name: read_beats(tmp_path / "out" / stream["file"], stream["bytes"])
        for name, stream in index["streams"].items()
    }
    run = run_streams(configure(tmp_path / "out" / "index.json"), beats, out_beats=index["results"]["beats"])
    (tmp_path / "rows.bin").write_bytes(run.beats.tobytes())
    said = ok("unpack", "out/index.json", "rows.bin", "-o", "c.npy", cwd=tmp_path)
    assert said == f"c.npy: int64 5 x 3, of {len(run.beats)} result beats\n"
    c = np.load(tmp_path / "c.npy")
    assert c.dtype == np.int64 and np.array_equal(c, a @ b)


def test_operands_may_be_pruned_or_made(tmp_path):
    words = ("pack", "nm", "-p", "rows=2", "-p", "cols=2", "--b", "random:8x2:1", "-o", "out")
    np.save(tmp_path / "a.npy", np.array([[1, 2, 0, 0, 9, -3, 5, 1]]))
    assert refused(*words, "--a", "a.npy", cwd=tmp_path).startswith(
        "matrix must have at most 2 nonzeros in each"
    )
    assert not (tmp_path / "out").exists()
    assert "a: pruned by magnitude, 2 nonzeros dropped" in ok(*words, "--a", "a.npy", "--prune", cwd=tmp_path)
    ok(*words, "--a", "random:4x8:0.5", cwd=tmp_path)


def test_the_index_stands_for_the_design(saved, tmp_path):
    words = ("--a", "a.npy", "--b", "b.npy", "-o")
    ok("pack", *CSR, *words, "one", cwd=tmp_path)
    ok("pack", "one/index.json", *words, "two", cwd=tmp_path)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--a", "none.npy"), "none.npy cannot be read or written: No such file"),
        (("--name", "1x", "--form", "c"), "--name must be a letter followed by letters"),
        (("--prune",), "--prune needs an N:M design"),
        (("--b", "random:3x3:1"), "b must have as many rows as a has columns, 24, not 3"),
        (("-o", "a.npy"), "a.npy cannot be written: File exists"),
    ],
)
def test_mistakes_of_pack_get_one_sentence(words, sentence, saved, tmp_path):
    common = ("pack", *CSR, "--a", "a.npy", "--b", "b.npy", "-o", "out")
    assert refused(*common, *words, cwd=tmp_path).startswith(sentence)
    assert {path.name for path in tmp_path.iterdir()} == {"a.npy", "b.npy"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("index.json", "rows.bin", "-o", "c.txt"), "--output must end in .npy, not 'c.txt'"),
        (("index.json", "rows.txt"), "results must be a file .bin, .hex or .mem, not 'rows.txt'"),
        (("index.json", "rows.bin"), "results must be 24 beats, not 2"),
        (("index.json", "rows.bin", "--bus", "ahb"), "--bus must be axis, not 'ahb'"),
        (("index.json", "rows.bin", "--bus", "axis"), "results must be 24 beats, not 1"),
        (("index.json", "none.bin"), "none.bin cannot be read or written: No such file"),
        (("none.json", "rows.bin"), "none.json cannot be read: No such file"),
        (("a.npy", "rows.bin"), "INDEX must be the index.json of pack, not 'a.npy'"),
        (("manifest.json", "rows.bin"), "manifest.json must have a product, as the index.json of pack has"),
        (("m.json", "rows.bin"), "m of m.json must be an integer from 1 to 2147483648, not 0"),
    ],
)
def test_mistakes_of_unpack_get_one_sentence(words, sentence, saved, tmp_path):
    ok("pack", *CSR, "--a", "a.npy", "--b", "b.npy", "-o", ".", cwd=tmp_path)
    index = json.loads((tmp_path / "index.json").read_text())
    index["product"]["m"] = 0
    (tmp_path / "m.json").write_text(json.dumps(index))
    del index["product"]
    (tmp_path / "manifest.json").write_text(json.dumps(index))
    (tmp_path / "rows.bin").write_bytes(bytes(2 * index["results"]["bytes"]))
    before = set(tmp_path.iterdir())
    assert refused("unpack", *words, cwd=tmp_path).startswith(sentence)
    assert set(tmp_path.iterdir()) == before
