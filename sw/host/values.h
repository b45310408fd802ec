/* What formats ask of a tile and of its values. */

static inline int32_t zs_element(const struct zs_matrix *matrix, uint32_t row, uint32_t col)
{
    size_t place = row * matrix->row_step + col * matrix->col_step;

    switch (matrix->type) {
    case ZS_INT8:
        return ((const int8_t *)matrix->data)[place];
    case ZS_UINT8:
        return ((const uint8_t *)matrix->data)[place];
    case ZS_INT16:
        return ((const int16_t *)matrix->data)[place];
    case ZS_UINT16:
        return ((const uint16_t *)matrix->data)[place];
    default:
        return ((const int32_t *)matrix->data)[place];
    }
}

/* `a` of the tile; 0 past its rows and its k. */
static inline int32_t zs_a(const struct zs_tile *tile, uint32_t row, uint32_t k)
{
    return row < tile->rows && k < tile->k ? zs_element(&tile->a, tile->row + row, tile->first + k) : 0;
}

/* `b` of the tile; 0 past its k and its columns. */
static inline int32_t zs_b(const struct zs_tile *tile, uint32_t k, uint32_t col)
{
    return k < tile->k && col < tile->cols ? zs_element(&tile->b, tile->first + k, tile->col + col) : 0;
}

/* Bit i: element first + i of a row is not 0; `count` elements, 64 at most. */
static inline uint64_t zs_mask(const struct zs_tile *tile, uint32_t row, uint32_t first, uint32_t count)
{
    uint64_t mask = 0;
    uint32_t i;

    for (i = 0; i < count; i++)
        if (zs_a(tile, row, first + i))
            mask |= (uint64_t)1 << i;
    return mask;
}

static inline uint32_t zs_ones(uint64_t mask)
{
    uint32_t count = 0;

    for (; mask; mask &= mask - 1)
        count++;
    return count;
}

/* Where the lowest 1 is, of a mask that has one. */
static inline uint32_t zs_lowest(uint64_t mask)
{
    uint32_t place = 0;

    for (; !(mask & 1); mask >>= 1)
        place++;
    return place;
}

/* A mask and its lowest zeros: `count` ones. */
static inline uint64_t zs_filled(uint64_t mask, uint32_t count)
{
    uint64_t next = 1;

    for (; zs_ones(mask) < count; next <<= 1)
        mask |= next;
    return mask;
}

/* Nonzeros of a row. */
static inline uint32_t zs_nonzeros(const struct zs_tile *tile, uint32_t row)
{
    uint32_t count = 0, k;

    for (k = 0; k < tile->k; k++)
        count += zs_a(tile, row, k) != 0;
    return count;
}

/* A group's rows have something at an element. */
static inline int zs_any(const struct zs_tile *tile, uint32_t group, uint32_t k)
{
    uint32_t q;

    for (q = 0; q < tile->design->is.group; q++)
        if (zs_a(tile, group * tile->design->is.group + q, k))
            return 1;
    return 0;
}

/* `count` elements of k, the rows of a group side by side. */
static inline void zs_put_elements(const struct zs_tile *tile, uint32_t group, uint32_t count, uint32_t width,
                                   struct zs_bits *out)
{
    uint32_t size = tile->design->is.group, k, q;

    for (k = 0; k < count; k++)
        for (q = 0; q < size; q++)
            zs_put_signed(out, zs_a(tile, group * size + q, k), width);
}

static inline uint32_t zs_magnitude(int32_t value)
{
    return value < 0 ? (uint32_t)-value : (uint32_t)value;
}

/* Exponents of the digits +1, or -1, of a value in non-adjacent form: differences of the bits of 3 v and v. */
static inline uint32_t zs_naf(int32_t value, int negative)
{
    uint32_t once = (uint32_t)value, thrice = 3u * once;

    return ((negative ? once & ~thrice : thrice & ~once) & 0x7fffffffu) >> 1;
}

/* The most nonzeros that a row of the tile has in `size` neighbours, cut at multiples of it. */
static inline uint32_t zs_most(const struct zs_tile *tile, uint32_t size)
{
    uint32_t most = 0, row, k;

    for (row = 0; row < tile->rows; row++)
        for (k = 0; k < tile->k; k += size) {
            uint32_t count = zs_ones(zs_mask(tile, row, k, size));

            most = count > most ? count : most;
        }
    return most;
}

/* chosen[i] as the caller wants it, or the least, or `most` where that is `fixed`. */
static inline int zs_chosen(struct zs_tile *tile, uint32_t i, uint32_t least, uint32_t most, uint32_t fixed)
{
    if (!tile->chosen[i])
        tile->chosen[i] = fixed ? most : least ? least : 1;
    return least <= tile->chosen[i] && tile->chosen[i] <= most ? ZS_OK : ZS_PATTERN;
}
