import { Input, TextInput } from '@mantine/core';
import { type PointerEvent, type ReactElement, type ReactNode, useRef, useState } from 'react';

interface Props {
  label: ReactNode;
  error: ReactNode;
  withAsterisk: boolean;
  /** The answer as JSON, once there are a name and strokes. */
  onHeld: (held: string) => void;
}

/** A name, and strokes drawn with a finger, a pen or the mouse. Who cannot draw signs by the name: Enter in it draws a line. */
export function SignatureField({ label, error, withAsterisk, onHeld }: Props): ReactElement {
  const [name, setName] = useState('');
  const [strokes, setStrokes] = useState('');
  const drawing = useRef(false);
  const hold = (nextName: string, nextStrokes: string): void => {
    setName(nextName);
    setStrokes(nextStrokes);
    const whole = nextName.trim() !== '' && nextStrokes.includes('L');
    onHeld(whole ? JSON.stringify({ name: nextName.trim(), strokes: nextStrokes }) : '');
  };
  const point = (event: PointerEvent<SVGSVGElement>): string => {
    const box = event.currentTarget.getBoundingClientRect();
    return `${Math.round(event.clientX - box.left)} ${Math.round(event.clientY - box.top)}`;
  };
  return (
    <Input.Wrapper label={label} error={error} withAsterisk={withAsterisk}>
      <TextInput
        value={name}
        onChange={(event) => hold(event.currentTarget.value, strokes)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || strokes !== '') return;
          event.preventDefault();
          hold(name, 'M10 60 L200 60 ');
        }}
      />
      <svg
        width="100%"
        height={90}
        aria-hidden
        style={{ border: '1px solid var(--mantine-color-default-border)', touchAction: 'none', marginTop: 6 }}
        onPointerDown={(event) => {
          drawing.current = true;
          hold(name, `${strokes}M${point(event)} `);
        }}
        onPointerMove={(event) => {
          if (drawing.current) hold(name, `${strokes}L${point(event)} `);
        }}
        onPointerUp={() => {
          drawing.current = false;
        }}
      >
        <path d={strokes} fill="none" stroke="currentColor" strokeWidth={2} />
      </svg>
    </Input.Wrapper>
  );
}
