"""QTI 1.2 as Blackboard writes it, and feedback of choices that hangs on conditions."""

from __future__ import annotations

import pytest

from quizapp.formats import qti12
from quizapp.formats.accounting import unread_texts
from tests.formats.qti_round_trip import package
from tests.formats.test_qti12 import document, eq, item, lid, mat, only, when


def block(text: str) -> str:
    written = f'<mat_extension><mat_formattedtext type="HTML">{text}</mat_formattedtext></mat_extension>'
    inner = f'<flow_mat class="FORMATTED_TEXT_BLOCK"><material>{written}</material></flow_mat>'
    return f'<flow_mat class="Block">{inner}</flow_mat>'


def for_all(ident: str, text: str) -> str:
    return f'<itemfeedback ident="{ident}" view="All">{block(text)}</itemfeedback>'


def for_choice(ident: str, text: str) -> str:
    solution = (
        f'<solution feedbackstyle="Complete" view="All"><solutionmaterial>{block(text)}</solutionmaterial></solution>'
    )
    return f'<itemfeedback ident="{ident}" view="All">{solution}</itemfeedback>'


def respcondition(title: str, test: str, score: str, link: str) -> str:
    return (
        f'<respcondition{title}><conditionvar>{test}</conditionvar><setvar action="Set" variablename="SCORE">{score}'
        f'</setvar><displayfeedback feedbacktype="Response" linkrefid="{link}"/></respcondition>'
    )


def blackboard(names: dict[str, str], right: str, said: dict[str, str], cardinality: str = "Single") -> str:
    test = f'<varequal case="No" respident="response">{right}</varequal>'
    processing = (
        '<outcomes><decvar defaultval="0" maxvalue="10" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
        + respcondition(' title="correct"', test, "SCORE.max", "correct")
        + respcondition(' title="incorrect"', "<other/>", "0", "incorrect")
    )
    for name in names:
        of_choice = f'<varequal case="No" respident="{name}"/>'
        processing += respcondition("", of_choice, "100" if name == right else "0", name)
    rest = for_all("correct", "Well done") + for_all("incorrect", "Not quite")
    rest += "".join(for_choice(name, said.get(name, "")) for name in names)
    return item(block("Which?") + lid(names, "response", cardinality), processing, rest=rest)


def test_each_choice_has_the_feedback_that_blackboard_gives_it() -> None:
    reading = qti12.read(document(blackboard({"c1": "one", "c2": "two"}, "c2", {"c1": "Too few", "c2": "Just so"})))
    (found,) = reading.items
    assert reading.problems == []
    assert [(one["fraction"], one["feedback"]["en"]) for one in found.response["choices"]] == [
        (0, "Too few"),
        (1, "Just so"),
    ]
    assert found.feedback == {"right": {"en": "Well done"}, "wrong": {"en": "Not quite"}}


def test_a_choice_without_feedback_has_none_and_gives_none_away() -> None:
    found = only(blackboard({"c1": "one", "c2": "two"}, "c1", {"c2": "Too many"}))
    assert [one.get("feedback", {}).get("en") for one in found.response["choices"]] == [None, "Too many"]
    assert "solution" not in found.feedback


ABC = {"A": "one", "B": "two", "C": "three"}


def shown(ident: str, text: str) -> str:
    return f'<itemfeedback ident="{ident}">{mat(text)}</itemfeedback>'


@pytest.mark.parametrize("right", ["A", "B", "C"])
def test_of_three_choices_with_feedback_of_their_own_each_keeps_it(right: str) -> None:
    conditions = "".join(when(eq(name), "100" if name == right else "0", show=f"f{name}") for name in ABC)
    found = only(
        item(mat("What?") + lid(ABC), conditions, rest="".join(shown(f"f{name}", f"on {name}") for name in ABC))
    )
    assert [one["feedback"]["en"] for one in found.response["choices"]] == ["on A", "on B", "on C"]
    assert found.feedback == {}


def test_what_only_the_right_choice_brings_up_is_for_a_right_answer_where_the_others_have_none() -> None:
    conditions = when(eq("B"), show="yes") + when("<other/>", "0", show="no")
    found = only(item(mat("What?") + lid(ABC), conditions, rest=shown("yes", "Right") + shown("no", "Wrong")))
    assert found.feedback == {"right": {"en": "Right"}, "wrong": {"en": "Wrong"}}


def test_the_solution_of_the_whole_question_stays_its_solution() -> None:
    solution = f"<solution><solutionmaterial>{mat('Because.')}</solutionmaterial></solution>"
    rest = f'<itemfeedback ident="s">{solution}</itemfeedback>'
    found = only(item(mat("What?") + lid(ABC), when(eq("B")), rest=rest))
    assert found.feedback == {"solution": {"en": "Because."}}


def test_a_second_solution_is_joined_and_a_hint_stays_a_hint() -> None:
    rest = "".join(
        f'<itemfeedback ident="s{n}"><solution><solutionmaterial>{mat(text)}</solutionmaterial></solution>'
        f"<hint><hintmaterial>{mat('Think')}</hintmaterial></hint></itemfeedback>"
        for n, text in enumerate(["Because.", "Also."])
    )
    found = only(item(mat("What?") + lid(ABC), when(eq("B")), rest=rest))
    assert found.feedback["solution"]["en"] == "<p>Because.</p>\n<p>Also.</p>"
    assert [one["en"] for one in found.hints] == ["Think", "Think"]


def with_metadata(source: str, **meta: str) -> str:
    written = "".join(f"<{name}>{value}</{name}>" for name, value in meta.items())
    return source.replace("<itemmetadata>", f"<itemmetadata>{written}", 1)


@pytest.mark.parametrize(("weighting", "most", "points"), [("0", "10.0", 10), ("5", "10", 5), ("0", "", 1)])
def test_a_weighting_of_nothing_leaves_the_points_to_the_maximum(weighting: str, most: str, points: float) -> None:
    source = blackboard({"c1": "one", "c2": "two"}, "c1", {})
    reading = qti12.read(document(with_metadata(source, qmd_absolutescore_max=most, qmd_weighting=weighting)))
    assert reading.items[0].points == points
    assert [problem.code for problem in reading.problems] == ([] if most else ["points"])


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [("yes_no", "choice", ["Yes", "No"]), ("agree_disagree", "choice", ["Agree", "Disagree"]),
     ("right_wrong", "choice", ["Right", "Wrong"]), ("true_false", "truefalse", [])],
)  # fmt: skip
def test_either_or_is_shown_in_words(name: str, kind: str, shown: list[str]) -> None:
    names = {f"{name}.true": f"{name}.true", f"{name}.false": f"{name}.false"}
    found = only(blackboard(names, f"{name}.false", {}))
    assert found.kind == kind
    assert [one["text"]["en"] for one in found.response.get("choices", [])] == shown
    right = [one["fraction"] for one in found.response.get("choices", [])] or [found.response["answer"]]
    assert right in ([0, 1], [False])


def test_a_blank_that_contains_an_answer_takes_what_contains_it() -> None:
    fib = '<response_str ident="response"><render_fib/></response_str>'
    subset = '<varsubset respident="response" setmatch="{}">{}</varsubset>'
    test = f'<or><varequal respident="response">Seoul</varequal>{subset}</or>'
    contains = only(item(mat("Where?") + fib, when(test.format("Contains", "Han")), ""))
    assert [one["text"] for one in contains.response["answers"]] == ["Seoul", "*Han*"]
    listed = only(item(mat("Where?") + fib, when(test.format("Matches", "^(Busan|Pusan)$")), ""))
    assert [one["text"] for one in listed.response["answers"]] == ["Seoul", "Busan", "Pusan"]
    pattern = qti12.read(document(item(mat("Where?") + fib, when(test.format("Matches", "^B.*n$")), "")))
    assert (pattern.items[0].kind, pattern.problems[0].code) == ("opaque", "opaque")


def test_the_words_of_a_package_are_compared_in_members_of_any_suffix() -> None:
    source = with_metadata(blackboard({"c1": "one", "c2": "two"}, "c1", {}), bbmd_questiontype="Multiple Choice")
    manifest = '<manifest><resources><resource type="assessment/x-bb-qti-test" href="r.dat"/></resources></manifest>'
    for words, found in (("", []), ("<presentation_material>Nobody reads this</presentation_material>", ["unread"])):
        data = package({"imsmanifest.xml": manifest, "r.dat": document(source + words).decode()})
        reading = qti12.read(data)
        assert [item.kind for item in reading.items] == ["choice"]
        assert [problem.code for problem in unread_texts(data, "qti12", reading)] == found
