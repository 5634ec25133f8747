import { Button, Group, Text, Title, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactElement, ReactNode } from 'react';

interface ListedMember {
  key: string;
  /** What the line says: the first word is its name. */
  words: readonly string[];
  onOpen: () => void;
  /** Buttons behind it. */
  acts?: ReactNode;
}

interface Props {
  title: string;
  add: string;
  onAdd: () => void;
  /** Said where there are none. */
  none?: string;
  members: readonly ListedMember[];
  children?: ReactNode;
}

/** A part of an object, line by line: attributes, relations, rules, rights; each line opens its form. */
export function MemberList({ title, add, onAdd, none, members, children }: Props): ReactElement {
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{title}</Title>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={onAdd}>
          {add}
        </Button>
      </Group>
      {members.length === 0 && none !== undefined && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      <ul className="model-members">
        {members.map(({ key, words: [name, ...rest], onOpen, acts }) => (
          <li key={key}>
            <UnstyledButton className={`model-member ${rest.length > 1 ? '' : 'model-right'}`} onClick={onOpen}>
              <Text size="sm" fw={600} className="one-line" span>
                {name}
              </Text>
              {rest.map((word, index) => (
                <Text
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a line have no other name
                  key={index}
                  size={index === 0 ? 'sm' : 'xs'}
                  c={index === 0 ? 'inherit' : 'dimmed'}
                  {...(rest.length > 1 ? { className: 'one-line' } : {})}
                  span
                >
                  {word}
                </Text>
              ))}
            </UnstyledButton>
            {acts}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
