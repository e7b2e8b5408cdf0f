/** An operation, and the sizes that tell its calls apart. */
export interface OperationName {
  readonly operation: string;
  readonly shape?: string | undefined;
}

/** What calls took and did. */
export interface Amounts {
  readonly calls: number;
  readonly milliseconds: number;
  readonly flops: number;
  readonly bytes: number;
}

/** What has been booked on one operation. */
export interface Entry extends Amounts {
  readonly name: OperationName;
}

/** Books calls by operation and shape. */
export class Ledger {
  private readonly byName = new Map<string, { name: OperationName } & Writable<Amounts>>();

  book(name: OperationName, milliseconds: number, flops = 0, bytes = 0): void {
    this.addTo(name, { calls: 1, milliseconds, flops, bytes });
  }

  /** Adds what another has booked. */
  add(other: Ledger): void {
    for (const entry of other.entries()) this.addTo(entry.name, entry);
  }

  entries(): Entry[] {
    return [...this.byName.values()];
  }

  private addTo(name: OperationName, amounts: Amounts): void {
    const key = name.shape === undefined ? name.operation : `${name.operation} ${name.shape}`;
    let entry = this.byName.get(key);
    if (!entry) {
      entry = { name, calls: 0, milliseconds: 0, flops: 0, bytes: 0 };
      this.byName.set(key, entry);
    }
    entry.calls += amounts.calls;
    entry.milliseconds += amounts.milliseconds;
    entry.flops += amounts.flops;
    entry.bytes += amounts.bytes;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
