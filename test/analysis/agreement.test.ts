import assert from "node:assert/strict";
import { test } from "node:test";
import { compareChoices } from "../../src/analysis/agreement.js";

const table: readonly { wide: readonly number[]; telling: readonly number[]; same: boolean; text: RegExp }[] =
  [
    {
      wide: [4, 1],
      telling: [1, 4],
      same: true,
      text: /^The spread and the .* choose the same 2 latents\.$/,
    },
    { wide: [4], telling: [4], same: true, text: /choose the same latent\.$/ },
    {
      wide: [],
      telling: [],
      same: true,
      text: /^Neither the spread nor the mutual information sets latents apart/,
    },
    {
      wide: [],
      telling: [9, 0],
      same: false,
      text: /sets no latent apart.*latents 9 and 0 say much .* their spread/,
    },
    { wide: [], telling: [9], same: false, text: /latent 9 says much .* its spread/ },
    {
      wide: [4, 1],
      telling: [],
      same: false,
      text: /than chance would, not even latents 4 and 1, which vary/,
    },
    {
      wide: [4, 1],
      telling: [2],
      same: false,
      text: /different latents\. Latents 4 and 1, .* Latent 2, .* varies less/,
    },
    {
      wide: [4, 1],
      telling: [1, 5],
      same: false,
      text: /agree on 1 latent\. Latent 4, .* says less .* Latent 5/,
    },
    { wide: [1, 2], telling: [1], same: false, text: /agree on 1 latent\. Latent 2, [^.]*\.$/ },
  ];
for (const { wide, telling, same, text } of table) {
  test(`spread chooses ${wide.join(", ") || "none"}, information ${telling.join(", ") || "none"}`, () => {
    const agreement = compareChoices("spread", wide, telling);
    assert.equal(agreement.same, same);
    assert.match(agreement.text, text);
    assert.deepEqual(
      agreement.both,
      wide.filter((latent) => telling.includes(latent)),
    );
  });
}

test("of many latents the first are named", () => {
  const many = Array.from({ length: 30 }, (_, k) => k);
  assert.match(compareChoices("spread", [40], many).text, /30 latents \(0, 1, 2, 3, 4, 5, 6, 7, \.\.\.\)/);
});
