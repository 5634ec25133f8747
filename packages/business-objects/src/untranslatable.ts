import type { Node } from '@caruso/expressions';

/** Thrown within a translation where a database cannot compute what an expression says; becomes a fault at the node's place. */
export class Untranslatable extends Error {
  readonly node: Node;
  readonly remedy: string;

  constructor(node: Node, message: string, remedy: string) {
    super(message);
    this.node = node;
    this.remedy = remedy;
  }
}
