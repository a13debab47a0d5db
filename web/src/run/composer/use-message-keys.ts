import { useShortcuts } from '../../frame/shortcuts.ts';

/** Tells the keys of the message in the map of the keyboard; what they do is seen to where one types. */
export function useMessageKeys(isRunning: boolean): void {
  useShortcuts('Message to the agent', [
    { keys: 'Enter', label: isRunning ? 'Send it when the turn has ended' : 'Send it' },
    { keys: 'Mod+Enter', label: isRunning ? 'Put it into the running turn' : 'Send it' },
    { keys: 'Shift+Enter', label: 'Begin a new line' },
    { keys: '@', label: 'Name a file of the workspace' },
    { keys: 'ArrowUp', label: 'Earlier messages, in an empty field' },
    { keys: 'ArrowDown', label: 'Later messages, after an earlier one' },
    ...(isRunning ? [{ keys: 'Escape Escape', label: 'Interrupt the turn' }] : []),
  ]);
}
