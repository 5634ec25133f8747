/** One line of the text that Prometheus reads. */
interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  type: string;
  help: string;
  samples: Sample[];
}

const suffixes: Record<string, RegExp> = { histogram: /_(bucket|sum|count)$/, counter: /$/, gauge: /$/ };

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its own reader does: each family is announced before its samples and only once, each
 * series comes once, buckets rise to `+Inf`, which is the count. Throws at the first line that breaks a rule.
 */
export function readExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const series = new Set<string>();
  let open: [string, Family] | undefined;
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`family comes twice: ${line}`);
      open = [name, { type: '', help: rest, samples: [] }];
      families.set(...open);
    } else if (kind === 'TYPE') {
      if (open?.[0] !== name || !(rest in suffixes)) throw new Error(`type without its family, or unknown: ${line}`);
      open[1].type = rest;
    } else {
      const sample = readSample(line);
      if (open === undefined) throw new Error(`sample without family: ${line}`);
      const [family, { type, samples }] = open;
      if (sample.name.replace(suffixes[type] ?? /$/, '') !== family)
        throw new Error(`sample of another family: ${line}`);
      const key = keyOf(sample);
      if (series.has(key)) throw new Error(`series comes twice: ${line}`);
      series.add(key);
      samples.push(sample);
    }
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkBuckets(name, samples);
  return families;
}

function readSample(line: string): Sample {
  const [, name = '', inner = '', number = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === '') throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  const pair = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
  while (pair.lastIndex < inner.length) {
    const [, label = '', value = ''] = pair.exec(inner) ?? [];
    if (label === '' || label in labels) throw new Error(`broken labels: ${line}`);
    labels[label] = value.replaceAll(/\\(.)/g, (_all, each: string) => (each === 'n' ? '\n' : each));
  }
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  if (Number.isNaN(value)) throw new Error(`no number: ${line}`);
  return { name, labels, value };
}

function checkBuckets(name: string, samples: readonly Sample[]): void {
  const counts = samples.filter((sample) => sample.name === `${name}_count`);
  for (const count of counts) {
    const buckets = samples.filter(
      (sample) =>
        sample.name === `${name}_bucket` &&
        keyOf({ ...sample, name: '', labels: { ...sample.labels, le: '' } }) ===
          keyOf({ ...count, name: '', labels: { ...count.labels, le: '' } }),
    );
    const values = buckets.map(({ value }) => value);
    const rising = values.every((value, index) => value >= (values[index - 1] ?? 0));
    if (!rising || buckets.at(-1)?.labels['le'] !== '+Inf' || values.at(-1) !== count.value) {
      throw new Error(`buckets of ${keyOf(count)} do not add up`);
    }
  }
}

function keyOf({ name, labels }: Sample): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([name, ...sorted]);
}
