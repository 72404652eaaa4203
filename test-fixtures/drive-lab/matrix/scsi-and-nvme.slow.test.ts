import { testMatrix } from './tests.ts';

// One after the other: together they take as long as ATA, beside which they run.
const writes = process.env['REBOND_MATRIX'] === 'write';
testMatrix('nvme', writes);
testMatrix('scsi', writes);
