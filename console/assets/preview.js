// The preview page: follows what happens on the phones and hands it to the phone it happened on.

import { look } from "./preview/inside.js";
import { count, words } from "./preview/make.js";
import { showDesk } from "./preview/desk.js";
import { Phone } from "./preview/phone.js";

const opened = Date.now();
const phones = new Map([...document.querySelectorAll(".phone")].map((section) => [section.dataset.phone, new Phone(section)]));
const tabs = new Map([...document.querySelectorAll("[data-tab]")].map((tab) => [tab.dataset.tab, tab]));
const narrow = matchMedia("(max-width: 899px)");
const news = document.getElementById("news");
const status = document.getElementById("status");
const crowd = document.getElementById("crowd");

function choose(name) {
  for (const [other, tab] of tabs) {
    if (other === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    phones.get(other).section.classList.toggle("current", other === name);
  }
  badge(name, 0);
  const { list } = phones.get(name);
  list.scrollTop = list.scrollHeight;
}

function badge(name, number) {
  const mark = tabs.get(name).querySelector(".badge");
  mark.hidden = number === 0;
  mark.querySelector(".count").textContent = number;
}

function unread(name) {
  if (!narrow.matches || tabs.get(name).hasAttribute("aria-current")) return;
  badge(name, Number(tabs.get(name).querySelector(".count").textContent) + 1);
}

function arrived(message) {
  const phone = phones.get(message.phone);
  if (!phone) return;
  phone.show(message);
  look();
  // What is told again after loading the page is no news.
  if (message.mine || Date.parse(message.at) < opened) return;
  if (message.page) phone.lock(message.text);
  unread(message.phone);
  news.textContent = `${words.arrived}, ${phone.title}: ${message.text}`;
  phone.follow();
}

const stream = new EventSource("/preview/events");
const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
on("start", () => phones.forEach((phone) => phone.empty()));
on("message", arrived);
on("cleared", ({ phone, number }) => phones.get(phone)?.clear(number));
on("erased", ({ phone, numbers }) => {
  phones.get(phone)?.erase(numbers);
  news.textContent = ""; // it may still hold words that have just gone
});
on("standing", ({ phone, label }) => phones.get(phone)?.stand(label));
on("crowd", ({ has, of }) => {
  crowd.hidden = false;
  crowd.querySelector("progress").max = of;
  crowd.querySelector("progress").value = has;
  crowd.querySelector("output").textContent = words.crowd_has.replace("{has}", count(has)).replace("{of}", count(of));
});
on("ladder", look);
stream.addEventListener("open", () => (status.textContent = ""));
stream.addEventListener("error", () => (status.textContent = words.lost));

for (const [name, tab] of tabs) tab.addEventListener("click", () => choose(name));
showDesk();
narrow.addEventListener("change", () => tabs.forEach((_, name) => badge(name, 0)));
look();
