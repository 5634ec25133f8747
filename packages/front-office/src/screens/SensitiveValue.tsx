import type { AttributeDescription } from '@caruso/business-objects/contract';
import { Text, UnstyledButton } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../client/use-call.js';
import { sayFault } from '../ui/say-fault.js';
import { FieldValue } from './FieldValue.js';

/** What the server sends in place of a sensitive value. */
export const MASK = '***';
/** How long (ms) a value that was asked for stays on the screen. */
const SHOWN = 30_000;

interface Props {
  attribute: AttributeDescription;
  record: { object: string; key: string } | undefined;
}

/** A masked value; those who may have it see it for a while when they ask, which the journal keeps. */
export function SensitiveValue({ attribute, record }: Props): ReactElement {
  const { t } = useTranslation();
  const [clear, setClear] = useState<{ value: unknown } | null>(null);
  const { act: reveal, busy } = useAct('objects.reveal');
  useEffect(() => {
    if (clear === null) return undefined;
    const timer = setTimeout(() => setClear(null), SHOWN);
    return () => clearTimeout(timer);
  }, [clear]);
  const show = async (): Promise<void> => {
    if (record === undefined || busy) return;
    try {
      const { values } = await reveal({ ...record, attributes: [attribute.name] });
      setClear({ value: values[attribute.name] ?? null });
    } catch (error) {
      sayFault(error);
    }
  };
  const mayAsk = record !== undefined && attribute.mayReveal === true;
  return (
    <span className="sensitive">
      {clear === null ? (
        <Text component="span" role="img" aria-label={t('sensitive.masked')}>
          •••
        </Text>
      ) : (
        <FieldValue value={clear.value} attribute={attribute} />
      )}
      {mayAsk && (
        <UnstyledButton
          className="inline-edit shown"
          onClick={() => (clear === null ? void show() : setClear(null))}
          aria-label={t(clear === null ? 'sensitive.show' : 'sensitive.hide', { field: attribute.label })}
        >
          {clear === null ? <IconEye size={14} aria-hidden /> : <IconEyeOff size={14} aria-hidden />}
        </UnstyledButton>
      )}
    </span>
  );
}
