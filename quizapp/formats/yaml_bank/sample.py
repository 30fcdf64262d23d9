"""The YAML bank file that shows what one can hold: every kind, both languages, feedback, media."""

from __future__ import annotations

SAMPLE = """\
# A question bank. `quizapp check FILE` says by line what is wrong with it.
bank: korean-history
title: {ko: 한국사 맛보기, en: A taste of Korean history}
licence: CC-BY-4.0
items:
  - id: sejong
    kind: choice
    title: {ko: 훈민정음, en: Hunminjeongeum}
    stem:
      ko: 훈민정음을 만든 임금은 **누구**입니까?
      en: Which king created *Hunminjeongeum*?
    response:
      choices:
        - {id: a, text: {ko: 세종, en: Sejong}, fraction: 1}
        - id: b
          text: {ko: 태종, en: Taejong}
          fraction: 0
          feedback: {ko: 세종의 아버지입니다., en: He was Sejong's father.}
        - {id: c, text: {ko: 둘 다 아님, en: Neither}, fraction: 0, pinned: true}
    category: [history, joseon]
    tags: [hangul]
    objectives: [letters]
    difficulty: 1
    citations:
      - {lesson: letters, anchor: creation}
    feedback:
      general:
        ko: |-
          1443년에 창제되어
          1446년에 반포되었습니다.
        en: |-
          Created in 1443
          and proclaimed in 1446.
    hints:
      - {ko: 집현전을 키운 임금입니다., en: He enlarged the Hall of Worthies.}
  - id: primes
    kind: multiple
    stem: {ko: 소수를 모두 고르세요., en: Choose every prime.}
    response:
      choices:
        - {id: a, text: {ko: "2", en: "2"}, fraction: 1}
        - {id: b, text: {ko: "4", en: "4"}, fraction: 0}
        - {id: c, text: {ko: "7", en: "7"}, fraction: 1}
    scoring: {method: all-or-nothing}
    points: 2
  - id: boils
    kind: truefalse
    stem: {ko: 물은 섭씨 100도에서 끓는다., en: Water boils at 100 degrees Celsius.}
    response:
      answer: true
      feedback:
        "false": {ko: 바닷가에서는 그렇습니다., en: At sea level it does.}
  - id: letters
    kind: text
    stem: {ko: 한글의 옛 이름은 무엇입니까?, en: What was Hangul first called?}
    response:
      answers:
        - {text: 훈민정음, fraction: 1}
        - {text: Hunminjeongeum, fraction: 1}
        - {text: 언문, fraction: 0.5, feedback: {ko: 그렇게도 불렀습니다., en: That was a nickname.}}
  - id: year
    kind: number
    stem: {ko: 훈민정음은 몇 년에 반포되었습니까?, en: In which year was it proclaimed?}
    response:
      answers:
        - {value: "1446", tolerance: "0", fraction: 1}
        - {value: "1443", tolerance: "0", fraction: 0.5}
  - id: capitals
    kind: match
    stem: {ko: 나라와 수도를 이으세요., en: Match the countries and their capitals.}
    response:
      rows:
        - {id: r1, text: {ko: 대한민국, en: Korea}, option: o1}
        - {id: r2, text: {ko: 일본, en: Japan}, option: o2}
      options:
        - {id: o1, text: {ko: 서울, en: Seoul}}
        - {id: o2, text: {ko: 도쿄, en: Tokyo}}
        - {id: o3, text: {ko: 베이징, en: Beijing}}
  - id: animals
    kind: categorise
    stem: {ko: 무엇에 속합니까?, en: Where do they belong?}
    response:
      rows:
        - {id: r1, text: {ko: 고래, en: Whale}, option: o1}
        - {id: r2, text: {ko: 참새, en: Sparrow}, option: o2}
      options:
        - {id: o1, text: {ko: 포유류, en: Mammals}}
        - {id: o2, text: {ko: 조류, en: Birds}}
  - id: dynasties
    kind: order
    stem: {ko: 이른 것부터 놓으세요., en: Put the earliest first.}
    response:
      items:
        - {id: a, text: {ko: 고조선, en: Gojoseon}}
        - {id: b, text: {ko: 고려, en: Goryeo}}
        - {id: c, text: {ko: 조선, en: Joseon}}
    scoring: {method: longest-ordered}
  - id: sentence
    kind: cloze
    response:
      text:
        ko: "{{g1}}은 {{g2}}년에 만들어졌습니다."
        en: "{{g1}} was created in {{g2}}."
      gaps:
        - {id: g1, kind: text, answers: [{text: 한글, fraction: 1}, {text: Hangul, fraction: 1}]}
        - {id: g2, kind: number, weight: 2, answers: [{value: "1443", fraction: 1}]}
  - id: essay
    kind: essay
    status: draft
    stem: {ko: 한글이 왜 배우기 쉬운지 쓰세요., en: Say why Hangul is easy to learn.}
    response:
      min_words: 30
      grader_notes: {ko: 근거가 둘 이상인지 봅니다., en: Look for two reasons.}
  - id: picture
    kind: description
    stem: {ko: "다음 그림을 보세요. ![점](media:dot.png)", en: "Look at this. ![A dot](media:dot.png)"}
    media:
      - name: dot.png
        type: image/png
        alt: A dot
        data: iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
""".encode()
