"""The manifest says how operands lie in memory: a reader that knows nothing but the manifest reads them."""

import json
from math import ceil

import numpy as np
import pytest
from small_designs import BEATS, DIGITS, VALUES

from zeroskip.hw.strings import layout_of
from zeroskip.sw.bits import pack_beats
from zeroskip.sw.image import pack
from zeroskip.verif.cases import cases_of

CONFIGS = [*BEATS, *VALUES, *DIGITS]


class Reader:
    """What a tile sends on a stream, read by what the manifest says of it; ``found`` are fields in order."""

    def __init__(self, beats, stream):
        assert beats.shape[1] == stream["bytes"]
        self.bits, self.at, self.size = np.unpackbits(beats, axis=1, bitorder="little"), 0, stream["bits"]
        assert not self.bits[:, self.size + stream["last"] :].any()
        if stream["last"]:
            assert self.bits[:, self.size].tolist() == [0] * (len(beats) - 1) + [1]
        self.bits = self.bits[:, : self.size].ravel()
        self.found = []

    def read(self, items, names):
        """``names`` are the numbers that formulas may use."""
        for item in items:
            if "field" in item:
                self.at += item["bits"]
                assert self.at <= len(self.bits)
                bits = self.bits[self.at - item["bits"] : self.at].tolist()
                names[item["field"]] = sum(bit << i for i, bit in enumerate(bits))
                self.found.append((item["field"], names[item["field"]]))
            elif item["times"] == "until the sum of run + 1 is k":
                at = 0
                while at < names["k"]:
                    self.read(item["of"], names)
                    at += names["run"] + 1
                assert at == names["k"]
            else:
                for _ in range(times(item["times"], names)):
                    self.read(item["of"], names)

    def whole(self, items, names):
        """All of it: nothing is left but zeros that fill up the final beat."""
        self.read(items, dict(names))
        assert 0 <= len(self.bits) - self.at < self.size
        assert not self.bits[self.at :].any()
        return self.found


def times(formula, names):
    """The number that a formula of the manifest is."""
    functions = {"ceil": ceil, "ones": lambda word: word.bit_count()}
    return eval(str(formula), {"__builtins__": {}}, {**functions, **names})


def signed(value, width):
    return value - (value >> width - 1 << width)


def of_tile(beats, stream, offset):
    """The first tile's beats of a stream, and where the next tile's begin."""
    last = np.unpackbits(beats[offset:], axis=1, bitorder="little")[:, stream["bits"]]
    end = offset + int(np.argmax(last)) + 1
    return beats[offset:end], end


@pytest.mark.parametrize("cfg", CONFIGS, ids=str)
def test_an_image_is_read_by_the_manifest_alone(cfg):
    described = json.loads(json.dumps(cfg.core().description))["image"]
    header, *sparse, dense = described["streams"]
    tiles = cases_of(cfg).tiles(cfg, np.random.default_rng(cfg.rows))
    image = pack(cfg, tiles)
    place = {port: 0 for stream in described["streams"] for port in stream["ports"]}
    assert [port.removeprefix("i_") for port in place] == list(image)
    kept = False
    for number, tile in enumerate(tiles):
        names = dict(Reader(image["tile"][number : number + 1], header).whole(header["string"], {}))
        stated = {"k": tile.a.shape[1], "rows": len(tile.a), "keep": tile.keep, "dense": tile.dense}
        stated |= dict(zip(cfg.pattern, tile.pattern, strict=True))
        assert names == {name: int(stated[name]) for name in names}
        names["blocks"] = ceil(names["k"] / described["block"])
        values = []
        for stream in sparse:
            for port in stream["ports"]:
                beats, place[port] = of_tile(image[port[2:]], stream, place[port])
                string = stream["dense" if tile.dense else "string"]
                values += [v for name, v in Reader(beats, stream).whole(string, names) if name == "value"]
        if '"field": "value"' in json.dumps(sparse):
            mine = [signed(value, cfg.a_width) if cfg.a_signed else value for value in values if value]
            assert sorted(mine) == sorted(tile.a[tile.a != 0].tolist())
        if not kept:
            beats, place["i_b"] = of_tile(image["b"], dense, place["i_b"])
            found = [value for _, value in Reader(beats, dense).whole(dense["string"], names)]
            windows = np.reshape(found, (-1, described["cols"], described["chunk"])).swapaxes(1, 2)
            b = windows.reshape(-1, described["cols"])
            mask = (1 << cfg.b_width) - 1
            assert np.array_equal(b[: names["k"], : tile.b.shape[1]], tile.b & mask)
            assert not b[names["k"] :].any() and not b[:, tile.b.shape[1] :].any()
        kept = bool(names.get("keep"))
    assert place.pop("i_tile") == 0
    assert place == {f"i_{name}": len(beats) for name, beats in image.items() if name != "tile"}


@pytest.mark.parametrize("cfg", CONFIGS, ids=str)
def test_a_result_row_is_read_by_the_manifest_alone(cfg):
    results = cfg.core().description["image"]["results"]
    low, high = (-(1 << cfg.acc_bits - 1), (1 << cfg.acc_bits - 1) - 1) if cfg.acc_signed else (0, 1)
    sums = np.resize([low, high, low + 1], (1, cfg.cols))
    end = "row" if "row" in cfg.engine.output(cfg).members else "last"
    beats = pack_beats(cfg.engine.output(cfg), {"cols": sums, end: np.array([1])})
    found = Reader(beats, {**results, "last": False}).whole(results["string"], {})
    assert found.pop() == (end, 1)
    assert {name for name, _ in found} == {"sum"}
    read = [signed(value, cfg.acc_bits) if results["signed"] else value for _, value in found]
    assert read == sums[0].tolist()


@pytest.mark.parametrize("cfg", CONFIGS, ids=str)
def test_fields_and_numbers_of_a_format_have_one_name_each(cfg):
    def fields(items):
        return [
            name for item in items for name in ([item["field"]] if "field" in item else fields(item["of"]))
        ]

    layout = layout_of(cfg)
    names = [name for items in layout.strings(cfg).values() for name in fields(items) if name != "unused"]
    names += layout.numbers(cfg)
    assert len(names) == len(set(names))
