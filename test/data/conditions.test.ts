import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { encodePoints } from "../../src/data/condition-values.js";
import { fingerprint } from "../../src/data/fingerprint.js";
import { conditionsOf, readDataset, selectSamples } from "../../src/data/index.js";
import { encodeNpy } from "../../src/data/npy-format.js";
import { encodeNpz } from "../../src/data/npz.js";
import type { ReadOptions } from "../../src/data/options.js";
import { workFolder } from "../cli/support.js";

const folder = workFolder();
const rows = Array.from({ length: 40 }, (_, n) => ({
  x: n % 7,
  y: (n * n) % 11,
  time: 1_700_000_000 + n,
  site: n % 2 === 0 ? "A" : "B",
  p: (n % 4) / 4,
}));

async function csv(
  name: string,
  columns: Record<string, (row: (typeof rows)[number]) => unknown>,
): Promise<string> {
  const lines = rows.map((row) =>
    Object.values(columns)
      .map((value) => value(row))
      .join(","),
  );
  const path = join(folder, name);
  await writeFile(path, `${Object.keys(columns).join(",")}\n${lines.join("\n")}\n`);
  return path;
}

const table = () =>
  csv("d.csv", {
    x: ({ x }) => x,
    y: ({ y }) => y,
    time: ({ time }) => time,
    site: ({ site }) => site,
    p1: ({ p }) => p,
    p2: ({ p }) => 1 - p,
  });

const read = async (options: ReadOptions) => readDataset(await table(), { features: ["x", "y"], ...options });
const conditionOf = async (options: ReadOptions) => (await read(options)).condition ?? assert.fail();

describe("conditions that are no class", () => {
  test("a column of numbers, in double precision", async () => {
    const { name, values, classes } = await conditionOf({ condition: "time", conditionKind: ["continuous"] });
    assert.equal(name, "time");
    assert.deepEqual(
      values?.rows,
      Float64Array.from(rows, ({ time }) => time),
    );
    const deviation = Math.sqrt((40 ** 2 - 1) / 12);
    assert.deepEqual(values?.columns, [
      { kind: "continuous", name: "time", centre: 1_700_000_019.5, scale: deviation },
    ]);
    assert.equal(new Set(classes).size, classes.length);
  });

  test("several columns, of one kind or of a kind each", async () => {
    const sites = await conditionOf({ condition: "site,p1" });
    assert.deepEqual(
      sites.values?.columns.map((column) => column.kind === "class" && column.classes),
      [
        ["A", "B"],
        ["0", "0.25", "0.5", "0.75"],
      ],
    );
    const mixed = await conditionOf({ condition: "time, site", conditionKind: ["continuous", "class"] });
    assert.equal(mixed.name, "time, site");
    const encoded = encodePoints(mixed.values?.columns ?? [], mixed.values?.rows ?? []);
    const deviation = Math.sqrt((40 ** 2 - 1) / 12);
    assert.deepEqual(encoded.slice(0, 6), Float32Array.of(-19.5 / deviation, 1, 0, -18.5 / deviation, 0, 1));
  });

  test("probabilities of the classes", async () => {
    const { classes, labels, probabilities } = await conditionOf({
      condition: "p1,p2",
      conditionKind: ["soft"],
    });
    assert.deepEqual(classes, ["p1", "p2"]);
    assert.deepEqual(probabilities, Float64Array.from(rows.flatMap(({ p }) => [p, 1 - p])));
    assert.deepEqual(
      labels,
      Int32Array.from(rows, ({ p }) => (p >= 0.5 ? 0 : 1)),
    );
  });

  test("rows without a label, where they are asked for", async () => {
    const path = await csv("missing.csv", {
      x: ({ x }) => x,
      y: ({ y }) => y,
      u: ({ site, x }) => (x === 3 ? "" : site),
    });
    await assert.rejects(readDataset(path, { condition: "u" }), /row 4 .*found no label.*--semi-supervised/);
    const { condition } = await readDataset(path, { condition: "u", semiSupervised: true });
    assert.deepEqual(condition?.classes, ["A", "B"]);
    const expected = Int32Array.from(rows, ({ x, site }) => (x === 3 ? -1 : site === "A" ? 0 : 1));
    assert.deepEqual(condition?.labels, expected);
  });

  test("chosen samples keep their conditions, and other conditions make another fingerprint", async () => {
    for (const options of [
      { condition: "time", conditionKind: ["continuous"] },
      { condition: "p1,p2", conditionKind: ["soft"] },
    ] as const) {
      const dataset = await read(options);
      const condition = dataset.condition ?? assert.fail();
      const chosen = selectSamples(dataset, [5, 3]).condition ?? assert.fail();
      const all = conditionsOf(condition);
      const width = all.length / dataset.samples;
      assert.deepEqual(
        [...conditionsOf(chosen)],
        [...all.slice(5 * width, 6 * width), ...all.slice(3 * width, 4 * width)],
      );
      assert.notEqual(fingerprint(dataset), fingerprint(await read({ condition: "site" })));
    }
  });

  test("in arrays and in files of their own", async () => {
    const numbers = Float64Array.from(rows, ({ time }) => time);
    const x = Float64Array.from(rows.flatMap((row) => [row.x, row.y]));
    const data = join(folder, "d.npz");
    await writeFile(data, encodeNpz({ x: { data: x, shape: [40, 2] }, u: { data: numbers, shape: [40] } }));
    const kind = { conditionKind: ["continuous"] } as const;
    const inside = await readDataset(data, { condition: "u", ...kind });
    assert.deepEqual(inside.condition?.values?.rows, numbers);
    const [array, beside] = [join(folder, "x.npy"), join(folder, "u.npy")];
    await writeFile(array, encodeNpy({ data: x, shape: [40, 2] }));
    await writeFile(beside, encodeNpy({ data: numbers, shape: [40] }));
    assert.deepEqual(
      (await readDataset(array, { labels: beside, ...kind })).condition?.values?.rows,
      numbers,
    );
    const text = await csv("u.csv", { u: ({ p }) => p, v: ({ x: value }) => value });
    const two = await readDataset(array, { labels: text, ...kind });
    assert.deepEqual(
      two.condition?.values?.columns.map(({ name }) => name),
      ["u", "v"],
    );
    assert.deepEqual(two.condition?.values?.rows, Float64Array.from(rows.flatMap((row) => [row.p, row.x])));
  });

  const refusals: Readonly<Record<string, readonly [ReadOptions, RegExp]>> = {
    "text in a column of numbers": [
      { condition: "site", conditionKind: ["continuous"] },
      /row 1 \(line 2\), column "site": found "A", expected a number/,
    ],
    "kinds that are too few": [
      { condition: "time,site,p1", conditionKind: ["continuous", "class"] },
      /found 2 kinds in --condition-kind for 3 columns/,
    ],
    "soft labels beside a number": [
      { condition: "time,p1", conditionKind: ["continuous", "soft"] },
      /soft labels beside other columns/,
    ],
    "a single column of soft labels": [{ condition: "p1", conditionKind: ["soft"] }, /one for each class/],
    "probabilities that do not add up to 1": [
      { condition: "p1,x", conditionKind: ["soft"], features: ["y"] },
      /row 1: found probabilities of the classes that add up to 0, expected 1/,
    ],
    "a column twice": [{ condition: "time,time" }, /lists column "time" twice/],
    "a column that is not there": [{ condition: "time,place" }, /no condition column "place"/],
    "rows without labels of a point": [{ condition: "time,site", semiSupervised: true }, /--semi-supervised/],
    "classes chosen among points": [{ condition: "time,site", only: ["A"] }, /--only/],
  };
  for (const [name, [options, message]] of Object.entries(refusals)) {
    test(`refused: ${name}`, async () => {
      await assert.rejects(read(options), { name: "InputError", message });
    });
  }
});
