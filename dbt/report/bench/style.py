"""The style sheet of `ring1 bench --html`: for screens, light or dark, narrow or wide, and for paper."""

STYLE = """\
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #5b636d; --line: #8883; --page: #fff; --good: #1a7f37;
  --bad: #c0362c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --dim: #99a2ad; --page: #14171b; --good: #57ab5a;
  --bad: #f0776c; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 84rem;
  margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .3rem; }
h3 { font-size: .95rem; margin: 0; } h3 small { font-weight: normal; color: var(--dim); }
p { max-width: 60rem; margin: .4rem 0; } .dim, small { color: var(--dim); }
figure { margin: .6rem 0; } figcaption { color: var(--dim); max-width: 60rem; margin-bottom: .5rem; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1.1rem 2rem; }
.group { break-inside: avoid; }
.bar { display: grid; grid-template-columns: calc(var(--name) + .4rem) 1fr 5.6rem; gap: .5rem; font-size: 12px;
  line-height: 17px; white-space: nowrap; } .bar .value { text-align: right; font-variant-numeric: tabular-nums; }
.track { position: relative; background-image: linear-gradient(90deg, var(--line) 1px, transparent 1px); }
.fill { position: absolute; inset: 3px auto 3px 0; border-radius: 0 2px 2px 0; }
.range { position: absolute; top: 50%; height: 1px; background: var(--ink); }
.range::before, .range::after { content: ""; position: absolute; top: -3px; height: 7px; width: 1px;
  background: var(--ink); } .range::after { right: 0; }
.axis .track { height: 1.2em; background: none; color: var(--dim); }
.axis .track span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; list-style: none; font-size: 13px; }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; }
svg { width: 100%; height: auto; display: block; } svg text { font: 10px system-ui, sans-serif; fill: var(--dim); }
svg .grid { stroke: var(--line); } svg .crossing { fill: none; stroke: var(--ink); }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .15rem .8rem .15rem 0; border-top: 1px solid var(--line); vertical-align: top;
  overflow-wrap: normal; }
th { font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); }
.warning { border-left: 4px solid var(--bad); padding-left: .8rem; }
@media print { :root { color-scheme: light; --ink: #000; --dim: #444; --page: #fff; --line: #9996; }
  body { font-size: 10pt; padding: 0; } .fill, .swatch { print-color-adjust: exact;
  -webkit-print-color-adjust: exact; } .table { overflow: visible; }
  table { font-size: 8pt; } h2 { break-after: avoid; } }
"""
