// The page: what the machine is, moved and looked at; the rest is in the panels.

import { BUSY, ask } from "./ask.js";
import { Code, keyOf } from "./code.js";
import { Colours } from "./colours.js";
import { description } from "./description.js";
import { $, download, el, hex, many } from "./dom.js";
import { Editor } from "./editor.js";
import { engines } from "./engines.js";
import { faultButtons } from "./faults.js";
import { console_, debugger_, devices, exits, hot, memory, pages } from "./looks.js";
import { Seen } from "./seen.js";

const PANELS = [console_, memory, pages, exits, hot, engines, description, devices, debugger_];
const SOON = 100, LATER = 1000, HIDDEN = 4000;
const TYPING = 600;

class Desk {
  constructor() {
    this.state = { machine: null, faults: [], task: "", comparison: {} };
    this.build = -1;
    this.since = 0;
    this.moment = "";
    this.texts = new Map();
    this.file = "";
    this.shares = new Map();
    this.seenRegisters = new Seen();
    this.panel = PANELS[0];
    this.code = new Code({
      lit: (key) => { this.litKey = key; this.editor.draw(); },
      chosen: (line) => this.source(line, false),
      failed: (error) => this.failed(error),
    });
    this.editor = new Editor($("editor"), "Source of the program", {
      marks: (line) => this.marks(line),
      changed: () => this.edited(),
      gutter: (line) => this.breakpoint(line),
      hovered: (line) => this.code.light(line ? `${this.file}:${line}` : ""),
      chosen: (line) => this.code.line(`${this.file}:${line}`),
    });
    this.tabs();
    this.buttons();
    this.keys();
    this.tick();
  }

  // --- What others ask ----------------------------------------------------------------

  waiting() { return /waits for console input/.test(this.state.machine?.stop || ""); }
  engineShown() { return $("shown-engine").value; }
  focus() { return this.state.machine?.physical ?? this.sourceData?.entry ?? 0; }
  seen(panel) { return this.panel === panel; }
  warm(places) {
    this.code.heat(places);
    this.shares = new Map(places.filter((place) => place.line).map((place) => [keyOf(place.line), place.share]));
    this.editor.draw();
  }

  /** Show a line of the source. */
  source({ file, line, column }, focus = true) {
    if (!this.texts.has(file)) return;
    if (file !== this.file) this.choose(file);
    if (focus) this.editor.go(line, column || 1);
    else this.editor.show(line);
  }

  say(text, error = false) {
    $("status").textContent = text;
    $("status").className = error ? "error" : "";
  }

  failed(error) { this.wrong = error.message; this.say(error.message, true); }

  /** Ask for something to be done, and look what has become of it. */
  async act(name, body) {
    try {
      this.wrong = "";
      const answer = await ask(name, body);
      await this.look();
      this.later();
      return answer;
    } catch (error) {
      this.failed(error);
      return null;
    }
  }

  command(line) { return this.act("command", { line }); }

  /** Go to a moment, the last of those that were asked for if others are on the way. */
  async go(count) {
    this.goal = count;
    if (this.going) return;
    this.going = true;
    while (this.goal !== null) {
      const goal = this.goal;
      this.goal = null;
      try {
        await ask("command", { line: `go to ${goal}` });
        do await this.look(); while (this.state.task && await pause(30));
      } catch (error) {
        if (error.status === BUSY && this.goal === null) this.failed(error);
      }
    }
    this.going = false;
  }

  // --- What is going on ------------------------------------------------------------------

  async tick() {
    await this.look();
    this.later();
  }

  /** Look again: soon if something is under way. */
  later() {
    const busy = this.state.task || this.state.comparison.task;
    clearTimeout(this.ticking);
    this.ticking = setTimeout(() => this.tick(), document.hidden ? HIDDEN : busy ? SOON : LATER);
  }

  /** Look what is going on: one look after the other, so that what is shown is never older than what was. */
  look() {
    this.looking = (this.looking || Promise.resolve()).then(() => this.looks());
    return this.looking;
  }

  async looks() {
    try {
      const state = await ask("state", { since: this.since });
      if (this.lost) { this.lost = false; this.since = 0; this.build = -1; }
      await this.took(state);
    } catch (error) {
      this.lost = error.status === 0 || error.status === 403;
      this.say(error.message, true);
    }
  }

  async took(state) {
    if (state.said.length && state.said[0][0] <= this.since) state.said = state.said.filter(([n]) => n > this.since);
    this.state = state;
    if (state.build !== this.build) {
      this.build = state.build;
      await this.fetchSource();
    }
    this.log(state.said);
    this.faults(state.faults);
    const { machine } = state;
    engines.state(state.comparison);
    this.status(state);
    this.enable(Boolean(state.task), machine);
    if (!machine) return;
    this.slide(machine, state);
    const points = JSON.stringify(machine.points), moment = [this.build, machine.count, machine.traps, machine.engine, machine.input_ended, points, machine.registers, machine.stop].join();
    if (moment === this.moment) return;
    const moved = this.at !== `${this.build} ${machine.count} ${machine.traps}`;
    this.moment = moment;
    this.at = `${this.build} ${machine.count} ${machine.traps}`;
    $("engine").value = machine.engine;
    this.registers(machine);
    if (moved && machine.line && !this.typing) this.source(machine.line, false);
    this.editor.draw();
    try {
      await this.code.show(this.place(moved), this.engineShown());
      await this.refresh(this.panel);
      if (!state.task && this.panel !== hot) this.warm((await ask("heat")).places);
    } catch (error) {
      if (error.status !== BUSY) this.failed(error);
    }
  }

  place(follow) {
    const { machine } = this.state;
    const live = !machine.listed && !this.typing;
    return { live, focus: machine.physical ?? 0, at: live ? machine.pc : machine.physical, mode: machine.mode, follow };
  }

  status({ task, progress, machine, faults }) {
    const bar = $("status");
    if (task) {
      bar.className = "busy";
      bar.textContent = `${task}: ${many(progress)} instructions`;
    } else if (this.wrong) this.say(this.wrong, true);
    else if (faults.length) this.say(`${faults.length} error${faults.length > 1 ? "s" : ""} in the program${machine ? "; the machine is that of the last text without" : ""}`, true);
    else if (machine) this.say(`${machine.stop ? machine.stop + " · " : ""}${machine.where}`);
    else this.say("there is no machine yet");
  }

  enable(busy, machine) {
    for (const id of ["begin", "run-back", "step-back", "step", "over", "finish", "run", "engine", "timeline", "count", "snapshot"]) $(id).disabled = !machine || (busy && !(id === "timeline" && this.going));
    for (const id of ["open", "example", "assemble"]) $(id).disabled = busy;
    $("stop").disabled = !busy;
    document.title = `${busy ? "… " : ""}${this.file.split("/").pop() || "ring1"} · ring1 explore`;
  }

  slide(machine, { task, progress }) {
    const range = $("timeline"), now = task ? progress : machine.count;
    if (!this.dragging) {
      range.min = machine.start;
      range.max = Math.max(machine.latest, now);
      range.value = now;
      range.setAttribute("aria-valuetext", `after ${many(now)} instructions`);
    }
    if (document.activeElement !== $("count")) $("count").value = many(this.dragging ? range.value : now);
  }

  log(said) {
    for (const [number, text] of said) {
      this.since = Math.max(this.since, number);
      $("log").append(el("div", { className: text.startsWith("(ring1)") ? "asked" : "said" }, text));
    }
    while ($("log").childElementCount > 500) $("log").firstChild.remove();
    const panel = $("log").parentElement;
    if (said.length) panel.scrollTop = panel.scrollHeight;
  }

  faults(faults) {
    const text = JSON.stringify(faults);
    if (text === this.shownFaults) return;
    this.shownFaults = text;
    $("faults").replaceChildren(...faultButtons(faults, (fault) => this.source(fault)));
    this.editor.draw();
  }

  registers(machine) {
    this.seenRegisters.at(this.at, this.build);
    const word = (name, value, key = name) => el("div", { className: "reg" }, el("b", { className: "mono" }, name), this.seenRegisters.span(key, value, hex(value)));
    const controls = machine.controls.map((control) => el("div", { className: "control", title: control.text }, word(control.name, control.value),
      control.fields.length ? el("div", { className: "fields" }, control.fields.map(([name, value]) => `${name}=${value.toString(16)}`).join(" ")) : null));
    const stack = machine.stack.map((each, n) => el("div", { className: "stack mono" }, el("span", { className: "dim" }, hex(each.at) + (n ? "  " : "◂ ")), this.seenRegisters.span("s" + each.at, each.value, hex(each.value)), el("span", { className: "t-label" }, each.symbol ? " " + each.symbol : "")));
    const mode = machine.mode !== undefined ? ` · mode ${machine.mode}` : "";
    $("registers").replaceChildren(
      el("div", { className: "regs two" }, el("h3", {}, "General"), machine.registers.map(([name, value]) => word(name, value)), word("pc", machine.pc)),
      el("div", { className: "regs" }, el("h3", {}, "Control" + mode), controls),
      stack.length ? el("div", { className: "regs" }, el("h3", {}, "Stack, from sp on"), stack) : "");
  }

  // --- Texts --------------------------------------------------------------------------

  async fetchSource() {
    const data = await ask("source");
    this.sourceData = data;
    this.code.clear();
    this.code.engine = null;
    const own = this.typing;
    for (const { name, text } of data.files) if (!(own && name === this.file)) this.texts.set(name, text);
    for (const name of [...this.texts.keys()]) if (!data.files.some((file) => file.name === name)) this.texts.delete(name);
    const select = $("files");
    select.replaceChildren(...data.files.map(({ name }) => el("option", { value: name, title: name }, name.split("/").slice(-2).join("/"))));
    this.editor.colour(new Colours(data.languages.s));
    this.editor.area.readOnly = !data.editable;
    $("assemble").disabled = !data.editable;
    if (!this.texts.has(this.file)) this.choose(data.files[0]?.name || "");
    else { select.value = this.file; if (!own) this.editor.put(this.texts.get(this.file)); }
    const options = (list) => list.map((each) => el("option", { value: each.name, disabled: Boolean(each.cannot), title: each.cannot || each.text }, each.name));
    $("engine").replaceChildren(...options(data.engines));
    const shown = $("shown-engine").value;
    $("shown-engine").replaceChildren(...options(data.engines));
    $("shown-engine").value = shown || data.default;
    if ($("example").options.length === 1) $("example").append(...data.examples.map((name) => el("option", { value: name }, name)));
    engines.choices(data.engines, data.default);
    description.source(data);
  }

  choose(file) {
    this.file = file;
    $("files").value = file;
    this.editor.area.scrollTop = 0;
    this.editor.put(this.texts.get(file) || "");
  }

  edited() {
    this.texts.set(this.file, this.editor.text);
    this.typing = true;
    clearTimeout(this.timer);
    if ($("as-you-type").checked) this.timer = setTimeout(() => this.load(), TYPING);
  }

  /** Have the machine made anew, of the texts in the editors. */
  async load(more = {}) {
    clearTimeout(this.timer);
    const files = [...this.texts].map(([name, text]) => ({ name, text }));
    const sent = this.editor.text;
    const answer = await this.act("load", { files, ...more });
    if (answer && this.editor.text === sent) this.typing = false;
  }

  marks(line) {
    const key = `${this.file}:${line}`, { machine, faults } = this.state;
    const mark = { hue: this.typing ? undefined : this.code.hues.get(key), lit: key === this.litKey, share: this.shares.get(key) };
    if (machine && !this.typing) {
      mark.here = machine.line?.line === line && machine.line.file === this.file;
      const point = machine.points.find((each) => each.line?.line === line && each.line.file === this.file);
      if (point) { mark.point = true; mark.off = !point.enabled; }
    }
    const fault = faults.find((each) => each.line === line && each.file === this.file);
    if (fault) mark.fault = fault.message;
    return mark;
  }

  breakpoint(line) {
    const points = (this.state.machine?.points || []).filter((each) => each.line?.line === line && each.line.file === this.file);
    if (points.length) this.command(`delete ${points.map((each) => each.number).join(" ")}`);
    else this.command(`break ${this.file}:${line}`);
  }

  // --- What the user does ------------------------------------------------------------------

  tabs() {
    const tabs = $("tabs");
    PANELS.forEach((panel, n) => {
      const tab = el("button", { type: "button", role: "tab", id: "tab-" + panel.name, "aria-controls": "panel-" + panel.name, "aria-selected": "false", tabIndex: -1, onclick: () => this.open(panel) }, panel.title);
      tab.addEventListener("keydown", (event) => {
        const to = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: PANELS.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const other = PANELS[(to + PANELS.length) % PANELS.length];
        this.open(other);
        $("tab-" + other.name).focus();
      });
      tabs.append(tab);
      const place = el("div", { id: "panel-" + panel.name, className: "panel", role: "tabpanel", "aria-labelledby": "tab-" + panel.name, tabIndex: 0, hidden: true });
      $("panels").append(place);
      panel.make(place, this);
    });
    this.open(PANELS[0]);
  }

  async open(panel) {
    this.panel = panel;
    for (const each of PANELS) {
      const chosen = each === panel, tab = $("tab-" + each.name);
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      $("panel-" + each.name).hidden = !chosen;
    }
    document.querySelector("main").classList.toggle("tall", panel === description);
    if (!this.state.machine && panel !== description) return;
    await this.refresh(panel);
  }

  /** Have a panel show what there is now; one answer after the other, as they were asked for. */
  refresh(panel) {
    panel.shows = (panel.shows || Promise.resolve()).then(() => panel.show(this)).catch((error) => { if (error.status !== BUSY) this.failed(error); });
    return panel.shows;
  }

  buttons() {
    const on = (id, line) => $(id).addEventListener("click", () => (typeof line === "function" ? line() : this.command(line)));
    on("begin", () => this.command(`go to ${this.state.machine.start}`));
    on("run-back", "reverse-continue");
    on("step-back", "reverse-stepi");
    on("step", "stepi");
    on("over", "next");
    on("finish", "finish");
    on("run", "continue");
    on("stop", () => this.act("cancel", {}));
    on("assemble", () => this.load());
    on("share", () => this.share(false));
    on("snapshot", () => this.share(true));
    on("open", () => $("file").click());
    for (const button of document.querySelectorAll("[data-key]")) {
      button.title += ` (${button.dataset.key})`;
      button.setAttribute("aria-keyshortcuts", button.dataset.key.replace("Esc", "Escape").replace("Ctrl", "Control"));
    }
    $("file").addEventListener("change", async () => {
      const [file] = $("file").files;
      $("file").value = "";
      if (file) await this.take(file);
    });
    $("engine").addEventListener("change", () => this.act("switch", { engine: $("engine").value }));
    $("shown-engine").addEventListener("change", async () => {
      try { if (this.state.machine) await this.code.show(this.place(true), this.engineShown(), true); } catch (error) { this.failed(error); }
      this.editor.draw();
    });
    $("example").addEventListener("change", async () => {
      const name = $("example").value;
      $("example").value = "";
      this.typing = false;
      this.file = "";
      if (name) await this.act("example", { name });
    });
    $("files").addEventListener("change", () => this.choose($("files").value));
    const range = $("timeline");
    range.addEventListener("pointerdown", () => { this.dragging = true; });
    range.addEventListener("input", () => { $("count").value = many(range.value); this.go(Number(range.value)); });
    range.addEventListener("change", () => { this.dragging = false; });
    range.addEventListener("pointerup", () => { this.dragging = false; });
    $("count").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const count = Number($("count").value.replace(/[,_ ]/g, ""));
      if (Number.isSafeInteger(count) && count >= 0) this.command(`go to ${count}`);
      else this.failed(new Error(`${$("count").value} is no count of instructions`));
    });
  }

  async take(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    this.typing = false;
    this.file = "";
    await this.act("open", { name: file.name, data: btoa(text) });
  }

  async share(snapshot) {
    const answer = await this.act("share", { snapshot });
    if (!answer) return;
    if (snapshot) download(answer.name, [Uint8Array.from(atob(answer.data), (c) => c.charCodeAt(0))], "application/octet-stream");
    else download(answer.name, [answer.text], "application/json");
  }

  keys() {
    const back = { F8: "run-back", F9: "step-back" }, forward = { F8: "run", F9: "step", F2: "over" };
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.metaKey) return;
      if (event.key === "Escape") {
        if (!$("stop").disabled) $("stop").click();
      } else if (event.ctrlKey && event.key === "Enter") $("assemble").click();
      else if (event.ctrlKey) return;
      else if (event.key === "F4" && !event.shiftKey) this.breakpoint(this.editor.line());
      else if (event.key === "F2" && event.shiftKey) this.command("reverse-next");
      else if (event.shiftKey && back[event.key]) $(back[event.key]).click();
      else if (!event.shiftKey && forward[event.key]) $(forward[event.key]).click();
      else return;
      event.preventDefault();
    });
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(() => resolve(true), milliseconds));

window.desk = new Desk();
