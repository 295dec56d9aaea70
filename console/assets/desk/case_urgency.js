// Lowers or raises an urgency, closes a case with an outcome and opens it again: each with its reason, sealed here.

import { act, sealed, sends } from "./case_act.js";
import { choices, show } from "./case_make.js";

const ORDER = ["critical", "high", "medium", "low"];

export function showState(root, open, words) {
  const { level, status } = open.data;
  const form = root.querySelector("form[data-urgency]");
  const others = Object.entries(words.levels).filter(([code]) => code !== level);
  choices(form.elements.level, others);
  show(root, "is-open", status !== "closed");
  show(root, "can-write", status !== "closed" && !open.data.silent);
  show(root, "is-closed", status === "closed");
  const still = Object.entries(open.data.tracks).filter(([, { state }]) => state === "open");
  show(root, "tracks-open", still.length > 0);
  const outcomes = root.querySelector("form[data-close]").elements.outcome;
  if (outcomes.options.length === 0) choices(outcomes, Object.entries(words.outcomes));
}

export function workOnState(root, opened, again) {
  const urgency = root.querySelector("form[data-urgency]");
  sends(urgency, async ({ level, words }) => {
    const open = opened();
    const from = open.data.level;
    const kind = isLower(from, level) ? "lowered" : "raised";
    await act(open, "/urgency", async () => ({
      level,
      was: from,
      item: await sealed(open, kind, { from, to: level, words: words.trim() }),
    }));
    await again();
  }, "kept");

  sends(root.querySelector("form[data-close]"), async ({ outcome, words }) => {
    const open = opened();
    await act(open, "/close", async () => ({
      outcome,
      item: await sealed(open, "closed", { outcome, words: words.trim() }),
    }));
    await again();
  }, "is_closed");

  sends(root.querySelector("form[data-reopen]"), async ({ words }) => {
    const open = opened();
    const item = async () => ({ item: await sealed(open, "reopened", { words: words.trim() }) });
    await act(open, "/reopen", async () => (words.trim() ? item() : {}));
    await again();
  }, "kept");
}

function isLower(from, to) {
  return ORDER.indexOf(to) > ORDER.indexOf(from);
}
