import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ratioByRounds } from "../../bench/measure.js";
import { replaceMarked } from "../../bench/publish.js";
import { quantity } from "../../bench/speed-table.js";
import { spread } from "../../bench/statistics.js";

test("quartiles are NumPy's", () => {
  // numpy.quantile([4, 1, 3, 2, 10], [0.25, 0.5, 0.75]) and of [1, 2], [7]
  assert.deepEqual(spread([4, 1, 3, 2, 10]), { lowerQuartile: 2, median: 3, upperQuartile: 4 });
  assert.deepEqual(spread([2, 1]), { lowerQuartile: 1.25, median: 1.5, upperQuartile: 1.75 });
  assert.deepEqual(spread([7]), { lowerQuartile: 7, median: 7, upperQuartile: 7 });
});

test("a ratio is that of rounds, whatever the machine does from round to round", () => {
  // Twice as fast in every round; in the second the machine is ten times slower, of which a side may have more.
  const peer = [[4, 4, 4], [40, 40], [4]];
  const ours = [[2, 2], [20, 20, 20, 20, 20], [2]];
  assert.equal(ratioByRounds(peer, ours), 2);
  // A side that was asked less often is compared where it was.
  assert.equal(ratioByRounds(peer.slice(0, 1), ours), 2);
  assert.equal(ratioByRounds(undefined, ours), null);
});

test("quantities have three digits and a unit that suits them", () => {
  assert.equal(quantity(0.000_512_3, "seconds"), "0.512 ms");
  assert.equal(quantity(0.183_4, "seconds"), "183 ms");
  assert.equal(quantity(6.349, "seconds"), "6.35 s");
  assert.equal(quantity(110.9, "seconds"), "111 s");
  assert.equal(quantity(200 * 2 ** 20, "bytes"), "200 MiB");
});

test("a table is written between its markers, and nowhere else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "unmix-publish-"));
  const path = join(folder, "page.md");
  await writeFile(path, "before\n<!-- a -->\nold\n<!-- /a -->\n<!-- b -->\nold\n<!-- /b -->\n");
  await replaceMarked(path, "a", "costs $& and $1");
  const text = "before\n<!-- a -->\ncosts $& and $1\n<!-- /a -->\n<!-- b -->\nold\n<!-- /b -->\n";
  assert.equal(await readFile(path, "utf8"), text);
  await assert.rejects(replaceMarked(path, "c", "x"), /markers <!-- c --> and <!-- \/c --> are missing/);
  await rm(folder, { recursive: true });
});
