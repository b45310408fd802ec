"""C that packs operands and reads results: ``gen/host.py`` makes a header of it for each design.

It is C99 and C++11, freestanding: no allocation, no library, all buffers the caller's. ``formats`` has a
file for each storage format, found by its name.
"""
