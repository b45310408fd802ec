/* A number, then the nonzeros of the row with their indices. */

static inline uint32_t zs_csr_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_csr *is = (const struct zs_csr *)numbers;
    uint32_t count = zs_nonzeros(tile, stream), k;

    zs_put(out, count, is->count);
    for (k = 0; k < tile->k; k++)
        if (zs_a(tile, stream, k)) {
            zs_put_signed(out, zs_a(tile, stream, k), is->value);
            zs_put(out, k, is->index);
        }
    return count ? count : 1;
}
