import { z } from "zod";
import { decodeSafetensors } from "../data/safetensors.js";
import { methodNamed } from "./methods.js";
import type { Model, OpenOptions } from "./model.js";
import { modelHeader, readHeader } from "./model-file.js";

const headerSchema = z.object({ ...modelHeader, method: z.string() });

/**
 * Reads a model of any method, as its `save` wrote it. `name` is what messages call the file. Throws InputError when
 * it is not such a file.
 */
export async function loadModel(bytes: Uint8Array, name: string, options: OpenOptions = {}): Promise<Model> {
  const file = decodeSafetensors(bytes, name);
  const { method } = readHeader(file.metadata, headerSchema, name);
  const { open } = await methodNamed(method, `${name}: the method of the model`).load();
  return open(file, name, options);
}
