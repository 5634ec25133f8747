import { setImmediate as breathe } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One line of a price list. Prices stay texts: money is decimal, never a float. */
export interface Price {
  tariff: string;
  medium: string;
  price: string;
  unit: string;
  /** For being connected, a month. */
  standing: string;
  since: string;
  until: string | undefined;
}

/** A line that could not be understood, as it stands in the file. */
export interface KeptLine {
  line: number;
  why: string;
  text: string;
}

export interface Export {
  prices: Price[];
  kept: KeptLine[];
}

const HEADER = ['TARCODE', 'OMSCHRIJVING', 'SOORT', 'INGANG', 'EINDE', 'PRIJS', 'EENHEID', 'VASTRECHT'];
/** The last line tells how many lines there are; a file without it is still being written, or was cut off. */
const TRAILER = /^#EINDE;(\d{1,9})$/;
/** Lines after which others may have their turn. */
const TURN = 500;

const day = z
  .string()
  .regex(/^\d{2}-\d{2}-\d{4}$/, 'a day is written 31-12-2026')
  .transform((text) => text.split('-').toReversed().join('-'))
  .pipe(z.iso.date('there is no such day'));
const decimal = z
  .string()
  .regex(/^\d{1,7},\d{1,5}$/, 'an amount is written 12,50')
  .transform((text) => text.replace(',', '.'));
const media: Readonly<Record<string, string>> = { E: 'electricity', G: 'gas', W: 'water' };
const Line = z
  .tuple([
    z.string().regex(/^[A-Z0-9]{2,8}$/, 'a code has 2 to 8 capitals or digits'),
    z.string().trim().min(1, 'the name is empty').max(80),
    z.enum(['E', 'G', 'W'], 'the medium is E, G or W'),
    day,
    z.union([z.literal('').transform(() => undefined), day]),
    decimal,
    z.string().trim().min(1, 'the unit is empty').max(10),
    decimal,
  ])
  .transform(([, tariff, medium, since, until, price, unit, standing]): Price => {
    return { tariff, medium: media[medium] ?? medium, price, unit, standing, since, until };
  });

/**
 * Reads an export: semicolons, quotes where a field has one, a header, a trailer with the number of lines. A line that is not as agreed
 * is kept with the reason, and the others count. Throws where the file as a whole is not an export, or not complete.
 *
 * @example
 * await readExport('TARCODE;OMSCHRIJVING;...\nBAS;Basis;E;01-01-2026;;0,28410;kWh;7,25\n#EINDE;1\n');
 */
export async function readExport(text: string): Promise<Export> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const header = fieldsOf(lines[0] ?? '');
  if (header?.join(';') !== HEADER.join(';')) throw new Error(`line 1 is not the header ${HEADER.join(';')}`);
  const counted = TRAILER.exec(lines.at(-1) ?? '')?.[1];
  if (counted === undefined) throw new Error('it has no last line #EINDE: it is not complete');
  const body = lines.slice(1, -1);
  if (body.length !== Number(counted)) throw new Error(`it has ${body.length} lines, its last line says ${counted}`);
  const found: Export = { prices: [], kept: [] };
  for (const [index, line] of body.entries()) {
    if (index % TURN === TURN - 1) await breathe();
    const fields = fieldsOf(line);
    const read = fields === undefined ? undefined : Line.safeParse(fields);
    if (read?.success === true) found.prices.push(read.data);
    else found.kept.push({ line: index + 2, why: why(fields, read?.error), text: line.slice(0, 500) });
  }
  if (found.prices.length === 0 && body.length > 0)
    throw new Error(`none of its lines is as agreed: ${found.kept[0]?.why}`);
  return found;
}

/** A line at a time: a quote that is not closed must spoil its own line, not all that follow. */
function fieldsOf(line: string): string[] | undefined {
  try {
    const [fields] = parse(line, { delimiter: ';', relax_column_count: true }) as string[][];
    return fields;
  } catch {
    return undefined;
  }
}

function why(fields: readonly string[] | undefined, error: z.ZodError | undefined): string {
  if (fields === undefined) return 'its quotes are wrong';
  if (fields.length !== HEADER.length) return `it has ${fields.length} fields, not ${HEADER.length}`;
  return (error?.issues ?? []).map(({ path, message }) => `${HEADER[Number(path[0])] ?? ''}: ${message}`).join('; ');
}
