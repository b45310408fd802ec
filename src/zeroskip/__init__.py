"""zeroskip: a generator of sparse neural-network hardware, with golden models and measurements.

Data flows one way through the packages: ``hw`` (Amaranth components) -> ``gen`` (Verilog and
what travels with it) -> ``verif`` (golden models, benches, simulation); ``sw`` packs operands,
``fpga`` measures what a design costs.
"""

__version__ = "0.1.0"
