/** The model of the scenario (see scenario.test.support.ts), its rows, and what is asked of them. */

/** Everything that a model can have. */
export const MODEL = {
  'everything.yaml': `object: Everything
attributes:
  id: { type: text, key: generated }
  word: { type: text, length: 40, search: true }
  story: { type: text, search: true }
  whole: { type: integer }
  exact: { type: decimal, scale: 4 }
  float: { type: number }
  price: { type: money, currency: EUR }
  paid: { type: money, currencyColumn: paid_currency }
  yes: { type: boolean }
  day: { type: date }
  moment: { type: datetime }
  kind: { type: one of, values: [a, b, "it's"] }
  mail: { type: email, unique: true }
  phone: { type: phone }
  link: { type: url }
  tree: { type: json }
  bytes: { type: binary }
  region: { to: Region }
  parent: { to: Everything }
  net: { formula: "exact * 2 + 0.5" }
  title: { formula: "word + ' (' + kind + ')'" }
  late: { formula: "moment < now() and yes" }
  offspring: { count: children }
  childPrice: { sum: children.price }
  worth: { sum: positions.amount, where: "positions.amount > 1" }
  tagCount: { count: tagged }
  tagWeight: { sum: tagged.weight, where: "tagged.weight > 0" }
relations:
  children: { many: Everything, by: parent }
  positions: { many: Position, by: owner }
  tagged: { many: Tag, table: true }
  regions: { many: Region, through: Coverage }
rights:
  agent: { read: all, write: all, create: true, delete: true }
  partner: { read: "region.name = user.region or kind = 'a'", write: [word], create: false, hide: [price, tree] }
  administrator: all
`,
  'region.yaml': `object: Region
attributes:
  country: { type: text, key: true, length: 2 }
  number: { type: integer, key: true }
  name: { type: text, search: true }
  active: { count: things, where: "things.yes" }
relations:
  things: { many: Everything, by: region }
  covering: { many: Everything, inverse: regions }
rights: { agent: all, partner: read, administrator: all }
`,
  'position.yaml': `object: Position
attributes:
  owner: { to: Everything, key: true }
  line: { type: integer, key: true }
  amount: { type: decimal }
  text: { type: text, search: true }
rights: { agent: all, partner: none, administrator: all }
`,
  'tag.yaml': `object: Tag
delete: keep
attributes:
  id: { type: text, key: true, length: 40 }
  weight: { type: decimal, scale: 3 }
relations:
  everything: { many: Everything, inverse: tagged }
rights: { agent: all, partner: { read: "weight > 0" }, administrator: all }
`,
  'coverage.yaml': `object: Coverage
attributes:
  thing: { to: Everything, key: true }
  region: { to: Region, key: true }
  share: { type: decimal, scale: 1, default: 1 }
rights: { agent: all, partner: { read: "share > 0.5" }, administrator: all }
`,
};

/** Texts that a database may take for something else. */
export const HOSTILE = [
  "'; drop table everything; --",
  '" or "" = "',
  "' or 1=1 --",
  '\\',
  "\\'; select 1; --",
  '%',
  '_%',
  '?',
  '`',
  '/* */',
  ') or (1=1',
  "x' union select null --",
  '${id}',
  '\u2028',
  'ẞ ß İ ﬁ',
];

export const REGIONS = [
  { country: 'NL', number: 1, name: 'Noord' },
  { country: 'NL', number: 2, name: 'zuid' },
  { country: 'DE', number: 1, name: 'Straße' },
  { country: 'BE', number: 1, name: null },
];

export const THINGS: Record<string, unknown>[] = [
  {
    word: 'Ada',
    story: 'Gas and water, 100% x_y',
    whole: 7,
    exact: '12.5',
    float: 0.1,
    price: { amount: '19.99' },
    paid: { amount: '20', currency: 'USD' },
    yes: true,
    day: '2026-02-28',
    moment: '2026-06-15T11:59:59.999+02:00',
    kind: 'a',
    mail: 'ada@x.nl',
    phone: '+31 20 1234567',
    link: 'https://x.nl/?q=1',
    tree: { b: [1, 2.5, null, 'x'], a: { deep: true } },
    bytes: Buffer.from([0, 1, 255, 39, 92]).toString('base64'),
    region: 'NL~1',
  },
  {
    word: 'ada',
    story: 'it\'s \\ "quoted" `x` ; -- /* */',
    whole: '9007199254740993',
    exact: '-0.0001',
    float: -1e300,
    price: { amount: '-3.10', currency: 'EUR' },
    yes: false,
    day: '0001-01-01',
    moment: '1969-12-31T23:59:59.999Z',
    kind: 'b',
    region: 'NL~2',
    parent: 'id000001',
    tree: [],
  },
  {
    word: 'ada ',
    story: 'Zoë from the strasse a b',
    whole: -1,
    exact: '0',
    float: 5e-324,
    kind: "it's",
    region: 'DE~1',
  },
  {
    word: 'Élise',
    story: '日本語 😀 STRASSE',
    whole: 0,
    price: { amount: '1000000.00', currency: 'EUR' },
    yes: true,
    day: '9999-12-31',
    moment: '9999-12-31T21:59:59.999Z',
    parent: 'id000001',
    tree: 'plain',
    bytes: '',
  },
  {
    word: '',
    story: '',
    exact: '99999999.9999',
    float: 1 / 3,
    yes: false,
    mail: 'e@x.nl',
    region: 'NL~1',
    tree: false,
  },
  { word: 'zoë', whole: 7, kind: 'a', moment: '2026-06-15T10:00:00Z', price: { amount: '0.00' }, parent: 'id000002' },
  {},
];

export const POSITIONS = [
  { owner: 'id000001', line: 1, amount: '10.10', text: 'gas' },
  { owner: 'id000001', line: 2, amount: '0.20' },
  { owner: 'id000002', line: 1, amount: '5' },
];

export const TAGS = [
  { id: 'ä b', weight: '1.500' },
  { id: "it's", weight: '-0.250' },
  { id: 'Z', weight: null },
  { id: 'a~b', weight: '0.001' },
];

export const REFUSED: Record<string, unknown>[] = [
  { mail: 'ada@x.nl' },
  { kind: 'c' },
  { day: '2026-02-29', moment: 'yesterday', whole: 1.5, exact: '1.23456', yes: 'yes', tree: undefined, price: 'x' },
  { word: 'x'.repeat(41) },
  { word: 'nul \u0000' },
  { region: 'FR~1' },
  { whole: '9223372036854775808' },
  { nothing: 1 },
];

export const SORTS = [
  [],
  ['word'],
  ['-word'],
  ['-exact', 'word'],
  ['float'],
  ['-price'],
  ['day', '-moment'],
  ['yes', '-whole'],
  ['region'],
  ['-region.name', 'word'],
  ['net'],
  ['-offspring', 'childPrice'],
  ['worth'],
  ['-tagCount', 'tagWeight'],
  ['tagged'],
  ['mail'],
  ['title'],
  ['tree'],
];

export const CONDITIONS = [
  "word = 'ada'",
  "word = 'ada '",
  "word <> 'ada'",
  "word > 'ada' and word < 'b'",
  "word.like('ADA%')",
  "story.like('%é%') or story.like('%ë%')",
  "lower(word) = 'élise'",
  "upper(word) = 'ÉLISE'",
  'size(story) > 10',
  "contains(story, 'strasse')",
  "endsWith(word, ' ')",
  'whole = 7',
  'whole > 9007199254740992',
  'exact = 12.5',
  'exact < 0.00005',
  'net > 0',
  'float > 0.3 and float < 0.4',
  'float = 0.1',
  'price.amount > 0',
  "paid.currency = 'USD'",
  'price = null or paid <> null',
  'yes',
  'not yes',
  'yes = null',
  'day > date("2026-01-01")',
  'year(day) = 1 or month(day) = 12',
  'day + 1d = date("2026-03-01")',
  'moment < now()',
  'moment = datetime("2026-06-15T09:59:59.999Z")',
  'now() - moment < 1h',
  'moment + 1h > now()',
  'late',
  "kind in ['a', 'it\\'s']",
  'tree = null',
  'bytes <> null',
  "region.name = 'Noord'",
  'region.name = null',
  "region = 'NL~1'",
  "parent.word = 'Ada'",
  'parent.parent <> null',
  'offspring = 0',
  'childPrice.amount > 0',
  "children.exists(c, c.kind = 'a')",
  'children.all(c, c.yes = true)',
  "positions.exists(p, p.text = 'gas')",
  "tagged.exists(t, t.id = 'Z')",
  'tagged.all(t, t.weight > 0)',
  'tagged.size() = 2',
  'tagged.filter(t, t.weight > 0).size() = 1',
  "regions.exists(r, r.name = 'Noord')",
  'not regions.exists(r, r.number = 1)',
  'tagCount > 1 or tagWeight > 1',
  "tagged = 'Z'",
  "title = 'Ada (a)'",
  'coalesce(exact, 1) = 1',
  'abs(exact) < 1',
  'round(exact, 1) = 12.5',
  'round(exact, 3) = 0.0',
  'max(whole, 0) = 7',
  'whole % 4 = 3 or whole * 2 = -2',
  'region.active = 1',
  'price > 1',
  'tree = 1',
  'wrd = 1',
];
