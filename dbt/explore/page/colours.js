// Colours texts by the rules that ring1 has for editors (ring1 grammar).

const sticky = (rules) => rules.map(([pattern, kind]) => [new RegExp(pattern, "y"), kind]);

export class Colours {
  constructor(language) {
    const { comments, head, opening, operands, end, block } = language;
    this.first = sticky([...comments, ...head, ...opening]);
    this.rest = sticky([...comments, ...operands]);
    this.opening = comments.length + head.length;
    this.end = end;
    this.block = block;
  }

  /** Of each line, does it begin within a comment over several lines? */
  within(lines) {
    if (!this.block.length) return new Array(lines.length + 1).fill(false);
    const found = [false];
    let inside = false;
    for (const line of lines) {
      let at = 0;
      while (at >= 0 && at < line.length) {
        if (inside) {
          at = line.indexOf("*/", at);
          if (at >= 0) { inside = false; at += 2; }
        } else {
          const begin = line.indexOf("/*", at);
          const comment = line.search(/#|\/\//);
          if (begin < 0 || (comment >= 0 && comment < begin) || quoted(line, begin)) break;
          inside = true;
          at = begin + 2;
        }
      }
      found.push(inside);
    }
    return found;
  }

  /** Return the parts of a line, [text, kind]. */
  parts(line, inside) {
    const found = [];
    let at = 0, operands = false;
    const put = (end, kind) => {
      const last = found[found.length - 1];
      if (last && last[1] === kind) last[0] += line.slice(at, end);
      else found.push([line.slice(at, end), kind]);
      at = end;
    };
    while (at < line.length) {
      if (inside || (this.block.length && line.startsWith("/*", at))) {
        const end = line.indexOf("*/", inside ? at : at + 2);
        put(end < 0 ? line.length : end + 2, "comment");
        inside = false;
        continue;
      }
      if (operands && line[at] === this.end) { operands = false; put(at + 1, "punctuation"); continue; }
      const rules = operands ? this.rest : this.first;
      const space = /\s+/y;
      space.lastIndex = at;
      if (space.test(line)) { put(space.lastIndex, ""); continue; }
      let matched = false;
      for (let n = 0; n < rules.length && !matched; n++) {
        const [rule, kind] = rules[n];
        rule.lastIndex = at;
        const match = rule.exec(line);
        if (!match || !match[0]) continue;
        put(rule.lastIndex, kind);
        if (!operands && this.end && n >= this.opening) operands = true;
        matched = true;
      }
      if (!matched) put(at + 1, "");
    }
    return found;
  }
}

/** Is a place in a line within a string? */
function quoted(line, at) {
  return (line.slice(0, at).replace(/\\./g, "").match(/"/g) || []).length % 2 === 1;
}
