// <long-work>: how far a long work is. A bar, the step in words (said aloud once), and the count beside it (seen only).
//
// Its words come from its data attributes; the scripts of the pages tell it what goes on.

class LongWork extends HTMLElement {
  #part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  // step: "sending", "reading" ...  Without a total nobody knows how long it takes, and the bar says so.
  show(step, done = 0, total = 0, format = String) {
    const [bar, words, count] = ["bar", "step", "count"].map((name) => this.#part(name));
    this.clear();
    this.closest("form").setAttribute("aria-busy", "true");
    if (words.textContent !== this.dataset[step]) words.textContent = this.dataset[step];
    if (total) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute("value");
    count.textContent = total ? this.dataset.of.replace("{done}", format(done)).replace("{total}", format(total)) : "";
    if (!bar.hidden) return;
    bar.hidden = false;
    this.scrollIntoView({ block: "nearest" });
  }

  // Says what is wrong, and takes the reader there.
  fail(message) {
    const problem = this.#part("problem");
    this.closest("form").removeAttribute("aria-busy");
    this.#part("bar").hidden = true;
    this.#part("step").textContent = this.#part("count").textContent = "";
    problem.textContent = message;
    problem.hidden = false;
    problem.focus();
  }

  clear() {
    const problem = this.#part("problem");
    problem.hidden = true;
    problem.textContent = "";
  }
}

customElements.define("long-work", LongWork);
