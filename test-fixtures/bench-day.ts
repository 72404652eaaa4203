// A workshop's bench in a test: a real server on this side, live-image sticks, and what a technician does at a laptop.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isOpened, type MachineRecord, openBytes, RECORD_TYPE } from '@rebond/protocol';
import { type Started, startServer } from './server.ts';
import type { Firmware } from './virtual-laptop/describe.ts';
import type { LiveImage } from './virtual-laptop/image.ts';
import type { Laptop } from './virtual-laptop/laptop.ts';
import { HOST_SEEN, netbootOf } from './virtual-laptop/netboot.ts';
import { makeStick, type Stick } from './virtual-laptop/stick.ts';

export type BenchDay = AsyncDisposable & {
  server: Started;
  /** A stick of this workshop: the image, with the server's address and a serial port that tests can read. */
  stick(name: string, change?: (config: Config) => Config): Promise<Stick>;
  /** What DHCP would tell a laptop of that firmware, and the folder of its TFTP server, made as docs/netboot.md says. */
  netboot(firmware: Firmware): Promise<{ folder: string; file: string }>;
  /** Every record the server holds, oldest first. */
  records(): MachineRecord[];
  certificates(): { sessionId: string; outcome: string }[];
};

type Config = Record<string, unknown>;

const SERIAL = 'console=tty0 console=ttyS0,115200';

/** Opens a workshop whose server the laptops reach, over TLS with a pinned key. `paired`: sticks enrol themselves. */
export async function openBenchDay(folder: string, image: LiveImage): Promise<BenchDay> {
  const data = join(folder, 'server');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const server = await startServer(data, {
    REBOND_PUBLIC_URL: `https://${HOST_SEEN}:0`,
    REBOND_IMAGE: image.folder,
    REBOND_NETBOOT_PORT: '0',
    REBOND_NETBOOT_EXTRA: SERIAL,
  });
  const url = `https://${HOST_SEEN}:${new URL(server.url).port}`;
  const read = <Row>(sql: string): Row[] => {
    const db = new DatabaseSync(join(data, databaseName(data)), { readOnly: true });
    try {
      return db.prepare(sql).all() as Row[];
    } finally {
      db.close();
    }
  };
  return {
    server,
    async stick(name, change = (config) => config) {
      const stick = makeStick(image.stick, folder, `${name}.img`);
      const config = change({
        schema: 'rebond.config/1',
        servers: [{ url, pin: server.pin }],
        bench: `Banc ${name}`,
        enrolment: { code: await server.stickCode() },
      });
      stick.files.write('rebond/config.json', JSON.stringify(config, null, 2));
      stick.files.write('rebond/boot.cfg', `set extra="${SERIAL}"\n`);
      return stick;
    },
    netboot: (firmware) => netbootOf(firmware, server.netbootUrl ?? '', join(folder, 'tftp')),
    records: () =>
      read<{ bytes: Uint8Array }>('select bytes from records order by number').map(({ bytes }) =>
        recordIn(bytes),
      ),
    certificates: () =>
      read('select r.sessionId, c.outcome from certificates c join records r on r.digest = c.recordDigest'),
    [Symbol.asyncDispose]: async () => void (await server.stop()),
  };
}

function databaseName(data: string): string {
  const name = readdirSync(data).find((each) => /\.(db|sqlite)$/.test(each));
  if (!name) throw new Error(`no database in ${data}`);
  return name;
}

export function recordIn(bytes: Uint8Array): MachineRecord {
  const opened = openBytes(bytes);
  if (!isOpened(opened, RECORD_TYPE)) throw new Error(`a record was expected, not ${opened.type}`);
  return opened.payload;
}

export type Technician = {
  /** Waits for the agent's screen. */
  meet(): Promise<void>;
  /** Types the code of the workshop's page. */
  signIn(code: string): Promise<void>;
  /** Enter alone: the stick vouches. */
  signInByStick(): Promise<void>;
  /** Types the end of each drive's serial number as it is asked for; every other drive is left alone. */
  confirm(endings: Record<string, string>): Promise<void>;
  /** Waits for the result page. @returns what the serial port showed since power-on */
  result(timeout?: number): Promise<string>;
  powerOff(): Promise<void>;
};

const BOOT_MS = 240_000;
const STEP_MS = 240_000;

/** What a person does at the laptop, reading what it says and typing on its keyboard. */
export function technicianAt(laptop: Laptop): Technician {
  const { serial, keyboard } = laptop;
  const line = async (text: string): Promise<void> => {
    await keyboard.type(text, 'fr');
    await keyboard.press('ret');
  };
  return {
    meet: async () => void (await serial.waitFor(/rebond live \S+ up/, { timeout: BOOT_MS })),
    async signIn(code) {
      await serial.waitFor(/\[serveur\] https:/, { timeout: STEP_MS });
      await serial.waitFor(/Tapez le code/, { timeout: STEP_MS });
      await line(code);
      await serial.waitFor(/Ouverte par le serveur/, { timeout: STEP_MS });
    },
    async signInByStick() {
      await serial.waitFor(/la clé répond de cette session/, { timeout: STEP_MS });
      await keyboard.press('ret');
      await serial.waitFor(/Sans le serveur/, { timeout: STEP_MS });
    },
    async confirm(endings) {
      for (;;) {
        const [text] = await serial.waitFor(
          /TOUT CE DISQUE SERA EFFACÉ|Effacement et relecture|Signature de la fiche|R, N ou Entrée|Entrée : non/,
          {
            timeout: STEP_MS,
          },
        );
        if (!text.startsWith('TOUT')) return;
        const shown = serial.text();
        const serialNumber = Object.keys(endings)
          .filter((each) => shown.includes(each))
          .sort((a, b) => shown.lastIndexOf(b) - shown.lastIndexOf(a))[0];
        serial.mark();
        await line(serialNumber === undefined ? '' : endings[serialNumber]!);
        await serial.waitFor(/Confirmé\.|Ce disque ne sera pas touché/, { timeout: STEP_MS });
      }
    },
    async result(timeout = 10 * 60_000) {
      // What is asked after the wipes is passed over, question by question.
      for (;;) {
        const [text] = await serial.waitFor(/═══ RÉSULTAT|R, N ou Entrée|Entrée : non/, { timeout });
        if (text.startsWith('═══')) break;
        serial.mark();
        await line('');
      }
      await serial.waitFor(/Entrée : nouvelle session/, { timeout: STEP_MS });
      return serial.text();
    },
    async powerOff() {
      await line('e');
      await laptop.waitOff();
    },
  };
}
