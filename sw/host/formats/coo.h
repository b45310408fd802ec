/* As `csr`, with the row of each nonzero. */

#include "indexed.h"

static inline uint32_t zs_coo_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_coo *is = (const struct zs_coo *)numbers;
    uint32_t count = zs_nonzeros(tile, stream);

    zs_put_indexed(tile, stream, count, is->count, is->value, is->index, is->row, out);
    return count ? count : 1;
}
