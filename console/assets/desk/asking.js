// Asks the desk's own server and brings its answer. It never speaks to another host, and never keeps an answer.

import { word } from "./saying.js";

/** The server said no, or nothing. `status` is 0 where it could not be reached; `data` what it answered as JSON. */
export class Refused extends Error {
  name = "Refused";

  constructor(status, why, data = {}) {
    super(why);
    this.status = status;
    this.data = data;
  }
}

/** GET `path`, or POST `json` to it. JSON comes back as an object, anything else as text. Throws `Refused`. */
export async function ask(path, json, more = {}) {
  const answer = await reached(path, json, more);
  const isJson = (answer.headers.get("content-type") ?? "").startsWith("application/json");
  const data = isJson ? await answer.json() : await answer.text();
  if (answer.ok) return data;
  const why = isJson ? data.why : data.trim();
  throw new Refused(answer.status, why || word(answer.status === 401 ? "ended" : "broken"), isJson ? data : {});
}

/** GET `path` as an ArrayBuffer. Throws `Refused`. */
export async function askBytes(path) {
  const answer = await reached(path);
  if (answer.ok) return answer.arrayBuffer();
  throw new Refused(answer.status, (await answer.text()).trim() || word("broken"));
}

async function reached(path, json, more = {}) {
  const headers = { Accept: "application/json", "X-Desk-Token": document.body.dataset.token ?? "", ...more };
  const options = { headers, cache: "no-store", redirect: "error" };
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(json) });
  }
  try {
    return await fetch(path, options);
  } catch {
    throw new Refused(0, word("unreachable"));
  }
}
