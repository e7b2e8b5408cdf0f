import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../../src/engine/engine.js";
import type { Kernels } from "../../../src/engine/kernels.js";
import { measurePeaks } from "../../../src/engine/profile/peaks.js";
import { Profiler } from "../../../src/engine/profile/profiler.js";
import type { Stopwatch } from "../../../src/engine/profile/stopwatch.js";
import { createTeamMemory } from "../../../src/engine/team-memory.js";
import { ThreadTeam } from "../../../src/engine/thread-team.js";

/** A clock that stands still unless it is moved, and an engine two of whose kernels take that many milliseconds. */
async function laboratory(takes: () => number = () => 2) {
  let now = 0;
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  const engine = await Engine.create();
  const kernels = {
    ...engine.kernels,
    linear: () => pass(takes()),
    permute: () => pass(takes()),
  } as unknown as Kernels;
  engine.useKernels(kernels);
  const profiler = new Profiler(() => now);
  profiler.attach(engine, 1);
  return { engine, kernels, profiler, pass };
}

/** A dense layer of 50 to 10 features on 1000 samples, forward: so large that no kernel is written for it. */
const layer = (kernels: Kernels) => kernels.linear(64, 50, 1, 64, 64, 0, 64, 0, 10, 50, 1000, 0, 0, 0, 0);
const permutation = (kernels: Kernels) => kernels.permute(64, 0, 64, 0, 64, 1, 10, 1000, 1000, 0);

const WARM_UP = 10;

test("a step's time is shared out among its kernels, named parts, and what is left", async () => {
  const { engine, profiler, pass } = await laboratory();
  const step = () =>
    profiler.step(() => {
      layer(engine.kernels);
      layer(engine.kernels);
      pass(3);
      // A part has what its kernels do not have: 4 of 6 milliseconds.
      profiler.measure("batch loading", () => {
        pass(4);
        permutation(engine.kernels);
      });
    });
  for (let i = 0; i < WARM_UP + 6; i++) step();
  const profile = await profiler.finish();
  assert.ok(profile);
  assert.deepEqual([profile.steps, profile.timedSteps], [WARM_UP + 6, 4]);
  assert.equal(profile.stepSeconds, 0.013);
  assert.equal(profile.timedStepSeconds, 0.013);
  assert.deepEqual(
    profile.operations.map(({ operation, calls, seconds }) => [operation, calls, Number(seconds.toFixed(9))]),
    [
      ["linear forward", 2, 0.004],
      ["batch loading", 1, 0.004],
      ["JavaScript between kernels", 1, 0.003],
      ["permutation", 1, 0.002],
    ],
  );
  const [linear, loading] = profile.operations;
  assert.deepEqual(
    linear.shapes.map(({ shape }) => shape),
    ["50 -> 10"],
  );
  // 1,000,000 operations in 2 milliseconds.
  assert.equal(linear.gigaflopsPerSecond?.toFixed(6), "0.500000");
  assert.equal(linear.shareOfPeak, (linear.gigaflopsPerSecond as number) / profile.peaks.gigaflops);
  assert.equal(loading.gigaflopsPerSecond, null);
  const shares = profile.operations.reduce((sum, { share }) => sum + share, 0);
  assert.ok(Math.abs(shares - 1) < 1e-12);
});

test("what interrupts a kernel in some steps does not count, whichever call it hits", async () => {
  let interruption = 0;
  const { engine, profiler, pass } = await laboratory(() => 2 + interruption);
  for (let i = 0; i < WARM_UP + 8; i++) {
    profiler.step(() => {
      // Of the four steps that are looked into, two are interrupted in a call of their own each.
      for (let call = 0; call < 2; call++) {
        interruption = i === WARM_UP + 2 * call ? 100 : call;
        layer(engine.kernels);
      }
      if (i >= WARM_UP + 5) pass(100);
    });
  }
  const profile = await profiler.finish();
  assert.deepEqual(
    profile?.operations.map(({ operation, calls, seconds }) => [operation, calls, seconds]),
    [
      ["linear forward", 2, 0.005],
      ["JavaScript between kernels", 1, 0],
    ],
  );
  assert.deepEqual([profile?.stepSeconds, profile?.timedStepSeconds], [0.005, 0.005]);
});

test("what is done for several steps at once is shared out among them", async () => {
  const { profiler, pass } = await laboratory();
  for (let i = 0; i < WARM_UP + 6; i++) {
    profiler.step(() =>
      profiler.measure("batch loading", () => {
        pass(1);
        if (i === WARM_UP + 2) profiler.measure("gathering samples", () => pass(20));
      }),
    );
  }
  const profile = await profiler.finish();
  assert.deepEqual(
    profile?.operations.map(({ operation, calls, seconds }) => [operation, calls, seconds]),
    [
      ["gathering samples", 1 / 4, 0.005],
      ["batch loading", 1, 0.001],
      ["JavaScript between kernels", 1, 0],
    ],
  );
});

test("between steps: named parts and the rest, per step, without their kernels", async () => {
  const { engine, profiler, pass } = await laboratory();
  for (let i = 0; i < 20; i++) {
    profiler.measure("shuffling", () => pass(1));
    profiler.step(() => layer(engine.kernels));
    profiler.measure("held-out likelihood", () => layer(engine.kernels));
    if (i < 10) pass(1);
  }
  const profile = await profiler.finish();
  assert.deepEqual(
    profile?.between.map(({ operation, seconds }) => [operation, Number(seconds.toFixed(9))]),
    [
      ["held-out likelihood", 0.002],
      ["shuffling", 0.001],
      ["progress, checkpoints, event loop", 0.0005],
    ],
  );
});

test("half of the steps run on the kernels themselves, and all do once the profiler is detached", async () => {
  const { engine, kernels, profiler } = await laboratory();
  const watched: boolean[] = [];
  const step = () => profiler.step(() => watched.push(engine.kernels !== kernels));
  for (let i = 0; i < WARM_UP + 5; i++) step();
  assert.deepEqual(watched, [...Array(WARM_UP).fill(false), true, false, true, true, false]);
  assert.throws(() =>
    profiler.step(() => {
      throw new Error("a step that fails");
    }),
  );
  assert.equal(engine.kernels, kernels);
  profiler.detach();
  assert.equal(
    engine.stopwatch.step(() => engine.kernels),
    kernels,
  );
});

test("too few steps give no profile", async () => {
  const { profiler, pass } = await laboratory();
  for (let i = 0; i < WARM_UP + 1; i++) profiler.step(() => pass(1));
  assert.equal(await profiler.finish(), undefined);
});

test("a second of slow steps is warm-up enough", async () => {
  const { profiler, pass } = await laboratory();
  for (let i = 0; i < 5; i++) profiler.step(() => pass(600));
  assert.equal((await profiler.finish())?.timedSteps, 2);
});

test("a member of a team names its sums and, within them, its waiting", async () => {
  const names: string[] = [];
  const stopwatch: Stopwatch = {
    step: (work) => work(),
    measure(operation, work) {
      names.push(operation);
      return work();
    },
  };
  const team = new ThreadTeam(await createTeamMemory(1, 8), 0, { stopwatch });
  assert.equal(team.sum(3), 3);
  const values = Float32Array.of(1, 2);
  team.allReduce(values);
  assert.deepEqual([...values], [1, 2]);
  const [sums, waiting] = ["sums over the team", "waiting for other threads"];
  team.sumOfShares(
    1,
    () => 0,
    () => values,
  );
  assert.deepEqual(names, [sums, waiting, sums, waiting, sums, waiting]);
});

test("peaks are work over time", async () => {
  let now = 0;
  const peaks = await measurePeaks("plain", () => now++);
  // Every run takes a millisecond by this clock: 20,000 rounds of 12 vectors, ...
  assert.equal(peaks.gigaflops, (20_000 * 12 * 4 * 2) / 1e6);
  // ... and two reads and a write of half the bytes, as often as it takes to move 4 MiB.
  assert.equal(peaks.firstLevel, (1.5 * 4 * 2 ** 20) / 1e6);
  assert.equal(peaks.secondLevel, peaks.firstLevel);
  assert.equal(peaks.memory, (1.5 * 128 * 2 ** 20) / 1e6);
});

test("a layer that programs have a kernel of its own for is timed with that one", async () => {
  let calls = 0;
  const { engine, profiler } = await laboratory(() => calls++);
  const { arena, memory } = engine;
  const [weight, x, y] = [10, 64, 64].map((length) => arena.allocateZeroed(4 * length));
  memory.floats(weight, 1).fill(2);
  memory.floats(x, 64).fill(3);
  for (let i = 0; i < WARM_UP + 6; i++) {
    profiler.step(() => engine.kernels.linear(weight, 1, 1, 0, x, 64, y, 64, 1, 1, 64, 0, 0, 0, 0));
  }
  const profile = await profiler.finish();
  assert.equal(profile?.timedSteps, 4);
  assert.equal(calls, WARM_UP + 2);
  assert.deepEqual([...memory.floats(y, 64)], new Array(64).fill(6));
});
