// Errors of a text: each with its line and a caret, and a way to get there.

import { el } from "./dom.js";

export function faultButtons(faults, go) {
  return faults.map((fault) => el("button", { type: "button", className: "mono", disabled: !fault.line, onclick: () => go(fault) }, el("pre", {}, fault.shown)));
}
