import assert from "node:assert/strict";
import { z } from "zod";
import { FailureError } from "../../src/errors.js";
import { defineExperiment, measured, type Study } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/experiments.js";
import { NO_INPUTS } from "../../src/experiments/inputs.js";
import { resultMarkdown } from "../../src/experiments/markdown.js";
import { resultPage } from "../../src/experiments/page.js";
import { resultOf } from "../../src/experiments/result.js";
import { share } from "../../src/experiments/summary.js";
import type { KeptTrial, Surroundings, TrialStore } from "../../src/experiments/trial-record.js";
import { Markup } from "../../src/report/html.js";

interface TinySettings {
  readonly factor: number;
  readonly [name: string]: number;
}

interface TinyMeasures {
  readonly product: number;
  readonly picture: readonly number[];
}

/** An experiment without a model: it multiplies, and seed 13 fails. `done` counts the trials that were carried out. */
export function tinyExperiment(revision = 1) {
  const done: string[] = [];
  const study: Study<TinySettings, TinyMeasures> = {
    name: "tiny",
    revision,
    measures: z.object({ product: z.number(), picture: z.array(z.number()) }),
    async run({ factor }, seed, { progress }) {
      done.push(`${factor}:${seed}`);
      progress(0.5);
      if (seed === 13) throw new FailureError("Training stopped: unlucky.");
      return { product: factor * seed, picture: [1, 2, 3] };
    },
  };
  const experiment = defineExperiment({
    id: "tiny",
    title: "Multiplication | told <plainly>",
    source: { citation: "Somebody, Something", url: "https://example.org/", place: "Fig. 1" },
    says: "Products are even.",
    method: "By hand.",
    study,
    cases: (scale) =>
      (scale === "quick" ? [2] : [2, 3]).map((factor) => ({ name: `x ${factor}`, settings: { factor } })),
    seeds: [1, 2],
    conclude(trials) {
      const even = share(measured(trials), ({ measures }) => measures.product % 2 === 0);
      return {
        headline: `${even} are even`,
        findings: [
          { paper: "Products are even.", ours: `${even} are.`, agrees: false },
          { paper: "Nothing else.", ours: "Nothing.", agrees: null },
        ],
        numbers: { trials: trials.length },
        tables: [
          {
            title: "Products",
            columns: [{ title: "case" }, { title: "product", number: true }],
            rows: trials.map((trial) => [trial.case.name, trial.failure ?? String(trial.measures?.product)]),
          },
        ],
        figures: [
          { name: "nothing", title: "Nothing", caption: "An empty figure.", svg: new Markup("<svg></svg>") },
        ],
      };
    },
  });
  return { experiment, done };
}

export const surroundings: Surroundings = {
  unmix: "0.0.0",
  node: "20.0.0",
  platform: "none",
  cpu: "none",
  cores: 1,
};

/** Trials in memory. */
export function memoryStore(): TrialStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    load: async (key) => texts.get(key),
    save: async (key, text) => void texts.set(key, text),
  };
}

/** Every experiment of a study concludes from trials that all went well, that all failed, and from a mixture. */
export function expectConclusions(study: string, measures: unknown, inputs = NO_INPUTS): void {
  for (const experiment of experiments.filter((each) => each.study.name === study)) {
    for (const outcomes of [[true], [false], [true, false, true]]) {
      const trials = experiment.cases("quick", inputs).flatMap((each) =>
        outcomes.map((good, k): KeptTrial => {
          const kept = {
            case: each,
            seed: k,
            seconds: { elapsed: 1, processor: 1 },
            surroundings,
            ended: "2026-01-01",
          };
          return good
            ? { ...kept, measures, failure: null }
            : { ...kept, measures: null, failure: "Training stopped." };
        }),
      );
      const result = resultOf(experiment, "quick", trials, "unmix");
      for (const text of [resultMarkdown(result), resultPage(result)]) {
        assert.doesNotMatch(text, /NaN|undefined|Infinity/, `${experiment.id}, ${outcomes}`);
      }
      // A figure is a file of its own, which browsers draw only as such.
      for (const { name, svg } of result.conclusion.figures)
        assert.match(svg.text, /^<svg xmlns="/, `${experiment.id}: ${name}`);
    }
  }
}
