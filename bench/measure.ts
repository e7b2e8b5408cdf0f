import { loadAverage } from "./machine.js";
import type { BenchAnswer, SideName } from "./requests.js";
import { Side } from "./side.js";
import { median, type Spread, spread } from "./statistics.js";
import type { Group } from "./works.js";

/** One line of the table. Seconds, or bytes where `unit` says so; ratios are PyTorch's over ours. */
export interface Row {
  readonly work: string;
  readonly unit: "seconds" | "bytes";
  readonly ours: Spread;
  /** With the plain build of the kernels. */
  readonly plain: Spread | null;
  readonly torch: Spread | null;
  readonly ratio: number | null;
  readonly plainRatio: number | null;
  /** What the ratio (or, where there is none, the value) must and should be. */
  readonly least: number;
  readonly aim: number;
  /** Load of the machine over a minute, before and after. */
  readonly load: readonly [number, number];
}

/** What was measured, round by round, by side and way: "relaxed, 2 threads". */
export type Measured = ReadonlyMap<string, readonly (readonly number[])[]>;

/** The processes of a comparison, started once and asked in turns. */
export class Sides {
  readonly versions = new Set<string>();
  private readonly processes = new Map<SideName, Side>();

  constructor(private readonly names: readonly SideName[]) {
    for (const name of names) this.processes.set(name, Side.start(name));
  }

  /** Asks all sides all their ways of a group, in turns, and gathers seconds. */
  async measure(group: Group, rounds: number): Promise<Measured> {
    const measured = new Map<string, (readonly number[])[]>();
    const waysOf = (name: SideName) => (name === "torch" ? group.torch : group.ours);
    const most = Math.max(...this.names.map((name) => waysOf(name).length));
    for (let round = 0; round < rounds; round++) {
      // Sides take turns way by way, so that what is compared lies close together in time.
      for (let place = 0; place < most; place++) {
        for (const name of this.names) {
          const way = waysOf(name)[place];
          if (!way || (name === "torch" && round >= (group.torchRounds ?? rounds))) continue;
          const { seconds } = await this.ask(name, way.request);
          const key = keyOf(name, way.name);
          measured.set(key, [...(measured.get(key) ?? []), seconds]);
        }
      }
    }
    return measured;
  }

  private async ask(name: SideName, request: Group["ours"][number]["request"]): Promise<BenchAnswer> {
    const side = this.processes.get(name) as Side;
    const answer = await side.ask(request);
    this.versions.add(answer.version);
    return answer;
  }

  stop(): void {
    for (const side of this.processes.values()) side.stop();
  }
}

const keyOf = (side: SideName, way: string) => `${side}, ${way}`;

const spreadOf = (measured: Measured, side: SideName, way: string): Spread | null => {
  const values = measured.get(keyOf(side, way));
  return values ? spread(values.flat()) : null;
};

/** The way in which a side was quickest. */
export function best(measured: Measured, side: SideName, ways: readonly string[]): string | undefined {
  const known = ways.filter((way) => measured.has(keyOf(side, way)));
  const time = (way: string) => spreadOf(measured, side, way)?.median ?? Number.POSITIVE_INFINITY;
  return known.sort((a, b) => time(a) - time(b))[0];
}

/** Measures a group and makes its lines. */
export async function measureGroup(
  sides: Sides,
  group: Group,
  rounds = group.rounds,
): Promise<{ rows: Row[]; measured: Measured }> {
  const before = loadAverage();
  const measured = await sides.measure(group, rounds);
  const load = [before, loadAverage()] as const;
  const rows = group.lines.map((line): Row => {
    const ours = spreadOf(measured, "relaxed", line.ours) as Spread;
    const plain = spreadOf(measured, "plain", line.ours);
    const way = best(measured, "torch", line.torch);
    const torch = way === undefined ? null : spreadOf(measured, "torch", way);
    const { work, least, aim } = line;
    const peer = way === undefined ? undefined : measured.get(keyOf("torch", way));
    const ratioOf = (side: SideName) => ratioByRounds(peer, measured.get(keyOf(side, line.ours)));
    const both = { ratio: ratioOf("relaxed"), plainRatio: ratioOf("plain") };
    return { work, unit: "seconds", ours, plain, torch, ...both, least, aim, load };
  });
  return { rows, measured };
}

/**
 * The median over rounds of the ratio of medians, the peer's over ours; null where one of them is missing. A shared machine is
 * fast for some seconds and slow for others: within a round both sides have the same of it, over all rounds they may not.
 */
export function ratioByRounds(
  peer: readonly (readonly number[])[] | undefined,
  ours: readonly (readonly number[])[] | undefined,
): number | null {
  if (!peer || !ours) return null;
  const rounds = Math.min(peer.length, ours.length);
  return median(Array.from({ length: rounds }, (_, round) => median(peer[round]) / median(ours[round])));
}
