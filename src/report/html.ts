/** Text that is HTML or SVG already. Everything else is escaped when it enters a page. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** What may stand in an `html` template: text is escaped, markup is not, nothing stays nothing. */
export type Content = string | number | Markup | null | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The text with the five characters that mean something in HTML replaced by entities, and control characters dropped. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]).replace(/[^\P{Cc}\t\n\r]/gu, "");
}

/**
 * A template that escapes every text put into it: html`<td>${name}</td>`. Arrays are joined; `undefined`, `null` and
 * `false` leave nothing.
 */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(strings.reduce((page, part, k) => page + render(values[k - 1]) + part));
}

function render(value: Content): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeHtml(String(value));
}
