import type { QuestionView } from '@caruso/script-engine/contract';
import { Checkbox, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Held } from './answer-text.js';
import { FileField } from './FileField.js';
import { SignatureField } from './SignatureField.js';
import { plainText, TextRuns } from './TextRuns.js';

interface Props {
  session: string;
  question: QuestionView;
  held: Held;
  onHeld: (held: Held) => void;
}

const inputTypes = { date: 'date', time: 'time', email: 'email', phone: 'tel' } as const;
const manyOptions = 8;

/** One question of a script as an input with its label, its errors and its warnings. */
export function QuestionField({ session, question, held, onHeld }: Props): ReactElement {
  const { t } = useTranslation();
  const { name, text, type, required, options, errors, warnings } = question;
  const label = <TextRuns runs={text} />;
  const error: ReactNode = errors.length === 0 ? null : errors.join(' ');
  const common = { name, label, error, withAsterisk: required };
  const field = (): ReactElement => {
    if (type === 'boolean') {
      const yesNo = [
        { value: 'true', label: t('common.yes') },
        { value: 'false', label: t('common.no') },
      ];
      return <Choice {...common} data={yesNo} held={held} onHeld={onHeld} />;
    }
    if (type === 'file') return <FileField {...{ session, question, label, error, onHeld }} />;
    if (type === 'signature') return <SignatureField {...{ label, error, onHeld }} withAsterisk={required} />;
    if (type === 'scale') {
      const { min = 1, max = 5 } = question;
      const points = Array.from({ length: max - min + 1 }, (_, index) => {
        const value = String(min + index);
        const named = options.find((option) => option.value === value);
        return { value, label: named === undefined ? value : `${value} (${plainText(named.text)})` };
      });
      return <Choice {...common} data={points} held={held} onHeld={onHeld} />;
    }
    const data = options.map((option) => ({ value: option.value, label: plainText(option.text) }));
    if (type === 'many') {
      return (
        <Checkbox.Group {...common} value={Array.isArray(held) ? held : []} onChange={onHeld}>
          <Stack gap={8} mt={6}>
            {data.map((option) => (
              <Checkbox key={option.value} {...option} />
            ))}
          </Stack>
        </Checkbox.Group>
      );
    }
    if (type === 'one' && data.length >= manyOptions) {
      return (
        <Select
          {...common}
          data={data}
          searchable
          value={held === '' ? null : String(held)}
          onChange={(value) => onHeld(value ?? '')}
        />
      );
    }
    if (type === 'one') return <Choice {...common} data={data} held={held} onHeld={onHeld} />;
    return (
      <TextInput
        {...common}
        aria-required={required}
        type={type in inputTypes ? inputTypes[type as keyof typeof inputTypes] : 'text'}
        inputMode={type === 'integer' ? 'numeric' : type === 'decimal' || type === 'money' ? 'decimal' : undefined}
        autoComplete={type === 'email' ? 'email' : type === 'phone' ? 'tel' : 'off'}
        value={String(held)}
        onChange={(event) => onHeld(event.currentTarget.value)}
      />
    );
  };
  return (
    <div>
      {field()}
      {warnings.map((warning) => (
        <Text key={warning} size="sm" mt={4} style={{ color: 'var(--caruso-waiting)' }} role="status">
          {warning}
        </Text>
      ))}
    </div>
  );
}

interface ChoiceProps {
  name: string;
  label: ReactNode;
  error: ReactNode;
  withAsterisk: boolean;
  data: { value: string; label: string }[];
  held: Held;
  onHeld: (held: Held) => void;
}

function Choice({ data, held, onHeld, ...common }: ChoiceProps): ReactElement {
  return (
    <Radio.Group {...common} value={String(held)} onChange={onHeld}>
      <Stack gap={8} mt={6}>
        {data.map((option) => (
          <Radio key={option.value} {...option} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
