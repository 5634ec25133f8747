/** What keeps an expression small; each is an EXPRESSION_LIMIT fault or error when passed. */
export interface Limits {
  /** characters of the source */
  sourceLength: number;
  /** brackets within brackets, operators within operators (a chain `a and b and c` is one level) */
  depth: number;
  /** nodes of the tree */
  nodes: number;
  /** list elements visited by one evaluation, by all macros and `in` together */
  steps: number;
}

export const defaultLimits: Readonly<Limits> = Object.freeze({
  sourceLength: 2000,
  depth: 64,
  nodes: 500,
  steps: 10_000,
});

/** Characters of a text that an evaluation puts together; EXPRESSION_LIMIT when passed. */
export const longestText = 200_000;
