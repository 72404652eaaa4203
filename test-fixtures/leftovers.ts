import { CHECKLIST_ITEMS, grade, type Leftovers, type MachineRecord } from '@rebond/protocol';
import { AT } from './laptops.ts';

/** A record of version 4 with every kind of leftover; `text` stands in every field that a machine fills. */
export function withLeftovers(text = 'ubuntu', serial: string | null = null) {
  return async (record: MachineRecord): Promise<void> => {
    record.schema = 'rebond.record/4';
    record.image = null;
    record.bootMedium = null;
    record.leftovers = everyLeftover(text, record.sanitizations[0]?.plan.target.path ?? null);
    record.checklist = {
      answers: CHECKLIST_ITEMS.map((item, index) => ({
        item,
        answer: (['removed', 'nothing', 'not-looked'] as const)[index % 3] ?? 'nothing',
        seen: index === 2 ? [text] : [],
      })),
      at: AT,
    };
    if (serial !== null) labelFirst(record, serial);
    record.grade = await grade(record.inventory, record.sanitizations, null);
  };
}

function everyLeftover(text: string, wiped: string | null): Leftovers {
  const reason = { code: 'boot-entry-stays', fr: text, en: text };
  const sources = ['/sys'];
  const entry = (number: number, place: Place, deed: Deed) => ({
    ...{ name: `Boot000${number}`, description: text.slice(0, 200), place, deed },
  });
  return {
    tpm: {
      ...{ outcome: 'read', sources },
      value: {
        family: '2.0',
        last: {
          ...{ state: 'answered', operation: 5, code: 0xffff_fff0, meaning: 'refused' },
          text: text.slice(0, 200),
        },
        clear: { state: 'requested', operation: 5 },
      },
    },
    bootEntries: {
      ...{ outcome: 'read', sources },
      value: [
        entry(0, { kind: 'network' }, { state: 'kept' }),
        entry(1, { kind: 'no-drive' }, { state: 'failed', reason }),
        ...(wiped === null ? [] : [entry(2, { kind: 'sanitized-drive', path: wiped }, { state: 'removed' })]),
        entry(3, { kind: 'unknown' }, { state: 'declined' }),
      ],
    },
    mok: {
      outcome: 'failed',
      failure: { code: 'nonsense', source: text.slice(0, 200), detail: text },
    },
  };
}

type Entry = Extract<Leftovers['bootEntries'], { outcome: 'read' }>['value'][number];
type Place = Entry['place'];
type Deed = Entry['deed'];

/** The first drive that was sanitized has no serial number, and bears this label. */
function labelFirst({ sanitizations, inventory }: MachineRecord, propertyLabel: string): void {
  const [first] = sanitizations;
  if (first === undefined || inventory.drives.outcome !== 'read') return;
  const { target } = first.plan;
  const bare = { ...target.identity, serial: null };
  const listed = inventory.drives.value.find(({ path }) => path === target.path);
  if (listed) listed.identity = bare;
  if (first.observations.after) first.observations.after.identity = bare;
  first.plan.target = { ...target, identity: { ...bare, propertyLabel }, diskseq: '7' };
}
