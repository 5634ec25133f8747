/** What is wrong in a script: where, what, and what would be right. The shape every declaration's fault has. */
export interface Fault {
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units, as editors count. */
  column: number;
  code: string;
  message: string;
  remedy: string;
  severity: 'error' | 'warning';
}

/** Offsets of one text as lines and columns. */
export class Positions {
  readonly #starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  /** The offset of a 1-based line and column, the column in characters (code points) as libxml2 counts them. */
  offsetOf(line: number, column: number): number {
    let offset = this.#starts[Math.min(Math.max(line, 1), this.#starts.length) - 1] ?? 0;
    for (let passed = 1; passed < column && offset < this.text.length && this.text[offset] !== '\n'; passed++) {
      offset += (this.text.codePointAt(offset) ?? 0) < 0x10000 ? 1 : 2;
    }
    return offset;
  }
}

/** Collects the faults of one file, each place and code once. */
export class Faults {
  readonly #found = new Map<string, Fault>();

  constructor(
    readonly file: string,
    readonly positions: Positions,
  ) {}

  add(offset: number, code: string, message: string, remedy: string, severity: Fault['severity'] = 'error'): void {
    const { line, column } = this.positions.at(offset);
    const id = `${offset}:${code}:${message}`;
    if (!this.#found.has(id)) this.#found.set(id, { file: this.file, line, column, code, message, remedy, severity });
  }

  has(code: string): boolean {
    return this.list().some((fault) => fault.code === code);
  }

  get failed(): boolean {
    return this.list().some((fault) => fault.severity === 'error');
  }

  /** In the order of the text. */
  list(): Fault[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }
}
