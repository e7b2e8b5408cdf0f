import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { BUILDS } from "../support/kernel-memory.js";

for (const build of BUILDS) {
  test(`the ${build} build computes all the multiply-adds whose speed is measured`, async () => {
    const { kernels } = await Engine.create({ build });
    // a = a / 2 + 1 from 1 on is 2 - 2^-n after n rounds, in each of the 48 lanes.
    for (const rounds of [0, 1, 2, 10]) {
      assert.equal(kernels.multiplyAdds(rounds, 0.5, 1), 48 * (2 - 2 ** -rounds));
    }
  });
}
