/** An operation, and the sizes that tell its calls apart. */
export interface OperationName {
  readonly operation: string;
  readonly shape?: string | undefined;
}

/** What has been booked on one operation. */
export interface Entry {
  readonly name: OperationName;
  readonly calls: number;
  /** Milliseconds of each call, or of each part of it where others come between, in their order. */
  readonly times: readonly number[];
  readonly flops: number;
  readonly bytes: number;
}

/** Books time and calls by operation and shape; with `total`, only the sum of an operation's times is kept. */
export class Ledger {
  private readonly byName = new Map<
    string,
    { name: OperationName; calls: number; times: number[]; flops: number; bytes: number }
  >();

  constructor(private readonly total = false) {}

  /** Books a call with what it does. */
  call(name: OperationName, flops = 0, bytes = 0): void {
    const entry = this.open(name);
    entry.calls += 1;
    entry.flops += flops;
    entry.bytes += bytes;
  }

  time(name: OperationName, milliseconds: number): void {
    const { times } = this.open(name);
    if (this.total) times[0] = (times[0] ?? 0) + milliseconds;
    else times.push(milliseconds);
  }

  entry(name: OperationName): Entry | undefined {
    return this.byName.get(nameText(name));
  }

  entries(): Entry[] {
    return [...this.byName.values()];
  }

  private open(name: OperationName) {
    const key = nameText(name);
    let entry = this.byName.get(key);
    if (!entry) {
      entry = { name, calls: 0, times: [], flops: 0, bytes: 0 };
      this.byName.set(key, entry);
    }
    return entry;
  }
}

export const nameText = ({ operation, shape }: OperationName): string =>
  shape === undefined ? operation : `${operation} ${shape}`;
