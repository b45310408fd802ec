"""What runs beside the hardware: operands, codecs, tiling, pruning."""
