import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { Checklist, CHECKLIST_ITEMS } from './checklist.ts';
import { MachineRecord } from './record.ts';

const IMAGE = { version: '0.1.0', serial: 1_795_000_000, sha256: 'a'.repeat(64) };
const CHECKLIST = {
  answers: CHECKLIST_ITEMS.map((item) => ({ item, answer: 'not-looked', seen: [] })),
  at: { wall: '2026-11-23T08:30:00.000Z', timeSource: 'server' },
};
const IDENTITY = { transport: 'usb', model: 'Ultra', serial: 'U-1', wwid: null } as const;
const FOUR = { schema: 'rebond.record/4', image: IMAGE, bootMedium: null };
const { record } = await sampleRecord(await makeWorkshop());
const { image: _, ...bare } = record;

const readable = (schema: string, image?: object | null): boolean =>
  MachineRecord.safeParse({ ...bare, schema, ...(image === undefined ? {} : { image }) }).success;

describe('versions of the machine record', () => {
  it('a record from before the live image stays readable', () => {
    expect(readable('rebond.record/1')).toBe(true);
  });

  it('version 2 always says on which image the agent ran, or that it was none', () => {
    expect(readable('rebond.record/2', IMAGE)).toBe(true);
    expect(readable('rebond.record/2', null)).toBe(true);
    expect(readable('rebond.record/2')).toBe(false);
  });

  it('version 3 names the image as version 2 does', () => {
    expect(readable('rebond.record/3', IMAGE)).toBe(true);
    expect(readable('rebond.record/3', null)).toBe(true);
    expect(readable('rebond.record/3')).toBe(false);
  });

  it('version 4 always says what was left over and what a person was asked, or that it did not look', () => {
    const four = (more: object): boolean => MachineRecord.safeParse({ ...bare, ...FOUR, ...more }).success;
    const nothing = { outcome: 'absent', sources: ['test'] };
    const leftovers = { tpm: nothing, bootEntries: nothing, mok: nothing };
    expect(four({ leftovers, checklist: CHECKLIST })).toBe(true);
    expect(four({ leftovers: null, checklist: null })).toBe(true);
    expect(four({ leftovers })).toBe(false);
    expect(four({ checklist: CHECKLIST })).toBe(false);
    expect(four({ leftovers: {}, checklist: null })).toBe(false);
  });

  it('earlier versions know neither', () => {
    for (const schema of ['rebond.record/2', 'rebond.record/3']) {
      for (const more of [{ leftovers: null }, { checklist: null }, { leftovers: null, checklist: null }]) {
        expect(MachineRecord.safeParse({ ...bare, schema, image: IMAGE, ...more }).success).toBe(false);
      }
    }
  });

  it('a checklist has each thing once', () => {
    const { answers, at } = CHECKLIST;
    const twice = answers.map((each) => ({ ...each, item: 'sim' }));
    for (const wrong of [[], answers.slice(1), [...answers, ...answers.slice(0, 1)], twice]) {
      expect(Checklist.safeParse({ answers: wrong, at }).success).toBe(false);
    }
  });

  it('version 4 always says what the session was started from, and no other does; there is no version 5', () => {
    const { path, identity } = { path: '/dev/sdb', identity: IDENTITY };
    const named = (schema: string, bootMedium?: object | null): boolean =>
      MachineRecord.safeParse({
        ...{ ...bare, schema, image: IMAGE },
        ...(schema === 'rebond.record/3' ? {} : { leftovers: null, checklist: null }),
        ...(bootMedium === undefined ? {} : { bootMedium }),
      }).success;
    expect(named('rebond.record/4', { path, identity })).toBe(true);
    expect(named('rebond.record/4', null)).toBe(true);
    expect(named('rebond.record/4')).toBe(false);
    expect(named('rebond.record/3', null)).toBe(false);
    expect(named('rebond.record/4', { path })).toBe(false);
    expect(named('rebond.record/5', null)).toBe(false);
  });

  it('version 1 does not know of images', () => {
    expect(readable('rebond.record/1', IMAGE)).toBe(false);
    expect(readable('rebond.record/1', null)).toBe(false);
  });

  it.each([
    ['a digest that is none', { ...IMAGE, sha256: 'A'.repeat(64) }],
    ['no serial', { ...IMAGE, serial: 0 }],
    ['something beside', { ...IMAGE, more: true }],
  ])('refuses an image with %s', (_name, image) => {
    expect(readable('rebond.record/2', image)).toBe(false);
  });
});
