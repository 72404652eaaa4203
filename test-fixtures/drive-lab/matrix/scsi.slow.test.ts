import { testMatrix } from './tests.ts';

// `REBOND_MATRIX=write` puts what was found into the README.
testMatrix('scsi', process.env['REBOND_MATRIX'] === 'write');
