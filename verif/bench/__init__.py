"""The cocotb testbench of every design, and the runner that puts it into a simulator."""
