// Shows what happened to a case in one list, newest first: who did what, and when. It shows no words of anybody's.

import { ask } from "./asking.js";
import { fill, make, named, timed } from "./case_make.js";
import { listed, moment, plain, say } from "./words.js";

/** What the server knows beside the sealed things (GET …/times): who took it, read it, was given it. */
export async function fetchTimes(open, live) {
  const { events } = await ask(`${open.base}/times`, undefined, live ? { "X-Desk-Live": "1" } : {});
  open.times = events;
}

export function showTimes(root, open, words) {
  const withReads = root.querySelector("[data-reads]").checked;
  const done = news(open.entries).map((thing) => ({ at: thing.at, who: thing.staff, text: happened(thing, words) }));
  const known = (open.times ?? [])
    .filter(({ read }) => withReads || !read)
    .map(({ at, staff, text }) => ({ at, who: staff, text }));
  const all = [...done, ...known].filter(({ text }) => text).sort((a, b) => new Date(b.at) - new Date(a.at));
  fill(root, "times", ...all.map(line));
}

/** Only her first answers are the first, and an urgency that stays as it was is none. */
function news(entries) {
  let level = null;
  let hasAnswered = false;
  return entries.flatMap((thing) => {
    const { kind, content } = thing;
    if (kind === "urgency" && content.level === level) return [];
    if (kind === "urgency") level = content.level;
    if (kind === "lowered" || kind === "raised") level = content.to;
    const isMore = kind === "answers" && hasAnswered;
    hasAnswered ||= kind === "answers";
    return [isMore ? { ...thing, kind: "more_answers" } : thing];
  });
}

function line({ at, who, text }) {
  const whose = who === null || who === undefined ? null : make("span", {}, named(who), " · ");
  return make("li", {}, timed(at), " · ", whose, text);
}

/** A sealed thing as one line; what a colleague wrote stands in its own place on the page, not here. */
function happened({ kind, content }, words) {
  const { from, to, level, track, state, outcome, files } = content;
  switch (kind) {
    case "urgency":
      return say("was_urgency", { level: words.levels[level] ?? plain(level) });
    case "lowered":
    case "raised":
      return say(`was_${kind}`, { from: words.levels[from] ?? plain(from), to: words.levels[to] ?? plain(to) });
    case "track":
      return say("was_track", { track: words.tracks[track] ?? plain(track), state: words.states[state] ?? plain(state) });
    case "closed":
      return say("was_closed", { outcome: words.outcomes[outcome] ?? plain(outcome) });
    case "missed":
      return say(content.late > 60 ? "was_missed_late" : "was_missed", {
        due: content.due ? moment(content.due) : "",
        minutes: Math.round((content.late ?? 0) / 60),
      });
    case "put_off":
      return say("was_put_off", { times: `×${content.times}` });
    case "network":
      return say("was_network", { codes: listed(content.codes ?? []) });
    case "words":
      return say(files?.length ? "was_words_files" : "was_words");
    default:
      return say(`was_${kind}`);
  }
}
