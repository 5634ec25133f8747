/** What was typed for a contact and not sent yet. */
export interface Draft {
  text: string;
  note: boolean;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const place = (interaction: string): string => `caruso.draft.${interaction}`;
const none: Draft = { text: '', note: false };

/** The draft of a contact; an empty one where there is none or it cannot be read. */
export function readDraft(store: Store, interaction: string): Draft {
  try {
    const { text, note } = JSON.parse(store.getItem(place(interaction)) ?? 'null') as Partial<Draft>;
    return { text: typeof text === 'string' ? text : '', note: note === true };
  } catch {
    return none;
  }
}

/** Keeps a draft; an empty one is forgotten. */
export function keepDraft(store: Store, interaction: string, draft: Draft): void {
  if (draft.text === '' && !draft.note) store.removeItem(place(interaction));
  else store.setItem(place(interaction), JSON.stringify(draft));
}
