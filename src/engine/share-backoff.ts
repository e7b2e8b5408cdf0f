/** Sums that are left out when the others had to wait, at first and at most; twice as many each time. */
const FEWEST = 1;
const MOST = 128;
/** After so many sums for which nobody waited it starts anew. */
const CALM = 64;
/** In the first sums members wait for one another while code is still being compiled. */
const WARM_UP = 1000;

/**
 * Exponential backoff of a member of a team from shares of work. When its core is taken away in the middle of a share, by
 * a process that wants it as well, all others wait until it has the core back. So it leaves some sums to them
 * afterwards, the more the sooner it happens again. What comes out does not depend on who did which share.
 */
export class ShareBackoff {
  private leftOut = 0;
  private next = FEWEST;
  private calm = 0;

  /** mayLeave says whether enough others stay, and notes that this member leaves; comeBack that it is there again. */
  constructor(
    private readonly mayLeave: () => boolean,
    private readonly comeBack: () => void,
    private warmUp = WARM_UP,
  ) {}

  /** Whether the member takes shares of the sum that begins; wasLate: the others had to wait for it. */
  takesPart(wasLate: boolean): boolean {
    if (this.warmUp > 0) {
      this.warmUp -= 1;
      return true;
    }
    if (this.leftOut > 0) {
      this.leftOut -= 1;
      if (this.leftOut > 0) return false;
      this.comeBack();
      return true;
    }
    this.calm = wasLate ? 0 : this.calm + 1;
    if (this.calm >= CALM) this.next = FEWEST;
    if (!wasLate || !this.mayLeave()) return true;
    this.leftOut = this.next;
    this.next = Math.min(MOST, 2 * this.next);
    return false;
  }
}
