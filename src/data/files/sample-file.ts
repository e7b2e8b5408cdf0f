import { readFile, rm, stat } from "node:fs/promises";
import { z } from "zod";
import type { ImageShape, SampleFile } from "../dataset.js";
import { rowBytes } from "../sample-rows.js";

/** A sample file and what its data set is called. */
export interface DescribedFile {
  readonly file: SampleFile;
  readonly name: string;
  readonly featureNames: readonly string[];
  readonly image?: ImageShape | undefined;
  readonly condition?: { readonly name: string; readonly classes: readonly string[] } | undefined;
}

/** The two files that hold samples: their rows, and what is known of them. */
export interface SampleFilePaths {
  readonly rows: string;
  readonly about: string;
}

const numbers = z.array(z.number());
const aboutSchema = z.object({
  format: z.literal("unmix-samples"),
  version: z.literal(1),
  /** What the samples were made from, as whoever wrote them said. */
  origin: z.string(),
  name: z.string(),
  samples: z.int(),
  width: z.int(),
  featureNames: z.array(z.string()),
  image: z.object({ channels: z.int(), height: z.int(), width: z.int() }).optional(),
  condition: z.object({ name: z.string(), classes: z.array(z.string()) }).optional(),
  classOf: numbers,
  counts: numbers,
  statistics: z.object({ mean: numbers, sd: numbers, constant: z.array(z.boolean()) }),
  fingerprint: z.string(),
});
export type About = z.infer<typeof aboutSchema>;

/** The sample file at a place, where a whole one stands there that was made from `origin`. */
export async function openSampleFile(
  paths: SampleFilePaths,
  origin: string,
): Promise<DescribedFile | undefined> {
  const text = await readFile(paths.about, "utf8").catch(() => "");
  const about = parseAbout(text);
  if (about === undefined || about.origin !== origin) return undefined;
  const found = await stat(paths.rows).catch(() => undefined);
  return found?.size === about.samples * rowBytes(about.width) ? describe(paths, about) : undefined;
}

export async function removeSampleFile({ rows, about }: SampleFilePaths): Promise<void> {
  await rm(about, { force: true });
  await rm(rows, { force: true });
}

/** A sample file from what is known of it. */
export function describe({ rows }: SampleFilePaths, about: About): DescribedFile {
  const { samples, width, classOf, counts, statistics, fingerprint, name, featureNames, image, condition } =
    about;
  return {
    file: {
      path: rows,
      samples,
      width,
      classOf: Int32Array.from(classOf),
      counts: Int32Array.from(counts),
      statistics: {
        mean: Float64Array.from(statistics.mean),
        sd: Float64Array.from(statistics.sd),
        constant: statistics.constant,
      },
      fingerprint,
    },
    name,
    featureNames,
    image,
    condition,
  };
}

function parseAbout(text: string): About | undefined {
  try {
    const result = aboutSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
