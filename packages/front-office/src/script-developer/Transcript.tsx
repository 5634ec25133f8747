import { type Move, type Program, promptOf, rehearse, replyOf, type Setting } from '@caruso/dialog-script';
import { Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactElement, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preview } from './use-preview.js';

interface Props {
  preview: Preview;
  program: Program;
  setting: Setting;
}

/** A dialog as text: written in a chat, spoken and keyed in on the telephone. */
export function Transcript({ preview, program, setting }: Props): ReactElement {
  const { t } = useTranslation();
  const [line, setLine] = useState('');
  const [unsuited, setUnsuited] = useState(false);
  const { rehearsed, rehearsal, move } = preview;
  const lines = useMemo(() => linesOf(program, preview.rehearsed, setting), [program, preview.rehearsed, setting]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (rehearsal === undefined) return;
    const reply = replyOf(rehearsal.view, line);
    setUnsuited(reply.kind === 'unsuited');
    if (reply.kind === 'unsuited') return;
    setLine('');
    if (reply.kind === 'answer') move({ answer: reply.answers, at: rehearsal.present?.step });
    else move(reply.kind === 'back' ? { back: true } : { signal: 'wants-human' });
  };
  const open = rehearsal !== undefined && rehearsal.need === undefined && rehearsal.view.step !== null;
  return (
    <div className="sheet script-talk" data-medium={rehearsed.channel}>
      <div role="log" aria-label={t('developer.transcript')}>
        {lines.map(({ id, said, mine }) => (
          <Text key={id} size="sm" className="script-line" data-mine={mine}>
            {said}
          </Text>
        ))}
      </div>
      <form onSubmit={send}>
        <Group gap="xs" align="end" wrap="nowrap">
          <TextInput
            size="xs"
            flex={1}
            label={rehearsed.channel === 'voice' ? t('developer.keyIn') : t('developer.type')}
            value={line}
            disabled={!open}
            error={unsuited && t('developer.unsuited')}
            onChange={(event) => setLine(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" disabled={!open}>
            {t('developer.send')}
          </Button>
        </Group>
      </form>
    </div>
  );
}

function linesOf(
  program: Program,
  rehearsed: Preview['rehearsed'],
  setting: Setting,
): { id: string; said: string; mine: boolean }[] {
  const lines: { id: string; said: string; mine: boolean }[] = [];
  for (let made = 0; made <= rehearsed.moves.length; made++) {
    const move = rehearsed.moves[made - 1];
    if (move !== undefined) lines.push({ id: `move ${made}`, said: saidBy(move), mine: true });
    try {
      const { view, need, stopped } = rehearse(
        program,
        { ...rehearsed, moves: rehearsed.moves.slice(0, made) },
        setting,
      );
      if (stopped !== undefined) break;
      if (need === undefined) lines.push({ id: `prompt ${made}`, said: promptOf(view), mine: false });
    } catch {
      // The preview says why the engine cannot go on.
      break;
    }
  }
  return lines;
}

function saidBy(move: Move): string {
  if ('answer' in move) {
    const said = Object.values(move.answer)
      .map(wordsOf)
      .filter((words) => words !== '');
    return said.length === 0 ? '↵' : said.join(', ');
  }
  if ('back' in move) return '←';
  return 'signal' in move ? move.signal : '…';
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
