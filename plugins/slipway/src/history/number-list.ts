/** Numbers of 32 bits without sign, side by side in one buffer that grows. */
export class NumberList {
  private items: Uint32Array;
  length: number;

  /** @param content taken over as it is. */
  constructor(content: Uint32Array = new Uint32Array(0)) {
    this.items = content;
    this.length = content.length;
  }

  get(index: number): number {
    return this.items[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.items[index] = value;
  }

  push(value: number): void {
    if (this.length === this.items.length) {
      const grown = new Uint32Array(Math.max(1024, this.length * 2));
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.length] = value;
    this.length += 1;
  }

  /** What it holds, without a copy: valid until the next push. */
  view(): Uint32Array {
    return this.items.subarray(0, this.length);
  }
}

/** Bytes in one buffer that grows. */
export class ByteList {
  length: number;

  /** @param content taken over as it is. */
  constructor(private content: Buffer = Buffer.alloc(0)) {
    this.length = content.length;
  }

  append(source: Buffer, from: number, to: number): void {
    const end = this.length + to - from;
    if (end > this.content.length) {
      const grown = Buffer.allocUnsafe(Math.max(65_536, end, this.content.length * 2));
      this.content.copy(grown, 0, 0, this.length);
      this.content = grown;
    }
    source.copy(this.content, this.length, from, to);
    this.length = end;
  }

  /** What it holds, without a copy: valid until the next append. */
  view(): Buffer {
    return this.content.subarray(0, this.length);
  }
}
