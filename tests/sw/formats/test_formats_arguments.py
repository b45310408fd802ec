"""What is no image, matrix, shape or parameter, each with its sentence."""

import re

import numpy as np
import pytest

from zeroskip.sw.formats import FORMATS, FormatParams

PARAMS = {"width": 4, "run_width": 1, "block": 2, "block_rows": 2, "block_cols": 2, "beat_bits": 8}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("image", "shape", "error", "text"),
    [
        (b"12", (3, 5), TypeError, "image must be a uint8 array, not bytes"),
        (np.zeros(8, np.int64), (3, 5), TypeError, "image must be a uint8 array, not int64"),
        (np.zeros((2, 8), np.uint8), (3, 5), ValueError, "image must be 1-D, not of shape (2, 8)"),
        (np.zeros(13, np.uint8), (3, 5), ValueError, "image must be whole beats of 8 bytes, not 13 bytes"),
        (np.zeros(8, np.uint8), 15, TypeError, "shape must be (rows, columns), not 15"),
        (np.zeros(8, np.uint8), (3, 5, 1), TypeError, "shape must be (rows, columns), not (3, 5, 1)"),
        (np.zeros(8, np.uint8), (0, 5), ValueError, "rows must be an integer from 1 to 268435456, not 0"),
        (
            np.zeros(8, np.uint8),
            (3, 5.0),
            TypeError,
            "columns must be an integer from 1 to 268435456, not 5.0",
        ),
        (
            np.zeros(8, np.uint8),
            (1 << 15, 1 << 14),
            ValueError,
            "shape must have at most 268435456 elements, not 32768 x 16384",
        ),
    ],
)
def test_what_is_no_image_or_no_shape(name, image, shape, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        FORMATS[name].decode(image, shape, FormatParams())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("matrix", "error", "text"),
    [
        (np.zeros((2, 2)), TypeError, "matrix must hold integers"),
        ([[1]], TypeError, "matrix must be a 2-D NumPy array or scipy.sparse matrix, not list"),
        (np.zeros(3, np.int64), ValueError, "matrix must be 2-D with at least one row and column"),
        (
            np.array([[0, 1], [8, 0]]),
            ValueError,
            "matrix must be integers from -8 to 7 (4 bits, signed), not 8 in row 1, column 0; "
            "all its values would fit 5 bits, signed",
        ),
    ],
)
def test_what_cannot_be_stored(name, matrix, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}"):
        FORMATS[name].encode(matrix, FormatParams(**PARAMS))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("csr", "index_width must be at least 3 for 5 columns, not 1"),
        ("csc", "index_width must be at least 2 for 3 rows, not 1"),
        ("coo", "index_width must be at least 2 for 3 rows, not 1"),
        ("ell", "index_width must be at least 3 for 5 columns, not 1"),
        ("bsr", "index_width must be at least 2 for 3 block columns, not 1"),
    ],
)
def test_index_widths_that_are_too_small(name, text):
    params = FormatParams(**PARAMS, index_width=1)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        FORMATS[name].encode(np.zeros((3, 5), np.int64), params)
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        FORMATS[name].decode(np.zeros(40, np.uint8), (3, 5), params)


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"width": 1}, ValueError, "width must be an integer from 2 to 16, not 1"),
        ({"width": 8.0}, TypeError, "width must be an integer from 2 to 16, not 8.0"),
        ({"signed": 1}, TypeError, "signed must be true or false, not 1"),
        ({"index_width": 0}, ValueError, "index_width must be None or an integer from 1 to 32, not 0"),
        ({"index_width": "8"}, TypeError, "index_width must be None or an integer from 1 to 32, not '8'"),
        ({"run_width": 17}, ValueError, "run_width must be an integer from 1 to 16, not 17"),
        ({"block": 0}, ValueError, "block must be an integer from 1 to 1024, not 0"),
        ({"block_rows": 33}, ValueError, "block_rows must be an integer from 1 to 32, not 33"),
        ({"block_cols": True}, TypeError, "block_cols must be an integer from 1 to 32, not True"),
        ({"beat_bits": 12}, ValueError, "beat_bits must be a multiple of 8 from 8 to 4096, not 12"),
        ({"beat_bits": 0}, ValueError, "beat_bits must be a multiple of 8 from 8 to 4096, not 0"),
        ({"beat_bits": None}, TypeError, "beat_bits must be a multiple of 8 from 8 to 4096, not None"),
    ],
)
def test_parameters(given, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        FormatParams(**given)
