import { type Option, type Required, required, text, threadsOption, toggle } from "../options.js";

export * from "../options.js";

export const jsonOption = toggle("print one JSON document on stdout instead of text");
export const quietOption = toggle("show no progress and no notes");
export const outOption = (description: string): Required<string> =>
  required(text(description, "file", "the name of a file"));

export const passThreadsOption: Option<number | "auto"> = {
  ...threadsOption,
  description:
    "threads to use where the work is long (default: auto, all cores); the result is the same at any number",
};
