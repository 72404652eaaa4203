// A small guest that does what a test tells it, line by line, over its serial port: one guest for many drives.
import { LaptopError } from '../virtual-laptop/describe.ts';
import type { Laptop } from '../virtual-laptop/laptop.ts';

export type Ran = { status: number; output: string };
export type GuestShell = (line: string, options?: { timeout?: number }) => Promise<Ran>;

/** The guest's script, after words of the test's own. The kernel's messages stay in its log (`dmesg`). */
export const GUEST_SHELL = `
dmesg -n 1
stty -echo
echo "guest shell: ready"
while read -r lab_line; do
  lab_number=\${lab_line%% *}
  echo "guest shell: begin $lab_number"
  eval "\${lab_line#* }"
  echo "guest shell: end $lab_number $?"
done
`;

/** What a terminal takes in one line. */
const LONGEST_LINE = 4000;

/** @returns runs a line of shell in the guest; variables and functions stay from one to the next */
export async function guestShell(guest: Laptop, timeout = 60_000): Promise<GuestShell> {
  await guest.serial.waitFor(/guest shell: ready\n/, { timeout });
  let number = 0;
  return async (line, options = {}) => {
    if (line.length > LONGEST_LINE || line.includes('\n'))
      throw new LaptopError('bad-description', 'one line of at most 4000 characters');
    number += 1;
    const begin = `guest shell: begin ${number}\n`;
    guest.serial.mark();
    guest.serial.type(`${number} ${line}\n`);
    const end = new RegExp(`guest shell: end ${number} (\\d+)\n`);
    const [whole, status] = await guest.serial.waitFor(end, { timeout: options.timeout ?? timeout });
    const text = guest.serial.text();
    const output = text.slice(text.lastIndexOf(begin) + begin.length, text.lastIndexOf(whole));
    return { status: Number(status), output };
  };
}
