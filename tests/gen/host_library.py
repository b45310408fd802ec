# amaranth: UnusedElaboratable=no
"""The C of all small designs, compiled once by each compiler with all warnings as errors, and called."""

import ctypes
import subprocess
from dataclasses import dataclass

import numpy as np
from small_designs import BEATS, DIGITS, VALUES

from zeroskip.gen.designs import configure
from zeroskip.gen.host import host_header
from zeroskip.hw.shell.axis import AxiStream

CONFIGS = [*BEATS, *VALUES, *DIGITS]
SMALL = {"rows": 3, "cols": 2, "k_max": 20}
AXIS = [
    design
    for width in (None, 40)
    for design in (
        configure("nm", **SMALL, acc_width=width),
        configure("csr", **SMALL, block_size=8, acc_width=width),
    )
]
"""Designs of which C is of the AXI4-Stream form; they come after ``CONFIGS``."""
COMPILERS = {"gcc": ("gcc", "-std=c99"), "g++": ("g++", "-x", "c++", "-std=c++11")}
WARNINGS = ("-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow", "-ffreestanding")
TYPES = ("int8", "uint8", "int16", "uint16", "int32")
ERRORS = ("OK", "SHAPE", "RANGE_A", "RANGE_B", "PATTERN", "DIGITS", "ROOM", "BEATS", "ROW", "LAST", "PADDING")

CALLS = """
static struct zs_product product(uint32_t which, uint32_t type, const void *a, const void *b,
                                 const uint32_t *size)
{
    struct zs_product made = zs_product_of(
        designs[which], zs_by_rows(a, (enum zs_type)type, size[0], size[1]),
        zs_by_rows(b, (enum zs_type)type, size[2], size[3]));

    made.transposed = size[4];
    made.pattern[0] = size[5];
    made.pattern[1] = size[6];
    return made;
}

EXPORTED int pack(uint32_t which, uint32_t type, const void *a, const void *b, const uint32_t *size,
                  struct zs_stream *streams)
{
    struct zs_product made = product(which, type, a, b, size);

    return zs_pack(designs[which], &made, streams);
}

EXPORTED size_t result_beats(uint32_t which, const uint32_t *size)
{
    struct zs_product made = product(which, 0, NULL, NULL, size);

    return zs_result_beats(designs[which], &made);
}

EXPORTED int unpack(uint32_t which, const uint32_t *size, const uint8_t *beats, size_t count, int64_t *c)
{
    struct zs_product made = product(which, 0, NULL, NULL, size);

    return zs_unpack(designs[which], &made, beats, count, c);
}

EXPORTED const char *error_name(int error) { return zs_error_name(error); }
EXPORTED uint32_t transposed(uint32_t which) { return designs[which]->is.transposed; }
"""


class Stream(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("room", ctypes.c_size_t), ("beats", ctypes.c_size_t))


def compiled(compiler, folder):
    """A shared library of all ``CONFIGS``."""
    components = [*(cfg.core() for cfg in CONFIGS), *(AxiStream(cfg) for cfg in AXIS)]
    for number, component in enumerate(components):
        text = host_header({"name": f"d{number}", **component.description})
        (folder / f"d{number}.pack.h").write_text(text)
    includes = "".join(f'#include "d{number}.pack.h"\n' for number in range(len(components)))
    tables = ", ".join(f"&d{number}_design" for number in range(len(components)))
    exported = '#ifdef __cplusplus\n#define EXPORTED extern "C"\n#else\n#define EXPORTED extern\n#endif\n'
    (folder / "all.c").write_text(
        f"{includes * 2}{exported}static const struct zs_design *const designs[] = {{{tables}}};\n{CALLS}"
    )
    command = [*COMPILERS[compiler], *WARNINGS, "-O1", "-fPIC", "-shared", "-o", "all.so", "all.c"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "all.so"


@dataclass(frozen=True)
class Host:
    """The functions of a compiled library; the array's operands are ``a`` and ``b``, transposed or not."""

    library: ctypes.CDLL

    def name(self, error):
        self.library.error_name.restype = ctypes.c_char_p
        return self.library.error_name(error).decode()

    def sizes(self, a, b, transposed=False, pattern=()):
        chosen = (*pattern, 0, 0)[:2]
        return (ctypes.c_uint32 * 7)(*a, *b, transposed, *chosen)

    def pack(self, which, a, b, *, transposed=False, pattern=(), spare=0):
        """Error and beats of each stream; ``spare`` beats of room are left, or lacking, in every buffer."""
        type_ = TYPES.index(a.dtype.name)
        sizes = self.sizes(a.shape, b.shape, transposed, pattern)
        cfg = [*CONFIGS, *AXIS][which]
        layouts = cfg.engine.inputs(cfg)
        streams = (Stream * len(layouts))()
        words = which, type_, a.ctypes.data_as(ctypes.c_void_p), b.ctypes.data_as(ctypes.c_void_p), sizes
        error = self.library.pack(*words, streams)
        if error:
            return self.name(error), {}
        # what a buffer held before must not show
        buffers = [
            np.full((stream.beats + spare, -(-layout.size // 8)), 0xA5, np.uint8)
            for stream, layout in zip(streams, layouts.values(), strict=True)
        ]
        for stream, buffer in zip(streams, buffers, strict=True):
            stream.data, stream.room = buffer.ctypes.data, len(buffer)
        error = self.library.pack(*words, streams)
        beats = [buffer[: stream.beats] for stream, buffer in zip(streams, buffers, strict=True)]
        return self.name(error), dict(zip(layouts, beats, strict=True))

    def result_beats(self, which, a, b, transposed=False):
        self.library.result_beats.restype = ctypes.c_size_t
        return self.library.result_beats(which, self.sizes(a, b, transposed))

    def unpack(self, which, a, b, beats, transposed=False):
        """Error and product; ``a`` and ``b`` are shapes."""
        c = np.full((a[0], b[1]), -1, np.int64)
        beats = np.ascontiguousarray(beats)
        pointers = beats.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(len(beats))
        sizes = self.sizes(a, b, transposed)
        error = self.library.unpack(which, sizes, *pointers, c.ctypes.data_as(ctypes.c_void_p))
        return self.name(error), c
