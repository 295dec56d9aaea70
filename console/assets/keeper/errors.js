// What may go wrong in the worker, by names that the page knows too (desk/keeper.js). No message holds a value.

export class Locked extends Error {
  name = "Locked";
}

export class Unreadable extends Error {
  name = "Unreadable";
}
