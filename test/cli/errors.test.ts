import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { refuse, run, succeed, text, workFolder } from "./support.js";

const folder = workFolder();

before(async () => {
  await succeed(folder, "generate mixture --samples 100 --out d.csv --truth z.npy");
  await succeed(folder, "fit d.csv --condition label --out run --epochs 0 --quiet");
  await succeed(folder, "encode run --data d.csv --out z.csv");
  await succeed(folder, "generate mixture --samples 60 --out short.csv --truth short.npy");
  await writeFile(join(folder, "bad.csv"), "a,b,label\n1,2,0\n3,oops,1\n");
  await writeFile(join(folder, "one.csv"), "a,b,label\n1,2,0\n3,4,0\n");
  await writeFile(
    join(folder, "strange.csv"),
    "x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,label\n1,2,3,4,5,6,7,8,9,0,zebra\n",
  );
  await writeFile(join(folder, "foreign.safetensors"), "not a model at all");
});

/** Wrong calls with what their one sentence must say. */
const wrong: Record<string, RegExp> = {
  fitt: /^unmix: verb fitt: no such verb, perhaps you mean fit; see: unmix --help/,
  "generate mixtur": /verb mixtur: no such verb, perhaps you mean mixture/,
  "--nonsense": /option --nonsense: no such option; see: unmix --help/,
  fit: /argument data: missing.*see: unmix fit --help/,
  "fit d.csv e.csv": /arguments: found 2, expected 1; see: unmix fit --help/,
  "fit d.csv --bach 3": /option --bach: no such option, perhaps you mean --batch; see: unmix fit --help/,
  "fit d.csv --batch": /option --batch: found no value, expected <n>/,
  "fit d.csv --batch abc": /option --batch: found "abc", expected a whole number from 1/,
  "fit d.csv --batch -3": /option --batch: found "-3", expected a whole number from 1/,
  "fit d.csv --batch 1.5": /option --batch: found "1\.5", expected a whole number from 1/,
  "fit d.csv --batch 0x10": /option --batch: found "0x10", expected a whole number/,
  "fit d.csv --batch ''": /option --batch: found "", expected a whole number/,
  "fit d.csv --lr 0": /option --lr: found "0", expected a number above 0, at most 10/,
  "fit d.csv --noise NaN": /option --noise: found "NaN", expected a number from 0/,
  "fit d.csv --held-out 1": /option --held-out: found "1", expected a number from 0 to 0\.9/,
  "fit d.csv --seed -1": /option --seed: found "-1", expected a whole number from 0 to 4,294,967,295/,
  "fit d.csv --prior fixed": /option --prior: found "fixed", expected trainable or empirical/,
  "fit d.csv --volume all": /option --volume: found "all", expected mean, last, none or additive/,
  "fit d.csv --threads 0": /option --threads: found "0", expected a whole number from 1 to 256, or auto/,
  "fit d.csv --out --json": /option --out: found "--json", expected the name of a folder/,
  "fit d.csv --condition label --resume --overwrite": /option --resume: found together with --overwrite/,
  "fit d.csv --condition label --out n --final-epochs 3": /option --final-epochs: found without epochs/,
  "fit d.csv --condition label --out n --preset image": /preset: found "image", but d\.csv holds vectors/,
  "fit d.csv --out n": /d\.csv: without a condition.* not identifiable: .*\. .*--condition COLUMN \(.*x1, x2/,
  "fit z.npy --out n": /z\.npy: without a condition.* not identifiable: .*\. .*--labels FILE/,
  "fit d.csv --condition nope --out n": /no condition column "nope" \(--condition\); its columns are "x1"/,
  "fit d.csv --condition label --features a,b --out n": /no feature column "a"/,
  "fit d.csv --condition label --features a,,b --out n":
    /option --features: .*expected names separated by commas/,
  "fit nope.csv --condition label --out n": /nope\.csv: no such file or directory/,
  "fit bad.csv --condition label --out n": /bad\.csv, row 2 \(line 3\), column "b": found "oops"/,
  "fit one.csv --condition label --out n": /"label" has one class only/,
  "fit d.csv --condition label --truth short.npy --out n": /short\.npy: found 60 rows, expected 100/,
  "inspect nope": /nope: no such file or directory, expected a run folder or a model file/,
  "inspect .": /\.: holds no model\.safetensors/,
  "inspect foreign.safetensors": /foreign\.safetensors: /,
  "encode run --data d.csv": /option --out: missing, expected the name of a file/,
  "encode run --data d.csv --out w.txt":
    /option --out: found "w\.txt", expected a name that ends in \.npy, \.csv or \.parquet/,
  "encode run --data d.csv --out w.npy --threads 0":
    /option --threads: found "0", expected a whole number from 1 to 256, or auto/,
  "encode run --data short.npy --out w.npy": /short\.npy: found 2 features, expected 10/,
  "decode run --data w.npy --out x.png": /option --out: found "x\.png" for a model of vectors/,
  "sample run --condition 9 --out s.npy":
    /option --condition: found "9", expected one of the model's classes \(0, 1, 2, 3, 4\)/,
  "sample run --condition 1 --count 0 --out s.npy":
    /option --count: found "0", expected a whole number from 1/,
  "sample run --temperature -1 --out s.npy": /option --temperature: found "-1", expected a number from 0/,
  "sample run --latents 0,a --out s.npy": /option --latents: found "0,a", expected whole numbers from 0/,
  "sample run --latents 10 --out s.npy": /option --latents: found 10, expected the index of a latent, 0 to 9/,
  "sample run --observation-noise --out s.npy":
    /option --observation-noise: found for a model of GIN.*expected an iVAE or a VAE/,
  "evaluate run --data d.csv --truth-magnitude": /option --truth-magnitude: found without --truth/,
  "traverse run --latent 10 --out t.png": /option --latent: found 10, expected the index of a latent, 0 to 9/,
  "traverse run --out t.png": /option --latent: missing, expected a whole number from 0/,
  "evaluate run --data z.npy": /z\.npy: found 2 features, expected 10/,
  "evaluate run --data d.csv --truth short.npy":
    /short\.npy: found 60 rows, expected 100, one for each sample of d\.csv/,
  "evaluate run --data strange.csv --condition label": /class "zebra" of "label" is not one of the model's/,
  "generate mixture --informative 3 --features 2 --out g.csv":
    /option --informative: found 3, expected at most the 2/,
  "generate mixture --classes 1 --out g.csv": /option --classes: found "1", expected a whole number from 2/,
  "generate mixture --out g.npz":
    /option --out: found "g.npz", expected a name that ends in \.csv, \.parquet or \.npy/,
  "generate mixture --out g.npy": /option --labels: missing, expected a file for the classes/,
  "generate mixture --out g.npy --labels g.npy": /option --labels: found "g.npy", which is also --out/,
  "check d.csv": /d\.csv: no condition given; name the column with the class of each row with --condition/,
  "check d.csv --condition label --data d.csv":
    /option --data: found with the data d\.csv, expected only with a run/,
  "check d.csv --condition label --expect 0": /option --expect: found "0", expected a whole number from 1/,
  "check run --condition label": /option --condition: found without --data, expected both/,
  "check run --latents 10": /option --latents: found 10, expected the index of a latent, 0 to 9/,
  "check run --data z.npy": /z\.npy: found 2 features, expected 10/,
  "generate segments --sources 5 --features 4 --out g.csv":
    /option --features: found 4, expected at least the 5 of --sources/,
  "generate segments --latent uniform --out g.csv":
    /option --latent: found "uniform", expected gaussian or laplace/,
  "generate segments --activation relu --out g.csv":
    /option --activation: found "relu", expected tanh or leaky-relu/,
  "generate segments --observations poisson --out g.csv":
    /option --observations: found "poisson", expected continuous or bernoulli/,
  "generate segments --layers 0 --out g.csv":
    /option --layers: found "0", expected a whole number from 1 to 100/,
  "generate segments --slope 0 --out g.csv":
    /option --slope: found "0", expected a number above 0, at most 1/,
  "generate segments --segments 1 --out g.csv":
    /option --segments: found "1", expected a whole number from 2/,
  "generate segments --segments 1000 --length 1000000 --out g.csv":
    /option --length: found 1000000, expected at most 100,000,000 samples in all 1000 segments/,
  "generate segments --observation bernoulli --out g.csv":
    /option --observation: no such option, .*; see: unmix generate segments --help/,
  "generate --sources 3": /option --sources: no such option.*; see: unmix generate --help/,
  "check z.csv --condition w1":
    /z\.csv: condition "w1" has 100 classes in 100 rows, .*--condition-kind continuous/,
  "check d.csv --condition label --threads 1":
    /option --threads: found with the data d\.csv, expected only with a run/,
  "check run --threads 1": /option --threads: found without --data, expected both/,
  "fit d.csv --condition label --out n --beta 3":
    /option --beta: found with --method gin \(the default\), which does not take it, expected only with beta-vae, beta-tcvae$/m,
  "fit d.csv --condition x1,x2 --condition-kind continuous --method tcl --out n":
    /d\.csv: found a condition that is a point \(--condition-kind.* --method tcl, .*expected --method gin or ivae$/m,
  "fit d.csv --condition label --method ivae --decoder-variance 1 --learn-variance --out n":
    /option --decoder-variance: found together with option --learn-variance/,
  "fit d.csv --condition label --resume --out run --epochs 0 --quiet --lr 0.02":
    /option --lr: found 0\.02, expected nothing as in the finished fit in run/,
  "generate segments --out g.npy": /option --labels: missing, expected a file for the classes/,
};

const calls = Object.entries(wrong);
for (let from = 0; from < calls.length; from += 4) {
  const some = calls.slice(from, from + 4);
  test(`refuses in one sentence: ${some.map(([line]) => line).join("; ")}`, async () => {
    await Promise.all(some.map(([line, says]) => refuse(folder, line, says)));
  });
}

test("what cannot be written is a failure and no wrong input", async () => {
  await refuse(
    folder,
    "encode run --data d.csv --out none/w.npy",
    /cannot write none.w\.npy: the folder none/,
    1,
  );
});

test("a fit that diverges says so in one sentence, and the record keeps it", async () => {
  const { code, stderr } = await run(folder, "fit d.csv --condition label --out wild --noise 3e38 --quiet");
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^unmix: Training stopped at step \d+[^\n]*\n$/);
  assert.equal(JSON.parse(await text(folder, "wild/run.json")).status, "failed");
});

test("--debug prints where an error comes from", async () => {
  const { stderr, code } = await run(folder, "inspect nope --debug");
  assert.match(stderr, /expected a run folder.*\n\s+at /);
  assert.equal(code, 2);
});
