import { z } from 'zod';
import { Clock, Line } from './text.ts';

/** What holds data or names beside the drives, and no program sees for certain. */
export const CHECKLIST_ITEMS = ['sd-card', 'sim', 'optical', 'stickers'] as const;
export const ChecklistItem = z.enum(CHECKLIST_ITEMS);
export type ChecklistItem = z.infer<typeof ChecklistItem>;

/** `removed`: something was there and is out now. `not-looked` is no error, and no clean bill either. */
export const ChecklistAnswer = z.enum(['removed', 'nothing', 'not-looked']);
export type ChecklistAnswer = z.infer<typeof ChecklistAnswer>;

/** What a person said at the end of a session, each thing once. */
export const Checklist = z
  .strictObject({
    answers: z
      .array(
        z.strictObject({
          item: ChecklistItem,
          answer: ChecklistAnswer,
          /** What the machine itself saw of it, and told before it asked: hostile text. */
          seen: z.array(Line).max(8),
        }),
      )
      .length(CHECKLIST_ITEMS.length),
    at: Clock,
  })
  .refine(({ answers }) => new Set(answers.map(({ item }) => item)).size === CHECKLIST_ITEMS.length, {
    path: ['answers'],
    message: 'each thing once',
  });
export type Checklist = z.infer<typeof Checklist>;
