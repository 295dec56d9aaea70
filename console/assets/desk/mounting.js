// Finds what a module looks after, in the page and in what arrives later. It never starts the same element twice.

/** Call `start(element)` for each element in `root`, itself included, that fits `selector` and wasn't started yet. */
export function each(root, selector, start) {
  const known = (each.started[selector] ??= new WeakSet());
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  for (const element of found.filter((element) => !known.has(element))) {
    known.add(element);
    start(element);
  }
}

each.started = Object.create(null);
