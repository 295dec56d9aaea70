// The page of one case: opens it when her key is there, keeps it fresh, and empties it when the desk is locked.

import { Refused } from "./asking.js";
import { reason } from "./case_act.js";
import { bringDrafts, keepDrafts, wipe } from "./case_drafts.js";
import { fill, timed } from "./case_make.js";
import { closed, forget, refresh, things } from "./case_open.js";
import { showPeople, workOnPeople } from "./case_people.js";
import { compose, showTalk } from "./case_talk.js";
import { fetchTimes, showTimes } from "./case_times.js";
import { showShut, showTop } from "./case_top.js";
import { showState, workOnState } from "./case_urgency.js";
import { showNotes, showTasks, showTracks, workOnNotes, workOnTasks, workOnTracks } from "./case_work.js";
import { forgetFiles, showFiles } from "./files.js";
import { keeper, Locked } from "./keeper.js";
import { each } from "./mounting.js";
import { tell } from "./saying.js";
import { dictionary, say } from "./words.js";

/** Milliseconds after which opening is shown as progress. */
const A_MOMENT = 400;

export function mount(root) {
  each(root, "[data-case]", (article) => new CasePage(article).begin());
}

class CasePage {
  constructor(article) {
    this.article = article;
    this.body = article.querySelector("[data-body]");
    this.open = closed(article.dataset.case);
    this.turn = Promise.resolve();
    this.waiting = 0;
    this.listening = new AbortController();
  }

  begin() {
    const { article, body } = this;
    const opened = () => this.open;
    const again = () => this.look();
    this.again = again;
    this.on("desk:locked", () => this.locked());
    this.on("desk:unlocked", () => !this.open.data && this.waiting === 0 && this.look());
    this.on("desk:cases", () => keeper.isOpen() && this.open.data && this.look({ live: true }));
    this.on("htmx:beforeSwap", ({ detail }) => detail.target === document.body && detail.shouldSwap && this.end());
    article.querySelector("[data-retry]").addEventListener("click", again);
    article.querySelector("[data-print]").addEventListener("click", () => window.print());
    body.querySelector("[data-reads]").addEventListener("change", () => showTimes(body, this.open, this.words));
    this.composer = compose(body.querySelector("form[data-compose]"), opened, again);
    workOnTracks(body, opened, again);
    workOnTasks(body.querySelector("form[data-new-task]"), opened, again);
    workOnNotes(body.querySelector("form[data-note]"), opened, again);
    workOnPeople(body, opened, again);
    workOnState(body, opened, again);
    keepDrafts(body, opened);
    addEventListener("beforeprint", () => this.printed(), { signal: this.listening.signal });
    this.look();
  }

  /** What paper needs beside the screen: when it was printed, and every fingerprint. */
  printed() {
    fill(this.article, "printed", timed(new Date().toISOString()));
    for (const part of this.body.querySelectorAll("details.hash")) part.open = true;
  }

  on(name, act) {
    document.addEventListener(name, act, { signal: this.listening.signal });
  }

  /** Read the case anew, one reading after the other; what the page does by itself need not be done twice. */
  look({ live = false } = {}) {
    if (live && this.waiting > 1) return this.turn;
    this.waiting += 1;
    this.turn = this.turn.then(() => this.lookOnce(live)).finally(() => (this.waiting -= 1));
    return this.turn;
  }

  async lookOnce(live) {
    const progress = this.article.querySelector("[data-progress]");
    const slow = setTimeout(() => (progress.hidden = live || Boolean(this.open.data)), A_MOMENT);
    const onProgress = (share) => (progress.value = share);
    try {
      this.notice("");
      const known = this.open.data;
      const reading = refresh(this.open, { live, onProgress }).then(() => fetchTimes(this.open, live));
      [this.words] = await Promise.all([dictionary(), reading]);
      if (!this.listening.signal.aborted && keeper.isOpen()) await this.show(!known);
    } catch (error) {
      this.failed(error);
    } finally {
      clearTimeout(slow);
      progress.hidden = true;
    }
  }

  async show(isFirst) {
    const { body, open, words, again } = this;
    const before = this.heard ?? Infinity;
    const couldRead = open.shut.length >= (this.shutBefore ?? 0); // else they are old words that a new key opens
    showTop(body, open, words);
    showShut(body, open);
    showTalk(body, open, again);
    showFiles(body, open, words);
    showTracks(body, open, words);
    showTasks(body, open, again);
    showNotes(body, open, words);
    showTimes(body, open, words);
    showPeople(body, open, again);
    showState(body, open, words);
    body.hidden = false;
    this.article.dataset.shown = open.data.items.length;
    performance.mark("case-shown");
    this.heard = things(open, "words").length;
    this.shutBefore = open.shut.length;
    if (this.heard > before && couldRead) tell(say("she_wrote"));
    if (isFirst) await Promise.all([this.composer.begin(), bringDrafts(body, open)]);
  }

  failed(error) {
    if (this.listening.signal.aborted) return;
    if (error instanceof Locked) return this.notice(say("not_unlocked"));
    if (error instanceof Refused && error.status === 404 && this.open.data) return this.gone();
    if (this.open.data) tell(reason(error));
    else this.notice(reason(error));
  }

  /** It is not hers any more: what was open is taken from the page, and what led on from it. */
  gone() {
    const { article } = this;
    this.end();
    this.body.replaceChildren();
    article.querySelector("header .no-print").remove();
    article.querySelector("[data-retry]").hidden = true;
    article.querySelector("[data-back]").hidden = false;
    tell("");
    this.notice(say("not_yours"));
  }

  notice(text) {
    const place = this.article.querySelector("[data-notice]");
    place.hidden = !text;
    place.querySelector("p").textContent = text;
  }

  /** The desk's lock empties the page; unlocked, it comes anew and is opened by another of these. */
  locked() {
    this.end();
    this.notice("");
    this.body.hidden = false;
  }

  shut() {
    wipe(this.body);
    forget(this.open);
    forgetFiles();
    delete this.article.dataset.shown;
  }

  end() {
    this.shut();
    this.listening.abort();
  }
}
