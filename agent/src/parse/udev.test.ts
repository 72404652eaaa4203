import { describe, expect, it } from 'vitest';
import { udevLabel } from './udev.ts';

describe('the label of a file system', () => {
  it.each([
    ['E:ID_FS_LABEL=REBOND\nE:ID_FS_LABEL_ENC=REBOND\nE:ID_FS_TYPE=vfat\n', 'REBOND'],
    ['E:ID_FS_LABEL=MY_DISK\nE:ID_FS_LABEL_ENC=MY\\x20DISK\n', 'MY DISK'],
    ['E:ID_FS_LABEL=REBOND\n', 'REBOND'],
    ['E:ID_FS_TYPE=ext4\n', null],
    ['E:ID_FS_LABEL=\n', null],
    ['E:X_ID_FS_LABEL=REBOND\n', null],
    ['', null],
  ])('is read from udev’s words %j', (text, label) => {
    expect(udevLabel(text)).toBe(label);
  });
});
