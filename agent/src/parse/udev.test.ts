import { describe, expect, it } from 'vitest';
import { blkidAsUdev, udevContentType, udevLabel, udevSerial } from './udev.ts';

describe('the label of a file system', () => {
  it.each([
    ['E:ID_FS_LABEL=REBOND\nE:ID_FS_LABEL_ENC=REBOND\nE:ID_FS_TYPE=vfat\n', 'REBOND'],
    ['E:ID_FS_LABEL=MY_DISK\nE:ID_FS_LABEL_ENC=MY\\x20DISK\n', 'MY DISK'],
    ['E:ID_FS_LABEL=REBOND\n', 'REBOND'],
    ['E:ID_FS_TYPE=ext4\n', null],
    ['E:ID_FS_LABEL=\n', null],
    ['E:ID_FS_LABEL= REBOND \n', 'REBOND'],
    ['S:E:ID_FS_LABEL_ENC=NO\nE:ID_FS_LABEL=REBOND', 'REBOND'],
    ['S:E:ID_FS_LABEL=NO', null],
    ['E:X_ID_FS_LABEL=REBOND\n', null],
    ['', null],
  ])('is read from udev’s words %j', (text, label) => {
    expect(udevLabel(text)).toBe(label);
  });
});

it.each([
  ['S:disk/by-id/x\nE:ID_FS_TYPE=LVM2_member\nE:ID_FS_USAGE=raid\n', 'LVM2_member'],
  ['E:ID_FS_TYPE= ext4 \r\n', 'ext4'],
  ['E:ID_FS_TYPE=\n', null],
  ['E:ID_FS_TYPE=  \n', null],
  ['E:X_E:ID_FS_TYPE=ext4\n', null],
  ['', null],
])('the signature on a node is read from udev’s words %j', (text, type) => {
  expect(udevContentType(text)).toBe(type);
});

it('udev’s serial number is that of its own line', () => {
  expect(udevSerial('S:E:ID_SERIAL_SHORT=OTHER\nE:ID_SERIAL_SHORT=AB12 \n')).toBe('AB12');
  expect(udevSerial('S:E:ID_SERIAL_SHORT=OTHER\n')).toBeNull();
});

it('what blkid printed reads like udev’s own words', () => {
  const text = blkidAsUdev('ID_FS_LABEL=A_ID_FS\nID_FS_TYPE=vfat\nX_ID_FS_TYPE=no\n');
  expect([udevLabel(text), udevContentType(text)]).toEqual(['A_ID_FS', 'vfat']);
  expect(text).toContain('\nX_ID_FS_TYPE=no');
});
