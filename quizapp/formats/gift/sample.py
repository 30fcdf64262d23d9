"""Questions in GIFT, one for each thing that the format can say, for the page of formats and for tests."""

from __future__ import annotations

SAMPLE = """\
$CATEGORY: 역사/조선

// 세종과 한글
// [id:king-1] [tag:한글] [tag:임금]
::훈민정음을 만든 임금:: 훈민정음을 만든 임금은 누구입니까? {
    =세종#맞습니다.
    ~태종#세종의 아버지입니다.
    ~%-50%문종
    ####세종은 1443년에 훈민정음을 만들었습니다.
}

Which numbers are prime? {~%50%2 ~%50%7 ~%-100%9}

한글날은 10월 9일입니다. {T#한글날을 찾아보세요.#맞습니다.}

The Korean alphabet is called {=Hangul =Hangeul =%50%Hunminjeongeum#Its first name.}.

When was it created? {#=1443:0 =%50%1440..1446#Close.}

$CATEGORY: $course$/Geography

Match the capitals. {=Korea -> Seoul =Japan -> Tokyo = -> Beijing}

[markdown]Explain **why** a king would make an alphabet. {}

[html]<p>A text between questions, with a colon\\: and braces \\{ \\}.</p>
""".encode()
