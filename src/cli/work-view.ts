/** Shows how far a long piece of work has come. */
export interface WorkView {
  /** `fraction` from 0 to 1. */
  update(fraction: number, text: string): void;
  /** Removes what is only of interest while the work goes on. */
  end(): void;
}

const MILLISECONDS = 200;

/** One live line on a terminal; nothing elsewhere, nor with `quiet`. */
export function workView(stream: NodeJS.WriteStream, quiet = false): WorkView {
  if (quiet || stream.isTTY !== true) return { update() {}, end() {} };
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(fraction, text) {
      const now = performance.now();
      if (now - last < MILLISECONDS) return;
      last = now;
      stream.write(
        `\r${`${Math.floor(100 * fraction)} %  ${text}`.slice(0, (stream.columns ?? 80) - 1)}\x1b[K`,
      );
    },
    end() {
      stream.write("\r\x1b[K");
    },
  };
}
