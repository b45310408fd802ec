"""What must be so of the files of any component."""

import json
import re
from itertools import product


def places(field):
    """Offset of every element of a field, by its indices."""
    dims = field["array"]
    return {
        index: field["offset"] + sum(i * dim["stride"] for i, dim in zip(index, dims, strict=True))
        for index in product(*(range(dim["count"]) for dim in dims))
    }


def verilog_ports(verilog, top):
    """Port name to (direction, width) of a module's non-ANSI declarations, in the order of its header."""
    header, body = re.search(rf"module {top}\s*\((.*?)\);(.*?)endmodule", verilog, re.S).groups()
    found = re.findall(r"^\s*(input|output)\s*(?:\[(\d+):0\])?\s*\\?(\w+)\s*;", body, re.M)
    declared = {name: (direction, int(high or 0) + 1) for direction, high, name in found}
    names = [name.strip() for name in header.split(",")]
    assert sorted(names) == sorted(declared)
    return {name: declared[name] for name in names}


def check_ports(files):
    """The manifest's ports are those of the Verilog, and fields fill theirs without gap or overlap."""
    described = json.loads(files["dut.json"])
    listed = [(port["name"], (port["direction"], port["width"])) for port in described["ports"]]
    assert list(verilog_ports(files["dut.v"], "dut").items()) == listed
    for port in described["ports"]:
        bits = [
            bit
            for field in port["fields"]
            for offset in places(field).values()
            for bit in range(offset, offset + field["width"])
        ]
        assert sorted(bits) == list(range(port["width"]) if port["fields"] else [])
    return described


def check_constraints(files):
    """With ``pins``, every port but the clock is constrained once."""
    names = {port["name"] for port in json.loads(files["dut.json"])["ports"]} - {"clk"}
    patterns = " ".join(re.findall(r"get_ports \{(.*?)\}", files["dut.sdc"])).split()
    matched = [name for p in patterns for name in names if re.fullmatch(p.replace("*", ".*"), name)]
    assert sorted(matched) == sorted(names)
