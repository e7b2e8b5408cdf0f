import { figureFont, palette } from "./palette.js";

/** The style sheet of a report: one column of prose and figures, A4 when printed. */
export const pageStyle = `
:root { color-scheme: light; --ink: ${palette.ink}; --muted: ${palette.muted}; --line: ${palette.line};
  --accent: ${palette.accent}; --sans: ${figureFont};
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Cambria, Georgia, serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink); font: 17px/1.55 var(--serif); }
main { max-width: 1000px; margin: 0 auto; padding: 44px 36px 72px; }
h1 { font-size: 36px; line-height: 1.15; font-weight: 600; margin: 6px 0 12px; letter-spacing: -0.01em;
  overflow-wrap: anywhere; }
h2 { font-size: 25px; line-height: 1.25; font-weight: 600; margin: 0 0 8px; }
h3 { font: 600 14px/1.35 var(--sans); margin: 0 0 6px; }
p { margin: 0 0 12px; max-width: 46em; overflow-wrap: anywhere; }
.kicker { font: 600 12px/1.4 var(--sans); letter-spacing: 0.09em; text-transform: uppercase; color: var(--accent); }
.lead { font-size: 19px; }
nav { font: 13.5px/1.6 var(--sans); margin: 20px 0 0; display: flex; flex-wrap: wrap; gap: 2px 18px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0;
  margin: 26px 0 0; border: solid var(--line); border-width: 1px 0; }
.card { padding: 14px 16px 14px 0; }
.card b { display: block; font: 600 27px/1.2 var(--sans); letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.card span { display: block; font: 600 12.5px/1.4 var(--sans); }
.card small { display: block; font: 12.5px/1.4 var(--sans); color: var(--muted); overflow-wrap: anywhere; }
section { margin-top: 52px; }
figure { margin: 20px 0 0; min-width: 0; }
figure + h3, figure + p { margin-top: 34px; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; }
figure.scrolled { overflow-x: auto; }
figcaption { font: 13.5px/1.5 var(--sans); color: var(--muted); margin-top: 8px; max-width: 58em; }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)); gap: 8px 30px; align-items: start; }
.row.wide { grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); }
.legend { font: 13px/1.6 var(--sans); display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 6px; color: var(--ink); }
.legend span { white-space: nowrap; } .legend em { font-style: normal; color: var(--muted); }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 50%; margin-right: 6px;
  vertical-align: -1px; border: 2px solid transparent; }
.legend i.line { height: 3px; width: 20px; border: 0; border-radius: 2px; vertical-align: 4px; }
.scale { font: 12.5px/1.4 var(--sans); color: var(--muted); white-space: nowrap; }
.scale i { display: inline-block; width: 90px; height: 9px; margin: 0 5px; vertical-align: -1px; }
table { border-collapse: collapse; font: 13.5px/1.4 var(--sans); margin: 14px 0 0; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; border-bottom: 1.5px solid var(--ink); padding: 4px 22px 5px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: 4px 22px 4px 0; vertical-align: top; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; white-space: nowrap; }
tr.strong td { font-weight: 600; color: var(--accent); }
table.settings td:first-child { color: var(--muted); white-space: nowrap; }
.columns { columns: 3 230px; column-gap: 34px; margin-top: 14px; }
.columns table { margin: 0; width: 100%; } .columns tr { break-inside: avoid; }
pre { font: 13px/1.55 var(--mono); background: #f5f7f9; padding: 12px 14px; margin: 12px 0; white-space: pre-wrap;
  overflow-wrap: anywhere; border-left: 3px solid var(--accent); }
ul { margin: 8px 0 12px; padding-left: 1.2em; } li { margin: 3px 0; max-width: 46em; overflow-wrap: anywhere; }
footer { margin-top: 56px; padding-top: 12px; border-top: 1px solid var(--line); font: 13px/1.5 var(--sans); color: var(--muted); }
@media (max-width: 640px) { .cards { grid-template-columns: repeat(2, 1fr); } main { padding: 24px 18px 48px; } h1 { font-size: 28px; }
  .row.wide { grid-template-columns: 1fr; } }
@media print {
  @page { size: A4; margin: 15mm 15mm 17mm; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h1 { font-size: 22pt; } h2 { font-size: 15pt; } .lead { font-size: 11.5pt; } nav { display: none; }
  .card b { font-size: 16pt; } .card { padding: 9px 12px 9px 0; }
  section { margin-top: 26px; } h2, h3 { break-after: avoid; } p { orphans: 3; widows: 3; }
  figure, tr, pre { break-inside: avoid; } figcaption, .legend, table { font-size: 8.8pt; }
  figure svg { max-height: 232mm; }
  .row, .row.wide { grid-template-columns: repeat(2, 1fr); } .row.three { grid-template-columns: repeat(3, 1fr); gap: 8px 14px; }
  a { color: inherit; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;
