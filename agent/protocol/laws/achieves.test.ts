import { describe, expect, it } from 'vitest';
import { Medium } from '../words/drive.ts';
import { Technique } from '../words/steps.ts';
import { achieves } from './achieves.ts';

/** By medium, as the standards have it: what reaches clear there, and what purge. Nothing else reaches anything. */
const REACHED: Record<Medium, { clear: Technique[]; purge: Technique[] }> = {
  'ata-hdd': {
    clear: ['overwrite', 'ata-security-erase'],
    purge: ['ata-security-erase-enhanced', 'ata-sanitize-overwrite', 'ata-sanitize-crypto'],
  },
  'ata-ssd': {
    clear: ['overwrite', 'ata-security-erase', 'ata-security-erase-enhanced'],
    purge: ['ata-sanitize-crypto', 'ata-sanitize-block'],
  },
  'scsi-hdd': {
    clear: ['overwrite', 'scsi-format-unit'],
    purge: ['scsi-sanitize-overwrite', 'scsi-sanitize-crypto'],
  },
  'scsi-ssd': {
    clear: ['overwrite', 'scsi-format-unit'],
    purge: ['scsi-sanitize-crypto', 'scsi-sanitize-block'],
  },
  nvme: {
    clear: ['overwrite', 'nvme-format-1', 'nvme-format-2'],
    purge: ['nvme-sanitize-block', 'nvme-sanitize-crypto', 'nvme-sanitize-overwrite'],
  },
  emmc: { clear: ['overwrite', 'emmc-erase-sanitize'], purge: [] },
  'behind-bridge': { clear: ['overwrite'], purge: [] },
  'usb-flash': { clear: [], purge: [] },
  'sd-card': { clear: [], purge: [] },
  virtual: { clear: [], purge: [] },
  'rehearsal-file': { clear: [], purge: [] },
  'rehearsal-loop': { clear: [], purge: [] },
  unknown: { clear: [], purge: [] },
};

describe('what a technique achieves', () => {
  it.each(Medium.options)('on %s', (medium) => {
    const at = (level: string): Technique[] =>
      Technique.options.filter((technique) => achieves(technique, medium).level === level);
    expect(new Set(at('clear'))).toEqual(new Set(REACHED[medium].clear));
    expect(new Set(at('purge'))).toEqual(new Set(REACHED[medium].purge));
    expect(at('destroy')).toEqual([]);
  });

  it('cites the standard that gives the level, and for flash what its table leaves open', () => {
    for (const medium of Medium.options) {
      for (const technique of [...REACHED[medium].clear, ...REACHED[medium].purge])
        expect(achieves(technique, medium).clause).toMatch(/^(?:IEEE 2883-2022|NIST SP 800-88r1) /);
    }
    for (const medium of ['ata-ssd', 'scsi-ssd', 'nvme', 'emmc'] as const)
      expect(achieves('overwrite', medium).clause).toContain('over-provisioned and remapped flash');
    expect(achieves('overwrite', 'ata-hdd').clause).not.toContain('flash');
  });

  it('says of what erases nothing what it does instead', () => {
    expect(achieves('nvme-format-0', 'nvme').clause).toContain('no secure erase');
    for (const medium of ['ata-ssd', 'scsi-ssd', 'nvme', 'emmc', 'usb-flash', 'sd-card'] as const)
      expect(achieves('discard', medium).clause).toContain('promises nothing');
    for (const medium of ['rehearsal-file', 'rehearsal-loop'] as const)
      expect(achieves('overwrite', medium).clause).toContain('REHEARSAL');
    expect(achieves('overwrite', 'unknown').clause).toContain('no standard');
  });
});
