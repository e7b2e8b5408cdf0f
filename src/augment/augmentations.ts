import { z } from "zod";
import { quote } from "../data/wording.js";
import { InputError } from "../errors.js";
import type { AugmentedRows, Change } from "./augmentation.js";
import { jitter } from "./jitter.js";
import { neighbours } from "./neighbours.js";
import { noise } from "./noise.js";
import { rotate } from "./rotate.js";
import { scale } from "./scale.js";
import { translate } from "./translate.js";

/** Every augmentation by its name. A new one is one file, one line here, and one entry in `test/augment/`. */
export const augmentations = [translate, rotate, scale, noise, jitter, neighbours] as const;

/** An augmentation and what it is set to; plain data. */
export interface AugmentationSpec {
  readonly name: string;
  readonly settings: unknown;
}

/** More have more combinations than a set can hold. */
const MOST = 6;

const named = (name: string) => augmentations.find((candidate) => candidate.name === name);

export const augmentationSpecs: z.ZodType<readonly AugmentationSpec[]> = z
  .array(
    z.object({ name: z.string(), settings: z.unknown() }).superRefine(({ name, settings }, { addIssue }) => {
      const known = named(name);
      const problem = known ? known.settings.safeParse(settings).error?.issues[0].message : "unknown name";
      if (problem !== undefined)
        addIssue({ code: "custom", message: `augmentation ${quote(name)}: ${problem}` });
    }),
  )
  .min(1)
  .max(MOST)
  .readonly();

const item = new RegExp(`^(?:${augmentations.map(({ name }) => name).join("|")})(?=[=:])`);
const between = new RegExp(`,\\s*(?=(?:${augmentations.map(({ name }) => name).join("|")})[=:])`);

/** The augmentations in a text such as `translate=0.1,rotate=5` or `noise:x1,x2=1`. Throws InputError. */
export function parseAugmentations(text: string): AugmentationSpec[] {
  const specs = text.split(between).map((part) => parseOne(part.trim()));
  const doubled = specs.find(({ name }, index) => specs.findIndex((other) => other.name === name) !== index);
  if (doubled) {
    throw new InputError(`option augment: found ${doubled.name} twice, expected each augmentation once`);
  }
  return specs;
}

function parseOne(part: string): AugmentationSpec {
  const name = item.exec(part)?.[0] ?? part.split(/[=:]/, 1)[0];
  const augmentation = named(name);
  if (!augmentation) {
    const forms = augmentations.map(({ form }) => form.split(" or ")[0]).join(", ");
    throw new InputError(`option augment: found ${quote(part)}, expected some of ${forms}`);
  }
  const [, columns, value] = /^[a-z]+(?::(.*))?=([^=]*)$/.exec(part) ?? [];
  const list = columns?.split(",").map((column) => column.trim());
  const isWrongList = list !== undefined && (!augmentation.takesColumns || list.includes(""));
  const settings = value === undefined || isWrongList ? undefined : augmentation.parse(value.trim(), list);
  if (settings === undefined) {
    throw new InputError(`option augment: found ${quote(part)}, expected ${augmentation.form}`);
  }
  return { name, settings };
}

/** What augmentations do to rows. Throws InputError where they do not suit them. */
export function bindAugmentations(specs: readonly AugmentationSpec[], rows: AugmentedRows): Change[] {
  return specs.map(({ name, settings }) => {
    const augmentation = named(name);
    if (!augmentation) throw new InputError(`option augment: found ${quote(name)}, which is no augmentation`);
    if (!augmentation.applies.includes(rows.kind)) {
      const [found, expected] = rows.kind === "image" ? ["images", "vectors"] : ["vectors", "images"];
      throw new InputError(`option augment: found ${name} for ${found}, expected ${expected}`);
    }
    return augmentation.bind(settings, rows);
  });
}
