import { testMatrix } from './tests.ts';

testMatrix('ata');
