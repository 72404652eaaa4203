// A drive in its socket: hosts connect to it by its NQN; its power goes and comes; it is pulled out.
import { setTimeout as wait } from 'node:timers/promises';
import { type CommandLog, commandLog } from './command-log.ts';
import { refused } from './command.ts';
import { ANY_CONTROLLER, type ConnectRequest } from './connect.ts';
import type { Accept } from './connection.ts';
import type { NvmeModel } from './describe.ts';
import { makeNvmeDrive, type NvmeDrive } from './drive.ts';
import { makeSession, type Session } from './session.ts';
import type { Clock } from '../clock.ts';

export type Subsystem = {
  nqn: string;
  drive: NvmeDrive;
  log: CommandLog;
  accept: Accept;
  powerOff: () => Promise<void>;
  powerOn: () => void;
  /** Pulled out; `insert` puts it back. */
  remove: () => Promise<void>;
  insert: () => void;
  /** The link drops, the drive works on. */
  disconnect: () => void;
  presence: () => Presence;
};

/** `off`: a host that has lost it tries again and again. `gone`: told so, it gives up. */
export type Presence = 'here' | 'off' | 'gone';

const MOST_SESSIONS = 16;
/** Silence before the socket closes: cut in the middle of a direct write, a writer can die of SIGPIPE. */
const SILENCE = 700;
/** How long a drive stays away that loses its power by itself. */
const OUTAGE = 1500;

export function makeSubsystem(nqn: string, model: NvmeModel, clock: Clock): Subsystem {
  const log = commandLog();
  const sessions = new Map<number, Session>();
  let presence: Presence = 'here';
  let lastController = 0;

  const each = (act: (session: Session) => void): void => [...sessions.values()].forEach(act);
  const leave = async (how: Exclude<Presence, 'here'>): Promise<void> => {
    if (presence === 'gone' || presence === how) return;
    if (presence === 'here') drive.powerOff();
    presence = how;
    const left = [...sessions.values()];
    sessions.clear();
    for (const session of left) session.mute();
    if (left.length > 0) await wait(SILENCE);
    for (const session of left) session.hangUp();
  };
  /** Nothing is answered any more, and nothing is hung up. */
  const hang = (): void => {
    if (presence !== 'here') return;
    drive.powerOff();
    presence = 'off';
    each((session) => session.mute());
  };
  const comeBack = (): void => {
    if (presence === 'here') return;
    presence = 'here';
    drive.powerOn();
  };
  const powerOn = (): void => {
    if (presence === 'off') comeBack();
  };

  const drive = makeNvmeDrive(model, nqn, clock, {
    removed: () => void leave('gone'),
    powerLost: () =>
      void leave('off')
        .then(() => wait(OUTAGE, undefined, { ref: false }))
        .then(powerOn),
    disconnected: () => each((session) => session.hangUp()),
    hung: hang,
    event: (dword) => each((session) => session.event(dword)),
  });

  const connectAdmin = (request: ConnectRequest, line: Parameters<Accept>[1]): ReturnType<Accept> => {
    if (request.controller !== ANY_CONTROLLER) return refused('connect-invalid-parameters');
    if (sessions.size >= MOST_SESSIONS) return refused('connect-invalid-parameters');
    do lastController = (lastController % 0xffef) + 1;
    while (sessions.has(lastController));
    const id = lastController;
    const session = makeSession(drive, { id, subsystem: nqn }, request.host, log.note);
    sessions.set(id, session);
    return session.adminQueue(line, () => void (sessions.get(id) === session && sessions.delete(id)));
  };

  return {
    ...{ nqn, drive, log, powerOn },
    accept(request, line) {
      // Hung up during a Connect, Linux waits a minute before it tries again.
      if (presence === 'off') return refused('controller-busy');
      if (presence === 'gone') return refused('connect-invalid-parameters');
      if (request.queue === 0) return connectAdmin(request, line);
      const session = sessions.get(request.controller);
      if (!session?.enabled() || session.host !== request.host) return refused('connect-invalid-parameters');
      return session.ioQueue(request, line);
    },
    powerOff: () => leave('off'),
    remove: () => leave('gone'),
    insert: comeBack,
    disconnect: () => each((session) => session.hangUp()),
    presence: () => presence,
  };
}
