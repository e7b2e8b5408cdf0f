import { type Required, required, text, toggle } from "../options.js";

export * from "../options.js";

export const jsonOption = toggle("print one JSON document on stdout instead of text");
export const quietOption = toggle("show no progress and no notes");
export const outOption = (description: string): Required<string> =>
  required(text(description, "file", "the name of a file"));
