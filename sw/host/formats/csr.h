/* A number, then the nonzeros of the row with their indices. */

#include "indexed.h"

static inline uint32_t zs_csr_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_csr *is = (const struct zs_csr *)numbers;
    uint32_t count = zs_nonzeros(tile, stream);

    zs_put_indexed(tile, stream, count, is->count, is->value, is->index, 0, out);
    return count ? count : 1;
}
