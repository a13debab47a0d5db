export function TaskPage({ taskId }: { readonly taskId: string }) {
  return <h1>{taskId}</h1>;
}
