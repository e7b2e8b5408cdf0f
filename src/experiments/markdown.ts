import type { ResultTable } from "./conclusion.js";
import { dateOf, machinesOf, type Result, totalSeconds, workText } from "./result.js";
import { seedsText } from "./seeds.js";

/** A result as a page of Markdown beside its figures. */
export function resultMarkdown(result: Result): string {
  const { experiment, conclusion, scale, seeds, command } = result;
  const { source } = experiment;
  const parts = [
    `# ${experiment.title} (\`${experiment.id}\`)`,
    scale === "quick" && "Quick trials: small and short, to see that everything works. They prove nothing.",
    `**The paper** ([${source.citation}](${source.url}); ${source.place}): ${experiment.says}`,
    `**Here**, seeds ${seedsText(seeds)}: ${conclusion.headline}.`,
    markdownTable({
      columns: [{ title: "the paper" }, { title: "here" }, { title: "agrees" }],
      rows: conclusion.findings.map(({ paper, ours, agrees }) => [paper, ours, agreement(agrees)]),
    }),
    ...conclusion.figures.map(({ name, title, caption }) => `![${title}](${name}.svg)\n\n${caption}`),
    "## How it was done",
    experiment.method,
    `Written by \`${command}\` on ${dateOf(result)}; ${workText(totalSeconds(result))} in all. ` +
      `${machinesOf(result).join("; ")}. Every seed that ran is reported. [results.json](results.json) holds all measures.`,
    ...conclusion.tables.map((table) => `## ${table.title}\n\n${markdownTable(table)}`),
  ];
  return `${parts.filter((part) => part !== false).join("\n\n")}\n`;
}

/** Whether ours agrees with the paper, in a word. */
export const agreement = (agrees: boolean | null): string =>
  agrees === null ? "\u2013" : agrees ? "yes" : "no";

/** What a list of results says of each. */
export interface Headline {
  readonly experiment: string;
  readonly paper: string;
  readonly headline: string;
  readonly seeds: string;
}

/** A headline as cells of a table row: id with a link to the folder, what the paper says, ours, seeds. */
export function headlineCells({ experiment, paper, headline, seeds }: Headline, folder: string): string {
  return [`[\`${experiment}\`](${folder}/README.md)`, paper, headline, seeds].map(cell).join(" | ");
}

/** A page that lists results whose folders lie beside it. */
export function indexMarkdown(headlines: readonly Headline[]): string {
  const rows = headlines.map((headline) => `| ${headlineCells(headline, headline.experiment)} |`);
  return `${[
    "# Results of the papers' experiments\n",
    "Written by `unmix reproduce`; the folders have figures, tables, every trial, and the command that does it again.\n",
    "| experiment | the paper | here | seeds |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n")}\n`;
}

/**
 * The text with what stands between the markers of a name replaced: `<!-- NAME -->old<!-- /NAME -->`. Undefined where
 * it has no such markers.
 */
export function replaceMarked(text: string, name: string, content: string): string | undefined {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) return undefined;
  return text.slice(0, from + start.length) + content + text.slice(to);
}

function markdownTable({ columns, rows }: Omit<ResultTable, "title">): string {
  return [
    columns.map(({ title }) => cell(title)),
    columns.map(({ number }) => (number ? "--:" : "---")),
    ...rows.map((row) => row.map(cell)),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
