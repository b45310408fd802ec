/* Every value, the rows of the group side by side. */

static inline uint32_t zs_plain_string(const void *numbers, const struct zs_tile *tile, uint32_t stream,
                                       struct zs_bits *out)
{
    const struct zs_plain *is = (const struct zs_plain *)numbers;

    zs_put_elements(tile, stream, tile->k, is->value, out);
    return tile->k;
}
