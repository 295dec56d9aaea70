// The desk's pages: starts what each part of a page needs, at load and whenever something new arrives.

import "./desk/forgetting.js";
import { onArrival } from "./desk/going.js";
import * as campaign from "./desk/campaign.js";
import * as caseOpened from "./desk/case.js";
import * as entry from "./desk/entry.js";
import * as exit from "./desk/exit.js";
import * as files from "./desk/files.js";
import * as list from "./desk/list.js";
import * as lock from "./desk/lock.js";
import * as passphrase from "./desk/passphrase.js";
import "./desk/unlock.js";
import * as words from "./desk/words.js";

const MODULES = [exit, lock, entry, passphrase, list, words, caseOpened, files, campaign];

onArrival((root) => {
  for (const module of MODULES) module.mount(root);
});
