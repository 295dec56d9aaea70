// Counts down until the first letter of a campaign leaves; then the page is asked for again.

import { again } from "./going.js";

const SECOND = 1000;

export function mount(root) {
  for (const time of root.querySelectorAll("[data-left]")) {
    count(time, performance.now() + Number(time.dataset.left) * SECOND);
  }
}

function count(time, end) {
  const left = end - performance.now();
  if (left <= 0) return void again();
  const seconds = Math.ceil(left / SECOND);
  const minutes = Math.floor(seconds / 60);
  // Hours away nobody watches seconds: the words that came with the page stay right for long.
  if (minutes < 60) time.textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  setTimeout(() => time.isConnected && count(time, end), left % SECOND || SECOND);
}
