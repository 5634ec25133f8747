import type { QuestionView } from '@caruso/script-engine/contract';
import { FileInput } from '@mantine/core';
import { type ReactElement, type ReactNode, useContext, useState } from 'react';
import { Fault } from '../client/fault.js';
import { newId } from '../client/new-id.js';
import { StoreFile } from './store-file.js';

/** Bytes of a part; as base64 it fits in one request. */
const partSize = 120_000;

interface Props {
  session: string;
  question: QuestionView;
  label: ReactNode;
  error: ReactNode;
  /** The answer as JSON, once the file is stored. */
  onHeld: (held: string) => void;
}

/** A question that a file answers: it is stored in parts as soon as it is chosen. */
export function FileField({ session, question, label, error, onHeld }: Props): ReactElement {
  const { name, required, accept = [] } = question;
  const storePart = useContext(StoreFile);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const store = async (file: File | null): Promise<void> => {
    onHeld('');
    setFault(null);
    if (file === null) return;
    setBusy(true);
    try {
      const id = newId();
      const type = file.type === '' ? 'application/octet-stream' : file.type;
      const bytes = new Uint8Array(await file.arrayBuffer());
      const parts = Math.max(1, Math.ceil(bytes.length / partSize));
      for (let part = 1; part <= parts; part++) {
        const content = base64(bytes.subarray((part - 1) * partSize, part * partSize));
        await storePart({ session, question: name, id, name: file.name, type, part, parts, content });
      }
      onHeld(JSON.stringify({ id, name: file.name, type, size: bytes.length }));
    } catch (failed) {
      setFault(Fault.from(failed));
    } finally {
      setBusy(false);
    }
  };
  return (
    <FileInput
      name={name}
      label={label}
      error={fault === null ? error : fault.message}
      withAsterisk={required}
      accept={accept.join(',')}
      disabled={busy}
      clearable
      onChange={(file) => void store(file)}
    />
  );
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
