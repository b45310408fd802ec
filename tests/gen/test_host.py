"""C packs what Python packs, bit for bit, and reads results: all small designs, by gcc and by g++."""

import ctypes
import json
import re
import subprocess
from itertools import product

import numpy as np
import pytest
from host_library import AXIS, COMPILERS, CONFIGS, ERRORS, WARNINGS, Host, compiled

from zeroskip.gen.designs import configure
from zeroskip.gen.host import host_header
from zeroskip.sw.bits import pack_beats
from zeroskip.sw.codecs import codec_of
from zeroskip.sw.image import pack, result_fields
from zeroskip.sw.tiling import tile_matmul
from zeroskip.verif.golden import golden
from zeroskip.verif.native import run_streams

EVERY = pytest.mark.parametrize("which", range(len(CONFIGS)), ids=lambda which: f"{CONFIGS[which]}")
OF_FORMAT = {cfg.format: which for which, cfg in reversed(list(enumerate(CONFIGS)))}
"""A small design of each format."""


@pytest.fixture(scope="module", params=COMPILERS)
def host(request, tmp_path_factory):
    return Host(ctypes.CDLL(str(compiled(request.param, tmp_path_factory.mktemp("host")))))


def operands(cfg, rng, density):
    """Random operands of several tiles each way, which the design takes and whose sums do not overflow."""
    most = 1 if cfg.can_overflow else 1 << 16
    k = cfg.k_max + min(cfg.k_max, 9) if cfg.k_max >= cfg.block else cfg.k_max
    shapes = (cfg.rows + int(rng.integers(1, cfg.rows + 1)), k), (k, 2 * cfg.cols - 1 or 2)
    widths = (cfg.a_width, cfg.a_signed), (cfg.b_width, cfg.b_signed)
    a, b = (
        np.clip(rng.integers(0, 1 << width, shape) - (signed << width - 1), -most, most)
        for shape, (width, signed) in zip(shapes, widths, strict=True)
    )
    a *= rng.random(a.shape) < density
    a[0] = a[1, :-1] = 0
    return codec_of(cfg).fitted(cfg, a), b


def results(cfg, tiles):
    """The result beats of the golden model."""
    run = golden(cfg, tiles)
    if run.out_rows is None:
        ends = [row + 1 == len(rows) for rows in run.outputs for row in range(len(rows))]
        return pack_beats(
            cfg.engine.output(cfg), {"cols": np.concatenate(run.outputs), "last": np.array(ends, np.int64)}
        )
    seen = [int(np.count_nonzero(run.out_rows[:i] == row)) for i, row in enumerate(run.out_rows)]
    sums = [run.outputs[tile][row] for tile, row in zip(seen, run.out_rows, strict=True)]
    return pack_beats(cfg.engine.output(cfg), {"cols": np.array(sums), "row": run.out_rows})


@EVERY
def test_c_packs_what_python_packs_and_reads_what_the_model_gives(which, host):
    cfg, rng = CONFIGS[which], np.random.default_rng(which)
    for density in (0.15, 0.9):
        a, b = operands(cfg, rng, density)
        tiles = tile_matmul(cfg, a, b)
        error, beats = host.pack(which, a.astype(np.int32), b.astype(np.int32))
        assert error == "ZS_OK"
        image = pack(cfg, tiles)
        assert list(beats) == list(image)
        for stream, expected in image.items():
            assert np.array_equal(beats[stream], expected), stream
        rows = results(cfg, tiles)
        assert host.result_beats(which, a.shape, b.shape) == len(rows)
        error, c = host.unpack(which, a.shape, b.shape, rows)
        assert error == "ZS_OK"
        assert np.array_equal(c, a @ b)


def test_operands_are_of_tiles_of_every_kind():
    tiles = [
        tile
        for which, cfg in enumerate(CONFIGS)
        for density in (0.15, 0.9)
        for tile in tile_matmul(cfg, *operands(cfg, np.random.default_rng(which), density))
    ]
    kinds = {(tile.keep, tile.dense) for tile in tiles}
    assert kinds == set(product([False, True], repeat=2))
    assert {tile.pattern for tile in tiles} >= {(), (1,), (2,), (1, 1), (2, 2)}


@pytest.mark.parametrize("format_", ["nm_index", "bitmask", "bitslice"])
def test_what_c_packs_the_design_computes(format_, host):
    """From C through the RTL to C."""
    which = OF_FORMAT[format_]
    cfg = CONFIGS[which]
    a, b = operands(cfg, np.random.default_rng(5), 0.6)
    _, beats = host.pack(which, a.astype(np.int32), b.astype(np.int32))
    run = run_streams(cfg, beats, out_beats=host.result_beats(which, a.shape, b.shape))
    assert not run.error
    error, c = host.unpack(which, a.shape, b.shape, run.beats)
    assert error == "ZS_OK"
    assert np.array_equal(c, a @ b)


@pytest.mark.parametrize("number", range(len(AXIS)))
def test_results_of_the_axi4_stream_form(number, host):
    """The same operands; of results each sum in a word or two, then the row's number in one."""
    cfg, which = AXIS[number], len(CONFIGS) + number
    a, b = operands(cfg, np.random.default_rng(8), 0.4)
    error, beats = host.pack(which, a.astype(np.int32), b.astype(np.int32))
    assert error == "ZS_OK"
    tiles = tile_matmul(cfg, a, b)
    assert all(np.array_equal(beats[name], image) for name, image in pack(cfg, tiles).items())
    fields = result_fields(cfg, results(cfg, tiles))
    rows = fields["cols"].astype("<i8" if cfg.acc_width else "<i4").view(np.uint8)
    if "row" in fields:
        rows = np.hstack([rows, fields["row"].astype("<i4").view(np.uint8).reshape(-1, 4)])
    error, c = host.unpack(which, a.shape, b.shape, rows)
    assert error == "ZS_OK"
    assert np.array_equal(c, a @ b)


def test_a_transposed_product_is_that_of_the_transposed_operands(host):
    which = OF_FORMAT["activation"]
    cfg = CONFIGS[which]
    left, right = operands(cfg, np.random.default_rng(6), 0.5)
    a, b = np.ascontiguousarray(right.T), np.ascontiguousarray(left.T)
    error, beats = host.pack(which, a.astype(np.int32), b.astype(np.int32), transposed=True)
    assert error == "ZS_OK"
    tiles = tile_matmul(cfg, left, right)
    assert all(np.array_equal(beats[name], image) for name, image in pack(cfg, tiles).items())
    rows = results(cfg, tiles)
    assert host.unpack(which, a.shape, b.shape, rows, transposed=True)[0] == "ZS_OK"
    assert np.array_equal(host.unpack(which, a.shape, b.shape, rows, transposed=True)[1], a @ b)
    defaults = [bool(host.library.transposed(number)) for number in range(len(CONFIGS))]
    assert defaults == [each.transposed for each in CONFIGS]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32"])
def test_operands_of_any_type(dtype, host):
    which = next(i for i, cfg in enumerate(CONFIGS) if min(cfg.a_width, cfg.b_width) >= 8 and cfg.a_signed)
    a, b = np.array([[1, 0, 3]], dtype), np.array([[5], [6], [7]], dtype)
    error, beats = host.pack(which, a, b)
    assert error == "ZS_OK"
    image = pack(CONFIGS[which], tile_matmul(CONFIGS[which], a, b))
    assert all(np.array_equal(beats[name], expected) for name, expected in image.items())


@pytest.mark.parametrize(("format_", "pattern"), [("nm_index", (2,)), ("hss", (2, 2))])
def test_a_pattern_may_be_chosen(format_, pattern, host):
    which = next(i for i, cfg in enumerate(CONFIGS) if cfg.format == format_ and cfg.n > 1 and cfg.pattern)
    cfg = CONFIGS[which]
    a, b = np.zeros((2, cfg.block), np.int32), np.ones((cfg.block, 2), np.int32)
    a[:, 1] = 1
    for chosen in ((), pattern):
        error, beats = host.pack(which, a, b, pattern=chosen)
        assert error == "ZS_OK"
        image = pack(cfg, tile_matmul(cfg, a, b, chosen or None))
        assert all(np.array_equal(beats[name], expected) for name, expected in image.items())


# ---- errors -------------------------------------------------------------------------------------------

ONE, FULL = np.ones((1, 1), np.int32), np.ones((1, 4), np.int32)


def test_every_error_has_its_name(host):
    names = [host.name(error) for error in range(len(ERRORS))]
    assert names == [f"ZS_{name}" for name in ERRORS]
    assert host.name(len(ERRORS)) == host.name(-1) == "unknown"


def signed(format_):
    """A design of the format, of several rows and with 8 signed bits of either operand."""
    return next(
        which
        for which, cfg in enumerate(CONFIGS)
        if cfg.format == format_ and cfg.rows > 1 and cfg.a_signed and (cfg.a_width, cfg.b_width) == (8, 8)
    )


def too_long():
    """A design whose k cannot be cut, and a k that is too long."""
    which = next(i for i, cfg in enumerate(CONFIGS) if cfg.k_max < cfg.block)
    k = CONFIGS[which].k_max + 1
    return which, np.ones((1, k), np.int32), np.ones((k, 1), np.int32)


@pytest.mark.parametrize(
    ("error", "mistake", "words"),
    [
        ("ZS_SHAPE", lambda: (0, np.ones((1, 2), np.int32), ONE), {}),
        ("ZS_SHAPE", lambda: (0, np.ones((0, 1), np.int32), ONE), {}),
        ("ZS_SHAPE", lambda: (0, ONE, np.ones((1, 0), np.int32)), {}),
        ("ZS_SHAPE", lambda: (0, np.ones((1, 0), np.int32), np.ones((0, 1), np.int32)), {}),
        ("ZS_SHAPE", too_long, {}),
        ("ZS_RANGE_A", lambda: (signed("rlc"), ONE * 128, ONE), {}),
        ("ZS_RANGE_A", lambda: (signed("rlc"), ONE * -129, ONE), {}),
        ("ZS_RANGE_B", lambda: (signed("nm_index"), ONE, ONE * 128), {}),
        ("ZS_RANGE_B", lambda: (signed("nm_index"), ONE, ONE * 128), {"transposed": True}),
        ("ZS_RANGE_A", lambda: (signed("nm_index"), ONE * 70000, ONE), {"transposed": True}),
        ("ZS_PATTERN", lambda: (signed("rlc"), ONE, ONE), {"pattern": (1,)}),
        ("ZS_PATTERN", lambda: (signed("nm_index"), ONE, ONE), {"pattern": (33,)}),
        ("ZS_PATTERN", lambda: (signed("nm_index"), ONE, ONE), {"pattern": (1, 1)}),
        ("ZS_PATTERN", lambda: (signed("hss"), FULL, FULL.T), {"pattern": (1, 1)}),
        ("ZS_DIGITS", lambda: (OF_FORMAT["bitbalance"], ONE * 0b1010101, ONE), {}),
        ("ZS_ROOM", lambda: (0, ONE, ONE), {"spare": -1}),
    ],
)  # fmt: skip
def test_mistakes_get_an_error_of_a_name(error, mistake, words, host):
    assert host.pack(*mistake(), **words)[0] == error


def test_results_of_another_product_are_refused(host):
    for which in (signed("dense"), signed("nm_index"), signed("rlc")):
        cfg = CONFIGS[which]
        a, b = operands(cfg, np.random.default_rng(7), 0.5)
        rows = results(cfg, tile_matmul(cfg, a, b))

        def error(beats, a=a, b=b, which=which):
            return host.unpack(which, a.shape, b.shape, beats)[0]

        assert error(rows) == "ZS_OK"
        assert error(rows[:-1]) == error(np.concatenate([rows, rows[:1]])) == "ZS_BEATS"
        end, told = ("last", "ZS_LAST") if cfg.engine.name == "beats" else ("row", "ZS_ROW")
        other = int(np.argmax(np.diff(result_fields(cfg, rows)[end]) != 0)) + 1
        for first, second in ((0, other), (other, 0)):
            spoiled = rows.copy()
            spoiled[first] = rows[second]
            assert error(spoiled) == told
        unused = -cfg.engine.output(cfg).size % 8
        if unused:
            spoiled = rows.copy()
            spoiled[0, -1] |= 0x80
            assert error(spoiled) == "ZS_PADDING"


# ---- what it is made of -------------------------------------------------------------------------------


def test_nothing_of_a_library_is_needed(host):
    """But what every compiler may call for itself, freestanding or not."""
    done = subprocess.run(["nm", host.library._name], capture_output=True, text=True, check=True)
    assert re.search(r" T _?pack$", done.stdout, re.M)
    undefined = set(re.findall(r"^ +U (\w+)", done.stdout, re.M))
    assert undefined <= {"memcpy", "memset", "memmove", "memcmp"}


def test_designs_of_like_names_are_included_together(tmp_path):
    """Names that one could be made of another, and differ by case; a format and its fallback alike."""
    designs = {
        "a": configure("nm", encoding="bitmask"),
        "a_nm": configure("bitmask"),
        "A": configure("plain", fallback=True),
        "a_format": configure("csr", fallback=True),
    }
    for name, cfg in designs.items():
        (tmp_path / f"{len(name)}{name}.h").write_text(host_header({"name": name, **cfg.core().description}))
    includes = "".join(f'#include "{len(name)}{name}.h"\n' for name in designs)
    tables = ", ".join(f"&{name}_design" for name in designs)
    (tmp_path / "t.c").write_text(f"{includes}const struct zs_design *const all[] = {{{tables}}};\n")
    for command in COMPILERS.values():
        done = subprocess.run(
            [*command, *WARNINGS, "-fsyntax-only", "t.c"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_a_format_without_c_is_named():
    described = {"name": "dut", **configure("csr", rows=1, cols=1).core().description}
    text = json.dumps(described).replace('"format": "csr"', '"format": "absent"')
    with pytest.raises(
        LookupError, match=r"^sw/host/formats/absent\.h must have the C of this format, and is"
    ):
        host_header(json.loads(text))
