import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../support/requirement.js';
import { fileOf } from './declared-folder.js';
import type { Block } from './markdown.js';

const typesOfUtility = path.join(root, 'examples', 'utility', 'services', 'model.ts');

/**
 * Compiles all blocks at once and gives the compiler's faults. Lines are those of the documents. A document sees the packages that its
 * own package sees, and every package of Caruso.
 */
export function typeFaults(blocks: readonly Block[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'caruso-blocks-'));
  try {
    symlinkSync(path.join(root, 'tests', 'node_modules'), path.join(folder, 'node_modules'));
    for (const [index, block] of blocks.entries()) {
      const home = path.join(folder, block.document);
      if (!existsSync(home)) {
        mkdirSync(home, { recursive: true });
        symlinkSync(packagesOf(block.document), path.join(home, 'node_modules'));
      }
      const file = path.join(home, fileOf(block) ?? `block-${index + 1}.ts`);
      if (existsSync(file)) return [`${block.document}:${block.line} ${fileOf(block)} stands in this document twice`];
      mkdirSync(path.dirname(file), { recursive: true });
      // What `caruso types` makes of the utility's model.
      const model = path.join(path.dirname(file), 'model.ts');
      if (block.text.includes("'./model.js'") && !existsSync(model)) cpSync(typesOfUtility, model);
      // A block without imports is a module all the same.
      writeFileSync(file, `${'\n'.repeat(block.line - 1)}${block.text}\nexport {};\n`);
    }
    const options = {
      noEmit: true,
      composite: false,
      incremental: false,
      declaration: false,
      declarationMap: false,
      sourceMap: false,
      noUnusedLocals: false,
      lib: ['es2023', 'dom'],
      typeRoots: [path.join(root, 'node_modules', '@types')],
    };
    const config = { extends: path.join(root, 'tsconfig.base.json'), compilerOptions: options, include: ['**/*.ts'] };
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const done = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      cwd: folder,
    });
    const lines = `${done.stdout}${done.stderr}`.split('\n').filter((line) => line.trim() !== '');
    return done.status === 0 ? [] : [...lines, ...(lines.length === 0 ? [`tsc ended with ${done.status}`] : [])];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a README's package can import; for other documents, what a wrapper can. */
function packagesOf(document: string): string {
  const own = /^packages\/([\w-]+)\//.exec(document)?.[1] ?? 'service-manager';
  return path.join(root, 'packages', own, 'node_modules');
}
