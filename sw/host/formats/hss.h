/* Hierarchical N:M: a mask of the parts of every block, and N:M with positions in each. */

#include "nm.h"

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
    uint32_t rows = tile->design->is.rows, g = tile->chosen[0], n = tile->chosen[1];
    uint32_t k, part, first, row, i;

    for (k = 0; k < tile->k; k += tile->design->is.block) {
        if (stream)
            for (row = 0; row < rows; row++)
                zs_put(out, row < tile->rows ? zs_filled(zs_hss_parts(is, tile, row, k), g) : 0, is->mask);
        else
            for (part = 0; part < g; part++)
                for (first = 0; first < n; first += tile->design->is.lanes)
                    for (row = 0; row < rows; row++) {
                        uint64_t parts = zs_filled(zs_hss_parts(is, tile, row, k), g), mask;
                        uint32_t start;

                        for (i = 0; i < part; i++)
                            parts &= parts - 1;
                        start = k + zs_lowest(parts) * is->m;
                        mask = row < tile->rows ? zs_filled(zs_mask(tile, row, start, is->m), n) : 0;
                        zs_put_lanes(tile, row, start, mask, first, is->value, is->position, out);
                    }
    }
    return 0;
}
