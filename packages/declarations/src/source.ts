/** One file of declarations, as the folder of one layer holds it. */
export interface Source {
  /** What it declares: `model`, `policies`, `scripts`, `screens`, `reports`, `queues`, ... */
  kind: string;
  /** As shown to people: relative to the front office's folder, or `package:path` for a file of another package. */
  path: string;
  absolute: string;
  /** The name of the layer that holds it. */
  layer: string;
  text: string;
  /** Path within its layer: `model/customer.yaml`. Unique among the sources of a folder. */
  name?: string;
  /** The file of the same path in the next lower layer, which this one is laid over. */
  below?: Source;
}

/** A folder of declarations that takes part in a front office. */
export interface Layer {
  /** A package's name, or the path relative to the front office's folder; `.` is that folder itself. */
  name: string;
  root: string;
}

export const DIRECTORIES: Readonly<Record<string, string>> = {
  model: '.yaml',
  policies: '.yaml',
  scripts: '.xml',
  screens: '.yaml',
  reports: '.yaml',
  campaigns: '.yaml',
  seed: '.yaml',
  services: '.ts',
};

/** Kinds that are one file at the top of the folder. */
export const SINGLE_FILES: readonly string[] = ['queues', 'metrics', 'strategy'];

/** Every kind of declaration. */
export const KINDS: readonly string[] = [...Object.keys(DIRECTORIES), ...SINGLE_FILES];
