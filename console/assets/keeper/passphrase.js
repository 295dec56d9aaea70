// Makes two keys of a passphrase by Argon2id: one to sign in with, one to unwrap with. It never keeps a passphrase.

import { argon2id } from "hash-wasm";

// 64 MiB and three passes, as RFC 9106 names for whoever has no 2 GiB to spare.
const COST = { iterations: 3, memorySize: 64 * 1024, parallelism: 1, hashLength: 64, outputType: "binary" };

/** {login: 32 bytes, wrapping: AES-256-GCM key that can't be taken out}. One passphrase, however it was typed (NFKC). */
export async function derived(passphrase, salt) {
  const both = await argon2id({ ...COST, password: passphrase.normalize("NFKC"), salt });
  const wrapping = await crypto.subtle.importKey("raw", both.subarray(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  const login = both.slice(0, 32);
  both.fill(0);
  return { login, wrapping };
}
