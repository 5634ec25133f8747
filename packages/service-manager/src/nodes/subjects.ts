/** The NATS subjects of one front office. A node is addressed with its run: what was meant for a dead one never reaches its successor. */
export interface Subjects {
  /** Every node announces itself here. */
  nodes: string;
  /** All that is sent to one run of a node; in one subscription, so that a withdrawal never overtakes its call. */
  inboxOf(node: string, run: string): string;
  call(node: string, run: string): string;
  cancel(node: string, run: string): string;
  probe(node: string, run: string): string;
  /** Where programs that are no nodes call a method. */
  method(contract: string, version: string, method: string): string;
}

/**
 * @param house name of the front office on its NATS
 *
 * @example
 * subjectsOf('lumen').method('billing', '1.2.0', 'balance') // 'caruso.lumen.billing.v1.balance'
 */
export function subjectsOf(house: string): Subjects {
  const root = `caruso.${legalToken(house)}`;
  const of = (node: string, run: string, what: string): string =>
    `${root}.node.${legalToken(node)}.${legalToken(run)}.${what}`;
  return {
    nodes: `${root}.nodes`,
    inboxOf: (node, run) => of(node, run, '*'),
    call: (node, run) => of(node, run, 'call'),
    cancel: (node, run) => of(node, run, 'cancel'),
    probe: (node, run) => of(node, run, 'probe'),
    method: (contract, version, method) => `${root}.${legalToken(contract)}.v${majorOf(version)}.${legalToken(method)}`,
  };
}

/** A text as one token of a subject, which is also a legal name of a NATS micro-service. Different texts stay different. */
export function legalToken(text: string): string {
  if (text === '') return '_';
  return text.replaceAll(/[^A-Za-z0-9-]/g, (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}_`);
}

/** `1` of `1.2.3`. */
export function majorOf(version: string): string {
  return version.slice(0, version.indexOf('.') < 0 ? undefined : version.indexOf('.'));
}
