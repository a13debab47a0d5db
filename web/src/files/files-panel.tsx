/** The files of a run's workspace. */
export function FilesPanel(_: { readonly runId: string }) {
  return null;
}
