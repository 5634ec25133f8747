/** What two records must agree in: an attribute, exactly or with a likeness; in a rule by points, how many it gives. */
export interface ConditionDraft {
  attribute: string;
  /** 0.5 to 1; empty: exactly. */
  like: string;
  points: string;
}

/** A rule of `duplicates:` as a form: all of a list must agree, or points are added up. */
export interface RuleDraft {
  kind: 'same' | 'perhaps' | 'weigh';
  conditions: ConditionDraft[];
  /** Points from which two records are the same, and perhaps the same. */
  same: string;
  perhaps: string;
}

const CONDITION = /^\s*([A-Za-z_]\w*)\s*(?:~\s*([\d.]+))?\s*$/;

export function ruleDraftOf(rule: unknown): RuleDraft {
  const { same, perhaps, weigh } = (typeof rule === 'object' && rule !== null ? rule : {}) as Record<string, unknown>;
  const conditionOf = (text: unknown, points = ''): ConditionDraft => {
    const [, attribute = String(text), like = ''] = CONDITION.exec(String(text)) ?? [];
    return { attribute, like, points };
  };
  if (typeof weigh === 'object' && weigh !== null)
    return {
      kind: 'weigh',
      conditions: Object.entries(weigh).map(([text, points]) => conditionOf(text, String(points))),
      same: String(same ?? ''),
      perhaps: String(perhaps ?? ''),
    };
  const kind = Array.isArray(same) ? 'same' : 'perhaps';
  const list = kind === 'same' ? same : perhaps;
  return { kind, conditions: Array.isArray(list) ? list.map((text) => conditionOf(text)) : [], same: '', perhaps: '' };
}

/** Whether the rule can be written: an attribute everywhere, and numbers where numbers are wanted. */
export function isSound({ kind, conditions, same, perhaps }: RuleDraft): boolean {
  const number = (text: string) => text.trim() !== '' && Number.isFinite(Number(text));
  return (
    conditions.length > 0 &&
    conditions.every(({ attribute, like, points }) => {
      const likeness = like.trim() === '' || (number(like) && Number(like) > 0.5 && Number(like) <= 1);
      return attribute !== '' && likeness && (kind !== 'weigh' || number(points));
    }) &&
    (kind !== 'weigh' || (number(same) && number(perhaps)))
  );
}

/** The rule as the file says it: `{ same: [email] }`, `{ weigh: { name ~ 0.85: 9 }, same: 20, perhaps: 12 }`. */
export function ruleOf({ kind, conditions, same, perhaps }: RuleDraft): Record<string, unknown> {
  const text = ({ attribute, like }: ConditionDraft) =>
    like.trim() === '' ? attribute : `${attribute} ~ ${like.trim()}`;
  if (kind !== 'weigh') return { [kind]: conditions.map(text) };
  const weigh = Object.fromEntries(conditions.map((each) => [text(each), Number(each.points)]));
  return { weigh, same: Number(same), perhaps: Number(perhaps) };
}
