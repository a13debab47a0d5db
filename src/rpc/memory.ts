import { OptioError } from '../errors.ts';
import type { Transport, TransportReceiver } from './transport.ts';

/** Two transports that talk to each other in this process. What is sent before `start` is kept. */
export function createTransportPair(): [Transport, Transport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

type Delivery = (receiver: TransportReceiver) => void;

class MemoryTransport implements Transport {
  peer: MemoryTransport | undefined;
  #receiver: TransportReceiver | undefined;
  #early: Delivery[] = [];
  #isClosed = false;

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    for (const delivery of this.#early.splice(0)) this.deliver(delivery);
  }

  async send(text: string): Promise<void> {
    if (this.#isClosed) throw new OptioError('connection-closed', 'the connection in memory is closed');
    this.peer?.deliver((receiver) => receiver.onMessage(text, Buffer.byteLength(text)));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.deliver((receiver) => receiver.onClose(undefined));
    this.peer?.close();
  }

  /** Never in the caller's own stack, and so always in order. */
  deliver(delivery: Delivery): void {
    const receiver = this.#receiver;
    if (receiver) queueMicrotask(() => delivery(receiver));
    else this.#early.push(delivery);
  }
}
