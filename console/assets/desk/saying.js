// Speaks: the page's words for its code, and the quiet place where they are read out. It never shows HTML.

/** A sentence from templates/desk/words.html by its name, with its {blanks} filled. */
export function word(name, blanks = {}) {
  const said = document.getElementById("words")?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
  return said.replace(/\{(\w+)\}/g, (blank, key) => String(blanks[key] ?? blank));
}

/** Say something in the page's live region (#news), which a screen reader reads at its ease; "" takes it away. */
export function tell(text) {
  const place = document.getElementById("news");
  if (place) place.textContent = text;
}
