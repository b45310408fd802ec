/* As `csr`, with the row of each nonzero. */

static inline uint32_t zs_coo_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                     struct zs_bits *out)
{
    const struct zs_coo *is = (const struct zs_coo *)numbers;
    uint32_t count = zs_nonzeros(tile, stream), k;

    zs_put(out, count, is->count);
    for (k = 0; k < tile->k; k++)
        if (zs_a(tile, stream, k)) {
            zs_put_signed(out, zs_a(tile, stream, k), is->value);
            zs_put(out, k, is->index);
            zs_put(out, stream, is->row);
        }
    return count ? count : 1;
}
