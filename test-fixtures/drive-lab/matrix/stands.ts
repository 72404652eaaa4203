// Where a drive of the matrix stands: the same few words for drives of all buses.
import type { Laptop } from '../../virtual-laptop/laptop.ts';
import type { AtaDescription } from '../describe.ts';
import type { Lab } from '../lab.ts';
import type { Medium } from '../medium.ts';
import type { NvmeLab } from '../nvme.ts';
import type { Store } from '../store.ts';
import type { Column } from './columns.ts';
import type { Row } from './rows.ts';
import type { Where } from './words.ts';

export type Stand = {
  serial: string;
  where: Where;
  store: Store;
  medium: Medium;
  /** Bytes from 0 on that some address of a host leads to, or would once hidden areas are opened. */
  reachable: number;
  /** What it received, in words. */
  heard(): readonly string[];
  /** Of an ATA drive: whether a password is on it. */
  password(): boolean;
  insert(): Promise<void>;
  powerCycle(): Promise<void>;
  /** Out of the guest, and forgotten. */
  leave(): Promise<void>;
};

export type MakeStand = (column: Column, row: Row, serial?: string) => Stand;

/** The least that has halves, a first MiB and something beyond it: a drive of the lab is read a hundred times. */
const SIZE = 2 * 2 ** 20;
/** As long in the drive's own time as a second is in the world. */
export const ATA_SPEED = 1200;
const MINUTES = 20;
export const NVME_SPEED = 60;
const SECONDS = 60;

let made = 0;
const newSerial = (): string => `MATRIX${String((made += 1)).padStart(6, '0')}`;

export function scsiStands(lab: Lab, laptop: Laptop): MakeStand {
  return ({ bus, rotates }, { misbehaviours, ata = {} }, serial = newSerial()) => {
    const common = { size: SIZE, serial, seed: newSerial(), misbehaviours, rotation: rotates ? 7200 : 1 };
    const sanitize = { minutes: MINUTES };
    const security = { ...(ata.security as AtaDescription['security'] & object), minutes: MINUTES };
    const drive =
      bus === 'ata'
        ? lab.ata({ ...common, ...ata, sanitize, security: { ...security, enhancedMinutes: MINUTES } })
        : lab.scsi({ ...common, sanitize });
    return {
      serial,
      where: { bus: 'scsi', address: drive.address },
      store: drive.store,
      medium: 'ata' in drive ? drive.ata.medium : drive.scsi.medium,
      reachable: SIZE,
      heard: () => drive.log.map(({ words }) => words),
      password: () => 'ata' in drive && ['SEC4', 'SEC5', 'SEC6'].includes(drive.ata.security?.state() ?? ''),
      insert: () => lab.plug(laptop, drive),
      powerCycle: async () => drive.powerCycle({ drop: true }),
      leave: () => lab.unplug(drive),
    };
  };
}

export function nvmeStands(lab: NvmeLab): MakeStand {
  const durations = {
    crypto: SECONDS,
    block: SECONDS,
    overwrite: SECONDS,
    format: SECONDS,
    cryptoFormat: SECONDS,
  };
  return (_column, { misbehaviours, nvme = {}, twin }, serial = newSerial()) => {
    const own = twin ? [] : misbehaviours;
    const drive = lab.nvme({ size: SIZE, serial, durations, ...nvme, misbehaviours: own });
    return {
      serial,
      where: { bus: 'nvme', nqn: drive.nqn, connect: drive.connect },
      get store() {
        return drive.store;
      },
      medium: drive.medium,
      reachable: drive.model.namespaces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      heard: () => drive.log.map(({ words }) => words),
      password: () => false,
      insert: async () => {},
      powerCycle: () => drive.powerCycle(),
      leave: () => drive.discard(),
    };
  };
}
