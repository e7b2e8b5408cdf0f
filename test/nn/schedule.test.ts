import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  advance,
  fractionDone,
  isDone,
  learningRate,
  type ScheduleOptions,
  type ScheduleState,
  startOfSchedule,
} from "../../src/nn/schedule.js";

const plateau: ScheduleOptions = {
  kind: "plateau",
  learningRate: 1e-2,
  factor: 0.1,
  phases: 2,
  patience: 3,
  threshold: 1e-3,
  longestPhase: 50,
};
const fixed: ScheduleOptions = { kind: "fixed", learningRate: 1e-2, factor: 0.1, epochs: 10, finalEpochs: 4 };

/** The states after each epoch, until the schedule is done or the losses are. */
function course(options: ScheduleOptions, loss: (epoch: number) => number, most = 1000): ScheduleState[] {
  const states = [startOfSchedule];
  while (!isDone(options, states[states.length - 1]) && states.length <= most) {
    states.push(advance(options, states[states.length - 1], loss(states.length)));
  }
  return states;
}

describe("fixed schedule", () => {
  const states = course(fixed, () => 1);

  test("runs the epochs asked for, the last ones at a tenth", () => {
    assert.equal(states.length, 11);
    const rates = states.slice(0, 10).map((state) => learningRate(fixed, state));
    assert.deepEqual(rates.slice(0, 6), new Array(6).fill(1e-2));
    assert.ok(rates.slice(6).every((rate) => Math.abs(rate - 1e-3) < 1e-15));
  });

  test("its fraction is that of the epochs done", () => {
    assert.deepEqual(
      states.map((state) => fractionDone(fixed, state)),
      states.map((_, epoch) => epoch / 10),
    );
  });

  test("no epochs are done at once", () => {
    const none = { ...fixed, epochs: 0, finalEpochs: 0 };
    assert.ok(isDone(none, startOfSchedule));
    assert.equal(fractionDone(none, startOfSchedule), 1);
  });
});

describe("plateau schedule", () => {
  test("a constant loss ends each phase after its patience", () => {
    const states = course(plateau, () => 1);
    // the first epoch of a phase sets the mark, then three without progress
    assert.deepEqual(
      states.map(({ phase }) => phase),
      [0, 0, 0, 0, 1, 1, 1, 1, 2],
    );
    assert.deepEqual(
      states.map((state) => learningRate(plateau, state)).slice(0, 4),
      new Array(4).fill(1e-2),
    );
    assert.ok(Math.abs(learningRate(plateau, states[4]) - 1e-3) < 1e-15);
  });

  test("a loss that keeps falling by more than the threshold goes on to the longest phase", () => {
    const states = course(plateau, (epoch) => -epoch);
    assert.equal(states.length, 1 + 2 * 50);
    assert.equal(states[49].phase, 0);
    assert.equal(states[50].phase, 1);
  });

  test("progress below the threshold does not count", () => {
    const states = course(plateau, (epoch) => -1e-5 * epoch);
    assert.equal(states.length, course(plateau, () => 1).length);
  });

  test("the average is exponential, and one bad epoch in between does not end a phase", () => {
    const once = advance(plateau, advance(plateau, startOfSchedule, 2), 1);
    assert.ok(Math.abs((once.average ?? 0) - (0.8 * 2 + 0.2)) < 1e-15);
    const states = course(plateau, (epoch) => (epoch === 10 ? 5 : -epoch), 30);
    assert.equal(states[30].phase, 0);
  });

  test("each phase judges progress afresh", () => {
    const states = course(plateau, () => 1);
    assert.deepEqual(states[4], {
      epoch: 4,
      phase: 1,
      epochsInPhase: 0,
      average: null,
      best: null,
      stale: 0,
    });
  });

  test("its fraction never falls and ends at 1", () => {
    for (const loss of [() => 1, (epoch: number) => -epoch]) {
      const fractions: number[] = course(plateau, loss).map((state) => fractionDone(plateau, state));
      assert.equal(fractions[0], 0);
      assert.equal(fractions[fractions.length - 1], 1);
      assert.ok(fractions.every((fraction, i) => i === 0 || fraction >= fractions[i - 1]));
    }
  });

  test("advancing leaves the state as it was", () => {
    const state = Object.freeze({ ...startOfSchedule });
    advance(plateau, state, 1);
    assert.deepEqual(state, { epoch: 0, phase: 0, epochsInPhase: 0, average: null, best: null, stale: 0 });
  });
});
