/** Text on stdout, with the line end. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON document on stdout. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** A message on stderr, with the line end. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ends quietly when whoever reads the output has closed it, as `head` does. */
export function endOnClosedOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    say(
      `unmix: cannot write to standard output: ${error.code === "ENOSPC" ? "the disk is full" : error.message}`,
    );
    process.exit(1);
  });
  process.stderr.on("error", () => {});
}
