/* What `csr`, `coo` and `ell` have in common. */

/* A number of nonzeros, then those of a row with their indices, each with the row as well where that has bits. */
static inline void zs_put_indexed(const struct zs_tile *tile, uint32_t row, uint32_t count, uint32_t count_bits,
                                  uint32_t value, uint32_t index, uint32_t row_bits, struct zs_bits *out)
{
    uint32_t k;

    zs_put(out, count, count_bits);
    for (k = 0; k < tile->k; k++)
        if (zs_a(tile, row, k)) {
            zs_put_signed(out, zs_a(tile, row, k), value);
            zs_put(out, k, index);
            zs_put(out, row, row_bits);
        }
}
