import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Clock, Ids } from '../clock.js';
import type { ClusterSettings } from '../cluster-settings.js';
import type { Log } from '../component-definition.js';
import { messageOf } from '../errors.js';
import type { Links } from '../links.js';
import type { NodeLine } from '../node-directory.js';
import type { Services } from '../services.js';
import { type Announcement, decodeAnnouncement, encodeAnnouncement, PROTOCOL } from './announcement.js';
import { nodeNameTaken } from './errors.js';
import { IncomingCalls } from './incoming-calls.js';
import { MicroServices } from './micro-services.js';
import { isUnheard, NatsWire } from './nats-wire.js';
import { OutgoingCalls } from './outgoing-calls.js';
import { ANNOUNCE_EVERY, LOST_AFTER, type Peer, Peers } from './peers.js';
import { PrincipalTokens } from './principal-token.js';
import { type Subjects, subjectsOf } from './subjects.js';
import { Turns } from './turns.js';

/** How long calls under way may take to end when this node leaves, in milliseconds; less than a disposer is given. */
const LEAVE_WITHIN = 4_000;
/** Changes within so many milliseconds are announced together. */
const GATHER = 5;

export interface ClusterParts {
  links: Links;
  services: Services;
  clock: Clock;
  ids: Ids;
  log: Log;
  settings: ClusterSettings;
  node: string;
  house: string;
  where: string;
}

/** This process as one node among others: it tells them what it offers, hears what they offer, and carries the calls. */
export class Cluster {
  readonly #parts: ClusterParts;
  readonly #subjects: Subjects;
  readonly #wire: NatsWire;
  readonly #outgoing: OutgoingCalls;
  readonly #incoming: IncomingCalls;
  readonly #listing: MicroServices;
  readonly #peers = new Peers();
  readonly #started: number;
  readonly #strangers = new Map<string, { reason: string; heard: number }>();
  readonly #stops: (() => void)[] = [];
  #run: string;
  #own: Subscription | undefined;
  #sequence = 0;
  #connections = 0;
  #phase: Announcement['phase'] = 'here';
  /** An older node of the same name; this one keeps silent while it is there. */
  #rival: { run: string; where: string; heard: number } | undefined;
  #cancelAnnouncing: (() => void) | undefined;
  #idempotent: ReadonlySet<string> | undefined;
  #serving: ReadonlySet<string> | undefined;

  constructor(parts: ClusterParts) {
    const { links, services, clock, ids, log, settings, node, house } = parts;
    this.#parts = parts;
    this.#subjects = subjectsOf(house);
    this.#started = clock.now();
    this.#run = ids.next();
    this.#wire = new NatsWire(settings, `caruso ${house} ${node}`, clock, {
      opened: (connection) => this.#opened(connection),
      restored: () => this.#restored(),
      lost: () => this.#cutOff(),
    });
    const tokens = new PrincipalTokens(house, settings.secret);
    const subjects = this.#subjects;
    const wire = this.#wire;
    this.#outgoing = new OutgoingCalls({
      wire,
      subjects,
      tokens,
      clock,
      run: () => this.#run,
      inbox: wire.inbox,
      onUnheard: (peer) => this.#unheard(peer),
    });
    const turns = new Turns();
    const answer = links.answer.bind(links);
    const idempotent = (method: string): boolean => this.#isIdempotent(method);
    const serving = (provider: string): boolean => this.#isServing(provider);
    this.#incoming = new IncomingCalls({ wire, tokens, clock, log, turns, answer, idempotent, serving, node });
    const offered = links.offered.bind(links);
    const limit = (): number => wire.limit;
    this.#listing = new MicroServices({ subjects, tokens, clock, ids, services, node, house, offered, answer, limit });
  }

  /** Resolves after the first attempt to connect; further ones follow by themselves. */
  async open(): Promise<void> {
    const { links, clock } = this.#parts;
    this.#stops.push(links.onChange(() => this.#changed()));
    this.#stops.push(clock.every(ANNOUNCE_EVERY, () => this.#tick()));
    await this.#wire.open();
  }

  /** Takes no new calls, ends those under way, says goodbye. */
  async close(): Promise<void> {
    this.#phase = 'leaving';
    this.#announce();
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(LEAVE_WITHIN, resolve);
    });
    if (this.#wire.connected) await Promise.race([late, this.#idle()]);
    cancel();
    for (const stop of this.#stops.splice(0)) stop();
    this.#cancelAnnouncing?.();
    await this.#listing.stop();
    this.#phase = 'gone';
    this.#announce();
    for (const peer of this.#peers.all()) this.#parts.links.leave(peer.node);
    this.#outgoing.lostAll('this node stops');
    await this.#wire.close();
  }

  /** Why this node cannot do all it should. */
  health(): string | undefined {
    if (this.#wire.trouble !== undefined) return this.#wire.trouble;
    const { node, where } = this.#parts;
    // One in this very process is the generation that this one replaces.
    if (this.#rival !== undefined && this.#rival.where !== where) return nodeNameTaken(node, this.#rival.where).message;
    const reasons = [...this.#strangers.values()].map(({ reason }) => reason);
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }

  list(): NodeLine[] {
    const { node, where, links } = this.#parts;
    const line = (
      own: boolean,
      a: Pick<Announcement, 'node' | 'where' | 'started' | 'phase' | 'providers'>,
    ): NodeLine => ({
      node: a.node,
      own,
      where: a.where,
      started: new Date(a.started).toISOString(),
      phase: a.phase === 'here' ? 'here' : 'leaving',
      providers: a.providers.map((provider) => provider.name),
    });
    const own = { node, where, started: this.#started, phase: this.#phase, providers: links.offered() };
    return [line(true, own), ...this.#peers.all().map((peer) => line(false, peer.announcement))];
  }

  async #idle(): Promise<void> {
    // Calls that were on their way here when the others learnt of the leaving.
    await new Promise<void>((resolve) => this.#parts.clock.after(GATHER * 10, resolve));
    await Promise.all([this.#incoming.idle(), this.#outgoing.idle()]);
  }

  #opened(connection: NatsConnection): void {
    const { nodes } = this.#subjects;
    connection.subscribe(nodes, {
      callback: (error, message) => {
        if (error === null) this.#hear(message.string());
      },
    });
    connection.subscribe(`${this.#wire.inbox}.*`, {
      callback: (error, message) => {
        if (error !== null) return;
        if (isUnheard(message)) this.#outgoing.unheard(message.subject);
        else this.#outgoing.receive(message.subject, message.string());
      },
    });
    this.#listen(connection);
    this.#restored();
  }

  /** Subscribes to what is sent to this run. */
  #listen(connection: NatsConnection): void {
    this.#own?.unsubscribe();
    const { node } = this.#parts;
    const call = this.#subjects.call(node, this.#run);
    const cancel = this.#subjects.cancel(node, this.#run);
    this.#own = connection.subscribe(this.#subjects.inboxOf(node, this.#run), {
      callback: (error, message: Msg) => {
        if (error !== null) return;
        if (message.subject === call) this.#incoming.receive(message.string(), message.reply ?? '');
        else if (message.subject === cancel) this.#incoming.cancel(message.string());
        else message.respond('+');
      },
    });
  }

  #restored(): void {
    this.#connections++;
    this.#announce(true);
    this.#list();
  }

  #cutOff(): void {
    this.#outgoing.lostAll('the connection to NATS was lost');
    this.#incoming.cutOff();
  }

  #tick(): void {
    const now = this.#parts.clock.now();
    if (this.#rival !== undefined && now - this.#rival.heard >= LOST_AFTER) this.#appear();
    if (this.#rival === undefined) this.#announce();
    for (const peer of this.#peers.silent(now)) this.#left(peer, `it was not heard of for ${LOST_AFTER / 1000} s`);
    for (const [who, { heard }] of this.#strangers) if (now - heard >= LOST_AFTER) this.#strangers.delete(who);
    this.#outgoing.sweep();
  }

  #changed(): void {
    this.#idempotent = undefined;
    this.#serving = undefined;
    this.#cancelAnnouncing ??= this.#parts.clock.after(GATHER, () => {
      this.#cancelAnnouncing = undefined;
      this.#announce();
      this.#list();
    });
  }

  #list(): void {
    const { connection } = this.#wire;
    if (connection !== undefined && this.#phase === 'here' && this.#rival === undefined)
      void this.#listing.refresh(connection);
  }

  #announce(ask = false): void {
    if (!this.#wire.connected || this.#rival !== undefined) return;
    const { node, where, links, settings } = this.#parts;
    const announcement: Announcement = {
      protocol: PROTOCOL,
      node,
      run: this.#run,
      sequence: ++this.#sequence,
      connection: this.#connections,
      started: this.#started,
      where,
      phase: this.#phase,
      ask,
      providers: this.#phase === 'here' ? links.offered() : [],
    };
    this.#wire.publish(this.#subjects.nodes, Buffer.from(encodeAnnouncement(announcement, settings.secret)));
  }

  #hear(text: string): void {
    const { log, settings, clock } = this.#parts;
    const now = clock.now();
    let announcement: Announcement;
    try {
      announcement = decodeAnnouncement(text, settings.secret);
    } catch (error) {
      const reason = messageOf(error);
      if (!this.#strangers.has(reason)) log.warn({ err: error }, reason);
      if (this.#strangers.size < 20) this.#strangers.set(reason, { reason, heard: now });
      return;
    }
    if (announcement.run === this.#run) return;
    if (announcement.node === this.#parts.node) return this.#namesake(announcement, now);
    this.#take(announcement, now);
    if (announcement.ask && announcement.phase === 'here') this.#announce();
  }

  #take(announcement: Announcement, now: number): void {
    const { links } = this.#parts;
    const heard = this.#peers.hear(announcement, now);
    switch (heard.kind) {
      case 'stale':
        return;
      case 'reconnected':
        this.#outgoing.lost(heard.peer, 'it had lost its connection to NATS');
        this.#incoming.callerGone(heard.peer.run);
        return this.#join(heard.peer);
      case 'joined':
      case 'renewed':
        return this.#join(heard.peer);
      case 'leaving':
        return links.leave(heard.peer.node);
      case 'gone':
        return this.#left(heard.peer, 'it has stopped');
      case 'rival':
        void this.#succeed(heard.peer);
    }
  }

  #join(peer: Peer): void {
    const send = this.#outgoing.send.bind(this.#outgoing, peer);
    const providers = peer.announcement.providers.map((provider) => ({ ...provider, send }));
    this.#parts.links.join(peer.node, providers);
  }

  #left(peer: Peer, why: string): void {
    this.#peers.drop(peer);
    this.#parts.links.leave(peer.node);
    this.#outgoing.lost(peer, why);
    this.#incoming.callerGone(peer.run);
    this.#parts.log.info({ node: peer.node }, `node '${peer.node}' has left: ${why}`);
  }

  /** A call found nobody there. Calls sent to it since will each be told the same; should one not be, it is given up soon. */
  #unheard(peer: Peer): void {
    this.#peers.drop(peer);
    this.#parts.links.leave(peer.node);
    this.#incoming.callerGone(peer.run);
    this.#parts.clock.after(ANNOUNCE_EVERY, () => this.#outgoing.lost(peer, 'it has left'));
  }

  /** A node was started under the name of one that did not say goodbye: it takes its place once the other is surely gone. */
  async #succeed(former: Peer): Promise<void> {
    if (await this.#outgoing.listens(former)) return;
    this.#peers.forget(former);
    this.#announce(true);
  }

  /** Two nodes have one name: the older keeps it. */
  #namesake({ run, started, where, phase }: Announcement, now: number): void {
    if (phase !== 'here') {
      if (this.#rival?.run === run) this.#appear();
      return;
    }
    const older = started < this.#started || (started === this.#started && run < this.#run);
    if (!older) {
      this.#announce();
      return;
    }
    if (this.#rival === undefined) {
      if (where !== this.#parts.where)
        this.#parts.log.error({ node: this.#parts.node }, nodeNameTaken(this.#parts.node, where).message);
      this.#phase = 'gone';
      this.#announce();
      void this.#listing.stop();
    }
    this.#rival = { run, where, heard: now };
  }

  /** Takes the name again that another node had; as a new run, for this one has said goodbye. */
  #appear(): void {
    this.#rival = undefined;
    this.#phase = 'here';
    this.#run = this.#parts.ids.next();
    const { connection } = this.#wire;
    if (connection !== undefined) this.#listen(connection);
    this.#announce(true);
    this.#list();
  }

  #isServing(provider: string): boolean {
    this.#serving ??= new Set(this.#parts.links.offered().map(({ name }) => name));
    return this.#serving.has(provider);
  }

  #isIdempotent(method: string): boolean {
    this.#idempotent ??= new Set(
      this.#parts.services
        .methods()
        .filter((each) => each.idempotent)
        .map((each) => `${each.contract}.${each.method}`),
    );
    return this.#idempotent.has(method);
  }
}
