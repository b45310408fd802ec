/* As `csr`, all rows of the tile filled up to the longest. */

#include "indexed.h"

static inline int zs_ell_choose(const void *numbers, struct zs_tile *tile)
{
    uint32_t most = 1, row;

    (void)numbers;
    for (row = 0; row < tile->rows; row++) {
        uint32_t count = zs_nonzeros(tile, row);

        most = count > most ? count : most;
    }
    tile->chosen[0] = most;
    return ZS_OK;
}

static inline uint32_t zs_ell_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_ell *is = (const struct zs_ell *)numbers;
    uint32_t count = tile->chosen[0];

    zs_put_indexed(tile, stream, count, is->count, is->value, is->index, 0, out);
    zs_put(out, 0, (count - zs_nonzeros(tile, stream)) * (is->value + is->index));
    return count;
}
