// The techniques, each on the kind of drive that it is for.
import type { Level, Technique } from '@rebond/protocol';

export type Bus = 'ata' | 'scsi' | 'nvme';

export type Column = {
  technique: Technique;
  bus: Bus;
  heading: string;
  /** Of a drive with platters. */
  rotates: boolean;
  /** What an honest drive must come to. */
  level: Exclude<Level, 'none' | 'destroy'>;
};

export const COLUMNS: readonly Column[] = [
  column('ata', 'ata-sanitize-block', 'SANITIZE block', 'ssd', 'purge'),
  column('ata', 'ata-sanitize-crypto', 'SANITIZE crypto', 'ssd', 'purge'),
  column('ata', 'ata-sanitize-overwrite', 'SANITIZE overwrite', 'hdd', 'purge'),
  column('ata', 'ata-security-erase-enhanced', 'SECURITY ERASE enhanced', 'hdd', 'purge'),
  column('ata', 'ata-security-erase', 'SECURITY ERASE normal', 'ssd', 'clear'),
  column('ata', 'overwrite', 'overwrite', 'hdd', 'clear'),
  column('scsi', 'scsi-sanitize-block', 'SANITIZE block', 'ssd', 'purge'),
  column('scsi', 'scsi-sanitize-crypto', 'SANITIZE crypto', 'ssd', 'purge'),
  column('scsi', 'scsi-sanitize-overwrite', 'SANITIZE overwrite', 'hdd', 'purge'),
  column('scsi', 'overwrite', 'overwrite', 'hdd', 'clear'),
  column('nvme', 'nvme-sanitize-block', 'Sanitize block', 'ssd', 'purge'),
  column('nvme', 'nvme-sanitize-crypto', 'Sanitize crypto', 'ssd', 'purge'),
  column('nvme', 'nvme-sanitize-overwrite', 'Sanitize overwrite', 'ssd', 'purge'),
  column('nvme', 'nvme-format-1', 'Format 1', 'ssd', 'clear'),
  column('nvme', 'nvme-format-2', 'Format 2', 'ssd', 'clear'),
  column('nvme', 'overwrite', 'overwrite', 'ssd', 'clear'),
];

function column(
  bus: Bus,
  technique: Technique,
  heading: string,
  medium: 'ssd' | 'hdd',
  level: Column['level'],
): Column {
  return { bus, technique, heading, rotates: medium === 'hdd', level };
}
