import { testMatrix } from './tests.ts';

testMatrix('scsi');
