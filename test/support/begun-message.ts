import { event, type Step } from '../../src/testing/index.ts';

/** A message that the model begins and does not finish; what comes next decides what becomes of it. */
export function begunMessage(text = 'half of', id = 'msg_half'): readonly Step[] {
  return [
    event('response.output_item.added', {
      output_index: 0,
      item: { type: 'message', role: 'assistant', id, content: [] },
    }),
    event('response.output_text.delta', { item_id: id, output_index: 0, content_index: 0, delta: text }),
  ];
}
