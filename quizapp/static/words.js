// Counts the words of a longer answer while it is written. What counts as a word is what stands between spaces.

function count(text) {
  const output = text.parentElement.querySelector("[data-word-count]");
  const { least, most, textWords, textFewer, textOver } = output.dataset;

  const show = () => {
    const count = text.value.split(/\s+/).filter(Boolean).length;
    const said = count < Number(least) ? textFewer : most && count > Number(most) ? textOver : textWords;
    output.textContent = said.replace("{count}", count).replace("{more}", least - count).replace("{over}", count - most);
  };

  output.hidden = false;
  text.addEventListener("input", show);
  show();
}

const equip = () => document.querySelectorAll("textarea[data-words]").forEach(count);
document.addEventListener("shown", equip);
equip();
