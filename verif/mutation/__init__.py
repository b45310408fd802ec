"""Does the bench notice broken RTL? Mutants of a design's Verilog, and how many of them are killed."""

from zeroskip.verif.mutation.run import MutationReport, run_mutation

__all__ = ["MutationReport", "run_mutation"]
