// What each cell must come to: the outcome and its first reason. Whoever changes one of these changes the product.
import type { Level, Outcome } from '@rebond/protocol';
import type { Cell } from './cell.ts';
import type { Column } from './columns.ts';
import { againId, ROWS } from './rows.ts';

export type Expected = {
  verdict: Outcome | 'refused';
  level: Level;
  /** Codes, of which the first reason is one: which of them depends on where it is looked, or on when. */
  first: readonly string[];
};

type Rule = (column: Column) => Expected;

const done: Rule = ({ level }) => ({ verdict: 'done', level, first: [] });
/** Carried out, and worth nothing: something that is known is left alone. */
const nothing: Rule = () => ({ verdict: 'done', level: 'none', first: [] });
const without =
  (verdict: Expected['verdict']) =>
  (...first: string[]): Rule =>
  () => ({ verdict, level: 'none', first });
const [failed, unknown, refused] = [without('failed'), without('unknown'), without('refused')];

type Way = 'sanitize' | 'security' | 'format' | 'overwrite';

function wayOf({ technique }: Column): Way {
  if (technique === 'overwrite') return 'overwrite';
  if (technique.startsWith('ata-security')) return 'security';
  return technique.startsWith('nvme-format') ? 'format' : 'sanitize';
}

/** By the way in which it erases, and else by the rule that comes first. */
const by =
  (usual: Rule, ways: Partial<Record<Way, Rule>>): Rule =>
  (column) =>
    (ways[wayOf(column)] ?? usual)(column);
const on =
  (bus: Column['bus'], its: Rule, others: Rule): Rule =>
  (column) =>
    (column.bus === bus ? its : others)(column);

/** The places that are compared may hit a sector that cannot be read; the scan does in any case. */
const unreadable = unknown('places-unreadable', 'unreadable-after');
const dataLeft = failed('data-left');
const noAnswer = unknown('acceptance-unknown');
const noEnd = unknown('end-unknown');
/** Neither format nor overwrite goes to what is outside of the namespace. */
const bySanitize = by(done, { format: refused('no-level'), overwrite: nothing });

const RULES: Record<string, Rule> = {
  ...Object.fromEntries(
    ['honest', '4Kn', 'hpa', 'dco', 'hpa-and-dco', 'ama', 'own-password', 'sanitize-frozen'].map((id) => [
      id,
      done,
    ]),
  ),
  'other-namespace': bySanitize,
  'erases-all-namespaces': by(done, { overwrite: nothing }),
  unallocated: bySanitize,
  // An NVMe drive that is frozen stays so until its own power is cycled, and no suspend of the guest reaches it.
  frozen: on('nvme', by(failed('technique-refused'), { overwrite: done }), done),
  'locked-by-unknown-password': failed('still-locked'),
  'attempts-expired': refused('attempts-expired'),
  [againId('attempts-expired')]: done,
  'lies-done-erased-nothing': dataLeft,
  'drops-writes': by(dataLeft, { overwrite: failed('read-back-differs') }),
  'erased-half': dataLeft,
  'half-of-everything': by(dataLeft, { overwrite: failed('read-back-differs') }),
  'hpa-left': by(done, { format: refused('no-level') }),
  'erased-one-namespace': dataLeft,
  'zeros-without-erasing': done,
  'drops-zeros': done,
  'stale-cache': dataLeft,
  // hdparm says the same of an erase that was aborted at once and of one that failed halfway.
  'enhanced-advertised-but-unsupported': by(failed('technique-refused'), {
    security: failed('technique-failed'),
  }),
  // Of an ATA drive the bridge drops the registers in which its state would be.
  'exit-0-with-error-sense': on(
    'ata',
    by(refused('state-unknown'), { security: noEnd, overwrite: done }),
    done,
  ),
  'sanitize-failed-state': failed('technique-failed'),
  'stuck-at': by(noEnd, { security: noAnswer, format: noAnswer }),
  'endless-estimate': on(
    'nvme',
    by(refused('over-budget'), { format: noAnswer }),
    by(noEnd, { security: refused('over-budget') }),
  ),
  'power-lost-at': by(done, { security: failed('technique-failed'), format: noAnswer }),
  [againId('power-lost-at')]: done,
  'disconnected-and-replayed': by(done, { security: noEnd, format: noAnswer }),
  [againId('disconnected-and-replayed')]: done,
  'hangs-at': by(unknown('end-unknown', 'acceptance-unknown'), { security: noAnswer, format: noAnswer }),
  'removed-in-the-middle': by(unknown('end-unknown', 'acceptance-unknown'), {
    overwrite: failed('bad-sectors'),
  }),
  'unreadable-after-success': unknown('places-unreadable'),
  'bad-sectors': by(unreadable, { overwrite: failed('bad-sectors') }),
  'read-errors-on-read-back-only': by(unreadable, { overwrite: failed('read-error') }),
  'capacity-changed-after': failed('size-changed'),
  'lba-format-changed-after': by(unknown('places-unreadable'), { format: noEnd }),
  'serial-changed-after': failed('identity-changed'),
  'two-drives-with-one-serial': refused('duplicate-serial'),
};

/** @param id of a row, or of the session that follows it; null where it does not apply */
export function expectedAt(id: string, column: Column): Expected | null {
  const row = ROWS.find((each) => each.id === id || againId(each.id) === id);
  if (!row) throw new Error(`there is no row ${id}`);
  if (row.notApplicable(column) !== null) return null;
  const rule = RULES[id];
  if (!rule) throw new Error(`nothing is said of what ${id} must come to`);
  return rule(column);
}

export function isAsExpected({ row, column, verdict, level, why }: Cell): boolean {
  const expected = expectedAt(row, column);
  if (expected === null) return verdict === 'not-applicable';
  const reason = expected.first.length === 0 ? why.length === 0 : expected.first.includes(why[0] ?? '');
  return verdict === expected.verdict && level === expected.level && reason;
}
