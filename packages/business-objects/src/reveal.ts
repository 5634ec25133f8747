import { demand } from './editor.js';
import type { Caller, Engine } from './engine.js';
import { accessDenied, attributeUnknown, recordMissing } from './errors.js';
import { frameFor } from './find-statement.js';
import { keyParameters, keySql } from './finder.js';
import { decodeKey } from './key.js';
import type { ModelObject } from './model.js';
import { demandVisible } from './related.js';
import { planFor, readValues } from './row-reader.js';
import { andLive } from './scope.js';
import { sql } from './sql.js';

type Values = Record<string, unknown>;

/** Gives sensitive values in the clear, and journals `Object.revealed`: which ones, never what they are. */
export async function revealValues(
  engine: Engine,
  input: { object: string; key: string; attributes: string[] },
): Promise<{ values: Values }> {
  const caller = engine.caller();
  const { object, access } = engine.object(caller, input.object);
  decodeKey(caller.state.model.objects, object, input.key);
  const names = [...new Set(input.attributes)];
  for (const name of names) {
    const attribute = access.visible.has(name) ? object.attributes.get(name) : undefined;
    const known = [...object.attributes.values()].filter(({ sensitive }) => sensitive).map((each) => each.name);
    if (attribute === undefined || !attribute.sensitive)
      throw attributeUnknown(
        object.name,
        name.slice(0, 80),
        known.filter((each) => access.visible.has(each)),
        'reveal',
      );
    if (!access.clear && !access.revealed.has(name))
      throw accessDenied(engine.who(caller), `read ${object.name}.${name} in the clear`);
  }
  return engine.parts.storage.unitOfWork(async () => {
    await demandVisible(engine, caller, object, input.key);
    for (const name of names) {
      const what = `read ${name} of this ${object.label} in the clear`;
      await demand(engine, caller, object, input.key, access.revealed.get(name), what);
    }
    const values = await clearValues(engine, caller, object, input.key, names);
    if (values === undefined) throw recordMissing(object.name, input.key);
    await engine.parts.journal.append({
      type: `${object.name}.revealed`,
      subject: { object: object.name, key: input.key },
      data: { attributes: names },
      changes: [],
    });
    return { values };
  });
}

async function clearValues(
  engine: Engine,
  caller: Caller,
  object: ModelObject,
  key: string,
  names: readonly string[],
): Promise<Values | undefined> {
  const plan = planFor(engine, caller, object, names, false);
  const frame = frameFor(engine, caller, object, {});
  const where = andLive(keySql(engine, caller, object), frame.scope);
  const statement = sql`select ${plan.select} ${frame.scope.from()} where ${where}`;
  const rows = await engine.rows(object, statement, engine.moment(caller, keyParameters(key)));
  const [values] = await readValues(engine, caller, plan, rows);
  return values && Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
