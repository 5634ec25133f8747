import { isMap, parseDocument, stringify } from 'yaml';
import type { DatabaseAddress } from './database-url.js';

/**
 * Adds an unmanaged database to the text of a caruso.yaml; comments and the hand's own formatting stay. A database of that name is
 * left as it is. Pure.
 */
export function withDatabaseEntry(text: string, address: DatabaseAddress): string {
  const document = parseDocument(text);
  const databases = document.get('databases', true);
  if (isMap(databases) && databases.has(address.name)) return text;
  const entry = document.createNode({ url: address.written, managed: false });
  entry.flow = true;
  if (isMap(databases)) databases.add({ key: document.createNode(address.name), value: entry });
  else document.setIn(['databases'], document.createNode({ [address.name]: entry }));
  return document.toString({ lineWidth: 0 });
}

/** A caruso.yaml for a front office that begins with an imported database. */
export function newManifest(name: string, address: DatabaseAddress): string {
  const title = stringify(name.replace(/[-_.]+/g, ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase())).trim();
  return withDatabaseEntry(
    `caruso: 1\nname: ${title}\ndatabases:\n  main: sqlite:./data/main.db   # what Caruso itself remembers\n`,
    address,
  );
}
