"""Signs of formulas in documents as LaTeX."""

from __future__ import annotations

import re
import unicodedata

NAMES = {
    "×": "times", "÷": "div", "±": "pm", "∓": "mp", "≤": "leq", "≥": "geq", "≠": "neq",
    "≈": "approx", "≡": "equiv", "∼": "sim", "∞": "infty", "→": "to", "←": "leftarrow",
    "⇒": "Rightarrow", "⇔": "Leftrightarrow", "↔": "leftrightarrow", "·": "cdot", "⋅": "cdot",
    "∙": "cdot", "∈": "in", "∉": "notin", "∋": "ni", "∩": "cap", "∪": "cup", "⊂": "subset",
    "⊃": "supset", "⊆": "subseteq", "⊇": "supseteq", "∅": "emptyset", "∠": "angle", "△": "triangle",
    "∴": "therefore", "∵": "because", "⊥": "perp", "∥": "parallel", "∂": "partial", "∇": "nabla",
    "∀": "forall", "∃": "exists", "…": "ldots", "⋯": "cdots", "∑": "sum", "∏": "prod", "∫": "int",
    "∬": "iint", "∮": "oint", "∝": "propto", "°": "circ", "′": "prime",
}  # fmt: skip
"""By the sign, the command."""
SPECIAL = {
    "\\": r"\backslash ",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "_": r"\_",
    "$": r"\$",
    "~": " ",
    "^": " ",
}
HANGUL = re.compile("[\u3131-\u318e\uac00-\ud7a3]+(?:\\s+[\u3131-\u318e\uac00-\ud7a3]+)*")
FUNCTIONS = frozenset(
    {"sin", "cos", "tan", "sec", "csc", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "exp"}
    | {"lim", "max", "min", "sup", "inf", "det", "gcd"}
)
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon phi chi psi omega"
)
CAPITALS = {"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon",
            "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega"}  # fmt: skip
SMALL = {chr(0x3B1 + place): name for place, name in enumerate(GREEK.split()) if name != "omicron"}
COMMANDS = NAMES | SMALL | CAPITALS | {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "vartheta"}


def latex_of(words: str) -> str:
    """Words and signs of a formula as LaTeX; Korean stands upright."""
    words = "".join(map(letter, words))
    pieces, place = [], 0
    for found in HANGUL.finditer(words):
        pieces += [signs(words[place : found.start()]), rf"\text{{{found[0]}}}"]
        place = found.end()
    return "".join([*pieces, signs(words[place:])])


def letter(sign: str) -> str:
    """A letter of the mathematical alphabets as the plain one; all else as it is."""
    return unicodedata.normalize("NFKC", sign) if 0x1D400 <= ord(sign) <= 0x1D7FF else sign


def signs(words: str) -> str:
    return "".join(
        SPECIAL[sign] if sign in SPECIAL else f"\\{COMMANDS[sign]} " if sign in COMMANDS else sign for sign in words
    )
