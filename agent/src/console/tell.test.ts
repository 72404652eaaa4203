import { describe, expect, it } from 'vitest';
import { overwritePlan } from '../../../test-fixtures/overwrite-plan.ts';
import { teller } from './tell.ts';

const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u202e../<script>\0\u009b31m';
const ACTING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u;

describe('what the technician is told', () => {
  it.each(['fr', 'en'] as const)('shows hostile names without letting them act (%s)', (lang) => {
    const lines: string[] = [];
    const tell = teller(
      {
        lang,
        interactive: false,
        say: (line) => lines.push(line),
        redraw: () => {},
        raw: () => {},
        width: 80,
      },
      { rehearsal: false, json: false },
    );
    const identity = { transport: 'sata', model: HOSTILE, serial: HOSTILE, wwid: null } as const;
    const target = {
      path: HOSTILE,
      identity,
      medium: 'ata-hdd',
      sizeBytes: 512,
      logicalSectorBytes: 512,
      diskseq: null,
    } as const;
    const capabilities = { outcome: 'absent' as const, sources: [] };
    const [planId, sessionId] = [crypto.randomUUID(), crypto.randomUUID()];
    const order = { planId, sessionId, target, capabilities };
    tell({ kind: 'plan', plan: overwritePlan({ ...order, mode: 'real' }) });
    tell({
      kind: 'refused',
      refusals: [
        { path: HOSTILE, identity, sizeBytes: 1, reasons: [{ code: 'held', fr: 'tenu', en: 'held' }] },
      ],
    });
    tell({
      kind: 'sent',
      sent: [
        { kind: 'kept', digest: 'ab'.repeat(32), why: HOSTILE },
        { kind: 'damaged', name: HOSTILE },
        { kind: 'refused', digest: 'ab'.repeat(32), reason: { code: 'x', fr: HOSTILE, en: HOSTILE } },
      ],
    });
    expect(lines.join('\n')).toContain('⟨U+001B⟩');
    expect(lines.join('\n')).not.toMatch(ACTING);
  });

  it('opens a rehearsal with words that nobody can miss', () => {
    const lines: string[] = [];
    teller(
      {
        lang: 'fr',
        interactive: false,
        say: (line) => lines.push(line),
        redraw: () => {},
        raw: () => {},
        width: 80,
      },
      { rehearsal: true, json: false },
    );
    expect(lines.join()).toContain('RÉPÉTITION');
  });
});
