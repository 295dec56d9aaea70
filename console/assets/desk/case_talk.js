// Shows the talk with her, and writes to her: looked at first exactly as she will see it, then sent or held.

import { ask, Refused } from "./asking.js";
import { act, attempt, sends } from "./case_act.js";
import { choices, fill, make, quoted, row, timed } from "./case_make.js";
import { by, pointer, showNone } from "./case_top.js";
import { things } from "./case_open.js";
import { keeper, unlocked } from "./keeper.js";
import { tell } from "./saying.js";
import { moment, say } from "./words.js";

const HERS = ["words", "withdrawn", "another"];

export function showTalk(root, open, again) {
  const states = new Map(open.data.messages.map((message) => [String(message.id), message]));
  const told = things(open, "report", "answers").filter(({ content }) => content.words);
  const said = [...told, ...things(open, ...HERS, "message")].sort((a, b) => new Date(a.at) - new Date(b.at));
  const bubbles = said.map((thing) =>
    thing.kind === "message" ? ours(open, thing, states.get(String(thing.content.id)), again) : hers(thing),
  );
  const list = fill(root, "talk", ...bubbles);
  list.hidden = bubbles.length === 0;
  showNone(root, open, "talk", bubbles.length === 0);
}

function hers(thing) {
  const { words, files, answers } = thing.content;
  const [bubble, part] = row("hers");
  part("at").append(timed(thing.at));
  if (thing.kind === "withdrawn") part("said").append(make("p", { class: "quiet" }, say("she_withdrew")));
  if (thing.kind === "another") part("said").append(make("p", { class: "quiet" }, say("she_asks_another")));
  const place = answers?.here?.place?.map((degrees) => degrees.toFixed(5)).join(", ");
  if (place) part("said").append(make("p", { class: "quiet" }, say("her_place", { place })));
  if (words) part("said").append(quoted(words));
  if (files?.length) part("said").append(pointer(files));
  return bubble;
}

function ours(open, thing, state, again) {
  const [bubble, part] = row("ours");
  part("who").textContent = by(thing);
  part("at").append(timed(thing.at));
  part("said").append(quoted(thing.content.words));
  part("state").textContent = state ? stateOf(state) : "";
  const back = part("back");
  back.hidden = state?.state !== "held";
  back.addEventListener("click", () =>
    attempt(back, async () => {
      await act(open, `/messages/${state.id}/back`, async () => ({}));
      await again();
      tell(say("taken_back"));
    }),
  );
  return bubble;
}

/** Where a message of ours is, said plainly. */
function stateOf({ state, due, why, letter }) {
  if (state === "held") return [say("held"), why || (due && moment(due))].filter(Boolean).join(" ");
  if (state === "back") return say("taken_back");
  if (state === "dropped") return [say("dropped"), why].filter(Boolean).join(" ");
  return say(`letter_${letter}`) || say("letter_sending");
}

/** The place where she writes to her. `opened()` gives the open case, `again()` reads it anew. */
export function compose(form, opened, again) {
  const area = form.elements.words;
  const language = form.elements.language;
  const looked = form.querySelector("[data-look]");
  let ready = [];
  let seen = null;
  let went = {};

  form.querySelector("[data-ready]").addEventListener("change", ({ target }) => {
    const sentence = ready.find(({ code }) => code === target.value)?.[language.value];
    if (!sentence) return;
    area.value = area.value.trim() ? `${area.value.trim()}\n${sentence}` : sentence;
    target.value = "";
    area.focus();
    changed();
  });

  function changed() {
    seen = null;
    looked.hidden = true;
    form.querySelector("[data-send]").disabled = true;
    fill(form, "left", say("left", { count: Number(area.maxLength) - area.value.length }));
  }
  area.addEventListener("input", changed);
  language.addEventListener("change", () => (listReady(), changed()));

  function listReady() {
    const pairs = ready.map((one) => [one.code, one[language.value] ?? one.en]);
    choices(form.querySelector("[data-ready]"), [["", say("choose_ready")], ...pairs]);
  }

  form.querySelector("[data-preview]").addEventListener("click", () =>
    attempt(form, async () => {
      const json = { words: area.value, language: language.value };
      seen = { ...json, ...(await ask(`${opened().base}/messages/preview`, json)), words: json.words };
      showLook(looked, seen);
    }).then(() => {
      form.querySelector("[data-send]").disabled = !seen || seen.state === "refused";
    }),
  );

  sends(
    form,
    async () => {
      if (!seen || seen.words !== area.value) throw new Refused(400, say("look_first"));
      const sent = await act(opened(), "/messages", async () => {
        await unlocked();
        return { id: await keeper.newNumber(), words: seen.words, language: seen.language };
      });
      went = sent;
      await again();
    },
    () => (went.state === "held" ? say("is_held") : say("is_sent")),
  );

  return {
    /** Fetch the ready sentences and her language, once the case is open. */
    async begin() {
      const found = await ask(`${opened().base}/messages/ready`);
      ready = found.ready;
      area.maxLength = found.longest;
      language.value = found.language;
      listReady();
      changed();
    },
  };
}

function showLook(looked, { text, language, direction, state, due, why }) {
  const bubble = make("p", { class: "words", lang: language, dir: direction });
  bubble.textContent = text;
  fill(looked, "look", bubble);
  const sentence = state === "now" ? say("goes_now") : state === "held" ? say("will_be_held") : say("refused");
  fill(looked, "when", [sentence, why || (due && moment(due))].filter(Boolean).join(" "));
  looked.hidden = false;
}
