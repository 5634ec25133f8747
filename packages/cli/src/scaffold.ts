import { stringify } from 'yaml';
import type { Vertical } from './vertical.js';

/** A file of a new front office: its path and its text. */
export interface NewFile {
  path: string;
  text: string;
}

/**
 * The files of a new front office: a small difference over the vertical it extends. Pure.
 *
 * @param id the folder's name, in lower case, for file and package names
 * @param version of the packages it needs
 */
export function scaffold(id: string, vertical: Vertical, version: string): NewFile[] {
  const title = id.replace(/[-_.]+/g, ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  const { names } = vertical;
  return [
    { path: 'caruso.yaml', text: manifest(id, title, vertical) },
    ...(names.chat ? [{ path: 'queues.yaml', text: queues(title) }] : []),
    ...(names.portal ? [{ path: 'screens/portal.yaml', text: portal(title) }] : []),
    { path: 'package.json', text: packageJson(id, vertical, version) },
    { path: '.gitignore', text: 'node_modules/\ndata/\n.caruso/\n' },
    { path: 'README.md', text: readme(title, vertical) },
  ];
}

function manifest(id: string, title: string, { name, names }: Vertical): string {
  const domain = id.replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '');
  const mail = `components:
  mail: { config: { from: service@${domain === '' ? 'company' : domain}.example, name: ${JSON.stringify(title)} } }
`;
  return `# ${title}: what differs from ${name}. Everything else comes from there.
caruso: 1
name: ${stringify(title).trim()}
extends: ${JSON.stringify(name)}
databases:
  main: "\${DATABASE_URL:-sqlite:./data/${id}.db}"   # or postgres://user:password@host:5432/database, mariadb://user:password@host:3306/database
${names.mail ? mail : ''}seed: true   # demo data at the first start; take it out for a real one
`;
}

const LAID_OVER = "Laid over the vertical's file of this name, key by key: only what is written here changes.";

function queues(title: string): string {
  return `# ${LAID_OVER}
channels:
  chat: { greeting: ${JSON.stringify(`Welcome to ${title}. How can we help?`)} }
`;
}

function portal(title: string): string {
  return `# ${LAID_OVER}
portal:
  title: ${stringify(`${title} self-service`).trim()}
`;
}

function packageJson(id: string, vertical: Vertical, version: string): string {
  const dependencies = [
    ['@caruso/cli', version],
    ...(vertical.package === undefined ? [] : [[vertical.package, version]]),
  ];
  const manifest = {
    name: id,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: { start: 'caruso start', dev: 'caruso dev', check: 'caruso check' },
    dependencies: Object.fromEntries(dependencies.map(([name, exact]) => [name ?? '', `^${exact ?? ''}`])),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readme(title: string, vertical: Vertical): string {
  return `# ${title}

A front office on ${vertical.name}. This folder holds only what differs from it.

    npm install
    npm run check        # every fault in the declarations, with file, line and column
    npm run dev          # runs it; a saved declaration or service takes effect at once

The command prints where it listens and who can sign in.

## Next steps

1. Look at \`queues.yaml\` and \`screens/portal.yaml\`: they change the greeting of the chat and the title of self-service. A file with
   the same path as one of the vertical is laid over it: mappings are merged key by key, lists and texts replaced, and \`null\` removes a
   key.
2. Add an attribute: write \`model/<object>.yaml\` with only the new attribute under \`attributes:\`, then \`npx caruso migrate --plan\`
   to see what the database lacks.
3. Change a screen: write \`screens/<screen>.yaml\` with what differs.
4. Reach a system of your own: \`npx caruso new-service orders\` (or \`--legacy soap\`, \`--legacy csv\`) writes a working wrapper in
   \`services/\`, its test, and a legacy system to test it with. Saving it replaces it in the running front office.
5. Bring in a database you have: \`npx caruso import postgres://user@host/database --into .\`
`;
}
