import { BusinessObjects, Model } from '@caruso/business-objects/contract';
import { Declarations } from '@caruso/declarations/contract';
import { defineComponent, need } from '@caruso/service-manager/contract';
import { Journal, Storage } from '@caruso/storage-manager/contract';
import { z } from 'zod';
import { Agents } from './agents.js';
import { Assignments } from './assignments.js';
import { Campaigns } from './campaigns.js';
import { Channel, Communication } from './contract.js';
import { Delivery } from './delivery.js';
import { Desk } from './desk.js';
import { Dialogs } from './dialogs.js';
import { Floor } from './floor.js';
import { Intake } from './intake.js';
import { Recognition } from './recognition.js';
import { Records } from './records.js';
import { Router } from './router.js';
import { Routes } from './routes.js';
import { Settings } from './settings.js';
import { Supervision } from './supervision.js';
import { Views } from './views.js';

/** The communication server: one interaction for every channel, agents, queues, routing, campaigns. */
export default defineComponent({
  provides: Communication,
  version: '1.0.0',
  needs: {
    declarations: need(Declarations, '^1.0'),
    storage: need(Storage, '^1.0'),
    journal: need(Journal, '^1.0'),
    model: need(Model, '^1.0'),
    objects: need(BusinessObjects, '^1.0'),
  },
  config: z.strictObject({}),
  async create({ needs, clock, ids, log, services, effect }) {
    const { declarations, storage, journal, model, objects } = needs;
    const settings = new Settings(declarations, model, log);
    const plan = () => settings.queues;
    const timezone = () => settings.timezone;

    const floor = new Floor();
    const records = new Records({
      storage,
      journal,
      model,
      clock,
      ids,
      committed: ({ interactions, agents }) => {
        for (const row of interactions) floor.putInteraction(row);
        for (const row of agents) floor.putAgent(row);
        router.wake();
      },
    });
    const recognition = new Recognition(objects, plan, log);
    const routes = new Routes({ plan, records, recognition, timezone, clock, log });
    const assignments = new Assignments({ records, floor, routes, plan });
    const router = new Router({
      clock,
      log,
      snapshot: () => floor.snapshot(plan(), timezone()),
      take: assignments.take,
    });
    const intake = new Intake({ records, routes, recognition, plan });
    const dialogs = new Dialogs({ records, routes });
    const desk = new Desk({ records, floor, routes, recognition, plan, clock });
    const agents = new Agents(records, plan);
    const supervision = new Supervision(records, routes);
    const campaigns = new Campaigns({
      records,
      objects,
      campaigns: () => settings.campaigns,
      plan,
      timezone,
      clock,
      log,
    });
    const delivery = new Delivery({ records, journal, services, log });
    const views = new Views({ records, floor, plan, clock, campaigns: () => campaigns.status() });

    const live = await records.live();
    for (const row of live.interactions) floor.putInteraction(row);
    for (const row of live.agents) floor.putAgent(row);

    const openChannels = () => delivery.open([...plan().channels.keys(), ...services.providers(Channel)]);
    const reopen = () => {
      openChannels().catch((error: unknown) => log.error({ error }, 'deliveries could not be begun'));
    };

    effect('routing', () => router.stop());
    effect('campaigns', () => campaigns.close());
    effect('deliveries', () => delivery.close());
    effect(
      'journal',
      journal.follow((event) => floor.follow(event.changes)),
    );
    effect(
      'declarations',
      declarations.onChange((folder) => {
        settings.load(folder);
        reopen();
        router.wake();
      }),
    );
    effect('channels', services.onChange(reopen));

    return {
      handlers: {
        desktop: () => views.desktop(),
        setPresence: ({ presence, reason }) => agents.setPresence(presence, reason),
        accept: ({ interaction, token }) => desk.accept(interaction, token),
        decline: ({ interaction, token }) => desk.decline(interaction, token),
        pull: (wanted) => desk.pull(wanted),
        send: ({ interaction, ...said }) => desk.send(interaction, said),
        hold: ({ interaction }) => desk.hold(interaction),
        resume: ({ interaction }) => desk.resume(interaction),
        transfer: ({ interaction, queue, note }) => desk.transfer(interaction, queue, note),
        link: ({ interaction, customer }) => desk.link(interaction, customer),
        attachScript: ({ interaction, session }) => desk.attachScript(interaction, session),
        finish: ({ interaction }) => desk.finish(interaction),
        wrapUp: ({ interaction, disposition, note }) => desk.wrapUp(interaction, disposition, note),
        get: ({ interaction }) => views.get(interaction),
        conversation: ({ interaction, after }) => views.conversation(interaction, after),
        markRead: ({ interaction }) => desk.markRead(interaction),
        snapshot: () => views.snapshot(),
        move: ({ interaction, ...to }) => supervision.move(interaction, to),
        kept: () => views.kept(),
        startCampaign: ({ campaign }) => campaigns.start(campaign),
        pauseCampaign: ({ campaign }) => campaigns.pause(campaign),
        defineAgent: (definition) => agents.define(definition),
        receive: (arrival) => intake.receive(arrival),
        tell: ({ interaction, ...said }) => dialogs.tell(interaction, said),
        enqueue: ({ interaction, queue }) => dialogs.enqueue(interaction, queue),
        conclude: ({ interaction, outcome }) => dialogs.conclude(interaction, outcome),
        led: ({ channel }) => ({ interactions: views.led(channel) }),
        ongoing: ({ channel, address, concludedSince }) => views.ongoing(channel, address, concludedSince),
        leave: ({ interaction }) => intake.leave(interaction),
        read: ({ interaction, after }) => views.read(interaction, after),
        keep: (item) => intake.keep(item),
      },
      async started() {
        await openChannels();
        await campaigns.resume();
        router.wake();
      },
      inspect: () => ({
        waiting: [...plan().queues.keys()].map((queue) => ({ queue, ...floor.lengthOf(queue) })),
        running: floor.interactions().length,
        agents: floor.agents().length,
        decisions: router.decisions,
        deliveries: delivery.channels,
        faults: settings.faults.length,
      }),
    };
  },
});
