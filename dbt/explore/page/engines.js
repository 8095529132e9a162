// The panel in which two engines are compared: equivalent, or where one parts from the other.

import { $, el, hex, many, mono, table } from "./dom.js";

export const engines = {
  name: "engines", title: "Two engines",
  make(panel, desk) {
    this.desk = desk;
    const choice = (id) => el("select", { id });
    panel.append(el("div", { className: "tools" },
      el("label", { className: "field" }, "Reference", choice("first-engine")), el("label", { className: "field" }, "against", choice("second-engine")),
      el("label", { className: "field" }, "for", el("input", { type: "text", id: "limit", value: "10,000,000", inputMode: "numeric", size: 12, "aria-label": "Instructions at most" }), "instructions at most"),
      el("button", { type: "button", id: "compare", className: "primary", onclick: () => this.begin() }, "Compare"),
      el("button", { type: "button", id: "compare-stop", className: "danger", disabled: true, onclick: () => desk.act("cancel", { comparison: true }) }, "Cancel"),
      el("span", { id: "compare-note", className: "dim", role: "status" })), el("div", { id: "parting" }));
  },
  choices(list, usual) {
    const put = (id, usable, chosen) => {
      const select = $(id), was = select.value;
      select.replaceChildren(...usable.map((each) => el("option", { value: each.name, disabled: Boolean(each.cannot), title: each.cannot || each.text }, each.name)));
      select.value = usable.some((each) => each.name === was) ? was : chosen;
    };
    put("first-engine", list.filter((each) => each.unmodified), list[0].name);
    put("second-engine", list, usual);
  },
  begin() {
    const limit = Number($("limit").value.replace(/[,_ ]/g, ""));
    $("parting").replaceChildren();
    this.desk.act("compare", { first: $("first-engine").value, second: $("second-engine").value, limit: Number.isSafeInteger(limit) ? limit : 0 });
  },
  show() {},
  state({ task, progress, result }) {
    $("compare").disabled = Boolean(task);
    $("compare-stop").disabled = !task;
    $("compare-note").textContent = task ? `${task}: equal for ${many(progress)} instructions so far …` : "";
    const text = JSON.stringify(result);
    if (task || text === this.shown) return;
    this.shown = text;
    $("parting").replaceChildren(...(result ? this.told(result) : [el("p", { className: "empty" }, "Both run the program from reset, with the input that was typed. Registers, memory, devices, console and disk are compared at checkpoints; a difference is narrowed down to one instruction.")]));
  },
  told(result) {
    if (result.error) return [el("p", { className: "bad" }, result.error)];
    const [first, second] = result.engines, made = [];
    const enough = result.cancelled ? "cancelled; up to there " : "";
    if (result.equivalent) made.push(el("div", { className: "verdict holds" }, el("b", { className: "good" }, `${enough}${first} and ${second} are equivalent`), ` for ${many(result.equal)} instructions.`));
    for (const each of result.divergences) {
      const rows = each.rows.map(([name, before, mine, theirs]) => [mono(name), mono(before < 0 ? "" : hex(before)), mono(hex(mine)), mono(hex(theirs))]);
      made.push(el("div", { className: "verdict fails" }, el("b", { className: "bad" }, `${each.engine} parts from ${first} after ${many(each.low)} instructions`), ", at ",
        el("code", {}, each.place), " ", el("button", { type: "button", className: "link", onclick: () => this.desk.command(`go to ${each.low}`) }, "go there"),
        rows.length ? table(["", "before", each.engine, first], rows) : null));
    }
    return [...made, el("details", { open: !made.length }, el("summary", {}, "the whole report"), el("pre", { className: "wide" }, result.text))];
  },
};
