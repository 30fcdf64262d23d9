// How far a long work is: a bar, the step in words (said aloud once), and the count beside it (seen only).

export class Working {
  constructor(form) {
    this.form = form
    this.box = form.querySelector("[data-working]")
    this.text = this.box.dataset
    this.bar = this.box.querySelector("progress")
    this.words = this.box.querySelector("[data-step]")
    this.count = this.box.querySelector("[data-count]")
    this.problem = this.box.querySelector("[data-problem]")
  }

  // step: "sending", "reading" ...  Without a total nobody knows how long it takes, and the bar says so.
  show(step, done = 0, total = 0, format = String) {
    this.clear()
    this.form.setAttribute("aria-busy", "true")
    this.bar.hidden = false
    if (this.words.textContent !== this.text[step]) this.words.textContent = this.text[step]
    if (!total) {
      this.bar.removeAttribute("value")
      this.count.textContent = ""
      return
    }
    this.bar.max = total
    this.bar.value = done
    this.count.textContent = this.text.of.replace("{done}", format(done)).replace("{total}", format(total))
  }

  // Says what is wrong, and takes the reader there.
  fail(message) {
    this.form.removeAttribute("aria-busy")
    this.bar.hidden = true
    this.words.textContent = this.count.textContent = ""
    this.problem.textContent = message
    this.problem.hidden = false
    this.problem.focus()
  }

  clear() {
    this.problem.hidden = true
    this.problem.textContent = ""
  }
}
