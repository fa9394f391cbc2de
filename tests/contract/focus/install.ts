/** `node tests/contract/focus/install.ts` installs the FOCUS validator in an environment of its own, for validator.test.ts. */
import { pythonEnvironment } from '../../checks/python.ts';

console.log(await pythonEnvironment('focus-validator', 'tests/contract/focus/requirements.txt'));
