// Elements, and numbers as they are shown. Whatever comes from a guest becomes text, never markup.

export const $ = (id) => document.getElementById(id);

/** Make an element. `made` has properties; keys that begin with "on" are listeners, others with "-" attributes. */
export function el(tag, made = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(made)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role" || key === "for") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const hex = (value, digits = 8) => (value >>> 0).toString(16).padStart(digits, "0");
export const many = (value) => Number(value).toLocaleString("en-US");
export const percent = (share) => (100 * share).toFixed(1) + " %";

/** A table with these heads; cells are texts or elements, a head that ends with "#" is one of numbers. */
export function table(heads, rows) {
  const kinds = heads.map((head) => (head.endsWith("#") ? "n" : ""));
  const cells = (row) => row.map((cell, n) => el("td", { className: kinds[n] || (typeof cell === "string" && cell.startsWith("\0") ? "mono" : "") }, typeof cell === "string" ? cell.replace("\0", "") : cell));
  return el("div", { className: "wide" }, el("table", {},
    el("thead", {}, el("tr", {}, heads.map((head, n) => el("th", { className: kinds[n] }, head.replace("#", ""))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, cells(row))))));
}

/** A text in the fixed font, for a cell of a table. */
export const mono = (text) => "\0" + text;

/** Have a browser download a file. */
export function download(name, parts, type) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
