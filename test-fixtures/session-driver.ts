// A whole session on drives that a test describes – loop devices of its own, as if they were a laptop's –, as a process
// that the test can kill:
//   session-driver.ts '<JSON of SessionOrder>'    prints what the session tells, one JSON object per line
import { type Drive, type DriveIdentity, POLICIES } from '@rebond/protocol';
import { OVERWRITE_CHILD } from '../agent/src/commands/overwrite-child.ts';
import { chooseReal } from '../agent/src/commands/targets.ts';
import { systemClock } from '../agent/src/effects/clock.ts';
import { openNamespace, sizeAgain, suspend, waitMs } from '../agent/src/effects/drive-again.ts';
import { durableFolder } from '../agent/src/effects/durable.ts';
import { overwriteSpawner } from '../agent/src/effects/overwrite-process.ts';
import { run } from '../agent/src/effects/run.ts';
import { readStick, vouchByStick } from '../agent/src/report/credentials.ts';
import { dropJournal, leftJournals, openJournal } from '../agent/src/report/journal.ts';
import { listSpool, openSpool, spoolRecord } from '../agent/src/report/spool.ts';
import { runSession } from '../agent/src/session.ts';
import { join } from 'node:path';
import { makeInventory } from './inventory.ts';
import { diskNode, topologyOf } from './topology.ts';

/** A drive as the session is to see it: what stands there under this name right now. */
export type Standing = { path: string; sizeBytes: number } & Pick<DriveIdentity, 'serial' | 'wwid'>;

export type SessionOrder = {
  /** The folder of a paired stick. */
  home: string;
  drives: Standing[];
  policy: string;
};

const order = JSON.parse(process.argv[2] ?? '') as SessionOrder;
const clock = systemClock();
const MAIN = join(import.meta.dirname, '../agent/src/main.ts');
const drives = order.drives.map(driveOf);
const policy = POLICIES.find(({ id }) => id === order.policy)!;
const journals = await durableFolder(join(order.home, 'journal'));
const spool = await openSpool(order.home);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

const made = { agent: { version: '0.1.0', sha256: null }, image: null };
const tell = (told: object): void => void process.stdout.write(`${JSON.stringify(told)}\n`);

await runSession(
  { mode: 'real', bench: 'Banc 3' },
  {
    clock,
    probe: () =>
      Promise.resolve({
        inventory: { ...makeInventory({}), drives: { outcome: 'read', sources: [], value: drives } },
        machine: { id: 'm-1', basis: 'dmi' },
      }),
    signIn: async (key, scope) => {
      const stick = await readStick(await durableFolder(order.home));
      return await vouchByStick(stick!, key, scope, clock.now());
    },
    clockFrom: () => clock,
    leftJournals: () => leftJournals(journals),
    recordOf: async (sessionId) => {
      for (const each of await listSpool(spool.waiting))
        if (each.kind === 'sound' && (each.record.accountOf ?? each.record.sessionId) === sessionId)
          return each.digest;
      return null;
    },
    dropJournal: (sessionId) => dropJournal(journals, sessionId),
    openJournal: (opening) => openJournal(journals, opening),
    choose: (inventory, sessionId, own, against, resumables) =>
      chooseReal(
        {
          ...{ mode: 'real', wanted: 'all', onLiveImage: true, notARehearsal: false, boot: { kind: 'none' } },
          ...{ against, resumables, policy, survey: () => {}, since: () => Promise.resolve([]) },
          means: () => Promise.resolve({ outcome: 'read', sources: [], value: { interface: 'plain' } }),
          confirm: (drive, _, plan) => {
            tell({ asked: drive.path, reasons: plan.reasons.map(({ code }) => code) });
            return Promise.resolve(drive.identity.serial);
          },
          confirmLower: () => Promise.resolve(null),
          label: () => Promise.resolve(null),
          readDrive: (path) => Promise.resolve(drives.find((drive) => drive.path === path) ?? null),
        },
        inventory,
        sessionId,
        own,
        {
          ...{ run, signal: stop.signal, tool: { name: 'rebond', version: '0.1.0' } },
          topology: () =>
            Promise.resolve(
              topologyOf(drives.map(({ path, diskseq }) => diskNode(path.replace('/dev/', ''), { diskseq }))),
            ),
          progress: ({ path, progress }) => {
            if ('doneBytes' in progress) tell({ path, phase: progress.phase, doneBytes: progress.doneBytes });
          },
          effects: {
            ...{ run, wait: waitMs, suspend, sizeAgain, openNamespace },
            spawn: overwriteSpawner([process.execPath, MAIN, OVERWRITE_CHILD]),
          },
        },
      ),
    bootDrive: () => Promise.resolve(null),
    leftover: {
      before: () => Promise.resolve(),
      after: () => Promise.resolve({ leftovers: null, checklist: null }),
    },
    remarks: () => [],
    spool: (envelope) => spoolRecord(spool, envelope),
    send: () => Promise.resolve([]),
    tell: (event) => {
      if (event.kind === 'begun') tell({ begun: event.plan.target.path });
      if (event.kind === 'judged') tell({ judged: event.evidence.plan.target.path });
    },
    made,
  },
);
process.exit();

function driveOf({ path, sizeBytes, serial, wwid }: Standing): Drive {
  return {
    ...{ path, medium: 'ata-hdd', firmware: null, sizeBytes, logicalSectorBytes: 512 },
    ...{ physicalSectorBytes: 512, rotational: true, removable: false, diskseq: '7' },
    identity: { transport: 'sata', model: 'TEST HDD', serial, wwid },
    health: { outcome: 'absent', sources: [] },
  };
}
