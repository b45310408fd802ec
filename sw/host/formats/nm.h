/* What the formats of N:M have in common. */

/* `lanes` of the values that a mask has at k, from its `first` 1 on, `width` bits each, with `where` bits of their
 * positions in the mask; zeros past its last. */
static inline void zs_put_lanes(const struct zs_tile *tile, uint32_t row, uint32_t k, uint64_t mask, uint32_t first,
                                uint32_t width, uint32_t where, struct zs_bits *out)
{
    uint32_t lane;

    for (lane = 0; lane < first; lane++)
        mask &= mask - 1;
    for (lane = 0; lane < tile->design->is.lanes; lane++) {
        uint32_t position = mask ? zs_lowest(mask) : 0;

        zs_put_signed(out, mask ? zs_a(tile, row, k + position) : 0, width);
        zs_put(out, position, where);
        mask &= mask - 1;
    }
}

/* The values of N:M, `width` bits each, with `where` bits of their positions in the block. */
static inline void zs_nm_values(const struct zs_tile *tile, uint32_t width, uint32_t where, struct zs_bits *out)
{
    uint32_t m = tile->design->is.block, n = tile->chosen[0], k, first, row;

    for (k = 0; k < tile->k; k += m)
        for (first = 0; first < n; first += tile->design->is.lanes)
            for (row = 0; row < tile->design->is.rows; row++) {
                uint64_t mask = row < tile->rows ? zs_filled(zs_mask(tile, row, k, m), n) : 0;

                zs_put_lanes(tile, row, k, mask, first, width, where, out);
            }
}

/* N of a tile. */
static inline int zs_nm_choose(struct zs_tile *tile, uint32_t most, uint32_t fixed)
{
    return zs_chosen(tile, 0, zs_most(tile, tile->design->is.block), most, fixed);
}
