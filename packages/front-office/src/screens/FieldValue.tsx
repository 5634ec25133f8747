import type { AttributeDescription } from '@caruso/business-objects/contract';
import { Anchor, Badge, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../client/use-call.js';
import { useFormat } from '../format/use-format.js';
import { screenPath } from '../frame/pages.js';
import { MASK, SensitiveValue } from './SensitiveValue.js';
import type { Reference } from './value-at.js';

interface Props {
  value: unknown;
  attribute: AttributeDescription;
  reference?: Reference | null | undefined;
  /** The record that it is a value of, where a sensitive value may be shown on demand. */
  record?: { object: string; key: string };
}

/** A value of a business object, written for people. */
export function FieldValue({ value, attribute, reference, record }: Props): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === null || value === undefined || value === '') return <Nothing />;
  if (attribute.sensitive === true && value === MASK) return <SensitiveValue attribute={attribute} record={record} />;
  switch (attribute.type) {
    case 'boolean':
      return <>{value === true ? t('common.yes') : t('common.no')}</>;
    case 'reference':
      return <ReferenceValue value={String(value)} to={attribute.to} reference={reference} />;
    case 'email':
      return <Anchor href={`mailto:${String(value)}`}>{String(value)}</Anchor>;
    case 'phone':
      return <Anchor href={`tel:${String(value)}`}>{String(value)}</Anchor>;
    case 'url':
      return /^https?:/.test(String(value)) ? (
        <Anchor href={String(value)} target="_blank" rel="noreferrer noopener">
          {String(value)}
        </Anchor>
      ) : (
        <>{String(value)}</>
      );
    case 'tags':
      return <Tags tags={value as string[]} />;
    case 'datetime':
      return <time title={format.exact(String(value))}>{format.dateTime(String(value))}</time>;
    case 'binary':
      return <>{t('common.binary')}</>;
    default:
      return <>{format.attribute(value, attribute)}</>;
  }
}

function Tags({ tags }: { tags: string[] }): ReactElement {
  if (tags.length === 0) return <Nothing />;
  return (
    <span className="tags">
      {tags.map((tag) => (
        <Badge key={tag} variant="default" tt="none" fw={500}>
          {tag}
        </Badge>
      ))}
    </span>
  );
}

/** No value: seen as a dash, read as a word. */
export function Nothing(): ReactElement {
  const { t } = useTranslation();
  return (
    <Text component="span" c="dimmed" role="img" aria-label={t('common.empty')}>
      –
    </Text>
  );
}

function ReferenceValue({
  value,
  to,
  reference,
}: {
  value: string;
  to: string | undefined;
  reference: Props['reference'];
}): ReactElement {
  const search = useCall('screens.navigation', {}).data?.search;
  const object = reference?.object ?? to;
  const screen = reference?.screen ?? search?.find((target) => target.object === object)?.screen;
  const display = reference?.display ?? value;
  if (screen === undefined || screen === null) return <>{display}</>;
  return (
    <Anchor component={Link} to={screenPath(screen, reference?.key ?? value)}>
      {display}
    </Anchor>
  );
}
