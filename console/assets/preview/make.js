// Makes elements. Words only ever go in as text: nothing here, or anywhere in the page, reads HTML.

export function make(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

export const words = JSON.parse(document.body.dataset.words);
export const language = document.documentElement.lang;

// Western digits in both languages, as everywhere in Sanad.
const locale = language === "ar" ? "ar-YE-u-nu-latn" : "en-GB";
// The phones are in Yemen: what is said on them and what stands under it is the same hour.
const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "Asia/Aden" });
const plain = new Intl.NumberFormat(locale);

export const hour = (at) => clock.format(new Date(at));
export const count = (number) => plain.format(number);
