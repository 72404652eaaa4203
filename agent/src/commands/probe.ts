import type { Inventory, MachineRef } from '@rebond/protocol';
import { inventoryPage } from '../console/inventory-page.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** `rebond probe`: what this machine is, on one page or as JSON. */
export async function probeCommand(
  options: { json?: boolean },
  doors: { terminal: Terminal; read: () => Promise<{ inventory: Inventory; machine: MachineRef }> },
): Promise<ExitCode> {
  const { inventory, machine } = await doors.read();
  const { lang, width } = doors.terminal;
  if (options.json) doors.terminal.result(JSON.stringify({ machine, inventory }));
  else doors.terminal.result(inventoryPage(inventory, lang, width).join('\n'));
  return EXIT.ok;
}
