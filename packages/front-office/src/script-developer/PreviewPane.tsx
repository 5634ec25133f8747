import '../scripts/scripts.css';
import { type Case, type Program, recordedCase, type Setting } from '@caruso/dialog-script';
import { Alert, Button, Code, Group, SegmentedControl, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ScriptAnswers } from '../scripts/ScriptAnswers.js';
import { ScriptOutcome } from '../scripts/ScriptOutcome.js';
import { ScriptStep } from '../scripts/ScriptStep.js';
import { StoreFile } from '../scripts/store-file.js';
import { NeedForm } from './NeedForm.js';
import { Transcript } from './Transcript.js';
import type { Preview } from './use-preview.js';

const channels = ['agent', 'web', 'chat', 'voice'] as const;

/** A file that is only named: nothing is stored while a dialog is tried out. */
const nothingStored = (): Promise<void> => Promise.resolve();

interface Props {
  preview: Preview;
  program: Program | undefined;
  setting: Setting;
  languages: string[];
  onRecord: (recorded: Case) => Promise<void>;
}

/** Tries the draft on each medium: what the agent, the customer on the web, in the chat and on the telephone would get. */
export function PreviewPane({ preview, program, setting, languages, onRecord }: Props): ReactElement {
  const { t } = useTranslation();
  const { rehearsed, rehearsal, broken, restart } = preview;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('developer.medium')}
          value={rehearsed.channel}
          onChange={(channel) => restart({ channel })}
          data={channels.map((value) => ({ value, label: t(`developer.media.${value}`) }))}
        />
        <Select
          size="xs"
          w={90}
          aria-label={t('developer.language')}
          data={languages}
          value={rehearsed.language}
          onChange={(language) => language !== null && restart({ language })}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => restart()}
        >
          {t('developer.restart')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={rehearsed.moves.length === 0}
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          onClick={preview.takeBack}
        >
          {t('developer.takeBack')}
        </Button>
      </Group>
      {program !== undefined && <Params program={program} preview={preview} />}
      {program !== undefined && !program.channels.includes(rehearsed.channel) && (
        <Text size="sm" c="dimmed">
          {t('developer.otherMedium', { channels: program.channels.join(', ') })}
        </Text>
      )}
      {program === undefined && <Text size="sm">{t('developer.faultyPreview')}</Text>}
      {broken !== undefined && (
        <Alert color="red" variant="outline" role="alert">
          {broken}
        </Alert>
      )}
      {rehearsal?.stopped !== undefined && (
        <Alert color="yellow" variant="outline" role="status">
          {t('developer.stopped', { move: rehearsal.stopped.move + 1, why: rehearsal.stopped.why })}
        </Alert>
      )}
      {program !== undefined && rehearsal !== undefined && (
        <>
          <StoreFile value={nothingStored}>
            <Medium preview={preview} program={program} setting={setting} />
          </StoreFile>
          {rehearsal.need !== undefined && (
            <NeedForm
              key={`${rehearsal.need.visit} ${rehearsal.need.input}`}
              need={rehearsal.need}
              program={program}
              onFound={(records) => rehearsal.need !== undefined && preview.find(rehearsal.need, records)}
              onActed={(result) => rehearsal.need !== undefined && preview.act(rehearsal.need, result)}
            />
          )}
          <Record
            onRecord={(name) => onRecord(recordedCase(name, rehearsed, rehearsal))}
            disabled={rehearsed.moves.length === 0 || rehearsal.need !== undefined}
          />
          <Variables preview={preview} />
        </>
      )}
    </Stack>
  );
}

interface MediumProps {
  preview: Preview;
  program: Program;
  setting: Setting;
}

function Medium({ preview, program, setting }: MediumProps): ReactElement | null {
  const { rehearsed, rehearsal, move } = preview;
  if (rehearsal === undefined) return null;
  const { view, need, present } = rehearsal;
  if (rehearsed.channel === 'chat' || rehearsed.channel === 'voice') {
    return <Transcript preview={preview} program={program} setting={setting} />;
  }
  if (need !== undefined) return null;
  return (
    <div className={rehearsed.channel === 'web' ? 'sheet script-web' : 'sheet script-desk'}>
      <Text fw={600}>{view.title}</Text>
      {view.step === null ? (
        <ScriptOutcome view={view} />
      ) : (
        <ScriptStep
          key={`${view.step.id} ${view.seq} ${view.language}`}
          view={view}
          busy={false}
          beside
          onAnswer={async (answers) => move({ answer: answers, at: present?.step })}
          onBack={async () => move({ back: true })}
        />
      )}
      <ScriptAnswers view={view} onBack={async (to) => move({ back: to })} level={2} />
    </div>
  );
}

function Params({ program, preview }: { program: Program; preview: Preview }): ReactElement | null {
  const { t } = useTranslation();
  const given = program.params.filter(({ dir, type }) => dir !== 'out' && typeof type === 'string');
  if (given.length === 0) return null;
  return (
    <details>
      <summary className="small">{t('developer.params')}</summary>
      <Group gap="xs">
        {given.map(({ name }) => (
          <TextInput
            key={name}
            size="xs"
            label={name}
            defaultValue={String(preview.rehearsed.params[name] ?? '')}
            onBlur={(event) => {
              const { value } = event.currentTarget;
              if (value === String(preview.rehearsed.params[name] ?? '')) return;
              const { [name]: _before, ...others } = preview.rehearsed.params;
              preview.restart({ params: value === '' ? others : { ...others, [name]: value } });
            }}
          />
        ))}
      </Group>
    </details>
  );
}

function Variables({ preview: { rehearsal } }: { preview: Preview }): ReactElement | null {
  const { t } = useTranslation();
  if (rehearsal === undefined) return null;
  return (
    <details open>
      <summary className="small">{t('developer.variables')}</summary>
      <Table verticalSpacing={2} fz="xs" aria-label={t('developer.variables')}>
        <Table.Tbody>
          {rehearsal.variables.map(({ kind, name, value }) => (
            <Table.Tr key={name}>
              <Table.Td c="dimmed">{t(`developer.kinds.${kind}`)}</Table.Td>
              <Table.Td>{name}</Table.Td>
              <Table.Td>
                <Code>{shown(value)}</Code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rehearsal.calls.map(({ visit, method, arguments: given }) => (
        <Text key={visit} size="xs">
          {method} <Code>{JSON.stringify(given)}</Code>
        </Text>
      ))}
    </details>
  );
}

function shown(value: unknown): string {
  const text =
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? 'null';
  return text.length > 120 ? `${text.slice(0, 118)}…` : text;
}

function Record({
  onRecord,
  disabled,
}: {
  onRecord: (name: string) => Promise<void>;
  disabled: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') void onRecord(name.trim()).then(() => setName(''));
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="end">
        <TextInput
          size="xs"
          label={t('developer.caseName')}
          value={name}
          disabled={disabled}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default" disabled={disabled || name.trim() === ''}>
          {t('developer.record')}
        </Button>
      </Group>
    </form>
  );
}
