import { methods, schema, setting } from './fixture.test.data.js';
import { compileScripts } from './link.js';
import type { Need } from './path.js';
import type { Program } from './program.js';
import { freeze } from './record.js';
import { decideAnswer, decideBack, decideResume, decideSignal } from './session.js';
import type { ActionOutcome, SessionEvent, Turn } from './session-event.js';
import { replay, type SessionState } from './state.js';
import { view } from './view.js';
import type { View } from './view-type.js';

/** Compiles scripts that must be without faults; the first is the one that is run. */
export function programOf(...texts: string[]): Program {
  const [first] = compileScripts(
    texts.map((text, index) => ({ path: `scripts/${index}.xml`, text })),
    { schema, methods },
  );
  if (first?.program === undefined) throw new Error(JSON.stringify(first?.faults, null, 1));
  return first.program;
}

/** A script of one section. */
export const scriptOf = (steps: string, head = '', id = 't') =>
  `<script id="${id}" version="1" xml:lang="en" channels="agent web chat voice">${head}<section id="s">${steps}</section></script>`;

const at = '2026-03-01T09:00:00.000Z';

/** A record as a look-up gives it. */
export const recordOf = (object: string, key: string, values: Record<string, unknown>) => ({
  object,
  key,
  version: '1',
  display: key,
  values,
});

interface World {
  find?: (need: Extract<Need, { kind: 'lookup' }>) => ReturnType<typeof recordOf>[];
  act?: (call: { method: string; arguments: Record<string, unknown>; visit: string; kind: string }) => ActionOutcome;
}

/** A session over a world in memory: the pure engine with the least that drives it. */
export class Dialog {
  state: SessionState;
  readonly calls: { method: string; arguments: Record<string, unknown>; visit: string }[] = [];

  constructor(
    readonly program: Program,
    readonly world: World = {},
    start: Partial<Extract<SessionEvent, { type: 'started' }>> = {},
  ) {
    const common = { params: {}, starter: 'u', interaction: null, channel: 'agent', language: 'en' };
    this.state = replay(program, 's1', [{ type: 'started', at, ...common, ...start }], setting);
    this.settle();
  }

  get view(): View {
    return view(this.state);
  }

  answer(answers: Record<string, unknown> = {}): View {
    return this.take(decideAnswer(this.state, answers, this.message()));
  }

  back(to?: string): View {
    return this.take(decideBack(this.state, to, this.message()));
  }

  signal(name: string): View {
    return this.take(decideSignal(this.state, name, this.message()));
  }

  resume(turn: Partial<Turn>): View {
    return this.take(decideResume(this.state, turn, this.message()));
  }

  message() {
    return { message: `m${this.state.seq}`, at };
  }

  take(events: SessionEvent[]): View {
    for (const event of events) this.state = this.state.advance(event);
    this.settle();
    return this.view;
  }

  settle(): void {
    for (let need = this.state.path.need; need !== undefined; need = this.state.path.need) {
      const { visit, input } = need;
      if (need.kind === 'lookup') {
        const { record } = need.query;
        const records = (this.world.find?.(need) ?? []).map((each) => freeze(each, record));
        this.state = this.state.advance({ type: 'found', at, visit, input, records });
        continue;
      }
      const method = need.kind === 'undo' ? need.method : need.action.method;
      const kind = need.kind === 'undo' ? 'undo' : need.action.async ? 'async' : 'action';
      this.state = this.state.advance({
        type: 'intended',
        at,
        visit,
        input,
        call: `${visit}`,
        ...(kind === 'action' ? {} : { kind }),
      });
      this.calls.push({ method, arguments: need.arguments, visit });
      if (kind === 'async') continue;
      const outcome = this.world.act?.({ method, arguments: need.arguments, visit, kind }) ?? { ok: true, result: {} };
      this.state = this.state.advance({
        type: 'acted',
        at,
        visit,
        input,
        outcome,
        ...(kind === 'undo' ? { kind } : {}),
      });
    }
  }
}

export const words = (runs: readonly { text: string }[] | undefined) => (runs ?? []).map(({ text }) => text).join('');
