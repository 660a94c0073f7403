import { z } from 'zod';
import { duration } from '../values';

/** The lane for emergencies: named, recorded, of two people, and to be made up for afterwards. */
export const emergency = z
  .strictObject({
    people: z.number().int().min(2).default(2).describe('How many different people must ask for it.'),
    validFor: duration
      .default('4h')
      .describe('How long after the first request others may join, and the bypass be used.'),
    settleWithin: duration.default('7d').describe('How long its debts may stay open before status warns.'),
  })
  .describe('A recorded way around preconditions of a deployment, in an emergency.');
