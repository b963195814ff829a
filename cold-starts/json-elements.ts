/**
 * Finds the elements of the lists in JSON that comes in pieces, so that a document of any size takes the memory of one
 * element: those of the outermost list, or of the lists in the outermost object. Several documents may follow each other.
 */
export class JsonElements {
  private depth = 0;
  /** depth of the list whose elements are wanted, 0 outside of one */
  private listDepth = 0;
  private inString = false;
  private escaped = false;
  private text = "";

  /** @param onElement called with the JSON text of each element that is an object or a list */
  constructor(private readonly onElement: (json: string) => void) {}

  /** Whether the last document is whole. */
  get ended(): boolean {
    return this.depth === 0;
  }

  feed(piece: string): void {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === 0x5c) this.escaped = true;
        else if (code === 0x22) this.inString = false;
      } else if (code === 0x22) {
        this.inString = true;
      } else if (code === 0x7b || code === 0x5b) {
        if (this.inElements && this.depth === this.listDepth) from = i;
        this.depth += 1;
        if (!this.inElements && code === 0x5b && this.depth <= 2) this.listDepth = this.depth;
      } else if (code === 0x7d || code === 0x5d) {
        this.depth -= 1;
        if (this.inElements && this.depth === this.listDepth) {
          this.onElement(this.text + piece.slice(from, i + 1));
          this.text = "";
        } else if (this.depth < this.listDepth) {
          this.listDepth = 0;
        }
      }
    }
    if (this.inElements && this.depth > this.listDepth) this.text += piece.slice(from);
  }

  private get inElements(): boolean {
    return this.listDepth > 0;
  }
}
