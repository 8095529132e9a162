// What was shown at the last stop, so that what has changed since can be marked.

import { el } from "./dom.js";

export class Seen {
  constructor() { this.before = new Map(); this.now = new Map(); this.moment = ""; this.build = -1; }

  /** The machine is at this moment: if it is another one, what was shown is what values are held against; nothing is if
      it is another machine. */
  at(moment, build) {
    if (moment === this.moment) return;
    this.moment = moment;
    this.before = build === this.build ? this.now : new Map();
    this.build = build;
    this.now = new Map();
  }

  /** A value as it is shown, marked if it was another one. */
  span(key, value, text) {
    const was = this.before.get(key);
    this.now.set(key, value);
    return el("span", { className: "mono" + (was !== undefined && was !== value ? " changed" : "") }, text);
  }
}
