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

/** The result as cells of a table row: id with a link, what the paper says, ours, seeds. */
export function headlineCells({ experiment, conclusion, seeds }: Result, folder: string): string {
  const link = `[\`${experiment.id}\`](${folder})`;
  return [link, experiment.says, conclusion.headline, seedsText(seeds)].map(cell).join(" | ");
}

/**
 * The text with what stands between the markers of an experiment replaced: `<!-- ID -->old<!-- /ID -->`. Undefined
 * where it has no such markers.
 */
export function withHeadline(text: string, id: string, cells: string): string | undefined {
  const [start, end] = [`<!-- ${id} -->`, `<!-- /${id} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) return undefined;
  return text.slice(0, from + start.length) + cells + text.slice(to);
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
