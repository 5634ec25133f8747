import type { InteractionRow } from './interaction-row.js';
import type { Work } from './work.js';

/** A message of a campaign went out, or could not: its interaction is over, its recipient and the campaign's figures say so. */
export async function recordOutcome(work: Work, row: InteractionRow, error: string | null): Promise<void> {
  if (error === null) await work.advance(row, { kind: 'deliver' }, 'Interaction.sent', { campaign: row.campaign });
  else await work.advance(row, { kind: 'fail', note: error }, 'Interaction.failed', { campaign: row.campaign, error });
  const [target] = await work.load('CampaignTarget', 'interaction = wanted', { wanted: row.id });
  if (target === undefined || row.campaign === null) return;
  await settleTarget(work, { id: String(target.id), campaign: row.campaign }, error);
}

/** Counts a recipient as reached or not, and ends the campaign with its last one. */
export async function settleTarget(
  work: Work,
  target: { id: string; campaign: string },
  error: string | null,
): Promise<void> {
  const state = error === null ? 'sent' : 'failed';
  const reason = error === null ? null : error.slice(0, 1000);
  await work.write('update', 'CampaignTarget', { id: target.id, state, reason, at: work.now() });
  const [campaign] = await work.load('Campaign', 'campaign = wanted', { wanted: target.campaign });
  if (campaign === undefined) return;
  const sent = Number(campaign.sent) + (error === null ? 1 : 0);
  const failed = Number(campaign.failed) + (error === null ? 0 : 1);
  const finished = sent + failed >= Number(campaign.total) && campaign.state === 'running';
  const subject = { object: 'Campaign', key: target.campaign };
  await work.write('update', 'Campaign', { campaign: target.campaign, sent, failed });
  await work.journal('Campaign.progressed', subject, { target: target.id, state });
  if (!finished) return;
  await work.write('update', 'Campaign', { campaign: target.campaign, state: 'finished' });
  await work.journal('Campaign.finished', subject, { sent, failed });
}
