// Counts a longer answer while it is written: its characters, spaces included, or its words, which stand between spaces.

function count(text) {
  const output = text.parentElement.querySelector("[data-word-count]");
  const { characters, least, most, textCount, textFewer, textOver } = output.dataset;

  const show = () => {
    const written = text.value.trim();
    const count = characters === undefined ? written.split(/\s+/).filter(Boolean).length : [...written.normalize()].length;
    const said = count < Number(least) ? textFewer : most && count > Number(most) ? textOver : textCount;
    output.textContent = said.replace("{count}", count).replace("{more}", least - count).replace("{over}", count - most);
  };

  output.hidden = false;
  text.addEventListener("input", show);
  show();
}

const equip = (within) => within.querySelectorAll("textarea[data-words]").forEach(count);
document.addEventListener("shown", (event) => equip(event.target));
equip(document);
