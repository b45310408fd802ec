"""What all tests share."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes may hold a time (those of a zip file do): two workers would name the test differently."""
    return "bytes" if isinstance(val, bytes) else None
