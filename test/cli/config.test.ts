import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { refuse, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const put = (name: string, content: string) => writeFile(join(folder, name), content);
const resolved = async (out: string) => JSON.parse(await text(folder, `${out}/run.json`)).configuration;

before(() => succeed(folder, "generate mixture --samples 200 --out d.csv"));

test("a file says what flags say, in YAML or JSON, camelCase or kebab-case; flags win", async () => {
  await put(
    "c.yaml",
    "condition: label\nout: a\nepochs: 2\nheld-out: 0.2\nfinalEpochs: 1\nfeatures: [x1, x2, x3]\nquiet: true\n",
  );
  await succeed(folder, "fit d.csv --config c.yaml --epochs 1 --out b");
  const { schedule, heldOut } = await resolved("b");
  assert.deepEqual([schedule.epochs, schedule.finalEpochs, heldOut], [1, 1, 0.2]);
  await put("c.json", '{"condition": "label", "out": "c", "epochs": 1, "lr": 1e-3, "quiet": true}');
  await succeed(folder, "fit d.csv --config c.json");
  assert.equal((await resolved("c")).schedule.learningRate, 1e-3);
});

const wrong: Record<string, readonly [content: string, says: RegExp]> = {
  "an unknown key": [
    "bach: 3\n",
    /w\.yaml: unknown key "bach", expected the name of an option without its dashes, as --help lists them$/m,
  ],
  "a value out of range": ["heldOut: 2\n", /w\.yaml, key heldOut: found 2, expected a number from 0 to 0\.9/],
  "a value of another kind": [
    "resume: maybe\n",
    /w\.yaml, key resume: found "maybe", expected true or false/,
  ],
  "one option twice": ["held-out: 0.1\nheldOut: 0.1\n", /keys held-out and heldOut say the same thing/],
  "no mapping": ["- a\n- b\n", /w\.yaml: found a list, expected names of options/],
  "no YAML": ["a: [1,\n", /w\.yaml: neither YAML nor JSON: /],
  "no value": ["batch:\n", /w\.yaml, key batch: found null, expected a whole number from 1/],
};

for (const [name, [content, says]] of Object.entries(wrong)) {
  test(`refuses a configuration file with ${name}`, async () => {
    await put("w.yaml", content);
    await refuse(folder, "fit d.csv --condition label --config w.yaml", says);
  });
}

test("refuses a configuration file that is not there, or a folder", async () => {
  await refuse(folder, "fit d.csv --config nope.yaml", /nope\.yaml: no such file/);
  await refuse(folder, "fit d.csv --config .", /\.: found a directory, expected a file/);
});
