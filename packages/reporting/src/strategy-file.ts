import { z } from 'zod';

const Text = z.string().min(1);

/** A goal: a metric, what it should be at least or at most in each period, and why. */
const GoalSchema = z
  .strictObject({
    metric: Text,
    'at least': z.number().optional(),
    'at most': z.number().optional(),
    per: z.enum(['day', 'week', 'month']),
    why: Text,
  })
  .check((context) => {
    if (context.value['at least'] !== undefined || context.value['at most'] !== undefined) return;
    const params = { remedy: 'write at least: or at most: and a number' };
    context.issues.push({ code: 'custom', input: context.value, message: 'a goal has a target', params });
  });

/** The schema of strategy.yaml. */
export const StrategyFileSchema = z.strictObject({ strategy: Text, goals: z.array(GoalSchema).min(1).max(50) });
