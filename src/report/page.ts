import { type Content, html, Markup } from "./html.js";
import { pageStyle } from "./page-style.js";

/** A key figure at the head of a page. */
export interface Card {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** A titled part of a page. Sections without content are left out. */
export interface Section {
  /** Anchor, letters and dashes. */
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

/** All of a page. */
export interface Page {
  readonly kicker: string;
  readonly title: string;
  readonly lead: Content;
  readonly cards: readonly Card[];
  readonly sections: readonly Section[];
  readonly footer: Content;
}

/**
 * A whole HTML document without external files: style sheet, figures and pictures are inside. Every text is escaped;
 * see `html`. The same page gives the same string.
 */
export function renderPage(page: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${page.title}</title>
<style>${new Markup(pageStyle)}
</style>
</head>
<body>
<main>
<header>
<div class="kicker">${page.kicker}</div>
<h1>${page.title}</h1>
<p class="lead">${page.lead}</p>
<div class="cards">
${page.cards.map(
  ({ label, value, note }) =>
    html`<div class="card"><b>${value}</b><span>${label}</span>${note && html`<small>${note}</small>`}</div>\n`,
)}</div>
<nav>${page.sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>
${page.sections.map(
  ({ id, title, content }) => html`<section id="${id}">
<h2>${title}</h2>
${content}
</section>
`,
)}<footer>${page.footer}</footer>
</main>
</body>
</html>
`.text;
}

/** A figure with its explanation, and a heading and legend where it needs them. */
export function figure(
  content: Content,
  caption: Content,
  options: { readonly title?: string; readonly legend?: Content } = {},
): Markup {
  const { title, legend } = options;
  return html`<figure>
${title && html`<h3>${title}</h3>\n`}${legend && html`<div class="legend">${legend}</div>\n`}${content}
${caption && html`<figcaption>${caption}</figcaption>\n`}</figure>
`;
}

/** One entry of a legend: a dot, a ring or a line in a colour, and what it stands for. */
export function legendEntry(colour: string, label: Content, form: "dot" | "ring" | "line" = "dot"): Markup {
  if (form === "line") return html`<span><i class="line" style="background:${colour}"></i>${label}</span>`;
  const style = form === "ring" ? `border-color:${colour}` : `background:${colour}`;
  return html`<span><i style="${style}"></i>${label}</span>`;
}

/** A column of a table; numbers are aligned to the right. */
export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table. Rows marked strong stand out. */
export function table(
  columns: readonly Column[],
  rows: readonly { readonly cells: readonly Content[]; readonly strong?: boolean }[],
): Markup {
  const kind = (k: number): Content => columns[k].number && html` class="number"`;
  return html`<table>
<thead><tr>${columns.map(({ title }, k) => html`<th${kind(k)}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({ cells, strong }) =>
    html`<tr${strong && html` class="strong"`}>${cells.map((cell, k) => html`<td${kind(k)}>${cell}</td>`)}</tr>\n`,
)}</tbody>
</table>
`;
}
