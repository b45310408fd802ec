/* What callers and formats know. */

#include <stddef.h>
#include <stdint.h>

enum zs_error {
    ZS_OK,      /* 0, and the only one */
    ZS_SHAPE,   /* a size is 0, b has not as many rows as a has columns, or k is too long and cannot be cut */
    ZS_RANGE_A, /* a value of a is none of its bits */
    ZS_RANGE_B, /* a value of b is none of its bits */
    ZS_PATTERN, /* more nonzeros in a block than the pattern has, or a pattern that the design does not take */
    ZS_DIGITS,  /* a value has more digits than the design takes */
    ZS_ROOM,    /* a stream has more beats than its buffer */
    ZS_BEATS,   /* there are more or fewer result beats than of this product */
    ZS_ROW,     /* a result row comes too often, or is none */
    ZS_LAST,    /* `last` is not exactly on the last row of every tile */
    ZS_PADDING  /* bits past a result beat are not 0 */
};

static inline const char *zs_error_name(int error)
{
    static const char *const names[] = {"ZS_OK",   "ZS_SHAPE", "ZS_RANGE_A", "ZS_RANGE_B", "ZS_PATTERN", "ZS_DIGITS",
                                        "ZS_ROOM", "ZS_BEATS", "ZS_ROW",     "ZS_LAST",    "ZS_PADDING"};

    return error >= 0 && error <= ZS_PADDING ? names[error] : "unknown";
}

enum zs_type { ZS_INT8, ZS_UINT8, ZS_INT16, ZS_UINT16, ZS_INT32 };

/* rows x cols values of a type; that of row r and column c is number r * row_step + c * col_step. */
struct zs_matrix {
    const void *data;
    enum zs_type type;
    uint32_t rows, cols;
    size_t row_step, col_step;
};

/* a (m x k) times b (k x n). */
struct zs_product {
    struct zs_matrix a, b;
    uint32_t transposed; /* the array computes b^T a^T: its rows, whose zeros or bits it skips, are columns of b */
    uint32_t pattern[2]; /* what every tile chooses, in the order of its header; 0: the least that it fits */
};

/* The beats of a stream, one after the other. */
struct zs_stream {
    uint8_t *data; /* NULL: beats are counted only */
    size_t room;   /* beats that fit */
    size_t beats;  /* beats that there are */
};

/* A tile, as its format sees it: `a` and `b` are those of the array. */
struct zs_tile {
    const struct zs_design *design;
    struct zs_matrix a, b;
    uint32_t row, rows, col, cols, first, k; /* of the whole product: its first row, column and element, how many */
    uint32_t blocks;
    uint32_t keep, loads, dense; /* loads: its b is not that of the tile before */
    uint32_t chosen[2];          /* of the format */
};

struct zs_bits;

/* `numbers` is the struct of the format. */
struct zs_format {
    const void *numbers;
    /* Chooses what the tile's header says of the format, which `chosen` may have; an error where it cannot. */
    int (*choose)(const void *numbers, struct zs_tile *tile);
    /* Writes the tile's string of a stream: a group's, or that of values (0) and of masks (1). Returns its steps. */
    uint32_t (*string)(const void *numbers, const struct zs_tile *tile, uint32_t stream, struct zs_bits *out);
};

enum zs_header { ZS_K, ZS_ROWS, ZS_KEEP, ZS_DENSE, ZS_CHOSEN };

struct zs_field {
    uint32_t kind; /* of zs_header; ZS_CHOSEN + i is chosen[i] */
    uint32_t bits;
};

struct zs_layout {
    const char *name;
    uint32_t bits, bytes; /* of a beat: bits of its string, bytes in all */
    uint32_t last;        /* 1: a bit that says it is the tile's last comes after the bits */
};

/* Streams are in the order of the manifest: headers, those of a, those of b. */
struct zs_design {
    const char *name;
    struct zs_numbers is;
    uint32_t order[3]; /* of tiles, the outermost first: 0 rows, 1 columns, 2 pieces of k */
    struct zs_format format, dense; /* dense: of tiles that are not skipped, if there are any */
    uint32_t header_fields, streams;
    const struct zs_field *header;
    const struct zs_layout *stream;
    struct zs_layout result;
};
