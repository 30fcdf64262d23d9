"""Looking around in the XML of documents, whatever namespaces their version has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Any | None, name: str, otherwise: str = "") -> str:
    """An attribute, whatever its namespace."""
    if element is None:
        return otherwise
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), otherwise)


def value(element: Any | None, otherwise: str = "") -> str:
    return attribute(element, "val", otherwise)


def children(element: Any | None, name: str) -> Iterator[Any]:
    return (one for one in element if local(one) == name) if element is not None else iter(())


def child(element: Any | None, name: str) -> Any | None:
    return next(children(element, name), None)


def descendants(element: Any | None, name: str) -> Iterator[Any]:
    return element.iter(f"{{*}}{name}") if element is not None else iter(())


def words_below(element: Any | None, name: str = "t") -> str:
    """All the words below an element."""
    return " ".join("".join(one.itertext()) for one in descendants(element, name)).strip()
