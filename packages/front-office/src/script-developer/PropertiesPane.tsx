import { type AttributeWord, holds, type OutlineNode, vocabulary } from '@caruso/dialog-script';
import { Button, Menu, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScriptInWork } from './use-script.js';

/** The chosen element as a form: what the DTD says it may have, its texts, and what it holds. */
export function PropertiesPane({ work }: { work: ScriptInWork }): ReactElement {
  const { t } = useTranslation();
  const { selected, outline, stale, edit, select } = work;
  if (selected === undefined || outline === undefined) return <Text size="sm">{t('developer.notWellFormed')}</Text>;
  const word = vocabulary().get(selected.name);
  const texts = selected.text ? [selected] : selected.children.filter(({ text }) => text);
  const others = selected.children.filter(({ text }) => !text);
  const faults = work.compiled.faults.filter(({ line, column }) => {
    const at = work.compiled.document.positions.offsetOf(line, 1) + column - 1;
    return at >= selected.from && at < selected.to && innermost(outline, at) === selected;
  });
  return (
    <Stack gap="sm" className="script-properties">
      <Title order={2}>
        <span className="outline-name">{selected.name}</span> {selected.id}
      </Title>
      <Text size="xs" c="dimmed">
        {word?.about}
      </Text>
      {faults.map((fault) => (
        <Text key={`${fault.code} ${fault.column}`} size="sm" className="script-wrong" role="alert">
          {fault.message}. {fault.remedy}
        </Text>
      ))}
      <fieldset disabled={stale} className="script-fields">
        <legend className="small">{t('developer.properties')}</legend>
        {word?.attributes.map((attribute) => (
          <AttributeField
            key={`${selected.path} ${attribute.name}`}
            attribute={attribute}
            node={selected}
            work={work}
          />
        ))}
        {texts.map((node) => (
          <TextOf key={node.path} node={node} work={work} />
        ))}
        {others.length > 0 && (
          <section aria-label={t('developer.holds')}>
            <Text size="xs" fw={600}>
              {t('developer.holds')}
            </Text>
            {others.map((child) => (
              <Button
                key={child.path}
                size="compact-sm"
                variant="subtle"
                justify="start"
                fullWidth
                onClick={() => select(child.path)}
              >
                <span className="one-line">
                  {child.name} {child.id} {child.label}
                </span>
              </Button>
            ))}
          </section>
        )}
        <AddMenu
          node={selected}
          disabled={stale}
          onAdd={(element) => edit({ kind: 'add', parent: selected.path, element })}
        />
      </fieldset>
    </Stack>
  );
}

function innermost(node: OutlineNode, at: number): OutlineNode {
  const child = node.children.find(({ from, to }) => at >= from && at < to);
  return child === undefined ? node : innermost(child, at);
}

interface AddProps {
  node: OutlineNode;
  disabled: boolean;
  onAdd: (element: string) => void;
}

/** What the DTD lets an element hold, to be added. */
function AddMenu({ node, disabled, onAdd }: AddProps): ReactElement | null {
  const { t } = useTranslation();
  const children = (vocabulary().get(node.name)?.children ?? []).filter(
    ({ name, many }) => !node.text && (many || !node.children.some((child) => child.name === name)),
  );
  if (children.length === 0) return null;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" disabled={disabled} leftSection={<IconPlus size={14} aria-hidden />}>
          {t('developer.addIn', { element: node.name })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {children.map(({ name }) => (
          <Menu.Item key={name} onClick={() => onAdd(name)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface FieldProps {
  attribute: AttributeWord;
  node: OutlineNode;
  work: ScriptInWork;
}

function AttributeField({ attribute, node, work }: FieldProps): ReactElement {
  const { t } = useTranslation();
  const { name, type, values, required, about } = attribute;
  const present = node.attributes.get(name) ?? '';
  const [held, setHeld] = useState({ of: present, text: present });
  const [refused, setRefused] = useState(false);
  // What was changed elsewhere shows here.
  const text = held.of === present ? held.text : present;
  const commit = (value: string): void => {
    if (value === present) return;
    const done =
      type === 'id'
        ? work.edit({ kind: 'rename', at: node.path, id: value })
        : work.edit({ kind: 'attribute', at: node.path, name, value: value === '' && !required ? undefined : value });
    setRefused(!done);
  };
  const shared = { label: name, description: about, required, error: refused && t('developer.refused') };
  if (type === 'choice' || type === 'step') {
    const steps = type === 'step' ? stepIds(work.outline) : values;
    const data = present !== '' && !steps.includes(present) ? [...steps, present] : [...steps];
    return (
      <Select
        {...shared}
        data={data}
        value={present === '' ? null : present}
        placeholder={attribute.default ?? ''}
        clearable={!required}
        searchable={data.length > 8}
        onChange={(value) => commit(value ?? '')}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      value={text}
      placeholder={attribute.default ?? ''}
      spellCheck={false}
      styles={type === 'text' ? { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } : {}}
      onChange={(event) => setHeld({ of: present, text: event.currentTarget.value })}
      onBlur={() => commit(text)}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Enter') commit(text);
        if (event.key === 'Escape') setHeld({ of: present, text: present });
      }}
    />
  );
}

function TextOf({ node, work }: { node: OutlineNode; work: ScriptInWork }): ReactElement {
  const { t } = useTranslation();
  const present = work.textAt(node.path);
  const [held, setHeld] = useState({ of: present, text: present });
  const text = held.of === present ? held.text : present;
  const whom = [...node.attributes].map(([name, value]) => `${name} ${value}`).join(', ');
  return (
    <Textarea
      label={whom === '' ? node.name : `${node.name} (${whom})`}
      description={t('developer.textHint')}
      autosize
      minRows={1}
      maxRows={8}
      value={text}
      onChange={(event) => setHeld({ of: present, text: event.currentTarget.value })}
      onBlur={() => {
        if (text !== present) work.edit({ kind: 'text', at: node.path, text });
      }}
    />
  );
}

function stepIds(outline: OutlineNode | undefined): string[] {
  const ids: string[] = [];
  const add = ({ name, id, children }: OutlineNode): void => {
    if (id !== undefined && name !== 'script' && (name === 'section' || holds('section', name) !== undefined))
      ids.push(id);
    children.forEach(add);
  };
  if (outline !== undefined) for (const child of outline.children) add(child);
  return ids;
}
