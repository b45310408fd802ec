/* Which parts of the block at k have nonzeros in a row. */
static inline uint64_t zs_hss_parts(const struct zs_hss *is, const struct zs_tile *tile, uint32_t row, uint32_t k)
{
    uint64_t parts = 0;
    uint32_t p;

    for (p = 0; p < is->h; p++)
        if (zs_mask(tile, row, k + p * is->m, is->m))
            parts |= (uint64_t)1 << p;
    return parts;
}

static inline int zs_hss_choose(const void *numbers, struct zs_tile *tile)
{
    const struct zs_hss *is = (const struct zs_hss *)numbers;
    uint32_t most = 0, row, k;
    int wrong;

    for (row = 0; row < tile->rows; row++)
        for (k = 0; k < tile->k; k += tile->design->is.block) {
            uint32_t count = zs_ones(zs_hss_parts(is, tile, row, k));

            most = count > most ? count : most;
        }
    wrong = zs_chosen(tile, 0, most, is->g, 0);
    return wrong ? wrong : zs_chosen(tile, 1, zs_most(tile, is->m), is->n, 0);
}

static inline uint32_t zs_hss_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_hss *is = (const struct zs_hss *)numbers;
    uint32_t rows = tile->design->is.rows, lanes = tile->design->is.lanes, g = tile->chosen[0], n = tile->chosen[1];
    uint32_t block = tile->design->is.block, k, part, first, row, lane;

    for (k = 0; k < tile->k; k += block) {
        if (stream)
            for (row = 0; row < rows; row++)
                zs_put(out, row < tile->rows ? zs_filled(zs_hss_parts(is, tile, row, k), g) : 0, is->mask);
        else
            for (part = 0; part < g; part++)
                for (first = 0; first < n; first += lanes)
                    for (row = 0; row < rows; row++) {
                        uint64_t parts = zs_filled(zs_hss_parts(is, tile, row, k), g), mask;
                        uint32_t start;

                        for (lane = 0; lane < part; lane++)
                            parts &= parts - 1;
                        start = k + zs_lowest(parts) * is->m;
                        mask = row < tile->rows ? zs_filled(zs_mask(tile, row, start, is->m), n) : 0;
                        for (lane = 0; lane < first; lane++)
                            mask &= mask - 1;
                        for (lane = 0; lane < lanes; lane++) {
                            uint32_t position = mask ? zs_lowest(mask) : 0;

                            zs_put_signed(out, mask ? zs_a(tile, row, start + position) : 0, is->value);
                            zs_put(out, position, is->position);
                            mask &= mask - 1;
                        }
                    }
    }
    return 0;
}
