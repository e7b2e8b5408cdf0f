import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ReadOptions, readDataset } from "../../src/data/index.js";
import { put, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
let files = 0;

async function read(text: string, options: ReadOptions = {}, extension = "csv") {
  return readDataset(await put(folder, `t${files++}.${extension}`, text), options);
}

test("a header names the columns, and the condition is taken out of the features", async () => {
  const data = await read("a,label,b\n1,0,2.5\n-3e2,1,+.5\n", { condition: "label" });
  assert.deepEqual(data.featureNames, ["a", "b"]);
  assert.deepEqual([data.samples, data.width], [2, 2]);
  assert.deepEqual([...data.features], [1, 2.5, -300, 0.5]);
  assert.deepEqual(data.condition, { name: "label", classes: ["0", "1"], labels: Int32Array.of(0, 1) });
});

test("features lie in memory that threads can share", async () => {
  const data = await read("1,2\n3,4\n");
  assert.ok(data.features.buffer instanceof SharedArrayBuffer);
});

test("without a header, columns are numbered", async () => {
  const data = await read("1,2,7\n3,4,8\n", { condition: "x3" });
  assert.deepEqual(data.featureNames, ["x1", "x2"]);
  assert.deepEqual(data.condition?.classes, ["7", "8"]);
});

test("the header option overrules detection in both directions", async () => {
  const named = await read("1,2\n3,4\n", { header: true });
  assert.deepEqual([named.samples, named.featureNames], [1, ["1", "2"]]);
  const bare = await read("1,cat\n3,dog\n", { header: false, condition: "x2" });
  assert.deepEqual([bare.samples, bare.condition?.classes], [2, ["cat", "dog"]]);
});

test("quotes, CRLF, a byte-order mark and blank lines at the end are read through", async () => {
  const data = await read('\ufeff"a,1","b ""q""",kind\r\n1,"2","x\ny"\r\n3,4,z\r\n\r\n\r\n', {
    condition: "kind",
  });
  assert.deepEqual(data.featureNames, ["a,1", 'b "q"']);
  assert.deepEqual([...data.features], [1, 2, 3, 4]);
  assert.deepEqual(data.condition?.classes, ["x\ny", "z"]);
});

test("a last line without a line break counts", async () => {
  assert.equal((await read("a,b\n1,2\n3,4")).samples, 2);
});

for (const [mark, extension] of [
  ["\t", "tsv"],
  [";", "csv"],
  ["\t", "txt"],
  [" ", "txt"],
] as const) {
  test(`cells may be divided by ${JSON.stringify(mark)} in .${extension}`, async () => {
    const data = await read(["a b c", "1 2 3", "4 5 6"].join("\n").replaceAll(" ", mark), {}, extension);
    assert.deepEqual([data.width, [...data.features]], [3, [1, 2, 3, 4, 5, 6]]);
  });
}

test("gzipped text is unpacked", async () => {
  const path = await put(folder, "zipped.csv.gz", gzipSync("a,b\n1,2\n"));
  assert.deepEqual([...(await readDataset(path)).features], [1, 2]);
});

test("--features chooses columns and their order, and lets text columns pass", async () => {
  const data = await read("name,a,b,c\nann,1,2,3\nbob,4,5,6\n", { features: ["c", "a"] });
  assert.deepEqual(data.featureNames, ["c", "a"]);
  assert.deepEqual([...data.features], [3, 1, 6, 4]);
});

test("numeric classes sort by value and merge spellings of one number", async () => {
  const data = await read("a,u\n1,10\n1,9\n1,9.0\n1,-1\n1,010\n", { condition: "u" });
  assert.deepEqual(data.condition?.classes, ["-1", "9", "10"]);
  assert.deepEqual([...data.condition!.labels], [2, 1, 1, 0, 2]);
});

test("one class that is a word makes all classes text", async () => {
  const data = await read("a,u\n1,10\n1,9\n1,none\n1,9.0\n", { condition: "u" });
  assert.deepEqual(data.condition?.classes, ["10", "9", "9.0", "none"]);
});

test("a table longer than one chunk keeps its values and its order", async () => {
  const rows = 20_011;
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i / 2},${i % 7}`);
  const data = await read(`a,b,u\n${lines.join("\n")}\n`, { condition: "u" });
  assert.equal(data.samples, rows);
  assert.ok(data.features.every((value, i) => value === (i % 2 === 0 ? i / 2 : (i - 1) / 4)));
  assert.ok(data.condition!.labels.every((label, i) => label === i % 7));
});
