// Guest instructions and host code: rows that belong to one source line have one colour, and light up together.

import { ask } from "./ask.js";
import { $, el, hex, many, percent } from "./dom.js";
import { heat } from "./editor.js";

const HUES = 8;
export const keyOf = (line) => (line ? line.file + ":" + line.line : "");

export class Code {
  /** `lit(key)` and `chosen(line)` are told of a source line over which the pointer is, or that was chosen. */
  constructor({ lit, chosen, failed }) {
    this.told = { lit, chosen, failed };
    this.data = null;
    this.hues = new Map();
    this.elements = new Map();
    this.shares = new Map();
    this.wanted = 0;
    this.chosen = -1;
    const guest = $("guest"), host = $("host");
    for (const pane of [guest, host]) {
      pane.addEventListener("mouseover", (event) => this.light(event.target.closest("[data-key]")?.dataset.key || ""));
      pane.addEventListener("mouseleave", () => this.light(""));
      pane.addEventListener("click", (event) => {
        const at = event.target.closest("[data-at]")?.dataset.at;
        if (at !== undefined && !event.target.closest("summary")) this.choose(Number(at), pane);
      });
    }
    $("ways").addEventListener("change", () => { for (const each of document.querySelectorAll("#host details")) each.open = $("ways").checked; });
    guest.addEventListener("keydown", (event) => this.key(event));
  }

  /** Fetch what is around an address, unless it is there. */
  async show(place, engine, always) {
    const { live, focus, mode } = place;
    const there = this.data && !this.data.live && !live && this.rows.has(focus) && this.engine === engine && this.mode === mode;
    if (there && !always) return this.mark(place);
    const number = ++this.wanted;
    const data = await ask("code", { engine, focus, mode, live });
    if (number !== this.wanted) return;
    Object.assign(this, { data, engine, mode });
    this.draw();
    this.mark(place);
  }

  clear() { this.wanted++; this.data = null; this.hues.clear(); $("guest").replaceChildren(); $("host").replaceChildren(); $("guest-note").textContent = $("host-note").textContent = ""; }

  draw() {
    const { data } = this;
    this.rows = new Map(data.rows.map((row) => [row.at, row]));
    this.hues.clear();
    for (const row of data.rows) {
      row.key = keyOf(row.line) || "@" + row.at;
      if (!this.hues.has(row.key)) this.hues.set(row.key, this.hues.size % HUES);
    }
    const deeds = new Map(data.blocks.flatMap((block) => block.instructions.map((each) => [each.pc, each])));
    const shown = [];
    for (const row of data.rows) {
      if (row.label) shown.push(el("div", { className: "row name", role: "presentation" }, row.label + ":"));
      const deed = deeds.get(row.at);
      const tag = deed && deed.action !== "ident" ? el("span", { className: "tag " + deed.action }, deed.action) : null;
      shown.push(el("div", { className: "row k" + this.hues.get(row.key), role: "option", id: "g" + row.at, "aria-selected": "false", "data-at": row.at, "data-key": row.key },
        el("span", { className: "at" }, hex(row.at)), el("span", {}, row.text), el("span", { className: "do" }, tag)));
    }
    $("guest").replaceChildren(...shown);
    $("guest-note").textContent = data.live ? "as memory has them at pc" : `${many(data.count)} instructions`;
    $("host-note").textContent = data.summary || data.about;
    $("host-note").title = data.title || "";
    this.drawHost();
    this.elements.clear();
    for (const each of document.querySelectorAll("#guest [data-key], #host [data-key]")) {
      const known = this.elements.get(each.dataset.key);
      if (known) known.push(each); else this.elements.set(each.dataset.key, [each]);
    }
    if (!this.rows.has(this.chosen)) this.chosen = -1;
    this.warm();
  }

  drawHost() {
    const { data } = this;
    if (!data.blocks.length) {
      $("host").replaceChildren(el("p", { className: "none" }, (data.why || "no block begins here") + ". ",
        "An interpreter carries out what the description says of each instruction; choose another engine to see host code."));
      return;
    }
    const keys = el("p", { className: "none" }, "registers of the guest: " + (Object.entries(data.registers).map(([guest, host]) => `${guest} in ${host}`).join(", ") || "in memory"), el("br"), data.legend);
    $("host").replaceChildren(...data.blocks.map((block) => this.block(block)), keys);
  }

  block(block) {
    const part = (name, lines) => (lines.length ? el("details", { className: "part", open: $("ways").checked }, el("summary", { tabIndex: -1 }, name), lines.map(hostLine)) : null);
    return el("div", { className: "block", "data-block": block.pc },
      el("div", { className: "title" }, el("b", {}, block.symbol), el("span", {}, hex(block.pc)), el("span", {}, `${many(block.instructions.length)} insn${block.instructions.length === 1 ? "" : "s"}, ${many(block.host_bytes)} bytes`), el("span", { className: "share", title: "of the run" })),
      part("entry: is it this block, and is the budget large enough?", block.entry),
      block.instructions.map((each) => {
        const row = this.rows.get(each.pc), key = row ? row.key : "@" + each.pc;
        const hue = this.hues.has(key) ? " k" + this.hues.get(key) : "";
        return el("div", { className: "insn" + hue, "data-at": each.pc, "data-key": key },
          el("div", { className: "of" }, `${hex(each.pc)}  ${each.text}`, each.action === "ident" ? null : el("span", { className: "tag " + each.action }, each.action)),
          each.why ? el("div", { className: "why" }, each.why) : null,
          each.host.map(hostLine));
      }),
      part("end: to the next block", block.end),
      block.exits.map((way) => part(`exit: ${way.kind}${way.reason && way.reason !== way.kind ? " " + way.reason : ""}${way.pc === null ? "" : " at " + hex(way.pc)}`, way.host)),
      part("not this block", block.miss));
  }

  /** Mark where the machine is. */
  mark({ at, follow }) {
    for (const each of document.querySelectorAll("#guest .here, #host .here")) each.classList.remove("here");
    const row = document.getElementById("g" + at);
    if (!row) return;
    row.classList.add("here");
    const groups = document.querySelectorAll(`#host [data-at="${at}"]`);
    for (const each of groups) each.classList.add("here");
    if (follow) {
      into($("guest"), row);
      if (groups.length) into($("host"), groups[0]);
      this.choose(at, $("guest"), false);
    }
  }

  light(key) {
    if (key === this.lit) return;
    for (const each of this.elements.get(this.lit) || []) each.classList.remove("lit");
    this.lit = key;
    for (const each of this.elements.get(key) || []) each.classList.add("lit");
    this.told.lit(key);
  }

  /** A source line was chosen: show what has become of it. */
  line(key) {
    const found = this.elements.get(key) || [];
    for (const id of ["guest", "host"]) {
      const first = found.find((each) => each.closest("#" + id));
      if (first) into($(id), first);
    }
    const row = found.find((each) => each.closest("#guest"));
    if (row) this.choose(Number(row.dataset.at), null, false);
    this.light(key);
  }

  /** Choose an instruction: the manual says what it does. */
  choose(at, pane, tell = true) {
    const row = this.rows.get(at), element = document.getElementById("g" + at);
    if (!row || !element) return;
    document.getElementById("g" + this.chosen)?.classList.remove("chosen");
    document.getElementById("g" + this.chosen)?.setAttribute("aria-selected", "false");
    this.chosen = at;
    element.classList.add("chosen");
    element.setAttribute("aria-selected", "true");
    $("guest").setAttribute("aria-activedescendant", element.id);
    if (tell) {
      const other = pane === $("guest") ? $("host") : $("guest");
      const there = other.querySelector(`[data-at="${at}"]`);
      if (there) into(other, there);
      if (row.line) this.told.chosen(row.line);
      this.light(row.key);
    }
    clearTimeout(this.asking);
    this.asking = setTimeout(async () => {
      try {
        const { text } = await ask("about", { word: row.word });
        if (this.chosen === at) $("about").textContent = text;
      } catch (error) { this.told.failed(error); }
    }, 120);
  }

  key(event) {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -1e9, End: 1e9 }[event.key];
    if (!move || !this.data?.rows.length) return;
    event.preventDefault();
    const rows = this.data.rows, now = rows.findIndex((row) => row.at === this.chosen);
    const row = rows[Math.min(Math.max((now < 0 ? 0 : now) + (now < 0 ? 0 : move), 0), rows.length - 1)];
    into($("guest"), document.getElementById("g" + row.at));
    this.choose(row.at, $("guest"));
  }

  /** Show how hot blocks are: shares by address. */
  heat(places) {
    this.shares = new Map(places.map((place) => [place.pc, place.share]));
    this.warm();
  }

  warm() {
    for (const each of document.querySelectorAll("#guest .heat")) each.remove();
    if (!this.data) return;
    for (const block of this.data.blocks) {
      const share = this.shares.get(block.pc), title = document.querySelector(`[data-block="${block.pc}"] .share`);
      if (title) title.textContent = share ? percent(share) : "";
      if (share) for (const each of block.instructions) document.getElementById("g" + each.pc)?.append(heat(share));
    }
  }
}

function hostLine(line) {
  return el("div", { className: "h" }, el("span", {}, line.text), line.note ? el("span", { className: "note" }, "; " + line.note) : null);
}

/** Scroll within a pane, and never the page. */
function into(pane, element) {
  const top = element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  if (top < 24 || top > pane.clientHeight - 44) pane.scrollTop += top - pane.clientHeight / 3;
}
