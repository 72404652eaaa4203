import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { MachineRecord } from './record.ts';

const IMAGE = { version: '0.1.0', serial: 1_795_000_000, sha256: 'a'.repeat(64) };
const IDENTITY = { transport: 'usb', model: 'Ultra', serial: 'U-1', wwid: null } as const;
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

  it('version 4 always says what the session was started from, and no other does; there is no version 5', () => {
    const { path, identity } = { path: '/dev/sdb', identity: IDENTITY };
    const named = (schema: string, bootMedium?: object | null): boolean =>
      MachineRecord.safeParse({
        ...{ ...bare, schema, image: IMAGE },
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
