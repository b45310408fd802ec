/* N:M, with the position of each value beside it. */

#include "nm.h"

static inline int zs_nm_index_choose(const void *numbers, struct zs_tile *tile)
{
    const struct zs_nm_index *is = (const struct zs_nm_index *)numbers;

    return zs_nm_choose(tile, is->n, is->fixed);
}

static inline uint32_t zs_nm_index_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                          struct zs_bits *out)
{
    const struct zs_nm_index *is = (const struct zs_nm_index *)numbers;

    (void)stream;
    zs_nm_values(tile, is->value, is->position, out);
    return 0;
}
