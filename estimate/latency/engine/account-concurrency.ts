/** A function as its account sees it. */
export interface Member {
  /** undefined: it takes from what others leave */
  readonly reserved: number | undefined;
  /** environments that count against a limit: busy ones on demand, and all provisioned ones */
  readonly taken: number;
  /** Lets calls end that end by then. */
  advance(timeMs: number): void;
}

/** How many environments may work at once. A call above it is throttled: Lambda has no queue. */
export class AccountConcurrency {
  private readonly members: Member[] = [];
  private shared: number;

  public constructor(limit: number) {
    this.shared = limit;
  }

  public join(member: Member): void {
    this.members.push(member);
    if (member.reserved !== undefined) this.shared = Math.max(0, this.shared - member.reserved);
  }

  /** Whether one more environment may work on demand. The member itself must have come to that time. */
  public allows(member: Member, timeMs: number): boolean {
    if (member.reserved !== undefined) return member.taken < member.reserved;
    if (this.sharedTaken() < this.shared) return true;
    // Others may still count calls that have ended since.
    for (const other of this.members) if (other !== member) other.advance(timeMs);
    return this.sharedTaken() < this.shared;
  }

  private sharedTaken(): number {
    let taken = 0;
    for (const { reserved, taken: own } of this.members) if (reserved === undefined) taken += own;
    return taken;
  }
}
