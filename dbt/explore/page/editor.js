// An editor: a textarea, and behind it the lines that can be seen, painted. So a text of any length can be edited.

import { el } from "./dom.js";

const LINE = 20;
const GUTTER = 66;

export class Editor {
  /** `marks(line)` returns what a line is marked with: {here, hue, lit, point, off, share, fault}. */
  constructor(place, label, { marks, changed, gutter, hovered, chosen }) {
    this.marks = marks || (() => ({}));
    this.colours = null;
    this.lines = [""];
    this.within = [false];
    this.paint = el("div", { className: "paint", "aria-hidden": "true" });
    this.area = el("textarea", { spellcheck: false, "aria-label": label, autocomplete: "off", wrap: "off" });
    this.area.setAttribute("autocapitalize", "off");
    place.replaceChildren(this.paint, this.area);
    this.area.addEventListener("input", () => { this.took(); if (changed) changed(); });
    this.area.addEventListener("scroll", () => this.draw());
    if (gutter) this.area.addEventListener("click", (event) => { if (event.offsetX < GUTTER) gutter(this.lineAt(event)); });
    if (hovered) {
      this.area.addEventListener("mousemove", (event) => hovered(this.lineAt(event)));
      this.area.addEventListener("mouseleave", () => hovered(0));
    }
    if (chosen) {
      const tell = () => chosen(this.line());
      this.area.addEventListener("click", tell);
      this.area.addEventListener("keyup", (event) => { if (event.key.startsWith("Arrow") || event.key.startsWith("Page")) tell(); });
    }
    new ResizeObserver(() => this.draw()).observe(place);
  }

  get text() { return this.area.value; }

  /** Show a text; where the user is in it stays, as far as it can. */
  put(text) {
    if (text !== this.area.value) {
      const { selectionStart, scrollTop } = this.area;
      this.area.value = text;
      this.area.setSelectionRange(selectionStart, selectionStart);
      this.area.scrollTop = scrollTop;
    }
    this.took();
  }

  colour(colours) { this.colours = colours; this.took(); }

  took() {
    this.lines = this.area.value.split("\n");
    this.within = this.colours ? this.colours.within(this.lines) : [];
    this.draw();
  }

  lineAt(event) { return Math.floor((event.offsetY + this.area.scrollTop) / LINE) + 1; }

  /** The number of the line in which the caret is. */
  line() { return this.area.value.slice(0, this.area.selectionStart).split("\n").length; }

  /** Put the caret into a line, and show it. */
  go(line, column = 1, focus = true) {
    const before = this.lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.area.setSelectionRange(before + column - 1, before + column - 1);
    if (focus) this.area.focus();
    if (column < 40) this.area.scrollLeft = 0;
    this.show(line);
  }

  /** Scroll to a line if it cannot be seen. */
  show(line) {
    const top = (line - 1) * LINE, { scrollTop, clientHeight } = this.area;
    if (top < scrollTop + LINE || top > scrollTop + clientHeight - 2 * LINE) this.area.scrollTop = Math.max(top - clientHeight / 2.5, 0);
    this.draw();
  }

  draw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => { this.asked = 0; this.drawn(); });
  }

  drawn() {
    const { scrollTop, scrollLeft, clientHeight } = this.area;
    const first = Math.floor(scrollTop / LINE), end = Math.min(first + Math.ceil(clientHeight / LINE) + 1, this.lines.length);
    const made = [];
    for (let n = first; n < end; n++) made.push(this.painted(n, scrollLeft, n * LINE - scrollTop));
    this.paint.replaceChildren(...made);
  }

  painted(n, left, top) {
    const mark = this.marks(n + 1), text = this.lines[n];
    const parts = this.colours && text.length < 2000 ? this.colours.parts(text, this.within[n]) : [[text, ""]];
    const code = el("span", { className: "c" }, parts.map(([part, kind]) => (kind ? el("span", { className: "t-" + kind }, part) : part)));
    if (mark.fault) code.append(el("span", { className: "m" }, mark.fault));
    code.style.transform = `translateX(${-left}px)`;
    const names = ["l", mark.hue === undefined ? "" : "k" + mark.hue, mark.lit ? "lit" : "", mark.here ? "here" : "", mark.fault ? "wrong" : ""];
    const gutter = el("span", { className: "g" + (mark.point ? " point" : "") + (mark.off ? " off" : "") }, String(n + 1));
    const line = el("div", { className: names.filter(Boolean).join(" ") }, gutter, code);
    line.style.top = top + "px";
    if (mark.share) line.append(heat(mark.share));
    return line;
  }
}

/** A bar that says how hot a line is. */
export function heat(share) {
  const bar = el("i", { className: "heat", title: (100 * share).toFixed(1) + " % of the run" });
  bar.style.setProperty("--share", (0.25 + 0.75 * Math.sqrt(share)).toFixed(2));
  return bar;
}
