// A program: refreshes one login, and is not to be stopped meanwhile. Whoever started it may die: the answer waits on the disk.
import { text } from 'node:stream/consumers';
import { openEgress } from './egress.ts';
import { carryOut, type RefreshOrder } from './refresh-order.ts';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE', 'SIGQUIT'] as const) process.on(signal, () => {});

// What comes only in part is no order: whoever gave it died before anything could be sent.
const order = JSON.parse(await text(process.stdin)) as RefreshOrder;
const egress = openEgress(process.env);
await carryOut(order, egress.fetch);
await egress.close();
