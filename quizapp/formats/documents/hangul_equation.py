"""The equations of Hangul, a script of words such as `{1} over {2}`, as LaTeX."""

from __future__ import annotations

import re

from quizapp.formats.documents.latex import COMMANDS, FUNCTIONS, latex_of

TOKEN = re.compile(
    r"\s+|[가-힣]+(?:\s+[가-힣]+)*|[{}^_~`#&]|[A-Za-z]+|\d+(?:\.\d+)?|\"[^\"]*\"|<=|>=|!=|\+-|-\+|->|==|.", re.DOTALL
)
SIGNS = {
    "<=": r"\leq ", ">=": r"\geq ", "!=": r"\neq ", "+-": r"\pm ", "-+": r"\mp ", "->": r"\to ", "==": r"\equiv ",
    "~": r"\ ", "`": r"\,", "&": "&",
}  # fmt: skip
WORDS = {
    "TIMES": r"\times ", "DIV": r"\div ", "DIVIDE": r"\div ", "PLUSMINUS": r"\pm ", "MINUSPLUS": r"\mp ",
    "CDOT": r"\cdot ", "LEQ": r"\leq ", "GEQ": r"\geq ", "NEQ": r"\neq ", "APPROX": r"\approx ",
    "EQUIV": r"\equiv ", "INF": r"\infty ", "INFINITY": r"\infty ", "RARROW": r"\to ", "LARROW": r"\leftarrow ",
    "LRARROW": r"\leftrightarrow ", "IN": r"\in ", "NOTIN": r"\notin ", "CAP": r"\cap ", "INTER": r"\cap ",
    "CUP": r"\cup ", "UNION": r"\cup ", "SUBSET": r"\subset ", "SUBSETEQ": r"\subseteq ",
    "EMPTYSET": r"\emptyset ", "ANGLE": r"\angle ", "TRIANGLE": r"\triangle ", "DEG": r"^{\circ}",
    "THEREFORE": r"\therefore ", "BECAUSE": r"\because ", "BOT": r"\perp ", "PERP": r"\perp ",
    "PARALLEL": r"\parallel ", "CDOTS": r"\cdots ", "LDOTS": r"\ldots ", "SUM": r"\sum ", "PROD": r"\prod ",
    "INT": r"\int ", "DINT": r"\iint ", "OINT": r"\oint ", "PARTIAL": r"\partial ", "NABLA": r"\nabla ",
    "FORALL": r"\forall ", "EXIST": r"\exists ", "PRIME": "'", "OVER": "/",
}  # fmt: skip
"""What stands for itself, by its word in capitals."""
ACCENTS = {
    "BAR": "overline", "HAT": "hat", "VEC": "vec", "DOT": "dot", "DDOT": "ddot", "TILDE": "tilde",
    "UNDER": "underline", "OVERLINE": "overline", "UNDERLINE": "underline", "DYAD": "overrightarrow",
}  # fmt: skip
STYLES = ("RM", "IT", "BOLD", "RMBOLD")
ROWS = {
    "MATRIX": "matrix", "PMATRIX": "pmatrix", "BMATRIX": "bmatrix", "DMATRIX": "vmatrix", "CASES": "cases",
    "EQALIGN": "aligned", "PILE": "matrix", "LPILE": "matrix", "RPILE": "matrix",
}  # fmt: skip
GREEK = {name.upper(): name for name in COMMANDS.values()}
DELIMITERS = {"{": r"\{", "}": r"\}"}
MOST_DEPTH = 60


class UnreadableEquation(Exception):
    """The script has something that isn't known, or is nested too deeply."""


def latex(script: str) -> str:
    """The LaTeX of a script. Raises Unreadable."""
    reader = Script([piece for piece in TOKEN.findall(script) if not piece.isspace()])
    written = reader.row(set())
    if reader.place < len(reader.tokens):
        raise UnreadableEquation
    return written


class Script:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.place, self.depth = tokens, 0, 0

    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def row(self, ends: set[str]) -> str:
        """Parts up to one of `ends`; `over` makes a fraction of the parts beside it."""
        parts: list[str] = []
        while self.next() and self.next() not in ends and self.next().upper() not in ends:
            if self.next().upper() == "OVER" and parts:
                self.place += 1
                parts.append(rf"\frac{{{inner(parts.pop())}}}{{{inner(self.scripted())}}}")
            else:
                parts.append(self.scripted())
        return "".join(parts)

    def scripted(self) -> str:
        """A part with what stands above and below it."""
        written = self.part()
        while self.next() in ("^", "_") or self.next().upper() in ("FROM", "TO"):
            mark = "^" if self.next().upper() in ("^", "TO") else "_"
            self.place += 1
            written = f"{written.rstrip()}{mark}{{{inner(self.part())}}}"
        return written

    def part(self) -> str:
        piece = self.next()
        self.place += 1
        self.depth += 1
        if not piece or piece == "}" or self.depth > MOST_DEPTH:
            raise UnreadableEquation
        try:
            return self.group() if piece == "{" else self.word(piece)
        finally:
            self.depth -= 1

    def group(self) -> str:
        written = self.row({"}"})
        if self.next() != "}":
            raise UnreadableEquation
        self.place += 1
        return f"{{{written}}}"

    def word(self, piece: str) -> str:
        upper = piece.upper()
        if upper == "SQRT":
            return rf"\sqrt{{{inner(self.part())}}}"
        if upper == "ROOT":
            return self.root()
        if upper in ACCENTS:
            return rf"\{ACCENTS[upper]}{{{inner(self.part())}}}"
        if upper in STYLES:
            return ""
        if upper == "LEFT":
            return self.brackets()
        if upper in ROWS and self.next() == "{":
            return self.rows(ROWS[upper])
        return self.sign(piece, upper)

    def sign(self, piece: str, upper: str) -> str:
        """A piece that stands for itself."""
        if piece in SIGNS or upper in WORDS:
            return SIGNS.get(piece) or WORDS[upper]
        if piece.lower() in FUNCTIONS:
            return f"\\{piece.lower()} "
        if upper in GREEK:
            name = GREEK[upper]
            return f"\\{name.capitalize() if piece[0].isupper() and name.capitalize() in COMMANDS.values() else name} "
        if piece == "#":
            return r" \\ "
        return rf"\text{{{piece[1:-1]}}}" if piece.startswith('"') and len(piece) > 1 else latex_of(piece)

    def root(self) -> str:
        degree = self.part()
        if self.next().upper() == "OF":
            self.place += 1
            return rf"\sqrt[{inner(degree)}]{{{inner(self.part())}}}"
        return rf"\sqrt{{{inner(degree)}}}"

    def brackets(self) -> str:
        opens = self.next()
        self.place += 1
        said = self.row({"RIGHT"})
        if self.next().upper() != "RIGHT" or self.place + 1 >= len(self.tokens):
            raise UnreadableEquation
        closes = self.tokens[self.place + 1]
        self.place += 2
        return rf"\left{DELIMITERS.get(opens, opens)} {said} \right{DELIMITERS.get(closes, closes)} "

    def rows(self, name: str) -> str:
        self.place += 1
        written = self.row({"}"})
        if self.next() != "}":
            raise UnreadableEquation
        self.place += 1
        return rf"\begin{{{name}}}{written}\end{{{name}}}"


def inner(written: str) -> str:
    """A part without the braces around the whole of it."""
    written = written.strip()
    if not (written.startswith("{") and written.endswith("}")):
        return written
    depth = 0
    for place, sign in enumerate(written):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and place < len(written) - 1:
            return written
    return written[1:-1]
