import type { Schema } from '@caruso/expressions';
import type { MethodShape } from './compiler-context.js';

/** The model the scripts of the tests are compiled against. */
export const schema: Schema = {
  variables: {},
  objects: {
    Customer: { customerNo: 'text', name: 'text', email: 'text', segment: 'text' },
    Meter: { meterNo: 'text', customer: { object: 'Customer' }, lastReading: 'decimal', lastReadOn: 'date' },
    Case: { name: 'text', a: 'integer' },
    MeterReading: { id: 'text', meter: { object: 'Meter' }, reading: 'decimal', readOn: 'date', source: 'text' },
  },
};

const text = { type: 'string' };
const record = {
  type: 'object',
  properties: {
    object: text,
    key: text,
    version: text,
    display: text,
    values: { type: 'object', additionalProperties: {} },
    related: { type: 'object', additionalProperties: {} },
  },
  required: ['object', 'key', 'version', 'display', 'values'],
  additionalProperties: false,
};
const values = { type: 'object', additionalProperties: {} };

/** Methods of business objects as a front office has them, and of a ledger. */
export const methods: MethodShape[] = [
  {
    contract: 'objects',
    method: 'create',
    idempotent: false,
    input: { type: 'object', properties: { object: text, values }, required: ['object', 'values'] },
    output: record,
  },
  {
    contract: 'objects',
    method: 'update',
    idempotent: false,
    input: {
      type: 'object',
      properties: { object: text, key: text, values, version: text },
      required: ['object', 'key', 'values'],
    },
    output: record,
  },
  {
    contract: 'objects',
    method: 'delete',
    idempotent: false,
    input: { type: 'object', properties: { object: text, key: text, version: text }, required: ['object', 'key'] },
    output: { type: 'object', properties: {} },
  },
  {
    contract: 'objects',
    method: 'get',
    idempotent: true,
    input: { type: 'object', properties: { object: text, key: text }, required: ['object', 'key'] },
    output: record,
  },
  {
    contract: 'objects',
    method: 'describe',
    idempotent: true,
    input: { type: 'object', properties: {} },
    output: { type: 'object', additionalProperties: true },
  },
  {
    contract: 'objects',
    method: 'find',
    idempotent: true,
    input: { type: 'object', properties: { object: text, where: text }, required: ['object'] },
    output: { type: 'object', properties: { records: { type: 'array', items: record } }, required: ['records'] },
  },
  {
    contract: 'ledger',
    method: 'book',
    idempotent: true,
    input: { type: 'object', properties: { amount: text, account: text }, required: ['amount'] },
    output: { type: 'object', properties: { receipt: text }, required: ['receipt'] },
  },
  {
    contract: 'ledger',
    method: 'cancel',
    idempotent: true,
    input: { type: 'object', properties: { receipt: text, amount: text } },
    output: { type: 'object', properties: {} },
  },
];

export const setting = { locale: 'nl-NL', timezone: 'Europe/Amsterdam', currency: 'EUR' };

/** A script with a way round, a look-up, a form, warnings, texts in two languages and an action. */
export const readingScript = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="reading" version="1.0" xml:lang="en" channels="agent web">
  <meta>
    <title>Meter reading</title>
    <title xml:lang="nl">Meterstand</title>
    <say>Tell us the reading of your meter.</say>
  </meta>
  <param name="meterNo" type="text"/>
  <section id="who">
    <title>Your meter</title>
    <title xml:lang="nl">Uw meter</title>
    <question id="ask-meter" name="meter" type="text" required="yes" default="params.meterNo">
      <say>What is the number of your meter?</say>
      <say count="2">Look on the front of the meter: what is its number?</say>
      <say xml:lang="nl">Wat is het nummer van uw meter?</say>
      <note>Ask the customer to go to the meter.</note>
    </question>
    <lookup id="find-meter" object="Meter" where="meterNo = upper(answers.meter)" into="found">
      <fail to="not-found"><say>There is no meter <value of="meter"/>.</say></fail>
    </lookup>
  </section>
  <section id="reading-section">
    <title>The reading</title>
    <form id="enter">
      <say>Meter of <em>customer <value of="found.customer.name"/></em>: it was at <value of="found.lastReading"/>.</say>
      <question id="q-reading" name="reading" type="decimal" required="yes">
        <say>Reading</say>
        <check expr="reading >= found.lastReading">
          <say>A meter does not run backwards: it was at <value of="found.lastReading"/>.</say>
        </check>
        <check level="warn" expr="reading &lt; found.lastReading + 5000">
          <say>That is very much. Is it right?</say>
        </check>
      </question>
      <question id="q-date" name="readOn" type="date" default="today()">
        <say>Read on</say>
        <check expr="readOn &lt;= today()"><say>That day is yet to come.</say></check>
      </question>
      <question id="q-pin" name="pin" type="text" sensitive="yes"><say>Code word</say></question>
    </form>
    <question id="estimate" name="estimated" type="one" required="yes" if="reading > found.lastReading + 1000">
      <say>How was it read?</say>
      <option value="eye"><say>By eye</say><say xml:lang="nl">Met het oog</say></option>
      <option value="guess"><say>Guessed</say></option>
    </question>
    <question id="confirm" name="right" type="boolean" required="yes">
      <say>So it is <value of="reading"/> on <value of="readOn"/><br/>read: <value of="estimated"/>. Right?</say>
      <say if="estimated = 'guess'">You guess <value of="reading"/>?</say>
      <next to="done" if="right">
        <action id="store" do="objects.create" into="stored">
          <arg name="object" expr="'MeterReading'"/>
          <arg name="values.meter" expr="found"/>
          <arg name="values.reading" expr="reading"/>
          <arg name="values.readOn" expr="readOn"/>
          <arg name="values.source" expr="session.channel = 'web' ? 'self-service' : 'agent'"/>
          <fail to="sorry"><say>We could not store it.</say></fail>
        </action>
      </next>
      <next to="enter"/>
    </question>
    <info id="not-found"><say>Please try again.</say><next to="ask-meter"/></info>
    <end id="done" outcome="stored"><say>Thank you. Your receipt is <value of="stored.id"/>.</say></end>
    <end id="sorry" outcome="failed"/>
  </section>
</script>
`;
