// Counts down in words: to a moment (data-countdown="2026-12-01T00:00:00+00:00") or for some seconds (data-seconds).
// At the end of a timer its form (data-form) is sent; two seconds before, "lastcall" lets the page save what is typed.

const language = document.documentElement.lang;
const ends = new WeakMap(); // each countdown that is started -> its end, by its clock
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function inWords(seconds) {
  let rest = Math.max(0, Math.floor(seconds));
  const parts = [];
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount || (unit === "second" && !parts.length)) {
      parts.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount));
    }
  }
  return parts.slice(0, 2).join(" ");
}

function start(element) {
  if (ends.has(element)) return;
  const { countdown, seconds, form, textLeft, textOver } = element.dataset;
  const words = element.querySelector("[data-countdown-words]");
  const said = document.querySelector("[data-countdown-said]");
  // A length is counted by a clock that never jumps, whatever happens to that of the device.
  const clock = seconds === undefined ? Date : performance;
  const end = seconds === undefined ? Date.parse(countdown) : clock.now() + Number(seconds) * 1000;
  const moments = (element.dataset.sayAt ?? "").split(" ").map(Number).filter((moment) => moment && moment < (end - clock.now()) / 1000);
  const soon = moments.at(-1) ?? 0;
  let called = false;
  words.hidden = false;
  ends.set(element, end);

  function tick() {
    if (!element.isConnected) return clearInterval(timer); // another part of the page has taken its place
    const left = (ends.get(element) - clock.now()) / 1000;
    words.textContent = left > 0 ? textLeft.replace("{time}", inWords(left)) : textOver;
    if (left < soon) element.dataset.soon = "";
    if (left <= moments[0]) {
      said.textContent = words.textContent;
      moments.shift();
    }
    if (form && left < 2 && !called) {
      called = true;
      document.dispatchEvent(new Event("lastcall"));
    }
    if (left > 0) return;
    clearInterval(timer);
    if (form) document.getElementById(form).requestSubmit();
    else if ("reload" in element.dataset) location.reload();
  }

  const timer = setInterval(tick, 1000);
  tick();
}

const equip = () => document.querySelectorAll("[data-countdown]").forEach(start);
document.addEventListener("shown", equip);
// The server says that there is more or less time than there was.
document.addEventListener("timeleft", (event) => {
  const timer = document.querySelector("[data-countdown][data-form]");
  if (timer) ends.set(timer, performance.now() + event.detail * 1000);
});
equip();
