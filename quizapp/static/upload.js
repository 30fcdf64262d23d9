// The upload form: shows where files can be dropped, and says before sending when they are too large.

const form = document.querySelector("[data-upload]")
const box = form.querySelector("input[type=file]")
const problem = form.querySelector("[data-upload-problem]")

for (const [event, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  box.addEventListener(event, () => box.classList.toggle("drop-over", over))
}

function tooLarge() {
  const size = [...box.files].reduce((sum, file) => sum + file.size, 0)
  problem.hidden = size <= Number(form.dataset.limit)
  problem.textContent = problem.hidden ? "" : form.dataset.textLarge
  return !problem.hidden
}

box.addEventListener("change", tooLarge)
form.addEventListener("submit", (event) => {
  if (tooLarge()) event.preventDefault()
})
