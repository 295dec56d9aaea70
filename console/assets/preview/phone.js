// One phone: draws what came to it and sends what is done on it. It never decides what is answered.

import { count, hour, language, make, words } from "./make.js";

const LOCKED = 40; // characters that a lock screen shows
const MANY = 5; // buttons under each other; more stand in two columns
const LARGEST = 20 * 1024 * 1024;
const status = document.getElementById("status");

export class Phone {
  constructor(section) {
    this.section = section;
    this.name = section.dataset.phone;
    this.list = section.querySelector(".messages");
    this.blank = section.querySelector(".empty");
    this.notice = section.querySelector(".notice");
    this.entry = section.querySelector(".composer input");
    this.standing = section.querySelector(".standing");
    this.title = section.querySelector("h3").textContent;
    this.pictures = new Map(); // addresses of photos chosen here, by name and size
    this.pressed = false; // whether the keyboard's focus went away with a pressed button
    this.#listen();
  }

  empty() {
    this.list.replaceChildren();
    this.blank.hidden = false;
    this.notice.hidden = true;
    this.stand("");
  }

  show(message) {
    this.blank.hidden = true;
    const bubble = make("div", { class: "bubble" });
    if (message.file) bubble.append(this.#file(message.file));
    if (message.media) bubble.append(this.#media(message.media));
    if (message.place) bubble.append(make("p", { class: "thing", dir: "ltr" }, message.place.join(", ")));
    if (message.text) bubble.append(make("p", { class: "words", dir: "auto" }, message.text));
    bubble.append(make("time", { datetime: message.at }, hour(message.at)));
    const item = make("li", { class: message.mine ? "mine" : "theirs", "data-number": message.number }, bubble);
    if (message.buttons.length) item.append(this.#keyboard(message));
    this.list.append(item);
    // A message taller than the screen is shown from its first line.
    const tall = item.offsetHeight > this.list.clientHeight;
    this.list.scrollTop = tall ? item.offsetTop - this.list.offsetTop : this.list.scrollHeight;
  }

  clear(number) {
    this.list.querySelector(`[data-number="${CSS.escape(number)}"] .keyboard`)?.remove();
  }

  erase(numbers) {
    const focused = this.list.contains(document.activeElement);
    for (const number of numbers) this.list.querySelector(`[data-number="${CSS.escape(number)}"]`)?.remove();
    this.blank.hidden = this.list.children.length > 0;
    if (focused && document.activeElement === document.body) this.list.focus();
  }

  // The button under the line that she writes on: pressed, it writes its own words.
  stand(label) {
    this.standing.hidden = !label;
    this.standing.textContent = label;
  }

  // What the lock screen gives away, so that a visitor sees that it is nothing.
  lock(text) {
    const seen = [...text.replace(/\s+/g, " ")];
    const line = seen.slice(0, LOCKED).join("").trimEnd();
    this.notice.querySelector(".line").textContent = seen.length > LOCKED ? `${line} …` : line;
    this.notice.hidden = false;
  }

  // After a pressed button has gone, the keyboard goes on where the conversation does.
  follow() {
    if (!this.pressed || (document.activeElement && document.activeElement !== document.body)) return;
    this.pressed = false;
    const next = this.list.lastElementChild?.querySelector(".keyboard button") ?? this.entry;
    next.focus({ preventScroll: true });
  }

  #file({ kind, name, size }) {
    const address = this.pictures.get(`${name}/${size}`);
    if (address && kind === "photo") return make("img", { src: address, alt: `${words.file_photo}: ${name}` });
    const about = `${count(Math.max(1, Math.round(size / 1024)))} KB`;
    return make("p", { class: `thing ${kind}` }, `${words[`file_${kind}`]} · `, make("bdi", {}, name), ` · ${about}`);
  }

  // What came with a message: its address is our own, and says nothing.
  #media({ kind, address }) {
    if (kind === "picture") return make("img", { src: address, alt: words.file_photo });
    return make(kind === "voice" ? "audio" : "video", { src: address, controls: "", preload: "none" });
  }

  #keyboard(message) {
    const keyboard = make("div", { class: message.buttons.length > MANY ? "keyboard many" : "keyboard", role: "group", "aria-label": message.text.slice(0, 80) });
    for (const { key, label, hint } of message.buttons) {
      const button = make("button", { type: "button" }, make("span", { dir: "auto" }, label));
      if (hint) button.append(make("small", { dir: "auto" }, hint));
      button.addEventListener("click", () => {
        this.pressed = true;
        this.notice.hidden = true;
        this.#send("press", { key, message: message.number });
      });
      keyboard.append(button);
    }
    return keyboard;
  }

  async #send(act, what) {
    const body = what instanceof FormData ? what : JSON.stringify(what);
    const address = `/preview/${this.name}/${act}?lang=${language}`;
    const answer = await fetch(address, { method: "POST", body }).catch(() => null);
    status.textContent = answer?.ok ? "" : words.failed;
    return answer?.ok;
  }

  #listen() {
    const find = (what) => this.section.querySelector(what);
    find(".composer").addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = this.entry.value;
      if (!text.trim()) return;
      this.entry.value = "";
      if (!(await this.#send("say", { text })) && !this.entry.value) this.entry.value = text;
    });
    this.standing.addEventListener("click", () => this.#send("say", { text: this.standing.textContent }));
    find(".hide").addEventListener("click", () => {
      this.notice.hidden = true;
      this.list.focus();
    });
    if (!find(".attach")) return;
    find(".attach").addEventListener("click", () => this.#open(find(".tray").hidden));
    find(".place").addEventListener("submit", (event) => {
      event.preventDefault();
      const { lat, lon } = event.target.elements;
      this.#open(false);
      this.#send("place", { lat: lat.valueAsNumber, lon: lon.valueAsNumber });
    });
    for (const input of this.section.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => this.#share(input));
    }
  }

  #open(open) {
    this.section.querySelector(".tray").hidden = !open;
    const attach = this.section.querySelector(".attach");
    attach.setAttribute("aria-expanded", open);
    if (!open) attach.focus();
  }

  #share(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    this.#open(false);
    if (file.size > LARGEST) {
      status.textContent = words.too_large;
      return;
    }
    if (file.type.startsWith("image/")) this.pictures.set(`${file.name}/${file.size}`, URL.createObjectURL(file));
    const form = new FormData();
    form.append("file", file);
    this.#send("file", form);
  }
}
