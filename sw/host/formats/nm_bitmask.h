/* N:M, with a mask of every block. */

#include "nm.h"

static inline int zs_nm_bitmask_choose(const void *numbers, struct zs_tile *tile)
{
    const struct zs_nm_bitmask *is = (const struct zs_nm_bitmask *)numbers;

    return zs_nm_choose(tile, is->n, is->fixed);
}

static inline uint32_t zs_nm_bitmask_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                            struct zs_bits *out)
{
    const struct zs_nm_bitmask *is = (const struct zs_nm_bitmask *)numbers;
    uint32_t m = tile->design->is.block, k, row;

    if (!stream) {
        zs_nm_values(tile, is->value, 0, out);
        return 0;
    }
    for (k = 0; k < tile->k; k += m)
        for (row = 0; row < tile->design->is.rows; row++)
            zs_put(out, row < tile->rows ? zs_filled(zs_mask(tile, row, k, m), tile->chosen[0]) : 0, is->mask);
    return 0;
}
