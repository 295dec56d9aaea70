// Names the place that each sealed value is bound to, as storage/ does. It never reads what stands there.

import { utf8 } from "./bytes.js";

const bound = (table, column, row) => utf8(`sanad:1:${table}.${column}:${row}`);

export const wrappedPlace = (staff) => bound("logins", "wrapped", staff);
export const itemPlace = (caseNumber, number) => bound("case_items", "body", `${caseNumber}/${number}`);
export const partPlace = (file, part) => bound("file_parts", "body", `${file}/${part}`);

export function sharePlace(caseNumber, reader, epoch) {
  // The first epoch stands as release 0.1 wrote it.
  return bound("case_keys", "seed", Number(epoch) === 1 ? `${caseNumber}/${reader}` : `${caseNumber}/${reader}/${epoch}`);
}
