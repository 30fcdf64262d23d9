"""How a cell of a workbook stands out by its form: bold, underlined, coloured or filled."""

from __future__ import annotations

from typing import Any

NO_WAYS: frozenset[str] = frozenset()
PLAIN_COLOURS = ("000000", "FFFFFF")


class CellForms:
    """Tells it by the style of the cell, of which a workbook has few."""

    def __init__(self) -> None:
        self.known: dict[int, frozenset[str]] = {0: NO_WAYS}

    def of(self, cell: Any) -> frozenset[str]:
        style = cell._style_id
        if style not in self.known:
            self.known[style] = frozenset(ways(cell.font, cell.fill))
        return self.known[style]


def ways(font: Any, fill: Any) -> set[str]:
    colour, ground = shown(font.color), shown(fill.fgColor) if fill.patternType else ""
    said = {
        "bold": bool(font.b),
        "underline": bool(font.u),
        f"colour {colour}": bool(colour),
        f"fill {ground}": bool(ground),
    }
    return {way for way, holds in said.items() if holds}


def shown(colour: Any) -> str:
    """A colour that isn't that of plain words or of paper; "" for those."""
    if colour is None or colour.type == "auto":
        return ""
    if colour.type == "theme":
        return f"theme {colour.value}" if colour.value > 1 else ""
    if colour.type == "indexed":
        return f"index {colour.value}" if colour.value not in (0, 1, 8, 9, 64, 65) else ""
    return "" if str(colour.value)[-6:].upper() in PLAIN_COLOURS else str(colour.value)
