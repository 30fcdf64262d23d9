"""A small quiz in QTI 1.2 as Canvas exports it, with most of its types, for the page of formats and for tests."""

from __future__ import annotations

import html


def field(label: str, entry: str) -> str:
    return f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry></qtimetadatafield>"


def material(markup: str) -> str:
    return f'<material><mattext texttype="text/html">{html.escape(markup)}</mattext></material>'


def label(ident: str, text: str) -> str:
    return f'<response_label ident="{ident}">{name(text)}</response_label>'


def name(text: str) -> str:
    return f'<material><mattext texttype="text/plain">{text}</mattext></material>'


def choices(cardinality: str, labels: str, ident: str = "response1", prompt: str = "") -> str:
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{prompt}'
        f"<render_choice>{labels}</render_choice></response_lid>"
    )


def equal(value: str, response: str = "response1") -> str:
    return f'<varequal respident="{response}">{value}</varequal>'


def condition(tests: str, score: str = "100", action: str = "Set", show: str = "") -> str:
    shown = f'<displayfeedback feedbacktype="Response" linkrefid="{show}"/>' if show else ""
    change = f'<setvar action="{action}" varname="SCORE">{score}</setvar>' if score else ""
    goes_on = "No" if action == "Set" and score else "Yes"
    return f'<respcondition continue="{goes_on}"><conditionvar>{tests}</conditionvar>{change}{shown}</respcondition>'


def feedback(ident: str, text: str) -> str:
    return f'<itemfeedback ident="{ident}"><flow_mat>{material(text)}</flow_mat></itemfeedback>'


def item(
    ident: str, kind: str, stem: str, responses: str, conditions: str = "", rest: str = "", points: str = "1.0"
) -> str:
    processing = (
        '<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
        f"{conditions}</resprocessing>"
    )
    return f"""
      <item ident="{ident}" title="Question">
        <itemmetadata><qtimetadata>{field("question_type", kind)}{
        field("points_possible", points)
    }</qtimetadata></itemmetadata>
        <presentation>{material(f"<div>{stem}</div>")}{responses}</presentation>
        {processing if conditions else ""}{rest}
      </item>"""


TYPED = (
    '<response_str ident="response1" rcardinality="Single"><render_fib>'
    '<response_label ident="answer1"/></render_fib></response_str>'
)
OTHER = "<other/>"
CITIES = label("m1", "Paris") + label("m2", "Tokyo") + label("m3", "Lyon")
EQUATION = (
    '<img class="equation_image" title="x^2" alt="LaTeX: x^2" data-equation-content="x^2" src="/equation_images/x%5E2">'
)
RANGE = (
    f'<or>{equal("3.14")}<and><vargte respident="response1">3.13</vargte>'
    '<varlte respident="response1">3.15</varlte></and></or>'
)

ITEMS = (
    item("i1", "multiple_choice_question", "<p>Who made <strong>Hunminjeongeum</strong>?</p>",
         choices("Single", label("8080", "Sejong") + label("2279", "Taejong")),
         condition(OTHER, "", show="general_fb") + condition(equal("2279"), "", show="2279_fb")
         + condition(equal("8080"), show="correct_fb"),
         feedback("general_fb", "It was made in 1443.") + feedback("correct_fb", "Yes.")
         + feedback("2279_fb", "He was Sejong's father."), "2.0"),
    item("i2", "true_false_question", "It had 28 letters.",
         choices("Single", label("9001", "True") + label("9002", "False")), condition(equal("9001"))),
    item("i3", "multiple_answers_question", "Which are mammals?",
         choices("Multiple", label("1", "Whale") + label("2", "Shark") + label("3", "Bat")),
         condition(f"<and>{equal('1')}<not>{equal('2')}</not>{equal('3')}</and>")),
    item("i4", "short_answer_question", "What is the capital of Korea?", TYPED,
         condition(equal("Seoul") + equal("서울"))),
    item("i5", "fill_in_multiple_blanks_question", "<p>[who] made it in [year].</p>",
         choices("", label("51", "Sejong") + label("52", "King Sejong"), "response_who", name("who"))
         + choices("", label("53", "1443"), "response_year", name("year")),
         condition(equal("51", "response_who"), "50.00", "Add")
         + condition(equal("53", "response_year"), "50.00", "Add")),
    item("i6", "multiple_dropdowns_question", "<p>Water is [state] at 20 degrees.</p>",
         choices("", label("61", "liquid") + label("62", "solid"), "response_state", name("state")),
         condition(equal("61", "response_state"), "100.00", "Add")),
    item("i7", "matching_question", "Match the capitals.",
         choices("", CITIES, "response_71", name("France")) + choices("", CITIES, "response_72", name("Japan")),
         condition(equal("m1", "response_71"), "50.00", "Add") + condition(equal("m2", "response_72"), "50.00", "Add")),
    item("i8", "numerical_question", f"<p>What is {EQUATION} for 1.772?</p>", TYPED, condition(RANGE)),
    item("i9", "essay_question", "What would you have asked the king?", TYPED, condition(OTHER, "")),
    item("i10", "text_only_question", "Now two questions of other kinds.", "", points="0.0"),
    item("i11", "file_upload_question", "Upload your map.", ""),
)  # fmt: skip

SAMPLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">
  <assessment ident="sample" title="Korean history">
    <qtimetadata>{field("cc_maxattempts", "1")}</qtimetadata>
    <section ident="root_section">{"".join(ITEMS)}
    </section>
  </assessment>
</questestinterop>
""".encode()
