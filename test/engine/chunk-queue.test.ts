import assert from "node:assert/strict";
import { test } from "node:test";
import { ChunkQueue } from "../../src/engine/chunk-queue.js";

test("every chunk is taken once, whoever asks", () => {
  const memory = ChunkQueue.memory(5);
  const threads = [new ChunkQueue(memory), new ChunkQueue(memory)];
  assert.equal(threads[0].left, 5);
  const taken = Array.from({ length: 8 }, (_, turn) => threads[turn % 2].take());
  assert.deepEqual(taken, [0, 1, 2, 3, 4, undefined, undefined, undefined]);
  assert.equal(threads[1].left, 0);
});

test("a chunk that was taken and not finished is overdue", () => {
  const queue = new ChunkQueue(ChunkQueue.memory(3));
  for (let i = 0; i < 3; i++) queue.take();
  queue.finish(0);
  queue.finish(2);
  assert.equal(queue.overdue(1), 1);
  queue.finish(1);
  assert.equal(queue.overdue(1), undefined);
});
