// The panels that look into the machine. Each has `make(place, desk)`, and `show(desk)`, called when it is seen and the
// machine is at another moment.

import { ask } from "./ask.js";
import { $, el, hex, many, mono, percent, table } from "./dom.js";
import { Seen } from "./seen.js";

/** A place in code, to be shown in the source when it is clicked. */
function place(spot, desk) {
  const name = spot.pc === null ? spot.symbol : `${hex(spot.pc)} ${spot.symbol}`;
  if (!spot.line) return el("span", { className: "mono" }, name);
  return el("button", { type: "button", className: "link mono", title: `${spot.line.file}:${spot.line.line}`, onclick: () => desk.source(spot.line) }, name);
}

export const console_ = {
  name: "console", title: "Console",
  make(panel, desk) {
    const line = el("input", { type: "text", id: "input", size: 30, autocomplete: "off", "aria-label": "A line that is typed for the guest" });
    const type = async (body) => { await desk.act("input", body); if (desk.waiting()) desk.command("continue"); };
    const enter = () => { const text = line.value + "\n"; line.value = ""; type({ text }); };
    line.addEventListener("keydown", (event) => { if (event.key === "Enter") enter(); });
    panel.append(el("pre", { id: "console-text", tabIndex: 0, "aria-label": "What the guest has output" }), el("div", { className: "tools" },
      el("label", { className: "field", for: "input" }, "Input"), line, el("button", { type: "button", onclick: enter }, "Type"),
      el("button", { type: "button", id: "input-end", onclick: () => type({ end: true }) }, "End of input"), el("span", { id: "input-note", className: "dim" })));
  },
  show(desk) {
    const { machine } = desk.state;
    if (!machine) return;
    const text = $("console-text"), low = text.parentElement.scrollHeight - text.parentElement.scrollTop - text.parentElement.clientHeight < 40;
    text.textContent = (machine.console_cut ? `… ${many(machine.console_cut)} bytes before\n` : "") + (machine.console || "");
    if (!machine.console) text.append(el("span", { className: "dim" }, "The guest has output nothing yet."));
    $("input-note").textContent = machine.input_ended ? "the input has ended" : desk.waiting() ? "the guest waits for input" : "";
    $("input-end").disabled = machine.input_ended;
    if (low) text.parentElement.scrollTop = text.parentElement.scrollHeight;
  },
};

export const memory = {
  name: "memory", title: "Memory",
  make(panel, desk) {
    this.seen = new Seen();
    this.offset = 0;
    const where = el("input", { type: "text", id: "memory-at", placeholder: "sp, counter+8, 0x1000", autocomplete: "off", "aria-label": "Where memory is shown: an address, a label, a register" });
    where.addEventListener("change", () => { this.offset = 0; desk.refresh(this); });
    const turn = (rows) => { this.offset += rows; desk.refresh(this); };
    panel.append(el("div", { className: "tools" }, el("label", { className: "field", for: "memory-at" }, "At"), where,
      el("button", { type: "button", "aria-label": "Earlier", onclick: () => turn(-16) }, "▲ earlier"), el("button", { type: "button", onclick: () => turn(16) }, "▼ later"),
      el("span", { className: "dim" }, "as the guest addresses it; what has changed since the last stop is marked")), el("div", { id: "hex", className: "wide" }));
  },
  async show(desk) {
    const data = await ask("memory", { place: $("memory-at").value.trim(), offset: this.offset, rows: 20 });
    this.seen.at(desk.at, desk.build);
    $("hex").replaceChildren(...data.rows.map((row) => {
      const cells = [];
      let text = "";
      for (let n = 0; n < 16; n++) {
        const byte = row.bytes === null ? null : parseInt(row.bytes.slice(2 * n, 2 * n + 2), 16);
        if (byte === null) cells.push("-- ");
        else cells.push(this.seen.span(row.at + n, byte, hex(byte, 2)), " ");
        if (n % 4 === 3) cells.push(" ");
        text += byte === null ? " " : byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".";
      }
      return el("div", { className: "hexrow mono" }, el("span", { className: "at" }, hex(row.at) + "  "), cells, el("span", { className: "text" }, text), el("span", { className: "name" }, "  " + row.symbol));
    }));
  },
};

export const pages = {
  name: "pages", title: "Page tables",
  make(panel, desk) {
    const where = el("input", { type: "text", id: "walk-at", placeholder: "pc, sp, 0x40000000", autocomplete: "off", "aria-label": "An address whose translation is shown" });
    where.addEventListener("change", () => desk.refresh(this));
    panel.append(el("div", { className: "tools" }, el("label", { className: "field", for: "walk-at" }, "Walk"), where, el("pre", { id: "walk" })), el("div", { id: "mapped", className: "columns" }));
  },
  async show() {
    const data = await ask("pages", { place: $("walk-at").value.trim() });
    $("walk").textContent = data.walk.join("\n");
    if (!data.on) {
      const why = data.paging ? "Paging is off at this moment: addresses are physical." : "This machine has no paging.";
      $("mapped").replaceChildren(el("p", { className: "empty" }, why));
      return;
    }
    const ranges = data.ranges.map(([first, size, at, flags]) => [mono(`${hex(first)}-${hex(first + size - 1)}`), mono(hex(at)), many(size / 4096), flags]);
    const kept = data.tlb.map(([at, frame, kind]) => [mono(hex(at)), mono(hex(frame)), kind]);
    $("mapped").replaceChildren(
      el("div", {}, el("h3", {}, `What the tables map (root at ${hex(data.root)})`), table(["guest addresses", "physical", "pages#", "flags"], ranges)),
      el("div", {}, el("h3", {}, `TLB: ${kept.length} translations, of the interpreter's look-aside buffer`), kept.length ? table(["page", "frame", "for"], kept) : el("p", { className: "dim" }, "It is empty: generated code has found every page by itself since the last flush.")));
  },
};

export const exits = {
  name: "exits", title: "Exits",
  make(panel, desk) {
    const watch = el("input", { type: "checkbox", id: "watch-exits", checked: true });
    watch.addEventListener("change", async () => { await desk.act("exits", { watch: watch.checked }); desk.refresh(this); });
    panel.append(el("div", { className: "tools" }, el("label", { className: "field" }, watch, "note where each comes from"),
      el("span", { className: "dim" }, "what generated code then leaves to the VMM it would otherwise do itself")), el("div", { id: "exit-tables", className: "columns" }));
  },
  async show(desk) {
    const data = await ask("exits");
    $("watch-exits").checked = desk.state.machine?.exits_watched ?? true;
    const sum = data.reasons.reduce((all, [, count]) => all + count, 0);
    if (!sum) {
      $("exit-tables").replaceChildren(el("p", { className: "empty" }, "No exits to the VMM so far. The interpreter has none at all."));
      return;
    }
    $("exit-tables").replaceChildren(
      el("div", {}, el("h3", {}, `${many(sum)} exits to the VMM, by reason`), bars(data.reasons.map(([reason, count]) => [reason, count / sum, many(count)]))),
      el("div", {}, el("h3", {}, "Where they come from"), data.places.length ? bars(data.places.map((each) => [place(each, desk), each.count / data.places[0].count, many(each.count), each.reason])) : el("p", { className: "dim" }, "None noted yet.")));
  },
};

function bars(rows) {
  return el("div", { className: "spots" }, rows.flatMap(([name, share, count, note]) => {
    const bar = el("i");
    bar.style.width = Math.max(100 * share, 1) + "%";
    return [el("span", { className: "mono" }, name), el("span", { className: "meter" }, bar), el("span", { className: "n" }, count), el("span", { className: "dim" }, note || "")];
  }));
}

export const hot = {
  name: "heat", title: "Heat",
  make(panel) { panel.append(el("div", { id: "hot", className: "columns" })); },
  async show(desk) {
    const data = await ask("heat");
    desk.warm(data.places);
    const rows = data.places.map((each) => [place(each, desk), each.share, percent(each.share), each.mode ? `mode ${each.mode}` : ""]);
    $("hot").replaceChildren(
      el("div", {}, el("h3", {}, "Where the run spends its time"), rows.length ? bars(rows) : el("p", { className: "empty" }, "No samples: the run is too short for them, or everything is interpreted.")),
      el("div", {}, el("h3", {}, "The engine"), el("p", { className: "dim" }, data.text), table(["", "#"], data.figures.map(([name, count]) => [name, many(count)]))));
  },
};

export const devices = {
  name: "devices", title: "Devices",
  make(panel) { panel.append(el("div", { id: "devices-text", className: "columns" })); },
  async show() {
    const data = await ask("devices");
    const fields = data.vmcs.map(([name, value]) => [mono(name), mono(hex(value, 1))]);
    $("devices-text").replaceChildren(el("div", {}, el("h3", {}, "Devices"), el("pre", {}, data.lines.join("\n"))),
      fields.length ? el("div", {}, el("h3", {}, "VMCS"), table(["field", "value"], fields)) : el("span"));
  },
};

export const debugger_ = {
  name: "debugger", title: "Debugger",
  make(panel, desk) {
    const line = el("input", { type: "text", id: "command", size: 40, autocomplete: "off", placeholder: "break fib if a0 == 3", "aria-label": "A command of the debugger" });
    const past = [];
    let back = 0;
    line.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        if (line.value.trim()) past.push(line.value);
        back = 0;
        desk.command(line.value);
        line.value = "";
      } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        back = Math.min(Math.max(back + (event.key === "ArrowUp" ? 1 : -1), 0), past.length);
        line.value = back ? past[past.length - back] : "";
      }
    });
    panel.append(el("div", { className: "tools" }, el("label", { className: "field", for: "command" }, "Command"), line,
      el("span", { className: "dim" }, "help lists them: who wrote, watch, translate, compare with, go to …")), el("div", { id: "points" }), el("pre", { id: "log", tabIndex: 0, "aria-label": "What the debugger has said" }));
  },
  show(desk) {
    const points = desk.state.machine?.points || [];
    $("points").replaceChildren(...(points.length ? [el("h3", {}, "Breakpoints and watchpoints"), ...points.map((point) => el("div", { className: "tools" }, el("span", { className: "mono" }, point.text),
      el("button", { type: "button", onclick: () => desk.command(`${point.enabled ? "disable" : "enable"} ${point.number}`) }, point.enabled ? "Disable" : "Enable"), el("button", { type: "button", onclick: () => desk.command(`delete ${point.number}`) }, "Delete")))] : []));
  },
};
