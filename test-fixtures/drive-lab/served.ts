// A drive of the lab between its model and its connections: one command after another, a log, power, and accidents.
import type { DriveDoors } from './ata/drive.ts';
import type { Clock } from './clock.ts';
import { type Accident, accidentsOf } from './erase.ts';
import type { LogicalUnit } from './iscsi/session.ts';
import type { Medium } from './medium.ts';
import { type Misbehaviour, misbehaviourOf } from './misbehaviour.ts';
import { check, type ScsiAnswer, type ScsiCommand } from './scsi/command.ts';
import type { Executed } from './scsi/sat.ts';
import { SENSE } from './scsi/sense.ts';

/** One command that a drive received, in words, with what became of it; null while, or if never, it was answered. */
export type Logged = { words: string; answer: ScsiAnswer['status'] | null };

/** What a model of a drive is to the lab. */
type Device = {
  medium: Medium;
  execute(command: ScsiCommand): Executed;
  powerOff(): void;
  powerOn(): void;
};

export type Served = {
  unit: LogicalUnit;
  device: Device;
  log: readonly Logged[];
  powerCycle(): void;
  /** Its firmware has crashed: without power nothing is answered any more. */
  hang(): void;
  /** Pulled out: without power, and all that was asked is answered, for QEMU lets go of nothing else. */
  go(): void;
  come(): void;
};

export type MakeDevice = (doors: DriveDoors, wrote: (sector: number) => void) => Device;

type Options = {
  clock: Clock;
  misbehaviours: readonly Misbehaviour[];
  accident: (which: Accident) => void;
};

const LOGGED = 20_000;

export function serveDrive(make: MakeDevice, { clock, misbehaviours, accident }: Options): Served {
  const badBridge = misbehaviourOf(misbehaviours, 'exit-0-with-error-sense') !== null;
  let [present, hung, gone] = [true, false, Promise.withResolvers<ScsiAnswer>()];
  const [log, queue, had] = [[] as Logged[], serially(), new Set<Accident>()];
  const happen = (which: Accident): void => {
    had.add(which);
    accident(which);
  };
  const device = make({ clock, had, accident: happen }, (sector) => watch(sector));
  const watch = accidentsWhileWriting(misbehaviours, device.medium, had, happen);

  const perform = async (command: ScsiCommand): Promise<ScsiAnswer> => {
    const { answer, words } = device.execute(command);
    const entry: Logged = { words, answer: null };
    log.push(entry);
    if (log.length > LOGGED) log.shift();
    const first = await Promise.race([answer, gone.promise]);
    const given = hung ? await gone.promise : first;
    entry.answer = given.status;
    return given;
  };

  return {
    unit: {
      sense: () => (badBridge || !present ? 'fixed' : 'asked-for'),
      reset: () => queue.restart(),
      execute: (command) => (present && !hung ? queue.run(() => perform(command)) : gone.promise),
    },
    ...{ device, log },
    powerCycle() {
      hung = false;
      device.powerOff();
      device.powerOn();
      queue.restart();
    },
    hang() {
      hung = true;
      device.powerOff();
      queue.restart();
    },
    go() {
      present = false;
      device.powerOff();
      queue.restart();
      gone.resolve(check(SENSE.noSuchUnit()));
    },
    come() {
      if (present) return;
      [present, hung, gone] = [true, false, Promise.withResolvers<ScsiAnswer>()];
      device.powerOn();
    },
  };
}

/** What happens to an erase may happen to a host's overwriting as well, when it comes so far. */
function accidentsWhileWriting(
  misbehaviours: readonly Misbehaviour[],
  { store, sectorBytes }: Medium,
  had: ReadonlySet<Accident>,
  accident: (which: Accident) => void,
): (sector: number) => void {
  const sectors = store.areas['addressable']!.end / sectorBytes;
  const possible = accidentsOf(misbehaviours).map(({ kind, percent }) => ({
    kind,
    at: sectors * (percent / 100),
  }));
  return (sector) => {
    const due = possible.find(({ kind, at }) => sector >= at && !had.has(kind));
    if (due) accident(due.kind);
  };
}

/** A drive does one thing after another; after a power cycle nobody waits for what it did before. */
function serially(): { run<T>(act: () => Promise<T>): Promise<T>; restart(): void } {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(act) {
      const next = tail.then(act, act);
      tail = next;
      return next;
    },
    restart: () => void (tail = Promise.resolve()),
  };
}
