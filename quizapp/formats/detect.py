def detect(data: bytes, name: str = "") -> str | None:
    return None
