import type { ModelApi } from '@caruso/business-objects/contract';
import { contentHash, type FileEdit, ownText, type Source, sortFaults } from '@caruso/declarations';
import type { DeclarationEditingApi, DeclarationsApi } from '@caruso/declarations/contract';
import { compileScripts, type Fault, type MethodShape, read, type Setting } from '@caruso/dialog-script';
import type { Schema } from '@caruso/expressions';
import type { Clock, Handlers } from '@caruso/service-manager/contract';
import type { JournalApi } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import * as errors from '../errors.js';
import { checkScripts } from '../library.js';
import { casesFolder, readCases } from '../script-tests.js';
import { withCase } from './case-text.js';
import type { ListedScript, Positions, ScriptDeveloper } from './contract.js';
import type { Drafts } from './drafts.js';
import { idIn, type KnownVersion, type SavedText, versionIn, versionsOf } from './versions.js';

interface Needs {
  declarations: DeclarationsApi;
  editing: DeclarationEditingApi;
  model: ModelApi;
  journal: JournalApi;
  drafts: Drafts;
  methods: () => MethodShape[];
  setting: () => Setting;
  clock: Clock;
}

const Layout = z.record(z.string(), z.object({ x: z.number(), y: z.number() }));
const Saved = z.object({ before: z.string().nullable(), after: z.string().nullable() });

/** The handlers of the contract `script-developer`: reads and publishes scripts of the folder of declarations. */
export function scriptDeveloper(needs: Needs): Handlers<typeof ScriptDeveloper> {
  const { declarations, editing, journal, drafts, clock } = needs;
  const folder = () => declarations.folder();
  const schema = () => ({ objects: needs.model.expressionTypes() as NonNullable<Schema['objects']> });
  const sources = (): Source[] => folder().sources('scripts');
  const sourceOf = (file: string): Source | undefined => sources().find(({ name }) => name === file);
  const ownLayer = (): string => folder().layers.at(-1)?.name ?? '.';

  /** The folder's scripts with a text in the place of one. */
  const instead = (file: string, text: string): { path: string; text: string }[] => {
    const others = sources().filter(({ name }) => name !== file);
    return [...others.map((other) => ({ path: other.path, text: other.text })), { path: file, text }];
  };

  const versionsFor = async (file: string): Promise<KnownVersion[]> => {
    const subject = { object: 'Declaration', key: file };
    const events = await journal.read({ types: ['Declaration.saved'], subject, limit: 500, descending: true });
    const saved = events.reverse().map(({ seq, at, actor, data }): SavedText => {
      return { seq, at, by: actor.id, ...Saved.parse(data) };
    });
    return versionsOf(saved, ownText(folder(), file), contentHash);
  };

  const versionAt = async (file: string, seq: number, before: boolean): Promise<KnownVersion> => {
    const found = (await versionsFor(file)).find(({ told }) => told.seq === seq && told.before === before);
    if (found === undefined) throw errors.versionUnknown(file, seq);
    return found;
  };

  const write = async (file: string, text: string | null, base: string | null, positions: Positions | undefined) => {
    const edits: FileEdit[] = [{ name: file, text, base }];
    const layout = layoutOf(file);
    const drawn = ownText(folder(), layout);
    const wanted = positions === undefined || Object.keys(positions).length === 0 ? null : layoutText(positions);
    if (positions !== undefined && wanted !== drawn) {
      edits.push({ name: layout, text: wanted, base: drawn === null ? null : contentHash(drawn) });
    }
    await editing.save(edits);
    return { base: text === null ? null : contentHash(text) };
  };

  return {
    list: async () => {
      const all = sources();
      const waiting = new Map((await drafts.all()).map((draft) => [draft.file, draft]));
      const compiled = compileScripts(all, { schema: schema(), methods: needs.methods() });
      const listed = all.map((source, index): ListedScript => {
        const { id = source.path, faults = [], document } = compiled[index] ?? {};
        const file = source.name ?? source.path;
        const draft = waiting.get(file);
        waiting.delete(file);
        return {
          file,
          id,
          ...facts(document?.text ?? '', id),
          layer: source.layer,
          own: source.layer === ownLayer(),
          errors: faults.filter(({ severity }) => severity === 'error').length,
          warnings: faults.filter(({ severity }) => severity === 'warning').length,
          draft: draft === undefined ? null : { by: draft.by, at: draft.at },
        };
      });
      const begun = [...waiting.values()].map(({ file, text, by, at }): ListedScript => {
        const id = idIn(text) ?? file;
        const nothing = { layer: null, own: true, errors: 0, warnings: 0 };
        return { file, id, ...facts(text, id), ...nothing, draft: { by, at } };
      });
      return { scripts: [...listed, ...begun].sort((left, right) => (left.file < right.file ? -1 : 1)) };
    },
    open: async ({ file }) => {
      const source = sourceOf(file);
      const draft = await drafts.of(file);
      if (source === undefined && draft === null) {
        throw errors.scriptUnknown(
          file,
          sources().map(({ name, path }) => name ?? path),
        );
      }
      const own = ownText(folder(), file);
      return {
        file,
        layer: source?.layer ?? null,
        own: own !== null,
        text: source?.text ?? null,
        base: own === null ? null : contentHash(own),
        positions: positionsOf(folder().files('scripts'), file),
        draft,
      };
    },
    material: () => ({
      objects: schema().objects,
      methods: needs.methods().map((method) => ({ ...method })),
      scripts: sources().map(({ name, path, text }) => ({ name: name ?? path, path, text })),
      setting: needs.setting(),
    }),
    check: ({ file, text }) => {
      const faults = checkScripts(instead(file, text), schema(), needs.methods());
      return { faults: sortFaults(faults.filter((fault: Fault) => fault.file === file)) };
    },
    saveDraft: ({ file, draft, ...saved }, { principal }) => {
      const at = new Date(clock.now()).toISOString();
      return drafts.save(file, { ...saved, by: principal.id, at }, draft);
    },
    discardDraft: async ({ file, draft }) => {
      await drafts.discard(file, draft);
      return {};
    },
    publish: async ({ file, text, positions, base }) => {
      const written = await write(file, text, base, positions);
      await drafts.discard(file);
      return written;
    },

    versions: async ({ file }) => ({
      versions: (await versionsFor(file)).map(({ told }) => told),
    }),
    version: async ({ file, seq, before }) => ({ text: (await versionAt(file, seq, before)).text }),
    rollBack: async ({ file, seq, before, base }) =>
      write(file, (await versionAt(file, seq, before)).text, base, undefined),
    cases: ({ script }) => {
      const { cases, faults } = readCases(folder(), [{ id: script }]);
      const { cases: recorded = [], infeasible = [] } = cases.get(script) ?? {};
      // Cases of other scripts are no fault of this one.
      return { cases: recorded, infeasible, faults: faults.filter(({ code }) => code !== 'SCRIPT_UNKNOWN') };
    },
    saveCase: async ({ script, case: added }) => {
      const files = folder().files(casesFolder);
      // A file of that name would hide the one of a lower layer.
      const usual = `${casesFolder}/${script}.yaml`;
      const hidden = files.some(({ name, layer }) => name === usual && layer !== ownLayer());
      const file = hidden ? `${casesFolder}/${script}-recorded.yaml` : usual;
      const present = ownText(folder(), file);
      const text = withCase(present ?? undefined, script, added);
      await editing.save([{ name: file, text, base: present === null ? null : contentHash(present) }]);
      return { file };
    },
  };
}

function facts(text: string, id: string): { title: string; version: string; channels: string[] } {
  const { root } = read(text, id);
  const title = root?.children.flatMap((meta) =>
    meta.kind === 'element' && meta.name === 'meta' ? meta.children : [],
  );
  const first = title?.find((each) => each.kind === 'element' && each.name === 'title');
  const said = first?.kind === 'element' ? first.children.map((part) => (part.kind === 'text' ? part.text : '')) : [];
  const channels = root?.attributes.get('channels')?.value ?? 'agent';
  return { title: said.join('').trim() || id, version: versionIn(text), channels: channels.split(/\s+/) };
}

function layoutOf(file: string): string {
  return file.replace(/\.xml$/, '.layout.json');
}

function positionsOf(files: readonly Source[], file: string): Positions {
  const text = files.find(({ name }) => name === layoutOf(file))?.text;
  if (text === undefined) return {};
  try {
    return Layout.parse(JSON.parse(text));
  } catch {
    // Only where things are drawn: they are laid out anew.
    return {};
  }
}

/** A step on each line, in the order of their names, so that versions differ only where something was moved. */
function layoutText(positions: Positions): string {
  const steps = Object.entries(positions).sort(([left], [right]) => (left < right ? -1 : 1));
  const lines = steps.map(
    ([step, { x, y }]) => `  ${JSON.stringify(step)}: { "x": ${Math.round(x)}, "y": ${Math.round(y)} }`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
