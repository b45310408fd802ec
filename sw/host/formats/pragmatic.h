/* Every value, filled up to whole blocks. */

static inline uint32_t zs_pragmatic_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                           struct zs_bits *out)
{
    const struct zs_pragmatic *is = (const struct zs_pragmatic *)numbers;

    zs_put_elements(tile, stream, tile->blocks * tile->design->is.block, is->value, out);
    return 0;
}
