"""Row decoders: a storage format in, the position stream out."""
