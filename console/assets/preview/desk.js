// How to sign in at the desk as each made-up member; the code is asked again when it no longer holds.

import { language, make, words } from "./make.js";

export async function showDesk() {
  const answer = await fetch(`/preview/desk?lang=${language}`).catch(() => null);
  const accounts = answer?.ok ? await answer.json() : [];
  const section = document.getElementById("desk");
  section.hidden = accounts.length === 0;
  section.querySelector(".accounts").replaceChildren(...accounts.map(card));
  if (accounts.length) setTimeout(showDesk, (accounts[0].holds + 1) * 1000);
}

function card(account) {
  const line = (name, value) => [make("dt", {}, name), make("dd", {}, make("code", { dir: "ltr" }, value))];
  const title = make("h3", {}, make("bdi", {}, account.name), " · ", account.role);
  const lines = [[words.desk_name, account.desk_name], [words.passphrase, account.passphrase], [words.code, account.code]];
  return make("div", { class: "account" }, title, make("dl", {}, ...lines.flatMap(([name, value]) => line(name, value))));
}
