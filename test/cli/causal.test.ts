import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { Random } from "../../src/engine/random.js";
import { json, refuse, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const [segments, length] = [20, 150];

/** Linear models with Laplace disturbances whose spreads change with the segment: a -> b, c apart. */
before(async () => {
  const random = new Random(1, "causal");
  const laplace = () => Math.log(1 - random.uniform()) * (random.uniform() < 0.5 ? 1 : -1);
  const lines = ["b,a,c,segment"];
  for (let segment = 0; segment < segments; segment++) {
    const spreads = [0, 1, 2].map(() => 0.5 + 2.5 * random.uniform());
    for (let n = 0; n < length; n++) {
      const [a, own, c] = spreads.map((spread) => spread * laplace());
      lines.push([0.8 * a + own, a, c, segment].join(","));
    }
  }
  await writeFile(join(folder, "d.csv"), `${lines.join("\n")}\n`);
});

interface Document {
  readonly samples: number;
  readonly pairs: readonly {
    readonly variables: readonly string[];
    readonly verdict: string;
    readonly cause: string | null;
    readonly tests: readonly {
      readonly variable: string;
      readonly p: number;
      readonly independent: boolean;
    }[];
    readonly linear: { readonly cause: string };
  }[];
  readonly graph: {
    readonly edges: readonly { readonly cause: string; readonly effect: string }[];
    readonly cycles: readonly string[][];
  };
}

test("causal finds the cause of a pair, and says p of every test", async () => {
  const line = "causal d.csv --segments segment --variables b,a --method ica --quiet";
  const { pairs, samples } = await json<Document>(folder, line);
  assert.equal(samples, segments * length);
  const [{ verdict, cause, tests, linear }] = pairs;
  assert.deepEqual([verdict, cause, linear.cause], ["a -> b", "a", "a"]);
  assert.equal(tests.length, 4);
  assert.deepEqual(
    tests.filter(({ independent }) => independent).map(({ variable }) => variable),
    ["a"],
  );
});

test("causal draws the graph of several variables", async () => {
  const line = "causal d.csv --segments segment --method ica --quiet --samples 600 --report graph.html";
  const { stdout } = await succeed(folder, line);
  assert.match(stdout, /^a -> b: a is independent of one disturbance/m);
  assert.match(stdout, /^a - c independent: the two do not depend/m);
  assert.match(stdout, /^Graph: a -> b$/m);
  const page = await text(folder, "graph.html");
  assert.equal(page.match(/<line [^>]*marker-end/g)?.length, 1);
  assert.equal(page.match(/<circle /g)?.length, 3);
  assert.match(page, /a -&gt; b/);
  const { graph } = await json<Document>(folder, line);
  assert.deepEqual(graph.edges, [{ cause: "a", effect: "b" }]);
  assert.deepEqual(graph.cycles, []);
});

test("causal estimates disturbances by a flow that does not preserve volume, unless told otherwise", async () => {
  const line = "causal d.csv --segments segment --variables a,b --epochs 1 --quiet --seed 3";
  const usual = await json<Document>(folder, line);
  assert.deepEqual(await json<Document>(folder, `${line} --volume none`), usual);
  const other = await json<Document>(folder, `${line} --volume mean`);
  assert.notDeepEqual(other.pairs[0].tests, usual.pairs[0].tests);
});

test("causal's help says what its own defaults are, and has no method that cannot be used", async () => {
  const { stdout } = await succeed(folder, "causal --help");
  assert.match(stdout, /--volume .*\(default: none\)/);
  assert.match(stdout, /--method <gin\|ivae\|tcl\|ica>/);
  assert.doesNotMatch(stdout, /--augment/);
});

test("causal refuses in one sentence", async () => {
  const pairs = (c: (a: number) => number) =>
    Array.from({ length: 40 }, (_, n) => [Math.sin(n), c(Math.sin(n)), n % 2].join(","));
  const table = (rows: readonly string[]) => `${["a,c,segment", ...rows].join("\n")}\n`;
  await writeFile(join(folder, "same.csv"), table(pairs(() => 3)));
  await writeFile(join(folder, "linear.csv"), table(pairs((a) => 2 * a)));
  await refuse(folder, "causal d.csv", /option --segments: missing, expected the name of a column/);
  await refuse(folder, "causal d.csv --segments time", /no condition column "time" \(--segments\)/);
  await refuse(folder, "causal d.csv --segments segment --variables a,d", /column "d" \(--variables\)/);
  await refuse(folder, "causal d.csv --segments a", /segment "[^"]+" of column "a" has one row/);
  await refuse(
    folder,
    "causal d.csv --segments segment --method ssl",
    /option --method: found "ssl", expected a method that can find disturbances: gin, ivae, tcl, ica$/m,
  );
  for (const [method, option] of [
    ["ivae", "--latents"],
    ["ica", "--components"],
  ]) {
    await refuse(
      folder,
      `causal d.csv --segments segment --method ${method} ${option} 1`,
      new RegExp(`option ${option}: found 1, expected 2 or nothing: a pair has two disturbances`),
    );
  }
  await refuse(
    folder,
    "causal d.csv --segments segment --quiet --method ivae --final-epochs 3",
    /option --final-epochs: found without epochs/,
  );
  await refuse(folder, "causal same.csv --segments segment", /column "c" has the same value in all rows/);
  await refuse(
    folder,
    "causal linear.csv --segments segment --method ica --quiet",
    /found 1 latent of a and c, expected 2; a variable that is a linear function/,
  );
  await refuse(
    folder,
    "causal d.csv --segments segment --variables a",
    /found 1 variable, expected at least 2/,
  );
  await refuse(
    folder,
    "causal d.csv --segments segment --method ica --volume none",
    /option --volume: found with --method ica/,
  );
  await refuse(folder, "causal d.csv --segments segment --report g.pdf", /option --report: found "g\.pdf"/);
  await refuse(folder, "causal d.csv --segments segment --level 0", /option --level: found "0"/);
});
