const { imul } = Math;

/**
 * Which keys were there before, in 16 to 32 bytes each, whatever their length: it keeps 53 bits of a hash. Of ten
 * million keys the chance that any two are taken for one is one in 180 (n^2 / 2^54).
 */
export class Seen {
  private slots = new Float64Array(1024);
  private count = 0;

  has(key: string): boolean {
    const hash = hashOf(key);
    return this.slots[this.slotOf(hash)] === hash;
  }

  /** @returns whether the key is new */
  add(key: string): boolean {
    const hash = hashOf(key);
    const slot = this.slotOf(hash);
    if (this.slots[slot] === hash) return false;
    this.slots[slot] = hash;
    this.count += 1;
    if (this.count * 2 > this.slots.length) this.grow();
    return true;
  }

  /** Where the hash stands, or the free slot where it would. */
  private slotOf(hash: number): number {
    let slot = hash % this.slots.length;
    while (this.slots[slot] !== 0 && this.slots[slot] !== hash) slot = (slot + 1) % this.slots.length;
    return slot;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Float64Array(old.length * 2);
    for (const hash of old) if (hash !== 0) this.slots[this.slotOf(hash)] = hash;
  }
}

/** 53 bits of two FNV-1a hashes with different beginnings, and never 0. */
function hashOf(key: string): number {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    high = imul(high ^ code, 0x01000193);
    low = imul(low ^ code, 0x01000193) + (low >>> 15);
  }
  return (high >>> 0) * 0x200000 + (low >>> 11) || 1;
}
