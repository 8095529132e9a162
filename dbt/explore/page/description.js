// The panel in which the description is changed, and shows what that changes: verdicts, encodings, translations.

import { ask } from "./ask.js";
import { $, el, hex, many, mono, table } from "./dom.js";
import { Colours } from "./colours.js";
import { Editor } from "./editor.js";
import { faultButtons } from "./faults.js";

export const description = {
  name: "description", title: "Description",
  make(panel, desk) {
    this.desk = desk;
    this.faults = [];
    this.original = null;
    panel.append(el("div", { className: "describe" },
      el("div", { className: "left" }, el("div", { className: "tools" }, el("b", { id: "isa-name" }), el("button", { type: "button", id: "adopt", className: "primary", disabled: true, title: "Make the machine anew from this description", onclick: () => this.adopt() }, "Use this machine"),
        el("button", { type: "button", id: "revert", disabled: true, onclick: () => { this.editor.put(this.original); this.edited(); } }, "Revert"), el("span", { id: "isa-note", className: "dim", role: "status" })),
        el("div", { id: "isa-editor", className: "editor" }), el("div", { id: "isa-faults", className: "faults", role: "region", "aria-label": "Errors of the description" })),
      el("div", { className: "right", tabIndex: 0, role: "region", "aria-label": "What the description says", id: "verdicts" })));
    this.editor = new Editor($("isa-editor"), "Description of the machine", {
      marks: (line) => ({ fault: this.faults.find((fault) => fault.line === line)?.message }),
      changed: () => this.edited(),
    });
  },
  /** A machine was made: of this description. */
  source({ description: { name, text, isa, title }, languages }) {
    $("isa-name").textContent = `${name}.isa`;
    $("isa-name").title = `${isa}: ${title}`;
    this.editor.colour(new Colours(languages.isa));
    const own = this.original !== null && this.editor.text !== this.original;
    if (!own || this.editor.text === text) this.editor.put(text);
    this.original = text;
    this.stale = true;
    this.edited();
  },
  edited() {
    const own = this.editor.text !== this.original;
    $("adopt").disabled = $("revert").disabled = !own;
    this.stale = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(this.desk), 500);
  },
  async adopt() { await this.desk.load({ description: this.editor.text }); },
  async show(desk) {
    const moment = desk.focus();
    if (!desk.seen(this) || !this.original || !(this.stale || this.at !== moment)) return;
    if (this.busy) return;
    this.busy = true;
    this.stale = false;
    this.at = moment;
    $("isa-note").textContent = "…";
    try {
      this.told(await ask("describe", { text: this.editor.text, engine: desk.engineShown(), focus: moment }));
    } catch (error) {
      $("isa-note").textContent = error.message;
    } finally {
      this.busy = false;
    }
    if (this.stale) this.show(desk);
  },
  told(data) {
    this.faults = data.faults;
    this.editor.draw();
    $("isa-faults").replaceChildren(...faultButtons(data.faults, (fault) => this.editor.go(fault.line, fault.column)));
    if (data.faults.length) {
      $("adopt").disabled = true;
      $("isa-note").textContent = `${data.faults.length} error${data.faults.length > 1 ? "s" : ""}; what follows is of the last one without`;
      return;
    }
    const changed = data.instructions.filter((each) => each.new || Object.keys(each.was).length);
    const said = [[changed.length + data.gone.length, "instruction"], [data.translations.length, "translated block"]].map(([n, what]) => `${n} ${what}${n === 1 ? "" : "s"}`).join(" and ");
    const own = this.editor.text !== this.original;
    $("isa-note").textContent = own ? `${said} changed against the machine that runs` : "as the machine that runs; change it, and see what changes";
    $("verdicts").replaceChildren(el("h3", {}, "Verdicts of Popek and Goldberg's theorems"), ...data.theorems.map(theorem), ...this.changes(data, changed),
      el("h3", {}, "Sensitive and privileged instructions"), classes(data.instructions), el("h3", {}, "Encodings"), encodings(data.instructions));
  },
  changes(data, changed) {
    const made = [];
    if (data.program.length) made.push(el("h3", {}, "The program on this machine"), el("div", { className: "faults" }, ...faultButtons(data.program, (fault) => this.desk.source(fault))));
    if (changed.length || data.gone.length) made.push(el("h3", {}, "What has changed"), ...changed.map(difference), ...data.gone.map((name) => el("p", { className: "bad" }, `${name} is gone`)));
    if (data.translations.length) {
      made.push(el("h3", {}, `Translations by ${data.engine} that have changed (${many(data.same)} have not)`), ...data.translations.map(translation));
    } else if (data.why) made.push(el("p", { className: "dim" }, `Translations are not compared: ${data.why}.`));
    return made;
  },
};

function theorem(each) {
  const word = each.holds === null ? "does not apply" : each.holds ? "holds" : "fails";
  const was = each.changed && each.was !== each.holds ? el("b", { className: "changed" }, each.was === null ? " it did not apply" : each.was ? " it held" : " it failed") : null;
  return el("div", { className: "verdict " + (each.holds === null ? "" : word) }, el("b", { className: each.holds ? "good" : each.holds === false ? "bad" : "dim" }, `Theorem ${each.theorem} ${word}`), was ? ";" : "", was || "", `: ${each.claim}. `,
    el("span", { className: "dim" }, each.reason + (each.by.length ? ": " : "")), el("code", {}, each.by.join(" ")));
}

function difference(each) {
  const pair = [];
  for (const [key, title] of [["class", "class"], ["encoding", "encoding"], ["meaning", "meaning"]]) {
    if (!each.new && !(key in each.was)) continue;
    const show = (value) => (key === "class" ? described(value) : value);
    pair.push(el("div", { className: "pair" }, el("pre", { className: "dim" }, `${title} before\n${each.new ? "-" : show(each.was[key])}`), el("pre", {}, `${title} now\n${show(each[key])}`)));
  }
  return el("details", { className: "diff", open: true }, el("summary", {}, el("b", { className: "changed" }, each.name), each.new ? " is new" : ` has changed: ${Object.keys(each.was).join(", ")}`), pair);
}

function translation({ pc, symbol, before, after }) {
  const text = (lines) => lines.map(([guest, action, host]) => `${guest}${action === "ident" ? "" : "   " + action}\n` + host.split("\n").filter(Boolean).map((line) => "    " + line).join("\n")).join("\n");
  return el("details", { className: "diff" }, el("summary", {}, el("b", {}, `${hex(pc)} ${symbol}`)), el("div", { className: "pair" }, el("pre", { className: "dim" }, "before\n" + (text(before) || "-")), el("pre", {}, "now\n" + text(after))));
}

function described(found) {
  const words = [found.privileged ? "privileged" : "not privileged"];
  if (found.control.length) words.push(`control: ${found.control.join(" ")}`);
  if (found.mode.length) words.push(`mode: ${found.mode.join(" and ")}`);
  if (found.location.length) words.push(`location: ${found.location.join(" ")}`);
  if (found.user.length) words.push(`user-sensitive: ${found.user.join(" ")}`);
  return words.join("\n");
}

function classes(list) {
  const yes = (it) => (it ? "yes" : "-");
  const rows = list.filter((each) => each.class.sensitive || each.class.privileged).map(({ name, class: found, was }) => {
    const marked = was && "class" in was;
    return [marked ? el("b", { className: "changed mono" }, name) : mono(name), yes(found.sensitive), found.privileged ? "yes" : el("b", { className: found.sensitive ? "bad" : "" }, "no"), found.control.join(" ") || "-", found.mode.join(", ") || "-", found.location.join(" ") || "-", found.user.join(" ") || "-"];
  });
  return rows.length ? table(["instruction", "sensitive", "privileged", "changes", "differs in modes", "shows", "user-sensitive"], rows) : el("p", { className: "dim" }, "No instruction is sensitive.");
}

function encodings(list) {
  return table(["instruction", "word, from the top bit"], list.map(({ name, encoding, was }) => [was && "encoding" in was ? el("b", { className: "changed mono" }, name) : mono(name), mono(encoding)]));
}
