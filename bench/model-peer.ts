// The scripted model in a process of its own, so that what it costs falls on nobody who is measured. It ends with its input.
import { ScriptedModel } from '../src/testing/model.ts';

const model = await ScriptedModel.start({ keepRequests: 0 });
process.stdout.write(`${model.url}\n`);
process.stdin.on('end', () => void model.close()).resume();
