import { z } from "zod";
import { InputError } from "../errors.js";

const FORMAT = "unmix-model";
const VERSION = 1;

/** What the header of every model file starts with; `method` and `facts` follow. */
export const modelHeader = { format: z.literal(FORMAT), version: z.literal(VERSION) } as const;

/** The metadata of a model file: everything but its tensors, as JSON under the key `unmix`. */
export function modelMetadata(method: string, facts: object): Record<string, string> {
  return { unmix: JSON.stringify({ format: FORMAT, version: VERSION, method, facts }) };
}

/** The JSON under the metadata key `unmix`, checked against a schema. Throws InputError. */
export function readHeader<T>(
  metadata: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
  name: string,
): T {
  if (metadata.unmix === undefined) {
    throw new InputError(`${name}: a safetensors file of another program, expected one written by unmix`);
  }
  let header: unknown;
  try {
    header = JSON.parse(metadata.unmix);
  } catch {
    throw new InputError(`${name}: the metadata are damaged, expected JSON under "unmix"`);
  }
  const result = schema.safeParse(header);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw new InputError(
    `${name}: the metadata do not fit this version of unmix at ${path.join(".") || "top"}: ${message}`,
  );
}
