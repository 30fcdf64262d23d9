"""What carries no meaning in the files of each format: the written list on which `accounting` relies."""

from __future__ import annotations

import re
from dataclasses import dataclass

BREAK = "ᛝ"
"""A word that stands in no question: it parts the texts that are compared together."""


@dataclass(frozen=True)
class Unspoken:
    """What carries no meaning in a format.

    marks: signs and settings, between which texts begin and end. comment: how a line of them begins. block: the
    lines that begin and end one of several.
    elements: those of XML whose text is a setting, a name that only the program shows, or a file's bytes.
    values: texts of XML that are settings wherever they stand.
    """

    marks: re.Pattern[str] | None = None
    comment: re.Pattern[str] | None = None
    block: tuple[str, str] | None = None
    values: re.Pattern[str] | None = None
    elements: frozenset[str] = frozenset()
    settings: tuple[str, ...] = ()
    """How the names of elements begin whose text is a setting."""

    references: frozenset[str] = frozenset()
    """Elements whose text may be the `ident` of another, which nobody is shown."""

    def is_spoken(self, element: str) -> bool:
        return element not in self.elements and not element.startswith(self.settings)

    def plain(self, text: str) -> str:
        """The text with a break for each mark."""
        return text if self.marks is None else self.marks.sub(f" {BREAK} ", text)


TRUTH = r"(?i)true|false|참|거짓"
MANIFEST = frozenset(("schema", "schemaversion"))
UNSPOKEN: dict[str, Unspoken] = {
    "gift": Unspoken(
        marks=re.compile(
            r"\\n|\{[ \t]*(?:TRUE|FALSE)\b|\{[0-9]{0,4}:[A-Z_]+:|(?<!\\)[=~#{}]|->|::"
            r"|\[(?:html|markdown|plain|moodle)\]"
            r"|^[ \t]*\$CATEGORY:[ \t]*(?:\$(?:course|module|system|cat\w*)\$/?)?(?:top\b)?",
            re.IGNORECASE | re.MULTILINE,
        ),
        comment=re.compile(r"[ \t]*//"),
    ),
    "aiken": Unspoken(
        marks=re.compile(
            r"^[ \t]*(?:(?:ANSWER|정답|해설|풀이|Explanation|Feedback|Rationale|Solution)[ \t]*[:：]|[A-Z][.)][ \t])",
            re.IGNORECASE | re.MULTILINE,
        )
    ),
    "markdown": Unspoken(
        marks=re.compile(
            r"^(?:(?:text |quiz )?title|quiz description|text|points(?: per question)?|(?:solutions )?pick):"
            r"|^(?:shuffle answers|feedback is solution|show correct answers|one question at a time|can't go back"
            r"|solutions sample groups|solutions randomize groups):[ \t]*(?:true|false)?|^(?:END_)?GROUP[ \t]*$"
            r"|^(?:[0-9]+\.|\*?[a-z]\)|\[[* ]?\]|\.\.\.|[+!=*-])[ \t]+",
            re.IGNORECASE | re.MULTILINE,
        ),
        values=re.compile(rf"\s*{BREAK}\s*(?:[Tt]rue|[Ff]alse)\s*"),
        comment=re.compile(r"%"),
        block=("COMMENT", "END_COMMENT"),
    ),
    "moodle-xml": Unspoken(
        marks=re.compile(r"\{[0-9]{0,4}:[A-Z_]+:|(?<!\\)[=~#{}]|\A\s*\$(?:course|module|system|cat\w*)\$/?(?:top\b)?"),
        elements=frozenset(
            ("file", "image_base64", "gradingtype", "layouttype", "selecttype", "answernumbering", "responseformat")
        ),
        values=re.compile(TRUTH),
    ),
    "qti12": Unspoken(
        elements=MANIFEST
        | {
            "fieldlabel",
            "quiz_type",
            "scoring_policy",
            "hide_results",
            "workflow_state",
            "submission_types",
            "grading_type",
            "assignment_group_identifierref",
        },
        references=frozenset(("varequal", "varsubset")),
        settings=("bbmd_", "qmd_absolutescore", "qmd_assessmenttype", "qmd_questiontype"),
        values=re.compile(
            TRUTH + r"|[a-z]+(?:_[a-z]+)*_question|[0-9][0-9T:.-]*Z?|SCORE\.(?:max|min)"
            r"|(?:yes_no|true_false|right_wrong|agree_disagree)\.(?:true|false)"
        ),
    ),
    "qti21": Unspoken(elements=MANIFEST | {"value", "baseValue"}, values=re.compile(TRUTH)),
    "qti30": Unspoken(elements=MANIFEST | {"qti-value", "qti-base-value"}, values=re.compile(TRUTH)),
}
"""By format. One that isn't here isn't compared."""
