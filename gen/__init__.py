"""Design description to Verilog and everything that travels with it; the command line in ``cli``."""
