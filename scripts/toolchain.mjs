// What `npm start`, `npm test` and `npm run bench` share: they begin on a machine that has only Node and npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const pnpm = 'pnpm@10.34.8';

/** File descriptor that commands print to; `--json` keeps standard output for its lines. */
const outputTo = process.argv.includes('--json') && process.argv[1]?.endsWith('bench.mjs') ? 2 : 1;

/** Runs a command with its output shown; resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['inherit', outputTo, 'inherit'], ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a command and ends this process with its code when it fails. Where standard output is for a program, progress goes beside it. */
export async function must(title, command, args, options) {
  console.error(`\n▸ ${title}`);
  const code = await run(command, args, options);
  if (code !== 0) {
    console.error(`✗ ${title} failed (exit code ${code})`);
    process.exit(code);
  }
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Caruso needs Node 20.19 or newer; this is ${process.versions.node}. Get one from https://nodejs.org`);
  process.exit(2);
}

/** Installs the libraries, unless those of this lock file are installed already. */
export async function install() {
  const stamp = path.join(root, 'node_modules', '.caruso-install');
  const manifests = ['packages', 'examples']
    .flatMap((dir) => readdirSync(path.join(root, dir)).map((name) => path.join(dir, name, 'package.json')))
    .filter((file) => existsSync(path.join(root, file)));
  const wanted = digest(['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'tests/package.json', ...manifests]);
  if (read(stamp) === wanted) return;
  await must('Installing libraries (about two minutes the first time)', npx(), [
    '-y',
    pnpm,
    'install',
    '--frozen-lockfile',
  ]);
  writeFileSync(stamp, wanted);
}

/** Builds what changed since the last build. */
export async function build() {
  const stamp = path.join(root, 'node_modules', '.caruso-build');
  const wanted = sourceDigest();
  const web = path.join(root, 'packages', 'front-office', 'dist', 'index.html');
  if (read(stamp) === wanted && existsSync(web)) return;
  await must('Building the packages', bin('tsc'), ['-b']);
  await must(
    'Building the web application',
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    {
      cwd: path.join(root, 'packages', 'front-office'),
    },
  );
  writeFileSync(stamp, wanted);
}

export function bin(name) {
  return path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

function npx() {
  return process.platform === 'win32' ? 'npx.cmd' : 'npx';
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

/** Names, sizes and times of all sources: cheap, and different after every edit. */
function sourceDigest() {
  const hash = createHash('sha256');
  const visit = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (['node_modules', 'dist', 'dist-types', 'data', '.caruso'].includes(entry.name)) continue;
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) visit(file);
      else {
        const { size, mtimeMs } = statSync(file);
        hash.update(`${file}:${size}:${mtimeMs}\n`);
      }
    }
  };
  for (const dir of ['packages', 'examples/utility/services', 'tests']) {
    if (existsSync(path.join(root, dir))) visit(path.join(root, dir));
  }
  for (const file of ['tsconfig.json', 'tsconfig.base.json', 'pnpm-lock.yaml'])
    hash.update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

export function ensureFolder(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}
