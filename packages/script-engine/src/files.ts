import { type SessionState, takes } from '@caruso/dialog-script';
import * as errors from './errors.js';
import type { SessionStore } from './store.js';

interface Attachment {
  session: string;
  question: string;
  id: string;
  name: string;
  type: string;
  part: number;
  parts: number;
  content: string;
}

/** Files that are given as answers; they are stored in parts before the answer names them. */
export class Files {
  constructor(
    readonly store: SessionStore,
    readonly now: () => string,
  ) {}

  async attach(state: SessionState, given: Attachment): Promise<{ stored: number }> {
    const question = state.path.present?.step.questions.find(({ name }) => name === given.question);
    if (question?.type !== 'file') throw errors.questionUnknown(given.session, given.question, 'file');
    if (!takes(question.accept, given.type)) {
      const wanted = question.accept.join(', ');
      throw errors.fileRefused(`a file of type ${given.type} is not taken`, `send one of ${wanted}`);
    }
    if (given.part > given.parts)
      throw errors.fileRefused(`there is no part ${given.part} of ${given.parts}`, 'count from 1');
    const { session, id, name, type, part, parts, content } = given;
    const before = await this.store.fileParts(session, id);
    if (before.some((each) => each.part === part)) return { stored: before.length };
    const size = Math.floor((content.replace(/=+$/, '').length * 3) / 4);
    await this.store.keepFile({ session, id, part, parts, name, type, size, content });
    return { stored: before.length + 1 };
  }

  /** Refuses answers that name a file which was not stored whole, or as something else. */
  async check(session: string, state: SessionState, answers: Readonly<Record<string, unknown>>): Promise<void> {
    for (const { name, type } of state.path.present?.step.questions ?? []) {
      const given = Object.hasOwn(answers, name) ? answers[name] : undefined;
      if (type !== 'file' || typeof given !== 'object' || given === null) continue;
      const { id, size } = given as { id?: unknown; size?: unknown };
      const parts = await this.store.fileParts(session, String(id));
      const whole = parts.length > 0 && parts.length === parts[0]?.parts;
      const stored = parts.reduce((sum, part) => sum + part.size, 0);
      const same = parts.every((part) => part.type === (given as { type?: unknown }).type);
      if (!whole || stored !== size || !same) throw errors.fileUnknown(session, String(id));
    }
  }

  async part(session: string, id: string, wanted: number) {
    const parts = await this.store.fileParts(session, id);
    const found = parts.find(({ part }) => part === wanted);
    if (found === undefined) throw errors.fileUnknown(session, id);
    const { name, type, part, parts: count, content } = found;
    return { name, type, part, parts: count, content };
  }
}
