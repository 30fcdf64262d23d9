// A button that copies what a field holds.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    const words = button.textContent;
    button.textContent = button.dataset.textCopied;
    setTimeout(() => {
      button.textContent = words;
    }, 2000);
  });
}
