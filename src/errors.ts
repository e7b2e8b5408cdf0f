/** Something the caller handed over cannot be used: an option, a file, a value in it. Exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** The call was right and the work failed: training diverged, a file could not be written. Exit code 1. */
export class FailureError extends Error {
  override readonly name = "FailureError";
}
