// The live view: its rows come anew every few seconds, and what was ticked stays so.

const rows = document.getElementById("live-rows");

async function renew() {
  if (document.hidden || rows.contains(document.activeElement)) return;
  const reply = await fetch(rows.dataset.live, { headers: { Accept: "text/html" } });
  if (!reply.ok || rows.contains(document.activeElement)) return;
  const ticked = new Set([...rows.querySelectorAll("input:checked")].map((box) => box.value));
  const unfolded = rows.querySelector("[data-absent]")?.open;
  rows.innerHTML = await reply.text();
  for (const box of rows.querySelectorAll("input")) box.checked = ticked.has(box.value);
  rows.querySelector("[data-absent]")?.toggleAttribute("open", Boolean(unfolded));
}

setInterval(() => renew().catch(() => {}), Number(rows.dataset.seconds) * 1000);
