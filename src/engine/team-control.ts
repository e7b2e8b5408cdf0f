import { mostShares } from "./team.js";

/** Words that all members of a team share. */
export const WORD = {
  arrived: 0,
  generation: 1,
  failed: 2,
  ready: 3,
  updates: 4,
  taken: 5,
  again: 6,
  done: 7,
  completed: 8,
  stop: 9,
} as const;

const COMMON = Object.keys(WORD).length;

/** The last sum of shares that a member has received. */
export const wordOfMember = (member: number): number => COMMON + member;

/** The last sum for which a share was delivered. */
export const wordOfShare = (share: number, members: number): number => COMMON + members + share;

export const controlBytes = (members: number): number => 4 * wordOfShare(mostShares(members), members);

/** Looks at a word this often before going to sleep, at least and at most: some 10 and some 100 microseconds. */
const FEWEST_SPINS = 2000;
const MOST_SPINS = 20_000;
const SLEEP_MILLISECONDS = 50;

/** Thrown on the other members when one has failed or does not arrive. */
export class TeamBroken extends Error {
  override readonly name = "TeamBroken";
}

/** Members that have said they are ready. */
export const readyMembers = ({ control }: { readonly control: SharedArrayBuffer }): number =>
  Atomics.load(new Int32Array(control), WORD.ready);

/**
 * How a member of a team waits for the others. It spins briefly and then sleeps: a pure spin collapses when another process
 * takes a core. It spins the longer the more often that was enough, and starts over where it was not. Who sleeps hears of
 * nothing but the word that it waits for, not even of a thread that was killed. So a member gives up after `patienceSeconds`, and
 * 20 times what it has had to wait before.
 */
export class TeamControl {
  readonly words: Int32Array;
  private spins = FEWEST_SPINS;
  private longestSleeps = 0;

  constructor(
    control: SharedArrayBuffer,
    private readonly size: number,
    private readonly patienceSeconds: number,
  ) {
    this.words = new Int32Array(control);
  }

  /** Says that this member is about to start; until all have, nobody should wait for one. */
  ready(): void {
    Atomics.add(this.words, WORD.ready, 1);
  }

  /** Releases everyone who waits, now and later, with TeamBroken. */
  fail(): void {
    Atomics.store(this.words, WORD.failed, 1);
    Atomics.add(this.words, WORD.generation, 1);
    for (let word = 0; word < this.words.length; word++) Atomics.notify(this.words, word);
  }

  expectWhole(): void {
    if (Atomics.load(this.words, WORD.failed) !== 0) throw new TeamBroken("A worker of the team has failed.");
  }

  /** Lets those know who wait for a word. */
  tell(word: number, value: number): void {
    Atomics.store(this.words, word, value);
    Atomics.notify(this.words, word);
  }

  /** Waits until all members are here. */
  barrier(): void {
    const generation = Atomics.load(this.words, WORD.generation);
    if (Atomics.add(this.words, WORD.arrived, 1) === this.size - 1) {
      Atomics.store(this.words, WORD.arrived, 0);
      Atomics.add(this.words, WORD.generation, 1);
      Atomics.notify(this.words, WORD.generation);
    } else {
      this.awaitChange(WORD.generation, generation);
    }
    this.expectWhole();
  }

  /** Waits until a word that counts has reached a number, but no longer than so many milliseconds; says whether it has. */
  awaitReaching(word: number, wanted: number, milliseconds = Number.POSITIVE_INFINITY): boolean {
    const until = performance.now() + milliseconds;
    for (;;) {
      this.expectWhole();
      const reached = Atomics.load(this.words, word);
      // They are never far from one another, though they may go beyond 32 bits.
      if (((reached - wanted) | 0) >= 0) return true;
      if (performance.now() >= until) return false;
      this.awaitChange(word, reached, until);
    }
  }

  /** Waits until a word is no longer what it was, the team is broken, or it is so late. */
  private awaitChange(word: number, value: number, until = Number.POSITIVE_INFINITY): void {
    const { words } = this;
    for (let spin = 0; spin < this.spins; spin++) {
      if (Atomics.load(words, word) === value) continue;
      this.spins = Math.min(MOST_SPINS, 1.5 * this.spins);
      return;
    }
    this.spins = Math.max(FEWEST_SPINS, 0.5 * this.spins);
    // Sleeps are counted, and not seconds: a machine that was suspended has not waited.
    const patience = Math.ceil((1000 * this.patienceSeconds) / SLEEP_MILLISECONDS);
    let sleeps = 0;
    while (Atomics.load(words, word) === value && Atomics.load(words, WORD.failed) === 0) {
      const left = until - performance.now();
      if (left <= 0) break;
      const woken = Atomics.wait(words, word, value, Math.min(SLEEP_MILLISECONDS, left));
      if (woken === "timed-out" && ++sleeps >= patience + 20 * this.longestSleeps) {
        this.fail();
        throw new TeamBroken(
          `A worker did not arrive within ${Number(((sleeps * SLEEP_MILLISECONDS) / 1000).toFixed(1))} seconds.`,
        );
      }
    }
    this.longestSleeps = Math.max(this.longestSleeps, sleeps);
  }
}
