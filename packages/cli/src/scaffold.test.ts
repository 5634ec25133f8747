import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scaffold } from './scaffold.js';

describe('scaffold', () => {
  const files = Object.fromEntries(
    scaffold(
      'lumen-oost',
      {
        name: '@caruso/example-utility',
        package: '@caruso/example-utility',
        root: undefined,
        names: { chat: true, portal: true, mail: true },
      },
      '0.1.0',
    ).map((file) => [file.path, file.text]),
  );

  it('writes a small difference over the vertical', () => {
    expect(parse(files['caruso.yaml'] ?? '')).toMatchObject({
      caruso: 1,
      name: 'Lumen Oost',
      extends: '@caruso/example-utility',
    });
    expect(parse(files['queues.yaml'] ?? '')).toEqual({
      channels: { chat: { greeting: 'Welcome to Lumen Oost. How can we help?' } },
    });
    expect(parse(files['screens/portal.yaml'] ?? '')).toEqual({ portal: { title: 'Lumen Oost self-service' } });
    expect(parse(files['caruso.yaml'] ?? '')).toMatchObject({
      components: { mail: { config: { from: 'service@lumen-oost.example', name: 'Lumen Oost' } } },
    });
    expect(files['README.md']).toContain('npm run check');
  });

  it('depends on the command and the vertical, in the version it was made with', () => {
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
      name: 'lumen-oost',
      dependencies: { '@caruso/cli': '^0.1.0', '@caruso/example-utility': '^0.1.0' },
    });
  });

  it('names no package for a vertical that is a folder', () => {
    const [manifest, packageJson] = scaffold(
      'depot',
      { name: '../own', root: '/own', names: { chat: false, portal: false, mail: false } },
      '0.1.0',
    );
    expect(parse(manifest?.text ?? '')).toMatchObject({ extends: '../own' });
    expect(JSON.parse(packageJson?.text ?? '').dependencies).toEqual({ '@caruso/cli': '^0.1.0' });
  });
});
