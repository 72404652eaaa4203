import { type Envelope, envelopeBytes, sha256Hex } from '@rebond/protocol';
import type { Server } from '../effects/network.ts';
import {
  listSpool,
  openShelf,
  openSpool,
  type Shelf,
  type Spool,
  type Spooled,
  spoolRecord,
} from './spool.ts';
import { type Sent, sendSpooled } from './submit.ts';

/** Where signed records wait: on the stick while it accepts writes, else in memory until the server or a stick has them. */
export type Spools = {
  /** @throws the stick's error when neither place takes it */
  keep(envelope: Envelope): Promise<{ digest: string; at: 'stick' | 'ram' }>;
  /** What waits in both places, no record twice. */
  waiting(): Promise<Spooled[]>;
  /** The digest of a session's own record, or of the account of it, waiting or sent; else null. */
  recordOf(sessionId: string): Promise<string | null>;
  send(server: Server): Promise<Sent[]>;
  /** Records that no server has acknowledged: safe on the stick, or gone when the power goes. */
  unsent(): Promise<{ onStick: number; inRam: number }>;
  /**
   * Another stick from now on, or none. What is only in memory is copied to it. Whether it takes writes.
   * @param shelf a stick's folder that is read but not written, where `home` is null or another stick's
   */
  useStick(home: string | null, shelf?: string | null): Promise<boolean>;
};

/**
 * @param places home folders. `shelf` is a stick's that takes no write: what waits there is sent all the same. `ram` is null where the system does not run from memory: there a folder that fails
 *   fails the caller, now and later
 */
export async function openSpools(places: {
  stick: string | null;
  ram: string | null;
  shelf?: string | null;
}): Promise<Spools> {
  const ram = places.ram === null ? null : await openSpool(places.ram);
  let stick: Spool | null = null;
  let shelf: Shelf | null = null;
  const acknowledged = new Set<string>();
  const useStick = async (home: string | null, readOnly: string | null = null): Promise<boolean> => {
    stick = null;
    shelf = readOnly === null || readOnly === home ? null : openShelf(readOnly);
    if (home === null) return false;
    try {
      stick = await openSpool(home);
    } catch (error) {
      if (!ram) throw error;
      shelf ??= openShelf(home);
      return false;
    }
    return await copyToStick(stick, ram);
  };
  const reachable = async (): Promise<Spool[]> => {
    const found: Spool[] = [];
    if (stick && (await answers(stick, ram === null))) found.push(stick);
    return ram ? [...found, ram] : found;
  };
  const readable = async (): Promise<Shelf[]> => {
    const found: Shelf[] = await reachable();
    return shelf && (await answers(shelf, false)) ? [...found, shelf] : found;
  };
  const waiting = async (): Promise<Spooled[]> =>
    once((await Promise.all((await readable()).map((each) => listSpool(each.waiting)))).flat());

  await useStick(places.stick, places.shelf);
  return {
    keep: (envelope) => keep(envelope, stick, ram),
    waiting,
    recordOf: async (sessionId) => {
      const folders = (await readable()).flatMap((each) => [each.waiting, each.sent]);
      for (const folder of folders) {
        const digest = recordIn(await listSpool(folder), sessionId);
        if (digest !== null) return digest;
      }
      return null;
    },
    send: async (server) => {
      if (stick) await copyToStick(stick, ram);
      const sent = await sendSpooled(await waiting(), await reachable(), server);
      for (const each of sent) if (each.kind === 'acknowledged') acknowledged.add(each.digest);
      return sent;
    },
    unsent: async () => {
      const places = await readable();
      const sticks = places.filter((each) => each === stick || each === shelf);
      const onStick = new Set((await Promise.all(sticks.map(soundIn))).flat());
      const inRam = ram ? await soundIn(ram) : [];
      return {
        onStick: [...onStick].filter((digest) => !acknowledged.has(digest)).length,
        inRam: inRam.filter((digest) => !onStick.has(digest) && !acknowledged.has(digest)).length,
      };
    },
    useStick,
  };
}

async function keep(
  envelope: Envelope,
  stick: Spool | null,
  ram: Spool | null,
): Promise<{ digest: string; at: 'stick' | 'ram' }> {
  try {
    if (stick) {
      const digest = await spoolRecord(stick, envelope);
      await copyToStick(stick, ram);
      return { digest, at: 'stick' };
    }
  } catch (error) {
    if (!ram) throw error;
  }
  if (!ram) throw new Error(`no place for record ${await sha256Hex(envelopeBytes(envelope))}`);
  return { digest: await spoolRecord(ram, envelope), at: 'ram' };
}

/** The copy in memory stays until the server has the record: one copy more, should the stick be pulled. */
async function copyToStick(stick: Spool, ram: Spool | null): Promise<boolean> {
  try {
    const there = await stick.waiting.names();
    for (const each of ram ? await listSpool(ram.waiting) : []) {
      const name = each.kind === 'sound' ? `${each.digest}.json` : null;
      if (each.kind === 'sound' && name && !there.includes(name)) await stick.waiting.put(name, each.bytes);
    }
    return true;
  } catch {
    return false; // it no longer accepts writes: what is in memory stays there, and `unsent` says so
  }
}

/** @param strict where nothing else holds records, a folder that cannot be read is an error */
async function answers(stick: Shelf, strict: boolean): Promise<boolean> {
  try {
    await stick.waiting.names();
    return true;
  } catch (error) {
    if (strict) throw error;
    return false;
  }
}

function once(listed: Spooled[]): Spooled[] {
  const seen = new Set<string>();
  return listed.filter((each) => {
    const name = each.kind === 'sound' ? each.digest : each.name;
    return seen.has(name) ? false : seen.add(name);
  });
}

async function soundIn(spool: Shelf): Promise<string[]> {
  const listed = await listSpool(spool.waiting);
  return listed.flatMap((each) => (each.kind === 'sound' ? [each.digest] : []));
}

function recordIn(listed: Spooled[], sessionId: string): string | null {
  for (const each of listed) {
    if (each.kind !== 'sound') continue;
    const { accountOf, sessionId: own } = each.record;
    if (accountOf === sessionId || (accountOf === null && own === sessionId)) return each.digest;
  }
  return null;
}
