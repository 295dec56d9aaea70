// Keeps what is being written through a lock: sealed to the case like everything else, in the page's memory alone.
//
// A locked page holds no word of it. The draft opens again with her key, and is gone with the page.

import { sealed } from "./case_act.js";
import { keeper } from "./keeper.js";

const REST = 700;
const kept = new Map();

/** Seal drafts of the fields in `root` whenever she pauses. `opened()` gives the open case, or null. */
export function keepDrafts(root, opened) {
  const timers = new WeakMap();
  root.addEventListener("input", ({ target }) => {
    if (!target.matches?.("textarea[data-draft]")) return;
    clearTimeout(timers.get(target));
    delete target.dataset.kept;
    timers.set(target, setTimeout(() => keep(target, opened()), REST));
  });
}

async function keep(area, open) {
  const drafts = kept.get(open?.code) ?? new Map();
  if (!open?.data) return;
  kept.set(open.code, drafts);
  const name = area.dataset.draft;
  if (!area.value) {
    drafts.delete(name);
    return;
  }
  try {
    drafts.set(name, await sealed(open, "draft", { words: area.value }));
    area.dataset.kept = "";
  } catch {
    // Locked meanwhile: the draft of a moment ago is still there.
  }
}

/** Put the drafts of a case back into fields that are empty. */
export async function bringDrafts(root, open) {
  for (const [name, { number, epoch, body }] of kept.get(open.code) ?? []) {
    const area = root.querySelector(`textarea[data-draft="${name}"]`);
    if (!area || area.value || !open.epochs.has(String(epoch))) continue;
    try {
      const [{ content }] = await keeper.openItem({ caseNumber: open.data.case, epoch, number, body });
      area.value = content.words;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    } catch {
      kept.get(open.code).delete(name);
    }
  }
}

/** Empty every field of the page. */
export function wipe(root) {
  for (const field of root.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")) {
    field.value = "";
  }
}
