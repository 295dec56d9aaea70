// Shows who works on a case and who can read it; gives it, hands it over, asks a second in, takes off.

import { ask } from "./asking.js";
import { act, attempt, sealed, sends } from "./case_act.js";
import { badge, choices, named, row, show, timed } from "./case_make.js";
import { canHandOn, fingerprint, handOn } from "./case_open.js";
import { go } from "./going.js";
import { tell } from "./saying.js";
import { say } from "./words.js";

export function showPeople(root, open, again) {
  const { team, missing, keyless, me, part } = open.data;
  const gives = part === "lead" || root.closest("[data-organises]") !== null;
  show(root, "lead-only", part === "lead");
  show(root, "gives", gives);
  show(root, "can-contact", open.data.canContact);
  show(root, "can-give-back", open.data.canGiveBack);
  const list = root.querySelector('[data-fill="team"]');
  const mark = JSON.stringify([team, missing.map(({ staff }) => staff), keyless]);
  if (list.dataset.mark === mark) return; // somebody may be writing in one of its forms
  list.dataset.mark = mark;
  const rows = team.map((one) => {
    const [element, place] = row("person");
    place("name").append(named(one.name), one.staff === me ? ` (${say("you")})` : "");
    place("part").append(badge(one.part === "lead" ? "good" : "", say(`part_${one.part}`)));
    place("since").append(timed(one.since));
    const lacks = missing.find(({ staff }) => staff === one.staff);
    if (lacks && canHandOn(open, lacks).length > 0) handsOn(place("hand"), lacks, open, again);
    place("reads").textContent = keyless.includes(one.name) ? say("keyless") : say(lacks ? "reads_some" : "reads_all");
    place("off-part").hidden = one.staff === me || !gives;
    takesOff(place("off"), one.staff, open, again);
    return element;
  });
  list.replaceChildren(...rows);
}

/** She can't read what was sealed before she came: whoever reads it hands the key on, by a press. */
function handsOn(part, colleague, open, again) {
  part.hidden = false;
  const button = part.querySelector("button");
  fingerprint(colleague.publicKey).then((digits) => (part.querySelector("[data-fingerprint]").textContent = digits));
  button.addEventListener("click", () =>
    attempt(button, async () => {
      await handOn(open, colleague);
      tell(say("handed_on", { names: named(colleague.name).textContent }));
      await again();
    }),
  );
}

function takesOff(form, staff, open, again) {
  sends(form, async ({ words, for_good: forGood }) => {
    const content = { staff, for_good: forGood === "on", words: words.trim() };
    const answer = await act(open, `/people/${staff}/off`, async () => ({
      for_good: content.for_good,
      item: await sealed(open, "off", content),
    }));
    await goOn(answer, again);
  }, "kept");
}

export function workOnPeople(root, opened, again) {
  const part = root.querySelector("[data-colleagues]");
  const give = part.querySelector("form[data-give]");
  part.addEventListener("toggle", () => part.open && attempt(give, () => listColleagues(give, opened())));

  sends(give, async ({ staff, how, words }) => {
    const open = opened();
    const item = async () => (words.trim() ? { item: await sealed(open, "asked", { staff, words: words.trim() }) } : {});
    const answer =
      how === "second"
        ? await act(open, "/people", async () => ({ staff, part: "second", ...(await item()) }))
        : await act(open, "/hand-over", async () => ({ staff, stay: how === "stay", ...(await item()) }));
    await goOn(answer, again);
    part.open = false;
  }, "kept");

  const leave = root.querySelector("form[data-conflict]");
  sends(leave, async ({ words }) => {
    const open = opened();
    const content = { staff: open.data.me, for_good: true, words: words.trim() };
    const answer = await act(open, `/people/${open.data.me}/off`, async () => ({
      for_good: true,
      item: await sealed(open, "off", content),
    }));
    await goOn(answer, again);
  });

  const presses = (name, path) => {
    const button = root.querySelector(`[data-press="${name}"]`);
    button.addEventListener("click", () =>
      attempt(button, async () => goOn(await act(opened(), path, async () => ({})), again)),
    );
  };
  presses("contact", "/contact");
  presses("give-back", "/give-back");
}

async function listColleagues(form, open) {
  const { colleagues } = await ask(`${open.base}/colleagues`);
  const others = colleagues.filter(({ staff }) => staff !== open.data.me);
  choices(
    form.elements.staff,
    others.map(({ staff, name, key }) => [staff, key ? name : `${name} (${say("keyless")})`]),
  );
  form.querySelector('[data-fill="nobody"]').hidden = others.length > 0;
}

/** After an act: to where the server says, where she has no more business here, else see what is true now. */
async function goOn({ next }, again) {
  if (next) await go(next);
  else await again();
}
