// Shows the three tracks, the tasks and the notes, and changes them. Every word of theirs is sealed here first.

import { Refused } from "./asking.js";
import { act, attempt, sealed, sends } from "./case_act.js";
import { badge, choices, fill, make, named, quoted, row, show, timed } from "./case_make.js";
import { answers, things } from "./case_open.js";
import { by } from "./case_top.js";
import { keeper, unlocked } from "./keeper.js";
import { tell } from "./saying.js";
import { plain, say } from "./words.js";

export function showTracks(root, open, words) {
  for (const part of root.querySelectorAll("[data-track-part]")) {
    const form = part.querySelector("form");
    const name = form.dataset.track;
    const { state, by: who, at } = open.data.tracks[name];
    const told = things(open, "track").filter(({ content }) => content.track === name);
    const kind = state === "open" ? "late" : "good";
    fill(part, "state", badge(kind, words.states[state] ?? state), ...(at ? [" ", named(who ?? ""), " ", timed(at)] : []));
    if (form.dataset.version !== String(open.data.tracks[name].version)) form.elements.state.value = state;
    form.dataset.version = open.data.tracks[name].version;
    showNeeds(part, open, words, name, told.at(-1)?.content.needs);
    fill(part, "told", ...told.filter(({ content }) => content.words).map((thing) => remark(thing)));
  }
}

/** What she needs on a track: what she wished for is ticked by itself until a colleague has said more. */
function showNeeds(part, open, words, track, kept) {
  const wished = answers(open).wish?.codes ?? [];
  const chosen = new Set(kept ?? wished);
  const box = part.querySelector('[data-fill="needs"]');
  const mark = JSON.stringify([...chosen, ...wished]);
  if (box.dataset.mark === mark) return;
  box.dataset.mark = mark;
  const asked = words.needs[track].filter((code) => chosen.has(code) || wished.includes(code));
  fill(part, "wanted", ...asked.map((code) => make("li", {}, need(words, code, wished.includes(code)))));
  const ticks = words.needs[track].map((code) => {
    const tick = make("input", { type: "checkbox", name: "needs", value: code, checked: chosen.has(code) });
    return make("label", { class: "choice" }, tick, make("span", {}, words.terms[code] ?? code));
  });
  box.replaceChildren(...ticks);
}

function need(words, code, isWished) {
  return isWished ? `${words.terms[code] ?? code} (${say("she_wishes")})` : words.terms[code] ?? code;
}

/** One colleague's words with her name and when. */
function remark(thing, about = "") {
  const when = [" ", timed(thing.at), about && ` · ${about}`].filter(Boolean);
  return make("li", {}, make("p", { class: "quiet" }, named(by(thing)), ...when), quoted(thing.content.words));
}

export function workOnTracks(root, opened, again) {
  for (const form of root.querySelectorAll("form[data-track]")) {
    sends(
      form,
      async ({ state, words }) => {
        const open = opened();
        const track = form.dataset.track;
        const needs = [...form.querySelectorAll("[name=needs]:checked")].map(({ value }) => value);
        try {
          await act(open, "/tracks", async () => ({
            track,
            state,
            version: Number(form.dataset.version),
            item: await sealed(open, "track", { track, state, words: words.trim(), needs }),
          }));
        } catch (error) {
          // A colleague was first: what is true now is shown, and what was written stays where it is.
          if (error instanceof Refused && error.data.tracks) await again();
          throw error;
        }
        await again();
      },
      "kept",
    );
  }
}

export function showTasks(root, open, again) {
  const told = new Map(things(open, "task").map((thing) => [String(thing.content.task), thing.content.words]));
  const sorted = [...open.data.tasks].sort((a, b) => !!a.done - !!b.done || new Date(a.due) - new Date(b.due));
  const rows = sorted.map((task) => {
    const [element, part] = row("task");
    part("words").append(told.has(task.id) ? quoted(told.get(task.id)) : make("p", { class: "quiet" }, say("task_shut")));
    part("who").append(named(task.name));
    part("due").append(timed(task.due));
    const isLate = !task.done && new Date(task.due) < new Date();
    part("late").hidden = !isLate;
    part("done").hidden = !task.done;
    if (task.done) part("done").append(" ", timed(task.done));
    const button = part("turn");
    button.textContent = say(task.done ? "undo" : "is_done");
    button.addEventListener("click", () =>
      attempt(button, async () => {
        await act(open, `/tasks/${task.id}`, async () => ({ done: !task.done }));
        await again();
      }),
    );
    return element;
  });
  fill(root, "tasks", ...rows).hidden = rows.length === 0;
  show(root, "no-tasks", rows.length === 0);
  const team = open.data.team.map(({ staff, name }) => [staff, name]);
  const select = root.querySelector("form[data-new-task]").elements.staff;
  if (!select.value) select.replaceChildren(make("option", { value: open.data.me }, ""));
  choices(select, team);
}

export function workOnTasks(form, opened, again) {
  sends(
    form,
    async ({ words, staff, day, time }) => {
      const open = opened();
      await unlocked();
      await act(open, "/tasks", async () => {
        const id = await keeper.newNumber();
        const due = time ? `${day}T${time}` : day;
        return { id, staff, due, item: await sealed(open, "task", { task: id, words: words.trim() }) };
      });
      await again();
    },
    "kept",
  );
}

/** Acts that a colleague gives words to, for whoever works on the case. */
const WITH_WORDS = ["asked", "off", "lowered", "raised", "closed", "reopened"];

export function showNotes(root, open, words) {
  const notes = things(open, "note", ...WITH_WORDS).filter(({ content }) => content.words).reverse();
  fill(root, "notes", ...notes.map((thing) => remark(thing, about(thing, open, words)))).hidden = notes.length === 0;
}

/** What a colleague's words were written with; nothing for a note. */
function about({ kind, content }, open, words) {
  const { from, to, outcome, staff } = content;
  const level = (code) => words.levels[code] ?? plain(code);
  switch (kind) {
    case "note":
      return "";
    case "lowered":
    case "raised":
      return say(`was_${kind}`, { from: level(from), to: level(to) });
    case "closed":
      return say("was_closed", { outcome: words.outcomes[outcome] ?? plain(outcome) });
    case "reopened":
      return say("was_reopened");
    default:
      return say(`said_${kind}`, { name: plain(open.data.people[staff] ?? "…") });
  }
}

export function workOnNotes(form, opened, again) {
  sends(form, async ({ words }) => {
    const open = opened();
    if (!words.trim()) throw new Refused(400, say("empty"));
    let tries = 0;
    await act(open, "/items", async () => {
      tries += 1;
      return sealed(open, "note", { words: words.trim() });
    });
    await again();
    tell(say(tries > 1 ? "kept_anew" : "kept"));
  });
}
