/* The values of N:M, `width` bits each, with `where` bits of their positions in the block. */
static inline void zs_nm_values(const struct zs_tile *tile, uint32_t width, uint32_t where, struct zs_bits *out)
{
    uint32_t m = tile->design->is.block, lanes = tile->design->is.lanes, n = tile->chosen[0];
    uint32_t k, first, row, lane;

    for (k = 0; k < tile->k; k += m)
        for (first = 0; first < n; first += lanes)
            for (row = 0; row < tile->design->is.rows; row++) {
                uint64_t mask = row < tile->rows ? zs_filled(zs_mask(tile, row, k, m), n) : 0;

                for (lane = 0; lane < first; lane++)
                    mask &= mask - 1;
                for (lane = 0; lane < lanes; lane++) {
                    uint32_t position = mask ? zs_lowest(mask) : 0;

                    zs_put_signed(out, mask ? zs_a(tile, row, k + position) : 0, width);
                    zs_put(out, position, where);
                    mask &= mask - 1;
                }
            }
}

/* N of a tile. */
static inline int zs_nm_choose(struct zs_tile *tile, uint32_t most, uint32_t fixed)
{
    return zs_chosen(tile, 0, zs_most(tile, tile->design->is.block), most, fixed);
}
